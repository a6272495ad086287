"""LED screens: the slogans as text that every vendor's software reads, and as pictures of exactly its dots.

Text comes as UTF-8 and GBK lines and as RTF. Pictures come one a slogan: it stands still, centred, where it
fits; else it is one long strip for 连续左移. Nothing flashes. The reading times are rules of thumb from
studies of train and road signs: 3 characters a second scrolling, 1 s + n/3 s (at least 3 s) standing.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem, Span, error, warning
from generator.model.content import Use
from generator.model.design import Screen
from generator.render.base import Artifact, Job, Rendered, Renderer
from generator.render.base import Use as Delivery
from generator.typesetting.bitmap import UNIFONT, Face, Rgb, Unsuitable, face, screen_picture
from generator.typesetting.phrases import Breaker
from generator.typesetting.slogans import LIMITS, length

if TYPE_CHECKING:
    from PIL.Image import Image as Dots

SAMPLE_LINE: Final = "【样张 请勿上屏】"
SAMPLE_MARK: Final = "【样张】"

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
_STRIP_STEP: Final = 16  # control cards take picture widths in multiples of 16


@dataclass(frozen=True, slots=True)
class Slide:
    """One slogan as a picture. ``speed`` in dots a second, 0 when it stands still; ``seconds`` it takes."""

    file: str
    item: str
    text: str
    image: "Dots"
    speed: float
    seconds: float


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """The playlist in each of the job's formats; a character that a screen cannot show withholds them all."""
    rendered = Rendered(job)
    screens = [Screen.model_validate(screen) for screen in job.data["screens"]]
    rendered.problems += _playlist_problems(job)
    faces: dict[str, Face] = {}
    if "strip" in job.formats:
        faces, problems = _faces(job, screens, root)
        rendered.problems += problems
    if not rendered.failed:
        files = _Files(job, workspace)
        for name in job.formats:
            if name == "strip":
                for screen in screens:
                    files.add_screen(screen, faces[screen.id])
            else:
                files.add_text(name, screens)
        rendered.artifacts += files.made
    return rendered


class _Files:
    """Writes the job's files into the workspace and keeps their artifacts in delivery order."""

    def __init__(self, job: Job, workspace: Path) -> None:
        self.made: list[Artifact] = []
        self._job = job
        self._workspace = workspace

    def add_text(self, format_name: str, screens: Sequence[Screen]) -> None:
        """The slogans one a line, in one of ``_TEXTS``."""
        name, title, encode = _TEXTS[format_name]
        marks = [SAMPLE_LINE] if self._job.data["sample"] else []
        lines = [*marks, *_slogans(self._job)]
        cell = screens[0].cell if screens else 16
        preview = _preview(screens[0]) if "strip" in self._job.formats else None
        data = encode(lines, cell)
        self._add(name.format(stem=self._job.stem), data, format_name, "text", title, lines, preview=preview)

    def add_screen(self, screen: Screen, typeface: Face) -> None:
        """A folder of pictures that can be copied as it is, and beside it their playbill and preview."""
        slides = list(_slides(self._job, screen, typeface))
        preview = _preview(screen)
        for slide in slides:
            self._add_slide(slide, screen)
        texts = [slide.text for slide in slides]
        bill = _playbill(slides, screen, self._job)
        title = f"播放表（{screen.name}）"
        self._add(f"LED/播放表_{screen.id}.txt", bill, "strip", "text", title, texts, preview=preview)
        picture = screen_picture([slide.image for slide in slides], screen.width, LIGHTS[screen.colour])
        title, size = f"屏幕预览（{screen.name}）", picture.size
        data = _encoded(picture, "PNG")
        self._add(preview, data, "preview", "led", title, texts, preview=preview, pixels=size)

    def _add_slide(self, slide: Slide, screen: Screen) -> None:
        name = f"LED/{screen.id}/{slide.file}"
        title = f"{self._job.title} {slide.file}（{screen.name}）"
        data = _picture(slide.image, screen)
        more = {"content": (slide.item,), "pixels": slide.image.size, "preview": _preview(screen)}
        self._add(name, data, "strip", "led", title, [slide.text], **more)

    def _add(
        self, name: str, data: bytes, form: str, use: Delivery, title: str, text: Sequence[str], **more: Any
    ) -> None:
        path = self._workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        job = self._job
        known: dict[str, Any] = {"content": job.content, "key": job.key, "text": tuple(text)}
        self.made.append(Artifact(path, name, job.material, form, use, title, job.name, **known | more))


