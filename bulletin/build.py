"""The pipeline. Read this file first.

snapshot → read (remembered) → assemble + rules → jobs → make (remembered) → publish. Each stage
finishes before errors stop the build, so one run shows everything; nothing is published then.
Making has two stages: the site shows on which page of print a piece begins.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bulletin import (
    catalog,
    codec,
    hosting,
    language,
    manuscript,
    outlets,
    outputs,
    picture,
    profiles,
    repeat,
    rulebook,
    rules,
    schema,
    yamltree,
)
from bulletin import theme as themes
from bulletin.almanac import CalendarSpec, MediumSpec, QuizSpec
from bulletin.bureau import OFFICE, OfficeSpec
from bulletin.catalog import Assembler, Assembly
from bulletin.diag import (
    Diagnostic,
    Place,
    Report,
    Severity,
    arrange,
)
from bulletin.files import Output, Snapshot, Trouble, reason, snapshot
from bulletin.model import (
    Article,
    Config,
    IssueSpec,
    Job,
    Made,
    Outcome,
    Picture,
    Request,
)
from bulletin.printshop import PrintProfile
from bulletin.recollect import Known, Reading, read_ahead, remembered
from bulletin.rulebook import Rulebook
from bulletin.seating import CONFIG, IssueFile, SideFile, Sources, nearest
from bulletin.store import Missing, Store
from bulletin.theme import Theme
from bulletin.workers import Crew, Tell, Workshop, make_all, silent, toolchain

# What is put on the site as it is, when an entry of the library names it.
HANDED_ON = (".pdf", ".mp3", ".m4a", ".ogg", ".mp4", ".webm")
# What the board cannot mend in its files: unreadable or changing files, memory, time, libraries.
ENVIRONMENT = frozenset("SY001 SY007 SY008 SY010 PD010 PD011 PD012 PD013".split())
MAX_YAML = 2_000_000  # bytes
# What a proof is there to show: these do not stop it.
HOLES = frozenset("PL008 PL010 FM033 FM034".split())


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything read and assembled; nothing made yet.

    ``assembler``: who put it together, for one who exchanges a single piece (the live preview).
    """

    snapshot: Snapshot
    config: Config
    theme: Theme
    sources: Sources
    assembly: Assembly
    book: Rulebook
    assembler: Assembler
    told: tuple[Diagnostic, ...] = ()


class Gate(Protocol):
    """Who looks at a build before anything leaves the house: floor 8 supplies one."""

    def demands(self, ready: Prepared) -> Iterable[Diagnostic]:
        """What is missing before it is worth making anything."""

    def packages(
        self, ready: Prepared, tree: Mapping[str, str], store: Store, report: Report
    ) -> Mapping[str, str]:
        """Further files (path → digest); problems of what was made go to ``report``."""

    def folders(self, ready: Prepared) -> tuple[str, ...]:
        """The folders that :meth:`packages` fills."""


def build(
    root: Path,
    output: Output,
    request: Request,
    gate: Gate | None = None,
    tell: Tell = silent,
) -> Outcome:
    """Build and publish. Raises :class:`files.Trouble` when the environment refuses."""
    with output.lock(), Store(output.own / "cache") as store:
        report = Report()
        output.began(request.outputs)
        tools = toolchain()
        bench = Bench(root, store, tools, tell=tell, workers=request.workers)
        sight = look(bench, report)
        if sight is None:
            return _outcome(None, report)
        if gate is not None:  # there is more to do than the request says
            return _anew(sight, bench, output, request, gate, report)
        name = _name(sight, tools, request, report)
        outcome = _again(sight, name, bench, output, request)
        if outcome is None:
            outcome = _anew(sight, bench, output, request, None, report)
            if not outcome.failed:
                repeat.remember(store, name, outcome, request.as_of)
        return outcome


