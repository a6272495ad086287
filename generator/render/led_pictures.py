"""Slogans as pictures of exactly a screen's dots: a line that stands in the middle, or a strip that scrolls."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from generator.errors import Problem, error
from generator.model.design import Screen
from generator.render.base import Job, Json
from generator.render.led_base import SAMPLE_MARK, Slide, encoded
from generator.render.led_text import in_gbk, named
from generator.typesetting import pace
from generator.typesetting.bitmap import Face, Rgb, Unsuitable
from generator.typesetting.phrases import Breaker
from generator.typesetting.pinyin import ascii_name

if TYPE_CHECKING:
    from PIL.Image import Image as Dots

LIGHTS: Final[dict[str, Rgb]] = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "yellow": (255, 255, 0),
    "white": (255, 255, 255),
    "blue": (0, 0, 255),
}
# By Screen.colours. Blue on black has a contrast of 2.4:1: only a screen that has nothing else shows it.
USABLE: Final[dict[int, tuple[str, ...]]] = {
    1: tuple(LIGHTS),
    2: ("red", "green", "yellow"),
    3: ("red", "green", "yellow", "white"),
}
_DUAL_PALETTE: Final = ("black", *USABLE[2])
_PACKED: Final = 3
"""Of 9: beyond, pages take half as long again for a tenth less."""
_STRIP_STEP: Final = 16  # control cards take picture widths in multiples of 16
_CLAUSE: Final = re.compile(r"[^，。；！？、\s]+[，。；！？、\s]*|[，。；！？、\s]+")


def usb_name(number: int, text: str, ending: str) -> str:
    """``03_beipianbieyouyu.bmp``: letters and digits alone, since control cards lose Chinese file names."""
    spelt = ascii_name(text)
    return f"{number:02d}_{spelt}.{ending}" if spelt else f"{number:02d}.{ending}"


def check_profile(screen: Screen) -> None:
    """Unsuitable says what of the profile cannot be drawn."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", screen.id):
        raise Unsuitable("编号会成为U盘上的文件夹名，只能用英文字母、数字、点、短横")
    usable = USABLE[screen.colours]
    if screen.colour not in usable:
        raise Unsuitable(f"颜色 colour 只能写 {'、'.join(usable)}，不能写 {screen.colour}")
    if screen.cell > screen.height:
        raise Unsuitable(f"字高 {screen.cell} 点，屏只有 {screen.height} 点高")


def glyph_problems(job: Job, screen: Screen, typeface: Face) -> Iterator[Problem]:
    """Slogans with a character that the screen's typeface cannot draw."""
    for index, item in enumerate(job.data["playlist"]):
        text = str(item["text"])
        if lost := "".join(char for char in typeface.missing(text) if in_gbk(char)):
            message = f"LED标语“{text}”里的{named(lost)}，屏幕“{screen.name}”的字体里没有：请换成别的写法"
            yield error("led-glyph-missing", message, job.origins.get(f"playlist/{index}"), piece=job.name)


def slides(job: Job, screen: Screen, playlist: Sequence[Json], typeface: Face) -> Iterator[Slide]:
    """Every slogan on this screen; a sample says so in each picture."""
    # Needed only where a slogan takes more than one line; a glossary keeps its words whole.
    breaker = Breaker(job.data.get("glossary", ()))
    mark = SAMPLE_MARK if job.data["sample"] else ""
    ending = "png" if screen.colours == 3 else "bmp"
    number = 0
    for item in playlist:
        text = mark + str(item["text"])
        for lines in _ways(text, screen, typeface, breaker):
            number += 1
            shown = "".join(lines)
            if lines[1:] or typeface.width(shown) <= screen.width:
                image, speed, seconds = _still(lines, screen, typeface), 0.0, pace.dwell(shown, screen.roadside)
            else:
                image, speed = _strip(shown, screen, typeface), pace.speed(screen)
                seconds = pace.pass_seconds(screen, image.width)
            name = usb_name(number, shown.removeprefix(mark), ending)
            yield Slide(name, str(item["id"]), shown, image, speed, seconds, str(item.get("until", "")))


