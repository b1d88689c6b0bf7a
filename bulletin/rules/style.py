"""House style that boards agree on: lengths and titles."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.catalog import Assembly
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import GENRES, Config, Piece

MAX_TITLE_WORDS = 16  # syllables; the association's own advice is twelve words, often two syllables
MAX_NEWS_WORDS = 500


def _pieces(assembly: Assembly) -> Iterator[Piece]:
    for edition in assembly.editions:
        yield from edition.issue.pieces


def _warn(place: Place, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(place, Severity.WARNING, code, message, hint)


def title_length(assembly: Assembly, config: Config) -> Iterator[Diagnostic]:
    for piece in _pieces(assembly):
        count = len(piece.card.title.split())
        if count > MAX_TITLE_WORDS:
            yield _warn(
                assembly.place(piece.path, "title"),
                "ST001",
                f"tên bài dài {count} chữ",
                f"rút còn khoảng {MAX_TITLE_WORDS} chữ trở xuống",
            )


def title_capitals(assembly: Assembly, config: Config) -> Iterator[Diagnostic]:
    for piece in _pieces(assembly):
        letters = [c for c in piece.card.title if c.isalpha()]
        if len(letters) > 8 and all(c.isupper() for c in letters):
            yield _warn(
                assembly.place(piece.path, "title"),
                "ST002",
                "tên bài viết toàn chữ hoa",
                "viết hoa như câu thường; giao diện tự lo kiểu chữ",
            )


def news_length(assembly: Assembly, config: Config) -> Iterator[Diagnostic]:
    for piece in _pieces(assembly):
        if piece.card.genre == GENRES["news"] and piece.words > MAX_NEWS_WORDS:
            yield _warn(
                assembly.place(piece.path, "genre"),
                "ST003",
                f"tin dài {piece.words} chữ",
                f"tin tối đa {MAX_NEWS_WORDS} chữ; dài hơn thì đổi thể loại",
            )
