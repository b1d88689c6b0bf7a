// Feeds and the site map are well formed and lead to pages that exist; grammars, schemas and a reader
// program that others wrote (feeds.py) find nothing wrong.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { spawnSync } = require("node:child_process");

const PYTHON = path.resolve(__dirname, "../../.venv/bin/python");

function byOthers(folder) {
  const done = spawnSync(PYTHON, [path.join(__dirname, "feeds.py"), folder], { encoding: "utf8", maxBuffer: 1 << 26 });
  const said = done.status === 0 ? JSON.parse(done.stdout) : { files: 0, wrong: [done.stderr.trim()] };
  return { what: `nguồn tin, OPML, dữ liệu JSON theo văn phạm và lược đồ (${said.files} tệp)`, value: `${said.wrong.length} lỗi`, wrong: said.wrong };
}

module.exports = async ({ browser, folder, site }) => {
  const page = await browser.newPage();
  const wrong = [];
  const feeds = site.files.filter((file) => file.endsWith(".xml") && !file.endsWith("oembed.xml"));
  const files = new Set(site.files);
  for (const file of feeds) {
    const read = await page.evaluate((text) => {
      const tree = new DOMParser().parseFromString(text, "application/xml");
      if (tree.querySelector("parsererror")) return { error: tree.querySelector("parsererror").textContent };
      const items = [...tree.querySelectorAll("item")];
      const lacking = items.filter((item) => ["title", "link", "guid", "pubDate", "description"].some((name) => !item.querySelector(name)?.textContent.trim()));
      return {
        lacking: lacking.map((item) => item.querySelector("title")?.textContent),
        twice: items.length - new Set(items.map((item) => item.querySelector("guid")?.textContent)).size,
        home: tree.querySelector("urlset > url > loc, channel > link")?.textContent,
        links: [...tree.querySelectorAll("item > link, url > loc")].map((one) => one.textContent),
      };
    }, fs.readFileSync(path.join(folder, file), "utf8"));
    if (read.error) wrong.push(`${file}: ${read.error.slice(0, 200)}`);
    else {
      wrong.push(...read.lacking.map((title) => `${file}: thiếu phần trong “${title}”`));
      if (read.twice) wrong.push(`${file}: ${read.twice} bài trùng mã`);
      for (const link of read.links) {
        const relative = decodeURIComponent(new URL(link).pathname).replace(/^\//, "");
        const known = [...Array(relative.split("/").length).keys()].some((depth) => files.has(`${relative.split("/").slice(depth).join("/")}index.html`) || files.has(relative.split("/").slice(depth).join("/")));
        if (!known) wrong.push(`${file}: không có trang ${link}`);
      }
    }
  }
  await page.close();
  return [{ what: `RSS và sơ đồ trang (${feeds.length} tệp)`, value: `${wrong.length} lỗi`, wrong }, byOthers(folder)];
};
