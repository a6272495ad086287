"""content/ and templates/ → one validated, cross-checked Library: what may be said, to whom, on what.

``load`` reads everything, gathers every problem of every file, and hands out ids only: what a file calls 学校,
the Library calls ``school``.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Final, TypeVar

from generator import references
from generator.audiences import Audience, resolve_audiences
from generator.crosscheck import crosscheck
from generator.drafts import Draft, Shelf
from generator.errors import ContentError, Problem, Span, error, sorted_problems, warning
from generator.folders import strays
from generator.model.content import (
    AudienceFile,
    Campaign,
    Card,
    Case,
    Channel,
    Channels,
    Contact,
    Couplet,
    Item,
    Jingle,
    Rule,
    Scam,
    Slogan,
    Status,
    Term,
    Use,
    Wording,
)
from generator.model.design import LedController, Material, Process, Screen, Theme
from generator.model.document import Document
from generator.model.numbers import Numbers
from generator.model.scene import Scene
from generator.model.shape import Record, shape_of
from generator.source import Path, Source
from generator.validation import Location

__all__ = ["Audience", "Library", "load"]

_CONTENT: Final = ("slogans", "channels", "wording", "glossary", "jingles", "couplets")
_FOLDERS: Final[Mapping[str, tuple[str, Any, bool]]] = {
    "rules": ("content/rules", Rule, True),
    "scams": ("content/scams", Scam, True),
    "cases": ("content/cases", Case, True),
    "cards": ("content/cards", Card, True),
    "contacts": ("content/contacts", Contact, True),
    "audiences": ("content/audiences", AudienceFile, True),
    "campaigns": ("content/campaigns", Campaign, True),
    "themes": ("templates/themes", Theme, False),
    "screens": ("templates/led/screens", Screen, False),
    "controllers": ("templates/led/controllers", LedController, False),
    "scenes": ("templates/scenes", Scene, False),
}

_MAPPINGS: Final = (
    "slogans", "rules", "scams", "cases", "cards", "contacts", "campaigns", "documents", "materials", "processes",
    "themes", "screens", "controllers", "scenes", "numbers",
)  # fmt: skip
_T = TypeVar("_T")


@dataclass(frozen=True)
class Library:
    """Everything that can be said and made, by id. Folders are sorted by id, lists are in the order of their file.

    ``sources`` has every item's file and place in it; references look like ``scams/刷单返利``, ``channels/110``,
    ``slogans/s1a2b3c4d``, ``jingles/<名称>``, ``couplets/<上联>``, ``materials/poster``; ``wording``, ``numbers`` and
    ``domains`` are whole files. ``assets``: the pictures of contacts by path from the root, as contacts name them.
    """

    root: FilePath
    slogans: Mapping[str, Slogan]
    rules: Mapping[str, Rule]
    scams: Mapping[str, Scam]
    cases: Mapping[str, Case]
    cards: Mapping[str, Card]
    jingles: tuple[Jingle, ...]
    couplets: tuple[Couplet, ...]
    glossary: tuple[str, ...]
    channels: Channels
    wording: Wording
    contacts: Mapping[str, Contact]
    campaigns: Mapping[str, Campaign]
    documents: Mapping[str, Document]
    audiences: Mapping[str, Audience]
    materials: Mapping[str, Material]
    processes: Mapping[str, Process]
    themes: Mapping[str, Theme]
    screens: Mapping[str, Screen]
    controllers: Mapping[str, LedController]
    scenes: Mapping[str, Scene]
    numbers: Mapping[str, Numbers]
    assets: Mapping[str, bytes]
    sources: Mapping[str, tuple[Source, Path]]
    places: Mapping[str, Mapping[Location, Path]] = field(repr=False)
    _drawings: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    # ---- where things stand --------------------------------------------------------------------------

    def span(self, reference: str, *path: str | int) -> Span:
        """Where a field of an item stands, by its English names; its nearest written ancestor if it does not.

        What an audience inherits stands in the file that says it. KeyError for an unknown reference.
        """
        owner = self._owner(reference, path)
        source, where = self.sources[owner][0], self.places[owner]
        return next(source.span(where[path[:n]]) for n in range(len(path), -1, -1) if path[:n] in where)

    def _owner(self, reference: str, path: Location) -> str:
        kind, _, id = reference.partition("/")
        if kind == "audiences" and path and id in self.audiences:
            for ancestor in self.audiences[id].lineage:
                if path[:1] in self.places[f"audiences/{ancestor}"]:
                    return f"audiences/{ancestor}"
        return reference

    def quote(self, span: Span) -> str:
        """The line on which ``span`` starts, as typed; empty for a file that is not ours."""
        source = next((source for source, _ in self.sources.values() if source.file == span.file), None)
        return source.quote(span) if source else ""

    def find(self, kind: str, name: str) -> str | None:
        """The id of the item called ``name``: an id or a 名称 (of a slogan, its text)."""
        if kind in ("jingles", "couplets"):
            return name if f"{kind}/{name}" in self.sources else None
        items: Mapping[str, Any] = getattr(self, kind)
        if name in items:
            return name
        label = "slogan" if kind == "slogans" else "name"
        return next((id for id, item in items.items() if getattr(item, label) == name), None)

    def newest_review(self) -> date | None:
        """The newest 审核日期 of all items."""
        groups: list[Collection[Item | Audience]] = [
            self.slogans.values(), self.rules.values(), self.scams.values(), self.cases.values(),
            self.cards.values(), self.jingles, self.couplets,
            self.channels.numbers, self.contacts.values(), self.campaigns.values(), self.audiences.values(),
            self.documents.values(),
        ]  # fmt: skip
        return max((item.reviewed for group in groups for item in group if item.reviewed), default=None)

    def drawing(self, scene: str) -> Any:
        """A scene as filled outlines (``artwork.Drawing``). ContentError when it or one of its icons is unusable."""
        if scene not in self._drawings:
            self._drawings[scene] = self._drawn(scene)
        return self._drawings[scene]

    def _drawn(self, name: str) -> Any:
        # fontTools takes a tenth of a second to import; only what draws needs it.
        from generator.typesetting import artwork

        file = Span(f"templates/scenes/{name}.yaml")
        if name not in self.scenes:
            raise ContentError([error("missing-file", f"缺少场景文件 templates/scenes/{name}.yaml", file)])
        scene = self.scenes[name]
        try:
            return artwork.compose(scene, artwork.icons_of(scene, self.root / "templates" / "icons"))
        except (ValueError, OSError) as reason:
            raise ContentError([error("bad-scene", f"场景“{scene.name}”画不出来：{reason}", file)]) from reason

    # ---- what is said to an audience -----------------------------------------------------------------

    def scams_for(self, audience: Audience) -> tuple[tuple[str, Scam], ...]:
        """Those the audience lists, in its order, then the rest that may be said to it; 降级 last."""
        return _in_order(self.scams, audience.scams, audience)

    def rules_for(self, audience: Audience) -> tuple[tuple[str, Rule], ...]:
        """Those the audience lists, in its order, then the rest that may be said to it; 降级 last."""
        allowed = {id: rule for id, rule in self.rules.items() if rule.enabled}
        return _in_order(allowed, audience.rules, audience)

    def slogans_for(self, audience: Audience, use: Use | None = None) -> tuple[tuple[str, Slogan], ...]:
        """In the order of the file, 降级 last; with ``use``, those that may hang there."""
        fitting = {
            id: one for id, one in self.slogans.items() if use is None or not one.channels or use in one.channels
        }
        return _in_order(fitting, (), audience)

    def cases_for(self, audience: Audience, scam_id: str | None = None) -> tuple[tuple[str, Case], ...]:
        """All cases for the audience, or those of one scam."""
        fitting = {id: case for id, case in self.cases.items() if scam_id is None or scam_id in case.scams}
        return _in_order(fitting, (), audience)

    def cards_for(self, audience: Audience, material_id: str) -> tuple[tuple[str, Card], ...]:
        """The cards of one material that may be shown to the audience."""
        fitting = {id: card for id, card in self.cards.items() if material_id in card.materials}
        return _in_order(fitting, (), audience)

    def documents_for(self, audience: Audience, genre: str) -> tuple[tuple[str, Document], ...]:
        """The versions of one genre for the audience: those that name it, else its nearest ancestor, else nobody."""
        lineage = set(audience.lineage)
        allowed = {
            id: one for id, one in self.documents.items() if one.genre == genre and not lineage & set(one.not_for)
        }
        for name in audience.lineage:
            if named := {id: one for id, one in allowed.items() if name in one.audiences}:
                return _in_order(named, (), audience)
        return _in_order({id: one for id, one in allowed.items() if not one.audiences}, (), audience)

    def jingles_for(self, audience: Audience) -> tuple[Jingle, ...]:
        """In the order of the file, 降级 last."""
        return tuple(jingle for _, jingle in _in_order({one.name: one for one in self.jingles}, (), audience))

    def couplets_for(self, audience: Audience) -> tuple[Couplet, ...]:
        """In the order of the file, 降级 last."""
        return tuple(couplet for _, couplet in _in_order({one.upper: one for one in self.couplets}, (), audience))

    def channels_for(self, audience: Audience) -> tuple[Channel, ...]:
        """In the order of the file, 降级 last."""
        return tuple(one for _, one in _in_order({one.name: one for one in self.channels.numbers}, (), audience))


def _in_order(items: Mapping[str, _T], first: Collection[str], audience: Audience) -> tuple[tuple[str, _T], ...]:
    """Those of ``items`` that are for ``audience``: ``first`` ones before the others, 停用 left out, 降级 last."""
    allowed = {id: item for id, item in items.items() if _is_for(item, audience)}
    ordered = {id: allowed[id] for id in (*first, *allowed) if id in allowed}
    return tuple(sorted(ordered.items(), key=lambda pair: getattr(pair[1], "status", None) is Status.DEMOTED))


def _is_for(item: Any, audience: Audience) -> bool:
    named, lineage = set(item.audiences), set(audience.lineage)
    meant = (not named or bool(named & lineage)) and not lineage & set(getattr(item, "not_for", ()))
    return item.status is not Status.RETIRED and meant


# ---- loading -----------------------------------------------------------------------------------------


def load(root: FilePath, renderers: Collection[str]) -> tuple[Library | None, list[Problem]]:
    """The library of the project at ``root`` and every problem of its files, by file and line.

    None when there is nothing to work with: no content or templates, or an audience, a theme, a row of the
    catalogue, the channels or the wording unusable. With other errors the rest is there, so that checks go on.
    """
    if missing := [folder for folder in ("content", "templates") if not (root / folder).is_dir()]:
        said = "、".join(f"{folder}/" for folder in missing)
        message = f"这里没有 {said} 文件夹；请在项目文件夹里运行，或用 --root 指定"
        return None, [error("missing-file", message, Span(missing[0]))]
    shelf = Shelf(root)
    glossary = _read(shelf)
    references.resolve(shelf)
    audiences = resolve_audiences(shelf)
    assets = crosscheck(shelf, audiences, renderers)
    problems = sorted_problems(shelf.problems)
    needed = ("audiences", "themes", "processes", "materials", "channels", "wording")
    if any(shelf.broken.get(kind) or not shelf.of(kind) for kind in needed):
        return None, problems
    return _library(shelf, audiences, glossary, assets), problems


def _read(shelf: Shelf) -> tuple[str, ...]:
    """Every file onto the shelf; the glossary, which nothing refers to, comes back by itself."""
    content = shelf.root / "content"
    shelf.problems += strays(content, shelf.root, _CONTENT)
    for kind, (folder, model, chinese) in _FOLDERS.items():
        shelf.read_folder(kind, folder, model, chinese)
    shelf.read_documents("documents", "content/documents", Document)
    shelf.read_folder("numbers", "content/numbers", Numbers, table=("数据", "月份"))
    for kind in ("audiences", "themes"):
        if not shelf.of(kind) and not shelf.broken.get(kind):
            folder = _FOLDERS[kind][0]
            message = f"{folder}/ 里没有文件，至少要有一个；请从安装包里复制回来"
            shelf.problems.append(error("missing-file", message, Span(folder)))
    _read_slogans(shelf)
    _read_named(shelf, "jingles", "content/jingles", shape_of(Jingle), "name", True)
    if (content / "couplets.yaml").exists():
        _read_named(shelf, "couplets", "content/couplets", shape_of(Couplet), "upper", True)
    _read_named(shelf, "processes", "templates/processes", shape_of(Process), "name", False)
    _read_named(shelf, "materials", "templates/catalogue", shape_of(Material), "id", False)
    shelf.read_single("channels", "content/channels", Channels)
    shelf.read_single("wording", "content/wording", Wording)
    return tuple(draft.model.word for draft in shelf.read_list("glossary", "content/glossary", shape_of(Term, "word")))


def _read_slogans(shelf: Shelf) -> None:
    """A slogan's id is made of its text, so that it stays the same wherever the line is moved."""
    for draft in shelf.read_list("slogans", "content/slogans", shape_of(Slogan, "slogan")):
        id = "s" + hashlib.sha256(draft.model.slogan.encode()).hexdigest()[:8]
        if id in shelf.of("slogans"):
            first = shelf.of("slogans")[id].span("slogan").line
            message = f"和第 {first} 行的标语一字不差，这一条不再重复用；可以删去"
            span = draft.span("slogan")
            shelf.problems.append(warning("duplicate-slogan", message, span, quote=draft.source.quote(span)))
        else:
            shelf.add(replace(draft, id=id))


