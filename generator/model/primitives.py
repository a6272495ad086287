"""The small types every model is made of. A text field is always ``Text``: the one place that may one day
hold a translation beside the Chinese."""

import re
from datetime import date
from typing import Annotated, Final, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

# C0/C1 controls, lone surrogates, bidi overrides, and private use: nothing that prints.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufeff]"
)


class Strict(BaseModel):
    """Frozen, no unknown keys. Values arrive as the text that was typed; field types turn them."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def printable(value: str) -> str:
    """``value``; an error when it has a character that no reader sees."""
    found = _UNPRINTABLE.search(value)
    if found:
        raise PydanticCustomError(
            "unprintable", "有不能印刷的控制字符（U+{code}）", {"code": f"{ord(found.group()):04X}"}
        )
    return value


def _one_line(value: str) -> str:
    if "\n" in value.strip():
        raise PydanticCustomError("one_line", "只能写一行")
    return value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(printable),
]
"""Words to print, as typed, one paragraph or more."""

Line = Annotated[Text, AfterValidator(_one_line)]
"""Words to print on one line of thought: no line break inside."""


def _flag(value: object) -> object:
    if isinstance(value, str):
        word = value.strip().lower()
        if word in ("是", "true", "yes", "on", "1"):
            return True
        if word in ("否", "false", "no", "off", "0"):
            return False
        raise PydanticCustomError("flag", "请写 是 或 否")
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
"""是 or 否 (true/false, yes/no are understood)."""

_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def day_of(text: str) -> date | None:
    """The day that ``text`` says: 2026-06-15, 2026/6/15 or 2026年6月15日; None for anything else."""
    matched = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, matched.groups())) if matched else None
    except ValueError:
        return None


def _day(value: object) -> object:
    if isinstance(value, str):
        day = day_of(value) or _bad_day()
        if not is_in_reach(day):
            raise PydanticCustomError("day", "年份请写 2000 到 2099")
        return day
    return value


def is_in_reach(day: date) -> bool:
    """Whether ``day`` can be an edition: a zip dates its files from 1980 to 2107; other years are typing errors."""
    return 2000 <= day.year <= 2099


def _bad_day() -> NoReturn:
    raise PydanticCustomError("day", "请写成 2026-06-15 这样的日期")


MONTH: Final = "month"
"""Marks a date that is written without its day: 2026-08."""

Day = Annotated[date, BeforeValidator(_day)]
"""A date: 2026-06-15, 2026/6/15 or 2026年6月15日."""


def _phone(value: str) -> str:
    if not re.fullmatch(r"\+?[0-9×xX*][0-9×xX*\- ]{1,18}[0-9×xX*]", value):
        raise PydanticCustomError("phone", "请写电话号码，如 110 或 0553-1234567")
    return value


Phone = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_phone)]
"""A telephone number as it is to be printed: half-width digits and hyphens; × stands for a masked digit."""


def _hex(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise PydanticCustomError("colour", '请写成 "#0B5CAD" 这样的颜色，并加引号')
    return value.upper()


Hex = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_hex)]
"""An sRGB colour, #RRGGBB."""


def listed(value: object) -> object:
    """One value where a list is wanted; ``学校、银行`` or ``学校，银行`` typed on one line is a list too."""
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[、，,；;]", value) if part.strip()]
    return value


Names = Annotated[tuple[Line, ...], BeforeValidator(listed)]
"""Ids or Chinese names of other items; a single one needs no list."""


def _lines(value: object) -> object:
    return [value] if isinstance(value, str) else value


Lines = Annotated[tuple[Line, ...], BeforeValidator(_lines)]
"""Lines of text; a single one needs no list."""
