"""Screens as the plan gives them: what plays where, pages, previews, films, and a unit's own screens."""

import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from generator.library import Library, load
from generator.model.design import Screen
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.base import Artifact, Job
from generator.render.led import RENDERER
from generator.typesetting.contrast import contrast
from generator.typesetting.pace import dwell, rough_seconds
from generator.typesetting.phrases import Breaker
from tests.command import REPOSITORY, made
from tests.flash import MOST, most_flashes

SMALL = {"width": 320, "height": 160, "colours": 3, "cell": 24, "loop": 0.2}


def jobs(library: Library, audience: str, **asked: Any) -> dict[str, Job]:
    """The jobs of the LED pack by the name of their piece."""
    made = plan(library, Request(audience, only=("led",), **asked), Breaker(library.glossary))
    assert not made.problems
    return {job.name.partition("/")[2]: job for job in made.jobs}


@pytest.fixture(scope="module")
def library() -> Library:
    """What the project says, with all its screens."""
    found, problems = load(REPOSITORY, RENDERERS)
    assert found, problems
    return found


@pytest.fixture(scope="module")
def bank(library: Library) -> dict[str, Job]:
    return jobs(library, "bank")


def with_screen(job: Job, formats: tuple[str, ...], **changed: Any) -> Job:
    return replace(job, formats=formats, data={**job.data, "screen": {**job.data["screen"], **changed}})


def files_of(job: Job, folder: Path) -> dict[str, Artifact]:
    rendered = RENDERER.render(job, folder, REPOSITORY)
    assert not rendered.failed, rendered.problems
    return {file.name: file for file in rendered.artifacts}


def frames_of(data: bytes) -> Iterator[tuple[Image.Image, float]]:
    with Image.open(io.BytesIO(data)) as opened:
        gif: Any = opened
        for at in range(gif.n_frames):
            gif.seek(at)
            yield gif.convert("RGB"), gif.info["duration"] / 1000


# --- what plays -------------------------------------------------------------------------------------------


def test_an_audience_gets_the_screens_of_its_places(library: Library, bank: dict[str, Job]) -> None:
    assert list(bank) == [
        "led", "strip-192x16", "strip-256x32-dual", "strip-320x32", "wall-640x384", "tv-1920x1080",
        "portrait-1080x1920",
    ]  # fmt: skip
    texts = bank["led"].data["playlist"]
    assert [item["text"] for item in texts][:4] == list(library.audiences["bank"].featured)


def test_a_campaign_opens_with_its_badge_and_the_slogans_of_its_scams(library: Library) -> None:
    planned = jobs(library, "school", campaign="开学季")["led"].data["playlist"]
    badge = library.campaigns["开学季"].badge
    assert planned[0]["text"] == badge
    focus = list(library.campaigns["开学季"].focus)
    slogans = {f"slogans/{id}": slogan for id, slogan in library.slogans.items()}
    ranks = [
        min((focus.index(scam) for scam in slogans[item["id"]].scams if scam in focus), default=99)
        for item in planned[1:]
    ]
    assert ranks[0] == 0
    assert ranks == sorted(ranks)


def test_a_scam_in_focus_comes_first(library: Library) -> None:
    planned = jobs(library, "station", focus=("虚假征信",))["led"].data["playlist"]
    assert "虚假征信" in library.slogans[planned[0]["id"].partition("/")[2]].scams


def test_every_slogan_has_its_last_day(library: Library) -> None:
    reviewed = jobs(library, "school")["led"].data["playlist"]
    for item in reviewed:
        due = library.slogans[item["id"].partition("/")[2]].review_by
        assert item["until"] == (due.isoformat() if due else "")
    campaign = library.campaigns["开学季"]
    assert campaign.period
    ending = jobs(library, "school", campaign="开学季")["led"].data["playlist"]
    assert all(item["until"] <= campaign.period.ends.isoformat() for item in ending)


def test_a_screen_plays_what_its_loop_holds(bank: dict[str, Job]) -> None:
    for name, job in bank.items():
        if name == "led":
            continue
        playlist, loop = job.data["playlist"], job.data["screen"]["loop"] * 60
        screen = Screen.model_validate(job.data["screen"])
        assert sum(rough_seconds(screen, item["text"]) for item in playlist) <= loop
        assert len(playlist) < len(bank["led"].data["playlist"])


