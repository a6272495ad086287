"""The LED renderer: every file is read back the way a screen's software would read it."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from generator.errors import Span
from generator.model.design import Screen
from generator.render.base import Artifact, Job, Rendered
from generator.render.led import RENDERER
from generator.render.led_base import SAMPLE_LINE
from generator.render.led_text import BETWEEN, LOG, rtf
from generator.typesetting.bitmap import Unsuitable, face, screen_picture
from generator.typesetting.pace import dwell, is_designed
from generator.workbooks import read
from tests.command import rtf_lines

ROOT = Path(__file__).resolve().parent.parent
SCREENS = sorted((ROOT / "templates/led/screens").glob("*.yaml"))
SHORT, LONG = "刷单是幌子，骗钱才是目的", "不轻信、不透露、不转账，遇事多核实"
STRIP = {
    "id": "strip-192x16",
    "name": "门头屏",
    "width": 192,
    "height": 16,
    "colours": 1,
    "pitch": 10,
    "cell": 16,
}
TALL: dict[str, Any] = {"width": 256, "height": 192, "cell": 32, "colours": 2, "colour": "yellow"}
TEXTS, PICTURES = ("text", "gbk", "utf8", "rtf", "line"), ("strip",)


def _job(part: str, slogans: tuple[str, ...], formats: tuple[str, ...], sample: bool, more: dict[str, Any]) -> Job:
    data = {
        "part": part,
        "date": "2026-11-22",
        "sample": sample,
        "contact": None,
        "audience": {"id": "school", "name": "学校"},
        "theme": {"colours": {token: {"rgb": "#123456"} for token in ("ground", "on_ground", "line", "ink")}},
        "playlist": [
            {"id": f"slogans/s{index}", "text": text, "until": "2027-05-31"} for index, text in enumerate(slogans)
        ],
        "controllers": [],
        **more,
    }
    origins = {f"playlist/{index}": Span("content/slogans.yaml", index + 3, 3) for index in range(len(slogans))}
    content = tuple(f"slogans/s{index}" for index in range(len(slogans)))
    return Job("led", "LED标语", "led", "led", "led", "LED标语", formats, data, origins, content, "k")


def texts(*slogans: str, formats: tuple[str, ...] = TEXTS, sample: bool = False, **screen: Any) -> Job:
    """The job of a pack's texts."""
    row = {**Screen.model_validate(STRIP | screen).model_dump(), "plays": len(slogans)}
    return _job("text", slogans, formats, sample, {"screens": [row]})


def job(*slogans: str, formats: tuple[str, ...] = PICTURES, sample: bool = False, **screen: Any) -> Job:
    """The job of one screen: the door-head strip, or that with the fields in ``screen`` changed."""
    return _job("screen", slogans, formats, sample, {"screen": Screen.model_validate(STRIP | screen).model_dump()})


def shown(rendered: Rendered) -> list[Artifact]:
    """The pictures of a screen in order."""
    return [file for file in made(rendered).values() if file.format == "strip"]


def made(rendered: Rendered) -> dict[str, Artifact]:
    assert not rendered.failed, rendered.problems
    return {artifact.name: artifact for artifact in rendered.artifacts}


def rtf_paragraphs(data: bytes) -> list[str]:
    """A reader of RTF: groups, control words, ``\\'xx``, ``\\uN`` with its fallback, UTF-16 surrogates."""
    token = re.compile(r"\\(u)(-?\d+) ?|\\'([0-9a-f]{2})|\\([a-z]+)(-?\d+)? ?|\\([\\{}])|([{}])|([\r\n])|(.)", re.S)
    units: list[int] = []
    hidden = [False]
    skip = 0
    for unicode, code, byte, word, _, escaped, brace, end, plain in token.findall(data.decode("ascii")):
        if brace:
            hidden = [*hidden, hidden[-1]] if brace == "{" else hidden[:-1]
        elif word in ("fonttbl", "colortbl"):
            hidden[-1] = True
        elif unicode and not hidden[-1]:
            units.append(int(code) % 0x10000)
            skip = 1
        elif word == "par":
            units.append(0xFFFF)
        elif (plain or escaped or byte) and not end and not hidden[-1]:
            units += [] if skip else [ord(plain or escaped)]
            skip = 0
    assert hidden == [False], "unbalanced groups"
    raw = b"".join(unit.to_bytes(2, "little") for unit in units)
    return raw.decode("utf-16-le", "surrogatepass").split("\uffff")


