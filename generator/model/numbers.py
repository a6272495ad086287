"""A unit's own monthly numbers, as its clerk counts them. No file is read here."""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from generator.model.content import Item
from generator.model.primitives import MONTH, Day, Line, Strict

# A spreadsheet turns 2026-08 into a day when it saves a table.
_MONTH: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:月|[-/.]\s*1|[-/.]\s*01)?")


def _month(value: object) -> object:
    if isinstance(value, str):
        found = _MONTH.fullmatch(value.strip())
        if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2099:
            raise PydanticCustomError("month", "请写成 2026-08 这样的月份")
        return date(int(found[1]), int(found[2]), 1)
    return value


Month = Annotated[date, BeforeValidator(_month), MONTH]
"""The first day of a month: 2026-08, 2026年8月 or 2026/8/1."""


class Count(Strict):
    """How many cases a month had, of one type or of all; ``losses`` in 万元."""

    month: Month
    kind: Line | None = None
    cases: Annotated[int, Field(ge=0, le=1_000_000)]
    losses: Annotated[float, Field(ge=0, le=10_000_000)] | None = None


class Numbers(Item):
    """数据: the numbers of one unit, for its own decks. Who counted them and up to which day must be said."""

    contact: Line
    source: Line
    until: Day
    rows: Annotated[tuple[Count, ...], Field(min_length=1, max_length=600)]