def test_on_pages_pictures_change_from_slogan_to_slogan(bank: dict[str, Job]) -> None:
    scenes = [page["scene"] for page in bank["tv-1920x1080"].data["pages"]]
    assert len(set(scenes)) >= 4
    assert all(one != other for one, other in itertools.pairwise(scenes))


# --- pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "name"), [("bank", "wall-640x384"), ("primary", "tv-1920x1080"), ("station", "portrait-1080x1920")]
)
def test_pages_have_exactly_the_pixels_of_the_screen(
    library: Library, audience: str, name: str, tmp_path: Path
) -> None:
    job = with_screen(jobs(library, audience)[name], ("strip",))
    pages = [file for file in files_of(job, tmp_path).values() if file.format == "strip"]
    assert len(pages) == len(job.data["playlist"]) + 1
    screen = job.data["screen"]
    for page in pages:
        with Image.open(page.path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (screen["width"], screen["height"]))


def test_no_theme_shows_blue_on_black_or_words_that_cannot_be_read(library: Library) -> None:
    for theme in library.themes.values():
        rgb = {token: colour.rgb for token, colour in theme.colours.items()}
        assert contrast(rgb["on_ground"], rgb["ground"]) >= 4.5
        assert contrast(rgb["on_ground"], rgb["ground_deep"]) >= 4.5
        assert contrast(rgb["accent"], rgb["ground_deep"]) >= 4.5
        assert contrast(rgb["ground"], "#000000") >= 1.1, "a ground that is lit, not black"


def test_a_slogan_that_does_not_fit_a_page_is_told_with_its_line(bank: dict[str, Job], tmp_path: Path) -> None:
    job = with_screen(bank["wall-640x384"], ("strip",), cell=120)
    rendered = RENDERER.render(job, tmp_path, REPOSITORY)
    assert rendered.failed
    assert {problem.code for problem in rendered.problems} == {"overflow"}
    assert all(problem.span and problem.span.file.startswith("content/") for problem in rendered.problems)


# --- previews ---------------------------------------------------------------------------------------------


def moving_files(bank: dict[str, Job], name: str, folder: Path, *formats: str, **changed: Any) -> dict[str, Artifact]:
    return files_of(with_screen(bank[name], ("strip", *formats), **changed), folder)


@pytest.mark.parametrize("name", ["strip-192x16", "strip-320x32"])
def test_a_preview_moves_at_the_nearest_speed_and_takes_as_long_as_it_says(
    bank: dict[str, Job], name: str, tmp_path: Path
) -> None:
    files = moving_files(bank, name, tmp_path, "gif", loop=0.5)
    frames = list(frames_of(files[f"LED/预览/{name}.gif"].path.read_bytes()))
    screen = bank[name].data["screen"]
    bill = files[f"LED/播放表/{name}.txt"].path.read_text("utf-8-sig")
    said = re.search(r"动图每秒走 ([\d.]+) 点.*屏上应走 (\d+) 点", bill)
    assert said
    real, wanted = float(said[1]), float(said[2])
    assert wanted == screen["cps"] * screen["cell"]
    assert abs(real - wanted) / wanted < 0.05
    moved = [seconds for _, seconds in frames if seconds < 0.1]
    strip = next(file for file in files.values() if file.format == "strip" and file.pixels[0] != screen["width"])  # type: ignore[index]
    assert strip.pixels
    # one pass of the strip at the real speed, within a frame
    assert abs(sum(moved) - (screen["width"] + strip.pixels[0]) / real) <= moved[0] + 1e-6
    total = sum(seconds for _, seconds in frames)
    outline = files[f"LED/预览/{name}.gif"].outline
    assert f"，{total:.1f} 秒" in outline[1]


