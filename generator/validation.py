"""A typed tree of text → one validated model, or what is wrong with it, said at the line where it stands.

Chinese keys become field names, values that have the wrong form are told apart before pydantic sees them, and
pydantic's errors are put into words by their stable ``type``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from generator.errors import Problem, Span, error
from generator.mistakes import WIDE_BRACES, line_mistake, narrow_braces, nearest, parts, plain, quoted
from generator.model.shape import Choice, List, Record, Scalar, Shape, Table, typed_name
from generator.source import Path, Source, shown

Location = tuple[str | int, ...]
"""A path with English field names, as the models have them."""

_FLAGS: Final = {"对": "是", "有": "是", "√": "是", "✓": "是", "无": "否", "不": "否", "没有": "否", "×": "否"}


_NUMBER: Final = re.compile(r"\+?[0-9×][0-9×\- ]{1,18}[0-9×]")
_NAME_AND_NUMBER: Final = re.compile(rf"([^\d\s:：]{{2,}})[\s:：]*({_NUMBER.pattern})")


@dataclass
class Checked:
    """``model`` is None when something is wrong. ``where`` maps each location to the path that was typed."""

    model: Any
    where: Mapping[Location, Path]
    problems: list[Problem]


def validate(source: Source, path: Path, value: Any, shape: Record, chinese: bool = True) -> Checked:
    """The item of ``source`` at ``path``; ``chinese``: messages name fields by their Chinese keys."""
    item = _Item(source, shape, chinese)
    structure = item.translated(shape, value, path, ())
    if () in item.bad:
        return Checked(None, item.where, item.problems)
    if isinstance(structure, str) and shape.lone:
        structure = {shape.lone: structure}
    try:
        model = shape.model.model_validate(structure)
    except ValidationError as reason:
        item.explain(reason, structure)
        return Checked(None, item.where, item.problems)
    return Checked(None if item.problems else model, item.where, item.problems)


@dataclass
class _Item:
    """One item being read. ``bad``: locations that already have their problem; ``blank``: keys without a value."""

    source: Source
    shape: Record
    chinese: bool
    where: dict[Location, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bad: set[Location] = field(default_factory=set)
    blank: dict[Location, Path] = field(default_factory=dict)

    # ---- from typed keys to field names --------------------------------------------------------------

    def translated(self, shape: Shape, value: Any, path: Path, at: Location) -> Any:
        """``value`` with English keys; what has the wrong form is reported, left out and put in ``bad``."""
        self.where[at] = path
        if isinstance(shape, Choice) and isinstance(value, dict):
            shape = shape.chosen(dict.fromkeys(value))
        if isinstance(value, str):
            return self._text(shape, value, path, at)
        match shape, value:
            case (Record(), dict()):
                return self._record(shape, value, path, at)
            case (List(lone=True, item=Record() as item), dict()):
                return [self.translated(item, value, path, (*at, 0))]
            case (List(), list()):
                return [
                    self.translated(_item_shape(shape, index), item, (*path, index), (*at, index))
                    for index, item in enumerate(value)
                ]
            case (Table(), dict()):
                return {
                    key: self.translated(shape.value, item, (*path, key), (*at, key)) for key, item in value.items()
                }
        is_text = isinstance(shape, Scalar) or (isinstance(shape, Record) and shape.lone)
        if is_text and (raw := self._one_line(path)):
            return self._unquoted(raw, path)
        return self._wrong_form(shape, path, at)

    def _text(self, shape: Shape, value: str, path: Path, at: Location) -> Any:
        if isinstance(shape, Record) and not self._is_quoted(path):
            mistake = line_mistake(self._line(path), self.source.span(path).line - 1)
            key = re.match(r"\s*([^:：]+?)\s*[:：]", value)
            if mistake and key and shape.field(key[1].strip()):
                self._add(mistake.code, mistake.message, self.source.span(path), mistake.fix or "")
                self.bad.add(at)
                return None
        return value if _takes_text(shape) else self._wrong_form(shape, path, at)

    def _record(self, shape: Record, value: dict[str, Any], path: Path, at: Location) -> Any:
        if (raw := self._one_line(path)) and (better := narrow_braces(raw)):
            self.bad.add(at)
            self._add(
                "wide-braces", WIDE_BRACES, self.source.span(path), self._replaced(self.source.span(path), better)
            )
            return None
        is_text = shape.lone and not any(shape.field(key) for key in value)
        if is_text and (named := self._named(shape, value, path)):
            return named
        if is_text and (raw := self._one_line(path)):
            return self._unquoted(raw, path)
        found: dict[str, Any] = {}
        for key, item in value.items():
            name = shape.field(key)
            inner = (*path, key)
            if name is None:
                # Read on as if it were the key that was surely meant.
                name = self._unknown(shape, key, inner, value)
            if name is None:
                continue
            if name in found or (*at, name) in self.blank:
                first = self.source.key_span(self.where.get((*at, name)) or self.blank[(*at, name)]).line
                message = f"“{key}”和第 {first} 行的“{typed_name(name)}”是同一项，请只留一处"
                self._add("duplicate-key", message, self.source.key_span(inner))
            elif item == "":
                self.blank[(*at, name)] = inner
            else:
                found[name] = self.translated(shape.fields[name], item, inner, (*at, name))
        return found

    def _named(self, shape: Record, value: dict[str, Any], path: Path) -> dict[str, Any] | None:
        """``- 安全办公室: 0553-8123456``: a name and its number where both have keys of their own."""
        name, number = next(iter(value.items()), ("", ""))
        if len(value) != 1 or not {"name", "number"} <= set(shape.fields) or not _NUMBER.fullmatch(str(number)):
            return None
        span = self.source.span(path)
        fix = self._replaced(span, self._entry(name, number)) if span.line == span.end_line else ""
        self._add("name-and-number", "名称和号码要分开写", span, fix)
        return {"name": name, "number": number}

    def _entry(self, name: str, number: str) -> str:
        return f"{{{self._key('name')}: {name}, {self._key('number')}: {number}}}"

    def _unknown(self, shape: Record, key: str, path: Path, siblings: Mapping[str, Any]) -> str | None:
        """Reports a key that the record does not have; returns the field that was probably meant."""
        taken = {shape.field(sibling) for sibling in siblings}
        free = {self._key(name): name for name in shape.fields if name not in taken}
        english = dict.fromkeys(name for name in shape.fields if name not in taken)
        folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", key))
        near = nearest(folded, [*free, *english])
        span = self.source.key_span(path)
        if shape.field(folded) is None and folded in ("id", "编号"):
            self._add("unknown-key", "“编号”就是文件名，不用写，请删去这一行", span)
            return None
        if not near:
            names = "、".join(self._key(name) for name in shape.fields)
            self._add("unknown-key", f"这里没有“{key}”这一项；可以写的有：{names}", span)
            return None
        better = "”或“".join(near)
        fix = self._replaced(span, near[0])
        self._add("unknown-key", f"这里没有“{key}”这一项，是不是“{better}”？", span, fix)
        return shape.field(near[0])

    def _wrong_form(self, shape: Shape, path: Path, at: Location) -> None:
        self.bad.add(at)
        span = self.source.span(path)
        label = self._label(at) or "这个文件"
        fix = ""
        match shape:
            case Record() | Choice():
                record = shape if isinstance(shape, Record) else shape.options[0]
                keys = "、".join(self._key(name) for name in record.fields if record.required(name))
                wanted = f"要分行写成“名称: 内容”，要有：{keys or '、'.join(map(self._key, record.fields))}"
            case List():
                wanted = "要写成列表：换行，每项一行，以“- ”开头"
                numbers = re.findall(r"\d+(?:\.\d+)?", self._one_line(path) or "")
                if shape.fixed and len(numbers) == len(shape.fixed):
                    # 200x100, 200×100, 200，100
                    wanted, fix = "要写成方括号里的几个数", self._replaced(span, f"[{', '.join(numbers)}]")
            case Table():
                wanted = "要分行写成“名称: 内容”"
            case _:
                wanted = "只写一句话，不要写成列表或分项"
        self._add("wrong-form", f"{label}{wanted}", span, fix)

    # ---- text that YAML took for something else ----------------------------------------------------------

    def _line(self, path: Path) -> str:
        number = self.source.span(path).line
        return self.source.lines[number - 1] if number <= len(self.source.lines) else ""

    def _is_quoted(self, path: Path) -> bool:
        return self._line(path)[self.source.span(path).column - 1 :][:1] in ("'", '"')

    def _one_line(self, path: Path) -> str | None:
        """The characters of a value that is written on one line, without a comment; else None."""
        span, line = self.source.span(path), self._line(path)
        if span.line != span.end_line:
            return None
        text = line[span.column - 1 :]
        comment = parts(line).comment
        return text.removesuffix(comment).rstrip() or None

    def _unquoted(self, raw: str, path: Path) -> str:
        """``[紧急]`` or ``注意: 别转账`` where a sentence is wanted: report it, go on with the sentence."""
        span = self.source.span(path)
        what = f"以 {raw[0]} 开头的内容" if raw[0] in "[{" else "内容里有冒号加空格，"
        line = self._line(path)
        fix = line[: span.column - 1] + quoted(raw) + parts(line).comment
        self._add("needs-quotes", f"{what}要整个放进引号里，程序才会照原样读", span, fix)
        return raw

    # ---- pydantic's errors in words ------------------------------------------------------------------------

    def explain(self, reason: ValidationError, structure: Any) -> None:
        """One problem for each error that has none yet."""
        errors = reason.errors(include_url=False)
        places = [self._located(found["loc"])[0] for found in errors]
        for found in errors:
            at, shape = self._located(found["loc"])
            if any(at[:length] in self.bad for length in range(len(at) + 1)):
                continue
            inside = [other for other in (*places, *self.bad) if len(other) > len(at) and other[: len(at)] == at]
            if found["type"] == "too_short" and inside:
                # An item that has its own problem was not counted.
                continue
            if found["type"] == "missing":
                self._missing(at)
                continue
            here = self._written(at)
            span = self.source.span(self.where[here])
            if found["loc"][-1:] == ("[key]",):
                here, span = at, self.source.key_span(self.where[here])
            message = f"{self._label(here)}{_said(found, shape)}"
            fix = self._suggested(found, here, shape, structure)
            self._add(_CODES.get(found["type"], found["type"].replace("_", "-")), message, span, fix)

    def _located(self, loc: Location) -> tuple[Location, Shape]:
        """Where in the model an error is, and what is wanted there; the tag of a union is no place."""
        at: Location = ()
        shape: Shape = self.shape
        for part in loc:
            if isinstance(shape, Choice):
                shape = next((one for one in shape.options if part in one.fields and one.required(str(part))), shape)
            elif part != "[key]":
                at = (*at, part)
                shape = _inner(shape, part)
        return at, shape

    def _written(self, at: Location) -> Location:
        return next(at[:length] for length in range(len(at), -1, -1) if at[:length] in self.where)

    def _missing(self, at: Location) -> None:
        parent, name = at[:-1], at[-1]
        if at in self.blank:
            span = self.source.key_span(self.blank[at])
            self._add("blank", f"{self._label(at)}后面还没有填写", span)
            return
        span = self.source.span(self.where[self._written(parent)])
        begins = Span(span.file, span.line, span.column, span.line, span.column)
        if isinstance(name, int):
            self._add("too-few", f"{self._label(parent)}少写了第 {name + 1} 项", begins)
            return
        key = self._key(str(name))
        self._add("missing-key", f"{self._label(parent)}缺少“{key}”，请加一行“{key}: ……”", begins)

    def _suggested(self, found: Any, at: Location, shape: Shape, structure: Any) -> str:
        """The corrected line, when there is one value that was surely meant."""
        value, span = _get(structure, at), self.source.span(self.where.get(at, ()))
        if not isinstance(value, str) or span.line != span.end_line or at not in self.where:
            return ""
        if re.fullmatch(r"[\d.]+(?:\s*[，、；]\s*[\d.]+)+", value):
            # Numbers with a Chinese comma between them are one text to YAML.
            return self._replaced(span, re.sub(r"\s*[，、；]\s*", ", ", value))
        if found["type"] == "phone" and (both := _NAME_AND_NUMBER.fullmatch(value)):
            return self._replaced(span, self._entry(both[1], both[2]))
        for candidate in _candidates(value, shape):
            changed = _set(structure, at, candidate)
            try:
                self.shape.model.model_validate(changed)
            except ValidationError as reason:
                if any(other["loc"] == found["loc"] for other in reason.errors(include_url=False)):
                    continue
            return self._replaced(span, plain(candidate))
        return ""

    # ---- words -----------------------------------------------------------------------------------------------

    def _key(self, name: str) -> str:
        return typed_name(name) if self.chinese else name

    def _label(self, at: Location) -> str:
        """``“骗术步骤”第 2 项的“内容”``; nothing for the item itself."""
        said = f"“{self._key(self.shape.lone)}”" if self.shape.lone and not at else ""
        for length, part in enumerate(at, 1):
            if isinstance(part, int):
                said += f"第 {part + 1} 项"
            else:
                typed = self.where.get(at[:length])
                key = str(typed[-1]) if typed else self._key(part)
                said += ("的" if said else "") + f"“{key}”"
        return said

    def _replaced(self, span: Span, text: str) -> str:
        line = self.source.lines[span.line - 1]
        return line[: span.column - 1] + text + line[span.end_column - 1 :]

    def _add(self, code: str, message: str, span: Span, fix: str = "") -> None:
        self.problems.append(error(code, message, span, quote=self.source.quote(span), fix=shown(fix)))


_CODES: Final = {
    "string_too_short": "blank",
    "too_short": "too-few",
    "too_long": "too-many",
    "enum": "unknown-choice",
    "literal_error": "unknown-choice",
    "int_parsing": "not-a-number",
    "int_from_float": "not-a-number",
    "float_parsing": "not-a-number",
    "int_parsing_size": "out-of-range",
    "finite_number": "not-a-number",
    "greater_than": "out-of-range",
    "greater_than_equal": "out-of-range",
    "less_than": "out-of-range",
    "less_than_equal": "out-of-range",
}
"""Our code for pydantic's type; the types of our own validators are codes already."""


