"""Library + request → jobs. Pure data: no file, no clock, no engine is touched here.

An audience has places, a material hangs in places: where they meet, the material is made. Each row of a
material's ``pieces`` names a feed, the function below that says what a piece is about.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from typing import Any, Final

from generator.errors import Problem, Span, UsageError, error, warning
from generator.library import Audience, Library
from generator.model.content import Campaign, Case, Contact, Jingle, Rule, Scam, SignatureStyle, Use
from generator.model.design import Feed, Material, PieceRow
from generator.render.base import Job, Json
from generator.typesetting import qr
from generator.typesetting.inks import cmyk_of
from generator.typesetting.phrases import Breaker
from generator.typesetting.signature import plain_signature
from generator.typesetting.slogans import fits

SHORT_NAME: Final = 12
"""Characters of a slogan that its file name may carry."""

DEFAULT_SCENE: Final = "shield-family"
"""On covers and slogan posters of an audience that names no scene."""

BASIC_RULE: Final = 4
"""Items of the longest rule that still goes with a slogan: 三不一多 has four."""

SCAN_M: Final = 0.4
"""From how far a code is scanned at most, in metres: whoever wants it steps up to the poster with the phone."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: one audience, signed by one contact or nobody."""

    audience: str
    contact: str | None = None
    campaign: str | None = None
    focus: tuple[str, ...] = ()
    date: Date | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of one pack and what the pack is called."""

    request: Request
    audience: Audience
    contact_id: str | None
    contact: Contact | None
    campaign_id: str | None
    campaign: Campaign | None
    edition: Date
    jobs: tuple[Job, ...]
    headlines: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Words:
    """Makes text nodes for templates and remembers where each text was written."""

    library: Library
    breaker: Breaker
    origins: dict[str, Span] = field(default_factory=dict)

    def node(self, text: str, reference: str, *path: str | int, lines: int = 0) -> Json:
        """A text with its phrases and, for headlines, the best ways to set it on up to ``lines`` lines."""
        name = f"{reference}#{'.'.join(map(str, path))}"
        self.origins[name] = self.library.span(reference, *path)
        made: Json = {"id": name, "text": text, "phrases": list(self.breaker.phrases(text))}
        if lines:
            made["lines"] = self.breaker.lines(text, lines)
        return made

    def nodes(self, texts: tuple[str, ...], reference: str, *path: str | int, lines: int = 0) -> list[Json]:
        """One node for each text of a list field."""
        return [self.node(text, reference, *path, at, lines=lines) for at, text in enumerate(texts)]


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the feeds need to know of the pack being planned."""

    library: Library
    audience: Audience
    contact_id: str | None
    contact: Contact | None
    campaign_id: str | None
    campaign: Campaign | None
    focus: tuple[str, ...]
    edition: Date
    breaker: Breaker

    def words(self) -> Words:
        return Words(self.library, self.breaker)

    def scams(self) -> list[tuple[str, Scam]]:
        """The audience's scams in its words: those in focus first, then its own order."""
        scams = [(name, scam.said_to(self.audience.lineage)) for name, scam in self.library.scams_for(self.audience)]
        first = [item for wanted in self.focus for item in scams if item[0] == wanted]
        return first + [item for item in scams if item not in first]

    def featured(self) -> list[tuple[str, str]]:
        """Slogans for a big-type poster: the audience's featured ones, then all that fit a poster."""
        fitting = [
            (name, text)
            for name, slogan in self.library.slogans_for(self.audience, Use.POSTER)
            if (text := fits(slogan, Use.POSTER))
        ]
        by_text = {self.library.slogans[name].slogan: (name, text) for name, text in fitting}
        first = [by_text[text] for text in self.audience.featured if text in by_text]
        return first + [item for item in fitting if item not in first]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a feed gives: the piece's name and title, its words, the items it shows."""

    name: str
    title: str
    words: Words
    data: Json
    content: tuple[str, ...]


def plan(library: Library, request: Request, breaker: Breaker) -> Plan:
    """All jobs of one pack, in catalogue order; UsageError when the request names what does not exist."""
    pack = _pack(library, request, breaker)
    materials = [m for m in library.materials.values() if _made(m, pack.audience)]
    wanted = _only(library, materials, request.only)
    jobs = tuple(_told_apart(job for material in wanted for job in _jobs(pack, material)))
    problems = tuple(_doubts(pack, request, bool(jobs)))
    return Plan(
        request, pack.audience, pack.contact_id, pack.contact, pack.campaign_id, pack.campaign, pack.edition, jobs,
        tuple(text for _, text in pack.featured()), problems,
    )  # fmt: skip


