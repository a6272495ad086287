"""The feed of cards, stickers and forms: what one of them says as a whole stands in one file of content/cards/."""

from collections.abc import Iterator

from generator.feeds.base import Pack, Piece, Words
from generator.feeds.pages import DEFAULT_SCENE
from generator.model.content import Card
from generator.model.design import Material, PieceRow
from generator.render.base import Json


def card_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """All cards for the material, whatever its ``count``: somebody wrote each to be made; a lone one carries the
    material's name alone."""
    cards = pack.library.cards_for(pack.audience, material.id)
    for name, card in cards:
        words = pack.words()
        data = {"card": card_data(pack, words, name, card)}
        if card.scene is None:
            # For templates that cannot do without a picture.
            data["scene"] = pack.library.drawing(pack.audience.scene or DEFAULT_SCENE)
        alone = len(cards) == 1 and len(material.pieces) == 1
        yield Piece(material.id if alone else name, card.name, words, data, (f"cards/{name}",))


def card_data(pack: Pack, words: Words, name: str, card: Card) -> Json:
    """A card as text nodes, with its scene; ``mark`` of a part is number, do, dont or ask."""
    reference = f"cards/{name}"
    return {
        "name": words.node(card.name, reference, "name", lines=1),
        "headline": words.nodes(card.headline, reference, "headline", lines=1),
        "tagline": words.node(card.tagline, reference, "tagline", lines=2) if card.tagline else None,
        "parts": [
            {
                "title": words.node(part.title, reference, "parts", at, "title", lines=1) if part.title else None,
                "mark": part.mark.name.lower(),
                "items": words.nodes(part.items, reference, "parts", at, "items"),
            }
            for at, part in enumerate(card.parts)
        ],
        "confirm": words.nodes(card.confirm, reference, "confirm"),
        "scene": pack.library.drawing(card.scene) if card.scene else None,
    }