@cache
def font_file() -> dict[str, str]:
    return dict(line.split(":") for line in (ROOT / "fonts/unifont-16.hex").read_text("ascii").split())


def cell_of(char: str) -> list[str]:
    """Rows of 0 and 1 of one character, read from the .hex file without the code under test."""
    rows = font_file()[f"{ord(char):04X}"]
    step = len(rows) // 16
    return [f"{int(rows[at : at + step], 16):0{step * 4}b}" for at in range(0, len(rows), step)]


def rows_of(image: Image.Image) -> list[str]:
    """Rows of 0 (dark) and 1 (lit)."""
    lit = image.convert("L").tobytes()
    return ["".join("01"[dot > 0] for dot in lit[at : at + image.width]) for at in range(0, len(lit), image.width)]


def typed(text: str) -> list[str]:
    """``text`` as the font file has it, its cells side by side."""
    return ["".join(rows) for rows in zip(*map(cell_of, text), strict=True)]


# --- text files ---


def test_the_file_to_copy_from_holds_the_slogans_and_nothing_else(tmp_path: Path) -> None:
    files = made(RENDERER.render(texts(SHORT, LONG), tmp_path, ROOT))
    data = files["LED/LED标语_复制用.txt"].path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [SHORT, LONG]


def test_gbk_and_utf8_files_read_back_line_by_line(tmp_path: Path) -> None:
    files = made(RENDERER.render(texts(SHORT, LONG), tmp_path, ROOT))
    gbk = files["LED/文本文件/LED标语_GBK.txt"].path.read_bytes()
    utf8 = files["LED/文本文件/LED标语_UTF8.txt"].path.read_bytes()
    assert gbk.decode("gbk").split("\r\n") == [SHORT, LONG]
    assert utf8.startswith(b"\xef\xbb\xbf")
    assert utf8.decode("utf-8-sig").split("\r\n") == [SHORT, LONG]


def test_the_rtf_has_one_paragraph_a_slogan_in_ascii(tmp_path: Path) -> None:
    data = made(RENDERER.render(texts(SHORT, LONG), tmp_path, ROOT))["LED/文本文件/LED标语.rtf"].path.read_bytes()
    assert data.isascii()
    assert data.startswith(b"{\\rtf1\\ansi\\ansicpg936")
    assert rtf_paragraphs(data) == [SHORT, LONG]


def test_the_rtf_names_songti_for_16_dots_and_heiti_for_more() -> None:
    names = {int(n): bytes.fromhex(name.replace("\\'", "")).decode("gbk") for n, name in _fonts(rtf(["x"], 16))}
    assert names == {0: "宋体", 1: "黑体"}
    assert b"\\f0\\fs24\\cf1 x" in rtf(["x"], 16)
    assert b"\\f1\\fs48\\cf1 x" in rtf(["x"], 32)


def _fonts(data: bytes) -> list[tuple[str, str]]:
    return re.findall(r"\\f(\d)\\fnil\\fcharset134 ((?:\\'[0-9a-f]{2})+);", data.decode("ascii"))


@given(st.lists(st.text(st.characters(exclude_characters="\uffff")), min_size=1, max_size=4))
def test_any_text_comes_back_out_of_the_rtf(lines: list[str]) -> None:
    data = rtf(lines, 16)
    assert rtf_paragraphs(data) == lines
    assert all(-0x8000 <= int(code) < 0x8000 for code in re.findall(rb"\\u(-?\d+)\?", data))


@pytest.mark.parametrize(
    "slogan",
    [
        r"{\rtf1 转账\par}",
        "{{ 7*7 }}{% raw %}",
        "#set page(1cm) $x$ *b*",
        '<b>&amp;"引号"</b>',
        r"C:\骗\u8",
        "=1+1",
    ],
)
def test_the_syntax_of_other_languages_is_shown_as_typed(slogan: str, tmp_path: Path) -> None:
    files = made(RENDERER.render(texts(slogan), tmp_path / "texts", ROOT))
    assert files["LED/LED标语_复制用.txt"].path.read_text("utf-8-sig") == slogan
    assert files["LED/文本文件/LED标语_GBK.txt"].path.read_text("gbk") == slogan
    assert rtf_paragraphs(files["LED/文本文件/LED标语.rtf"].path.read_bytes()) == [slogan]
    (picture,) = shown(RENDERER.render(job(slogan), tmp_path / "screen", ROOT))
    assert typed(slogan)[7].strip("0") in rows_of(Image.open(picture.path))[7]


