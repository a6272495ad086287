"""Items as text nodes for page templates: what a scam, a rule, a case… says, with where each word was written."""

from generator.feeds.base import Pack, Words
from generator.model.content import Case, Jingle, Rule, Scam
from generator.render.base import Json


def scam_data(pack: Pack, words: Words, name: str, scam: Scam) -> Json:
    """A scam as text nodes, with its scene."""
    reference = f"scams/{name}"

    def where(field_name: str) -> tuple[str, ...]:
        for audience_id in pack.audience.lineage:
            own = pack.library.scams[name].variants.get(audience_id)
            if own is not None:
                return ("variants", audience_id, field_name) if getattr(own, field_name) is not None else (field_name,)
        return (field_name,)

    def listed(field_name: str, lines: int = 0) -> list[Json]:
        return words.nodes(getattr(scam, field_name), reference, *where(field_name), lines=lines)

    def titled(field_name: str) -> list[Json]:
        return [
            {
                "title": words.node(item.title, reference, *where(field_name), at, "title"),
                "text": words.node(item.text, reference, *where(field_name), at, "text"),
            }
            for at, item in enumerate(getattr(scam, field_name))
        ]

    return {
        "name": words.node(scam.name, reference, "name", lines=2),
        "headline": listed("headline", lines=1),
        "tagline": words.node(scam.tagline, reference, *where("tagline"), lines=2),
        "steps": titled("steps"),
        "red_flags": listed("red_flags"),
        "todo": listed("todo"),
        "dont": titled("dont"),
        "question": listed("question", lines=3),
        "dialog": [
            {
                "by": turn.by.value,
                "text": words.node(turn.text, reference, *where("dialog"), at, "text"),
                "trap": words.node(turn.trap, reference, *where("dialog"), at, "trap") if turn.trap else None,
            }
            for at, turn in enumerate(scam.dialog or ())
        ],
        "jingle": words.node(scam.jingle, reference, *where("jingle"), lines=2),
        "hits": words.nodes(scam.hits, reference, "hits"),
        "law": words.node(scam.law, reference, "law") if scam.law else None,
        "scene": pack.library.drawing(scam.scene),
    }


def rule_data(words: Words, name: str, rule: Rule) -> Json:
    """A rule as text nodes; ``short`` is the poster form of an item, the item itself when it has none."""
    reference = f"rules/{name}"
    items = []
    for at, item in enumerate(rule.items):
        short = item.short or item.text
        items.append({
            "text": words.node(item.text, reference, "items", at, "text"),
            "short": words.node(short, reference, "items", at, "short" if item.short else "text", lines=2),
            "aside": words.node(item.aside, reference, "items", at, "aside") if item.aside else None,
        })  # fmt: skip
    return {
        "name": words.node(_masthead(rule), reference, "name", lines=1),
        "title": words.node(rule.title or rule.name, reference, "title" if rule.title else "name", lines=2),
        "lead": words.node(rule.lead, reference, "lead") if rule.lead else None,
        "ending": words.node(rule.ending, reference, "ending", lines=1) if rule.ending else None,
        "note": words.nodes(rule.note, reference, "note"),
        "items": items,
        "shortened": any(item.short for item in rule.items),
    }


def _masthead(rule: Rule) -> str:
    """The rule's name without its ending, which stands beside it as the verdict: 八个凡是 / 都是诈骗."""
    return rule.name.removesuffix(rule.ending or "").strip() or rule.name


def jingle_data(words: Words, jingle: Jingle) -> Json:
    reference = f"jingles/{jingle.name}"
    return {"name": words.node(jingle.name, reference, "name"), "lines": words.nodes(jingle.lines, reference, "lines")}


def case_data(words: Words, name: str, case: Case) -> Json:
    reference = f"cases/{name}"
    return {
        "title": words.node(case.name, reference, "name", lines=2),
        "story": words.nodes(case.story, reference, "story"),
        "lesson": words.node(case.lesson, reference, "lesson"),
    }


def channels_data(pack: Pack, words: Words) -> list[Json]:
    return [
        {
            "name": words.node(channel.name, f"channels/{channel.name}", "name"),
            "number": channel.number,
            "purpose": words.node(channel.purpose, f"channels/{channel.name}", "purpose"),
        }
        for channel in pack.library.channels_for(pack.audience)
        if channel.printed
    ]
