"""The deck renderer: every presentation is read back with python-pptx, as a program that opens it would."""

import io
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation

from generator.app import open_library
from generator.errors import Span
from generator.model.design import Theme
from generator.plan import Request, plan
from generator.render import deck_base, deck_outline
from generator.render.base import Job, Rendered
from generator.render.deck import RENDERER
from generator.render.deck_fit import Paragraph, broken, fitted, stepped
from generator.render.deck_slides import SAMPLE_MARK
from generator.typesetting.drawingml import ALIASES, SLOTS, freeform
from generator.typesetting.office import opened
from generator.typesetting.phrases import Breaker

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "templates/deck/base.pptx"
THEMES = sorted((ROOT / "templates/themes").glob("*.yaml"))
LECTURES = (
    ("station", "fraud-class"),
    ("station", "elders-talk"),
    ("station", "finance-session"),
    ("bank", "lobby-salon"),
    ("bank", "bank-staff"),
    ("school", "class-meeting"),
    ("primary", "class-primary"),
    ("middle", "class-middle"),
    ("university", "class-university"),
    ("community", "elders-talk"),
    ("enterprise", "finance-session"),
)
SLIDES = {"class": (12, 18), "lobby": (14, 20)}
"""How many slides a lecture has, by how its outline's name begins; 15 to 25 otherwise."""
MINUTES = {"class-primary": (25, 35), "lobby-salon": (10, 12), "elders-talk": (30, 45)}
"""How long a lecture takes; 30 to 50 minutes otherwise."""
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TOKENS = {**SLOTS, "hlink": "hlink"}
DRAWING = {
    "size": [100, 80],
    "alt": "一部手机挂在鱼钩上",
    "shapes": [
        {"fill": "accent", "rule": "nonzero", "ops": [["M", 0, 0], ["L", 100, 0], ["L", 50, 80], ["Z"]]},
        {
            "fill": "#0B5CAD",
            "rule": "nonzero",
            "ops": [["M", 10, 10], ["C", 10, 30, 40, 30, 40, 10], ["L", 30, 5], ["Z"]],
        },
    ],
}


# ---- what a job looks like ---------------------------------------------------------------------------


@cache
def theme(name: str) -> dict[str, Any]:
    """A theme of the repository as jobs carry it."""
    written = yaml.load((ROOT / f"templates/themes/{name}.yaml").read_text("utf-8"), yaml.BaseLoader)
    return Theme.model_validate(written).model_dump(mode="json")


def scam(name: str, steps: int = 3, **more: Any) -> dict[str, Any]:
    """A scam with everything that is optional left out, changed by ``more``."""
    return {
        "id": name,
        "name": name,
        "hits": ["在校学生"],
        "headline": ["凡是刷单", "都是诈骗"],
        "tagline": "刷单是幌子，骗钱才是目的",
        "steps": [{"title": f"第{at}招", "text": f"{name}先给一点甜头，再要你垫钱"} for at in range(1, steps + 1)],
        "red_flags": ["先垫钱", "催着付款"],
        "todo": ["停手，不再付款", "告诉家长和老师"],
        "dont": [{"title": f"不垫资{at}", "text": "先交钱的都是骗"} for at in range(3)],
        "question": [],
        "situation": [f"{name}的人说点个赞就返几元", "钱到了，他又请进群做任务"],
        "jingle": "先给甜头再下套，垫出的钱拿不到",
        "law": None,
        "scene": DRAWING,
    } | more


def data(outline: str = "class-meeting", **more: Any) -> dict[str, Any]:
    """What a lecture is told, with nothing optional, changed by ``more``."""
    return {
        "date": "2026-11-22",
        "sample": False,
        "audience": {"id": "school", "name": "学校", "readers": "学生", "minors": True},
        "contact": None,
        "campaign": None,
        "theme": theme("campus-blue"),
        "lecture": {"outline": outline, "title": "反诈主题班会：遇到骗局怎么办"},
        "voice": {"ask": "先告诉老师和家长", "act": "和家长一起打110"},
        "help": ["马上停手", "告诉家长", "拨打110报警"],
        "promise": [],
        "scams": [scam("刷单返利"), scam("追星粉丝群", 4), scam("冒充熟人", 5)],
        "cases": [],
        "rules": [],
        "numbers": None,
        "channels": [
            channel("110", "被骗了，马上报警"),
            channel("96110", "这个来电请接听"),
            channel("12381", "预警短信要看"),
        ],
        "jingles": [],
        "slogans": [],
        "scenes": {},
    } | more


def channel(number: str, wording: str) -> dict[str, Any]:
    return {"name": number, "number": number, "purpose": wording, "not_purpose": None, "wording": wording}


CONTACT = {
    "id": "某校",
    "name": "××中学",
    "signature": ["××市××中学", "××派出所"],
    "phones": [{"name": "保卫处", "number": "0×××-1234567"}],
    "hotline": None,
    "address": None,
    "station": {"name": "××派出所", "number": "0×××-7654321"},
}


def job(data: dict[str, Any], origins: dict[str, Span] | None = None) -> Job:
    return Job("deck", "反诈课件", "deck", "deck", "deck", "课件", ("pptx",), data, origins or {}, (), "k")


def rendered(job: Job, folder: Path, root: Path = ROOT) -> Rendered:
    folder.mkdir(parents=True, exist_ok=True)
    return RENDERER.render(job, folder, root)


def made(job: Job, folder: Path, root: Path = ROOT) -> bytes:
    """The presentation's bytes; no problem is expected."""
    result = rendered(job, folder, root)
    assert result.problems == []
    return result.artifacts[0].path.read_bytes()


@cache
def _library() -> Any:
    return open_library(ROOT)


@cache
def lectures(audience: str, contact: str | None = None) -> dict[str, Job]:
    """The lectures of an audience by outline, as the repository's content has them."""
    library = _library()
    asked = Request(audience, contact=contact, only=("deck",))
    return {job.data["lecture"]["outline"]: job for job in plan(library, asked, Breaker(library.glossary)).jobs}


