"""Pages: real templates set by the real engines, and every file judged as a print shop would, from the file alone."""

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.branding import branded
from generator.errors import Problem
from generator.plan import Plan, Request, plan
from generator.render.base import Artifact, Job, Json, Rendered
from generator.render.pages import RENDERER, _not_found, _overflow, nodes_of
from generator.typesetting import qr
from generator.typesetting.contrast import contrast
from tests.command import pdf_text, squeezed
from tests.conftest import copied
from tests.sheets import (
    ADDRESS,
    LONG_NAME,
    MM,
    REAL,
    Printed,
    colours,
    glyphs,
    instructions,
    live,
    no_character_lies_on_another,
    opened,
    signed,
    with_text,
)
from tests.test_large import shown

PAGES = ("poster", "trifold", "flyer")


@pytest.fixture(scope="module")
def root(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the contacts above."""
    return signed(copied(original, tmp_path_factory.mktemp("pages")))


def planned(
    project: Path, audience: str = "station", contact: str | None = None, only: tuple[str, ...] = PAGES
) -> Plan:
    library, breaker = opened(project)
    return plan(library, Request(audience, contact, only=only), breaker)


def job_of(project: Path, name: str, audience: str = "station", contact: str | None = None) -> Job:
    """The piece whose name begins with ``name``."""
    return next(job for job in planned(project, audience, contact).jobs if job.name.startswith(name))


def composed(job: Job, composition: str) -> Job:
    """``job`` in another composition than its content chose."""
    return replace(job, data={**job.data, "composition": composition})


def made(job: Job, project: Path, folder: Path) -> Rendered:
    folder.mkdir(parents=True)
    return RENDERER.render(job, folder, project)


def artifact(rendered: Rendered, use: str) -> Artifact:
    return next(file for file in rendered.artifacts if file.use == use)


@pytest.fixture(scope="module")
def sweep(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    """The print files of seven packs: each family unsigned and signed, by each of the contacts."""
    packs: list[tuple[str, str | None]] = [("bank", None), ("primary", None), ("community", None)]
    packs += [("station", "应有尽有"), ("enterprise", "只留电话"), ("middle", "一无所有"), ("university", None)]
    folder = tmp_path_factory.mktemp("sweep")
    found = []
    for audience, contact in packs:
        for at, job in enumerate(planned(root, audience, contact).jobs):
            job = live(job)
            rendered = made(job, root, folder / f"{audience}-{contact}-{at}")
            files = rendered.artifacts
            assert files, [problem.message for problem in rendered.problems]
            found.append(Printed(job, rendered, files[0].path))
    return found


# ---- reading back ----------------------------------------------------------------------------------------


def is_found(said: Json, text: str) -> bool:
    """Whether what was to be set can be read in the text of a page."""
    return not list(_not_found([said], text))


def test_a_mark_that_hangs_outside_its_line_may_read_after_what_is_beside() -> None:
    said = {"text": "没核实，不支付！", "lines": ["没核实，", "不支付！"]}
    assert is_found(said, "没核实,不支付××市××制造有限公司!")
    assert not is_found(said, "没核实,不支付××市××制造有限公司"), "its mark is lost"
    assert not is_found(said, "没核实,不支××市××制造有限公司!"), "a word is lost"
    assert not is_found({**said, "lines": ["没核实，", "不付！"]}, "没核实,不付!"), "not what was to be set"


@pytest.mark.parametrize(
    ("line", "found", "whole"),
    [
        ("开发区A区产业园有限公司", "没核实开发区不支付A区产业园有限公司", True),
        ("开发区A区产业园有限公司", "A开发区没核实区产业园有限公司", True),
        ("开发区A区产业园有限公司", "没核实开发区不支付区产业园有限公司", False),
        ("开发区A区产业园有限公司", "没核实开发区APP不支付区产业园有限公司", False),
        ("开发区A区产业园有限公司", "没核实开发不支付A区产业园有限公司", False),
        ("开发区A区产业园有限公司", "区产业园有限公司A开发区", False),
        ("开发区A区产业园有限公司", f"开发区A{'远' * 60}区产业园有限公司", False),
        ("拨打110或96110", "拨打停一停110或96110", True),
        ("拨打110或96110", "拨打停一停或96110", False),
        ("全民反诈你我同行", "全民反诈开发区你我同行", False),
    ],
)
def test_latin_letters_may_read_apart_from_the_hanzi_around_them(line: str, found: str, whole: bool) -> None:
    assert is_found({"text": line, "lines": [line]}, found) is whole


def test_a_logo_of_sixteen_bits_keeps_its_greys() -> None:
    from generator.typesetting.logo import with_alpha

    grey = Image.new("I;16", (2, 1))
    grey.putpixel((0, 0), 0x8000)
    grey.putpixel((1, 0), 0xFFFF)
    made = io.BytesIO()
    grey.save(made, "PNG")
    with Image.open(made) as opened:
        assert opened.mode.startswith("I")
        assert [with_alpha(opened).getpixel((at, 0)) for at in (0, 1)] == [(127,) * 3 + (255,), (255,) * 4]


def test_a_logo_stands_as_its_camera_held_it() -> None:
    from generator.typesetting.logo import with_alpha

    turned = Image.Exif()
    turned[274] = 6
    made = io.BytesIO()
    Image.new("RGB", (30, 10), "red").save(made, "JPEG", exif=turned)
    with Image.open(made) as opened:
        assert with_alpha(opened).size == (10, 30)


def test_a_headline_may_lack_the_marks_that_its_breaks_stand_in_for() -> None:
    said = {"text": "没核实，不支付！", "lines": ["没核实", "不支付！"]}
    assert is_found(said, "没核实不支付!")
    assert not is_found({**said, "text": "没核实？不支付！"}, "没核实不支付!")
    assert not is_found({**said, "text": "没核实，不支付！别急"}, "没核实不支付!")
    assert is_found({"text": "不慌。", "lines": ["不慌"]}, "不慌")
    assert not is_found({"text": "不慌。再问", "lines": ["不慌"]}, "不慌")


# ---- every piece -----------------------------------------------------------------------------------------


def test_every_piece_fits_whoever_signs(sweep: list[Printed]) -> None:
    wrong = [f"{each.title}：{p.message}" for each in sweep for p in each.rendered.problems if p.code != "left-out"]
    assert wrong == []


def test_print_files_name_what_is_cut_off(sweep: list[Printed]) -> None:
    for each in sweep:
        (width, height), bleed = each.job.data["sheet"]["trim"], each.job.data["sheet"]["bleed"]
        with pikepdf.open(each.path) as pdf:
            for page in pdf.pages:
                boxes = {
                    name: [round(float(v) / MM, 2) for v in page.obj[name]]
                    for name in ("/MediaBox", "/BleedBox", "/TrimBox")
                }
                whole = [0, 0, width + 2 * bleed, height + 2 * bleed]
                assert boxes == {
                    "/MediaBox": whole, "/BleedBox": whole, "/TrimBox": [bleed, bleed, width + bleed, height + bleed]
                }, each.title  # fmt: skip


def test_print_files_hold_four_inks_and_no_transparency(sweep: list[Printed]) -> None:
    found = set()
    for each in sweep:
        with pikepdf.open(each.path) as pdf:
            for page in pdf.pages:
                used = set(colours(page.obj, set()))
                assert used <= {"k", "K", "cs /Pattern", "CS /Pattern", "image /DeviceCMYK"}, (each.title, used)
                found |= used
    # The logo and the hatching of a sample were among them.
    assert {"image /DeviceCMYK", "cs /Pattern"} <= found


def test_print_files_embed_every_font(sweep: list[Printed]) -> None:
    for each in sweep:
        with pikepdf.open(each.path) as pdf:
            fonts = [font for page in pdf.pages for font in page.obj.Resources.get("/Font", {}).values()]
            assert fonts
            for font in fonts:
                described = font.DescendantFonts[0].FontDescriptor
                assert any(name in described for name in ("/FontFile2", "/FontFile3")), (each.title, font.BaseFont)


def test_the_bleed_is_painted_to_its_edge(sweep: list[Printed]) -> None:
    """Where the page is coloured at the trim, it is coloured at the edge of the sheet too."""
    for each in sweep:
        bleed = each.job.data["sheet"]["bleed"]
        for page in each.document():
            picture = page.render(scale=2 / MM).to_pil().convert("RGB")  # 2 pixels a mm
            deep = int(bleed * 2)
            width, height = picture.size
            for x, y, inner_x, inner_y in _around(width, height, deep):
                outer, inner = picture.getpixel((x, y)), picture.getpixel((inner_x, inner_y))
                assert outer != (255, 255, 255) or min(inner) > 200, f"{each.title}: bare paper at {x}, {y}"


def _around(width: int, height: int, deep: int) -> Iterator[tuple[int, int, int, int]]:
    """Points at the edge of the sheet, every 10 mm, each with the point just inside the trim beside it."""
    for x in range(deep + 4, width - deep - 4, 20):
        yield x, 0, x, deep + 1
        yield x, height - 1, x, height - deep - 2
    for y in range(deep + 4, height - deep - 4, 20):
        yield 0, y, deep + 1, y
        yield width - 1, y, width - deep - 2, y


def test_type_keeps_off_the_trim_and_the_folds(sweep: list[Printed]) -> None:
    for each in sweep:
        sheet = each.job.data["sheet"]
        (width, height), safe = sheet["trim"], sheet["safe"]
        for page, panels in zip(each.document(), (sheet["panels"], sheet["back_panels"]), strict=False):
            folds = [sum(panels[:at]) for at in range(1, len(panels))]
            for glyph in glyphs(page):
                if each.job.data["sample"] and glyph.size > 20:
                    continue  # the mark across a sample
                where = (each.title, glyph)
                # A tenth of a millimetre is what a font's outline may stand out of its box.
                assert safe - 0.1 <= min(glyph.left, glyph.top), where
                assert glyph.right <= width - safe + 0.1, where
                assert glyph.bottom <= height - safe + 0.1, where
                assert all(glyph.right < fold - 3 or glyph.left > fold + 3 for fold in folds), where


def test_no_character_lies_on_another(sweep: list[Printed]) -> None:
    no_character_lies_on_another(sweep)


def test_type_can_be_read_from_where_people_stand(sweep: list[Printed]) -> None:
    """A character is never smaller than its distance/200; the smallest print has the distance of fine print."""
    for each in sweep:
        least = each.job.data["sheet"]["distances"]["fine"] * 1000 / 200
        for page in each.document():
            assert min(glyph.size for glyph in glyphs(page)) >= least - 0.01, each.title


def test_a_page_keeps_to_few_sizes(sweep: list[Printed]) -> None:
    """All sizes are steps of one scale, and no page needs more than a handful of them beside its headline."""
    for each in sweep:
        for page in each.document():
            sizes = {round(glyph.size, 1) for glyph in glyphs(page) if not glyph.char.isdigit()}
            assert len(sizes) <= 9, (each.title, sorted(sizes))


def test_what_the_manifest_says_is_on_the_page(sweep: list[Printed]) -> None:
    for each in sweep:
        found = pdf_text(each.path)
        for text in each.rendered.artifacts[0].text:
            # Lines may be read in another order, so each clause is looked for by itself.
            for part in re.split(r"[，。、；：？！\s“”（）]", text):
                assert _scattered(squeezed(part), found), (each.title, text)
        assert "110" in each.rendered.artifacts[0].text


def _scattered(part: str, found: str) -> bool:
    """Whether ``part`` stands in ``found`` in at most three pieces: a clause may run over three lines."""
    if not part or part in found:
        return True
    cuts = range(1, len(part))
    return any(part[:a] in found and part[a:] in found for a in cuts) or any(
        part[:a] in found and part[a:b] in found and part[b:] in found for a in cuts for b in range(a + 1, len(part))
    )


# ---- who signs -------------------------------------------------------------------------------------------


def test_a_unit_signs_with_all_it_has(root: Path, tmp_path: Path) -> None:
    for name in PAGES:
        job = live(job_of(root, name, contact="应有尽有"))
        rendered = made(job, root, tmp_path / name)
        found = pdf_text(artifact(rendered, "print").path)
        for text in (LONG_NAME[:12], "宣", "0553-6612119", "138-0553-6110", "河东派出所", "新桥路", "河东区教育局"):
            assert squeezed(text) in found, (name, text)


def test_a_unit_that_withholds_its_name_is_not_named(root: Path, tmp_path: Path) -> None:
    for name in PAGES:
        job = live(job_of(root, name, contact="只留电话"))
        found = pdf_text(artifact(made(job, root, tmp_path / name), "print").path)
        assert "不署名单位" not in found
        assert "0553-6612110" in found
        assert "样张请勿印刷" in found


@pytest.mark.parametrize("name", ["flyer", "trifold"])
def test_a_full_signature_keeps_off_the_edition_and_its_own_lines(edited: Path, tmp_path: Path, name: str) -> None:
    (edited / "content" / "contacts" / "某校.yaml").write_text(
        """\
名称: 安徽省芜湖市镜湖区赭山街道北京中路第一初级中学城东分校
类型: 学校
落款方式: 单位名 宣
服务热线: 96588
电话: [0553-1234567, 0553-7654321]
地址: 安徽省芜湖市镜湖区赭山街道北京中路与银湖南路交叉口东南角金鹰国际购物中心A座北侧三百米处校门
联署单位: [芜湖市公安局镜湖分局赭山派出所]
审核日期: 2026-11-22
""",
        encoding="utf-8",
    )
    job = live(job_of(edited, name, "school", "某校"))
    rendered = made(job, edited, tmp_path / "made")
    assert [problem.message for problem in rendered.problems if problem.code == "overflow"] == []
    no_character_lies_on_another([Printed(job, rendered, artifact(rendered, "print").path)])


def test_a_long_name_with_three_partners_and_four_numbers_fits(edited: Path) -> None:
    phones = "".join(
        f"  - {{名称: {name}, 号码: 0553-123456{at}}}\n" for at, name in enumerate(["甲处", "乙处", "丙处", "丁处"])
    )
    (edited / "content" / "contacts" / "某校.yaml").write_text(
        "名称: 安徽省芜湖市镜湖区赭山街道北京中路第一初级中学城东分校教育集团总校区\n类型: 学校\n审核日期: 2026-11-22\n"
        "联署单位: [芜湖市公安局镜湖分局赭山派出所, 芜湖市公安局反电信网络诈骗中心, 芜湖市镜湖区赭山街道办事处]\n"
        f"电话:\n{phones}",
        encoding="utf-8",
    )
    pieces = (*PAGES, "vertical-banner", "banner", "tip-card", "wechat-square", "wechat-portrait")
    made_of: dict[str, Job] = {}
    for job in planned(edited, "school", "某校", only=pieces).jobs:
        made_of.setdefault(job.material, job)
    assert set(made_of) == set(pieces)
    for job in made_of.values():
        assert [problem.message for problem in shown(job, edited).problems] == [], job.title


def test_a_number_too_long_is_named_at_the_units_line(root: Path, tmp_path: Path) -> None:
    """A hotline has a label of ours, which stands on no line of a file."""
    job = replace(job_of(root, "flyer", contact="只留电话"), formats=("office",))
    contact = {**job.data["contact"], "hotline": "96588" * 40, "phones": []}
    rendered = made(replace(job, data={**job.data, "contact": contact}), root, tmp_path / "made")
    assert rendered.problems
    assert {(p.code, p.span and p.span.file) for p in rendered.problems} == {
        ("overflow", "content/contacts/只留电话.yaml")
    }


def test_a_piece_that_nobody_signs_says_whom_to_ask(root: Path, tmp_path: Path) -> None:
    job = live(job_of(root, "poster/"))
    found = pdf_text(artifact(made(job, root, tmp_path / "poster"), "print").path)
    assert squeezed(job.data["voice"]["ask"]["text"]).replace("，", "") in found.replace("，", "")


def test_a_second_qr_code_is_said_to_be_left_out(root: Path, tmp_path: Path) -> None:
    problems = {
        (p.code, p.severity, p.message, p.span)
        for job in planned(root, contact="应有尽有").jobs[:3]
        for p in made(job, root, tmp_path / job.name.replace("/", "-")).problems
    }
    assert len(problems) == 1
    code, severity, message, span = problems.pop()
    assert (code, severity) == ("left-out", "warning")
    assert "另一个码" in message
    assert span is not None
    assert "另一个码" in (root / span.file).read_text(encoding="utf-8").splitlines()[span.line - 1]


@pytest.mark.parametrize("name", PAGES)
def test_a_qr_code_reads_from_the_printed_page(root: Path, tmp_path: Path, name: str) -> None:
    job = live(job_of(root, name, contact="应有尽有"))
    rendered = made(job, root, tmp_path / "made")
    ppi, found = 150, []
    for page in pypdfium2.PdfDocument(artifact(rendered, "print").path):
        # The foot of a poster, of a flyer's back and of a leaflet's middle panel.
        picture = page.render(scale=ppi / 72, crop=(page.get_width() * 0.33, 0, 0, page.get_height() * 0.45)).to_pil()
        found += [(picture.convert("RGB"), text) for text in qr.read(picture)]
    assert [text for _, text in found] == [ADDRESS]
    picture = found[0][0]
    left, top, right, bottom = (value / ppi * 25.4 for value in _plate(picture))
    modules = qr.symbol(ADDRESS).side
    assert (right - left) == pytest.approx(bottom - top, abs=0.5)
    # Four modules of white around it; the symbol itself is large enough to scan; it stays off the trim.
    assert (right - left) * modules / (modules + 8) >= (40 if name == "poster" else 20)
    bleed = job.data["sheet"]["bleed"]
    assert picture.width / ppi * 25.4 - right - bleed >= 5
    assert picture.height / ppi * 25.4 - bottom - bleed >= 5


def _plate(picture: Image.Image) -> tuple[int, int, int, int]:
    """The white plate of a QR code on a coloured ground: from its middle as far as all is gray."""
    import zxingcpp

    corners = zxingcpp.read_barcodes(picture)[0].position
    x = (corners.top_left.x + corners.bottom_right.x) // 2
    y = (corners.top_left.y + corners.bottom_right.y) // 2

    def gray(x: int, y: int) -> bool:
        pixel = picture.getpixel((x, y))
        assert isinstance(pixel, tuple)
        return max(pixel) - min(pixel) < 16

    left = next(at for at in range(x, 0, -1) if not gray(at, y)) + 1
    right = next(at for at in range(x, picture.width) if not gray(at, y))
    top = next(at for at in range(y, 0, -1) if not gray(x, at)) + 1
    bottom = next(at for at in range(y, picture.height) if not gray(x, at))
    return left, top, right, bottom


def test_a_logo_keeps_its_proportions(root: Path, tmp_path: Path) -> None:
    for contact, aspect in (("应有尽有", 4.0), ("只留电话", 1.0)):
        for name in PAGES:
            job = live(job_of(root, name, contact=contact))
            rendered = made(job, root, tmp_path / f"{name}-{contact}")
            with pikepdf.open(artifact(rendered, "print").path) as pdf:
                drawn = [size for page in pdf.pages for size in _images(page)]
            assert drawn, name
            assert all(width / height == pytest.approx(aspect, rel=0.02) for width, height in drawn), (name, drawn)


def _images(page: pikepdf.Page) -> Iterator[tuple[float, float]]:
    """Width and height at which a page shows its pictures."""
    matrix = pikepdf.Matrix()
    stack = []
    for operands, operator in instructions(page):
        if str(operator) == "q":
            stack.append(matrix)
        elif str(operator) == "Q":
            matrix = stack.pop()
        elif str(operator) == "cm":
            matrix = pikepdf.Matrix(operands) @ matrix
        elif str(operator) == "Do" and page.obj.Resources.XObject[operands[0]].Subtype == "/Image":
            yield abs(matrix.a), abs(matrix.d)


# ---- looks -----------------------------------------------------------------------------------------------

BODY = (("ink", "paper"), ("ink", "ground_soft"), ("on_ground", "ground_deep"))
TEXT = (
    ("ink", "alarm_soft"), ("muted", "paper"), ("on_ground", "ground"), ("on_accent", "accent"), ("alarm", "paper"),
    ("on_alarm", "alarm"),
)  # fmt: skip
LARGE = (("ground", "paper"), ("ground", "ground_soft"), ("alarm", "ground_soft"), ("accent", "ground_deep"))
BRANDS = (None, "#B3261E", "#1E4FA3", "#2E9E5B", "#E86A10", "#FFD400", "#888888", "#00A0E9")


@pytest.mark.parametrize("brand", BRANDS)
def test_every_theme_can_be_read_in_every_units_colour(root: Path, brand: str | None) -> None:
    for theme in opened(root)[0].themes.values():
        plain: Json = theme.model_dump(mode="json")
        colours = {
            name: colour["rgb"] for name, colour in (branded(plain, brand) if brand else plain)["colours"].items()
        }
        for pairs, least in ((BODY, 7), (TEXT, 4.5), (LARGE, 3)):
            for one, other in pairs:
                assert contrast(colours[one], colours[other]) >= least, (theme.id, brand, one, other)


def test_a_headline_that_the_display_face_misreads_is_set_in_the_other(root: Path, tmp_path: Path) -> None:
    job = live(job_of(root, "poster/刷单返利", "university"))
    faces = {"display": ["ZCOOL QingKe HuangYou", "Noto Sans SC"], "display_skip": "凡六"}
    job = replace(job, data={**job.data, "theme": {**job.data["theme"], **faces}})
    assert "凡" in job.data["scam"]["headline"][0]["text"]
    assert "HuangYou" not in _font_names(made(job, root, tmp_path / "misread"))
    plainer = with_text(job, root, "scam", "headline", 0, text="真的退款")
    plainer = with_text(plainer, root, "scam", "headline", 1, text="不要卡号")
    assert "HuangYou" in _font_names(made(plainer, root, tmp_path / "2"))


def _font_names(rendered: Rendered) -> str:
    with pikepdf.open(artifact(rendered, "print").path) as pdf:
        return " ".join(str(font.BaseFont) for page in pdf.pages for font in page.obj.Resources.Font.values())


# ---- other files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "paper"), [("poster", (297, 420)), ("trifold", (297, 210)), ("flyer", (210, 297))])
def test_an_office_sheet_is_paper_that_an_office_has(
    root: Path, tmp_path: Path, name: str, paper: tuple[int, int]
) -> None:
    job = job_of(root, name)
    for page in pypdfium2.PdfDocument(artifact(made(job, root, tmp_path / "made"), "office").path):
        assert [round(side / MM) for side in page.get_size()] == list(paper)
        picture = page.render(scale=2 / MM).to_pil().convert("RGB")
        # White all around where the printer cannot reach, and the page as large as that allows.
        for edge in ((0, 0, picture.width, 9), (0, 0, 9, picture.height)):
            assert picture.crop(edge).getcolors() == [((edge[2] - edge[0]) * (edge[3] - edge[1]), (255, 255, 255))]
        assert len(picture.crop((9, 9, picture.width - 9, picture.height - 9)).getcolors(99999) or []) > 50


def test_a_picture_for_wechat_is_as_wide_as_a_phone_shows(root: Path, tmp_path: Path) -> None:
    rendered = made(job_of(root, "trifold"), root, tmp_path / "made")
    pictures = [file for file in rendered.artifacts if file.format == "png"]
    assert [file.name for file in pictures] == ["发微信/三折页_正面.png", "发微信/三折页_反面.png"]
    for page, file in enumerate(pictures):
        with Image.open(file.path) as picture:
            assert picture.size == file.pixels
            assert picture.width == 1080
            shown = picture.convert("RGB")
        document = pypdfium2.PdfDocument(artifact(rendered, "office").path)
        assert len(document) == 2
        # The colours of the ground are those of the theme, for all that a palette has 256.
        ground = rendered.job.data["theme"]["colours"]["ground"]["rgb"]
        colour = shown.getpixel((1080 - 5, shown.height - 5) if page == 0 else (5, 5))
        assert isinstance(colour, tuple)
        assert all(abs(a - b) <= 24 for a, b in zip(colour, bytes.fromhex(ground[1:]), strict=True))


def test_the_same_job_gives_the_same_bytes_in_any_thread(root: Path, tmp_path: Path) -> None:
    jobs = [job_of(root, name, contact="应有尽有") for name in ("poster", "flyer")]

    def sums(job: Job, run: int) -> dict[str, bytes]:
        rendered = made(job, root, tmp_path / f"{run}-{job.material}")
        return {file.name: file.path.read_bytes() for file in rendered.artifacts}

    first = [sums(job, 0) for job in jobs]
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(sums, jobs, (1, 2)))
    assert [len(files) for files in first] == [5, 6]
    assert first == again


# ---- what people type ------------------------------------------------------------------------------------

SCAM = "content/scams/刷单返利.yaml"


@pytest.fixture
def edited(root: Path, tmp_path: Path) -> Path:
    """The project, with content of this test's own."""
    return copied(root, tmp_path / "edited")


def change(project: Path, file: str, old: str, new: str) -> int:
    """Types ``new`` for the first ``old``; the number of the line it stands on."""
    text = (project / file).read_text(encoding="utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems_of(project: Path, folder: Path, contact: str | None = None) -> list[Problem]:
    job = replace(composed(job_of(project, "poster/刷单返利", contact=contact), "scene"), formats=("print",))
    rendered = made(job, project, folder)
    assert bool(rendered.artifacts) != rendered.failed
    return rendered.problems


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("凡是刷单\n", "凡是叫你动动手指刷单就能轻松赚大钱的\n"),
        ("内容: 点赞关注就返几块钱，先给一点甜头", "内容: " + "点赞关注就返几块钱，先给一点甜头" * 6),
        ("副标题: 刷单是幌子，骗钱才是目的", "副标题: " + "刷单是幌子，骗钱才是目的" * 12),
        ("标题: 小额返利", "标题: 先给你一点小小的甜头返利再说"),
    ],
    ids=["headline", "step", "tagline", "title"],
)
def test_words_too_long_are_named_with_their_line_and_by_how_much(
    edited: Path, tmp_path: Path, old: str, new: str
) -> None:
    line = change(edited, SCAM, old, new)
    found = problems_of(edited, tmp_path / "made")
    assert {problem.code for problem in found} == {"overflow"}
    assert (SCAM, line) in {(p.span.file, p.span.line) for p in found if p.span}
    assert all(
        re.search(r"要[宽高] [\d.]+ mm，版面只有 [\d.]+ mm，约需缩短 \d\d?%|已经没有地方", p.message) for p in found
    )


