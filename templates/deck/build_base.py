"""Builds base.pptx: the master and the named layouts of every deck. Run it after changing a layout::

    python templates/deck/build_base.py

Lengths are inches on a page of 13.333 × 7.5, type is in points. Every text is a placeholder with a Chinese name,
which the outlines (``*.yaml.j2``) fill by that name. Colours are theme tokens. A shape named ``rays/…``, ``arcs/…``,
``halftone/…``, ``grid/…`` or ``none/…`` stays only in decks whose theme has that pattern. ``图`` and ``图表`` are where
a slide's picture and chart go, ``卡片 X`` is the card under placeholder X. The smallest size that a text may be set at
is written in the placeholder's description (``≥20``). ``deck_kit`` knows how shapes become XML, ``deck_package`` the
parts around them.
"""

from pathlib import Path
from typing import Final

from generator.render.deck_kit import (
    BODY,
    BODY_SIZES,
    BOTTOM,
    ELLIPSE,
    FULL,
    GAP,
    HEIGHT,
    MARGIN,
    ROUND,
    TITLE,
    TOP,
    WIDTH,
    Layout,
    Level,
    Rect,
    bubble,
    columns,
    grid,
    halftone,
    polygon,
    quarter_arcs,
    rays,
)
from generator.render.deck_package import package
from generator.typesetting.drawingml import circle

PAGE: Final[Rect] = (0, 0, WIDTH, HEIGHT)
TITLE_AT: Final[Rect] = (MARGIN, 0.38, FULL, 0.94)
INSET: Final = (0.4, 0.25)
ROW_GAP: Final = 0.2


# ---- what a family looks like ------------------------------------------------------------------------


def ornaments(master: Layout) -> None:
    """What each family puts behind the title and at the edges of a content slide."""
    band = (0, 0, WIDTH, 1.42)
    for pattern in ("rays", "grid"):
        master.decor(band, "ground", pattern=pattern)
    master.drawn(rays(band, 12.1, 1.9, 30), "on_ground", "rays", 7)
    master.decor((0, 1.42, WIDTH, 0.07), "accent", pattern="rays")
    master.decor((0, 7.38, WIDTH, 0.12), "ground", pattern="rays")
    master.decor((0.42, 0.52, 0.1, 0.64), "accent", pattern="rays")
    master.ruled(grid(band, 0.35), "on_ground", "grid", 0.5, 12)
    master.decor((MARGIN, 1.42, 1.6, 0.08), "accent", pattern="grid")
    master.decor((0, 0, 0.26, HEIGHT), "ground", pattern="arcs")
    master.decor((0.26, 0, 0.05, HEIGHT), "accent", pattern="arcs")
    corner = quarter_arcs(WIDTH, 0, [0.22 * at for at in range(2, 9)], right=False, down=True)
    master.ruled(corner, "accent", "arcs", 1.25, 60)
    master.decor((MARGIN, 1.36, FULL, 0.02), "line", pattern="arcs")
    master.decor((MARGIN, 1.34, 1.5, 0.06), "accent", pattern="arcs")
    title = (0.42, 0.34, WIDTH - 0.84, 1.04)
    master.drawn(bubble(title, 0.42, [(1.75, 1.38), (1.0, 1.72), (1.15, 1.38)]), "ground", "halftone")
    dots = halftone(10.3, 5.4, 11, 8, 0.3, lambda u, v: max(0, 1.2 * (u + v) - 1.15))
    master.drawn(dots, "ground", "halftone", 16)
    master.decor((MARGIN, 1.36, 2.2, 0.08), "accent", pattern="none")


def backdrop(layout: Layout, x: float, y: float) -> None:
    """The pattern of each family all over a page of the theme's ground; the rays turn about ``x``, ``y``."""
    layout.drawn(rays(PAGE, x, y, 22), "on_ground", "rays", 7)
    arcs = quarter_arcs(WIDTH, HEIGHT, [0.55 * at for at in range(2, 12)], right=False, down=False)
    layout.ruled(arcs, "accent", "arcs", 1.25, 34)
    across, down = int(WIDTH / 0.36), int(HEIGHT / 0.36)
    dots = halftone(0, 0, across, down, 0.36, lambda u, v: max(0, 0.95 - 1.9 * (u + v), 1.9 * (u + v) - 2.85))
    layout.drawn(dots, "on_ground", "halftone", 15)
    layout.ruled(grid(PAGE, 0.5), "on_ground", "grid", 0.75, 12)


