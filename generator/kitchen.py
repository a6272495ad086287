"""Renders the jobs of a pack, several at a time, each in a workspace of its own.

Engines release Python's lock while they work, so threads are enough; each thread has its own compiler.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from generator.errors import GeneratorError
from generator.fingerprint import key_of
from generator.render import RENDERERS
from generator.render.base import Artifact, Job, Rendered

MOST_AT_ONCE: Final = 4
"""Beyond four, pieces wait for pdfium, which serves one at a time."""


class Kitchen:
    """A context: its workspaces go away at the end. With ``keep``, equal keys are rendered once a run.

    ``one_by_one``: two films at once would hold half a gigabyte of frames.
    """

    def __init__(self, root: Path, keep: bool = False, one_by_one: bool = False) -> None:
        self.root, self._keep, self._one_by_one = root, keep, one_by_one
        self._made: dict[str, Rendered] = {}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="generate-", ignore_cleanup_errors=True)
        self._pool = ThreadPoolExecutor(1 if self._one_by_one else min(MOST_AT_ONCE, os.cpu_count() or 1))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def make_all(self, jobs: Sequence[Job]) -> Iterator[tuple[Rendered, float]]:
        """Each job's result and its seconds, as they are done. A bug in a renderer is raised, never hidden."""
        # The catalogue ends with decks, which take longest: begin there, and no thread waits at the end.
        futures = [self._pool.submit(self.make, job) for job in reversed(jobs)]
        for future in as_completed(futures):
            yield future.result()

    def make(self, job: Job) -> tuple[Rendered, float]:
        """The job's files and how many seconds they took."""
        started = time.perf_counter()
        renderer = RENDERERS[job.renderer]
        job = replace(job, key=key_of(job, renderer, self.root))
        if job.key in self._made:
            return self._copied(self._made[job.key]), time.perf_counter() - started
        try:
            made = renderer.render(job, self._workspace(), self.root)
        except GeneratorError as failure:
            made = Rendered(job, problems=failure.problems)
        if made.failed:
            made.artifacts.clear()
        elif self._keep:
            self._made[job.key] = made
            made = self._copied(made)
        return made, time.perf_counter() - started

    def discard(self, made: Rendered) -> None:
        """Free the disk of a piece that nobody will write."""
        for artifact in made.artifacts:
            artifact.path.unlink(missing_ok=True)

    def _workspace(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder.name))

    def _copied(self, made: Rendered) -> Rendered:
        workspace = self._workspace()
        copies: list[Artifact] = []
        for at, artifact in enumerate(made.artifacts):
            path = workspace / f"{at}{artifact.path.suffix}"
            shutil.copyfile(artifact.path, path)
            copies.append(replace(artifact, path=path))
        return Rendered(made.job, copies, list(made.problems))