def test_a_name_too_long_is_named_with_its_line(edited: Path, tmp_path: Path) -> None:
    file = "content/contacts/一无所有.yaml"
    line = change(edited, file, "落款: 某所", "落款: " + "某某街道某某社区第某派出所" * 14)
    found = problems_of(edited, tmp_path / "made", contact="一无所有")
    assert {(p.code, p.span and (p.span.file, p.span.line)) for p in found} == {("overflow", (file, line))}


def test_a_host_under_a_code_that_is_too_small_has_the_line_of_its_code(edited: Path, tmp_path: Path) -> None:
    file = "content/contacts/一无所有.yaml"
    address = "https://cyberpolice.mps.gov.cn/wfjb/html/jbzx/index.shtml?" + "&".join(["part=abcdef"] * 10)
    line = change(edited, file, "落款: 某所", f'落款: 某所\n二维码:\n  - {{文字: 举报, 网址: "{address}"}}')
    found = [p for p in problems_of(edited, tmp_path / "made", contact="一无所有") if "cyberpolice" in p.message]
    assert found
    assert {p.span and (p.span.file, p.span.line) for p in found} == {(file, line + 2)}


@pytest.mark.parametrize(
    ("need", "have", "said"),
    [
        (120.4, 60.2, "“太长的话”要高 120 mm，版面只有 60 mm，约需缩短 50%"),
        (21.3, 20.8, "要高 21.3 mm，版面只有 20.8 mm，约需缩短 2%"),
        (80.0, -46.0, "420×570 mm 放不下这个版面"),
        (-58.0, 47664.0, "420×570 mm 放不下这个版面"),
        (9000.0, 3.0, "420×570 mm 放不下这个版面"),
    ],
)
def test_how_much_too_long_is_said_in_numbers_that_can_be(root: Path, need: float, have: float, said: str) -> None:
    entry = {"id": "scams/刷单返利#tagline", "text": "太长的话", "need": need, "have": have, "what": "height"}
    message = _overflow(job_of(root, "poster/刷单返利"), entry).message
    assert said in message
    assert "海报" not in message  # its piece is named beside it
    assert not re.search(r"-\d|\d{3}%", message)


