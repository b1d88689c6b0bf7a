// A preview of a copy of this project, and a browser to look at it: for the audit and for pictures.
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "../..");
process.env.NODE_PATH ||= path.join(ROOT, ".cache/npm/node_modules");
require("node:module").Module._initPaths();
const { chromium } = require("playwright-core");
const PYTHON = path.join(ROOT, ".venv/bin/python");
const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

// A copy of the project in which issue 4 is short, so that it is laid out soon, and has a hole: an
// article that the contents name and nobody has written.
const KEPT = ["thu-ban-bien-tap-so-4", "nghi-quyet-57-ai-va-du-lieu", "hoi-dap-nhan-ai-va-ban-quyen"];
function project(folder) {
  for (const name of ["content", "issues", "themes", "bulletin.yaml", "van-phong.yaml"]) fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  const config = path.join(folder, "bulletin.yaml");
  fs.writeFileSync(config, fs.readFileSync(config, "utf8").replace(/time_limit: \d+/, "time_limit: 3000"));
  const articles = path.join(folder, "content/2026/so-4");
  for (const name of fs.readdirSync(articles).filter((one) => one.endsWith(".md"))) {
    const file = path.join(articles, name);
    if (KEPT.includes(name.slice(0, -3))) {
      const text = fs.readFileSync(file, "utf8").replace(/\[([^\]]+)\]\(([\w-]+)\.md\)/g, (link, words, target) => (KEPT.includes(target) ? link : words));
      fs.writeFileSync(file, text);
    } else fs.rmSync(file);
  }
  // Its self-test asks about articles that are not there now.
  const quizzes = path.join(folder, "content/tu-kiem-tra");
  for (const name of fs.readdirSync(quizzes).filter((one) => one.startsWith("so-4"))) fs.rmSync(path.join(quizzes, name));
  const issue = path.join(folder, "issues/2026/so-4.yaml");
  const text = fs.readFileSync(issue, "utf8").replace(/teasers:\n(?:\s+- .*\n)+/, "teasers: []\n");
  fs.writeFileSync(issue, `${text.slice(0, text.indexOf("\ncontents:"))}
contents:
  - {section: thu-ban-bien-tap, articles: [${KEPT[0]}]}
  - {section: nghi-quyet-57, articles: [${KEPT[1]}]}
  - {section: tri-tue-nhan-tao, articles: [bai-con-thieu]}
  - {section: hoi-dap, articles: [${KEPT[2]}]}
`);
}

// One command of the program; what it said.
function bulletin(words) {
  const done = spawnSync(PYTHON, ["-m", "bulletin", ...words], { cwd: ROOT, encoding: "utf8", env: { ...process.env, PYTHONPATH: ROOT } });
  if (done.status !== 0) throw new Error(`bulletin ${words.join(" ")}: ${done.stdout}${done.stderr}`);
  return done.stdout + done.stderr;
}

// A picture as it is dropped on a page; the browser gets it as a file of its own.
const dropped = (page, file) =>
  page.evaluateHandle(
    ({ data, name }) => {
      const given = new DataTransfer();
      given.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: "image/jpeg" }));
      return given;
    },
    { data: fs.readFileSync(file).toString("base64"), name: path.basename(file) },
  );

async function start(folder) {
  const port = await freePort();
  const child = spawn(PYTHON, ["-m", "bulletin", "serve", "-C", folder, "-p", String(port)], { cwd: ROOT, env: { ...process.env, PYTHONPATH: ROOT } });
  let said = "";
  const ready = new Promise((done, fail) => {
    child.stderr.on("data", (data) => {
      said += data;
      if (said.includes("Ctrl+C")) done();
    });
    child.on("close", () => fail(new Error(`serve dừng: ${said}`)));
  });
  await ready;
  return { url: `http://127.0.0.1:${port}`, child };
}

const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ARGS });
const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), "ban-bien-tap-"));

// Ends the preview and takes its folder away.
function end({ child }, folder) {
  child.removeAllListeners("close");
  child.kill("SIGINT");
  fs.rmSync(folder, { recursive: true, force: true });
}

module.exports = { ROOT, PYTHON, bulletin, project, start, launch, temporary, end, dropped };
