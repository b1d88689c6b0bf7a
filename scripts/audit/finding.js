// Looks for things in the bulletin as a reader does, in a real browser. Exit code 1: something was
// not found, or not said.
//
//   node scripts/audit/finding.js BASEURL
"use strict";
const { check, walk } = require("./walk.js");

const base = process.argv[2];

const plain = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/\p{Mn}/gu, "");
const state = (page) =>
  page.evaluate(() => ({
    said: document.querySelector(".found").textContent,
    rows: document.querySelectorAll(".results li").length,
    first: document.querySelector(".results a")?.textContent || "",
    marks: [...document.querySelectorAll(".results li:first-child mark")].map((one) => one.textContent),
    issues: [...document.querySelectorAll(".results .meta span:last-child")].map((one) => one.textContent),
    more: !document.querySelector(".more").hidden,
    box: document.querySelector(".find-in").open,
    chosen: [...document.querySelectorAll("select")].map((one) => one.value),
    address: location.search,
    focus: [...document.querySelectorAll(".results a")].indexOf(document.activeElement),
  }));
const settled = (page) => page.waitForFunction(() => /bài nào|bài có|bài trong|bài thiếu|Không tải/.test(document.querySelector(".found").textContent));

async function drive(browser) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  const start = `${base}tim-kiem/`;
  const open = async (query) => {
    await page.goto(start + query, { waitUntil: "networkidle" });
    if (query) await settled(page);
    return state(page);
  };
  const count = (one) => Number((one.said.match(/^[\d.]+(?= bài)/) || ["0"])[0].replace(/\./g, ""));

  let now = await open("?q=chan+nuoi");
  check("gõ không dấu: có bài, từ được tô", count(now) > 0 && now.marks.some((mark) => plain(mark) === "chan"), now);
  const loose = count(await open("?q=dat"));
  const strict = count(await open(`?q=${encodeURIComponent("đất")}`));
  check("gõ có dấu thì hẹp hơn không dấu", strict > 0 && strict < loose, [strict, loose]);
  const old = count(await open(`?q=${encodeURIComponent("hoà")}`));
  const today = count(await open(`?q=${encodeURIComponent("hòa")}`));
  check("hoà và hòa là một", old > 0 && old === today, [old, today]);
  now = await open(`?q=${encodeURIComponent("CO₂")}`);
  check("ký hiệu hóa học", count(now) > 0 && now.marks.includes("CO₂"), now);
  now = await open("?q=zzzzqq");
  check("không có thì nói không có", now.rows === 0 && now.said.startsWith("Không có bài nào") && now.said.includes("zzzzqq"), now);

  // By keys: half a word finds, and what is typed to its end is loaded before anything is asked.
  await open("");
  const loaded = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.keyboard.type("chan ");
  await page.waitForTimeout(150);
  const early = loaded.length;
  const before = (await state(page)).rows;
  await page.keyboard.type("nuo");
  await page.waitForSelector(".results li");
  now = await state(page);
  check("nạp trước từ đã gõ xong", early > 0 && before === 0, [loaded, before]);
  check("gõ dở đã có bài", now.rows > 0 && now.marks.some((mark) => plain(mark).startsWith("nuo")), now);
  loaded.length = 0;
  await page.evaluate(() => {
    const field = document.querySelector(".search input");
    field.value = "sinh";
    field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" }));
  });
  await page.waitForTimeout(150);
  check("dán vào thì nạp ngay cả từ cuối", loaded.length > 0, loaded);
  await page.fill(".search input", "chan nuo");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".found").textContent.includes("nuo"));
  await page.waitForSelector(".results li");
  await page.keyboard.press("ArrowDown");
  check("mũi tên xuống vào bài đầu", (await state(page)).focus === 0);
  await page.keyboard.press("ArrowUp");
  check("mũi tên lên trở lại ô gõ", await page.evaluate(() => document.activeElement === document.querySelector(".search input")));
  await page.fill(".search input", "");
  await page.waitForFunction(() => !document.querySelector(".results li"));
  check("xóa hết thì danh sách trống, địa chỉ cũng vậy", (await state(page)).address === "", await state(page));

  // Choices.
  const year = (await open("?q=nuoc")).issues.map((text) => text.match(/\d{4}/)?.[0]).find(Boolean);
  now = await open(`?q=nuoc&nam=${year}`);
  check("địa chỉ có năm: giữ năm, mở ô chọn", now.box && now.chosen.includes(year) && now.address.includes(`nam=${year}`) && count(now) > 0, now);
  await open("?q=nuoc");
  const all = count(await state(page));
  await page.click(".find-in summary");
  await page.waitForFunction(() => document.querySelector("select[name=so]").length > 1);
  const issues = await page.$$eval("select[name=so] option", (all) => all.map((one) => one.value));
  check("ô chọn có các số", issues.length > 2, issues);
  await page.selectOption("select[name=so]", issues.at(-1));
  await page.waitForFunction(() => document.querySelector(".found").textContent.includes("trong phần đã chọn"));
  now = await state(page);
  check("chọn một số: ít bài hơn, chỉ của số ấy, địa chỉ ghi lại", count(now) < all && new Set(now.issues).size <= 1 && now.address.includes(`so=${issues.at(-1)}`), now);

  now = await open("?q=khoa+hoc");
  check("nhiều hơn mười bài: mười bài và nút xem thêm", now.rows === 10 && now.more, now);
  await page.$eval(".more", (button) => { // a tired thumb
    button.click();
    button.click();
  });
  await page.waitForFunction(() => document.querySelectorAll(".results li").length > 10);
  check("xem thêm: tiêu điểm ở bài thứ mười một", (await state(page)).focus === 10, await state(page));
  await settled(page);
  const links = await page.$$eval(".results a", (all) => all.map((one) => one.href));
  check("xem thêm: không bài nào hai lần", new Set(links).size === links.length, links);

  // The network goes and comes back.
  await open("");
  await context.setOffline(true);
  await page.fill(".search input", "lon");
  await page.keyboard.press("Enter");
  await settled(page);
  check("mất mạng: nói rõ", (await state(page)).said.startsWith("Không tải được"), await state(page));
  await context.setOffline(false);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".results li");
  check("có mạng lại: tìm được", true);
  check(`không lỗi nào ở trang ${troubles.join(" | ")}`, troubles.length === 0);
  await context.close();

  const bare = await browser.newContext({ javaScriptEnabled: false });
  const still = await bare.newPage();
  await still.goto(start);
  const ways = await still.$$eval("main a[href]", (links) => links.length);
  check("không có JavaScript: chỉ lối khác", ways > 0 && (await still.locator("main").innerText()).includes("JavaScript"), ways);
  await bare.close();
}

walk(drive);
