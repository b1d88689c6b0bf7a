"""The outcome of a whole build, remembered by everything that it was made from.

When no file, no option and no tool has changed since a build that succeeded, its tree is what a new
one would come to: nothing need be parsed, assembled or promised. Of the moment of a build only two
things matter: its day, and which articles it is too early for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin import codec
from bulletin.diag import Diagnostic, from_json, store_form
from bulletin.files import Snapshot
from bulletin.model import Outcome, Request
from bulletin.store import Store
from bulletin.text import VIETNAM


def key(
    tools: str, rules: Iterable[Path], shot: Snapshot, said: Iterable[Diagnostic], request: Request
) -> str:
    """``rules``: files of the program that are no code; ``said``: what looking at files gave."""
    day = request.as_of.astimezone(VIETNAM).date()
    asked = (day, request.drafts, request.outputs, request.profile, request.issues)
    own = [codec.digest(path.read_bytes()) for path in sorted(rules)]
    seen = [sorted(shot.digests.items()), sorted(shot.unread), [store_form(item) for item in said]]
    return codec.digest(b"outcome\0" + codec.dumps([tools, own, *asked, *seen]))


def remember(store: Store, name: str, outcome: Outcome, as_of: datetime) -> None:
    """Only of a build that succeeded."""
    value = {
        "from": as_of.isoformat(),
        "until": outcome.waits.isoformat() if outcome.waits else "",
        "tree": dict(outcome.tree),
        "notes": [store_form(item) for item in outcome.diagnostics],
        "facts": {path: dict(facts) for path, facts in outcome.facts.items()},
        "articles": outcome.articles,
    }
    store.remember(name, value)


def recall(store: Store, name: str, as_of: datetime) -> Outcome | None:
    """The outcome, with nothing made; None when there is none for this moment."""
    value = store.peek(name)
    try:
        return _outcome(value, as_of) if value is not None else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None  # an odd row is a miss


def _outcome(value: Mapping[str, Any], as_of: datetime) -> Outcome | None:
    until = datetime.fromisoformat(value["until"]) if value["until"] else None
    if as_of < datetime.fromisoformat(value["from"]) or (until is not None and as_of >= until):
        return None
    return Outcome(
        tree={str(path): str(blob) for path, blob in value["tree"].items()},
        diagnostics=tuple(from_json(item) for item in value["notes"]),
        made=(),
        facts=value["facts"],
        articles=int(value["articles"]),
    )
