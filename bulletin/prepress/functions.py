"""PDF functions: their value at a point, and the same function with other output components."""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

SAMPLES = 64  # steps of a resampled function; finer than the eye on any gradient of a page
TOKEN = re.compile(rb"[{}]|[^\s{}]+")
Value = Callable[[tuple[float, ...]], Sequence[float]]


def numbers(array: Any) -> tuple[float, ...]:
    return tuple(float(item) for item in array)


def evaluate(function: Any, point: Sequence[float]) -> list[float]:
    """The output of a function, or of an array of functions with one output each."""
    import pikepdf

    if isinstance(function, pikepdf.Array):
        return [value for part in function for value in evaluate(part, point)]
    domain = numbers(function.Domain)
    inside = [_clamp(x, domain[2 * n], domain[2 * n + 1]) for n, x in enumerate(point)]
    kind = int(function.FunctionType)
    values = (_sampled, None, _power, _stitched, _calculated)[kind]
    assert values is not None
    out = list(values(function, inside))
    bounds = numbers(function.get("/Range", ()))
    if not bounds:
        return out
    return [_clamp(y, bounds[2 * n], bounds[2 * n + 1]) for n, y in enumerate(out)]


def rebuilt(pdf: Any, function: Any, change: Value) -> Any:
    """A function of one input whose output has gone through ``change``.

    Powers and stitches keep their shape and change only at the ends: the stops stay exact and
    what lies between is mixed in ink. Everything else is sampled.
    """
    import pikepdf

    if not isinstance(function, pikepdf.Array):
        kind = int(function.FunctionType)
        if kind == 2:
            ends = function.get("/C0", [0]), function.get("/C1", [1])
            first, last = (change(numbers(end)) for end in ends)
            return pikepdf.Dictionary(
                FunctionType=2, Domain=function.Domain, C0=_array(first), C1=_array(last),
                N=function.N,
            )  # fmt: skip
        if kind == 3:
            parts = [rebuilt(pdf, part, change) for part in function.Functions]
            return pikepdf.Dictionary(
                FunctionType=3, Domain=function.Domain, Functions=pikepdf.Array(parts),
                Bounds=function.Bounds, Encode=function.Encode,
            )  # fmt: skip
    return resampled(pdf, function, change)


def resampled(pdf: Any, function: Any, change: Value) -> Any:
    """A table of :data:`SAMPLES` steps per input, 16 bits deep."""
    import pikepdf

    first = function[0] if isinstance(function, pikepdf.Array) else function
    domain = numbers(first.Domain)
    inputs = len(domain) // 2
    steps = SAMPLES if inputs == 1 else 32
    axes = [
        [domain[2 * n] + (domain[2 * n + 1] - domain[2 * n]) * k / steps for k in range(steps + 1)]
        for n in range(inputs)
    ]
    data, outputs = bytearray(), 0
    for point in itertools.product(*reversed(axes)):  # the first input varies fastest
        values = change(tuple(evaluate(function, point[::-1])))
        outputs = len(values)
        for value in values:
            data += int(_clamp(value, 0, 1) * 65535 + 0.5).to_bytes(2, "big")
    return pikepdf.Stream(
        pdf, bytes(data), FunctionType=0, Domain=_array(domain), Range=_array([0, 1] * outputs),
        Size=pikepdf.Array([steps + 1] * inputs), BitsPerSample=16,
    )  # fmt: skip


def _array(values: Sequence[float]) -> Any:
    import pikepdf

    return pikepdf.Array([round(value, 5) for value in values])


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _between(x: float, low: float, high: float, first: float, last: float) -> float:
    return first if high == low else first + (x - low) * (last - first) / (high - low)


def _power(function: Any, point: Sequence[float]) -> Iterator[float]:
    start, end = numbers(function.get("/C0", [0])), numbers(function.get("/C1", [1]))
    share = point[0] ** float(function.N) if point[0] or float(function.N) else 1.0
    return (a + share * (b - a) for a, b in zip(start, end, strict=True))


def _stitched(function: Any, point: Sequence[float]) -> Sequence[float]:
    low, high = numbers(function.Domain)[:2]
    bounds = [low, *numbers(function.Bounds), high]
    last = len(bounds) - 2
    part = next((n for n in range(last) if point[0] < bounds[n + 1]), last)
    encode = numbers(function.Encode)[2 * part : 2 * part + 2]
    inner = _between(point[0], bounds[part], bounds[part + 1], encode[0], encode[1])
    return evaluate(function.Functions[part], (inner,))


