// Every internal link and fragment resolves, and every page can be reached from the first one.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { address } = require("./pages.js");

const unescape = (text) => text.replace(/&amp;/g, "&").replace(/&#39;/g, "'").replace(/&quot;/g, '"');

module.exports = async ({ folder, site }) => {
  const files = new Set(site.files);
  const texts = new Map(site.pages.map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")]));
  const ids = new Map([...texts].map(([file, text]) => [file, new Set([...text.matchAll(/\sid="?([^"\s>]+)/g)].map((hit) => unescape(hit[1])))]));
  const wrong = [];
  const reached = new Map(site.pages.map((file) => [file, new Set()]));
  let count = 0;
  for (const [file, text] of texts) {
    const refs = [...text.matchAll(/\s(?:href|src|action|poster|data-(?:index|src|file))="([^"]*)"/g)].map((hit) => hit[1]);
    for (const hit of text.matchAll(/\ssrcset="([^"]*)"/g)) refs.push(...hit[1].split(",").map((part) => part.trim().split(" ")[0]));
    for (const ref of refs) {
      // 404.html is shown at any depth, so its addresses start at the root of the host.
      if (/^[a-z][a-z+.-]*:/i.test(ref) || file === "404.html") continue;
      count++;
      const target = new URL(unescape(ref), `http://x/${address(file)}`);
      let wanted = decodeURIComponent(target.pathname.slice(1));
      if (wanted === "" || wanted.endsWith("/")) wanted += "index.html";
      if (!files.has(wanted)) wrong.push(`${file}: không có ${ref}`);
      else if (target.hash.length > 1 && ids.has(wanted) && !ids.get(wanted).has(decodeURIComponent(target.hash.slice(1)))) wrong.push(`${file}: không có chỗ ${ref}`);
      else if (reached.has(wanted) && wanted !== file) reached.get(file).add(wanted);
    }
  }
  const seen = new Set(["index.html"]);
  for (const file of seen) for (const next of reached.get(file) || []) seen.add(next);
  // Hosts show 404.html themselves; old addresses of moved pieces are known from elsewhere.
  const lost = site.pages.filter((file) => !seen.has(file) && file !== "404.html" && !/http-equiv="?refresh/i.test(texts.get(file)) && !/name="?robots"? content="?noindex/.test(texts.get(file)));
  return [
    { what: "liên kết trong trang và chỗ nhảy tới", value: `${count} liên kết, ${wrong.length} hỏng`, wrong },
    { what: "trang không có đường tới", value: String(lost.length), wrong: lost },
  ];
};
