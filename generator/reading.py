"""One pass over the YAML parser's events: plain text values, where they stand, and what was typed wrong.

Values come as text whatever they look like; anchors, aliases, tags and merge keys are refused as they appear,
so nothing is expanded or built; nesting is cut off, so nothing recurses far. Lines and columns count from 0.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import yaml

from generator.mistakes import (
    WIDE_SPACES,
    Finding,
    Stop,
    aligned,
    diagnose,
    divider,
    indent_of,
    line_mistake,
    list_below_text,
    missing_colon,
    parts,
    plain,
    quoted,
    stray,
    unnumbered,
    wide_indent,
    words_on_top,
)

Path = tuple[str | int, ...]
"""Where a value is: keys as typed and list positions from 0."""

KEY: Final = "\x00key"
"""``(…, "名称", KEY)`` is the place of the key itself; no typed key can hold a NUL."""

MAX_DEPTH: Final = 50
MAX_FINDINGS: Final = 50
MAX_LINES: Final = 500
"""Lines of one text that are searched for swallowed items."""

# libyaml where PyYAML was built with it: 15 times faster, the same events.
_LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CUT: Final = re.compile(r"[ \t]#\S|[ \t]+#[^#\s]+#")
_BLANKS: Final = " \t" + WIDE_SPACES
_DASHES: Final = "-－—\u2013\u2010\u2212"
_DASHED: Final = re.compile(rf"[{_DASHES}•·●■◆▪](?![{_DASHES}])[{_BLANKS}]*\S")

Marks = tuple[int, int, int, int]
"""Line, column, end line, end column."""


class _TooMuch(Exception):
    """Nested too deeply, or too many mistakes: reading stops here."""


class Reading:
    """One pass over the parser's events: values, places, mistakes."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.value: Any = None
        self.spans: dict[Path, Marks] = {}
        self.findings: list[Finding] = []
        self._event: Any = None
        loader = _LOADER("\n".join(lines))
        try:
            self._read(loader)
        except yaml.MarkedYAMLError as reason:
            self.value = None
            found = self._diagnosed(reason)
            # Below a mistake the parser sees ghosts; they are found again if they are real.
            self.findings = [earlier for earlier in self.findings if earlier.line < found.line]
            if not any(earlier.fix for earlier in self.findings):
                self.findings.append(found)
        except yaml.YAMLError:
            self.value = None
            self.findings.append(Finding(0, 0, "syntax", "文件里有程序读不懂的字符，请另存为 UTF-8 文本后再试"))
        except _TooMuch:
            self.value = None
        finally:
            loader.dispose()

    def _read(self, loader: Any) -> None:
        self._loader = loader
        self._next()
        self._next()
        if isinstance(self._event, yaml.StreamEndEvent):
            self.value = ""
            return
        self._next()
        self.value = self._node((), None)
        self._root_text()
        self._next()
        self._next()
        if not isinstance(self._event, yaml.StreamEndEvent):
            at = self._event.start_mark.line
            self.findings.append(divider(self.lines[at], at))

    def _next(self) -> Any:
        event = self._loader.get_event()
        self._event = event
        return event

    def _diagnosed(self, reason: yaml.MarkedYAMLError) -> Finding:
        # Newer libyaml counts brackets while it scans, before there is an event of the depth to look at.
        if reason.problem and "nesting depth" in reason.problem and reason.problem_mark:
            return _too_deep(reason.problem_mark)
        return diagnose(self.lines, self._stop(reason))

    def _stop(self, reason: yaml.MarkedYAMLError) -> Stop:
        mark = reason.problem_mark or reason.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        context: Any = reason.context_mark or mark
        last = self._event
        runaway = getattr(last, "style", None) in ("'", '"') and last.end_mark.line > last.start_mark.line
        return Stop(
            f"{reason.problem} {reason.context or ''}",
            line,
            column,
            context.line if context else line,
            context.column if context else column,
            last.start_mark.line if last else 0,
            runaway,
        )

    def _note(
        self, at: int, column: int, code: str, message: str, fix: str | None = None, end: int | None = None
    ) -> None:
        self.findings.append(Finding(at, column, code, message, fix, None if end is None else (at, end)))
        if len(self.findings) >= MAX_FINDINGS:
            raise _TooMuch

    def _node(self, path: Path, key: Marks | None) -> Any:
        """The value that starts at the current event; ``key``: where its key stands."""
        event = self._event
        if len(path) > MAX_DEPTH:
            mark = event.start_mark
            self.findings.append(_too_deep(mark))
            raise _TooMuch
        if isinstance(event, yaml.AliasEvent):
            self._named(event, "*")
            self.spans[path] = _marks(event)
            return ""
        if event.anchor is not None:
            self._named(event, "&")
        elif event.tag is not None:
            self._named(event, "!")
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, path, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, path)
        return self._mapping(event, path)

    def _named(self, event: Any, sign: str) -> None:
        """An anchor, alias or tag: none is ever followed, so none can blow up or build an object."""
        at, column = event.start_mark.line, event.start_mark.column
        code = "tag" if sign == "!" else "anchor"
        what = {"&": "锚点", "*": "引用", "!": "类型标记"}[sign]
        if found := stray(self.lines, at):
            self.findings.append(found)
            return
        taken = parts(self.lines[at])
        text = taken.text[len(taken.text) - len(taken.text.lstrip(_BLANKS)) :]
        fix = taken.with_text(quoted(text)) if text.startswith(sign) else None
        message = f"{sign} 开头会被当成 YAML 的{what}，这里不能用；如果要印出这个符号，请加引号"
        self._note(at, column, code, message, fix)

    def _list(self, event: Any, path: Path) -> list[Any]:
        items: list[Any] = []
        marks = _marks(event)
        end = marks[2:]
        while not isinstance(self._next(), yaml.SequenceEndEvent):
            inner = (*path, len(items))
            items.append(self._node(inner, None))
            end = self.spans[inner][2:]
        self.spans[path] = (marks[0], marks[1], *(end if not event.flow_style else _marks(self._event)[2:]))
        return items

    def _mapping(self, event: Any, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        marks = _marks(event)
        end = marks[2:]
        while not isinstance(self._next(), yaml.MappingEndEvent):
            key, at = self._key(path)
            kept = key is not None and key not in found
            inner = (*path, key if kept and key is not None else f"{key}\x00{len(self.spans)}")
            self.spans[(*inner, KEY)] = at
            self._next()
            value = self._node(inner, at)
            end = self.spans[inner][2:]
            if kept and key is not None:
                found[key] = value
            elif key is not None:
                self._duplicate(key, at, self.spans[(*path, key, KEY)])
        self.spans[path] = (marks[0], marks[1], *(end if not event.flow_style else _marks(self._event)[2:]))
        return found

    def _key(self, path: Path) -> tuple[str | None, Marks]:
        event = self._event
        at = _marks(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._note(
                at[0],
                at[1],
                "bad-key",
                "冒号前面要是一个名称，不能是列表或 {…}；如果是文字请加引号",
                self._as_text(at[0]),
            )
            self._node((*path, f"\x00{len(self.spans)}"), None)
            return None, at
        if event.anchor is not None or event.tag is not None:
            self._named(event, "&" if event.anchor is not None else "!")
        if event.value == "<<" and not event.style:
            self._note(at[0], at[1], "merge-key", "“<<”合并写法不能用，请把内容直接写出来")
            return None, at
        if event.value[:1] in WIDE_SPACES and event.value and (found := wide_indent(self.lines, at[0])):
            self.findings.append(found)
        return str(event.value).strip(), at

    def _as_text(self, at: int) -> str | None:
        taken = parts(self.lines[at])
        return taken.with_text(quoted(taken.text)) if taken.text else None

    def _duplicate(self, key: str, at: Marks, first: Marks) -> None:
        message = f"“{key}”写了两次（第 {first[0] + 1} 行已经写过），请只留一处"
        self._note(at[0], at[1], "duplicate-key", message, end=at[3])

    def _text(self, event: Any, path: Path, key: Marks | None) -> str:
        marks = _marks(event)
        self.spans[path] = marks
        if event.style in ("|", ">") or marks[0] >= len(self.lines):
            return str(event.value)
        self._cut(event, marks)
        if marks[0] == marks[2] and not (key and marks[0] > key[0]):
            return str(event.value)
        if not event.style:
            self._swallowed(marks, not path or bool(key and marks[0] > key[0]))
        return self._unfolded(event, marks)

    def _cut(self, event: Any, marks: Marks) -> None:
        """`` #话题`` right after a text: YAML would drop it without a word."""
        at, column = marks[2], marks[3]
        line = self.lines[at] if at < len(self.lines) else ""
        found = _CUT.match(line, column)
        if not found:
            return
        if mistake := line_mistake(line, at, known_only=True):
            self.findings.append(mistake)
            return
        taken = parts(line[:column])
        text = line[marks[1] if marks[0] == at else len(taken.prefix) :].strip(_BLANKS)
        if event.style and text.startswith(event.style):
            text = event.value + line[column:].rstrip()
        gap = "" if event.value or event.style else " "
        fix = line[: marks[1]] + gap + quoted(text) if marks[0] == at else None
        hash_at = line.index("#", column)
        message = "空格加 # 后面会当成注释，印不出来；要印就把整句放进引号（是注释请在 # 后空一格）"
        self._note(at, hash_at, "cut-by-hash", message, fix, len(line))

    def _swallowed(self, marks: Marks, own_line: bool) -> None:
        """Lines of a plain text that were meant as items or keys of their own, up to the first without a correction."""
        if own_line and (found := self._headless(marks)):
            self.findings.append(found)
            return
        first = marks[0] + (0 if own_line else 1)
        for at in range(first, min(marks[2] + 1, first + MAX_LINES, len(self.lines))):
            found = self._swallowed_line(at)
            # Items below an item with a mistyped dash will be right once that is.
            if found and not (own_line and at > first and found.code == "swallowed-line"):
                self.findings.append(found)
                if found.fix is None:
                    return

    def _headless(self, marks: Marks) -> Finding | None:
        """The line above swallowed items, itself a key without a colon or an item without a dash."""
        at = marks[0]
        line, below = self.lines[at], self.lines[at + 1 : min(marks[2] + 1, at + 1 + MAX_LINES)]
        if found := missing_colon(line, at):
            return found
        items = [other for other in below if other.lstrip(_BLANKS).startswith("- ")]
        if items and () in self.spans:
            return words_on_top(line, at)
        if not items or _DASHED.match(line.lstrip(_BLANKS)) or line.lstrip(_BLANKS).startswith("- "):
            return None
        fix = " " * indent_of(items[0]) + "- " + plain(unnumbered(line))
        return Finding(at, indent_of(line), "missing-dash", "列表里的每一项前面都要有短横和空格“- ”", fix)

    def _swallowed_line(self, at: int) -> Finding | None:
        line = self.lines[at]
        body = line.strip(_BLANKS)
        if body.startswith("- ") or body == "-":
            return self._swallowed_item(at, len(line) - len(line.lstrip(_BLANKS)))
        if _DASHED.match(body):
            return wide_indent(self.lines, at) or line_mistake(line, at)
        found = line_mistake(line, at, known_only=True)
        return replace(found, fix=aligned([*self.lines[:at], found.fix or line], at)) if found else None

    def _swallowed_item(self, at: int, column: int) -> Finding:
        fix = aligned(self.lines, at)
        if fix != self.lines[at]:
            message = "这一行缩进多了，被并进了上一行；请让短横与其他项左对齐"
            return Finding(at, column, "swallowed-line", message, fix)
        return list_below_text(at, column)

    def _root_text(self) -> None:
        """A whole file read as one text: every dash or colon in it was typed wrong."""
        if not isinstance(self.value, str) or not isinstance(self._event, yaml.ScalarEvent) or self._event.style:
            return
        first, _, last, _ = self.spans[()]
        known = {finding.line for finding in self.findings}
        for at in range(first, min(last + 1, first + MAX_LINES, len(self.lines))):
            if at not in known and (found := line_mistake(self.lines[at], at, known_only=True)):
                self.findings.append(found)

    def _unfolded(self, event: Any, marks: Marks) -> str:
        """A text over several lines: YAML joins them with a space, which Chinese does not want."""
        value, kept, start = str(event.value), [], 0
        for at in range(marks[0], min(marks[2], len(self.lines) - 1)):
            before = self.lines[at].rstrip(_BLANKS)[-1:]
            below = self.lines[at + 1].lstrip(" \t")
            after = below.lstrip(_BLANKS)[:1]
            if not (_is_wide(before) and _is_wide(after)):
                continue
            joint = " " + below[: len(below) - len(below.lstrip(_BLANKS))]
            found = value.find(before + joint + after, start)
            if found < 0:
                break
            kept.append(value[start : found + 1])
            start = found + 1 + len(joint)
        return "".join(kept) + value[start:]


def _too_deep(mark: Any) -> Finding:
    return Finding(mark.line, mark.column, "too-deep", f"一层套一层超过了 {MAX_DEPTH} 层，程序不再往下读")


def _is_wide(character: str) -> bool:
    return bool(character) and (character >= "\u2e80" or character in "“”‘’…—·")


def _marks(event: Any) -> Marks:
    start, end = event.start_mark, event.end_mark
    return (start.line, start.column, end.line, end.column)