def test_one_line_without_end_holds_the_slogans_apart(tmp_path: Path) -> None:
    files = made(RENDERER.render(texts(SHORT, LONG), tmp_path, ROOT))
    line = files["LED/文本文件/LED标语_连成一行_GBK.txt"].path.read_bytes().decode("gbk")
    assert "\n" not in line
    assert line.split(BETWEEN) == [SHORT, LONG]


def test_a_real_reader_of_rtf_finds_the_slogans(tmp_path: Path) -> None:
    files = made(RENDERER.render(texts(SHORT, LONG, "“骗”·96110…①"), tmp_path, ROOT))
    assert rtf_lines(files["LED/文本文件/LED标语.rtf"].path) == [SHORT, LONG, "“骗”·96110…①"]


def test_only_the_formats_asked_for_are_made(tmp_path: Path) -> None:
    files = made(RENDERER.render(texts(SHORT, formats=("gbk",)), tmp_path, ROOT))
    assert list(files) == ["LED/文本文件/LED标语_GBK.txt"]


# --- what cannot be shown ---


@pytest.mark.parametrize(
    ("slogan", "named"),
    [("骗😀子", "“😀”（U+1F600）"), ("防诈\u00a0反诈", "（U+00A0）"), ("转\t账", "（U+0009）")],
)
def test_a_character_outside_gbk_withholds_the_texts_and_is_named(slogan: str, named: str, tmp_path: Path) -> None:
    rendered = RENDERER.render(texts(SHORT, slogan), tmp_path, ROOT)
    (problem,) = rendered.problems
    assert rendered.failed
    assert not rendered.artifacts
    assert not any(tmp_path.iterdir())
    assert problem.code == "led-outside-gbk"
    assert problem.piece == "led"
    assert named in problem.message
    assert problem.span == Span("content/slogans.yaml", 4, 3)


def test_a_character_with_a_plain_twin_comes_with_the_line_to_write(tmp_path: Path) -> None:
    (problem,) = RENDERER.render(texts("防诈\u00a0反诈"), tmp_path, ROOT).problems
    assert problem.fix == "防诈 反诈"


def test_all_slogans_that_cannot_be_shown_are_reported_at_once(tmp_path: Path) -> None:
    problems = RENDERER.render(texts("甲😀", SHORT, "乙é̂"), tmp_path, ROOT).problems
    assert [problem.span.line for problem in problems if problem.span] == [3, 5]


def test_a_character_outside_gb2312_is_a_warning(tmp_path: Path) -> None:
    rendered = RENDERER.render(texts(SHORT, "警惕囧事镕"), tmp_path, ROOT)
    (problem,) = rendered.problems
    assert (problem.severity, problem.code) == ("warning", "led-rare-character")
    assert "囧" in problem.message
    assert "镕" in problem.message
    assert problem.span == Span("content/slogans.yaml", 4, 3)
    assert "LED/LED标语_复制用.txt" in made(rendered)


def test_everyday_marks_are_not_warned_about(tmp_path: Path) -> None:
    assert RENDERER.render(texts("“反诈”·《提示》——96110…①～％"), tmp_path, ROOT).problems == []


def test_a_slogan_that_no_software_can_read_leaves_the_others_on_the_screens(tmp_path: Path) -> None:
    rendered = RENDERER.render(job(SHORT, "骗😀子", LONG), tmp_path, ROOT)
    assert rendered.problems == []
    assert [picture.text for picture in shown(rendered)] == [(SHORT,), (LONG,)]
    bill = made(rendered)["LED/播放表/strip-192x16.txt"].path.read_text("utf-8-sig")
    assert "没有上屏：“骗😀子”" in bill


def test_a_character_that_the_outline_font_lacks_is_named(tmp_path: Path) -> None:
    """≒ is the one character of GBK that Noto Sans SC has no glyph for."""
    rendered = RENDERER.render(job("约≒一万", **TALL, font="sans"), tmp_path, ROOT)
    (problem,) = [problem for problem in rendered.problems if problem.severity == "error"]
    assert problem.code == "led-glyph-missing"
    assert "“≒”（U+2252）" in problem.message
    assert problem.span == Span("content/slogans.yaml", 3, 3)
    assert not rendered.artifacts


