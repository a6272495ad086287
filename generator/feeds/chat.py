"""Feeds of what is sent to chat groups and read out: a trick with its case, nine squares, a broadcast."""

from collections.abc import Iterator
from typing import Final

from generator.feeds.base import Pack, Piece, plain_contact
from generator.feeds.items import case_data, scam_data
from generator.feeds.pages import DEFAULT_SCENE
from generator.model.design import Material, PieceRow

IN_THE_GRID: Final = 7
"""Tricks between the cover and the last of nine squares."""


def story_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """A scam each, with the first case of it that the audience may be told."""
    for name, scam in pack.scams()[: row.count]:
        words = pack.words()
        case = next(iter(pack.library.cases_for(pack.audience, name)), None)
        data = {
            "scam": scam_data(pack, words, name, scam),
            "case": case_data(words, *case) if case else None,
        }
        content = (f"scams/{name}", *([f"cases/{case[0]}"] if case else []))
        yield Piece(name, scam.name, words, data, content)


def nine_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Nine squares in one: nothing for an audience that has too few scams to fill them."""
    words, audience = pack.words(), pack.audience
    scams = pack.scams()[:IN_THE_GRID]
    if len(scams) < IN_THE_GRID:
        return
    data = {
        "cover": {"title": words.nodes(audience.cover.title, f"audiences/{audience.id}", "cover", "title", lines=1)},
        "cover_scene": pack.library.drawing(audience.scene or DEFAULT_SCENE),
        "scams": [scam_data(pack, words, name, scam) for name, scam in scams],
    }
    yield Piece(material.id, material.name, words, data, tuple(f"scams/{name}" for name, _ in scams))


def broadcast_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """What a loudspeaker says: the first scams in plain words, the jingle, whom to call."""
    words, audience = pack.words(), pack.audience
    scams = pack.scams()[: row.count]
    jingles = pack.library.jingles_for(audience)[:1]
    keep = {"name", "tagline", "steps", "red_flags", "todo", "dont", "jingle"}
    data = {
        "scams": [{"id": name, **scam.model_dump(mode="json", include=keep)} for name, scam in scams],
        "jingles": [jingle.model_dump(mode="json", include={"name", "lines"}) for jingle in jingles],
        "help": list(audience.help),
        "signed": plain_contact(pack),
        "voice_text": {"ask": audience.voice.ask, "act": audience.voice.act},
    }
    content = (*(f"scams/{name}" for name, _ in scams), *(f"jingles/{jingle.name}" for jingle in jingles))
    words.origins |= {reference: pack.library.span(reference) for reference in content}
    yield Piece(material.id, material.name, words, data, content)
