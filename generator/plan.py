"""Library + request → jobs. Pure data: no file, no clock, no engine is touched here.

An audience has places, a material hangs in places: where they meet, the material is made. Each row of a
material's ``pieces`` names a feed (``feeds``), which says what a piece is about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from difflib import get_close_matches
from typing import Any, Final

from generator import compositions
from generator.branding import branded
from generator.errors import Problem, UsageError, error, warning
from generator.feeds import FEEDS
from generator.feeds.base import Pack, Piece, Words, in_turn, materials_for
from generator.library import Audience, Library
from generator.model.content import Campaign, Contact
from generator.model.design import OWN_THEME, SHAPES, Material, Process, Strip
from generator.model.needs import Need, Order, order_of, shared_out, sizes_of
from generator.model.records import Record
from generator.render.base import LOGO, Job, Json
from generator.typesetting import qr
from generator.typesetting.cloth import colour_name, ink_name
from generator.typesetting.contrast import contrast
from generator.typesetting.inks import cmyk_of
from generator.typesetting.phrases import Breaker
from generator.typesetting.signature import plain_signature

SHORT_NAME: Final = 12
"""Characters of a slogan that its file name may carry."""

MOST_PIECES: Final = 50
"""Designs of one material that a survey can name."""

HEAVY: Final = ("film", "mp4")
"""Formats that take long: made only when they are asked for."""

SHOP_FORMATS: Final = ("print", "proof", "tiff")
"""What is made in a size of the survey's: the office and WeChat get the usual size."""

