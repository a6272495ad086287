"""What is wrong between ``{{ }}`` and ``{% %}``, in the words of those who write templates: jinja2 speaks English,
and names the end of a template where a tag was left open at its beginning."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem, Span, error
from generator.mistakes import nearest
from generator.model.document import miswritten

if TYPE_CHECKING:
    from jinja2 import TemplateSyntaxError, Undefined

LISTED: Final = 16
"""Names that are worth listing where none is near; more are a page to read."""
_TOKEN: Final = re.compile(r"\{\{|\{%-?\s*(?P<word>\w+)|\{%|\{#")
_INSIDE: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\{\{|\{%|[-+]?%\}|\}\}")
_GIVEN: Final = re.compile(r"\{%-?\s*(?:set|for)\s+(\w+)")
"""The names that a template gives to things itself."""
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_WIDE: Final = str.maketrans("“”‘’，。（）：｜　【】＋－＝", "\"\"'',.():| []+-=")
_CLOSES: Final = {"{{": "}}", "{%": "%}"}
_BLOCKS: Final = ("if", "for", "macro", "call", "filter", "block", "with")
_TURNS: Final = ("else", "elif")
_SAID_OF_VALUES: Final = (
    (r"concatenate|unsupported operand", "文字、数字和列表不能用 + - 连在一起；连文字请用 ~"),
    (r"'NoneType' object is not iterable|'NoneType' has no len", "这一项是空的；请先写 {% if … %} 判断有没有"),
    (r"is not iterable", "“in”后面的不是列表"),
    (r"is not callable", "名字后面不能写括号"),
    (r"indices must be|is not subscriptable", "方括号里的写法不对：列表写序号，如 [0]，其余写名字"),
    (r"not supported between", "文字和数字不能比大小；先写 |int 或 |length"),
    (r"no loader for this environment", "正文里不能引用别的文件；请把那些话直接写在这里"),
    (r"division by zero|modulo by zero", "除数是 0"),
)  # fmt: skip


class _Said(str):
    """Jinja's sentence about a name that is not there, with the name and what was asked for it."""

    holder: Any
    name: Any


class Unprintable(TypeError):
    """What cannot be printed as it is, or only as Python writes it; the message says what to write instead."""


def printable(value: object) -> str:
    """The text of a value. Unprintable for what has parts: whoever wrote it meant one of them."""
    if isinstance(value, Mapping):
        listed = "、".join(list(map(str, value))[:LISTED])
        raise Unprintable(f"这里是一组内容，不能整个印出来；请在后面写“.”和要印的那一项：{listed}")
    if isinstance(value, list | tuple | set):
        parts = "请写 [0] 取第一项，或者用 {% for … %} 逐项写；都是文字的可以写“| 连”"
        raise Unprintable(f"这里是一个列表，不能整个印出来；{parts}")
    return str(value)


@dataclass(frozen=True)
class Mistake:
    """What is wrong on a line of a template, at which word, and what was probably meant."""

    line: int
    message: str
    word: str = ""
    instead: str = ""
    column: int = 0

    def problem(self, code: str, file: str, typed: Sequence[str]) -> Problem:
        """The problem at its place in ``file``, of which ``typed`` are the lines."""
        line = min(max(self.line, 1), max(len(typed), 1))
        text = typed[line - 1] if typed else ""
        start = self.column or (_word_at(text, self.word) if self.word else 0)
        if not start:
            return error(code, self.message, Span(file, line, 1, line, len(text) + 1), quote=text)
        end = start + max(len(self.word), 1)
        fix = text[: start - 1] + self.instead + text[end - 1 :] if self.instead else ""
        return error(code, self.message, Span(file, line, start, line, end), quote=text, fix=fix)


