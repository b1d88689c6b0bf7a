"""``make bench-press``: the press beside Chromium and Typst, on issues made for the purpose.

Four issues of about forty-five pages and sixty photographs each (300 ppi, drawn by a formula; the
text is that of this repository) are built as an office would build them, and one of them is set by
the three engines alone. CPU is user + system time of all processes, memory the largest sum of
resident memory seen while sampling (pages shared by processes count for each). Writes
docs/bench-press.md; everything else goes to output/bench.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import measuring

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".cache" / "bench-press"
PROJECT = WORK / "project"
REPORT = ROOT / "docs" / "bench-press.md"
ARTICLES, PHOTOS, PARAGRAPHS = 15, 4, 15
ISSUES = 4
SAVES = 5
HEAD = 5  # lines of the front matter as they are written below
SECTIONS = ("chinh-sach", "ky-thuat", "sang-tao", "tri-tue-nhan-tao", "doi-song")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


# ---- the issues --------------------------------------------------------------


def paragraphs() -> list[str]:
    """Plain paragraphs of the repository's articles, in a fixed order."""
    found = []
    for path in sorted((ROOT / "content").rglob("*.md")):
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        for block in re.split(r"\n\s*\n", body):
            plain = block.strip()
            if len(plain) > 180 and "\n" not in plain and re.match(r"[^\W\d_]", plain):
                found.append(re.sub(r"\[([^\]]*)\]\([^)]*\)|[*_`\\]|\[\^[^\]]*\]", r"\1", plain))
    return found


