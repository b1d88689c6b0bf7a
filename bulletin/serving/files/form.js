// The form of an article: what changed is saved, tried and kept; what others wrote is never lost.
(() => {
  "use strict";
  const form = document.getElementById("form");
  const token = document.querySelector("meta[name=token]").content;
  const path = form.dataset.path;
  const key = `bulletin:${path}`;
  const $ = (id) => document.getElementById(id);
  const state = $("state");
  const notice = $("notice");
  const make = (name, words, className) => {
    const node = document.createElement(name);
    if (words) node.textContent = words;
    if (className) node.className = className;
    return node;
  };

  // ---- what stands in the form ----------------------------------------------------------------

  const part = (scope, prefix) => {
    const value = {};
    for (const box of scope.querySelectorAll("input[name],textarea[name],select[name]")) {
      const id = box.id.slice(2);
      if (id.startsWith(prefix)) value[id.slice(prefix.length)] = box.value;
    }
    return value;
  };
  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const LISTS = new Set([...form.querySelectorAll(".field[data-field]")].filter((one) => one.querySelector(":scope > .help")?.textContent.startsWith("Mỗi dòng")).map((one) => one.dataset.field));
  const read = () => {
    const value = {};
    for (const field of form.querySelectorAll(".field[data-field]")) {
      const name = field.dataset.field;
      if (name.includes(".")) continue;
      if (field.dataset.rows) {
        value[name] = [...field.querySelectorAll(".row")].map((row) => part(row, `${name}.${row.dataset.row}.`));
      } else if (field.dataset.group) {
        value[name] = part(field, `${name}.`);
      } else if (field.dataset.list) {
        value[name] = [...field.querySelectorAll("input:checked")].map((box) => box.value);
      } else {
        const box = $(`f-${name}`);
        value[name] = LISTS.has(name) ? lines(box.value) : box.value;
      }
    }
    return value;
  };
  const write = (value) => {
    for (const field of form.querySelectorAll(".field[data-field]")) {
      const name = field.dataset.field;
      if (name.includes(".")) continue;
      const given = value[name];
      if (field.dataset.rows) {
        const list = field.querySelector(".list");
        const rows = Array.isArray(given) ? given : [];
        list.replaceChildren();
        for (const item of rows) fill(addRow(field), name, item);
      } else if (field.dataset.group) {
        for (const box of field.querySelectorAll("[id^=f-]")) box.value = (given || {})[box.id.slice(3 + name.length)] || "";
      } else if (field.dataset.list) {
        const list = Array.isArray(given) ? given : given ? [given] : [];
        for (const box of field.querySelectorAll("input")) box.checked = list.includes(box.value);
      } else {
        $(`f-${name}`).value = Array.isArray(given) ? given.join("\n") : given || "";
      }
    }
  };
  const fill = (row, name, item) => {
    for (const box of row.querySelectorAll("[id^=f-]")) box.value = item[box.id.slice(`f-${name}.${row.dataset.row}.`.length)] || "";
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  let base = form.dataset.base; // the version that the form was opened with
  let before = read();
  const whole = "whole" in before;
  const changed = () => {
    const now = read();
    return Object.fromEntries(Object.keys(now).filter((name) => !same(now[name], before[name])).map((name) => [name, now[name]]));
  };
  const request = () => {
    const { body, whole: text, ...changes } = changed();
    return { path, base, changes, ...(body === undefined ? {} : { body }), ...(whole ? { whole: text === undefined ? before.whole : text } : {}) };
  };

  // ---- speaking to the program ----------------------------------------------------------------

  const ask = async (where, given) => {
    try {
      const answer = await fetch(`/_bulletin/${where}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Bulletin-Token": token },
        body: JSON.stringify(given),
      });
      return { status: answer.status, said: await answer.json() };
    } catch {
      return { status: 0, said: { message: "không gặp được chương trình", hint: "xem cửa sổ lệnh còn chạy không; chữ bạn gõ vẫn giữ trong máy này" } };
    }
  };
  const sentence = (said) => said.message.charAt(0).toUpperCase() + said.message.slice(1) + (said.hint ? `. Gợi ý: ${said.hint}.` : ".");
  const tell = (words, ...more) => {
    notice.replaceChildren(...(words ? [make("p", words)] : []), ...more);
    notice.hidden = !words && !more.length;
  };
  const button = (words, work, className = "") => {
    const node = make("button", words, className);
    node.type = "button";
    node.addEventListener("click", work);
    return node;
  };

  // ---- kept in the browser until it is saved --------------------------------------------------

  const keep = () => {
    const now = changed();
    try {
      if (Object.keys(now).length) localStorage.setItem(key, JSON.stringify({ base, changes: now, at: new Date().toISOString() }));
      else localStorage.removeItem(key);
    } catch {
      state.textContent = "Trình duyệt không giữ được bản nháp: nhớ lưu thường xuyên";
    }
  };
  const offer = () => {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(key));
    } catch {
      return;
    }
    if (!kept || !kept.changes || !Object.keys(kept.changes).length) return;
    const when = new Date(kept.at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "numeric", month: "numeric" });
    const other = kept.base !== base ? " Từ đó tệp đã đổi trên đĩa; các ô khác lấy theo tệp mới." : "";
    const buttons = make("p", "", "choices");
    buttons.append(
      button("Lấy lại", () => {
        write({ ...read(), ...kept.changes });
        tell("");
        edited();
      }, "main"),
      button("Bỏ", () => {
        localStorage.removeItem(key);
        tell("");
      }),
    );
    tell(`Có phần chưa lưu từ ${when}: ${Object.keys(kept.changes).map(label).join(", ")}.${other}`, buttons);
  };
  const label = (name) => {
    if (name === "body") return "Nội dung bài";
    const field = form.querySelector(`.field[data-field="${name}"]`);
    return field?.querySelector("label,legend")?.firstChild.textContent.trim() || name;
  };

  // ---- trying -----------------------------------------------------------------------------------

  let timer = 0;
  let turn = 0;
  let shown = null;
  const edited = () => {
    const count = Object.keys(changed()).length;
    state.textContent = count ? "Chưa lưu" : "Đã lưu";
    document.body.classList.toggle("unsaved", count > 0);
    keep();
    clearTimeout(timer);
    timer = setTimeout(attempt, 500);
  };
  const attempt = async () => {
    const mine = ++turn;
    const { status, said } = await ask("thu", request());
    if (mine !== turn) return;
    if (status !== 200) {
      problems([{ field: "", severity: "error", message: said.message, hint: said.hint, code: "" }]);
      // Somebody was writing at this very moment: nobody should have to type for the next try.
      if (status === 503) timer = setTimeout(attempt, 500);
      return;
    }
    problems(said.problems);
    if (said.url) preview(`/_ban-bien-tap/chua-luu/${encodeURI(path.replace(/^content\//, "").replace(/\.md$/, ""))}/~/${said.url}`);
  };
  const problems = (list) => {
    for (const place of form.querySelectorAll(".wrong")) place.replaceChildren();
    for (const box of form.querySelectorAll("[aria-invalid]")) box.removeAttribute("aria-invalid");
    const left = $("problems");
    left.replaceChildren();
    const errors = list.filter((one) => one.severity === "error").length;
    left.append(make("p", list.length ? `${errors} lỗi, ${list.length - errors} cảnh báo trong bài này` : "Bài này không có lỗi, không có cảnh báo", errors ? "count bad" : "count"));
    for (const one of list) {
      const where = one.text_line > 0 ? `Dòng ${one.text_line}: ` : "";
      const words = `${where}${one.message}${one.hint ? ` – ${one.hint}` : ""}`;
      const place = $(`w-${whole ? "whole" : one.field}`) || $(`w-${(one.field || "").split(".").slice(0, -1).join(".")}`) || $(`w-${(one.field || "").split(".")[0]}`);
      if (place) {
        const row = make("span", words, one.severity);
        place.append(row);
        const box = $(`f-${one.field}`);
        if (box && one.severity === "error") box.setAttribute("aria-invalid", "true");
        const details = place.closest("details");
        if (details && one.severity === "error") details.open = true;
      } else {
        left.append(make("p", `${one.line ? `Dòng ${one.line} của tệp: ` : ""}${words}`, one.severity));
      }
    }
  };
  // The old page stays until the new one is there, at the same height. Whoever types fast has several
  // under way: the first may arrive, of those behind it only the newest counts, and none ends a newer one.
  const preview = (address) => {
    const frames = $("frames");
    for (const late of [...frames.querySelectorAll(".coming")].slice(1)) late.remove();
    const frame = make("iframe");
    frame.title = "Trang bài như bạn đọc sẽ thấy";
    frame.src = address;
    if (shown) frame.className = "coming";
    else frames.replaceChildren();
    frames.append(frame);
    frame.addEventListener("load", () => {
      try {
        if (shown) frame.contentWindow.scrollTo(0, shown.contentWindow.scrollY);
      } catch {
        // A page that could not be shown has no height.
      }
      while (frame.previousElementSibling) frame.previousElementSibling.remove();
      frame.className = "";
      shown = frame;
    });
  };

  // ---- saving -----------------------------------------------------------------------------------

  let saving = false;
  const save = async (given = request()) => {
    if (saving) return;
    saving = true;
    state.textContent = "Đang lưu…";
    const sent = read();
    const { status, said } = await ask("luu", given);
    saving = false;
    if (status === 200) {
      base = said.base;
      before = sent;
      tell("");
      const count = Object.keys(changed()).length;
      state.textContent = count ? "Chưa lưu" : `Đã lưu lúc ${new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}`;
      document.body.classList.toggle("unsaved", count > 0);
      keep();
      if (whole && said.values) {
        tell("Phần khai báo đã đọc được.", button("Mở các ô", () => location.reload(), "main"));
      }
      attempt();
    } else if (status === 409) {
      state.textContent = "Chưa lưu";
      conflict(said);
    } else {
      state.textContent = "Chưa lưu";
      tell(sentence(said));
      notice.scrollIntoView({ block: "nearest" });
    }
  };

  // Both versions side by side; nothing is chosen for anybody.
  const conflict = (said) => {
    const disk = said.disk;
    const mine = changed();
    const buttons = make("p", "", "choices");
    if (!disk) {
      buttons.append(button("Giữ chữ của tôi trong máy này", () => tell("")));
      tell(`${sentence(said)} Chữ của bạn được giữ trong trình duyệt này.`, buttons);
      return;
    }
    const theirs = disk.values ? { ...blank(), ...disk.values, body: disk.body } : { whole: disk.whole };
    const table = make("table", "", "versions");
    const head = make("tr");
    for (const words of ["Ô", "Trên đĩa", "Của bạn"]) head.append(make("th", words));
    table.append(head);
    for (const name of Object.keys({ ...mine })) {
      const row = make("tr");
      row.append(make("th", label(name)), make("td", words(theirs[name])), make("td", words(mine[name])));
      table.append(row);
    }
    const others = Object.keys(theirs).filter((name) => !(name in mine) && words(theirs[name]) !== words(before[name]));
    if (disk.values && !whole) {
      buttons.append(
        button("Giữ chữ của tôi ở các ô trên, còn lại theo đĩa", () => {
          base = disk.base;
          const kept = mine;
          write({ ...before, ...theirs });
          before = read();
          write({ ...before, ...kept });
          save();
        }, "main"),
      );
    } else if (whole && disk.whole !== undefined) {
      buttons.append(button("Ghi đè bằng bản của tôi", () => {
        base = disk.base;
        save();
      }));
    }
    buttons.append(
      button("Lấy bản trên đĩa", () => {
        localStorage.setItem(`${key}:bo`, JSON.stringify({ changes: mine, at: new Date().toISOString() }));
        localStorage.removeItem(key);
        location.reload();
      }),
    );
    tell(`${sentence(said)}${others.length ? ` Người khác còn sửa: ${others.map(label).join(", ")}.` : ""}`, table, buttons);
    notice.scrollIntoView({ block: "start" });
    notice.querySelector("button").focus({ preventScroll: true });
  };
  const blank = () => Object.fromEntries(Object.keys(before).map((name) => [name, Array.isArray(before[name]) ? [] : typeof before[name] === "object" ? {} : ""]));
  const words = (value) => {
    if (value === undefined || value === null || value === "") return "(trống)";
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(words).join("; ") || "(trống)";
    return Object.values(value).filter(Boolean).join(" · ") || "(trống)";
  };

  // ---- rows, blocks, pictures -----------------------------------------------------------------

  const addRow = (field) => {
    const list = field.querySelector(".list");
    const number = String([...list.children].reduce((most, row) => Math.max(most, Number(row.dataset.row)), -1) + 1);
    const row = field.querySelector("template").content.firstElementChild.cloneNode(true);
    const name = field.dataset.rows;
    row.dataset.row = number;
    for (const node of row.querySelectorAll("*")) {
      for (const mark of ["id", "for", "aria-describedby", "data-field"]) {
        const value = node.getAttribute(mark);
        if (value) node.setAttribute(mark, value.replaceAll(`${name}.N.`, `${name}.${number}.`));
      }
    }
    list.append(row);
    return row;
  };
  form.addEventListener("click", (event) => {
    const one = event.target.closest("button");
    if (!one) return;
    if (one.dataset.add) {
      addRow(one.closest(".field")).querySelector("input,textarea,select").focus();
      edited();
    } else if (one.dataset.drop) {
      const field = one.closest(".field.rows");
      one.closest(".row").remove();
      field.querySelector(".add").focus();
      edited();
    } else if (one.dataset.block) {
      const open = one.dataset.block.startsWith(":::");
      insert(open ? `${one.dataset.block}\n\n:::` : one.dataset.block);
    }
  });
  const insert = (words) => {
    const box = $("f-body");
    const at = box.selectionEnd;
    const start = box.value.slice(0, at).replace(/\n*$/, "");
    const rest = box.value.slice(at).replace(/^\n*/, "");
    box.focus();
    box.setRangeText(`${start ? "\n\n" : ""}${words}\n\n`, start.length, box.value.length - rest.length, "end");
    edited();
  };
  const add = async (files, field) => {
    for (const file of files) {
      state.textContent = `Đang thêm ${file.name}…`;
      let status = 0;
      let said = { message: "không gặp được chương trình", hint: "xem cửa sổ lệnh còn chạy không" };
      try {
        const answer = await fetch(`/_bulletin/hinh?${new URLSearchParams({ tep: path, ten: file.name })}`, {
          method: "POST",
          headers: { "Content-Type": file.type.startsWith("image/") ? file.type : "application/octet-stream", "X-Bulletin-Token": token },
          body: file,
        });
        status = answer.status;
        said = await answer.json();
      } catch {
        // Said below.
      }
      if (status !== 201) {
        tell(sentence(said));
        edited();
        continue;
      }
      if (field === "cover") {
        $("f-cover.file").value = said.file;
        $("f-cover.alt").focus();
      } else {
        insert(`:::figure ${said.file}\nalt: \ncaption: \ncredit: \n:::`);
      }
      tell("", make("p", `Đã thêm ${said.file} (${said.width} × ${said.height}). ${said.notes.join(" ")} Nhớ ghi mô tả (alt) và tác giả ảnh.`, "done"));
      edited();
    }
  };
  for (const [place, field] of [[form.querySelector(".field.text"), "body"], [form.querySelector('[data-field="cover"]'), "cover"]]) {
    if (!place || whole) continue;
    place.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      add([...event.dataTransfer.files], field);
    });
    place.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      add(files, field);
    });
  }
  $("pick")?.addEventListener("change", (event) => {
    add([...event.target.files], "body");
    event.target.value = "";
  });

  // ---- beginning --------------------------------------------------------------------------------

  form.addEventListener("input", edited);
  form.addEventListener("change", edited);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save();
    }
  });
  addEventListener("beforeunload", (event) => {
    keep();
    if (Object.keys(changed()).length) event.preventDefault();
  });
  form.noValidate = true; // the program says what is wrong, at its place, and saving a draft is always allowed

  let version = null;
  window.bulletinNews(async (data) => {
    if (version !== null && data.version !== version) await look();
    version = data.version;
  });
  // Somebody saved this article elsewhere: an untouched form follows, a touched one is told.
  const look = async () => {
    if (saving) return;
    try {
      const answer = await fetch(`/_ban-bien-tap/trang-thai/${encodeURI(path.replace(/^content\//, "").replace(/\.md$/, ""))}`);
      const disk = await answer.json();
      if (!answer.ok || disk.base === base || saving) return;
      if (!Object.keys(changed()).length) {
        localStorage.removeItem(key);
        location.reload();
      } else {
        conflict({ message: "tệp vừa được người khác sửa trên đĩa", hint: "chọn bản sẽ giữ", disk });
      }
    } catch {
      // The program was stopped; saving will say so.
    }
  };

  const line = /^#dong-(\d+)$/.exec(location.hash);
  if (line && whole) {
    const box = $("f-whole");
    const rows = box.value.split("\n");
    const at = rows.slice(0, Number(line[1]) - 1).join("\n").length + 1;
    box.focus();
    box.setSelectionRange(at, at + (rows[Number(line[1]) - 1] || "").length);
  }
  offer();
  attempt();
})();
