"""Workbooks that people fill in WPS or Excel: made with the same bytes each time, read back cell by cell.

A ``Column`` says what stands below a heading; ``Book`` writes sheets, ``read`` turns a filled-in sheet into rows
and a problem for each cell that is not what its column wants. Nothing that is written is ever run as a formula.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from generator.errors import Problem, Span, error, warning
from generator.model.primitives import day_of

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell

Value = str | int | date | None
"""What a cell holds once it is read: text, a whole number, a day, or nothing."""

MOST_ROWS: Final = 2000
"""Rows of a sheet that are read; a form that people fill has fewer."""
MOST_BYTES: Final = 5_000_000
"""Of a workbook; without pictures a filled form has a hundredth of it."""
MOST_UNPACKED: Final = 60_000_000
"""Bytes of all parts of a workbook once unpacked: more is no form, but a trap."""
LEAST_ROW: Final = 33
LINE: Final = 15.5
"""Points: of a table's row, and of a line of 10-pt type in it."""
HEADING_ROWS: Final = 12
"""The headings stand in one of the first rows."""
SERIALS: Final = (36526, 73050)
"""2000-01-01 and 2099-12-31 as Excel counts days: what a date becomes in a cell whose format somebody cleared."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it. ``width`` in characters of the default font.

    ``choices`` are offered in a list; with ``kind`` choice nothing else may be written. ``hint`` is shown when
    the cell is chosen. ``hidden`` columns are there for who looks for them and do not print.
    """

    name: str
    width: float
    kind: Literal["text", "whole", "day", "choice"] = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    hidden: bool = False
    align: Literal["left", "center"] = "left"


# ---- writing ---------------------------------------------------------------------------------------------