def test_a_signature_that_is_too_long_says_what_stands_in_it(root: Path) -> None:
    job = job_of(root, "poster/刷单返利", contact="应有尽有")
    contact = job.data["contact"]
    entry = {"id": contact["signature"][0]["id"], "text": "名" * 40, "need": 9.0, "have": 8.0, "what": "height"}
    problem = _overflow(job, entry)
    assert f"放不下落款：“{'名' * 19}…”" in problem.message
    assert f"{len(contact['phones']) + bool(contact['hotline']) + bool(contact['station'])} 个电话" in problem.message
    assert "请改短“落款”，少写电话或联署单位" in problem.message


def test_the_name_that_signs_without_a_signature_has_its_line(edited: Path) -> None:
    file = edited / "content" / "contacts" / "应有尽有.yaml"
    file.write_text(re.sub(r"(?m)^落款:.*\n(?:  - .*\n)*", "", file.read_text(encoding="utf-8")), encoding="utf-8")
    job = job_of(edited, "poster/刷单返利", contact="应有尽有")
    (name,) = job.data["contact"]["signature"]
    assert name["id"] == "contacts/应有尽有#name"
    assert job.origins[name["id"]].line == 1


def test_a_character_that_no_font_has_is_named_with_its_line(edited: Path, tmp_path: Path) -> None:
    line = change(edited, SCAM, "内容: 点赞关注就返几块钱，先给一点甜头", "内容: 点赞🎁关注就返😀几块钱🎁")
    found = problems_of(edited, tmp_path / "made")
    assert [(p.code, p.span and (p.span.file, p.span.line)) for p in found] == [("missing-glyph", (SCAM, line))]
    assert "🎁（U+1F381）、😀（U+1F600）" in found[0].message


