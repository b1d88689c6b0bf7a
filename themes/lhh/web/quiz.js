// Marks a choice at once and counts; without it the answers stand under "Xem đáp án".
(() => {
  "use strict";
  const items = [...document.querySelectorAll(".quiz-item")];
  const score = document.querySelector(".quiz-score");
  const picked = (item) => item.querySelector("input:checked");
  document.querySelector(".quiz")?.addEventListener("change", (event) => {
    const item = event.target.closest(".quiz-item");
    item.querySelectorAll(".choice").forEach((label) => { delete label.dataset.mark; });
    const right = event.target.value === item.dataset.right;
    event.target.closest(".choice").dataset.mark = right ? "right" : "wrong";
    item.querySelector(".key").open = true;
    const done = items.filter(picked);
    if (done.length === items.length) {
      const good = done.filter((one) => picked(one).value === one.dataset.right).length;
      score.textContent = score.dataset.all.replace("{n}", good).replace("{m}", items.length);
    }
  });
})();
