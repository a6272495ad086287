"""The feeds of screens: which slogans play where, in which order and until when; and how they are loaded.

A unit's own screens take the place of the material's. One piece is the texts, each screen is a piece of its own: what
one screen cannot show leaves the others good.
"""

from collections.abc import Iterator, Mapping
from datetime import date as Date
from itertools import zip_longest
from typing import Any, Final

from generator.errors import Span
from generator.feeds.base import Pack, Piece, Words
from generator.feeds.pages import DEFAULT_SCENE
from generator.model.content import OwnScreen, ScreenColours, Use
from generator.model.design import Material, PieceRow, Screen
from generator.render.base import Json
from generator.typesetting.pace import is_designed, page_cell, rough_seconds, takes_pages
from generator.typesetting.slogans import LIMITS, fits, length

_COLOURS: Final = {ScreenColours.SINGLE: 1, ScreenColours.DUAL: 2, ScreenColours.FULL: 3}
_LIGHTS: Final = {"红": "red", "绿": "green", "黄": "yellow", "白": "white"}
_USUAL_LIGHT: Final = {1: "red", 2: "yellow", 3: "yellow"}
_USUAL_SCENES: Final = ("think-stop", "shield-family")
_ALONE: Final = 12
"""Characters of a slogan that may stand without a picture, as large as the screen."""
_CELLS: Final = (48, 32, 24, 16)
"""Heights of characters for which there are good glyphs, largest first."""