def _preview(screen: Screen) -> str:
    return f"LED/预览_{screen.id}.png"


def _slogans(job: Job) -> list[str]:
    return [str(item["text"]) for item in job.data["playlist"]]


# --- before anything is made ------------------------------------------------------------------------------


def _playlist_problems(job: Job) -> list[Problem]:
    """Characters that the screens' software cannot read (error) or older control cards lack (warning)."""
    texts = _slogans(job)
    if not texts:
        message = f"没有一条标语可以上屏：请在标语里写几条 {LIMITS[Use.LED]} 个字以内的"
        return [error("led-empty", message, piece=job.name)]
    found = []
    for index, text in enumerate(texts):
        span = job.origins.get(f"playlist/{index}")
        if outside := _distinct(text, lambda char: not _in_gbk(char)):
            found.append(_outside_gbk(text, outside, span, job.name))
        elif rare := _distinct(text, lambda char: not _in_gb2312(char)):
            message = (
                f"LED标语“{text}”里的{_named(rare)}不在 GB2312 字库里，老的控制卡用文字上屏会空白或变成“?”："
                "请用图片上屏，或换个字"
            )
            found.append(warning("led-rare-character", message, span, piece=job.name))
    return found


def _outside_gbk(text: str, outside: str, span: Span | None, piece: str) -> Problem:
    message = f"LED标语“{text}”里的{_named(outside)}不在 GBK 字符集里，显示屏软件认不出：请换成别的写法"
    # Compatibility forms (a no-break space, ｶ, ㎎) have a plain twin to suggest; other characters have none.
    plain = "".join(unicodedata.normalize("NFKC", char) if char in outside else char for char in text)
    fix = plain if all(map(_in_gbk, plain)) else ""
    return error("led-outside-gbk", message, span, fix=fix, piece=piece)


def _distinct(text: str, wanted: Callable[[str], bool]) -> str:
    return "".join(filter(wanted, dict.fromkeys(text)))


def _named(chars: str) -> str:
    """“é”（U+00E9）、… : the code too, since some characters cannot be seen or told apart."""
    return "、".join(f"“{char if char.isprintable() else ' '}”（U+{ord(char):04X}）" for char in chars)


def _in_gbk(char: str) -> bool:
    try:
        return len(char.encode("gbk")) > 1 or char.isprintable()
    except UnicodeEncodeError:
        return False


def _in_gb2312(char: str) -> bool:
    # By its GBK bytes: at A1A4 and A1AA Python's gb2312 codec has ・ and ―, where all others have · and —.
    try:
        return bool(char.encode("gbk").decode("gb2312"))
    except UnicodeDecodeError:
        return False


def _faces(job: Job, screens: Sequence[Screen], root: Path) -> tuple[dict[str, Face], list[Problem]]:
    """The typeface of every screen by its id, with what is wrong with the profiles or cannot be drawn."""
    faces: dict[str, Face] = {}
    problems = []
    if not screens:
        problems.append(error("led-screen", "没有指定显示屏：请在物料目录里写 screens", piece=job.name))
    for screen in screens:
        try:
            faces[screen.id] = _face(screen, root)
        except Unsuitable as unsuitable:
            span = job.origins.get(f"screens/{screen.id}")
            message = f"屏幕 {screen.id}（templates/led/screens）：{unsuitable}"
            problems.append(error("led-screen", message, span, piece=job.name))
        else:
            problems += _glyph_problems(job, screen, faces[screen.id])
    return faces, problems


