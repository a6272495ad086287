"""DrawingML, the drawing language of Office files, as text: colours, fills, freeforms, paragraphs.

Lengths are EMU (914 400 to the inch), type is in points. Colours are tokens of the theme (``design.TOKENS``),
which become scheme colours so that a deck follows its theme, or ``#RRGGBB``. Text is always escaped here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

EMU: Final = 914_400
"""EMU in an inch."""

NS_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
NS_P: Final = "http://schemas.openxmlformats.org/presentationml/2006/main"
NS_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES: Final = f'xmlns:a="{NS_A}" xmlns:p="{NS_P}" xmlns:r="{NS_R}"'

TREE: Final = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
    '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    '<a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
"""How the shape tree of every slide, layout and master starts."""

SLOTS: Final = {
    "paper": "bg1",
    "ink": "tx1",
    "ground_soft": "bg2",
    "ground_deep": "tx2",
    "ground": "accent1",
    "accent": "accent2",
    "alarm": "accent3",
    "accent_soft": "accent4",
    "alarm_soft": "accent5",
    "line": "accent6",
    "muted": "folHlink",
}
"""Where each token stands in an Office theme, which has twelve slots."""

ALIASES: Final = {"on_ground": "lt1", "on_accent": "dk1", "on_alarm": "lt2", "title": "dk2"}
"""The tokens that have no slot of their own: in the base file they bear the second names of four slots, which
are written nowhere else; a theme replaces them by the slots that have their colours. ``title`` is the colour
of slide titles, which the theme's pattern decides."""

# C0 controls, lone surrogates and non-characters, which no XML file may hold.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Op = Sequence[Any]
"""A path operation: ``["M", x, y]``, ``["L", x, y]``, ``["C", x1, y1, x2, y2, x, y]`` or ``["Z"]``."""
Point = tuple[float, float]


def plain(text: str) -> str:
    """``text`` as XML character data."""
    return escape(_ILLEGAL.sub("", text))


def quoted(text: str) -> str:
    """``text`` as a quoted XML attribute value."""
    return quoteattr(_ILLEGAL.sub("", text))


def colour(paint: str, alpha: int = 100) -> str:
    """A colour element; ``alpha`` in per cent."""
    opacity = f'<a:alpha val="{alpha * 1000}"/>' if alpha < 100 else ""
    if paint.startswith("#"):
        return f'<a:srgbClr val="{paint[1:].upper()}">{opacity}</a:srgbClr>'
    slot = SLOTS.get(paint) or ALIASES[paint]
    return f'<a:schemeClr val="{slot}">{opacity}</a:schemeClr>'


def solid(paint: str | None, alpha: int = 100) -> str:
    """A fill; none when ``paint`` is None."""
    return f"<a:solidFill>{colour(paint, alpha)}</a:solidFill>" if paint else "<a:noFill/>"


