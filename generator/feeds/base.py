"""What every feed works with: the pack being planned, its words with their places, and the pieces it gives.

Pure data: no file, no clock, no engine is touched here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date

from generator.errors import Span
from generator.library import Audience, Library
from generator.model.content import Campaign, Case, Contact, Scam, SignatureStyle, Use
from generator.model.design import OWN_THEME, Material, PieceRow
from generator.model.records import Record
from generator.render.base import Json
from generator.typesetting.phrases import Breaker
from generator.typesetting.signature import plain_signature
from generator.typesetting.slogans import LIMITS, fits, length


def materials_for(library: Library, audience: Audience) -> list[Material]:
    """What is made for an audience: the materials that hang in one of its places, in catalogue order."""
    return [material for material in library.materials.values() if _made(material, audience)]


def _made(material: Material, audience: Audience) -> bool:
    skipped = {material.id, material.name} & set(audience.skip)
    return not skipped and bool(set(material.places) & set(audience.places))


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
    records: tuple[Record, ...] = ()
    standard: str | None = None
    tiff: bool = False

    def words(self) -> Words:
        return Words(self.library, self.breaker)

    def scams(self, hits: str | None = None) -> list[tuple[str, Scam]]:
        """The audience's scams in its words: those in focus first, then those that hit ``hits``, then its own order."""
        scams = [(name, scam.said_to(self.audience.lineage)) for name, scam in self.library.scams_for(self.audience)]
        first = [item for wanted in self.focus for item in scams if item[0] == wanted]
        rest = [item for item in scams if item not in first]
        if hits:
            rest.sort(key=lambda item: not any(hits in people for people in item[1].hits))
        return first + rest

    def campaign_lines(self, use: Use, *fields: str) -> list[tuple[str, str]]:
        """The campaign's big words that may hang at ``use``, as (field, text), in the order of ``fields``."""
        said = [(name, getattr(self.campaign, name)) for name in fields] if self.campaign else []
        return [(name, text) for name, text in said if text and length(text) <= LIMITS[use]]

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
    """What a feed gives: the piece's name and title, its words, the items it shows.

    ``trim``: the finished size in mm of a piece whose size follows from its words, else the material's. ``theme``:
    its look, where that is not the audience's.
    """

    name: str
    title: str
    words: Words
    data: Json
    content: tuple[str, ...]
    trim: tuple[float, float] | None = None
    theme: str = OWN_THEME


Feeder = Callable[[Pack, Material, PieceRow], Iterator[Piece]]
"""The pieces of one row of a material, in the order in which they are made."""


def in_turn(values: Sequence[str], index: int, without: str = "") -> str:
    """The value for the piece at ``index`` of a row: its values are taken in turn."""
    return values[index % len(values)] if values else without


def told(pack: Pack, scams: list[str]) -> list[tuple[str, Case]]:
    """The audience's cases, those of its first scams first."""
    order = {name: at for at, name in enumerate(scams)}
    cases = pack.library.cases_for(pack.audience)
    return sorted(cases, key=lambda case: min((order.get(scam, 99) for scam in case[1].scams), default=99))


def plain_contact(pack: Pack) -> Json | None:
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
