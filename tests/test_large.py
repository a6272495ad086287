"""What hangs over streets and stands in halls, and a class's own sheets: measured as their makers would."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.errors import Problem
from generator.feeds.base import Words
from generator.feeds.large import _drawn
from generator.library import Library, load
from generator.model.content import Use
from generator.model.design import Material, Strip
from generator.model.needs import Need
from generator.plan import Plan, Request, plan
from generator.render import RENDERERS, pages
from generator.render.base import Job, Rendered
from generator.typesetting.cloth import colour_name, ink_name, laid_out, share
from generator.typesetting.phrases import Breaker
from generator.typesetting.slogans import length
from tests.command import Pack, made, squeezed
from tests.conftest import Packs, copied
from tests.sheets import Glyph, glyphs, signed

MM = 72 / 25.4
CLOTH = ("横幅", "竖幅")
BOARDS = ("展板", "大展板", "易拉宝", "X展架")
SMALL = ("手举牌", "春联", "横批")
SHEETS = ("黑板报", "手抄报", "手抄报A4")
EVERYTHING = (*CLOTH, *BOARDS, *SMALL, *SHEETS)


@pytest.fixture(scope="module")
def root(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a unit of two characters, one with all there is, one that withholds its name (a sample)."""
    return signed(copied(original, tmp_path_factory.mktemp("large")))


@cache
def opened(project: Path) -> tuple[Library, Breaker]:
    library, problems = load(project, RENDERERS)
    assert library is not None, problems
    return library, Breaker(library.glossary)


def planned(project: Path, audience: str, contact: str | None = None, only: tuple[str, ...] = EVERYTHING) -> Plan:
    library, breaker = opened(project)
    reader = library.audiences[audience]
    fitting = {m.name for m in library.materials.values() if set(m.places) & set(reader.places)} - set(reader.skip)
    names = tuple(n for n in only if n in fitting and opened(project)[0].find("materials", n) not in reader.skip)
    return plan(library, Request(audience, contact, only=names), breaker)


@dataclass(frozen=True)
class Shown:
    """A piece as the screen has it: its pages and what the template noted, before anything is made of them."""

    job: Job
    pdf: bytes
    measured: pages.Measured
    problems: list[Problem]

    @property
    def title(self) -> str:
        contact = self.job.data["contact"]
        return f"{self.job.data['audience']['id']} {self.job.title} {contact and contact['name']}"

    @property
    def trim(self) -> tuple[float, float]:
        """As it is drawn, in mm."""
        width, height = self.job.data["sheet"]["trim"]
        return width, height

    def pages(self) -> Iterator[pypdfium2.PdfPage]:
        yield from pypdfium2.PdfDocument(self.pdf)

    def pictures(self, pixels_a_mm: float) -> Iterator[Image.Image]:
        for page in self.pages():
            yield page.render(scale=pixels_a_mm / MM).to_pil().convert("RGB")


def shown(job: Job, project: Path) -> Shown:
    result = Rendered(job)
    pdf, measured = pages._typeset(job, project, "rgb", result)
    overflows = [pages._overflow(job, entry) for entry in measured.overflows]
    lost = pages._read_back(job, pdf, measured) if pdf else []
    return Shown(job, pdf, measured, [*result.problems, *overflows, *lost])


@pytest.fixture(scope="module")
def sweep(root: Path) -> list[Shown]:
    """Every large piece of each look, unsigned, and signed by each of the contacts."""
    packs: list[tuple[str, str | None]] = [("bank", "只留电话"), ("primary", None), ("station", "应有尽有")]
    packs += [("university", "一无所有")]
    return [shown(job, root) for audience, contact in packs for job in planned(root, audience, contact).jobs]


def of(sweep: list[Shown], *materials: str) -> list[Shown]:
    found = [each for each in sweep if each.job.title.partition("·")[0] in materials]
    assert found
    return found


# ---- every piece -----------------------------------------------------------------------------------------


def test_every_large_piece_fits_whoever_signs(sweep: list[Shown]) -> None:
    assert [f"{each.title}：{problem.message}" for each in sweep for problem in each.problems] == []
    assert {each.job.title.partition("·")[0] for each in sweep} == set(EVERYTHING)


