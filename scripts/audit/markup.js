// Nu HTML checker over every page and stylesheet: no error, no warning.
"use strict";
const { address } = require("./pages.js");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const JAR = path.join(process.env.NODE_PATH, "vnu-jar/build/dist/vnu.jar");

// The checker of stylesheets does not know container queries (CSS Containment 3) and their units.
function unknown(one, folder, host) {
  if (!/\.css$/.test(one.url || "")) return false;
  const line = fs.readFileSync(path.join(folder, one.url.replace(host, "")), "utf8").split("\n")[one.lastLine - 1];
  const from = Math.max(line.lastIndexOf(";", one.lastColumn - 2), line.lastIndexOf("{", one.lastColumn - 2)) + 1;
  const declaration = line.slice(from).match(/^[^;}]*/)[0];
  return /^container(-|:)|[\d.]cq(i|b|w|h|min|max)\b/.test(declaration);
}

// In the background, because our own host must answer it meanwhile.
function run(list) {
  return new Promise((done, failed) => {
    const child = spawn("java", ["-Xss2m", "-Xmx768m", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", JAR, "--stdout", "--exit-zero-always", "--format", "json", ...list]);
    let text = "";
    let trouble = "";
    child.stdout.on("data", (part) => (text += part));
    child.stderr.on("data", (part) => (trouble += part));
    child.on("error", failed);
    child.on("close", (code) => (code ? failed(new Error(`vnu.jar: ${trouble.slice(0, 400)}`)) : done(JSON.parse(text).messages)));
  });
}

module.exports = async ({ folder, hostOf, site }) => {
  const sheets = site.files.filter((file) => file.endsWith(".css"));
  // By their addresses: for files the checker does not know what 'self' in the policy means.
  const pages = site.pages.filter((file) => file !== "404.html").map((file) => hostOf() + address(file));
  const all = [...(await run(pages)), ...(await run(["--css", ...sheets.map((file) => hostOf() + file)]))];
  const messages = all.filter((one) => !unknown(one, folder, hostOf()));
  const wrong = messages.map((one) => `${decodeURI(one.url || "").replace(hostOf(), "/")}:${one.lastLine}: ${one.subType || one.type}: ${one.message}`);
  const errors = messages.filter((one) => one.type === "error").length;
  return [{ what: `Nu HTML: ${site.pages.length} trang, ${sheets.length} tệp CSS`, value: `${errors} lỗi, ${messages.length - errors} cảnh báo${all.length > messages.length ? ` (${all.length - messages.length} chỗ CSS mới mà bộ kiểm chưa biết)` : ""}`, wrong }];
};
