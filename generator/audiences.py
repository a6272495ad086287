"""An audience as the rest of the program sees it: everything its file leaves out taken from the one it extends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from generator.drafts import Draft, Shelf, by_name, known
from generator.errors import Span, error
from generator.model.content import AudienceFile, ContactKind, Cover, DeckChoice, Status, Voice
from generator.model.shape import typed_name
from generator.references import Word, closest

EVERYBODY: Final = "station"
"""The audience that others extend when they do not say: the general public."""
NOBODY: Final = "无"

_REQUIRED: Final = (
    "readers", "contact_kinds", "theme", "places", "scams", "rules", "voice", "deck", "help", "cover",
)  # fmt: skip
_OWN: Final = ("name", "source", "reviewed", "review_by", "status", "extends")
_EMPTY: Final[Mapping[str, Any]] = {"minors": False, "avoid": (), "promise": (), "featured": (), "skip": ()}


@dataclass(frozen=True)
class Audience:
    """Whom a pack is for. ``lineage``: its own id, then those it inherits from, nearest first."""

    id: str
    lineage: tuple[str, ...]
    name: str
    readers: str
    contact_kinds: tuple[ContactKind, ...]
    theme: str
    places: tuple[str, ...]
    scams: tuple[str, ...]
    rules: tuple[str, ...]
    voice: Voice
    deck: tuple[DeckChoice, ...]
    help: tuple[str, ...]
    cover: Cover
    scene: str | None = None
    tone: str | None = None
    minors: bool = False
    avoid: tuple[str, ...] = ()
    promise: tuple[str, ...] = ()
    featured: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    extends: str | None = None
    source: str | None = None
    reviewed: date | None = None
    review_by: date | None = None
    status: Status = Status.CURRENT


def resolve_audiences(shelf: Shelf) -> dict[str, Audience]:
    """Every audience that can be used; what keeps one from it is a problem, and the audience is among the broken."""
    files = shelf.of("audiences")
    parents = {id: _parent(shelf, draft) for id, draft in files.items()}
    found = {}
    for id, draft in files.items():
        lineage = _lineage(shelf, draft, parents)
        audience = _resolved(shelf, draft, lineage) if lineage else None
        if audience:
            found[id] = audience
        else:
            shelf.broken.setdefault("audiences", set()).add(id)
    return found


def _parent(shelf: Shelf, draft: Draft) -> str | None:
    """The id of the audience that ``draft`` extends; an unknown one is a problem, and what was typed."""
    written: str | None = draft.model.extends
    files = shelf.of("audiences")
    if written is None:
        return EVERYBODY if draft.id != EVERYBODY and EVERYBODY in _readable(shelf) else None
    if written == NOBODY:
        return None
    index = by_name(files)
    if written in index:
        return index[written]
    broken = shelf.broken.get("audiences", set())
    if written not in broken and None not in broken:
        near = closest(written, index)
        better = f"是不是“{near}”？" if near else f"可以写：{known(files)}，或者“{NOBODY}”"
        word = Word(draft, ("extends",), written)
        shelf.problems.append(word.problem(error, "unknown-name", f"没有受众“{written}”；{better}", near))
    return written


def _readable(shelf: Shelf) -> set[str | None]:
    return {*shelf.of("audiences"), *shelf.broken.get("audiences", set())}


def _lineage(shelf: Shelf, draft: Draft, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Ids from ``draft`` upwards; empty when it goes in a circle or through a file that cannot be read."""
    line = [draft.id]
    while (above := parents.get(line[-1])) is not None:
        if above in line:
            round_trip = " → ".join([*line[line.index(above) :], above])
            message = f"“继承”绕成了一圈：{round_trip}；请让其中一个不再继承，写“继承: {NOBODY}”"
            if above == draft.id:
                span = draft.span("extends")
                shelf.problems.append(error("inheritance-cycle", message, span, quote=draft.source.quote(span)))
            return ()
        if above not in parents:
            return ()
        line.append(above)
    return tuple(line)


def _resolved(shelf: Shelf, draft: Draft, lineage: tuple[str, ...]) -> Audience | None:
    files = [shelf.of("audiences")[id].model for id in lineage]
    values = {name: _inherited(name, files) for name in AudienceFile.model_fields}
    missing = [name for name in _REQUIRED if values[name] is None]
    for name in missing:
        key = typed_name(name)
        above = f"，它继承的“{'、'.join(lineage[1:])}”里也没有" if lineage[1:] else ""
        message = f"缺少“{key}”{above}，请加一行“{key}: ……”"
        start = draft.span()
        span = Span(start.file, start.line, start.column, start.line, start.column)
        shelf.problems.append(error("missing-key", message, span, quote=draft.source.quote(span)))
    return None if missing else Audience(id=draft.id, lineage=lineage, **values)


def _inherited(name: str, files: list[AudienceFile]) -> Any:
    if name in _OWN:
        return getattr(files[0], name)
    return next(_written(name, files), _EMPTY.get(name))


def _written(name: str, files: list[AudienceFile]) -> Iterator[Any]:
    return (value for file in files if (value := getattr(file, name)) is not None)
