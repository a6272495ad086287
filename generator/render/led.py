"""LED screens: the slogans as text that every vendor's software reads, and as pictures of exactly a screen's dots.

A job is the texts of a pack (``part`` text) or one screen with what it plays (``part`` screen). On a screen a slogan
stands still, centred, where it fits; else it is one long strip for 连续左移; full-colour walls and monitors show
designed pages. Nothing flashes.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from generator.errors import Problem, error, warning
from generator.model.design import LedController, Screen
from generator.render.base import Job, Json, Rendered, Renderer
from generator.render.led_base import Files, Slide, encoded
from generator.render.led_bill import Made, facts, playbill
from generator.render.led_motion import film, preview
from generator.render.led_pages import pages
from generator.render.led_pictures import LIGHTS, check_profile, glyph_problems, picture_file, slides
from generator.render.led_programs import programs
from generator.render.led_text import add_texts, outside_gbk, playlist_problems, slogans_of
from generator.typesetting.bitmap import UNIFONT, Unsuitable, face, screen_picture
from generator.typesetting.motion import INSTALL, has_video
from generator.typesetting.pace import is_designed

FILM: Final = "loop.mp4"


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """The files of one part of the LED pack; problems that withhold it are in the result, never raised."""
    rendered = Rendered(job)
    files = Files(job, workspace)
    if job.data["part"] == "text":
        _render_texts(job, files, rendered)
    else:
        _render_screen(job, files, rendered, root)
    if not rendered.failed:
        rendered.artifacts += files.made
    return rendered


def _render_texts(job: Job, files: Files, rendered: Rendered) -> None:
    rendered.problems += playlist_problems(job)
    if not job.data["screens"]:
        message = "没有指定显示屏：请在物料目录里写 screens，或在单位文件里写“屏幕”"
        rendered.problems.append(error("led-screen", message, piece=job.name))
    if not rendered.failed:
        add_texts(job, files)


# --- one screen -------------------------------------------------------------------------------------------


def _render_screen(job: Job, files: Files, rendered: Rendered, root: Path) -> None:
    screen = Screen.model_validate(job.data["screen"])
    # What no software can read is told once, by the texts; the other slogans play.
    left_out = tuple(text for text in slogans_of(job) if outside_gbk(text))
    job = _readable(job)
    if not job.data["playlist"]:
        return
    shown, problems = _shown(job, screen, root)
    rendered.problems += problems
    if rendered.failed:
        return
    _add_screen(files, job, screen, shown, _moving(job, screen, shown, left_out, rendered.problems))


def _readable(job: Job) -> Job:
    good = [at for at, text in enumerate(slogans_of(job)) if not outside_gbk(text)]
    data: Json = {name: [job.data[name][at] for at in good] for name in ("playlist", "pages") if name in job.data}
    origins = {name: span for name, span in job.origins.items() if not name.startswith("playlist/")}
    origins |= {
        f"playlist/{new}": job.origins[f"playlist/{at}"]
        for new, at in enumerate(good)
        if f"playlist/{at}" in job.origins
    }
    return replace(job, data={**job.data, **data}, origins=origins)


def _shown(job: Job, screen: Screen, root: Path) -> tuple[list[Slide], list[Problem]]:
    """What the screen shows one after the other."""
    try:
        check_profile(screen)
        if is_designed(screen):
            return pages(job, screen, root)
        typeface = face(screen.font, screen.cell, root)
        if lost := list(glyph_problems(job, screen, typeface)):
            return [], lost
        return list(slides(job, screen, job.data["playlist"], typeface)), []
    except Unsuitable as unsuitable:
        message = f"屏幕“{screen.name}”：{unsuitable}"
        return [], [error("led-screen", message, job.origins.get("screen"), piece=job.name)]


def _moving(
    job: Job, screen: Screen, shown: Sequence[Slide], left_out: tuple[str, ...], problems: list[Problem]
) -> Made:
    """The preview and the film, where they are wanted and can be made."""
    wants_film = "mp4" in job.formats and screen.colours == 3
    if wants_film and not has_video():
        message = f"没有安装视频组件，全彩屏的 MP4 没有做（图片都有）；要视频请运行：{INSTALL}"
        problems.append(warning("no-video", message))
    if wants_film and (screen.width % 2 or screen.height % 2):
        message = f"屏幕“{screen.name}”的宽和高要是双数才能做视频，没有做 MP4"
        problems.append(warning("no-video", message, job.origins.get("screen"), piece=job.name))
        wants_film = False
    return Made(
        preview(shown, screen) if "gif" in job.formats else None,
        film(shown, screen) if wants_film and has_video() else None,
        left_out,
    )


def _add_screen(files: Files, job: Job, screen: Screen, shown: Sequence[Slide], made: Made) -> None:
    """A folder of pictures that can be copied as it is, and elsewhere the playbill and how it will look."""
    texts = [slide.text for slide in shown]
    still = f"LED/预览/{screen.id}.png"
    pictures = {slide.file: picture_file(slide.image, screen) for slide in shown}
    if "strip" in job.formats:
        for slide in shown:
            title = f"{screen.name} {slide.file}"
            more: dict[str, Any] = {"content": (slide.item,), "pixels": slide.image.size, "preview": still}
            files.add(
                f"LED/{screen.id}/{slide.file}", pictures[slide.file], "strip", "led", title, [slide.text], **more
            )
    if made.film:
        size = (screen.width, screen.height)
        title = f"{screen.name} 视频"
        files.add(f"LED/{screen.id}/{FILM}", made.film.data, "mp4", "led", title, texts, pixels=size, preview=still)
    if "program" in job.formats:
        _add_programs(files, job, screen, shown, pictures)
    if "strip" in job.formats:
        bill = playbill(shown, screen, job, made)
        files.add(f"LED/播放表/{screen.id}.txt", bill, "bill", "text", f"播放表（{screen.name}）", texts, preview=still)
    look = _look(shown, screen)
    files.add(still, encoded(look, "PNG"), "preview", "led", screen.name, texts, preview=still, pixels=look.size)
    if made.preview:
        files.add(
            f"LED/预览/{screen.id}.gif", made.preview.data, "gif", "led", screen.name, texts, preview=still,
            pixels=made.preview.size, outline=tuple(facts(shown, screen, made)),
        )  # fmt: skip


def _add_programs(files: Files, job: Job, screen: Screen, shown: Sequence[Slide], pictures: dict[str, bytes]) -> None:
    for one in job.data["controllers"]:
        controller = LedController.model_validate(one)
        for name, data in programs(shown, screen, controller, pictures):
            form = name.rpartition(".")[2]
            title, texts = f"{screen.name} {controller.name} 节目文件", [slide.text for slide in shown]
            files.add(f"LED/{screen.id}/{name}", data, form, "data", title, texts)


def _look(shown: Sequence[Slide], screen: Screen) -> Any:
    """The first slides as a picture that can be printed."""
    if not is_designed(screen):
        return screen_picture([slide.image for slide in shown], screen.width, LIGHTS[screen.colour])
    first = shown[0].image
    scale = min(1.0, 960 / max(first.size))
    return first.resize((round(first.width * scale), round(first.height * scale)))


def engines() -> str:
    """What changes the bytes of these files besides their data."""
    parts = {name: version(name) for name in ("pillow", "typst", "pypdfium2", "pypinyin")}
    return ", ".join(
        [*(f"{name} {number}" for name, number in parts.items()), f"unifont {UNIFONT}", f"av {has_video()}"]
    )


RENDERER: Final = Renderer(
    "led", ("text", "gbk", "utf8", "rtf", "line", "log", "strip", "gif", "mp4", "program"), render, engines
)