def stage(name: str) -> Layout:
    """The first and the last page: a picture on the right, a signature at the foot."""
    layout = Layout(name, background="ground", stage=True)
    backdrop(layout, 10.15, 3.45)
    layout.decor((0, 6.22, WIDTH, 1.28), "ground_deep", pattern="rays")
    layout.decor((0, 6.15, WIDTH, 0.07), "accent", pattern="rays")
    layout.drawn(circle(10.1, 3.5, 2.88), "ground_soft", "arcs")
    layout.ruled(circle(10.1, 3.5, 3.0), "accent", "arcs", 2)
    layout.drawn(bubble((7.45, 0.7, 5.4, 5.5), 0.7, [(9.2, 6.2), (7.6, 6.95), (8.25, 6.2)]), "paper", "halftone")
    layout.decor((0, 6.15, WIDTH, 1.35), "ground_deep", pattern="grid")
    layout.scene((7.75, 1.05, 4.8, 4.8))
    return layout


def signature(layout: Layout) -> None:
    layout.place("署名", (MARGIN, 6.25, 6.6, 1.15), Level(20, "on_ground", before=1), anchor="ctr", least=14)


def bold(size: float, paint: str, align: str = "ctr", before: float = 0) -> Level:
    """Display type: bold, in the heading face."""
    return Level(size, paint, bold=True, align=align, before=before, heading=True)


# ---- layouts -----------------------------------------------------------------------------------------


def master_layout() -> Layout:
    """The master, drawn like a layout: ornaments, title, body, footer."""
    master = Layout("母版", background="ground_soft")
    ornaments(master)
    master.place("标题", TITLE_AT, TITLE, kind="title", anchor="ctr", least=32)
    master.place("正文", (MARGIN, TOP, FULL, BODY), *(Level(size, before=8) for size in BODY_SIZES))
    master.furniture()
    return master


def titled(name: str) -> Layout:
    """A content slide: the master's title."""
    layout = Layout(name)
    layout.place("标题", TITLE_AT, TITLE, kind="title", anchor="ctr", least=32)
    return layout


def cover() -> Layout:
    layout = stage("封面")
    layout.place("栏目", (MARGIN, 0.7, 6.0, 0.6), Level(26, "accent", bold=True), anchor="ctr", least=22)
    layout.decor((MARGIN, 1.36, 1.2, 0.07), "accent")
    title = bold(80, "on_ground", "l")
    layout.place("标题", (MARGIN, 1.55, 6.3, 3.1), title, kind="ctrTitle", anchor="ctr", least=40)
    layout.place("副标题", (MARGIN, 4.75, 5.9, 1.15), Level(28, "on_ground", before=4), least=22)
    signature(layout)
    return layout


def back() -> Layout:
    layout = stage("封底")
    layout.place("标题", (MARGIN, 0.5, 6.0, 1.75), bold(54, "on_ground", "l"), kind="title", anchor="ctr", least=32)
    layout.decor((MARGIN, 2.3, 1.2, 0.07), "accent")
    reminders = Level(34, "on_ground", before=14, bullet="●", bullet_paint="accent")
    layout.place("正文", (MARGIN, 2.6, 5.75, 3.4), reminders)
    signature(layout)
    return layout


def contents() -> Layout:
    layout = titled("目录")
    height = (BODY - 3 * ROW_GAP) / 4
    for at in range(4):
        y = TOP + at * (height + ROW_GAP)
        layout.card(f"序号{at + 1}", (MARGIN, y, height, height), bold(36, "on_ground"), fill="ground")
        entry = (MARGIN + height + 0.15, y, 7.2 - height, height)
        layout.card(f"条目{at + 1}", entry, Level(28, bold=True), Level(20, "muted"), inset=(0.3, 0.03))
    layout.scene((MARGIN + 7.6, TOP, FULL - 7.6, BODY))
    return layout


