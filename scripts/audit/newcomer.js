// A new board in a real browser: from an empty folder over Word files, a picture of a phone, an error
// mended through the overlay and an edit in the form to the PDF proof of its first issue.
//
//   node scripts/audit/newcomer.js        (also run by all.js)
//
// With QUICK=1, as in a quick run of all.js, it ends before the layouts: flat plan and proof.
// The same way without a browser is tests/test_newcomer.py. Exit code 1 says what was not as it should be.
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const { ROOT, PYTHON, bulletin, start, launch, temporary, end, dropped } = require("./rig.js");
const PATIENCE = 900000; // a guard against waiting for ever, not a bar
const COMPOST = "u-phan-huu-co-tai-nha";
const PIGS = "ky-thuat-nuoi-lon";
const MIXED = "Nước sạch và ĐẤT TỐT Tuyên Quang miền núi với chữ Unicode đủ dấu";

const began = Date.now();
const step = (words) => console.error(`${Math.round((Date.now() - began) / 1000)} s: ${words}…`); // somebody waits
const wrong = [];
const check = (fine, words) => {
  if (!fine) wrong.push(words);
};
const materials = (work, where) => {
  const done = spawnSync(PYTHON, [path.join(ROOT, "tests/newcomer.py"), work, where], { encoding: "utf8", env: { ...process.env, PYTHONPATH: ROOT } });
  if (done.status !== 0) throw new Error(done.stderr);
  return work === "parcel" ? null : JSON.parse(done.stdout);
};
const told = (page, name) => {
  page.on("pageerror", (error) => wrong.push(`${name}: ${error.message}`));
  // The preview keeps the worker that stores pages for reading offline to itself.
  page.on("console", (message) => message.type() === "error" && !/fetching the script/.test(message.text()) && wrong.push(`${name}: ${message.text()}`));
};

// What every step needs to know of the project.
function home(folder) {
  const [year] = fs.readdirSync(path.join(folder, "issues"));
  const issue = `${year}/so-1`;
  const article = (name) => path.join(folder, "content", issue, `${name}.md`);
  return {
    folder,
    issue,
    article,
    year,
    spec: path.join(folder, "issues", `${issue}.yaml`),
    text: (name) => fs.readFileSync(article(name), "utf8"),
    change: (file, before, after) => {
      const text = fs.readFileSync(file, "utf8");
      if (!text.includes(before)) throw new Error(`${file} không có «${before}»`);
      fs.writeFileSync(file, text.replace(before, after));
    },
  };
}

// One file by the command, one by the drop folder while the desk is open.
async function word(context, url, at, post) {
  const said = bulletin(["import", path.join(post, "bai-unicode.docx"), "--section", "ky-thuat", "-C", at.folder]);
  check(said.includes(`${COMPOST}.md`), `bulletin import: ${said}`);
  const desk = await context.newPage();
  told(desk, "bàn");
  await desk.goto(`${url}/_ban-bien-tap/`);
  await desk.locator(".states .title", { hasText: "Ủ phân hữu cơ tại nhà" }).waitFor();
  const box = path.join(at.folder, "hop-thu", at.issue, "ky-thuat");
  fs.mkdirSync(box, { recursive: true });
  fs.copyFileSync(path.join(post, "bai-phong-cu.docx"), path.join(box, "bai-phong-cu.docx"));
  await desk.getByText("Đã nhập bai-phong-cu.docx").waitFor();
  await desk.locator(".states .title", { hasText: "KỸ THUẬT NUÔI LỢN" }).waitFor();
  check(at.text(PIGS).includes(MIXED), "chữ TCVN3 và VNI đổi sai");
  check(fs.existsSync(path.join(at.folder, "hop-thu/da-nhap/bai-phong-cu.docx")), "tệp Word đã nhập không dời sang da-nhap");
  // The sample goes, the articles take their places: the open desk follows without being asked.
  fs.rmSync(at.article("bai-mau"));
  at.change(at.spec, "articles: [bai-mau]", `articles: [${COMPOST}, ${PIGS}, bai-con-thieu]`);
  await desk.locator(".state-hole .title", { hasText: "bai-con-thieu" }).waitFor();
  return desk;
}

// An error made in an editor of texts shows over the open page and is mended by the link in it.
async function overlay(context, url, at) {
  const site = await context.newPage();
  told(site, "trang bài");
  await site.goto(`${url}/${at.issue}/${PIGS}/`);
  const heading = site.locator("h1").first();
  const title = await heading.innerText();
  check(title.toLowerCase() === "kỹ thuật nuôi lợn", `tên bài trên trang: ${title}`);
  const before = at.text(PIGS);
  at.change(at.article(PIGS), "section: ky-thuat", "section: ky-thuật");
  await site.locator(".preview-overlay").waitFor();
  const words = await site.locator(".preview-overlay").innerText();
  const line = before.split("\n").indexOf("section: ky-thuat") + 1;
  check(words.includes(`content/${at.issue}/${PIGS}.md, dòng ${line}`) && words.includes("Gợi ý"), `khung lỗi thiếu chỗ hoặc gợi ý: ${words}`);
  check((await heading.innerText()) === title, "dưới khung lỗi không còn bản đúng");
  const form = await context.newPage();
  told(form, "biểu mẫu");
  await form.goto(await site.getByRole("link", { name: "Sửa trong biểu mẫu" }).first().evaluate((link) => link.href));
  await form.locator("#w-section .error").waitFor();
  await form.selectOption("#f-section", "ky-thuat");
  await form.locator("#save").click();
  await form.getByText("Đã lưu lúc").waitFor();
  check(at.text(PIGS) === before, "sửa qua khung lỗi không trả tệp về đúng từng byte");
  await site.locator(".preview-overlay").waitFor({ state: "detached" }); // nobody touched that page
  await site.close();
  return form;
}

