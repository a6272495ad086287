"""A unit's monthly numbers as a lecture shows them: by month and by type, with where they come from."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from generator.feeds.base import Pack
from generator.model.numbers import Count, Numbers
from generator.render.base import Json

MOST_MONTHS: Final = 12
MOST_KINDS: Final = 5


def numbers_of(pack: Pack) -> tuple[str, Json] | None:
    """The newest numbers of the unit that signs and its reference; None when it has none or nobody signs.

    Only the last months are shown, and counted: a sum is of what stands above it.
    """
    own = {name: each for name, each in pack.library.numbers.items() if each.contact == pack.contact_id}
    if not own:
        return None
    name = max(own, key=lambda each: (own[each].until, each))
    return f"numbers/{name}", _plain(own[name])


def _plain(numbers: Numbers) -> Json:
    months = sorted({row.month for row in numbers.rows})[-MOST_MONTHS:]
    rows = [row for row in numbers.rows if row.month in months]
    kinds = dict.fromkeys(row.kind for row in rows if row.kind)
    by_kind = [{"name": kind, "cases": _cases(row for row in rows if row.kind == kind)} for kind in kinds]
    by_kind.sort(key=lambda each: -int(str(each["cases"])))
    return {
        "source": numbers.source,
        "until": _day(numbers.until),
        "months": [
            {"name": _label(month, months), "cases": _cases(row for row in rows if row.month == month)}
            for month in months
        ],
        "kinds": by_kind[:MOST_KINDS],
        "all_kinds": len(by_kind),
        "span": _span(months[0], months[-1]),
        "cases": _cases(rows),
        "losses": _losses(rows),
    }


def _cases(rows: Iterable[Count]) -> int:
    return sum(row.cases for row in rows)


def _losses(rows: Iterable[Count]) -> str | None:
    """In 万元; None unless every row says its own."""
    said = [row.losses for row in rows]
    return f"{sum(each for each in said if each is not None):.10g}" if None not in said else None


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _label(month: date, months: list[date]) -> str:
    """The year only where it changes."""
    return f"{month.year}年{month.month}月" if month.month == 1 and month != months[0] else f"{month.month}月"


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{first.year}年{first.month}月"
    year = f"{last.year}年" if last.year != first.year else ""
    return f"{first.year}年{first.month}月至{year}{last.month}月"
