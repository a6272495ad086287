"""Feeds of what hangs over the street and stands in the hall: banners, couplets, signs; and of a class's own sheets."""

from collections.abc import Iterator
from typing import Final

from generator.feeds.base import Pack, Piece, in_turn, told
from generator.feeds.items import case_data, jingle_data, rule_data, scam_data
from generator.feeds.pages import BASIC_RULE, DEFAULT_SCENE
from generator.model.content import SignatureStyle, Use
from generator.model.design import OWN_THEME, Material, PieceRow, Strip
from generator.render.base import Json
from generator.typesetting.cloth import Layout, laid_out
from generator.typesetting.slogans import fits, length

SIGN_MOST: Final = 10
"""Characters of a slogan that is held up, where its row sets no limit: more cannot be read from across a street."""
SIGN_UPRIGHT: Final = 1.3
"""Height over width of a sign whose words stand in a column, as three verbs do."""
UPRIGHT_GAIN: Final = 1.15
"""How much larger the words must be on an upright sign for it to be made upright."""

LETTERS: Final = {"white": "on_ground", "bright": "accent"}
"""Compositions of cloth: the token of the letters' colour."""


# ---- cloth -------------------------------------------------------------------------------------------


def banner_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Words of the right length on a strip that is as long as they are; the campaign's and the audience's first."""
    strip = material.strip or Strip()
    for index, (name, text, reference, field) in enumerate(_hung(pack, strip)[: row.count]):
        words = pack.words()
        theme, composition = in_turn(row.themes, index, OWN_THEME), in_turn(row.compositions, index, "white")
        layout = laid_out(text, strip, _names(pack), theme == OWN_THEME)
        data = {
            "slogan": words.node(text, reference, field),
            "scene": pack.library.drawing(pack.audience.scene or DEFAULT_SCENE) if layout.picture else None,
            "strip": _drawn(layout, strip, material.scale),
            "order": {
                "text": text,
                "signed": list(_names(pack)),
                "ground": "ground",
                "letters": LETTERS.get(composition, "on_ground"),
                "picture": layout.picture is not None,
            },
        }
        fixed = material.trim or (700, 700)
        trim = (layout.length, fixed[1]) if strip.direction == "across" else (fixed[0], layout.length)
        yield Piece(name, text, words, data, (reference,), trim)


def _hung(pack: Pack, strip: Strip) -> list[tuple[str, str, str, str]]:
    """What may hang on cloth and has as many characters as the row wants, as (name, text, item, field).

    The campaign's own words come first, then featured slogans.
    """
    own = {text: at for at, text in enumerate(pack.audience.featured)}
    slogans = [
        (name, text, f"slogans/{name}", "slogan" if text == slogan.slogan else "short")
        for name, slogan in pack.library.slogans_for(pack.audience, Use.BANNER)
        if (text := fits(slogan, Use.BANNER))
    ]
    slogans.sort(key=lambda item: own.get(item[1], len(own)))
    campaign = [
        (f"campaign-{field}", text, f"campaigns/{pack.campaign_id}", field)
        for field, text in pack.campaign_lines(Use.BANNER, "slogan_line", "headline")
    ]
    return [item for item in (*campaign, *slogans) if strip.least <= length(item[1]) <= strip.most]


def _names(pack: Pack) -> tuple[str, ...]:
    """Who signs beside the slogan, line by line, as ``signature`` of the templates sets it."""
    contact = pack.contact
    if contact is None or contact.signature_style is SignatureStyle.NONE:
        return ()
    names = (*(contact.signature or (contact.name,)), *contact.partners)
    return (*names[:-1], names[-1] + ("　宣" if contact.signature_style is SignatureStyle.NAME_XUAN else ""))


def _drawn(layout: Layout, strip: Strip, scale: int) -> Json:
    """The layout as it is drawn: at 1:N every length is N times smaller."""
    names = layout.names
    return {
        "box": strip.box / scale,
        "letters": [[letter.text, letter.at / scale, letter.size / scale] for letter in layout.letters],
        "picture": [part / scale for part in layout.picture] if layout.picture else None,
        "names": [part / scale for part in names] if names else None,
        "margin": strip.margin / scale,
    }


# ---- couplets ----------------------------------------------------------------------------------------


def couplet_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Both lines of a couplet, or with the composition ``over`` the four characters over the door."""
    for index, couplet in enumerate(pack.library.couplets_for(pack.audience)[: row.count]):
        words, reference = pack.words(), f"couplets/{couplet.upper}"
        over = in_turn(row.compositions, index) == "over"
        shown = ("over",) if over else ("upper", "lower")
        data = {"lines": [words.node(getattr(couplet, part), reference, part) for part in shown]}
        yield Piece(couplet.upper, couplet.over if over else couplet.upper, words, data, (reference,))


