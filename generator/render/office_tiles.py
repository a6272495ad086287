"""A poster at its true size on office paper: parts that overlap, to be cut, glued and hung.

Parts are called A1, B1 … across and A1, A2 … down. Each part is cut along its left and upper edge (and along the
poster's own edges), and laid over the strip of glue that its neighbour has at the right and below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

from generator.render.base import Json
from generator.render.office_sheets import MARK_MM, Dress, Mark, Note, Placed, Sheet, Source, compose, source_of
from generator.render.paper import PRINTER_MARGIN_MM, sheet_mm

OVERLAP_MM: Final = 10.0
"""The strip that two neighbours share: glue on the one, picture on the other."""
SLUG_MM: Final = 8.0
"""Left of a part, for its name: inside what the printer reaches, outside the picture."""
TICK_MM: Final = 1.4
"""How far a mark goes beyond the picture where it ends: more would leave what the printer reaches."""
RULER_MM: Final = 100.0


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a page of ``width`` x ``height`` is cut: parts of ``part`` on a ``paper`` that lies across or upright."""

    width: float
    height: float
    paper: tuple[float, float]
    columns: int
    rows: int

    @property
    def part(self) -> tuple[float, float]:
        """Width and height of every part, all alike."""
        return (
            (self.width + OVERLAP_MM * (self.columns - 1)) / self.columns,
            (self.height + OVERLAP_MM * (self.rows - 1)) / self.rows,
        )

    @property
    def corner(self) -> tuple[float, float]:
        """Where a part's upper left corner stands on its sheet."""
        width, height = self.part
        free = self.paper[0] - 2 * PRINTER_MARGIN_MM - SLUG_MM - width
        return PRINTER_MARGIN_MM + SLUG_MM + free / 2, (self.paper[1] - height) / 2

    def start(self, column: int, row: int) -> tuple[float, float]:
        """Where the part begins on the page."""
        width, height = self.part
        return column * (width - OVERLAP_MM), row * (height - OVERLAP_MM)

    def parts(self) -> Iterator[tuple[int, int]]:
        """Column and row of each part, in the order in which they are printed and glued."""
        return ((column, row) for row in range(self.rows) for column in range(self.columns))


def tiling(width: float, height: float, paper: str) -> Tiling:
    """The fewest sheets of ``paper`` that a page of ``width`` x ``height`` mm needs; upright where both are as good."""
    ways = []
    for landscape in (False, True):
        across, down = sheet_mm(paper, landscape)
        usable = (across - 2 * PRINTER_MARGIN_MM - SLUG_MM, down - 2 * PRINTER_MARGIN_MM - 2 * TICK_MM)
        # a part adds its size less the overlap to what stands already
        columns, rows = (
            max(1, ceil((side - OVERLAP_MM) / (room - OVERLAP_MM) - 1e-9))
            for side, room in zip((width, height), usable, strict=True)
        )
        ways.append(Tiling(width, height, (across, down), columns, rows))
    return min(ways, key=lambda way: way.columns * way.rows)