def _doubts(pack: Pack, request: Request, any_jobs: bool) -> Iterator[Problem]:
    """What was asked for and is not done, or not for these readers."""
    if not any_jobs:
        yield error("nothing-to-make", f"受众“{pack.audience.name}”没有可做的物料：请检查它的“场所”")
    campaign = pack.campaign
    if campaign and campaign.audiences and not set(campaign.audiences) & set(pack.audience.lineage):
        meant = "、".join(pack.library.audiences[name].name for name in campaign.audiences)
        yield warning(
            "campaign-for-others",
            f"活动“{campaign.name}”是给{meant}的，不包括{pack.audience.name}；确实要用，请把它加进这个活动的“对象”",
            pack.library.span(f"campaigns/{pack.campaign_id}", "audiences"),
        )
    told = {name for name, _ in pack.scams()}
    for name in (found for typed in request.focus if (found := pack.library.find("scams", typed))):
        if name not in told:
            yield warning(
                "focus-for-others",
                f"骗术“{name}”不对{pack.audience.name}讲，没有排进来；确实要讲，请把{pack.audience.name}加进它的“对象”",
                pack.library.span(f"scams/{name}", "audiences"),
            )


def _pack(library: Library, request: Request, breaker: Breaker) -> Pack:
    problems: list[Problem] = []

    def known(kind: str, label: str, name: str | None) -> str | None:
        if name is None:
            return None
        found = library.find(kind, name)
        if found is None:
            names = "、".join(getattr(library, kind))
            problems.append(error("unknown-name", f"没有这个{label}：{name}；可用：{names or '（还没有）'}"))
        return found

    audience_id = known("audiences", "受众", request.audience)
    contact_id = known("contacts", "单位", request.contact)
    campaign_id = known("campaigns", "活动", request.campaign)
    focus = tuple(found for name in request.focus if (found := known("scams", "骗术", name)))
    if problems or audience_id is None:
        raise UsageError(problems)
    audience = library.audiences[audience_id]
    campaign = library.campaigns[campaign_id] if campaign_id else None
    contact = library.contacts[contact_id] if contact_id else None
    named = tuple(found for name in (campaign.focus if campaign else ()) if (found := library.find("scams", name)))
    edition = request.date or (campaign.date if campaign else None) or library.newest_review() or Date(2026, 1, 1)
    return Pack(
        library, audience, contact_id, contact, campaign_id, campaign,
        tuple(dict.fromkeys(focus + named)), edition, breaker,
    )  # fmt: skip


def _made(material: Material, audience: Audience) -> bool:
    skipped = {material.id, material.name} & set(audience.skip)
    return not skipped and bool(set(material.places) & set(audience.places))


def _only(library: Library, materials: list[Material], only: tuple[str, ...]) -> list[Material]:
    if not only:
        return materials
    chosen = []
    for name in only:
        found = [m for m in materials if name in (m.id, m.name)]
        if not found:
            names = "、".join(f"{m.name}（{m.id}）" for m in materials)
            raise UsageError([error("unknown-material", f"这个受众没有物料：{name}；可用：{names}")])
        chosen += found
    return [m for m in materials if m in chosen]


def _jobs(pack: Pack, material: Material) -> Iterator[Job]:
    for row in material.pieces:
        for index, piece in enumerate(FEEDS[row.feed](pack, material, row)):
            composition = row.compositions[index % len(row.compositions)] if row.compositions else ""
            yield _job(pack, material, piece, composition)


def _told_apart(jobs: Iterable[Job]) -> Iterator[Job]:
    """A file name for each, where titles differ only in signs, in upper case or beyond the length of a name."""
    taken: set[str] = set()
    for job in jobs:
        stem, number = job.stem, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{job.stem}-{number}"
        taken.add(stem.casefold())
        yield replace(job, stem=stem)


def _job(pack: Pack, material: Material, piece: Piece, composition: str) -> Job:
    data = _common(pack, material, piece.words) | piece.data | {"composition": composition}
    alone = piece.name == material.id
    title = material.name if alone else f"{material.name}·{piece.title}"
    data |= {"inks": _inks(data), "title": title}
    stem = material.name if alone else f"{material.name}_{_file_name(piece.title)}"
    return Job(
        name=f"{material.id}/{piece.name}",
        title=title,
        material=material.id,
        renderer=material.renderer,
        template=material.template,
        stem=stem,
        formats=material.formats,
        data=data,
        origins=piece.words.origins,
        content=piece.content,
    )


