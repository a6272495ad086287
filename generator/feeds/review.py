"""内容送审稿: every sentence of a pack, item by item, with its source, its review and the pieces that it stands on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from generator.feeds.base import Pack, materials_for
from generator.model.design import Feed, Material
from generator.render.base import Json

KINDS: Final[Mapping[str, str]] = {
    "slogans": "标语", "rules": "口径", "scams": "骗术", "cases": "案例", "jingles": "口诀", "channels": "渠道",
    "campaigns": "活动", "audiences": "受众用语", "documents": "文书",
}  # fmt: skip
"""Items are listed by kind, in this order; of a contact only facts are printed, which the unit answers for."""

_OF_DECKS: Final = {
    "scams": ("headline", "tagline", "steps", "red_flags", "todo", "dont", "question", "situation", "jingle", "law"),
    "rules": ("title", "lead", "items", "ending", "note"),
    "cases": ("name", "story", "lesson"),
}
_NOT_THESE: Final = frozenset({Feed.REVIEW, Feed.SUMMARY})

Sentences = dict[str, dict[str, dict[str, None]]]
"""Reference → sentence → titles of the materials that show it, each once."""


def review_data(pack: Pack) -> Json:
    """Groups of sentences, and how many there are."""
    found: Sentences = {}
    for material, reference, text in _everything(pack):
        if reference.partition("/")[0] in KINDS and text.strip():
            found.setdefault(reference, {}).setdefault(text, {})[material] = None
    order = list(KINDS)
    listed = sorted(found.items(), key=lambda item: order.index(item[0].partition("/")[0]))
    groups = _merged(_group(pack, reference, sentences) for reference, sentences in listed)
    number = 0
    for group in groups:
        for line in group["句子"]:
            number += 1
            line["序号"] = number
    return {"组": groups, "条数": number, "物料": list(_materials(pack))}


def _materials(pack: Pack) -> Iterator[str]:
    return (material.name for material in materials_for(pack.library, pack.audience) if not _is_form(material))


def _is_form(material: Material) -> bool:
    return any(row.feed in _NOT_THESE for row in material.pieces)


def _group(pack: Pack, reference: str, sentences: Mapping[str, Mapping[str, None]]) -> Json:
    kind, _, id = reference.partition("/")
    item = _item(pack, kind, id)
    name = getattr(item, "name", "") or (KINDS[kind] if kind == "slogans" else id)
    return {
        "类别": KINDS[kind],
        "名称": "" if kind == "slogans" else name,
        "来源": (item.source if item else None) or "",
        "审核日期": item.reviewed.isoformat() if item and item.reviewed else "",
        "句子": [{"文字": text, "用于": list(used)} for text, used in sentences.items()],
    }


def _merged(groups: Iterable[Json]) -> list[Json]:
    """Items without a name of their own, slogans, are one group for each source and day."""
    merged: dict[tuple[str, ...], Json] = {}
    for group in groups:
        head = tuple(group[key] for key in ("类别", "名称", "来源", "审核日期"))
        if head in merged:
            merged[head]["句子"] += group["句子"]
        else:
            merged[head] = group
    return list(merged.values())


def _item(pack: Pack, kind: str, id: str) -> Any:
    library = pack.library
    if kind == "jingles":
        return next((one for one in library.jingles if one.name == id), None)
    if kind == "channels":
        return next((one for one in library.channels.numbers if id in (one.name, one.number)), None)
    return getattr(library, kind).get(id)


def _everything(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Material, reference and sentence, for all that the pack shows."""
    # The registry has this feed in it.
    from generator.feeds import FEEDS

    for material in materials_for(pack.library, pack.audience):
        for row in material.pieces if not _is_form(material) else ():
            for piece in FEEDS[row.feed](pack, material, row):
                if "document" in piece.data:
                    yield material.name, piece.content[0], f"全文见《{piece.data['document']['name']}》，另附"
                    continue
                told = False
                for reference, text in _nodes(piece.data):
                    told = True
                    yield material.name, reference, text
                if not told:
                    yield from ((material.name, *each) for each in _plain(pack, piece.content))


def _nodes(value: Any) -> Iterator[tuple[str, str]]:
    """The text nodes of a piece, and the lines of a playlist: an id and a text."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str) and isinstance(value.get("id"), str):
            yield value["id"].partition("#")[0], value["text"]
            return
        # A drawing has thousands of numbers and no word.
        for inner in value.values() if "shapes" not in value else ():
            yield from _nodes(inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict | list):
        for inner in value:
            yield from _nodes(inner)


def _plain(pack: Pack, content: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The sentences of items that a deck may tell: it takes them as they are."""
    for reference in content:
        kind, _, id = reference.partition("/")
        item = _item(pack, kind, id)
        if kind == "scams" and item is not None:
            item = item.said_to(pack.audience.lineage)
        for field in _OF_DECKS.get(kind, ()):
            for text in _strings(getattr(item, field, None)):
                yield reference, text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _strings(getattr(value, name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _strings(inner)
