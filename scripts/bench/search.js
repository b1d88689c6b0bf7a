// First queries in a slow phone: ours and Pagefind on the same site. Prints JSON.
//
//   node scripts/bench/search.js SITE PAGEFIND
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const { played } = require("../audit/phone.js");
const { serve } = require("../audit/server.js");
const { Browser, pause } = require("./unwatched.js");

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

// Runs in our page: from Enter until the first answer stands in the list, and until three do, as many
// as a phone shows.
const listen = () => {
  const page = document.querySelector(".search");
  const list = page.querySelector(".results");
  const form = page.querySelector("form");
  list.replaceChildren();
  window.answered = new Promise((done) => {
    let began;
    let ms;
    form.addEventListener("submit", () => (began = performance.now()), { capture: true, once: true });
    const watch = new MutationObserver(() => {
      if (!list.children.length) return;
      // Rows that stand there before Enter are an answer in no time.
      const now = began ? performance.now() - began : 0;
      ms ??= now;
      const hits = Number((page.querySelector(".found").textContent.match(/[\d.]+(?= bài)/) || ["0"])[0].replace(/\./g, ""));
      if (list.children.length < Math.min(hits, 3)) return;
      watch.disconnect();
      done({ ms, three: now, hits });
    });
    watch.observe(list, { childList: true });
  });
};
// The whole query at once, as from the clipboard.
const ask = async (page, query) => {
  await page.run(listen);
  return page.run((query) => {
    document.querySelector(".search input").value = query;
    document.querySelector(".search form").requestSubmit();
    return window.answered;
  }, query);
};
// Key by key, as quick thumbs do it; Enter is a key too.
const KEY = 200;
const type = async (page, query) => {
  await page.run(listen);
  await page.run(() => document.querySelector(".search input").focus());
  for (const sign of query) {
    await page.type(sign);
    await pause(KEY);
  }
  await page.enter();
  return page.run(() => window.answered);
};

const listed = () => [...document.querySelectorAll(".results a")].map((a) => a.href);

// Until the host has sent nothing for a while.
async function quiet(host, ms) {
  for (let before = -1; before !== host.sent.length; await pause(ms)) before = host.sent.length;
}

// At rest, as a reader has it: drawn, and everything that loading the page started is done.
async function open(browser, host, { start, wait, slower }) {
  const page = await browser.open(host.url + start, 390, 800);
  if (wait) await page.until(wait);
  await quiet(host, 500);
  await page.send("Emulation.setCPUThrottlingRate", { rate: slower });
  return page;
}

// Counted by the host, because a browser does not tell what its workers load; only what searching
// needs, from the script on, not the page around it.
const around = (path) => /^\/(tim-kiem\/)?$|^\/index\.html|^\/(hinh|favicon|sw\.js|ngoai-tuyen)|\/assets\/(?!tim\/|search-)/.test(path);
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

async function one(browser, host, mode, [typed, meant]) {
  const { run, again = run, listed, site } = mode;
  host.sent.length = 0;
  const page = await open(browser, host, mode);
  const first = await run(page, typed);
  const answer = total(host);
  await quiet(host, 700);
  const { bytes } = total(host);
  const urls = first.urls || (await page.run(listed)); // our rows come in two lots
  const times = [];
  for (let n = 0; n < 3; n++) times.push((await again(page, typed)).ms);
  await page.close();
  const good = urls.filter((found) => holds(site, found, meant)).length;
  return { answer: answer.bytes, requests: answer.requests, bytes, first: first.ms, three: first.three ?? first.ms, again: times.sort((a, b) => a - b)[1], hits: first.hits, precision: good / Math.max(1, Math.min(10, urls.length)) };
}

// Three readers ask the same; the one in the middle counts.
const READERS = 3;
async function middle(...given) {
  const all = [];
  for (let n = 0; n < READERS; n++) all.push(await one(...given));
  return all.sort((a, b) => a.first - b.first)[Math.floor(READERS / 2)];
}

(async () => {
  const [site, peer] = process.argv.slice(2).map((folder) => path.resolve(folder));
  fs.writeFileSync(path.join(peer, "index.html"), PEER);
  const watched = await chromium.launch(OPTIONS);
  const slower = await played(watched);
  await watched.close();
  const browser = new Browser(OPTIONS.executablePath);
  const ours = await serve(site);
  const theirs = await serve(peer);
  const mine = { start: "tim-kiem/", run: ask, listed, site, slower };
  const keys = { ...mine, run: type, again: ask };
  const other = { start: "", wait: () => window.ready, run: (page, text) => page.run((text) => window.ask(text), text), site, slower };
  // What a browser does once in its life is no part of a query.
  await (await open(browser, ours, mine)).close();
  await (await open(browser, theirs, other)).close();
  const rows = [];
  for (const query of QUERIES) {
    rows.push({
      typed: query[0],
      meant: query[1],
      ours: await middle(browser, ours, mine, query),
      keys: await middle(browser, ours, keys, query),
      pagefind: await middle(browser, theirs, other, query),
    });
    console.error(JSON.stringify(rows.at(-1)));
  }
  await browser.close();
  ours.close();
  theirs.close();
  console.log(JSON.stringify({ slower, rows }));
})();
