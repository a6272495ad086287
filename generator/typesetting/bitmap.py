"""Characters as lit and dark dots, and dots as a picture of an LED screen.

Two typefaces: GNU Unifont, drawn by hand on 16 dots and enlarged by whole numbers only, and Noto Sans SC for cells
of 24 dots and more, put on the grid by FreeType's autohinter and a threshold. Judged by eye at 1:1: below 40 dots
Bold clogs 骗, 警 and 服, so Regular is taken, with a threshold that gives its strokes two dots; from 40 dots Bold.
Pillow is imported when the first glyph is drawn.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.typesetting.glyphs import coverage

if TYPE_CHECKING:
    from PIL.Image import Image as Dots

UNIFONT: Final = "15.0.01"
"""Release of GNU Unifont that ``fonts/unifont-16.hex`` is taken from; part of every LED job's key."""

_UNIFONT_FILE: Final = "fonts/unifont-16.hex"
_UNIFONT_CELL: Final = 16
_SANS_FILES: Final = ("fonts/NotoSansSC_400Regular.ttf", "fonts/NotoSansSC_700Bold.ttf")
_SANS_LEAST_CELL: Final = 24
_SANS_BOLD_FROM: Final = 40
_SANS_LIT_FROM: Final = (110, 128)
"""Of 255: how much of a dot a stroke must cover for the dot to be lit, in Regular and in Bold."""
# The ideographic em box of Noto Sans SC stands 0.88 em above the baseline and 0.12 em below it.
_SANS_ASCENT: Final = 0.88


class Unsuitable(ValueError):
    """A screen profile that cannot be drawn; the message says in Chinese what it must be instead."""


class Face:
    """A typeface on a dot grid. Every glyph is ``cell`` dots high; 1 is lit, 0 is dark."""

    def __init__(self, cell: int, glyph: "Callable[[str], Dots | None]") -> None:
        self.cell = cell
        self._glyph = cache(glyph)

    def missing(self, text: str) -> str:
        """The characters of ``text`` that have no glyph, once each, in order."""
        return "".join(char for char in dict.fromkeys(text) if self._glyph(char) is None)

    def width(self, text: str) -> int:
        """Width of ``text`` in dots; KeyError names a character that has no glyph."""
        return sum(self.glyph(char).width for char in text)

    def glyph(self, char: str) -> "Dots":
        """One character, mode "1", its advance wide and ``cell`` high; KeyError when there is none."""
        glyph = self._glyph(char)
        if glyph is None:
            raise KeyError(char)
        return glyph

    def draw(self, text: str) -> "Dots":
        """``text`` on one line, mode "1", exactly as wide as its glyphs together."""
        from PIL import Image

        line = Image.new("1", (self.width(text), self.cell))
        left = 0
        for char in text:
            glyph = self.glyph(char)
            line.paste(glyph, (left, 0))
            left += glyph.width
        return line