def _common(pack: Pack, material: Material, words: Words) -> Json:
    """What every piece carries: sheet, theme, who signs, where to get help."""
    audience = pack.audience
    minors = audience.minors
    return {
        "date": pack.edition.isoformat(),
        "sample": bool(pack.contact and pack.contact.sample),
        "audience": {"id": audience.id, "name": audience.name, "readers": audience.readers, "minors": minors},
        "theme": _theme(pack),
        "sheet": _sheet(material),
        "contact": _contact(pack, material, words),
        "campaign": _campaign(pack, words),
        "report": _channel(words, "110"),
        "listen": _channel(words, "96110"),
        "voice": _voice(pack, words),
    }


def _theme(pack: Pack) -> Json:
    theme: Json = pack.library.themes[pack.audience.theme].model_dump(mode="json")
    if pack.contact and pack.contact.brand and not plain_signature(pack.contact, pack.audience):
        theme = _branded(theme, pack.contact.brand)
    return theme


def _branded(theme: Json, brand: str) -> Json:
    """The theme with its ground in the unit's colour, darkened until white text on it reaches 4.5:1."""
    ground = brand
    while contrast(ground, "#FFFFFF") < 4.5:
        ground = _darker(ground, 0.94)
    colours = dict(theme["colours"])
    for token, colour in (("ground", ground), ("ground_deep", _darker(ground, 0.58))):
        colours[token] = {"rgb": colour, "cmyk": list(cmyk_of(colour))}
    return {**theme, "colours": colours}


def _darker(colour: str, share: float) -> str:
    parts = (int(int(colour[at : at + 2], 16) * share) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02X}" for part in parts)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two #RRGGBB colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _sheet(material: Material) -> Json:
    distances = material.distances
    return {
        "trim": list(material.trim or (0, 0)),
        "bleed": material.bleed,
        "safe": material.safe,
        "sides": material.sides,
        "panels": list(material.panels),
        "back_panels": list(material.back_panels),
        "distances": distances.model_dump() if distances else None,
        "office": material.office,
    }


def _campaign(pack: Pack, words: Words) -> Json | None:
    if pack.campaign is None:
        return None
    reference = f"campaigns/{pack.campaign_id}"
    line = pack.campaign.slogan_line
    return {
        "name": pack.campaign.name,
        "badge": words.node(pack.campaign.badge, reference, "badge"),
        "line": words.node(line, reference, "slogan_line", lines=2) if line else None,
    }


def _channel(words: Words, number: str) -> Json | None:
    for at, channel in enumerate(words.library.channels.numbers):
        if channel.number == number:
            return {
                "number": number,
                "wording": words.node(channel.wording, f"channels/{channel.name}", "wording", lines=2),
                "at": at,
            }
    return None


def _voice(pack: Pack, words: Words) -> Json:
    reference = f"audiences/{pack.audience.id}"
    voice = pack.audience.voice
    return {
        "ask": words.node(voice.ask, reference, "voice", "ask", lines=2),
        "act": words.node(voice.act, reference, "voice", "act", lines=2),
    }


def _contact(pack: Pack, material: Material, words: Words) -> Json | None:
    contact = pack.contact
    if contact is None:
        return None
    reference = f"contacts/{pack.contact_id}"
    plain = plain_signature(contact, pack.audience)
    lines = contact.signature or (contact.name,)
    return {
        "name": contact.name,
        "kind": contact.kind.value,
        "style": contact.signature_style.value,
        "signature": words.nodes(lines, reference, "signature"),
        "partners": words.nodes(contact.partners, reference, "partners"),
        "phones": [] if plain else _phones(words, contact, reference),
        "hotline": None if plain else contact.hotline,
        "address": None if plain or not contact.address else words.node(contact.address, reference, "address"),
        "station": _station(words, contact, reference),
        "logo": None if plain else contact.logo,
        "qr": [] if plain else _symbols(pack, material, words, contact, reference),
    }


