"""QR codes for paper: what the modules say is segno's matter, how they are drawn is ours."""

from __future__ import annotations

import re

import pytest
import segno

from bulletin import qr

URL = "https://ban-tin.example.vn/2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc/"
BAR = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z")


def test_the_drawing_covers_the_dark_modules_and_no_others() -> None:
    made = qr.code(URL)
    dark = set()
    for x, y, wide, high, back in (map(int, bar) for bar in BAR.findall(made.drawing)):
        assert wide == back
        dark |= {(x + n, y + m) for n in range(wide) for m in range(high)}
    matrix = segno.make(URL, error="m", micro=False).matrix
    expected = {
        (x + qr.QUIET, y + qr.QUIET)
        for y, row in enumerate(matrix)
        for x, cell in enumerate(row)
        if cell
    }
    assert dark == expected


@pytest.mark.parametrize("url", [URL, "https://a.vn/", URL + "so-" * 60])
def test_the_code_is_large_enough_for_a_phone(url: str) -> None:
    made = qr.code(url)
    side = int(str(made.drawing).partition('viewBox="0 0 ')[2].split()[0])
    module = made.size / side
    assert module >= qr.MODULE - 0.001
    assert made.size - 2 * made.quiet >= qr.WIDTH - 0.02
    assert made.quiet == pytest.approx(4 * module, abs=0.01)


def test_the_code_is_black_only() -> None:
    assert re.findall(r'fill="([^"]*)"', str(qr.code(URL).drawing)) == ["#000000"]