def test_type_keeps_off_the_edge_and_the_dead_zones(sweep: list[Shown]) -> None:
    for each in sweep:
        sheet, (width, height) = each.job.data["sheet"], each.trim
        safe, keep = sheet["safe"], sheet["keepout"]
        for page in each.pages():
            for glyph in _of_the_piece(each, page):
                where = (each.title, glyph)
                assert glyph.left >= max(safe, keep["left"]) - 0.1, where
                assert glyph.right <= width - max(safe, keep["right"]) + 0.1, where
                assert glyph.top >= max(safe, keep["top"]) - 0.1, where
                assert glyph.bottom <= height - max(safe, keep["bottom"]) + 0.1, where
                corner = keep["corners"]
                beside = glyph.left < corner or glyph.right > width - corner
                assert not (beside and (glyph.top < corner or glyph.bottom > height - corner)), where


def _of_the_piece(each: Shown, page: pypdfium2.PdfPage) -> list[Glyph]:
    """Its characters without the mark across a sample."""
    found = glyphs(page)
    return [] if each.job.data["sample"] else found


def test_type_can_be_read_from_where_people_stand(sweep: list[Shown]) -> None:
    for each in sweep:
        distances = each.job.data["sheet"]["distances"]
        sizes = [entry["mm"] for entry in each.measured.said if entry["id"]]
        assert min(sizes) >= distances["fine"] * 1000 / 200 - 0.01, each.title
        assert max(sizes) >= distances["headline"] * 1000 / 100 - 0.01, each.title


def test_no_character_of_a_board_lies_on_another(sweep: list[Shown]) -> None:
    for each in of(sweep, *BOARDS):
        for page in each.pages():
            line = sorted(_of_the_piece(each, page), key=lambda glyph: glyph.left)
            for at, glyph in enumerate(line):
                for other in line[at + 1 :]:
                    if other.left >= glyph.right:
                        break
                    assert not glyph.covers(other), (each.title, glyph, other)


def test_110_is_the_biggest_number_of_a_board_or_stand_and_96110_asks_to_be_answered(sweep: list[Shown]) -> None:
    for each in of(sweep, *BOARDS):
        sizes = {entry["text"]: entry["mm"] for entry in each.measured.said}
        assert sizes["110"] > sizes["96110"], each.title
        assert any("请接听" in text for text in sizes), each.title


# ---- dead zones ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "zone"), [("易拉宝", "bottom"), ("易拉宝", "top"), ("X展架", "corners")])
def test_nothing_but_ground_and_pattern_lies_in_a_dead_zone(sweep: list[Shown], name: str, zone: str) -> None:
    """Rasterised: every colour in the zone is the theme's ground, its deep or soft tint, or a pattern between them."""
    for each in of(sweep, name):
        if each.job.data["sample"]:
            continue
        colours = each.job.data["theme"]["colours"]
        flat = [_rgb(colours[token]["rgb"]) for token in ("ground", "ground_deep", "ground_soft", "accent")]
        (picture,) = each.pictures(0.5)
        depth = int(each.job.data["sheet"]["keepout"][zone] * 0.5) - 1
        width, height = picture.size
        zones = {
            "bottom": [(0, height - depth, width, height)],
            "top": [(0, 0, width, depth)],
            "corners": [(x, y, x + depth, y + depth) for x in (0, width - depth) for y in (0, height - depth)],
        }[zone]
        for box in zones:
            found = picture.crop(box).getcolors(100_000) or []
            for _, colour in found:
                # A pattern blends a quarter of another token into the ground at most.
                assert min(_apart(colour, one) for one in flat) <= 80, (each.title, box, colour)
        if zone == "bottom":
            # The foot runs through: what is rolled in is of one colour.
            assert len(picture.crop(zones[0]).getcolors(100_000) or []) == 1, each.title


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _apart(one: Any, other: tuple[int, ...]) -> int:
    return max(int(abs(a - b)) for a, b in zip(one, other, strict=True))


# ---- cloth: how long it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        # 2 x 0.4 + n x 0.5 + (n - 1) x 0.08, a comma half a box, rounded up to 0.1 m
        ("全民反诈你我同行", 5.4),
        ("被骗别犹豫，马上打电话", 6.9),
        ("刷单是幌子，骗钱才是目的", 7.5),
    ],
)
def test_a_banner_is_as_long_as_its_letters_ask_for(text: str, metres: float) -> None:
    strip = Strip()
    marks = text.count("，")
    exact = 2 * 0.4 + (len(text) - marks) * 0.5 + marks * 0.25 + (len(text) - 1) * 0.08
    assert laid_out(text, strip).length / 1000 == pytest.approx(metres)
    assert 0 <= metres - exact < 0.1


