"""The pipeline. Read this file first.

snapshot → read (remembered) → assemble + rules → jobs → make (remembered) → publish. Each stage
finishes before errors stop the build, so one run shows everything; nothing is published then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin import catalog, codec, manuscript, outputs, picture, rules, schema, yamltree
from bulletin import theme as themes
from bulletin.catalog import Assembly
from bulletin.diag import Place, Report, Severity, arrange, from_json, store_form
from bulletin.files import Output, Snapshot, Trouble, snapshot
from bulletin.model import Article, Config, IssueSpec, Outcome, Picture, PrintProfile, Request
from bulletin.seating import CONFIG, IssueFile, Sources
from bulletin.store import Missing, Store
from bulletin.theme import Theme
from bulletin.workers import Workshop, make_all, toolchain

# What the board cannot mend in its files: unreadable or changing files, memory, time, libraries.
ENVIRONMENT = frozenset("SY001 SY007 SY008 SY009 PD010 PD011 PD012 PD013".split())


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything read and assembled; nothing made yet."""

    snapshot: Snapshot
    config: Config
    theme: Theme
    sources: Sources
    assembly: Assembly


def build(root: Path, output: Output, request: Request) -> Outcome:
    """Build and publish. Raises :class:`files.Trouble` when the environment refuses."""
    with output.lock(), Store(output.own / "cache") as store:
        report = Report()
        tools = toolchain()
        ready = prepare(root, store, tools, request.as_of, request.drafts, report)
        if ready is None or report.failed:
            return _outcome(ready, report)
        jobs = list(
            outputs.jobs(outputs.Source(ready.config, ready.assembly, ready.theme, request.outputs))
        )
        made, fresh = make_all(jobs, workshop(ready, store, tools), store, request.workers)
        for item in made:
            report.extend(item.diagnostics)
        if report.failed:
            if any(item.code == "SY007" for item in report.items):
                store.blobs.heal()
            return _outcome(ready, report)
        tree = {item.path: item.blob for item in made}
        tree |= {path: blob for item in made for path, blob in item.siblings}
        tree |= {
            other: tree[job.path] for job in jobs for other in job.also if _wanted(other, request)
        }
        try:
            output.publish(tree, store.blobs.load, request.outputs)
        except Missing:
            store.blobs.heal()
            raise Trouble(
                "một kết quả đã nhớ bị mất hoặc hỏng",
                "chạy lại lệnh: phần hỏng được dựng lại; bản cũ vẫn nguyên",
            ) from None
        facts = {item.path: dict(item.facts) for item in made if item.facts}
        return _outcome(ready, report, tree, tuple(fresh), facts)


def prepare(
    root: Path, store: Store, tools: str, as_of: datetime, drafts: bool, report: Report
) -> Prepared | None:
    """Read all files and assemble them; None when configuration or theme cannot be read."""
    config, places = read_config(root, report)
    if config is None:
        return None
    folder = theme_folder(root, config.theme)
    shot = snapshot(root, {f"themes/{config.theme}": folder}, report)
    theme = read_theme(shot, config, report)
    if theme is None:
        return None
    store.blobs.sources = shot.by_digest()
    sources = read_all(shot, config, theme, store, tools, report)
    sources = dataclasses.replace(sources, places=places)
    assembly = catalog.assemble(sources, as_of, drafts, report)
    for name in assembly.ledger.blanks:
        where = places.get(name, Place(CONFIG, 1, 1))
        report.warn(
            where,
            "CF010",
            f"chưa điền {name}",
            "văn phòng điền vào bulletin.yaml; chỗ này đang để trống trên bản in và trang web",
        )
    report.extend(rules.run(assembly, config))
    report.items[:] = arrange(report.items, frozenset(config.silence))
    return Prepared(shot, config, theme, sources, assembly)


def read_config(root: Path, report: Report) -> tuple[Config | None, Mapping[str, Place]]:
    try:
        data = (root / CONFIG).read_bytes()
    except OSError as trouble:
        report.error(
            Place(CONFIG),
            "CF001",
            f"không đọc được cấu hình: {trouble.strerror}",
            "tạo bulletin.yaml ở thư mục gốc",
        )
        return None, {}
    source = manuscript.decode(CONFIG, data, report)
    tree = yamltree.parse(source, CONFIG, report) if source is not None else None
    if source is None or (tree is None and report.failed):
        return None, {}
    config, places = schema.read(Config, tree, report, Place(CONFIG, 1, 1), "Cấu hình")
    if config is not None and config.print is None:
        config = dataclasses.replace(config, print=PrintProfile())
    return config, places


def theme_folder(root: Path, name: str) -> Path:
    """``themes/<name>`` of the project, else the one that came with the program."""
    own = root / "themes" / name
    if own.is_dir() or "/" in name or name.startswith("."):
        return own
    return Path(__file__).parent / "_themes" / name