def test_a_preview_shows_the_dots_of_the_picture_as_lamps(bank: dict[str, Job], tmp_path: Path) -> None:
    files = moving_files(bank, "strip-192x16", tmp_path, "gif")
    (seen, _), *_ = frames_of(files["LED/预览/strip-192x16.gif"].path.read_bytes())
    still = next(file for file in files.values() if file.format == "strip" and file.pixels == (192, 16))
    pitch = seen.width // 194
    with Image.open(still.path) as dots:
        for y in range(16):
            for x in range(192):
                red = seen.getpixel(((x + 1) * pitch + pitch // 2, (y + 1) * pitch + pitch // 2))[0]  # type: ignore[index]
                assert (red > 200) == bool(dots.getpixel((x, y))), (x, y)


@pytest.mark.parametrize("name", ["strip-192x16", "strip-256x32-dual", "wall-640x384"])
def test_no_preview_flashes(bank: dict[str, Job], name: str, tmp_path: Path) -> None:
    files = moving_files(bank, name, tmp_path, "gif")
    frames = frames_of(files[f"LED/预览/{name}.gif"].path.read_bytes())
    assert most_flashes(frames) <= 1


def test_a_strobe_would_be_noticed() -> None:
    red, blue = (Image.new("RGB", (64, 32), colour) for colour in ("#FF2020", "#101060"))
    assert most_flashes([(red, 0.1), (blue, 0.1)] * 6) > MOST


# --- films ------------------------------------------------------------------------------------------------


def test_a_film_has_the_loop_of_the_playbill_in_the_pixels_of_the_screen(bank: dict[str, Job], tmp_path: Path) -> None:
    job = bank["wall-640x384"]
    two = {"playlist": job.data["playlist"][:2], "pages": job.data["pages"][:2]}
    job = with_screen(replace(job, data={**job.data, **two}), ("strip", "mp4"), **SMALL)
    files = files_of(job, tmp_path)
    shown = [file for file in files.values() if file.format == "strip"]
    loop = sum(dwell(file.text[0]) for file in shown)
    opened: Any
    with av.open(str(files["LED/wall-640x384/loop.mp4"].path), "r") as opened:
        video = opened.streams.video[0]
        assert [stream.type for stream in opened.streams] == ["video"]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, video.average_rate) == (320, 160, 25)
        assert abs(video.duration * video.time_base - loop) <= 1 / 25
        frames = [(frame.to_image(), 1 / 25) for frame in opened.decode(video=0)]
    assert most_flashes(frames) <= 1
    bill = files["LED/播放表/wall-640x384.txt"].path.read_text("utf-8-sig")
    assert f"一轮共 3 条，{loop:.0f} 秒" in bill


def test_a_strip_of_full_colour_is_filmed_moving_whole_dots_a_frame(bank: dict[str, Job], tmp_path: Path) -> None:
    job = bank["strip-192x16"]
    one = replace(job, data={**job.data, "playlist": job.data["playlist"][:1]})
    files = files_of(with_screen(one, ("strip", "mp4"), colours=3, colour="yellow"), tmp_path)
    opened: Any
    with av.open(str(files["LED/strip-192x16/loop.mp4"].path), "r") as opened:
        video = opened.streams.video[0]
        strip = next(file for file in files.values() if file.format == "strip")
        assert strip.pixels
        assert abs(video.duration * video.time_base - (192 + strip.pixels[0]) / 50) <= 1 / 25
    bill = files["LED/播放表/strip-192x16.txt"].path.read_text("utf-8-sig")
    assert "视频每秒 25 帧，走 50 点；应走 48 点" in bill


def test_without_the_video_parts_the_run_says_so_once_and_how_to_get_them(
    bank: dict[str, Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.render.led.has_video", lambda: None)
    found = []
    for name in ("wall-640x384", "strip-192x16", "tv-1920x1080"):
        rendered = RENDERER.render(with_screen(bank[name], ("strip", "mp4")), tmp_path / name, REPOSITORY)
        assert not rendered.failed
        assert not any(file.format == "mp4" for file in rendered.artifacts)
        found += rendered.problems
    assert [problem.severity for problem in found] == ["warning", "warning"]
    assert len(set(found)) == 1, "told once for all screens"
    assert 'pip install -e ".[video]"' in found[0].message


# --- a unit's own screens ---------------------------------------------------------------------------------

OWN = """名称: 青山银行云岭支行
类型: 银行
电话: 0553-8123777
屏幕:
  - strip-320x32
  - 屏型: strip-192x16
    名称: 大门口条屏
    宽: 256
  - 名称: 大厅拼接屏
    位置: 大厅
    宽: 512
    高: 256
    颜色: 全彩
    点距: 2.5
    几米外看: 4
    控制卡: huidu-full
    一轮几分钟: 0.1
"""


def own(project: Path, text: str) -> tuple[Library | None, list[Any]]:
    (project / "content" / "contacts" / "云岭.yaml").write_text(text, encoding="utf-8")
    library, problems = load(project, RENDERERS)
    return library, [problem for problem in problems if "云岭" in (problem.span.file if problem.span else "")]


def test_a_units_own_screens_take_the_place_of_the_usual_ones(project: Path) -> None:
    library, problems = own(project, OWN)
    assert library
    assert problems == []
    planned = jobs(library, "bank", contact="云岭")
    assert list(planned) == ["led", "screen1-320x32", "screen2-256x16", "screen3-512x256"]
    screens = [job.data["screen"] for job in planned.values() if "screen" in job.data]
    assert [(s["name"], s["cell"], s["font"], s["colours"]) for s in screens] == [
        ("单红条屏 320×32（P10）", 32, "sans", 1),
        ("大门口条屏", 16, "unifont", 1),
        ("大厅拼接屏", 25, "sans", 3),
    ]
    assert [c["program"] for c in planned["screen3-512x256"].data["controllers"]] == ["huidu"]


@pytest.mark.parametrize(
    ("width", "height", "designed"),
    [
        (256, 256, False), (128, 1024, False), (192, 96, False), (320, 240, True), (192, 384, True), (640, 480, True),
        (384, 512, True),
    ],
)  # fmt: skip
def test_a_full_colour_screen_of_any_shape_shows_the_usual_slogans(
    project: Path, tmp_path: Path, width: int, height: int, designed: bool
) -> None:
    screen = f"屏幕: {{名称: 门口屏, 宽: {width}, 高: {height}, 颜色: 全彩}}\n"
    library, _ = own(project, f"名称: 青山银行云岭支行\n类型: 银行\n电话: 0553-8123777\n{screen}")
    assert library
    job = jobs(library, "bank", contact="云岭")[f"screen1-{width}x{height}"]
    assert ("pages" in job.data) is designed
    rendered = RENDERERS["led"].render(job, tmp_path, project)
    assert [problem.message for problem in rendered.problems] == []


def test_a_units_screens_are_made_from_the_command(project: Path) -> None:
    own(project, OWN)
    pack = made(project, "bank", "--contact", "云岭", "--only", "LED标语", folder="bank/云岭")
    assert (pack.ran.code, pack.ran.problems) == (0, [])
    for name, size in (("screen1-320x32", 32), ("screen2-256x16", 16), ("screen3-512x256", 256)):
        pictures = [entry for entry in pack.of(format="strip") if f"/{name}/" in entry["path"]]
        assert pictures
        assert all(entry["pixels"][1] == size for entry in pictures)
    program = json.loads((pack.folder / "LED" / "screen3-512x256" / "program-huidu.json").read_bytes())
    assert program["data"][0]["area"][0]["width"] == 512


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("屏幕: strip-320x3", "是不是“strip-320x32”"),
        ("屏幕:\n  - 名称: 大屏\n    宽: 320", "没有写高、颜色"),
        ("屏幕:\n  - {名称: 大屏, 宽: 320, 高: 160, 颜色: 七彩}", "单色、双色"),
        ("屏幕:\n  - {名称: 大屏, 宽: 3, 高: 160, 颜色: 全彩}", "16"),
        ("屏幕:\n  - {屏型: strip-320x32, 控制卡: huidu}", "没有LED 控制卡“huidu”"),
    ],
)
def test_a_screen_that_cannot_be_is_told_at_its_line(project: Path, typed: str, said: str) -> None:
    _, problems = own(project, f"名称: 青山银行云岭支行\n类型: 银行\n{typed}\n")
    assert problems
    assert any(said in problem.message for problem in problems), [problem.message for problem in problems]
    assert all(problem.span.line >= 3 for problem in problems)
