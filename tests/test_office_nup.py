"""Copies on office paper: where they lie, that each is the card to the pixel, and that both sides meet when turned."""

import io
import math
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from generator.library import load
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.base import Json, Rendered
from generator.render.office import on_paper
from generator.render.pages import _typeset
from generator.typesetting.nup import MARK_MM, MARK_OFF_MM, Grid, grid_of
from generator.typesetting.paper import PAPER_MM, PRINTER_MARGIN_MM
from generator.typesetting.phrases import Breaker

MM = 72 / 25.4
DOTS = 10
"""Pixels a mm in the pictures below."""


def sheet(trim: tuple[float, float], sides: int = 1, **more: Any) -> Json:
    return {
        "trim": list(trim), "office": "A4", "office_layout": "nup", "sides": sides, "panels": [], "fold": "none", **more
    }  # fmt: skip


def pages(size: tuple[float, float], count: int) -> bytes:
    """Cards whose every corner and side differs: the left edge red, the upper one blue, a black square lower right."""
    document = pikepdf.new()
    width, height = (side * MM for side in size)
    for number in range(count):
        page = document.add_blank_page(page_size=(width, height))
        tint = 0.95 - 0.1 * number
        drawn = (
            f"{tint} {tint} 0.6 rg 0 0 {width} {height} re f "
            f"1 0 0 rg 0 0 {3 * MM} {height} re f 0 0 1 rg 0 {height - 3 * MM} {width} {3 * MM} re f "
            f"0 0 0 rg {width - 8 * MM} {2 * MM} {6 * MM} {6 * MM} re f"
        )
        page.contents_add(drawn.encode())
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def laid(pdf: bytes, wanted: Json, path: Path) -> int:
    """The office file without its notes."""
    return on_paper(pdf, wanted, path, blank)


def blank(said: Json) -> bytes:
    """A page for each sheet, with nothing on it."""
    document = pikepdf.new()
    for each in said["sheets"]:
        document.add_blank_page(page_size=tuple(side * MM for side in each["size"]))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pictures(pdf: bytes | Path) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    # A little less than ten pixels a mm: a sheet of 297 mm would be rounded up to 2971 pixels and all on it stretched.
    found = [page.render(scale=(DOTS - 0.0005) / MM).to_pil().convert("RGB") for page in document]
    document.close()
    return found


