"""The base presentation in the colours, typefaces and shapes of one theme.

Our fourteen colour tokens go into the twelve slots of an Office theme (``drawingml.SLOTS``); a user who changes the
theme colours in the master changes the whole deck.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from generator.model.design import Theme
from generator.typesetting.drawingml import ALIASES, NS_A, NS_P, SLOTS, quoted
from generator.typesetting.office import opened

_ORDER: Final = (
    ("dk1", "ink"),
    ("lt1", "paper"),
    ("dk2", "ground_deep"),
    ("lt2", "ground_soft"),
    ("accent1", "ground"),
    ("accent2", "accent"),
    ("accent3", "alarm"),
    ("accent4", "accent_soft"),
    ("accent5", "alarm_soft"),
    ("accent6", "line"),
    ("hlink", "ground"),
    ("folHlink", "muted"),
)
TITLE_ON_PAPER: Final = ("arcs", "none")
"""The patterns whose slide titles stand on the page and not on a band of the ground colour."""
CORNER: Final = 0.3 * 914_400
"""The corner of a card in EMU at a theme's radius 1."""
_A: Final = f"{{{NS_A}}}"
_P: Final = f"{{{NS_P}}}"


def theme_part(colours: Mapping[str, str], name: str, heading: str, body: str) -> str:
    """A theme part: ``colours`` are #RRGGBB by token, ``heading`` and ``body`` typefaces for both scripts."""
    scheme = "".join(f'<a:{slot}><a:srgbClr val="{colours[token][1:].upper()}"/></a:{slot}>' for slot, token in _ORDER)
    fonts = f"<a:majorFont>{_faces(heading)}</a:majorFont><a:minorFont>{_faces(body)}</a:minorFont>"
    named = f"name={quoted(name)}"
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    rule = f'<a:ln w="9525">{fill}</a:ln>'
    plain_effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<a:theme xmlns:a="{NS_A}" {named}><a:themeElements><a:clrScheme {named}>{scheme}</a:clrScheme>'
        f"<a:fontScheme {named}>{fonts}</a:fontScheme><a:fmtScheme {named}>"
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{rule * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{plain_effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def _faces(face: str) -> str:
    return f'<a:latin typeface={quoted(face)}/><a:ea typeface={quoted(face)}/><a:cs typeface=""/>'


@lru_cache(maxsize=8)
def themed(base: bytes, theme: str) -> Mapping[str, bytes]:
    """The parts of ``base`` in ``theme`` (a Theme as JSON): theme parts, role colours, corners, only its pattern's
    shapes.

    Kept for the next deck of the process: a pack has one theme.
    """
    return MappingProxyType(_themed(base, Theme.model_validate_json(theme)))


def _themed(base: bytes, theme: Theme) -> dict[str, bytes]:
    parts = opened(base)
    colours = {token: colour.rgb for token, colour in theme.colours.items()}
    fonts = theme.office_fonts
    part = theme_part(colours, theme.name, fonts["heading"], fonts["body"]).encode()
    paints = role_paints(colours, theme.pattern)
    for name in parts:
        if name.startswith("ppt/theme/"):
            parts[name] = part
        elif name.startswith(("ppt/slideMasters/slide", "ppt/slideLayouts/slide")):
            parts[name] = _dressed(parts[name], paints, theme)
    return parts


def role_paints(colours: Mapping[str, str], pattern: str) -> dict[str, str]:
    """What the four colours without a slot are in this theme: the slot of the same colour, else #RRGGBB."""
    title = "ground" if pattern in TITLE_ON_PAPER else "on_ground"
    wanted = {token: colours[title if token == "title" else token] for token in ALIASES}
    slots = {rgb.upper(): SLOTS[token] for token, rgb in [*colours.items()][::-1] if token in SLOTS}
    return {ALIASES[token]: slots.get(rgb.upper(), rgb) for token, rgb in wanted.items()}


def _dressed(part: bytes, paints: Mapping[str, str], theme: Theme) -> bytes:
    from lxml import etree

    root: Any = etree.fromstring(part)
    for shape in root.findall(f".//{_P}sp"):
        label = shape.find(f"{_P}nvSpPr/{_P}cNvPr")
        pattern, slash, rest = label.get("name", "").partition("/")
        if slash and pattern != theme.pattern:
            shape.getparent().remove(shape)
            continue
        if slash:
            label.set("name", rest)
        _round(shape, theme.radius)
    for paint in root.findall(f".//{_A}schemeClr"):
        slot = paints.get(paint.get("val"))
        if slot and slot.startswith("#"):
            paint.tag = f"{_A}srgbClr"
            slot = slot[1:]
        if slot:
            paint.set("val", slot)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _round(shape: Any, radius: float) -> None:
    geometry = shape.find(f"{_P}spPr/{_A}prstGeom")
    if geometry is None or geometry.get("prst") != "roundRect":
        return
    size = shape.find(f"{_P}spPr/{_A}xfrm/{_A}ext")
    shorter = min(int(size.get("cx")), int(size.get("cy")))
    corner = min(50_000, round(radius * CORNER / shorter * 100_000))
    geometry.find(f"{_A}avLst/{_A}gd").set("fmla", f"val {corner}")
