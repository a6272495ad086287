"""Captions: the text that is pasted with a picture into a chat, short, with what to do and whom to call."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.errors import RenderError, warning
from generator.render.base import Artifact, Job, Rendered
from generator.typesetting.plaintext import written


def picture_name(job: Job) -> str:
    """Where a piece's pictures go in the pack, without what tells its pages apart."""
    folder = job.data["sheet"]["picture"]["folder"]
    return f"发微信/{folder}/{job.stem}" if folder else f"发微信/{job.stem}"


def caption_files(job: Job, workspace: Path, root: Path, result: Rendered) -> Iterator[Artifact]:
    """The caption beside the picture, UTF-8 with BOM and CRLF; ``limits: caption`` is how long it may be.

    A template's mistake becomes a problem of the piece, a caption that a feed would fold a warning.
    """
    try:
        text = written(root / "templates", f"{job.template}/caption.txt.j2", job.data)
    except RenderError as failure:
        result.problems += [replace(each, piece=job.name) for each in failure.problems]
        return
    limit = job.data["sheet"]["limits"].get("caption")
    if limit and len(text) > limit:
        message = f"“{job.title}”的配文有 {len(text)} 字，超过 {limit} 字会被折叠；发之前请删短"
        result.problems.append(warning("caption-long", message, piece=job.name))
    path = workspace / "caption.txt"
    path.write_bytes("\r\n".join([*text.splitlines(), ""]).encode("utf-8-sig"))
    lines = tuple(line for line in text.splitlines() if line.strip())
    yield Artifact(
        path, f"{picture_name(job)}_配文.txt", job.material, "caption", "text", f"{job.title}·配文", job.name,
        job.content, text=lines, key=job.key,
    )  # fmt: skip