strips = st.builds(
    Strip,
    box=st.floats(20, 2000), gap=st.floats(0, 500), margin=st.floats(0, 1000), mark=st.floats(0.2, 1),
    figure=st.floats(0.4, 1), round=st.sampled_from([1, 10, 100, 500]), picture=st.floats(0, 900),
)  # fmt: skip
words = st.text("凡是刷单都是诈骗，“”！110QQ·—", min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(strip=strips, text=words, names=st.lists(words, max_size=4), picture=st.booleans())
def test_letters_follow_each_other_with_equal_gaps_in_the_middle_of_the_cloth(
    strip: Strip, text: str, names: list[str], picture: bool
) -> None:
    made = laid_out(text, strip, names, picture)
    boxes = [(letter.at, letter.at + letter.size) for letter in made.letters]
    assert "".join(letter.text for letter in made.letters) == text
    for (_, end), (start, _) in pairwise(boxes):
        assert start - end == pytest.approx(strip.gap, abs=1e-6)
    assert [letter.size for letter in made.letters] == [pytest.approx(share(one, strip) * strip.box) for one in text]
    first = made.picture[0] if made.picture else boxes[0][0]
    last = made.names[0] + made.names[1] if made.names else boxes[-1][1]
    assert first == pytest.approx(made.length - last, abs=1e-6)
    assert first >= strip.margin - 1e-6
    assert made.length == pytest.approx(ceil(made.length / strip.round - 1e-6) * strip.round)
    assert made.length - (last - first) - 2 * strip.margin < strip.round + 1e-6


def test_letters_stand_on_the_page_where_they_were_measured_out(root: Path) -> None:
    job = planned(root, "station", only=("横幅",)).jobs[0]
    page = next(shown(job, root).pages())
    found = [glyph for glyph in glyphs(page) if glyph.char not in "，、"]
    boxes = [one for one in job.data["strip"]["letters"] if one[0] not in "，、"]
    assert [glyph.char for glyph in found] == [one[0] for one in boxes]
    for glyph, (_, at, size) in zip(found, boxes, strict=True):
        assert at - 0.1 <= glyph.left < glyph.right <= at + size + 0.1


@pytest.mark.parametrize(
    "names",
    [
        ["芜湖市第12中学"],
        ["北京市第101中学", "TCL空调器（芜湖）有限公司", "3M中国有限公司", "D区社区"],
        ["WMW@1@W公司"],
        ["安徽省芜湖市镜湖区赭山街道北京中路第一初级中学城东分校教育集团总校区", "某局", "某所", "某街道办事处"],
    ],
)
def test_cloth_is_as_long_as_its_names_need(project: Path, names: list[str]) -> None:
    (project / "content" / "contacts" / "某校.yaml").write_text(
        f"名称: 某校\n类型: 学校\n落款: {names[0]}\n落款方式: 单位名 宣\n联署单位: {names[1:]}\n审核日期: 2026-11-22\n",
        encoding="utf-8",
    )
    for job in planned(project, "school", "某校", only=CLOTH).jobs:
        assert [problem.message for problem in shown(job, project).problems] == [], job.title


SIGNS = "，。、；：“”‘’（）《》【】！？·—…#$%&*+-/<=>@[]{}_~×￥aMQ09"


@pytest.mark.parametrize("name", CLOTH)
@pytest.mark.parametrize("signs", [SIGNS[at : at + 8] for at in range(0, len(SIGNS), 8)])
def test_no_sign_on_cloth_lies_on_a_letter(root: Path, name: str, signs: str) -> None:
    job = planned(root, "school", "应有尽有", only=(name,)).jobs[0]
    text = "骗" + "".join(sign + "骗" for sign in signs)
    library = opened(root)[0]
    material = library.materials[str(library.find("materials", name))]
    layout = laid_out(text, material.strip or Strip(), ("某所",))
    drawn = _drawn(layout, material.strip or Strip(), material.scale)
    size = layout.length / material.scale
    sheet = dict(job.data["sheet"])
    sheet["trim"] = (size, sheet["trim"][1]) if name == "横幅" else (sheet["trim"][0], size)
    data = {**job.data, "strip": {**drawn, "picture": job.data["strip"]["picture"]}, "sheet": sheet}
    (page,) = shown(replace(job, data=data), root).pages()
    letters = [glyph for glyph in glyphs(page) if glyph.size >= job.data["strip"]["box"] * 0.99]
    assert len(letters) == len(text)
    for one, other in pairwise(letters):
        assert not one.covers(other), (one, other)


@pytest.mark.parametrize("audience", ["school", "primary", "middle", "university", "bank", "station"])
def test_banners_are_slogans_of_ten_to_twenty_characters_the_audiences_own_first(root: Path, audience: str) -> None:
    library = opened(root)[0]
    reader = library.audiences[audience]
    jobs = planned(root, audience, only=("横幅",)).jobs
    assert len(jobs) == 4
    allowed = {slogan.slogan for _, slogan in library.slogans_for(reader, Use.BANNER)}
    allowed |= {slogan.short for _, slogan in library.slogans_for(reader, Use.BANNER) if slogan.short}
    texts = [job.data["slogan"]["text"] for job in jobs]
    assert set(texts) <= allowed
    assert all(10 <= length(text) <= 20 for text in texts)
    own = [text for text in reader.featured if text in allowed and 10 <= length(text) <= 20]
    assert texts[: len(own[:4])] == own[:4]
    # Two of red cloth, whoever hangs them, and two in the audience's own look, with a picture.
    assert [job.data["theme"]["id"] for job in jobs] == ["cloth-red", "cloth-red", reader.theme, reader.theme]
    assert [job.data["scene"] is not None for job in jobs] == [False, False, True, True]


def test_a_banner_is_drawn_at_one_to_ten_and_says_so(root: Path, tmp_path: Path) -> None:
    job = planned(root, "bank", only=("横幅",)).jobs[0]
    rendered = pages.RENDERER.render(replace(job, formats=("print",)), tmp_path, root)
    file = next(one for one in rendered.artifacts if one.format == "pdf")
    width, height = 8100, 700
    assert file.trim_mm == (width, height)
    assert file.scale == 10
    assert file.name.endswith(f"_{width}x{height}mm_1比10_印刷.pdf")
    with pikepdf.open(file.path) as pdf:
        (page,) = pdf.pages
        left, bottom, right, top = (float(side) / MM for side in page.obj.TrimBox)
    assert ((right - left) * 10, (top - bottom) * 10) == pytest.approx((width, height), abs=0.1)


def test_cloth_of_another_height_has_letters_of_another_size(root: Path) -> None:
    library, breaker = opened(root)
    banner = library.materials["banner"]
    assert banner.strip
    taller = banner.model_copy(
        update={"trim": (8600, 900), "strip": banner.strip.model_copy(update={"box": 650, "gap": 100})}
    )
    other = replace(library, materials={**library.materials, "banner": taller})
    usual, job = (plan(one, Request("bank", only=("横幅",)), breaker).jobs[0] for one in (library, other))
    assert job.data["sheet"]["trim"][1] == 90
    assert job.data["sheet"]["trim"][0] > usual.data["sheet"]["trim"][0]
    assert shown(job, root).problems == []


def test_a_survey_asks_for_cloth_by_its_height_and_the_words_say_how_long_it_is(root: Path) -> None:
    library, breaker = opened(root)
    need = Need("大门", "大门口", "banner", "", (8000, 900), 4)
    made = plan(library, Request("bank", needs=(need,)), breaker)
    usual = planned(root, "bank", only=("横幅",)).jobs
    assert [problem.code for problem in made.problems] == ["cloth-length"]
    assert [job.data["slogan"]["text"] for job in made.jobs] == [job.data["slogan"]["text"] for job in usual]
    for job, other in zip(made.jobs, usual, strict=True):
        (width, height), box = job.data["sheet"]["trim"], job.data["strip"]["box"]
        assert height == 90
        assert box == pytest.approx(50 * 9 / 7)
        assert width > other.data["sheet"]["trim"][0]
        assert shown(job, root).problems == []


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ("#FFFFFF", "白"), ("#E60012", "大红"), ("#FFF100", "黄"), ("#FFD21F", "黄"), ("#E3B04B", "金黄"),
        ("#1166B8", "蓝"), ("#0B3C8C", "深蓝"), ("#0E5A4A", "深绿"), ("#808080", "灰"), ("#000000", "黑"),
        ("#E86A10", "橙"),
    ],
)  # fmt: skip
def test_colours_have_the_names_that_people_use(rgb: str, name: str) -> None:
    assert colour_name(rgb) == name