def same(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ by more than a shade, but for the outermost two rows and columns."""
    width, height = min(one.width, other.width), min(one.height, other.height)
    box = (2, 2, width - 2, height - 2)
    shades = ImageChops.difference(one.crop(box), other.crop(box)).convert("L").histogram()
    return sum(shades[60:]) / ((width - 4) * (height - 4))


def cells(picture: Image.Image, grid: Grid) -> list[Image.Image]:
    """What lies at each place of the grid."""
    return [
        picture.crop(tuple(round(v * DOTS) for v in (left, top, left + grid.cell[0], top + grid.cell[1])))  # type: ignore[arg-type]
        for left, top in grid.places()
    ]


# ---- where copies lie ------------------------------------------------------------------------------------

SIDES = st.floats(min_value=20, max_value=200).map(lambda side: round(side, 1))


@given(width=SIDES, height=SIDES, paper=st.sampled_from(["A4", "A3"]), sides=st.sampled_from([1, 2]))
@settings(max_examples=200, deadline=None)
def test_as_many_copies_as_fit_lie_inside_what_a_printer_reaches(
    width: float, height: float, paper: str, sides: int
) -> None:
    grid = grid_of(paper, (width, height), sides)
    edge = PRINTER_MARGIN_MM + MARK_MM + MARK_OFF_MM
    short, long = PAPER_MM[paper]

    def most(across: float, down: float, cell: tuple[float, float]) -> int:
        return math.floor((across - 2 * edge) / cell[0] + 1e-6) * math.floor((down - 2 * edge) / cell[1] + 1e-6)

    best = max(most(short, long, (width, height)), most(short, long, (height, width)), 0)
    if grid is None:
        assert best == 0
        return
    assert grid.count >= best
    assert sorted(grid.cell) == sorted((width, height))
    assert sides == 1 or grid.sheet[0] < grid.sheet[1]
    left, top, right, bottom = grid.block
    assert left == pytest.approx(grid.sheet[0] - right)
    assert top == pytest.approx(grid.sheet[1] - bottom)
    if not grid.filled:
        assert min(left, top) >= edge - 0.01
    places = grid.places()
    for at, one in enumerate(places):
        for other in places[at + 1 :]:
            beside = abs(one[0] - other[0]) >= grid.cell[0] - 0.001 or abs(one[1] - other[1]) >= grid.cell[1] - 0.001
            assert beside, "copies lie on each other"


def test_ten_cards_two_forms_and_one_tent_lie_on_a_sheet() -> None:
    cards, forms, tent = (
        grid_of("A4", size, sides) for size, sides in (((90, 54), 2), ((148, 210), 1), ((190, 276), 1))
    )
    assert cards
    assert forms
    assert tent
    assert (cards.columns, cards.rows, cards.turned) == (2, 5, False)
    assert (forms.columns, forms.rows, forms.sheet, forms.filled) == (2, 1, (297.0, 210.0), True)
    assert tent.count == 1
    assert grid_of("A4", (195, 290)) is None


# ---- what is on the sheet --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(90, 54), (54, 90), (100, 60), (140, 100), (60, 40)])
def test_every_place_of_a_sheet_is_the_card(tmp_path: Path, size: tuple[float, float]) -> None:
    made = pages(size, 1)
    assert laid(made, sheet(size), tmp_path / "made.pdf") == 1
    grid = grid_of("A4", size)
    assert grid
    (card,) = pictures(made)
    (picture,) = pictures(tmp_path / "made.pdf")
    shown = cells(picture, grid)
    assert len(shown) == grid.count
    assert all(same(one, card) < 0.005 for one in shown)


@pytest.mark.parametrize("size", [(90, 54), (54, 90), (140, 100), (95, 60)])
def test_both_sides_meet_when_the_sheet_is_turned_over_its_long_edge(tmp_path: Path, size: tuple[float, float]) -> None:
    made = pages(size, 2)
    assert laid(made, sheet(size, sides=2), tmp_path / "made.pdf") == 2
    grid = grid_of("A4", size, 2)
    assert grid
    front, back = pictures(tmp_path / "made.pdf")
    one, other = pictures(made)
    assert all(same(cell, one.rotate(-90, expand=True) if grid.turned else one) < 0.005 for cell in cells(front, grid))
    # Through the paper the back is seen mirrored: behind each card lies one back, its head where the card's head is.
    behind = [ImageOps.mirror(cell) for cell in cells(ImageOps.mirror(back), grid)]
    assert all(same(cell, other.rotate(90, expand=True) if grid.turned else other) < 0.005 for cell in behind)


def test_a_turned_card_keeps_its_head_on_both_sides(tmp_path: Path) -> None:
    """Cards that lie on their side: turned over its own upright axis, the back of each reads upright."""
    size = (100, 45)
    grid = grid_of("A4", size, 2)
    assert grid
    assert grid.turned
    laid(pages(size, 2), sheet(size, sides=2), tmp_path / "made.pdf")
    front, back = pictures(tmp_path / "made.pdf")
    left, top = grid.places()[0]
    middle = top + grid.cell[1] / 2
    head = round((left + grid.cell[0] - 1.5) * DOTS), round(middle * DOTS)
    assert front.getpixel(head) == (0, 0, 255)
    assert ImageOps.mirror(back).getpixel(head) == (0, 0, 255)


def test_marks_stand_outside_of_the_copies_and_inside_of_the_margin(tmp_path: Path) -> None:
    size = (90, 54)
    laid(pages(size, 1), sheet(size), tmp_path / "made.pdf")
    grid = grid_of("A4", size)
    assert grid
    (picture,) = pictures(tmp_path / "made.pdf")
    dark = picture.convert("L").point(lambda v: 255 if v < 160 else 0)
    left, top, right, bottom = (round(v * DOTS) for v in grid.block)
    dark.paste(0, (left - 1, top - 1, right + 1, bottom + 1))
    box = dark.getbbox()
    assert box
    reach = round((MARK_MM + MARK_OFF_MM) * DOTS)
    assert [
        abs(a - b) <= 2 for a, b in zip(box, (left - reach, top - reach, right + reach, bottom + reach), strict=True)
    ]
    assert min(box[:2]) >= PRINTER_MARGIN_MM * DOTS - 1
    # A mark at the end of every cut, and none nearer to a card than its distance.
    above = dark.crop((0, top - reach, picture.width, top - reach + 20))
    columns = [x for x in range(above.width) if above.crop((x, 0, x + 1, above.height)).getbbox()]
    cuts = [round((grid.block[0] + at * grid.cell[0]) * DOTS) for at in range(grid.columns + 1)]
    assert all(any(abs(x - cut) <= 1 for x in columns) for cut in cuts)
    assert all(any(abs(x - cut) <= 1 for cut in cuts) for x in columns)
    near = round(MARK_OFF_MM * DOTS) - 2
    dark.paste(0, (0, 0, picture.width, top - near))
    dark.paste(0, (0, bottom + near, picture.width, picture.height))
    dark.paste(0, (0, 0, left - near, picture.height))
    dark.paste(0, (right + near, 0, picture.width, picture.height))
    assert dark.getbbox() is None


def test_a_tent_shows_where_to_fold(tmp_path: Path) -> None:
    size, panels = (190, 276), [110, 110, 42, 14]
    laid(pages(size, 1), sheet(size, panels=panels, fold="tent"), tmp_path / "made.pdf")
    grid = grid_of("A4", size)
    assert grid
    (picture,) = pictures(tmp_path / "made.pdf")
    left, right = (round((grid.block[0] - MARK_OFF_MM - away) * DOTS) for away in (MARK_MM, 0))
    strip = picture.convert("L").crop((left, 0, right, picture.height))
    rows = [y for y in range(strip.height) if strip.crop((0, y, strip.width, y + 1)).getextrema()[0] < 200]  # type: ignore[operator]
    wanted = [0, 110, 220, 262, 276]
    found = sorted({round((y / DOTS) - grid.block[1]) for y in rows})
    assert found == wanted


def test_the_copies_of_a_form_lie_side_by_side(tmp_path: Path) -> None:
    size = (148, 210)
    made = pages(size, 2)
    assert laid(made, sheet(size), tmp_path / "made.pdf") == 1
    grid = grid_of("A4", size)
    assert grid
    (picture,) = pictures(tmp_path / "made.pdf")
    for cell, card in zip(cells(picture, grid), pictures(made), strict=True):
        # Smaller about its own middle, so that no edge is lost in the printer.
        smaller = card.resize((round(card.width * grid.scale), round(card.height * grid.scale)))
        shown = Image.new("RGB", card.size, "white")
        shown.paste(smaller, ((card.width - smaller.width) // 2, (card.height - smaller.height) // 2))
        assert same(cell, shown) < 0.02
    inked = ImageOps.invert(picture.convert("L")).getbbox()
    assert inked
    assert inked[0] >= PRINTER_MARGIN_MM * DOTS - 1
    assert inked[2] <= picture.width - PRINTER_MARGIN_MM * DOTS + 1
    # The line to cut along is between them.
    line = picture.convert("L").crop((round(148.5 * DOTS) - 3, 1000, round(148.5 * DOTS) + 3, 1001)).getextrema()
    assert line[0] < 200  # type: ignore[operator]


def test_a_viewer_prints_it_as_it_is(tmp_path: Path) -> None:
    laid(pages((90, 54), 2), sheet((90, 54), sides=2), tmp_path / "two.pdf")
    laid(pages((90, 54), 1), sheet((90, 54)), tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "two.pdf") as two, pikepdf.open(tmp_path / "one.pdf") as one:
        assert two.Root.ViewerPreferences.PrintScaling == one.Root.ViewerPreferences.PrintScaling == "/None"
        assert two.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
        assert "/Duplex" not in one.Root.ViewerPreferences
        assert [len(page.obj.Resources.XObject) for page in two.pages] == [2, 2]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sides": 2, "paper": "300g铜版纸"}, "用卡纸，双面打印，选“长边翻转”“实际大小”；沿线裁切"),
        ({"paper": "PVC不干胶"}, "用 A4 不干胶纸，选“实际大小”打印；沿线裁切"),
        ({"paper": "80g双胶纸"}, "　选“实际大小”打印；沿线裁切"),
    ],
)
def test_a_sheet_says_how_to_print_it(tmp_path: Path, more: Json, said: str) -> None:
    asked: list[Json] = []

    def heard(data: Json) -> bytes:
        asked.append(data)
        return blank(data)

    on_paper(pages((90, 54), more.get("sides", 1)), sheet((90, 54), **more), tmp_path / "made.pdf", heard)
    notes = [note for each in asked[0]["sheets"] for note in each["notes"]]
    assert len(notes) == more.get("sides", 1)
    assert all(said in note["text"] for note in notes)


def test_the_same_cards_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        laid(pages((90, 54), 2), sheet((90, 54), sides=2), tmp_path / f"{name}.pdf")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


# ---- of the project --------------------------------------------------------------------------------------


def test_a_real_tip_card_lies_on_its_sheet_to_the_pixel(original: Path, tmp_path: Path) -> None:
    library, _ = load(original, RENDERERS)
    assert library
    job = plan(library, Request("school", only=("提示卡",)), Breaker(library.glossary)).jobs[0]
    shown, _ = _typeset(job, original, "rgb", Rendered(job))
    laid(shown, job.data["sheet"], tmp_path / "made.pdf")
    grid = grid_of("A4", (90, 54), 2)
    assert grid
    for card, picture in zip(pictures(shown), pictures(tmp_path / "made.pdf"), strict=True):
        assert max(same(cell, card) for cell in cells(picture, grid)) < 0.01


def test_a_page_that_cannot_be_turned_is_named_once(project: Path) -> None:
    catalogue = project / "templates" / "catalogue.yaml"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("trim: [420, 570]", "trim: [420, 297]", 1), encoding="utf-8")
    _, (problem,) = load(project, RENDERERS)
    assert (problem.code, problem.span and problem.span.line) == (
        "shape", text[: text.index("trim: [420, 570]")].count("\n") + 1,
    )  # fmt: skip
    assert "只能做竖版" in problem.message
    assert "宽 420 mm 时，高可以是 426 到 760 mm" in problem.message


def test_a_piece_that_is_larger_than_the_paper_is_named(project: Path) -> None:
    catalogue = project / "templates" / "catalogue.yaml"
    text = catalogue.read_text(encoding="utf-8")
    at = text.index("trim: [190, 276]")
    catalogue.write_text(text.replace("trim: [190, 276]", "trim: [209, 304]"), encoding="utf-8")
    _, problems = load(project, RENDERERS)
    (problem,) = problems
    assert problem.code == "office-too-small"
    assert problem.span
    assert problem.span.line == text[:at].count("\n") + 1
    assert "office: A3" in problem.message