# ---- signs -------------------------------------------------------------------------------------------


def sign_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Slogans, or their short forms, of so few characters that one can hold them up."""
    most = material.limits.get("characters", SIGN_MOST)
    found = []
    for name, slogan in pack.library.slogans_for(pack.audience, Use.POSTER):
        forms = [("slogan", slogan.slogan), ("short", slogan.short or "")]
        if form := next((form for form in forms if form[1] and length(form[1]) <= most), None):
            found.append((name, slogan, *form))
    own = {text: at for at, text in enumerate(pack.audience.featured)}
    for name, _, field, text in sorted(found, key=lambda one: own.get(one[1].slogan, len(own)))[: row.count]:
        words = pack.words()
        data = {"slogan": words.node(text, f"slogans/{name}", field, lines=3)}
        yield Piece(name, text, words, data, (f"slogans/{name}",), _sign_trim(data["slogan"], material))


def _sign_trim(slogan: Json, material: Material) -> tuple[float, float] | None:
    """An upright sign as wide as the row's is high, where the words are larger on it; None: the row's size."""
    usual = material.drawn or material.trim
    if not usual or usual[0] <= usual[1]:
        return None
    side = usual[1]
    upright = (side, float(round(side * SIGN_UPRIGHT)))
    ways = slogan["lines"]
    return upright if _largest(ways, upright) > _largest(ways, usual) * UPRIGHT_GAIN else None


def _largest(ways: list[list[str]], trim: tuple[float, float]) -> float:
    """About how large the words can be on a sign: what its frame and its tail leave is 0.85 by 0.65 of it."""
    return max(
        min(trim[0] * 0.85 / max(length(line) for line in way), trim[1] * 0.65 / (1.12 * len(way))) for way in ways
    )


# ---- a class's own sheets ----------------------------------------------------------------------------


def classroom_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """A sheet for each of the audience's first scams, with the rule, rhyme and promise that go with it."""
    library, audience = pack.library, pack.audience
    reference = f"audiences/{audience.id}"
    rules = [item for item in library.rules_for(audience) if len(item[1].items) <= BASIC_RULE][:1]
    for name, scam in pack.scams()[: row.count]:
        words = pack.words()
        cases = [case for case in told(pack, [name]) if name in case[1].scams][:1]
        jingles = library.jingles_for(audience)[:1]
        data = {
            "scam": scam_data(pack, words, name, scam),
            "cover": words.nodes(audience.cover.title, reference, "cover", "title", lines=1),
            "rule": next((rule_data(words, *item) for item in rules), None),
            "jingle": next((jingle_data(words, jingle) for jingle in jingles), None),
            "case": next((case_data(words, *case) for case in cases), None),
            "help": words.nodes(audience.help, reference, "help"),
            "promise": words.nodes(audience.promise, reference, "promise"),
            "cover_scene": library.drawing(audience.scene or DEFAULT_SCENE),
        }
        content = (f"scams/{name}", *(f"rules/{rule}" for rule, _ in rules), *(f"cases/{one}" for one, _ in cases))
        content += tuple(f"jingles/{jingle.name}" for jingle in jingles)
        yield Piece(name, scam.name, words, data, content)
