"""Glyphs of an embedded font as paths (转曲): what the print shop's machine would draw, without the font.

The outlines are read from the very font program that Typst put into the file, so that a glyph cannot differ from the
one that was measured and read back. TrueType's quadratic curves become cubic ones without loss.
"""

import io
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from generator.render.press_stream import Unreadable
from generator.typesetting.glyphs import numbered_font

if TYPE_CHECKING:
    import pikepdf

FINE: Final = 6
"""Paths are written in sixths of a font unit: there the ends and handles of every cubic are whole numbers."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph's path as content stream operators, in sixths of a font unit; ``box``: left, bottom, right, top.

    An empty path is a space.
    """

    path: bytes
    box: tuple[int, int, int, int]


_EMPTY: Final = Glyph(b"", (0, 0, 0, 0))
_GLYPHS: Final[dict[bytes, Glyph]] = {}
"""Outlines by glyph description: the same characters stand on every piece of a pack."""


class Face:
    """One embedded font: widths, characters and outlines by two-byte code."""

    def __init__(self, font: "pikepdf.Object") -> None:
        from fontTools.ttLib import TTLibError

        self.name = str(font.get("/BaseFont", "/?"))[1:].partition("+")[2]
        try:
            inner: Any = font.DescendantFonts[0]
            program = inner.FontDescriptor.get("/FontFile2")
        except AttributeError:
            program = None
        if program is None or str(font.Encoding) != "/Identity-H":
            raise Unreadable(f"字体 {self.name or '?'} 不是 TrueType 格式")
        if str(inner.get("/CIDToGIDMap", "/Identity")) != "/Identity":
            raise Unreadable(f"字体 {self.name} 的编码")
        try:
            self._font = numbered_font(io.BytesIO(program.read_bytes()))
            self._table, self._order = self._font["glyf"], self._font.getGlyphOrder()
            self.units = int(self._font["head"].unitsPerEm)
        except (TTLibError, KeyError) as broken:
            raise Unreadable(f"字体 {self.name}：{broken}") from broken
        self._default = float(inner.get("/DW", 1000))
        self._widths = dict(_widths(inner.get("/W", ())))
        self._characters = dict(_characters(font.ToUnicode.read_bytes())) if "/ToUnicode" in font else {}

    def width(self, code: int) -> float:
        """Of a glyph, in thousandths of the size."""
        return self._widths.get(code, self._default)

    def character(self, code: int) -> str:
        """What the glyph stands for."""
        return self._characters.get(code, "")

    def glyph(self, code: int) -> Glyph:
        """The outline of a glyph; Unreadable when the font has none."""
        if code >= len(self._order):
            raise Unreadable(f"字体 {self.name} 里没有第 {code} 个字形")
        name = self._order[code]
        # What a composite was made of is read already.
        described = getattr(self._table.glyphs[name], "data", b"")
        known = _GLYPHS.get(described)
        if known is None:
            known = _outline(self._table, name)
            # A composite glyph is described by the numbers of others, which mean something in its own font alone.
            if described and described[:1] < b"\x80":
                _GLYPHS[described] = known
        return known


def _outline(table: Any, name: str) -> Glyph:
    points, ends, flags = table[name].getCoordinates(table)
    if not ends:
        return _EMPTY
    coordinates = [(int(x) * FINE, int(y) * FINE) for x, y in points]
    path: list[str] = []
    start = 0
    for end in ends:
        if end > start:
            path += _contour(coordinates[start : end + 1], flags[start : end + 1])
        start = end + 1
    xs, ys = zip(*coordinates, strict=True)
    return Glyph("".join(path).encode(), (min(xs), min(ys), max(xs), max(ys)))


def _contour(points: list[tuple[int, int]], flags: Sequence[int]) -> list[str]:
    """One closed contour. Between two handles lies a point of the curve that TrueType leaves out.

    A quadratic curve becomes a cubic: each of its handles lies two thirds of the way to the one handle.
    """
    on = [flag & 1 for flag in flags]
    first = on.index(1) if 1 in on else None
    if first is None:
        (x0, y0), (x1, y1) = points[-1], points[0]
        start = ((x0 + x1) // 2, (y0 + y1) // 2)
    else:
        start = points[first]
        points, on = points[first + 1 :] + points[:first], on[first + 1 :] + on[:first]
    made = [f"{start[0]} {start[1]} m\n"]
    x0, y0 = start
    handle = None
    # The last curve ends where the contour began.
    for (x, y), real in zip([*points, start], [*on, 1], strict=True):
        if handle is None:
            if not real:
                handle = (x, y)
                continue
            made.append(f"{x} {y} l\n")
            x0, y0 = x, y
            continue
        hx, hy = handle
        if real:
            handle = None
        else:
            handle = (x, y)
            x, y = (hx + x) // 2, (hy + y) // 2
        hx, hy = 2 * hx, 2 * hy
        made.append(f"{(x0 + hx) // 3} {(y0 + hy) // 3} {(x + hx) // 3} {(y + hy) // 3} {x} {y} c\n")
        x0, y0 = x, y
    if made[-1] == f"{start[0]} {start[1]} l\n":
        made.pop()  # what closes the contour draws this line
    made.append("h\n")
    return made


def _widths(listed: Any) -> Iterator[tuple[int, float]]:
    """The array W of ISO 32000-1, 9.7.4.3: ``first [w…]`` and ``first last w``."""
    at, items = 0, list(listed)
    while at < len(items):
        first, second = int(items[at]), items[at + 1]
        if isinstance(second, int | float) or not hasattr(second, "__iter__"):
            width = float(items[at + 2])
            yield from ((code, width) for code in range(first, int(second) + 1))
            at += 3
        else:
            yield from ((first + step, float(width)) for step, width in enumerate(second))
            at += 2


_BLOCK: Final = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX: Final = re.compile(rb"<([0-9A-Fa-f]*)>")
_PAIR: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")


def _characters(cmap: bytes) -> Iterator[tuple[int, str]]:
    """The characters of a ToUnicode map."""
    for kind, block in _BLOCK.findall(cmap):
        if kind == b"char":
            pairs = _PAIR.findall(block)
            # At once where each code stands for one character, as nearly everywhere.
            if all(len(given) == len(said) == 4 for given, said in pairs):
                codes, said = (bytes.fromhex(b"".join(column).decode()) for column in zip(*pairs, strict=True))
                characters = said.decode("utf-16-be", "replace")
                yield from zip(struct.unpack(f">{len(pairs)}H", codes), characters, strict=True)
            else:
                for given, said in pairs:
                    yield int(given, 16), bytes.fromhex(said.decode()).decode("utf-16-be", "replace")
        else:
            found = [bytes.fromhex(value.decode()) for value in _HEX.findall(block)]
            for low, high, said in zip(found[::3], found[1::3], found[2::3], strict=False):
                for step, code in enumerate(range(int.from_bytes(low), int.from_bytes(high) + 1)):
                    yield code, (said[:-2] + (int.from_bytes(said[-2:]) + step).to_bytes(2)).decode("utf-16-be")