SCAN_M: Final = 0.4
"""From how far a code is scanned at most, in metres: whoever wants it steps up to the poster with the phone."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: one audience, signed by one contact or nobody.

    ``standard``: the PDF/X of all print files instead of their process's; ``tiff``: pixels too, where the process
    takes them.
    """

    audience: str
    contact: str | None = None
    campaign: str | None = None
    focus: tuple[str, ...] = ()
    date: Date | None = None
    only: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    records: tuple[Record, ...] = ()
    also: tuple[str, ...] = ()
    """Formats of ``HEAVY`` that are wanted."""
    standard: str | None = None
    tiff: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of one pack and what the pack is called."""

    request: Request
    audience: Audience
    contact_id: str | None
    contact: Contact | None
    campaign_id: str | None
    campaign: Campaign | None
    edition: Date
    jobs: tuple[Job, ...]
    headlines: tuple[str, ...]
    problems: tuple[Problem, ...]
    orders: Mapping[str, Order] | None = None
    """What the survey wants of each piece; None without a survey."""


def plan(library: Library, request: Request, breaker: Breaker) -> Plan:
    """All jobs of one pack, in catalogue order; UsageError when the request names what does not exist."""
    pack = _pack(library, request, breaker)
    wanted = list(_light(_only(library, materials_for(library, pack.audience), request.only), request.also))
    made = [job for material in wanted for job in _jobs(pack, material)] if not request.needs else []
    needed = survey_jobs(pack, wanted, request.needs) if request.needs else None
    jobs = tuple(_told_apart(made if needed is None else needed.jobs))
    problems = (*_doubts(pack, request, jobs), *(needed.problems if needed else ()))
    return Plan(
        request, pack.audience, pack.contact_id, pack.contact, pack.campaign_id, pack.campaign, pack.edition, jobs,
        tuple(text for _, text in pack.featured()), problems, needed.orders if needed else None,
    )  # fmt: skip


def _light(materials: Iterable[Material], also: Sequence[str]) -> Iterator[Material]:
    """The materials without the heavy formats that nobody asked for; none that only consists of them."""
    for material in materials:
        formats = tuple(each for each in material.formats if each not in HEAVY or each in also)
        if set(formats) - {"caption"} or formats == material.formats:
            yield material.model_copy(update={"formats": formats})


def _doubts(pack: Pack, request: Request, jobs: Sequence[Job]) -> Iterator[Problem]:
    """What was asked for and is not done, or not for these readers, or not to be used before it is approved."""
    yield from _unapproved(pack, jobs)
    if not jobs:
        yield error("nothing-to-make", f"受众“{pack.audience.name}”没有可做的物料：请检查它的“场所”")
    campaign = pack.campaign
    if campaign and campaign.audiences and not set(campaign.audiences) & set(pack.audience.lineage):
        meant = "、".join(pack.library.audiences[name].name for name in campaign.audiences)
        yield warning(
            "campaign-for-others",
            f"活动“{campaign.name}”是给{meant}的，不包括{pack.audience.name}；确实要用，请把它加进这个活动的“对象”",
            pack.library.span(f"campaigns/{pack.campaign_id}", "audiences"),
        )
    told = {name for name, _ in pack.scams()}
    for name in (found for typed in request.focus if (found := pack.library.find("scams", typed))):
        if name not in told:
            yield warning(
                "focus-for-others",
                f"骗术“{name}”不对{pack.audience.name}讲，没有排进来；确实要讲，请把{pack.audience.name}加进它的“对象”",
                pack.library.span(f"scams/{name}", "audiences"),
            )


def _unapproved(pack: Pack, jobs: Sequence[Job]) -> Iterator[Problem]:
    """Cards whose wording the unit itself must approve: they are made, and the form does not say so."""
    shown = {reference for job in jobs for reference in job.content}
    for name, card in pack.library.cards.items():
        if card.approval and f"cards/{name}" in shown:
            yield warning(
                "needs-approval",
                f"“{card.name}”：{card.approval}；审定以后，请把这张卡片文件里的“审定”一行删去",
                pack.library.span(f"cards/{name}", "approval"),
            )


def _pack(library: Library, request: Request, breaker: Breaker) -> Pack:
    problems: list[Problem] = []

    def known(kind: str, label: str, name: str | None) -> str | None:
        if name is None:
            return None
        found = library.find(kind, name)
        if found is None:
            names = "、".join(getattr(library, kind))
            problems.append(error("unknown-name", f"没有这个{label}：{name}；可用：{names or '（还没有）'}"))
        return found

    audience_id = known("audiences", "受众", request.audience)
    contact_id = known("contacts", "单位", request.contact)
    campaign_id = known("campaigns", "活动", request.campaign)
    focus = tuple(found for name in request.focus if (found := known("scams", "骗术", name)))
    if problems or audience_id is None:
        raise UsageError(problems)
    audience = library.audiences[audience_id]
    campaign = library.campaigns[campaign_id] if campaign_id else None
    contact = library.contacts[contact_id] if contact_id else None
    named = tuple(found for name in (campaign.focus if campaign else ()) if (found := library.find("scams", name)))
    edition = request.date or (campaign.date if campaign else None) or library.newest_review() or Date(2026, 1, 1)
    return Pack(
        library, audience, contact_id, contact, campaign_id, campaign,
        tuple(dict.fromkeys(focus + named)), edition, breaker, request.records, request.standard, request.tiff,
    )  # fmt: skip


def _only(library: Library, materials: list[Material], only: tuple[str, ...]) -> list[Material]:
    if not only:
        return materials
    chosen = []
    for name in only:
        found = [m for m in materials if name in (m.id, m.name)]
        if not found:
            names = "、".join(f"{m.name}（{m.id}）" for m in materials)
            raise UsageError([error("unknown-material", f"这个受众没有物料：{name}；可用：{names}")])
        chosen += found
    return [m for m in materials if m in chosen]


def _jobs(pack: Pack, material: Material) -> Iterator[Job]:
    return (_job(pack, material, piece, composition) for piece, composition in _pieces(pack, material))


def _pieces(pack: Pack, material: Material, more: bool = False) -> Iterator[tuple[Piece, str]]:
    """The pieces of a material with their compositions; ``more``: all that its feeds can give, not only the first."""
    for row in material.pieces:
        wanted = row.model_copy(update={"count": MOST_PIECES}) if more else row
        pieces = list(FEEDS[row.feed](pack, material, wanted))
        chosen = compositions.chosen(row.compositions, [piece.data for piece in pieces])
        for index, (piece, composition) in enumerate(zip(pieces, chosen, strict=True)):
            yield replace(piece, theme=in_turn(row.themes, index, OWN_THEME)), composition


# ---- what a survey asks for --------------------------------------------------------------------------


@dataclass(slots=True)
class Needed:
    """The jobs that a survey asks for, the order of each by its piece, and lines that ask for what is not."""

    jobs: list[Job] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def survey_jobs(pack: Pack, materials: Iterable[Material], needs: Sequence[Need]) -> Needed:
    """Jobs and orders: a need of 海报 is shared out over the usual designs, 海报·刷单返利 is of that one alone."""
    found = Needed()
    for material in materials:
        for size in sizes_of(needs, material.id):
            mine = [need for need in needs if need.material == material.id and need.size == size]
            _add_size(pack, material, size, mine, found)
    return found


def _add_size(
    pack: Pack, material: Material, size: tuple[float, float] | None, needs: Sequence[Need], found: Needed
) -> None:
    if size and material.strip:
        material = _of_cloth(material, material.strip, size, needs, found)
    usual = list(_pieces(pack, material))
    chosen = {piece.name: (piece, composition) for piece, composition in usual if _any_design(needs)}
    wanted: dict[str, list[tuple[Need, int]]] = {name: [] for name in chosen}
    for need in needs:
        if not need.piece:
            for name, copies in shared_out(need.copies, list(chosen)).items():
                wanted[name] += [(need, copies)] if copies else []
        elif named := _named_piece(pack, material, need, found):
            chosen.setdefault(named[0].name, named)
            wanted.setdefault(named[0].name, []).append((need, need.copies))
    for name, (piece, composition) in chosen.items():
        if not wanted[name]:
            continue
        job = _job(pack, material, piece, composition, size)
        found.jobs.append(job)
        found.orders[job.name] = order_of([replace(need, copies=copies) for need, copies in wanted[name]])


def _of_cloth(
    material: Material, strip: Strip, size: tuple[float, float], needs: Sequence[Need], found: Needed
) -> Material:
    """Cloth of another width has letters of another size; how long it is, its words say, not the survey."""
    across = strip.direction == "across"
    usual, wanted = (trim[1] if across else trim[0] for trim in (material.trim or size, size))
    share = wanted / usual
    message = (
        f"{material.name}的长度按字数算，需求统计表里的长 {(size[0] if across else size[1]) / 1000:g} 米只作参考，"
        "实际尺寸见印刷清单和横幅文字"
    )
    found.problems.append(warning("cloth-length", message, needs[0].span))
    larger = {name: getattr(strip, name) * share for name in ("box", "gap", "picture")}
    return material.model_copy(update={"trim": size, "strip": strip.model_copy(update=larger)})


def _any_design(needs: Iterable[Need]) -> bool:
    return any(not need.piece for need in needs)


def _named_piece(pack: Pack, material: Material, need: Need, found: Needed) -> tuple[Piece, str] | None:
    everything = list(_pieces(pack, material, more=True))
    for piece, composition in everything:
        if need.piece in (piece.name, piece.title, piece.title.removeprefix("标语：")):
            return piece, composition
    titles = [piece.title for piece, _ in everything]
    near = get_close_matches(need.piece, titles, 1, 0.4)
    like = get_close_matches(need.piece, titles, 3, 0.2) or titles[:3]
    better = f"是不是“{near[0]}”？" if near else f"相近的有：{'、'.join(like)}；全部款名见总览"
    found.problems.append(error("unknown-piece", f"{material.name}没有“{need.piece}”这一款；{better}", need.span))
    return None


def _told_apart(jobs: Iterable[Job]) -> Iterator[Job]:
    """A file name for each, where titles differ only in signs, in upper case or beyond the length of a name."""
    taken: set[tuple[str, str]] = set()
    for job in jobs:
        # Another size is part of a print file's name already.
        size = job.name.partition("/")[0].partition("@")[2]
        stem, number = job.stem, 1
        while (stem.casefold(), size) in taken:
            number += 1
            stem = f"{job.stem}-{number}"
        taken.add((stem.casefold(), size))
        yield replace(job, stem=stem)


def _job(
    pack: Pack, material: Material, piece: Piece, composition: str, size: tuple[float, float] | None = None
) -> Job:
    """``size``: trim in mm where it is not the catalogue's; then only the shop gets a file of it."""
    if piece.trim:
        material, size = _shaped(material, piece.trim, size)
    data = _common(pack, material, piece.words) | piece.data | {"composition": composition}
    data |= {"theme": _theme(pack, piece.theme)}
    data["sheet"]["branded"] = piece.theme == OWN_THEME and _brand(pack) is not None
    if "order" in data:
        data |= _cloth(data)
    wanted = size or (material.trim if material.drawn != material.trim else None)
    if wanted and not material.strip and (size or material.drawn):
        data |= _resized(data, wanted, material.enlarged(wanted))
    alone = piece.name == material.id
    title = material.name if alone else f"{material.name}·{piece.title}"
    data |= {"inks": _inks(data), "title": title}
    stem = material.name if alone else f"{material.name}_{_file_name(piece.title, pack.breaker)}"
    variant = f"@{size[0]:g}x{size[1]:g}" if size else ""
    return Job(
        name=f"{material.id}{variant}/{piece.name}",
        title=title,
        material=material.id,
        renderer=material.renderer,
        template=material.template,
        stem=stem,
        formats=_formats(pack, material, resized=size is not None),
        data=data,
        origins=piece.words.origins,
        content=piece.content,
    )