_SAID: Final = {
    "string_too_short": "还没有填写",
    "too_short": "至少要 {min_length} 项，现在是 {actual_length} 项",
    "too_long": "最多写 {max_length} 项，现在多了",
    "enum": "只能写 {choices}，不能写“{value}”",
    "literal_error": "只能写 {choices}，不能写“{value}”",
    "int_parsing": "要写数字，不能写“{value}”",
    "float_parsing": "要写数字，不能写“{value}”",
    "finite_number": "要写数字，不能写“{value}”",
    "int_from_float": "要写整数，不能写“{value}”",
    "int_parsing_size": "的数太大了：“{value}”",
    "greater_than": "要大于 {gt:g}，现在是“{value}”",
    "greater_than_equal": "不能小于 {ge:g}，现在是“{value}”",
    "less_than": "要小于 {lt:g}，现在是“{value}”",
    "less_than_equal": "不能大于 {le:g}，现在是“{value}”",
}


def _said(found: Mapping[str, Any], shape: Shape) -> str:
    """What is wrong, to follow the name of the field."""
    if form := _SAID.get(found["type"]):
        choices = shape.choices if isinstance(shape, (Scalar, Table)) else ()
        return form.format(value=str(found["input"])[:40], choices="、".join(choices), **found.get("ctx", {}))
    # Our own validators speak Chinese; pydantic's other messages are for programmers.
    known = re.search(r"[\u4e00-\u9fff]", found["msg"])
    return f"：{found['msg']}" if known else f"的写法不对：“{str(found['input'])[:40]}”"


