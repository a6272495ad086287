"""The survey that places fill in, read back cell by cell; what it asks for is what is made and ordered."""

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.app import _made_of
from generator.feeds.base import materials_for
from generator.library import Library
from generator.logbook import LOG_COLUMNS, LOG_SHEET
from generator.model.design import Material, Theme
from generator.model.needs import Need, shared_out, sizes_of
from generator.order import order_sheet
from generator.plan import Request, plan
from generator.survey import SHEET, columns, read_survey
from generator.typesetting.phrases import Breaker
from generator.workbooks import read
from tests.command import run, sums

Fill = Callable[[Sequence[Sequence[Any]]], Path]


@pytest.fixture(scope="module")
def materials(library: Library) -> list[Material]:
    return materials_for(library, library.audiences["school"])


@pytest.fixture
def fill(tmp_path: Path, original: Path) -> Fill:
    """A blank survey of the command's, its lines filled in as WPS saves them."""
    path = tmp_path / "需求统计表.xlsx"
    assert run("survey", "--audience", "学校", "--root", original, "--to", path).code == 0

    def filled(lines: Sequence[Sequence[Any]]) -> Path:
        book = openpyxl.load_workbook(path)
        page = book[SHEET]
        first = next(row[0].row for row in page.iter_rows() if row[0].value == "地点") or 0
        for down, line in enumerate(lines, first + 1):
            for across, value in enumerate(line, 1):
                page.cell(down, across).value = value
        book.save(path)
        return path

    return filled


def test_a_blank_survey_has_the_audiences_materials_to_choose_from(fill: Fill, materials: list[Material]) -> None:
    book = openpyxl.load_workbook(fill([]))
    assert [cell.value for cell in book[SHEET][3]] == [
        "地点", "场所类型", "物料", "实际尺寸", "数量", "负责人", "交付日期",
    ]  # fmt: skip
    told = {row[0].value: row[1].value for row in book["填写说明"].iter_rows(min_row=3)}
    assert told["海报"] == "420×570 mm"
    assert {material.name for material in materials if "print" in material.formats} <= set(told)


def test_a_form_that_is_there_is_never_written_over(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"filled in")
    for command in ("survey", "records"):
        assert run(command, "--audience", "学校", "--root", original, "--to", path).code == 0
    assert path.read_bytes() == b"filled in"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["表.xlsx", "表_新.xlsx", "表_新1.xlsx"]


