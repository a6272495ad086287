"""What stands around the page and is cut off: where to cut, where to fold, whether the plates are in register; the die.

Everything is drawn in points of the page that Typst made, whose origin is the corner of the bleed; ``SLUG_MM``
more paper is needed on every side where there are marks. Geometry: offset at least 3 mm from the trim, 5 mm long,
0.25 pt, in the colour that prints on every plate.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from generator.render.engine import engine, whole
from generator.render.press_glyphs import Glyph
from generator.render.press_paint import outlines_in
from generator.render.press_stream import numbers

POINTS_A_MM: Final = 72 / 25.4
LENGTH_MM: Final = 5.0
LEAST_OFFSET_MM: Final = 3.0
SLUG_MM: Final = 6.0
"""Beyond the marks' own beginning: their length and a margin."""
WEIGHT: Final = b"0.25 w\n"
LABEL: Final = "折线"
LABEL_MM: Final = 2.0

_CIRCLE: Final = 0.5522847498
"""Length of the handles of a quarter circle, over its radius."""

Ops = Sequence[Sequence[Any]]
"""A path as the templates note it: ``["M", x, y]``, ``["L", x, y]``, ``["C", x1, y1, x2, y2, x, y]``, ``["Z"]``,
in mm from the upper left corner of the trim."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in points: size of the trim, and how far the bleed goes beyond it."""

    width: float
    height: float
    bleed: float

    @property
    def offset(self) -> float:
        """From the trim to where marks begin: never inside the bleed."""
        return max(self.bleed, LEAST_OFFSET_MM * POINTS_A_MM)


def slug(frame: Frame) -> float:
    """Paper beyond the bleed that marks need, in points."""
    return frame.offset - frame.bleed + SLUG_MM * POINTS_A_MM


def marks(frame: Frame, kinds: Iterable[str], folds: Sequence[float], root: Path, across: bool = False) -> bytes:
    """The marks of one page; ``folds``: positions in points from the left edge of the trim, or from its upper edge when
    the piece is folded ``across``."""
    drawn = b"".join(_drawn(frame, set(kinds), folds, root, across))
    return b"q\n/PressAll CS 1 SCN\n/PressAll cs 1 scn\n" + WEIGHT + drawn + b"Q\n" if drawn else b""


def _drawn(frame: Frame, kinds: set[str], folds: Sequence[float], root: Path, across: bool) -> Iterator[bytes]:
    if "crop" in kinds:
        yield from _crop(frame)
    if "fold" in kinds and folds:
        yield from (_fold_across if across else _fold)(frame, folds, root)
    if "register" in kinds:
        yield from _register(frame, [] if across else folds)


def _line(x0: float, y0: float, x1: float, y1: float) -> bytes:
    return b"%s m %s l S\n" % (numbers(x0, y0), numbers(x1, y1))


def _crop(frame: Frame) -> Iterator[bytes]:
    """Two lines at each corner, along the lines of the cut."""
    near, far = frame.offset, frame.offset + LENGTH_MM * POINTS_A_MM
    left, bottom = frame.bleed, frame.bleed
    right, top = left + frame.width, bottom + frame.height
    for x in (left, right):
        yield _line(x, bottom - near, x, bottom - far)
        yield _line(x, top + near, x, top + far)
    for y in (bottom, top):
        yield _line(left - near, y, left - far, y)
        yield _line(right + near, y, right + far, y)


def _fold(frame: Frame, folds: Sequence[float], root: Path) -> Iterator[bytes]:
    near, far = frame.offset, frame.offset + LENGTH_MM * POINTS_A_MM
    top = frame.bleed + frame.height
    yield b"[2 1.5] 0 d\n"
    for fold in folds:
        x = frame.bleed + fold
        yield _line(x, frame.bleed - near, x, frame.bleed - far) + _line(x, top + near, x, top + far)
    yield b"[] 0 d\n"
    size = LABEL_MM * POINTS_A_MM
    for fold in folds:
        x, y = frame.bleed + fold + size * 0.4, top + near + (far - near - size) / 2 + size * 0.12
        yield from _label(x, y, size, root)


def _fold_across(frame: Frame, folds: Sequence[float], root: Path) -> Iterator[bytes]:
    near, far = frame.offset, frame.offset + LENGTH_MM * POINTS_A_MM
    right, top = frame.bleed + frame.width, frame.bleed + frame.height
    size = LABEL_MM * POINTS_A_MM
    yield b"[2 1.5] 0 d\n"
    for fold in folds:
        y = top - fold
        yield _line(frame.bleed - near, y, frame.bleed - far, y) + _line(right + near, y, right + far, y)
    yield b"[] 0 d\n"
    for fold in folds:
        yield from _label(right + near + size * 0.3, top - fold + size * 0.4, size, root)


