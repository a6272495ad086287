"""What is sent to chats: pictures of exact pixels with the words to paste, a week's plan, a script, a short film."""

import io
import json
import re
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generator.errors import RenderError
from generator.manifest import Entry
from generator.render.film import BARE, FADE, LONGEST, SHORTEST, cut
from generator.render.script import PACE, reading_seconds, said
from generator.typesetting.plaintext import written
from generator.wechat_week import week_plan
from tests.command import Pack, run
from tests.conftest import Packs
from tests.sheets import glyphs
from tests.test_large import planned, shown

SIZES = {
    "wechat-square": (1080, 1080),
    "wechat-portrait": (1080, 1440),
    "wechat-headline": (900, 383),
    "wechat-grid": (1080, 1080),
    "wechat-status": (1080, 1920),
}
each_audience = pytest.mark.parametrize("audience", ["school", "bank", "station"])


@pytest.mark.parametrize("audience", ["school", "bank", "station", "community", "enterprise"])
def test_a_headline_of_three_lines_keeps_off_the_tag(project: Path, audience: str) -> None:
    """Every theme has a tag of its own shape over it; one has a tail."""
    file = project / "content" / "slogans.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index("\n- ")
    kind = {"school": "学校", "bank": "银行", "station": "派出所", "community": "社区", "enterprise": "企业"}[audience]
    line = f"\n- {{标语: 不轻信，不转账，不透露, 用途: 海报, 对象: {kind}}}"
    file.write_text(text[:start] + line + text[start:], encoding="utf-8")
    reader = project / "content" / "audiences" / f"{audience}.yaml"
    words = reader.read_text(encoding="utf-8")
    assert "主打标语:\n" in words
    reader.write_text(words.replace("主打标语:\n", "主打标语:\n  - 不轻信，不转账，不透露\n", 1), encoding="utf-8")
    jobs = [j for j in planned(project, audience, only=("公众号头图",)).jobs if "slogan" in j.data]
    job = next(j for j in jobs if j.data["slogan"]["text"] == "不轻信，不转账，不透露")
    (page,) = shown(job, project).pages()
    head = [glyph for glyph in glyphs(page) if glyph.char in "轻转账透露"]
    assert len({round(glyph.top) for glyph in head}) >= 3
    # The tag ends 11.3 mm from the top, its tail 13.4 mm.
    assert min(glyph.top for glyph in head) > 13.4