def photograph(seed: str, width: int, height: int) -> bytes:
    """A JPEG with the detail of a photograph: soft shapes and grain, drawn from digests."""
    from PIL import Image, ImageChops

    def noise(wide: int, high: int, salt: str) -> Image.Image:
        data, n = bytearray(), 0
        while len(data) < wide * high * 3:
            data += hashlib.shake_128(f"{seed}{salt}{n}".encode()).digest(1 << 16)
            n += 1
        return Image.frombytes("RGB", (wide, high), bytes(data[: wide * high * 3]))

    shapes = noise(9, 7, "shape").resize((width, height), Image.Resampling.BICUBIC)
    middle = noise(width // 12, height // 12, "middle").resize((width, height))
    grain = noise(width // 2, height // 2, "grain").resize((width, height))
    picture = Image.blend(Image.blend(shapes, middle, 0.25), grain, 0.1)
    out = io.BytesIO()
    ImageChops.offset(picture, 0).save(out, "JPEG", quality=88)
    return out.getvalue()


def make_project() -> None:
    shutil.rmtree(PROJECT, ignore_errors=True)
    PROJECT.mkdir(parents=True)
    drawn = WORK / "photographs"
    drawn.mkdir(exist_ok=True)
    shutil.copytree(ROOT / "themes", PROJECT / "themes")
    shutil.copy(ROOT / "bulletin.yaml", PROJECT)
    words, at = paragraphs(), 0
    for issue in range(1, ISSUES + 1):
        folder = PROJECT / "content" / "2026" / f"so-{issue}"
        folder.mkdir(parents=True)
        contents: dict[str, list[str]] = {name: [] for name in SECTIONS}
        for number in range(1, ARTICLES + 1):
            name = f"bai-{number:02d}"
            contents[SECTIONS[(number - 1) * len(SECTIONS) // ARTICLES]].append(name)
            text = [words[(at + n) % len(words)] for n in range(PARAGRAPHS)]
            at += PARAGRAPHS
            (folder / f"{name}.md").write_text(article(issue, number, text), encoding="utf-8")
            for photo in range(PHOTOS):
                size = (2000, 1180) if photo == 0 else (1000, 720)
                kept = drawn / f"{issue}-{number}-{photo}-{size[0]}x{size[1]}.jpg"
                if not kept.exists():
                    kept.write_bytes(photograph(f"{issue}-{number}-{photo}", *size))
                shutil.copy(kept, folder / f"anh-{number:02d}-{photo}.jpg")
        write_issue(issue, contents)


def article(issue: int, number: int, text: list[str]) -> str:
    section = SECTIONS[(number - 1) * len(SECTIONS) // ARTICLES]
    title = " ".join(text[0].split()[:9]).rstrip(",.;:").replace('"', "")
    out = [
        f'---\nuid: "2026-{issue}-bai-{number:02d}"\ntitle: "{title}"\nsection: {section}',
        "genre: guide\nauthors: [Ban biên tập]\nstatus: published",
        f"standfirst: {json.dumps(text[1][:150].rsplit(' ', 1)[0] + '.', ensure_ascii=False)}",
        f"keywords: [phép đo {number}]\nsources: [{{title: Tài liệu thử}}]\nai: {{label: none}}",
        "---",
    ]
    for n, paragraph in enumerate(text):
        if n % 4 == 3:
            out.append(f"## {' '.join(paragraph.split()[:5]).rstrip(',.;:')}")
        out.append(paragraph)
        if n % 3 == 1 and n // 3 < PHOTOS:
            width = "page" if n // 3 == 0 else "column"
            out.append(
                f":::figure anh-{number:02d}-{n // 3}.jpg\nalt: Ảnh thử số {n}\n"
                f"caption: Ảnh vẽ bằng công thức, để đo.\ncredit: Máy vẽ\nwidth: {width}\n:::"
            )
    head, body = out[:HEAD], out[HEAD:]
    return "\n".join(head) + "\n\n" + "\n\n".join(body) + "\n"


def write_issue(issue: int, contents: dict[str, list[str]]) -> None:
    lines = [f"  - section: {name}\n    articles: [{', '.join(c)}]" for name, c in contents.items()]
    target = PROJECT / "issues" / "2026" / f"so-{issue}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    head = f"""number: {issue}
year: 2026
status: published
title: Số để đo {issue}
short_title: Số đo {issue}
deadline: {{text: trong tháng 3/2026, date: 2026-03-31}}
date: 2026-03-25
accent: dao
cover: {{line: Để đo tốc độ, teasers: [bai-01, bai-02]}}
brief: Để đo.
orientations:
  - {{id: {issue}a, text: Để đo, required: false}}
contents:
"""
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


# ---- measuring ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """What one command cost."""

    cpu: float
    wall: float
    peak: float
    largest: float
    output: str


def tree(root: int) -> Iterator[int]:
    """A process and all below it."""
    below: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(path.parent.name), path.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        below.setdefault(int(rest[1]), []).append(pid)
    queue = [root]
    while queue:
        pid = queue.pop()
        yield pid
        queue += below.get(pid, [])


def spent(pid: int) -> float:
    """CPU seconds of a process and of those below it that it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()


def run(command: list[str], cwd: Path | None = None) -> Run:
    """Run a command to its end; what it printed comes back."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        sums, singles, done = [0], [0], threading.Event()
        processors: dict[int, float] = {}

        def sample() -> None:
            while not done.wait(0.05):
                pids = list(tree(process.pid))
                sizes = [resident(pid) for pid in pids]
                sums.append(sum(sizes))
                singles.append(max(sizes, default=0))
                processors.update((pid, max(spent(pid), processors.get(pid, 0))) for pid in pids)

        watcher = threading.Thread(target=sample)
        watcher.start()
        output = process.communicate()[0].decode("utf-8", "replace")
        done.set()
        watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A browser does not wait for all its processes: what it left out was seen while it ran.
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cpu = max(cpu, sum(processors.values()) if "chrom" in command[0] else 0)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{output[-3000:]}")
    mega = 1024 * 1024
    wall = time.perf_counter() - start
    return Run(cpu, wall, max(sums) / mega, max(singles) / mega, output)


def pages(path: Path) -> int:
    import pikepdf

    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


# ---- the engines -------------------------------------------------------------


def ours(variant: str) -> None:
    """In a child: issue 1 set and finished, the way the press does it. ``plain``: no copy-fit."""
    from datetime import datetime

    from bulletin import build, outputs
    from bulletin.diag import Report
    from bulletin.outputs import delivery, galley, press
    from bulletin.store import Store
    from bulletin.text import VIETNAM

    with Store(WORK / "memo") as store:
        when = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)
        ready = build.prepare(PROJECT, store, "bench", when, False, Report())
        assert ready is not None
        wanted = ("galley",) if variant == "galley" else ("print",)
        source = outputs.Source(ready.config, ready.assembly, ready.theme, wanted)
        job = next(iter(outputs.jobs(source)))
        studio = build.workshop(ready, store, "bench").studio()
        target = WORK / f"{variant}.pdf"
        if variant == "galley":
            target.write_bytes(galley.make(job, studio).data)
        elif variant == "full":
            target.write_bytes(press.make(job, studio).data)
        elif variant == "html":
            text, _ = press.document(job.page, job.template, studio)
            write_html(text, press.sheet(job.page, studio), job.page, studio)
        else:
            rendered = press.Engine(job.page, studio).lay(
                press.document(job.page, job.template, studio)[0]
            )
            if variant == "rgb":
                target.write_bytes(delivery.written(rendered, "bench"))
                return
            made = delivery.deliver(job.page, rendered, studio, job.path)
            target.write_bytes(dict(made.siblings)[delivery.paths(job.path)[0]])


def write_html(text: str, sheet: str, page: object, studio: object) -> None:
    """The same document for a browser: pictures, fonts and ornament as files beside it."""
    from bulletin.outputs import assets, press

    folder = WORK / "html"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, digest in page.fonts:  # type: ignore[attr-defined]
        (folder / Path(name).name).write_bytes(studio.load(digest))  # type: ignore[attr-defined]
    for form in ("band", "field"):
        drawn = assets.ornament_svg(studio.theme, page.palette, form)  # type: ignore[attr-defined]
        (folder / f"{form}.svg").write_text(drawn, encoding="utf-8")
    for piece in page.edition.issue.pieces:  # type: ignore[attr-defined]
        for view in press._views(piece):
            data = studio.load(view.digest)  # type: ignore[attr-defined]
            (folder / f"{view.digest}.{view.kind}").write_bytes(data)
    text = re.sub(r"picture:(\w+)/([0-9a-f]+)", r"\2.\1", text)
    sheet = sheet.replace("theme:fonts/", "").replace("theme:", "")
    page_html = text.replace("</head>", f"<style>{sheet}</style></head>", 1)
    (folder / "issue.html").write_text(page_html, encoding="utf-8")


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], check=True)
    return "chromium"


def typst_ready() -> Path:
    """Typst from PyPI in a folder of its own."""
    target = WORK / "typst"
    if not target.exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(target), "typst"]
        subprocess.run(pip, check=True)
    return target


# The measures of themes/lhh/print: trim, margins, 9.6 pt on 13 pt, two columns 6 mm apart, ragged.
TYPST = """\
#set page(width: 190mm, height: 270mm, columns: 2, numbering: "1",
  margin: (top: 61pt, bottom: 67pt, inside: 17mm, outside: 16mm),
  header: [#set text(font: "Be Vietnam Pro", size: 7.6pt); Khoa học và Kỹ thuật])
#set columns(gutter: 6mm)
#set text(font: "Source Serif 4", size: 9.6pt, lang: "vi", top-edge: 0.75em, bottom-edge: -0.25em)
#set par(leading: 3.4pt, spacing: 3.4pt, first-line-indent: 9pt)
#show heading.where(level: 1): it => text(font: "Be Vietnam Pro", size: 27pt, it.body)
#show heading.where(level: 2): it => block(above: 16.4pt, below: 3.4pt, sticky: true,
  text(font: "Be Vietnam Pro", size: 10.6pt, it.body))
#show figure.caption: set text(font: "Be Vietnam Pro", size: 7.6pt)
#set figure(gap: 5pt)
#outline(depth: 1)
"""
OPENING = """\
#pagebreak(weak: true)
#place(top, scope: "parent", float: true, clearance: 13pt)[
  #block(height: 60pt)[#text(font: "Be Vietnam Pro", size: 9pt)[Chuyên mục]]
  = {title}
  #v(8pt)
  #block(width: 75%, text(weight: "semibold", size: 10.4pt)[{standfirst}])
  #text(font: "Be Vietnam Pro", size: 7.6pt)[Ban biên tập]
]
"""
FIGURE = """\
#figure({place}image("{name}", width: 100%),
  caption: [Ảnh vẽ bằng công thức, để đo. #linebreak() Máy vẽ])
"""
SOURCES = """\
#line(length: 100%, stroke: 0.5pt)
#text(size: 7.6pt)[*Nguồn* #linebreak() 1. Tài liệu thử]
"""


def write_typst() -> Path:
    """The same text and pictures in the same measures for Typst: page-wide pictures float up."""
    folder = PROJECT / "content" / "2026" / "so-1"
    out = [TYPST]
    for path in sorted(folder.glob("*.md")):
        head, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
        title = re.search(r'^title: "(.*)"', head, re.MULTILINE)
        standfirst = re.search(r"^standfirst: (.*)", head, re.MULTILINE)
        assert title is not None
        assert standfirst is not None
        words = escaped(json.loads(standfirst[1]))
        out.append(OPENING.format(title=escaped(title[1]), standfirst=words))
        for block in body.split("\n\n"):
            if block.strip().startswith(":::figure"):
                name = (folder / block.split()[1]).relative_to(WORK)
                place = 'placement: top, scope: "parent", ' if "width: page" in block else ""
                out.append(FIGURE.format(place=place, name=name))
            elif block.startswith("## "):
                out.append(f"== {escaped(block[3:])}")
            else:
                out.append(escaped(block))
        out.append(SOURCES)
    target = WORK / "issue.typ"
    target.write_text("\n\n".join(out), encoding="utf-8")
    return target


def escaped(text: str) -> str:
    return re.sub(r"([\\#$*_`<>@~/\[\]])", r"\\\1", text.strip())


# ---- the table ---------------------------------------------------------------


def build(*more: str) -> Run:
    command = [sys.executable, "-m", "bulletin", "build", "--only", "print"]
    return run([*command, "-o", str(WORK / "out"), *more], PROJECT)


def alone(variant: str) -> Run:
    return run([sys.executable, __file__, "--child", variant])


def preview() -> list[float]:
    """Seconds from saving an article in the preview until its galley, set anew, has come."""
    article = PROJECT / "content" / "2026" / "so-1" / "bai-08.md"
    text = article.read_text("utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/_ban-bien-tap/in/2026/so-1/bai-08.pdf"
    command = [sys.executable, "-m", "bulletin", "serve", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=PROJECT, env=ENVIRONMENT, stdout=quiet, stderr=quiet
    ) as server:
        try:
            before = measuring.fetched(url, 120)
            times = []
            for turn in range(SAVES):
                time.sleep(3)
                begun = time.monotonic()
                article.write_text(f"{text}\nLần lưu thứ {turn + 1} của phép đo.\n", "utf-8")
                while (now := measuring.fetched(url, 30)) == before:
                    time.sleep(0.02)
                times.append(time.monotonic() - begun)
                before = now
        finally:
            article.write_text(text, "utf-8")
            server.terminate()
    return times


def typst_run() -> tuple[Run, str]:
    libraries = typst_ready()
    fonts = PROJECT / "themes" / "lhh" / "fonts"
    source = write_typst()
    code = (
        f"import sys; sys.path.insert(0, {str(libraries)!r}); import typst; "
        f"typst.compile({str(source)!r}, output={str(WORK / 'typst.pdf')!r}, "
        f"root={str(WORK)!r}, font_paths=[{str(fonts)!r}])"
    )
    made = run([sys.executable, "-c", code])
    version = next(libraries.glob("typst-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    return made, version


def main() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    make_project()
    shutil.rmtree(WORK / "out", ignore_errors=True)
    shutil.rmtree(WORK / "memo", ignore_errors=True)
    rows: list[tuple[str, Run, int, str]] = []
    alone("html")
    rgb = alone("rgb")
    count = pages(WORK / "rgb.pdf")
    rows.append(("Bản tin: layout and one PDF", rgb, count, "RGB, like the others"))
    plain = alone("plain")
    rows.append(
        ("Bản tin: layout, four files, no copy-fit", plain, pages(WORK / "plain.pdf"), "PDF/X-4")
    )
    full = alone("full")
    rows.append(("Bản tin: copy-fit, four files", full, pages(WORK / "full.pdf"), "PDF/X-4"))
    browser = chromium()
    target = WORK / "chromium.pdf"
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
    flags += " --disable-background-networking --disable-component-update --no-pdf-header-footer"
    page = (WORK / "html" / "issue.html").as_uri()
    made = run([browser, *flags.split(), f"--print-to-pdf={target}", page])
    version = subprocess.run([browser, "--version"], capture_output=True, text=True, check=True)
    rows.append(
        (version.stdout.split(" built")[0].strip(), made, pages(target), "RGB, no press file")
    )
    made, version_typst = typst_run()
    note = "columns not balanced, no press file"
    rows.append((f"Typst {version_typst}", made, pages(WORK / "typst.pdf"), note))
    cold = build()
    nothing = build()
    edit = PROJECT / "content" / "2026" / "so-1" / "bai-08.md"
    text = edit.read_text(encoding="utf-8")
    edit.write_text(text.replace("\n\n## ", "\n\nMột câu được thêm vào đây.\n\n## ", 1), "utf-8")
    edited = build()
    edit.write_text(text, encoding="utf-8")
    galley = alone("galley")
    offices = [
        ("four issues, cold", cold),
        ("nothing changed", nothing),
        ("one article edited, its issue again", edited),
        ("one article alone, fresh process", galley),
    ]
    saves = preview()
    REPORT.write_text(report(rows, offices, saves), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


def report(
    rows: list[tuple[str, Run, int, str]], offices: list[tuple[str, Run]], saves: list[float]
) -> str:
    import weasyprint

    base = rows[0][1].cpu
    out = [
        "# The press, measured",
        "",
        "Written by `make bench-press`; the numbers come only from it. What is measured,",
        "and how, stands at the head of `scripts/bench/press.py`.",
        "",
        f"{ISSUES} issues of {ARTICLES} articles and {ARTICLES * PHOTOS} photographs. "
        f"Python {platform.python_version()}, WeasyPrint {weasyprint.__version__}, "
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}.",
        "",
        "## One issue, three engines",
        "",
        "| | CPU s | wall s | peak MiB | largest process MiB | pages | CPU s a page | |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for name, made, count, note in rows:
        out.append(
            f"| {name} | {made.cpu:.1f} | {made.wall:.1f} | {made.peak:.0f} | {made.largest:.0f} "
            f"| {count} | {made.cpu / count:.3f} | {note} |"
        )
    out += ["", "## Four issues in an office", ""]
    out += ["| | CPU s | wall s | largest process MiB |", "|---|---:|---:|---:|"]
    for name, made in offices:
        out.append(f"| {name} | {made.cpu:.1f} | {made.wall:.1f} | {made.largest:.0f} |")
    out.append(f"| one article saved, its galley in the preview | | {median(saves):.1f} | |")
    out += [
        "",
        f"In the preview the galley of an article stood {median(saves):.1f} s after it was saved "
        f"(median of {len(saves)}, longest {max(saves):.1f} s; asked for: 2 s).",
    ]

    def each(n: int) -> float:
        return rows[n][1].cpu / rows[n][2]

    ratio = offices[2][1].cpu / (offices[0][1].cpu / ISSUES)
    out += [
        "",
        f"For a PDF in RGB ours takes {base / rows[3][1].cpu:.2f} of Chromium's CPU "
        f"(asked for: 0.6) and {base / rows[4][1].cpu:.1f} times that of Typst "
        "(asked for: 5); page for page "
        f"{each(0) / each(3):.2f} and {each(0) / each(4):.1f}. With colour, press file, booklet "
        f"and flat plan it is {rows[1][1].cpu / rows[3][1].cpu:.2f} and "
        f"{rows[1][1].cpu / rows[4][1].cpu:.1f}; the others make none of these. "
        f"After an edit an issue takes {ratio:.2f} of a cold one (asked for: 0.6).",
        "",
    ]
    return "\n".join(out)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:2] == ["--child"]:
        ours(sys.argv[2])
    else:
        main()
