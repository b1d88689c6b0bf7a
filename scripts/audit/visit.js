// How much a first visit loads, as a host sends it: page with fonts, stylesheet, scripts.
"use strict";

const LIMITS = { bai: 100_000, css: 12_000, js: 6_000 };
const NAMES = { document: "trang", stylesheet: "css", script: "js", font: "chữ", image: "hình" };

module.exports = async ({ browser, hostOf, sent, site }) => {
  const host = hostOf();
  const rows = [];
  for (const one of site.kinds) {
    if (one.name === "404" || one.url.includes("?")) continue;
    sent.length = 0;
    const context = await browser.newContext({ viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, serviceWorkers: "block" });
    const page = await context.newPage();
    const kinds = new Map();
    page.on("request", (request) => kinds.set(new URL(request.url()).pathname, request.resourceType()));
    await page.goto(host + one.url, { waitUntil: "networkidle" });
    await page.evaluate(() => document.fonts.ready);
    await context.close();
    const sizes = {};
    for (const { path, bytes } of sent) {
      const kind = NAMES[kinds.get(new URL(host).pathname + path.slice(1))] || "khác";
      sizes[kind] = (sizes[kind] || 0) + bytes;
    }
    const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    const over = [];
    if (one.name === "bai" && all > LIMITS.bai) over.push(`cả trang ${all} > ${LIMITS.bai}`);
    if (sizes.css > LIMITS.css) over.push(`css ${sizes.css} > ${LIMITS.css}`);
    if (sizes.js > LIMITS.js && one.name !== "tim-kiem") over.push(`js ${sizes.js} > ${LIMITS.js}`);
    const parts = Object.entries(sizes).map(([name, size]) => `${name} ${(size / 1000).toFixed(1)}`);
    rows.push({ what: `nặng /${one.url}`, value: `${(all / 1000).toFixed(1)} kB (${parts.join(", ")})`, wrong: over });
  }
  return rows;
};
