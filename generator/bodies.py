"""A document as people type it: settings in YAML between two lines ``---``, then the body, line by line.

The body becomes one more field of the item, a list of its lines, each with its place: what is checked in a slogan
is checked in a letter too, to the column.
"""

import hashlib
from dataclasses import replace
from typing import Final

from generator.errors import Problem, Span, error
from generator.mistakes import Finding
from generator.source import KEY, Path, Source, lines_of, read_lines, shown, without_controls

FENCE: Final = "---"
BODY: Final = "body"
"""The field of the model; nobody types it."""


def read_document(data: bytes, file: str) -> Source:
    """The settings of ``file`` as a mapping, with its lines after the second ``---`` under ``body``."""
    typed = lines_of(data, file)
    if isinstance(typed, Source):
        return typed
    sha256 = hashlib.sha256(data).hexdigest()
    fences = [at for at, line in enumerate(typed) if line.strip() == FENCE][:2]
    if len(fences) < 2 or any(line.strip() for line in typed[: fences[0]]):
        return Source(file, None, {}, tuple(typed), (_no_settings(typed, file),), sha256)
    first, last = fences
    # The settings keep their line numbers: what stands before them is empty.
    head = read_lines([*([""] * (first + 1)), *typed[first + 1 : last]], file, sha256)
    whole = replace(head, lines=tuple(typed))
    if not isinstance(head.value, dict):
        return whole
    return _joined(whole, typed, last + 1)


def _joined(head: Source, typed: list[str], start: int) -> Source:
    body, findings = without_controls(typed[start:])
    while body and not body[-1].strip():
        body.pop()
    spans: dict[Path, Span] = {
        (BODY, at): Span(head.file, start + at + 1, 1, start + at + 1, len(line) + 1) for at, line in enumerate(body)
    }
    end = start + len(body)
    spans[(BODY,)] = Span(head.file, start + 1, 1, max(end, start + 1), len(typed[end - 1]) + 1 if body else 1)
    spans[(BODY, KEY)] = Span(head.file, start, 1, start, len(FENCE) + 1)
    unseen = tuple(
        error(
            found.code,
            found.message,
            _unseen(head.file, start, found),
            quote=shown(typed[start + found.line]),
            fix=found.fix or "",
        )
        for found in findings
    )
    value = {**head.value, **({BODY: [line.rstrip() for line in body]} if body else {})}
    return replace(head, value=value, spans={**head.spans, **spans}, problems=(*head.problems, *unseen))


def _unseen(file: str, start: int, found: Finding) -> Span:
    """The one character that ``found`` is about."""
    line = start + found.line + 1
    return Span(file, line, found.column + 1, line, found.column + 2)


def _no_settings(typed: list[str], file: str) -> Problem:
    message = (
        "文书开头要有一段设置：第一行写 ---，下面写“名称: ……”“文种: ……”，写完再用一行 --- 结束，后面是正文；"
        "请照同一文件夹里别的文书写"
    )
    return error("no-settings", message, Span(file, 1, 1, 1, len(typed[0]) + 1), quote=typed[0])
