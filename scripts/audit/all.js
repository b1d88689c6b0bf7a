// make audit: builds the site, looks at it with validators and in a browser, prints a table.
//
//   node scripts/audit/all.js [--quick] [--site FOLDER]
//
// Writes output/audit/report.md, report.json, and a picture of every kind of page at three widths,
// light and dark, with contact sheets. Exit code 1: something is below the bar. --quick leaves out
// pictures, repeated runs, the builds for other addresses and the long walk through the desk, and judges
// no speed. Any other script in this folder that is named in MORE runs too: it gets
// the address of the site and the addresses of sample pages, and says by its exit code how it went.
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "../..");
const TOOLS = path.join(ROOT, ".cache/npm/node_modules");
process.env.NODE_PATH ||= TOOLS;
require("node:module").Module._initPaths();
const { chromium } = require("playwright-core");
const { serve } = require("./server.js");
const { survey } = require("./pages.js");

const CHECKS = ["markup", "links", "feeds", "books", "diaries", "visit", "browser", "lighthouse"];
const WHOLE = ["homes"]; // builds the project twice more: not in a quick run
const MORE = ["offline.js", "finding.js", "weight.js", "newcomer.js", "desk.js"].filter((name) => fs.existsSync(path.join(__dirname, name)));
const LONG = ["desk.js"]; // walks through the editors' desk with layouts in between
const SAMPLE = ["trang-nhat", "so", "bai", "tim-kiem"];
const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const PYTHON = path.join(ROOT, ".venv/bin/python");
const OUT = path.join(ROOT, "output/audit");
const MOST = 12; // lines of one finding on the screen; the report has all

// On a fresh clone output/ is made here; without its mark the next build would take it for somebody's.
function claim() {
  const words = "import sys; from pathlib import Path; from bulletin.files import Output; Output(Path(sys.argv[1]), Path(sys.argv[2])).claim()";
  const done = spawnSync(PYTHON, ["-c", words, path.dirname(OUT), ROOT], { cwd: ROOT, encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
}

function build() {
  const done = spawnSync(PYTHON, ["-m", "bulletin", "build", "--only", "site", "-o", path.join(OUT, "build")], { cwd: ROOT, encoding: "utf8", env: { ...process.env, PYTHONPATH: ROOT } });
  if (done.status !== 0) throw new Error(`không dựng được trang:\n${done.stdout}${done.stderr}`);
  return path.join(OUT, "build/site");
}

function sheets() {
  const done = spawnSync(PYTHON, [path.join(__dirname, "sheets.py"), path.join(OUT, "pages"), path.join(OUT, "sheets")], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
}

// Not spawnSync: the server that the script talks to is this process.
function outside(name, host, site, quick) {
  const paths = site.kinds.filter((kind) => SAMPLE.includes(kind.name)).map((kind) => kind.url);
  return new Promise((done, fail) => {
    const child = spawn("node", [path.join(__dirname, name), host, ...paths], { env: { ...process.env, QUICK: quick ? "1" : "" } });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { said += data; });
    child.on("error", fail);
    child.on("close", (code) => done([{ what: name.replace(".js", ""), value: code === 0 ? "đạt" : "không đạt", wrong: code === 0 ? [] : said.trim().split("\n") }]));
  });
}

function report(rows, seconds) {
  const table = rows.map((row) => `| ${row.wrong.length ? "✗" : "✓"} | ${row.what} | ${row.value} |`);
  const details = rows.filter((row) => row.wrong.length).map((row) => `\n## ${row.what}\n\n${row.wrong.map((line) => `- ${line}`).join("\n")}\n`);
  fs.writeFileSync(path.join(OUT, "report.json"), JSON.stringify({ seconds, rows }, null, 1));
  fs.writeFileSync(path.join(OUT, "report.md"), `# Kiểm tra trang web\n\n| | mục | kết quả |\n|---|---|---|\n${table.join("\n")}\n${details.join("")}`);
}

(async () => {
  const began = Date.now();
  const quick = process.argv.includes("--quick");
  const given = process.argv.indexOf("--site");
  const only = process.argv.indexOf("--only");
  claim();
  fs.mkdirSync(OUT, { recursive: true });
  const folder = given > 0 ? path.resolve(process.argv[given + 1]) : build();
  const site = survey(folder);
  // Below a sub-path, as many offices get one. 404.html is shown at any depth, so its addresses start
  // at the path of the site's own address.
  const server = await serve(folder, "/bantin/");
  const home = fs.readFileSync(path.join(folder, "index.html"), "utf8").match(/rel="?canonical"? href="([^"]*)"/);
  const own = await serve(folder, home ? new URL(home[1]).pathname : "/");
  const hostOf = (one) => (one?.name === "404" ? own.url : server.url);
  const port = 9333;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", `--remote-debugging-port=${port}`],
  });
  const rows = [];
  const add = (more) => {
    for (const row of more) {
      rows.push(row);
      console.log(`${row.wrong.length ? "✗" : "✓"} ${row.what}: ${row.value}`);
      for (const line of row.wrong.slice(0, MOST)) console.log(`    ${line}`);
      if (row.wrong.length > MOST) console.log(`    … và ${row.wrong.length - MOST} dòng nữa trong ${path.relative(ROOT, OUT)}/report.md`);
    }
  };
  try {
    const wanted = only > 0 ? process.argv[only + 1].split(",") : quick ? CHECKS : [...CHECKS, ...WHOLE];
    for (const name of wanted) {
      add(await require(`./${name}.js`)({ browser, folder, hostOf, sent: server.sent, site, out: OUT, port, quick }));
    }
    if (only < 0) {
      for (const name of MORE.filter((one) => !(quick && LONG.includes(one)))) add(await outside(name, server.url, site, quick));
      if (quick) console.log(`– không chạy trong lần kiểm nhanh: ${[...WHOLE, ...LONG].join(", ")}`);
    }
    if (!quick && wanted.includes("browser")) sheets();
  } finally {
    await browser.close();
    server.close();
    own.close();
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  report(rows, seconds);
  const failed = rows.filter((row) => row.wrong.length);
  console.log(`${rows.length} mục, ${failed.length} không đạt, ${seconds} giây. Báo cáo và ảnh chụp: ${path.relative(ROOT, OUT)}/`);
  process.exitCode = failed.length ? 1 : 0;
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 3;
});
