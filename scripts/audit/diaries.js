// Calendars by ical.js, the parser of Thunderbird: what RFC 5545 asks of each entry, and that a
// calendar program sees the same days as the icalendar library that wrote them.
"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "../..");
const PYTHON = path.join(ROOT, ".venv/bin/python");
const READ = `
import json, sys, icalendar
read = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
print(json.dumps([[str(e["UID"]), str(e["SUMMARY"]), e.decoded("DTSTART").isoformat()[:10]] for e in read.walk("VEVENT")]))
`;
const RULES = [
  ["dòng không kết thúc bằng CR LF", (bytes) => /[^\r]\n/.test(bytes)],
  ["dòng dài hơn 75 byte", (bytes) => bytes.split("\r\n").some((line) => line.length > 75)],
];

function entries(ICAL, text, wrong) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  if (!calendar.getFirstPropertyValue("prodid") || calendar.getFirstPropertyValue("version") !== "2.0") wrong.push("thiếu PRODID hoặc VERSION:2.0");
  const seen = new Set();
  return calendar.getAllSubcomponents("vevent").map((one) => {
    const event = new ICAL.Event(one);
    const name = event.summary || "(không tên)";
    if (!event.uid || seen.has(event.uid)) wrong.push(`${name}: UID thiếu hoặc lặp`);
    seen.add(event.uid);
    if (!one.getFirstPropertyValue("dtstamp")) wrong.push(`${name}: thiếu DTSTAMP`);
    if (event.endDate.compare(event.startDate) <= 0) wrong.push(`${name}: kết thúc không sau khi bắt đầu`);
    if (event.isRecurring() && !event.iterator().next()) wrong.push(`${name}: RRULE không cho ngày nào`);
    return [event.uid, name, event.startDate.toString().slice(0, 10)];
  });
}

module.exports = async ({ folder, site, out }) => {
  const { default: ICAL } = await import(require.resolve("ical.js"));
  const files = site.files.filter((file) => file.endsWith(".ics")).map((file) => path.join(folder, file));
  const wrong = files.length ? [] : ["trang không có lịch nào"];
  // The board's own calendar has the steps of each issue besides; it is printed, not published.
  const board = path.join(out, "plan.ics");
  fs.writeFileSync(board, execFileSync(PYTHON, ["-m", "bulletin", "plan", "--format", "ics"], { cwd: ROOT }));
  let count = 0;
  for (const whole of [...files, board]) {
    const bytes = fs.readFileSync(whole, "latin1");
    const here = RULES.filter(([, broken]) => broken(bytes)).map(([what]) => what);
    const theirs = entries(ICAL, fs.readFileSync(whole, "utf8"), here);
    count += theirs.length;
    const ours = JSON.parse(execFileSync(PYTHON, ["-c", READ, whole], { encoding: "utf8" }));
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) here.push("ical.js và icalendar đọc ra khác nhau");
    wrong.push(...here.map((line) => `${path.basename(whole)}: ${line}`));
  }
  return [{ what: `lịch theo ical.js (${count} mục)`, value: `${wrong.length} lỗi`, wrong }];
};
