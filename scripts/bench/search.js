// First queries in a slow phone: ours and Pagefind on the same site. Prints JSON.
//
//   node scripts/bench/search.js SITE PAGEFIND
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const { measured } = require("../audit/phone.js");
const { serve } = require("../audit/server.js");

// Typed → the phrase that was meant.
const QUERIES = [
  ["chan nuoi", "chăn nuôi"],
  ["an toan sinh hoc", "an toàn sinh học"],
  ["tri tue nhan tao", "trí tuệ nhân tạo"],
  ["dien thoai", "điện thoại"],
  ["dat chua", "đất chua"],
  ["hop tac xa", "hợp tác xã"],
  ["nghi quyet 57", "Nghị quyết 57"],
  ["dak pxi", "Đắk Pxi"],
  ["dien bien", "Điện Biên"],
  ["dong dang", "Đồng Đăng"],
  ["lung cu", "Lũng Cú"],
  ["khoa hoc cong nghe", "khoa học, công nghệ"],
  ["đất chua", "đất chua"],
  ["điện thoại", "điện thoại"],
];
const OPTIONS = { executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] };

// The peer's own page: its library, and ten answers with their excerpts as its own interface shows.
const PEER = `<!doctype html><meta charset="utf-8"><title>x</title><ol class="results"></ol><script type="module">
const engine = await import("/pagefind.js");
await engine.init();
window.ask = async (query) => {
  const began = performance.now();
  const answer = await engine.search(query);
  const found = performance.now();
  const rows = await Promise.all(answer.results.slice(0, 10).map((one) => one.data()));
  return { ms: performance.now() - began, search: found - began, hits: answer.results.length, urls: rows.map((row) => row.url) };
};
window.ready = true;
</script>`;

// Runs in our page: from Enter until the first answers stand in the list.
const listen = () => {
  const page = document.querySelector(".search");
  const list = page.querySelector(".results");
  const form = page.querySelector("form");
  list.replaceChildren();
  window.answered = new Promise((done) => {
    let began;
    form.addEventListener("submit", () => (began = performance.now()), { capture: true, once: true });
    const watch = new MutationObserver(() => {
      if (!list.children.length) return;
      watch.disconnect();
      const hits = Number((page.querySelector(".found").textContent.match(/[\d.]+(?= bài)/) || ["0"])[0].replace(/\./g, ""));
      // Rows that stand there before Enter are an answer in no time.
      done({ ms: began ? performance.now() - began : 0, hits });
    });
    watch.observe(list, { childList: true });
  });
};
// The whole query at once, as from the clipboard.
const ask = async (page, query) => {
  await page.evaluate(listen);
  return page.evaluate((query) => {
    document.querySelector(".search input").value = query;
    document.querySelector(".search form").requestSubmit();
    return window.answered;
  }, query);
};
// Key by key, as quick thumbs do it, and Enter.
const KEY = 200;
const type = async (page, query) => {
  await page.evaluate(listen);
  await page.focus(".search input");
  for (const [at, sign] of [...query].entries()) {
    if (at) await page.waitForTimeout(KEY);
    await page.keyboard.type(sign);
  }
  await page.keyboard.press("Enter");
  return page.evaluate(() => window.answered);
};

const listed = () => [...document.querySelectorAll(".results a")].map((a) => a.href);

async function open(browser, url, wait, slower) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await page.goto(url, { waitUntil: "networkidle" });
  if (wait) await page.waitForFunction(wait);
  // At rest, as a reader has it: drawn, and everything that loading the page started is done.
  await page.evaluate(() => new Promise((rest) => requestAnimationFrame(() => setTimeout(rest, 400))));
  await client.send("Emulation.setCPUThrottlingRate", { rate: slower });
  return { context, page };
}

// Counted by the host, because a browser does not tell what its workers load; only what searching
// needs, from the script on, not the page around it.
const around = (path) => /^\/(tim-kiem\/)?$|^\/index\.html|^\/(hinh|favicon)|\/assets\/(?!tim\/|search-)/.test(path);
const total = (host) => {
  const own = host.sent.filter(({ path }) => !around(path));
  return { bytes: own.reduce((sum, { bytes }) => sum + bytes, 0), requests: own.length };
};

const texts = new Map();
function holds(site, url, meant) {
  const file = path.join(site, new URL(url, "http://x").pathname, "index.html");
  if (!texts.has(file)) texts.set(file, fs.readFileSync(file, "utf8").replace(/^[^]*<main/, "").replace(/<\/main>[^]*$/, "").replace(/<[^>]+>/g, "").replace(/[\s\u00a0]+/g, " ").toLowerCase());
  return texts.get(file).includes(meant.toLowerCase());
}

async function one(browser, host, { start, wait, run, again = run, listed, site, slower }, [typed, meant]) {
  host.sent.length = 0;
  const { context, page } = await open(browser, host.url + start, wait, slower);
  const first = await run(page, typed);
  const answer = total(host);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(700);
  const { bytes } = total(host);
  const urls = first.urls || (await page.evaluate(listed)); // our rows come in two lots
  const times = [];
  for (let n = 0; n < 3; n++) times.push((await again(page, typed)).ms);
  await context.close();
  const good = urls.filter((found) => holds(site, found, meant)).length;
  return { answer: answer.bytes, requests: answer.requests, bytes, first: first.ms, again: times.sort((a, b) => a - b)[1], hits: first.hits, precision: good / Math.max(1, Math.min(10, urls.length)) };
}

(async () => {
  const [site, peer] = process.argv.slice(2).map((folder) => path.resolve(folder));
  fs.writeFileSync(path.join(peer, "index.html"), PEER);
  const browser = await chromium.launch(OPTIONS);
  const ours = await serve(site);
  const theirs = await serve(peer);
  const slower = await measured(browser);
  const mine = { start: "tim-kiem/", wait: "", run: ask, listed, site, slower };
  const keys = { ...mine, run: type, again: ask };
  const other = { start: "", wait: "window.ready", run: (page, text) => page.evaluate((text) => window.ask(text), text), site, slower };
  const rows = [];
  for (const query of QUERIES) {
    rows.push({
      typed: query[0],
      meant: query[1],
      ours: await one(browser, ours, mine, query),
      keys: await one(browser, ours, keys, query),
      pagefind: await one(browser, theirs, other, query),
    });
    console.error(JSON.stringify(rows.at(-1)));
  }
  await browser.close();
  ours.close();
  theirs.close();
  console.log(JSON.stringify({ slower, rows }));
})();
