"""The feed of LED screens: which slogans play, in which order."""

from collections.abc import Iterator

from generator.feeds.base import Pack, Piece
from generator.model.content import Use
from generator.model.design import Material, PieceRow
from generator.render.base import Json
from generator.typesetting.slogans import fits


def playlist_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
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
