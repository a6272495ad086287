"""What a piece is made of, as one sum: its words, its template, the fonts, the engines, this program.

Two jobs with the same key give the same bytes, so each is rendered once; a key that an old manifest
already has says that the file on disk is still right.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from generator import __version__
from generator.render import RENDERERS
from generator.render.base import Job


class Fingerprints:
    """The sums of a run. Templates are read once: a run's pieces are all made of the same ones."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[str, str] = {}
        self._engines: dict[str, str] = {}

    def key_of(self, job: Job) -> str:
        """sha256 in hex over everything that can change a byte of ``job``'s files."""
        parts = (
            __version__,
            _program(),
            job.name,
            job.stem,
            job.template,
            ",".join(job.formats),
            self._versions(job.renderer),
            *map(self._template, (job.template, "_shared", "press")),
            _fonts(self._root / "fonts"),
            _contact_pictures(job, self._root),
            job.written,
        )
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _versions(self, renderer: str) -> str:
        if renderer not in self._engines:
            self._engines[renderer] = RENDERERS[renderer].engines()
        return self._engines[renderer]

    def _template(self, name: str) -> str:
        if name not in self._folders:
            folder = self._root / "templates" / name
            self._folders[name] = _sum(sorted(path for path in folder.rglob("*") if path.is_file()))
        return self._folders[name]


@cache
def _program() -> str:
    return _sum(sorted(Path(__file__).parent.rglob("*.py")))


@cache
def _fonts(folder: Path) -> str:
    # Names and sizes are enough: reading 60 MB of fonts would cost more than rendering.
    return ";".join(f"{path.name}={path.stat().st_size}" for path in sorted(folder.iterdir()))


def _contact_pictures(job: Job, root: Path) -> str:
    logo = (job.data.get("contact") or {}).get("logo")
    return _sum([root / logo]) if logo else ""


def _sum(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
