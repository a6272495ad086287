"""The feed of the handbook: what stands on which page of a saddle-stitched booklet.

A booklet has pages in multiples of four. Page 1 is the cover, 2 opens, 3 lists the contents; each scam has a spread
of its own; what follows is chosen so that it fills the last sheet with something to read; what to do when cheated
and whom to call face each other before the back cover.
"""

from collections.abc import Iterator
from typing import Final

from generator.feeds.base import Pack, Piece, Words, told
from generator.feeds.items import case_data, channels_data, jingle_data, rule_data, scam_data
from generator.feeds.pages import BASIC_RULE, DEFAULT_SCENE
from generator.model.content import Case, Scam
from generator.model.design import Material, PieceRow
from generator.render.base import Json

SHEET: Final = 4
"""Pages of one folded sheet: a saddle-stitched booklet has a multiple of them."""
FRAME: Final = 6
"""Pages that every handbook has: cover, opening, contents, help, channels, back cover."""
CORE: Final = 4
"""Pages after the scams that no handbook is without, where there is something to say: two rules, verses, one more."""
ASKED: Final = 10
"""Questions that one page holds."""

# What is left out last comes first; pages then stand in the order of ``_READING``.
_WANTED: Final = ("rule", "rule", "verses", "more", "questions", "promise", "rule", "verses", "slogan", "slogan")
_READING: Final = ("rule", "more", "verses", "questions", "promise", "slogan")


def handbook_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """One handbook of at most ``row.count`` scams; its ``pages`` say what each page shows, in reading order."""
    if not pack.scams():
        return
    words = pack.words()
    scams, matter = _chosen(pack, words, row.count)
    content: list[str] = []
    pages: list[Json] = [{"kind": "cover"}, _opening(pack, words), {"kind": "contents"}]
    for page in _spreads(pack, words, scams):
        pages += [{**page, "kind": "told"}, {**page, "kind": "answered"}]  # left and right
    pages += [*matter, {"kind": "help", "of": _help(pack, words)}, {"kind": "channels"}, {"kind": "back"}]
    for page in pages:
        content += [name for name in page.pop("content", ()) if name not in content]
    data = {
        **_frame(pack, words),
        "pages": pages,
        "contents": [_entry(page, number) for number, page in enumerate(pages, 1) if _titled(page)],
        "channels": channels_data(pack, words),
    }
    yield Piece(material.id, material.name, words, data, tuple(content))


def _chosen(pack: Pack, words: Words, most: int) -> tuple[list[tuple[str, Scam]], list[Json]]:
    """The scams and the pages after them that make whole sheets: all scams, and no more sheets than the core needs.

    The frame and an odd number of scams make whole sheets by themselves; an even number needs two pages more, and
    loses its last scam where there are none.
    """
    scams = pack.scams()[:most]
    while True:
        offered = _matter(pack, words, scams)
        fitting = [k for k in range(len(offered) + 1) if (FRAME + 2 * len(scams) + k) % SHEET == 0]
        if fitting:
            count = next((k for k in fitting if k >= CORE), fitting[-1])
            kept = sorted(offered[:count], key=lambda page: _READING.index(page["kind"]))
            return scams, kept
        scams = scams[:-1]


def _titled(page: Json) -> bool:
    return page["kind"] not in ("cover", "contents", "answered", "back", "slogan")


def _entry(page: Json, number: int) -> Json:
    """A line of the contents: of a scam its name, of content its title; the other pages are titled by the template."""
    title = page["scam"]["name"] if page["kind"] == "told" else page.get("title")
    return {"kind": page["kind"], "title": title, "page": number}


def _frame(pack: Pack, words: Words) -> Json:
    audience, reference = pack.audience, f"audiences/{pack.audience.id}"
    return {
        "cover": {
            "title": words.nodes(audience.cover.title, reference, "cover", "title", lines=1),
            "text": words.node(audience.cover.text, reference, "cover", "text", lines=3),
        },
        "cover_scene": pack.library.drawing(audience.scene or DEFAULT_SCENE),
        "help_scene": pack.library.drawing("call-help"),
        "ask_scene": pack.library.drawing("think-stop"),
        "readers": words.node(audience.readers, reference, "readers"),
    }


def _help(pack: Pack, words: Words) -> list[Json]:
    return words.nodes(pack.audience.help, f"audiences/{pack.audience.id}", "help")