# ---- 横幅文字.txt --------------------------------------------------------------------------------------------


def test_the_banners_are_ordered_by_their_words(packs: Packs) -> None:
    pack = packs("school")
    path = pack.folder / "发广告公司" / "横幅文字.txt"
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in data.replace(b"\r\n", b"")
    text = data.decode("utf-8-sig")
    ordered = [entry for entry in pack.of(use="print", format="pdf") if entry["material"].endswith("banner")]
    assert len(ordered) == 5
    for number, entry in enumerate(ordered, 1):
        width, height = sorted(entry["trim_mm"], reverse=True)
        block = text.split(f"{number}. 内容：")[1].split("文件：")
        assert block[0].startswith(entry["order"]["text"] + "\r\n")
        assert f"长 {width / 1000:g} 米 × " in block[0]
        assert f"{height / 1000:g} 米\r\n" in block[0]
        assert f"底色{entry['order']['ground']}，字色{entry['order']['letters']}" in block[0]
        assert "条数：________条" in block[0]
        assert block[1].startswith(Path(entry["path"]).name + "（按 1:10 绘制）")
    assert "底色大红（C0 M100 Y100 K0），字色白（C0 M0 Y0 K0）" in text
    assert "户外悬挂请先向城管（市容）部门申请" in text
    with zipfile.ZipFile(pack.folder / "发广告公司.zip") as packed:
        assert packed.read("横幅文字.txt") == data


