"""Makes the jobs of a pack, several at a time, each in a workspace of its own.

Half of a piece is Python's own work and pdfium serves one caller of a process, so many pieces are made by processes
that each have their own engines. They start while the content is still being read, and stay for the next pack.
"""

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Final, Self

from generator import workers
from generator.errors import OutputError, error
from generator.fingerprint import Fingerprints
from generator.render.base import Artifact, Job, Rendered

MOST_AT_ONCE: Final = 4
"""Each process holds up to 400 MB; an office PC has 8 GB."""
UNABLE: Final = (OSError, ImportError, NotImplementedError)
"""What a system raises that has no semaphores to share: there one process makes the same files, only later."""
FEW: Final = 8
"""Pieces that are made here before others would have started to help."""


class Kitchen:
    """A context: its workspaces go away at the end. Once ``keep`` is set, equal keys are rendered once a run.

    ``at_once``: processes at most; 1 makes everything in this one, None as many as there are processors.
    """

    def __init__(self, root: Path, at_once: int | None = None) -> None:
        self.root, self.keep = root, False
        self._at_once = min(MOST_AT_ONCE, os.cpu_count() or 1) if at_once is None else at_once
        self._made: dict[str, Rendered] = {}
        self._calling: Thread | None = None
        self._fingerprints = Fingerprints(root)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="generate-", ignore_cleanup_errors=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A helper that is called and finds nobody complains; it must have come before the command may end.
        if self._calling:
            self._calling.join()
        self._folder.cleanup()

    def call_helpers(self) -> None:
        """Start the processes, for a run that will be large: they are ready when the plan is.

        In a thread: the first one waits until all that they share is imported.
        """
        if self._at_once > 1:
            self._calling = Thread(target=self._call, daemon=True)
            self._calling.start()

    def _call(self) -> None:
        with suppress(*UNABLE):
            for _ in range(self._at_once):
                _helpers(self._at_once).submit(workers.get_ready, self.root)

    def make_all(self, jobs: Sequence[Job]) -> Iterator[tuple[Rendered, float]]:
        """Each job's result and its seconds, as they are done. A bug in a renderer is raised, never hidden.

        OutputError when a process was ended from outside, or for want of memory.
        """
        keyed = [job.keyed(self._fingerprints.key_of(job)) for job in jobs]
        yield from ((self._copied(self._made[job.key]), 0.0) for job in keyed if job.key in self._made)
        # What says most takes longest: begin there, and no process waits for another at the end.
        new = sorted((job for job in keyed if job.key not in self._made), key=_words, reverse=True)
        for made, seconds in self._here(new) if self._at_once == 1 or len(new) <= FEW else self._by_helpers(new):
            if self.keep and not made.failed:
                self._made[made.job.key] = made
                made = self._copied(made)
            yield made, seconds

    def discard(self, made: Rendered) -> None:
        """Free the disk of a piece that nobody will write."""
        for artifact in made.artifacts:
            artifact.path.unlink(missing_ok=True)

    def _here(self, jobs: Sequence[Job]) -> Iterator[tuple[Rendered, float]]:
        return (workers.make(job, self._folder.name, self.root) for job in jobs)

    def _by_helpers(self, jobs: Sequence[Job]) -> Iterator[tuple[Rendered, float]]:
        if self._calling:
            self._calling.join()
        try:
            helpers = _helpers(self._at_once)
        except UNABLE:
            yield from self._here(jobs)
            return
        futures = []
        try:
            futures += [helpers.submit(workers.make, job, self._folder.name, self.root) for job in jobs]
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool:
            _helpers.cache_clear()
            raise OutputError(
                [
                    error(
                        "worker-ended",
                        "制作文件的进程被意外结束了，多半是内存不够：请关掉别的程序再运行，或者加上 --jobs 1",
                    )
                ]
            ) from None
        finally:
            # Nobody waits for the rest of a run that was given up.
            for future in futures:
                future.cancel()

    def _copied(self, made: Rendered) -> Rendered:
        workspace = Path(tempfile.mkdtemp(dir=self._folder.name))
        copies: list[Artifact] = []
        for at, artifact in enumerate(made.artifacts):
            path = workspace / f"{at}{artifact.path.suffix}"
            shutil.copyfile(artifact.path, path)
            copies.append(replace(artifact, path=path))
        return Rendered(made.job, copies, list(made.problems))


def _words(job: Job) -> int:
    return len(job.written)


def dismiss_helpers() -> None:
    """End the processes, at the end of a command: Python's own ending of them may find what it calls closed."""
    for helpers in _HIRED:
        helpers.shutdown(cancel_futures=True)
    _HIRED.clear()
    _helpers.cache_clear()


_HIRED: Final[list[ProcessPoolExecutor]] = []


@cache
def _helpers(count: int) -> ProcessPoolExecutor:
    """Processes that start from a clean one: a copy of this one would share engines that are at work in threads."""
    context: BaseContext = multiprocessing.get_context("spawn")
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", "generator.preloaded"])
    _HIRED.append(ProcessPoolExecutor(count, mp_context=context, initializer=workers.obey))
    return _HIRED[-1]
