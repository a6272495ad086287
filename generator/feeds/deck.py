"""The feed of decks: everything a lecture may tell its audience. An audience has one lecture or several."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from generator.feeds.base import Pack, Piece, Words, plain_contact, told
from generator.feeds.numbers import numbers_of
from generator.model.content import DeckChoice, Scam, Use
from generator.model.design import Material, PieceRow
from generator.render.base import Json

MOST_SCAMS: Final = 8
"""Scams that a lecture is given; its outline tells as many of the first ones as it has time for."""
MOST_CASES: Final = 8
SCENES: Final = (
    "shield-family", "shield-family-light", "call-help", "think-stop", "class-talk", "bank-counter", "elder-call",
    "two-person", "account-swap", "phone-mask", "boss-mask", "card-chain", "screen-eye",
)  # fmt: skip
"""Pictures that outlines may ask for beside those of the scams. ``X-light`` is what X is where it stands on white."""


def lecture_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """A piece for each lecture; the only one of an audience is called after the material."""
    choices = pack.audience.deck
    for choice, name in zip(choices, _names(choices, material), strict=True):
        words = pack.words()
        data, content = _told(_before(pack, choice), words)
        data["contact"] = plain_contact(pack)
        yield Piece(name, choice.title, words, {"lecture": choice.model_dump(), **data}, content)


def _before(pack: Pack, choice: DeckChoice) -> Pack:
    """The pack as if it were for those who listen: what is said is theirs, who signs stays."""
    found = pack.library.find("audiences", choice.told_to) if choice.told_to else None
    return replace(pack, audience=pack.library.audiences[found]) if found else pack


def _names(choices: tuple[DeckChoice, ...], material: Material) -> list[str]:
    """After their outlines, told apart by numbers where an outline serves twice."""
    if len(choices) == 1:
        return [material.id]
    outlines = [choice.outline for choice in choices]
    earlier = [outlines[:at].count(outline) for at, outline in enumerate(outlines)]
    return [f"{outline}@{count + 1}" if count else outline for outline, count in zip(outlines, earlier, strict=True)]


def _told(pack: Pack, words: Words) -> tuple[Json, tuple[str, ...]]:
    library, audience = pack.library, pack.audience
    scams = pack.scams()[:MOST_SCAMS]
    rules = library.rules_for(audience)
    cases = told(pack, [name for name, _ in scams])[:MOST_CASES]
    data: Json = {
        "glossary": list(library.glossary),
        "audience": {
            "id": audience.id,
            "name": audience.name,
            "readers": audience.readers,
            "minors": audience.minors,
        },
        "campaign": _campaign(pack, words),
        "voice": {"ask": audience.voice.ask, "act": audience.voice.act},
        "help": list(audience.help),
        "promise": list(audience.promise),
        "scams": [{"id": name, **_plain_scam(pack, name, scam)} for name, scam in scams],
        "cases": [
            {"id": name, **case.model_dump(mode="json", include={"name", "story", "lesson", "scams", "sourced"})}
            for name, case in cases
        ],
        "rules": [
            {"id": name, **rule.model_dump(mode="json", include={"name", "title", "lead", "items", "ending", "note"})}
            for name, rule in rules
        ],
        "channels": [channel.model_dump(mode="json") for channel in library.channels_for(audience) if channel.printed],
        "jingles": [
            jingle.model_dump(mode="json", include={"name", "lines"}) for jingle in library.jingles_for(audience)
        ],
        "slogans": [text for _, text in pack.featured()][:3],
        "scenes": {name: library.drawing(name) for name in SCENES if name in library.scenes},
    }
    counted = numbers_of(pack)
    data["numbers"] = counted[1] if counted else None
    content = tuple(f"scams/{name}" for name, _ in scams) + tuple(f"rules/{name}" for name, _ in rules)
    content += tuple(f"cases/{name}" for name, _ in cases)
    words.origins |= {reference: library.span(reference) for reference in content}
    if counted:
        words.origins["numbers"] = library.span(counted[0], "rows")
    # Slides show a case by its title.
    words.origins |= {f"cases/{case.name}": library.span(f"cases/{name}") for name, case in cases}
    return data, content


_FIRST: Final = {"motto": ("slogan_line", "headline"), "call": ("headline", "slogan_line")}
"""What a campaign says below the title and on the last slide; where it has one of the two, that stands for both."""


def _campaign(pack: Pack, words: Words) -> Json | None:
    if pack.campaign is None:
        return None
    plain: Json = {"name": pack.campaign.name, "badge": pack.campaign.badge, "motto": None, "call": None}
    for name, fields in _FIRST.items():
        # What is too long for a poster is too long for these.
        for field, text in pack.campaign_lines(Use.POSTER, *fields)[:1]:
            plain[name] = text
            words.origins[f"campaign.{name}"] = pack.library.span(f"campaigns/{pack.campaign_id}", field)
    return plain


def _plain_scam(pack: Pack, name: str, scam: Scam) -> Json:
    keep = {"name", "hits", "headline", "tagline", "steps", "red_flags", "todo", "dont", "question", "jingle", "law"}
    plain = scam.model_dump(mode="json", include=keep)
    plain["situation"] = list(scam.situation) or [step.text for step in scam.steps[:2]]
    return {**plain, "scene": pack.library.drawing(scam.scene)}