def test_the_banners_text_has_copies_and_names_and_stays_after_a_run_of_something_else(small: Path) -> None:
    (small / "content" / "slogans.yaml").write_text(
        "- 被骗别犹豫，马上拨打110\n- 刷单是幌子，骗钱才是目的\n", encoding="utf-8"
    )
    (small / "content" / "contacts" / "实验中学.yaml").write_text(
        "名称: 青山市云岭区实验中学\n类型: 学校\n电话: 0553-8123456\n", encoding="utf-8"
    )
    campaign = small / "content" / "campaigns" / "开学季.yaml"
    campaign.write_text(campaign.read_text(encoding="utf-8") + "数量:\n  横幅: 3\n", encoding="utf-8")
    audience = small / "content" / "audiences" / "school.yaml"
    audience.write_text(audience.read_text(encoding="utf-8").replace("场所: [", "场所: [gate, "), encoding="utf-8")
    asked = ("--campaign", "开学季", "--contact", "实验中学")
    first = made(small, "school", "--only", "横幅", *asked, folder="school/实验中学")
    assert first.ran.code == 0, first.ran.problems
    path = first.folder / "发广告公司" / "横幅文字.txt"
    text = path.read_bytes().decode("utf-8-sig")
    assert text.count("落款：青山市云岭区实验中学") == 2
    assert text.count("条数：3条") == 2
    made(small, "school", "--only", "LED标语", *asked)
    assert path.read_bytes().decode("utf-8-sig") == text


# ---- couplets --------------------------------------------------------------------------------------------


def test_a_couplet_is_two_strips_and_what_goes_over_the_door(root: Path) -> None:
    jobs = planned(root, "station", only=("春联", "横批")).jobs
    pairs = [job for job in jobs if job.material == "couplet"]
    over = [job for job in jobs if job.material == "couplet-over"]
    assert [job.content for job in pairs] == [job.content for job in over]
    for job in pairs:
        upper, lower = (line["text"] for line in job.data["lines"])
        assert len(upper) == len(lower)
        made = shown(job, root)
        assert made.problems == []
        found = [[glyph.char for glyph in glyphs(page)] for page in made.pages()]
        assert found == [list(upper), list(lower)]
        for page in made.pages():
            # From top to bottom, in one column.
            letters = glyphs(page)
            assert all(one.bottom < other.top + 8 for one, other in pairwise(letters))


def test_a_couplet_of_unequal_lines_is_a_mistake_with_its_line(project: Path) -> None:
    path = project / "content" / "couplets.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("下联: 天下无骗保平安", "下联: 天下无骗保大家平安"), encoding="utf-8")
    found = [problem for problem in load(project, RENDERERS)[1] if problem.severity == "error"]
    (problem,) = found
    assert "上联 7 个字，下联 9 个字" in problem.message
    assert problem.span
    assert problem.span.file == "content/couplets.yaml"


