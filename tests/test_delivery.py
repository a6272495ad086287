"""The pack's own files: what the print shop gets, and the page that shows everything."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import yaml

from generator.delivery import MESSAGE, OVERVIEW, SHEET, ZIP, _not_made, add_pack_files, overview, print_zip
from generator.errors import ContentError, Problem, Span, error, warning
from generator.library import Library
from generator.model.design import Material, Theme
from generator.model.needs import Order
from generator.order import order_sheet, shop_message
from generator.output import Delivery, Staging, Withheld
from generator.render.base import Artifact

ROOT = Path(__file__).parents[1]
THEMES = sorted(path.stem for path in (ROOT / "templates/themes").glob("*.yaml"))


def theme(name: str = "campus-blue") -> dict[str, Any]:
    text = (ROOT / f"templates/themes/{name}.yaml").read_text(encoding="utf-8")
    return Theme.model_validate(yaml.safe_load(text)).model_dump(mode="json")


@pytest.fixture(scope="module")
def materials() -> dict[str, Material]:
    shop = {"process": "胶印", "paper": "157g铜版纸"}
    rows: list[dict[str, Any]] = [
        {"id": "poster", "name": "海报", "trim": (420, 570), "office": "A3", "finish": "单面四色", **shop},
        {"id": "trifold", "name": "三折页", "trim": (285, 210), "office": "A4", "sides": 2, **shop},
        {"id": "led", "name": "LED标语"},
        {"id": "deck", "name": "课件"},
    ]
    common = {"renderer": "pages", "template": "x", "places": ("a",), "pieces": (), "formats": ("print",)}
    return {row["id"]: Material.model_validate(common | row) for row in rows}


@pytest.fixture
def meta() -> dict[str, Any]:
    return {
        "audience": {"id": "school", "name": "学校"},
        "contact": None,
        "campaign": {"id": "开学季", "name": "开学季"},
        "date": "2026-11-22",
        "theme": theme(),
        "sample": False,
        "headlines": ["遇事不慌先开口，老师爸妈是帮手"],
        "quantities": {"poster": 50, "三折页": 500},
    }


class Pack:
    """A small real pack: a poster, a two-sided leaflet, LED slogans, a deck."""

    def __init__(self, folder: Path, materials: dict[str, Material], meta: dict[str, Any]) -> None:
        self.folder, self.materials, self.meta = folder, materials, meta

    def deliver(
        self,
        title: str = "刷单返利",
        problems: Sequence[Problem] = (),
        withheld: Sequence[Withheld] = (),
        scope: set[str] | None = None,
        only_led: bool = False,
    ) -> Delivery:
        with Staging(self.folder) as staging:
            for made in self._led(staging) if only_led else self._all(staging, title):
                staging.add(made)
            add_pack_files(staging, self.meta, problems, withheld, scope, materials=self.materials, root=ROOT)
            return staging.commit(self.meta, problems, withheld, scope)

    def _all(self, staging: Staging, title: str) -> Iterator[Artifact]:
        poster = {"material": "poster", "piece": "poster/a", "title": f"海报·{title}"}
        yield _file(staging, f"发广告公司/海报 #1 100%_{title}_印刷.pdf", b"%PDF poster", format="pdf", use="print",
                    pages=1, trim_mm=(420, 570), bleed_mm=3, **poster)  # fmt: skip
        yield _file(staging, "自己打印/海报_A3_办公.pdf", b"%PDF office", format="pdf", use="office", pages=1, **poster)
        yield _file(staging, "发微信/海报 #1.png", b"png", format="png", use="screen", pixels=(1080, 1466), **poster)
        leaflet = {"material": "trifold", "piece": "trifold/trifold"}
        yield _file(staging, "发广告公司/三折页_印刷.pdf", b"%PDF fold", format="pdf", use="print", title="三折页",
                    pages=2, trim_mm=(285, 210), bleed_mm=3, **leaflet)  # fmt: skip
        for side in ("正面", "反面"):
            yield _file(staging, f"发微信/三折页_{side}.png", side.encode(), format="png", use="screen",
                        title=f"三折页·{side}", pixels=(1080, 796), **leaflet)  # fmt: skip
        yield from self._led(staging)
        yield _file(staging, "课件/班会.pptx", b"pptx", format="pptx", use="edit", material="deck", piece="deck/deck",
                    title="课件·主题班会", pages=3, outline=("封面", "案例一", "小测验"))  # fmt: skip

    def _led(self, staging: Staging) -> Iterator[Artifact]:
        led = {"material": "led", "piece": "led/led", "text": ("不轻信，不转账", "96110 来电请接听")}
        preview = "LED/预览_strip.png"
        yield _file(
            staging, "LED/标语.txt", b"text", format="text", use="text", title="标语文字", preview=preview, **led
        )
        yield _file(staging, preview, b"png", format="preview", use="led", title="预览", pixels=(768, 64), **led)
        for number in (1, 2):
            yield _file(staging, f"LED/strip-16x192/{number}.bmp", bytes([number]), format="strip", use="led",
                        title=f"第{number}条", **led)  # fmt: skip


def _file(staging: Staging, name: str, data: bytes, **fields: Any) -> Artifact:
    made = staging.workspace / f"made {len(staging.names)}"
    made.write_bytes(data)
    return Artifact(path=made, name=name, **fields)


@pytest.fixture
def pack(tmp_path: Path, materials: dict[str, Material], meta: dict[str, Any]) -> Pack:
    return Pack(tmp_path / "学校 的", materials, meta)


class Page(HTMLParser):
    """The addresses, the words and the open tags of a page."""

    VOID = frozenset({"meta", "img", "br", "link", "path"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value for name, value in attributes if name in ("href", "src") and value]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open and data.strip():
            self.words.append(data.strip())


def page_of(pack: Pack) -> Page:
    return Page((pack.folder / OVERVIEW).read_text(encoding="utf-8"))


# ---- the pack ----------------------------------------------------------------------------------------------


def test_a_pack_has_its_overview_order_sheet_and_zip(pack: Pack) -> None:
    done = pack.deliver()
    assert [entry["path"] for entry in done.manifest["files"][-4:]] == [SHEET, MESSAGE, ZIP, OVERVIEW]
    assert all("material" not in e and "piece" not in e for e in done.manifest["files"][-4:])


def test_the_same_pack_has_the_same_bytes(pack: Pack, tmp_path: Path) -> None:
    pack.deliver()
    other = Pack(tmp_path / "other", pack.materials, pack.meta)
    other.deliver()
    for name in (OVERVIEW, SHEET, ZIP, "manifest.json"):
        assert (other.folder / name).read_bytes() == (pack.folder / name).read_bytes(), name
    assert pack.deliver().written == []


def test_only_led_still_leaves_the_whole_pack_on_the_page_and_in_the_zip(pack: Pack) -> None:
    pack.deliver()
    before = (pack.folder / ZIP).read_bytes()
    done = pack.deliver(only_led=True, scope={"led/led"})
    assert (pack.folder / ZIP).read_bytes() == before
    assert done.written == []
    assert "刷单返利" in page_of(pack).words


def test_without_anything_to_print_there_is_no_sheet_and_no_zip(pack: Pack) -> None:
    pack.deliver()
    done = pack.deliver(only_led=True)
    assert not (pack.folder / "发广告公司").exists()
    assert not (pack.folder / ZIP).exists()
    assert ZIP in done.removed
    assert "发广告公司" not in page_of(pack).words


def test_a_filled_in_order_sheet_is_kept_and_the_page_links_the_new_one(pack: Pack) -> None:
    pack.deliver()
    (pack.folder / SHEET).write_bytes(b"prices filled in")
    pack.deliver(title="冒充客服")
    assert (pack.folder / SHEET).read_bytes() == b"prices filled in"
    assert "发广告公司/印刷清单_新.xlsx" in [unquote(address) for address in page_of(pack).addresses]


# ---- 发广告公司.zip ----------------------------------------------------------------------------------------


def test_the_zip_holds_the_print_files_and_the_order_sheet(pack: Pack) -> None:
    pack.deliver()
    with zipfile.ZipFile(pack.folder / ZIP) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(
            ["三折页_印刷.pdf", "海报 #1 100%_刷单返利_印刷.pdf", "印刷清单.xlsx", "发给广告公司的话.txt"]
        )
        assert archive.read("印刷清单.xlsx") == (pack.folder / SHEET).read_bytes()
        for entry in archive.infolist():
            assert entry.flag_bits & 0x800  # the name is UTF-8
            assert entry.date_time == (2026, 11, 22, 0, 0, 0)


def test_the_zip_does_not_depend_on_order_or_on_the_files_dates(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    print_zip({"甲.pdf": tmp_path / "a.pdf", "乙.pdf": tmp_path / "b.pdf"}, "2026-11-22", tmp_path / "1.zip")
    (tmp_path / "a.pdf").touch()
    print_zip({"乙.pdf": tmp_path / "b.pdf", "甲.pdf": tmp_path / "a.pdf"}, "2026-11-22", tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


# ---- 印刷清单.xlsx -----------------------------------------------------------------------------------------

NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def part(book: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return ElementTree.fromstring(archive.read(name))


def cells(book: bytes, sheet: int = 1) -> list[list[str]]:
    """The rows as a person reads them."""
    shared = ["".join(t.text or "" for t in si.iter(f"{{{NS['s']}}}t")) for si in part(book, "xl/sharedStrings.xml")]

    def shown(cell: ElementTree.Element) -> str:
        value = cell.findtext("s:v", "", NS)
        return shared[int(value)] if cell.get("t") == "s" else value

    rows = part(book, f"xl/worksheets/sheet{sheet}.xml").findall("s:sheetData/s:row", NS)
    return [[shown(cell) for cell in row] for row in rows]


def entry(**more: Any) -> dict[str, Any]:
    path = "发广告公司/海报_刷单返利_印刷.pdf"
    common = {"path": path, "material": "poster", "format": "pdf", "use": "print", "title": "海报·刷单返利", "bytes": 1}
    return common | {"trim_mm": [420, 570], "bleed_mm": 3, "pages": 1} | more


def test_the_order_sheet_tells_the_shop_everything_in_ten_columns(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    two_sided = entry(material="trifold", title="三折页", trim_mm=[285, 210], pages=2)
    rows = cells(order_sheet([entry(), two_sided], materials, meta))
    assert rows[2][:10] == [
        "序号", "物料名称", "文件名", "成品尺寸(mm)", "材质", "工艺", "数量", "单位", "单价", "备注",
    ]  # fmt: skip
    assert rows[3][:10] == [
        "1", "海报·刷单返利", "海报_刷单返利_印刷.pdf", "420×570", "157g铜版纸", "胶印，单面四色", "50", "张", "",
        "含出血 426×576（每边 3）",
    ]  # fmt: skip
    assert rows[4][4:8] == ["157g铜版纸", "胶印，双面四色", "500", "张"]
    assert rows[4][9] == "含出血 291×216（每边 3）；文件共 2 页"
    assert "学校" in rows[1][0]
    assert "未署名" in rows[1][0]
    assert "付印确认" in rows[-1][0]
    assert "签字" in rows[-1][0]


@pytest.mark.parametrize(
    ("name", "more", "asked"),
    [
        ("handbook", {"pages": 32}, ("骑马钉", "共 32P（含封面 4P）")),
        ("tip-card", {"pages": 2}, ("双面四色", "覆哑膜")),
        ("parcel-sticker", {}, ("模切，圆角 3 mm",)),
        ("hand-sign", {}, ("覆哑膜", "按刀线异形切割")),
        ("table-card", {}, ("压痕三道，不折",)),
        ("roll-up", {}, ("覆哑膜", "配易拉宝架")),
        ("x-stand", {}, ("四角打扣眼", "配X展架")),
        ("board", {}, ("配包边条",)),
    ],
)
def test_what_a_shop_asks_before_it_names_a_price_stands_in_the_sheet_and_in_the_message(
    library: Library, meta: dict[str, Any], name: str, more: dict[str, Any], asked: tuple[str, ...]
) -> None:
    materials = library.materials
    made = entry(material=name, title=materials[name].name, **more)
    heads, row = cells(order_sheet([made], materials, meta))[2:4]
    shown = dict(zip(heads[:10], row[:10], strict=True))["工艺"]
    said = shop_message([made], materials, meta, banners=False)
    assert all(fact in shown and fact in said for fact in asked)
    assert "隐藏" not in said


def test_a_row_of_the_order_sheet_is_as_high_as_its_longest_cell(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    long = entry(title="横幅·" + "转账之前停一停，核实清楚再行动" * 3)
    sheet = part(order_sheet([entry(), long], materials, meta), "xl/worksheets/sheet1.xml")
    heights = [float(row.get("ht", "0")) for row in sheet.findall("s:sheetData/s:row", NS)]
    assert heights[4] >= 5 * 15 > heights[3]


def test_what_the_unit_does_itself_is_not_told_to_the_shop(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    banner = entry(material="banner", title="横幅", order={"text": "不轻信"})
    book = order_sheet([banner], materials, meta)
    assert not any("城管" in cell for row in cells(book) for cell in row)
    assert any("城管" in cell for row in cells(book, sheet=2) for cell in row)


@pytest.mark.parametrize(
    ("standards", "said"),
    [
        (["PDF/X-1a:2003"], "文字已转曲。"),
        (["PDF/X-4"], "文字未转曲，已嵌入字体。"),
        (["PDF/X-1a:2003", "PDF/X-4"], "文字已转曲（备注里另有说明的除外）。"),
    ],
)
def test_the_shop_is_told_whether_text_is_outlined(
    materials: dict[str, Material], meta: dict[str, Any], standards: list[str], said: str
) -> None:
    made = [entry(preflight={"standard": standard}) for standard in standards]
    rows = cells(order_sheet(made, materials, meta))
    assert any(row[0].endswith(said) for row in rows if row)
    told = shop_message(made, materials, meta, banners=False)
    assert f"四色（CMYK）、{said.rstrip('。')}，" in told
    remarks = [row[9] for row in rows[3 : 3 + len(made)]]
    assert [("PDF/X-4，文字未转曲" in remark) for remark in remarks] == [each == "PDF/X-4" for each in standards]


def test_pieces_that_could_not_be_made_are_named_to_the_shop(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    missing = ["海报·刷单返利"]
    rows = cells(order_sheet([entry()], materials, meta, missing))
    assert any("没有做出" in row[0] and "海报·刷单返利" in row[0] for row in rows if row)
    assert "没有做出、不在清单里的：海报·刷单返利" in shop_message([entry()], materials, meta, False, missing)
    assert "没有做出" not in shop_message([entry()], materials, meta, banners=False)


def test_only_withheld_pieces_of_the_shops_are_missing_from_its_list(library: Library) -> None:
    withheld = [
        Withheld("poster@297x420/刷单返利", "海报·刷单返利", ()),
        Withheld("led/led", "LED标语", ()),
    ]
    assert list(_not_made(withheld, library.materials)) == ["海报·刷单返利"]


def test_copies_are_left_for_a_person_when_no_campaign_says_them(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    rows = cells(order_sheet([entry()], materials, meta | {"quantities": None}))
    assert rows[3][6] == ""


def test_the_trades_other_columns_are_there_and_do_not_print(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    book = order_sheet([entry(material="trifold", pages=2, sha256="ab" * 32)], materials, meta)
    heads, row = cells(book)[2:4]
    more = dict(zip(heads, row, strict=True))
    assert {"含出血尺寸(mm)": "426×576", "单/双面": "双面", "印色": "4+4", "克重": "157g", "类别": "胶印"}.items() <= (
        more.items()
    )
    assert more["文件SHA-256"] == "ab" * 32
    columns = part(book, "xl/worksheets/sheet1.xml").findall("s:cols/s:col", NS)
    hidden = [
        n for c in columns if c.get("hidden") == "1" for n in range(int(c.get("min", "0")), int(c.get("max", "0")) + 1)
    ]
    assert hidden == list(range(11, len(heads) + 1))
    assert len(heads) >= 28


def test_a_survey_says_copies_places_and_days(materials: dict[str, Material], meta: dict[str, Any]) -> None:
    order = Order(12, ("东门 8", "西门 4"), ("李某",), date(2026, 12, 1))
    orders = {"poster/a": order}
    book = order_sheet([entry(piece="poster/a"), entry(piece="poster/b")], materials, meta | {"orders": orders})
    heads, asked, not_asked = cells(book)[2:5]
    more = dict(zip(heads, asked, strict=True))
    assert (more["数量"], more["安装/配送地址"], more["联系人/电话"]) == ("12", "东门 8；西门 4", "李某")
    assert more["交货日期"] == "46357"  # a day as Excel counts it, not a text
    assert dict(zip(heads, not_asked, strict=True))["数量"] == ""


def test_what_was_handed_out_is_counted_on_the_second_sheet(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    rows = cells(order_sheet([entry()], materials, meta), sheet=2)
    assert rows[2][:6] == ["日期", "方式", "物料", "地点", "场所类型", "数量"]
    assert "照片编号" in rows[2]
    assert len([row for row in rows[3:] if not any(row)]) >= 30


def test_the_message_to_the_shop_counts_designs_and_copies(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    three = [entry(piece=f"poster/{name}") for name in "abc"]
    said = shop_message(three, materials, meta, banners=False)
    assert "1. 海报 3 款，420×570 mm，157g铜版纸，胶印，单面四色，共 150 张\r\n" in said
    assert "横幅" not in said
    assert "横幅文字.txt" in shop_message(three, materials, meta, banners=True)
    assert "数量待定" in shop_message(three, materials, meta | {"quantities": {}}, banners=False)
    assert shop_message(three, materials, meta | {"sample": True}, banners=False).startswith("【样张，请勿印刷】")


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+86", "-1", "@SUM(A1)", "http://x", "007", "{=1}"])
def test_text_in_the_order_sheet_never_runs(materials: dict[str, Material], meta: dict[str, Any], text: str) -> None:
    book = order_sheet([entry(title=text, path=f"发广告公司/{text.replace('/', '')}.pdf")], materials, meta)
    sheet = part(book, "xl/worksheets/sheet1.xml")
    assert cells(book)[3][1] == text
    assert sheet.findall(".//s:f", NS) == []
    assert sheet.findall(".//s:hyperlink", NS) == []
    guarded = {at for at, xf in enumerate(part(book, "xl/styles.xml").findall("s:cellXfs/s:xf", NS))
               if xf.get("quotePrefix") == "1"}  # fmt: skip
    cell = sheet.find(".//s:c[@r='B4']", NS)
    assert cell is not None
    assert (int(cell.get("s", "0")) in guarded) == (text[0] in "=+-@")


def test_the_order_sheet_prints_on_a4_landscape_with_its_heading_on_every_page(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    book = order_sheet([entry()] * 60, materials, meta)
    sheet = part(book, "xl/worksheets/sheet1.xml")
    setup = sheet.find("s:pageSetup", NS)
    assert setup is not None
    assert (setup.get("orientation"), setup.get("paperSize"), setup.get("fitToHeight")) == ("landscape", "9", "0")
    assert sheet.find("s:sheetPr/s:pageSetUpPr[@fitToPage='1']", NS) is not None
    names = [name.text for name in part(book, "xl/workbook.xml").iter(f"{{{NS['s']}}}definedName")]
    assert sorted(map(str, names)) == ["印刷清单!$3:$3", "发放登记!$3:$3", "发放登记!$A$1:$K$43"]


def test_the_order_sheet_of_a_sample_says_so(materials: dict[str, Material], meta: dict[str, Any]) -> None:
    rows = cells(order_sheet([entry()], materials, meta | {"sample": True, "contact": {"name": "××市××中学"}}))
    assert "样张 请勿印刷" in rows[0][0]
    assert rows[3][9].startswith("样张 请勿印刷")
    assert "××市××中学" in rows[1][0]


def test_the_order_sheet_has_no_date_but_the_edition(materials: dict[str, Material], meta: dict[str, Any]) -> None:
    book = order_sheet([entry()], materials, meta)
    with zipfile.ZipFile(BytesIO(book)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2026-11-22T"}


# ---- 总览.html ---------------------------------------------------------------------------------------------


def test_every_address_on_the_page_leads_to_a_file_of_the_pack(pack: Pack) -> None:
    pack.deliver()
    page = page_of(pack)
    links = [address for address in page.addresses if not address.startswith("#")]
    assert len(links) > 15
    for address in links:
        assert not re.search(r"[^A-Za-z0-9/%._~-]", address), address
        assert (pack.folder / unquote(address)).exists(), address
    anchors = {address[1:] for address in page.addresses if address.startswith("#")}
    html = (pack.folder / OVERVIEW).read_text(encoding="utf-8")
    assert anchors == {"shop", "office", "chat", "led", "deck"}
    assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_the_page_needs_no_network_and_no_script(pack: Pack) -> None:
    pack.deliver()
    html = (pack.folder / OVERVIEW).read_text(encoding="utf-8")
    assert not {"script", "link", "iframe"} & page_of(pack).tags
    assert "//" not in re.sub(r"/\*.*?\*/", "", html)
    assert "url(" not in html
    assert "@import" not in html


def test_the_page_shows_each_piece_with_its_size_process_and_files(pack: Pack) -> None:
    pack.deliver()
    words = page_of(pack).words
    shown = {
        "学校",
        "开学季",
        "未署名",
        "2026-11-22",
        "4 件",
        "刷单返利",
        "420×570 mm",
        "157g铜版纸 · 胶印 · 单面四色",
        "印刷 PDF",
        "A3 打印",
        "微信图片",
        "微信图片·反面",
        "不轻信，不转账",
        "屏幕图片 2 张（strip-16x192）",
        "主题班会",
        "案例一",
        "打开 PPTX",
        "标题库",
        "遇事不慌先开口，老师爸妈是帮手",
        "发广告公司.zip",
    }
    assert shown - set(words) == set()
    assert words.count("不轻信，不转账") == 1


def test_a_deck_without_a_title_of_its_own_is_called_after_its_first_slide(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    deck = entry(path="课件/课件.pptx", use="edit", format="pptx", material="deck", piece="deck/deck", title="课件")
    html = overview([deck | {"outline": ["遇到骗局怎么办", "小测验"]}], meta | {"materials": materials}, [], ROOT)
    assert "<b>遇到骗局怎么办</b>" in html


def test_a_document_is_called_by_its_kind_and_grade_and_does_not_repeat_that(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    letter = entry(
        path="文书/致家长的一封信_中学.docx",
        use="edit",
        format="docx",
        material="parent-letter",
        piece="parent-letter/a",
        title="致家长的一封信·中学",
    )
    page = Page(
        overview([letter | {"outline": ["致家长的一封信", "请您这样做"]}], meta | {"materials": materials}, [], ROOT)
    )
    assert "致家长的一封信·中学" in page.words
    assert "请您这样做" in page.words
    assert "致家长的一封信" not in page.words


def test_proofs_of_one_piece_are_told_apart_and_named_once(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    proofs = [
        entry(
            path=f"发广告公司/小样/手册_{part}.jpg", use="print", format="jpg", material="handbook", piece="handbook/a",
            title=f"手册·{part}·小样",
        )
        for part in ("1-4", "5-8", "9-12")
    ]  # fmt: skip
    words = Page(overview(proofs, meta | {"materials": materials}, [], ROOT)).words
    assert {"小样 1-4", "5-8", "9-12"} <= set(words)


def test_many_proofs_of_a_piece_are_one_link_to_their_folder(
    materials: dict[str, Material], meta: dict[str, Any]
) -> None:
    proofs = [
        entry(path=f"发广告公司/小样/手册_{part}.jpg", format="jpg", piece="handbook/a", title=f"手册·{part}·小样")
        for part in ("1-4", "5-8", "9-12", "13-16", "17-20")
    ]
    page = Page(overview([entry(piece="handbook/a"), *proofs], meta | {"materials": materials}, [], ROOT))
    assert "小样 5 张" in page.words
    assert "小样 1-4" not in page.words
    assert "发广告公司/小样/" in [unquote(address) for address in page.addresses]


def test_foreign_text_is_shown_as_typed(pack: Pack) -> None:
    typed = "<script>alert(1)</script> {{ 7 * 7 }} & \"'"
    pack.meta |= {"headlines": [typed], "contact": {"id": "x", "name": typed}}
    pack.deliver(problems=[warning("odd", typed)])
    page = page_of(pack)
    assert "script" not in page.tags
    assert [word for word in page.words if word == typed]


def test_what_went_wrong_comes_before_the_pieces_in_plain_words(pack: Pack) -> None:
    span = Span("content/scams/刷单返利.yaml", 6, 3)
    bad = Withheld("poster/b", "海报·冒充客服", (error("overflow", "大标题放不下", span, piece="poster/b"),))
    pack.deliver(problems=[warning("review-by", "复审期限已过", piece="led/led")], withheld=[bad])
    words = page_of(pack).words
    order = [words.index(shown) for shown in (
        "1 件没有做出来", "海报·冒充客服", "大标题放不下", "content/scams/刷单返利.yaml 第 6 行", "1 处请人看一眼",
        "LED标语", "复审期限已过", "这套物料没有署名", "刷单返利",
    )]  # fmt: skip
    assert order == sorted(order)
    assert "overflow" not in words


def test_many_warnings_are_folded_away_but_all_there(pack: Pack) -> None:
    pack.deliver(problems=[warning("w", f"第{number}处", Span("content/a.yaml", number)) for number in range(1, 31)])
    page = page_of(pack)
    assert "details" in page.tags
    assert {f"第{number}处" for number in range(1, 31)} <= set(page.words)


def test_a_pack_without_a_signature_says_how_to_get_one(pack: Pack) -> None:
    pack.deliver()
    words = page_of(pack).words
    assert "这套物料没有署名" in words
    assert "generate --audience school --contact 文件名" in words


def test_a_signed_pack_says_who_signs(pack: Pack) -> None:
    pack.meta["contact"] = {"id": "一中", "name": "第一中学"}
    pack.deliver()
    words = page_of(pack).words
    assert "第一中学" in words
    assert "这套物料没有署名" not in words
    assert "样张 请勿印刷" not in words


def test_a_sample_says_so_on_top(pack: Pack) -> None:
    pack.meta |= {"contact": {"id": "样例学校", "name": "××市××中学"}, "sample": True}
    pack.deliver()
    words = page_of(pack).words
    assert words.index("样张 请勿印刷") < words.index("谁拿什么" if "谁拿什么" in words else "发广告公司")


def test_an_empty_pack_still_has_a_page_that_says_why(pack: Pack) -> None:
    with Staging(pack.folder) as staging:
        bad = [Withheld("poster/a", "海报", (error("glyph", "缺字", piece="poster/a"),))]
        add_pack_files(staging, pack.meta, [], bad, None, materials=pack.materials, root=ROOT)
        done = staging.commit(pack.meta, [], bad, None)
    assert done.written == [OVERVIEW]
    words = page_of(pack).words
    assert "这次没有做出物料" in words
    assert "缺字" in words


def test_a_folder_nobody_described_is_shown_all_the_same(meta: dict[str, Any]) -> None:
    html = overview([entry(path="新样式/甲.docx", use="edit", format="docx", piece="x")], meta, [], ROOT)
    assert "新样式" in Page(html).words


@pytest.mark.parametrize("name", THEMES)
def test_the_page_wears_the_audiences_theme(meta: dict[str, Any], name: str) -> None:
    meta["theme"] = theme(name)
    html = overview([], meta, [], ROOT)
    for token, colour in meta["theme"]["colours"].items():
        assert f"--{token.replace('_', '-')}: {colour['rgb']};" in html
    assert f'class="pattern {meta["theme"]["pattern"]}"' in html


def test_a_template_that_names_what_does_not_exist_is_a_problem_of_the_templates(
    meta: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "templates/overview"
    folder.mkdir(parents=True)
    (folder / "overview.html.j2").write_text("ok\n{{ nothing }}", encoding="utf-8")
    with pytest.raises(ContentError, match="nothing"):
        overview([], meta, [], tmp_path)
    (folder / "overview.html.j2").write_text("ok\n\n{% if %}", encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        overview([], meta, [], tmp_path)
    assert str(raised.value.problems[0].span) == "templates/overview/overview.html.j2:3:1"
