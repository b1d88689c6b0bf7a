"""``python -m bulletin`` is the command ``bulletin``."""

from __future__ import annotations

from bulletin.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
