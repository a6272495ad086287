"""文书 as people write them: settings and a body. No file is read here."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from generator.model.content import Named
from generator.model.primitives import Flag, Line, Names, printable

NAMES: Final = (
    "单位", "日期", "受众", "活动", "骗术", "口径", "这条口径", "案例", "口诀", "渠道", "标语", "求助话",
    "被骗后怎么办", "承诺", "屏幕", "播放", "送审", "宣传",
)  # fmt: skip
"""What a body may name between ``{{ }}``; ``这条口径``, ``送审`` and ``宣传`` where the piece has them."""


FILTERS: Final = ("填", "连", "句", "length")
"""What a body may put behind ``|``: the value or a line to fill in; a list as one; with a full stop; how many."""


class Look(StrEnum):
    """How a document is set; each has its sizes and margins in templates/document/styles.yaml."""

    LETTER = "书信"
    SPEECH = "讲稿"
    NOTICE = "通告"
    TIP = "提示"
    QUIZ = "问卷"
    FORM = "表格"
    REPORT = "报告"


class Sign(StrEnum):
    """What stands at the foot: unit, partners and date; the same with a date to fill in; the date alone; nothing."""

    UNIT = "单位和日期"
    OPEN = "单位，日期手填"
    DATE = "只写日期"
    NONE = "不署名"


class Each(StrEnum):
    """What a body is written out for, once for each: one notice for every rule."""

    RULE = "口径"


class DocumentHead(Named):
    """The settings of a document. ``genre``: the material of the catalogue that it is a version of.

    ``pages``: it must not be longer; the smaller sizes of its look are tried first.
    """

    genre: Line
    audiences: Names = ()
    not_for: Names = ()
    look: Look = Look.LETTER
    sign: Sign = Sign.UNIT
    each: Each | None = None
    pages: Annotated[int, Field(ge=1, le=60)] | None = None
    numbered: Flag = True


BodyLine = Annotated[str, AfterValidator(printable)]


class Document(DocumentHead):
    """A document with its body, line by line; an empty line is an empty string."""

    body: Annotated[tuple[BodyLine, ...], Field(min_length=1)]
