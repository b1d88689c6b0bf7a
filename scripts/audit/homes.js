// The same project as it is built for a host of its own and for a folder of another host: with an
// address, feeds, site map, cards, books and codes are absolute. Both copies are judged as a whole.
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { serve } = require("./server.js");
const { survey } = require("./pages.js");

const ROOT = path.resolve(__dirname, "../..");
const PYTHON = path.join(ROOT, ".venv/bin/python");
const HOMES = ["https://ban-tin.example/", "https://tinh.example/lhh/ban-tin/"];
const CHECKS = ["markup", "links", "feeds", "books", "diaries"];

// Printed issues are made too: books, whole-issue feeds and page-through readers need them.
function built(folder, address) {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ["content", "issues", "themes"]) {
    fs.rmSync(path.join(folder, name), { recursive: true, force: true });
    fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  const settings = fs.readFileSync(path.join(ROOT, "bulletin.yaml"), "utf8");
  fs.writeFileSync(path.join(folder, "bulletin.yaml"), settings.replace(/^( +base_url:).*$/m, `$1 ${address}`));
  const done = spawnSync(PYTHON, ["-m", "bulletin", "build"], { cwd: folder, encoding: "utf8", env: { ...process.env, PYTHONPATH: ROOT }, maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`không dựng được cho ${address}:\n${done.stdout}${done.stderr}`);
  return path.join(folder, "output/site");
}

// What a browser would ask another host for, and what would lead a reader away from this home.
function strange(folder, site, address) {
  const wrong = [];
  for (const file of site.pages) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    const own = text.match(/<link[^>]*rel="?canonical"?[^>]*href="([^"]*)"/)?.[1];
    if (own && !own.startsWith(address)) wrong.push(`${file}: canonical ${own}`);
    for (const [, ref] of text.matchAll(/<(?:img|script|source|iframe|audio|video)\b[^>]*\ssrc="(https?:[^"]*)"/g)) {
      if (!ref.startsWith(address)) wrong.push(`${file}: ${ref}`);
    }
  }
  return [{ what: "địa chỉ riêng của từng trang, không gọi máy chủ khác", value: `${wrong.length} lỗi`, wrong }];
}

module.exports = async (given) => {
  const rows = [];
  for (const [number, address] of HOMES.entries()) {
    const folder = built(path.join(given.out, `home-${number}`), address);
    const site = survey(folder);
    const host = await serve(folder, new URL(address).pathname);
    try {
      const here = { ...given, folder, site, hostOf: () => host.url, out: path.join(given.out, `home-${number}`) };
      const found = strange(folder, site, address);
      for (const name of CHECKS) found.push(...(await require(`./${name}.js`)(here)));
      rows.push(...found.map((row) => ({ ...row, what: `${address} ${row.what}` })));
    } finally {
      host.close();
    }
  }
  return rows;
};
