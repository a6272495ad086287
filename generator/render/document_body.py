"""Bodies: Jinja2 fills them in, then line by line they become blocks.

A body is written as people write letters: one paragraph a line. Lines that begin with a sign are something else::

    # 标题    ## 小标题    ### 二级小标题    - 列表    1. 编号    > 附注    | 表 | 格 |
    @副标题  @称呼  @顶格  @居中  @右  @大字    one paragraph set otherwise
    @裁切线 回执    @另页    @落款    @时长 200    a cut line, a new page, who signs, minutes at so many characters each
    @单选 B / @判断 对    a question: the next line asks, ``A. …`` offer, ``@理由 …`` explains; @答案 lists all answers

``**重点**`` is set in the heading's face, ``____`` is a line to write on, ``\\`` keeps the next sign as it is.
What ``{{ }}`` prints is kept as it is, whatever signs users typed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem, RenderError, Span, error
from generator.model.document import FILTERS
from generator.render.document_model import BULLET, Block, Body, Cell, Cut, NewPage, Run, Table, Text, spoken
from generator.typesetting import tags

if TYPE_CHECKING:
    from jinja2 import Environment

_MARK: Final = "\x1f"
"""Stands between a filled-in line and the number of the line it was written on."""
_SIGNS: Final = re.compile(r"[\\*_#\-+>|@<.、]")
_INLINE: Final = re.compile(r"\\(?P<kept>.)|\*\*(?P<strong>(?:\\.|[^*])+)\*\*|(?P<blank>__+)|(?P<plain>[^\\*_]+|.)")
_HEADS: Final = {"# ": "title", "## ": "heading", "### ": "subheading", "- ": "bullet", "> ": "note"}
_STYLES: Final = {
    "副标题": "subtitle", "称呼": "salutation", "顶格": "flush", "居中": "center", "右": "right", "大字": "big",
    "标注": "tag",
}  # fmt: skip
_NUMBERED: Final = re.compile(r"\d{1,3}\.\s+")
_OPTION: Final = re.compile(r"([A-H])\.\s*")
_RULER: Final = re.compile(r"\|(?::?-+:?\|)+")
_TRUTHS: Final = ("对", "错")
ANSWER: Final = "（\u00a0\u00a0\u00a0\u00a0）"
"""Where an answer is written; its two halves stay together."""
_LAST: Final = {"question": "statement", "option": "lastoption"}
"""Styles of a question without options, and of the last option."""
_TEMPLATE: Final = re.compile("^<template>$")
"""What jinja2 calls a template that is no file."""
_TAGS: Final = (("{%", "%}"), ("{{", "}}"), ("{#", "#}"))
BLANK_UNIT: Final = "____________________"


@dataclass(frozen=True, slots=True)
class Written:
    """A body as it was written: its file, the number of its first line, its lines."""

    file: str
    start: int
    lines: tuple[str, ...]

    def span(self, line: int) -> Span:
        """The whole of line ``line`` of the file."""
        at = line - self.start
        return Span(self.file, line, 1, line, len(self.lines[at]) + 1 if 0 <= at < len(self.lines) else 1)

    def problem(self, line: int, message: str) -> Problem:
        """An error on that line."""
        at = line - self.start
        return error("document", message, self.span(line), quote=self.lines[at] if 0 <= at < len(self.lines) else "")

    def told(self, mistake: tags.Mistake) -> Problem:
        """A mistake between braces, at its place in the file."""
        return mistake.problem("document", self.file, [*([""] * (self.start - 1)), *self.lines])


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: names, one line each; ``missing`` when a line for the unit must be filled in. ``day`` as printed."""

    names: tuple[str, ...]
    day: str
    missing: bool


def read(written: Written, context: Mapping[str, Any], signature: Signature | None) -> Body:
    """The body filled in with ``context``. RenderError names the line of everything that is wrong."""
    filled = _filled(written, context)
    reader = _Reader(written, signature)
    for text, line in filled:
        reader.take(text, line)
    return reader.finished()


# ---- filling in ----------------------------------------------------------------------------------------


