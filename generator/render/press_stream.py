"""Content streams as operations: what a page paints, in order, with the graphics state that it is painted in.

A page is read once. ``Reader`` yields its parts (ISO 32000-1, annex A); the outlining, the separations and the
preflight are made of them. Path construction, which is most of a page, is one part and is never looked into.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f of ISO 32000-1, 8.3.3: x' = ax + cy + e, y' = bx + dy + f."""

Inks = tuple[float, float, float, float]
"""Cyan, magenta, yellow, black, 0 to 1."""

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_NUMBER: Final = rb"[-+]?(?:\d+\.?\d*|\.\d+)"


def _literal(depth: int) -> bytes:
    """Pattern of a literal string, in which balanced parentheses may stand as they are."""
    inner = rb"|" + _literal(depth - 1) if depth else b""
    return rb"\((?:\\.|[^\\()]" + inner + rb")*\)"


_STRING: Final = _literal(12) + rb"|<[0-9A-Fa-f\s]*>"
_NAME: Final = rb"/[^\s/<>\[\]()]+"
_OPERATION: Final = re.compile(
    rb"""\s*(?:
      (?P<path>(?:(?:%(n)s\s+){2,6}(?:re|[mlcvy])(?![\w*])\s*|h(?![\w*])\s*)+)
    | (?P<text>BT\b(?:%(s)s|[^()])*?\bET\b)
    | (?P<args>(?:(?:%(n)s|%(name)s|\[(?:%(s)s|[^\[\]()])*\]|%(s)s)\s*)*)(?P<op>[A-Za-z'"][A-Za-z0-9*]*)
    )"""
    % {b"n": _NUMBER, b"s": _STRING, b"name": _NAME},
    re.VERBOSE | re.DOTALL,
)
_ARGUMENT: Final = re.compile(rb"%s|%s|%s|\[(?:%s|[^\[\]()])*\]" % (_NUMBER, _NAME, _STRING, _STRING), re.DOTALL)
_IN_TEXT: Final = re.compile(rb"%s|%s|%s|[\[\]]|[A-Za-z'\"][A-Za-z0-9*]*" % (_STRING, _NAME, _NUMBER), re.DOTALL)


class Unreadable(Exception):
    """A stream that uses what our pages never do; the message says what."""


@dataclass(frozen=True, slots=True)
class State:
    """The graphics state, as far as a print file needs to know it.

    ``fill`` and ``stroke``: inks; None when a pattern or another colour space is set. ``fill_by``: which of the
    stream's k and K set the fill, from 0. ``width``: of a line, in units of ``matrix``, which leads to the page.
    """

    matrix: Matrix = IDENTITY
    fill: Inks | None = (0.0, 0.0, 0.0, 1.0)
    stroke: Inks | None = (0.0, 0.0, 0.0, 1.0)
    fill_by: int | None = None
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stream. ``kind``: path, text, or the operator. ``raw`` is its bytes, ``state`` as it stands before.

    ``inks``: what an operator k or K sets; ``name``: the resource that Do, gs, sh, cs or scn names.
    """

    kind: str
    raw: bytes
    state: State
    inks: Inks | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A text object: one font and size, one matrix, and the codes that are shown with the gaps after them.

    ``steps``: (code, shift) — a two-byte code, and by how many thousandths of the size the next one stands nearer.
    ``lead``: the same before the first.
    """

    font: str
    size: float
    matrix: Matrix
    mode: int
    steps: tuple[tuple[int, float], ...]
    lead: float = 0.0