def test_a_template_that_is_broken_is_named_with_its_line(edited: Path, tmp_path: Path) -> None:
    main = edited / "templates" / "poster" / "main.typ"
    text = main.read_text(encoding="utf-8")
    main.write_text(text + "#no-such-thing\n", encoding="utf-8")
    found = problems_of(edited, tmp_path / "made")
    assert [(p.code, p.span and (p.span.file, p.span.line)) for p in found] == [
        ("template", ("templates/poster/main.typ", len(text.splitlines()) + 1))
    ]


SYNTAX = (
    "#let x = 1", "#[字]", "$x^2$", '"引号"', "反\\\\斜\\n杠", "*粗*_斜_`码`", "[方]{花}", "@ref<label>",
    "//注释", "/*注释*/", "== 题", "- 列 + 表", "~--...'撇'", "https://a.b/c#d?e=f&g", "{{ x }}{% y %}", "&amp;<b>",
)  # fmt: skip


Place = tuple[str | int, ...]
PLACES: tuple[Place, ...] = (
    ("scam", "tagline"),
    ("scam", "steps", 0, "text"),
    ("scam", "dont", 1, "text"),
    ("contact", "signature", 0),
    ("contact", "address"),
    ("scam", "headline", 0),
)
SHOWN: dict[str, tuple[Place, ...]] = {
    "scene": PLACES,
    "bold": (("scam", "headline", 1), ("scam", "question", 0), ("scam", "red_flags", 1)),
    "steps": (("scam", "steps", 1, "title"), ("scam", "todo", 0), ("scam", "jingle")),
    "question": (("scam", "question", 0), ("scam", "todo", 1), ("scam", "headline", 0)),
    "dialog": (("scam", "dialog", 0, "text"), ("scam", "dialog", 2, "trap"), ("scam", "headline", 0)),
    "checklist": (("scam", "todo", 2), ("scam", "tagline"), ("scam", "dont", 0, "title"), ("scam", "headline", 1)),
}
"""Texts of a scam's poster that each composition shows."""


