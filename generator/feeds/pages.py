"""Feeds of printed pages: posters of a scam, a rule or a slogan, and what a leaflet says."""

from collections.abc import Iterator, Sequence
from typing import Final

from generator.feeds.base import Pack, Piece, told
from generator.feeds.items import case_data, channels_data, jingle_data, rule_data, scam_data
from generator.model.content import Rule, Use
from generator.model.design import Material, PieceRow

DEFAULT_SCENE: Final = "shield-family"
"""On covers and slogan posters of an audience that names no scene."""

BASIC_RULE: Final = 4
"""Items of the longest rule that still goes with a slogan: 三不一多 has four."""


def scam_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    for name, scam in pack.scams(row.hits)[: row.count]:
        words = pack.words()
        yield Piece(name, scam.name, words, {"scam": scam_data(pack, words, name, scam)}, (f"scams/{name}",))


def rule_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    for name, rule in pack.library.rules_for(pack.audience)[: row.count]:
        words = pack.words()
        scene = pack.library.drawing(pack.audience.scene or DEFAULT_SCENE)
        data = {"rule": rule_data(words, name, rule), "scene": scene}
        yield Piece(name, rule.name, words, data, (f"rules/{name}",))


def slogan_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Slogans in big type, the campaign's own words first."""
    own = pack.campaign_lines(Use.POSTER, "headline", "slogan_line")
    said = [(f"campaign-{field}", text, f"campaigns/{pack.campaign_id}", field) for field, text in own]
    said += [(name, text, f"slogans/{name}", "slogan") for name, text in pack.featured()]
    # The rule that goes with everything, where the audience has it.
    rules = [item for item in pack.library.rules_for(pack.audience) if len(item[1].items) <= BASIC_RULE][:1]
    for name, text, reference, field in said[: row.count]:
        words = pack.words()
        data = {
            "slogan": words.node(text, reference, field, lines=4),
            "scene": pack.library.drawing(pack.audience.scene or DEFAULT_SCENE),
            "rule": next((rule_data(words, *item) for item in rules), None),
        }
        content = (reference, *(f"rules/{rule}" for rule, _ in rules))
        yield Piece(name, f"标语：{text}", words, data, content)


def guide_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    words, library, audience = pack.words(), pack.library, pack.audience
    reference = f"audiences/{audience.id}"
    scams = pack.scams()[:3]
    # A leaflet is held in the hand: it has room for the long rules, which a poster shortens.
    rules = _long_rules(library.rules_for(audience))
    jingles = library.jingles_for(audience)[:1]
    cases = told(pack, [name for name, _ in scams])[:1]
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
        "jingle": [jingle_data(words, jingle) for jingle in jingles],
        "cases": [case_data(words, name, case) for name, case in cases],
        "channels": channels_data(pack, words),
    }
    content = tuple(f"scams/{name}" for name, _ in scams) + tuple(f"rules/{name}" for name, _ in rules)
    content += tuple(f"cases/{name}" for name, _ in cases) + tuple(f"jingles/{jingle.name}" for jingle in jingles)
    yield Piece(material.id, material.name, words, data, content)


def _long_rules(rules: Sequence[tuple[str, Rule]]) -> list[tuple[str, Rule]]:
    """Two rules for a leaflet: the longest, then the audience's first other one that fills a page."""
    longest = max(rules, key=lambda item: len(item[1].items), default=None)
    rest = sorted((item for item in rules if item is not longest), key=lambda item: len(item[1].items) <= 4)
    return [*([longest] if longest else []), *rest[:1]]
