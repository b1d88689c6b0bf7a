"""Brings the built site to where readers find it: look, plan, send, delete, and remember all that.

Each portion is written into the list beside the files before and after it is sent, so a cut line
costs one portion: the next run sees what is unsure and goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bulletin.publishing.plan import Files, Plan, batches, written
from bulletin.publishing.targets import Target

Told = Callable[[str], None]
UNSURE = ("", 0)


def carry_out(plan: Plan, target: Target, site: Path, say: Told) -> None:
    """Make the place as the plan says. May be cut off anywhere and run again."""
    state: dict[str, tuple[str, int]] = dict(plan.before)
    portions = list(batches(plan))
    for number, paths in enumerate(portions, start=1):
        target.mark(written(state | dict.fromkeys(paths, UNSURE), busy=True))
        say(f"  Gửi phần {number}/{len(portions)}: {len(paths)} tệp, {size(plan.size(paths))}")
        target.put(site, paths)
        state |= {path: plan.files[path] for path in paths}
    if plan.removed:
        target.mark(written(state, busy=True))
        say(f"  Gỡ {len(plan.removed)} tệp không còn trong trang")
        target.drop(plan.removed)
    counted = f"{len(plan.new)} mới, {len(plan.changed)} đổi, {len(plan.removed)} gỡ"
    target.finish(site, written(plan.files, busy=False), f"Đăng trang: {counted}")


def size(count: int) -> str:
    """«3,4 MB», «12 KB»."""
    if count < 1_000_000:
        return f"{-(-count // 1000)} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def kinds(files: Files, paths: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """(kind, files, bytes) of what is sent, for a short list."""
    found: dict[str, list[int]] = {}
    for path in paths:
        name = next((name for name, ends in KINDS if path.endswith(ends)), "khác")
        found.setdefault(name, []).append(files[path][1])
    order = [name for name, _ in KINDS] + ["khác"]
    return [(name, len(found[name]), sum(found[name])) for name in order if name in found]


KINDS = (
    ("trang", (".html",)),
    ("PDF, EPUB, ZIP", (".pdf", ".epub", ".zip")),
    ("hình", (".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif")),
    ("phông chữ", (".woff2", ".ttf", ".otf")),
    ("RSS, dữ liệu", (".xml", ".json", ".opml", ".ics", ".webmanifest")),
)


def as_text(plan: Plan, name: str, where: str, shown: int = 12) -> str:
    """The plan for people, before anything is touched."""
    lines = [f"Nơi đăng {name}: {where}"]
    if plan.resumed:
        lines.append("  Lần trước dừng giữa chừng; lần này làm tiếp.")
    rows = (("Mới", "+", plan.new), ("Đổi", "~", plan.changed), ("Gỡ", "-", plan.removed))
    for word, _, paths in rows:
        lines.append(f"  {word:<4} {len(paths):>6} tệp {size(plan.size(paths)):>10}")
    lines.append(f"  Giữ  {plan.kept:>6} tệp")
    sent = (*plan.new, *plan.changed)
    parts = [f"{name} {count} ({size(total)})" for name, count, total in kinds(plan.files, sent)]
    lines += [f"  Gửi: {'; '.join(parts)}"] if parts else []
    for word, sign, paths in rows:
        lines += [f"    {sign} {path}" for path in paths[:shown]]
        if len(paths) > shown:
            lines.append(f"    {sign} … và {len(paths) - shown} tệp {word.lower()} khác")
    if lost := [path for path in plan.removed if path.endswith(".pdf")]:
        lines.append(f"  Chú ý: {len(lost)} tệp PDF sẽ mất; có phải lần dựng này là --only site?")
    return "\n".join(lines)


def as_json(plan: Plan, name: str, where: str) -> dict[str, object]:
    return {
        "target": name,
        "to": where,
        "resumed": plan.resumed,
        "new": list(plan.new),
        "changed": list(plan.changed),
        "removed": list(plan.removed),
        "kept": plan.kept,
        "bytes": plan.size((*plan.new, *plan.changed)),
    }
