"""Sheets of office paper: pages of a piece placed on them, with marks and notes over them.

A layout says what lies where (``Sheet``); this module draws it. Each page of the piece becomes one form that all
sheets share, so a poster in twelve parts weighs as much as a poster. Lengths in mm from the upper left corner.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from generator.render.base import Json
from generator.render.paper import POINTS_A_MM, save

Dress = Callable[[Json], bytes]
"""Sets marks and notes: takes the data of ``templates/_shared/office.typ``, gives a PDF with a page for each sheet."""


def wordless(data: Json) -> bytes:
    """For layouts that say nothing. ValueError for any other."""
    raise ValueError("this layout has marks and notes to set")


MARK_MM: Final = 0.2
"""How wide a mark is."""
CUT_COLOUR: Final = "0.902 0 0.494"
"""The magenta of ``templates/_shared/office.typ``: no theme has it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A page of the piece, from 0, with its upper left corner at ``x``, ``y`` and ``scale`` times as large.

    ``clip``: the part of the sheet that it may cover (x, y, width, height). ``contour``: the line, in mm on the page,
    inside which it shows and along which it is cut out (see ``note-contour`` in the templates).
    """

    page: int
    x: float
    y: float
    scale: float = 1.0
    clip: tuple[float, float, float, float] | None = None
    contour: tuple[tuple[str | float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A straight line, ``MARK_MM`` wide about its axis: where to cut, to fold, to lay the next sheet."""

    kind: Literal["cut", "fold", "glue", "frame"]
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Note:
    """A text of ``size`` mm, on one line of at most ``width``, turned by ``angle`` degrees (0, 90, -90).

    Its box begins at ``x``, ``y``; a ``boxed`` one stands on white.
    """

    text: str
    x: float
    y: float
    width: float
    size: float
    angle: int = 0
    bold: bool = False
    boxed: bool = False


@dataclass(slots=True)
class Sheet:
    """One side of a sheet of paper."""

    width: float
    height: float
    placed: list[Placed] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """What a layout must know of a piece: its title and the size of its pages, width and height."""

    title: str
    sizes: tuple[tuple[float, float], ...]


def source_of(pdf: bytes) -> Source:
    """Title and page sizes of a piece as shown."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        boxes = [[float(value) for value in page.mediabox] for page in document.pages]
        sizes = tuple(((x1 - x0) / POINTS_A_MM, (y1 - y0) / POINTS_A_MM) for x0, y0, x1, y1 in boxes)
        return Source(str(document.docinfo.get("/Title", "")), sizes)


def compose(
    pdf: bytes, sheets: Sequence[Sheet], path: Path, dress: Dress, turned: Literal["Short", "Long"] | None = None
) -> int:
    """Draw ``sheets`` into a file, printed on both sides where they are ``turned``. Returns how many pages it has."""
    import pikepdf

    dressing = dress(described(sheets))
    with (
        pikepdf.open(io.BytesIO(pdf)) as source,
        pikepdf.open(io.BytesIO(dressing)) as marks,
        pikepdf.new() as document,
    ):
        pages = list(source.pages)
        forms = [document.copy_foreign(page.as_form_xobject()) for page in pages]
        boxes = [[float(value) for value in page.mediabox] for page in pages]
        for sheet, mark in zip(sheets, marks.pages, strict=True):
            target = document.add_blank_page(page_size=(sheet.width * POINTS_A_MM, sheet.height * POINTS_A_MM))
            for number in dict.fromkeys(placed.page for placed in sheet.placed):
                target.add_resource(forms[number], pikepdf.Name.XObject, pikepdf.Name(f"/Page{number + 1}"))
            drawn = [_drawing(sheet, placed, boxes[placed.page]) for placed in sheet.placed]
            target.add_resource(document.copy_foreign(mark.as_form_xobject()), pikepdf.Name.XObject, pikepdf.Name.Marks)
            drawn.append("q /Marks Do Q")
            target.contents_add("\n".join(drawn).encode())
        document.docinfo["/Title"] = str(source.docinfo.get("/Title", ""))
        # What a viewer proposes when one prints: never smaller, and turned over the edge that the notes name.
        document.Root.ViewerPreferences = pikepdf.Dictionary(PrintScaling=pikepdf.Name("/None"))
        if turned:
            document.Root.ViewerPreferences.Duplex = pikepdf.Name(f"/DuplexFlip{turned}Edge")
        save(document, path)
        return len(document.pages)


def described(sheets: Sequence[Sheet]) -> Json:
    """The data of ``templates/_shared/office.typ``."""
    return {"sheets": [_described(sheet) for sheet in sheets]}


def _described(sheet: Sheet) -> Json:
    return {
        "size": [sheet.width, sheet.height],
        "marks": [{"kind": m.kind, "at": [m.x1, m.y1, m.x2, m.y2]} for m in sheet.marks],
        "notes": [
            {
                "text": n.text, "x": n.x, "y": n.y, "width": n.width, "size": n.size, "angle": n.angle, "bold": n.bold,
                "boxed": n.boxed,
            }
            for n in sheet.notes
        ],
    }  # fmt: skip


def _drawing(sheet: Sheet, placed: Placed, box: Sequence[float]) -> str:
    """The instructions that draw a page: PDF counts from the lower left corner, in points."""
    left, bottom, _, above = box
    k = placed.scale
    x = placed.x * POINTS_A_MM - left * k
    y = (sheet.height - placed.y) * POINTS_A_MM - (above - bottom) * k - bottom * k
    clip = ""
    if placed.clip:
        cx, cy, width, height = placed.clip
        corner = (cx, sheet.height - cy - height)
        clip = " ".join(f"{value * POINTS_A_MM:.4f}" for value in (*corner, width, height)) + " re W n "
    matrix, shown = f"{k:.6f} 0 0 {k:.6f} {x:.4f} {y:.4f} cm", f"/Page{placed.page + 1} Do"
    if not placed.contour:
        return f"q {clip}{matrix} {shown} Q"
    path = " ".join(_path(placed.contour, left, above))
    line = f"{CUT_COLOUR} RG {MARK_MM * POINTS_A_MM / k:.4f} w"
    return f"q {clip}{matrix} q {path} W n {shown} Q {line} {path} S Q"


def _path(contour: Sequence[Sequence[str | float]], left: float, above: float) -> Iterator[str]:
    """The contour as a path of PDF, which counts upwards."""
    for name, *values in contour:
        points = [
            left + float(value) * POINTS_A_MM if at % 2 == 0 else above - float(value) * POINTS_A_MM
            for at, value in enumerate(values)
        ]
        yield " ".join([*(f"{value:.4f}" for value in points), {"M": "m", "L": "l", "C": "c", "Z": "h"}[str(name)]])