def _opening(pack: Pack, words: Words) -> Json:
    """The rule that goes with everything; where the audience has none, its first slogan or what its cover says."""
    for name, rule in pack.library.rules_for(pack.audience):
        if len(rule.items) <= BASIC_RULE:
            made = rule_data(words, name, rule)
            return {"kind": "opening", "rule": made, "title": made["name"], "content": (f"rules/{name}",)}
    text = words.node(pack.audience.cover.text, f"audiences/{pack.audience.id}", "cover", "text", lines=4)
    said: Json = next(_slogans(pack, words), {"slogan": text, "title": text, "content": ()})
    return {**said, "kind": "opening", "rule": None}


def _slogans(pack: Pack, words: Words) -> Iterator[Json]:
    for name, slogan in pack.featured():
        node = words.node(slogan, f"slogans/{name}", "slogan", lines=4)
        yield {"kind": "slogan", "slogan": node, "title": node, "content": (f"slogans/{name}",)}


def _spreads(pack: Pack, words: Words, scams: list[tuple[str, Scam]]) -> Iterator[Json]:
    """Each scam with a case of its own: no case is told twice, and a scam without one has its don'ts instead."""
    left = told(pack, [name for name, _ in scams])
    for name, scam in scams:
        found = next(((key, case) for key, case in left if _first_of(case, scams) == name), None)
        found = found or next(((key, case) for key, case in left if name in case.scams), None)
        content = [f"scams/{name}"]
        if found:
            left = [item for item in left if item[0] != found[0]]
            content.append(f"cases/{found[0]}")
        yield {
            "scam": scam_data(pack, words, name, scam),
            "case": case_data(words, *found) if found else None,
            "content": content,
        }


def _first_of(case: Case, scams: list[tuple[str, Scam]]) -> str | None:
    """The scam that a case is mainly about: the first that it names."""
    told_here = {name for name, _ in scams}
    return next((name for name in case.scams if name in told_here), None)


def _matter(pack: Pack, words: Words, scams: list[tuple[str, Scam]]) -> list[Json]:
    """What may follow the scams, a page each, in the order of ``_WANTED``."""
    by_kind: dict[str, list[Json]] = {
        "rule": list(_rules(pack, words)),
        "verses": list(_verses(pack, words)),
        "more": list(_more(pack, words, len(scams))),
        "questions": list(_questions(words, pack, scams)),
        "promise": list(_promise(pack, words)),
        "slogan": list(_slogans(pack, words))[1:],  # the first may be the opening
    }
    return [by_kind[kind].pop(0) for kind in _WANTED if by_kind[kind]]


def _rules(pack: Pack, words: Words) -> Iterator[Json]:
    opened = False
    for name, rule in pack.library.rules_for(pack.audience):
        if len(rule.items) <= BASIC_RULE and not opened:
            opened = True
            continue
        made = rule_data(words, name, rule)
        yield {"kind": "rule", "rule": made, "title": made["title"], "content": (f"rules/{name}",)}


def _verses(pack: Pack, words: Words) -> Iterator[Json]:
    for jingle in pack.library.jingles_for(pack.audience):
        made = jingle_data(words, jingle)
        yield {"kind": "verses", "verses": made, "title": made["name"], "content": (f"jingles/{jingle.name}",)}


def _more(pack: Pack, words: Words, told_of: int) -> Iterator[Json]:
    """The audience's other scams, a line each; one alone would leave its page empty."""
    others = pack.scams()[told_of : told_of + 8]
    if len(others) >= 3:
        made = [
            {
                "name": words.node(scam.name, f"scams/{name}", "name"),
                "text": scam_data(pack, words, name, scam)["tagline"],
                "scene": pack.library.drawing(scam.scene),
            }
            for name, scam in others
        ]
        yield {"kind": "more", "scams": made, "content": tuple(f"scams/{name}" for name, _ in others)}


def _questions(words: Words, pack: Pack, scams: list[tuple[str, Scam]]) -> Iterator[Json]:
    asked: dict[str, Json] = {}
    for name, scam in scams:
        for node in scam_data(pack, words, name, scam)["question"][:1]:
            asked.setdefault(node["text"], node)
    if len(asked) >= 4:
        yield {"kind": "questions", "questions": list(asked.values())[:ASKED], "content": ()}


def _promise(pack: Pack, words: Words) -> Iterator[Json]:
    if len(pack.audience.promise) >= 3:
        nodes = words.nodes(pack.audience.promise, f"audiences/{pack.audience.id}", "promise")
        yield {"kind": "promise", "promise": nodes, "content": ()}
