"""Sizes that people ask for: rows made in those of the trade, whoever signs, or refused with those that there are."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from generator.checks.preflight import LEAST_SAFE_MM
from generator.library import load
from generator.model.design import Material
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.base import Job, Rendered
from generator.render.pages import RENDERER
from generator.typesetting.nup import grid_of
from generator.typesetting.phrases import Breaker
from tests.conftest import copied
from tests.sheets import MM, Glyph, Printed, glyphs, instructions, live, no_character_lies_on_another

Size = tuple[float, float]

LONG = "江南省临水市河东区人民政府青石街道办事处反电信网络诈骗工作领导小组办公室"
UNIT = f"""\
名称: 青石街道反诈办
类型: {{kind}}
落款: {LONG}
电话:
  - {{{{名称: 反诈宣传服务点咨询电话, 号码: 0553-6612119}}}}
辖区派出所: {{{{名称: 临水市公安局河东分局青石派出所, 号码: 0553-6612110}}}}
"""
"""A street's office as it really signs: 35 characters and two numbers."""


@pytest.fixture(scope="module")
def root(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copied(original, tmp_path_factory.mktemp("sizes"))
    for kind in ("派出所", "银行"):
        unit = project / "content" / "contacts" / f"长{kind}.yaml"
        unit.write_text(UNIT.format(kind=kind), encoding="utf-8")
    return project


def jobs_in(root: Path, material: str, size: Size | None, audience: str, contact: str | None = None) -> list[Job]:
    """The jobs of a row whose ``trim`` somebody made ``size``."""
    library, problems = load(root, RENDERERS)
    assert library is not None, problems
    row = library.materials[material]
    if size:
        assert row.unfit(size) == ""
        row = row.model_copy(update={"trim": size})
        library = replace(library, materials={**library.materials, material: row})
    made = plan(library, Request(audience, contact), Breaker(library.glossary)).jobs
    return [job for job in made if job.material == material]


def printed(job: Job, root: Path, folder: Path) -> Path:
    """The print file, which has passed the preflight."""
    folder.mkdir(exist_ok=True)
    rendered = RENDERER.render(replace(job, formats=("print",)), folder, root)
    assert [p.message for p in rendered.problems if p.severity == "error"] == [], job.title
    return rendered.artifacts[0].path


MADE: tuple[tuple[str, str, Size], ...] = (
    ("station", "poster", (210, 297)),
    ("station", "poster", (148, 210)),
    ("station", "trifold", (297, 210)),
    ("station", "flyer", (148, 210)),
    ("station", "flyer", (140, 203)),
    ("enterprise", "flyer", (105, 148)),
    ("community", "flyer-large", (105, 148)),
    ("bank", "handbook", (210, 285)),
    ("bank", "handbook", (130, 185)),
    ("station", "board", (600, 900)),
    ("station", "board", (600, 1200)),
    ("station", "tall-board", (1200, 2000)),
    ("station", "roll-up", (1000, 2000)),
    ("station", "x-stand", (500, 1200)),
    ("station", "hand-sign", (400, 300)),
    ("school", "tip-card", (85.5, 54)),
    ("station", "tip-card", (80, 50)),
    ("station", "handout-card", (90, 64)),
    ("station", "parcel-sticker", (80, 50)),
    ("station", "parcel-sticker", (60, 40)),
    ("bank", "counter-sticker", (80, 50)),
    ("bank", "counter-sticker", (60, 42)),
    ("bank", "atm-sticker", (120, 60)),
    ("bank", "table-card", (160, 232)),
    ("bank", "risk-card", (130, 185)),
)


@pytest.mark.slow
@pytest.mark.parametrize(("audience", "material", "size"), MADE)
def test_a_size_of_the_trade_is_made_whoever_signs(
    root: Path, tmp_path: Path, audience: str, material: str, size: Size
) -> None:
    for contact in (None, "长银行" if audience in ("bank", "enterprise") else "长派出所"):
        job = jobs_in(root, material, size, audience, contact)[0]
        path = printed(live(job), root, tmp_path / str(contact))
        with pikepdf.open(path) as pdf:
            box = [float(side) / MM for side in pdf.pages[0].trimbox]
        assert (box[2] - box[0], box[3] - box[1]) == pytest.approx(size, abs=0.02)
        no_character_lies_on_another([Printed(job, Rendered(job), path)])
        for page in pypdfium2.PdfDocument(path):
            found = glyphs(page)
            assert min(glyph.size for glyph in found) >= 2.085, "6 pt, as all presses hold"
            assert min(min(glyph.left, glyph.top) for glyph in found) >= LEAST_SAFE_MM - 0.1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("audience", "material", "size"),
    [("station", "board", (930, 1200)), ("bank", "board", (1000, 1200)), ("station", "tall-board", (1340, 2400))],
)
def test_every_board_is_made_as_wide_as_its_row_may_be(
    root: Path, tmp_path: Path, audience: str, material: str, size: Size
) -> None:
    for contact in (None, "长银行" if audience == "bank" else "长派出所"):
        for at, job in enumerate(jobs_in(root, material, size, audience, contact)):
            printed(job, root, tmp_path / f"{contact}{at}")


