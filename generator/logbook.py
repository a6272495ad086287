"""宣传活动登记: what was put up, handed out, told and sent, one line a place; the same table in two workbooks.

The blank workbook is 宣传活动登记表.xlsx; the order sheet carries the same table on its second sheet.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from generator.workbooks import Book, Column

LOG_SHEET: Final = "发放登记"
"""The name of the sheet in both workbooks."""

WAYS: Final = ("张贴", "悬挂", "摆放", "发放", "播放", "推送", "讲座", "入户走访", "街面宣传", "培训")
"""How something reached people; 播放 is a screen, 推送 a chat group."""

PLACE_KINDS: Final = (
    "社区、小区", "农村", "学校", "银行网点", "企业", "商圈、街面", "快递外卖站点", "派出所、窗口", "单位内部", "线上",
    "其他",
)  # fmt: skip

LOG_COLUMNS: Final = (
    Column("日期", 12, "day", required=True, hint="如 2026-6-15", align="center"),
    Column("方式", 10, "choice", WAYS, required=True, align="center"),
    Column("物料", 16, hint="海报、横幅、宣传单……；讲座写题目"),
    Column("地点", 26, required=True, hint="写到能找到的地方，如 ××小区3号楼大厅"),
    Column("场所类型", 13, "choice", PLACE_KINDS, align="center"),
    Column("数量", 8, "whole", align="center", hint="张、份、条、块、场的个数"),
    Column("单位", 6, align="center"),
    Column("受众人次", 9, "whole", align="center", hint="讲座、走访、培训时填"),
    Column("经办人", 10, align="center"),
    Column("照片编号", 16, hint="照片的文件名或编号"),
    Column("备注", 20),
)

BLANK_ROWS: Final = 120

HINTS: Final = (
    "一处一行，做一次登一次；没有的格子空着，汇总时会标“（未登记）”，不会编数字。",
    "“方式”“场所类型”从列表里选。照片写文件名，放在一个文件夹里备查，不要贴进表格。",
    "用 WPS 或 Excel 填，存成 .xlsx；汇总：generate summary --records 宣传活动登记表.xlsx",
)


def log_book(edition: date, colours: Mapping[str, str], about: str) -> bytes:
    """A blank 宣传活动登记表.xlsx. ``about``: whose it is, in one line."""
    book = Book("宣传活动登记表", edition, colours)
    page = book.sheet(LOG_SHEET, LOG_COLUMNS)
    page.title("反诈宣传活动登记表")
    page.line(about)
    page.headings()
    page.blanks(BLANK_ROWS)
    _hints(page_lines=HINTS, book=book)
    return book.bytes()


def _hints(page_lines: Sequence[str], book: Book) -> None:
    page = book.sheet("填写说明", (Column("说明", 90),))
    page.title("怎么填")
    for text in page_lines:
        page.line(text, 11, 24)
