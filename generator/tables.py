"""A table as a spreadsheet saves it (CSV) → plain text values, where each stands, and what is wrong with it.

First lines of a name and a value (``来源,××派出所``), then a line of column names, then a line for each row. Commas,
full-width commas, semicolons and tabs part cells; UTF-8, UTF-16 and GBK are read.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from generator.errors import Problem, Span, error
from generator.reading import KEY, Path
from generator.source import Source, lines_of, shown

_CELL: Final = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,，;；\t"]*))\s*(?:[,，;；\t]|$)')
_TOTALS: Final = ("合计", "总计", "小计", "总数")


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    span: Span


def read_table(data: bytes, file: str, rows: str, column: str) -> Source:
    """A CSV file as what a YAML file of the same content would be: its rows are the list ``rows``; the line that has
    ``column`` in it names the columns. Rows of totals are left out."""
    lines = lines_of(data, file)
    if isinstance(lines, Source):
        return lines
    table = _Table(file, rows, column)
    for number, typed in enumerate(lines, 1):
        table.take(list(_cells(typed, file, number)), number)
    return table.source(lines, hashlib.sha256(data).hexdigest())


def _cells(line: str, file: str, number: int) -> Iterator[_Cell]:
    at = 0
    while at < len(line) and (found := _CELL.match(line, at)):
        group = 1 if found[1] is not None else 2
        start, end = found.span(group)
        text = found[group].replace('""', '"').strip()
        yield _Cell(text, Span(file, number, start + 1, number, end + 1))
        at = found.end()
    if at < len(line):
        yield _Cell(line[at:].strip(), Span(file, number, at + 1, number, len(line) + 1))


@dataclass(slots=True)
class _Table:
    """What has been read so far."""

    file: str
    rows: str
    column: str
    value: dict[str, Any] = field(default_factory=dict)
    spans: dict[Path, Span] = field(default_factory=dict)
    columns: list[_Cell] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, cells: Sequence[_Cell], number: int) -> None:
        filled = [cell for cell in cells if cell.text]
        if not filled or filled[0].text.startswith("#"):
            return
        if self.columns:
            self._row(cells)
        elif self.column in [cell.text for cell in filled] and len(filled) > 1:
            self.columns = list(cells)
            self.value[self.rows] = []
            self.spans[(self.rows,)] = filled[0].span
        else:
            self._line(filled)

    def _line(self, filled: Sequence[_Cell]) -> None:
        """A name and its value."""
        if len(filled) == 1:
            message = f"“{filled[0].text}”后面没有内容；表头以前每行写“名称,内容”，如“来源,××派出所接报警情统计”"
            self.problems.append(error("blank", message, filled[0].span))
            return
        name, path = filled[0], (filled[0].text,)
        self.value[name.text] = "，".join(cell.text for cell in filled[1:])
        end = filled[-1].span
        self.spans[path] = Span(self.file, end.line, filled[1].span.column, end.line, end.end_column)
        self.spans[(*path, KEY)] = name.span

    def _row(self, cells: Sequence[_Cell]) -> None:
        first = next(cell for cell in cells if cell.text)
        if first.text in _TOTALS:
            return
        path = (self.rows, len(self.value[self.rows]))
        row = {}
        for at, cell in enumerate(cells):
            if not cell.text:
                continue
            if at >= len(self.columns) or not self.columns[at].text:
                self.problems.append(error("too-many", f"“{cell.text}”这一格上面没有表头，请检查逗号", cell.span))
                continue
            name = self.columns[at]
            row[name.text] = cell.text
            self.spans[(*path, name.text)] = cell.span
            self.spans[(*path, name.text, KEY)] = name.span
        self.value[self.rows].append(row)
        end = cells[-1].span
        self.spans[path] = Span(self.file, end.line, 1, end.line, end.end_column)

    def source(self, lines: list[str], digest: str) -> Source:
        if not self.columns and self.value:
            message = f"没有找到表头：要有一行写着“{self.column}”和别的列名，如“月份,起数,损失（万元）”"
            self.problems.append(error("missing-key", message, Span(self.file)))
        self.spans[()] = Span(self.file)
        quoted = [
            error(each.code, each.message, each.span, quote=shown(lines[each.span.line - 1])) if each.span else each
            for each in self.problems
        ]
        value = self.value if not self.problems else None
        return Source(self.file, value or ("" if not quoted else None), self.spans, tuple(lines), tuple(quoted), digest)
