"""The slogans as text that every vendor's software reads: to copy, GBK, UTF-8, RTF and one line; and the play log."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from generator.errors import Problem, Span, error, warning
from generator.model.content import Use
from generator.render.base import Job, Json
from generator.render.led_base import SAMPLE_LINE, Files
from generator.typesetting.slogans import LIMITS
from generator.workbooks import Book, Column

BETWEEN: Final = "　　　　"
"""Between the slogans of a single line that scrolls without end: four squares of nothing."""


def slogans_of(job: Job) -> list[str]:
    """The playlist's texts in order."""
    return [str(item["text"]) for item in job.data["playlist"]]


def add_texts(job: Job, files: Files) -> None:
    """Every text file that the job's formats name, and the play log."""
    cell = job.data["screens"][0]["cell"] if job.data["screens"] else 16
    marks = [SAMPLE_LINE] if job.data["sample"] else []
    lines = [*marks, *slogans_of(job)]
    for name in job.formats:
        if name in _TEXTS:
            path, title, encode = _TEXTS[name]
            files.add(path.format(stem=job.stem), encode(lines, cell), name, "text", title, lines)
    if "log" in job.formats:
        files.add("LED/播放登记表.xlsx", _log(job), "xlsx", "text", "播放登记表", lines)


# --- before anything is made ------------------------------------------------------------------------------


def playlist_problems(job: Job) -> Iterator[Problem]:
    """Characters that the screens' software cannot read (error) or older control cards lack (warning)."""
    texts = slogans_of(job)
    if not texts:
        message = f"没有一条标语可以上屏：请在标语里写几条 {LIMITS[Use.LED]} 个字以内的"
        yield error("led-empty", message, piece=job.name)
    for index, text in enumerate(texts):
        span = job.origins.get(f"playlist/{index}")
        if outside := outside_gbk(text):
            yield _outside_gbk(text, outside, span, job.name)
        elif rare := _distinct(text, lambda char: not _in_gb2312(char)):
            message = (
                f"LED标语“{text}”里的{named(rare)}不在 GB2312 字库里，老的控制卡用文字上屏会空白或变成“?”："
                "请用图片上屏，或换个字"
            )
            yield warning("led-rare-character", message, span, piece=job.name)


def outside_gbk(text: str) -> str:
    """The characters of ``text``, once each, that the screens' software cannot read."""
    return _distinct(text, lambda char: not in_gbk(char))


def _outside_gbk(text: str, outside: str, span: Span | None, piece: str) -> Problem:
    message = (
        f"LED标语“{text}”里的{named(outside)}不在 GBK 字符集里，显示屏软件认不出，标语文字没有做，各屏也不播这一条："
        "请换成别的写法"
    )
    # Compatibility forms (a no-break space, ｶ, ㎎) have a plain twin to suggest; other characters have none.
    plain = "".join(unicodedata.normalize("NFKC", char) if char in outside else char for char in text)
    fix = plain if all(map(in_gbk, plain)) else ""
    return error("led-outside-gbk", message, span, fix=fix, piece=piece)


def _distinct(text: str, wanted: Callable[[str], bool]) -> str:
    return "".join(filter(wanted, dict.fromkeys(text)))


def named(chars: str) -> str:
    """“é”（U+00E9）、… : the code too, since some characters cannot be seen or told apart."""
    return "、".join(f"“{char if char.isprintable() else ' '}”（U+{ord(char):04X}）" for char in chars)


def in_gbk(char: str) -> bool:
    """Whether GBK has the character and it can be seen."""
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


# --- text -------------------------------------------------------------------------------------------------


def joined(lines: Sequence[str]) -> str:
    """Lines as Windows ends them; none after the last, which some software shows as one more, empty, slogan."""
    return "\r\n".join(lines)


def utf8(lines: Sequence[str], cell: int = 16) -> bytes:
    """Lines as UTF-8 with its mark, without which old Windows programs take them for GBK."""
    return joined(lines).encode("utf-8-sig")


def _gbk(lines: Sequence[str], cell: int) -> bytes:
    return joined(lines).encode("gbk")


def _one_line(lines: Sequence[str], cell: int) -> bytes:
    return BETWEEN.join(lines).encode("gbk")


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
    "text": ("LED/{stem}_复制用.txt", "标语文字（打开复制）", utf8),
    "gbk": ("LED/文本文件/{stem}_GBK.txt", "标语文字（GBK，导入用）", _gbk),
    "utf8": ("LED/文本文件/{stem}_UTF8.txt", "标语文字（UTF-8，导入用）", utf8),
    "rtf": ("LED/文本文件/{stem}.rtf", "标语文字（RTF，导入用）", rtf),
    "line": ("LED/文本文件/{stem}_连成一行_GBK.txt", "标语文字（连成一行，滚动不断）", _one_line),
}

# --- the log ----------------------------------------------------------------------------------------------

LOG: Final = (
    Column("序号", 6, "whole", align="center"),
    Column("屏幕", 22),
    Column("标语", 40),
    Column("上屏日期", 12, "day", align="center"),
    Column("最迟下屏", 12, "day", align="center"),
    Column("实际下屏", 12, "day", align="center"),
    Column("审批单号", 12),
    Column("上屏人", 10),
    Column("照片", 8, "choice", ("已拍", "没拍"), align="center"),
    Column("备注", 16),
)
"""What is kept of what was shown: inspectors ask for it, with a photograph of each."""


def _log(job: Job) -> bytes:
    data = job.data
    colours = {token: colour["rgb"] for token, colour in data["theme"]["colours"].items()}
    book = Book("播放登记表", date.fromisoformat(data["date"]), colours)
    sheet = book.sheet("播放登记表", LOG)
    mark = f"{SAMPLE_LINE} " if data["sample"] else ""
    sheet.title(f"{mark}电子屏播放登记表")
    sheet.line("一块屏上的一条标语一行；没有播的删去这一行。到“最迟下屏”那天要换下来，或者重新审核。", 10, 20)
    sheet.headings()
    number = 0
    for screen in data["screens"]:
        for item in data["playlist"][: screen["plays"]]:
            number += 1
            sheet.row(_logged(number, screen, item), 24)
    sheet.blanks(10)
    return book.bytes()


def _logged(number: int, screen: Json, item: Json) -> list[Any]:
    until = date.fromisoformat(item["until"]) if item["until"] else None
    return [number, screen["name"], item["text"], None, until, None, None, None, None, None]
