"""The figures of the site's benchmark as tables and as a drawing: nothing is measured here."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench-site -->", "<!-- /bench-site -->"
COLOURS = {"bulletin": "#b3261e", "hugo": "#1a5fb4", "pelican": "#26704a", "eleventy": "#8a5a00"}
WIDE, HIGH, LEFT, TOP = 380, 250, 56, 34
PANELS = (("cpu", "processor, seconds"), ("peak", "memory, MiB"))


def table(figures: dict[str, Any], size: str, targets: dict[str, float]) -> str:
    """Markdown: every tool cold, then ours after each edit as a part of Hugo's build."""
    one = figures["sizes"][size]
    hugo = one["cold"].get("hugo")
    rows = [
        f"**{int(size):,} articles**\n",
        "| cold | processor s | × Hugo | wall s | × Hugo | memory MiB | × Hugo | files | MiB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, spent in one["cold"].items():
        cells = [f"{name} {figures['versions'].get(name, '')}".strip()]
        for key in ("cpu", "wall", "peak"):
            cells += [f"{spent[key]:,.1f}", f"{spent[key] / hugo[key]:.2f}" if hugo else "–"]
        rows.append(f"| {' | '.join(cells)} | {spent['files']:,.0f} | {spent['mib']:.0f} |")
    if "warm" in one:
        rows += _warm(one, hugo, targets)
    return "\n".join(rows) + "\n"


def _warm(
    one: dict[str, Any], hugo: dict[str, float] | None, targets: dict[str, float]
) -> list[str]:
    rows = [
        "",
        "| ours, again | processor s | wall s | memory MiB | × Hugo cold (processor) | target |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, spent in one["warm"].items():
        ratio = f"{spent['cpu'] / hugo['cpu']:.3f}" if hugo else "–"
        cells = f"{spent['cpu']:.2f} | {spent['wall']:.2f} | {spent['peak']:.0f} | {ratio}"
        rows.append(f"| {name} | {cells} | ≤ {targets[name]} |")
    if "serve" in one:
        spent = one["serve"]
        cells = f"{spent['cpu']:.2f} | {spent['ms'] / 1000:.3f} | {spent['peak']:.0f} | –"
        rows.append(f"| preview: save → page | {cells} | ≤ 0.150 s |")
    return rows


def write(figures: dict[str, Any], targets: dict[str, float], docs: Path) -> None:
    """The part between the marks of docs/performance.md, and the drawing beside it."""
    (docs / "images/performance.svg").write_text(drawing(figures), "utf-8")
    versions = ", ".join(f"{name} {number}" for name, number in figures["versions"].items())
    parts = [f"Machine: {figures['machine']}. Versions: {versions}.\n"]
    sizes = sorted(figures["sizes"], key=int)
    parts += [table(figures, size, targets) for size in reversed(sizes)]
    parts.append(f"`bulletin --help`: {figures['help_ms']:.0f} ms (median of 7; target 150 ms).\n")
    page = docs / "performance.md"
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n".join(parts) + f"\n{END}{after}", "utf-8")


# ---- the drawing ---------------------------------------------------------------------------------


def drawing(figures: dict[str, Any]) -> str:
    """Two logarithmic panels: processor time and memory of a cold build by number of articles."""
    body = [
        _panel(figures, key, title, number * (WIDE + 60))
        for number, (key, title) in enumerate(PANELS)
    ]
    names = sorted({n for one in figures["sizes"].values() for n in one["cold"]}, key=_order)
    for place, name in enumerate(names):
        x, y = LEFT + place * 110, HIGH + TOP + 62
        body.append(
            f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{COLOURS[name]}"/>'
            f'<text x="{x + 10}" y="{y}">{name}</text>'
        )
    wide, high = 2 * (WIDE + 60) + 20, HIGH + TOP + 76
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" '
        'font-family="sans-serif" font-size="12" fill="#222"><title>Cold builds: processor time '
        f'and memory by number of articles</title><rect width="{wide}" height="{high}" '
        'fill="#fff"/>' + "".join(body) + "</svg>\n"
    )


def _order(name: str) -> int:
    return list(COLOURS).index(name)


def _panel(figures: dict[str, Any], key: str, title: str, left: float) -> str:
    sizes = sorted(int(size) for size in figures["sizes"])
    lines: dict[str, list[tuple[int, float]]] = {}
    for size in sizes:
        for name, spent in figures["sizes"][str(size)]["cold"].items():
            lines.setdefault(name, []).append((size, max(spent[key], 0.01)))
    values = [value for line in lines.values() for _, value in line]
    low, most = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 0.01)
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])
    span = (last - first) or 1

    def x(size: float) -> float:
        return left + LEFT + (math.log10(size) - first) / span * (WIDE - LEFT)

    def y(value: float) -> float:
        return TOP + HIGH - (math.log10(value) - low) / (most - low) * HIGH

    out = [f'<text x="{left + LEFT}" y="18" font-weight="bold">{title}</text>']
    for power in range(low, most + 1):
        at = y(10**power)
        out.append(
            f'<path d="M{x(sizes[0]):.1f} {at:.1f}H{left + WIDE}" stroke="#ddd"/>'
            f'<text x="{left + LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,g}</text>'
        )
    for size in sizes:
        out.append(
            f'<text x="{x(size):.1f}" y="{TOP + HIGH + 20}" text-anchor="middle">{size:,}</text>'
        )
    out.append(f'<text x="{left + LEFT}" y="{TOP + HIGH + 38}" fill="#666">articles</text>')
    for name, line in lines.items():
        colour = COLOURS[name]
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in line)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="4" fill="{colour}"/>'
            for size, value in line
        ]
    return "".join(out)