@pytest.fixture(scope="module", params=LECTURES, ids="-".join)
def lecture(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Rendered, bytes]:
    """Each lecture of each audience."""
    audience, outline = request.param
    found = lectures(audience)[outline]
    result = rendered(found, tmp_path_factory.mktemp(audience))
    return found, result, result.artifacts[0].path.read_bytes()


# ---- reading back ------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def open_deck(package: bytes) -> Any:
    """Nobody changes it."""
    return Presentation(io.BytesIO(package))


def texts(slide: Any) -> list[str]:
    """What stands on a slide, a paragraph each, line breaks left out."""
    return [
        paragraph.text.replace("\v", "")
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        if paragraph.text
    ]


def parsed(content: bytes | str) -> Any:
    return etree.fromstring(content)


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text)


def layouts(package: bytes) -> list[str]:
    return [slide.slide_layout.name for slide in open_deck(package).slides]


def sheets(package: bytes) -> Iterator[tuple[str, Any]]:
    """Slides, layouts and masters by part name, parsed."""
    for name, content in opened(package).items():
        if re.match(r"ppt/(slides|slideLayouts|slideMasters)/[^/]+\.xml$", name):
            yield name, parsed(content)


# ---- the base presentation ---------------------------------------------------------------------------


def test_the_committed_base_is_what_its_script_builds() -> None:
    build = runpy.run_path(str(ROOT / "templates/deck/build_base.py"))["base"]
    assert opened(build()) == opened(BASE.read_bytes())


def test_the_base_has_the_layouts_that_outlines_name() -> None:
    known = deck_base.layouts_of(opened(BASE.read_bytes()))
    wanted = "封面 目录 章节 要点 步骤 案例 对比 判断题 答案 大字金句 渠道 封底"
    assert set(wanted.split()) <= set(known)
    assert all(place.least >= 20 for layout in known.values() for place in layout.places.values() if place.least > 16)


def test_body_type_is_never_under_twenty_points_nor_titles_under_thirty_two() -> None:
    known = deck_base.layouts_of(opened(BASE.read_bytes()))
    small = {place.name for layout in known.values() for place in layout.places.values() if place.least < 20}
    assert small == {deck_base.FOOTER, deck_base.NUMBER, "署名"}
    assert min(place.least for layout in known.values() for place in layout.places.values() if place.heading) >= 32


def test_a_layout_marks_all_its_decoration_as_decorative() -> None:
    for name, root in sheets(BASE.read_bytes()):
        for shape in root.iter(f"{P}sp"):
            if shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph") is None:
                label = shape.find(f"{P}nvSpPr/{P}cNvPr")
                assert b"decorative" in etree.tostring(label), (name, label.get("name"))


# ---- themes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.stem for path in THEMES])
def test_a_deck_has_its_themes_colours_and_typefaces(name: str, tmp_path: Path) -> None:
    tokens = theme(name)
    part = parsed(opened(made(job(data(theme=tokens)), tmp_path))["ppt/theme/theme1.xml"])
    scheme = part.find(f".//{A}clrScheme")
    found = {each.tag.removeprefix(A): f"#{each[0].get('val')}" for each in scheme}
    slots = {"lt1": "paper", "dk1": "ink", "lt2": "ground_soft", "dk2": "ground_deep", "folHlink": "muted"}
    slots |= {slot: token for token, slot in SLOTS.items() if slot.startswith("accent")}
    assert {slot: found[slot] for slot in slots} == {slot: tokens["colours"][slots[slot]]["rgb"] for slot in slots}
    faces = {each.get("typeface") for each in part.findall(f".//{A}ea")}
    assert faces == set(tokens["office_fonts"].values())


@pytest.mark.parametrize("name", [path.stem for path in THEMES])
def test_layouts_keep_only_their_themes_pattern_and_follow_its_colours(name: str, tmp_path: Path) -> None:
    for part, root in sheets(made(job(data(theme=theme(name))), tmp_path)):
        names = [label.get("name") for label in root.iter(f"{P}cNvPr")]
        assert not [each for each in names if "/" in each], part
        if "/slides/" not in part:
            slots = {each.get("val") for each in root.iter(f"{A}schemeClr")}
            assert not slots & set(ALIASES.values()), part


def test_every_theme_looks_like_a_family_of_its_own(tmp_path: Path) -> None:
    drawn = set()
    for path in THEMES:
        package = opened(made(job(data(theme=theme(path.stem))), tmp_path / path.stem))
        master = parsed(package["ppt/slideMasters/slideMaster1.xml"])
        drawn.add(tuple(sorted((each.get("x"), each.get("y")) for each in master.iter(f"{A}off"))))
    assert len(drawn) == len({(theme(path.stem)["pattern"]) for path in THEMES})


def test_a_theme_whose_text_colour_has_no_slot_gets_that_very_colour(tmp_path: Path) -> None:
    odd = json.loads(json.dumps(theme("bank-green")))
    odd["colours"]["on_ground"]["rgb"] = "#FEDCBA"
    package = made(job(data(theme=odd)), tmp_path)
    assert any(b'srgbClr val="FEDCBA"' in etree.tostring(root) for name, root in sheets(package) if "Layout" in name)


def test_corners_are_as_round_as_the_theme_says(tmp_path: Path) -> None:
    corners: dict[float, set[int]] = {}
    for path in THEMES:
        for _, root in sheets(made(job(data(theme=theme(path.stem))), tmp_path / path.stem)):
            for guide in root.iter(f"{A}gd"):
                corners.setdefault(theme(path.stem)["radius"], set()).add(int(guide.get("fmla").split()[1]))
    ordered = [min(corners[radius]) for radius in sorted(corners)]
    assert ordered == sorted(ordered)
    assert len(set(ordered)) == len(ordered)


# ---- every lecture -----------------------------------------------------------------------------------


def test_every_lecture_of_every_audience_is_tested_here() -> None:
    found = {(name, choice.outline) for name, each in _library().audiences.items() for choice in each.deck}
    assert found == set(LECTURES)