def _anew(
    sight: Sight,
    bench: Bench,
    output: Output,
    request: Request,
    gate: Gate | None,
    report: Report,
) -> Outcome:
    """Read, assemble, make what is not remembered, publish."""
    ready = assembled(sight, bench, request.as_of, request.drafts, report)
    if ready is not None:
        ready = in_print(ready, request.profile)
        report.extend(gate.demands(ready) if gate is not None else ())
    if "office" in request.outputs:
        report.items[:] = [shown(item) for item in report.items]
    if ready is None or report.failed:
        return _outcome(ready, report)
    promises, made, fresh = make_stages(ready, request, bench)
    check_paths(promises, report)
    for item in made:
        report.extend(item.diagnostics)
    if report.failed:
        if any(item.code == "SY007" for item in report.items):
            bench.store.blobs.heal()
        return _outcome(ready, report)
    tree = _tree(promises, made, request)
    folders = _folders(request, output)
    if gate is not None:
        bench.tell("kiểm tra tệp in", 0, 0)
        tree |= gate.packages(ready, tree, bench.store, report)
        folders += gate.folders(ready)
        if report.failed:
            return _outcome(ready, report)
    try:
        _publish(tree, folders, sight, bench, output, request)
    except Missing:
        raise Trouble(
            "một kết quả đã nhớ bị mất hoặc hỏng",
            "chạy lại lệnh: phần hỏng được dựng lại; bản cũ vẫn nguyên",
        ) from None
    facts = {item.path: dict(item.facts) for item in made if item.facts}
    outcome = _outcome(ready, report, tree, tuple(sorted(fresh)), facts)
    return dataclasses.replace(outcome, waits=_next(ready, request.as_of))


def _publish(
    tree: Mapping[str, str],
    folders: tuple[str, ...],
    sight: Sight,
    bench: Bench,
    output: Output,
    request: Request,
) -> None:
    """Raises :class:`Missing` when a blob is gone or spoilt; the next build makes it anew."""
    bench.tell("ghi ra", 0, 0)
    try:
        output.publish(tree, bench.store.blobs.load, folders)
    except Missing:
        bench.store.blobs.heal()
        raise
    told = {"drafts": request.drafts, "base_url": sight.config.site.base_url}
    output.ended(request.outputs, told)


def _next(ready: Prepared, as_of: datetime) -> datetime | None:
    """When the next article of the project may be seen, by the clock of the same day."""
    moments = (article.meta.publish_at for article in ready.sources.articles)
    return min((moment for moment in moments if moment and moment > as_of), default=None)


def _name(sight: Sight, tools: str, request: Request, report: Report) -> str:
    """Under which name the store keeps the outcome of this build as a whole."""
    return repeat.key(tools, RULE_FILES.glob("*.yaml"), sight.snapshot, report.items, request)


def _again(
    sight: Sight, name: str, bench: Bench, output: Output, request: Request
) -> Outcome | None:
    """The outcome of a build that had the same inputs, published again; None if there was none."""
    known = repeat.recall(bench.store, name, request.as_of)
    if known is None:
        return None
    bench.store.blobs.sources = sight.snapshot.by_digest()
    try:
        _publish(known.tree, _folders(request, output), sight, bench, output, request)
    except Missing:  # somebody touched the output: make it anew
        return None
    return known


@dataclass(frozen=True, slots=True)
class Promise:
    """What the pipeline needs of a job when it is done: the paths. The page value is let go of."""

    path: str
    also: tuple[str, ...]
    gives: tuple[str, ...]


def make_stages(
    ready: Prepared, request: Request, bench: Bench
) -> tuple[list[Promise], list[Made], list[str]]:
    """All promises kept, stage by stage; and the paths that were really made."""
    source = _source(ready, request)
    promises: list[Promise] = []
    layouts: list[Job] = []
    made: list[Made] = []
    fresh: list[str] = []
    shop = workshop(ready, bench.store, bench.tools)
    crew = Crew(request.workers, tell=bench.tell)

    def noted(jobs: Iterable[Job]) -> Iterator[Job]:
        for job in jobs:
            promises.append(Promise(job.path, job.also, job.gives))
            if job.heavy:
                layouts.append(job)
            yield job

    for stage in outputs.stages(request.outputs):
        source = dataclasses.replace(source, printed=outputs.printed(layouts, made))
        done, new = make_all(noted(outputs.jobs(source, stage)), shop, bench.store, crew)
        made += done
        fresh += new
    return promises, made, fresh


