// The desk renews itself when a source changes, when a layout is done, when mail was taken.
(() => {
  "use strict";
  let seen = null;
  let busy = false;
  let again = false;
  const renew = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const old = document.getElementById("main");
      const open = [...old.querySelectorAll("details")].map((one) => one.open);
      const focus = document.activeElement && old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      const main = fresh.getElementById("main");
      // Pictures that are the same stay, so that nothing flickers.
      for (const image of main.querySelectorAll("img")) {
        const known = [...old.querySelectorAll("img")].find((one) => one.getAttribute("src") === image.getAttribute("src"));
        if (known) image.replaceWith(known);
      }
      [...main.querySelectorAll("details")].forEach((one, n) => {
        if (open[n]) one.open = true;
      });
      old.replaceChildren(...main.childNodes);
      if (focus) [...old.querySelectorAll("a")].find((one) => one.getAttribute("href") === focus)?.focus({ preventScroll: true });
    } catch {
      // The program was stopped; the page stays as it is.
    } finally {
      busy = false;
      if (again) {
        again = false;
        renew();
      }
    }
  };
  window.bulletinNews(({ version, news }) => {
    const mark = `${version} ${news}`;
    if (seen !== null && mark !== seen) renew();
    seen = mark;
  });
})();