def test_a_lecture_has_as_many_slides_as_its_kind_and_no_problem(lecture: tuple[Job, Rendered, bytes]) -> None:
    asked, result, package = lecture
    assert result.problems == []
    artifact = result.artifacts[0]
    slides = list(open_deck(package).slides)
    least, most = SLIDES.get(asked.data["lecture"]["outline"].partition("-")[0], (15, 25))
    assert least <= len(slides) == artifact.pages == len(artifact.outline) <= most
    assert (artifact.name, artifact.format, artifact.use) == (f"课件/{result.job.stem}.pptx", "pptx", "edit")
    assert artifact.outline == tuple(re.sub("[\v]", "", slide.shapes.title.text).replace("\n", " ") for slide in slides)


def test_a_lecture_is_told_in_order(lecture: tuple[Job, Rendered, bytes]) -> None:
    order = layouts(lecture[2])
    assert order[0] == "封面"
    assert order[-1] == "封底"
    assert all(order[at + 1] == "答案" for at, name in enumerate(order) if name.startswith("判断题"))
    told = [at for at, name in enumerate(order) if name == "章节"]
    assert all(order[at + 1].startswith("步骤") for at in told)
    assert len([name for name in order if name.startswith(("步骤", "判断题"))]) >= 3
    numbers = [at for at, name in enumerate(order) if name.startswith("渠道")]
    assert len(numbers) == 1
    assert numbers[0] > max(told, default=0)


def test_no_placeholder_of_a_lecture_is_empty_and_all_are_named_as_in_their_layout(
    lecture: tuple[Job, Rendered, bytes],
) -> None:
    for slide in open_deck(lecture[2]).slides:
        names = {place.placeholder_format.idx: place.name for place in slide.slide_layout.placeholders}
        for place in slide.placeholders:
            assert place.text_frame.text.strip(), (slide.slide_layout.name, place.name)
            assert names[place.placeholder_format.idx] == place.name
        assert all(shape.is_placeholder or shape.shape_type is not None for shape in slide.shapes)


def test_every_run_of_a_lecture_names_its_chinese_typeface_and_language(lecture: tuple[Job, Rendered, bytes]) -> None:
    asked, _, package = lecture
    faces = set(asked.data["theme"]["office_fonts"].values())
    for name, content in opened(package).items():
        if name.startswith(("ppt/slides/slide", "ppt/notesSlides/notesSlide")):
            runs = [each for tag in ("r", "fld", "br") for each in parsed(content).iter(f"{A}{tag}")]
            assert runs, name
            for each in runs:
                properties = each.find(f"{A}rPr")
                assert properties.get("lang") == "zh-CN"
                assert properties.find(f"{A}latin").get("typeface") in faces
                assert properties.find(f"{A}ea").get("typeface") in faces


def test_every_picture_is_a_named_group_of_shapes_with_alternative_text(lecture: tuple[Job, Rendered, bytes]) -> None:
    groups = [shape for slide in open_deck(lecture[2]).slides for shape in slide.shapes if shape.shape_type == 6]
    assert len(groups) >= 4
    for group in groups:
        label = group._element.nvGrpSpPr.cNvPr
        assert group.name.startswith("图：")
        assert len(label.get("descr")) >= 4
        assert len(group.shapes) > 1
    assert "ppt/media" not in " ".join(opened(lecture[2]))


def test_a_picture_stays_in_its_place(lecture: tuple[Job, Rendered, bytes]) -> None:
    known = deck_base.layouts_of(opened(BASE.read_bytes()))
    for slide in open_deck(lecture[2]).slides:
        for group in (shape for shape in slide.shapes if shape.shape_type == 6):
            box = known[slide.slide_layout.name].scene
            assert box is not None
            assert box.x <= group.left
            assert group.left + group.width <= box.x + box.w + 1
            assert box.y <= group.top
            assert group.top + group.height <= box.y + box.h + 1


def test_the_notes_are_a_script_and_the_first_ones_say_how_long_it_takes(lecture: tuple[Job, Rendered, bytes]) -> None:
    asked, _, package = lecture
    slides = list(open_deck(package).slides)
    total = sum(_minutes(notes(slide)) for slide in slides)
    assert f"共 {len(slides)} 页，约 {round(total)} 分钟" in notes(slides[0])
    bounds = MINUTES.get(asked.data["lecture"]["outline"], (30, 50))
    assert bounds[0] <= total <= bounds[1]
    assert all("【讲】" in notes(slide) or "【做】" in notes(slide) or "【答】" in notes(slide) for slide in slides)
    assert all(len(notes(slide)) > 30 for slide in slides)


def _minutes(script: str) -> float:
    said = re.search(r"【用时】约(半分钟| (\d+) 分(半)?钟)", script)
    assert said, script
    return 0.5 if said[1] == "半分钟" else int(said[2]) + 0.5 * bool(said[3])


def test_a_quiz_asks_first_and_gives_answer_and_reasons_on_the_next_slide(
    lecture: tuple[Job, Rendered, bytes],
) -> None:
    slides = list(open_deck(lecture[2]).slides)
    asking = [at for at, name in enumerate(layouts(lecture[2])) if name.startswith("判断题")]
    assert asking
    for at in asking:
        reasons = {shape.name: shape for shape in slides[at + 1].placeholders}["理由"].text_frame.paragraphs
        question = " ".join(texts(slides[at]))
        assert len(reasons) >= 6
        assert not [reason.text for reason in reasons if reason.text.replace("\v", "") in question]
        assert "【问】" in notes(slides[at])
        assert "【答】" in notes(slides[at + 1])


def test_a_lecture_has_none_of_the_words_that_its_listeners_must_not_hear(
    lecture: tuple[Job, Rendered, bytes],
) -> None:
    asked, result, _ = lecture
    said = "\n".join(result.artifacts[0].text)
    listeners = _library().audiences[asked.data["audience"]["id"]]
    kept_out = {*listeners.avoid, *(NOT_FOR_MINORS if listeners.minors else ())}
    assert not [word for word in kept_out if word in said]


