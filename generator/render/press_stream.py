"""Content streams as operations: what a page paints, in order, with the graphics state that it is painted in.

A page is read once. ``Reader`` yields its parts (ISO 32000-1, annex A); the outlining, the separations and the
preflight are made of them. Path construction, which is most of a page, is never looked into.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from typing import Final, NamedTuple

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
# Sets without \d and \s, and what never gives back: most of a page is read by these two.
_FIGURES: Final = rb"-?[0-9]++(?:\.[0-9]++)?"
_PATH: Final = rb"(?:[-.0-9 \n]++(?:[mlcvyh]|re)(?![\w*]))++"
_GROUP: Final = re.compile(
    rb"""\s*q\s+(?P<place>(?:%(n)s\s+){6})cm\s+(?:
      (?P<fill>%(inks)s\s+k)\s+(?:
        %(path)s\s*f\*?
      | (?P<text>BT\s+(?P<mode>\d)\s+Tr\s*/(?P<font>\w+)\s+(?P<size>%(n)s)\s+Tf\s+(?P<set>(?:%(n)s\s+){6})Tm\s*
        (?P<codes>\[(?:%(string)s|[-.\d\s])*\]|%(string)s)\s*T[Jj]\s+ET)
      )
    | (?P<stroke>%(inks)s\s+K)\s+(?:(?P<width>%(n)s)\s+w\s+)?(?:%(n)s\s+[MJj]\s+)*%(path)s\s*S
    )\s+Q(?!\w)"""
    % {b"n": _FIGURES, b"inks": rb"\s+".join([_FIGURES] * 4), b"path": _PATH, b"string": _STRING},
    re.VERBOSE | re.DOTALL,
)
"""What nearly every page consists of: one path or one text in one ink, within its own q and Q."""
_ARGUMENT: Final = re.compile(rb"%s|%s|%s|\[(?:%s|[^\[\]()])*\]" % (_NUMBER, _NAME, _STRING, _STRING), re.DOTALL)
_IN_TEXT: Final = re.compile(rb"%s|%s|%s|[\[\]]|[A-Za-z'\"][A-Za-z0-9*]*" % (_STRING, _NAME, _NUMBER), re.DOTALL)
_IN_ARRAY: Final = re.compile(rb"%s|%s" % (_STRING, _NUMBER), re.DOTALL)


class Unreadable(Exception):
    """A stream that uses what our pages never do; the message says what."""


class State(NamedTuple):
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


class Shown(NamedTuple):
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


class Part(NamedTuple):
    """A piece of a stream. ``kind``: path, text, the operator, or figure: a path painted within its own q and Q.

    ``raw`` is its bytes, ``state`` that before it, of a text that in which it is shown. ``ink``: the operands and the
    operator in ``raw`` that set an ink, k or K; ``line``: how thick it strokes, in points of the page; ``name``: the
    resource that Do, gs, sh, cs or scn names. Of a text what it shows, and the ``head`` of ``raw``: a q and what else
    stands before the text object; empty where it stands alone.
    """

    kind: str
    raw: bytes
    state: State
    ink: bytes = b""
    line: float | None = None
    name: str = ""
    shown: Shown | None = None
    head: bytes = b""


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


@lru_cache(maxsize=1024)
def inks_of(ink: bytes) -> Inks:
    """The inks that ``0.1 0.2 0.3 0.4 k`` sets."""
    c, m, y, k = map(float, ink.split()[:4])
    return c, m, y, k


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
        data, state, at, end = self.data, self.state, 0, len(self.data.rstrip())
        while at < end:
            if found := _GROUP.match(data, at):
                yield self._group(found, state)
            elif found := _OPERATION.match(data, at):
                part, after = self._operation(found, state)
                if part.kind == "q":
                    stack.append(state)
                elif part.kind == "Q":
                    if not stack:
                        raise Unreadable("Q without q")
                    after = stack.pop()
                yield part
                state = after
            else:
                raise Unreadable(f"content stream at byte {at}: {data[at : at + 40]!r}")
            at = found.end()
        if self.colours:
            self.used.add("DeviceCMYK")

    def _group(self, found: re.Match[bytes], state: State) -> Part:
        """One path or text in one ink; the state behind it is that before it."""
        raw = found[0].lstrip()
        by, self.colours = self.colours, self.colours + 1
        place, fill, text, mode, font, size, set_by, codes, stroke, width = found.groups()
        if text is not None:
            matrix = multiplied(_matrix(place.split()), state.matrix)
            within = State(matrix, inks_of(fill), state.stroke, by, state.width, state.dashed)
            lead, steps = _steps(_IN_ARRAY.findall(codes))
            what = Shown(font.decode(), float(size), _known_matrix(set_by), int(mode), tuple(steps), lead)
            return Part("text", raw, within, fill, shown=what, head=raw[: raw.index(text)])
        if fill is not None:
            return Part("figure", raw, state, fill)
        matrix = multiplied(_matrix(place.split()), state.matrix)
        line = (state.width if width is None else float(width)) * _spread(matrix)
        return Part("figure", raw, state, stroke, line)

    def _operation(self, found: re.Match[bytes], state: State) -> tuple[Part, State]:
        """One operation, and the state behind it; behind a Q that is for the caller to say."""
        if (kind := found.lastgroup) in ("path", "text"):
            raw = found[kind]
            return Part(kind, raw, state, shown=shown(raw) if kind == "text" else None), state
        operator, raw = found["op"].decode("ascii"), found["args"] + found["op"]
        if operator in _PLAIN:
            line = state.width * _spread(state.matrix) if operator in _STROKING else None
            return Part(operator, raw, state, line=line), state
        return self._setting(operator, found["args"], raw, state)

    def _setting(self, operator: str, arguments: bytes, raw: bytes, state: State) -> tuple[Part, State]:
        """An operator that changes the state, or names a resource."""
        if operator in ("k", "K"):
            by, self.colours = self.colours, self.colours + 1
            inks = inks_of(raw)
            after = state._replace(fill=inks, fill_by=by) if operator == "k" else state._replace(stroke=inks)
            return Part(operator, raw, state, raw), after
        given = _ARGUMENT.findall(arguments)
        if operator == "cm":
            return Part("cm", raw, state), state._replace(matrix=multiplied(_matrix(given), state.matrix))
        if operator == "w":
            return Part("w", raw, state), state._replace(width=float(given[0]))
        if operator == "d":
            return Part("d", raw, state), state._replace(dashed=given[0].strip(b"[] \n") != b"")
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
        after = state._replace(fill=None, fill_by=None) if operator.islower() else state._replace(stroke=None)
        return Part(operator, raw, state, name=name), after


# What paints, clips, or sets what a print file need not know; marked content has no effect.
_STROKING: Final = frozenset(("S", "s", "B", "B*", "b", "b*"))
_PAINTING: Final = (*_STROKING, "f", "F", "f*", "n", "W", "W*", "i", "j", "J", "M", "ri")
_PLAIN: Final = frozenset(("q", "Q", *_PAINTING, "BMC", "BDC", "EMC", "MP", "DP"))
_COLOURS: Final = frozenset(("g", "G", "rg", "RG", "cs", "CS", "sc", "SC", "scn", "SCN"))


def _spread(matrix: Matrix) -> float:
    """By how much a matrix makes a line thicker, on the average of its directions."""
    return float(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5)


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


@lru_cache(maxsize=64)
def _known_matrix(given: bytes) -> Matrix:
    """That of a text object: nearly always what turns it the right way up."""
    return _matrix(given.split())


def _steps(given: list[bytes]) -> tuple[float, list[tuple[int, float]]]:
    """The gap before the first code, and each code with the gap behind it."""
    lead = 0.0
    steps: list[tuple[int, float]] = []
    for token in given:
        if token[0] in b"<(":
            steps += zip(_codes(token), repeat(0.0))
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


def _codes(string: bytes) -> tuple[int, ...]:
    """The two-byte codes of a string, hexadecimal or literal."""
    inner = string[1:-1]
    if string[:1] == b"<":
        data = bytes.fromhex(inner.decode("ascii"))
    else:
        # Nearly every escape is the upper byte of a code; only behind a backslash that stands for itself it is none.
        plain = inner if b"\\\\" in inner else inner.replace(b"\\000", b"\0")
        data = _ESCAPE.sub(_unescaped, plain) if b"\\" in plain else plain
    count = len(data) // 2
    return struct.unpack(f">{count}H", data[: 2 * count])


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8) & 255,))
    return _ESCAPED.get(found[2], found[2]) if found[2] else b""
