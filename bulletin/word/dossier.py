"""The parts of one Word file that hold text, found by their relations, each with its own links."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from bulletin.word.names import q
from bulletin.word.parcel import Parcel, broken

HYPERLINK = "hyperlink"
NOTES = ("footnotes", "endnotes")
MARGINS = ("header", "footer")


@dataclass(slots=True)
class Part:
    """One XML part and what its relations lead to: id → (kind, target, outside)."""

    name: str
    root: ET.Element
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def target(self, relation: str | None) -> str:
        """Path of the entry that a relation names; "" for none and for what lies outside."""
        _, target, outside = self.relations.get(relation or "", ("", "", True))
        return "" if outside else inside(self.name, target)


class Dossier:
    """The parts that a reader of the document would see, and those that describe them."""

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        main = "word/document.xml"
        for kind, target, outside in relations(parcel, "").values():
            path = inside("", target)
            if kind == "officeDocument" and not outside and parcel.has(path):
                main = path
        self.main = self._part(main)
        self.notes = {kind: self._one(kind) for kind in NOTES}
        self.comments = self._one("comments")
        self.styles = self._one("styles")
        self.numbering = self._one("numbering")
        self.theme = self._one("theme")

    def margins(self) -> list[Part]:
        """Headers and footers."""
        return [part for kind in MARGINS for part in self._all(kind)]

    def _part(self, name: str) -> Part:
        if not self.parcel.has(name):
            raise broken(f"thiếu «{name}»")
        return Part(name, self.parcel.xml(name), relations(self.parcel, name))

    def _all(self, kind: str) -> list[Part]:
        return [
            self._part(path)
            for name, target, outside in self.main.relations.values()
            if name == kind and not outside
            for path in [inside(self.main.name, target)]
            if self.parcel.has(path)
        ]

    def _one(self, kind: str) -> Part | None:
        found = self._all(kind)
        return found[0] if found else None


def relations(parcel: Parcel, name: str) -> dict[str, tuple[str, str, bool]]:
    folder, base = posixpath.split(name)
    path = posixpath.join(folder, "_rels", f"{base}.rels")
    if not parcel.has(path):
        return {}
    return {
        entry.get("Id", ""): (
            entry.get("Type", "").rpartition("/")[2],
            entry.get("Target", ""),
            entry.get("TargetMode") == "External",
        )
        for entry in parcel.xml(path).iter(q("rel:Relationship"))
    }


def inside(name: str, target: str) -> str:
    """``target`` as seen from the part ``name``; a path that leaves the parcel finds nothing."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