def chapter() -> Layout:
    layout = Layout("章节", background="ground", stage=True)
    backdrop(layout, 3.2, 3.75)
    layout.drawn(polygon([(0, 0), (6.5, 0), (5.7, HEIGHT), (0, HEIGHT)]), "ground_soft", "rays")
    layout.drawn(polygon([(6.5, 0), (6.66, 0), (5.86, HEIGHT), (5.7, HEIGHT)]), "accent", "rays")
    for pattern in ("arcs", "grid", "none"):
        layout.decor((0, 0, 6.1, HEIGHT), "ground_soft", pattern=pattern)
        layout.decor((6.1, 0, 0.06, HEIGHT), "accent", pattern=pattern)
    layout.drawn(bubble((0.5, 0.6, 5.6, 5.9), 0.7, [(5.1, 6.5), (5.5, 7.1), (4.2, 6.5)]), "paper", "halftone")
    layout.scene((0.75, 1.0, 5.1, 5.1))
    layout.place("栏目", (7.0, 1.2, 5.6, 0.6), Level(26, "accent", bold=True), anchor="ctr", least=22)
    title = bold(72, "on_ground", "l")
    layout.place("标题", (7.0, 1.85, 5.7, 2.95), title, kind="title", anchor="ctr", least=40)
    layout.place("副标题", (7.0, 4.95, 5.4, 1.3), Level(30, "on_ground"), least=22)
    layout.furniture("on_ground", 7.0)
    return layout


def points() -> Layout:
    layout = titled("要点")
    layout.card("正文", (MARGIN, TOP, 7.75, BODY), Level(36, before=18, bullet="1"), inset=INSET)
    side = (bold(96, "accent"), Level(28, "on_ground", bold=True, align="ctr", before=6))
    layout.card("旁栏", (MARGIN + 8, TOP, FULL - 8, BODY), *side, fill="ground", inset=(0.3, 0.25))
    return layout


def pictured(name: str, item: Level, least: float = 20) -> Layout:
    layout = titled(name)
    layout.card("正文", (MARGIN, TOP, 7.35, BODY), item, inset=INSET, least=least)
    layout.scene((MARGIN + 7.6, TOP, FULL - 7.6, BODY))
    return layout


def steps(name: str, count: int) -> Layout:
    """The steps of a trick as cards with a numbered disc on each, and a line to remember below."""
    layout = titled(name)
    strip, disc, inset = {3: 0.84, 4: 1.0, 5: 1.35}[count], 0.84, 0.2
    card = BODY - strip - disc / 2 - ROW_GAP
    top = TOP + disc / 2
    gap = 0.36 if count < 5 else 0.3
    size = {3: 30, 4: 26, 5: 24}[count]
    cells = columns(count, gap=gap)
    for at, (x, width) in enumerate(cells, 1):
        layout.decor((x, top, width, card), "paper", outline="line", shape=ROUND, name=f"卡片 步骤{at}")
        layout.card(f"序号{at}", (x + inset, TOP, disc, disc), bold(32, "on_ground"), fill="ground", shape=ELLIPSE)
        levels = (bold(size + 6, "ground", "l"), Level(size, before=8))
        layout.place(f"步骤{at}", (x, top + disc / 2, width, card - disc / 2), *levels, inset=(inset, 0.16))
    for x, width in cells[:-1]:
        middle, half = x + width + gap / 2, top + card / 2
        arrow = [(middle - 0.12, half - 0.24), (middle + 0.14, half), (middle - 0.12, half + 0.24)]
        layout.drawn(polygon(arrow), "accent")
    last = Level(28 if count < 5 else 30, "on_ground", bold=True, align="ctr")
    layout.card("小结", (MARGIN, BOTTOM - strip, FULL, strip), last, fill="ground", inset=(0.3, 0.05))
    return layout


def case(name: str, *, lesson: bool) -> Layout:
    """A story over the whole width, for small type tires; below it the ``lesson``, unless a page of its own has it."""
    layout = titled(name)
    strip, above = (0.9, 0.2) if lesson else (0.0, 0.0)
    top = TOP + 0.2
    height = BOTTOM - top - strip - above
    # Above the card and at its right: there the bubble of the title has no tail.
    tag = Level(20, "muted", bold=True, align="r")
    layout.place("标注", (MARGIN + FULL - 6.0, top - 0.57, 6.0, 0.56), tag, anchor="ctr")
    layout.card("经过", (MARGIN, top, FULL, height), Level(32, before=4, bullet="1"), inset=(0.35, 0.06))
    if lesson:
        words = bold(30, "on_accent")
        layout.card("提醒", (MARGIN, BOTTOM - strip, FULL, strip), words, fill="accent", inset=(0.3, 0.03), least=22)
    return layout


