// Reading without a network. The build writes SITE in front of these lines: version, shell, offline page.
// Pages come from the network while it answers, so nobody reads a stale one; what was read, the shell
// and the issues that were saved answer when it does not.
"use strict";
const ROOT = new URL("./", self.location);
const SHELL = "vo|" + SITE.version;
const READ = "da-doc";
const FILES = "tep";
const PATIENCE = 4000;
const KEEP = { [READ]: 60, [FILES]: 120 };
// Shelves of the search. The browser keeps them as long as their headers say; here every query would
// push out a dozen files of pages that were read, and wait for this worker a dozen times.
const SHELVES = "assets/tim/";

const here = (url) => new URL(url, ROOT).href;
// style-0123456789.css → style-.css and hinh/anh-0123456789-800.webp → hinh/anh-0123456789: what an
// older page asks for is served by the file that has taken its place.
const stem = (path) => path.replace(/(hinh\/.*-[0-9a-f]{10}).*/, "$1").replace(/(assets\/.*-)[0-9a-f]{10}\./, "$1.");

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    try { // where browsers can, they do not even ask
      await event.addRoutes?.({ condition: { urlPattern: here(`${SHELVES}*`) }, source: "network" });
    } catch { /* the listener below passes them on */ }
    const cache = await caches.open(SHELL);
    await Promise.all(SITE.shell.map(async (url) => {
      const fresh = url === "" || url.endsWith("/") ? "no-cache" : "default";
      const answer = await fetch(here(url), { cache: fresh });
      if (!answer.ok) throw new Error(url);
      await cache.put(here(url), answer);
    }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("vo|") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function remember(name, request, answer) {
  const cache = await caches.open(name);
  await cache.delete(request);
  await cache.put(request, answer);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - KEEP[name]))) await cache.delete(old);
}

async function kept(request) {
  return caches.match(request, { ignoreSearch: true, ignoreVary: true });
}

async function alike(url) {
  const wanted = stem(url.pathname);
  if (wanted === url.pathname) return undefined;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) {
      if (stem(new URL(key.url).pathname) === wanted) return cache.match(key);
    }
  }
  return undefined;
}

async function page(event) {
  const request = event.request;
  const asked = fetch(request).then((answer) => {
    const html = (answer.headers.get("content-type") || "").includes("text/html");
    if (answer.ok && html && answer.type === "basic") event.waitUntil(remember(READ, request.url, answer.clone()));
    return answer;
  });
  asked.catch(() => {});
  const wait = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const first = await Promise.race([asked, wait]);
    if (first) return first;
  } catch { /* no network */ }
  const old = await kept(request);
  if (old) return old;
  try {
    return await asked;
  } catch {
    // By its own address, because the links of the page start there; it offers the way back.
    return Response.redirect(`${here(SITE.offline)}?trang=${encodeURIComponent(request.url.slice(ROOT.href.length))}`);
  }
}

async function hashed(event, url) {
  const old = await caches.match(event.request, { ignoreVary: true });
  if (old) return old;
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(remember(FILES, event.request, answer.clone()));
    return answer;
  } catch {
    return (await alike(url)) || Response.error();
  }
}

async function other(event) {
  try {
    const answer = await fetch(event.request);
    const type = answer.headers.get("content-type") || "";
    if (answer.ok && /json|javascript/.test(type)) event.waitUntil(remember(FILES, event.request, answer.clone()));
    return answer;
  } catch {
    return (await kept(event.request)) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.href.startsWith(ROOT.href) || event.request.headers.has("range")) return;
  const inside = url.href.slice(ROOT.href.length);
  if (inside.startsWith(SHELVES)) return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (/^(assets|hinh)\//.test(inside)) event.respondWith(hashed(event, url));
  else event.respondWith(other(event));
});
