// Searches search.json in the browser: folded words, every word must be found, prefixes count.
(() => {
  "use strict";
  const page = document.querySelector(".search");
  if (!page) return;
  const { index, root } = page.dataset;
  const input = page.querySelector("input");
  const found = page.querySelector(".found");
  const list = page.querySelector(".results");
  const MOST = 40;
  let docs;
  let loading;
  let timer;

  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
  const split = (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  const load = () => {
    loading ??= fetch(index)
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then((data) => {
        docs = data.docs.map((doc) => ({
          doc,
          fields: [[doc.ft, 8], [doc.fk, 4], [fold(doc.s), 2], [doc.fx, 1]].map(([text, weight]) => [
            ` ${split(text).join(" ")} `,
            weight,
          ]),
        }));
      })
      .catch((trouble) => {
        loading = undefined;
        throw trouble;
      });
    return loading;
  };

  // Whole words count more than prefixes, the title more than the text.
  const score = (fields, words) => {
    let sum = 0;
    for (const word of words) {
      let best = 0;
      for (const [text, weight] of fields) {
        if (text.includes(` ${word} `)) best = Math.max(best, weight * 2);
        else if (text.includes(` ${word}`)) best = Math.max(best, weight);
      }
      if (!best) return 0;
      sum += best;
    }
    // The last field is a set of words without their order.
    const phrase = ` ${words.join(" ")}`;
    for (const [text, weight] of fields.slice(0, -1)) {
      if (text.includes(phrase)) return sum + weight * words.length * 2;
    }
    return sum;
  };

  // «chăn» is worth more than «chặn» to somebody who typed the marks.
  const exact = (doc, asked, words) => {
    const text = ` ${split(`${doc.t} ${doc.s}`.normalize("NFC").toLowerCase()).join(" ")}`;
    return asked.filter((word, at) => word !== words[at] && text.includes(` ${word}`)).length * 6;
  };

  // Marks in the text what was asked for. A word typed with its marks means only itself.
  const mark = (text, words) => {
    const out = document.createDocumentFragment();
    for (const part of text.normalize("NFC").split(/([\p{L}\p{N}]+)/u)) {
      const lower = part.toLowerCase();
      const plain = fold(part);
      if (words.some((word) => (word === fold(word) ? plain : lower).startsWith(word))) {
        const hit = document.createElement("mark");
        hit.textContent = part;
        out.append(hit);
      } else out.append(part);
    }
    return out;
  };

  const element = (name, className, ...kids) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...kids);
    return made;
  };

  const show = (query) => {
    const asked = split(query.normalize("NFC").toLowerCase());
    const words = asked.map(fold);
    list.replaceChildren();
    if (!words.length) {
      found.textContent = "";
      return;
    }
    const hits = docs
      .map(({ doc, fields }) => ({ doc, points: score(fields, words) }))
      .filter(({ points }) => points)
      .map(({ doc, points }) => ({ doc, points: points + exact(doc, asked, words) }))
      .sort((a, b) => b.points - a.points);
    found.textContent = hits.length
      ? `${hits.length} bài có “${query.trim()}”${hits.length > MOST ? `, dưới đây là ${MOST} bài hợp nhất` : ""}`
      : `Không có bài nào có đủ các từ “${query.trim()}”. Thử bớt từ hoặc dùng từ khác.`;
    for (const { doc } of hits.slice(0, MOST)) {
      const link = element("a", "", mark(doc.t, asked));
      link.href = root + doc.u;
      list.append(
        element(
          "li", "", link,
          element("p", "", mark(doc.s, asked)),
          element("p", "meta", element("span", "", doc.c), element("span", "", doc.i)),
        ),
      );
    }
  };

  const run = async () => {
    const query = input.value;
    const url = new URL(location.href);
    if (query.trim()) url.searchParams.set("q", query.trim()); else url.searchParams.delete("q");
    history.replaceState(null, "", url);
    if (!docs && query.trim()) {
      found.textContent = "Đang tải mục lục tìm kiếm…";
      try {
        await load();
      } catch {
        found.textContent = "Không tải được mục lục tìm kiếm. Kiểm tra kết nối rồi thử lại.";
        return;
      }
    }
    if (input.value === query && (docs || !query.trim())) show(query);
  };

  page.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    run();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, 180);
  });
  // Arrow down goes from the field into the results and on; arrow up comes back.
  page.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });

  input.value = new URLSearchParams(location.search).get("q") || "";
  if (input.value) run(); else input.focus({ preventScroll: true });
})();
