// Lighthouse with its own settings for a phone: four times 100, the middle of three runs. In a quick
// run there is only one, which a busy machine spoils: speed is then shown and not judged.
"use strict";

const PAGES = ["trang-nhat", "so", "bai", "tim-kiem"];
const RUNS = 3;

module.exports = async ({ hostOf, site, port, quick }) => {
  const { default: lighthouse } = await import(require.resolve("lighthouse"));
  const rows = [];
  for (const name of PAGES) {
    const one = site.kinds.find((kind) => kind.name === name);
    if (!one) continue;
    const marks = {};
    const reasons = new Map();
    for (let run = 0; run < (quick ? 1 : RUNS); run++) {
      const { lhr } = await lighthouse(hostOf(one) + one.url, { port, output: "json", logLevel: "silent" });
      for (const [key, category] of Object.entries(lhr.categories)) {
        (marks[key] ??= []).push(Math.round(category.score * 100));
        for (const ref of category.auditRefs) {
          const audit = lhr.audits[ref.id];
          if (ref.weight && audit.score !== null && audit.score < 0.9) reasons.set(ref.id, `${ref.id}: ${audit.displayValue || audit.title}`);
        }
      }
    }
    const middle = Object.entries(marks).map(([key, all]) => [key, all.sort((a, b) => a - b)[Math.floor(all.length / 2)]]);
    const low = middle.filter(([key, mark]) => mark < 100 && !(quick && key === "performance")).map(([key, mark]) => `${key} ${mark}`);
    rows.push({ what: `Lighthouse /${one.url}`, value: middle.map(([, mark]) => mark).join(" / "), wrong: low.length ? [...low, ...reasons.values()] : [] });
  }
  return rows;
};
