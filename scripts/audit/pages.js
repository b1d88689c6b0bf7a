// Which pages a built site has, and one page of each kind, the one with most in it.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

function walk(folder, base = "") {
  return fs.readdirSync(path.join(folder, base), { withFileTypes: true }).flatMap((entry) => {
    const name = base + entry.name;
    return entry.isDirectory() ? walk(folder, `${name}/`) : [name];
  });
}

// "2026/so-1/bai/index.html" → "2026/so-1/bai/"
const address = (file) => file.replace(/(^|\/)index\.html$/, "$1");

// Pages of one kind have addresses of one form: article = year/issue/name, author = tac-gia/name.
const kind = (url) => {
  if (url === "") return "trang-nhat";
  const parts = url.split("/").filter(Boolean);
  const first = /^\d{4}$/.test(parts[0]) ? ["nam", "so", "bai", "ban-doc"][parts.length - 1] : parts[0].replace(/\.html$/, "");
  return /^\d{4}$/.test(parts[0]) || parts.length === 1 ? first : `${first}-${parts.length}`;
};

// A page that only sends readers on has nothing to look at.
const moved = (text) => /http-equiv="?refresh/i.test(text);

function survey(folder) {
  const files = walk(folder);
  const pages = files.filter((file) => file.endsWith(".html")).sort();
  const kinds = new Map();
  for (const file of pages) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    if (moved(text)) continue;
    const name = kind(address(file));
    const best = kinds.get(name);
    if (!best || text.length > best.size) kinds.set(name, { name, url: address(file), size: text.length });
  }
  // Answers are a page of their own to look at.
  if (kinds.has("tim-kiem")) kinds.set("tim-kiem-hoi", { name: "tim-kiem-hoi", url: "tim-kiem/?q=khoa%20hoc" });
  return { files, pages, kinds: [...kinds.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

module.exports = { survey, address };
