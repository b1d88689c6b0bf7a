// Keeps the bulletin for reading without a network; does nothing where the browser cannot, nor in a
// frame of another page (the form of the editors, which exchanges its frame while one writes).
(() => {
  "use strict";
  const me = document.currentScript;
  if (!("serviceWorker" in navigator) || !("caches" in window) || !location.protocol.startsWith("http") || top !== self) return;
  const root = new URL("../", me.src);
  const here = (url) => new URL(url, root).href;
  const name = (list, how) => `so|${how}|${list.key}|${list.version}`;
  const parts = (cache) => cache.split("|");
  const sparing = navigator.connection && (navigator.connection.saveData || /2g/.test(navigator.connection.effectiveType));

  // One issue: pages first, what they need next. Old versions of the same issue go when all is there.
  async function keep(list, how, told) {
    const cache = await caches.open(name(list, how));
    let done = 0;
    for (const url of list.urls) {
      if (!(await cache.match(here(url)))) {
        const answer = await fetch(here(url), { cache: url.endsWith("/") ? "no-cache" : "default" });
        if (!answer.ok) throw new Error(url);
        await cache.put(here(url), answer);
      }
      told?.(++done, list.urls.length);
    }
    for (const other of await caches.keys()) {
      const [form, mode, key] = parts(other);
      const outdated = key === list.key || (how === "moi" && mode === "moi");
      if (form === "so" && outdated && other !== name(list, how)) await caches.delete(other);
    }
  }

  const saved = async (key) => (await caches.keys()).filter((cache) => {
    const [form, mode, issue] = parts(cache);
    return form === "so" && mode === "luu" && issue === key;
  });
  const read = async (url) => (await fetch(here(url), { cache: "no-cache" })).json();

  async function button(box) {
    const control = box.querySelector("button");
    const said = box.querySelector("[role=status]");
    const key = box.dataset.key;
    const show = async (word) => {
      const has = (await saved(key)).length > 0;
      control.textContent = has ? box.dataset.remove : box.dataset.keep;
      if (word !== undefined) said.textContent = word;
    };
    const load = async () => {
      control.disabled = true;
      try {
        await keep(await read(box.dataset.list), "luu", (done, all) => { said.textContent = `${done}/${all}`; });
        navigator.storage?.persist?.();
        await show(box.dataset.done);
      } catch {
        await show(box.dataset.failed);
      }
      control.disabled = false;
    };
    control.addEventListener("click", async () => {
      const mine = await saved(key);
      if (!mine.length) return load();
      for (const cache of mine) await caches.delete(cache);
      return show(box.dataset.gone);
    });
    await show();
    box.hidden = false;
    const mine = await saved(key);
    if (mine.length && navigator.onLine) {
      const list = await read(box.dataset.list).catch(() => null);
      if (list && !mine.includes(name(list, "luu"))) await load();
    }
  }

  async function shelf(box) {
    const rows = new Map();
    for (const cache of await caches.keys()) {
      if (cache !== "da-doc" && !cache.startsWith("so|")) continue;
      const open = await caches.open(cache);
      for (const request of await open.keys()) {
        if (!request.url.endsWith("/") || rows.has(request.url)) continue;
        const page = new DOMParser().parseFromString(await (await open.match(request)).text(), "text/html");
        rows.set(request.url, page.querySelector("h1")?.textContent.trim() || page.title);
      }
    }
    for (const [url, title] of [...rows].sort((a, b) => a[1].localeCompare(b[1], "vi"))) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = title;
      const row = document.createElement("li");
      row.append(link);
      box.querySelector("ul").append(row);
    }
    box.hidden = rows.size === 0;
    const asked = new URLSearchParams(location.search).get("trang");
    const again = document.querySelector(".again");
    const back = asked === null ? null : new URL(asked, root);
    if (again && back?.href.startsWith(root.href)) {
      again.href = back.href;
      again.hidden = false;
    }
  }

  async function start() {
    try {
      await navigator.serviceWorker.register(here("sw.js"));
    } catch {
      return;
    }
    document.querySelectorAll(".keep").forEach(button);
    document.querySelectorAll(".kept").forEach(shelf);
    // The first visit belongs to the reader; from the second page on the current issue is fetched.
    if (!navigator.serviceWorker.controller) {
      const answer = await fetch(location.href.split("#")[0]);
      const html = (answer.headers.get("content-type") || "").includes("text/html");
      if (answer.ok && html) (await caches.open("da-doc")).put(answer.url, answer);
    } else if (me.dataset.issue && !sparing && navigator.onLine) {
      const list = await read(me.dataset.issue + "ngoai-tuyen.json");
      if (!(await saved(list.key)).length) await keep(list, "moi");
    }
  }
  addEventListener("load", () => setTimeout(() => start().catch(() => {}), 1500));
})();
