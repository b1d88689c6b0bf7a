// EPUBs by EPUBCheck, the judge of the W3C's own test suite. Its jar comes with the development packages.
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const VENV = path.resolve(__dirname, "../../.venv/lib");

function jar() {
  const found = fs.readdirSync(VENV).map((name) => path.join(VENV, name, "site-packages/epubcheck/epubcheck.jar"));
  return found.find((file) => fs.existsSync(file));
}

module.exports = async ({ folder, site, out }) => {
  const books = site.files.filter((file) => file.endsWith(".epub"));
  const what = `EPUB theo EPUBCheck (${books.length} sách)`;
  const tool = jar();
  if (!tool) return [{ what, value: "chưa kiểm", wrong: ["thiếu EPUBCheck: chạy scripts/setup dev"] }];
  if (!books.length) return [{ what, value: "chưa kiểm", wrong: ["trang không có sách nào"] }];
  const wrong = [];
  for (const book of books) {
    const told = path.join(out, "epubcheck.json");
    fs.rmSync(told, { force: true });
    const done = spawnSync("java", ["-jar", tool, path.join(folder, book), "--json", told, "--usage"], { encoding: "utf8" });
    if (!fs.existsSync(told)) { wrong.push(`${book}: EPUBCheck không chạy được: ${done.stderr.slice(0, 200)}`); continue; }
    for (const item of JSON.parse(fs.readFileSync(told, "utf8")).messages) {
      if (item.severity === "USAGE" || item.severity === "INFO") continue;
      const at = item.locations[0] || {};
      wrong.push(`${book}: ${item.severity} ${item.ID} ${at.path || ""}:${at.line || 0} ${item.message}`);
    }
  }
  return [{ what, value: `${wrong.length} lỗi và cảnh báo`, wrong }];
};