NOT_FOR_MINORS = (
    "裸聊", "色情", "网恋", "赌博", "跑分", "卖卡", "租卡", "出售银行卡", "出租银行卡", "出借银行卡", "两卡", "帮信",
    "刑法", "有期徒刑", "拘留", "自己安装", "贷款",
)  # fmt: skip


def test_a_lecture_for_minors_sends_them_to_parents_and_teachers_and_names_no_child() -> None:
    for audience, outline in LECTURES:
        told = lectures(audience)[outline].data
        if told["audience"]["minors"]:
            assert "老师" in told["voice"]["ask"]
            assert all("小某" in "".join(case["story"]) or "某" not in "".join(case["story"]) for case in told["cases"])
            assert not re.search(r"\d{1,2}岁|[一二三四五六七八九]年级|\d+班|小学的|中学的", str(told["cases"]))


def test_three_ages_have_three_vocabularies_and_three_sets_of_tricks(tmp_path: Path) -> None:
    ages = (("primary", "class-primary"), ("middle", "class-middle"), ("university", "class-university"))
    said, tricks = [], []
    for audience, outline in ages:
        artifact = rendered(lectures(audience)[outline], tmp_path / audience).artifacts[0]
        said.append({text for text in artifact.text if len(text) > 8})
        tricks.append([item for item in artifact.content if item.startswith("scams/")])
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert len(said[one] & said[other]) < 0.15 * min(len(said[one]), len(said[other]))
        assert tricks[one] != tricks[other]


def test_a_talk_to_the_elderly_has_no_type_under_28_points(tmp_path: Path) -> None:
    package = made(lectures("community")["elders-talk"], tmp_path)
    known = deck_base.layouts_of(opened(BASE.read_bytes()))
    small = {deck_base.FOOTER, deck_base.NUMBER, "署名"}
    sizes = []
    for slide in open_deck(package).slides:
        places = known[slide.slide_layout.name].places
        for shape in slide.placeholders:
            for paragraph in shape.text_frame.paragraphs if shape.name in places and shape.name not in small else ():
                own = paragraph.runs[0].font.size
                sizes.append(own.pt if own else places[shape.name].levels[paragraph.level].size)
    assert min(sizes) >= 28
    assert max(sizes) > 60


def test_a_deck_for_staff_says_on_every_page_that_it_is_not_for_the_public(tmp_path: Path) -> None:
    slides = list(open_deck(made(lectures("bank")["bank-staff"], tmp_path)).slides)
    assert any("不对外发布" in text for text in texts(slides[0]))
    for slide in slides[1:-1]:
        assert {shape.name: shape.text_frame.text for shape in slide.placeholders}["页脚"].startswith("内部培训")
    said = "".join(notes(slide) for slide in slides)
    assert "第20条" in said
    assert "紧急止付" in said
    assert not re.search(r"黄金\d+|\d+小时内", said)


def test_sections_hold_every_slide_once_in_order(lecture: tuple[Job, Rendered, bytes]) -> None:
    presentation = open_deck(lecture[2]).part._element
    slides = [each.get("id") for each in presentation.sldIdLst]
    sections = list(presentation.iter(f"{P14}section"))
    assert [each.get("id") for section in sections for each in section.iter(f"{P14}sldId")] == slides
    assert len({section.get("id") for section in sections}) == len(sections) >= 5
    assert all(section.get("name") for section in sections)


def test_every_slide_fades_in_and_no_other_effect_is_used(lecture: tuple[Job, Rendered, bytes]) -> None:
    for name, root in sheets(lecture[2]):
        if "/slides/" in name:
            assert [each.tag for each in root.find(f"{P}transition")] == [f"{P}fade"]
            assert root.find(f"{P}timing") is None


def test_content_slides_have_a_footer_and_their_number(lecture: tuple[Job, Rendered, bytes]) -> None:
    for number, slide in enumerate(open_deck(lecture[2]).slides, 1):
        names = {shape.name: shape for shape in slide.shapes}
        if slide.slide_layout.name in ("封面", "封底"):
            assert "页码" not in names
        else:
            assert names["页码"].text_frame.text == str(number)
            assert names["页脚"].text_frame.text


def test_text_keeps_inside_its_placeholder_in_the_type_it_was_set_in(lecture: tuple[Job, Rendered, bytes]) -> None:
    known = deck_base.layouts_of(opened(BASE.read_bytes()))
    for slide in open_deck(lecture[2]).slides:
        places = known[slide.slide_layout.name].places
        for shape in slide.placeholders:
            if shape.name in places and shape.name not in ("页码", "样张"):
                place = places[shape.name]
                assert _height(shape, place) <= place.box.h / 12_700, (slide.slide_layout.name, shape.name)


def _height(shape: Any, place: deck_base.Place) -> float:
    """Points that the text takes, measured line by line with the smallest line height of the typefaces in use."""
    height = 0.0
    width = (place.box.w - 2 * place.inset[0]) / 12_700
    for paragraph in shape.text_frame.paragraphs:
        level = place.levels[paragraph.level]
        size = paragraph.runs[0].font.size.pt if paragraph.runs[0].font.size else level.size
        assert size >= min(place.least, level.size)
        lines = [
            line for run in paragraph.text.split("\v") for line in broken(run, (width - level.hang / 12_700) / size)
        ]
        assert "\v" not in paragraph.text or len(lines) == paragraph.text.count("\v") + 1
        height += len(lines) * size * 1.32
    return height


# ---- the package -------------------------------------------------------------------------------------


def test_the_package_is_whole(lecture: tuple[Job, Rendered, bytes]) -> None:
    package = lecture[2]
    with zipfile.ZipFile(io.BytesIO(package)) as entries:
        names = entries.namelist()
    parts = opened(package)
    assert len(names) == len(set(names)) == len(parts)
    for name, content in parts.items():
        root = parsed(content)
        if name.endswith(".rels"):
            folder = Path(name).parent.parent
            for relation in root.iter(RELATIONSHIP):
                target = relation.get("Target")
                path = target.lstrip("/") if target.startswith("/") else (folder / target).as_posix()
                assert _normal(path) in parts, (name, target)