def contrast() -> Layout:
    layout = titled("对比")
    halves = (
        ("左", "alarm", "on_alarm", "●", MARGIN, 5.15),
        ("右", "ground", "on_ground", "1", MARGIN + 5.3, FULL - 5.3),
    )
    for side, paint, text, bullet, x, width in halves:
        layout.card(f"{side}标题", (x, TOP, width, 0.68), bold(28, text), fill=paint, inset=(0.3, 0.05))
        items = Level(32, before=16, bullet=bullet, bullet_paint=paint)
        layout.card(f"{side}文", (x, TOP + 0.8, width, BODY - 0.8), items, inset=(0.28, 0.15))
    return layout


def question(name: str, letters: str, high: float, sizes: tuple[float, float], least: float = 20) -> Layout:
    """A situation in a speech bubble ``high`` inches high, and what one might do as ``letters``."""
    layout = titled(name)
    side = 3.4
    layout.decor((MARGIN, TOP, side, BODY), "ground", shape=ROUND, name="卡片 题号")
    layout.scene((MARGIN + 0.2, TOP + 0.2, side - 0.4, side - 0.4))
    call = (bold(30, "accent"), Level(24, "on_ground", bold=True, align="ctr", before=4))
    layout.place("题号", (MARGIN, TOP + 3.25, side, BODY - 3.25), *call, anchor="ctr", inset=(0.2, 0.1))
    left, width = MARGIN + side + 0.35, FULL - side - 0.35
    tail = [(left, TOP + 1.6), (left - 0.3, TOP + 1.35), (left, TOP + 1.1)]
    layout.drawn(bubble((left, TOP, width, high), 0.25, tail, "left"), "paper")
    situation = Level(sizes[0], before=8)
    layout.place("情景", (left, TOP, width, high), situation, anchor="ctr", inset=(0.4, 0.15), least=least)
    gap = 0.14
    row = (BODY - high - ROW_GAP - (len(letters) - 1) * gap) / len(letters)
    for at, letter in enumerate(letters):
        option = (left, TOP + high + ROW_GAP + at * (row + gap), width, row)
        text = Level(sizes[1], bold=True)
        layout.card(f"选项{letter}", option, text, fill="accent_soft", outline="accent", inset=(0.4, 0.02), least=least)
    return layout


def true_or_false() -> Layout:
    """A sentence, and two big cards to point at."""
    layout = titled("判断题·对错")
    high = 2.75
    layout.decor((MARGIN, TOP, FULL, high), "paper", outline="line", shape=ROUND, name="卡片 说法")
    layout.scene((MARGIN + 0.25, TOP + 0.2, high - 0.4, high - 0.4))
    text = (MARGIN + high + 0.1, TOP, FULL - high - 0.4, high)
    layout.place("说法", text, bold(44, "ink", "l"), anchor="ctr", inset=(0.1, 0.1), least=32)
    verdicts = (("对", "ground", "on_ground"), ("错", "accent", "on_accent"))
    for (name, fill, paint), (x, width) in zip(verdicts, columns(2), strict=True):
        card = (x, TOP + high + ROW_GAP, width, BODY - high - ROW_GAP)
        levels = (bold(60, paint), Level(28, paint, bold=True, align="ctr"))
        layout.card(name, card, *levels, fill=fill, inset=(0.2, 0.1), least=24)
    return layout


def answer() -> Layout:
    layout = titled("答案")
    verdict = (bold(66, "on_alarm"), Level(28, "on_alarm", align="ctr", before=8, bold=True))
    layout.card("结论", (MARGIN, TOP, 4.2, BODY), *verdict, fill="alarm", inset=(0.3, 0.25))
    reasons = (bold(36, "alarm", "l", before=18), Level(32, before=2))
    layout.card("理由", (MARGIN + 4.45, TOP, FULL - 4.45, BODY), *reasons, inset=(0.5, 0.25))
    return layout


def dialogue() -> Layout:
    layout = titled("问答")
    row = (BODY - 2 * ROW_GAP) / 3
    for at in range(3):
        y = TOP + at * (row + ROW_GAP)
        layout.decor((MARGIN, y, 0.16, row), "accent")
        levels = (bold(28, "ground", "l"), Level(26, before=4))
        layout.card(f"问答{at + 1}", (MARGIN + 0.28, y, FULL - 0.28, row), *levels, inset=(0.4, 0.1))
    return layout


