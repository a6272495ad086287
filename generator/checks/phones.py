"""Telephone numbers in running Chinese text, told apart from sums, dates and counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HALF_WIDTH: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | str.maketrans("－＋（）　", "-+() ")

# A shape that nothing but a telephone number has: mobile, area code and number, 400/800.
_WHOLE: Final = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]?[1-9]\d{6,7}(?:-\d{1,5})?"
    r"|[48]00[- ]?\d{3}[- ]?\d{4}|[48]00[- ]?\d{4}[- ]?\d{3})(?!\d)"
)

# A service number; the same digits may be a sum or a count, so what stands around them decides.
_SERVICE: Final = re.compile(
    r"(?<!\d)(?:11[0249]|12[02]|12[1-9]\d{2}|10[01]\d{2}|95\d{3}|95[0-4]\d{3,5}|96\d{3,4}|11[68]114)(?!\d)"
)

_DIALLED: Final = re.compile(r"(?:拨通?|打|致电|电话|热线|专线|手机号?|号码|座机)(?:[:：是为到至“\"]|\s){0,3}$")
_DIGITS: Final = re.compile(r"(?<!\d)\d{3,12}(?!\d)")

# Whatever is counted or measured; the lookaheads keep 110分局, 95588人工服务 and 95533点击 telephone numbers.
_COUNTED: Final = re.compile(
    r"(?:[/\-~～—至到]\d+)?\s*(?:开头|号段|字头"
    r"|(?:[多余几来](?=[万千百元块人名位个次笔条]))?"
    r"(?:[元块万亿千百%％‰年月天周岁名位次笔单条张份例倍折页字米克斤吨度期届级层楼栋室版题步类项起]"
    r"|号(?![码线])|日(?!常)|人(?![工员民])|个(?!人)|分(?!行|局|公司|中心)|秒|小时|公里|厘米|毫米|平方"
    r"|[kmc][mgB](?![a-zA-Z])))"
)
_MONEY: Final = re.compile(
    r"(?:[¥￥$€£]|转[账走出给]?|汇款?|损失|骗走?|充值?|付款?|垫付|返[利现还]?|赚|花费?|共计?|约|近|超过?|达|借款?|贷款?|余额"
    r"|工资|月入|日入|投入|仅需?|[售原]价|押金|定金|红包|金额)[了过出约达为：:]?(?:人民币)?\s*$"
)
_JOINED_BEFORE: Final = re.compile(r"(?:[*＊×]|\d[.,\-~～:xX]|[A-Za-z][./]|[A-Za-z_@#=&?])$")
_JOINED_AFTER: Final = re.compile(r"[*＊×]|[.,\-~～:]\d|[xX]{2}|\.?[A-Za-z_@]")
_MASK: Final = "*＊×xX"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number found in a text: ``digits`` without separators, and where it stands."""

    digits: str
    start: int
    end: int


def digits_of(number: str) -> str:
    """A number as it is dialled: no separators, no +86; what two spellings of one number share."""
    digits = re.sub(r"\D", "", number.translate(_HALF_WIDTH))
    return digits[2:] if len(digits) > 11 and digits.startswith("86") else digits


def is_masked(number: str) -> bool:
    """Whether a number has hidden digits, so that nobody can dial it."""
    return any(mark in number for mark in _MASK)


def phones_in(text: str) -> Iterator[Phone]:
    """The telephone numbers in ``text``, from left to right; each digit belongs to one of them at most."""
    plain = text.translate(_HALF_WIDTH)
    end = 0
    for start, stop in sorted(_candidates(plain), key=lambda found: (found[0], -found[1])):
        if start >= end:
            yield Phone(digits_of(plain[start:stop]), start, stop)
            end = stop


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    for found in _WHOLE.finditer(text):
        if not _is_part(text, *found.span()) and not _is_counted(text, found.end()):
            yield found.span()
    for found in _SERVICE.finditer(text):
        if not _is_part(text, *found.span()) and not _is_amount(text, *found.span()):
            yield found.span()
    for found in _DIGITS.finditer(text):
        said = _DIALLED.search(text, 0, found.start())
        if said and not _is_part(text, *found.span()) and not _is_counted(text, found.end()):
            yield found.span()


def _is_part(text: str, start: int, end: int) -> bool:
    """Part of something longer: a masked number, a date, a decimal, a range, a web address, a word."""
    return bool(_JOINED_BEFORE.search(text[:start]) or _JOINED_AFTER.match(text, end))


def _is_counted(text: str, end: int) -> bool:
    return bool(_COUNTED.match(text, end))


def _is_amount(text: str, start: int, end: int) -> bool:
    return _is_counted(text, end) or bool(_MONEY.search(text, 0, start)) or bool(re.search(r"第\s*$", text[:start]))