def playlist_pieces(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """The texts, then each screen with what it plays."""
    playlist = list(_playlist(pack))
    screens = [screen for screen, _ in screens_of(pack, material)]
    plays = {screen.id: _chosen(screen, playlist) for screen in screens}
    content = tuple(item["id"] for item in playlist)
    data = {
        "part": "text",
        "playlist": playlist,
        "screens": [{**screen.model_dump(mode="json"), "plays": len(plays[screen.id])} for screen in screens],
    }
    yield Piece(material.id, material.name, _words(pack, playlist), data, content)
    for screen, span in screens_of(pack, material):
        yield _screen_piece(pack, screen, plays[screen.id], span)


def _screen_piece(pack: Pack, screen: Screen, playlist: list[Json], span: Span) -> Piece:
    words = _words(pack, playlist)
    words.origins["screen"] = span
    data: Json = {
        "part": "screen",
        "playlist": playlist,
        "screen": screen.model_dump(mode="json"),
        "controllers": [_controller(pack, name) for name in screen.controllers],
        "glossary": list(pack.library.glossary),
    }
    if is_designed(screen):
        pages = [_page(pack, words, at, item) for at, item in enumerate(playlist)]
        scenes = dict.fromkeys([*(page["scene"] for page in pages), "call-help"])
        data |= {"pages": pages, "scenes": {name: pack.library.drawing(name) for name in scenes}}
    return Piece(screen.id, screen.name, words, data, tuple(item["id"] for item in playlist))


def _words(pack: Pack, playlist: list[Json]) -> Words:
    words = pack.words()
    for at, item in enumerate(playlist):
        words.origins[f"playlist/{at}"] = pack.library.span(item["id"], item["field"])
    return words


def _controller(pack: Pack, name: str) -> Json:
    return pack.library.controllers[name].model_dump(mode="json")


# ---- what plays ------------------------------------------------------------------------------------------


def _playlist(pack: Pack) -> Iterator[Json]:
    """The campaign's line, headline and badge, slogans of the scams in focus, the audience's own, then all that fit."""
    campaign = pack.campaign
    if campaign:
        for field in ("slogan_line", "headline", "badge"):
            text = getattr(campaign, field)
            if text and length(text) <= LIMITS[Use.LED]:
                until = _taken_down(pack, campaign.review_by)
                yield {"id": f"campaigns/{pack.campaign_id}", "field": field, "text": text, "until": until, "scene": ""}
    for name, slogan in _in_order(pack):
        if text := fits(slogan, Use.LED):
            yield {
                "id": f"slogans/{name}",
                "field": "slogan" if text == slogan.slogan else "short",
                "text": text,
                "until": _taken_down(pack, slogan.review_by),
                "scene": next((scam.scene for name, scam in pack.scams() if name in slogan.scams), ""),
            }


def _in_order(pack: Pack) -> list[tuple[str, Any]]:
    own = {text: at for at, text in enumerate(pack.audience.featured)}
    focus = {scam: at for at, scam in enumerate(pack.focus)}
    last = len(own) + len(focus)

    def rank(item: tuple[str, Any]) -> int:
        slogan = item[1]
        first = min((focus[scam] for scam in slogan.scams if scam in focus), default=None)
        return first if first is not None else len(focus) + own.get(slogan.slogan, last)

    return sorted(pack.library.slogans_for(pack.audience, Use.LED), key=rank)


def _taken_down(pack: Pack, review_by: Date | None) -> str:
    """The last day on which it may play: when the campaign ends or its words must be looked at again, if it says."""
    ends = pack.campaign.period.ends if pack.campaign and pack.campaign.period else None
    days = [day for day in (ends, review_by) if day]
    return min(days).isoformat() if days else ""


def _chosen(screen: Screen, playlist: list[Json]) -> list[Json]:
    """The first slogans that fit into the screen's loop; one at least.

    On designed pages slogans with a scene of their own and others take turns: pictures are what one looks at.
    """
    chosen: list[Json] = []
    left = screen.loop * 60
    for item in _by_turns(playlist) if is_designed(screen) else playlist:
        left -= rough_seconds(screen, item["text"])
        if left < 0 and chosen:
            break
        chosen.append(item)
    return chosen


def _by_turns(playlist: list[Json]) -> list[Json]:
    """In order, but those without and with a scene of their own by turns; the second of a scene comes last."""
    plain = [item for item in playlist if not item["scene"]]
    drawn = list({item["scene"]: item for item in reversed(playlist) if item["scene"]}.values())[::-1]
    drawn.sort(key=playlist.index)
    turns = [item for pair in zip_longest(plain, drawn) for item in pair if item]
    return [*turns, *(item for item in playlist if item not in turns)]


def _page(pack: Pack, words: Words, at: int, item: Json) -> Json:
    """A slogan as a text node, with its scene; a slogan of no scam stands alone or with one of the usual scenes."""
    node = words.node(item["text"], item["id"], item["field"], lines=4)
    usual = (pack.audience.scene or DEFAULT_SCENE, *_USUAL_SCENES)
    alone = at % 3 == 2 and length(item["text"]) <= _ALONE
    return {"slogan": node, "scene": item["scene"] or usual[at // 2 % len(usual)], "alone": alone}


# ---- on which screens ------------------------------------------------------------------------------------


def screens_of(pack: Pack, material: Material) -> Iterator[tuple[Screen, Span]]:
    """The unit's own screens, else those of the material that hang where the audience is, with their places."""
    library = pack.library
    if pack.contact and pack.contact.screens:
        for at, own in enumerate(pack.contact.screens):
            yield _own(library.screens, own, at + 1), library.span(f"contacts/{pack.contact_id}", "screens", at)
        return
    for name in material.screens:
        screen = library.screens[name]
        if not screen.places or set(screen.places) & set(pack.audience.places):
            yield screen, library.span(f"screens/{name}", "id")


def _own(profiles: Mapping[str, Screen], own: OwnScreen, number: int) -> Screen:
    """The profile with what the unit says of its own; a screen without a profile is described whole."""
    written = {key: value for key, value in own.model_dump(exclude={"profile", "colour", "colours"}).items() if value}
    if own.roadside is not None:
        written["roadside"] = own.roadside
    if own.colours:
        written["colours"] = _COLOURS[own.colours]
    if own.colour:
        written["colour"] = _LIGHTS[own.colour]
    base = profiles[own.profile].model_dump() if own.profile else {"pitch": 10, "font": ""}
    data = {**base, **written}
    data["id"] = f"screen{number}-{data['width']}x{data['height']}"
    if not own.profile or own.colours:
        data["colour"] = written.get("colour", _USUAL_LIGHT[data["colours"]])
    if not own.cell and (not own.profile or own.height or own.width):
        data["cell"] = _cell_for(data["width"], data["height"], data["colours"])
    if not own.profile or data["cell"] != base.get("cell"):
        data["font"] = "unifont" if data["cell"] < _CELLS[2] else "sans"
    return Screen.model_validate(data)


def _cell_for(width: int, height: int, colours: int) -> int:
    """The largest good character of which the screen holds six in a row; on a wall the least size of its text."""
    if takes_pages(width, height, colours):
        return page_cell(width, height)
    return next((cell for cell in _CELLS if cell <= height and width >= 6 * cell), _CELLS[-1])


# ---- how it is loaded ------------------------------------------------------------------------------------


def led_guide_piece(pack: Pack, material: Material, row: PieceRow) -> Iterator[Piece]:
    """One page: which file for which controller, how to put it in, what nobody has confirmed."""
    led = next((one for one in pack.library.materials.values() if one.renderer == "led"), None)
    screens = [screen for screen, _ in screens_of(pack, led)] if led else []
    if not screens:
        return
    words = pack.words()
    families = dict.fromkeys(name for screen in screens for name in screen.controllers)
    data = {
        "screens": [
            {"id": one.id, "name": one.name, "size": f"{one.width}×{one.height}", "designed": is_designed(one)}
            for one in screens
        ],
        "controllers": [_guide_row(pack, words, name) for name in families],
    }
    yield Piece(material.id, material.name, words, data, tuple(f"controllers/{name}" for name in families))


def _guide_row(pack: Pack, words: Words, name: str) -> Json:
    one, reference = pack.library.controllers[name], f"controllers/{name}"
    return {
        "name": words.node(one.name, reference, "name"),
        "software": words.node(one.software, reference, "software"),
        "takes": words.node(one.takes, reference, "takes"),
        "steps": words.nodes(one.steps, reference, "steps"),
        "unsure": words.nodes(one.unsure, reference, "unsure"),
    }
