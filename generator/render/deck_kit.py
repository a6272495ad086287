"""What the layouts of base.pptx are drawn with: list levels, placeholders, cards, decoration, patterns.

Lengths are inches on a page of 13.333 × 7.5, type is in points, colours are theme tokens.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from generator.typesetting.drawingml import (
    DECORATIVE,
    EMU,
    Box,
    Op,
    circle,
    colour,
    freeform,
    lines,
    paragraph,
    plain,
    quoted,
    slide_number,
    solid,
    stroke,
)

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.75
FULL = WIDTH - 2 * MARGIN
GAP = 0.25
TOP, BOTTOM = 1.8, 6.7
"""Where the body of a slide starts and ends."""
BODY = BOTTOM - TOP
FOOT = 6.93
PATTERNS: Final = ("rays", "arcs", "halftone", "grid", "none")
ROUND, RECT, ELLIPSE = "roundRect", "rect", "ellipse"

Rect = tuple[float, float, float, float]
"""Left, top, width, height in inches."""


@dataclass(frozen=True)
class Level:
    """How a list level of a placeholder is set. ``before``: points above a paragraph. ``bullet``: a character,
    ``1`` for numbers, or nothing."""

    size: float
    paint: str = "ink"
    bold: bool = False
    align: str = "l"
    before: float = 0
    bullet: str = ""
    bullet_paint: str = "ground"
    heading: bool = False

    def xml(self, number: int) -> str:
        hang = round(self.size * (1.3 if self.bullet == "1" else 1.1) * 12_700) if self.bullet else 0
        tag = f"a:lvl{number}pPr"
        return (
            f'<{tag} marL="{hang}" indent="{-hang}" algn="{self.align}">'
            '<a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
            f'<a:spcBef><a:spcPts val="{round(self.before * 100)}"/></a:spcBef>{self._bullet()}'
            f'<a:defRPr lang="zh-CN" altLang="en-US" sz="{round(self.size * 100)}" b="{int(self.bold)}">'
            f"{solid(self.paint)}{_faces(self.heading)}</a:defRPr></{tag}>"
        )

    def _bullet(self) -> str:
        if not self.bullet:
            return "<a:buNone/>"
        mark = '<a:buAutoNum type="arabicPlain"/>' if self.bullet == "1" else f'<a:buChar char="{self.bullet}"/>'
        return f"<a:buClr>{colour(self.bullet_paint)}</a:buClr>{mark}"


def _faces(heading: bool) -> str:
    kind = "mj" if heading else "mn"
    return f'<a:latin typeface="+{kind}-lt"/><a:ea typeface="+{kind}-ea"/>'


TITLE: Final = Level(36, "title", bold=True, heading=True)
BODY_SIZES: Final = (28, 24, 22, 20, 20)
"""The list levels of a body placeholder that a layout does not say otherwise of."""


@dataclass
class Layout:
    """A layout under construction. ``stage``: a page without the master's title ornaments."""

    name: str
    background: str | None = None
    stage: bool = False
    shapes: list[str] = field(default_factory=list)
    index: int = 9

    def _next(self) -> int:
        return len(self.shapes) + 2

    def place(
        self,
        name: str,
        rect: Rect,
        *levels: Level,
        fill: str | None = None,
        outline: str | None = None,
        shape: str = RECT,
        anchor: str = "t",
        inset: tuple[float, float] = (0, 0),
        least: float = 20,
        kind: str = "body",
        turn: float = 0,
    ) -> None:
        """A text placeholder; ``inset`` horizontal and vertical, ``least`` the smallest type it allows. With a
        ``fill`` it stands on a card: a shape of its own, because LibreOffice gives no placeholder round corners."""
        if fill:
            self.decor(rect, fill, shape=shape, outline=outline, name=f"卡片 {name}")
        self.index += kind == "body"
        ph = f'type="{kind}"' if kind != "body" else f'type="body" sz="quarter" idx="{self.index}" hasCustomPrompt="1"'
        self._text(name, rect, ph, levels, (anchor, inset, least, turn))

    def card(self, name: str, rect: Rect, *levels: Level, fill: str = "paper", **more: Any) -> None:
        """A placeholder on a round card, its text in the middle of the height."""
        outline = "line" if fill == "paper" else None
        self.place(name, rect, *levels, **({"fill": fill, "outline": outline, "shape": ROUND, "anchor": "ctr"} | more))

    def furniture(self, paint: str = "muted", left: float = MARGIN) -> None:
        """Footer from ``left`` and slide number, which has a disc of its own where the page has dots."""
        disc = (WIDTH - MARGIN - 0.36, FOOT - 0.07, 0.5, 0.5)
        self.decor(disc, "ground" if paint == "on_ground" else "paper", pattern="halftone", shape=ELLIPSE)
        self._foot(
            "页脚",
            (left, FOOT, WIDTH - MARGIN - 1.2 - left, 0.36),
            'type="ftr" sz="quarter" idx="1011"',
            Level(12, paint),
        )
        number = Level(12, paint, bold=True, align="r")
        self._foot("页码", (WIDTH - MARGIN - 1.0, FOOT, 1.0, 0.36), 'type="sldNum" sz="quarter" idx="1012"', number)

    def mark(self) -> None:
        """Where 样张 请勿印刷 stands, over everything."""
        level = Level(80, "alarm", bold=True, align="ctr")
        ph = 'type="body" sz="quarter" idx="1013" hasCustomPrompt="1"'
        self._text("样张", (1.67, 2.75, 10, 2), ph, (level,), ("ctr", (0, 0), 80, -15))

    def _foot(self, name: str, rect: Rect, ph: str, level: Level) -> None:
        self._text(name, rect, ph, (level,), ("ctr", (0, 0), 12, 0))

    def _text(
        self,
        name: str,
        rect: Rect,
        ph: str,
        levels: Sequence[Level],
        look: tuple[str, tuple[float, float], float, float],
    ) -> None:
        anchor, (across, down), least, turn = look
        styles = "".join(level.xml(number) for number, level in enumerate(levels, 1))
        x, y = round(across * EMU), round(down * EMU)
        prompt = f"<a:r><a:rPr/><a:t>{plain(name)}</a:t></a:r>" if "sldNum" not in ph else slide_number(0, "微软雅黑")
        prompts = "".join(paragraph(prompt, at) for at in range(len(levels)))
        self.shapes.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{self._next()}" name={quoted(name)} descr="≥{least:g}"/>'
            f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {ph}/></p:nvPr></p:nvSpPr>'
            f"<p:spPr>{Box.inches(*rect).xfrm(turn=turn)}{preset(RECT)}<a:noFill/></p:spPr>"
            f'<p:txBody><a:bodyPr wrap="square" lIns="{x}" tIns="{y}" rIns="{x}" bIns="{y}" anchor="{anchor}">'
            f"<a:normAutofit/></a:bodyPr><a:lstStyle>{styles}</a:lstStyle>{prompts}</p:txBody></p:sp>"
        )

    def decor(
        self,
        rect: Rect,
        fill: str | None,
        *,
        pattern: str = "",
        shape: str = RECT,
        alpha: int = 100,
        outline: str | None = None,
        name: str = "装饰",
    ) -> None:
        """A plain shape that says nothing."""
        look = f"{preset(shape)}{solid(fill, alpha)}{stroke(outline)}"
        self._decor(Box.inches(*rect), look, pattern, name)

    def drawn(self, ops: Iterable[Op], fill: str, pattern: str = "", alpha: int = 100) -> None:
        """A filled outline in inches."""
        box, geometry = freeform(ops, scale=EMU)
        self._decor(box, f"{geometry}{solid(fill, alpha)}<a:ln><a:noFill/></a:ln>", pattern)

    def ruled(self, ops: Iterable[Op], paint: str, pattern: str = "", points: float = 1.25, alpha: int = 100) -> None:
        """Open curves in inches, stroked; they lie on the page."""
        page = Box.inches(0, 0, WIDTH, HEIGHT)
        scaled = [(op[0], *(value * EMU for value in op[1:])) for op in ops]
        look = f"{lines(scaled, page.w, page.h)}<a:noFill/>{stroke(paint, points, alpha)}"
        self._decor(page, look, pattern)

    def _decor(self, box: Box, look: str, pattern: str, name: str = "装饰") -> None:
        name = f"{pattern}/{name}" if pattern else name
        self.shapes.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{self._next()}" name="{name}">{DECORATIVE}</p:cNvPr><p:cNvSpPr/>'
            f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{box.xfrm()}{look}</p:spPr></p:sp>'
        )

    def scene(self, rect: Rect) -> None:
        """Where the slide's picture goes: whoever adds a slide may put a picture of their own there."""
        self._object("图", "pic", rect, "插入图片")

    def chart(self, rect: Rect) -> None:
        """Where the slide's chart goes."""
        self._object("图表", "chart", rect, "插入图表")

    def _object(self, name: str, kind: str, rect: Rect, prompt: str) -> None:
        self.index += 1
        style = Level(20, "muted", align="ctr").xml(1)
        self.shapes.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{self._next()}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
            f'<p:nvPr><p:ph type="{kind}" sz="quarter" idx="{self.index}" hasCustomPrompt="1"/></p:nvPr></p:nvSpPr>'
            f"<p:spPr>{Box.inches(*rect).xfrm()}{preset(RECT)}<a:noFill/></p:spPr>"
            f'<p:txBody><a:bodyPr anchor="ctr"><a:normAutofit/></a:bodyPr><a:lstStyle>{style}</a:lstStyle>'
            f"{paragraph(f'<a:r><a:rPr/><a:t>{prompt}</a:t></a:r>')}</p:txBody></p:sp>"
        )