def _label(x: float, y: float, size: float, root: Path) -> Iterator[bytes]:
    for glyph, unit in _word(root):
        yield b"q %s cm %sf Q\n" % (numbers(size / unit, 0, 0, size / unit, x, y), glyph.path)
        x += size


@cache
def _word(root: Path) -> tuple[tuple[Glyph, int], ...]:
    source = str(root / "templates" / "press" / "word.typ")
    made = engine(root).compile(input=source, format="pdf", sys_inputs={"word": LABEL}, pdf_tags=False)
    return outlines_in(whole(made))


def _register(frame: Frame, folds: Sequence[float]) -> Iterator[bytes]:
    """A cross in a ring at the middle of each side, where no fold mark stands."""
    middle = frame.offset + LENGTH_MM * POINTS_A_MM / 2
    radius = 1.2 * POINTS_A_MM
    arm = 2.2 * POINTS_A_MM
    x, y = frame.bleed + frame.width / 2, frame.bleed + frame.height / 2
    top, right = frame.bleed + frame.height + middle, frame.bleed + frame.width + middle
    places = [(frame.bleed - middle, y), (right, y)]
    if all(abs(frame.bleed + fold - x) > 10 * POINTS_A_MM for fold in folds):
        places += [(x, frame.bleed - middle), (x, top)]
    for at, up in places:
        yield _line(at - arm, up, at + arm, up) + _line(at, up - arm, at, up + arm) + _ring(at, up, radius)


def _ring(x: float, y: float, r: float) -> bytes:
    k = r * _CIRCLE
    return b"%s m\n%s c\n%s c\n%s c\n%s c\nS\n" % (
        numbers(x + r, y),
        numbers(x + r, y + k, x + k, y + r, x, y + r),
        numbers(x - k, y + r, x - r, y + k, x - r, y),
        numbers(x - r, y - k, x - k, y - r, x, y - r),
        numbers(x + k, y - r, x + r, y - k, x + r, y),
    )


# ---- die ---------------------------------------------------------------------------------------------------


def die(path: bytes) -> bytes:
    """A die line over the page: a plate of its own, which knocks nothing out."""
    return b"q\n/PressOverprint gs\n/PressCut CS 1 SCN\n" + WEIGHT + path + b"S\nQ\n"


def rounded(frame: Frame, radius: float) -> bytes:
    """The trim as a path, with corners of ``radius`` points."""
    x0, y0 = frame.bleed, frame.bleed
    x1, y1 = x0 + frame.width, y0 + frame.height
    r = min(radius, frame.width / 2, frame.height / 2)
    if r <= 0:
        return b"%s re\n" % numbers(x0, y0, frame.width, frame.height)
    k = r * (1 - _CIRCLE)
    return b"%s m\n%s l\n%s c\n%s l\n%s c\n%s l\n%s c\n%s l\n%s c\nh\n" % (
        numbers(x0 + r, y0),
        numbers(x1 - r, y0), numbers(x1 - k, y0, x1, y0 + k, x1, y0 + r),
        numbers(x1, y1 - r), numbers(x1, y1 - k, x1 - k, y1, x1 - r, y1),
        numbers(x0 + r, y1), numbers(x0 + k, y1, x0, y1 - k, x0, y1 - r),
        numbers(x0, y0 + r), numbers(x0, y0 + k, x0 + k, y0, x0 + r, y0),
    )  # fmt: skip


def contour(frame: Frame, ops: Ops) -> bytes:
    """A contour that a template noted, as a path of the page. ValueError for an unknown operation."""
    made = []
    operators = {"M": b"m", "L": b"l", "C": b"c", "Z": b"h"}
    for kind, *values in ops:
        if kind not in operators or len(values) != {"M": 2, "L": 2, "C": 6, "Z": 0}[kind]:
            raise ValueError(f"contour: {kind} {values}")
        points = [
            frame.bleed + value * POINTS_A_MM if at % 2 == 0 else frame.bleed + frame.height - value * POINTS_A_MM
            for at, value in enumerate(map(float, values))
        ]
        made.append((numbers(*points) + b" " if points else b"") + operators[kind] + b"\n")
    return b"".join(made)