def test_the_same_blank_survey_has_the_same_bytes(original: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert run("survey", "--audience", "school", "--root", original, "--to", tmp_path / name).code == 0
    assert len(set(sums(tmp_path).values())) == 1


def test_lines_are_read_as_they_were_meant(fill: Fill, materials: list[Material]) -> None:
    path = fill([
        ["××小区东门", "社区、小区", "海报", None, 12, "张某", datetime(2026, 12, 1)],
        ["教学楼", "学校", "海报·刷单返利", "500×700mm", "２０张", "", "2026年12月3日"],
        ["三年级", "学校", "宣传单", "", 300.0, None, 46000],
        [None] * 7,
        ["西门", None, "海报", "50*70cm", 1, None, None],
    ])  # fmt: skip
    needs, problems = read_survey(path, materials)
    assert problems == []
    assert [(n.material, n.piece, n.size, n.copies, n.due) for n in needs] == [
        ("poster", "", None, 12, date(2026, 12, 1)),
        ("poster", "刷单返利", (500, 700), 20, date(2026, 12, 3)),
        ("flyer", "", None, 300, date(2025, 12, 9)),
        ("poster", "", (500, 700), 1, None),
    ]


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        (["", "学校", "海报", "", 1], "A4", "缺少“地点”"),
        (["东门", "月球", "海报", "", 1], "B4", "没有“月球”"),
        (["东门", "学校", "海爆", "", 1], "C4", "是不是“海报”"),
        (["东门", "学校", "海报", "很大", 1], "D4", "看不懂"),
        (["东门", "学校", "海报", "3×4", 1], "D4", "没有写单位"),
        (["东门", "学校", "海报", "570×420mm", 1], "D4", "比例"),
        (["东门", "学校", "海报", "42×57m", 1], "D4", "检查单位"),
        (["东门", "学校", "三折页", "210×297mm", 1], "D4", "只能做横版"),
        (["东门", "学校", "宣传单", "80×110mm", 1], "D4", "宣传单最小做到 105×142 mm"),
        (["东门", "学校", "提示卡", "54×90mm", 1], "D4", "高 90 mm 时，宽可以是 113 到 "),
        (["东门", "学校", "LED标语", "300×210mm", 1], "D4", "请空着"),
        (["东门", "学校", "海报", "", "几张"], "E4", "不是数字"),
        (["东门", "学校", "海报", "", 2.5], "E4", "不是整数"),
        (["东门", "学校", "海报", "", 0], "E4", "数量是 0"),
        (["东门", "学校", "海报", "", -3], "E4", "请写 1 或更大的整数"),
        (["东门", "学校", "海报", "", "-3张"], "E4", "请写 1 或更大的整数"),
        (["东门", "学校", "海报", "", None], "E4", "缺少“数量”"),
        (["东门", "学校", "横幅", "0.7×8m", 1], "D4", "写反了？请写成 8×0.7m"),
        (["东门", "学校", "竖幅", "6×0.9m", 1], "D4", "写反了？请写成 0.9×6m"),
        (["东门", "学校", "横幅", "8×7m", 1], "D4", "请检查尺寸和单位"),
        (["东门", "学校", "三折页", "A5", 1], "D4", "三折页最小做到"),
        (["东门", "学校", "海报", "", 1, "", "下周"], "G4", "不是日期"),
        (["东门", "学校", "海报", "", "#REF!"], "E4", "出错"),
    ],
)
def test_a_wrong_cell_is_named(fill: Fill, materials: list[Material], line: list[Any], cell: str, said: str) -> None:
    needs, problems = read_survey(fill([line]), materials)
    assert needs == []
    assert [problem.message.partition("：")[0] for problem in problems] == [f"“{SHEET}”表 {cell}"]
    assert said in problems[0].message
    assert problems[0].span is not None
    assert (problems[0].span.file, problems[0].span.line) == ("需求统计表.xlsx", 4)


def test_all_wrong_cells_of_a_line_are_told_at_once(fill: Fill, materials: list[Material]) -> None:
    line = ["", "月球", "海爆", "", "几张", "", "下周"]
    sized = ["东门", "月球", "海报", "很大", 0]
    needs, problems = read_survey(fill([line, sized]), materials)
    assert needs == []
    cells = sorted(problem.message.partition("：")[0].partition("表 ")[2] for problem in problems)
    assert cells == ["A4", "B4", "B5", "C4", "D5", "E4", "E5", "G4"]


def test_paper_sizes_lie_as_the_material_does(fill: Fill, materials: list[Material]) -> None:
    path = fill([
        ["东门", "学校", "海报", "A3", 1],
        ["东门", "学校", "宣传单", "a5纸", 1],
        ["东门", "学校", "黑板报", "Ａ２", 1],
        ["东门", "学校", "横幅", "12×0.8m", 1],
    ])  # fmt: skip
    needs, problems = read_survey(path, materials)
    assert problems == []
    assert [each.size for each in needs] == [(297, 420), (148, 210), (594, 420), (12000, 800)]


