// How heavy the first visit to a page is, and whether anything jumps while it loads.
//
//   node scripts/audit/weight.js BASEURL [PATH…]
//
// Counts all that Chromium loads from an empty cache; text as a host would send it (gzip -9). A slow
// phone is simulated, so that fonts arrive after the first painting. Exit code 1: over the limits.
"use strict";
const zlib = require("node:zlib");
const { chromium } = require("playwright-core");

// A quick run on a busy machine gets its fonts at other times: the shift is shown and not judged.
const LIMITS = { page: 100_000, css: 12_000, js: 6_000, shift: process.env.QUICK ? Infinity : 0.01 };
const SEARCHES = /tim-kiem/; // the search has a script of its own, outside the limit
const [base, ...paths] = process.argv.slice(2);
const TEXT = /html|css|javascript|json|xml|svg|manifest/;

async function visit(browser, path) {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, serviceWorkers: "block" });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 });
  const loads = [];
  page.on("response", (response) => loads.push(response));
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(base + path, { waitUntil: "networkidle" });
  await page.evaluate(() => document.fonts.ready);
  const rows = [];
  for (const response of loads) {
    const body = await response.body().catch(() => Buffer.alloc(0));
    const type = response.headers()["content-type"] || "";
    const size = TEXT.test(type) ? zlib.gzipSync(body, { level: 9 }).length : body.length;
    rows.push([new URL(response.url()).pathname, type, size]);
  }
  const shift = await page.evaluate(() => window.shift);
  await context.close();
  return { rows, shift };
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  let failed = false;
  for (const path of paths.length ? paths : [""]) {
    const { rows, shift } = await visit(browser, path);
    const sum = (pattern) => rows.filter(([, type]) => pattern.test(type)).reduce((all, row) => all + row[2], 0);
    const found = { page: sum(/./), css: sum(/css/), js: sum(/javascript/), shift };
    const wrong = Object.keys(LIMITS).filter((name) => found[name] > LIMITS[name] && !(name === "js" && SEARCHES.test(path)));
    failed ||= wrong.length > 0;
    console.log(`${path || "/"}: ${found.page} B (html ${sum(/html/)}, css ${found.css}, js ${found.js}, font ${sum(/font/)}, hình ${sum(/image/)}), CLS ${shift.toFixed(4)}${wrong.length ? "  QUÁ: " + wrong.join(", ") : ""}`);
    if (process.env.VERBOSE) for (const [name, type, size] of rows) console.log(`  ${String(size).padStart(7)}  ${name}  ${type}`);
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
})();
