"""How a screen's loop will look: a GIF of its lamps, and for full colour the film that its player takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from generator.model.design import Screen
from generator.render.led_base import Slide
from generator.render.led_pictures import LIGHTS, coloured
from generator.typesetting.bitmap import Rgb
from generator.typesetting.motion import FPS, Shot, dissolve, gif, mp4, nearest_step
from generator.typesetting.pace import is_designed

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

GIF_WIDTH: Final = 960
"""Pixels that a preview is wide at most, if a lamp of three pixels allows it."""
GIF_SECONDS: Final = 20
"""After this a preview begins anew: it shows how the loop looks, not all of it."""
GIF_PAGES: Final = 4
"""Designed pages of a preview."""
PAGE_WIDTH: Final = 640
"""Pixels of a preview's page that are seen on a monitor without lamps."""
PAGE_COLOURS: Final = 128
DISSOLVE: Final = 8
"""Frames from one page of a film to the next: a third of a second, no flash."""
STEADY_FPS: Final = (25, 30, 50, 60)
"""Rates that every player knows."""

_NIGHT: Final[Rgb] = (11, 12, 16)
_UNLIT: Final[Rgb] = (38, 40, 46)
_FRAME: Final[Rgb] = (62, 66, 76)
# Palette of a preview: night, an unlit lamp, the rim of a lit one, a lit one, the frame.
_LIT, _RIM, _EDGE = 3, 2, 4


@dataclass(frozen=True, slots=True)
class Preview:
    """A GIF: its bytes, pixels, seconds, how many slides it shows, and its real speed in dots a second (0: none)."""

    data: bytes
    size: tuple[int, int]
    seconds: float
    slides: int
    speed: float


# --- the preview ------------------------------------------------------------------------------------------


def preview(slides: Sequence[Slide], screen: Screen) -> Preview:
    """The beginning of the loop: stills and at most one slogan that scrolls, for about ``GIF_SECONDS``."""
    if is_designed(screen):
        shown = list(slides[:GIF_PAGES])
        shots = [(_page(slide.image, screen), round(slide.seconds * 100)) for slide in shown]
        speed = 0.0
    else:
        shown = _first(slides)
        dots, ticks = nearest_step(next((slide.speed for slide in shown if slide.speed), 0) or 50)
        lamps = _Lamps(screen)
        shots = [shot for slide in shown for shot in lamps.shots(slide, dots, ticks)]
        speed = 100 * dots / ticks if any(slide.speed for slide in shown) else 0.0
    return Preview(gif(shots), shots[0][0].size, sum(ticks for _, ticks in shots) / 100, len(shown), speed)


def _first(slides: Sequence[Slide]) -> list[Slide]:
    """Stills in order and the first slogan that scrolls, until the time is up."""
    moving = next((slide for slide in slides if slide.speed), None)
    left = GIF_SECONDS - (moving.seconds if moving else 0)
    shown = [moving] if moving else []
    for slide in slides:
        if not slide.speed and left >= slide.seconds:
            shown.append(slide)
            left -= slide.seconds
    # A picture that stands is what is printed of a GIF, and what is seen before it moves.
    kept = sorted(shown, key=slides.index)
    return sorted(kept, key=lambda slide: slide.speed > 0) or list(slides[:1])