def test_the_form_offers_only_what_a_survey_can_order(fill: Fill) -> None:
    told = {row[0].value for row in openpyxl.load_workbook(fill([]))["填写说明"].iter_rows(min_row=3)}
    assert {"海报", "温馨提示"} <= told
    assert not told & {"活动小结", "短视频", "致财务人员的一封信"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("活动小结", "generate summary"), ("短视频", "--video"), ("致财务人员的一封信", "删去这一行")],
)
def test_what_a_survey_cannot_order_is_a_problem_that_says_what_to_do_instead(
    original: Path, fill: Fill, tmp_path: Path, name: str, said: str
) -> None:
    path = fill([["东", None, "海报", None, 1], ["东", None, name, None, 1]])
    ran = run("--audience", "school", "--survey", path, "--root", original, "--output", tmp_path / "o", "--json")
    assert ran.code == 1
    assert [problem["message"].partition("：")[0] for problem in ran.problems] == [f"“{SHEET}”表 C5"]
    assert said in ran.problems[0]["message"]


def test_films_can_be_ordered_where_films_are_made(library: Library, fill: Fill, materials: list[Material]) -> None:
    path = fill([["东", None, "短视频", None, 1]])
    needs, problems = read_survey(path, materials, _made_of(library, Request("school", also=("film",))))
    assert ([each.material for each in needs], problems) == (["film"], [])
    assert read_survey(path, materials, _made_of(library, Request("school")))[0] == []


def test_a_design_that_does_not_exist_is_told_at_its_cell_alone(original: Path, fill: Fill, tmp_path: Path) -> None:
    path = fill([["东门", "学校", "海报·AI换脸", None, 3]])
    ran = run("--audience", "school", "--survey", path, "--root", original, "--output", tmp_path / "o", "--json")
    errors = [problem for problem in ran.problems if problem["severity"] == "error"]
    assert [problem["message"].partition("：")[0] for problem in errors] == [f"“{SHEET}”表 C4"]
    assert "是不是“AI换脸拟声”" in errors[0]["message"]


def test_columns_may_be_moved_but_not_renamed(tmp_path: Path, materials: list[Material]) -> None:
    book = openpyxl.Workbook()
    page = book.create_sheet(SHEET)
    page.append(["数量", "地点", "本单位备注", "物料"])
    page.append([3, "东门", "随便写", "海报"])
    book.save(tmp_path / "表.xlsx")
    needs, problems = read_survey(tmp_path / "表.xlsx", materials)
    assert [(need.place, need.copies) for need in needs] == [("东门", 3)]
    assert problems == []
    page["A1"] = "张数"
    book.save(tmp_path / "表.xlsx")
    _, problems = read_survey(tmp_path / "表.xlsx", materials)
    assert "没有找到表头“数量”" in problems[0].message


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("没有.xlsx", None, "没有这个文件"),
        ("表.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
        ("表.xlsx", b"not a workbook", "不是 .xlsx 表格"),
        ("表.xlsx", b"x" * 5_000_001, "超过 5 MB"),
    ],
)
def test_a_file_that_is_no_workbook_says_what_to_do(
    tmp_path: Path, materials: list[Material], name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    needs, problems = read_survey(tmp_path / name, materials)
    assert needs == []
    assert said in problems[0].message


def test_a_workbook_that_unpacks_to_a_mountain_is_refused(tmp_path: Path, materials: list[Material]) -> None:
    with zipfile.ZipFile(tmp_path / "表.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 61_000_000)
    assert "太大" in read_survey(tmp_path / "表.xlsx", materials)[1][0].message


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.dates()), max_size=7))
def test_whatever_stands_in_a_line_is_read_or_named(line: list[Any]) -> None:
    """Straight into the reader's own step: openpyxl refuses to save much of this."""
    from generator.workbooks import _row

    wanted = columns([])
    typed = {column.name: value for column, value in zip(wanted, line, strict=False)}
    cells = {column.name: f"{'ABCDEFG'[at]}4" for at, column in enumerate(wanted)}
    places = {column.name: at for at, column in enumerate(wanted)}
    row, problems = _row(4, typed, cells, wanted, "表.xlsx", SHEET, places)
    assert set(row.values) == set(places)
    assert all(problem.message.startswith(f"“{SHEET}”表 ") for problem in problems)