class Book:
    """A workbook in the making. ``colours``: the theme's tokens (``ground``, ``on_ground``, ``line``…) as RGB."""

    def __init__(self, title: str, edition: date, colours: Mapping[str, str]) -> None:
        import xlsxwriter

        as_typed = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        self._buffer = BytesIO()
        # in memory every part of the zip gets the same fixed date
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True, **as_typed})
        self._book.set_properties({"title": title, "created": datetime.combine(edition, time())})
        self._colours = colours
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str, columns: Sequence[Column]) -> "Sheet":
        """A new sheet, A4 landscape, as wide as the paper."""
        return Sheet(self, self._book.add_worksheet(name), name, columns)

    def bytes(self) -> bytes:
        """The finished file; nothing can be written after."""
        self._book.close()
        return self._buffer.getvalue()

    def style(self, **more: Any) -> Any:
        """A cell format: the family's font, wrapped, a hairline in the theme's colour around it."""
        common = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
        indent = {"indent": 1} if more.get("align") == "left" and more.get("border") != 0 else {}
        wanted = common | {"border_color": self._colours["line"]} | indent | more
        key = tuple(sorted(wanted.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(wanted)
        return self._styles[key]

    def colour(self, token: str) -> str:
        """A theme colour as ``#RRGGBB``."""
        return self._colours[token]


class Sheet:
    """One sheet: lines across the top, headings, rows, lines across the foot. Rows count from 0."""

    def __init__(self, book: Book, page: Any, name: str, columns: Sequence[Column]) -> None:
        self._book, self._page, self._name, self.columns = book, page, name, tuple(columns)
        self._row = 0
        self._printed = sum(not column.hidden for column in columns)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.hide_gridlines(2)
        page.set_footer("&C第 &P 页，共 &N 页")
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width, None, {"hidden": column.hidden})

    def title(self, text: str) -> None:
        """The sheet's own heading."""
        big = self._book.style(
            bold=True, font_size=18, border=0, font_color=self._book.colour("ground"), align="left", text_wrap=False
        )
        self.across(text, 30, big)

    def line(self, text: str, size: float = 10, height: float = 20) -> None:
        """A line without a border across all columns; ``height`` in points."""
        self.across(text, height, self._book.style(font_size=size, border=0, align="left"))

    def across(self, text: str, height: float, style: Any = None) -> None:
        """A text over all printed columns; bordered and bold where no style is given."""
        style = style or self._book.style(bold=True, font_size=12, align="left")
        self._page.set_row(self._row, height)
        if self._printed > 1:
            self._page.merge_range(self._row, 0, self._row, self._printed - 1, "", style)
        self._page.write_string(self._row, 0, text, style)
        self._row += 1

    def headings(self) -> None:
        """The row of headings, repeated on every printed page and kept in sight on the screen."""
        style = self._book.style(
            bold=True, align="center", bg_color=self._book.colour("ground"), font_color=self._book.colour("on_ground")
        )
        self._page.set_row(self._row, 26)
        for at, column in enumerate(self.columns):
            self._page.write_string(self._row, at, column.name, style)
        self._page.repeat_rows(self._row)
        self._page.freeze_panes(self._row + 1, 0)
        self._row += 1

    def row(self, values: Sequence[Value], height: float | None = None) -> None:
        """One line of the table; numbers and days as such. Without a height, as high as its printed cells need."""
        self._page.set_row(self._row, self._needed(values) if height is None else height)
        for at, value in enumerate(values):
            self._cell(at, value)
        self._row += 1

    def blanks(self, count: int, height: float = 24) -> None:
        """Empty lines to fill in, each cell offering and checking what its column wants."""
        first = self._row
        for _ in range(count):
            self.row([None] * len(self.columns), height)
        for at, column in enumerate(self.columns):
            if rule := self._rule(column):
                self._page.data_validation(first, at, self._row - 1, at, rule)
        # Empty cells at the end of a sheet print only where they are said to.
        self._page.print_area(0, 0, self._row - 1, self._printed - 1)

    def _needed(self, values: Sequence[Value]) -> float:
        """Points that the longest cell takes when its text wraps. Excel and WPS do not say: they measure on opening."""
        shown = zip(self.columns, values, strict=True)
        lines = [_lines(str(value), column.width) for column, value in shown if value and not column.hidden]
        return max(LEAST_ROW, LINE * max(lines, default=1) + 4)

    def _cell(self, at: int, value: Value) -> None:
        column, row, page = self.columns[at], self._row, self._page
        align = column.align
        if isinstance(value, date):
            page.write_datetime(
                row, at, datetime.combine(value, time()), self._book.style(align="center", num_format="yyyy-m-d")
            )
        elif isinstance(value, int):
            page.write_number(row, at, value, self._book.style(align=align))
        elif value:
            # a text cell is no formula, but would become one when somebody types Enter in it
            page.write_string(row, at, value, self._book.style(align=align, quote_prefix=value[0] in "=+-@"))
        else:
            kinds = {"day": {"num_format": "yyyy-m-d", "align": "center"}, "text": {"num_format": "@"}}
            page.write_blank(row, at, None, self._book.style(**({"align": align} | kinds.get(column.kind, {}))))

    def _rule(self, column: Column) -> dict[str, Any]:
        """What the sheet lets a person type; ``read`` checks it all again, since pasting evades these."""
        said = {"input_title": column.name[:32], "input_message": column.hint[:255]} if column.hint else {}
        if column.choices and len(",".join(column.choices)) < 255:
            strict = column.kind == "choice"
            return {
                "validate": "list", "source": list(column.choices), "error_type": "stop" if strict else "information",
                "show_error": strict, "error_message": "请从列表里选", **said,
            }  # fmt: skip
        if column.kind == "whole":
            return {
                "validate": "integer", "criteria": ">", "value": 0, "error_message": "请写大于 0 的整数", **said,
            }  # fmt: skip
        return {"validate": "any", **said} if said else {}


def _lines(text: str, width: float) -> int:
    """On how many lines a text stands in a column; a Hanzi is two characters wide, margins and indent take two."""
    wide = sum(1 + (unicodedata.east_asian_width(mark) in "WF") for mark in text)
    return math.ceil(wide / (width - 2))


# ---- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A filled-in line: its values by heading, and its number in the sheet (from 1)."""

    number: int
    values: Mapping[str, Value]
    cells: Mapping[str, str]

    def text(self, name: str) -> str:
        """A text cell; empty when nothing is written."""
        return str(self.values.get(name) or "")


def read(path: Path, sheet: str, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """The filled-in lines of a sheet and everything that is wrong with them, by sheet and cell.

    Never raises for what a person did to the file: not a workbook, no such sheet, headings moved or gone, a
    formula, a number as text, a date as a serial number.
    """
    file = path.name
    if found := _unreadable(path):
        return [], [error("bad-workbook", f"读不了 {file}：{found}", Span(file))]
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as reason:  # openpyxl raises whatever its XML and zip readers do
        return [], [
            error("bad-workbook", f"读不了 {file}（{type(reason).__name__}）：请在 WPS 里另存为 .xlsx", Span(file))
        ]
    try:
        if sheet not in book.sheetnames:
            there = "、".join(book.sheetnames)
            return [], [error("no-sheet", f"{file} 里没有“{sheet}”表（有：{there}）；请不要改表名", Span(file))]
        lines = [tuple(line) for line in book[sheet].iter_rows(max_row=MOST_ROWS + HEADING_ROWS)]
    finally:
        book.close()
    return _rows(lines, file, sheet, columns)


def _unreadable(path: Path) -> str:
    """Why the file is no workbook that can be read; empty when it is one."""
    import zipfile

    if path.suffix.lower() in (".xls", ".et"):
        return "是旧格式，请在 WPS 或 Excel 里另存为 .xlsx"
    try:
        if path.stat().st_size > MOST_BYTES:
            return f"文件超过 {MOST_BYTES // 1_000_000} MB，请删去里面的图片再存"
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                return "内容太大，不是本程序的表格"
    except FileNotFoundError:
        return "没有这个文件，请检查路径"
    except IsADirectoryError:
        return "这是文件夹，请写表格文件的路径"
    except PermissionError:
        return "文件打不开，请先关闭 WPS 里打开的这个表格"
    except (zipfile.BadZipFile, OSError):
        return "不是 .xlsx 表格，请在 WPS 里另存为 .xlsx（加了密码的先去掉密码）"
    return ""


def _rows(
    lines: Sequence[tuple["Cell | MergedCell", ...]], file: str, sheet: str, columns: Sequence[Column]
) -> tuple[list[Row], list[Problem]]:
    at, places = _headings(lines, columns)
    if missing := [column.name for column in columns if column.required and column.name not in places]:
        message = f"“{sheet}”表里没有找到表头“{'、'.join(missing)}”；请不要改表头的字，列可以换位置"
        return [], [error("no-heading", message, Span(file))]
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[at + 1 :], at + 2):
        typed = {name: line[place].value for name, place in places.items() if place < len(line)}
        if all(_is_empty(value) for value in typed.values()):
            continue
        cells = {name: f"{_letters(place)}{number}" for name, place in places.items()}
        row, wrong = _row(number, typed, cells, columns, file, sheet, places)
        problems += wrong
        rows.append(row)
    if len(rows) >= MOST_ROWS:
        message = f"“{sheet}”表超过 {MOST_ROWS} 行，后面的没有读；请分成几个文件"
        problems.append(warning("too-many-rows", message, Span(file)))
    return rows, problems


def _headings(
    lines: Sequence[tuple["Cell | MergedCell", ...]], columns: Sequence[Column]
) -> tuple[int, dict[str, int]]:
    """The row that has the most of the headings, and the place of each."""
    wanted = {column.name for column in columns}
    best: tuple[int, dict[str, int]] = (0, {})
    for at, line in enumerate(lines[:HEADING_ROWS]):
        found = {name: place for place, cell in enumerate(line) if (name := _plain(cell.value)) in wanted}
        if len(found) > len(best[1]):
            best = (at, found)
    return best


def _row(
    number: int,
    typed: Mapping[str, Any],
    cells: Mapping[str, str],
    columns: Sequence[Column],
    file: str,
    sheet: str,
    places: Mapping[str, int],
) -> tuple[Row, list[Problem]]:
    values: dict[str, Value] = {}
    problems = []
    for column in columns:
        if column.name not in places:
            continue
        place = places[column.name] + 1
        value, wrong = _value(typed.get(column.name), column)
        values[column.name] = value
        if wrong:
            problems.append(
                cell_problem(file, sheet, cells[column.name], number, place, wrong, str(typed.get(column.name) or ""))
            )
    return Row(number, values, cells), problems


def cell_problem(file: str, sheet: str, cell: str, row: int, column: int, wrong: str, quote: str = "") -> Problem:
    """A problem of one cell: its sheet and name in words, its row and column as its place."""
    span = Span(file, row, column, row, column + 1)
    return error("bad-cell", f"“{sheet}”表 {cell}：{wrong}", span, quote=quote)


def _value(typed: Any, column: Column) -> tuple[Value, str]:
    """What a cell says, and what is wrong with it."""
    if _is_empty(typed):
        return None, f"缺少“{column.name}”，请填写" if column.required else ""
    if isinstance(typed, str) and typed.startswith("#") and typed.endswith(("!", "?", "A")):
        return None, "是公式的出错结果，请直接写内容"
    if column.kind == "whole":
        return _whole(typed)
    if column.kind == "day":
        return _day(typed)
    text = _plain(typed)
    if column.kind == "choice" and text not in column.choices:
        near = get_close_matches(text, column.choices, 1, 0.5)
        better = f"是不是“{near[0]}”？" if near else f"可以写：{'、'.join(column.choices)}"
        return None, f"没有“{text}”；{better}"
    return text, ""


_COUNT: Final = re.compile(r"(\d{1,9})\s*(?:\.0+)?\s*(?:张|份|条|块|个|本|套|面|台|幅|件|场|次|人次|人|户)?")


def _whole(typed: Any) -> tuple[Value, str]:
    if isinstance(typed, bool):
        return None, "请写整数"
    if isinstance(typed, (int, float)):
        if float(typed).is_integer() and 0 <= typed < 10**9:
            return int(typed), ""
        return None, f"“{typed:g}”不是整数" if typed > 0 else f"“{typed:g}”不行，请写 1 或更大的整数"
    text = _plain(typed).replace(",", "")
    if re.fullmatch(r"[-\u2212－]\s*\d.*", text):
        return None, f"“{text}”不行，请写 1 或更大的整数"
    found = _COUNT.fullmatch(text)
    return (int(found[1]), "") if found else (None, f"“{text}”不是数字，请写 20 这样的整数")


def _day(typed: Any) -> tuple[Value, str]:
    if isinstance(typed, datetime):
        return typed.date(), ""
    if isinstance(typed, date):
        return typed, ""
    if isinstance(typed, (int, float)) and not isinstance(typed, bool) and SERIALS[0] <= typed <= SERIALS[1]:
        from openpyxl.utils.datetime import from_excel

        return from_excel(int(typed)).date(), ""
    text = _plain(typed)
    day = day_of(text)
    return (day, "") if day else (None, f"“{text}”不是日期，请写成 2026-06-15 这样")


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not _plain(value))


def _plain(value: Any) -> str:
    """A cell's words as they are compared: half-width, without spaces and line breaks around them."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date().isoformat()
    typed = "" if value is None else str(value)
    # Full-width digits and letters become half-width; in a Chinese text that would turn its punctuation into ASCII.
    half = unicodedata.normalize("NFKC", typed)
    return " ".join((half if half.isascii() else typed).split())


def _letters(place: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def texts(rows: Sequence[Row], name: str) -> Iterator[str]:
    """The texts of one column, those that are written."""
    return (text for row in rows if (text := row.text(name)))