def read_theme(shot: Snapshot, config: Config, report: Report) -> Theme | None:
    prefix = f"themes/{config.theme}/"
    files = {
        path.removeprefix(prefix): shot.read(path)
        for path in shot.digests
        if path.startswith(prefix)
    }
    return themes.read(config.theme, files, prefix.rstrip("/"), report)


# ---- reading, remembered -----------------------------------------------------


def read_all(
    shot: Snapshot, config: Config, theme: Theme, store: Store, tools: str, report: Report
) -> Sources:
    articles: list[Article] = []
    pictures: dict[str, Picture] = {}
    issues: list[IssueFile] = []
    broken: set[str] = set()
    for path in sorted(shot.digests):
        if path.startswith("content/") and path.endswith(".md"):
            article = _remembered(Article, path, shot, store, tools, report)
            articles.append(article) if article else broken.add(path)
        elif path.startswith("content/") and path[path.rfind(".") :].lower() in picture.SUFFIXES:
            found = _remembered(Picture, path, shot, store, tools, report)
            if found:
                pictures[path] = found
            else:
                broken.add(path)
        elif path.startswith("issues/") and path.endswith((".yaml", ".yml")):
            issue = read_issue(path, shot.read(path), report)
            issues.append(issue) if issue else broken.add(path)
    return Sources(
        config=config,
        issues=tuple(issues),
        articles=tuple(articles),
        pictures=pictures,
        broken=frozenset(broken),
        palettes=tuple(palette.name for palette in theme.palettes),
    )


def read_issue(path: str, data: bytes, report: Report) -> IssueFile | None:
    source = manuscript.decode(path, data, report)
    if source is None:
        return None
    before = report.failed
    tree = yamltree.parse(source, path, report)
    if tree is None and report.failed and not before:
        return None
    spec, places = schema.read(IssueSpec, tree, report, Place(path, 1, 1), "Tệp số bản tin")
    key = path.removeprefix("issues/").rsplit(".", 1)[0]
    return IssueFile(path, key, spec, places) if spec is not None else None


def _remembered(
    kind: type, path: str, shot: Snapshot, store: Store, tools: str, report: Report
) -> Any:
    """Read one file, or recall what reading the same bytes gave; diagnostics are replayed."""
    key = codec.digest(f"read\0{tools}\0{path}\0{shot.digests[path]}".encode())
    found = store.recall(key)
    if found is not None:
        try:
            value = codec.decode(kind, found["value"]) if found["value"] is not None else None
            notes = [from_json(item) for item in found["notes"]]
            if value is None or kind is Picture or store.blobs.has(value.body):
                report.extend(notes)
                return value
        except (KeyError, TypeError, ValueError, StopIteration):
            pass  # an odd row is a miss
    own = Report()
    data = shot.read(path)
    if kind is Picture:
        value = picture.read(path, data, own)
    else:
        result = manuscript.read(path, data, own)
        value = result.article
        if value is not None:
            store.blobs.put(codec.dumps(result.nodes))
    if own.failed and kind is Picture:
        value = None
    notes_form = [store_form(item) for item in own.items]
    encoded = codec.encode(value) if value is not None else None
    store.remember(key, {"value": encoded, "notes": notes_form})
    report.extend(own.items)
    return value


# ---- small pieces ------------------------------------------------------------


def workshop(ready: Prepared, store: Store, tools: str) -> Workshop:
    profile = ready.config.print or PrintProfile()
    return Workshop(
        theme=ready.theme,
        cache=store.blobs.folder,
        sources=store.blobs.sources,
        toolchain=tools,
        time_limit=profile.time_limit,
        memory_limit=profile.memory_limit,
    )


def _wanted(path: str, request: Request) -> bool:
    return path.split("/", 1)[0] in request.outputs


def _outcome(
    ready: Prepared | None,
    report: Report,
    tree: Mapping[str, str] | None = None,
    made: tuple[str, ...] = (),
    facts: Mapping[str, Mapping[str, int]] | None = None,
) -> Outcome:
    silenced = frozenset(ready.config.silence) if ready else frozenset()
    return Outcome(
        tree=tree or {},
        diagnostics=arrange(report.items, silenced),
        made=made,
        facts=facts or {},
        ledger=ready.assembly.ledger if ready else None,
        articles=sum(len(i.pieces) for i in ready.assembly.catalog.issues) if ready else 0,
    )


def exit_code(outcome: Outcome) -> int:
    """0 ok · 1 content · 2 configuration · 3 environment."""
    errors = [item for item in outcome.diagnostics if item.severity is Severity.ERROR]
    if not errors:
        return 0
    if any(item.place.path == CONFIG or item.place.path.startswith("themes/") for item in errors):
        return 2
    return 3 if all(item.code in ENVIRONMENT for item in errors) else 1
