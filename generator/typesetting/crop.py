"""Crops outlines by a round ground, as a figure that stands in a window: no clip path, no transparency.

What is kept: all above the ground's middle, and below it what lies inside the ground. The ground is first
scaled to the unit circle at 0,0, so that all is one case. Curves stay curves; they are cut where they
cross the edge, and the cut ends are joined along it. What is cut away is simply connected, so the way along
the edge keeps the winding of every point inside.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, ceil, cos, hypot, pi, sin, tan
from typing import Final

from generator.typesetting.outlines import Op, Outline, Point, subpaths, transformed

Ground = tuple[float, float, float, float]
"""Middle x, middle y, radius x, radius y in scene units."""
Segment = tuple[Point, ...]
"""Two points: a line. Four: a cubic curve."""

_MARKS: Final = tuple(i / 16 for i in range(17))
"""Places on a segment where it is looked whether it crosses the edge: two crossings between two of them are missed."""
_HALVINGS: Final = 24


def cropped(outline: Outline, ground: Ground) -> Outline:
    """The part of ``outline`` above the ground's middle or inside the ground; may be empty."""
    x, y, rx, ry = ground
    unit = transformed(outline, (1 / rx, 0, 0, 1 / ry, -x / rx, -y / ry))
    kept = [op for contour in subpaths(unit) for op in _crop_contour(contour)]
    return transformed(tuple(kept), (rx, 0, 0, ry, x, y))


def _crop_contour(contour: Outline) -> Outline:
    control = [point for op in contour for point in zip(op[1::2], op[2::2], strict=True)]
    if _is_clear(control):
        return contour if _is_kept(control[0]) else ()
    pieces = [piece for segment in _segments(contour) for piece in _cut(segment)]
    kept = [_is_kept(_at(piece, 0.5)) for piece in pieces]
    if all(kept):
        return contour
    if not any(kept):
        return ()
    # Begin where the outline comes in, so that the pieces of one stay stand together.
    first = next(i for i, inside in enumerate(kept) if inside and not kept[i - 1])
    order = [*range(first, len(pieces)), *range(first)]
    run = [pieces[i] for i in order if kept[i]]
    ops: list[Op] = [("M", *run[0][0])]
    for piece, follower in pairwise([*run, run[0]]):
        ops.append(("L", *piece[1]) if len(piece) == 2 else ("C", *piece[1], *piece[2], *piece[3]))
        if piece[-1] != follower[0]:
            ops += _along_edge(piece[-1], follower[0])
    return (*ops, ("Z",))


def _segments(contour: Outline) -> list[Segment]:
    start = here = (contour[0][1], contour[0][2])
    found: list[Segment] = []
    for op in contour[1:]:
        points = tuple(zip(op[1::2], op[2::2], strict=True)) or (start,)
        if points[-1] != here or len(points) > 1:
            found.append((here, *points))
        here = points[-1]
    return found


def _is_kept(point: Point) -> bool:
    x, y = point
    return y <= 0 or x * x + y * y <= 1


def _at(segment: Segment, t: float) -> Point:
    u = 1 - t
    if len(segment) == 2:
        (x0, y0), (x1, y1) = segment
        return (u * x0 + t * x1, u * y0 + t * y1)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = segment
    a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)


def _cut(segment: Segment) -> list[Segment]:
    """The segment in pieces that each lie wholly on one side of the edge."""
    if _is_clear(segment):
        return [segment]
    kept = [_is_kept(_at(segment, t)) for t in _MARKS]
    pieces: list[Segment] = []
    rest, done = segment, 0.0
    for i, (here, there) in enumerate(pairwise(kept)):
        if here != there:
            t = _crossing(segment, _MARKS[i], _MARKS[i + 1], here)
            head, rest = _split(rest, (t - done) / (1 - done))
            pieces.append(head)
            done = t
    return [*pieces, rest]


def _is_clear(segment: Sequence[Point]) -> bool:
    """Whether the control points alone show that the segment does not cross: a curve stays in their hull.

    Convex parts of what is kept: all above the middle, and the ground with the column above it. Of what is cut:
    all beyond a tangent, here the one that faces the first point.
    """
    if all(y <= 0 for _, y in segment):
        return True
    if all(x * x + y * y <= 1 or (y <= 0 and -1 <= x <= 1) for x, y in segment):
        return True
    dx, dy = segment[0]
    far = hypot(dx, dy)
    return all(y > 0 and x * dx + y * dy > far for x, y in segment)


def _crossing(segment: Segment, a: float, b: float, kept: bool) -> float:
    for _ in range(_HALVINGS):
        middle = (a + b) / 2
        if _is_kept(_at(segment, middle)) == kept:
            a = middle
        else:
            b = middle
    return (a + b) / 2


def _split(segment: Segment, t: float) -> tuple[Segment, Segment]:
    """De Casteljau's two halves."""
    left, right = [segment[0]], [segment[-1]]
    points = segment
    while len(points) > 1:
        points = tuple((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(points))
        left.append(points[0])
        right.append(points[-1])
    return tuple(left), tuple(reversed(right))


def _way(point: Point) -> float:
    """How far along the edge: below 0 on the level right of the ground, 0 to pi round its foot, then on the left."""
    x, y = point
    if abs(x) > 1 and y < 1e-6:
        return 1 - x if x > 0 else pi - 1 - x
    return min(max(atan2(y, x), 0.0), pi)


def _edge(way: float) -> Point:
    if way < 0:
        return (1 - way, 0.0)
    if way > pi:
        return (pi - 1 - way, 0.0)
    return (cos(way), sin(way))


def _along_edge(start: Point, end: Point) -> list[Op]:
    a, b = _way(start), _way(end)
    corners = sorted((turn for turn in (0.0, pi) if min(a, b) < turn < max(a, b)), reverse=a > b)
    ops: list[Op] = []
    for here, there in pairwise([a, *corners, b]):
        if min(here, there) >= 0 and max(here, there) <= pi:
            ops += _arc(here, there)
        else:
            ops.append(("L", *_edge(there)))
    return ops


def _arc(a: float, b: float) -> list[Op]:
    count = max(1, ceil(abs(b - a) / (pi / 2)))
    step = (b - a) / count
    reach = 4 / 3 * tan(step / 4)
    ops: list[Op] = []
    for i in range(count):
        t, u = a + i * step, a + (i + 1) * step
        first = (cos(t) - reach * sin(t), sin(t) + reach * cos(t))
        second = (cos(u) + reach * sin(u), sin(u) - reach * cos(u))
        ops.append(("C", *first, *second, cos(u), sin(u)))
    return ops
