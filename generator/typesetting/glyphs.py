"""Which characters the fonts can draw. Typst prints an empty box for a missing one and says nothing."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

# The file that stands for a family: all weights of a family here share one character map (a test keeps that).
FAMILY_FILES: Final = {
    "Noto Sans SC": "NotoSansSC_400Regular.ttf",
    "ZCOOL QingKe HuangYou": "ZCOOLQingKeHuangYou_400Regular.ttf",
}

NEEDED: Final = (*FAMILY_FILES.values(), "NotoSansSC_700Bold.ttf", "NotoSansSC_900Black.ttf", "unifont-16.hex")
"""What must be in fonts/: an absent weight would be replaced by another without a word."""


@cache
def coverage(fonts: Path, family: str) -> frozenset[int]:
    """Code points that ``family`` has a glyph for; KeyError for a family that is not in fonts/."""
    from fontTools.ttLib import TTFont

    with TTFont(fonts / FAMILY_FILES[family], lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing(text: str, fonts: Path, families: Iterable[str]) -> str:
    """The characters of ``text`` that none of ``families`` can draw, once each, in order."""
    wanted = dict.fromkeys(char for char in text if not char.isspace())
    for family in families:
        known = coverage(fonts, family)
        wanted = {char: None for char in wanted if ord(char) not in known}
        if not wanted:
            break
    return "".join(wanted)