class _Lamps:
    """Draws dots as lamps, ``pitch`` pixels apart, in a frame one lamp thick."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.pitch = max(3, min(6, GIF_WIDTH // screen.width))
        self._palette = self._colours(LIGHTS[screen.colour])

    def shots(self, slide: Slide, dots: int, ticks: int) -> Iterator[tuple["Picture", int]]:
        """The slide's frames and their hundredths of a second."""
        width = self._screen.width
        if not slide.speed:
            yield self._framed(self._lit(slide.image)), round(slide.seconds * 100)
            return
        from PIL import Image

        strip = Image.new("1", (width + slide.image.width + width, slide.image.height))
        strip.paste(slide.image, (width, 0))
        lit = self._lit(strip)
        for at in range(0, width + slide.image.width, dots):
            left = at * self.pitch
            yield self._framed(lit.crop((left, 0, left + width * self.pitch, lit.height))), ticks

    def _lit(self, dots: "Picture") -> "Picture":
        """Lamps where ``dots`` (mode "1") are lit and where they are not, mode "P"."""
        from PIL import Image

        size = (dots.width * self.pitch, dots.height * self.pitch)
        picture = self._tiled(size, (0, 1, 1))
        # Lamps of three pixels leave no dark between them when lit, or they would look half as bright.
        lit = (_RIM, _LIT, _LIT) if self.pitch == 3 else (0, _RIM, _LIT)
        picture.paste(self._tiled(size, lit), mask=dots.resize(size, Image.Resampling.NEAREST))
        return picture

    def _tiled(self, size: tuple[int, int], inks: tuple[int, int, int]) -> "Picture":
        """A field of lamps: gap, rim, core."""
        from PIL import Image

        p = self.pitch
        corner = {0, p - 2}
        rows = [
            bytes(
                inks[0] if p - 1 in (x, y) else inks[1] if p > 3 and x in corner and y in corner else inks[2]
                for x in range(p)
            )
            for y in range(p)
        ]
        band = b"".join(row * (size[0] // p) for row in rows)
        picture = Image.frombytes("P", size, band * (size[1] // p))
        picture.putpalette(self._palette)
        return picture

    def _framed(self, picture: "Picture") -> "Picture":
        from PIL import Image

        p = self.pitch
        framed = Image.new("P", (picture.width + 2 * p, picture.height + 2 * p), _EDGE)
        framed.putpalette(self._palette)
        framed.paste(picture, (p, p))
        return framed

    @staticmethod
    def _colours(light: Rgb) -> list[int]:
        rim = tuple(round(night + (lamp - night) * 0.55) for night, lamp in zip(_NIGHT, light, strict=True))
        return [*_NIGHT, *_UNLIT, *rim, *light, *_FRAME]


def _page(image: "Picture", screen: Screen) -> "Picture":
    """A designed page: lamps of a small wall; a larger one and a monitor as they look from where they are read."""
    from PIL import Image

    times = GIF_WIDTH // screen.width
    if times >= 3 and screen.pitch >= 2:
        shown = _with_gaps(image, 3)
    else:
        scale = min(1.0, PAGE_WIDTH / max(image.size))
        shown = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    return shown.quantize(PAGE_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _with_gaps(image: "Picture", times: int) -> "Picture":
    """Every dot ``times`` pixels wide, the last of them the dim gap to the next lamp."""
    from PIL import Image

    size = (image.width * times, image.height * times)
    lit, last = bytes([255] * (times - 1) + [120]), bytes([120] * times)
    rows = lit * image.width * (times - 1) + last * image.width
    field = Image.frombytes("L", size, rows * image.height)
    lamps = image.resize(size, Image.Resampling.NEAREST)
    return Image.composite(lamps, Image.new("RGB", size, _NIGHT), field)


# --- the film ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Film:
    """An MP4: its bytes, its seconds, frames a second, and its real speed in dots a second (0: nothing moves)."""

    data: bytes
    seconds: float
    fps: int
    speed: float


def film(slides: Sequence[Slide], screen: Screen) -> Film:
    """The whole loop. Pages dissolve into each other; a strip moves whole dots a frame, so that it does not judder."""
    moving = next((slide.speed for slide in slides if slide.speed), 0.0)
    fps, dots = nearest_rate(moving) if moving else (FPS, 0)
    counts: list[int] = []

    def counted() -> Iterator[Shot]:
        # One after the other: all frames of a dissolve at once would fill the memory.
        for picture, count in _film_shots(slides, screen, fps, dots):
            counts.append(count)
            yield picture, count

    data = mp4(counted(), (screen.width, screen.height), fps)
    return Film(data, float(Fraction(sum(counts), fps)), fps, float(fps * dots))


def nearest_rate(speed: float) -> tuple[int, int]:
    """(frames a second, dots a frame) that come nearest to ``speed`` in dots a second at a rate players know."""
    ways = [(fps, dots) for fps in STEADY_FPS for dots in range(1, 9)]
    return min(ways, key=lambda way: (abs(way[0] * way[1] - speed), way[0]))


def _film_shots(slides: Sequence[Slide], screen: Screen, fps: int, dots: int) -> Iterator[Shot]:
    before = slides[-1]
    for slide in slides:
        if slide.speed:
            yield from _moved(slide, screen, dots)
        else:
            # The dissolve is part of the new page's time, so that the loop takes what the playbill says.
            steps = DISSOLVE if slide.image.mode == "RGB" else 0
            yield from dissolve(before.image, slide.image, steps)
            still = slide.image if slide.image.mode == "RGB" else coloured(slide.image, screen.colour)
            yield still, max(1, round(slide.seconds * fps) - steps)
        before = slide


def _moved(slide: Slide, screen: Screen, dots: int) -> Iterator[Shot]:
    from PIL import Image

    strip = Image.new("1", (2 * screen.width + slide.image.width, screen.height))
    strip.paste(slide.image, (screen.width, 0))
    whole = coloured(strip, screen.colour)
    for left in range(0, screen.width + slide.image.width, dots):
        yield whole.crop((left, 0, left + screen.width, screen.height)), 1
