"""The scripts of an issue: public pieces in Vietnamese, in printed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bulletin.broadcast import Script, script
from bulletin.model import Issue, Node
from bulletin.outlets import Broadcast

Nodes = Callable[[str], tuple[Node, ...]]


def of_issue(
    name: str, settings: Broadcast, starts: Mapping[str, int], issue: Issue, nodes: Nodes
) -> Iterator[tuple[str, Script]]:
    """(last part of the address, script). ``nodes``: digest of a body → its nodes.

    ``starts``: file → the line where its body begins. Pieces in other languages are left out:
    nobody here knows how they are read.
    """
    label = f"Bản tin {name} số {issue.number}/{issue.year}"
    for piece in issue.pieces:
        if piece.card.lang == "vi":
            slug = piece.card.url.rstrip("/").rpartition("/")[2]
            first = starts.get(piece.path, 1)
            yield slug, script(piece, nodes(piece.body), first, settings, label)