def _shaped(
    material: Material, own: tuple[float, float], size: tuple[float, float] | None
) -> tuple[Material, tuple[float, float] | None]:
    """The row, and the size that was asked for, of a piece with a size of its ``own``: cloth as long as its words, a
    sign of another shape than its row, which is as much larger or smaller as the row's was asked for."""
    if material.strip or not material.trim:
        return material.model_copy(update={"trim": own}), size
    share = material.enlarged(size or material.trim)
    made = own if share == 1 else (round(own[0] * share, 1), round(own[1] * share, 1))
    return material.model_copy(update={"trim": made, "drawn": own, "shapes": SHAPES}), made if size else None


def _formats(pack: Pack, material: Material, resized: bool) -> tuple[str, ...]:
    """What is delivered: TIFFs, of hundreds of megabytes, only when they are asked for."""
    process = pack.library.processes.get(material.process or "")
    formats = material.formats
    if material.drawn and material.drawn != material.trim:
        # Tiles and the like are at true size, and know that of the drawn page alone.
        formats = tuple(each for each in formats if not each.startswith("tiles"))
    taken = material.press.tiff if material.press.tiff is not None else bool(process and process.tiff)
    asked = ("tiff",) if pack.tiff and taken and "print" in material.formats else ()
    return (*(each for each in formats if each in SHOP_FORMATS or not resized), *asked)