def _normal(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def test_every_part_has_a_content_type_and_every_type_its_part(lecture: tuple[Job, Rendered, bytes]) -> None:
    parts = opened(lecture[2])
    types = parsed(parts["[Content_Types].xml"])
    overrides = {each.get("PartName").lstrip("/") for each in types if each.tag.endswith("Override")}
    assert overrides <= set(parts)
    xml = {name for name in parts if name.endswith(".xml") and not name.startswith("[")}
    assert xml == overrides


def test_shape_ids_are_unique_on_every_slide(lecture: tuple[Job, Rendered, bytes]) -> None:
    for name, root in sheets(lecture[2]):
        ids = [label.get("id") for label in root.iter(f"{P}cNvPr")]
        assert len(ids) == len(set(ids)), name


def test_the_edition_date_is_the_only_date(tmp_path: Path) -> None:
    package = made(job(data(contact=CONTACT)), tmp_path)
    with zipfile.ZipFile(io.BytesIO(package)) as entries:
        assert {entry.date_time for entry in entries.infolist()} == {(2026, 11, 22, 0, 0, 0)}
    properties = open_deck(package).core_properties
    assert properties.created.isoformat() == properties.modified.isoformat() == "2026-11-22T00:00:00"
    assert properties.title == "反诈主题班会：遇到骗局怎么办"
    assert properties.author == properties.last_modified_by == "××中学"


def test_the_same_job_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    first = made(job(data(contact=CONTACT)), tmp_path)
    (tmp_path / "课件.pptx").unlink()
    (tmp_path / "job.json").write_text(json.dumps(data(contact=CONTACT)), "utf-8")
    program = (
        "import json, pathlib, sys; from generator.render.base import Job; from generator.render.deck import RENDERER\n"
        "here, root = map(pathlib.Path, sys.argv[1:])\n"
        "data = json.loads((here / 'job.json').read_text('utf-8'))\n"
        "job = Job('deck', '反诈课件', 'deck', 'deck', 'deck', '课件', ('pptx',), data, {}, (), '')\n"
        "RENDERER.render(job, here, root)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", program, tmp_path, ROOT], cwd=ROOT, check=True, env=environment)
    assert (tmp_path / "课件.pptx").read_bytes() == first


def test_importing_the_renderer_loads_no_engine() -> None:
    engines = ("pptx", "lxml", "jinja2", "rjieba")
    program = f"import sys, generator.render.deck; print(*(set(sys.modules) & set({engines})))"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert said.stdout.split() == []


# ---- what is said ------------------------------------------------------------------------------------


@pytest.mark.parametrize("outline", deck_outline.names(ROOT / "templates/deck"))
def test_an_outline_works_with_nothing_optional(outline: str, tmp_path: Path) -> None:
    package = made(job(data(outline, scams=[scam("刷单返利")])), tmp_path)
    assert {"案例", "口径", "大字金句"} & set(layouts(package)) <= {"大字金句"}
    said = [text for slide in open_deck(package).slides for text in (*texts(slide), notes(slide))]
    assert not [text for text in said if "None" in text or "[" in text or "{" in text]


@pytest.mark.parametrize(("steps", "layout"), [(3, "步骤"), (4, "步骤·四步"), (5, "步骤·五步")])
def test_a_trick_of_so_many_steps_has_as_many_cards(steps: int, layout: str, tmp_path: Path) -> None:
    package = made(job(data(scams=[scam("刷单返利", steps)])), tmp_path)
    slide = open_deck(package).slides[layouts(package).index(layout)]
    assert [shape.name for shape in slide.placeholders if re.match(r"步骤\d", shape.name)] == [
        f"步骤{at}" for at in range(1, steps + 1)
    ]


def test_without_a_contact_nobody_signs_and_no_local_number_is_shown(tmp_path: Path) -> None:
    package = made(job(data()), tmp_path)
    assert "渠道·两条" in layouts(package)
    assert open_deck(package).core_properties.author == ""
    assert not [text for slide in open_deck(package).slides for text in texts(slide) if "××" in text]


def test_a_contact_signs_the_cover_the_footer_and_its_numbers_stand_with_110(tmp_path: Path) -> None:
    package = made(job(data(contact=CONTACT)), tmp_path)
    slides = list(open_deck(package).slides)
    assert {"××市××中学", "××派出所"} <= set(texts(slides[0]))
    assert "××中学 · 反诈主题班会：遇到骗局怎么办" in texts(slides[1])
    numbers = texts(slides[layouts(package).index("渠道·本地两条")])
    assert [text for text in numbers if "0×××-1234567" in text and "0×××-7654321" in text]


LONG = CONTACT | {
    "name": "××省××市××区人民政府××街道办事处××社区居民委员会服务中心",
    "signature": ["××省××市××区人民政府××街道办事处××社区居民委员会服务中心", "××派出所", "××教育局"],
    "phones": [{"name": "综合治理办公室值班电话", "number": "0×××-××××××××"}] * 3,
    "hotline": "955××",
}
SHORT = CONTACT | {"name": "二中", "signature": ["二中"], "phones": [], "station": None}


@pytest.mark.parametrize("contact", [LONG, SHORT], ids=["long", "short"])
@pytest.mark.parametrize("outline", ["class-primary", "elders-talk", "bank-staff", "fraud-class"])
def test_long_and_short_units_fit_every_deck(outline: str, contact: dict[str, Any], tmp_path: Path) -> None:
    package = made(job(data(outline, contact=contact, rules=[], scams=[scam("刷单返利")])), tmp_path)
    assert contact["signature"][0] in texts(open_deck(package).slides[0])


CAMPAIGN = {"name": "全民反诈在行动", "badge": "全民反诈在行动"}
PUBLIC = [name for name in deck_outline.names(ROOT / "templates/deck") if name != "bank-staff"]
LONGEST_LINES = {"motto": "反诈是门必修课，筑牢防线守好责呀呀", "call": "全民反诈在行动，守好咱们的钱袋子呀"}