def rows_of_steps() -> Layout:
    """Three steps below each other in large type, for readers who sit far or see badly."""
    layout = titled("步骤·大字")
    row = (BODY - 2 * ROW_GAP) / 3
    for at in range(3):
        y = TOP + at * (row + ROW_GAP)
        number = bold(48, "on_ground")
        layout.card(f"序号{at + 1}", (MARGIN, y, 1.3, row), number, fill="ground", least=40)
        levels = (bold(40, "ground", "l"), Level(34, before=2))
        layout.card(f"步骤{at + 1}", (MARGIN + 1.5, y, FULL - 1.5, row), *levels, inset=(0.4, 0.05), least=28)
    return layout


def talk() -> Layout:
    """What somebody says on the left, what one answers on the right, three times."""
    layout = titled("对话")
    head, gap, width = 0.62, 0.45, 5.3
    right = MARGIN + width + gap
    for name, x, across, paint in (("左标题", MARGIN, width, "muted"), ("右标题", right, FULL - width - gap, "ground")):
        layout.place(name, (x, TOP - 0.12, across, head), bold(26, paint, "l"), anchor="ctr", least=22)
    row = (BODY - head - 2 * ROW_GAP + 0.12) / 3
    for at in range(3):
        y = TOP - 0.12 + head + at * (row + ROW_GAP)
        said = (MARGIN, y, width, row)
        layout.decor(said, "alarm_soft", shape=ROUND, name=f"卡片 听到{at + 1}")
        layout.place(f"听到{at + 1}", said, Level(26, "ink"), anchor="ctr", inset=(0.28, 0.05))
        middle = y + row / 2
        tip = [(right - 0.34, middle - 0.2), (right - 0.1, middle), (right - 0.34, middle + 0.2)]
        layout.drawn(polygon(tip), "accent")
        answer = (right, y, FULL - width - gap, row)
        layout.card(f"回应{at + 1}", answer, bold(28, "ground", "l"), Level(24, before=2), inset=(0.35, 0.05))
    return layout


def checklist() -> Layout:
    """What to tick off, one line each, beside who does it."""
    layout = titled("清单")
    item = Level(34, before=18, bullet="□", bullet_paint="ground")
    layout.card("正文", (MARGIN, TOP, 7.9, BODY), item, inset=INSET)
    side = (bold(40, "on_accent"), Level(26, "on_accent", bold=True, align="ctr", before=10))
    layout.card("旁栏", (MARGIN + 8.15, TOP, FULL - 8.15, BODY), *side, fill="accent", inset=(0.3, 0.25))
    return layout


def figures() -> Layout:
    """A chart, the number that matters beside it, and where the numbers come from."""
    layout = titled("数据图")
    width, source = 8.5, 0.55
    high = BODY - source
    layout.decor((MARGIN, TOP, width, high), "paper", outline="line", shape=ROUND, name="卡片底")
    layout.place("图题", (MARGIN + 0.3, TOP + 0.12, width - 0.6, 0.6), Level(24, bold=True), anchor="ctr")
    layout.chart((MARGIN + 0.25, TOP + 0.75, width - 0.5, high - 0.9))
    number = (bold(72, "accent", before=16), Level(26, "on_ground", bold=True, align="ctr", before=2))
    beside = (MARGIN + width + GAP, TOP, FULL - width - GAP, high)
    layout.card("数字", beside, *number, fill="ground", inset=(0.2, 0.2))
    layout.place("出处", (MARGIN, BOTTOM - source + 0.08, FULL, source), Level(20, "muted"), anchor="ctr")
    return layout


def dark(name: str) -> Layout:
    """A page of the theme's ground with a small title over something big."""
    layout = Layout(name, background="ground", stage=True)
    backdrop(layout, WIDTH / 2, 3.75)
    layout.decor((WIDTH / 2 - 0.9, 1.42, 1.8, 0.07), "accent")
    layout.place("标题", (MARGIN, 0.62, FULL, 0.75), bold(36, "accent"), kind="title", anchor="ctr", least=32)
    return layout


def quotation() -> Layout:
    layout = dark("大字金句")
    layout.place("金句", (MARGIN, 1.55, FULL, 4.75), bold(60, "on_ground", before=4), anchor="ctr", least=24)
    layout.place("小字", (MARGIN, 6.3, FULL, 0.6), Level(24, "on_ground", align="ctr"), anchor="ctr")
    layout.furniture("on_ground")
    return layout


def poem() -> Layout:
    layout = dark("口诀")
    for name, (x, width) in zip(("左列", "右列"), columns(2, gap=0.3), strict=True):
        verses = bold(26, "on_ground", before=24)
        layout.card(name, (x, 1.8, width, 4.35), verses, fill="ground_deep", inset=(0.05, 0.15))
    layout.place("小字", (MARGIN, 6.25, FULL, 0.6), Level(24, "accent", align="ctr", bold=True), anchor="ctr")
    layout.furniture("on_ground")
    return layout


