"""manifest.json: what a pack says about itself, so that the next run knows what is its own.

The file is read back before anything is replaced or removed; a manifest that cannot be trusted in one
line is not trusted in any.
"""

import json
import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator import __version__
from generator.errors import Problem, Span

if TYPE_CHECKING:  # the registry of renderers loads every engine
    from generator.render.base import Artifact

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
RETIRED: Final = "旧版"
"""Folder of the last version of pieces that could not be made this time."""

LONGEST_NAME: Final = 200
"""Characters of a path inside the pack: Windows allows 260 with the drive and the user's own folders."""

LONGEST_PART: Final = 240
"""UTF-8 bytes of one name: Linux allows 255, and ``_新2`` must fit behind it."""

Entry = dict[str, Any]
"""One file, or one problem, as manifest.json describes it."""

Manifest = dict[str, Any]
"""manifest.json as a whole."""

Meta = Mapping[str, Any]
"""What a whole pack is about. ``audience``, ``contact``, ``campaign``: an id, or a mapping with ``id``
(and ``name``); ``date``: the edition, ISO. What the overview and the order sheet read besides is said in
``delivery``."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the last manifest said: ``entries`` by path. Empty when there was none or it is not trusted."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    problems: tuple[Entry, ...] = ()
    trusted: bool = True

    def sha_of(self, path: str) -> str | None:
        """The sum of what we wrote at ``path``; None when we wrote nothing there."""
        key = folded(path)
        return next((entry["sha256"] for name, entry in self.entries.items() if folded(name) == key), None)


def read(path: Path) -> Past:
    """The last manifest; never raises: an unreadable, foreign or newer one is not trusted."""
    if not os.path.lexists(path):
        return Past()
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA or not all(map(_is_sound, data["files"])):
            return Past(trusted=False)
        problems = tuple(data["problems"])
        for record in problems:
            hash(problem_of(record))
        return Past({entry["path"]: entry for entry in data["files"]}, problems)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Past(trusted=False)


def _is_sound(entry: Entry) -> bool:
    return is_inside(entry["path"]) and bool(re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]))


def header(meta: Meta) -> Manifest:
    """Everything of the manifest before its files."""
    named = {key: _id(meta.get(key)) for key in ("audience", "contact", "campaign", "date")}
    known = {key: value for key, value in named.items() if value is not None}
    return {"schema": SCHEMA, "generator": __version__, **known}


def _id(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("id")
    return None if value is None else str(value)


def entry_of(made: "Artifact", path: str, size: int, sha256: str, placed: Mapping[str, str]) -> Entry:
    """A file as the manifest has it; what does not apply is left out.

    ``placed`` maps the name of every file of this run to its path, because ``preview`` is a name.
    """
    record: Entry = {
        "path": path,
        "material": made.material,
        "format": made.format,
        "use": made.use,
        "title": made.title,
        "bytes": size,
        "sha256": sha256,
        "key": made.key,
        "pages": made.pages,
        "trim_mm": made.trim_mm and [_length(side) for side in made.trim_mm],
        "scale": made.scale if made.scale != 1 else None,
        "order": made.order,
        "bleed_mm": None if made.bleed_mm is None else _length(made.bleed_mm),
        "pixels": made.pixels and list(made.pixels),
        "content": list(made.content),
        "text": list(made.text),
        "piece": made.piece,
        "preview": made.preview and placed.get(made.preview, made.preview),
        "outline": list(made.outline),
        "preflight": made.preflight,
    }
    return {key: value for key, value in record.items() if value not in (None, "", [])}


def _length(millimetres: float) -> float | int:
    """420 rather than 420.0: people read this file."""
    return int(millimetres) if float(millimetres).is_integer() else millimetres


def in_order(past: Past, fresh: Sequence[Entry], kept: Collection[str]) -> list[Entry]:
    """Kept and fresh entries in one stable order: pieces where they were, new ones, the pack's own last."""
    pieces: dict[str, list[Entry]] = {}
    for entry in fresh:
        pieces.setdefault(entry.get("piece", ""), []).append(entry)
    whole_pack = pieces.pop("", [])
    ordered: list[Entry] = []
    for entry in past.entries.values() if kept else ():
        ordered += [entry] if entry["path"] in kept else pieces.pop(entry.get("piece", ""), [])
    return [*ordered, *(entry for made in pieces.values() for entry in made), *whole_pack]


def problem_record(problem: Problem, titles: Mapping[str, str] | None = None) -> Entry:
    """A problem as the manifest has it. ``titles`` names the pieces that were withheld."""
    record: Entry = {"severity": problem.severity, "code": problem.code, "message": problem.message}
    if problem.span:
        record |= {"file": problem.span.file, "line": problem.span.line, "column": problem.span.column}
    if problem.piece:
        record["piece"] = problem.piece
    if titles and problem.severity == "error" and problem.piece in titles:
        record["title"] = titles[problem.piece]
    return record


def problem_of(record: Entry) -> Problem:
    """The problem of a record; its quote and its fix are not recorded."""
    span = Span(record["file"], record["line"], record["column"]) if "file" in record else None
    severity, code, message = record["severity"], record["code"], record["message"]
    return Problem(severity, code, message, span, piece=record.get("piece", ""))


# Names


def folded(name: str) -> str:
    """What two names have in common when Windows or macOS cannot tell them apart."""
    return unicodedata.normalize("NFC", name).casefold()


# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved with any extension
_RESERVED: Final = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?")
_FORBIDDEN: Final = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')


def is_inside(name: str) -> bool:
    """Whether ``name`` stays inside the pack, can be stored on every system, and is not one of ours."""
    parts = name.split("/")
    return folded(parts[0]) not in (MANIFEST, RETIRED) and not any(
        not part or part[0] == " " or part[-1] in " ." or _RESERVED.fullmatch(part) or _FORBIDDEN.search(part)
        for part in parts
    )


def check_name(name: str) -> None:
    """Raises ValueError, a bug of ours, when a file of the pack cannot be called ``name``."""
    if len(name) > LONGEST_NAME or any(len(part.encode()) > LONGEST_PART for part in name.split("/")):
        raise ValueError(f"文件名太长：{name}")
    if not is_inside(name):
        raise ValueError(f"文件名不能用：{name!r}")
