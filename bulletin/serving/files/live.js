// On every page of the preview: marks drafts, reloads when it is another now, says what is wrong.
(() => {
  "use strict";
  const own = document.currentScript;
  const status = own && own.dataset.status;
  const mark = own && own.dataset.mark;
  const make = (name, className, text) => {
    const node = document.createElement(name);
    node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const framed = window.top !== window;
  if (status && !framed) document.body.prepend(make("p", "preview-status", `Xem thử · ${status}`));
  // Where the form of an article is; other files are mended in an editor of texts.
  const editor = (path, line) => {
    const match = /^content\/(.+)\.md$/.exec(path);
    return match ? `/_ban-bien-tap/bai/${encodeURI(match[1])}${line ? `#dong-${line}` : ""}` : "";
  };
  let box = null;
  const show = (problems) => {
    const folded = box && !box.open;
    if (box) box.remove();
    box = null;
    if (!problems.length || framed) return;
    box = make("details", "preview-overlay");
    box.open = !folded;
    box.append(make("summary", "", `${problems.length} lỗi cần sửa – trang bên dưới là bản đúng gần nhất`));
    const list = make("div", "preview-list");
    list.setAttribute("role", "alert");
    for (const problem of problems.slice(0, 12)) {
      const item = make("div", "preview-problem");
      const where = problem.path + (problem.line ? `, dòng ${problem.line}, cột ${problem.column}` : "");
      if (problem.path) item.append(make("b", "", where));
      const address = editor(problem.path, problem.line);
      if (address) {
        const link = make("a", "preview-mend", "Sửa trong biểu mẫu");
        link.href = address;
        item.append(link);
      }
      item.append(make("p", "", `${problem.message} [${problem.code}]`));
      if (problem.hint) item.append(make("p", "preview-hint", `Gợi ý: ${problem.hint}`));
      list.append(item);
    }
    if (problems.length > 12) {
      const more = make("a", "preview-mend", `Xem cả ${problems.length} lỗi ở Bàn biên tập`);
      more.href = "/_ban-bien-tap/";
      list.append(more);
    }
    box.append(list);
    document.body.append(box);
  };
  // Most saves change other pages: only a page that would come back as another is loaded again.
  const stale = async () => {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    return answer.headers.get("X-Bulletin-Mark") !== mark;
  };
  let compared = null; // the version with which this page is known to be the same
  window.bulletinNews(async ({ version, good, problems }) => {
    show(problems);
    if (!good || version === compared) return;
    try {
      if (await stale()) location.reload();
      else compared = version;
    } catch {
      // The program was stopped; its next word is compared again.
    }
  });
})();
