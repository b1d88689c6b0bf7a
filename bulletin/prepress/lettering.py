"""A few words on a sheet that no layout engine has seen: one embedded font, set line by line."""

from __future__ import annotations

import io
from typing import Any

UNITS = 1000


class Hand:
    """Writes with one TTF. Give :meth:`font` after the last line: only used glyphs are embedded."""

    def __init__(self, pdf: Any, data: bytes) -> None:
        from fontTools.ttLib import TTFont

        self._pdf, self._data = pdf, data
        self._source: Any = TTFont(io.BytesIO(data), lazy=True)
        self._names: dict[int, str] = self._source.getBestCmap()
        self._widths = self._source["hmtx"]
        self._em = int(self._source["head"].unitsPerEm)
        self._used: dict[int, int] = {}  # letter → glyph number in the font as given

    def width(self, text: str, size: float) -> float:
        """Width of a line in pt."""
        return sum(self._advance(c) for c in text) * size / UNITS

    def _advance(self, letter: str) -> float:
        name = self._names.get(ord(letter), ".notdef")
        return float(self._widths[name][0]) * UNITS / self._em

    def broken(self, text: str, room: float, size: float, first: float = 0.0) -> list[str]:
        """Lines of at most ``room`` pt; the first begins ``first`` pt in. The last may overflow."""
        lines, line, left = [], "", room - first
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.width(longer, size) > left:
                lines.append(line)
                line, left = word, room
            else:
                line = longer
        return [*lines, line] if line else lines

    def line(self, text: str, x: float, y: float, size: float) -> str:
        """Operators that set a line at (x, y) in K 100 with the font named ``/F``."""
        codes = "".join(f"{self._glyph(c):04X}" for c in text)
        return f"BT 0 0 0 1 k /F {size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{codes}> Tj ET"

    def _glyph(self, letter: str) -> int:
        code = ord(letter)
        number = int(self._source.getGlyphID(self._names.get(code, ".notdef")))
        self._used[code] = number
        return number

    def font(self) -> Any:
        """The Type 0 font, subset, with the way back to Unicode."""
        import pikepdf

        file = pikepdf.Stream(self._pdf, self._subset())
        head, hhea = self._source["head"], self._source["hhea"]
        name = pikepdf.Name(f"/PLAN01+{self._source['name'].getDebugName(6)}")
        scale = UNITS / self._em
        box = [head.xMin, head.yMin, head.xMax, head.yMax]
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor, FontName=name, Flags=4, ItalicAngle=0, StemV=80,
            FontBBox=[round(v * scale) for v in box], Ascent=round(hhea.ascent * scale),
            Descent=round(hhea.descent * scale), CapHeight=700,
            FontFile2=self._pdf.make_indirect(file),
        )  # fmt: skip
        widths = pikepdf.Array()
        for code, number in sorted(self._used.items(), key=lambda item: item[1]):
            widths.append(number)
            widths.append(pikepdf.Array([round(self._advance(chr(code)), 2)]))
        system = pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        )
        inner = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=name,
            CIDSystemInfo=system, FontDescriptor=self._pdf.make_indirect(descriptor), W=widths,
            DW=0, CIDToGIDMap=pikepdf.Name.Identity,
        )  # fmt: skip
        outer = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[self._pdf.make_indirect(inner)],
            ToUnicode=pikepdf.Stream(self._pdf, self._unicode().encode("ascii")),
        )  # fmt: skip
        return self._pdf.make_indirect(outer)

    def _subset(self) -> bytes:
        from fontTools import subset
        from fontTools.ttLib import TTFont

        options = subset.Options()
        options.retain_gids = True  # the lines are written already, with the old numbers
        options.layout_features = []
        options.hinting = False
        options.notdef_outline = True
        font = TTFont(io.BytesIO(self._data), recalcTimestamp=False)
        worker = subset.Subsetter(options)
        worker.populate(unicodes=sorted(self._used))
        worker.subset(font)
        out = io.BytesIO()
        font.save(out)
        return out.getvalue()

    def _unicode(self) -> str:
        rows = [
            f"<{number:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
            for code, number in sorted(self._used.items())
        ]
        blocks = [rows[n : n + 100] for n in range(0, len(rows), 100)]
        maps = "\n".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
        )
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CMapName /Plan def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{maps}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
        )