def _face(screen: Screen, root: Path) -> Face:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", screen.id):
        raise Unsuitable("编号会成为U盘上的文件夹名，只能用英文字母、数字、点、短横")
    usable = USABLE[screen.colours]
    if screen.colour not in usable:
        raise Unsuitable(f"颜色 colour 只能写 {'、'.join(usable)}，不能写 {screen.colour}")
    if screen.cell > screen.height:
        raise Unsuitable(f"字高 {screen.cell} 点，屏只有 {screen.height} 点高")
    return face(screen.font, screen.cell, root)


def _glyph_problems(job: Job, screen: Screen, typeface: Face) -> Iterator[Problem]:
    for index, text in enumerate(_slogans(job)):
        if lost := "".join(char for char in typeface.missing(text) if _in_gbk(char)):
            message = f"LED标语“{text}”里的{_named(lost)}，屏幕“{screen.name}”的字体里没有：请换成别的写法"
            span = job.origins.get(f"playlist/{index}")
            yield error("led-glyph-missing", message, span, piece=job.name)


# --- text -------------------------------------------------------------------------------------------------


def _joined(lines: Sequence[str]) -> str:
    # No line end after the last slogan: some software shows it as one more, empty, slogan.
    return "\r\n".join(lines)


def _utf8(lines: Sequence[str], cell: int) -> bytes:
    return _joined(lines).encode("utf-8-sig")


def _gbk(lines: Sequence[str], cell: int) -> bytes:
    return _joined(lines).encode("gbk")


def rtf(lines: Sequence[str], cell: int) -> bytes:
    """One paragraph a line, in ASCII alone, so that no program can mistake its encoding.

    宋体 has hand-drawn bitmaps up to 16 dots; above, 黑体 is read from further. A dot on a 96 dpi desktop
    is 1.5 half-points. Red, since it is lit on every screen; black is what is off.
    """
    font = 0 if cell < 24 else 1
    head = (
        r"{\rtf1\ansi\ansicpg936\deff0\uc1"
        r"{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fnil\fcharset134 \'ba\'da\'cc\'e5;}}"
        r"{\colortbl;\red255\green0\blue0;}" + "\r\n"
    )
    body = "\\par\r\n".join(map(_rtf_text, lines))
    return f"{head}\\pard\\f{font}\\fs{round(cell * 1.5)}\\cf1 {body}}}".encode("ascii")