@pytest.mark.parametrize("outline", PUBLIC)
def test_a_campaigns_words_stand_below_the_title_and_on_the_last_slide(outline: str, tmp_path: Path) -> None:
    said = CAMPAIGN | LONGEST_LINES
    slides = list(open_deck(made(job(data(outline, campaign=said)), tmp_path)).slides)
    first = {shape.name: shape.text_frame for shape in slides[0].placeholders}
    assert first["副标题"].paragraphs[0].text.replace("\v", "") == said["motto"]
    assert f"主题是“{said['motto']}”" in notes(slides[0])
    assert "".join(slides[-1].shapes.title.text_frame.text.split()) == said["call"]
    assert said["call"] in notes(slides[-1])


def test_a_campaign_without_words_of_its_own_leaves_a_lecture_its_own(tmp_path: Path) -> None:
    with_badge = made(job(data("fraud-class", campaign=CAMPAIGN | {"motto": None, "call": None})), tmp_path)
    slides = list(open_deck(with_badge).slides)
    assert "全民反诈在行动" in texts(slides[0])
    assert slides[-1].shapes.title.text_frame.text == "谢谢大家"


def test_a_training_of_staff_is_no_publicity(tmp_path: Path) -> None:
    slides = list(open_deck(made(job(data("bank-staff", campaign=CAMPAIGN | LONGEST_LINES)), tmp_path)).slides)
    assert not [text for slide in slides for text in texts(slide) if text in LONGEST_LINES.values()]


def test_a_unit_that_does_not_sign_is_named_nowhere_but_with_its_numbers(tmp_path: Path) -> None:
    package = made(job(data(contact=CONTACT | {"signature": []})), tmp_path)
    assert open_deck(package).core_properties.author == ""
    assert "反诈主题班会：遇到骗局怎么办" in texts(open_deck(package).slides[1])


def test_96110_is_never_shown_as_a_number_to_report_to(lecture: tuple[Job, Rendered, bytes]) -> None:
    package = lecture[2]
    slide = next(slide for slide in open_deck(package).slides if slide.slide_layout.name.startswith("渠道"))
    names = {shape.name: shape.text_frame for shape in slide.placeholders}
    assert names["主渠道"].paragraphs[0].text == "110"
    others = [text.text for name, text in names.items() if name.startswith("渠道")]
    assert "96110" in others[0]
    assert "请接听" in others[0]


def test_a_sample_is_marked_on_every_slide_above_everything_else(tmp_path: Path) -> None:
    result = rendered(job(data(sample=True)), tmp_path)
    package = result.artifacts[0].path.read_bytes()
    for slide in open_deck(package).slides:
        assert list(slide.shapes)[-1].text_frame.text == SAMPLE_MARK
    assert SAMPLE_MARK in result.artifacts[0].text
    plain = made(job(data()), tmp_path / "plain")
    assert not [text for slide in open_deck(plain).slides for text in texts(slide) if text == SAMPLE_MARK]


@pytest.mark.parametrize(
    "typed", ["{{ 7*7 }}", "{% raw %}", '"引号" & <b>', "# 井号", "- 横: 冒号", "null", "0755", "甲\u2028乙", "*锚 &a"]
)
def test_what_a_user_types_is_shown_as_typed(typed: str, tmp_path: Path) -> None:
    package = made(job(data(help=["先停手", typed])), tmp_path)
    slides = list(open_deck(package).slides)
    shown = slides[next(at for at, slide in enumerate(slides) if "先停手" in texts(slide))]
    assert "".join(texts(shown)).count("".join(typed.split("\u2028"))) == 1
    assert re.sub(r"[\s。]", "", typed) in re.sub(r"[\s。]", "", notes(shown))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_a_text_written_into_an_outline_is_read_back_as_it_was(text: str) -> None:
    printable = "".join(char for char in text if char.isprintable() or char in "\n\t\u2028\x85")
    assert yaml.safe_load(f"said: {deck_outline.as_json(printable)}") == {"said": printable}


def test_a_question_does_not_give_its_answer_away(tmp_path: Path) -> None:
    told = scam("刷单返利")
    package = made(job(data(scams=[told])), tmp_path)
    slide = open_deck(package).slides[layouts(package).index("判断题")]
    asked = "".join(texts(slide))
    assert all(sentence in asked for sentence in told["situation"])
    assert not any(step["text"] in asked for step in told["steps"])


def test_a_case_is_set_large_enough_to_read_from_the_last_row(lecture: tuple[Job, Rendered, bytes]) -> None:
    slides = list(open_deck(lecture[2]).slides)
    cases = [slide for slide in slides if slide.slide_layout.name.startswith("案例")]
    assert cases
    for slide in cases:
        story = {shape.name: shape for shape in slide.placeholders}["经过"].text_frame
        sizes = [run.font.size.pt for paragraph in story.paragraphs for run in paragraph.runs if run.font.size]
        assert min(sizes, default=24) >= 24


@pytest.mark.parametrize("sentences", [3, 5])
def test_a_long_case_asks_first_and_has_its_lesson_on_the_next_slide(sentences: int, tmp_path: Path) -> None:
    told = {"id": "案", "name": "兼职群", "scams": [], "sourced": False, "lesson": "先垫钱的都是骗"}
    told["story"] = [f"第{at}天，小某照对方说的又做了一单，把自己攒下的钱都垫了进去" for at in range(sentences)]
    package = made(job(data("fraud-class", cases=[told])), tmp_path)
    slides = list(open_deck(package).slides)
    at = next(at for at, name in enumerate(layouts(package)) if name.startswith("案例"))
    asked, answered = slides[at], slides[at + 1] if sentences > 4 else slides[at]
    assert "【问】" in notes(asked)
    assert "【答】先垫钱的都是骗。" in notes(answered)
    assert "先垫钱的都是骗" in "".join(texts(answered))
    assert (asked is answered) == ("先垫钱的都是骗" in "".join(texts(asked)))


# ---- what does not fit -------------------------------------------------------------------------------