def _tree(promises: list[Promise], made: list[Made], request: Request) -> dict[str, str]:
    """Path → digest of all that was made, with siblings and second addresses."""
    tree = {item.path: item.blob for item in made}
    tree |= {path: blob for item in made for path, blob in item.siblings}
    return tree | {
        other: tree[promise.path]
        for promise in promises
        for other in promise.also
        if _wanted(other, request)
    }


def check_paths(promises: Iterable[Promise], report: Report) -> None:
    """No two jobs may promise one file, or files that differ only by case."""
    taken: dict[str, str] = {}
    for promise in promises:
        for path in (promise.path, *promise.also, *promise.gives):
            first = taken.setdefault(path.lower(), path)
            if first is not path:
                report.error(
                    Place(path),
                    "SY009",
                    "hai trang cùng đòi một địa chỉ",
                    "đổi địa chỉ của một trong hai trang",
                    (Place(first),),
                )


@dataclass(frozen=True, slots=True)
class Bench:
    """Where reading happens. ``instead``: path → a file that stands in for the one on the disk.

    ``tell`` hears of each stage; so many ``workers`` read when there is much to read. ``known``:
    what was read before, by the key of the memo, for one who reads everything again and again;
    what this reading does not need is dropped from it.
    """

    root: Path
    store: Store
    tools: str
    instead: Mapping[str, Path] = field(default_factory=dict)
    tell: Tell = silent
    known: dict[str, Known] | None = None
    workers: int = 0

    def snapshot(self, config: Config, report: Report) -> Snapshot:
        shot = snapshot(self.root, theme_folders(self.root, config.theme), report)
        if not self.instead:
            return shot
        digests = {path: codec.digest(file.read_bytes()) for path, file in self.instead.items()}
        return Snapshot({**shot.digests, **digests}, {**shot.files, **self.instead})


def prepare(
    root: Path,
    store: Store,
    tools: str,
    as_of: datetime,
    drafts: bool,
    report: Report,
) -> Prepared | None:
    """Read all files and assemble them; None when configuration or theme cannot be read."""
    return prepare_at(Bench(root, store, tools), as_of, drafts, report)


def prepare_at(bench: Bench, as_of: datetime, drafts: bool, report: Report) -> Prepared | None:
    """As :func:`prepare`, where texts that nobody saved yet may stand in for files."""
    sight = look(bench, report)
    return assembled(sight, bench, as_of, drafts, report) if sight is not None else None


@dataclass(frozen=True, slots=True)
class Sight:
    """What is there, before anything but the configuration has been read."""

    config: Config
    places: Mapping[str, Place]
    snapshot: Snapshot


def look(bench: Bench, report: Report) -> Sight | None:
    """The configuration and all files; None when the configuration cannot be read."""
    bench.tell("đọc", 0, 0)
    config, places = read_config(bench.root, report)
    if config is None:
        return None
    return Sight(config, places, bench.snapshot(config, report))