def _rtf_text(text: str) -> str:
    r"""Printable ASCII as it is, ``\ { }`` escaped, all else as ``\uN?`` with N a signed UTF-16 unit."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(_rtf_unit(low | high << 8) for low, high in zip(raw[::2], raw[1::2], strict=True))


def _rtf_unit(unit: int) -> str:
    if 0x20 <= unit < 0x7F:
        return f"\\{chr(unit)}" if chr(unit) in "\\{}" else chr(unit)
    return f"\\u{unit - 0x10000 if unit > 0x7FFF else unit}?"


_TEXTS: Final[dict[str, tuple[str, str, Callable[[Sequence[str], int], bytes]]]] = {
    "text": ("LED/{stem}_复制用.txt", "标语文字（打开复制）", _utf8),
    "gbk": ("LED/文本文件/{stem}_GBK.txt", "标语文字（GBK，导入用）", _gbk),
    "utf8": ("LED/文本文件/{stem}_UTF8.txt", "标语文字（UTF-8，导入用）", _utf8),
    "rtf": ("LED/文本文件/{stem}.rtf", "标语文字（RTF，导入用）", rtf),
}


# --- pictures ---------------------------------------------------------------------------------------------


def _slides(job: Job, screen: Screen, typeface: Face) -> Iterator[Slide]:
    """Every slogan on this screen; a sample says so in each picture."""
    # Needed only where a slogan takes more than one line; a glossary keeps its words whole.
    breaker = Breaker(job.data.get("glossary", ()))
    mark = SAMPLE_MARK if job.data["sample"] else ""
    ending = "png" if screen.colours == 3 else "bmp"
    for number, item in enumerate(job.data["playlist"], 1):
        # Letters and digits alone: control cards lose Chinese file names.
        file, text = f"{number:02d}.{ending}", mark + str(item["text"])
        lines = _standing(text, screen, typeface, breaker)
        if lines:
            image, speed, seconds = _still(lines, screen, typeface), 0.0, dwell(text)
        else:
            image, speed = _strip(text, screen, typeface), screen.cps * screen.cell
            seconds = (screen.width + image.width) / speed
        yield Slide(file, str(item["id"]), text, image, speed, seconds)


def dwell(text: str) -> float:
    """Seconds that a standing slogan is shown: 1 s and 1/3 s a character, at least 3 s; in half seconds."""
    return max(3.0, math.ceil(2 + length(text) * 2 / 3) / 2)


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


def _picture(image: "Dots", screen: Screen) -> bytes:
    """As the screen's control card takes it: BMP of 1 bit, BMP of four colours, or PNG in full colour."""
    from PIL import Image

    if screen.colours == 1:
        return _encoded(image, "BMP")
    if screen.colours == 3:
        coloured = Image.new("RGB", image.size)
        coloured.paste(LIGHTS[screen.colour], mask=image)
        return _encoded(coloured, "PNG")
    indexed = Image.new("P", image.size)
    indexed.putpalette([0, 0, 0, *(value for name in _DUAL_PALETTE[1:] for value in LIGHTS[name])])
    indexed.paste(_DUAL_PALETTE.index(screen.colour), mask=image)
    return _encoded(indexed, "BMP")


def _encoded(image: "Dots", file_format: str) -> bytes:
    data = BytesIO()
    image.save(data, file_format)
    return data.getvalue()


def _playbill(slides: Sequence[Slide], screen: Screen, job: Job) -> bytes:
    """What to enter in the screen's software, a row a picture; columns line up in a fixed-width font."""
    a_row = screen.width // screen.cell
    rows = screen.height // screen.cell
    holds = f"一屏 {rows} 行，每行 {a_row} 个字" if rows > 1 else f"一屏 {a_row} 个字"
    lines = [SAMPLE_LINE] if job.data["sample"] else []
    lines += [
        f"播放表：{screen.name}",
        f"宽 {screen.width} 点，高 {screen.height} 点，{holds}。版本 {job.data['date']}",
        "",
        f"1. 图片在旁边的文件夹 {screen.id}，一条标语一张，点对点，不要缩放；亮的点就是要亮的灯。",
        "2. 静止的：放在屏中间不动，停留时间照下表。滚动的：特技选“连续左移”（有的软件叫“向左连移”）。",
        "3. 各家软件的速度分档不同：用手表对一遍的时间，差不多就行。不要用闪烁。",
        "4. 上屏前按本单位规定审批，播过的内容存档备查。",
        "",
        "序号  文件    播放方式  时间           速度           标语",
    ]
    lines += [_row(number, slide) for number, slide in enumerate(slides, 1)]
    return _utf8(lines, screen.cell)


def _row(number: int, slide: Slide) -> str:
    name = f"{number:>3}   {slide.file}"
    if slide.speed:
        how, time = "连续左移", f"一遍 {slide.seconds:>4.1f} 秒"
    else:
        how, time = "静　　止", f"停留 {slide.seconds:>4.1f} 秒"
    speed = f"每秒 {slide.speed:>3.0f} 点" if slide.speed else " " * 11
    return f"{name}  {how}  {time}   {speed}    {slide.text}"


def engines() -> str:
    """What changes the bytes of these files besides their data."""
    return f"pillow {version('pillow')}, unifont {UNIFONT}"


RENDERER: Final = Renderer("led", ("text", "gbk", "utf8", "rtf", "strip"), render, engines)
