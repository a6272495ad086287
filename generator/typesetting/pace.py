"""How fast words may move and how long they must stand, so that people who walk past can read them.

Rules of thumb from studies of train displays and road signs: at 3 characters a second people read what moves, from
8 on they no longer do; what stands needs 1 s and 1/3 s a character, at least 3 s; beside a road a picture stands
15 s and nothing moves. No file is read here.
"""

import math
import unicodedata
from typing import Final

from generator.model.design import Screen
from generator.typesetting.slogans import length

LEAST_DWELL: Final = 3.0
"""Seconds that anything stands."""
ROADSIDE_DWELL: Final = 15.0
"""Seconds that a picture beside a road stands."""
DESIGNED_FROM: Final = 96
"""Pixels of the shorter side from which a full-colour screen shows designed pages, not a line of text."""
WIDE: Final = 1.3
"""Width over height from which words stand beside a picture, and the two numbers beside each other."""
TALL: Final = (0.37, 0.9)
"""Width over height of screens that stand upright, where the picture is below the words."""
LEAST_CELL: Final = 16
"""Pixels of the smallest Hanzi that can be told apart."""


def dwell(text: str, roadside: bool = False) -> float:
    """Seconds that a standing text is shown, in half seconds."""
    needed = max(LEAST_DWELL, math.ceil(2 + length(text) * 2 / 3) / 2)
    return max(ROADSIDE_DWELL, needed) if roadside else needed


def speed(screen: Screen) -> float:
    """Dots a second of a text that scrolls."""
    return screen.cps * screen.cell


def pass_seconds(screen: Screen, dots: float) -> float:
    """How long a strip ``dots`` wide takes from its first dot coming in to its last one going out."""
    return (screen.width + dots) / speed(screen)


def is_designed(screen: Screen) -> bool:
    """Whether the screen shows pages in the look of the theme; the others show text in one colour."""
    return takes_pages(screen.width, screen.height, screen.colours)


def takes_pages(width: int, height: int, colours: int) -> bool:
    """Whether designed pages fit: in full colour, not square, and no strip that stands upright."""
    shape = width / height
    shaped = shape >= WIDE or TALL[0] <= shape <= TALL[1]
    return colours == 3 and shaped and min(width, height) >= DESIGNED_FROM and page_cell(width, height) >= LEAST_CELL


def page_cell(width: int, height: int) -> int:
    """The least size of text on designed pages: as large as lets slogans of the usual length fit beside a picture."""
    room = width / 15.5 if width >= height else min(width / 10, height / 20)
    return int(min(min(width, height) / 10, room))


def rough_seconds(screen: Screen, text: str) -> float:
    """What ``text`` takes on ``screen``, near enough to choose a playlist before any glyph is drawn."""
    dots = screen.cell * sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)
    rows = max(1, screen.height // screen.cell)
    if is_designed(screen) or dots <= screen.width * (rows - 0.25 * (rows > 1)) or screen.roadside:
        return dwell(text, screen.roadside)
    return pass_seconds(screen, dots)