def assembled(
    sight: Sight, bench: Bench, as_of: datetime, drafts: bool, report: Report
) -> Prepared | None:
    """Everything read and put together; None when the theme cannot be read."""
    store, config, places, shot = bench.store, sight.config, sight.places, sight.snapshot
    theme = read_theme(shot, config, report, recalling(store, bench.tools))
    if theme is None:
        return None
    check_print(shot, config, theme, places, report)
    report.extend(hosting.check(config.site, places))
    report.extend(outlets.check(config.publish, places))
    store.blobs.sources = shot.by_digest()
    book = read_book(shot, config, report)
    read: dict[str, Known] | None = {} if bench.known is not None else None
    reading = Reading(store, bench.tools, book, bench.known or {}, read)
    articles = [path for path in shot.digests if is_article(path)]
    read_ahead(articles, shot, reading, bench.workers)
    sources = read_all(shot, config, theme, reading, report)
    if bench.known is not None and read is not None:
        bench.known.clear()
        bench.known.update(read)
    sources = dataclasses.replace(sources, places=places)
    bench.tell("ghép", 0, 0)
    assembly, assembler = catalog.assemble(sources, as_of, drafts, report)
    for name in assembly.ledger.blanks:
        where = places.get(name, Place(CONFIG, 1, 1))
        report.warn(
            where,
            "CF010",
            f"chưa điền {name}",
            "văn phòng điền vào bulletin.yaml; chỗ này đang để trống trên bản in và trang web",
        )
    report.extend(rules.run(rules.Case(assembly, sources, book)))
    told = tuple(report.items)
    report.items[:] = arrange(report.items, frozenset(config.silence))
    return Prepared(shot, config, theme, sources, assembly, book, assembler, told)


RULE_FILES = Path(__file__).parent / "rules"


def read_book(shot: Snapshot, config: Config, report: Report) -> Rulebook:
    """The program's rule files, then the board's; its digest belongs to every reading."""
    files = {
        f"bulletin/rules/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(RULE_FILES.glob("*.yaml"))
    }
    for path in sorted(shot.digests):
        if path.startswith(f"{rulebook.FOLDER}/") and path.endswith((".yaml", ".yml")):
            source = manuscript.decode(path, shot.read(path), report)
            files |= {path: source} if source is not None else {}
    mark = codec.digest(codec.dumps(sorted(files.items())))
    contact = config.publication.contact
    return rulebook.read(files, report, mark).with_public([contact.phone] if contact else [])


def read_config(root: Path, report: Report) -> tuple[Config | None, Mapping[str, Place]]:
    path, twin = root / CONFIG, root / "bulletin.yml"
    if twin.exists():
        report.error(
            Place(twin.name),
            "CF004",
            f"có cả {twin.name} và {CONFIG}, không biết tệp nào đúng",
            f"giữ {CONFIG}, xóa {twin.name}",
        )
    try:
        with path.open("rb") as opened:
            data = opened.read(MAX_YAML + 1)
    except OSError as trouble:
        report.error(
            Place(CONFIG),
            "CF001",
            f"không đọc được cấu hình: {reason(trouble)}",
            "tạo bulletin.yaml ở thư mục gốc, hoặc sửa quyền đọc",
        )
        return None, {}
    source = _decoded(CONFIG, data, report)
    tree = yamltree.parse(source, CONFIG, report) if source is not None else None
    if source is None or (tree is None and report.failed):
        return None, {}
    config, places = schema.read(Config, tree, report, Place(CONFIG, 1, 1), "Cấu hình")
    if config is not None and config.print is None:
        config = dataclasses.replace(config, print=PrintProfile())
    return config, places


def _decoded(path: str, data: bytes, report: Report) -> str | None:
    """The text of a YAML file of a size that somebody may have typed."""
    if len(data) > MAX_YAML:
        words = f"tệp lớn hơn {MAX_YAML // 1_000_000} MB"
        report.error(Place(path), "TX005", words, "đây không phải tệp YAML của bản tin: chép lại")
        return None
    return manuscript.decode(path, data, report)


def theme_folder(root: Path, name: str) -> Path:
    """``themes/<name>`` of the project, else the one that came with the program."""
    own = root / "themes" / name
    if own.is_dir() or "/" in name or name.startswith("."):
        return own
    packed = Path(__file__).parent / "_themes"
    # In a checkout of the program its themes lie where they are worked on.
    return (packed if packed.is_dir() else Path(__file__).parent.parent / "themes") / name


