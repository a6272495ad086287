"""Every text that may be printed, with where it was typed: what the wording checks walk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from generator.errors import Span
from generator.model.content import AudienceFile, Contact, Scam

if TYPE_CHECKING:
    from generator.library import Audience, Library

Path = tuple[str | int, ...]

# Names of other items, settings, and words for the editor of a file: read by no reader of a piece.
_NOT_PRINTED_FIELDS: Final = """
    source audiences scams channels materials not_for focus places rules theme extends skip logo picture url brand scene
    outline contact told_to avoid number hotline misuse not_purpose reason domains confirmed_by tone edition genre
"""
_NOT_PRINTED: Final = frozenset(_NOT_PRINTED_FIELDS.split())


@dataclass(frozen=True, slots=True)
class Words:
    """One text of one item. ``shown_to``: ids of the audiences that may read it."""

    reference: str
    path: Path
    text: str
    shown_to: frozenset[str]

    @property
    def kind(self) -> str:
        """The folder or file the item is in: ``slogans``, ``scams``, ``contacts``…"""
        return self.reference.partition("/")[0]

    @property
    def id(self) -> str:
        """The item's id within its kind."""
        return self.reference.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Place:
    """Some characters of a text as they stand in the file: their span and the line as typed."""

    span: Span
    quote: str

    def rewritten(self, text: str) -> str:
        """The line with ``text`` in place of the span; empty when the span is more than one line."""
        if self.span.line != self.span.end_line or self.span.end_column > len(self.quote) + 1:
            return ""
        return self.quote[: self.span.column - 1] + text + self.quote[self.span.end_column - 1 :]


class Readers:
    """Which audiences an item is for, by id: names, ids and inheritance resolved once a run."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self.all: Final = frozenset(library.audiences)

    def of(self, names: tuple[str, ...], not_for: tuple[str, ...] = ()) -> frozenset[str]:
        """All audiences when ``names`` is empty, else those named and their heirs; less ``not_for`` and its heirs."""
        return (self._heirs(names) if names else self.all) - self._heirs(not_for)

    def _heirs(self, names: tuple[str, ...]) -> frozenset[str]:
        wanted = {self._library.find("audiences", name) for name in names}
        return frozenset(id_ for id_, audience in self._library.audiences.items() if wanted & set(audience.lineage))

    def signed_by(self, contact: Contact) -> frozenset[str]:
        """The audiences that a unit of this kind signs for."""
        return frozenset(
            id_ for id_, audience in self._library.audiences.items() if contact.kind in (audience.contact_kinds or ())
        )

    @cached_property
    def minors(self) -> frozenset[str]:
        """The audiences of 中小学 and kindergartens."""
        return frozenset(id_ for id_, audience in self._library.audiences.items() if audience.minors)


def every_text(library: "Library") -> Iterator[Words]:
    """Every printed text of every item, each once, in the order of the files."""
    readers = Readers(library)
    for kind in ("slogans", "rules", "scams", "cases", "cards", "campaigns"):
        for id_, item in getattr(library, kind).items():
            shown_to = readers.of(item.audiences, getattr(item, "not_for", ()))
            yield from _texts(f"{kind}/{id_}", item, shown_to, library)
    for id_, document in library.documents.items():
        yield from _texts(f"documents/{id_}", document, _document_readers(library, id_), library)
    for jingle in library.jingles:
        yield from _texts(f"jingles/{jingle.name}", jingle, readers.of(jingle.audiences), library)
    for couplet in library.couplets:
        yield from _texts(f"couplets/{couplet.upper}", couplet, readers.of(couplet.audiences), library)
    for channel in library.channels.numbers:
        reference = f"channels/{channel.number or channel.name}"
        yield from _texts(reference, channel, readers.of(channel.audiences), library)
    for id_, contact in library.contacts.items():
        yield from _texts(f"contacts/{id_}", contact, readers.signed_by(contact), library)
    for id_, numbers in library.numbers.items():
        # Where numbers come from is printed beside them.
        unit = library.contacts.get(numbers.contact)
        shown_to = readers.signed_by(unit) if unit else readers.all
        yield Words(f"numbers/{id_}", ("source",), numbers.source, shown_to)
        yield from _texts(f"numbers/{id_}", numbers, shown_to, library)
    for audience in library.audiences.values():
        yield from _audience_texts(library, audience)


def _texts(reference: str, item: BaseModel, shown_to: frozenset[str], library: "Library") -> Iterator[Words]:
    for path, text in _strings(item, ()):
        readers = _scam_readers(item, path, shown_to, library) if isinstance(item, Scam) else shown_to
        yield Words(reference, path, text, readers)


def _document_readers(library: "Library", id_: str) -> frozenset[str]:
    """The audiences that get this version; an heir with a version of its own does not read its parent's."""
    genre = library.documents[id_].genre
    return frozenset(
        name for name, audience in library.audiences.items() if id_ in dict(library.documents_for(audience, genre))
    )


def _scam_readers(scam: Scam, path: Path, shown_to: frozenset[str], library: "Library") -> frozenset[str]:
    """Who reads this wording: an audience has the variant nearest in its lineage, for the fields that it gives."""

    def reads(id_: str) -> bool:
        own = next((key for key in library.audiences[id_].lineage if key in scam.variants), None)
        if path[0] == "variants":
            return own == path[1]
        return own is None or getattr(scam.variants[own], str(path[0]), None) is None

    return frozenset(filter(reads, shown_to))


def _audience_texts(library: "Library", audience: "Audience") -> Iterator[Words]:
    """What the audience's own file says; inherited words are its parent's."""
    parent = library.audiences.get(audience.lineage[1]) if len(audience.lineage) > 1 else None
    heirs = frozenset(id_ for id_, heir in library.audiences.items() if audience.id in heir.lineage)
    for name in AudienceFile.model_fields:
        value = getattr(audience, name, None)
        if name not in _NOT_PRINTED and (parent is None or value != getattr(parent, name, None)):
            for path, text in _strings(value, (name,)):
                yield Words(f"audiences/{audience.id}", path, text, heirs)


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if not isinstance(value, Enum):
            yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _NOT_PRINTED:
                yield from _strings(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))


def place(library: "Library", words: Words, start: int, end: int) -> Place:
    """Where ``words.text[start:end]`` stands: exact within one typed line, else the whole value."""
    source = library.sources[words.reference][0]
    span = library.span(words.reference, *words.path)
    needle = words.text[start:end]
    found = _typed(source.lines, span, needle, words.text.count(needle, 0, start)) if needle else None
    where = found or span
    return Place(where, source.quote(where))


def value_place(library: "Library", reference: str, path: Path, text: str = "") -> Place:
    """Where a field's value stands; with ``text``, without the quotes that it may be typed in."""
    return place(library, Words(reference, path, text, frozenset()), 0, len(text))


def _typed(lines: Sequence[str], span: Span, needle: str, earlier: int) -> Span | None:
    """The occurrence of ``needle`` after ``earlier`` others within ``span``, if it is typed on one line."""
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        column = span.column - 1 if number == span.line else 0
        stop = span.end_column - 1 if number == span.end_line else len(line)
        while (column := line.find(needle, column, stop)) >= 0:
            if not earlier:
                return Span(span.file, number, column + 1, number, column + 1 + len(needle))
            earlier -= 1
            column += len(needle)
    return None
