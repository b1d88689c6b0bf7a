// Search without a server. search.json says how the index is cut; of the rest only the shelves of
// the words asked for are loaded, and the pieces that are shown. docs/decisions/0011-search.md.
(() => {
  "use strict";
  const page = document.querySelector(".search");
  if (!page) return;
  const { index, root } = page.dataset;
  const form = page.querySelector("form");
  const input = page.querySelector("input");
  const found = page.querySelector(".found");
  const list = page.querySelector(".results");
  const more = page.querySelector(".more");
  const [bySection, byYear, byIssue] = page.querySelectorAll("select");
  const STEP = 10;
  const AT_ONCE = 3;
  const PAUSE = 350; // ms without a key: longer than between two keys of one word
  const PLACES = 2 ** 24; // more than there are pieces
  const WEIGHT = [1, 2, 3, 5, 9]; // text, often in the text, standfirst, keyword, title
  // Letters, digits and marks. A slow phone feels how long a browser prepares \p{L}: text of signs
  // that Vietnamese is written in has them by ranges.
  const PLAIN = /^[\0-\u036f\u1e00-\u1eff\u2000-\u20cf\u2100-\u218f]*$/;
  const NEAR = /[0-9A-Za-z\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u02c6-\u02d1\u02e0-\u02e4\u02ec\u02ee\u0300-\u036f\u1e00-\u1eff\u2070\u2071\u2074-\u2079\u207f-\u2089\u2090-\u209c\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2139\u213c-\u213f\u2145-\u2149\u214e\u2150-\u2189]+/g;
  const ANY = /[\p{L}\p{N}\u0300-\u036f]+/gu;
  const MARKS = { "\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u0306": "w", "\u031b": "w", "\u0302": "c" };

  // The same as bulletin/outputs/syllables.py.
  const split = (word) => {
    let made = stems.get(word);
    if (!made) stems.set(word, made = taken(word));
    return made;
  };
  const stems = new Map();
  const taken = (word) => {
    const lower = word.toLowerCase();
    let marks = "";
    let stem = lower
      .replace(/[đðɖ]/g, () => ((marks += "d"), "d"))
      .normalize("NFD")
      .replace(PLAIN.test(word) ? /[\u0300-\u036f]/g : /\p{Mn}/gu, (mark) => ((marks += MARKS[mark] || "*"), ""));
    const typed = stem;
    if (/^(qu|[bcdghklmnprstvx]h?)y$/.test(stem)) stem = stem.slice(0, -1) + "i";
    return { stem, typed, marks: [...marks].sort().join("") };
  };
  const cut = (text) => [...text.matchAll(PLAIN.test(text) ? NEAR : ANY)];
  const parse = (text) => cut(text.normalize("NFC")).map(([word]) => ({ ...split(word) }));
  const within = (few, many) => [...few].every((mark) => many.includes(mark));

  // ---- the index -------------------------------------------------------------------------------

  const files = new Map();
  // Parsed in one go, without the streams of fetch: less work for a slow phone.
  const get = (url) => new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "json";
    request.onload = () => (request.status === 200 && request.response ? done(request.response) : request.onerror());
    request.onerror = () => fail(new Error(`${request.status} ${url}`));
    request.send();
  });
  const load = (url) => {
    if (!files.has(url)) {
      const answer = get(url);
      files.set(url, answer);
      answer.catch(() => files.delete(url));
    }
    return files.get(url);
  };

  let data;
  let preparing;
  const prepare = () => {
    preparing ??= arrange();
    preparing.catch(() => (preparing = undefined)); // asked again with the next query
    return preparing;
  };
  const arrange = async () => {
    const read = await load(index);
    const folder = (name) => `${root}${read.base}${name}/`;
    let start = 0;
    let next = 0;
    const total = read.parts.reduce((sum, part) => sum + part[1], 0);
    const parts = read.parts.map(([name, size]) => {
      start += size;
      return { folder: folder(name), start: start - size, size };
    });
    const made = {
      ...read,
      total,
      shelves: read.shelves.split(","),
      parts,
      volumes: read.volumes.map(([name, every, count]) => {
        next += count;
        const shelves = folder(name);
        return { every, parts: parts.slice(next - count, next), read: (n) => load(`${shelves}${n}.json`) };
      }),
      issueOf: new Uint16Array(total),
      sectionOf: new Uint8Array(total),
    };
    let at = 0;
    read.issues.forEach(([, , runs], issue) => {
      for (const [section, count] of runs) {
        made.issueOf.fill(issue, at, at + count);
        made.sectionOf.fill(section, at, (at += count));
      }
    });
    data = made;
    const filters = form.querySelector("details");
    const wanted = [bySection, byYear, byIssue].some(({ name }) => asked.get(name));
    if (wanted || filters.open) fill();
    else filters.addEventListener("toggle", fill, { once: true });
    if (wanted) filters.open = true;
    (window.requestIdleCallback || setTimeout)(rehearse);
  };

  // A thousand issues are a thousand choices: made only for those who want to choose.
  const fill = () => {
    const option = (select, value, text) => {
      const made = new Option(text, value);
      made.selected = asked.get(select.name) === value;
      select.append(made);
    };
    for (const title of [...data.sections].sort((a, b) => a.localeCompare(b, "vi"))) option(bySection, title, title);
    for (const year of [...new Set(data.issues.map((issue) => issue[0]))].reverse()) option(byYear, String(year), `Năm ${year}`);
    for (let n = data.issues.length; n; n--) option(byIssue, String(n), data.issues[n - 1][1]);
  };

  // The file of a volume that holds a word, or two words next to each other.
  const shelf = (every, key) => {
    const cuts = data.shelves;
    let low = 0;
    let high = cuts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (cuts[middle] <= key) low = middle; else high = middle;
    }
    return Math.floor(low / every);
  };
  const pairOf = (word, following) => `${word.stem} ${following.stem}`;

  // The places of a word, each with the most that it is worth there, into best; how many are new.
  const weigh = (text, start, worth, best) => {
    const { levels } = data;
    let seen = 0;
    let piece = start - 1;
    let number = 0;
    let unit = 1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const value = code - (code > 92 ? 36 : 35);
      number += value * unit;
      unit *= 27;
      if (value >= 64) continue; // more signs follow
      const level = number % levels;
      piece += 1 + (number - level) / levels;
      if (!best[piece]) seen++;
      if (best[piece] < worth[level]) best[piece] = worth[level];
      number = 0;
      unit = 1;
    }
    return seen;
  };

  // Everything that the index says about one word: [places, first piece of the part].
  const lookUp = async (volumes, word, following, last) => {
    const found = { same: [], wider: [], any: [], begun: [], pairs: [] };
    await Promise.all(volumes.map(async ({ read, every, parts }) => { // keys of the first part, of the second …
      const own = shelf(every, word.stem);
      const numbers = new Set([own]);
      // Half a word may be a whole one too. Shelves next door are few and small in a small archive;
      // in a large one they are loaded for what is no word, and not for a letter or two.
      if (last && (every > 8 || !(await read(own)).some((keys) => keys[word.stem]))) {
        const from = shelf(every, word.typed);
        const until = shelf(every, `${word.typed}\uffff`);
        if (until - from < 2) numbers.add(from).add(until);
      }
      const words = [...numbers].map(async (n) => (await read(n)).forEach((keys, at) => {
        const { start } = parts[at];
        const take = (into, variants, check) => {
          for (const marks in variants) if (check(marks)) into.push([variants[marks], start]);
        };
        const same = keys[word.stem];
        if (same) {
          take(found.same, same, (marks) => marks === word.marks);
          take(found.wider, same, (marks) => within(word.marks, marks));
          take(found.any, same, () => true);
        }
        for (const key in last ? keys : {}) {
          if (key !== word.stem && key.startsWith(word.typed) && !key.includes(" ")) take(found.begun, keys[key], (marks) => within(word.marks, marks));
        }
      }));
      const neighbours = async () => {
        const pair = pairOf(word, following);
        (await read(shelf(every, pair))).forEach((keys, at) => {
          for (const key in keys) {
            if (key === pair || (following.last && key.startsWith(pair))) found.pairs.push([keys[key], parts[at].start]);
          }
        });
      };
      await Promise.all(following ? [...words, neighbours()] : words);
    }));
    // Typed with marks: the word itself, else words with these marks and more, else any.
    let exact = found.any;
    if (word.marks) exact = [found.same, found.wider, found.any].find((some) => some.length) || [];
    return { exact, begun: found.begun, pairs: found.pairs };
  };

  const search = async (volumes, query) => {
    const words = parse(query);
    words.forEach((word, n) => (word.last = n === words.length - 1));
    // Each word is weighed as soon as it is there; all are added in their order.
    const weighed = (groups, strength) => {
      const best = new Float32Array(data.total);
      let seen = 0;
      for (const [group, factor] of groups) {
        const worth = WEIGHT.map((weight) => weight * factor);
        for (const [text, start] of group) seen += weigh(text, start, worth, best);
      }
      return { best, rare: strength * Math.log(1 + data.total / (seen + 1)) };
    };
    const all = await Promise.all(words.map(async (word, n) => {
      const { exact, begun, pairs } = await lookUp(volumes, word, words[n + 1], word.last);
      return [weighed([[exact, 1], [begun, 0.4]], 1), pairs.length ? weighed([[pairs, 1]], 1.5) : undefined];
    }));
    const points = new Float32Array(data.total);
    const matched = new Uint8Array(data.total);
    for (const [own, beside] of all) {
      for (let n = 0; n < data.total; n++) {
        if (!own.best[n]) continue;
        points[n] += own.best[n] * own.rare;
        matched[n]++;
      }
      for (let n = 0; beside && n < data.total; n++) {
        if (beside.best[n]) points[n] += beside.best[n] * beside.rare;
      }
    }
    const filter = bySection.value || byYear.value || byIssue.value;
    const fits = (n) =>
      (!bySection.value || data.sections[data.sectionOf[n]] === bySection.value) &&
      (!byYear.value || data.issues[data.issueOf[n]][0] === +byYear.value) &&
      (!byIssue.value || data.issueOf[n] === byIssue.value - 1);
    const rank = (wanted) => {
      const packed = new Float64Array(data.total);
      let count = 0;
      for (let n = 0; n < data.total; n++) {
        // Points first, then the newer piece.
        if (matched[n] >= wanted && (!filter || fits(n))) packed[count++] = Math.round(points[n] * 64) * PLACES + n;
      }
      return packed.subarray(0, count);
    };
    let hits = rank(words.length);
    const partial = !hits.length && words.length > 1;
    if (partial) hits = rank(words.length - 1);
    return { words, partial, hits, top: few(hits, STEP) };
  };

  // The best few of thousands, best first; all are put in order only for who wants to see more.
  const few = (values, count) => {
    const top = [];
    for (const value of values) {
      if (top.length === count) {
        if (value < top[count - 1]) continue;
        top.pop();
      }
      let at = top.length;
      while (at && top[at - 1] < value) at--;
      top.splice(at, 0, value);
    }
    return top;
  };

  // What is typed and will not change is loaded while the next word is typed.
  const ahead = (typed) => {
    if (!data) return;
    const text = typed.trimStart();
    const words = parse(text.slice(0, Math.max(0, text.lastIndexOf(" "))));
    for (const { read, every } of data.volumes) {
      words.forEach((word, n) => {
        const numbers = [shelf(every, word.stem)];
        if (n) numbers.push(shelf(every, pairOf(words[n - 1], word)));
        numbers.forEach((number) => read(number).catch(() => {})); // said when the query comes
      });
    }
  };

  // ---- showing ---------------------------------------------------------------------------------

  const meant = (words, part) => {
    const { stem, marks, typed } = split(part);
    return words.findIndex((word) =>
      (word.stem === stem && (!word.marks || word.marks === marks)) ||
      (word.last && typed.startsWith(word.typed) && within(word.marks, marks)));
  };

  // The text with the words that were asked for marked, and which of them it has; a word typed with
  // marks means only itself.
  const mark = (text, words) => {
    const out = document.createDocumentFragment();
    const seen = new Set();
    const whole = text.normalize("NFC");
    let until = 0;
    for (const { 0: part, index: at } of cut(whole)) {
      const number = meant(words, part);
      if (number < 0) continue;
      seen.add(number);
      const hit = document.createElement("mark");
      hit.textContent = part;
      out.append(whole.slice(until, at), hit);
      until = at + part.length;
    }
    out.append(whole.slice(until));
    return { out, seen };
  };
  const known = (text, words) => new Set(cut(text.normalize("NFC")).map(([part]) => meant(words, part)).filter((n) => n >= 0));

  const element = (name, className, ...kids) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...kids);
    return made;
  };

  // The place in the piece that has most of the words, cut out of its own page.
  const excerpt = async (line) => {
    const { url, words } = line;
    const answer = await fetch(url);
    if (!answer.ok) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const phrase = words.map((word) => word.stem);
    let best = "";
    let most = line.known + 0.5;
    let first = 0;
    const body = read.querySelector("main .body") || read.querySelector("main");
    for (const block of body.querySelectorAll("p, li, td, h2, h3")) {
      if (block.querySelector("p, li")) continue;
      const text = block.textContent.replace(/\s+/g, " ").trim();
      const parts = cut(text);
      const stems = parts.map((part) => split(part[0]).stem);
      // All the words next to each other are worth one word more.
      const whole = stems.findIndex((_, at) => phrase.every((stem, n) => stems[at + n] === stem));
      const count = known(text, words).size + (whole < 0 ? 0 : 1);
      if (count <= most) continue;
      [best, most] = [text, count];
      first = (whole < 0 ? parts.find((part) => meant(words, part[0]) >= 0) : parts[whole]).index;
    }
    if (!best) return;
    let from = 0;
    if (first > 80) from = best.indexOf(" ", first - 60) + 1;
    const until = best.length > from + 150 ? best.lastIndexOf(" ", from + 150) : best.length;
    line.box.replaceChildren(from ? "… " : "", mark(best.slice(from, until), words).out, until < best.length ? " …" : "");
  };
  const lines = new WeakMap();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      excerpt(lines.get(target)).catch(() => {}); // the standfirst stays
    }
  });

  const rowOf = (n, [path, title, standfirst], words) => {
    const name = mark(title, words);
    const lead = mark(standfirst, words);
    const link = element("a", "", name.out);
    link.href = root + path;
    const box = element("p", "", lead.out);
    const row = element("li", "", link, box,
      element("p", "meta", element("span", "", data.sections[data.sectionOf[n]]), element("span", "", data.issues[data.issueOf[n]][1])));
    if (new Set([...name.seen, ...lead.seen]).size < words.length) {
      box.className = "cut"; // as high before the excerpt comes as after
      lines.set(row, { url: link.href, words, box, known: lead.seen.size });
    }
    return row;
  };

  // A slow phone takes twice as long for what it does for the first time: the whole of a search is
  // gone through once, with a book of two words, while the reader still types.
  const rehearse = async () => {
    const places = "#".repeat(Math.min(data.total, 2000));
    const keys = { "": places, f: places };
    const read = async () => [{ mau: keys, thu: keys, thun: keys, "mau thu": places }];
    const { words, top } = await search([{ read, every: 8, parts: [{ start: 0 }] }], "mẫu thu");
    for (const value of top) rowOf(value % PLACES, ["", "Mẫu thử", "Một mẫu và những lần thử"], words);
  };

  let turn = 0;
  let answer;
  const show = async (from, until = from + STEP) => {
    const mine = turn;
    const { words, hits, top } = answer;
    if (until > STEP) answer.all ??= hits.sort().reverse();
    const wanted = [...(answer.all || top).slice(from, until)].map(async (value) => {
      const n = value % PLACES;
      const part = data.parts.find(({ start, size }) => n < start + size);
      const at = n - part.start;
      const block = await load(`${part.folder}b${Math.floor(at / data.block)}.json`);
      return [n, block[at % data.block]];
    });
    wanted.forEach((one) => one.catch(() => {})); // said where it is waited for
    // In their order, each as soon as it is there: nothing that stands moves.
    let first;
    for (const one of wanted) {
      const [n, given] = await one;
      if (mine !== turn) return;
      const row = rowOf(n, given, words);
      if (first || from) list.append(row); else list.replaceChildren(row);
      if (lines.has(row)) watch.observe(row);
      first ??= row;
    }
    if (!hits.length) list.replaceChildren();
    if (until >= STEP) more.hidden = hits.length <= until;
    return first;
  };

  const asked = new URLSearchParams(location.search);
  const run = async () => {
    const mine = ++turn;
    const query = input.value.trim();
    // Late: the choices of the address are known then, and a new address makes the browser look for
    // the icon of the page again.
    const named = () => {
      const url = new URL(location.href);
      for (const { name, value } of [{ name: "q", value: query }, bySection, byYear, byIssue]) {
        if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
      }
      history.replaceState(null, "", url);
    };
    if (!query) {
      if (data) named();
      found.textContent = "";
      list.replaceChildren();
      more.hidden = true;
      return;
    }
    try {
      if (!data) found.textContent = "Đang tải mục lục tìm kiếm…";
      await prepare();
      const given = await search(data.volumes, query);
      if (mine !== turn) return;
      answer = given;
      more.hidden = true; // what follows is not there yet
      const count = `${String(given.hits.length).replace(/\B(?=(\d{3})+$)/g, ".")} bài`;
      const filtered = bySection.value || byYear.value || byIssue.value ? " trong phần đã chọn" : "";
      found.textContent = !given.hits.length
        ? `Không có bài nào${filtered} có “${query}”. Thử bớt từ hoặc dùng từ khác.`
        : given.partial
          ? `Không có bài nào${filtered} có đủ các từ “${query}”. Dưới đây là ${count} thiếu một từ.`
          : `${count}${filtered} có “${query}”.`;
      // What a phone shows at once comes first.
      await show(0, AT_ONCE);
      if (mine !== turn) return;
      named();
      if (given.hits.length > AT_ONCE) await show(AT_ONCE, STEP);
    } catch {
      if (mine === turn) found.textContent = "Không tải được mục lục tìm kiếm. Kiểm tra kết nối rồi thử lại.";
    }
  };

  if (location.protocol === "file:") {
    found.textContent = "Trang đang mở từ tệp trên máy nên trình duyệt không cho tìm kiếm. Hãy mở trang trên mạng, hoặc tìm theo từ khóa, chuyên mục, từng số.";
    return;
  }
  let timer;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    run();
  });
  form.addEventListener("change", (event) => {
    if (event.target !== input) run();
  });
  input.addEventListener("focus", () => prepare().catch(() => {}), { once: true });
  input.addEventListener("input", ({ inputType }) => {
    clearTimeout(timer);
    ahead(inputType === "insertFromPaste" ? `${input.value} ` : input.value); // pasted: typed to its end
    timer = setTimeout(run, PAUSE);
  });
  let following = false;
  more.addEventListener("click", async () => {
    if (following) return;
    following = true;
    const first = await show(list.children.length).catch(() => {});
    following = false;
    if (first) first.querySelector("a").focus();
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

  input.value = asked.get("q") || "";
  if (input.value) run(); else input.focus({ preventScroll: true });
})();