def _common(pack: Pack, material: Material, words: Words) -> Json:
    """What every piece carries: sheet, theme, who signs, where to get help."""
    audience = pack.audience
    minors = audience.minors
    return {
        "date": pack.edition.isoformat(),
        "sample": bool(pack.contact and pack.contact.sample),
        "audience": {"id": audience.id, "name": audience.name, "readers": audience.readers, "minors": minors},
        "sheet": _sheet(pack, material),
        "contact": _contact(pack, material, words),
        "campaign": _campaign(pack, words),
        "report": _report(pack, words),
        "listen": _channel(words, "96110"),
        "voice": _voice(pack, words),
    }


def _cloth(data: Json) -> Json:
    """The token of a banner's letters, and what the shop is told of it: its words, its colours by name and ink.

    Letters in the accent stay white where they could not be read, in a unit's colour or in print on a light theme's.
    """
    theme, order = data["theme"], data["order"]
    colours = theme["colours"]
    faint = theme["light"] or contrast(colours["accent"]["rgb"], colours["ground"]["rgb"]) < 3
    letters = "on_ground" if faint else order["letters"]
    named = {"ground": colours[order["ground"]], "letters": colours[letters]}
    told = {part: f"{colour_name(c['rgb'])}（{ink_name(c['cmyk'])}）" for part, c in named.items()}
    return {"letters": letters, "order": {**order, **told}}


def _theme(pack: Pack, name: str) -> Json:
    """The audience's theme, in the unit's colour; or the one that the row names, as it is."""
    if name != OWN_THEME:
        other: Json = pack.library.themes[pack.library.find("themes", name) or name].model_dump(mode="json")
        return other
    theme: Json = pack.library.themes[pack.audience.theme].model_dump(mode="json")
    brand = _brand(pack)
    return branded(theme, brand) if brand else theme


def _brand(pack: Pack) -> str | None:
    """The unit's colour, where it may show it."""
    contact = pack.contact
    return contact.brand if contact and not plain_signature(contact, pack.audience) else None


