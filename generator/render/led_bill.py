"""The playbill of a screen: what to enter in its software, a row a picture, and how long the loop takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.model.design import Screen
from generator.render.base import Job
from generator.render.led_base import SAMPLE_LINE, Slide
from generator.render.led_motion import Film, Preview
from generator.render.led_text import utf8
from generator.typesetting.pace import is_designed


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a screen's loop besides its pictures."""

    preview: Preview | None = None
    film: Film | None = None
    left_out: tuple[str, ...] = ()


def loop_seconds(slides: Sequence[Slide]) -> float:
    """The whole loop once."""
    return sum(slide.seconds for slide in slides)


def minutes(seconds: float) -> str:
    """2 分 05 秒, or 48 秒."""
    whole = round(seconds)
    return f"{whole // 60} 分 {whole % 60:02d} 秒" if whole >= 60 else f"{whole} 秒"


def facts(slides: Sequence[Slide], screen: Screen, made: Made) -> list[str]:
    """What the overview says of the screen."""
    unit = "页" if is_designed(screen) else "条"
    said = [f"{len(slides)} {unit}，一轮 {minutes(loop_seconds(slides))}"]
    if made.preview:
        shown = f"动图演示其中 {made.preview.slides} {unit}，{made.preview.seconds:.1f} 秒"
        real = next((slide.speed for slide in slides if slide.speed), 0)
        if made.preview.speed and round(made.preview.speed) != round(real):
            shown += f"，每秒 {made.preview.speed:.0f} 点（屏上 {real:.0f} 点）"
        said.append(shown)
    if made.film:
        said.append(f"视频 {minutes(made.film.seconds)}")
    return said


def playbill(slides: Sequence[Slide], screen: Screen, job: Job, made: Made) -> bytes:
    """UTF-8 text whose columns line up in a fixed-width font."""
    lines = [SAMPLE_LINE] if job.data["sample"] else []
    lines += [f"播放表：{screen.name}{f'（{screen.position}）' if screen.position else ''}", _size(screen, job), ""]
    rules = [*_rules(screen), *_speeds(slides, made)]
    lines += [f"{number}. {rule}" for number, rule in enumerate(rules, 1)]
    width = max(len(slide.file) for slide in slides)
    lines += ["", f"序号  {'文件':<{width - 2}}  播放方式  时间           速度         最迟下屏    标语"]
    lines += [_row(number, slide, width) for number, slide in enumerate(slides, 1)]
    lines += ["", f"一轮共 {len(slides)} 条，{minutes(loop_seconds(slides))}。"]
    lines += [f"没有上屏：“{text}”，里面有显示屏软件认不出的字。" for text in made.left_out]
    return utf8(lines)


def _size(screen: Screen, job: Job) -> str:
    a_row, rows = screen.width // screen.cell, screen.height // screen.cell
    holds = f"一屏 {rows} 行，每行 {a_row} 个字" if rows > 1 else f"一屏 {a_row} 个字"
    away = f"，大约 {screen.distance:g} 米外看" if screen.distance else ""
    held = "" if is_designed(screen) else f"，{holds}"
    return f"宽 {screen.width} 点，高 {screen.height} 点{held}{away}。版本 {job.data['date']}"


def _rules(screen: Screen) -> list[str]:
    yours = f"图片在“{screen.id}”文件夹，一条标语一张，点对点，不要缩放"
    if is_designed(screen):
        said = [f"{yours}；停留时间照下表。能放视频的放 loop.mp4，循环播放。"]
    else:
        said = [f"{yours}；亮的点就是要亮的灯。", "静止的：放在屏中间不动，停留时间照下表。"]
        if screen.roadside:
            said.append("这块屏对着马路：一律静止，每张至少停 15 秒，换画面时不要用特技。")
        else:
            said.append(
                "滚动的：特技选“连续左移”（有的软件叫“向左连移”）。各家速度分档不同：用手表对一遍的时间，差不多就行。"
            )
    said.append("不要用闪烁，不要红蓝交替。")
    said.append("上屏前按本单位规定审批；到“最迟下屏”那天换下来；播过的内容拍照存档。")
    said.append("拷贝用干净的 U 盘；屏的控制电脑平时不联网，改掉出厂密码。")
    return said


def _speeds(slides: Sequence[Slide], made: Made) -> list[str]:
    """Where a preview or a film cannot move as fast as the screen will, both speeds."""
    real = next((slide.speed for slide in slides if slide.speed), 0)
    said = []
    if made.preview and made.preview.speed:
        said.append(f"动图每秒走 {made.preview.speed:.1f} 点（动图的钟只能走百分之一秒），屏上应走 {real:.0f} 点。")
    if made.film and made.film.speed:
        said.append(f"视频每秒 {made.film.fps} 帧，走 {made.film.speed:.0f} 点；应走 {real:.0f} 点。")
    return said


def _row(number: int, slide: Slide, width: int) -> str:
    if slide.speed:
        how, time = "连续左移", f"一遍 {slide.seconds:>4.1f} 秒"
    else:
        how, time = "静　　止", f"停留 {slide.seconds:>4.1f} 秒"
    speed = f"每秒 {slide.speed:>3.0f} 点" if slide.speed else " " * 11
    until = slide.until or " " * 10
    return f"{number:>3}   {slide.file:<{width}}  {how}  {time}   {speed}  {until}  {slide.text}"
