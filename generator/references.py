"""Names that one item uses for another: each becomes the id of an item that exists, or a problem at its place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from generator.drafts import Draft, Shelf, by_name, known, replaced
from generator.errors import Problem, Span, error, warning
from generator.mistakes import nearest
from generator.model.shape import typed_name
from generator.source import Path
from generator.validation import Location

LABELS: Final = {
    "audiences": "受众",
    "scams": "骗术",
    "rules": "口径",
    "scenes": "场景",
    "themes": "主题样式",
    "materials": "物料",
    "processes": "工艺",
    "screens": "LED 屏",
    "controllers": "LED 控制卡",
    "icons": "图标",
    "contacts": "单位",
}
"""What a kind is called in messages."""

FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "slogans": {"audiences": "audiences", "scams": "scams"},
    "rules": {"audiences": "audiences", "not_for": "audiences"},
    "scams": {"audiences": "audiences", "variants": "audiences", "scene": "scenes"},
    "cases": {"audiences": "audiences", "not_for": "audiences", "scams": "scams"},
    "cards": {"audiences": "audiences", "materials": "materials", "scene": "scenes"},
    "jingles": {"audiences": "audiences"},
    "couplets": {"audiences": "audiences"},
    "audiences": {"theme": "themes", "scene": "scenes", "scams": "scams", "rules": "rules", "skip": "materials"},
    "campaigns": {"focus": "scams", "audiences": "audiences", "quantities": "materials"},
    "materials": {"screens": "screens", "process": "processes"},
    "documents": {"audiences": "audiences", "not_for": "audiences", "genre": "materials"},
    "screens": {"controllers": "controllers"},
    "channels": {"audiences": "audiences"},
    "numbers": {"contact": "contacts"},
    "wording": {"uses": "audiences"},
}
"""Which fields of a kind name items of which other kind; a table's keys are the names."""

_BRACKETS: Final = "【】[]"
_EVERYBODY: Final = ("全部", "所有", "所有人", "全体", "大家", "人人", "群众", "公众", "all")


@dataclass(frozen=True)
class Word:
    """One name as it was typed, and its place."""

    draft: Draft
    at: Location
    text: str

    @property
    def span(self) -> Span:
        """The word alone, where it is one of several on its line."""
        whole = self.draft.span(*self.at)
        line = self.draft.source.lines[whole.line - 1]
        column = line.find(self.text, whole.column - 1)
        if column < 0 or whole.line != whole.end_line:
            return whole
        return Span(whole.file, whole.line, column + 1, whole.line, column + 1 + len(self.text))

    def problem(self, make: Callable[..., Problem], code: str, message: str, instead: str = "") -> Problem:
        """A problem at the word, with the line that has ``instead`` in its place."""
        span = self.span
        line = self.draft.source.lines[span.line - 1]
        whole = span.line == span.end_line
        fix = line[: span.column - 1] + instead + line[span.end_column - 1 :] if instead and whole else ""
        return make(code, message, span, quote=self.draft.source.quote(span), fix=fix)


def resolve(shelf: Shelf) -> None:
    """Every reference of every draft, in place."""
    for kind, fields in FIELDS.items():
        for draft in list(shelf.of(kind).values()):
            changes, where = _resolved(shelf, draft, fields)
            shelf.add(replaced(draft, changes, where))
    for draft in list(shelf.of("contacts").values()):
        shelf.add(replaced(draft, {"screens": tuple(_own_screens(shelf, draft))}))


def _own_screens(shelf: Shelf, draft: Draft) -> Iterator[Any]:
    """The unit's screens with ids of profiles and controllers; one that is no profile must say what it is."""
    for index, own in enumerate(draft.model.screens):
        at = ("screens", index)
        changes: dict[str, Any] = {
            "controllers": names(shelf, "controllers", draft, (*at, "controllers"), own.controllers)
        }
        if own.profile:
            found = find(shelf, "screens", Word(draft, (*at, "profile"), own.profile))
            if found is None:
                continue
            changes["profile"] = found
        elif lacking := [name for name in ("name", "width", "height", "colours") if getattr(own, name) is None]:
            said = "、".join(typed_name(name) for name in lacking)
            span = draft.span(*at)
            message = f"这块屏没有写{said}；写全，或写“屏型”用 templates/led/screens/ 里的一种"
            shelf.problems.append(error("missing-key", message, span, quote=draft.source.quote(span)))
            continue
        yield own.model_copy(update=changes)


def _resolved(shelf: Shelf, draft: Draft, fields: Mapping[str, str]) -> tuple[dict[str, Any], dict[Location, Path]]:
    if draft.kind in ("channels", "wording"):
        return _resolved_parts(shelf, draft, fields), {}
    changes: dict[str, Any] = {}
    where: dict[Location, Path] = {}
    for field, kind in fields.items():
        value = getattr(draft.model, field)
        if isinstance(value, str):
            changes[field] = find(shelf, kind, Word(draft, (field,), value)) or value
        elif isinstance(value, dict):
            changes[field], moved = _keys(shelf, kind, draft, field, value)
            where |= moved
        elif value is not None:
            changes[field] = names(shelf, kind, draft, (field,), value)
    return changes, where


