// Reads the bulletin without a network, in a real browser. Exit code 1: something was not there.
//
//   node scripts/audit/offline.js BASEURL
//
// The site is served once more below a sub-path by this script, which then stops serving.
"use strict";
const http = require("node:http");
const { check, walk } = require("./walk.js");

const base = process.argv[2];
const SUB = "/bantin/";
let online = true;

const proxy = http.createServer((request, response) => {
  if (!online) return request.socket.destroy();
  if (!request.url.startsWith(SUB)) return response.writeHead(404).end();
  const target = new URL(request.url.slice(SUB.length), base.endsWith("/") ? base : base + "/");
  http.get(target, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  }).on("error", () => request.socket.destroy());
  return undefined;
});

async function drive(browser, home) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => { if (message.type() === "error" && online) troubles.push(message.text()); });
  page.on("pageerror", (error) => troubles.push(String(error)));

  await page.goto(home);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  check("trang đầu cài service worker trong thư mục con", true);

  const issues = await page.$$eval("a[href]", (links) => [...new Set(links.map((a) => a.href))].filter((href) => /\/\d{4}\/so-\d+\/$/.test(href)));
  const [current, older] = issues;
  await page.goto(current);
  const inIssue = await page.$$eval("main a[href]", (links) => links.map((a) => a.href).filter((href) => /\/so-\d+\/[^/]+\/$/.test(href)));
  const article = inIssue[0];
  await page.goto(article);
  const title = await page.title();
  await page.waitForFunction(async () => (await caches.keys()).some((name) => name.startsWith("so|moi|")), null, { timeout: 60000 });
  await page.waitForTimeout(3000);

  await page.goto(older || current);
  await page.waitForSelector(".keep:not([hidden]) button");
  const list = new URL(await page.getAttribute(".keep", "data-list"), home).href;
  const wanted = (await page.evaluate(async (url) => (await fetch(url)).json(), list)).urls;
  await page.click(".keep button");
  await page.waitForFunction(() => document.querySelector(".keep [role=status]").textContent === document.querySelector(".keep").dataset.done, null, { timeout: 60000 });
  check(`nút lưu số báo: ${wanted.length} tệp`, true);

  await page.goto(`${home}tim-kiem/?q=lon`);
  await page.waitForSelector(".results li");
  const shelves = await page.evaluate(async () => {
    const keys = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return keys.flat().filter(({ url }) => url.includes("/assets/tim/")).length;
  });
  check("tìm kiếm không đẩy trang đã đọc ra khỏi bộ nhớ", shelves === 0);

  online = false;
  await page.goto(home);
  check("không mạng: trang đầu", (await page.locator("h1").count()) === 1 && !page.url().includes("ngoai-tuyen"));
  await page.goto(article);
  check("không mạng: bài đã đọc", (await page.title()) === title);
  const styled = await page.evaluate(() => getComputedStyle(document.body).fontFamily.includes("LHH"));
  check("không mạng: kiểu dáng", styled);
  await page.evaluate(() => document.fonts.ready);
  check("không mạng: phông chữ", await page.evaluate(() => document.fonts.check('16px "LHH Serif"', "ế")));
  for (const path of inIssue.slice(1, 3)) {
    await page.goto(path);
    check(`không mạng: bài của số mới chưa mở lần nào (${new URL(path).pathname})`, page.url() === path);
  }
  const missing = [];
  for (const path of wanted.filter((url) => url.endsWith("/"))) {
    await page.goto(new URL(path, home).href);
    if (page.url().includes("ngoai-tuyen")) missing.push(path);
  }
  check(`không mạng: mọi trang của số đã lưu ${missing}`, missing.length === 0);
  await page.goto(`${home}khong-co-trang-nay/`);
  check("không mạng: trang chưa lưu thì hiện trang ngoại tuyến", page.url().includes("ngoai-tuyen/"));
  await page.waitForSelector(".kept:not([hidden]) li");
  const shown = await page.locator(".kept li").count();
  check(`không mạng: danh sách đã lưu có ${shown} trang`, shown >= wanted.filter((url) => url.endsWith("/")).length);
  check("không mạng: đường trở lại trang đã hỏi", (await page.getAttribute(".again", "href")) === `${home}khong-co-trang-nay/`);
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true });

  online = true;
  await page.goto(home);
  await page.evaluate(async () => {
    const cache = await caches.open("vo|cu");
    await cache.put("x", new Response("x"));
    await (await navigator.serviceWorker.ready).unregister();
  });
  await page.goto(home);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => !(await caches.keys()).includes("vo|cu"), null, { timeout: 30000 });
  check("bản mới xóa bộ nhớ của bản cũ", true);
  check(`không có lỗi trong bảng điều khiển ${troubles.join(" | ")}`, troubles.length === 0);
  await context.close();
}

walk(async (browser) => {
  await new Promise((done) => proxy.listen(0, "127.0.0.1", done));
  await drive(browser, `http://localhost:${proxy.address().port}${SUB}`);
});