def test_a_long_list_goes_on_on_a_second_slide_with_its_numbers(tmp_path: Path) -> None:
    long = [f"第{at}件事，停止转账，挂断电话，退出共享和群聊，保留好聊天记录和转账截图，越快越好" for at in range(8)]
    result = rendered(job(data(help=long)), tmp_path)
    assert [problem.code for problem in result.problems] == ["deck-split"]
    assert "help" in result.problems[0].message
    slides = list(open_deck(result.artifacts[0].path.read_bytes()).slides)
    parts = [slide for slide in slides if any(text in long for text in texts(slide))]
    assert [text for slide in parts for text in texts(slide) if text in long] == long
    assert parts[1].shapes.title.text.endswith("（续）")
    starts = [each.get("startAt") for each in parts[1].element.iter(f"{A}buAutoNum")]
    assert set(starts) == {str(sum(text in long for text in texts(parts[0])) + 1)}


def test_a_text_that_fits_at_no_size_withholds_the_deck_and_is_named(tmp_path: Path) -> None:
    endless = "骗子说的话" * 40
    span = Span("content/scams/刷单返利.yaml", 12, 9)
    told = scam("刷单返利", dont=[{"title": "不信", "text": endless}, *scam("x")["dont"][1:]])
    result = rendered(job(data(scams=[told]), {"scams/刷单返利": span}), tmp_path)
    assert result.failed
    assert result.artifacts == []
    found = next(problem for problem in result.problems if problem.code == "deck-overflow")
    assert "scams/刷单返利 的不要做第1条内容" in found.message
    assert "200字" in found.message
    assert (found.span, found.quote, found.piece) == (span, endless, "deck")


def test_cards_of_a_row_are_set_in_one_size(tmp_path: Path) -> None:
    told = scam("刷单返利")
    told["steps"][1]["text"] = "拉进群里做组合任务，垫的钱一次比一次多，说连单卡单不能提现"
    package = made(job(data(scams=[told])), tmp_path)
    slide = open_deck(package).slides[layouts(package).index("步骤")]
    cards = [shape for shape in slide.placeholders if re.match(r"步骤\d", shape.name)]
    sizes = {shape.text_frame.paragraphs[1].runs[0].font.size for shape in cards}
    assert len(cards) == 3
    assert len(sizes) == 1


def test_type_takes_a_step_of_the_scale_and_stops_at_the_least() -> None:
    place = deck_base.layouts_of(opened(BASE.read_bytes()))["要点"].places["正文"]
    short, long = [Paragraph("马上停手")], [Paragraph("停止转账，挂断电话，退出共享和群聊")] * 6
    sizes = []
    for paragraphs in (short, long):
        setting = fitted(place, paragraphs)
        assert setting is not None
        sizes.append(stepped(place.levels[0].size, setting.steps, place.least))
    assert sizes[0] == place.levels[0].size > sizes[1] >= place.least
    assert fitted(place, long * 5) is None


def test_no_line_ends_in_a_lone_character_or_begins_with_a_stop() -> None:
    place = deck_base.layouts_of(opened(BASE.read_bytes()))["步骤"].places["步骤1"]
    for length in range(4, 24):
        text = "点赞关注就返几块钱，先给一点甜头，再要垫钱"[:length].rstrip("，")
        setting = fitted(place, [Paragraph("小额返利"), Paragraph(text, 1)])
        assert setting is not None
        size = stepped(place.levels[1].size, setting.steps, place.least)
        ems = (place.box.w - 2 * place.inset[0]) / 12_700 / size
        lines = [line for part in setting.lines[1] for line in broken(part, ems)]
        assert "".join(lines) == text
        assert len(lines) == 1 or len(lines[-1].rstrip("，。")) > 1, lines
        assert not [line for line in lines if line[0] in "，。"]


# ---- mistakes in outlines ----------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose outlines may be spoilt."""
    shutil.copytree(ROOT / "templates/deck", tmp_path / "project/templates/deck")
    return tmp_path / "project"


def spoilt(project: Path, old: str, new: str) -> tuple[Rendered, int]:
    """The lecture after ``old`` became ``new`` in its outline, and the line where that was."""
    path = project / "templates/deck/class-meeting.yaml.j2"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return rendered(job(data()), project / "work", project), text[: text.index(old)].count("\n") + 1


def test_an_unknown_layout_is_named_with_those_there_are(project: Path) -> None:
    result, line = spoilt(project, "layout: 目录", "layout: 目录页")
    problem = result.problems[0]
    assert result.failed
    assert problem.message.startswith("没有名为“目录页”的版式；有：封面、目录、章节")
    assert str(problem.span).startswith(f"templates/deck/class-meeting.yaml.j2:{line}:")


def test_an_unknown_placeholder_is_named_with_those_there_are(project: Path) -> None:
    result, line = spoilt(project, "副标题:", "小标题:")
    problem = result.problems[0]
    assert problem.message == "版式“封面”没有占位符“小标题”；有：栏目、标题、副标题、署名"
    assert str(problem.span).startswith(f"templates/deck/class-meeting.yaml.j2:{line}:")


def test_a_card_left_empty_is_a_mistake(project: Path) -> None:
    result, _ = spoilt(project, '      序号4: "4"\n', "")
    assert [problem.message for problem in result.problems] == [
        "版式“目录”的序号4没有文字，会留下空卡片；请填上，或换一个版式"
    ]


def test_a_number_without_quotes_is_explained(project: Path) -> None:
    result, line = spoilt(project, '序号4: "4"', "序号4: 4")
    assert "要写文字；4 请加引号" in result.problems[0].message
    assert result.problems[0].message.startswith("提纲的第 2 页“目录”的“序号4”：")
    assert str(result.problems[0].span).startswith(f"templates/deck/class-meeting.yaml.j2:{line}:")


def test_a_page_left_without_its_picture_is_reported(tmp_path: Path) -> None:
    result = rendered(job(data(scams=[scam("刷单返利", scene=None)])), tmp_path)
    assert not result.failed
    assert {problem.code for problem in result.problems} == {"deck-no-picture"}


