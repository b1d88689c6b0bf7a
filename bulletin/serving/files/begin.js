// Begins an article: the program makes the file, then its form opens.
(() => {
  "use strict";
  const form = document.getElementById("begin");
  const notice = document.getElementById("notice");
  const token = document.querySelector("meta[name=token]").content;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(["title", "issue", "section", "genre", "slug"].map((name) => [name, form.elements[name].value]));
    notice.hidden = true;
    let said = { message: "không gặp được chương trình", hint: "xem cửa sổ lệnh còn chạy không, rồi bấm lại" };
    try {
      const answer = await fetch("/_bulletin/bai-moi", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Bulletin-Token": token },
        body: JSON.stringify(given),
      });
      said = await answer.json();
      if (answer.ok) {
        location.assign(`/_ban-bien-tap/bai/${encodeURI(said.path.replace(/^content\//, "").replace(/\.md$/, ""))}`);
        return;
      }
    } catch {
      // Said below.
    }
    notice.hidden = false;
    notice.textContent = said.message + (said.hint ? ` – ${said.hint}` : "");
  });
})();
