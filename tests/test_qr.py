"""QR symbols: what is made can be read, at a size that a hand-held phone can read."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.typesetting.qr import MODULE_MM, QUIET_MODULES, Level, Symbol, read, size_mm, symbol

ADDRESS = "https://www.12377.cn/"


def drawn(code: Symbol, scale: int = 6, quiet: int = QUIET_MODULES) -> Image.Image:
    """The symbol as a picture, black on white."""
    side = code.side + 2 * quiet
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(code.modules):
        for x, module in enumerate(row):
            if module == "1":
                image.putpixel((x + quiet, y + quiet), 0)
    return image.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


@settings(max_examples=25, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60),
    st.sampled_from(["M", "Q", "H"]),
)
def test_a_symbol_reads_back_as_its_text(text: str, level: Level) -> None:
    assert read(png(drawn(symbol(text, level)))) == [text]


def test_a_symbol_has_the_side_of_its_version_and_its_finder_patterns() -> None:
    code = symbol(ADDRESS)
    assert code.side == 17 + 4 * code.version
    assert {len(row) for row in code.modules} == {code.side}
    for row in (code.modules[0], code.modules[6]):
        assert row.startswith("1111111")
        assert row.endswith("1111111")
    assert code.modules[-1].startswith("1111111")


def test_the_same_text_gives_the_same_modules() -> None:
    assert symbol(ADDRESS) == symbol(ADDRESS)
    assert symbol(ADDRESS).modules != symbol(ADDRESS + "a").modules


def test_a_higher_level_never_takes_fewer_modules() -> None:
    sides = [symbol(ADDRESS, level).side for level in ("M", "Q", "H")]
    assert sides == sorted(sides)


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a text"):
        symbol("")


def test_a_text_beyond_the_largest_version_is_refused_with_its_length() -> None:
    with pytest.raises(ValueError, match="3000 bytes"):
        symbol("a" * 3000)


def test_a_leaflet_code_is_20_mm_and_its_quiet_zone_comes_on_top() -> None:
    # 25 modules in 20 mm are 0.8 mm each; four on both sides add 6.4 mm.
    assert size_mm(0.1, modules=25) == pytest.approx(26.4)


def test_a_code_is_a_tenth_of_the_distance_it_is_scanned_from() -> None:
    assert size_mm(1.5, modules=25) * 25 / 33 == pytest.approx(150, abs=0.01)


def test_a_dense_code_grows_until_its_modules_are_half_a_millimetre() -> None:
    modules = symbol(ADDRESS + "a" * 400).side
    assert modules * MODULE_MM > 20
    assert size_mm(0.1, modules=modules) == pytest.approx((modules + 8) * MODULE_MM)


def test_a_larger_minimum_is_kept() -> None:
    assert size_mm(0.1, minimum=40, modules=25) == pytest.approx(40 * 33 / 25)


def test_a_code_cropped_to_its_edge_is_read() -> None:
    assert read(png(drawn(symbol(ADDRESS), quiet=0))) == [ADDRESS]


def test_a_code_on_a_transparent_ground_is_read() -> None:
    gray = drawn(symbol(ADDRESS), quiet=0)
    clear = Image.new("RGBA", gray.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=gray.point(lambda value: 255 - value))
    assert read(png(clear)) == [ADDRESS]


def test_a_turned_code_in_a_photo_is_read() -> None:
    photo = Image.new("RGB", (900, 700), (214, 222, 230))
    code = drawn(symbol(ADDRESS, "H")).convert("RGB").rotate(11, expand=True, fillcolor=(255, 255, 255))
    photo.paste(code, (240, 180))
    assert read(photo) == [ADDRESS]


def test_two_codes_are_read_from_top_to_bottom() -> None:
    page = Image.new("L", (500, 900), 255)
    page.paste(drawn(symbol("lower")), (60, 500))
    page.paste(drawn(symbol("upper")), (180, 60))
    assert read(page) == ["upper", "lower"]


def test_a_picture_without_a_code_gives_nothing() -> None:
    assert read(Image.new("L", (200, 200), 255)) == []


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"not a picture", png(Image.new("L", (60, 60)))[:60]])
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        read(data)