@each_audience
def test_every_picture_has_the_pixels_that_its_place_wants(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    for material, size in SIZES.items():
        pictures = pack.of(material=material, format="png")
        assert pictures, material
        for entry in pictures:
            with Image.open(pack.path(entry)) as picture:
                assert picture.size == size, entry["path"]


@each_audience
def test_nine_squares_are_nine_pictures_in_order(packs: Packs, audience: str) -> None:
    names = [entry["path"] for entry in packs(audience).of(material="wechat-grid", format="png")]
    assert names == [f"发微信/九宫格/九宫格_{n}.png" for n in range(1, 10)]


@each_audience
def test_a_long_picture_is_one_scroll(packs: Packs, audience: str) -> None:
    for entry in packs(audience).of(material="wechat-long", format="png"):
        assert entry["pixels"][0] == 1080
        assert 4000 < entry["pixels"][1] < 12000


@each_audience
def test_every_picture_has_words_to_paste_with_whom_to_call(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    pieces = {entry["piece"] for entry in pack.files if entry.get("material") in {*SIZES, "wechat-long"}}
    captions = {entry["piece"]: entry for entry in pack.of(format="caption")}
    assert set(captions) == pieces
    for piece, entry in captions.items():
        raw = pack.path(entry).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        text = raw.decode("utf-8-sig")
        assert "\n" not in text.replace("\r\n", "")
        if not piece.startswith("wechat-headline"):
            assert "110" in text
            assert "96110来电请接听" in text
            assert len(text) <= 160, piece
        else:
            assert len(text.strip()) <= 64


@each_audience
def test_the_chat_zip_is_the_chat_folder(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    folder = pack.folder / "发微信"
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with zipfile.ZipFile(pack.folder / "发微信.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == there


@each_audience
def test_the_week_names_pictures_that_are_there(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    plan = (pack.folder / "发微信" / "七天发布计划.txt").read_text(encoding="utf-8-sig")
    assert plan.count("———— 第") == 7
    files = [name for line in plan.splitlines() if line.startswith("文件：") for name in line[3:].split("、")]
    assert len(files) >= 7
    assert all((pack.folder / "发微信" / name).is_file() for name in files)


def test_the_week_begins_with_the_campaign() -> None:
    root = Path(__file__).parents[1]
    entries: list[Entry] = [
        {"piece": "wechat-square/a", "format": "png", "path": "发微信/方图/a.png"},
        {"piece": "wechat-square/a", "format": "caption", "path": "发微信/方图/a_配文.txt", "text": ["甲", "乙"]},
    ]
    meta: dict[str, Any] = {"audience": {"name": "学校"}, "campaign": None, "starts": None}
    assert "（" not in week_plan(entries, meta, root).split("第 1 天")[1].split("时间")[0]
    dated = week_plan(entries, meta | {"starts": date(2027, 8, 31), "campaign": {"name": "开学季"}}, root)
    assert "第 1 天（8月31日 星期二）" in dated
    assert "第 2 天（9月1日 星期三）" in dated
    assert "甲\n乙" in dated


@each_audience
def test_the_loudspeaker_says_how_long_it_talks(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    (entry,) = pack.of(material="broadcast")
    head, _, body = pack.path(entry).read_text(encoding="utf-8-sig").partition("\n\n")
    seconds = reading_seconds(body)
    assert f"约 {said(seconds)}" in head
    assert 60 <= seconds <= 240
    assert "96110来电请接听" in body
    if audience == "school":
        assert body.startswith("同学们")


def test_reading_time_counts_figures_one_by_one() -> None:
    assert reading_seconds("字" * PACE) == 60
    assert reading_seconds("110") == reading_seconds("一一零")
    assert reading_seconds("，。！") == 0
    assert (said(40), said(60), said(95)) == ("40 秒", "1 分钟", "1 分 35 秒")


def test_a_caption_too_long_for_a_feed_is_a_warning(project: Path) -> None:
    template = project / "templates" / "wechat-square" / "caption.txt.j2"
    template.write_text(template.read_text(encoding="utf-8") + "长" * 200, encoding="utf-8")
    ran = run("--audience", "bank", "--only", "方图", "--root", project, "--json")
    assert ran.code == 0
    assert {problem["code"] for problem in ran.problems} == {"caption-long"}


def test_a_broken_text_template_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text("好\n{{ nothing.there }}\n", encoding="utf-8")
    with pytest.raises(RenderError) as raised:
        written(tmp_path, "a.txt.j2", {})
    span = raised.value.problems[0].span
    assert span is not None
    assert (span.file, span.line) == ("templates/a.txt.j2", 2)
    (tmp_path / "b.txt.j2").write_text("好\n\n{% if %}\n", encoding="utf-8")
    with pytest.raises(RenderError) as raised:
        written(tmp_path, "b.txt.j2", {})
    assert raised.value.problems[0].span is not None
    assert raised.value.problems[0].span.line == 3


@pytest.mark.parametrize(
    ("line", "words", "fix"),
    [
        ("{{ slogan.txt }}", "这里没有“txt”；是不是“text”？", "{{ slogan.text }}"),
        ("{{ slogna.text }}", "没有“slogna”这个名字；是不是“slogan”？", "{{ slogan.text }}"),
        ("{{ slogan.text }", "“{{”没有结束，缺少“}}”", "{{ slogan.text }}"),
        ("{{ slogan.text|lenght }}", "没有“| lenght”这种写法；是不是“length”？", "{{ slogan.text|length }}"),
        ("{{ slogan.text is dfined }}", "没有“is dfined”这种写法；是不是“defined”？", "{{ slogan.text is defined }}"),
        ("{{ slogan【“text”】 }}", "引号、逗号要用英文的", '{{ slogan["text"] }}'),
        ("{% for one in steps %}", "“{% for %}”没有结束，缺少“{% endfor %}”", ""),
        ("{{ steps[5].text }}", "这里没有第 6 项：一共 2 项", ""),
        ("{{ steps.text }}", "要写 [0] 或者用 {% for … %}", ""),
        ("{{ nothing.text }}", "这一项是空的", ""),
        ("{{ slogan.text + 1 }}", "连文字请用 ~", ""),
        ("{% if steps = 2 %}{% endif %}", "要写两个等号“==”", ""),
        ("{% else %}", "中间", ""),
    ],
)
def test_a_mistake_in_a_text_template_is_told_in_chinese(line: str, words: str, fix: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text(f"好\n{line}\n", encoding="utf-8")
    data = {"slogan": {"text": "停一停"}, "steps": [{"text": "一"}, {"text": "二"}], "nothing": None}
    with pytest.raises(RenderError) as raised:
        written(tmp_path, "a.txt.j2", data)
    [problem] = raised.value.problems
    assert words in problem.message
    assert not re.search(r"(?i)expected|undefined|object|template|attribute", problem.message)
    assert (str(problem.span).rpartition(":")[0], problem.quote, problem.fix) == ("templates/a.txt.j2:2", line, fix)


@pytest.mark.parametrize(("encoding", "words"), [("gb18030", "另存为 UTF-8"), ("utf-8-sig", "")])
def test_a_text_template_in_another_encoding_is_read_or_explained(encoding: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text("好：停一停\n", encoding=encoding)
    if not words:
        assert written(tmp_path, "a.txt.j2", {}) == "好：停一停\n"
        return
    with pytest.raises(RenderError) as raised:
        written(tmp_path, "a.txt.j2", {})
    assert words in raised.value.problems[0].message


@given(st.text(alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])))
def test_what_was_typed_stays_as_it_was_in_a_text(typed: str) -> None:
    root = Path(__file__).parents[1]
    data = {"slogan": {"text": typed}}
    assert written(root / "templates", "wechat-headline/caption.txt.j2", data).strip("\n") == typed


# ---- film ----------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 200), min_size=3, max_size=9))
def test_a_film_takes_ten_to_twenty_seconds(characters: list[int]) -> None:
    timing = cut(characters)
    assert SHORTEST - 1 <= timing.seconds <= LONGEST + 0.2
    assert min(timing.stands) > 0


@pytest.fixture(scope="module")
def film(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    pytest.importorskip("av")
    output = tmp_path_factory.mktemp("film")
    ran = run("--audience", "school", "--only", "短视频", "--video", "--root", original, "--output", output, "--json")
    assert ran.code == 0, ran.said
    return Pack(output / "school", ran)


def test_a_film_is_h264_of_a_phones_size_and_as_long_as_it_says(film: Pack) -> None:
    import av

    (entry,) = film.of(format="film")
    with av.open(str(film.path(entry))) as opened:
        (stream,) = opened.streams
        context: Any = stream.codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 1080, 1920)
        assert stream.duration is not None
        assert stream.time_base is not None
        seconds = float(stream.duration * stream.time_base)
    assert SHORTEST <= seconds <= LONGEST
    assert f"（{seconds:.0f} 秒）" in entry["title"]


def test_no_two_frames_of_a_film_flash(film: Pack) -> None:
    """WCAG 2.3.1: a pair of opposing changes of a tenth of the light, over a quarter of the picture, counts as a flash;
    more than three a second are forbidden. Fades go one way: no pair comes within a second."""
    import av

    (entry,) = film.of(format="film")
    with av.open(str(film.path(entry))) as opened:
        light = []
        frames: Any = opened.decode(video=0)
        for frame in frames:
            small = frame.to_image().resize((9, 16), Image.Resampling.BOX).convert("L")
            light.append([value / 255 for value in small.tobytes()])
    reversals = []
    for at, (before, now) in enumerate(pairwise(light), 1):
        risen = sum(b - a >= 0.1 for a, b in zip(before, now, strict=True)) / 144
        fallen = sum(a - b >= 0.1 for a, b in zip(before, now, strict=True)) / 144
        if risen >= 0.25 or fallen >= 0.25:
            reversals.append((at, risen >= fallen))
    turns = [at for (at, up), (_, was) in zip(reversals[1:], reversals, strict=False) if up != was]
    assert all(sum(0 <= other - at < 25 for other in turns) <= 3 for at in turns)


def test_without_being_asked_no_film_is_made(packs: Packs) -> None:
    assert not packs("school").of(material="film")


def test_without_the_video_parts_the_run_says_what_to_install(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.typesetting.motion.has_video", lambda: None)
    ran = run("--audience", "school", "--only", "短视频", "--video", "--root", original, "--output", tmp_path, "--json")
    assert ran.code == 0
    assert [problem["code"] for problem in ran.problems] == ["no-video"]
    assert "pip install" in ran.problems[0]["message"]
    files = json.loads((tmp_path / "school" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert not [entry for entry in files if entry["format"] == "film"]


def test_the_fades_are_shorter_than_what_they_lead_to() -> None:
    assert FADE < BARE


def test_a_chat_picture_is_small_enough_to_send(packs: Packs) -> None:
    for entry in packs("station").of(use="screen", format="png"):
        assert entry["bytes"] < 2_000_000, entry["path"]
        assert Image.open(io.BytesIO(packs("station").path(entry).read_bytes())).format == "PNG"
