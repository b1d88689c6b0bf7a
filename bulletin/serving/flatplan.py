"""The flat plan of an issue on the desk: every page as a small picture, in print order.

The pages are those of the proof, so what nobody has written yet is there as a hole. A layout
takes its time, so it is made beside everything else, one issue at a time, and the desk is told
when it is done. Until then the desk shows the order of the contents.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from bulletin import codec, workers
from bulletin.diag import Severity
from bulletin.model import IssueLedger, Job, Row
from bulletin.outputs import press
from bulletin.printshop import PrintProfile
from bulletin.serving.preview import Preview

WIDTH = 260  # points of a small page
HOLE = "trong-"  # how the uid of a hole begins
A4_MM = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: what begins on it, and whether that is a hole."""

    number: int
    titles: tuple[str, ...]
    hole: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """``state``: ``waiting`` (at work), ``ready``, ``failed`` (``words`` says why), ``none``."""

    issue: str
    state: str
    leaves: tuple[Leaf, ...] = ()
    pdf: str = ""
    words: str = ""

    @property
    def stamp(self) -> str:
        return self.pdf[:12]


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the contents: an article with its row, or the name of one that is missing."""

    section: str
    name: str
    row: Row | None


def seats(ledger: IssueLedger) -> Iterator[Seat]:
    """The contents in print order, then what no contents name."""
    rows = {row.name: row for row in ledger.rows}
    listed: set[str] = set()
    for part in ledger.spec.contents:
        for name in part.articles:
            listed.add(name)
            yield Seat(part.section, name, rows.get(name))
    for row in ledger.rows:
        if row.name not in listed:
            yield Seat(row.section, row.name, row)


@dataclass(slots=True)
class Table:
    """Where layouts are made: the last one asked for, and what came of the ones before."""

    preview: Preview
    made: dict[str, tuple[str, Plan]] = field(default_factory=dict)
    wanted: str = ""
    wake: threading.Event = field(default_factory=threading.Event)
    ended: bool = False
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def join(self) -> None:
        if self.thread is not None:
            self.thread.join(2)

    def stop(self) -> None:
        self.ended = True
        self.wake.set()

    def plan(self, issue: str) -> Plan:
        """What is known of the layout of ``issue``; a newer one is begun if there is none."""
        job, key = self._job(issue)
        if job is None:
            return Plan(issue, "none")
        known, plan = self.made.get(issue, ("", Plan(issue, "waiting")))
        if known == key:
            return plan
        self.wanted = issue
        self.wake.set()
        return Plan(issue, "waiting", plan.leaves, plan.pdf)

    def _job(self, issue: str) -> tuple[Job | None, str]:
        preview = self.preview
        with preview.lock:
            shop = preview.shop
            job = next(
                (
                    job
                    for path, job in preview.jobs.items()
                    if job.maker == "proof" and path.startswith(f"office/{issue}/")
                ),
                None,
            )
        return job, (shop.key(job) if job is not None and shop is not None else "")

    def _work(self) -> None:
        while True:
            self.wake.wait()
            self.wake.clear()
            if self.ended:
                return
            self.make(self.wanted)

    def make(self, issue: str) -> Plan:
        """Lay one issue out now and tell the desk."""
        job, key = self._job(issue)
        preview, shop = self.preview, self.preview.shop
        if job is None or shop is None:
            return Plan(issue, "none")
        with preview.press:
            made, _ = workers.make_all([job], shop, preview.store, workers.Crew(1))
        wrong = [item for item in made[0].diagnostics if item.severity is Severity.ERROR]
        if self.ended:
            return Plan(issue, "none")
        if not made[0].blob:
            plan = Plan(issue, "failed", words=wrong[0].message if wrong else "")
        else:
            facts = dict(made[0].facts)
            plan = Plan(issue, "ready", tuple(_leaves(job, facts)), made[0].blob)
        self.made[issue] = (key, plan)
        preview.announce()
        return plan

    def picture(self, issue: str, number: int) -> bytes | None:
        """One small page as PNG."""
        known = self.made.get(issue)
        if known is None or not known[1].pdf or not 1 <= number <= len(known[1].leaves):
            return None
        preview = self.preview
        ready = preview.ready
        profile = (ready.config.print if ready is not None else None) or PrintProfile()
        key = codec.digest(f"leaf\0{known[1].pdf}\0{number}\0{WIDTH}".encode())
        # Not behind the press: a browser that waits for eight pages has no line left for a form.
        with preview.making:
            found = preview.store.recall(key)
            if isinstance(found, str) and preview.store.blobs.has(found):
                return preview.store.blobs.load(found)
            data = small(preview.store.blobs.load(known[1].pdf), number, profile)
            preview.store.remember(key, preview.store.blobs.put(data))
            return data


def _leaves(job: Job, facts: dict[str, int]) -> Iterator[Leaf]:
    pieces = {p.card.uid: p.card.title for p in job.page.press.edition.issue.pieces}
    starts = {
        name.removeprefix(press.START): number
        for name, number in facts.items()
        if name.startswith(press.START)
    }
    for number in range(1, facts["pages"] + 1):
        here = [uid for uid, page in starts.items() if page == number]
        yield Leaf(
            number,
            tuple(pieces[uid] for uid in here if uid in pieces),
            any(uid.startswith(HOLE) for uid in here),
        )


def small(pdf: bytes, number: int, profile: PrintProfile) -> bytes:
    """A page of a proof cut to its trim, which lies in the middle of the office paper."""
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        across = width * (1 - profile.trim_width / A4_MM[0]) / 2
        up = height * (1 - profile.trim_height / A4_MM[1]) / 2
        scale = WIDTH / (width - 2 * across)
        image = page.render(scale=scale, crop=(across, up, across, up)).to_pil().convert("RGB")
        out = io.BytesIO()
        image.quantize(96).save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()
