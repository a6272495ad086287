"""Which characters the fonts can draw. Typst prints an empty box for a missing one and says nothing."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# The file that stands for a family: all weights of a family here share one character map (a test keeps that).
FAMILY_FILES: Final = {
    "Noto Sans SC": "NotoSansSC_400Regular.ttf",
    "ZCOOL QingKe HuangYou": "ZCOOLQingKeHuangYou_400Regular.ttf",
}

NEEDED: Final = (*FAMILY_FILES.values(), "NotoSansSC_700Bold.ttf", "NotoSansSC_900Black.ttf", "unifont-16.hex")
"""What must be in fonts/: an absent weight would be replaced by another without a word."""


_NAMES: Final[list[str]] = []
"""g0, g1, g2…: as many as the largest font so far has glyphs."""


@cache
def coverage(fonts: Path, family: str) -> frozenset[int]:
    """Code points that ``family`` has a glyph for; KeyError for a family that is not in fonts/."""
    with numbered_font(fonts / FAMILY_FILES[family]) as font:
        return frozenset(font.getBestCmap())


@cache
def _drawable(fonts: Path, family: str) -> frozenset[str]:
    return frozenset(map(chr, coverage(fonts, family)))


def numbered_font(source: Path | BinaryIO) -> "TTFont":
    """A font whose glyphs are named by number: inventing better names would take longer than all else."""
    from fontTools.ttLib import TTFont

    font = TTFont(source, lazy=True)
    count = font["maxp"].numGlyphs
    _NAMES.extend(f"g{number}" for number in range(len(_NAMES), count))
    font.setGlyphOrder(_NAMES[:count])
    return font


def missing(text: str, fonts: Path, families: Iterable[str]) -> str:
    """The characters of ``text`` that none of ``families`` can draw, once each, in order."""
    wanted = set(text)
    for family in families:
        wanted = wanted - _drawable(fonts, family)
    return "".join(sorted((char for char in wanted if not char.isspace()), key=text.index))