def _sheet(pack: Pack, material: Material) -> Json:
    """The sheet as it is drawn: at 1:N every length and reading distance is N times smaller; ``scale`` is N."""
    distances, scale = material.distances, material.scale
    process = pack.library.processes.get(material.process or "")
    bleed = material.bleed if material.bleed is not None else process.bleed if process else 0

    def drawn(*lengths: float) -> list[float]:
        return [length / scale for length in lengths]

    return {
        "trim": drawn(*(material.drawn or material.trim or (0, 0))),
        "bleed": bleed / scale,
        "safe": material.safe / scale,
        "scale": scale,
        "keepout": {side: length / scale for side, length in material.keepout.model_dump().items()},
        "sides": material.sides,
        "picture": material.picture.model_dump(),
        "limits": dict(material.limits),
        "fold": material.fold,
        "panels": drawn(*_panels(material, material.panels)),
        "back_panels": drawn(*_panels(material, material.back_panels)),
        "die": {"name": material.die, "radius": material.radius / scale} if material.die != "none" else None,
        "distances": {of: metres / scale for of, metres in distances.model_dump().items()} if distances else None,
        "paper": material.paper,
        "office": material.office,
        "office_layout": material.office_layout,
        "press": _press(pack, material, process) if process else None,
        "copies": pack.campaign.quantities.get(material.id) if pack.campaign else None,
    }


def _panels(material: Material, panels: tuple[float, ...]) -> tuple[float, ...]:
    """Panels as the template is drawn: a row may give those of its trim."""
    if not panels or not material.drawn or not material.trim:
        return panels
    side = 1 if material.fold == "tent" else 0
    usual = sum(panels)
    return tuple(panel * material.drawn[side] / usual for panel in panels) if usual != material.drawn[side] else panels


def _press(pack: Pack, material: Material, process: Process) -> Json:
    """How the file must be made: the row's own wishes before those of its process."""
    wanted = material.press.model_dump(mode="json", exclude_none=True)
    asked = {"standard": pack.standard} if pack.standard else {}
    return process.model_dump(mode="json", exclude={"bleed", "note"}) | wanted | asked


def _resized(data: Json, size: tuple[float, float], factor: float) -> Json:
    """Sheet and contact for another trim: templates set the page as large as they know it, it is enlarged afterwards.

    ``enlarge`` is that ``factor``; everything else in millimetres is what it must be before, so that bleed and margins
    are right after it. A reduced page is read from as much nearer, but no type may be under what its process
    holds, and codes stay as large as a phone needs.
    """
    sheet, contact = data["sheet"], data["contact"]
    made = {name: sheet[name] / factor for name in ("bleed", "safe")}
    made["keepout"] = {side: length / factor for side, length in sheet["keepout"].items()}
    made["trim"] = [side / sheet["scale"] / factor for side in size]
    if sheet["die"]:
        made["die"] = {**sheet["die"], "radius": sheet["die"]["radius"] / factor}
    if factor < 1:
        if sheet["distances"] and sheet["press"]:
            # As templates count: 2.1 mm are 6 pt.
            least = sheet["press"]["least_text"] * 0.35 / sheet["scale"] / 1000 * 200 / factor
            made["distances"] = {of: max(metres, least) for of, metres in sheet["distances"].items()}
        if contact:
            codes = [{**code, "mm": code["mm"] / factor} for code in contact["qr"]]
            contact = {**contact, "qr": codes}
    return {"sheet": {**sheet, **made, "enlarge": factor}, "contact": contact}


def _campaign(pack: Pack, words: Words) -> Json | None:
    if pack.campaign is None:
        return None
    reference = f"campaigns/{pack.campaign_id}"
    line = pack.campaign.slogan_line
    return {
        "name": pack.campaign.name,
        "badge": words.node(pack.campaign.badge, reference, "badge"),
        "line": words.node(line, reference, "slogan_line", lines=2) if line else None,
    }


def _channel(words: Words, number: str) -> Json | None:
    for at, channel in enumerate(words.library.channels.numbers):
        if channel.number == number:
            return {
                "number": number,
                "wording": words.node(channel.wording, f"channels/{channel.name}", "wording", lines=2),
                "at": at,
            }
    return None


