"""Office files: a piece's pages laid out on the paper of an office printer, as its row in the catalogue says.

Each layout takes the pages as shown (RGB, trim size, no bleed) and writes one PDF; ``sheet`` is the piece's
``data["sheet"]``: paper, trim, sides, panels.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.render.base import Json
from generator.render.office_booklet import MARKS_MM, NOTE_MM, beside, booklet, duplex
from generator.render.office_nup import nup
from generator.render.office_sheets import Dress, Note, Placed, Sheet, compose, source_of, wordless
from generator.render.office_tiles import tiles
from generator.render.paper import POINTS_A_MM, PRINTER_MARGIN_MM, save, sheet_mm

Layout = Callable[[bytes, Json, Path, Dress], int]
"""Lays out a PDF for ``sheet`` into a file; returns how many pages it has. ``Dress`` sets marks and notes."""


def on_paper(pdf: bytes, sheet: Json, path: Path, dress: Dress = wordless) -> int:
    """The office file of a piece, in the layout of its row. Returns the page count."""
    return LAYOUTS[sheet["office_layout"]](pdf, sheet, path, dress)


def fit(pdf: bytes, sheet: Json, path: Path, dress: Dress) -> int:
    """Each page as large as fits the office paper inside the printer's margin."""
    import pikepdf

    if sheet.get("contour"):
        return _cut_out(pdf, sheet, path, dress)

    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as document:
        for page in source.pages:
            width, height = (float(page.mediabox[at]) for at in (2, 3))
            across, down = (side * POINTS_A_MM for side in sheet_mm(sheet["office"], width > height))
            target = document.add_blank_page(page_size=(across, down))
            edge = PRINTER_MARGIN_MM * POINTS_A_MM
            room = pikepdf.Rectangle(edge, edge, across - edge, down - edge)
            form = page.as_form_xobject()
            # add_overlay does the same under a random name, and so gives other bytes each time
            name = target.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Sheet)
            placed = target.calc_form_xobject_placement(
                form, name, room, invert_transformations=True, allow_shrink=True, allow_expand=True
            )
            target.contents_add(placed)
        document.docinfo["/Title"] = str(source.docinfo.get("/Title", ""))
        save(document, path)
        return len(document.pages)


def _cut_out(pdf: bytes, sheet: Json, path: Path, dress: Dress) -> int:
    """Pages that are cut out along ``sheet["contour"]``: the whole line inside the printer's margin, and what to do."""
    source = source_of(pdf)
    contour = tuple(tuple(part) for part in sheet["contour"])
    sheets = []
    for page, (width, height) in enumerate(source.sizes):
        across, down = sheet_mm(sheet["office"], width > height)
        edge = 2 * (PRINTER_MARGIN_MM + MARKS_MM)
        scale = min((across - edge) / width, (down - edge) / height)
        wide, tall = width * scale, height * scale
        left, top = (across - wide) / 2, (down - tall) / 2
        made = Sheet(across, down, [Placed(page, left, top, scale, contour=contour)])
        said = f"{source.title}　选“实际大小”打印，贴在硬纸板上，沿线剪下"
        made.notes += (
            [*beside(said, "", left, made)] if left >= top else [Note(said, left, top + tall + 1, wide, NOTE_MM)]
        )
        sheets.append(made)
    return compose(pdf, sheets, path, dress)


LAYOUTS: Final[dict[str, Layout]] = {
    "fit": fit,
    "nup": nup,
    "tiles": tiles,
    "booklet": booklet,
    "duplex": duplex,
}
"""By the value of ``office_layout`` in the catalogue. A new layout is a module of its own and its name here."""