def _encodable(char: str) -> bool:
    try:
        return bool(char.encode("gbk"))
    except UnicodeEncodeError:
        return False


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cell": 24, "height": 32}, "16 的整数倍"),
        ({"font": "sans"}, "至少 24 点"),
        ({"cell": 32}, "屏只有 16 点高"),
        ({"colours": 3, "colour": "blue"}, "red、green、yellow、white"),
        ({"colours": 2, "colour": "white"}, "red、green、yellow"),
        ({"id": "../门头"}, "文件夹名"),
    ],
)
def test_a_profile_that_cannot_be_drawn_says_what_to_write(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    rendered = RENDERER.render(job(SHORT, **changed), tmp_path, ROOT)
    assert [problem.code for problem in rendered.problems] == ["led-screen"]
    assert said in rendered.problems[0].message
    assert not rendered.artifacts


def test_no_slogans_or_no_screen_is_an_error_and_not_an_empty_folder(tmp_path: Path) -> None:
    nowhere = texts(SHORT)
    nowhere.data["screens"] = []
    assert [problem.code for problem in RENDERER.render(texts(), tmp_path, ROOT).problems] == ["led-empty"]
    assert [problem.code for problem in RENDERER.render(nowhere, tmp_path, ROOT).problems] == ["led-screen"]


# --- pictures ---


def test_a_picture_for_a_single_colour_screen_has_one_bit_a_dot(tmp_path: Path) -> None:
    data = shown(RENDERER.render(job(SHORT), tmp_path, ROOT))[0].path.read_bytes()
    width, height = (int.from_bytes(data[at : at + 4], "little") for at in (18, 22))
    bits = int.from_bytes(data[28:30], "little")
    assert (data[:2], width, height, bits) == (b"BM", 192, 16, 1)
    assert data[54:62] == b"\0\0\0\0\xff\xff\xff\0", "palette: off is black, lit is white"


def test_twelve_characters_fill_the_strip_cell_by_cell(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job(SHORT), tmp_path, ROOT))
    picture = Image.open(files[0].path)
    for index, char in enumerate(SHORT):
        assert rows_of(picture.crop((index * 16, 0, index * 16 + 16, 16))) == cell_of(char), char


def test_a_shorter_slogan_stands_in_the_middle(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job("凡是刷单都是诈骗"), tmp_path, ROOT))
    picture = Image.open(files[0].path)
    assert picture.size == (192, 16)
    assert rows_of(picture) == [f"{'0' * 32}{row}{'0' * 32}" for row in typed("凡是刷单都是诈骗")]


def test_a_longer_slogan_is_one_strip_of_a_width_in_sixteens(tmp_path: Path) -> None:
    slogan = f"{SHORT}110"
    files = shown(RENDERER.render(job(slogan), tmp_path, ROOT))
    picture = Image.open(files[0].path)
    rows = typed(slogan)
    assert len(rows[0]) == 216
    assert picture.size == (224, 16)
    assert rows_of(picture) == [row + "0" * 8 for row in rows]
    assert files[0].pixels == (224, 16)


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec="gb2312", min_codepoint=0x4E00), min_size=1, max_size=28))
def test_any_slogan_is_on_its_picture_dot_for_dot(slogan: str) -> None:
    drawn = face("unifont", 16, ROOT).draw(slogan)
    assert rows_of(drawn) == typed(slogan)


def test_a_strip_runs_through_the_middle_of_a_taller_screen(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job(f"{SHORT}110", height=24), tmp_path, ROOT))
    rows = rows_of(Image.open(files[0].path))
    assert rows[4:20] == [f"{row}{'0' * 8}" for row in typed(f"{SHORT}110")]
    assert not any("1" in row for row in rows[:4] + rows[20:])


def test_thirty_two_dots_are_sixteen_doubled() -> None:
    small, large = (face("unifont", cell, ROOT).draw(LONG) for cell in (16, 32))
    assert rows_of(large) == ["".join(dot * 2 for dot in row) for row in rows_of(small) for _ in range(2)]


def test_the_outline_font_keeps_the_tails_of_letters_inside_the_cell() -> None:
    sans = face("sans", 32, ROOT)
    free = sans.glyph("g").getbbox()
    assert free is not None
    assert free[3] <= 32
    upright = sans.glyph("o").getbbox()
    assert upright is not None
    assert (free[3] - free[1]) > (upright[3] - upright[1]) + 4


