"""Formulas of Word (OMML) as LaTeX; what has no counterpart is told, not guessed."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from bulletin import formula
from bulletin.word.names import child, local, q

_SYMBOLS = {
    "×": r"\times ", "÷": r"\div ", "·": r"\cdot ", "⋅": r"\cdot ", "±": r"\pm ", "∓": r"\mp ",
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≡": r"\equiv ", "∞": r"\infty ",
    "→": r"\to ", "⇒": r"\Rightarrow ", "⇔": r"\Leftrightarrow ", "←": r"\leftarrow ",
    "∈": r"\in ", "∉": r"\notin ", "⊂": r"\subset ", "∪": r"\cup ", "∩": r"\cap ",
    "∅": r"\emptyset ",
    "∂": r"\partial ", "∇": r"\nabla ", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ",
    "√": r"\surd ",
    "°": r"^{\circ}", "…": r"\ldots ", "⋯": r"\cdots ", "−": "-", "∗": "*", "′": "'",
    "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\varepsilon ",
    "θ": r"\theta ", "λ": r"\lambda ", "μ": r"\mu ", "µ": r"\mu ", "ν": r"\nu ", "π": r"\pi ",
    "ρ": r"\rho ", "σ": r"\sigma ", "τ": r"\tau ", "φ": r"\varphi ", "χ": r"\chi ", "ψ": r"\psi ",
    "ω": r"\omega ", "η": r"\eta ", "ξ": r"\xi ", "κ": r"\kappa ", "ζ": r"\zeta ",
    "Δ": r"\Delta ", "∆": r"\Delta ", "Σ": r"\Sigma ", "Π": r"\Pi ", "Ω": r"\Omega ",
    "Φ": r"\Phi ", "Ψ": r"\Psi ", "Θ": r"\Theta ", "Λ": r"\Lambda ", "Γ": r"\Gamma ",
    "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_",
    "\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim ",
}  # fmt: skip
_ACCENTS = {
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline",
    "\u0307": r"\dot", "\u0308": r"\ddot", "\u20d7": r"\vec", "": r"\hat",
}  # fmt: skip
_OPEN = {
    "(": "(",
    "[": "[",
    "{": r"\{",
    "|": "|",
    "‖": r"\|",
    "⌈": r"\lceil",
    "⌊": r"\lfloor",
    "": ".",
}
_CLOSE = {
    ")": ")",
    "]": "]",
    "}": r"\}",
    "|": "|",
    "‖": r"\|",
    "⌉": r"\rceil",
    "⌋": r"\rfloor",
    "": ".",
}
_NAMED = frozenset("sin cos tan cot log ln exp lim max min".split())
_QUIET = frozenset(
    "rPr ctrlPr fPr radPr sSubPr sSupPr sSubSupPr sPrePr naryPr dPr funcPr accPr barPr mPr boxPr "
    "borderBoxPr limLowPr limUppPr eqArrPr groupChrPr phantPr oMathParaPr argPr bookmarkStart "
    "bookmarkEnd proofErr".split()
)


class _Unknown(Exception):
    """An element of OMML that has no LaTeX here."""


def latex(element: ET.Element) -> str | None:
    """LaTeX of ``m:oMath`` that the program can set, or None."""
    try:
        found = " ".join(_tex(element).split())
        formula.check(found, display=False)
    except (_Unknown, formula.FormulaError):
        return None
    return found


def _tex(element: ET.Element) -> str:
    return "".join(_part(part) for part in element)


def _inside(element: ET.Element, name: str) -> str:
    found = child(element, f"m:{name}")
    return _tex(found) if found is not None else ""


def _property(element: ET.Element, path: str, default: str) -> str:
    found = child(element, path)
    return default if found is None else found.get(q("m:val"), "")


def _part(element: ET.Element) -> str:
    name = local(element)
    if name in _QUIET:
        return ""
    maker = _MAKERS.get(name)
    if maker is None:
        raise _Unknown(name)
    return maker(element)


def _run(element: ET.Element) -> str:
    text = "".join(part.text or "" for part in element.iter(q("m:t")))
    text += "".join(part.text or "" for part in element.iter(q("w:t")))
    if child(element, "m:rPr/m:nor") is not None or (len(text) > 1 and _is_word(text)):
        name = text.strip()
        return f"\\{name} " if name in _NAMED else rf"\text{{{_plain(text)}}}"
    return "".join(_SYMBOLS.get(c, c) for c in text)


def _is_word(text: str) -> bool:
    """Whether letters are a word and not a product: «khối lượng», but not «ab»."""
    return any(
        c.isalpha() and ord(c) > 0x17F and ord(c) not in range(0x370, 0x400) for c in text
    ) or (text.strip() in _NAMED)


def _plain(text: str) -> str:
    return "".join(c for c in text if c not in "\\{}$%#&_^~")


def _fraction(element: ET.Element) -> str:
    return rf"\frac{{{_inside(element, 'num')}}}{{{_inside(element, 'den')}}}"


def _root(element: ET.Element) -> str:
    degree = _inside(element, "deg")
    return rf"\sqrt{f'[{degree}]' if degree else ''}{{{_inside(element, 'e')}}}"


def _scripts(element: ET.Element) -> str:
    low, high = child(element, "m:sub"), child(element, "m:sup")
    out = f"{{{_inside(element, 'e')}}}"
    out += f"_{{{_tex(low)}}}" if low is not None else ""
    return out + (f"^{{{_tex(high)}}}" if high is not None else "")


def _nary(element: ET.Element) -> str:
    sign = _property(element, "m:naryPr/m:chr", "∫")
    low, high = _inside(element, "sub"), _inside(element, "sup")
    out = _SYMBOLS.get(sign, "").strip()
    if not out.startswith("\\"):
        raise _Unknown(sign)
    out += f"_{{{low}}}" if low else ""
    out += f"^{{{high}}}" if high else ""
    return f"{out} {{{_inside(element, 'e')}}}"


def _fence(element: ET.Element) -> str:
    begin = _property(element, "m:dPr/m:begChr", "(")
    end = _property(element, "m:dPr/m:endChr", ")")
    if begin not in _OPEN or end not in _CLOSE:
        raise _Unknown(begin + end)
    parts = [_tex(part) for part in element.findall(q("m:e"))]
    middle = _property(element, "m:dPr/m:sepChr", "|")
    return rf"\left{_OPEN[begin]} {middle.join(parts)} \right{_CLOSE[end]} "


def _function(element: ET.Element) -> str:
    return f"{_inside(element, 'fName')}{{{_inside(element, 'e')}}}"


def _accent(element: ET.Element) -> str:
    sign = _property(element, "m:accPr/m:chr", "")
    if sign not in _ACCENTS:
        raise _Unknown(sign)
    return f"{_ACCENTS[sign]}{{{_inside(element, 'e')}}}"


def _bar(element: ET.Element) -> str:
    where = _property(element, "m:barPr/m:pos", "bot")
    return rf"\{'overline' if where == 'top' else 'underline'}{{{_inside(element, 'e')}}}"


def _matrix(element: ET.Element) -> str:
    rows = [
        " & ".join(_tex(cell) for cell in row.findall(q("m:e")))
        for row in element.findall(q("m:mr"))
    ]
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


def _lines(element: ET.Element) -> str:
    rows = [_tex(row) for row in element.findall(q("m:e"))]
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


def _below(element: ET.Element) -> str:
    return f"{_inside(element, 'e').strip()}_{{{_inside(element, 'lim')}}}"


_MAKERS = {
    "r": _run, "f": _fraction, "rad": _root, "sSub": _scripts, "sSup": _scripts,
    "sSubSup": _scripts, "nary": _nary, "d": _fence, "func": _function, "acc": _accent,
    "bar": _bar, "m": _matrix, "eqArr": _lines, "limLow": _below, "box": lambda e: _inside(e, "e"),
    "oMath": _tex, "e": _tex, "num": _tex, "den": _tex, "fName": _tex, "ins": _tex,
}  # fmt: skip