def multiplied(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does ``first`` and then ``second``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point of ``matrix``'s space lies on the page."""
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def number(value: float) -> bytes:
    """A number as PDF has it: no exponent, no trailing zeros; ten digits after the point are enough for any page."""
    if value == int(value):
        return b"%d" % value
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return (text if text != "-0" else "0").encode()


def numbers(*values: float) -> bytes:
    """Numbers with spaces between."""
    return b" ".join(map(number, values))


@dataclass(slots=True)
class Reader:
    """Reads one stream from the state it is called in.

    ``used``: every colour operator and space that occurs; ``colours``: how many k and K were read.
    """

    data: bytes
    state: State = field(default_factory=State)
    used: set[str] = field(default_factory=set)
    colours: int = 0

    def parts(self) -> Iterator[Part]:
        """Each part with the state before it. Unreadable for bytes that are no operation."""
        stack: list[State] = []
        state, at, end = self.state, 0, len(self.data.rstrip())
        match = _OPERATION.match
        while at < end:
            found = match(self.data, at)
            if found is None:
                raise Unreadable(f"content stream at byte {at}: {self.data[at : at + 40]!r}")
            at = found.end()
            kind = found.lastgroup
            if kind == "path" or kind == "text":
                yield Part(kind, found[kind], state)
                continue
            operator = found["op"].decode("ascii")
            arguments = found["args"]
            if operator == "q":
                stack.append(state)
                yield Part("q", b"q", state)
            elif operator == "Q":
                if not stack:
                    raise Unreadable("Q without q")
                yield Part("Q", b"Q", state)
                state = stack.pop()
            elif operator in _PLAIN:
                yield Part(operator, arguments + found["op"], state)
            else:
                part, state = self._setting(operator, arguments, state)
                yield part

    def _setting(self, operator: str, arguments: bytes, state: State) -> tuple[Part, State]:
        """An operator that changes the state, or names a resource."""
        raw = arguments + operator.encode()
        if operator in ("k", "K"):
            self.used.add("DeviceCMYK")
            c, m, y, k = (float(value) for value in arguments.split())
            inks = (c, m, y, k)
            number, self.colours = self.colours, self.colours + 1
            after = (
                State(state.matrix, inks, state.stroke, number, state.width, state.dashed)
                if operator == "k"
                else State(state.matrix, state.fill, inks, state.fill_by, state.width, state.dashed)
            )
            return Part(operator, raw, state, inks), after
        given = _ARGUMENT.findall(arguments)
        if operator == "cm":
            matrix = multiplied(_matrix(given), state.matrix)
            return Part("cm", raw, state), State(
                matrix, state.fill, state.stroke, state.fill_by, state.width, state.dashed
            )
        if operator == "w":
            return Part("w", raw, state), replace(state, width=float(given[0]))
        if operator == "d":
            return Part("d", raw, state), replace(state, dashed=given[0].strip(b"[] \n") != b"")
        if operator in _COLOURS:
            return self._colour(operator, given, raw, state)
        if operator in ("Do", "gs", "sh"):
            return Part(operator, raw, state, name=given[-1][1:].decode("latin-1")), state
        if operator in ("BI", "ID", "EI"):
            raise Unreadable("inline image")
        raise Unreadable(f"operator {operator}")

    def _colour(self, operator: str, given: list[bytes], raw: bytes, state: State) -> tuple[Part, State]:
        """A colour that is not of process inks: a pattern, or what a print file must not have."""
        name = given[-1][1:].decode("latin-1") if given and given[-1][:1] == b"/" else ""
        # A pattern is chosen in two steps, cs and scn; only the space has a name that says what it is.
        if not (operator in ("scn", "SCN") and name):
            self.used.add(name if name == "Pattern" else f"{operator} {name}".strip())
        after = replace(state, fill=None, fill_by=None) if operator.islower() else replace(state, stroke=None)
        return Part(operator, raw, state, name=name), after


# What paints, clips, or sets what a print file need not know; marked content has no effect.
_PAINTING: Final = ("b", "b*", "B", "B*", "f", "F", "f*", "n", "s", "S", "W", "W*", "i", "j", "J", "M", "ri")
_PLAIN: Final = frozenset((*_PAINTING, "BMC", "BDC", "EMC", "MP", "DP"))
_COLOURS: Final = frozenset(("g", "G", "rg", "RG", "cs", "CS", "sc", "SC", "scn", "SCN"))


def shown(text: bytes) -> Shown:
    """What a text object shows. Unreadable for operators that Typst does not write, rather than a guess."""
    font, size, mode = "", 0.0, 0
    matrix, steps, lead = IDENTITY, None, 0.0
    waiting: list[bytes] = []
    for token in _IN_TEXT.findall(text):
        if token[:1] in b"<(/0123456789+-." or token in (b"[", b"]"):
            waiting.append(token)
            continue
        operator = token.decode("ascii")
        if operator == "Tf":
            font, size = waiting[-2][1:].decode("latin-1"), float(waiting[-1])
        elif operator == "Tr":
            mode = int(waiting[-1])
        elif operator == "Tm" and steps is None:
            matrix = _matrix(waiting)
        elif operator in ("TJ", "Tj") and steps is None:
            lead, steps = _steps(waiting)
        elif operator not in ("BT", "ET"):
            raise Unreadable(f"text operator {operator}")
        waiting.clear()
    return Shown(font, size, matrix, mode, tuple(steps or ()), lead)


def _matrix(given: list[bytes]) -> Matrix:
    a, b, c, d, e, f = map(float, given)
    return (a, b, c, d, e, f)


def _steps(given: list[bytes]) -> tuple[float, list[tuple[int, float]]]:
    """The gap before the first code, and each code with the gap behind it."""
    lead, steps = 0.0, []
    for token in given:
        if token[:1] in b"<(":
            steps += [(code, 0.0) for code in _codes(token)]
        elif token in (b"[", b"]"):
            continue
        elif steps:
            code, shift = steps[-1]
            steps[-1] = (code, shift + float(token))
        else:
            lead += float(token)
    return lead, steps


_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _codes(string: bytes) -> list[int]:
    """The two-byte codes of a string, hexadecimal or literal."""
    inner = string[1:-1]
    data = bytes.fromhex(inner.decode("ascii")) if string[:1] == b"<" else _ESCAPE.sub(_unescaped, inner)
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)]


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8) & 255,))
    return _ESCAPED.get(found[2], found[2]) if found[2] else b""
