"""What may be made: materials (rows of the catalogue), themes and screens. No file is read here."""

import math
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from generator.model.primitives import Flag, Hex, Line, Lines, Names, Strict

Mm = Annotated[float, Field(ge=0, le=20_000)]
"""A length on paper in millimetres."""

Metres = Annotated[float, Field(gt=0, le=100)]
"""A reading distance."""


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


class Feed(StrEnum):
    """Which content a piece is about; each feed is one function in ``feeds``."""

    SCAM = "scam"
    RULE = "rule"
    SLOGAN = "slogan"
    GUIDE = "guide"
    HANDBOOK = "handbook"
    LARGE = "large"
    STORY = "story"
    NINE = "nine"
    BROADCAST = "broadcast"
    PLAYLIST = "playlist"
    LED_GUIDE = "led-guide"
    LECTURE = "lecture"
    DOCUMENT = "document"
    REVIEW = "review"
    SUMMARY = "summary"
    BANNER = "banner"
    COUPLET = "couplet"
    SIGN = "sign"
    CLASSROOM = "classroom"
    CARD = "card"


OWN_THEME = "own"
"""The name of an audience's own theme among those that a row's pieces take in turn."""


class PieceRow(Strict):
    """One set of pieces of a material: how many of which feed, in which compositions (see ``compositions``).

    ``themes``: of pieces that have another look than their audience's, as red cloth has, taken in turn. ``hits``: a
    word of the scams' 易受骗人群; those who hit them come first. ``count`` of a handbook: its scams; of cards: all that
    are written for the material are made.
    """

    feed: Feed
    count: Annotated[int, Field(ge=1, le=50)] = 1
    compositions: Names = ()
    themes: Names = ()
    hits: Line | None = None


class Distances(Strict):
    """Reading distances in metres: character height >= distance/100 (headline), /150 (rest), never under /200."""

    headline: Metres
    body: Metres
    fine: Metres = 0.35


class Keepout(Strict):
    """Dead zones of the finished piece in mm from its edges: rolled into a base, under a clamp, around an eyelet.

    Colour and pattern run through them, text and codes do not. ``corners``: a square at each corner.
    """

    top: Mm = 0
    bottom: Mm = 0
    left: Mm = 0
    right: Mm = 0
    corners: Mm = 0


class Mark(StrEnum):
    """A mark outside the bleed: where to cut, where to fold, whether the plates are in register."""

    CROP = "crop"
    FOLD = "fold"
    REGISTER = "register"


class Resolution(Strict):
    """Pixels an inch at true size, for pieces of at most ``area`` square metres; without it for all larger ones."""

    ppi: Annotated[float, Field(ge=5, le=600)]
    area: Annotated[float, Field(gt=0, le=10_000)] | None = None


class Process(Strict):
    """How a shop makes a piece, and what its file must be like. The shop's own 来稿须知 wins: the numbers are data.

    ``bleed`` in mm; ``marks`` none where the shop imposes. ``black``: inks of large dark areas and type in percent,
    ``text_black`` those of dark type of 12 pt and less, which with ``overprint`` prints over its ground. The total
    of inks is an error from ``ink_limit`` on and a warning above ``ink_warn``. ``tiff``: the shop also takes pixels,
    at the ``ppi`` of the first row that the piece's area fits. ``least_text`` in pt and ``least_line`` in mm at true
    size; ``standard``: the PDF/X; ``cut``: what the spot colour of the die line is called.
    """

    name: Line
    bleed: Mm
    marks: tuple[Mark, ...] = ()
    black: Ink = (0, 0, 0, 100)
    text_black: Ink = (0, 0, 0, 100)
    overprint: Flag = False
    ink_limit: Annotated[int, Field(ge=100, le=400)] = 300
    ink_warn: Annotated[int, Field(ge=100, le=400)] = 250
    tiff: Flag = False
    ppi: tuple[Resolution, ...] = (Resolution(ppi=300),)
    least_text: Annotated[float, Field(ge=3, le=200)] = 6
    least_line: Annotated[float, Field(ge=0.02, le=10)] = 0.1
    standard: Literal["x1a", "x4"] = "x1a"
    cut: Line = "CutContour"
    note: Line | None = None


