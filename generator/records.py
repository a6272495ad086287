"""A filled-in 宣传活动登记表.xlsx → records. What is wrong with a row is said by sheet and cell."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from generator.errors import Problem, Span, error
from generator.logbook import LOG_COLUMNS, LOG_SHEET
from generator.model.records import Record
from generator.workbooks import Row, read


def read_records(paths: Sequence[Path]) -> tuple[list[Record], list[Problem]]:
    """The records of all workbooks, and their problems; rows with a problem are not among the records."""
    records: list[Record] = []
    problems: list[Problem] = []
    for path in paths:
        rows, wrong = read(path, LOG_SHEET, LOG_COLUMNS)
        wrong_rows = {problem.span.line for problem in wrong if problem.span}
        records += [_record(row, path.name) for row in rows if row.number not in wrong_rows]
        problems += wrong
    if not records and not problems:
        names = "、".join(path.name for path in paths)
        problems.append(error("empty-records", f"{names} 的“{LOG_SHEET}”表还没有填", Span(paths[0].name)))
    return records, problems


def _record(row: Row, file: str) -> Record:
    day, count, people = (row.values.get(name) for name in ("日期", "数量", "受众人次"))
    assert isinstance(day, date)  # a required column: without it the row has a problem
    return Record(
        day=day,
        way=row.text("方式"),
        place=row.text("地点"),
        place_kind=row.text("场所类型") or None,
        material=row.text("物料") or None,
        count=count if isinstance(count, int) else None,
        unit=row.text("单位") or None,
        people=people if isinstance(people, int) else None,
        handler=row.text("经办人") or None,
        photo=row.text("照片编号") or None,
        note=row.text("备注") or None,
        span=Span(file, row.number, 1, row.number, 1),
    )