@pytest.mark.slow
def test_the_smallest_sizes_are_made(root: Path, tmp_path: Path) -> None:
    """What a refusal offers is true."""
    library, _ = load(root, RENDERERS)
    assert library is not None
    for material in ("flyer", "tip-card", "parcel-sticker", "handout-card", "poster"):
        least = library.materials[material].least
        assert least
        printed(jobs_in(root, material, least, "station", "长派出所")[0], root, tmp_path / material)


def test_what_cannot_be_made_is_refused_with_what_can(root: Path) -> None:
    library, _ = load(root, RENDERERS)
    assert library is not None
    sticker, stand = library.materials["parcel-sticker"], library.materials["roll-up"]
    assert "快递贴最小做到 60×40 mm" in sticker.unfit((50, 30))
    assert "快递贴最小做到 60×40 mm" in sticker.unfit((60, 36))
    assert "只能做横版" in sticker.unfit((40, 60))
    square = sticker.unfit((50, 50))
    assert "宽 50 mm 时，高可以是 23 到 40 mm，高 50 mm 时，宽可以是 63 到 111 mm" in square
    assert sticker.unfit((64, 50)) == sticker.unfit((111, 50)) == ""
    assert stand.unfit((1000, 2000)) == ""
    assert stand.unfit((1200, 2000))
    assert library.materials["table-card"].unfit((197, 276)), "its glued edge would lie off the sheet"


def test_a_row_without_a_page_has_every_size() -> None:
    row = Material(id="x", name="x", renderer="led", template="x", places=(), pieces=(), formats=())
    assert row.unfit((1, 2)) == ""


def test_panels_may_be_those_of_the_trim(root: Path) -> None:
    """A shop that folds 297 mm says its own panels."""
    library, _ = load(root, RENDERERS)
    assert library is not None
    row = library.materials["trifold"].model_copy(
        update={"trim": (297, 210), "panels": (98, 99.5, 99.5), "back_panels": (99.5, 99.5, 98)}
    )
    other = replace(library, materials={**library.materials, "trifold": row})
    made = plan(other, Request("station"), Breaker(library.glossary)).jobs
    sheet = next(job for job in made if job.material == "trifold").data["sheet"]
    assert [panel * sheet["enlarge"] for panel in sheet["panels"]] == pytest.approx([98, 99.5, 99.5])
    assert sum(sheet["panels"]) == pytest.approx(285)


