"""What may be made: materials (rows of the catalogue), themes and screens. No file is read here."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from generator.model.primitives import Flag, Hex, Line, Lines, Names, Strict

Mm = Annotated[float, Field(ge=0, le=20_000)]
"""A length on paper in millimetres."""

Metres = Annotated[float, Field(gt=0, le=100)]
"""A reading distance."""


class Feed(StrEnum):
    """Which content a piece is about; each feed is one function in ``feeds``."""

    SCAM = "scam"
    RULE = "rule"
    SLOGAN = "slogan"
    GUIDE = "guide"
    PLAYLIST = "playlist"
    LECTURE = "lecture"


class PieceRow(Strict):
    """One set of pieces of a material: how many of which feed, in which compositions (see ``compositions``)."""

    feed: Feed
    count: Annotated[int, Field(ge=1, le=50)] = 1
    compositions: Names = ()


class Distances(Strict):
    """Reading distances in metres: character height >= distance/100 (headline), /150 (rest), never under /200."""

    headline: Metres
    body: Metres
    fine: Metres = 0.35


class Material(Strict):
    """One row of the catalogue. Sizes in mm; ``places``: where it hangs; ``formats``: what is delivered.

    ``process``, ``paper`` and ``finish`` are what the print shop is told. ``options`` belong to the
    renderer, which validates them.
    """

    id: Line
    name: Line
    renderer: Line
    template: Line
    places: Names
    pieces: tuple[PieceRow, ...]
    formats: Names
    trim: tuple[Mm, Mm] | None = None
    bleed: Mm = 3
    safe: Mm = 5
    panels: tuple[Mm, ...] = ()
    back_panels: tuple[Mm, ...] = ()
    fold: Literal["none", "half", "letter", "z", "gate"] = "none"
    sides: Annotated[int, Field(ge=1, le=2)] = 1
    process: Line | None = None
    paper: Line | None = None
    finish: Line | None = None
    office: Literal["A3", "A4"] | None = None
    distances: Distances | None = None
    limits: dict[str, int] = {}
    screens: Names = ()
    options: dict[str, str] = {}


def _percent(value: object) -> object:
    return value.split() if isinstance(value, str) else value


Ink = Annotated[
    tuple[
        Annotated[int, Field(ge=0, le=100)],
        Annotated[int, Field(ge=0, le=100)],
        Annotated[int, Field(ge=0, le=100)],
        Annotated[int, Field(ge=0, le=100)],
    ],
    BeforeValidator(_percent),
]
"""Ink percentages C M Y K, written ``100 70 0 20``."""


class Colour(Strict):
    """One token for every medium: shown as ``rgb``, printed as ``cmyk``."""

    rgb: Hex
    cmyk: Ink


TOKENS = (
    "ground",  # the theme's colour: large areas
    "ground_deep",  # footers and shadows on it
    "ground_soft",  # its tint: page background behind cards
    "on_ground",  # text on ground and ground_deep
    "paper",  # cards
    "ink",  # text on paper and ground_soft
    "muted",  # secondary text on paper
    "accent",  # the one bright colour
    "accent_soft",  # its tint
    "on_accent",  # text on accent
    "alarm",  # only what must not be done
    "alarm_soft",  # its tint
    "on_alarm",  # text on alarm
    "line",  # hairlines and quiet shapes on paper
)
"""Every theme has exactly these tokens; templates and scenes use no other colour names."""


class Theme(Strict):
    """A look: tokens, typefaces and pattern for every medium. ``display`` faces in order of fallback.

    ``light``: pages stand on the tint in dark type instead of on the ground. ``least``: body type in mm at least,
    where the readers' eyes ask for more than the distance does. ``display_skip``: characters that the display face
    draws so that they misread; a headline with one of them is set in the second face as a whole.
    """

    id: Line
    name: Line
    colours: dict[str, Colour]
    display: Lines
    display_skip: str = ""
    pattern: Literal["rays", "arcs", "halftone", "none", "grid"]
    radius: Annotated[float, Field(ge=0, le=1)] = 0.5
    light: Flag = False
    least: Annotated[float, Field(ge=0, le=20)] = 0
    office_fonts: dict[Literal["heading", "body"], Line]


class Screen(Strict):
    """An LED screen. Pixels; ``colours`` 1 single, 2 dual (red, green, yellow), 3 full; ``pitch`` in mm.

    ``cell``: height of a character in pixels; ``cps``: characters a second when text scrolls.
    """

    id: Line
    name: Line
    width: Annotated[int, Field(ge=16, le=8192)]
    height: Annotated[int, Field(ge=8, le=4320)]
    colours: Annotated[int, Field(ge=1, le=3)]
    colour: Line = "red"
    pitch: Annotated[float, Field(gt=0, le=100)]
    cell: Annotated[int, Field(ge=8, le=256)]
    cps: Annotated[float, Field(ge=1, le=6)] = 3
    font: Literal["unifont", "sans"] = "unifont"