def test_a_face_refuses_a_character_that_it_lacks() -> None:
    assert face("unifont", 16, ROOT).missing("骗😀é\u00a0骗😀") == "😀\u00a0"
    with pytest.raises(KeyError, match="😀"):
        face("unifont", 16, ROOT).draw("骗😀")
    with pytest.raises(Unsuitable):
        face("unifont", 12, ROOT)


def test_a_dual_colour_screen_gets_four_colours_without_greys(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job(SHORT, colours=2, colour="yellow"), tmp_path, ROOT))
    picture = Image.open(files[0].path)
    assert picture.getpalette() == [0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 0]
    assert picture.convert("RGB").getcolors(2) is not None
    lit = [[pixel == 3 for pixel in picture.crop((0, y, 192, y + 1)).tobytes()] for y in range(16)]
    assert lit == [[dot == "1" for dot in row] for row in typed(SHORT)]


def test_a_full_colour_screen_gets_a_png_in_its_colour(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job(SHORT, colours=3, colour="green"), tmp_path, ROOT))
    picture = Image.open(files[0].path)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (192, 16))
    colours = {colour for _, colour in picture.getcolors(4) or []}
    assert colours == {(0, 0, 0), (0, 255, 0)}


def test_a_tall_screen_shows_a_long_slogan_at_once_broken_between_words(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job(LONG, **TALL, font="unifont"), tmp_path, ROOT))
    picture = Image.open(files[0].path).convert("RGB").getchannel("R")
    assert picture.size == (256, 192)
    lines = ["不轻信、", "不透露、", "不转账，", "遇事多核实"]
    tops = [14, 58, 102, 146]
    for line, top in zip(lines, tops, strict=True):
        drawn = face("unifont", 32, ROOT).draw(line)
        left = (256 - drawn.width) // 2
        assert rows_of(picture.crop((left, top, left + drawn.width, top + 32))) == rows_of(drawn)
    assert sum(map(len, lines)) == len(LONG)


def test_the_folder_for_the_usb_stick_holds_ascii_names_that_can_be_read_aloud(tmp_path: Path) -> None:
    files = shown(RENDERER.render(job(SHORT, "96110来电请接听", "！！", *[SHORT] * 8), tmp_path, ROOT))
    names = [file.name.removeprefix("LED/strip-192x16/") for file in files]
    assert names[:3] == ["01_shuadanshihuangzipian.bmp", "02_96110laidianqingjieting.bmp", "03.bmp"]
    assert all(name.isascii() and len(name) <= 32 for name in names)
    assert [name[:2] for name in names] == [f"{number:02d}" for number in range(1, 12)]


# --- how long ---


@pytest.mark.parametrize(
    ("text", "seconds"), [("防诈", 3.0), ("凡是刷单都是诈骗", 4.0), (SHORT, 5.0), ("一二三四五六七", 3.5)]
)
def test_a_standing_slogan_stays_a_second_and_a_third_of_one_for_each_character(text: str, seconds: float) -> None:
    assert dwell(text) == seconds


def test_beside_a_road_everything_stands_fifteen_seconds(tmp_path: Path) -> None:
    assert dwell("防诈", roadside=True) == 15
    rendered = RENDERER.render(job(SHORT, LONG, roadside=True), tmp_path, ROOT)
    assert [file.text[0] for file in shown(rendered)] == [SHORT, "不轻信、不透露、不转账，", "遇事多核实"]
    assert [file.pixels for file in shown(rendered)] == [(192, 16)] * 3
    bill = made(rendered)["LED/播放表/strip-192x16.txt"].path.read_text("utf-8-sig")
    assert "连续左移" not in bill
    assert bill.count("停留 15.0 秒") == 3


def test_what_cannot_stand_beside_a_road_is_told(tmp_path: Path) -> None:
    endless = RENDERER.render(job("x" * 28, roadside=True), tmp_path, ROOT)
    assert [problem.code for problem in endless.problems] == ["led-screen"]
    assert "短句" in endless.problems[0].message