def test_cards_of_another_size_lie_on_office_paper_at_true_size(root: Path, tmp_path: Path) -> None:
    job = jobs_in(root, "tip-card", (80, 50), "station")[0]
    assert "office" in job.formats
    rendered = RENDERER.render(replace(job, formats=("office",)), tmp_path, root)
    grid = grid_of("A4", (80, 50), 2)
    assert grid
    with pikepdf.open(rendered.artifacts[0].path) as pdf:
        first = pdf.pages[0]
        placed = [
            [float(value) for value in operands] for operands, operator in instructions(first) if str(operator) == "cm"
        ]
        assert len(placed) >= grid.count
        scale = max(abs(placed[0][0]), abs(placed[0][1]))
        copy = next(form for name, form in first.Resources.XObject.items() if name.startswith("/Copy"))
        width = float(copy.BBox[2]) - float(copy.BBox[0])
    assert width * scale / MM == pytest.approx(80, abs=0.02)


# ---- shapes that follow the words ------------------------------------------------------------------------


def _numerals(found: list[Glyph], count: int) -> list[Glyph]:
    """The numbers of a list: figures from 1 on that stand under each other."""
    for one in (glyph for glyph in found if glyph.char == "1"):
        column = [one]
        for figure in range(2, count + 1):
            below = (g for g in found if g.char == str(figure) and abs(g.size - one.size) < 0.01)
            column += [g for g in below if abs(g.left - one.left) < one.size and g.top > column[-1].top][:1]
        if len(column) == count:
            return column
    raise AssertionError("no such list")


@pytest.mark.parametrize(("material", "page"), [("poster", 0), ("flyer", 1)])
def test_six_rules_stand_in_rows_of_one_height(root: Path, tmp_path: Path, material: str, page: int) -> None:
    """One of the six has a note: it stands beside its item and makes no row higher."""
    jobs = jobs_in(root, material, None, "station")
    job = next(job for job in jobs if material == "flyer" or "六个一律" in job.title)
    document = pypdfium2.PdfDocument(printed(live(job), root, tmp_path / "made"))
    column = _numerals(glyphs(document[page]), 6)
    steps = [low.bottom - high.bottom for high, low in pairwise(column)]
    assert max(steps) - min(steps) < 0.5


def test_three_verbs_stand_on_an_upright_sign(root: Path, tmp_path: Path) -> None:
    jobs = jobs_in(root, "hand-sign", None, "station")
    trims = {job.title.partition("·")[2]: tuple(job.data["sheet"]["trim"]) for job in jobs}
    assert trims["不轻信，不转账，不透露"] == (400, 520)
    assert trims["全民反诈，你我同行"] == (600, 400)
    job = next(job for job in jobs if "不轻信" in job.title)
    document = pypdfium2.PdfDocument(printed(live(job), root, tmp_path / "made"))
    letters = [glyph for glyph in glyphs(document[0]) if glyph.char in "不轻信转账透露"]
    width = max(glyph.right for glyph in letters) - min(glyph.left for glyph in letters)
    assert width > 400 * 0.75, "the words fill the sign"


def test_an_upright_sign_is_as_much_smaller_as_its_row(root: Path) -> None:
    jobs = jobs_in(root, "hand-sign", (300, 200), "station")
    sheet = next(job for job in jobs if "不轻信" in job.title).data["sheet"]
    assert [side * sheet["enlarge"] for side in sheet["trim"]] == pytest.approx([200, 260])


def test_a_long_signature_runs_along_the_foot_of_a_small_sticker(root: Path, tmp_path: Path) -> None:
    """On two lines of about one length, over the whole width; what is said beside the numbers stays."""
    job = jobs_in(root, "parcel-sticker", (60, 40), "station", "长派出所")[0]
    found = glyphs(pypdfium2.PdfDocument(printed(live(job), root, tmp_path / "made"))[0])
    said = "".join(glyph.char for glyph in found)
    assert LONG in said
    assert "0553-6612119" in said
    assert "0553-6612110" in said
    start = said.index(LONG)
    name = found[start : start + len(LONG)]
    lines = sorted({round(glyph.bottom / glyph.size) for glyph in name})
    assert len(lines) == 2
    widths = [sum(1 for glyph in name if round(glyph.bottom / glyph.size) == line) for line in lines]
    assert min(widths) > 0.6 * max(widths)
    assert max(g.right for g in name) > 60 * 0.6
    assert min(g.left for g in name) < 5