def _report(pack: Pack, words: Words) -> Json | None:
    """The number to report to; minors are told who dials it, in their audience's words: 被骗了，请爸妈打 / 110."""
    made, act = _channel(words, "110"), pack.audience.voice.act
    if made and pack.audience.minors and act.endswith(made["number"]):
        said = act.removesuffix(made["number"])
        made["wording"] = words.node(said, f"audiences/{pack.audience.id}", "voice", "act", lines=2)
    return made


def _voice(pack: Pack, words: Words) -> Json:
    reference = f"audiences/{pack.audience.id}"
    voice = pack.audience.voice
    return {
        "ask": words.node(voice.ask, reference, "voice", "ask", lines=2),
        "act": words.node(voice.act, reference, "voice", "act", lines=2),
        "first": words.node(pack.audience.help[0], reference, "help", 0),
    }


def _contact(pack: Pack, material: Material, words: Words) -> Json | None:
    contact = pack.contact
    if contact is None:
        return None
    reference = f"contacts/{pack.contact_id}"
    plain = plain_signature(contact, pack.audience)
    if contact.logo:
        words.origins[LOGO] = words.library.span(reference, "logo")
    signed = words.nodes(contact.signature, reference, "signature") or [words.node(contact.name, reference, "name")]
    return {
        "name": contact.name,
        "kind": contact.kind.value,
        "style": contact.signature_style.value,
        "signature": signed,
        "partners": words.nodes(contact.partners, reference, "partners"),
        "phones": [] if plain else _phones(words, contact, reference),
        "hotline": None if plain else contact.hotline,
        "address": None if plain or not contact.address else words.node(contact.address, reference, "address"),
        "station": _station(words, contact, reference),
        "logo": None if plain else contact.logo,
        "qr": [] if plain else _symbols(pack, material, words, contact, reference),
    }


def _phones(words: Words, contact: Contact, reference: str) -> list[Json]:
    return [
        {"name": words.node(phone.name, reference, "phones", at, "name"), "number": phone.number}
        for at, phone in enumerate(contact.phones)
    ]


def _station(words: Words, contact: Contact, reference: str) -> Json | None:
    if contact.station is None:
        return None
    return {"name": words.node(contact.station.name, reference, "station", "name"), "number": contact.station.number}


def _symbols(pack: Pack, material: Material, words: Words, contact: Contact, reference: str) -> list[Json]:
    distance = min(SCAN_M, material.distances.fine) if material.distances else SCAN_M
    made = []
    for at, code in enumerate(contact.qr):
        text = code.url or qr.read(pack.library.assets[code.picture or ""])[0]
        symbol = qr.symbol(text)
        made.append(
            {
                "caption": words.node(code.caption, reference, "qr", at, "caption"),
                "host": re.sub(r"^https?://([^/]+).*", r"\1", text) if code.url else "",
                "symbol": {"text": text, "modules": list(symbol.modules)},
                "mm": qr.size_mm(distance, modules=symbol.side) / material.scale,
            }
        )
    return made


def _inks(data: Any) -> Json:
    """CMYK of every fixed colour in the drawings of a piece."""
    found: dict[str, list[int]] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            fill = value.get("fill")
            if isinstance(fill, str) and fill.startswith("#"):
                found.setdefault(fill, list(cmyk_of(fill)))
            for name, inner in value.items():
                # What a drawing is made of is numbers, most of all data.
                if name not in ("ops", "paint"):
                    walk(inner)
        elif isinstance(value, list) and value and isinstance(value[0], (dict, list)):
            for inner in value:
                walk(inner)

    walk({key: value for key, value in data.items() if key != "theme"})
    return found


def _file_name(title: str, breaker: Breaker) -> str:
    """``title`` as part of a file name that Windows, a zip and a USB stick all take.

    A long one ends with a clause where that is half of what a name may carry, else with a phrase.
    """
    most = SHORT_NAME + 4
    name = ""
    for clause in re.split(r"(?<=[，。；！？])", title):
        if len(name + _plain(clause)) <= most:
            name += _plain(clause)
            continue
        for phrase in map(_plain, breaker.phrases(clause) if len(name) < most // 2 else ()):
            if len(name + phrase) > most:
                break
            name += phrase
        break
    return name or _plain(title)[:most] or "无题"


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", "", text)
