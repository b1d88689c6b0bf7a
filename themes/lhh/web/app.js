// Small comforts; every page is complete without them.
(() => {
  "use strict";
  const root = document.documentElement;
  const store = {
    get() { try { return localStorage.getItem("co-chu") || ""; } catch { return ""; } },
    set(value) { try { localStorage.setItem("co-chu", value); } catch { /* private window */ } },
  };

  const group = document.querySelector(".textsize");
  const size = (value) => {
    if (value) root.dataset.size = value; else delete root.dataset.size;
    group?.querySelectorAll("button").forEach((b) => {
      b.setAttribute("aria-pressed", String(b.dataset.size === value));
    });
  };
  size(store.get());
  if (group) {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      size(button.dataset.size);
      store.set(button.dataset.size);
      button.scrollIntoView({ block: "nearest" });
    });
  }

  const address = () => location.origin + location.pathname;
  if (navigator.clipboard) {
    document.querySelectorAll(".copy").forEach((copy) => {
      const said = copy.closest("dd").querySelector(".said");
      copy.parentElement.hidden = false;
      copy.addEventListener("click", async () => {
        const from = document.getElementById(copy.dataset.from);
        try {
          await navigator.clipboard.writeText(from ? from.textContent : address());
          said.textContent = copy.dataset.done;
        } catch {
          said.textContent = copy.dataset.failed || "Không chép được, xin bôi đen rồi chép";
        }
      });
    });
  }
  const send = document.querySelector(".send");
  if (send && navigator.share) {
    send.parentElement.hidden = false;
    send.addEventListener("click", () => {
      navigator.share({ title: document.querySelector("h1")?.textContent, url: address() }).catch(() => {});
    });
  }

  const menu = document.querySelector(".menu");
  menu?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
