"""What the parts of the LED renderer share: the files of a job, and a slogan as it stands or moves on a screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.render.base import Artifact, Job
from generator.render.base import Use as Delivery

if TYPE_CHECKING:
    from PIL.Image import Image as Dots

SAMPLE_LINE: Final = "【样张 请勿上屏】"
SAMPLE_MARK: Final = "【样张】"


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of a screen's loop. ``speed`` in dots a second, 0 when it stands still; ``seconds`` it takes.

    ``file`` is its name in the screen's folder, ``item`` the content it shows, ``until`` the last day (ISO) on which
    it may play, empty for no end. ``image`` is mode "1" for lit and dark dots, "RGB" for a designed page.
    """

    file: str
    item: str
    text: str
    image: "Dots"
    speed: float
    seconds: float
    until: str = ""


class Files:
    """Writes a job's files into the workspace and keeps their artifacts in delivery order."""

    def __init__(self, job: Job, workspace: Path) -> None:
        self.made: list[Artifact] = []
        self._job = job
        self._workspace = workspace

    def add(
        self, name: str, data: bytes, form: str, use: Delivery, title: str, text: Sequence[str] = (), **more: Any
    ) -> None:
        """A file of the pack; ``more`` are fields of Artifact that differ from the job's."""
        path = self._workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        job = self._job
        known: dict[str, Any] = {"content": job.content, "key": job.key, "text": tuple(text)}
        self.made.append(Artifact(path, name, job.material, form, use, title, job.name, **known | more))


def encoded(image: "Dots", file_format: str, **options: Any) -> bytes:
    """The picture as the bytes of a file."""
    data = BytesIO()
    image.save(data, file_format, **options)
    return data.getvalue()