def stroke(paint: str | None, points: float = 1, alpha: int = 100) -> str:
    """An outline ``points`` wide; none when ``paint`` is None."""
    if paint is None:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{round(points * 12_700)}">{solid(paint, alpha)}</a:ln>'


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in EMU."""

    x: int
    y: int
    w: int
    h: int

    @classmethod
    def inches(cls, x: float, y: float, w: float, h: float) -> "Box":
        return cls(round(x * EMU), round(y * EMU), round(w * EMU), round(h * EMU))

    def xfrm(self, tag: str = "a:xfrm", turn: float = 0) -> str:
        """Its transform element; ``turn`` in degrees, clockwise."""
        rotation = f' rot="{round(turn * 60_000) % 21_600_000}"' if turn else ""
        inner = f'<a:off x="{self.x}" y="{self.y}"/><a:ext cx="{self.w}" cy="{self.h}"/>'
        return f"<{tag}{rotation}>{inner}</{tag}>"

    def fitted(self, width: float, height: float) -> "Box":
        """The largest box of the proportions ``width``:``height`` in the middle of this one."""
        scale = min(self.w / width, self.h / height)
        w, h = round(width * scale), round(height * scale)
        return Box(self.x + (self.w - w) // 2, self.y + (self.h - h) // 2, w, h)


# ---- freeforms ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Contour:
    """A closed outline, its control polygon and signed area."""

    ops: list[Op]
    points: list[Point]
    area: float
    depth: int = 0
    holes: list["_Contour"] = field(default_factory=list)


def freeform(ops: Iterable[Op], rule: str = "nonzero", scale: float = 1) -> tuple[Box, str]:
    """A path as a freeform: its box and its ``a:custGeom``, coordinates times ``scale``.

    DrawingML has no fill rule, and programs differ (even-odd, non-zero). So every outline goes into a path of
    its own with its holes, which turn the other way: that is filled alike under both rules.
    """
    contours = _contours(ops, scale)
    points = [point for contour in contours for point in contour.points]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width = max(x for x, _ in points) - left
    height = max(y for _, y in points) - top
    box = Box(round(left), round(top), max(1, round(width)), max(1, round(height)))
    paths = "".join(
        f'<a:path w="{box.w}" h="{box.h}">'
        + "".join(_path(part.ops, left, top) for part in (outline, *outline.holes))
        + "</a:path>"
        for outline in _nested(contours, rule)
    )
    return box, _geometry(paths)


def _geometry(paths: str) -> str:
    return (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{paths}</a:pathLst></a:custGeom>'
    )


def lines(ops: Iterable[Op], width: int, height: int) -> str:
    """The geometry of open curves in a box: to be stroked, not filled."""
    return _geometry(f'<a:path w="{width}" h="{height}" fill="none">{_path(ops, 0, 0)}</a:path>')


def _contours(ops: Iterable[Op], scale: float) -> list[_Contour]:
    contours: list[_Contour] = []
    current: list[Op] = []
    for op in (*ops, ("M", 0, 0)):
        if op[0] == "M" and len(current) > 1:
            if current[-1][0] != "Z":
                current.append(("Z",))
            points = [point for each in current for point in _points(each)]
            contours.append(_Contour(current, points, _area(points)))
        if op[0] == "M":
            current = []
        current.append((op[0], *(value * scale for value in op[1:])))
    return contours


def _points(op: Op) -> list[Point]:
    return [(op[at], op[at + 1]) for at in range(1, len(op), 2)]


def _area(points: Sequence[Point]) -> float:
    ring = zip(points, [*points[1:], points[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in ring) / 2


def _nested(contours: list[_Contour], rule: str) -> list[_Contour]:
    """The outlines in painting order, each with the holes that the fill rule cuts out of it."""
    outlines: list[_Contour] = []
    for contour in sorted(contours, key=lambda each: -abs(each.area)):
        around = [outline for outline in outlines if _holds(outline, contour)]
        holes = [hole for outline in around for hole in outline.holes if _holds(hole, contour)]
        inside = len(around) > len(holes)
        cuts = rule == "evenodd" or (bool(around) and contour.area * around[-1].area < 0)
        if not (inside and cuts):
            outlines.append(contour)
            continue
        if contour.area * around[-1].area > 0:
            contour.ops = _reversed(contour.ops)
        around[-1].holes.append(contour)
    return [contour for contour in contours if any(contour is outline for outline in outlines)]


def _holds(outer: _Contour, inner: _Contour) -> bool:
    """Whether the middle of ``inner``'s first stretch is inside ``outer``'s control polygon."""
    (x0, y0), (x1, y1) = inner.points[0], inner.points[min(1, len(inner.points) - 1)]
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    inside = False
    ring = zip(outer.points, [*outer.points[1:], outer.points[0]], strict=True)
    for (ax, ay), (bx, by) in ring:
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _reversed(ops: list[Op]) -> list[Op]:
    drawn = [op for op in ops if op[0] != "Z"]
    back: list[Op] = [("M", *drawn[-1][-2:])]
    for op, before in zip(reversed(drawn[1:]), reversed(drawn[:-1]), strict=True):
        handles = (op[3], op[4], op[1], op[2]) if op[0] == "C" else ()
        back.append((op[0], *handles, *before[-2:]))
    return [*back, ("Z",)]


def _path(ops: Iterable[Op], left: float, top: float) -> str:
    tags = {"M": "a:moveTo", "L": "a:lnTo", "C": "a:cubicBezTo"}
    parts = []
    for op in ops:
        if op[0] == "Z":
            parts.append("<a:close/>")
            continue
        points = "".join(f'<a:pt x="{round(x - left)}" y="{round(y - top)}"/>' for x, y in _points(op))
        parts.append(f"<{tags[op[0]]}>{points}</{tags[op[0]]}>")
    return "".join(parts)


def circle(x: float, y: float, radius: float) -> list[Op]:
    """A circle as four Bézier quarters, clockwise."""
    k = 0.5522847498 * radius
    return [
        ("M", x + radius, y),
        ("C", x + radius, y + k, x + k, y + radius, x, y + radius),
        ("C", x - k, y + radius, x - radius, y + k, x - radius, y),
        ("C", x - radius, y - k, x - k, y - radius, x, y - radius),
        ("C", x + k, y - radius, x + radius, y - k, x + radius, y),
        ("Z",),
    ]


# ---- text --------------------------------------------------------------------------------------------


def run(lines: Sequence[str], font: str, size: float | None = None, paint: str | None = None, alpha: int = 100) -> str:
    """A text as one run a line, with line breaks between them; ``alpha`` in per cent.

    Both typefaces are named on every run: programs other than Windows PowerPoint take the East Asian face
    of a run from the run alone.
    """
    face = quoted(font)
    points = f' sz="{round(size * 100)}"' if size else ""
    fill = solid(paint, alpha) if paint else ""
    faces = f"<a:latin typeface={face}/><a:ea typeface={face}/>"
    look = f'lang="zh-CN" altLang="en-US"{points} dirty="0">{fill}{faces}</a:rPr>'
    return f"<a:br><a:rPr {look}</a:br>".join(f"<a:r><a:rPr {look}<a:t>{plain(line)}</a:t></a:r>" for line in lines)


def slide_number(number: int, font: str) -> str:
    """The field that shows a slide's number."""
    text = run((str(number),), font).removeprefix("<a:r>").removesuffix("</a:r>")
    return f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{text}</a:fld>'


def paragraph(content: str, level: int = 0) -> str:
    """A paragraph of runs at a list level from 0."""
    properties = f' lvl="{level}"' if level else ""
    return f"<a:p><a:pPr{properties}/>{content}</a:p>"


DECORATIVE: Final = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)
"""Tells a screen reader to pass a shape over."""