def _ways(text: str, screen: Screen, typeface: Face, breaker: Breaker) -> Iterator[list[str]]:
    """The lines of each picture: all at once if they fit; else one line that scrolls, or several beside a road."""
    lines = _standing(text, screen, typeface, breaker)
    if lines or not screen.roadside:
        yield lines or [text]
        return
    parts = _filled(_CLAUSE.findall(text), screen, typeface, breaker)
    if any(typeface.width(part) > screen.width for part in parts):
        raise Unsuitable(f"“{text}”分几屏也放不下，这块屏又不滚动：请给它写一个更短的“短句”")
    yield from ([part] for part in parts)


def _filled(pieces: Sequence[str], screen: Screen, typeface: Face, breaker: Breaker) -> list[str]:
    """Clauses put together while they fit the screen; one that does not by itself is cut between its phrases."""
    parts: list[str] = []
    for piece in pieces:
        inner = breaker.phrases(piece) if typeface.width(piece) > screen.width else (piece,)
        for text in _filled(inner, screen, typeface, breaker) if len(inner) > 1 else inner:
            if parts and typeface.width((parts[-1] + text).strip()) <= screen.width:
                parts[-1] += text
            else:
                parts.append(text)
    return [part.strip() for part in parts]


def _standing(text: str, screen: Screen, typeface: Face, breaker: Breaker) -> list[str]:
    """The fewest lines in which all of ``text`` stands on the screen at once; none if it must scroll."""
    if typeface.width(text) <= screen.width:
        return [text]
    rows = screen.height // screen.cell
    ways = breaker.lines(text, rows)[1:] if rows > 1 else []
    for lines in ([line.strip() for line in way] for way in ways):
        if all(typeface.width(line) <= screen.width for line in lines):
            return lines
    return []


def _still(lines: Sequence[str], screen: Screen, typeface: Face) -> "Dots":
    """Lines centred on exactly the screen's dots, up to half a cell apart."""
    from PIL import Image

    image = Image.new("1", (screen.width, screen.height))
    spare = screen.height - len(lines) * screen.cell
    leading = min(screen.cell // 2, spare // (len(lines) + 1))
    top = (spare - leading * (len(lines) - 1)) // 2
    for line in map(typeface.draw, lines):
        image.paste(line, ((screen.width - line.width) // 2, top))
        top += screen.cell + leading
    return image


def _strip(text: str, screen: Screen, typeface: Face) -> "Dots":
    """One long line; the software adds the empty screen before and after it."""
    from PIL import Image

    line = typeface.draw(text)
    image = Image.new("1", (math.ceil(line.width / _STRIP_STEP) * _STRIP_STEP, screen.height))
    image.paste(line, (0, (screen.height - screen.cell) // 2))
    return image


def coloured(image: "Dots", colour: str) -> "Dots":
    """Lit dots in the light's colour on black, mode "RGB"."""
    from PIL import Image

    picture = Image.new("RGB", image.size)
    picture.paste(LIGHTS[colour], mask=image)
    return picture


def picture_file(image: "Dots", screen: Screen) -> bytes:
    """As the screen's control card takes it: BMP of 1 bit, BMP of four colours, or PNG in full colour."""
    from PIL import Image

    if image.mode == "RGB":
        # Typst's own PNG has an alpha channel, which not every card's software takes.
        return encoded(image, "PNG", compress_level=_PACKED)
    if screen.colours == 1:
        return encoded(image, "BMP")
    if screen.colours == 3:
        return encoded(coloured(image, screen.colour), "PNG")
    indexed = Image.new("P", image.size)
    indexed.putpalette([0, 0, 0, *(value for name in _DUAL_PALETTE[1:] for value in LIGHTS[name])])
    indexed.paste(_DUAL_PALETTE.index(screen.colour), mask=image)
    return encoded(indexed, "BMP")