def _candidates(value: str, shape: Shape) -> Iterator[str]:
    """What may have been meant by ``value``, best first."""
    folded = unicodedata.normalize("NFKC", value).strip()
    yield folded
    yield re.sub(r"[（(]?(\d{3,4})[)）][\s-]*", r"\1-", re.sub(r"[—－\u2013\u2010\u2212]+", "-", folded))
    yield f"#{folded}"
    if value.strip() in _FLAGS:
        yield _FLAGS[value.strip()]
    if number := re.fullmatch(r"(-?\d+(?:\.\d+)?)\D*", folded):
        yield number[1]
    if isinstance(shape, Scalar) and shape.choices:
        plainly = {choice.casefold(): choice for choice in shape.choices}
        yield from (plainly[near] for near in nearest(folded.casefold(), plainly, 1, 0.4))


def _takes_text(shape: Shape) -> bool:
    """Whether a text may stand for the whole: itself, the one item of a list, the one field of a record."""
    if isinstance(shape, List):
        return shape.lone and (_takes_text(shape.item) or not isinstance(shape.item, Record))
    return isinstance(shape, Scalar) or (isinstance(shape, Record) and shape.lone is not None)


def _item_shape(shape: List, index: int) -> Shape:
    return shape.fixed[index] if index < len(shape.fixed) else shape.item


def _inner(shape: Shape, part: str | int) -> Shape:
    match shape:
        case Record():
            return shape.fields.get(str(part), shape)
        case List():
            return _item_shape(shape, part) if isinstance(part, int) else shape
        case Table():
            return shape.value
    return shape


def _get(structure: Any, at: Location) -> Any:
    for part in at:
        structure = structure[part]
    return structure


def _set(structure: Any, at: Location, value: str) -> Any:
    if not at:
        return value
    changed = deepcopy(structure)
    _get(changed, at[:-1])[at[-1]] = value
    return changed
