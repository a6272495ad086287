"""Mistakes in an outline that show only when it is filled in: traced back to the line of the template.

A filled-in outline has other lines than its templates. So it is filled in once more, with the place of every line
behind it as a YAML comment; this costs nothing where there is no mistake.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem
from generator.mistakes import nearest
from generator.typesetting.tags import Mistake

if TYPE_CHECKING:
    from jinja2 import Environment
    from pydantic import ValidationError
    from yaml import MarkedYAMLError, Node

_PLACE: Final = re.compile(r" #@(?P<name>[^:]+):(?P<line>\d+)$")
_WIDE_COLON: Final = re.compile(r"\s*(?:- )?[^\s\"'{\[:#：]+：(?!.*: )")
_TAG_ALONE: Final = re.compile(r"\s*(?:\{%.*%\}|\{#.*#\})\s*")
_PAIRS: Final = (("{%", "%}"), ("{{", "}}"), ("{#", "#}"))
_NEAR: Final = 40
"""Characters of a filled-in line that are quoted."""

_SAID_OF_YAML: Final = (
    ("mapping values are not allowed", "一行里有两个冒号加空格：文字里有冒号的，整句放进 {{ \"…\" }}"),
    (r"'\\t'|found character .* cannot start", "缩进和行首不能用 Tab 或 @ ` % 这样的符号；缩进请用空格"),
    ("could not find expected ':'", "这一行少了冒号，要写成“名称: 内容”"),
    ("found duplicate|duplicate key", "同一项写了两遍"),
    ("found unexpected end of stream|while scanning a quoted scalar", "引号没有成对"),
    (r"expected ',' or '\]'|expected ',' or '\}'|flow", "方括号、大括号没有成对，或者少了逗号"),
)  # fmt: skip
_OTHERWISE: Final = "文字要整句写成 {{ … }}，不要拼在引号外；缩进也请和上下的行对齐"
_SAID_OF_VALUES: Final = {
    "missing": "缺少这一项，请补上",
    "string_type": "要写文字；数字请加引号",
    "list_type": "要写成列表，每项一行，以“- ”开头",
    "dict_type": "要分行写成“名称: 内容”",
    "model_type": "要分行写成“名称: 内容”",
    "model_attributes_type": "要分行写成“名称: 内容”",
    "float_type": "要写数字，不能写“{value}”",
    "float_parsing": "要写数字，不能写“{value}”",
    "greater_than": "要大于 {gt:g}，现在是“{value}”",
    "greater_than_equal": "不能小于 {ge:g}，现在是“{value}”",
    "less_than_equal": "不能大于 {le:g}，现在是“{value}”",
    "too_short": "至少要写 {min_length} 项",
    "literal_error": "不能写“{value}”",
}


class Traced:
    """An outline filled in with places."""

    def __init__(self, folder: Path, template: str, data: Mapping[str, Any], environment: "Environment") -> None:
        from jinja2 import FunctionLoader

        self.folder, self.template = folder, template
        overlay = environment.overlay(loader=FunctionLoader(self._placed), cache_size=0)
        self.lines = overlay.get_template(template).render(data).split("\n")

    def _placed(self, name: str) -> str:
        return "\n".join(_with_places((self.folder / name).read_text("utf-8-sig").split("\n"), name))

    def problem(self, at: int, mistake: Mistake) -> Problem:
        """``mistake`` in the template that line ``at`` of the filled-in outline came from."""
        found = next(filter(None, map(_PLACE.search, reversed(self.lines[: at + 1]))), None)
        name, line = (found["name"], int(found["line"])) if found else (self.template, 1)
        typed = (self.folder / name).read_text("utf-8-sig").split("\n")
        file = f"templates/{self.folder.name}/{name}"
        return Mistake(line, mistake.message, mistake.word, mistake.instead).problem("deck-outline", file, typed)

    def near(self, at: int) -> str:
        """What stands on a filled-in line."""
        return _PLACE.sub("", self.lines[at]).strip()[:_NEAR] if at < len(self.lines) else ""

    def unparsed(self, first: "MarkedYAMLError") -> list[Problem]:
        """Why the filled-in outline is no YAML; ``first`` was said of it without places."""
        import yaml

        try:
            self._composed()
        except yaml.MarkedYAMLError as problem:
            first = problem
        at = first.problem_mark.line if first.problem_mark else 0
        if plain := self._plainly_wrong(at):
            return [plain]
        said = f"{first.context} {first.problem}"
        why = next((words for pattern, words in _SAID_OF_YAML if re.search(pattern, said)), _OTHERWISE)
        return [self.problem(at, Mistake(1, f"提纲填好以后读不懂，在“{self.near(at)}”附近：{why}"))]

    def _plainly_wrong(self, at: int) -> Problem | None:
        """A mistake that is seen on the line where the parser gave up, or on the one before."""
        above = next((one for one in range(at - 1, -1, -1) if self.near(one)), at)
        for one in (above, at):
            text = _PLACE.sub("", self.lines[one]) if one < len(self.lines) else ""
            if _WIDE_COLON.match(text):
                return self.problem(one, Mistake(1, "冒号要用英文的，后面空一格，写成“: ”", "：", ": "))
            if len(re.findall(r"(?<!\\)\"", text)) % 2:
                return self.problem(one, Mistake(1, f"“{self.near(one)}”的引号没有成对"))
        return None

    def invalid(self, problems: "ValidationError", fields: Sequence[Sequence[str]]) -> list[Problem]:
        """What is wrong with the values. ``fields``: the keys of an outline and those of a slide."""
        whole = self._composed()
        return [self._invalid(each, whole, fields) for each in problems.errors()]

    def _composed(self) -> "Node | None":
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.compose("\n".join(self.lines), Loader=loader)

    def _invalid(self, found: Any, whole: "Node | None", fields: Sequence[Sequence[str]]) -> Problem:
        loc = found["loc"]
        nodes = list(_walked(whole, loc))
        at = nodes[-1].start_mark.line if nodes else 0
        where = _label(loc, nodes)
        if found["type"] == "extra_forbidden":
            known = fields[min(len(loc) - 1, 2) // 2] if len(loc) in (1, 3) else ()
            name = str(loc[-1])
            near = next(iter(nearest(name, known, 1)), "")
            better = f"；是不是“{near}”？" if near else f"；可以写：{'、'.join(known)}" if known else ""
            return self.problem(at, Mistake(1, f"提纲的{where}：没有这一项{better}", name, near))
        form = _SAID_OF_VALUES.get(found["type"])
        own = re.search("[\u4e00-\u9fff]", found["msg"])
        value = str(found["input"])[:_NEAR]
        said = (
            form.format(value=value, **found.get("ctx", {}))
            if form
            else found["msg"]
            if own
            else f"写法不对：“{value}”"
        )
        return self.problem(at, Mistake(1, f"提纲的{where}：{said}"))


def _with_places(lines: Sequence[str], name: str) -> Iterator[str]:
    """Each line with its place behind it, unless that would stand in a tag or keep an empty line alive."""
    inside = ""
    for at, line in enumerate(lines, 1):
        whole = not inside and all(line.count(opens) == line.count(closes) for opens, closes in _PAIRS)
        if not whole:
            opened = [opens for opens, closes in _PAIRS if line.rfind(opens) > line.rfind(closes)]
            inside = opened[0] if opened else inside if inside and dict(_PAIRS)[inside] not in line else ""
        yield f"{line} #@{name}:{at}" if whole and line.strip() and not _TAG_ALONE.fullmatch(line) else line


def _walked(node: "Node | None", loc: Sequence[str | int]) -> "Iterator[Node]":
    """The nodes on the way to ``loc``, its key last where it is a key: as far as they are there."""
    import yaml

    if node is not None:
        yield node
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                return
            yield pair[0]
            node = pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            yield node
        else:
            return


def _label(loc: Sequence[str | int], nodes: Sequence[Any]) -> str:
    """``第 2 页“目录”的“序号4”``."""
    if loc[:1] != ("slides",) or len(loc) < 2:
        return "、".join(f"“{part}”" for part in loc)
    layout = next((value.value for key, value in _pairs(nodes) if key.value == "layout"), "")
    rest = [part for part in loc[2:] if part != "fill"]
    said = f"第 {int(loc[1]) + 1} 页" + (f"“{layout}”" if layout else "")
    return said + "".join(f"的“{part}”" if isinstance(part, str) else f"第 {part + 1} 项" for part in rest)


def _pairs(nodes: Sequence[Any]) -> list[Any]:
    """What the slide says: the mapping that is the third node on the way."""
    slide = nodes[2] if len(nodes) > 2 else None
    return slide.value if slide is not None and isinstance(slide.value, list) else []