def theme_folders(root: Path, name: str) -> dict[str, Path]:
    """The folders of a theme and of all it builds on, the theme first: path prefix → folder."""
    folders: dict[str, Path] = {}
    while name and f"themes/{name}" not in folders:
        folder = theme_folder(root, name)
        folders[f"themes/{name}"] = folder
        spec = folder / "theme.yaml"
        try:
            if not spec.is_file():  # opening a pipe would wait for ever
                break
            name = themes.base_of(spec.read_bytes())
        except OSError:
            break
    return folders


def read_theme(
    shot: Snapshot, config: Config, report: Report, recall: themes.Recall = themes.anew
) -> Theme | None:
    """The configured theme on top of its bases; errors stand at the file that has them."""
    line: list[tuple[str, dict[str, bytes]]] = []
    name = config.theme
    while name and name not in [known for known, _ in line]:
        prefix = f"themes/{name}/"
        found = [path for path in shot.digests if path.startswith(prefix)]
        line.append((name, {path.removeprefix(prefix): shot.read(path) for path in found}))
        name = themes.base_of(line[-1][1].get("theme.yaml", b""))
    if name:
        themes.report_circle(name, f"themes/{line[-1][0]}", report)
        return None
    theme, files = None, dict[str, bytes]()
    for name, own in reversed(line):
        files = themes.over(theme, files, own) if theme else own
        theme = themes.read(name, files, f"themes/{name}", report, theme, recall)
        if theme is None:
            return None
    return theme


def recalling(store: Store, tools: str) -> themes.Recall:
    """Remembers small results by their subject and the toolchain."""

    def recall(subject: bytes, work: Callable[[], Any]) -> Any:
        key = codec.digest(tools.encode() + b"\0" + subject)
        found = store.recall(key)
        if found is None:
            found = work()
            if found is not None:
                store.remember(key, found)
        return found

    return recall


def check_print(
    shot: Snapshot, config: Config, theme: Theme, places: Mapping[str, Place], report: Report
) -> None:
    """The print profiles against the files that they name."""

    def icc(name: str) -> bytes | None:
        path = _icc(shot, theme, name)
        return shot.read(path) if path else None

    report.extend(profiles.check(config.print or PrintProfile(), places, icc))


def _icc(shot: Snapshot, theme: Theme, name: str) -> str:
    """Where an ICC file lies: the project's own goes before the theme's."""
    own = f"{profiles.ICC_FOLDER}/{name}"
    if own in shot.digests:
        return own
    digest = theme.files.get(f"print/icc/{name}")
    return next((path for path, found in shot.digests.items() if found == digest), "")


def in_print(ready: Prepared, name: str) -> Prepared:
    """With the profile ``name``, or the one that is in use, and the ICC files that it wants."""
    profile = ready.config.print or PrintProfile()
    known = profiles.names(profile)
    if name and name not in known:
        raise Trouble(f"không có hồ sơ in «{name}»", nearest(name, known, "các hồ sơ: "), 2)
    used, shot = profiles.resolve(profile, name), ready.snapshot
    found = {file: _icc(shot, ready.theme, file) for file in (used.icc, used.convert_icc)}
    files = {f"print/icc/{file}": shot.digests[path] for file, path in found.items() if path}
    return dataclasses.replace(
        ready,
        config=dataclasses.replace(ready.config, print=used),
        theme=dataclasses.replace(ready.theme, files={**ready.theme.files, **files}),
    )


# ---- reading, remembered -----------------------------------------------------


