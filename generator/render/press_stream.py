"""Content streams as operations: what a page paints, in order, with the graphics state that it is painted in.

A page is read once (``read``), in the pieces that its inks part it into (``colouring``); the outlining, the separations
and the preflight are made of them (ISO 32000-1, annex A). Path construction, most of a page, is never looked into.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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
    return rb"\((?:[^\\()]++|\\." + inner + rb")*\)"


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
_IN_ARRAY: Final = re.compile(rb"%s|%s" % (_STRING, _NUMBER), re.DOTALL)

# What nearly all of a page consists of: one path or one text in one ink, within a q and Q that move it into place.
_FIGURE: Final = rb"-?[0-9]++(?:\.[0-9]++)?"
_OPENS: Final = re.compile(rb"q %s cm " % rb" ".join([_FIGURE] * 6))
_CLOSES: Final = b"\nQ"
_FIGURES: Final = b"-.0123456789"
_NEXT: Final = b"\nq       cm "
"""What opens behind a Q, without the figures."""
_PATH: Final = b"-.0123456789 \nmlcvyhre"
"""Bytes of path construction. What is left without them is what else stands there."""
_FILLS: Final = frozenset((b"f", b"f*"))
_STROKES: Final = frozenset((b"wMS", b"wMJ[]dS", b"wS", b"MS", b"S"))
_TEXT: Final = re.compile(rb"\s*BT\s+(\d)\s+Tr\s*/(\w+)\s+(%(n)s)\s+Tf\s+((?:%(n)s\s+){6})" % {b"n": _FIGURE})
"""A text object up to its Tm."""
_CODES: Final = re.compile(rb"\s*(\[(?:%(s)s|[-.\d\s]++)*\]|%(s)s)\s*T[Jj]\s+ET" % {b"s": _STRING}, re.DOTALL)
"""The rest of it."""
_STRINGS: Final = frozenset((b"<>", b"()"))
_SHOWS: Final = frozenset((b"TJ\nET", b"Tj\nET"))


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
    """A text object: one font and size, one matrix, and what is shown.

    ``codes``: two-byte codes in a row, and between rows by how many thousandths of the size the next one stands nearer.
    """

    font: str
    size: float
    matrix: Matrix
    mode: int
    codes: tuple[tuple[int, ...] | float, ...]


class Text(NamedTuple):
    """A text object: ``at`` which of the pieces, in the ``state`` in which it is shown.

    ``framed``: it stands alone within a q and Q, which end whatever is set for it.
    """

    at: int
    raw: bytes
    state: State
    shown: Shown
    framed: bool


class Named(NamedTuple):
    """The use of a resource: Do, gs, sh, or what chooses a pattern."""

    operator: str
    name: str
    state: State


@dataclass(slots=True)
class Content:
    """What a stream paints. ``pieces`` by turns: what paints, and what sets an ink (k, K, or empty).

    Each text object is a piece of its own. ``lines``: how thick its strokes are, in points of the page; ``used``: every
    colour operator and space that occurs; ``colours``: how many k and K.
    """

    pieces: list[bytes] = field(default_factory=lambda: [b""])
    texts: list[Text] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    lines: set[float] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    colours: int = 0

    def with_texts(self, texts: Iterable[bytes]) -> list[bytes]:
        """The pieces with other bytes for each of the texts."""
        made = self.pieces.copy()
        for text, raw in zip(self.texts, texts, strict=True):
            made[text.at] = raw
        return made


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


def read(pieces: Sequence[bytes], state: State | None = None) -> Content:
    """What a stream paints from ``state`` on; Unreadable for bytes that are no operation.

    ``pieces``: by turns what stands before an ink and what sets it; a stream of which nobody knows is one piece.
    """
    reader = _Reader(state or State())
    reader.operations(pieces[0])
    for ink, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if not reader.knows(ink, piece):
            reader.operations(ink)
            reader.operations(piece)
    reader.close()
    return reader.content


class _Reader:
    """Reads operations one after the other. ``_place``: where the q leads that was opened last, if nothing follows."""

    def __init__(self, state: State) -> None:
        self.content = Content()
        self._state = state
        self._stack: list[State] = []
        self._place: bytes | None = None

    def knows(self, ink: bytes, piece: bytes) -> bool:
        """Reads a path or a text in one ink, within the q that is open, its Q and what follows; says if it is none."""
        if self._place is None:
            return False
        last = piece.rfind(_CLOSES)
        if not self._reads(ink, piece, last):
            # What stands around it may end here as well.
            last = piece.rfind(_CLOSES, 0, max(0, last))
            if not self._reads(ink, piece, last):
                return False
        self.content.colours += 1
        rest = piece[last + len(_CLOSES) :]
        if rest.translate(None, _FIGURES) == _NEXT:
            self._place = rest
        else:
            self._place = None
            self.content.pieces[-1] = self.content.pieces[-1].removesuffix(rest)
            self.operations(rest)
        return True

    def _reads(self, ink: bytes, piece: bytes, end: int) -> bool:
        """Reads what stands before ``end`` in a piece, if it is a path that is filled or stroked, or a text."""
        if end < 0:
            return False
        body = piece[:end]
        kind, fills = body.translate(None, _PATH), ink[-1:] == b"k"
        if kind in _STROKES and not fills:
            width = float(body.partition(b" w ")[0]) if kind[:1] == b"w" else self._state.width
            self.content.lines.add(width * _spread(self._matrix()))
        elif kind not in _FILLS or not fills:
            return fills and self._text(ink, body, piece[end:])
        self.content.pieces += ink, piece
        return True

    def _text(self, ink: bytes, body: bytes, rest: bytes) -> bool:
        """A text in its own q and Q, if it is one."""
        head, _, shows = body.partition(b"Tm")
        how, codes = _setting_of(head), _shown_by(shows)
        if how is None or codes is None:
            return False
        before, content = self._state, self.content
        state = State(self._matrix(), inks_of(ink), before.stroke, content.colours, before.width, before.dashed)
        content.texts.append(Text(len(content.pieces) + 1, body, state, Shown(*how, codes), True))
        content.pieces += ink, body, b"", rest
        return True

    def _matrix(self) -> Matrix:
        """That within the q that was opened last."""
        own, outer = _moved(self._place), self._state.matrix
        return own if outer == IDENTITY else multiplied(own, outer)

    def close(self) -> None:
        """The end of the stream."""
        self._open()
        if self.content.colours:
            self.content.used.add("DeviceCMYK")

    def _open(self) -> None:
        """Steps into the q that was opened last."""
        if self._place is not None:
            self._stack.append(self._state)
            self._state = self._state._replace(matrix=self._matrix())
            self._place = None

    def operations(self, data: bytes) -> None:
        """Reads operations of any kind."""
        self._open()
        last = data.rfind(b"q ")
        if last >= 0 and _OPENS.fullmatch(data, last):
            self._operations(data[:last])
            self.content.pieces[-1] += data[last:]
            self._place = data[last:]
        else:
            self._operations(data)

    def _operations(self, data: bytes) -> None:
        pieces = self.content.pieces
        start, at, end = 0, 0, len(data.rstrip())
        while at < end:
            found = _OPERATION.match(data, at)
            if not found:
                raise Unreadable(f"content stream at byte {at}: {data[at : at + 40]!r}")
            kind = found.lastgroup
            if kind == "text":
                what = Text(len(pieces) + 1, found["text"], self._state, shown(found["text"]), framed=False)
                self.content.texts.append(what)
                pieces[-1] += data[start:at] + b"\n"
                pieces += b"", found["text"], b"", b"\n"
                start = found.end()
            elif kind != "path" and self._operation(found["op"].decode("ascii"), found["args"]):
                pieces[-1] += data[start:at] + b"\n"
                pieces += found["args"] + found["op"], b""
                start = found.end()
            at = found.end()
        pieces[-1] += data[start:]

    def _operation(self, operator: str, arguments: bytes) -> bool:
        """One operation; whether it sets an ink."""
        state = self._state
        if operator in ("k", "K"):
            inks, by = inks_of(arguments), self.content.colours
            self.content.colours += 1
            fill = operator == "k"
            self._state = state._replace(fill=inks, fill_by=by) if fill else state._replace(stroke=inks)
            return True
        if operator in _STROKING:
            self.content.lines.add(state.width * _spread(state.matrix))
        elif operator == "q":
            self._stack.append(state)
        elif operator == "Q":
            if not self._stack:
                raise Unreadable("Q without q")
            self._state = self._stack.pop()
        elif operator not in _PLAIN:
            self._setting(operator, _ARGUMENT.findall(arguments))
        return False

    def _setting(self, operator: str, given: list[bytes]) -> None:
        """An operator that changes the state, or names a resource."""
        state = self._state
        if operator == "cm":
            self._state = state._replace(matrix=multiplied(_matrix(given), state.matrix))
        elif operator == "w":
            self._state = state._replace(width=float(given[0]))
        elif operator == "d":
            self._state = state._replace(dashed=given[0].strip(b"[] \n") != b"")
        elif operator in _COLOURS:
            self._colour(operator, given)
        elif operator in ("Do", "gs", "sh"):
            self.content.named.append(Named(operator, given[-1][1:].decode("latin-1"), state))
        elif operator in ("BI", "ID", "EI"):
            raise Unreadable("inline image")
        else:
            raise Unreadable(f"operator {operator}")

    def _colour(self, operator: str, given: list[bytes]) -> None:
        """A colour that is not of process inks: a pattern, or what a print file must not have."""
        state = self._state
        name = given[-1][1:].decode("latin-1") if given and given[-1][:1] == b"/" else ""
        # A pattern is chosen in two steps, cs and scn; only the space has a name that says what it is.
        if operator in ("scn", "SCN") and name:
            self.content.named.append(Named(operator, name, state))
        else:
            self.content.used.add(name if name == "Pattern" else f"{operator} {name}".strip())
        fill = operator.islower()
        self._state = state._replace(fill=None, fill_by=None) if fill else state._replace(stroke=None)


# What paints, clips, or sets what a print file need not know; marked content has no effect.
_STROKING: Final = frozenset(("S", "s", "B", "B*", "b", "b*"))
_PLAIN: Final = frozenset(("f", "F", "f*", "n", "W", "W*", "i", "j", "J", "M", "ri", "BMC", "BDC", "EMC", "MP", "DP"))
_COLOURS: Final = frozenset(("g", "G", "rg", "RG", "cs", "CS", "sc", "SC", "scn", "SCN"))


def _spread(matrix: Matrix) -> float:
    """By how much a matrix makes a line thicker, on the average of its directions."""
    return float(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5)


def shown(text: bytes) -> Shown:
    """What a text object shows. Unreadable for operators that Typst does not write, rather than a guess."""
    font, size, mode = "", 0.0, 0
    matrix: Matrix = IDENTITY
    codes: tuple[tuple[int, ...] | float, ...] | None = None
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
        elif operator == "Tm" and codes is None:
            matrix = _matrix(waiting)
        elif operator in ("TJ", "Tj") and codes is None:
            codes = tuple(_shown(given) for given in waiting if given not in (b"[", b"]"))
        elif operator not in ("BT", "ET"):
            raise Unreadable(f"text operator {operator}")
        waiting.clear()
    return Shown(font, size, matrix, mode, codes or ())


def _moved(place: bytes | None) -> Matrix:
    """Where ``q 1 0 0 1 20 30 cm `` leads: to few scales, but to a place of its own."""
    scale, x, y = (place or b"")[: -len(b" cm ")].rsplit(b" ", 2)
    a, b, c, d = _scale(scale)
    return a, b, c, d, float(x), float(y)


@lru_cache(maxsize=1024)
def _scale(opened: bytes) -> tuple[float, float, float, float]:
    a, b, c, d = map(float, opened.split()[1:])
    return a, b, c, d


def _matrix(given: list[bytes]) -> Matrix:
    a, b, c, d, e, f = map(float, given)
    return (a, b, c, d, e, f)


@lru_cache(maxsize=1024)
def _setting_of(head: bytes) -> tuple[str, float, Matrix, int] | None:
    """Font, size, matrix and mode of a text object, of what stands before its Tm; None for anything else."""
    found = _TEXT.fullmatch(head)
    if not found:
        return None
    mode, font, size, set_by = found.groups()
    return font.decode(), float(size), _matrix(set_by.split()), int(mode)


def _shown_by(operation: bytes) -> tuple[tuple[int, ...] | float, ...] | None:
    """What ``[<0001>-250<0002>]TJ`` at the end of a text object shows; None for anything else."""
    # Nearly always it is one string, without parentheses among its codes.
    one = operation[1:-6] if operation[-6:] == b"]TJ\nET" and operation[:1] == b"[" else operation[:-5]
    left, right = one[:1], one[-1:]
    if left + right in _STRINGS and one.count(left) == one.count(right) == 1 and operation[-5:] in _SHOWS:
        return (_codes(one),)
    found = _CODES.fullmatch(operation)
    return tuple([_shown(token) for token in _IN_ARRAY.findall(found[1])]) if found else None


def _shown(token: bytes) -> tuple[int, ...] | float:
    """The codes of a string, or a gap."""
    return _codes(token) if token[0] in b"<(" else float(token)


_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_UPPER: Final = [(b"\\00%d" % byte, bytes((byte,))) for byte in range(4)]
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@lru_cache(maxsize=4096)
def _codes(string: bytes) -> tuple[int, ...]:
    """The two-byte codes of a string, hexadecimal or literal."""
    inner = string[1:-1]
    if string[:1] == b"<":
        data = bytes.fromhex(inner.decode("ascii"))
    else:
        # Nearly every escape is the upper byte of a code; only behind a backslash that stands for itself it is none.
        plain = inner
        if b"\\\\" not in inner:
            for escape, byte in _UPPER:
                plain = plain.replace(escape, byte)
        data = _ESCAPE.sub(_unescaped, plain) if b"\\" in plain else plain
    count = len(data) // 2
    return struct.unpack(f">{count}H", data[: 2 * count])


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8) & 255,))
    return _ESCAPED.get(found[2], found[2]) if found[2] else b""
