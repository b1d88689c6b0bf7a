// Eleventy's settings for the benchmark: articles, lists, a feed, a search index, no extras.
const grouped = (key) => (api) => {
  const groups = new Map();
  for (const page of api.getFilteredByTag("article"))
    for (const name of [page.data[key]].flat()) {
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(page);
    }
  return [...groups].map(([name, pages]) => ({ name, pages }));
};

export default function (config) {
  for (const key of ["section", "keywords", "issue", "authors"])
    config.addCollection(`by_${key}`, grouped(key));
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addFilter("json", (value) => JSON.stringify(value));
  config.addFilter("plain", (html) => html.replace(/<[^>]*>/g, ""));
  config.addFilter("newest", (pages, count) => pages.slice(-count).reverse());
  return { dir: { input: "content", includes: "../_includes", output: "_site" } };
}