def _resolved_parts(shelf: Shelf, draft: Draft, fields: Mapping[str, str]) -> dict[str, Any]:
    """The rows of channels.yaml and wording.yaml."""
    changes: dict[str, Any] = {}
    for group in type(draft.model).model_fields:
        rows = []
        for index, row in enumerate(getattr(draft.model, group)):
            own = {
                field: names(shelf, kind, draft, (group, index, field), getattr(row, field))
                for field, kind in fields.items()
                if hasattr(row, field)
            }
            rows.append(row.model_copy(update=own))
        changes[group] = tuple(rows)
    return changes


def names(shelf: Shelf, kind: str, draft: Draft, at: Location, words: Iterable[str]) -> tuple[str, ...]:
    """The ids that ``words`` mean, each once; unknown ones are reported and left out."""
    found = (find(shelf, kind, Word(draft, (*at, index), word)) for index, word in enumerate(words))
    return tuple(dict.fromkeys(id for id in found if id is not None))


def _keys(
    shelf: Shelf, kind: str, draft: Draft, field: str, table: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[Location, Path]]:
    """A table with ids for keys; its places can be asked for by id."""
    changed: dict[str, Any] = {}
    moved: dict[Location, Path] = {}
    for key, value in table.items():
        id = find(shelf, kind, _Key(draft, (field, key), key))
        if id is None:
            continue
        if id in changed:
            span = draft.key_span(field, key)
            message = f"“{key}”和前面写的是同一个{LABELS[kind]}，请只留一处"
            shelf.problems.append(error("duplicate-key", message, span, quote=draft.source.quote(span)))
            continue
        changed[id] = value
        size = 2
        moved |= {(field, id, *at[size:]): path for at, path in draft.where.items() if at[:size] == (field, key)}
    return changed, moved


class _Key(Word):
    """A name that is the key of a table."""

    @property
    def span(self) -> Span:
        return self.draft.key_span(*self.at)


def find(shelf: Shelf, kind: str, word: Word) -> str | None:
    """The id of the item that a word names; an unknown one is a problem with what may have been meant."""
    drafts = shelf.of(kind)
    index = by_name(drafts)
    if word.text in index:
        return index[word.text]
    broken = shelf.broken.get(kind, set())
    if word.text in broken or None in broken:
        # Its own file has its own problems; a second one here would mislead.
        return None
    shelf.problems.append(_unknown(kind, word, list(index), known(drafts)))
    return None


def _unknown(kind: str, word: Word, candidates: list[str], listed: str) -> Problem:
    label = LABELS[kind]
    if kind == "audiences" and word.text in _EVERYBODY:
        return word.problem(error, "unknown-name", f"给所有人看的，不用写“对象”；请删去“{word.text}”")
    if typed := _joined_wrongly(word, candidates, error, "unknown-name"):
        return typed
    near = closest(word.text, candidates)
    better = f"是不是“{near}”？" if near else f"可以写：{listed}"
    return word.problem(error, "unknown-name", f"没有{label}“{word.text}”；{better}", near)


def _joined_wrongly(word: Word, known: Iterable[str], make: Callable[..., Problem], code: str) -> Problem | None:
    """Names that are all there, but in Chinese brackets or with the wrong sign between them."""
    pool = set(known)
    several = [name for part in re.split(r"[，、；,;\s]+", word.text) if (name := part.strip(_BRACKETS))]
    if not several or not pool.issuperset(several) or word.text in pool:
        return None
    if len(several) > 1:
        better = ", ".join(several)
        message = f"几个名字要用英文逗号隔开，写成“{better}”，或者每个一行，前面写“- ”"
        return word.problem(make, code, message, better)
    span, line = word.span, word.draft.source.lines[word.span.line - 1]
    message = f"名字两边不要加“【】”：一个一个写，中间用顿号；写成“{several[0]}”"
    return make(
        code, message, span, quote=word.draft.source.quote(span), fix=re.sub(f"[{re.escape(_BRACKETS)}]", "", line)
    )


def closest(text: str, candidates: Iterable[str]) -> str:
    """The candidate that was probably meant; empty when none is near."""
    pool = list(dict.fromkeys(candidates))
    folded = {candidate.casefold(): candidate for candidate in pool}
    if text.casefold().strip() in folded:
        return folded[text.casefold().strip()]
    if near := nearest(text, pool):
        return near[0]
    inside = [candidate for candidate in pool if len(text) > 1 and (text in candidate or candidate in text)]
    return inside[0] if len(inside) == 1 else ""


def known_place(shelf: Shelf, draft: Draft) -> None:
    """A place of an audience in which no material hangs: nothing would be made for it."""
    places = sorted({place for row in shelf.of("materials").values() for place in row.model.places})
    if shelf.broken.get("materials"):
        return
    for index, place in enumerate(draft.model.places or ()):
        if place not in places:
            near = closest(place, places)
            better = f"是不是“{near}”？" if near else f"已有的场所：{'、'.join(places)}"
            message = f"没有物料挂在场所“{place}”；{better}"
            word = Word(draft, ("places", index), place)
            shelf.problems.append(
                _joined_wrongly(word, places, warning, "unknown-place")
                or word.problem(warning, "unknown-place", message, near)
            )
