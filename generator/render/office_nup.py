"""Cards, stickers, forms: as many copies as fit the office paper at true size, with marks to cut and fold along."""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.render.base import Json
from generator.render.office_sheets import Dress, Note, Sheet, described
from generator.render.paper import POINTS_A_MM, PRINTER_MARGIN_MM, save
from generator.typesetting.nup import MARK_MM, MARK_OFF_MM, Grid, grid_of

if TYPE_CHECKING:
    import pikepdf

Line = tuple[float, float, float, float]
"""From and to, in mm from the upper left corner of the sheet."""

HAIRLINE: Final = "0.25 w 0 0 0 RG"
DASHES: Final = "[1.4 1.1] 0 d"
NOTE_MM: Final = 2.6
CARD_GRAMS: Final = 200
"""Paper from this weight on is card."""
_SIDES: Final = ("正面", "反面")


def nup(pdf: bytes, sheet: Json, path: Path, dress: Dress) -> int:
    """Copies of a piece on sheets of ``sheet["office"]``. Returns the page count.

    Both sides of a card lie back to back when the sheet is turned over its long edge. The copies of a form with
    several sheets (客户联, 银行联) lie side by side. ValueError for a piece that is larger than the paper: the
    catalogue's check names its row before.
    """
    import pikepdf

    large = sheet.get("enlarge", 1)
    width, height = (side * large for side in sheet["trim"])
    grid = grid_of(sheet["office"], (width, height), sheet["sides"])
    if grid is None:
        raise ValueError(f"{width:g}×{height:g} mm does not fit {sheet['office']}")
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as document:
        title = str(source.docinfo.get("/Title", ""))
        forms = [document.copy_foreign(page.as_form_xobject()) for page in source.pages]
        sheets = [*_sheets(len(forms), grid.count, sheet["sides"])]
        for number, pages in enumerate(sheets):
            back = sheet["sides"] == 2 and number % 2 == 1
            _laid(document, grid, [forms[page] for page in pages], back, _folds(sheet), large)
        _noted(document, [_note(grid, title, sheet, number) for number in range(len(sheets))], dress)
        document.docinfo["/Title"] = title
        _printed_as_it_is(document, two_sided=sheet["sides"] == 2)
        save(document, path)
        return len(document.pages)