@pytest.mark.parametrize("composition", SHOWN)
def test_a_composition_says_all_that_it_is_for(root: Path, tmp_path: Path, composition: str) -> None:
    job = composed(replace(job_of(root, "poster/刷单返利"), formats=("office",)), composition)
    rendered = made(job, root, tmp_path / "made")
    assert [problem.message for problem in rendered.problems] == []
    said = set(artifact(rendered, "office").text)
    always = [("scam", "name"), ("scam", "headline", 0), ("scam", "headline", 1), ("voice", "ask")]
    for place in (*always, *(place for place in SHOWN[composition] if place[0] == "scam")):
        node: Any = job.data
        for key in place:
            node = node[key]
        assert node["text"] in said, place


@pytest.mark.parametrize("audience", ["enterprise", "community", "school", "bank"])
def test_what_heads_the_answers_stands_as_far_off_as_they_do(root: Path, audience: str) -> None:
    job = next(j for j in planned(root, audience).jobs if j.data.get("composition") == "question")
    (page,) = shown(job, root).pages()
    answers = [text["text"] for text in job.data["scam"]["todo"]]
    line = glyphs(page)
    said = "".join(glyph.char for glyph in line)

    def stands(text: str) -> tuple[float, float]:
        at = said.index(text)
        return line[at].top, line[at].bottom

    first = stands(answers[0][:3])
    air = first[0] - stands("这样做")[1]
    assert air > 0.5 * (first[1] - first[0])