def _sampled(function: Any, point: Sequence[float]) -> Iterator[float]:
    """Multilinear between the nodes of the table."""
    size = [int(n) for n in function.Size]
    domain, bounds = numbers(function.Domain), numbers(function.Range)
    encode = numbers(function.get("/Encode", [x for n in size for x in (0, n - 1)]))
    decode = numbers(function.get("/Decode", function.Range))
    bits, outputs = int(function.BitsPerSample), len(bounds) // 2
    table = int.from_bytes(function.read_bytes(), "big")
    length = len(function.read_bytes()) * 8

    def node(place: Sequence[int], output: int) -> float:
        index = 0
        for n in reversed(range(len(size))):
            index = index * size[n] + place[n]
        shift = length - ((index * outputs + output) + 1) * bits
        return float((table >> shift) & ((1 << bits) - 1))

    spots = [
        _clamp(
            _between(x, domain[2 * n], domain[2 * n + 1], encode[2 * n], encode[2 * n + 1]),
            0, size[n] - 1,
        )
        for n, x in enumerate(point)
    ]  # fmt: skip
    for output in range(outputs):
        total = 0.0
        for corner in itertools.product((0, 1), repeat=len(spots)):
            weight, place = 1.0, []
            for spot, up, count in zip(spots, corner, size, strict=True):
                low = min(int(spot), count - 1)
                weight *= spot - low if up else 1 - (spot - low)
                place.append(min(low + up, count - 1))
            if weight:
                total += weight * node(place, output)
        first, last = decode[2 * output], decode[2 * output + 1]
        yield _between(total, 0, (1 << bits) - 1, first, last)


# ---- calculator functions (type 4) ---------------------------------------------------------------

BINARY: dict[bytes, Callable[[Any, Any], Any]] = {
    b"add": operator.add, b"sub": operator.sub, b"mul": operator.mul, b"div": operator.truediv,
    b"idiv": lambda a, b: int(a / b), b"mod": math.fmod, b"exp": operator.pow,
    b"atan": lambda a, b: math.degrees(math.atan2(a, b)) % 360,
    b"eq": operator.eq, b"ne": operator.ne, b"gt": operator.gt, b"ge": operator.ge,
    b"lt": operator.lt, b"le": operator.le, b"and": operator.and_, b"or": operator.or_,
    b"xor": operator.xor, b"bitshift": lambda a, b: a << b if b >= 0 else a >> -b,
}  # fmt: skip
UNARY: dict[bytes, Callable[[Any], Any]] = {
    b"abs": abs, b"neg": operator.neg, b"ceiling": math.ceil, b"floor": math.floor,
    b"round": lambda a: math.floor(a + 0.5), b"truncate": math.trunc, b"sqrt": math.sqrt,
    b"sin": lambda a: math.sin(math.radians(a)), b"cos": lambda a: math.cos(math.radians(a)),
    b"ln": math.log, b"log": math.log10, b"cvi": int, b"cvr": float,
    b"not": lambda a: not a if isinstance(a, bool) else ~a,
}  # fmt: skip


def _calculated(function: Any, point: Sequence[float]) -> list[float]:
    tokens = iter(TOKEN.findall(function.read_bytes()))
    next(tokens)  # the opening brace
    stack: list[Any] = list(point)
    _run(_block(tokens), stack)
    return [float(value) for value in stack]


def _block(tokens: Iterator[bytes]) -> list[Any]:
    out: list[Any] = []
    for token in tokens:
        if token == b"}":
            break
        out.append(_block(tokens) if token == b"{" else token)
    return out


def _run(program: list[Any], stack: list[Any]) -> None:
    for token in program:
        if isinstance(token, list):
            stack.append(token)
        elif token in BINARY:
            right, left = stack.pop(), stack.pop()
            stack.append(BINARY[token](left, right))
        elif token in UNARY:
            stack.append(UNARY[token](stack.pop()))
        elif token in (b"if", b"ifelse"):
            other = stack.pop() if token == b"ifelse" else []
            chosen, test = stack.pop(), stack.pop()
            _run(chosen if test else other, stack)
        elif not _shuffled(token, stack):
            stack.append(_literal(token))


def _literal(token: bytes) -> Any:
    if token in (b"true", b"false"):
        return token == b"true"
    return int(token) if re.fullmatch(rb"[+-]?\d+", token) else float(token)


def _shuffled(token: bytes, stack: list[Any]) -> bool:
    if token == b"pop":
        stack.pop()
    elif token == b"dup":
        stack.append(stack[-1])
    elif token == b"exch":
        stack[-2:] = [stack[-1], stack[-2]]
    elif token == b"copy":
        count = int(stack.pop())
        stack.extend(stack[len(stack) - count :])
    elif token == b"index":
        stack.append(stack[-1 - int(stack.pop())])
    elif token == b"roll":
        turn, count = int(stack.pop()), int(stack.pop())
        top = stack[len(stack) - count :]
        turn %= count or 1
        stack[len(stack) - count :] = top[count - turn :] + top[: count - turn]
    else:
        return False
    return True
