"""Builds a Vietnamese science bulletin: website, feeds and print-ready PDF from Markdown."""

from __future__ import annotations

__version__ = "0.1.0"
