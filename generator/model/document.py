"""文书 as people write them: settings and a body. No file is read here."""

import re
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


_WRONG: Final = (
    (r"No filter named '(.+?)'", "没有“| {0}”这种写法，可以写：| 填、| 连、| 句"),
    (r"No test named '(.+?)'", "没有“is {0}”这种写法"),
    (r"Encountered unknown tag '(else|elif)'", "“{{% {0} %}}”要写在“{{% if … %}}”和“{{% endif %}}”中间"),
    (r"Encountered unknown tag '(end\w+)'", "“{{% {0} %}}”前面没有和它成对的开头，或者中间还有没结束的"),
    (r"Encountered unknown tag '(.+?)'", "没有“{{% {0} %}}”这种写法"),
    (r"innermost block that needs to be closed is '(\w+)'", "“{{% {0} %}}”没有结束，缺少“{{% end{0} %}}”"),
    (r"Missing end of comment tag", "“{{#”没有结束，缺少“#}}”"),
    (r"unexpected end of template", "没有结束，缺少“}}}}”或“%}}”"),
    (r"Expected an expression", "里面缺少名字"),
    (r"unexpected char '(.)'", "里面不能写“{0}”；引号、逗号要用英文的"),
    (r"unexpected '(.)'", "“{0}”前面的括号没有成对"),
    (r"expected token 'in', got '(.+?)'", "“{{% for … in … %}}”里的“in”写成了“{0}”"),
    (r"got '='", "判断是不是一样，要写两个等号“==”"),
    (r"got 'end of (?:print statement|statement block)'", "没有写完，后面还缺东西"),
    (r"expected token .* got '(.+?)'", "从“{0}”起看不懂；请核对空格和符号"),
)
"""What Jinja says of a mistake, and what it is called here."""


def miswritten(said: str) -> str:
    """A mistake in a tag, in words. ``said``: Jinja's own."""
    for pattern, words in _WRONG:
        if found := re.search(pattern, said):
            return f"大括号里的写法不对：{words.format(*found.groups())}"
    return "大括号里的写法不对；请核对名字、符号和括号"
