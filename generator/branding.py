"""A unit's own colour in a theme: it replaces the ground, and what stands on it stays legible and tells apart.

Pure data. What the pages do where the ground comes near to the alarm is in ``templates/_shared/sheet.typ``.
"""

import colorsys
from typing import Final

from generator.render.base import Json
from generator.typesetting.contrast import contrast as contrast
from generator.typesetting.contrast import luminance
from generator.typesetting.inks import cmyk_of

TEXT: Final = 5.4
"""Contrast of white text on the ground. A pattern lightens it under small type, and ink is paler than light: 4.5:1
(WCAG 2) is left of that on paper."""
LARGE: Final = 3.5
"""Contrast of the accent on the ground as shown: figures and headlines keep the 3 that they need in print."""
DARKEST: Final = 0.012
"""Luminance under which a ground leaves no room for the deeper one."""
WARM: Final = (25, 65)
"""Hues in degrees of accents that go with every ground: amber and yellow."""
AMBER: Final[Json] = {
    "accent": {"rgb": "#FFC247", "cmyk": [0, 26, 80, 0]},
    "accent_soft": {"rgb": "#FFEBC8", "cmyk": [0, 8, 25, 0]},
}
"""What takes the place of a cool accent on a warm ground, where the two would flicker."""
NEUTRAL: Final[Json] = {
    "ground_soft": {"rgb": "#F4F3F0", "cmyk": [4, 3, 5, 0]},
    "line": {"rgb": "#CFCCC6", "cmyk": [15, 13, 17, 5]},
}
"""What takes the place of a tint of the theme's ground under another colour."""


def branded(theme: Json, brand: str) -> Json:
    """The theme (``Theme`` as JSON) with its ground in ``brand`` (#RRGGBB), darkened as far as its text asks for."""
    colours = dict(theme["colours"])
    before, soft = colours["ground"]["rgb"], colours["ground_soft"]["rgb"]
    if _apart(brand, before) > 60 and _apart(soft, before) < 40:
        colours |= NEUTRAL
    if _warm_ground(brand) and not WARM[0] <= _hue(colours["accent"]["rgb"]) <= WARM[1]:
        colours |= AMBER
    accent = colours["accent"]["rgb"]
    ground = brand
    while contrast(ground, "#FFFFFF") < TEXT or contrast(ground, accent) < LARGE:
        ground = _darker(ground, 0.94)
    if luminance(ground) < DARKEST:
        ground = _lighter(ground, 0.16)
    for token, colour in (("ground", ground), ("ground_deep", _darker(ground, 0.58))):
        colours[token] = {"rgb": colour, "cmyk": list(cmyk_of(colour))}
    return {**theme, "colours": colours}


def _channels(colour: str) -> tuple[int, int, int]:
    r, g, b = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return r, g, b


def _darker(colour: str, share: float) -> str:
    return "#" + "".join(f"{int(part * share):02X}" for part in _channels(colour))


def _lighter(colour: str, share: float) -> str:
    return "#" + "".join(f"{int(part + (255 - part) * share):02X}" for part in _channels(colour))


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))


def _hue(colour: str) -> float:
    """The hue in degrees; 0 for greys."""
    return _hls(colour)[0] * 360


def _apart(one: str, other: str) -> float:
    """How far two hues lie from each other, 0 to 180 degrees; a grey is far from every colour."""
    if min(_hls(one)[2], _hls(other)[2]) < 0.12:
        return 180
    distance = abs(_hue(one) - _hue(other))
    return min(distance, 360 - distance)


def _warm_ground(colour: str) -> bool:
    return _hls(colour)[2] >= 0.2 and (_hue(colour) <= 60 or _hue(colour) >= 320)
