// A browser whose pages nobody watches. Test tools follow every request of a page, which costs a page
// on a slowed-down processor 3 to 10 ms for each file; a reader's page has no such company. So the
// protocol is spoken over a pipe, and nothing is switched on that is not asked for.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"];

class Page {
  constructor(browser, context, session) {
    Object.assign(this, { browser, context, session });
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.session);
  }

  // Runs in the page; what it gives, or promises, comes back.
  async run(work, ...given) {
    const expression = `(${work})(${given.map((one) => JSON.stringify(one)).join(", ")})`;
    const { result, exceptionDetails: wrong } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (wrong) throw new Error(wrong.exception?.description || wrong.text);
    return result.value;
  }

  async until(work) {
    for (let tries = 0; tries < 600; tries++) {
      if (await this.run(work)) return;
      await pause(50);
    }
    throw new Error(`waited in vain for ${work}`);
  }

  type(sign) {
    return this.send("Input.insertText", { text: sign });
  }

  async enter() {
    const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", text: "\r", ...key });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  }

  close() {
    return this.browser.send("Target.disposeBrowserContext", { browserContextId: this.context });
  }
}

class Browser {
  constructor(program) {
    this.home = fs.mkdtempSync(path.join(os.tmpdir(), "unwatched-"));
    this.child = spawn(program, [...FLAGS, `--user-data-dir=${this.home}`], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.waiting = new Map();
    this.last = 0;
    let rest = "";
    this.child.stdio[4].setEncoding("utf8").on("data", (data) => {
      const all = (rest + data).split("\0");
      rest = all.pop();
      for (const text of all) {
        const { id, result, error } = JSON.parse(text);
        const { done, fail } = this.waiting.get(id) || {};
        this.waiting.delete(id);
        if (error) fail?.(new Error(error.message)); else done?.(result);
      }
    });
  }

  send(method, params = {}, sessionId = undefined) {
    return new Promise((done, fail) => {
      this.waiting.set(++this.last, { done, fail });
      this.child.stdio[3].write(`${JSON.stringify({ id: this.last, method, params, sessionId })}\0`);
    });
  }

  // A page of a reader who was never here, at rest.
  async open(url, width, height) {
    const { browserContextId: context } = await this.send("Target.createBrowserContext");
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId: context });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, context, sessionId);
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await page.send("Page.navigate", { url });
    await page.until(() => document.readyState === "complete" && location.protocol !== "about:");
    return page;
  }

  async close() {
    const gone = new Promise((done) => this.child.once("close", done));
    this.send("Browser.close").catch(() => {});
    await gone;
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

module.exports = { Browser, pause };