def _word_at(text: str, word: str) -> int:
    """The column of ``word``, best where it is not a part of a longer one; 0 when it is not there."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    return found.start() + 1 if found else text.find(word) + 1


@lru_cache(maxsize=1)
def strict() -> "type[Undefined]":
    """What stands for a name that is not there: using it is a mistake, and the mistake knows what was looked for."""
    import jinja2

    class Absent(jinja2.StrictUndefined):
        __slots__ = ()

        @property
        def _undefined_message(self) -> str:
            said = _Said(super()._undefined_message)
            said.holder, said.name = self._undefined_obj, self._undefined_name
            return said

    return Absent


@lru_cache(maxsize=1)
def wrong() -> tuple[type[Exception], ...]:
    """What a template may raise while it is read and filled in. Its expressions are Python's, and fail as those do."""
    import jinja2

    return (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def told(
    problem: Exception, code: str, templates: Path, name: str, data: Iterable[str], filters: Iterable[str]
) -> Problem:
    """What is wrong with the template file ``name`` under ``templates`` or with one that it includes."""
    import jinja2

    if isinstance(problem, jinja2.TemplateSyntaxError):
        path = Path(problem.filename) if problem.filename else templates / name
        mistake = unreadable(problem, _text(path), filters)
    else:
        found = raised_at(problem, re.compile(f"^{re.escape(str(templates))}"))
        path, line = (Path(found[0]), found[1]) if found else (templates / name, 1)
        mistake = unfilled(problem, line, [*data, *_GIVEN.findall(_text(path) + _text(templates / name))])
    file = f"templates/{path.relative_to(templates).as_posix()}"
    return mistake.problem(code, file, _text(path).split("\n"))


def _text(path: Path) -> str:
    """The template as far as it can be read: its problem is told elsewhere."""
    return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""


# ---- when it is filled in ------------------------------------------------------------------------------


def unfilled(problem: BaseException, line: int, names: Iterable[str]) -> Mistake:
    """Why the template cannot be filled in at ``line``; ``names``: those that it may use."""
    import jinja2

    said = problem.args[0] if problem.args else ""
    if isinstance(problem, Unprintable):
        return Mistake(line, str(said))
    if isinstance(problem, UnicodeDecodeError):
        return Mistake(1, "这个文件不是 UTF-8 文字：请用记事本打开，另存为 UTF-8 编码")
    if isinstance(problem, jinja2.TemplateNotFound):
        return Mistake(line, f"没有“{problem.name}”这个文件，请核对 {{% include %}} 里的文件名", str(problem.name))
    if isinstance(said, _Said):
        return _absent(said, line, names)
    if found := re.search(r"No test named '(.+?)'", str(said)):
        return _unknown(f"没有“is {found[1]}”这种写法", found[1], line, _tests())
    for pattern, words in _SAID_OF_VALUES:
        if re.search(pattern, str(problem)):
            return Mistake(line, f"大括号里的内容算不出来：{words}")
    return Mistake(line, "大括号里的内容算不出来；请核对名字和写法")


def _absent(said: _Said, line: int, names: Iterable[str]) -> Mistake:
    from jinja2.utils import missing

    name = said.name
    if name is None:
        return Mistake(line, "这个列表是空的，取不出来；请先写 {% if … %} 判断有没有")
    if str(name).startswith("_"):
        return Mistake(line, "大括号里的内容算不出来：不能用以 _ 开头的名字", str(name))
    if said.holder is missing:
        return _unknown(f"没有“{name}”这个名字", str(name), line, names)
    if isinstance(said.holder, Mapping):
        return _unknown(f"这里没有“{name}”", str(name), line, map(str, said.holder))
    if isinstance(name, int) and isinstance(said.holder, Sequence):
        return Mistake(line, f"这里没有第 {name + 1} 项：一共 {len(said.holder)} 项，[0] 是第一项", f"[{name}]")
    what = (
        "这一项是空的" if said.holder is None
        else "这是一段文字" if isinstance(said.holder, str)
        else "这是一个列表，要写 [0] 或者用 {% for … %}" if isinstance(said.holder, Sequence)
        else "这是一个数"
    )  # fmt: skip
    return Mistake(line, f"这里没有“{name}”：{what}", str(name))


def _unknown(message: str, name: str, line: int, names: Iterable[str]) -> Mistake:
    pool = [one for one in dict.fromkeys(names) if not one.startswith("_") and one != name]
    near = next(iter(nearest(name, pool, 1)), "")
    if near:
        return Mistake(line, f"{message}；是不是“{near}”？", name, near)
    listed = "、".join(pool) if len(pool) <= LISTED else f"{'、'.join(pool[:LISTED])}……"
    return Mistake(line, f"{message}；可以写：{listed}" if pool else message, name)


def raised_at(problem: BaseException, is_template: "re.Pattern[str]") -> tuple[str, int] | None:
    """The last place in a template that the traceback goes through; jinja2 puts templates' lines there."""
    where, trace = None, problem.__traceback__
    while trace is not None:
        where = _place(trace, is_template) or where
        trace = trace.tb_next
    return where


def _place(trace: TracebackType, is_template: "re.Pattern[str]") -> tuple[str, int] | None:
    name = trace.tb_frame.f_code.co_filename
    return (name, trace.tb_lineno) if is_template.search(name) else None


# ---- when it is read -----------------------------------------------------------------------------------


def unreadable(problem: "TemplateSyntaxError", text: str, filters: Iterable[str] = ()) -> Mistake:
    """Why the template ``text`` cannot be read. ``filters``: what may stand behind ``|``."""
    said = problem.message or ""
    if opened := _left_open(text, problem.lineno):
        return opened
    if found := re.search(r"No filter named '(.+?)'", said):
        return _unknown(f"没有“| {found[1]}”这种写法", found[1], problem.lineno, filters)
    if found := re.search(r"No test named '(.+?)'", said):
        return _unknown(f"没有“is {found[1]}”这种写法", found[1], problem.lineno, _tests())
    if found := re.search(r"unknown tag '(\w+)'", said):
        known = [*_BLOCKS, *_TURNS, *(f"end{name}" for name in _BLOCKS), "set", "include"]
        near = next(iter(nearest(found[1], known, 1)), "") if found[1] not in known else ""
        better = f"；是不是“{{% {near} %}}”？" if near else ""
        return Mistake(problem.lineno, miswritten(said) + better, found[1], near)
    line = next(iter(text.split("\n")[problem.lineno - 1 : problem.lineno]), "")
    if found := re.search(r"unexpected char '(.)'", said):
        tag = next((one.group() for one in _TAG.finditer(line) if found[1] in one.group()), found[1])
        better = _narrow(tag)
        return Mistake(problem.lineno, miswritten(said), tag, better if better != tag else "")
    word = re.search(r"got '(\w+|=)'", said)
    return Mistake(problem.lineno, miswritten(said), word[1] if word and word[1] in line else "")


def _narrow(tag: str) -> str:
    """``tag`` with the signs of Chinese keyboards made ASCII, but for those between quotes."""
    pieces = re.split(r"(\"[^\"]*\"|'[^']*')", tag)
    return "".join(piece if at % 2 else piece.translate(_WIDE) for at, piece in enumerate(pieces))


@lru_cache(maxsize=1)
def _tests() -> tuple[str, ...]:
    from jinja2.tests import TESTS

    return tuple(name for name in TESTS if name.isidentifier())


def _left_open(text: str, noticed: int) -> Mistake | None:
    """The tag or block that was never closed, if there is one up to the line where it was ``noticed``."""
    blocks: list[tuple[str, int, int]] = []
    for opener, word, start, closed in _tags(text):
        line, column = _position(text, start)
        if not closed:
            message = f"大括号里的写法不对：“{opener}”没有结束，缺少“{_CLOSES.get(opener, '#}')}”"
            typed, better = _half_closed(text[start:], opener)
            return Mistake(line, message, typed, better, column) if line <= noticed else None
        if word in _BLOCKS:
            blocks.append((word, line, column))
        elif word.startswith("end") and blocks and blocks[-1][0] == word[3:]:
            blocks.pop()
        elif word.startswith("end") and word[3:] in _BLOCKS and blocks:
            # The block inside was not ended before the one around it.
            break
    if not blocks:
        return None
    word, line, column = blocks[-1]
    message = f"大括号里的写法不对：“{{% {word} %}}”没有结束，缺少“{{% end{word} %}}”"
    return Mistake(line, message, "{%", column=column)


def _half_closed(rest: str, opener: str) -> tuple[str, str]:
    """A tag that ends in one brace, and as it was meant; else the opener alone."""
    found = re.match(r"(?P<tag>\{[{%][^{}%\n]*)\}(?!\})", rest)
    return (found.group(), found["tag"].rstrip() + " " + _CLOSES[opener]) if found else (opener, "")


def _tags(text: str) -> Iterator[tuple[str, str, int, bool]]:
    """Every tag: what opens it, its first word, where it starts, whether it is closed before the next one opens."""
    at = 0
    while found := _TOKEN.search(text, at):
        opener, at = found.group()[:2], found.end()
        if opener == "{#":
            at = text.find("#}", at) + 2
            closed = at > 1
            yield opener, "", found.start(), closed
            if not closed:
                return
            continue
        end = next((one for one in _INSIDE.finditer(text, at) if one.group()[0] not in "\"'"), None)
        closed = end is not None and end.group()[-2:] == _CLOSES[opener]
        yield opener, found["word"] or "", found.start(), closed
        at = end.end() if closed and end else at


def _position(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
