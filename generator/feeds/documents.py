"""Feeds of documents: which versions of a letter, a speech, a form an audience gets, and what their bodies may name.

Bodies are written by people, so what they name has Chinese names: those of the content files (``model.keys``) and
those of ``model.document.NAMES``.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from generator.feeds.base import Pack, Piece, told
from generator.feeds.led import playlist_pieces
from generator.feeds.review import review_data
from generator.feeds.summary import summary_data
from generator.model.content import Campaign, Contact, SignatureStyle
from generator.model.design import Feed, Material, PieceRow
from generator.model.document import Document, Each, Sign
from generator.model.keys import CHINESE
from generator.render.base import Json
from generator.typesetting.signature import plain_signature

SUM_LENGTH: Final = 16
"""Characters of the sum that stands on the approval form: enough to compare by eye."""

OPEN_DAY: Final = "____年____月____日"
"""Of what is signed later than it is made."""

_SCAM_FIELDS: Final = {
    "name", "hits", "headline", "tagline", "steps", "red_flags", "todo", "dont", "question", "situation", "jingle",
    "law",
}  # fmt: skip
_RULE_FIELDS: Final = {"name", "title", "lead", "items", "ending", "note", "edition"}
_CASE_FIELDS: Final = {"name", "story", "lesson", "sourced"}


def document_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """One piece for each version of the material for the audience."""
    yield from _pieces(pack, material, {})


def review_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Versions that list every sentence of the pack."""
    yield from _pieces(pack, material, {"送审": review_data(pack)})


def summary_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """Versions that tell what was done; none without records."""
    if pack.records:
        yield from _pieces(pack, material, {"宣传": summary_data(pack.records)})


def _pieces(pack: Pack, material: Material, more: Json) -> Iterator[Piece]:
    versions = pack.library.documents_for(pack.audience, material.id)
    known = context(pack) | more if versions else {}
    for name, document in versions:
        if document.each is Each.RULE:
            for rule_id, rule in pack.library.rules_for(pack.audience):
                this = {"这条口径": _chinese(rule.model_dump(mode="json", include=_RULE_FIELDS))}
                yield _piece(pack, name, document, f"{name}-{rule_id}", rule.name, known | this)
        else:
            alone = len(versions) == 1
            title = _version(document, material)
            yield _piece(pack, name, document, material.id if alone else name, title, known)


def _version(document: Document, material: Material) -> str:
    """What tells a version from the others: 致家长的一封信（小学） is the one for 小学."""
    return document.name.removeprefix(material.name).strip("（）() ") or document.name


def _piece(pack: Pack, id: str, document: Document, name: str, title: str, known: Json) -> Piece:
    words = pack.words()
    reference = f"documents/{id}"
    body = pack.library.span(reference, "body")
    sentences = dict(_sentences(pack))
    for item in (reference, *sentences):
        words.origins[item] = pack.library.span(item)
    data = {
        "document": {
            "name": document.name,
            "look": document.look.value,
            "pages": document.pages,
            "numbered": document.numbered,
            "file": body.file,
            "start": body.line,
            "lines": list(document.body),
        },
        "context": known,
        "signature": _signature(pack, document),
        "sentences": sentences,
    }
    return Piece(name, title, words, data, (reference, *sentences))


def _campaign(campaign: Campaign) -> Json:
    return {
        "名称": campaign.name,
        "角标": campaign.badge,
        "大标题": campaign.headline or "",
        "主题语": campaign.slogan_line or "",
    }


def context(pack: Pack) -> Json:
    """What every body may name."""
    library, audience = pack.library, pack.audience
    cases = told(pack, [name for name, _ in pack.scams()])
    screens, playlist = _screens(pack)
    return {
        "单位": _unit(pack),
        "日期": _day(pack.edition),
        "受众": {"编号": audience.id, "名称": audience.name, "读者": audience.readers, "未成年人": audience.minors},
        "活动": _campaign(pack.campaign) if pack.campaign else None,
        "骗术": [_chinese(scam.model_dump(mode="json", include=_SCAM_FIELDS)) for _, scam in pack.scams()],
        "口径": [
            _chinese(rule.model_dump(mode="json", include=_RULE_FIELDS)) for _, rule in library.rules_for(audience)
        ],
        "案例": [_chinese(case.model_dump(mode="json", include=_CASE_FIELDS)) for _, case in cases],
        "口诀": [
            _chinese(one.model_dump(mode="json", include={"name", "lines"})) for one in library.jingles_for(audience)
        ],
        "渠道": [
            _chinese(one.model_dump(mode="json", include={"name", "number", "purpose", "wording"}))
            for one in library.channels_for(audience)
            if one.printed
        ],
        "标语": [text for _, text in pack.featured()],
        "求助话": {"先问谁": audience.voice.ask, "马上做": audience.voice.act},
        "被骗后怎么办": list(audience.help),
        "承诺": list(audience.promise),
        "屏幕": screens,
        "播放": playlist,
    }


