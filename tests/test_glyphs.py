"""Every character is checked against the fonts before a page is set; Typst would print a box and say nothing."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from generator.typesetting.glyphs import FAMILY_FILES, coverage, missing

FONTS = Path(__file__).parent.parent / "fonts"


def test_all_weights_of_noto_draw_the_same_characters() -> None:
    maps = []
    for path in sorted(FONTS.glob("NotoSansSC_*.ttf")):
        with TTFont(path, lazy=True) as font:
            maps.append(frozenset(font.getBestCmap()))
    assert len(maps) == 3
    assert len(set(maps)) == 1


@pytest.mark.parametrize("family", FAMILY_FILES)
def test_a_family_is_the_one_its_file_name_says(family: str) -> None:
    with TTFont(FONTS / FAMILY_FILES[family], lazy=True) as font:
        assert font["name"].getDebugName(1).removesuffix(" Regular") == family


def test_noto_draws_every_character_of_gbk() -> None:
    known = coverage(FONTS, "Noto Sans SC")
    hanzi = (bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF) if low != 0x7F)
    lacking = [
        char
        for pair in hanzi
        if (char := pair.decode("gbk", "ignore")) and "一" <= char <= "鿿" and ord(char) not in known
    ]
    assert lacking == []


def test_what_no_font_draws_is_named_once_in_order() -> None:
    assert missing("刷单😀返利🎉😀", FONTS, ("Noto Sans SC",)) == "😀🎉"


def test_a_display_face_falls_back_to_noto() -> None:
    assert missing("刷单·返利→", FONTS, ("ZCOOL QingKe HuangYou",)) == "·→"
    assert missing("刷单·返利→", FONTS, ("ZCOOL QingKe HuangYou", "Noto Sans SC")) == ""
