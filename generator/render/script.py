"""Scripts to read out: plain text with the time that reading it takes."""

import math
import re
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Final

from generator.errors import RenderError, error
from generator.render.base import Artifact, Job, Rendered, Renderer
from generator.typesetting.plaintext import written

PACE: Final = 200
"""Characters a minute over a loudspeaker: slower than a speaker in a room (about 240), and it echoes."""
_SPOKEN: Final = re.compile(r"[\u3400-\u9fff]|[0-9A-Za-z]+")
SAMPLE_LINE: Final = "【样张，请勿使用】"


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """One text file, UTF-8 with BOM and CRLF, as Notepad opens it; a template's mistake withholds it."""
    rendered = Rendered(job)
    try:
        spoken = written(root / "templates", f"{job.template}/main.txt.j2", job.data)
    except RenderError as failure:
        rendered.problems += [replace(each, piece=job.name) for each in failure.problems]
        return rendered
    limit = job.data["sheet"]["limits"].get("seconds")
    seconds = reading_seconds(spoken)
    if limit and seconds > limit:
        message = f"“{job.title}”要念 {seconds} 秒，超过 {limit} 秒：请少讲一种骗术，或改短"
        rendered.problems.append(error("script-long", message, piece=job.name))
        return rendered
    head = f"【{job.title}】约 {said(seconds)}（每分钟 {PACE} 字）。版本 {job.data['date']}"
    lines = [*([SAMPLE_LINE] if job.data["sample"] else []), head, "", *spoken.splitlines()]
    path = workspace / "script.txt"
    path.write_bytes("\r\n".join([*lines, ""]).encode("utf-8-sig"))
    text = tuple(line for line in spoken.splitlines() if line.strip())
    made = Artifact(
        path, f"发微信/{job.stem}.txt", job.material, "txt", "text", job.title, job.name, job.content,
        text=text, key=job.key,
    )  # fmt: skip
    rendered.artifacts.append(made)
    return rendered


def reading_seconds(text: str) -> int:
    """Seconds that ``text`` takes: a character each for Hanzi and for figures, a word for Latin letters."""
    return math.ceil(sum(len(word) if word.isdigit() else 1 for word in _SPOKEN.findall(text)) / PACE * 60)


def said(seconds: int) -> str:
    """Seconds in words: 40 秒, 1 分 30 秒."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} 秒"
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分钟"


def engines() -> str:
    """What changes the bytes of these files besides their data."""
    return f"jinja2 {version('jinja2')}"


RENDERER: Final = Renderer("script", ("txt",), render, engines)
