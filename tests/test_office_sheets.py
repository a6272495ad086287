"""Office files: tiles are put together again, booklets folded, leaves turned over, as people do it with the paper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from generator.render.base import Artifact, Job
from generator.render.office_booklet import imposed
from generator.render.office_tiles import OVERLAP_MM, SLUG_MM, TICK_MM, name_of, tiling
from generator.render.pages import RENDERER
from generator.render.paper import PRINTER_MARGIN_MM, sheet_mm
from tests.command import pdf_text, squeezed
from tests.sheets import MM
from tests.test_pages import job_of, planned, root

__all__ = ["root"]

SCALE = 8
"""Pixels a mm of the pictures below."""
CUT, GLUE = (230, 0, 126), (0, 160, 200)
"""The colours of marks: magenta where to cut, cyan where the next sheet comes to lie."""


def office_file(job: Job, folder: Path, project: Path, *formats: str) -> Artifact:
    folder.mkdir(parents=True, exist_ok=True)
    rendered = RENDERER.render(replace(job, formats=formats), folder, project)
    assert [problem.message for problem in rendered.problems] == []
    (file,) = rendered.artifacts
    return file


def pictures(path: Path) -> list[Image.Image]:
    return [page.render(scale=SCALE / MM).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(path)]


# ---- tiles -----------------------------------------------------------------------------------------------


def _lines(picture: Image.Image, colour: tuple[int, int, int]) -> tuple[list[int], list[int]]:
    """Columns and rows of pixels that a line of ``colour`` runs along, by their middle."""
    mask = _near(picture, colour)
    width, height = picture.size
    across = mask.resize((width, 1), Image.Resampling.BOX).tobytes()
    down = mask.resize((1, height), Image.Resampling.BOX).tobytes()
    return _runs(across), _runs(down)


def _near(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """White where ``picture`` is within 40 of ``colour`` in every channel."""
    away = ImageChops.difference(picture, Image.new("RGB", picture.size, colour))
    red, green, blue = (band.point(lambda value: 255 if value < 40 else 0) for band in away.split())
    return ImageChops.multiply(ImageChops.multiply(red, green), blue)


def _runs(shares: bytes) -> list[int]:
    """First index of each run of pixels of which a third and more is coloured."""
    hits = [at for at, share in enumerate(shares) if share > 255 * 0.3]
    return [at for at in hits if at - 1 not in hits]


@pytest.mark.parametrize(("paper", "columns", "rows"), [("A4", 2, 3), ("A3", 2, 2)])
def test_tiles_put_together_by_their_marks_are_the_poster(
    root: Path, tmp_path: Path, paper: str, columns: int, rows: int
) -> None:
    job = job_of(root, "poster/刷单返利")
    file = office_file(job, tmp_path / "tiles", root, f"tiles-{paper}")
    assert file.name == f"自己打印/海报_刷单返利_{paper}拼贴_办公.pdf"
    plan, *parts = pictures(file.path)
    assert len(parts) == columns * rows
    poster = Image.new("RGB", (420 * SCALE, 570 * SCALE), "white")
    # Where the next sheet's cut edge goes, in pixels of the poster: the first sheet's is the corner.
    corners: dict[tuple[int, int], tuple[int, int]] = {(0, 0): (0, 0)}
    for at, part in enumerate(parts):
        column, row = at % columns, at // columns
        cut_x, cut_y = _lines(part, CUT)
        glue_x, glue_y = _lines(part, GLUE)
        left, top = cut_x[0] + 1, cut_y[0] + 1
        assert (len(cut_x), len(glue_x)) == ((2, 0) if column == columns - 1 else (1, 1))
        assert (len(cut_y), len(glue_y)) == ((2, 0) if row == rows - 1 else (1, 1))
        x, y = corners[column, row]
        for line, neighbour in ((glue_x, (column + 1, row)), (glue_y, (column, row + 1))):
            if line:
                beside = neighbour[0] > column
                corners[neighbour] = (x + line[0] - left, y) if beside else (x, y + line[0] - top)
        right = cut_x[1] if column == columns - 1 else glue_x[0] + int(OVERLAP_MM * SCALE)
        low = cut_y[1] if row == rows - 1 else glue_y[0] + int(OVERLAP_MM * SCALE)
        poster.paste(part.crop((left, top, right, low)), (x, y))
    whole = _shown(job, tmp_path / "whole", root, poster.size)
    away = ImageChops.difference(whole.reduce(SCALE), poster.reduce(SCALE)).convert("L")
    # A seam may be off by a quarter of a millimetre: less than scissors are.
    assert sum(away.histogram()[60:]) < away.width * away.height * 0.004
    assert sum(value * count for value, count in enumerate(away.histogram())) / (away.width * away.height) < 4
    assert [round(side / SCALE) for side in plan.size] == list(sheet_mm(paper, landscape=False))


def _shown(job: Job, folder: Path, project: Path, size: tuple[int, int]) -> Image.Image:
    """The poster at its true size, from its one sheet: as RGB as its tiles are."""
    sheet = pypdfium2.PdfDocument(office_file(job, folder, project, "office").path)[0]
    width, height = (side / MM for side in sheet.get_size())
    scale = min((width - 2 * PRINTER_MARGIN_MM) / 420, (height - 2 * PRINTER_MARGIN_MM) / 570)
    picture: Image.Image = sheet.render(scale=SCALE / MM / scale).to_pil().convert("RGB")
    x, y = (round((side - long * scale) / 2 / scale * SCALE) for side, long in ((width, 420), (height, 570)))
    return picture.crop((x, y, x + size[0], y + size[1]))


def test_tiles_say_which_they_are_and_how_to_join_them(root: Path, tmp_path: Path) -> None:
    file = office_file(job_of(root, "poster/刷单返利"), tmp_path, root, "tiles-A4")
    pages = [squeezed(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(file.path)]
    assert all(name in pages[0] for name in ("A1", "B1", "A2", "B2", "A3", "B3", "420×570mm", "这条线长100mm"))
    for at, (name, neighbours) in enumerate(
        (("A1", "B1A2"), ("B1", "B2"), ("A2", "B2A3"), ("B2", "B3"), ("A3", "B3"), ("B3", "")), 1
    ):
        assert pages[at].count(name) >= 1
        assert f"第{at}张,共6张" in pages[at]
        for start in range(0, len(neighbours), 2):
            assert f"上面压{neighbours[start : start + 2]}" in pages[at]


def test_tiles_weigh_as_much_as_a_poster_and_hold_no_picture(root: Path, tmp_path: Path) -> None:
    job = job_of(root, "poster/刷单返利")
    whole = office_file(job, tmp_path / "whole", root, "office").path.stat().st_size
    tiles = office_file(job, tmp_path / "tiles", root, "tiles-A4").path
    assert tiles.stat().st_size < whole + 50_000
    with pikepdf.open(tiles) as pdf:
        kinds = [str(thing.get("/Subtype")) for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
        assert "/Image" not in kinds
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"


@given(width=st.floats(60, 3000), height=st.floats(60, 3000), paper=st.sampled_from(("A4", "A3")))
def test_any_page_is_cut_into_parts_that_a_printer_can_print(width: float, height: float, paper: str) -> None:
    cut = tiling(width, height, paper)
    (x, y), (wide, high) = cut.corner, cut.part
    sheet_width, sheet_height = cut.paper
    assert x >= PRINTER_MARGIN_MM + SLUG_MM - 1e-6
    assert x + wide <= sheet_width - PRINTER_MARGIN_MM + 1e-6
    assert y - TICK_MM >= PRINTER_MARGIN_MM - 1e-6
    assert y + high + TICK_MM <= sheet_height - PRINTER_MARGIN_MM + 1e-6
    last = cut.start(cut.columns - 1, cut.rows - 1)
    assert last[0] + wide == pytest.approx(width)
    assert last[1] + high == pytest.approx(height)
    if cut.columns > 1:
        assert cut.start(1, 0)[0] == pytest.approx(wide - OVERLAP_MM)
    assert len({name_of(*part) for part in cut.parts()}) == cut.columns * cut.rows


# ---- booklet -----------------------------------------------------------------------------------------------


def _halves(path: Path) -> Iterator[tuple[str, str]]:
    """What stands on the left and on the right half of each side."""
    for page in pypdfium2.PdfDocument(path):
        text, middle = page.get_textpage(), page.get_width() / 2
        left = text.get_text_bounded(20 * MM, 0, middle, page.get_height())
        right = text.get_text_bounded(middle, 0, page.get_width() - 20 * MM, page.get_height())
        yield squeezed(left), squeezed(right)


def test_a_booklet_folds_into_reading_order(root: Path, tmp_path: Path) -> None:
    """Stacked, folded and leafed through: the page numbers read from the halves count up."""
    job = planned(root, "school", only=("handbook",)).jobs[0]
    file = office_file(job, tmp_path, root, "office")
    assert file.name == "自己打印/手册_A4小册子_办公.pdf"
    halves = list(_halves(file.path))
    count = len(job.data["pages"])
    assert len(halves) == count // 2
    fronts, backs = halves[::2], halves[1::2]
    # First half of the book: the right half of each front, then the left half of its back, from the outside in.
    order = [page for front, back in zip(fronts, backs, strict=True) for page in (front[1], back[0])]
    order += [page for front, back in zip(fronts[::-1], backs[::-1], strict=True) for page in (back[1], front[0])]
    title = squeezed("".join(node["text"] for node in job.data["cover"]["title"]))
    for number, page in enumerate(order, 1):
        if number not in (1, count):
            assert title in page
            at = page.index(title)
            beside = page[max(0, at - 2) : at] + page[at + len(title) : at + len(title) + 2]
            assert str(number) in beside, (number, page[-30:])
    assert "版本" in order[-1]
    with pikepdf.open(file.path) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipShortEdge"
    assert "短边翻转" in pdf_text(file.path)


@given(st.integers(1, 80))
def test_every_page_of_a_booklet_is_printed_once(pages: int) -> None:
    sides = imposed(pages)
    assert sorted(page for side in sides for page in side if page is not None) == list(range(pages))
    assert len(sides) % 2 == 0
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        # Page 1 has page 2 on its back, and the page before the last has the last.
        assert back[0] is None or front[1] is None or back[0] == front[1] + 1
        assert front[0] is None or back[1] is None or front[0] == back[1] + 1


# ---- both sides of a leaf ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "edge", "said", "folds"), [("trifold", "Short", "短边翻转", 2), ("flyer", "Long", "长边翻转", 0)]
)
def test_the_sides_of_a_leaf_meet(root: Path, tmp_path: Path, name: str, edge: str, said: str, folds: int) -> None:
    """Held against the light, the marks of the back lie on those of the front."""
    file = office_file(job_of(root, name), tmp_path, root, "office")
    front, back = pictures(file.path)
    turned = back.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for colour, least in ((CUT, 48), ((128, 128, 128), folds * 10)):
        one, two = (_near(_ring(side), colour) for side in (front, turned))
        assert sum(one.histogram()[128:]) >= least
        # A mark may be a pixel off by the rounding of the two pictures.
        thick = one.filter(ImageFilter.MaxFilter(3))
        assert sum(ImageChops.subtract(two, thick).histogram()[128:]) <= 4
    with pikepdf.open(file.path) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == f"/DuplexFlip{edge}Edge"
    assert said in pdf_text(file.path)


def _ring(picture: Image.Image) -> Image.Image:
    """The picture without what lies inside its marks."""
    magenta = _near(picture, CUT).getbbox()
    assert magenta
    inset = 3 * SCALE  # more than the length of a mark
    left, top, right, low = magenta
    ring = picture.copy()
    ring.paste("white", (left + inset, top + inset, right - inset, low - inset))
    # Notes are no marks.
    ring.paste("white", (0, 0, left - 2, ring.height))
    ring.paste("white", (right + 2, 0, ring.width, ring.height))
    ring.paste("white", (0, low + 2, ring.width, ring.height))
    return ring