class Press(Strict):
    """What one row wants otherwise than its process, under the same keys; what is left out is the process's."""

    marks: tuple[Mark, ...] | None = None
    black: Ink | None = None
    text_black: Ink | None = None
    overprint: Flag | None = None
    ink_limit: Annotated[int, Field(ge=100, le=400)] | None = None
    ink_warn: Annotated[int, Field(ge=100, le=400)] | None = None
    tiff: Flag | None = None
    ppi: tuple[Resolution, ...] | None = None
    least_text: Annotated[float, Field(ge=3, le=200)] | None = None
    least_line: Annotated[float, Field(ge=0.02, le=10)] | None = None
    standard: Literal["x1a", "x4"] | None = None
    cut: Line | None = None


class Picture(Strict):
    """A page as a picture for a chat: ``width`` in pixels, ``folder`` under 发微信/ (none: 发微信/ itself)."""

    width: Annotated[int, Field(ge=200, le=4320)] = 1080
    folder: Line | None = None


class Strip(Strict):
    """How long a piece of one line is: its length follows from its words. Lengths in mm at true size.

    A character fills a box of ``box``, a punctuation mark ``mark`` and a figure or Latin letter ``figure`` of one;
    ``gap`` between boxes, ``margin`` at both ends. The length is rounded up to whole ``round``, as cloth is sold.
    Words of ``least`` to ``most`` characters are hung; ``picture`` is the length that a picture takes, 0 for none.
    The trade's defaults: 700 mm of cloth take letters of 500 mm, about 1.7 a metre.
    """

    direction: Literal["across", "down"] = "across"
    box: Annotated[float, Field(gt=0, le=5_000)] = 500
    gap: Mm = 80
    margin: Mm = 400
    mark: Annotated[float, Field(gt=0, le=1)] = 0.5
    figure: Annotated[float, Field(gt=0, le=1)] = 0.64
    round: Annotated[float, Field(gt=0, le=5_000)] = 100
    least: Annotated[int, Field(ge=1, le=60)] = 10
    most: Annotated[int, Field(ge=1, le=60)] = 20
    picture: Mm = 0


SHAPES: Final = (0.75, 1.34)
"""How far width over height may be from that of the size that a template is drawn for, as a factor."""