// Title, status and a picture by the form; everything else of the file stays as it came from Word.
async function edit(form, at, post) {
  const before = at.text(PIGS);
  await form.fill("#f-title", "Kỹ thuật nuôi lợn");
  await form.selectOption("#f-status", "edited");
  await form.locator("#f-body").dispatchEvent("drop", { dataTransfer: await dropped(form, path.join(post, "IMG_2041.JPG")) });
  await form.getByText("Đã thêm img-2041.jpg (1200 × 1600)").waitFor();
  const notes = await form.locator("#notice").innerText();
  check(notes.includes("Đã xoay") && notes.includes("GPS"), `lời báo ảnh: ${notes}`);
  const asked = ":::figure img-2041.jpg\nalt: \ncaption: \ncredit: \n:::";
  const body = await form.inputValue("#f-body");
  check(body.includes(asked), `khối hình trong bài: ${body}`);
  await form.fill("#f-body", body.replace(asked, ":::figure img-2041.jpg\nalt: Một mảng đỏ trên một mảng xanh.\ncaption: Ảnh thử chụp đứng.\ncredit: Ban biên tập\n:::"));
  await form.frameLocator("#frames iframe:not(.coming)").getByText("Ảnh thử chụp đứng.").first().waitFor({ state: "attached" });
  check(at.text(PIGS) === before, "xem thử đã ghi vào tệp");
  await form.locator("#f-title").press("Control+s");
  await form.getByText("Đã lưu lúc").waitFor();
  const head = (text) => text.split("\n---\n")[0].split("\n");
  const changed = head(at.text(PIGS)).filter((line, n) => line !== head(before)[n]);
  check(JSON.stringify(changed.map((line) => line.split(" #")[0])) === JSON.stringify(['title: "Kỹ thuật nuôi lợn"', "status: edited"]), `lưu đổi khác: ${changed.join(" | ")}`);
  const photo = materials("picture", path.join(at.folder, "content", at.issue, "img-2041.jpg"));
  check(JSON.stringify(photo) === JSON.stringify({ size: [1200, 1600], upright: true, told: 0 }), `ảnh điện thoại: ${JSON.stringify(photo)}`);
  await form.close();
}

// The flat plan follows the save, also in a desk that nobody touches; the proof is what it shows.
async function proof(desk, at) {
  const leaf = (title) => desk.locator(".leaf", { hasText: title }).locator("img");
  await leaf("Kỹ thuật nuôi lợn").waitFor();
  await desk.locator(".plan-head .ready").waitFor();
  check((await desk.locator(".leaf.hole").count()) === 1, "bài còn thiếu không có trang trống");
  const stamp = await leaf("Kỹ thuật nuôi lợn").getAttribute("src");
  at.change(at.article(COMPOST), "Đống ủ đúng cách", "Đống ủ làm đúng cách");
  await desk.locator(`.leaf img[src="${stamp}"]`).waitFor({ state: "detached" });
  bulletin(["proof", at.issue, "-C", at.folder]);
  const found = materials("proof", path.join(at.folder, "output/office", at.issue, `ban-thao-so-1-${at.year}.pdf`));
  for (const words of ["BẢN THẢO", "Ủ phân hữu cơ tại nhà", "Đống ủ làm đúng cách", "Kỹ thuật nuôi lợn", MIXED, "Ảnh thử chụp đứng."]) check(found.words.includes(words), `bản thảo thiếu «${words}»`);
  check(found.images.some(([across, down]) => across === 1200 && down === 1600), `hình trong bản thảo: ${JSON.stringify(found.images)}`);
  check((await desk.locator(".leaf").count()) === found.pages, "sơ đồ trang và bản thảo khác số trang");
}

(async () => {
  const folder = temporary();
  const post = temporary();
  let preview = null;
  let browser = null;
  try {
    step("thư mục trống");
    materials("parcel", post);
    bulletin(["init", folder, "--name", "Bản tin thử"]);
    const at = home(folder);
    at.change(path.join(folder, "bulletin.yaml"), "  max_pages: 64\n", "  max_pages: 64\n  time_limit: 3000\n"); // however busy the machine
    preview = await start(folder);
    browser = await launch();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(PATIENCE);
    step("hai tệp Word");
    const desk = await word(context, preview.url, at, post);
    step("khung lỗi");
    const form = await overlay(context, preview.url, at);
    step("biểu mẫu");
    await edit(form, at, post);
    if (!process.env.QUICK) {
      step("bản thảo");
      await proof(desk, at);
    }
  } finally {
    if (browser) await browser.close();
    if (preview) end(preview, folder);
    for (const one of [folder, post]) fs.rmSync(one, { recursive: true, force: true });
  }
  for (const line of wrong) console.log(line);
  if (!wrong.length) console.log("từ thư mục trống đến bản thảo: đạt");
  process.exitCode = wrong.length ? 1 : 0;
})().catch((error) => {
  for (const line of wrong) console.log(line);
  console.log(error.stack);
  process.exitCode = 1;
});