def test_a_project_without_couplets_has_all_else(project: Path) -> None:
    (project / "content" / "couplets.yaml").unlink()
    library, problems = load(project, RENDERERS)
    assert library
    assert not [problem for problem in problems if problem.severity == "error"]
    jobs = plan(library, Request("station"), Breaker(library.glossary)).jobs
    assert "couplet" not in {job.material for job in jobs}
    assert "banner" in {job.material for job in jobs}


def test_a_couplet_too_long_to_be_read_is_named(root: Path) -> None:
    job = planned(root, "bank", only=("春联",)).jobs[0]
    assert shown(_said(job, root, ("lines", 0), "多问一句千家稳多问一句"), root).problems == []
    (problem,) = shown(_said(job, root, ("lines", 0), "多问一句千家稳多问一句千家稳"), root).problems
    assert (problem.code, problem.span) == ("overflow", job.origins[job.data["lines"][0]["id"]])


# ---- signs -----------------------------------------------------------------------------------------------


def test_a_sign_is_cut_along_a_contour_that_its_ground_covers(sweep: list[Shown]) -> None:
    for each in of(sweep, "手举牌"):
        (noted,) = each.measured.contours
        assert noted["name"] == each.job.data["sheet"]["die"]["name"]
        points = [(op[-2], op[-1]) for op in noted["ops"] if len(op) > 1]
        (width, height) = each.trim
        assert noted["ops"][0][0] == "M"
        assert noted["ops"][-1] == ["Z"]
        assert points[0] == pytest.approx(points[-1])
        assert (min(x for x, _ in points), max(x for x, _ in points)) == (0, width)
        assert (min(y for _, y in points), max(y for _, y in points)) == (0, height)


def test_the_ground_of_a_sign_reaches_three_millimetres_over_its_contour(root: Path, tmp_path: Path) -> None:
    job = planned(root, "bank", only=("手举牌",)).jobs[0]
    rendered = pages.RENDERER.render(replace(job, formats=("print",)), tmp_path, root)
    file = next(one for one in rendered.artifacts if one.format == "pdf")
    with pikepdf.open(file.path) as pdf:
        (page,) = pdf.pages
        spots = [str(space[1]) for space in page.obj.Resources.ColorSpace.values() if space[0] == "/Separation"]
        assert spots == ["/CutContour"]
        del page.obj.Resources.ColorSpace
        page.obj.Contents = pdf.make_stream(page.obj.Contents.read_bytes().split(b"/PressCut")[0])
        plain = tmp_path / "plain.pdf"
        pdf.save(plain)
    picture = pypdfium2.PdfDocument(plain)[0].render(scale=2 / MM).to_pil().convert("RGB")
    body = job.data["sheet"]["trim"][1] * 0.84
    middle = picture.width // 2
    bleed = 3
    for millimetres, bare in ((body + bleed - 1, False), (body + 2 * bleed - 1, False), (body + 2 * bleed + 1, True)):
        colour = picture.getpixel((middle + 200, int(millimetres * 2)))
        assert (colour == (255, 255, 255)) is bare, millimetres


# ---- a class's own sheets --------------------------------------------------------------------------------


def test_sheets_to_colour_in_are_black_on_white(sweep: list[Shown]) -> None:
    for each in of(sweep, *SHEETS):
        for picture in each.pictures(2):
            bright = picture.convert("L")
            assert sum(bright.histogram()[200:]) > 0.85 * picture.width * picture.height, each.title
            colours: Any = picture.getcolors(1 << 20) or []
            # Grays may lean to the theme's ink; nothing is coloured.
            assert max(max(colour) - min(colour) for _, colour in colours if max(colour) > 150) <= 40, each.title


def test_only_schools_get_them_and_students_no_sheets_to_colour_in(root: Path) -> None:
    library, breaker = opened(root)

    def names(audience: str) -> set[str]:
        return {job.title.partition("·")[0] for job in plan(library, Request(audience), breaker).jobs} & set(SHEETS)

    assert names("primary") == names("middle") == names("school") == set(SHEETS)
    assert names("university") == {"黑板报"}
    assert names("bank") == names("station") == set()