def read_all(shot: Snapshot, config: Config, theme: Theme, by: Reading, report: Report) -> Sources:
    articles: list[Article] = []
    pictures: dict[str, Picture] = {}
    issues: list[IssueFile] = []
    sides: list[SideFile] = []
    broken: set[str] = set(shot.unread)
    for path in sorted(shot.digests):
        if is_article(path):
            article = remembered(Article, path, shot, by, report)
            articles.append(article) if article else broken.add(path)
        elif path.startswith("content/") and path[path.rfind(".") :].lower() in picture.SUFFIXES:
            found = remembered(Picture, path, shot, by, report)
            if found:
                pictures[path] = found
            else:
                broken.add(path)
        elif path.startswith("issues/") and path.endswith((".yaml", ".yml")):
            issue = read_issue(path, shot.read(path), report)
            report.extend(language.private(path, shot.read(path), by.book))
            issues.append(issue) if issue else broken.add(path)
        elif kind := side_kind(path):
            spec, places = _yaml(kind, path, shot.read(path), report)
            report.extend(language.private(path, shot.read(path), by.book))
            sides += [SideFile(path, spec, places)] if spec is not None else []
    return Sources(
        config=config,
        issues=tuple(issues),
        articles=tuple(articles),
        pictures=pictures,
        broken=frozenset(broken),
        palettes=tuple(palette.name for palette in theme.palettes),
        sides=tuple(sides),
        files={
            path: digest
            for path, digest in shot.digests.items()
            if path.startswith("content/") and path.lower().endswith(HANDED_ON)
        },
    )


def is_article(path: str) -> bool:
    return path.startswith("content/") and path.endswith(".md")


def side_kind(path: str) -> type | None:
    """The class that reads a YAML file beside the articles."""
    folder, _, name = path.rpartition("/")
    if not name.endswith((".yaml", ".yml")):
        return None
    if path in ("content/lich.yaml", "content/lich.yml"):
        return CalendarSpec
    if path == OFFICE:
        return OfficeSpec
    return {"content/tu-kiem-tra": QuizSpec, "content/thu-vien": MediumSpec}.get(folder)


def _yaml(
    kind: type, path: str, data: bytes, report: Report
) -> tuple[Any | None, Mapping[str, Place]]:
    source = _decoded(path, data, report)
    if source is None:
        return None, {}
    failures = Report()
    tree = yamltree.parse(source, path, failures)
    report.extend(failures.items)
    if tree is None and failures.failed:
        return None, {}
    name = path.rsplit("/", 1)[-1] if kind is not IssueSpec else "Tệp số bản tin"
    return schema.read(kind, tree, report, Place(path, 1, 1), name)


def read_issue(path: str, data: bytes, report: Report) -> IssueFile | None:
    spec, places = _yaml(IssueSpec, path, data, report)
    key = path.removeprefix("issues/").rsplit(".", 1)[0]
    return IssueFile(path, key, spec, places) if spec is not None else None


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


def _source(ready: Prepared, request: Request) -> outputs.Source:
    wanted = (request.outputs, request.issues)
    return outputs.Source(ready.config, ready.assembly, ready.theme, *wanted)


def _folders(request: Request, output: Output) -> tuple[str, ...]:
    """What the build replaces: whole groups, or the proofs of the issues asked for.

    The office's papers lie beside the proofs and stay.
    """
    if "office" not in request.outputs:
        return request.outputs
    folders = tuple(f"office/{key}/" for key in request.issues) or ("office/",)
    return tuple(
        path for path in output.manifest() if path.startswith(folders) and "/ban-thao-" in path
    )


def shown(item: Diagnostic) -> Diagnostic:
    """A hole is what a proof is made for, and what the desk shows."""
    if item.code not in HOLES:
        return item
    return dataclasses.replace(item, severity=Severity.WARNING)


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
        articles=sum(len(i.pieces) for i in ready.assembly.catalog.issues) if ready else 0,
    )


def exit_code(outcome: Outcome) -> int:
    """0 ok · 1 content · 2 configuration · 3 environment."""
    errors = [item for item in outcome.diagnostics if item.severity is Severity.ERROR]
    if not errors:
        return 0
    if any(
        item.place.path in (CONFIG, "bulletin.yml") or item.place.path.startswith("themes/")
        for item in errors
    ):
        return 2
    return 3 if all(item.code in ENVIRONMENT for item in errors) else 1