def _plain_contact(pack: Pack) -> Json | None:
    """Who signs a deck: text as typed, for placeholders that break their own lines."""
    contact = pack.contact
    if contact is None:
        return None
    plain = plain_signature(contact, pack.audience)
    named = contact.signature_style is not SignatureStyle.NONE
    return {
        "name": contact.name,
        "signature": [*(contact.signature or (contact.name,)), *contact.partners] if named else [],
        "phones": [] if plain else [phone.model_dump() for phone in contact.phones],
        "hotline": None if plain else contact.hotline,
        "station": contact.station.model_dump() if contact.station else None,
    }


def _phones(words: Words, contact: Contact, reference: str) -> list[Json]:
    return [
        {"name": words.node(phone.name, reference, "phones", at, "name"), "number": phone.number}
        for at, phone in enumerate(contact.phones)
    ]


def _station(words: Words, contact: Contact, reference: str) -> Json | None:
    if contact.station is None:
        return None
    return {"name": words.node(contact.station.name, reference, "station", "name"), "number": contact.station.number}


def _symbols(pack: Pack, material: Material, words: Words, contact: Contact, reference: str) -> list[Json]:
    distance = min(SCAN_M, material.distances.fine) if material.distances else SCAN_M
    made = []
    for at, code in enumerate(contact.qr):
        text = code.url or qr.read(pack.library.assets[code.picture or ""])[0]
        symbol = qr.symbol(text)
        made.append(
            {
                "caption": words.node(code.caption, reference, "qr", at, "caption"),
                "host": re.sub(r"^https?://([^/]+).*", r"\1", text) if code.url else "",
                "symbol": {"text": text, "modules": list(symbol.modules)},
                "mm": qr.size_mm(distance, modules=symbol.side),
            }
        )
    return made


# ---- feeds: what a piece is about ------------------------------------------------------------------


def _scam_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    for name, scam in pack.scams()[: row.count]:
        words = pack.words()
        yield Piece(name, scam.name, words, {"scam": scam_data(pack, words, name, scam)}, (f"scams/{name}",))


def _rule_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    for name, rule in pack.library.rules_for(pack.audience)[: row.count]:
        words = pack.words()
        yield Piece(name, rule.name, words, {"rule": rule_data(words, name, rule)}, (f"rules/{name}",))


def _slogan_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    for name, text in pack.featured()[: row.count]:
        words = pack.words()
        # The rule that goes with everything, where the audience has it.
        rules = [item for item in pack.library.rules_for(pack.audience) if len(item[1].items) <= BASIC_RULE][:1]
        data = {
            "slogan": words.node(text, f"slogans/{name}", "slogan", lines=4),
            "scene": pack.library.drawing(pack.audience.scene or DEFAULT_SCENE),
            "rule": next((rule_data(words, *item) for item in rules), None),
        }
        content = (f"slogans/{name}", *(f"rules/{rule}" for rule, _ in rules))
        yield Piece(name, f"标语：{text}", words, data, content)


def _guide_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    words, library, audience = pack.words(), pack.library, pack.audience
    reference = f"audiences/{audience.id}"
    scams = pack.scams()[:3]
    # A leaflet is held in the hand: it has room for the long rules, which a poster shortens.
    rules = _long_rules(library.rules_for(audience))
    jingles = library.jingles_for(audience)[:1]
    cases = _told(pack, [name for name, _ in scams])[:1]
    data = {
        "cover": {
            "title": words.nodes(audience.cover.title, reference, "cover", "title", lines=1),
            "text": words.node(audience.cover.text, reference, "cover", "text", lines=3),
        },
        "cover_scene": library.drawing(audience.scene or DEFAULT_SCENE),
        "help_scene": library.drawing("call-help"),
        "scams": [scam_data(pack, words, name, scam) for name, scam in scams],
        "rules": [rule_data(words, name, rule) for name, rule in rules],
        "help": words.nodes(audience.help, reference, "help"),
        "promise": words.nodes(audience.promise, reference, "promise"),
        "jingle": [_jingle_data(words, jingle) for jingle in jingles],
        "cases": [_case_data(words, name, case) for name, case in cases],
        "channels": _channels_data(pack, words),
    }
    content = tuple(f"scams/{name}" for name, _ in scams) + tuple(f"rules/{name}" for name, _ in rules)
    content += tuple(f"cases/{name}" for name, _ in cases) + tuple(f"jingles/{jingle.name}" for jingle in jingles)
    yield Piece(material.id, material.name, words, data, content)


