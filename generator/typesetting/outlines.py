"""Outlines as absolute moves, lines and cubic curves: the one form that every engine draws natively.

An operation is ``("M", x, y)``, ``("L", x, y)``, ``("C", x1, y1, x2, y2, x, y)`` or ``("Z",)``; y grows
downwards. An outline is a tuple of operations; every subpath is closed.
"""

from collections.abc import Iterator
from math import radians
from typing import Any, Final

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

Point = tuple[float, float]
Op = tuple[Any, ...]
Outline = tuple[Op, ...]
Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f as in SVG: x' = a x + c y + e, y' = b x + d y + f."""

_KAPPA: Final = 0.5522847498
"""Handle length of a quarter circle of radius 1 as one cubic curve (error 0.03 %)."""


class _Recorder(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes down what it is told to draw; BasePen turns quadratic curves into cubic ones."""

    def __init__(self) -> None:
        super().__init__(glyphSet=None)
        self.ops: list[Op] = []

    def _moveTo(self, point: Point) -> None:
        self.ops.append(("M", *point))

    def _lineTo(self, point: Point) -> None:
        self.ops.append(("L", *point))

    def _curveToOne(self, first: Point, second: Point, point: Point) -> None:
        self.ops.append(("C", *first, *second, *point))

    def _closePath(self) -> None:
        self.ops.append(("Z",))

    def _endPath(self) -> None:
        self.ops.append(("Z",))


def path(data: str) -> Outline:
    """The outline of SVG path data; arcs and quadratics become cubics. ValueError if it cannot be read."""
    pen = _Recorder()
    try:
        parse_path(data, pen)
    except (ValueError, IndexError, AssertionError, TypeError) as problem:
        raise ValueError(f"路径数据读不懂：{data[:40]}") from problem
    return tuple(pen.ops)


def ellipse(x: float, y: float, rx: float, ry: float) -> Outline:
    """An ellipse with middle ``x``, ``y`` as four curves."""
    kx, ky = rx * _KAPPA, ry * _KAPPA
    return (
        ("M", x + rx, y),
        ("C", x + rx, y + ky, x + kx, y + ry, x, y + ry),
        ("C", x - kx, y + ry, x - rx, y + ky, x - rx, y),
        ("C", x - rx, y - ky, x - kx, y - ry, x, y - ry),
        ("C", x + kx, y - ry, x + rx, y - ky, x + rx, y),
        ("Z",),
    )


def rectangle(x: float, y: float, w: float, h: float, rx: float = 0, ry: float = 0) -> Outline:
    """A rectangle with left top ``x``, ``y``; corner radii are held to half a side."""
    rx, ry = min(rx, w / 2), min(ry, h / 2)
    right, bottom = x + w, y + h
    if not rx or not ry:
        return (("M", x, y), ("L", right, y), ("L", right, bottom), ("L", x, bottom), ("Z",))
    kx, ky = rx * (1 - _KAPPA), ry * (1 - _KAPPA)
    return (
        ("M", x + rx, y),
        ("L", right - rx, y),
        ("C", right - kx, y, right, y + ky, right, y + ry),
        ("L", right, bottom - ry),
        ("C", right, bottom - ky, right - kx, bottom, right - rx, bottom),
        ("L", x + rx, bottom),
        ("C", x + kx, bottom, x, bottom - ky, x, bottom - ry),
        ("L", x, y + ry),
        ("C", x, y + ky, x + kx, y, x + rx, y),
        ("Z",),
    )


def turned(outline: Outline, degrees: float, x: float, y: float) -> Outline:
    """The outline turned clockwise about ``x``, ``y``."""
    if not degrees:
        return outline
    return transformed(outline, Transform().translate(x, y).rotate(radians(degrees)).translate(-x, -y))


def transformed(outline: Outline, matrix: Matrix) -> Outline:
    """The outline moved by an affine matrix."""
    a, b, c, d, e, f = matrix
    moved: list[Op] = []
    for op in outline:
        if len(op) == 1:
            moved.append(op)
        elif len(op) == 3:
            kind, x, y = op
            moved.append((kind, a * x + c * y + e, b * x + d * y + f))
        else:
            kind, x, y, p, q, r, s = op
            first = (a * x + c * y + e, b * x + d * y + f)
            second = (a * p + c * q + e, b * p + d * q + f)
            moved.append((kind, *first, *second, a * r + c * s + e, b * r + d * s + f))
    return tuple(moved)


def subpaths(outline: Outline) -> Iterator[Outline]:
    """Each subpath, from its move to its close."""
    start = 0
    for index, op in enumerate(outline, 1):
        if op[0] == "Z":
            yield outline[start:index]
            start = index
