"""What a process that makes pieces does: get its engines ready, make a job in a workspace of its own.

The command runs this in its own process for a few pieces, and in several for a pack.
"""

import gc
import os
import signal
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Final

from generator.errors import GeneratorError
from generator.render import RENDERERS
from generator.render.base import Job, Rendered
from generator.render.engine import engine

GARBAGE: Final = 50_000
"""Pages are large trees that live shortly: looking for garbage amid them rarely is enough."""


def obey() -> None:
    """Leave Ctrl+C to the command, which ends its helpers itself, and the other processors to the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    gc.set_threshold(GARBAGE)


def load_engines() -> None:
    """Import what every piece imports late."""
    for name in ("PIL.Image", "pikepdf", "pypdfium2", "fontTools.ttLib.tables._g_l_y_f", "pypinyin", "lxml.etree"):
        import_module(name)


def get_ready(root: Path) -> None:
    """Load the engines and the fonts."""
    load_engines()
    engine(root)


def make(job: Job, folder: str, root: Path) -> tuple[Rendered, float]:
    """The job's files, in a new folder under ``folder``, and how many seconds they took."""
    started = time.perf_counter()
    workspace = Path(tempfile.mkdtemp(dir=folder))
    try:
        made = RENDERERS[job.renderer].render(job, workspace, root)
    except GeneratorError as failure:
        made = Rendered(job, problems=failure.problems)
    if made.failed:
        made.artifacts.clear()
    return made, time.perf_counter() - started