@pytest.mark.parametrize(
    ("old", "new", "words", "fix"),
    [
        ("{{ lecture.title }}", "{{ lecture.titel }}", "是不是“title”？", "title: {{ lecture.title }}"),
        ("{{ lecture.title }}", "{{ lectrue.title }}", "是不是“lecture”？", "title: {{ lecture.title }}"),
        ("{% set told = scams[:3] %}", "{% set told = scam[:3] %}", "没有“scam”这个名字；是不是“scams”？", None),
        ("{{ lecture.title }}", "{{ lecture.title|bear }}", "没有“| bear”这种写法；是不是“bare”？", None),
        ("{{ lecture.title }}", "{{ lecture.title }", "“{{”没有结束，缺少“}}”", "title: {{ lecture.title }}"),
        ("{% for scam in told %}", "{% for scam im told %}", "里的“in”写成了“im”", None),
        ("{% for scam in told %}", "{% fro scam in told %}", "没有“{% fro %}”这种写法；是不是“{% for %}”？", None),
        ("{% if promise %}", "{% if promise %}{% if jingles %}", "“{% if %}”没有结束，缺少“{% endif %}”", None),
        ('{% include "_quiz.yaml.inc" %}', '{% include "_quizz.yaml.inc" %}', "没有“_quizz.yaml.inc”这个文件", None),
        ("{{ lecture.title }}", "{{ lecture.title + 1 }}", "连文字请用 ~", None),
        ("标题: 这节课，做四件事", "标题：这节课，做四件事", "冒号要用英文的", "      标题: 这节课，做四件事"),
        ("标题: 这节课，做四件事", "标题: 做四件事: 先判断", "两个冒号加空格", None),
        ("标题: 这节课，做四件事", '标题: "这节课，做四件事', "引号没有成对", None),
        ("    minutes: 1\n    scene: {{ picture(\"class", "    minute: 1\n    scene: {{ picture(\"class",
         "没有这一项；是不是“minutes”？", "    minutes: 1"),
        ("    minutes: 1\n    scene: {{ picture(\"class", "    minutes: 一\n    scene: {{ picture(\"class",
         "“minutes”：要写数字，不能写“一”", None),
    ],
)  # fmt: skip
def test_a_mistake_in_an_outline_is_told_in_chinese_at_its_line(
    project: Path, old: str, new: str, words: str, fix: str | None
) -> None:
    result, line = spoilt(project, old, new)
    said = next(problem for problem in result.problems if words in problem.message)
    assert not re.search(r"(?i)expected|undefined|object|template|attribute|mapping|field", said.message)
    assert str(said.span).startswith(f"templates/deck/class-meeting.yaml.j2:{line}:")
    assert said.quote
    assert fix is None or said.fix == fix


def test_a_mistake_in_an_included_part_is_told_in_that_part(project: Path) -> None:
    path = project / "templates/deck/_help.yaml.inc"
    path.write_text(path.read_text("utf-8").replace("正文: {{ help }}", "正文: {{ help }}，还有"), "utf-8")
    [problem] = rendered(job(data()), project / "work", project).problems
    assert str(problem.span).startswith("templates/deck/_help.yaml.inc:7:")


def test_an_outline_saved_by_notepad_is_read_and_one_in_gbk_is_explained(project: Path) -> None:
    path = project / "templates/deck/class-meeting.yaml.j2"
    text = path.read_text("utf-8")
    path.write_text(text, "utf-8-sig")
    assert not rendered(job(data()), project / "work", project).problems
    path.write_text(text, "gb18030")
    [problem] = rendered(job(data()), project / "work", project).problems
    assert "另存为 UTF-8" in problem.message
    assert str(problem.span).startswith("templates/deck/class-meeting.yaml.j2:1:")


def test_text_pasted_outside_of_a_value_is_explained(project: Path) -> None:
    result, _ = spoilt(project, "标题: 这节课，做四件事", "标题: {{ voice.ask }}，做四件事")
    assert "先告诉老师和家长" in result.problems[0].message
    assert "{{ … }}" in result.problems[0].message


def test_an_unknown_outline_is_named_with_those_there_are(tmp_path: Path) -> None:
    result = rendered(job(data("../../content/slogans")), tmp_path)
    assert [problem.message for problem in result.problems] == [
        f"没有名为“../../content/slogans”的课件提纲；有：{'、'.join(deck_outline.names(ROOT / 'templates/deck'))}"
    ]


# ---- pictures ----------------------------------------------------------------------------------------


def _square(x: float, size: float, turn: int) -> list[list[Any]]:
    corners = [(x, x), (x + size, x), (x + size, x + size), (x, x + size)][::turn]
    return [["M", *corners[0]], *(["L", *corner] for corner in corners[1:]), ["Z"]]


@pytest.mark.parametrize(
    ("rule", "turn", "paths"), [("evenodd", 1, 1), ("evenodd", -1, 1), ("nonzero", -1, 1), ("nonzero", 1, 2)]
)
def test_a_hole_is_a_hole_whatever_fill_rule_the_program_has(rule: str, turn: int, paths: int) -> None:
    _, geometry = freeform([*_square(0, 100, 1), *_square(20, 40, turn)], rule)
    root = parsed(geometry.replace("<a:custGeom>", f'<a:custGeom xmlns:a="{A[1:-1]}">'))
    found = list(root.iter(f"{A}path"))
    assert len(found) == paths
    for path in found:
        points = [(int(point.get("x")), int(point.get("y"))) for point in path.iter(f"{A}pt")]
        rings = [points[:4], points[4:]] if len(points) == 8 else [points]
        turns = {
            sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) > 0
            for ring in rings
        }
        assert len(turns) == len(rings), "outline and hole must turn opposite ways"


def test_a_picture_is_drawn_in_the_themes_colours_and_its_own(tmp_path: Path) -> None:
    package = made(job(data(scams=[scam("刷单返利")])), tmp_path)
    slide = open_deck(package).slides[0]
    group = next(shape for shape in slide.shapes if shape.shape_type == 6)
    paints = [etree.tostring(shape._element.spPr.find(f"{A}solidFill")) for shape in group.shapes]
    assert b'schemeClr val="accent2"' in paints[0]
    assert b'srgbClr val="0B5CAD"' in paints[1]
    assert group._element.nvGrpSpPr.cNvPr.get("descr") == "一部手机挂在鱼钩上"