def _read_named(shelf: Shelf, kind: str, path: str, shape: Record, field: str, chinese: bool) -> None:
    """A list whose items are known by one of their fields."""
    for draft in shelf.read_list(kind, path, shape, chinese):
        id = getattr(draft.model, field)
        if id in shelf.of(kind):
            span = draft.span(field)
            first = shelf.of(kind)[id].span(field).line
            message = f"“{id}”已经用在第 {first} 行，请换一个"
            shelf.problems.append(error("duplicate-name", message, span, quote=draft.source.quote(span)))
        else:
            shelf.add(replace(draft, id=id))


def _library(
    shelf: Shelf, audiences: Mapping[str, Audience], glossary: tuple[str, ...], assets: Mapping[str, bytes]
) -> Library:
    models = {kind: {id: draft.model for id, draft in shelf.of(kind).items()} for kind in shelf.drafts}
    places = dict(_places(shelf))
    return Library(
        root=shelf.root,
        audiences=audiences,
        glossary=glossary,
        assets=assets,
        jingles=tuple(models["jingles"].values()),
        couplets=tuple(models.get("couplets", {}).values()),
        channels=models["channels"]["channels"],
        wording=models["wording"]["wording"],
        sources={reference: (draft.source, where[()]) for reference, (draft, where) in places.items()},
        places={reference: where for reference, (_, where) in places.items()},
        **{kind: models[kind] for kind in _MAPPINGS},
    )


def _places(shelf: Shelf) -> Iterator[tuple[str, tuple[Draft, Mapping[Location, Path]]]]:
    """Every reference with where its fields were typed."""
    for kind in (*_MAPPINGS, "audiences", "jingles", "couplets"):
        for id, draft in shelf.of(kind).items():
            yield f"{kind}/{id}", (draft, draft.where)
    channels, wording = shelf.of("channels")["channels"], shelf.of("wording")["wording"]
    for reference, draft in (("numbers", channels), ("domains", channels), ("wording", wording)):
        yield reference, (draft, draft.where)
    for index, channel in enumerate(channels.model.numbers):
        inside = {at[2:]: path for at, path in channels.where.items() if at[:2] == ("numbers", index)}
        yield f"channels/{channel.number or channel.name}", (channels, inside)