def _day(day: date) -> str:
    """As letters are dated: 2026年6月16日, no zeros before."""
    return f"{day.year}年{day.month}月{day.day}日"


def full_name(contact: Contact) -> str:
    """The unit's whole name: its 名称, or its 落款 where that says more (股份有限公司)."""
    return max(contact.name, "".join(contact.signature), key=len)


def _unit(pack: Pack) -> Json:
    """The unit that signs; every field is there, empty where nobody signs or nothing is known."""
    contact = pack.contact
    if contact is None:
        station = {"名称": "", "号码": ""}
        return {
            "全称": "",
            "名称": "",
            "类型": "",
            "电话": [],
            "热线": "",
            "地址": "",
            "辖区派出所": station,
            "联署": [],
        }
    plain = plain_signature(contact, pack.audience)
    return {
        "全称": full_name(contact),
        "名称": contact.name,
        "类型": contact.kind.value,
        "电话": [] if plain else [{"名称": phone.name, "号码": phone.number} for phone in contact.phones],
        "热线": "" if plain or not contact.hotline else contact.hotline,
        "地址": "" if plain or not contact.address else contact.address,
        "辖区派出所": {
            "名称": contact.station.name if contact.station else "",
            "号码": contact.station.number if contact.station else "",
        },
        "联署": list(contact.partners),
    }


def _signature(pack: Pack, document: Document) -> Json | None:
    """Names one line each, and the day; None for a document that nobody signs."""
    if document.sign is Sign.NONE:
        return None
    contact = pack.contact
    named = document.sign is not Sign.DATE
    names: list[str] = []
    if named and contact and contact.signature_style is not SignatureStyle.NONE:
        names = [full_name(contact), *contact.partners]
    day = OPEN_DAY if document.sign is Sign.OPEN else _day(pack.edition)
    return {"names": names, "day": day, "missing": named and contact is None}


def _screens(pack: Pack) -> tuple[list[Json], Json]:
    """The screens of the pack, and what plays on them with the sum that tells whether it was changed since."""
    until: dict[str, str] = {}
    screens: dict[str, Json] = {}
    places = set(pack.audience.places)
    for material in (one for one in pack.library.materials.values() if places & set(one.places)):
        rows = [row for row in material.pieces if row.feed is Feed.PLAYLIST]
        for piece in (piece for row in rows for piece in playlist_pieces(pack, material, row)):
            until |= {item["text"]: item["until"] for item in piece.data["playlist"] if item["text"] not in until}
            screens |= {one["id"]: one for one in piece.data.get("screens", ())}
    lines = list(until)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:SUM_LENGTH]
    shown = [{"名称": one["name"], "宽": one["width"], "高": one["height"]} for one in screens.values()]
    played = [{"内容": text, "下屏": _day(date.fromisoformat(day)) if day else ""} for text, day in until.items()]
    return shown, {"标语": lines, "条目": played, "校验码": digest}


def _sentences(pack: Pack) -> Iterator[tuple[str, list[str]]]:
    """By reference, the sentences that say that a document tells of an item."""
    for name, scam in pack.scams():
        yield f"scams/{name}", [*(step.text for step in scam.steps), *scam.red_flags, *scam.todo]
    for name, rule in pack.library.rules_for(pack.audience):
        yield f"rules/{name}", [item.text for item in rule.items]
    for name, case in pack.library.cases_for(pack.audience):
        yield f"cases/{name}", list(case.story)


def _chinese(value: Any) -> Any:
    """The same under the Chinese keys of the content files."""
    if isinstance(value, Mapping):
        return {CHINESE.get(key, key): _chinese(inner) for key, inner in value.items()}
    return [_chinese(inner) for inner in value] if isinstance(value, list | tuple) else value