class Material(Strict):
    """One row of the catalogue. Sizes in mm; ``places``: where it hangs; ``formats``: what is delivered.

    ``process``, ``paper``, ``finish``, ``coating`` (表面处理), ``binding`` (装订), ``cut`` (刀版/模切), ``fittings``
    (配件) and ``unit`` (张、套、条…) are what the print shop is told; ``press`` is what this row wants otherwise than
    its process, and no ``bleed`` is the process's. ``options`` belong to the renderer, which validates them.

    ``office_layout`` is how the office file lies on its paper: one page to a sheet, as many copies as fit (``nup``),
    tiles to be glued, the sheets of a booklet, both sides of a leaf.

    All lengths are of the finished piece at its true size. With ``scale`` N it is drawn, and delivered, at 1:N: the
    sheet that a template gets is N times smaller in every length and reading distance.

    ``strip``: the side of ``trim`` that lies in its direction is only an example; each piece is as long as its words.
    ``panels`` are the widths between folds from the left, of a ``tent`` the heights from the top: one side, the
    other, the base, the flap that is glued under the first.

    ``drawn``: the size that the template is drawn for; another ``trim`` of about its shape (``shapes``: width over
    height as a share of that of ``drawn``, least and most) is that page enlarged or reduced, and read from as much
    nearer as it is smaller. ``least``: the smallest size that holds what real units say. Panels are of ``drawn``, or of
    ``trim``.

    ``die``: the line that a knife cuts, on a plate of its own: ``none``; ``trim``, the finished size with corners of
    ``radius``; any other name is a contour that the template records under it.
    """

    id: Line
    name: Line
    renderer: Line
    template: Line
    places: Names
    pieces: tuple[PieceRow, ...]
    formats: Names
    trim: tuple[Mm, Mm] | None = None
    drawn: tuple[Mm, Mm] | None = None
    shapes: tuple[float, float] = SHAPES
    least: tuple[Mm, Mm] | None = None
    bleed: Mm | None = None
    safe: Mm = 5
    keepout: Keepout = Keepout()
    scale: Annotated[int, Field(ge=1, le=100)] = 1
    strip: Strip | None = None
    die: Line = "none"
    radius: Mm = 0
    panels: tuple[Mm, ...] = ()
    back_panels: tuple[Mm, ...] = ()
    fold: Literal["none", "half", "letter", "z", "gate", "tent"] = "none"
    sides: Annotated[int, Field(ge=1, le=2)] = 1
    process: Line | None = None
    press: Press = Press()
    paper: Line | None = None
    finish: Line | None = None
    coating: Line | None = None
    binding: Line | None = None
    cut: Line | None = None
    fittings: Line | None = None
    unit: Line = "张"
    office: Literal["A3", "A4"] | None = None
    office_layout: Literal["fit", "nup", "tiles", "booklet", "duplex"] = "fit"
    distances: Distances | None = None
    limits: dict[str, int] = {}
    picture: Picture = Picture()
    screens: Names = ()
    options: dict[str, str] = {}

    @property
    def usual(self) -> tuple[float, float] | None:
        """The size that the template is drawn for, in mm; None where there is no page."""
        return self.drawn or self.trim

    def enlarged(self, size: tuple[float, float]) -> float:
        """How many times larger than its template a piece of ``size`` mm is made.

        A template that knows one shape keeps its width; one that knows others gets room at least as wide and as high
        as it is drawn for.
        """
        usual = self.usual or size
        across, down = (one / other for one, other in zip(size, usual, strict=True))
        return across if self.shapes == SHAPES else min(across, down)

    def unfit(self, size: tuple[float, float]) -> str:
        """Why nothing is made in ``size`` mm, and what sizes there are; empty when it is."""
        usual = self.usual
        if not usual:
            return ""
        known = f"{usual[0]:g}×{usual[1]:g} mm"
        shape = size[0] / size[1] / (usual[0] / usual[1])
        if not self.shapes[0] <= shape <= self.shapes[1]:
            lying = usual[0] != usual[1] and (usual[0] > usual[1]) != (size[0] > size[1])
            turned = f"只能做{'横' if usual[0] > usual[1] else '竖'}版，" if lying else ""
            high = [size[0] * usual[1] / usual[0] / share for share in self.shapes[::-1]]
            wide = [size[1] * usual[0] / usual[1] * share for share in self.shapes]
            return (
                f"{size[0]:g}×{size[1]:g} mm 和{self.name}的版面（{known}）比例差得太多，{turned}放不好；"
                f"宽 {size[0]:g} mm 时，高可以是 {math.ceil(high[0])} 到 {math.floor(high[1])} mm，"
                f"高 {size[1]:g} mm 时，宽可以是 {math.ceil(wide[0])} 到 {math.floor(wide[1])} mm；"
                "请改尺寸，或换一种物料"
            )
        if self.least and any(side < least for side, least in zip(size, self.least, strict=True)):
            return (
                f"{size[0]:g}×{size[1]:g} mm 太小，字会小得看不清；{self.name}最小做到 "
                f"{self.least[0]:g}×{self.least[1]:g} mm；请改大，或换一种物料"
            )
        return ""


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
    """A screen. Pixels; ``colours`` 1 single, 2 dual (red, green, yellow), 3 full; ``pitch`` in mm.

    ``cell``: height of a character in pixels; ``cps``: characters a second when text scrolls; ``distance`` in
    metres from which it is read. ``controllers``: families of control cards it may have (``LedController``).
    ``places``: of an audience that has such a screen (none: wherever the material hangs). ``loop``: minutes that the
    playlist may take; ``roadside``: nothing moves, and every picture stands at least 15 s.
    """

    id: Line
    name: Line
    position: Line | None = None
    width: Annotated[int, Field(ge=16, le=8192)]
    height: Annotated[int, Field(ge=8, le=4320)]
    colours: Annotated[int, Field(ge=1, le=3)]
    colour: Line = "red"
    pitch: Annotated[float, Field(gt=0, le=100)]
    cell: Annotated[int, Field(ge=8, le=256)]
    cps: Annotated[float, Field(ge=1, le=6)] = 3
    font: Literal["unifont", "sans"] = "unifont"
    distance: Metres | None = None
    controllers: Names = ()
    places: Names = ()
    loop: Annotated[float, Field(gt=0, le=30)] = 3
    roadside: Flag = False


class LedController(Strict):
    """A family of control cards: its software, which of our files it takes, how they are put in.

    ``takes`` and ``steps`` are what a source says; ``unsure`` is what nobody has confirmed. ``program``: the
    documented format of whole programs that is written for it, ``device`` the number of the controller in it.
    """

    id: Line
    name: Line
    software: Line
    takes: Line
    steps: Lines
    unsure: Lines = ()
    program: Literal["none", "onbon-y", "huidu"] = "none"
    device: Line | None = None
