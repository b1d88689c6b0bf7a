// Lighthouse with its own settings for a phone: four times 100, the middle of five runs. In a quick
// run there is only one, which a busy machine spoils: speed is then shown and not judged.
// The processor is slowed down as phone.js says, by its measure in the run before; the table says how much.
"use strict";
const { FACTOR, fitting, middle } = require("./phone.js");

const PAGES = ["trang-nhat", "so", "bai", "tim-kiem"];
const RUNS = 5;

module.exports = async ({ hostOf, site, port, quick }) => {
  const { default: lighthouse } = await import(require.resolve("lighthouse"));
  const { throttling } = await import(require.resolve("lighthouse/core/config/constants.js"));
  const look = async (url, factor) => {
    const settings = { throttling: { ...throttling.mobileSlow4G, cpuSlowdownMultiplier: factor } };
    return (await lighthouse(url, { port, output: "json", logLevel: "silent" }, { extends: "lighthouse:default", settings })).lhr;
  };
  const rows = [];
  for (const name of PAGES) {
    const one = site.kinds.find((kind) => kind.name === name);
    if (!one) continue;
    const url = hostOf(one) + one.url;
    const marks = {};
    const reasons = new Map();
    const factors = [];
    let factor = quick ? FACTOR : fitting((await look(url, FACTOR)).environment.benchmarkIndex);
    for (let run = 0; run < (quick ? 1 : RUNS); run++) {
      const lhr = await look(url, factor);
      factors.push(factor);
      if (!quick) factor = fitting(lhr.environment.benchmarkIndex);
      for (const [key, category] of Object.entries(lhr.categories)) {
        (marks[key] ??= []).push(Math.round(category.score * 100));
        for (const ref of category.auditRefs) {
          const audit = lhr.audits[ref.id];
          if (ref.weight && audit.score !== null && audit.score < 0.9) reasons.set(ref.id, `${ref.id}: ${audit.displayValue || audit.title}`);
        }
      }
    }
    const middles = Object.entries(marks).map(([key, all]) => [key, middle(all)]);
    const low = middles.filter(([key, mark]) => mark < 100 && !(quick && key === "performance")).map(([key, mark]) => `${key} ${mark}: ${marks[key].join(" ")}`);
    const value = `${middles.map(([, mark]) => mark).join(" / ")} (bộ xử lý chậm đi ${middle(factors)} lần)`;
    rows.push({ what: `Lighthouse /${one.url}`, value, wrong: low.length ? [...low, ...reasons.values()] : [] });
  }
  return rows;
};
