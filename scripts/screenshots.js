// The pictures of the handbook, taken from the real program: docs/images/{desk,form,overlay}.png.
//
//   node scripts/screenshots.js       (make screenshots)
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { ROOT, PYTHON, project, start, launch, temporary, end } = require("./audit/rig.js");

const OUT = path.join(ROOT, "docs/images");
const PATIENCE = 900000;
const SMALL = `
import sys
from PIL import Image
out = sys.argv[1]
for path in sys.argv[2:]:
    image = Image.open(path).convert("RGB")
    image = image.resize((1080, round(image.height * 1080 / image.width)), Image.Resampling.LANCZOS)
    image.quantize(96).save(out + "/" + path.rsplit("/", 1)[1], optimize=True)
`;

(async () => {
  const folder = temporary();
  project(folder);
  const preview = await start(folder);
  const browser = await launch();
  const files = [];
  const shoot = async (page, name) => {
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    files.push(file);
  };
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${preview.url}/_ban-bien-tap/bai/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc`);
    await page.locator("#frames iframe").waitFor();
    await page.frameLocator("#frames iframe:not(.coming)").locator("h1").first().waitFor();
    await page.locator(".count:not(.bad)").waitFor();
    const frame = page.frames().find((one) => one.url().includes("/chua-luu/"));
    await frame.waitForLoadState("load");
    await frame.evaluate(async () => {
      await document.fonts.ready;
      await Promise.all([...document.images].map((one) => one.decode().catch(() => {})));
    });
    await page.evaluate(() => scrollTo(0, 0));
    await shoot(page, "form");

    const article = path.join(folder, "content/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc.md");
    const before = fs.readFileSync(article, "utf8");
    const site = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    site.setDefaultTimeout(PATIENCE);
    await site.goto(`${preview.url}/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc/`);
    fs.writeFileSync(article, before.replace(/^section: .*$/m, "section: ky-thuạt"));
    await site.locator(".preview-overlay").waitFor();
    await shoot(site, "overlay");
    fs.writeFileSync(article, before);

    await page.goto(`${preview.url}/_ban-bien-tap/?so=2026/so-4`);
    await page.locator(".leaf img").first().waitFor();
    await page.evaluate(() => Promise.all([...document.images].map((one) => { one.loading = "eager"; return one.decode(); })));
    await shoot(page, "desk");
    const done = spawnSync(PYTHON, ["-c", SMALL, OUT, ...files], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
    for (const file of files) console.log(`${path.basename(file)}: ${Math.round(fs.statSync(path.join(OUT, path.basename(file))).size / 1024)} kB`);
  } finally {
    await browser.close();
    end(preview, folder);
  }
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
