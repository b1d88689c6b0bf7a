"""What kinds of pieces there are: the command line names them before anything else is loaded."""

from __future__ import annotations

GENRES = {
    "letter": "Thư Ban biên tập",
    "news": "Tin",
    "explainer": "Giải thích",
    "guide": "Hướng dẫn",
    "feature": "Chuyên đề",
    "qa": "Hỏi – đáp",
    "numbers": "Con số",
    "announcement": "Thông báo",
}
