// One page of every kind in Chromium: axe, policy, other hosts, cookies, jumps, narrow and enlarged
// screens, without JavaScript, below a sub-path, from a file. Takes the pictures on the way.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [360, 768, 1440];
const SHIFT = 0.01; // a line that wraps otherwise when a font comes late; 0.1 is called good
// A quick run on a busy machine gets its fonts at other times: the shift is then not judged.
const SCHEMES = ["light", "dark"];

const watchShift = () => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
};
const sideways = () => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return "";
  const wide = [...document.body.querySelectorAll("*")].find((one) => one.getBoundingClientRect().right > most + 1);
  return `${document.documentElement.scrollWidth} > ${most} px: ${wide ? `${wide.tagName.toLowerCase()}.${wide.className}` : "?"}`;
};

async function visit(browser, hostOf, one, options, work) {
  const host = hostOf(one);
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:", "file:"].includes(url.protocol) && url.origin !== new URL(host).origin) trouble.push(`yêu cầu ra ngoài: ${request.url()}`);
  });
  await page.addInitScript(watchShift);
  await page.goto(host + one.url, { waitUntil: "networkidle" });
  const result = await work(page, context, trouble);
  await context.close();
  return result;
}

// The policy of the site forbids scripts from elsewhere, also ours; so axe comes by the debugger.
async function axe(page) {
  await page.evaluate(`(() => { ${AXE}\nwindow.axe = window.axe || axe; })()`);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations", "incomplete"] }));
  return found.violations.map((one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" · ")}`);
}

// Pictures far down load when somebody gets there, so the camera goes there first.
async function picture(page, file) {
  await page.evaluate(async () => {
    for (const one of document.querySelectorAll("img[loading=lazy]")) one.loading = "eager";
    await Promise.all([...document.images].map((one) => one.decode().catch(() => {})));
  });
  await page.screenshot({ path: file, fullPage: true });
}

module.exports = async ({ browser, folder, hostOf, site, out, quick }) => {
  const wrong = { axe: [], trouble: [], cookie: [], shift: [], narrow: [], zoom: [], plain: [], file: [] };
  const pictures = path.join(out, "pages");
  fs.mkdirSync(pictures, { recursive: true });
  let runs = 0;
  for (const one of site.kinds) {
    const name = `/${one.url}`;
    for (const width of quick ? [360] : WIDTHS) {
      for (const colorScheme of SCHEMES) {
        await visit(browser, hostOf, one, { viewport: { width, height: 900 }, colorScheme }, async (page, context, trouble) => {
          const where = `${name} ${width} ${colorScheme}`;
          const missing = one.name === "404" ? / 404 / : /^$/;
          wrong.trouble.push(...trouble.filter((text) => !missing.test(text)).map((text) => `${where}: ${text}`));
          wrong.cookie.push(...(await context.cookies()).map((cookie) => `${where}: ${cookie.name}`));
          const shift = await page.evaluate(() => window.shift);
          if (shift >= SHIFT && !quick) wrong.shift.push(`${where}: ${shift.toFixed(4)}`);
          if (width !== 768) {
            runs++;
            wrong.axe.push(...(await axe(page)).map((text) => `${where}: ${text}`));
          }
          if (!quick) await picture(page, path.join(pictures, `${one.name}-${width}-${colorScheme}.png`));
        });
      }
    }
    // Enlarged to 200 %, a screen of 1,280 shows what one of 640 shows.
    for (const [width, list] of [[320, wrong.narrow], [640, wrong.zoom]]) {
      await visit(browser, hostOf, one, { viewport: { width, height: 700 } }, async (page) => {
        const text = await page.evaluate(sideways);
        if (text) list.push(`${name}: ${text}`);
      });
    }
    await visit(browser, hostOf, one, { viewport: { width: 390, height: 800 }, javaScriptEnabled: false }, async (page) => {
      const words = (await page.locator("main").innerText()).trim();
      if (words.length < 15) wrong.plain.push(`${name}: trang trống khi không có JavaScript`);
    });
    if (one.name !== "404" && !one.url.includes("?")) {
      const page = await browser.newPage();
      const bad = [];
      page.on("requestfailed", (request) => bad.push(request.url()));
      await page.goto(pathToFileURL(path.join(folder, one.url, one.url.endsWith(".html") ? "" : "index.html")).href);
      const styled = await page.evaluate(() => document.styleSheets.length > 0);
      // Fonts from files are another origin for a browser; the stand-ins of the stylesheet serve.
      const lost = bad.filter((url) => !/\.woff2$/.test(url));
      if (!styled || lost.length) wrong.file.push(`${name}: ${lost.join(" ") || "không có kiểu dáng"}`);
      await page.close();
    }
  }
  const row = (what, list, value = String(list.length)) => ({ what, value, wrong: list });
  return [
    row(`axe ${runs} lượt, ${site.kinds.length} loại trang, sáng và tối`, wrong.axe, `${wrong.axe.length} lỗi`),
    row("lỗi trong trình duyệt, chính sách nội dung, yêu cầu ra ngoài", wrong.trouble),
    row("cookie", wrong.cookie),
    row("trang xô lệch khi tải (CLS)", wrong.shift),
    row("cuộn ngang ở 320 px", wrong.narrow),
    row("cuộn ngang khi phóng 200 %", wrong.zoom),
    row("không JavaScript mà trống", wrong.plain),
    row("mở từ tệp mà hỏng", wrong.file),
  ];
};