def _sheets(pages: int, places: int, sides: int) -> Iterator[list[int]]:
    """Which page lies at each place, sheet by sheet: a sheet for each side, or whole sets side by side."""
    if sides == 2 or pages > places:
        yield from ([page] * places for page in range(pages))
    else:
        yield list(range(pages)) * (places // pages)


def _laid(
    document: "pikepdf.Pdf", grid: Grid, forms: Sequence["pikepdf.Object"], back: bool, folds: Json, large: float
) -> None:
    """``large``: true size over that of the forms."""
    import pikepdf

    width, height = (side * POINTS_A_MM for side in grid.sheet)
    page = document.add_blank_page(page_size=(width, height))
    names: dict[tuple[int, int], pikepdf.Name] = {}
    drawn = []
    # The block is in the middle of the sheet: behind each place of the front is a place of the back.
    for form, (left, top) in zip(forms, grid.places(), strict=False):
        name = names.setdefault(form.objgen, pikepdf.Name(f"/Copy{len(names) + 1}"))
        page.add_resource(form, pikepdf.Name.XObject, name, replace_existing=True)
        drawn.append(f"q {_placed(grid, left, top, back, large)} cm {name} Do Q")
    lines = [*_cuts(grid)]
    drawn += ["q", HAIRLINE, *(_stroke(grid, line) for line in lines), "Q"]
    creases = [*_creases(grid, folds)]
    if creases:
        drawn += ["q", HAIRLINE, DASHES, *(_stroke(grid, line) for line in creases), "Q"]
    page.contents_add("\n".join(drawn).encode())


def _note(grid: Grid, title: str, sheet: Json, number: int) -> Sheet:
    """How to print and cut a sheet: between the marks below its first copy, or over it where there are none."""
    two_sided = sheet["sides"] == 2
    turned = "双面打印，选“长边翻转”“实际大小”" if two_sided else "选“实际大小”打印"
    stock = _stock(sheet.get("paper") or "")
    fold = "，沿虚线折" if any(_folds(sheet).values()) else ""
    said = f"{title}{f'·{_SIDES[number % 2]}' if two_sided else ''}　{stock}{turned}；沿线裁切{fold}"
    left, _, _, bottom = grid.block
    made = Sheet(*grid.sheet)
    if grid.filled:
        made.notes.append(
            Note(said, PRINTER_MARGIN_MM, PRINTER_MARGIN_MM, grid.cell[0] - 2 * PRINTER_MARGIN_MM, NOTE_MM)
        )
    else:
        made.notes.append(Note(said, left + 2, bottom + MARK_OFF_MM, grid.cell[0] - 4, NOTE_MM))
    return made


def _stock(paper: str) -> str:
    """What to put into the printer for a piece that a shop prints on ``paper``."""
    if "不干胶" in paper:
        return "用 A4 不干胶纸，"
    grams = re.search(r"(\d+)\s*g", paper)
    return "用卡纸，" if grams and int(grams[1]) >= CARD_GRAMS else ""


def _noted(document: "pikepdf.Pdf", sheets: Sequence[Sheet], dress: Dress) -> None:
    """Lay the notes over the sheets."""
    import pikepdf

    with pikepdf.open(io.BytesIO(dress(described(sheets)))) as notes:
        for page, note in zip(document.pages, notes.pages, strict=True):
            page.add_resource(document.copy_foreign(note.as_form_xobject()), pikepdf.Name.XObject, pikepdf.Name.Marks)
            page.contents_add(b"q /Marks Do Q")


def _placed(grid: Grid, left: float, top: float, back: bool, large: float) -> str:
    """The matrix that draws a copy with its upper left corner, as it lies, at ``left``, ``top``.

    A turned card has its head to the right of the front; seen from behind that is the left.
    """
    width, height = grid.cell
    if grid.filled:
        k = grid.scale
        across, down = (left + width * (1 - k) / 2) * POINTS_A_MM, (top + height * (1 + k) / 2) * POINTS_A_MM
        k *= large
        return f"{k:.6f} 0 0 {k:.6f} {across:.4f} {grid.sheet[1] * POINTS_A_MM - down:.4f}"
    x, y = left * POINTS_A_MM, (grid.sheet[1] - top - height) * POINTS_A_MM
    if not grid.turned:
        return f"{large:.6g} 0 0 {large:.6g} {x:.4f} {y:.4f}"
    if back:
        return f"0 {large:.6g} {-large:.6g} 0 {x + width * POINTS_A_MM:.4f} {y:.4f}"
    return f"0 {-large:.6g} {large:.6g} 0 {x:.4f} {y + height * POINTS_A_MM:.4f}"


def _cuts(grid: Grid) -> Iterator[Line]:
    """Where to cut: outside of the block at the ends of each cut, or between copies that use up the paper."""
    left, top, right, bottom = grid.block
    if grid.filled:
        width, height = grid.sheet
        if grid.pitch[0] - grid.cell[0] > 0.3:
            yield from ((at * grid.pitch[0], 0, at * grid.pitch[0], height) for at in range(1, grid.columns))
        if grid.pitch[1] - grid.cell[1] > 0.3:
            yield from ((0, at * grid.pitch[1], width, at * grid.pitch[1]) for at in range(1, grid.rows))
        return
    for at in range(grid.columns + 1):
        x = left + at * grid.cell[0]
        yield from _ticks(x, None, top, bottom)
    for at in range(grid.rows + 1):
        y = top + at * grid.cell[1]
        yield from _ticks(None, y, left, right)


def _ticks(x: float | None, y: float | None, low: float, high: float) -> Iterator[Line]:
    """Two marks in line with a cut at ``x`` or ``y``, before ``low`` and after ``high`` of the other axis."""
    for start, end in (
        (low - MARK_OFF_MM - MARK_MM, low - MARK_OFF_MM),
        (high + MARK_OFF_MM, high + MARK_OFF_MM + MARK_MM),
    ):
        if x is not None:
            yield x, start, x, end
        elif y is not None:
            yield start, y, end, y


def _folds(sheet: Json) -> Json:
    """Where a copy is folded, in mm from its left (``x``) or upper (``y``) edge."""
    lines = [line * sheet.get("enlarge", 1) for line in accumulate(sheet["panels"])][:-1]
    return {"x": [], "y": lines} if sheet["fold"] == "tent" else {"x": lines, "y": []}


def _creases(grid: Grid, folds: Json) -> Iterator[Line]:
    """Dashed marks at the ends of each fold, outside of the block."""
    left, top, right, bottom = grid.block
    xs, ys = folds["x"], folds["y"]
    if grid.turned:
        xs, ys = [grid.cell[0] - y for y in ys], xs
    for column in range(grid.columns):
        for x in xs:
            yield from _ticks(left + column * grid.pitch[0] + x, None, top, bottom)
    for row in range(grid.rows):
        for y in ys:
            yield from _ticks(None, top + row * grid.pitch[1] + y, left, right)


def _stroke(grid: Grid, line: Line) -> str:
    x0, y0, x1, y1 = (value * POINTS_A_MM for value in line)
    height = grid.sheet[1] * POINTS_A_MM
    return f"{x0:.4f} {height - y0:.4f} m {x1:.4f} {height - y1:.4f} l S"


def _printed_as_it_is(document: "pikepdf.Pdf", two_sided: bool) -> None:
    """What a viewer proposes when one prints: true size, and both sides over the long edge."""
    import pikepdf

    wishes = pikepdf.Dictionary(PrintScaling=pikepdf.Name("/None"))
    if two_sided:
        wishes.Duplex = pikepdf.Name.DuplexFlipLongEdge
    document.Root.ViewerPreferences = wishes