def preset(shape: str) -> str:
    # The theme sets the corners; a guide must be there for it to set.
    guides = '<a:avLst><a:gd name="adj" fmla="val 8000"/></a:avLst>' if shape == ROUND else "<a:avLst/>"
    return f'<a:prstGeom prst="{shape}">{guides}</a:prstGeom>'


def columns(count: int, left: float = MARGIN, width: float = FULL, gap: float = GAP) -> list[tuple[float, float]]:
    """Left and width of ``count`` equal columns."""
    each = (width - (count - 1) * gap) / count
    return [(left + at * (each + gap), each) for at in range(count)]


# ---- patterns: one family of shapes a theme ----------------------------------------------------------


def clipped(points: list[tuple[float, float]], rect: Rect) -> list[tuple[float, float]]:
    """The part of a convex polygon inside a rectangle (Sutherland and Hodgman)."""
    x, y, w, h = rect
    for axis, limit, sign in ((0, x, 1), (0, x + w, -1), (1, y, 1), (1, y + h, -1)):
        kept: list[tuple[float, float]] = []
        for a, b in zip(points, [*points[1:], *points[:1]], strict=True):
            da, db = (a[axis] - limit) * sign, (b[axis] - limit) * sign
            if da >= 0:
                kept.append(a)
            if da * db < 0:
                t = da / (da - db)
                kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        points = kept
    return points