# ---- what is made ------------------------------------------------------------------------------------------


def asked(library: Library, *needs: Need) -> Any:
    return plan(library, Request("school", needs=needs), Breaker(library.glossary))


def need(material: str, copies: int, piece: str = "", size: tuple[float, float] | None = None) -> Need:
    return Need("东门", "学校", material, piece, size, copies)


@given(st.integers(1, 10_000), st.integers(1, 40))
def test_copies_are_shared_out_to_the_last(total: int, designs: int) -> None:
    shares = shared_out(total, [str(n) for n in range(designs)])
    assert sum(shares.values()) == total
    assert max(shares.values()) - min(shares.values()) <= 1


def test_only_what_the_survey_asks_for_is_made(library: Library) -> None:
    made = asked(library, need("poster", 20), need("flyer", 300))
    assert {job.material for job in made.jobs} == {"poster", "flyer"}
    assert sum(made.orders[job.name].copies for job in made.jobs if job.material == "poster") == 20
    assert made.orders["flyer/flyer"].copies == 300
    assert made.orders["flyer/flyer"].addresses == ("东门 300",)


def test_fewer_copies_than_designs_make_the_first_designs(library: Library) -> None:
    usual = [job.name for job in asked(library, need("poster", 500)).jobs]
    few = asked(library, need("poster", 2))
    assert [job.name for job in few.jobs] == usual[:2]


def test_a_design_can_be_asked_for_by_its_name_even_beyond_the_usual_ones(library: Library) -> None:
    usual = {job.title for job in plan(library, Request("school"), Breaker(library.glossary)).jobs}
    assert "海报·AI换脸拟声" not in usual
    made = asked(library, need("poster", 3, "AI换脸拟声"), need("poster", 4, "AI换脸拟声"))
    assert [job.title for job in made.jobs] == ["海报·AI换脸拟声"]
    assert made.orders[made.jobs[0].name].copies == 7


def test_a_design_that_does_not_exist_is_named(library: Library) -> None:
    made = asked(library, need("poster", 3, "AI换脸"))
    assert "是不是“AI换脸拟声”" in made.problems[-1].message


def test_each_size_is_a_piece_of_its_own_for_the_shop_alone(library: Library) -> None:
    needs = (need("poster", 3, "刷单返利"), need("poster", 2, "刷单返利", (500, 700)))
    assert sizes_of(needs, "poster") == (None, (500, 700))
    usual, large = asked(library, *needs).jobs
    assert (usual.name, large.name) == ("poster/刷单返利", "poster@500x700/刷单返利")
    assert "office" in usual.formats
    assert "office" not in large.formats
    sheet = large.data["sheet"]
    assert [side * sheet["enlarge"] for side in sheet["trim"]] == pytest.approx([500, 700])
    assert sheet["bleed"] * sheet["enlarge"] == pytest.approx(3)


def test_a_smaller_size_is_read_from_nearer_by_as_much(library: Library) -> None:
    usual, small = (
        asked(library, need("poster", 3, "刷单返利", size)).jobs[0].data["sheet"] for size in (None, (297, 420))
    )
    assert small["enlarge"] == pytest.approx(297 / 420)
    assert small["distances"] == usual["distances"]
    # What its process holds at true size holds whatever the distance.
    tiny = asked(library, need("poster", 3, "刷单返利", (105, 145))).jobs[0].data["sheet"]
    assert tiny["distances"]["fine"] * 1000 / 200 * tiny["enlarge"] == pytest.approx(tiny["press"]["least_text"] * 0.35)


def test_a_row_of_another_size_is_its_page_enlarged(library: Library) -> None:
    row = library.materials["poster"].model_copy(update={"trim": (297, 420)})
    other = replace(library, materials={**library.materials, "poster": row})
    made = next(
        job for job in plan(other, Request("school"), Breaker(library.glossary)).jobs if job.material == "poster"
    )
    sheet = made.data["sheet"]
    assert [side * sheet["enlarge"] for side in sheet["trim"]] == pytest.approx([297, 420])
    assert {"print", "office", "wechat"} <= set(made.formats)
    assert "tiles-A4" not in made.formats