# ---- rows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "themes: [cloth-red, cloth-red, own, own]",
            "themes: [cloth-rot, own]",
            "没有主题样式“cloth-rot”；是不是“cloth-red”？",
        ),
        ("strip: {box: 500,", "strip: {box: 0,", "box"),
        ("strip: {box: 500,", "strip: {boxes: 500,", "boxes"),
    ],
    ids=["theme", "box", "key"],
)
def test_a_mistake_in_a_row_of_cloth_is_named_at_its_line(project: Path, old: str, new: str, message: str) -> None:
    path = project / "templates" / "catalogue.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (problem,) = load(project, RENDERERS)[1]
    assert message in problem.message
    assert problem.span
    assert problem.span.line == text[: text.index(old)].count("\n") + 1


# ---- what people type ------------------------------------------------------------------------------------


def _said(job: Job, project: Path, path: tuple[str | int, ...], text: str) -> Job:
    """``job`` with the node at ``path`` saying ``text``, as the plan would say it."""
    library, breaker = opened(project)
    holder: Any = job.data
    for key in path:
        holder = holder[key]
    node = Words(library, breaker).node(text, "scams/刷单返利", "tagline", lines=4 if "lines" in holder else 0)
    node |= {"id": holder["id"]}

    def put(value: Any, keys: tuple[str | int, ...]) -> Any:
        if not keys:
            return node
        copied: Any = list(value) if isinstance(value, list) else dict(value)
        copied[keys[0]] = put(value[keys[0]], keys[1:])
        return copied

    return replace(job, data=put(job.data, path))


PLACES: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    ("易拉宝", ("scam", "headline", 0)),
    ("易拉宝", ("scam", "dont", 1, "text")),
    ("X展架", ("scam", "tagline")),
    ("X展架", ("contact", "signature", 0)),
    ("展板", ("scam", "steps", 1, "text")),
    ("展板", ("scam", "todo", 0)),
    ("大展板", ("scam", "red_flags", 0)),
    ("手举牌", ("slogan",)),
)
HAN = "凡是刷单都是诈骗不轻信不透露不转账马上打电话问家人警察银行账户安全验证码"


@settings(
    max_examples=14,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.sampled_from(PLACES), text=st.text(HAN + "，。“”！？aQ01#$@*_", min_size=1, max_size=40))
def test_whatever_is_typed_fits_a_large_piece_or_is_named(
    root: Path, place: tuple[str, tuple[str | int, ...]], text: str
) -> None:
    name, path = place
    job = _said(planned(root, "station", "应有尽有", only=(name,)).jobs[0], root, path, text)
    node: Any = job.data
    for key in path:
        node = node[key]
    made = shown(job, root)
    assert {problem.code for problem in made.problems} <= {"overflow"}, [p.message for p in made.problems]
    if made.problems:
        spans = {problem.span for problem in made.problems}
        named = [entry["id"] for entry in made.measured.overflows]
        # A list that is full as a whole names its last line.
        assert spans <= set(job.origins.values())
        assert node["id"] in named or any(one.partition("#")[0] == node["id"].partition("#")[0] for one in named)
    else:
        said = {squeezed(entry["text"]).removesuffix("宣") for entry in made.measured.said}
        assert squeezed(text) in said


def test_inks_are_written_as_a_shop_reads_them() -> None:
    assert ink_name((0, 100, 100, 0)) == "C0 M100 Y100 K0"


def test_rows_of_large_pieces_say_what_the_shop_is_told(library: Library) -> None:
    rows: list[Material] = [row for row in library.materials.values() if row.name in (*CLOTH, *BOARDS, *SMALL)]
    assert len(rows) == len(CLOTH) + len(BOARDS) + len(SMALL)
    for row in rows:
        assert row.process in library.processes, row.name
        assert row.paper, row.name
        assert row.finish, row.name
        assert row.trim, row.name
        assert row.distances, row.name
    tall = {row.name: row.trim for row in rows}
    assert tall["展板"] == (900, 1200)
    assert tall["大展板"] == (1200, 2400)
    assert tall["易拉宝"] == (800, 2000)
    assert tall["X展架"] == (600, 1600)


def test_the_pack_has_pictures_of_what_can_be_shown_in_a_chat(packs: Packs) -> None:
    pack: Pack = packs("school")
    shown_there = {entry["material"] for entry in pack.of(use="screen", format="png")}
    assert {"banner", "board", "roll-up", "hand-sign", "couplet", "blackboard"} <= shown_there
    files = [entry["path"] for entry in pack.of(material="couplet", format="png")]
    assert files
    assert not [path for path in files if re.search("正面|反面", path)]
