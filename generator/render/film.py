"""A storyboard as a film: each scene stands on two pages, its picture alone and with its words.

The picture comes first, the words fade in and stand as long as reading them takes; then the next scene.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.errors import warning
from generator.render.base import Artifact, Job, Rendered
from generator.render.captions import picture_name
from generator.typesetting import motion

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

BARE: Final = 0.5
"""Seconds that a scene's picture stands before its words come."""
FADE: Final = 0.24
"""Seconds of a fade: words in, and one scene into the next."""
PACE: Final = 5
"""Characters a second: large type that stands still is read faster than type that scrolls (3)."""
SHORTEST, LONGEST = 10.0, 20.0
"""Seconds of a film that people watch to its end."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How long each scene's words stand, in frames, and the whole in seconds."""

    stands: tuple[int, ...]
    seconds: float


def cut(characters: Sequence[int], fps: int = motion.FPS) -> Cut:
    """The frames of each scene from the characters that it says, so that the whole takes 10 to 20 seconds."""
    wanted = [max(1.2, 0.8 + count / PACE) for count in characters]
    moves = len(characters) * (BARE + 2 * FADE)
    whole = sum(wanted) + moves
    if whole > LONGEST:
        wanted = [seconds * (LONGEST - moves) / sum(wanted) for seconds in wanted]
    elif whole < SHORTEST:
        wanted = [seconds + (SHORTEST - whole) / len(wanted) for seconds in wanted]
    stands = tuple(round(seconds * fps) for seconds in wanted)
    frames = sum(stands) + len(characters) * (round(BARE * fps) + 2 * round(FADE * fps)) - round(FADE * fps)
    return Cut(stands, frames / fps)


def film_files(
    job: Job,
    pages: "Sequence[Picture]",
    spoken: Sequence[int],
    texts: tuple[str, ...],
    workspace: Path,
    result: Rendered,
) -> Iterator[Artifact]:
    """The film of ``pages``, two a scene; ``spoken`` counts the characters on each page.

    Nothing but a warning that says what to install where PyAV is missing.
    """
    if motion.has_video() is None:
        message = f"没有做短视频：先安装一次 {motion.INSTALL}，再运行"
        result.problems.append(warning("no-video", message))
        return
    scenes = [(pages[at], pages[at + 1]) for at in range(0, len(pages), 2)]
    timing = cut(spoken[1::2])
    path = workspace / "film.mp4"
    path.write_bytes(motion.mp4(_shots(scenes, timing), pages[0].size))
    yield Artifact(
        path, f"{picture_name(job)}.mp4", job.material, "film", "screen", f"{job.title}（{timing.seconds:.0f} 秒）",
        job.name, job.content, pixels=pages[0].size, text=texts, key=job.key,
    )  # fmt: skip


def _shots(scenes: "Sequence[tuple[Picture, Picture]]", timing: Cut) -> Iterator[motion.Shot]:
    bare, fade = round(BARE * motion.FPS), round(FADE * motion.FPS)
    for at, (alone, told) in enumerate(scenes):
        if at:
            yield from motion.dissolve(scenes[at - 1][1], alone, fade)
        yield alone, bare
        yield from motion.dissolve(alone, told, fade)
        yield told, timing.stands[at]