def channels(name: str, *, local: bool, count: int, large: bool = False) -> Layout:
    """110 as the biggest number, ``count`` others beside it, below them the unit's own numbers if ``local``."""
    layout = titled(name)
    height = BODY - (1.2 if local else 0)
    first = (
        bold(115 if local else 138, "accent"),
        Level(36 if large else 32, "on_ground", bold=True, align="ctr"),
        Level(28 if large else 24, "on_ground", align="ctr", before=4),
    )
    layout.card(
        "主渠道", (MARGIN, TOP, 5.0, height), *first, fill="ground", inset=(0.3, 0.1), least=28 if large else 20
    )
    row = (height - (count - 1) * ROW_GAP) / count
    for at in range(count):
        place = (MARGIN + 5.25, TOP + at * (row + ROW_GAP), FULL - 5.25, row)
        levels = (bold(60, "ground", "l"), Level(34)) if large else (bold(36, "ground", "l"), Level(26))
        layout.card(f"渠道{at + 1}", place, *levels, inset=(0.4, 0.05), least=28 if large else 20)
    if local:
        unit = Level(28 if large else 24, "on_accent", bold=True, align="ctr")
        layout.card("本单位", (MARGIN, BOTTOM - 1.0, FULL, 1.0), unit, fill="accent", inset=(0.3, 0.05))
    return layout


def sayings(name: str, count: int) -> Layout:
    """A rule as two columns of cards, each beside its number."""
    layout = titled(name)
    gap = {4: ROW_GAP, 6: ROW_GAP, 8: 0.14}[count]
    row = (BODY - 1.0 - (count / 2 - 1) * gap) / (count / 2)
    square, number, size = {4: (1.1, 48, 40), 6: (1.0, 40, 30), 8: (0.72, 32, 28)}[count]
    for at in range(count):
        x, width = columns(2)[at % 2]
        y = TOP + at // 2 * (row + gap)
        layout.card(f"序号{at + 1}", (x, y, square, row), bold(number, "on_ground"), fill="ground")
        beside = (x + square + 0.08, y, width - square - 0.08, row)
        layout.card(f"第{at + 1}条", beside, Level(size, bold=True), inset=(0.18, 0.04))
    ending(layout)
    return layout


def listed() -> Layout:
    layout = titled("口径")
    layout.card("正文", (MARGIN, TOP, FULL, BODY - 1.0), Level(36, before=8, bullet="1"), inset=(0.4, 0.12))
    ending(layout)
    return layout


def ending(layout: Layout) -> None:
    strip = (MARGIN, BOTTOM - 0.8, FULL, 0.8)
    layout.card("结尾", strip, Level(26, "on_accent", bold=True, align="ctr"), fill="accent", inset=(0.3, 0.03))


def layouts() -> list[Layout]:
    """All layouts in the order of PowerPoint's menu."""
    made = [
        cover(), contents(), chapter(), points(),
        pictured("要点·配图", Level(34, before=18, bullet="1")),
        pictured("要点·大字", Level(44, before=22, bullet="●"), least=36),
        steps("步骤", 3), steps("步骤·四步", 4), steps("步骤·五步", 5), rows_of_steps(),
        case("案例", lesson=True), case("案例·长", lesson=False), contrast(), question("判断题", "ABC", 2.5, (30, 28)),
        question("判断题·大字", "AB", 2.9, (36, 36), least=30), true_or_false(),
        answer(), dialogue(), talk(), checklist(), quotation(), poem(), figures(),
        channels("渠道", local=False, count=3), channels("渠道·两条", local=False, count=2),
        channels("渠道·本地", local=True, count=3), channels("渠道·本地两条", local=True, count=2),
        channels("渠道·大字", local=False, count=2, large=True),
        channels("渠道·本地大字", local=True, count=2, large=True),
        listed(), sayings("口径·四条", 4), sayings("口径·六条", 6), sayings("口径·八条", 8),
        back(),
    ]  # fmt: skip
    for layout in made:
        if not layout.stage:
            layout.furniture()
        layout.mark()
    return made


def base() -> bytes:
    """The whole base presentation."""
    return package(master_layout(), layouts())


if __name__ == "__main__":
    (Path(__file__).parent / "base.pptx").write_bytes(base())
