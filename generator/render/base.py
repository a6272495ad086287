"""The contract between the story and its renderers: a Job goes in, Artifacts come out.

A renderer is one module with one ``RENDERER``; it owns its engine alone, writes only into the workspace
it is given, and never decides what is said: a Job is plain, picklable data.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self

from generator.errors import Problem, Span

Use = Literal["print", "office", "screen", "led", "edit", "text", "data"]
Json = dict[str, Any]

LOGO: Final = "logo"
"""Among a job's origins, where the unit's logo was named."""


@dataclass(frozen=True)
class Job:
    """One piece to make.

    ``name`` is the piece's id within the pack and ``title`` its Chinese name. ``stem`` is the file name
    without ending, ``data`` the JSON that its template sees, ``origins`` maps the id of a text in
    ``data`` to where it was written, ``content`` lists the ids of the items it shows, ``key`` changes
    whenever anything that could change a byte of it changes.
    """

    name: str
    title: str
    material: str
    renderer: str
    template: str
    stem: str
    formats: tuple[str, ...]
    data: Json
    origins: Mapping[str, Span]
    content: tuple[str, ...]
    key: str = ""

    @cached_property
    def written(self) -> str:
        """``data`` as JSON, as its template reads it. Artwork makes it long: it is written once and goes along."""
        return json.dumps(self.data, ensure_ascii=False)

    def keyed(self, key: str) -> Self:
        """The same job with its key."""
        made = replace(self, key=key)
        made.__dict__["written"] = self.written
        return made


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file made, still in the workspace.

    ``path`` is where it is now, ``name`` where it belongs in the pack (``发广告公司/海报….pdf``). Lengths in
    mm, ``pixels`` width and height. ``scale``: the file is drawn at 1:N, ``trim_mm`` is the true size. ``order`` is
    what the shop is told in words of a piece that it orders by its words (a banner). ``text`` is what a reader finds
    in it, in reading order; ``preflight`` what was measured in a print file (``checks.preflight``).
    """

    path: Path
    name: str
    material: str
    format: str
    use: Use
    title: str
    piece: str
    content: tuple[str, ...] = ()
    pages: int | None = None
    trim_mm: tuple[float, float] | None = None
    bleed_mm: float | None = None
    pixels: tuple[int, int] | None = None
    text: tuple[str, ...] = ()
    preview: str | None = None
    outline: tuple[str, ...] = ()
    scale: int = 1
    order: Json | None = None
    preflight: Json | None = None
    key: str = ""


@dataclass(slots=True)
class Rendered:
    """What became of a job: its files, what was measured, and what is wrong with it."""

    job: Job
    artifacts: list[Artifact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether the piece must be withheld."""
        return any(problem.severity == "error" for problem in self.problems)


class Render(Protocol):
    """Makes one job's files in ``workspace``; ``root`` is the project (templates/, fonts/, content/)."""

    def __call__(self, job: Job, workspace: Path, root: Path) -> Rendered: ...


@dataclass(frozen=True, slots=True)
class Renderer:
    """A registered renderer: its name in the catalogue, the formats it can make, its function.

    ``engines`` returns the versions that change its bytes; they are part of every job's key.
    """

    name: str
    formats: tuple[str, ...]
    render: Render
    engines: Callable[[], str]
