// A walk through the site in a browser: what was looked at, line by line, and how it ends.
"use strict";
const { chromium } = require("playwright-core");

let failed = 0;

// ``found`` is told with what is not right.
function check(what, right, found) {
  const told = right || found === undefined ? "" : `: ${JSON.stringify(found)}`;
  console.log(`${right ? "được " : "HỎNG "} ${what}${told}`);
  if (!right) failed += 1;
}

// Exit code 1: something was not right, or the walk did not come to its end.
async function walk(drive) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await drive(browser);
  } catch (error) {
    check(String(error), false);
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
}

module.exports = { check, walk };
