"""The feed of decks: everything a lecture may tell its audience."""

from collections.abc import Iterator

from generator.feeds.base import Pack, Piece, plain_contact, told
from generator.model.content import Scam
from generator.model.design import Material, PieceRow
from generator.render.base import Json


def lecture_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    words, library, audience = pack.words(), pack.library, pack.audience
    scams = pack.scams()[:5]
    rules = library.rules_for(audience)
    cases = told(pack, [name for name, _ in scams])
    data = {
        "lecture": audience.deck.model_dump() if audience.deck else None,
        "glossary": list(library.glossary),
        "contact": plain_contact(pack),
        "campaign": {"name": pack.campaign.name, "badge": pack.campaign.badge} if pack.campaign else None,
        "voice": {"ask": audience.voice.ask, "act": audience.voice.act},
        "help": list(audience.help),
        "promise": list(audience.promise),
        "scams": [{"id": name, **_plain_scam(pack, name, scam)} for name, scam in scams],
        "cases": [
            {"id": name, **case.model_dump(mode="json", include={"name", "story", "lesson", "scams", "sourced"})}
            for name, case in cases[:2]
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
    content += tuple(f"cases/{name}" for name, _ in cases[:2])
    words.origins |= {reference: library.span(reference) for reference in content}
    # Slides show a case by its title.
    words.origins |= {f"cases/{case.name}": library.span(f"cases/{name}") for name, case in cases[:2]}
    title = audience.deck.title if audience.deck else material.name
    yield Piece(material.id, title, words, data, content)


def _plain_scam(pack: Pack, name: str, scam: Scam) -> Json:
    keep = {"name", "hits", "headline", "tagline", "steps", "red_flags", "todo", "dont", "question", "jingle", "law"}
    return {**scam.model_dump(mode="json", include=keep), "scene": pack.library.drawing(scam.scene)}