ENDINGS = (
    "都是诈骗",
    "以上都是诈骗请转告",
    "以上都是诈骗，请相互转告",
    "以上这八种都是诈骗，请大家相互转告",
    "都是诈骗" * 12,
)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("composition", ["list", "rows", "column", "flyer", "trifold"])
def test_a_stamp_fits_beside_what_it_judges_or_is_named(root: Path, composition: str, ending: str) -> None:
    """Whether the stamp of a rule lies on its lead, or a page's edge."""
    leaflet = composition in ("flyer", "trifold")
    jobs = planned(root, "school").jobs
    material, key = (composition, "rules") if leaflet else ("poster", "rule")
    job = next(job for job in jobs if job.material == material and key in job.data)
    job = job if leaflet else composed(job, composition)
    places: list[tuple[str | int, ...]] = [("rule",)]
    if leaflet:
        places = [("rules", at) for at in range(len(job.data["rules"]))]
    for path in places:
        node: Any = job.data
        for part in path:
            node = node[part]
        node["lead"] = node["lead"] or node["name"]
        node["ending"] = node["name"] | {"id": node["name"]["id"]}
        job = with_text(job, root, *path, "lead", text="公安机关提醒广大群众，这八种都要当心")
        job = with_text(job, root, *path, "ending", text=ending)
    found = shown(job, root)
    assert {problem.code for problem in found.problems} <= {"overflow"}
    assert bool(found.problems) == (len(ending) > 40), [problem.message for problem in found.problems]
    if not found.problems:
        for page in found.pages():
            line = glyphs(page)
            assert not [(a, b) for a, b in combinations(line, 2) if a.covers(b)]
            width, height = found.trim
            assert all(g.left > 0 and g.right < width and g.top > 0 and g.bottom < height for g in line)