def name_of(column: int, row: int) -> str:
    """A1, B1 … A2: letters across (AA after Z), numbers down."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def tiles(pdf: bytes, sheet: Json, path: Path, dress: Dress) -> int:
    """A plan and the parts of each page, on the paper that ``sheet["office"]`` names. Returns the page count."""
    source = source_of(pdf)
    sheets = []
    for page, (width, height) in enumerate(source.sizes):
        cut = tiling(width, height, sheet["office"])
        sheets.append(_plan(source, page, cut, sheet["office"]))
        sheets += [_part(source, page, cut, column, row) for column, row in cut.parts()]
    return compose(pdf, sheets, path, dress)


def _part(source: Source, page: int, cut: Tiling, column: int, row: int) -> Sheet:
    x, y = cut.corner
    width, height = cut.part
    from_left, from_top = cut.start(column, row)
    made = Sheet(*cut.paper)
    made.placed.append(Placed(page, x - from_left, y - from_top, clip=(x, y, width, height)))
    made.marks += _cuts(cut, x, y, column, row)
    for neighbour, strip in _strips(cut, x, y, column, row):
        made.marks += strip
        made.notes.append(_glued(cut, x, y, neighbour, beside=neighbour[0] > column))
    number = row * cut.columns + column + 1
    said = f"{source.title}　第 {number} 张，共 {cut.columns * cut.rows} 张　按“实际大小”打印，沿红线裁切，蓝线以外涂胶"
    foot = cut.paper[1] - PRINTER_MARGIN_MM
    made.notes.append(Note(name_of(column, row), PRINTER_MARGIN_MM, PRINTER_MARGIN_MM, SLUG_MM, 5.5, bold=True))
    room = foot - PRINTER_MARGIN_MM - 10
    made.notes.append(Note(said, PRINTER_MARGIN_MM + 1.5, PRINTER_MARGIN_MM + 10, room, 3.0, angle=90))
    return made


def _cuts(cut: Tiling, x: float, y: float, column: int, row: int) -> Iterator[Mark]:
    """Lines along the edges to be cut, just outside the picture."""
    width, height = cut.part
    out = MARK_MM / 2
    yield Mark("cut", x - out, y - TICK_MM, x - out, y + height + TICK_MM)
    yield Mark("cut", x - TICK_MM, y - out, x + width + TICK_MM, y - out)
    if column == cut.columns - 1:
        yield Mark("cut", x + width + out, y - TICK_MM, x + width + out, y + height + TICK_MM)
    if row == cut.rows - 1:
        yield Mark("cut", x - TICK_MM, y + height + out, x + width + TICK_MM, y + height + out)


def _strips(
    cut: Tiling, x: float, y: float, column: int, row: int
) -> Iterator[tuple[tuple[int, int], tuple[Mark, ...]]]:
    """The neighbours at the right and below, each with the line along which its cut edge comes to lie.

    The line stands inside the strip of glue: the neighbour covers it.
    """
    width, height = cut.part
    inside = MARK_MM / 2
    if column < cut.columns - 1:
        at = x + width - OVERLAP_MM + inside
        yield (column + 1, row), (Mark("glue", at, y - TICK_MM, at, y + height + TICK_MM),)
    if row < cut.rows - 1:
        at = y + height - OVERLAP_MM + inside
        yield (column, row + 1), (Mark("glue", x - TICK_MM, at, x + width + TICK_MM, at),)


def _glued(cut: Tiling, x: float, y: float, neighbour: tuple[int, int], *, beside: bool) -> Note:
    """What is laid over a strip, written on the strip."""
    width, height = cut.part
    said = f"涂胶　上面压 {name_of(*neighbour)}"
    if beside:
        return Note(said, x + width - OVERLAP_MM / 2 - 2.6, y + height * 0.4, height * 0.4, 3.4, angle=90, boxed=True)
    return Note(said, x + width * 0.4, y + height - OVERLAP_MM / 2 - 2.6, width * 0.4, 3.4, boxed=True)


# ---- the plan --------------------------------------------------------------------------------------------

_STEPS: Final = (
    "1. 打印时选“实际大小”（100%），不要选“适合页面”；打出来量一量下面这条线。",
    "2. 每张沿红线裁切：左边和上边都要裁，最右一列再裁右边，最下一行再裁下边。",
    "3. 蓝线以外是胶条：涂上胶，把写着的那一张压上去，裁边对齐蓝线。",
    "4. 先把每一行从左到右粘好，再把各行从上到下粘起来。",
)


def _plan(source: Source, page: int, cut: Tiling, paper: str) -> Sheet:
    """The whole poster small, its parts named, and what to do in four steps."""
    across, down = sheet_mm(paper, landscape=False)
    made = Sheet(across, down)
    edge = 18.0
    heading = f"拼贴图：{source.title}"
    made.notes.append(Note(heading, edge, 16, across - 2 * edge, 7, bold=True))
    count = f"{paper} 纸 {cut.columns * cut.rows} 张（{cut.columns} 列 {cut.rows} 行）"
    size = f"成品 {cut.width:g}×{cut.height:g} mm，{count}"
    made.notes.append(Note(size, edge, 27, across - 2 * edge, 4.2))
    top, room = 38.0, down - 38 - 72
    scale = min(room / cut.height, (across - 2 * edge) / cut.width)
    left = (across - cut.width * scale) / 2
    made.placed.append(Placed(page, left, top, scale))
    width, height = cut.part
    for column, row in cut.parts():
        x, y = (start * scale for start in cut.start(column, row))
        x, y, right, low = left + x, top + y, left + x + width * scale, top + y + height * scale
        made.marks += [Mark("cut", x, y, right, y), Mark("cut", x, y, x, low)]
        made.marks += [Mark("cut", right, y, right, low), Mark("cut", x, low, right, low)]
        made.notes.append(
            Note(name_of(column, row), (x + right) / 2 - 6, (y + low) / 2 - 4.5, 20, 8, bold=True, boxed=True)
        )
    foot = top + room + 8
    for at, step in enumerate(_STEPS):
        made.notes.append(Note(step, edge, foot + at * 7.5, across - 2 * edge, 4.0))
    ruler = foot + len(_STEPS) * 7.5 + 6
    made.marks.append(Mark("frame", edge, ruler, edge + RULER_MM, ruler))
    made.marks += [Mark("frame", x, ruler - 2, x, ruler + 2) for x in (edge, edge + RULER_MM)]
    made.notes.append(Note(f"这条线长 {RULER_MM:g} mm", edge + RULER_MM + 4, ruler - 2, 60, 4.0))
    return made
