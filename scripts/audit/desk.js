// The editors' desk in a real browser: overlay, form, picture, conflict, keyboard, axe, narrow, dark.
//
//   node scripts/audit/desk.js        (also run by all.js)
//
// Works on a copy of the project's own articles; exit code 1 says what was not as it should be.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const { ROOT, PYTHON, project, start, launch, temporary, end, dropped } = require("./rig.js");
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE = 900000; // a guard against waiting for ever, not a bar

// A phone held upright: EXIF orientation 6, a place, the name of its owner.
const PHOTO = `
import sys
sys.path.insert(0, sys.argv[1] + "/tests")
from test_darkroom import photo
open(sys.argv[2], "wb").write(photo(6, size=(1600, 1200)))
`;

async function axe(page) {
  await page.evaluate(`(() => { ${AXE}\nwindow.axe = window.axe || axe; })()`);
  // Frames hold pages of the site, which the audit of the site looks at.
  const found = await page.evaluate(() => window.axe.run({ exclude: [["iframe"]] }, { resultTypes: ["violations"], iframes: false }));
  return found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" · ")}`);
}

const wrong = [];
const check = (fine, words) => {
  if (!fine) wrong.push(words);
};

async function looks(browser, url) {
  for (const [name, address] of [["bàn", "/_ban-bien-tap/"], ["biểu mẫu", "/_ban-bien-tap/bai/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc"], ["bài mới", "/_ban-bien-tap/bai-moi"]]) {
    for (const [width, colorScheme] of [[360, "light"], [360, "dark"], [1440, "light"], [1440, "dark"]]) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      page.on("pageerror", (error) => wrong.push(`${name}: ${error.message}`));
      page.on("console", (message) => message.type() === "error" && wrong.push(`${name}: ${message.text()}`));
      await page.goto(url + address);
      await page.locator("h1, #f-title").first().waitFor({ state: "attached" });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(over <= 0, `${name} ${width}: tràn ngang ${over} px`);
      for (const one of await axe(page)) wrong.push(`${name} ${width} ${colorScheme}: ${one}`);
      await page.close();
    }
  }
}

// More tabs than a browser keeps lines to one place; those in the background follow when they are seen.
async function tabs(browser, url, folder) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  const seen = (page, hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { get: () => value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  const pages = [];
  for (let n = 0; n < 8; n++) {
    const page = await context.newPage();
    await page.goto(`${url}/_ban-bien-tap/?so=2026/so-1`);
    await seen(page, true);
    pages.push(page);
  }
  const file = path.join(folder, "content/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc.md");
  const before = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, before.replace(/^title: .*$/m, 'title: "Tên đổi khi không ai nhìn"'));
  for (const words of ["Tên đổi khi không ai nhìn", before.match(/^title: "?(.*?)"?$/m)[1]]) {
    await seen(pages[0], false);
    await pages[0].locator(".states .title", { hasText: words }).waitFor();
    await seen(pages[0], true);
    fs.writeFileSync(file, before);
  }
  await context.close();
}

// What an editor does with one article.
async function story(browser, url, folder) {
  const file = path.join(folder, "content/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc.md");
  const text = () => fs.readFileSync(file, "utf8");
  const before = text();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on("pageerror", (error) => wrong.push(`biểu mẫu: ${error.message}`));
  const form = `${url}/_ban-bien-tap/bai/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc`;

  // 1. An error made outside shows in the open page, and goes when it is mended in the form.
  const site = await context.newPage();
  await site.goto(`${url}/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc/`);
  const title = await site.locator("h1").first().innerText();
  fs.writeFileSync(file, before.replace(/^section: .*$/m, "section: khong-co"));
  await site.locator(".preview-overlay").waitFor();
  const words = await site.locator(".preview-overlay").innerText();
  check(words.includes("nuoi-lon-nai-an-toan-sinh-hoc.md") && words.includes("Gợi ý"), `khung lỗi thiếu tệp hoặc gợi ý: ${words}`);
  check((await site.locator("h1").first().innerText()) === title, "dưới khung lỗi không còn bản đúng");
  for (const one of await axe(site)) if (one.includes("preview")) wrong.push(`khung lỗi: ${one}`);
  await site.getByRole("link", { name: "Sửa trong biểu mẫu" }).first().click();
  await site.locator("#w-section .error").waitFor();
  await site.selectOption("#f-section", "ky-thuat");
  await site.locator("#save").click();
  await site.getByText("Đã lưu lúc").waitFor();
  check(text() === before, "sửa lại qua khung lỗi không trả tệp về đúng từng byte");
  await site.goto(`${url}/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc/`);
  // Everything is read behind the page; the overlay goes when that is done, without anybody's help.
  const gone = await site.locator(".preview-overlay").waitFor({ state: "detached" }).then(() => true, () => false);
  check(gone, "khung lỗi không tự mất");
  await site.close();

  // 2. Words are seen before they are saved; only the edited line changes; the keyboard saves.
  const shown = (words) => page.frameLocator("#frames iframe:not(.coming)").getByRole("heading", { name: words }).first().waitFor();
  await page.goto(form);
  await page.locator("#frames iframe").waitFor();
  await page.fill("#f-title", "Tên thử trong biểu mẫu");
  await shown("Tên thử trong biểu mẫu");
  check(text() === before, "xem thử đã ghi vào tệp");

  // Of two looks at the article the second stays, however late each of them arrives.
  const frames = /\/chua-luu\/.*\/nuoi-lon-nai-an-toan-sinh-hoc\/$/;
  const held = [];
  let bell = null;
  await page.route(frames, async (route) => {
    held.push({ route, response: await route.fetch() });
    bell();
  });
  for (const words of ["Lần thử một", "Lần thử hai"]) {
    const came = new Promise((done) => { bell = done; });
    await page.fill("#f-title", words);
    await came;
  }
  for (const [n, words] of ["Lần thử một", "Lần thử hai"].entries()) {
    await held[n].route.fulfill({ response: held[n].response });
    await shown(words);
  }
  await page.unroute(frames);
  await page.fill("#f-title", "Tên thử trong biểu mẫu");
  await shown("Tên thử trong biểu mẫu");

  await page.locator("details.more > summary").click();
  await page.fill("#f-date", "31/4/2026");
  await page.locator("#w-date .error").waitFor({ state: "attached" });
  check((await page.getAttribute("#f-date", "aria-invalid")) === "true", "ô sai không được đánh dấu");
  await page.fill("#f-date", "");

  // 3. Nothing is lost when the page goes.
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  again.on("pageerror", (error) => wrong.push(`biểu mẫu: ${error.message}`));
  again.on("dialog", (dialog) => dialog.accept());
  await again.goto(form);
  await again.getByRole("button", { name: "Lấy lại" }).click();
  check((await again.inputValue("#f-title")) === "Tên thử trong biểu mẫu", "chữ chưa lưu bị mất");
  await again.locator("#f-title").press("Control+s");
  await again.getByText("Đã lưu lúc").waitFor();
  const lines = before.split("\n");
  const differ = text().split("\n").filter((line, n) => line !== lines[n]);
  check(differ.length === 1 && differ[0] === 'title: "Tên thử trong biểu mẫu"', `lưu đổi nhiều hơn một dòng: ${differ.join(" | ")}`);

  // 4. A picture from a phone, dropped on the text.
  const photo = path.join(folder, "IMG_2041.JPG");
  await new Promise((done, fail) => spawn(PYTHON, ["-c", PHOTO, ROOT, photo], { env: { ...process.env, PYTHONPATH: ROOT } }).on("close", (code) => (code ? fail(new Error("ảnh thử")) : done())));
  await again.locator("#f-body").dispatchEvent("drop", { dataTransfer: await dropped(again, photo) });
  fs.unlinkSync(photo);
  await again.getByText("Đã thêm img-2041.jpg").waitFor();
  const told = await again.locator("#notice").innerText();
  check(told.includes("xoay") && told.includes("GPS") && told.includes("1200 × 1600"), `lời báo ảnh: ${told}`);
  const beside = fs.readFileSync(path.join(folder, "content/2026/so-1/img-2041.jpg"));
  check(!beside.includes("HangMay"), "ảnh còn thông tin người chụp");
  const filled = (await again.inputValue("#f-body")).replace(":::figure img-2041.jpg\nalt: \ncaption: \ncredit: \n:::", ":::figure img-2041.jpg\nalt: Ảnh thử.\ncaption: Chú thích.\ncredit: Ban biên tập\n:::");
  await again.fill("#f-body", filled);
  await again.frameLocator("#frames iframe:not(.coming)").getByText("Chú thích.").first().waitFor({ state: "attached" });

  // 5. Somebody else saves the same file: both versions, and the choice.
  fs.writeFileSync(file, text().replace(/^standfirst: .*$/m, "standfirst: Câu của người khác."));
  await again.locator("#notice .versions, #notice .choices").first().waitFor();
  const both = await again.locator("#notice").innerText();
  check(both.includes("Sa-pô"), `xung đột không nói ô nào: ${both}`);
  for (const one of await axe(again)) wrong.push(`xung đột: ${one}`);
  await again.getByRole("button", { name: "Giữ chữ của tôi" }).click();
  await again.getByText("Đã lưu lúc").waitFor();
  check(text().includes("standfirst: Câu của người khác.") && text().includes(":::figure img-2041.jpg"), "giữ cả hai mà mất một bản");

  // 6. The article as in print.
  const pdf = await context.request.get(await again.locator("#in-print").evaluate((link) => link.href), { timeout: PATIENCE });
  check(pdf.status() === 200 && (await pdf.body()).subarray(0, 5).toString() === "%PDF-", `bản in một bài: ${pdf.status()}`);

  await context.close();
}

// Every page of the issue, with the hole that nobody has written.
async function plan(browser, url, folder) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/_ban-bien-tap/?so=2026/so-4`);
  check((await page.getByText("Chưa có bài: bai-con-thieu").count()) > 0, "mục lục không nói bài còn thiếu");
  await page.locator(".leaf img").first().waitFor({ timeout: PATIENCE });
  check((await page.locator(".leaf.hole").count()) === 1, "sơ đồ trang không có chỗ trống");
  check((await page.locator(".leaf").count()) % 4 === 0, "số trang không chia hết cho 4");
  for (const one of await axe(page)) wrong.push(`sơ đồ trang: ${one}`);

  // A new article in the place of the hole, by keyboard alone.
  await page.getByRole("link", { name: "Viết bài này" }).first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#begin").waitFor();
  await page.fill("#f-title", "Bài viết từ chỗ trống");
  await page.locator("#f-title").press("Enter");
  await page.locator("#f-body").waitFor({ timeout: PATIENCE });
  check(fs.existsSync(path.join(folder, "content/2026/so-4/bai-con-thieu.md")), "bài mới không nằm ở chỗ trống");
  await page.close();
}

(async () => {
  const folder = temporary();
  project(folder);
  const preview = await start(folder);
  const { url } = preview;
  const browser = await launch();
  try {
    for (const work of [looks, tabs, story, plan]) {
      console.error(`${work.name}…`); // somebody waits
      await work(browser, url, folder);
    }
  } finally {
    await browser.close();
    end(preview, folder);
  }
  for (const line of wrong) console.log(line);
  if (!wrong.length) console.log("bàn biên tập: đạt");
  process.exitCode = wrong.length ? 1 : 0;
})().catch((error) => {
  for (const line of wrong) console.log(line);
  console.log(error.stack);
  process.exitCode = 1;
});