def test_the_playbill_says_how_each_picture_moves_how_long_and_until_when(tmp_path: Path) -> None:
    bill = made(RENDERER.render(job(SHORT, LONG, position="门头"), tmp_path, ROOT))["LED/播放表/strip-192x16.txt"]
    lines = bill.path.read_bytes().decode("utf-8-sig").split("\r\n")
    until = "2027-05-31"
    assert re.search(rf"1 +01_\w+\.bmp +静　　止 +停留 +5\.0 秒 +{until} +{SHORT}$", lines[-4])
    # 17 characters of 16 dots on 192: (192 + 272) / 48 dots a second.
    assert re.search(rf"2 +02_\w+\.bmp +连续左移 +一遍 +9\.7 秒 +每秒 +48 点 +{until} +{LONG}$", lines[-3])
    assert lines[-1] == "一轮共 2 条，15 秒。"
    assert lines[0] == "播放表：门头屏（门头）"
    assert "2026-11-22" in lines[1]
    assert "一屏 12 个字" in lines[1]


def test_the_speed_follows_the_profile(tmp_path: Path) -> None:
    fast = job(LONG, width=64, cell=32, height=32, cps=2)
    bill = made(RENDERER.render(fast, tmp_path, ROOT))["LED/播放表/strip-192x16.txt"].path.read_text("utf-8-sig")
    assert "每秒  64 点" in bill
    assert "一遍  9.5 秒" in bill


# --- the log ---


def test_the_log_has_a_row_for_each_slogan_of_each_screen_with_its_last_day(tmp_path: Path) -> None:
    rendered = RENDERER.render(texts(SHORT, LONG, formats=("log",)), tmp_path, ROOT)
    rows, problems = read(made(rendered)["LED/播放登记表.xlsx"].path, "播放登记表", LOG)
    assert problems == []
    filled = [row.values for row in rows]
    assert [(row["屏幕"], row["标语"], row["最迟下屏"]) for row in filled] == [
        ("门头屏", SHORT, date(2027, 5, 31)),
        ("门头屏", LONG, date(2027, 5, 31)),
    ]


# --- what the overview and the manifest learn ---


def test_every_file_tells_what_it_is(tmp_path: Path) -> None:
    picture = shown(RENDERER.render(job(SHORT, LONG), tmp_path / "screen", ROOT))[1]
    assert (picture.use, picture.format, picture.text, picture.content) == ("led", "strip", (LONG,), ("slogans/s1",))
    files = made(RENDERER.render(texts(SHORT, LONG), tmp_path / "texts", ROOT))
    copy = files["LED/LED标语_复制用.txt"]
    assert (copy.use, copy.text, copy.content) == ("text", (SHORT, LONG), ("slogans/s0", "slogans/s1"))
    screen = made(RENDERER.render(job(SHORT, LONG), tmp_path / "screen", ROOT))
    for name, artifact in (files | screen).items():
        assert name.startswith("LED/")
        assert artifact.path.is_file()
        assert artifact.piece == "led"
        assert artifact.key == "k"
    assert all(artifact.preview == "LED/预览/strip-192x16.png" for artifact in screen.values())
    assert "LED/预览/strip-192x16.png" in screen


def test_a_sample_says_so_in_every_file(tmp_path: Path) -> None:
    files = made(RENDERER.render(texts("防诈", LONG, sample=True), tmp_path / "texts", ROOT))
    rendered = RENDERER.render(job("防诈", LONG, sample=True), tmp_path / "screen", ROOT)
    files |= made(rendered)
    for name in ("LED/LED标语_复制用.txt", "LED/文本文件/LED标语_UTF8.txt", "LED/播放表/strip-192x16.txt"):
        assert files[name].path.read_text("utf-8-sig").split("\n")[0] == SAMPLE_LINE
    for name in ("LED标语_GBK.txt", "LED标语_连成一行_GBK.txt"):
        assert files[f"LED/文本文件/{name}"].path.read_text("gbk").startswith(SAMPLE_LINE)
    assert rtf_paragraphs(files["LED/文本文件/LED标语.rtf"].path.read_bytes())[0] == SAMPLE_LINE
    still, strip = (rows_of(Image.open(file.path)) for file in shown(rendered))
    assert all(row in still[index] for index, row in enumerate(typed("【样张】防诈")))
    assert all(strip[index].startswith(row) for index, row in enumerate(typed("【样张】")))


def test_the_preview_shows_lamps_lit_where_the_picture_has_dots(tmp_path: Path) -> None:
    strip = face("unifont", 16, ROOT).draw(LONG)
    seen = screen_picture([strip], 192, (255, 0, 0)).convert("RGB")
    pitch = 5
    for x, y in [(x, y) for x in range(strip.width) for y in range(16)]:
        red, green, _ = seen.getpixel(((4 + x) * pitch + 2, (4 + y) * pitch + 2))  # type: ignore[misc]
        inside = x < 191  # the frame stands on the first column outside
        if inside:
            assert (red > 200) == bool(strip.getpixel((x, y))), (x, y)
        elif x > 192:
            assert red < 110, "what is still to come in is dim"
            assert green < 40, "what is still to come in is dim"


