"""Both sides of a leaf on office paper: a booklet to be folded and stapled, a leaflet whose sides must meet.

A booklet's sheets lie across, two pages a side, so that the pile folds into reading order. Creep is not made up for:
eight sheets of office paper move the innermost pages outwards by 0.7 mm, and nothing stands that near the edge.
"""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Final

from generator.render.base import Json
from generator.render.office_sheets import MARK_MM, Dress, Mark, Note, Placed, Sheet, compose, source_of
from generator.render.paper import PRINTER_MARGIN_MM, sheet_mm

MARKS_MM: Final = 2.5
"""Around the pages, inside what the printer reaches: for marks where to cut and fold."""
GAP_MM: Final = 0.5
"""Between the page and its marks."""
NOTE_MM: Final = 3.2

_SIDES: Final = ("正面", "反面")


def imposed(pages: int) -> list[tuple[int | None, int | None]]:
    """Pages (from 0) left and right on each side of each sheet, outermost sheet first, front before back.

    Where ``pages`` is no multiple of four, the last leaves have blank sides: None.
    """
    whole = -(-pages // 4) * 4
    sides: list[tuple[int | None, int | None]] = []
    for sheet in range(whole // 4):
        first, last = 2 * sheet, whole - 1 - 2 * sheet
        for left, right in ((last, first), (first + 1, last - 1)):
            sides.append((left if left < pages else None, right if right < pages else None))
    return sides


def booklet(pdf: bytes, sheet: Json, path: Path, dress: Dress) -> int:
    """The sheets of a booklet, to be printed on both sides and turned over the short edge. Returns the page count."""
    source = source_of(pdf)
    across, down = sheet_mm(sheet["office"], landscape=True)
    width, height = source.sizes[0]
    scale = min((across / 2 - PRINTER_MARGIN_MM) / width, (down - 2 * (PRINTER_MARGIN_MM + MARKS_MM)) / height, 1.0)
    wide, tall = width * scale, height * scale
    left, top = across / 2 - wide, (down - tall) / 2
    sides = imposed(len(source.sizes))
    sheets = []
    for at, pair in enumerate(sides):
        made = Sheet(across, down)
        made.placed += [Placed(page, left + i * wide, top, scale) for i, page in enumerate(pair) if page is not None]
        made.marks += _corners(left, top, 2 * wide, tall)
        made.marks += _folds((wide,), left, top, tall)
        number = f"第 {at // 2 + 1} 张，共 {len(sides) // 2} 张·{_SIDES[at % 2]}"
        said = f"{source.title}　{number}　双面打印，选“短边翻转”“实际大小”"
        made.notes += beside(said, "按张数叠齐（第 1 张在最外），沿中间对折，骑着折线订两钉，再沿角线裁齐", left, made)
        sheets.append(made)
    return compose(pdf, sheets, path, dress, turned="Short")


def duplex(pdf: bytes, sheet: Json, path: Path, dress: Dress) -> int:
    """Both sides in the middle of their sheets, so that they meet whichever way the printer turns them.

    Folds are marked on both. Returns the page count.
    """
    source = source_of(pdf)
    width, height = source.sizes[0]
    landscape = width > height
    across, down = sheet_mm(sheet["office"], landscape)
    edge = 2 * (PRINTER_MARGIN_MM + MARKS_MM)
    scale = min((across - edge) / width, (down - edge) / height)
    turned = "短边翻转" if landscape else "长边翻转"
    sheets = []
    for page, (wide, tall) in enumerate((w * scale, h * scale) for w, h in source.sizes):
        made = Sheet(across, down)
        left, top = (across - wide) / 2, (down - tall) / 2
        made.placed.append(Placed(page, left, top, scale))
        made.marks += _corners(left, top, wide, tall)
        panels = sheet["panels"] if page % 2 == 0 else sheet["back_panels"] or sheet["panels"][::-1]
        made.marks += _folds([panel * scale for panel in panels[:-1]], left, top, tall)
        side = f"·{_SIDES[page % 2]}" if len(source.sizes) > 1 else ""
        fold = "，沿虚线折" if panels else ""
        said = f"{source.title}{side}　双面打印，选“{turned}”“实际大小”；沿角线裁切{fold}"
        if left >= top:
            made.notes += beside(said, "", left, made)
        else:
            made.notes.append(Note(said, left, top + tall + MARKS_MM + 1, wide, NOTE_MM))
        sheets.append(made)
    return compose(pdf, sheets, path, dress, turned=None if len(sheets) < 2 else "Short" if landscape else "Long")


def _corners(x: float, y: float, width: float, height: float) -> Iterator[Mark]:
    """Two short lines at each corner, outside the page, on the lines along which it is cut."""
    out = MARK_MM / 2
    for at_x, way in ((x - out, -1), (x + width + out, 1)):
        for at_y, turn in ((y - out, -1), (y + height + out, 1)):
            yield Mark("cut", at_x, at_y + turn * GAP_MM, at_x, at_y + turn * MARKS_MM)
            yield Mark("cut", at_x + way * GAP_MM, at_y, at_x + way * MARKS_MM, at_y)


def _folds(widths: "list[float] | tuple[float, ...]", x: float, y: float, height: float) -> Iterator[Mark]:
    """A short line above and below the page at the end of each of ``widths``."""
    for at in accumulate(widths):
        yield Mark("fold", x + at, y - MARKS_MM, x + at, y - GAP_MM)
        yield Mark("fold", x + at, y + height + GAP_MM, x + at, y + height + MARKS_MM)


def beside(left_said: str, right_said: str, margin: float, sheet: Sheet) -> Iterator[Note]:
    """Notes up the margins of a sheet that lies across, clear of the marks."""
    length = sheet.height - 2 * PRINTER_MARGIN_MM
    x = max(PRINTER_MARGIN_MM, margin - MARKS_MM - NOTE_MM - 1.5)
    for said, at in ((left_said, x), (right_said, sheet.width - x - NOTE_MM * 1.1)):
        if said:
            yield Note(said, at, PRINTER_MARGIN_MM, length, NOTE_MM, angle=90)