def _long_rules(rules: Sequence[tuple[str, Rule]]) -> list[tuple[str, Rule]]:
    """Two rules for a leaflet: the longest, then the audience's first other one that fills a page."""
    longest = max(rules, key=lambda item: len(item[1].items), default=None)
    rest = sorted((item for item in rules if item is not longest), key=lambda item: len(item[1].items) <= 4)
    return [*([longest] if longest else []), *rest[:1]]


def _told(pack: Pack, scams: list[str]) -> list[tuple[str, Case]]:
    """The audience's cases, those of its first scams first."""
    order = {name: at for at, name in enumerate(scams)}
    cases = pack.library.cases_for(pack.audience)
    return sorted(cases, key=lambda case: min((order.get(scam, 99) for scam in case[1].scams), default=99))


def _playlist_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    words, library = pack.words(), pack.library
    playlist: list[Json] = []
    # The audience's own slogans open the loop.
    own = set(pack.audience.featured)
    slogans = sorted(library.slogans_for(pack.audience, Use.LED), key=lambda item: item[1].slogan not in own)
    for name, slogan in slogans:
        text = fits(slogan, Use.LED)
        if text:
            field_name = "slogan" if text == slogan.slogan else "short"
            words.origins[f"playlist/{len(playlist)}"] = library.span(f"slogans/{name}", field_name)
            playlist.append({"id": f"slogans/{name}", "text": text})
    screens = [library.screens[name].model_dump(mode="json") for name in material.screens]
    data = {"playlist": playlist, "screens": screens, "glossary": list(library.glossary)}
    yield Piece(material.id, material.name, words, data, tuple(item["id"] for item in playlist))


def _lecture_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    words, library, audience = pack.words(), pack.library, pack.audience
    scams = pack.scams()[:5]
    rules = library.rules_for(audience)
    told = _told(pack, [name for name, _ in scams])
    data = {
        "lecture": audience.deck.model_dump() if audience.deck else None,
        "glossary": list(library.glossary),
        "contact": _plain_contact(pack),
        "campaign": {"name": pack.campaign.name, "badge": pack.campaign.badge} if pack.campaign else None,
        "voice": {"ask": audience.voice.ask, "act": audience.voice.act},
        "help": list(audience.help),
        "promise": list(audience.promise),
        "scams": [{"id": name, **_plain_scam(pack, name, scam)} for name, scam in scams],
        "cases": [
            {"id": name, **case.model_dump(mode="json", include={"name", "story", "lesson", "scams", "sourced"})}
            for name, case in told[:2]
        ],
        "rules": [
            {"id": name, **rule.model_dump(mode="json", include={"name", "title", "lead", "items", "ending", "note"})}
            for name, rule in rules
        ],
        "channels": [channel.model_dump(mode="json") for channel in library.channels_for(audience) if channel.printed],
        "jingles": [
            jingle.model_dump(mode="json", include={"name", "lines"}) for jingle in library.jingles_for(audience)
        ],
        "slogans": [text for _, text in pack.featured()[:3]],
        "scenes": {
            name: library.drawing(name)
            for name in ("shield-family", "call-help", "think-stop", "class-talk", "bank-counter")
        },
    }
    content = tuple(f"scams/{name}" for name, _ in scams) + tuple(f"rules/{name}" for name, _ in rules)
    content += tuple(f"cases/{name}" for name, _ in told[:2])
    words.origins |= {reference: library.span(reference) for reference in content}
    # Slides show a case by its title.
    words.origins |= {f"cases/{case.name}": library.span(f"cases/{name}") for name, case in told[:2]}
    title = audience.deck.title if audience.deck else material.name
    yield Piece(material.id, title, words, data, content)


Feeder = Callable[[Pack, Material, PieceRow], Iterator[Piece]]
FEEDS: Final[dict[Feed, Feeder]] = {
    Feed.SCAM: _scam_pieces,
    Feed.RULE: _rule_pieces,
    Feed.SLOGAN: _slogan_pieces,
    Feed.GUIDE: _guide_piece,
    Feed.PLAYLIST: _playlist_piece,
    Feed.LECTURE: _lecture_piece,
}


# ---- items as data -----------------------------------------------------------------------------------