def test_the_preview_is_no_taller_than_a_page(tmp_path: Path) -> None:
    strip = face("unifont", 16, ROOT).draw(SHORT)
    assert screen_picture([strip] * 20, 192, (255, 0, 0)).size == screen_picture([strip] * 6, 192, (255, 0, 0)).size
    wall = Image.new("1", (640, 384))
    assert screen_picture([wall] * 20, 640, (255, 0, 0)).height < 1700


@pytest.mark.parametrize("make", [job, texts], ids=["screen", "texts"])
def test_the_same_job_gives_the_same_bytes(make: Callable[..., Job], tmp_path: Path) -> None:
    formats = ("strip", "gif", "text", "rtf", "log")
    first, second = (
        {
            name: file.path.read_bytes()
            for name, file in made(RENDERER.render(make(SHORT, LONG, formats=formats), folder, ROOT)).items()
        }
        for folder in (tmp_path / "a", tmp_path / "b")
    )
    assert first == second


def test_pillow_is_not_loaded_before_a_picture_is_wanted() -> None:
    code = "import sys, generator.render.led; sys.exit('PIL' in sys.modules or 'rjieba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# --- what is shipped ---


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_every_strip_profile_gives_pictures_of_its_dots(path: Path, tmp_path: Path) -> None:
    screen = Screen.model_validate(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))
    assert screen.id == path.stem
    assert f"{screen.width}x{screen.height}" in screen.id
    # Character height in millimetres against the least that is read at the distance.
    assert screen.distance
    assert screen.cell * screen.pitch >= screen.distance * 1000 / 200
    if is_designed(screen):
        return
    assert screen.width % 16 == screen.height % 8 == 0
    pictures = shown(RENDERER.render(job(SHORT, LONG, **screen.model_dump()), tmp_path, ROOT))
    assert len(pictures) >= 2
    for file in pictures:
        with Image.open(file.path) as picture:
            assert picture.height == screen.height
            assert picture.size == file.pixels
            assert picture.width == screen.width or picture.width % 16 == 0
            assert picture.convert("1").getbbox() is not None


def holes(glyph: Image.Image) -> int:
    """Dark areas that strokes enclose, which tell 日 from 口 and 骗 from a blot."""
    width, height = glyph.width + 2, glyph.height + 2
    edged = Image.new("L", (width, height))
    edged.paste(glyph.convert("L"), (1, 1))
    found = -1  # the outside
    for at in range(width * height):
        if not edged.getpixel((at % width, at // width)):
            ImageDraw.floodfill(edged, (at % width, at // width), 255)
            found += 1
    return found


@pytest.mark.parametrize("cell", [24, 32, 48])
def test_an_outline_glyph_keeps_the_counters_of_its_character(cell: int) -> None:
    large, small = face("sans", 96, ROOT), face("sans", cell, ROOT)
    dense = "警骗贷账冒客服虚假银"
    kept = [min(holes(small.glyph(char)), holes(large.glyph(char))) for char in dense]
    wanted = [holes(large.glyph(char)) for char in dense]
    assert sum(kept) >= 0.85 * sum(wanted), dict(zip(dense, zip(kept, wanted, strict=True), strict=True))
    lit = [small.glyph(char).convert("L").histogram()[255] / cell**2 for char in dense]
    assert max(lit) < 0.55, "a blot"


def test_the_font_has_all_that_gbk_can_write_and_nothing_else() -> None:
    lines = (ROOT / "fonts/unifont-16.hex").read_text("ascii").splitlines()
    codes = [int(line.split(":")[0], 16) for line in lines]
    assert codes == [code for code in range(0x20, 0x10000) if code != 0x7F and _encodable(chr(code))]
    assert all(re.fullmatch(r"[0-9A-F]{4}:([0-9A-F]{32}|[0-9A-F]{64})", line) for line in lines)


def test_the_font_comes_with_its_licence() -> None:
    licence = (ROOT / "fonts/unifont-16.LICENSE.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Modified Version" in licence
    assert "unifont 15.0.01" in RENDERER.engines()
    assert "pillow" in RENDERER.engines()