def test_a_survey_of_several_audiences_is_refused(original: Path, fill: Fill, tmp_path: Path) -> None:
    ran = run(
        "--audience", "school,bank", "--survey", fill([]), "--root", original, "--output", tmp_path / "o", "--json"
    )
    assert ran.code == 2
    assert "一个受众" in ran.problems[0]["message"]


def test_the_command_makes_what_the_survey_says_and_orders_it(original: Path, fill: Fill, tmp_path: Path) -> None:
    path = fill([
        ["东门", "学校", "海报·刷单返利", None, 8, "张某", datetime(2026, 12, 1)],
        ["西门", "学校", "海报·刷单返利", None, 4, "李某", datetime(2026, 11, 30)],
    ])  # fmt: skip
    ran = run("--audience", "school", "--survey", path, "--root", original, "--output", tmp_path / "o", "--json")
    assert ran.code == 0, ran.said
    pack = tmp_path / "o" / "school"
    files = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {one.get("piece") for one in files} == {"poster/刷单返利", None}
    assert any(one["path"].endswith("_12份.jpg") for one in files), "a proof is called after its number"
    page = openpyxl.load_workbook(pack / "发广告公司" / "印刷清单.xlsx")["印刷清单"]
    heads = [cell.value for cell in page[3]]
    row = dict(zip(heads, (cell.value for cell in page[4]), strict=True))
    assert (row["数量"], row["安装/配送地址"]) == (12, "东门 8；西门 4")
    assert row["交货日期"] == datetime(2026, 11, 30)
    said = (pack / "发广告公司" / "发给广告公司的话.txt").read_text(encoding="utf-8-sig")
    assert "共 12 张" in said
    assert "交货日期：2026年11月30日" in said


def test_a_survey_with_a_wrong_cell_makes_nothing(original: Path, fill: Fill, tmp_path: Path) -> None:
    path = fill([["东门", "学校", "海报", None, "几张"], ["西门", "学校", "海爆", None, 1]])
    ran = run("--audience", "school", "--survey", path, "--root", original, "--output", tmp_path / "o", "--json")
    assert ran.code == 1
    assert [problem["message"].split("：")[0] for problem in ran.problems] == ["“需求统计”表 E4", "“需求统计”表 C5"]
    assert not (tmp_path / "o").exists()


def meta_of(root: Path) -> dict[str, Any]:
    text = (root / "templates/themes/campus-blue.yaml").read_text(encoding="utf-8")
    theme = Theme.model_validate(yaml.safe_load(text)).model_dump(mode="json")
    return {"audience": {"id": "school", "name": "学校"}, "date": "2026-11-22", "theme": theme}


# ---- 宣传活动登记表 -------------------------------------------------------------------------------------------


def test_the_log_of_the_blank_form_and_of_the_order_sheet_read_the_same(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    assert run("records", "--audience", "派出所", "--root", original, "--to", path).code == 0
    book = openpyxl.load_workbook(path)
    assert read(path, LOG_SHEET, LOG_COLUMNS) == ([], [])
    order = tmp_path / "印刷清单.xlsx"
    order.write_bytes(order_sheet([], {}, meta_of(original)))
    assert read(order, LOG_SHEET, LOG_COLUMNS) == ([], [])
    line: list[Any] = [datetime(2026, 9, 1), "张贴", "海报", "东门", "学校", 20, "张"]
    for at, value in enumerate(line, 1):
        book[LOG_SHEET].cell(4, at).value = value
    book.save(path)
    rows, problems = read(path, LOG_SHEET, LOG_COLUMNS)
    assert problems == []
    assert rows[0].values["日期"] == date(2026, 9, 1)
    assert rows[0].values["数量"] == 20
