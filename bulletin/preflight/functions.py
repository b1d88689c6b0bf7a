"""PDF functions of types 0, 2, 3 and 4, evaluated to learn what ink a tint or a shading lays."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence

from bulletin.preflight.objects import Obj, content, elements, get, is_array, number, numbers

Values = tuple[float, ...]
Function = Callable[[Sequence[float]], Values]
"""Input values → output values. Raises ``ValueError`` when the function is broken."""


def read(value: Obj, depth: int = 0) -> Function:
    """A function object, or an array of one-output functions, as something to call."""
    if depth > 8:
        raise ValueError("functions nest too deep")
    if is_array(value):
        parts = [read(item, depth + 1) for item in elements(value)]
        return lambda x: tuple(part(x)[0] for part in parts)
    kind = get(value, "FunctionType")
    domain, limits = numbers(get(value, "Domain")), numbers(get(value, "Range"))
    if kind == 0:
        inner = _sampled(value, domain, limits)
    elif kind == 2:
        inner = _exponential(value)
    elif kind == 3:
        inner = _stitched(value, domain, depth)
    elif kind == 4:
        inner = _program(content(value).decode("latin-1"))
    else:
        raise ValueError("unknown function type")
    return lambda x: _clip(inner(_clip(tuple(x), domain)), limits)


def _clip(values: Values, limits: Values) -> Values:
    if len(limits) < 2 * len(values):
        return values
    return tuple(min(max(v, limits[2 * i]), limits[2 * i + 1]) for i, v in enumerate(values))


def _map(x: float, a: float, b: float, c: float, d: float) -> float:
    return c if a == b else c + (x - a) * (d - c) / (b - a)


def _exponential(value: Obj) -> Function:
    low = numbers(get(value, "C0")) or (0.0,)
    high = numbers(get(value, "C1")) or (1.0,)
    power = number(get(value, "N"), 1.0)
    if len(low) != len(high):
        raise ValueError("C0 and C1 differ in length")

    def run(x: Sequence[float]) -> Values:
        t = max(x[0], 0.0) ** power if x[0] or power > 0 else 1.0
        return tuple(a + t * (b - a) for a, b in zip(low, high, strict=True))

    return run


def _stitched(value: Obj, domain: Values, depth: int) -> Function:
    parts = [read(item, depth + 1) for item in elements(get(value, "Functions"))]
    bounds, encode = numbers(get(value, "Bounds")), numbers(get(value, "Encode"))
    if not parts or len(bounds) != len(parts) - 1 or len(encode) != 2 * len(parts):
        raise ValueError("stitching function is incomplete")
    if len(domain) != 2:
        raise ValueError("stitching function has no domain")

    def run(x: Sequence[float]) -> Values:
        k = sum(x[0] >= bound for bound in bounds)
        edges = (domain[0], *bounds, domain[1])
        t = _map(x[0], edges[k], edges[k + 1], encode[2 * k], encode[2 * k + 1])
        return parts[k]((t,))

    return run


def _sampled(value: Obj, domain: Values, limits: Values) -> Function:
    sizes = [int(n) for n in numbers(get(value, "Size"))]
    bits, outputs = int(number(get(value, "BitsPerSample"))), len(limits) // 2
    raw = content(value)
    if not sizes or bits not in {8, 16} or not outputs or len(domain) != 2 * len(sizes):
        raise ValueError("sampled function is incomplete")
    width = bits // 8
    if len(raw) < math.prod(sizes) * outputs * width:
        raise ValueError("sampled function is too short")
    decode = numbers(get(value, "Decode")) or limits

    def run(x: Sequence[float]) -> Values:
        # The nearest sample is near enough to bound ink; interpolation never exceeds samples.
        index, stride = 0, 1
        for i, size in enumerate(sizes):
            spot = _map(x[i], domain[2 * i], domain[2 * i + 1], 0, size - 1)
            index += min(max(int(spot + 0.5), 0), size - 1) * stride
            stride *= size
        found = []
        for j in range(outputs):
            at = (index * outputs + j) * width
            level = int.from_bytes(raw[at : at + width], "big") / (2**bits - 1)
            found.append(_map(level, 0, 1, decode[2 * j], decode[2 * j + 1]))
        return tuple(found)

    return run


Tree = list["str | Tree"]
_TWO: dict[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": lambda a, b: a / b if b else 0.0,
    "idiv": lambda a, b: float(int(a / b)) if b else 0.0,
    "mod": lambda a, b: math.fmod(a, b) if b else 0.0,
    "exp": lambda a, b: a**b if a > 0 or b == int(b) else 0.0,
    "atan": lambda a, b: math.degrees(math.atan2(a, b)) % 360,
    "eq": lambda a, b: float(a == b),
    "ne": lambda a, b: float(a != b),
    "gt": lambda a, b: float(a > b),
    "ge": lambda a, b: float(a >= b),
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "and": lambda a, b: float(int(a) & int(b)),
    "or": lambda a, b: float(int(a) | int(b)),
}
_ONE: dict[str, Callable[[float], float]] = {
    "neg": operator.neg,
    "abs": abs,
    "ceiling": math.ceil,
    "floor": math.floor,
    "round": lambda a: math.floor(a + 0.5),
    "truncate": float,
    "cvi": lambda a: float(int(a)),
    "cvr": float,
    "sqrt": lambda a: math.sqrt(max(a, 0.0)),
    "sin": lambda a: math.sin(math.radians(a)),
    "cos": lambda a: math.cos(math.radians(a)),
    "ln": lambda a: math.log(a) if a > 0 else 0.0,
    "log": lambda a: math.log10(a) if a > 0 else 0.0,
    "not": lambda a: float(not a),
}


def _program(text: str) -> Function:
    tokens = re.findall(r"[{}]|[^\s{}]+", text)
    if not tokens or tokens[0] != "{":
        raise ValueError("calculator function has no body")
    tree, _ = _block(tokens, 1)

    def run(x: Sequence[float]) -> Values:
        stack = list(x)
        try:
            _execute(tree, stack)
        except (IndexError, OverflowError) as problem:
            raise ValueError("calculator function fails") from problem
        return tuple(stack)

    return run


def _block(tokens: list[str], at: int) -> tuple[Tree, int]:
    out: Tree = []
    while at < len(tokens):
        if tokens[at] == "}":
            return out, at + 1
        if tokens[at] == "{":
            inner, at = _block(tokens, at + 1)
            out.append(inner)
        else:
            out.append(tokens[at])
            at += 1
    raise ValueError("calculator function is not closed")


def _execute(tree: Tree, stack: list[float]) -> None:
    blocks: list[Tree] = []
    for token in tree:
        if isinstance(token, list):
            blocks.append(token)
        elif token in {"if", "ifelse"}:
            other = blocks.pop() if token == "ifelse" else []
            then = blocks.pop()
            _execute(then if stack.pop() else other, stack)
        else:
            _step(token, stack)


def _step(token: str, stack: list[float]) -> None:
    if token in _TWO:
        b, a = stack.pop(), stack.pop()
        stack.append(_TWO[token](a, b))
    elif token in _ONE:
        stack.append(_ONE[token](stack.pop()))
    elif token in {"true", "false"}:
        stack.append(float(token == "true"))
    elif token in {"pop", "dup", "exch", "copy", "index", "roll"}:
        _shuffle(token, stack)
    else:
        stack.append(float(token))


def _shuffle(token: str, stack: list[float]) -> None:
    if token == "exch":
        stack[-1], stack[-2] = stack[-2], stack[-1]
    elif token == "dup":
        stack.append(stack[-1])
    elif token == "copy":
        count = int(stack.pop())
        stack.extend(stack[-count:] if count else [])
    elif token == "index":
        stack.append(stack[-1 - int(stack.pop())])
    elif token == "roll":
        turn, count = int(stack.pop()), int(stack.pop())
        if count:
            part = stack[-count:]
            turn %= count
            stack[-count:] = part[-turn:] + part[:-turn] if turn else part
    else:
        stack.pop()
