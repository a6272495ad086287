"""From the log to a summary: what was entered is told, and nothing else is."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from generator.feeds.summary import NOT_RECORDED, summary_data
from generator.logbook import LOG_SHEET
from generator.model.records import Record
from tests.command import run, sums

POSTER = Record(date(2026, 6, 3), "张贴", "××支行大厅", "银行网点", "海报", 2, "张", handler="小李", photo="IMG_1")
TALK = Record(date(2026, 6, 8), "讲座", "××小区活动室", "社区、小区", "防骗课堂", people=45, photo="IMG_2")
FLYER = Record(date(2026, 6, 9), "发放", "××小区活动室", "社区、小区", "宣传单", 300, "份")
PUSH = Record(date(2026, 6, 12), "推送", "客户微信群", "线上", "微信图片", 12, "次")
STREET = Record(date(2026, 6, 15), "街面宣传", "××商圈", "商圈、街面")


def test_sums_are_of_what_was_entered() -> None:
    data = summary_data([FLYER, POSTER, replace(POSTER, place="××支行二楼", count=3), PUSH])
    assert data["期间"] == "2026年6月3日至6月12日"
    assert [(one["方式"], one["物料"], one["合计"], one["处"]) for one in data["线下"]] == [
        ("张贴", "海报", "5张", 2), ("发放", "宣传单", "300份", 1),
    ]  # fmt: skip
    assert [one["合计"] for one in data["线上"]] == ["12次"]
    assert data["条数"] == 4


def test_what_was_not_entered_is_said_and_never_guessed() -> None:
    data = summary_data([POSTER, replace(POSTER, place="××支行二楼", count=None), replace(FLYER, count=None), STREET])
    sums = {one["物料"]: one["合计"] for one in data["线下"]}
    assert sums == {"海报": "2张（另有1处未登记数量）", "宣传单": NOT_RECORDED}
    assert data["走访"]["人次"] == NOT_RECORDED
    assert (data["缺数量"], data["缺照片"]) == (2, 2)


def test_units_are_never_added_to_other_units() -> None:
    data = summary_data([POSTER, replace(POSTER, unit="套", count=1)])
    assert [one["合计"] for one in data["线下"]] == ["2张", "1套"]


def test_talks_and_places_are_listed_as_they_were() -> None:
    data = summary_data([TALK, FLYER, POSTER, replace(TALK, people=None, day=date(2026, 6, 20))])
    assert (data["讲座"]["场次"], data["讲座"]["人次"]) == (2, "45人次（另有1处未登记数量）")
    into = {one["去处"]: one for one in data["走进"]}
    assert list(into) == ["银行", "社区"]
    assert into["社区"]["地点"] == ["××小区活动室"]
    assert into["社区"]["做了"] == ["发放宣传单300份", "讲座2场、受众45人次（另有1处未登记数量）"]
    assert [one["编号"] for one in data["照片"]] == ["IMG_1", "IMG_2", "IMG_2"]


# ---- the command ---------------------------------------------------------------------------------------


def filled(folder: Path, audience: str, rows: list[list[Any]]) -> Path:
    """The blank log as the command makes it, with ``rows`` typed into it."""
    path = folder / "登记.xlsx"
    assert run("records", "--audience", audience, "--to", path).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book[LOG_SHEET]
    first = next(number for number in range(1, 12) if sheet.cell(number, 1).value == "日期") + 1
    for at, row in enumerate(rows, first):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value
    book.save(path)
    return path


ROWS: list[list[Any]] = [
    ["2026-6-3", "张贴", "海报", "××支行大厅", "银行网点", 2, "张", None, "小李", "IMG_1", None],
    ["2026-6-5", "培训", "识别与劝阻", "××支行会议室", "单位内部", None, None, 18, "老王", None, None],
    ["2026-6-9", "发放", "宣传单", "××小区", "社区、小区", None, "份", None, None, None, None],
]


def words_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_a_log_becomes_a_summary_and_a_report_beside_the_pack(original: Path, tmp_path: Path) -> None:
    path = filled(tmp_path, "bank", ROWS)
    out = tmp_path / "out"
    place = ("--root", original, "--output", out, "--contact", "样例银行", "--json")
    assert run("--audience", "bank", "--only", "温馨提示", *place).code == 0
    before = sums(out / "bank" / "样例银行" / "文书")
    ran = run("summary", "--audience", "bank", "--records", path, *place)
    assert ran.code == 0, ran.said
    folder = out / "bank" / "样例银行" / "文书"
    after = sums(folder)
    assert {name: after[name] for name in before} == before
    made = {"活动小结.docx", "活动小结.pdf", "向人民银行报告.docx", "向人民银行报告.pdf"}
    assert set(after) - set(before) == made
    said = words_of(folder / "活动小结.docx")
    assert "张贴海报2张（1处）" in said
    assert "发放宣传单（未登记）（1处）" in said
    assert "培训1场、受众18人次" in said or "讲座和培训共1场，受众18人次" in said
    assert "IMG_1" in said
    report = words_of(folder / "向人民银行报告.docx")
    assert "文号：____" in report
    assert "报送单位：____" in report
    assert "组织员工培训1场，参加18人次" in report
    assert "____年____月____日" in report
    assert "××银行股份有限公司××市××支行" in report


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["昨天", "张贴", "海报", "大厅"], "“昨天”不是日期"),
        (["2026-6-3", "张帖", "海报", "大厅"], "是不是“张贴”？"),
        (["2026-6-3", "张贴", "海报", None], "缺少“地点”"),
        (["2026-6-3", "张贴", "海报", "大厅", "银行网点", "好多"], "不是数字"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(
    original: Path, tmp_path: Path, row: list[Any], words: str
) -> None:
    path = filled(tmp_path, "bank", [row])
    out = tmp_path / "out"
    ran = run("summary", "--audience", "bank", "--records", path, "--root", original, "--output", out, "--json")
    assert ran.code == 1
    [problem] = ran.problems
    assert words in problem["message"]
    assert problem["file"] == "登记.xlsx"
    assert f"“{LOG_SHEET}”表" in problem["message"]
    assert not out.exists()


def test_an_empty_log_makes_no_summary(original: Path, tmp_path: Path) -> None:
    path = filled(tmp_path, "station", [])
    out = tmp_path / "out"
    ran = run("summary", "--audience", "station", "--records", path, "--root", original, "--output", out, "--json")
    assert ran.code == 1
    assert "还没有填" in ran.problems[0]["message"]
    assert not out.exists()
