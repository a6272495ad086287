"""Cloth: how long a line of letters is, where each letter stands, and what its colours are called.

A sign maker counts boxes: a character fills one, a punctuation mark half of one. The rule is the trade's (the
length of a banner is twice its margin, its boxes and the gaps between them); its numbers are the row's.
"""

import re
import unicodedata
from collections.abc import Sequence
from colorsys import rgb_to_hls
from dataclasses import dataclass
from math import ceil
from typing import Final

from generator.model.design import Strip

NAME_SHARE: Final = 0.34
"""Height of the unit's name beside the slogan, of a character's box, when it has one line."""
NAMES_SHARE: Final = 0.92
"""Height that all lines of names take together at most, of a character's box."""
NAME_LEADING: Final = 1.28
"""From line to line of the names, in their size."""
ACROSS_LINE: Final = 10
"""Ems of a name that a line across a strip that reads down holds at least."""
ACROSS_LINES: Final = 5
"""Lines that ``NAMES_SHARE`` has room for across such a strip."""
ACROSS_MORE: Final = 0.14
"""Height of each line more, of a character's box."""
LATIN: Final = 0.78
"""Width in ems that a figure or Latin letter of the bold face stays under, but for the broad ones."""
BROAD: Final = frozenset("MWmw@%")
"""What takes a whole em."""
WHOLE: Final = BROAD | frozenset("—…")
"""What is not a Hanzi and yet fills a box."""
HALF_DOWN: Final = frozenset("，。、“”‘’（）《》〈〉「」『』【】")
"""Marks whose upright forms fill the upper or the lower half of their box; all others stand whole in it."""
LATIN_GAP: Final = 0.25
"""What is set between Hanzi and a figure or Latin letter, in ems."""
_LATIN_EDGE: Final = re.compile("(?<=[\u3400-\u9fff])(?=[A-Za-z0-9#$%&])|(?<=[A-Za-z0-9#$%&])(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Letter:
    """One box of a strip: what stands in it, where it begins and how wide it is, in mm from the strip's end."""

    text: str
    at: float
    size: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A strip measured out in mm at true size. ``names``: where the names begin, how long they are, and their size.

    Down a strip they stand across, in whatever size fits its width: the size is 0.
    """

    length: float
    letters: tuple[Letter, ...]
    picture: tuple[float, float] | None = None
    names: tuple[float, float, float] | None = None


def share(character: str, strip: Strip) -> float:
    """How much of a box a character takes: down a strip a sign such as ！ or # is as high as a character."""
    kind = unicodedata.category(character)[0]
    if character in WHOLE or (strip.direction == "down" and kind in "PS" and character not in HALF_DOWN):
        return 1
    if kind in "PZSC":
        return strip.mark
    return strip.figure if character.isascii() else 1


def name_ems(name: str) -> float:
    """Width in ems that ``name`` stays under on one line, as if Hanzi stood at both its ends."""
    letters = sum((LATIN if char not in BROAD else 1.01) if char.isascii() else 1 for char in name)
    return letters + LATIN_GAP * len(_LATIN_EDGE.findall(f"国{name}国"))


def laid_out(text: str, strip: Strip, names: Sequence[str] = (), picture: bool = False) -> Layout:
    """``text`` on a strip, after its picture and before the lines of ``names``; its length rounded up.

    What rounding adds is shared by both ends, so that the line stands in the middle.
    """
    at = strip.margin
    shown = None
    if picture and strip.picture:
        shown = (at, strip.picture)
        at += strip.picture + strip.gap
    letters = []
    for character in text:
        wide = share(character, strip) * strip.box
        letters.append(Letter(character, at, wide))
        at += wide + strip.gap
    at -= strip.gap
    signed = None
    if names and strip.direction == "down":
        # Set across, below the last letter.
        lines = sum(ceil(name_ems(name) / ACROSS_LINE) for name in names)
        share_of = NAMES_SHARE + ACROSS_MORE * max(0, lines - ACROSS_LINES)
        signed = (at + strip.gap, strip.box * share_of, 0.0)
        at = signed[0] + signed[1]
    elif names:
        size = min(strip.box * NAME_SHARE, strip.box * NAMES_SHARE / (len(names) * NAME_LEADING))
        wide = max(map(name_ems, names)) * size
        signed = (at + strip.box * 0.6, wide, size)
        at = signed[0] + wide
    length = ceil((at + strip.margin) / strip.round - 1e-9) * strip.round
    shift = (length - at - strip.margin) / 2
    return Layout(
        length,
        tuple(Letter(letter.text, letter.at + shift, letter.size) for letter in letters),
        shown and (shown[0] + shift, shown[1]),
        signed and (signed[0] + shift, *signed[1:]),
    )


# ---- colours in words --------------------------------------------------------------------------------

_HUES: Final = (
    (14, "红"),
    (38, "橙"),
    (47, "金黄"),
    (68, "黄"),
    (170, "绿"),
    (200, "青"),
    (255, "蓝"),
    (320, "紫"),
    (360, "红"),
)


def colour_name(rgb: str) -> str:
    """What people call a colour #RRGGBB: 白, 黑, 灰, 大红, 深蓝… The inks beside it are what counts."""
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, strong = rgb_to_hls(red, green, blue)
    if light > 0.95:
        return "白"
    if light < 0.08:
        return "黑"
    if strong < 0.12:
        return "灰"
    name = next(name for most, name in _HUES if hue * 360 <= most)
    if name == "红" and strong > 0.6 and light > 0.4:
        return "大红"
    return f"深{name}" if light < 0.3 else name


def ink_name(cmyk: Sequence[int]) -> str:
    """Inks as a shop reads them: ``C0 M100 Y100 K0``."""
    return " ".join(f"{ink}{percent:g}" for ink, percent in zip("CMYK", cmyk, strict=True))
