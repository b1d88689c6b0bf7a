"""The package of a book: its metadata, its list of files, and a ZIP that is always the same."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

MIMETYPE = "application/epub+zip"
FOLDER = "EPUB"
MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP knows: the clock has no part in a book
# What XML 1.0 cannot hold, whatever the escaping.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="{FOLDER}/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the book. ``order``: its place in the reading order, 0 = none."""

    path: str
    kind: str
    data: bytes
    properties: tuple[str, ...] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a book says of itself. ``moment``: when its newest content came, as UTC.

    ``printed``: the printed edition whose pages it lists; ``certifier``: who vouches that it meets
    WCAG 2.2 AA, empty while nobody does.
    """

    key: str
    title: str
    language: str
    languages: tuple[str, ...]
    publisher: str
    people: tuple[str, ...]
    description: str
    subjects: tuple[str, ...]
    rights: str
    date: str
    moment: str
    series: str
    position: str
    printed: str
    certifier: str
    formulas: bool
    summary: str


def clean(value: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", value)


def identity(key: str) -> str:
    """A UUID (version 5) of the issue and language: new bytes, the same book."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"bulletin:epub:{key}").urn


def pack(facts: Facts, items: Sequence[Item]) -> bytes:
    """The EPUB: ``mimetype`` first and stored, then everything in the order of its name."""
    out = io.BytesIO()
    files = {"META-INF/container.xml": _CONTAINER.encode()}
    files[f"{FOLDER}/package.opf"] = opf(facts, items).encode()
    files |= {f"{FOLDER}/{item.path}": item.data for item in items}
    with zipfile.ZipFile(out, "w") as archive:
        _add(archive, "mimetype", MIMETYPE.encode(), zipfile.ZIP_STORED)
        for name, data in sorted(files.items()):
            _add(archive, name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, how: int) -> None:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = how
    entry.create_system = 3  # else the machine's own
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data, compresslevel=9)


def opf(facts: Facts, items: Sequence[Item]) -> str:
    """The package document."""
    named = {item.path: f"f{number}" for number, item in enumerate(items, start=1)}
    manifest = Markup("").join(
        Markup('<item id="{}" href="{}" media-type="{}"{}/>\n').format(
            named[item.path],
            item.path,
            item.kind,
            Markup(' properties="{}"').format(" ".join(item.properties)) if item.properties else "",
        )
        for item in items
    )
    spine = Markup("").join(
        Markup('<itemref idref="{}"/>\n').format(named[item.path])
        for item in sorted(items, key=lambda item: item.order)
        if item.order
    )
    head = Markup(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        'xml:lang="{}">\n'
    ).format(facts.language)
    middle = Markup("<manifest>\n{}</manifest>\n<spine>\n{}</spine>\n").format(manifest, spine)
    return clean(head + _metadata(facts) + middle + Markup("</package>\n"))


def _metadata(facts: Facts) -> Markup:
    lines = [*_bibliography(facts), *_access(facts)]
    inner = Markup("").join(lines)
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return Markup(f"<metadata {space}>\n{{}}</metadata>\n").format(inner)


def _dc(name: str, value: str, more: str = "") -> Markup:
    return Markup(f"<dc:{name}{more}>{{}}</dc:{name}>\n").format(value) if value else Markup("")


def _meta(name: str, value: str, more: str = "") -> Markup:
    return Markup(f'<meta property="{name}"{more}>{{}}</meta>\n').format(value)


def _bibliography(facts: Facts) -> Iterable[Markup]:
    yield _dc("identifier", identity(facts.key), ' id="id"')
    yield _dc("title", facts.title)
    for language in facts.languages:
        yield _dc("language", language)
    yield _dc("creator", facts.publisher)
    for person in facts.people:
        yield _dc("contributor", person)
    yield _dc("publisher", facts.publisher)
    yield _dc("date", facts.date)
    yield _dc("description", facts.description)
    for subject in facts.subjects:
        yield _dc("subject", subject)
    yield _dc("rights", facts.rights)
    yield _meta("dcterms:modified", facts.moment)
    yield _meta("belongs-to-collection", facts.series, ' id="series"')
    yield _meta("collection-type", "series", ' refines="#series"')
    yield _meta("group-position", facts.position, ' refines="#series"')


def _access(facts: Facts) -> Iterable[Markup]:
    """EPUB Accessibility 1.1: what is true of every book that this program makes."""
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "alternativeText"]
    features += ["longDescription", "displayTransformability", "ARIA"]
    features += ["MathML"] if facts.formulas else []
    features += ["pageBreakMarkers", "pageNavigation"] if facts.printed else []
    for name, values in (
        ("schema:accessMode", ("textual", "visual")),
        ("schema:accessModeSufficient", ("textual,visual", "textual")),
        ("schema:accessibilityFeature", features),
        ("schema:accessibilityHazard", ("none",)),
        ("schema:accessibilitySummary", (facts.summary,)),
    ):
        for value in values:
            yield _meta(name, value)
    if facts.printed:
        yield _meta("pageBreakSource", facts.printed)
    if facts.certifier:
        yield _meta("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", ' id="aa"')
        yield _meta("a11y:certifiedBy", facts.certifier, ' refines="#aa"')