def polygon(points: Sequence[tuple[float, float]]) -> list[Op]:
    return [("M", *points[0]), *(("L", *point) for point in points[1:]), ("Z",)] if len(points) > 2 else []


def rays(rect: Rect, x: float, y: float, count: int) -> list[Op]:
    """Beams from x, y as far as the rectangle's edges."""
    ops: list[Op] = []
    for at in range(count):
        middle, half = math.tau * (at + 0.25) / count, math.pi / count / 2
        ends = [(x + 20 * math.cos(angle), y + 20 * math.sin(angle)) for angle in (middle - half, middle + half)]
        ops += polygon(clipped([(x, y), *ends], rect))
    return ops


def quarter_arcs(x: float, y: float, radii: Iterable[float], right: bool, down: bool) -> list[Op]:
    """Quarters of concentric circles about a corner of the page."""
    ops: list[Op] = []
    for r in radii:
        k, dx, dy = 0.5522847498 * r, (1 if right else -1), (1 if down else -1)
        ops += [
            ("M", x + dx * r, y),
            ("C", x + dx * r, y + dy * k, x + dx * k, y + dy * r, x, y + dy * r),
        ]
    return ops


def halftone(
    left: float, top: float, across: int, down: int, pitch: float, fade: Callable[[float, float], float]
) -> list[Op]:
    """Dots on a raster whose radius ``fade`` gives for the place 0…1, 0…1."""
    ops: list[Op] = []
    for row in range(down):
        for column in range(across):
            size = fade((column + 0.5) / across, (row + 0.5) / down) * pitch * 0.42
            if size > pitch * 0.06:
                shift = pitch / 2 if row % 2 else 0
                ops += circle(left + column * pitch + shift, top + row * pitch, size)
    return ops


def grid(rect: Rect, pitch: float) -> list[Op]:
    x, y, w, h = rect
    upright = [
        op for at in range(1, int(w / pitch) + 1) for op in (("M", x + at * pitch, y), ("L", x + at * pitch, y + h))
    ]
    level = [
        op for at in range(1, int(h / pitch) + 1) for op in (("M", x, y + at * pitch), ("L", x + w, y + at * pitch))
    ]
    return [*upright, *level]


def bubble(rect: Rect, radius: float, tail: Sequence[tuple[float, float]], edge: str = "bottom") -> list[Op]:
    """A speech bubble: a rounded rectangle with the three points of a tail on its ``edge``, bottom (from right to
    left) or left (from bottom to top)."""
    x, y, w, h = rect
    r, k = radius, radius * (1 - 0.5522847498)
    tips: list[Op] = [("L", *point) for point in tail]
    return [
        ("M", x + r, y),
        ("L", x + w - r, y),
        ("C", x + w - k, y, x + w, y + k, x + w, y + r),
        ("L", x + w, y + h - r),
        ("C", x + w, y + h - k, x + w - k, y + h, x + w - r, y + h),
        *(tips if edge == "bottom" else ()),
        ("L", x + r, y + h),
        ("C", x + k, y + h, x, y + h - k, x, y + h - r),
        *(tips if edge == "left" else ()),
        ("L", x, y + r),
        ("C", x, y + k, x + k, y, x + r, y),
        ("Z",),
    ]