@lru_cache(maxsize=8)
def face(font: str, cell: int, root: Path) -> Face:
    """The typeface of a screen profile (``unifont`` or ``sans``) for cells of ``cell`` dots.

    Raises Unsuitable when it is not legible at that height.
    """
    if font == "unifont":
        if cell % _UNIFONT_CELL:
            raise Unsuitable(f"点阵字体 unifont 的字高只能是 16 的整数倍，不能是 {cell}")
        return Face(cell, _unifont(root / _UNIFONT_FILE, cell // _UNIFONT_CELL))
    if cell < _SANS_LEAST_CELL:
        raise Unsuitable(f"黑体 sans 的字高至少 {_SANS_LEAST_CELL} 点，{cell} 点请用 unifont")
    return Face(cell, _sans(root, cell))


def _unifont(path: Path, scale: int) -> "Callable[[str], Dots | None]":
    """Glyphs from ``CODE:ROWS`` lines: 16 rows of 8 or 16 dots in hexadecimal, the highest bit left."""
    from PIL import Image

    rows_of = dict(line.split(":") for line in path.read_text(encoding="ascii").splitlines())

    def glyph(char: str) -> "Dots | None":
        rows = rows_of.get(f"{ord(char):04X}")
        if rows is None:
            return None
        width = len(rows) * 4 // _UNIFONT_CELL
        drawn = Image.frombytes("1", (width, _UNIFONT_CELL), bytes.fromhex(rows))
        return drawn.resize((width * scale, _UNIFONT_CELL * scale), Image.Resampling.NEAREST)

    return glyph


def _sans(root: Path, cell: int) -> "Callable[[str], Dots | None]":
    """Glyphs of an outline font, one em being ``cell`` dots; a dot is lit or not, there are no greys."""
    from PIL import Image, ImageDraw, ImageFont

    bold = cell >= _SANS_BOLD_FROM
    path, least = root / _SANS_FILES[bold], _SANS_LIT_FROM[bold]
    covered = coverage(path.parent, "Noto Sans SC")
    font = ImageFont.truetype(str(path), cell, layout_engine=ImageFont.Layout.BASIC)
    baseline = round(cell * _SANS_ASCENT)

    def glyph(char: str) -> "Dots | None":
        if ord(char) not in covered:
            return None
        grey = Image.new("L", (round(font.getlength(char)), cell))
        # A descender (g, y) is longer than the em box: the letter moves up rather than lose its tail.
        overhang = max(0, baseline + int(font.getbbox(char, anchor="ls")[3]) - cell)
        ImageDraw.Draw(grey).text((0, baseline - overhang), char, fill=255, font=font, anchor="ls")
        return grey.point(lambda cover: 255 if cover >= least else 0).convert("1", dither=Image.Dither.NONE)

    return glyph


Rgb = tuple[int, int, int]

_NIGHT: Final[Rgb] = (11, 12, 16)
_FRAME: Final[Rgb] = (62, 66, 76)
# Palette indices 0 to this are a ramp from night to the light's colour; the next one is the frame.
_BRIGHTEST: Final = 250
_PICTURE_WIDTH: Final = 1500
_PICTURE_HEIGHT: Final = 1600


def screen_picture(strips: "Sequence[Dots]", width: int, light: Rgb) -> "Dots":
    """How the first of ``strips`` (mode "1", one height) look on a screen of ``width`` dots, in a column.

    A strip longer than the screen stands out of its frame to the right, dimmed: it has yet to come in.
    At most six, fewer if the picture grew higher than 1600 px; mode "P".
    """
    from PIL import Image

    # A lamp of less than three pixels is no longer seen as a lamp.
    pitch = max(3, min(5, _PICTURE_WIDTH // max(strip.width for strip in strips)))
    step = (strips[0].height + 6) * pitch
    shown = strips[: max(1, min(6, _PICTURE_HEIGHT // step))]
    right = max(width, *(strip.width for strip in shown))
    picture = Image.new("P", ((right + 8) * pitch, len(shown) * step + 2 * pitch))
    picture.putpalette(_ramp(light))
    for index, strip in enumerate(shown):
        at = (4 * pitch, index * step + 4 * pitch)
        _hang(picture, _as_leds(strip, width, pitch), at, width * pitch, pitch)
    return picture


def _hang(picture: "Dots", leds: "Dots", at: tuple[int, int], width: int, frame: int) -> None:
    """One screen of ``width`` px in a ``frame`` px thick frame, its top left dot at ``at``."""
    from PIL import ImageDraw

    left, top = at
    picture.paste(leds, at)
    box = (left - frame, top - frame, left + width + frame - 1, top + leds.height + frame - 1)
    ImageDraw.Draw(picture).rectangle(box, outline=_BRIGHTEST + 1, width=frame)


def _as_leds(strip: "Dots", width: int, pitch: int) -> "Dots":
    """Brightness (mode "L", 0 to 250) of the strip's dots, ``pitch`` px apart, and the glow of lit ones."""
    from PIL import Image, ImageChops, ImageFilter

    long = max(width, strip.width)
    lit = Image.new("1", (long, strip.height))
    lit.paste(strip)
    size = (long * pitch, strip.height * pitch)
    dots = _dots(size, pitch)
    lamps = ImageChops.multiply(lit.convert("L").resize(size, Image.Resampling.NEAREST), dots)
    glow = lamps.filter(ImageFilter.GaussianBlur(pitch * 0.7))
    lamps = ImageChops.add(lamps, _dimmed(glow, 60))
    screen = (0, 0, width * pitch, size[1])
    light = _dimmed(lamps, 30)
    light.paste(ImageChops.lighter(lamps, _dimmed(dots, 11)).crop(screen), screen)
    return light.point([value * _BRIGHTEST // 255 for value in range(256)])


def _dimmed(light: "Dots", percent: int) -> "Dots":
    return light.point([value * percent // 100 for value in range(256)])


def _dots(size: tuple[int, int], pitch: int) -> "Dots":
    """A field of round lamps, mode "L"."""
    from PIL import Image, ImageDraw

    lamp = Image.new("L", (pitch * 8, pitch * 8))
    ImageDraw.Draw(lamp).ellipse((pitch, pitch, pitch * 7 - 1, pitch * 7 - 1), fill=255)
    lamp = lamp.resize((pitch, pitch), Image.Resampling.BOX)
    row = Image.new("L", (size[0], pitch))
    for left in range(0, size[0], pitch):
        row.paste(lamp, (left, 0))
    field = Image.new("L", size)
    for top in range(0, size[1], pitch):
        field.paste(row, (0, top))
    return field


def _ramp(light: Rgb) -> list[int]:
    """Palette: night to the light's colour, its last sixth to a hot core; then the frame."""
    colours: list[int] = []
    for index in range(_BRIGHTEST + 1):
        strength = min(1.0, index / _BRIGHTEST * 1.2)
        heat = max(0.0, index / _BRIGHTEST - 5 / 6) * 6 * 0.35
        mixed = (night + (lamp - night) * strength for night, lamp in zip(_NIGHT, light, strict=True))
        colours += [round(value + (255 - value) * heat) for value in mixed]
    return [*colours, *_FRAME]