def scam_data(pack: Pack, words: Words, name: str, scam: Scam) -> Json:
    """A scam as text nodes, with its scene."""
    reference = f"scams/{name}"

    def where(field_name: str) -> tuple[str, ...]:
        for audience_id in pack.audience.lineage:
            own = pack.library.scams[name].variants.get(audience_id)
            if own is not None:
                return ("variants", audience_id, field_name) if getattr(own, field_name) is not None else (field_name,)
        return (field_name,)

    def listed(field_name: str, lines: int = 0) -> list[Json]:
        return words.nodes(getattr(scam, field_name), reference, *where(field_name), lines=lines)

    def titled(field_name: str) -> list[Json]:
        return [
            {
                "title": words.node(item.title, reference, *where(field_name), at, "title"),
                "text": words.node(item.text, reference, *where(field_name), at, "text"),
            }
            for at, item in enumerate(getattr(scam, field_name))
        ]

    return {
        "name": words.node(scam.name, reference, "name", lines=2),
        "headline": listed("headline", lines=1),
        "tagline": words.node(scam.tagline, reference, *where("tagline"), lines=2),
        "steps": titled("steps"),
        "red_flags": listed("red_flags"),
        "todo": listed("todo"),
        "dont": titled("dont"),
        "question": listed("question", lines=3),
        "jingle": words.node(scam.jingle, reference, *where("jingle"), lines=2),
        "hits": words.nodes(scam.hits, reference, "hits"),
        "law": words.node(scam.law, reference, "law") if scam.law else None,
        "scene": pack.library.drawing(scam.scene),
    }


def _plain_scam(pack: Pack, name: str, scam: Scam) -> Json:
    keep = {"name", "hits", "headline", "tagline", "steps", "red_flags", "todo", "dont", "question", "jingle", "law"}
    return {**scam.model_dump(mode="json", include=keep), "scene": pack.library.drawing(scam.scene)}


def rule_data(words: Words, name: str, rule: Rule) -> Json:
    """A rule as text nodes; ``short`` is the poster form of an item, the item itself when it has none."""
    reference = f"rules/{name}"
    items = []
    for at, item in enumerate(rule.items):
        short = item.short or item.text
        items.append({
            "text": words.node(item.text, reference, "items", at, "text"),
            "short": words.node(short, reference, "items", at, "short" if item.short else "text", lines=2),
            "aside": words.node(item.aside, reference, "items", at, "aside") if item.aside else None,
        })  # fmt: skip
    return {
        "name": words.node(_masthead(rule), reference, "name", lines=1),
        "title": words.node(rule.title or rule.name, reference, "title" if rule.title else "name", lines=2),
        "lead": words.node(rule.lead, reference, "lead") if rule.lead else None,
        "ending": words.node(rule.ending, reference, "ending", lines=1) if rule.ending else None,
        "note": words.nodes(rule.note, reference, "note"),
        "items": items,
        "shortened": any(item.short for item in rule.items),
    }


def _masthead(rule: Rule) -> str:
    """The rule's name without its ending, which stands beside it as the verdict: 八个凡是 / 都是诈骗."""
    return rule.name.removesuffix(rule.ending or "").strip() or rule.name


def _jingle_data(words: Words, jingle: Jingle) -> Json:
    reference = f"jingles/{jingle.name}"
    return {"name": words.node(jingle.name, reference, "name"), "lines": words.nodes(jingle.lines, reference, "lines")}


def _case_data(words: Words, name: str, case: Case) -> Json:
    reference = f"cases/{name}"
    return {
        "title": words.node(case.name, reference, "name", lines=2),
        "story": words.nodes(case.story, reference, "story"),
        "lesson": words.node(case.lesson, reference, "lesson"),
    }


def _channels_data(pack: Pack, words: Words) -> list[Json]:
    return [
        {
            "name": words.node(channel.name, f"channels/{channel.name}", "name"),
            "number": channel.number,
            "purpose": words.node(channel.purpose, f"channels/{channel.name}", "purpose"),
        }
        for channel in pack.library.channels_for(pack.audience)
        if channel.printed
    ]


def _inks(data: Any) -> Json:
    """CMYK of every fixed colour in the drawings of a piece."""
    found: dict[str, list[int]] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            fill = value.get("fill")
            if isinstance(fill, str) and fill.startswith("#"):
                found.setdefault(fill, list(cmyk_of(fill)))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list) and value and isinstance(value[0], (dict, list)):
            for inner in value:
                walk(inner)

    walk({key: value for key, value in data.items() if key != "theme"})
    return found


def _file_name(title: str) -> str:
    """``title`` as part of a file name that Windows, a zip and a USB stick all take."""
    kept = re.sub(r"[^\w]+", "", title)
    return kept[: SHORT_NAME + 4] or "无题"