@pytest.mark.parametrize("typed", SYNTAX)
def test_what_looks_like_typst_prints_as_it_was_typed(root: Path, tmp_path: Path, typed: str) -> None:
    job = live(composed(job_of(root, "poster/刷单返利", contact="应有尽有"), "scene"))
    for path in PLACES:
        job = with_text(job, root, *path, text=typed)
    rendered = made(job, root, tmp_path / "made")
    assert [p.message for p in rendered.problems if p.code not in ("left-out", "overflow")] == []
    wide = [p for p in rendered.problems if p.code == "overflow"]
    if wide:  # as a headline it is too wide for the page, so all other places
        job = with_text(job, root, "scam", "headline", 0, text="凡是刷单")
        rendered = made(job, root, tmp_path / "again")
    printed = artifact(rendered, "print")
    assert typed in printed.text
    assert pdf_text(printed.path).count(squeezed(typed)) >= len(PLACES) - bool(wide) - 2


@pytest.mark.slow
# An example costs a page, so what fails is shown as it was found: shrinking it would take minutes.
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    where=st.sampled_from([(name, place) for name, places in SHOWN.items() for place in places]),
    text=REAL.map(str.strip).filter(bool),
)
def test_whatever_is_typed_fits_or_is_named(
    root: Path, tmp_path_factory: pytest.TempPathFactory, where: tuple[str, Place], text: str
) -> None:
    composition, place = where
    job = replace(composed(job_of(root, "poster/刷单返利", contact="应有尽有"), composition), formats=("office",))
    job = with_text(job, root, *place, text=text)
    node: Any = job.data
    for key in place:
        node = node[key]
    rendered = RENDERER.render(job, tmp_path_factory.mktemp("typed"), root)
    found = [problem for problem in rendered.problems if problem.code != "left-out"]
    assert {problem.code for problem in found} <= {"overflow", "missing-glyph"}
    if found:
        assert job.origins[node["id"]] in {problem.span for problem in found}
    else:
        assert squeezed(text) in {squeezed(said) for said in rendered.artifacts[0].text} | {
            squeezed(said.removesuffix("宣")) for said in rendered.artifacts[0].text
        }


def test_every_text_of_a_job_is_checked_for_its_glyphs(root: Path) -> None:
    job = job_of(root, "flyer", contact="应有尽有")
    texts = {node["text"] for node in nodes_of(job.data)}
    assert {LONG_NAME, "河东派出所", "值班电话", "被骗了，马上报警"} <= texts
    assert all(problem.severity == "warning" for problem in planned(root).problems)
