"""The feed of large print: half the words of a leaflet, those for whom a row is meant first."""

from collections.abc import Iterator
from typing import Final

from generator.feeds.base import Pack, Piece
from generator.feeds.items import rule_data, scam_data
from generator.feeds.pages import BASIC_RULE, DEFAULT_SCENE
from generator.model.design import Material, PieceRow

TOLD: Final = 3
"""Scams that a leaflet in large print has room for."""


def large_guide_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """A leaflet in large print: three scams with one sentence each, the basic rule, what to do when cheated."""
    words, library, audience = pack.words(), pack.library, pack.audience
    reference = f"audiences/{audience.id}"
    scams = pack.scams(row.hits)[:TOLD]
    rules = [item for item in library.rules_for(audience) if len(item[1].items) <= BASIC_RULE][:1]
    if not scams:
        return
    data = {
        "cover": {
            "title": words.nodes(audience.cover.title, reference, "cover", "title", lines=1),
            "text": words.node(audience.cover.text, reference, "cover", "text", lines=3),
        },
        "cover_scene": library.drawing(audience.scene or DEFAULT_SCENE),
        "help_scene": library.drawing("call-help"),
        "scams": [scam_data(pack, words, name, scam) for name, scam in scams],
        "rule": next((rule_data(words, *item) for item in rules), None),
        "help": words.nodes(audience.help, reference, "help"),
    }
    content = tuple(f"scams/{name}" for name, _ in scams) + tuple(f"rules/{name}" for name, _ in rules)
    yield Piece(material.id, material.name, words, data, content)