def _filled(written: Written, context: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The lines after Jinja2, each with the number of the line it came from."""
    import jinja2

    # Line numbers in Jinja's complaints are those of the file.
    source = "\n" * (written.start - 1) + "\n".join(_numbered(written))
    try:
        made = environment().from_string(source).render(context)
    except jinja2.TemplateSyntaxError as problem:
        text = "\n" * (written.start - 1) + "\n".join(written.lines)
        raise RenderError([written.told(tags.unreadable(problem, text, FILTERS))]) from problem
    except tags.wrong() as problem:
        place = tags.raised_at(problem, _TEMPLATE)
        raise RenderError([written.told(tags.unfilled(problem, place[1] if place else 1, context))]) from problem
    filled, line = [], written.start
    for raw in made.split("\n")[written.start - 1 :]:
        text, _, number = raw.partition(_MARK)
        line = int(number.rpartition(_MARK)[2]) if number else line
        filled.append((text.strip(), line))
    return filled


def _numbered(written: Written) -> list[str]:
    """Each line with its number behind it, unless that would stand inside a tag or keep an empty line alive."""
    numbered, inside = [], False
    for at, line in enumerate(written.lines, written.start):
        whole = not inside and all(line.count(opens) == line.count(closes) for opens, closes in _TAGS)
        inside = (line.rfind("{#") > line.rfind("#}")) if "{#" in line or "#}" in line else inside
        tag_alone = re.fullmatch(r"\s*(?:\{%.*%\}|\{#.*#\})\s*", line)
        numbered.append(f"{line}{_MARK}{at}" if whole and not tag_alone and line.strip() else line)
    return numbered


@lru_cache(maxsize=1)
def environment() -> "Environment":
    """Sandboxed and strict: a body can look at what it is given, and a name that is not there is a mistake."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(undefined=tags.strict(), finalize=kept, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"填": _or_blank, "连": _joined, "句": _sentence}
    made.globals.clear()
    return made


class _Markup(str):
    """Text that is already in the language of bodies."""

    __slots__ = ()


def kept(value: object) -> str:
    """What a value is printed as: its text with every sign of ours protected, on one line."""
    if isinstance(value, _Markup):
        return str(value)
    if value is None:
        return ""
    line = " ".join(tags.printable(value).replace(_MARK, "").split("\n"))
    return _SIGNS.sub(lambda found: f"\\{found.group()}", line)


def _or_blank(value: object, what: str = "") -> str:
    """``{{ 单位.全称 | 填("单位全称") }}``: the value, or a line to write on and what to write."""
    if value:
        return _Markup(kept(value))
    return _Markup("________" + (f"（{kept(what)}）" if what else ""))


def _joined(values: Sequence[object], between: str = "、") -> str:
    # One text is a row of one, not of its characters.
    listed = [values] if isinstance(values, str) else values
    return _Markup(kept(between).join(kept(value).rstrip("。；，") for value in listed))


def _sentence(value: object) -> str:
    """The value with a full stop where it has no end of its own."""
    text = tags.printable(value).rstrip("，、；：, ")
    return text if text.rstrip("”’）").endswith(tuple("。！？…")) else f"{text}。"


# ---- lines → blocks ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Question:
    """A question being read."""

    number: int
    kind: str
    answer: str
    line: int
    stem: str = ""
    options: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(slots=True)
class _Reader:
    """Takes lines and makes blocks; what is wrong is gathered and raised at the end."""

    written: Written
    signature: Signature | None
    body: Body = field(default_factory=Body)
    problems: list[Problem] = field(default_factory=list)
    rows: list[tuple[str, int]] = field(default_factory=list)
    questions: list[_Question] = field(default_factory=list)
    asking: _Question | None = None
    group: int = 0
    listed: int = 0
    signed: bool = False
    timed: tuple[int, int] | None = None

    def take(self, text: str, line: int) -> None:
        """One filled-in line."""
        if text.startswith("|"):
            self.rows.append((text, line))
            return
        self._end_table()
        if not text:
            return
        if self.asking is not None and (text.startswith("@理由") or not text.startswith(("@", "#"))):
            self._part_of_question(text, line)
            return
        self.asking = None
        if text.startswith("@"):
            self._directive(text, line)
            return
        for sign, style in _HEADS.items():
            if text.startswith(sign):
                self._add(style, text[len(sign) :], BULLET if style == "bullet" else "")
                return
        if found := _NUMBERED.match(text):
            self._numbered(text[found.end() :])
        else:
            self._add("body", text)

    def finished(self) -> Body:
        """The whole body. RenderError when a line was wrong."""
        self._end_table()
        for question in self.questions:
            self._check(question)
        if self.signature and not self.signed:
            self._sign()
        if self.timed:
            self._time(*self.timed)
        self._keep_questions_whole()
        if self.problems:
            raise RenderError(self.problems)
        return self.body

    def _add(self, style: str, text: str, label: str = "", group: int = 0) -> None:
        if style != "number":
            self.listed = 0
        self.body.blocks.append(Text(style, runs(text), label, group))

    def _numbered(self, text: str) -> None:
        if not self.listed:
            self.group += 1
        self.listed += 1
        self._add("number", text, f"{self.listed}.", self.group)

    def _directive(self, text: str, line: int) -> None:
        name, _, rest = text[1:].partition(" ")
        known: dict[str, Callable[[], None]] = {
            "裁切线": lambda: self._block(Cut("".join(run.text for run in runs(rest)))),
            "另页": lambda: self._block(NewPage()),
            "落款": self._sign,
            "答案": self._answers,
            "时长": lambda: self._will_time(rest, line),
            "单选": lambda: self._ask("单选", rest, line),
            "判断": lambda: self._ask("判断", rest, line),
        }
        if name in _STYLES:
            self._add(_STYLES[name], rest)
        elif name in known:
            known[name]()
        else:
            names = "、".join(f"@{one}" for one in (*_STYLES, *known))
            self.problems.append(self.written.problem(line, f"没有“@{name}”这种写法；可以写：{names}"))

    def _block(self, block: Block) -> None:
        self.listed = 0
        self.body.blocks.append(block)

    # ---- who signs -------------------------------------------------------------------------------------

    def _sign(self) -> None:
        self.signed = True
        if self.signature is None:
            return
        names = [(Run(name),) for name in self.signature.names]
        if self.signature.missing:
            names = [(Run(BLANK_UNIT, blank=True),)]
        first, *others = [*names, runs(self.signature.day)]
        self.body.blocks.append(Text("signtop", first))
        if self.signature.missing:
            self.body.blocks.append(Text("signnote", (Run("（填写：单位全称；有联署的，一个单位一行）"),)))
        self.body.blocks += [Text("sign", name) for name in others]

    # ---- how long it takes -----------------------------------------------------------------------------

    def _will_time(self, rest: str, line: int) -> None:
        if not rest.strip().isdigit() or not 100 <= int(rest) <= 400:
            self.problems.append(self.written.problem(line, "“@时长”后面写每分钟读多少字，如 @时长 200（100 到 400）"))
            return
        self.timed = (int(rest), len(self.body.blocks))

    def _time(self, speed: int, at: int) -> None:
        count = spoken(self.body)
        halves = max(1, round(count / speed * 2))
        minutes = f"{halves // 2} 分钟" if not halves % 2 else f"{halves // 2} 分半钟" if halves > 1 else "半分钟"
        said = f"（全文约 {max(10, round(count, -1))} 字，每分钟读 {speed} 字，约 {minutes}）"
        self.body.blocks.insert(at, Text("subtitle", (Run(said),)))

    # ---- questions -------------------------------------------------------------------------------------

    def _ask(self, kind: str, answer: str, line: int) -> None:
        self.asking = _Question(len(self.questions) + 1, kind, answer.strip(), line)
        self.questions.append(self.asking)

    def _part_of_question(self, text: str, line: int) -> None:
        question = self.asking
        assert question is not None
        if text.startswith("@理由"):
            question.reason = text.removeprefix("@理由").strip()
        elif not question.stem:
            question.stem = text
            self._add("question", f"{text}{ANSWER}", f"{question.number}.", 900)
        elif _OPTION.match(text) and question.kind == "单选":
            question.options.append(text)
            self._add("option", text)
        else:
            message = "题目下面写 A. B. C. 选项和“@理由 ……”，判断题只写题目和理由；这一行放不进去"
            self.problems.append(self.written.problem(line, message))

    def _check(self, question: _Question) -> None:
        letters = [text[0] for text in question.options]
        wrong = ""
        if not question.stem or not question.reason:
            wrong = "缺少题目" if not question.stem else "缺少“@理由 ……”"
        elif question.kind == "判断" and question.answer not in _TRUTHS:
            wrong = f"判断题的答案写“对”或“错”，不能写“{question.answer}”"
        elif question.kind == "单选" and letters != [chr(65 + at) for at in range(max(2, len(letters)))]:
            wrong = "选项要从 A. 开始，按 A. B. C. 的次序，一行一个"
        elif question.kind == "单选" and question.answer not in letters:
            wrong = f"答案“{question.answer}”不在选项里"
        if wrong:
            self.problems.append(self.written.problem(question.line, f"第 {question.number} 题：{wrong}"))

    def _keep_questions_whole(self) -> None:
        """A question keeps to its options, and nothing keeps to the next question."""
        blocks = self.body.blocks
        for at, block in enumerate(blocks):
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            goes_on = isinstance(after, Text) and after.style == "option"
            if isinstance(block, Text) and block.style in _LAST and not goes_on:
                blocks[at] = replace(block, style=_LAST[block.style])

    def _answers(self) -> None:
        head = tuple(Cell(((Run(text, strong=True),),)) for text in ("题号", "答案", "为什么"))
        said = [(f"{one.number}", one.answer, one.reason) for one in self.questions]
        rows = [head, *(tuple(Cell((runs(text),)) for text in row) for row in said)]
        self._block(Table((3, 3, 26), tuple(rows), head=True, centred=(True, True, False)))

    # ---- tables ----------------------------------------------------------------------------------------

    def _end_table(self) -> None:
        if not self.rows:
            return
        rows, self.rows = self.rows, []
        self.listed = 0
        ruler = next((at for at, (text, _) in enumerate(rows) if _RULER.fullmatch(text)), None)
        if ruler is None or ruler > 1:
            message = (
                "表格要有一行“|--|----|”：短横的多少就是各列的宽窄，两头加冒号就居中；写在第一行下面，第一行就是表头"
            )
            self.problems.append(self.written.problem(rows[0][1], message))
            return
        columns = rows[ruler][0].strip("|").split("|")
        widths = tuple(column.count("-") for column in columns)
        centred = tuple(column[0] == column[-1] == ":" for column in columns)
        made = [self._row(text, line, len(widths)) for at, (text, line) in enumerate(rows) if at != ruler]
        self.body.blocks.append(Table(widths, tuple(made), ruler == 1, centred))

    def _row(self, text: str, line: int, count: int) -> tuple[Cell, ...]:
        parts = [part.strip() for part in re.split(r"(?<!\\)\|", text.strip())[1:-1]]
        if len(parts) != count:
            message = f"表格这一行有 {len(parts)} 格，应该有 {count} 格；并到左边的格写 <"
            self.problems.append(self.written.problem(line, message))
            return ()
        cells: list[Cell] = []
        for part in parts:
            if part == "<" and cells:
                cells[-1] = Cell(cells[-1].paragraphs, cells[-1].span + 1)
            else:
                cells.append(Cell(tuple(runs(piece.strip()) for piece in part.split("<br>"))))
        return tuple(cells)


def runs(text: str) -> tuple[Run, ...]:
    """A line as runs: strong parts, lines to write on, everything else as it is."""
    made: list[Run] = []

    def add(piece: str, strong: bool, blank: bool = False) -> None:
        if made and (made[-1].strong, made[-1].blank) == (strong, blank):
            made[-1] = Run(made[-1].text + piece, strong, blank)
        elif piece:
            made.append(Run(piece, strong, blank))

    for found in _INLINE.finditer(text):
        if found["strong"]:
            add(re.sub(r"\\(.)", r"\1", found["strong"]), True)
        elif found["blank"]:
            add(found["blank"], False, True)
        else:
            add(found["kept"] or found["plain"], False)
    return tuple(made)
