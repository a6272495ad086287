"""The only writer to output/: files are staged beside the pack, find their places, and move in at once.

A pack on disk is the old one or the new one, never a mixture (``journal``). What a person edited, or put
there, is never replaced and never removed; the last manifest's sums tell it from what we wrote.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Self

from generator import journal, manifest
from generator.errors import Problem, sorted_problems, warning
from generator.journal import Move, numbered, refusals, sha256_of
from generator.manifest import MANIFEST, RETIRED, Entry, Manifest, Meta, Past, folded

if TYPE_CHECKING:  # the registry of renderers loads every engine
    from generator.render.base import Artifact


@dataclass(frozen=True, slots=True)
class Withheld:
    """A piece that could not be made, and why. Its last version goes to 旧版/."""

    piece: str
    title: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a pack. All names are paths inside ``destination``, with ``/``.

    ``kept_edits``: the user's file and where the new version is (None: it is no longer made).
    ``retired``: what was moved and where to in 旧版/. ``problems``: what only the writing could find out;
    they are in the manifest too.
    """

    destination: Path
    manifest: Manifest
    written: list[str]
    unchanged: list[str]
    kept_edits: list[tuple[str, str | None]]
    retired: list[tuple[str, str]]
    removed: list[str]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file waiting in the staging folder."""

    artifact: "Artifact"
    path: Path
    size: int
    sha256: str

    @property
    def name(self) -> str:
        return self.artifact.name


@dataclass(slots=True)
class _Plan:
    """Where everything goes; nothing has moved yet. Paths are inside the pack."""

    manifest: Manifest = field(default_factory=dict)
    placed: dict[str, _Staged] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept_edits: list[tuple[str, str | None]] = field(default_factory=list)
    retired: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def written(self) -> list[str]:
        same = set(self.unchanged)
        return [path for path in self.placed if path not in same]


class Staging:
    """A pack on its way to ``destination``; nothing there changes before ``commit``.

    A context manager: entering locks the destination and undoes what a crash left half done, leaving
    throws away what was not committed. Every method raises OutputError when the disk says no.
    """

    def __init__(self, destination: Path) -> None:
        self.destination = destination.absolute()
        self._lock = journal.Lock(self.destination)
        self._folder = self.destination
        self._past = Past()
        self._staged: dict[str, _Staged] = {}
        self._placed: dict[str, _Staged] = {}
        self._sums: dict[Path, tuple[tuple[int, int], str]] = {}

    def __enter__(self) -> Self:
        with refusals(self.destination.name, folder=True):
            if os.path.lexists(self.destination) and not self.destination.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(self.destination))
            self.destination.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        try:
            self._begin()
        except BaseException:
            self._lock.release()
            raise
        return self

    def _begin(self) -> None:
        with refusals(self.destination.name, folder=True):
            journal.recover(self.destination)
            self._folder = journal.new_folder(self.destination)
            for part in ("new", "old", "work"):
                (self._folder / part).mkdir()
        self._past = manifest.read(self.destination / MANIFEST)

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        journal.discard(self._folder)
        self._lock.release()

    @property
    def workspace(self) -> Path:
        """A folder for drafts of the pack's own files; it goes away with the staging."""
        return self._folder / "work"

    @property
    def names(self) -> tuple[str, ...]:
        """The names added so far, in order."""
        return tuple(staged.name for staged in self._staged.values())

    def add(self, artifact: "Artifact") -> None:
        """Take a file out of its workspace. The order of adding is the order of the manifest.

        Raises ValueError, a bug of ours, when two files want one name (upper and lower case are one, as
        on Windows), when some system could not store the name, or when the file is not there.
        """
        manifest.check_name(artifact.name)
        key = folded(artifact.name)
        if key in self._staged:
            raise ValueError(f"两个文件要用同一个名字：{self._staged[key].name}、{artifact.name}")
        if not artifact.path.is_file():
            raise ValueError(f"没有做出这个文件：{artifact.name}")
        target = self._folder / "new" / f"{len(self._staged):04}{PurePosixPath(artifact.name).suffix}"
        with refusals(artifact.name):
            shutil.move(artifact.path, target)
            self._staged[key] = _Staged(artifact, target, target.stat().st_size, sha256_of(target))

    def path_of(self, name: str) -> Path:
        """Where the bytes of a file are now: staged, or already in the pack.

        ``name`` was added, or is a path of ``describe``'s manifest. Raises KeyError for any other.
        """
        if staged := self._placed.get(name) or self._staged.get(folded(name)):
            return staged.path
        if name in self._past.entries:
            return self.destination / name
        raise KeyError(name)

    def describe(
        self,
        meta: Meta,
        problems: Iterable[Problem],
        withheld: Sequence[Withheld],
        scope: Collection[str] | None,
    ) -> Manifest:
        """The manifest, were the pack committed now; the pack's own files are made from it."""
        return self._plan(meta, problems, withheld, scope).manifest

    def commit(
        self,
        meta: Meta,
        problems: Iterable[Problem],
        withheld: Sequence[Withheld],
        scope: Collection[str] | None,
    ) -> Delivery:
        """Move everything into place, or nothing: OutputError comes after all is back where it was.

        ``scope`` names the pieces of this run when only some were asked for; the others stay as the last
        manifest has them. None is the whole pack.
        """
        plan = self._plan(meta, problems, withheld, scope)
        moves = [*self._moves(plan), *self._manifest_moves(plan.manifest)]
        if moves:
            journal.Journal(self._folder, self.destination).run(moves)
        self._drop_empty_folders([*plan.removed, *(old for old, _ in plan.retired)])
        return Delivery(
            destination=self.destination,
            manifest=plan.manifest,
            written=plan.written,
            unchanged=plan.unchanged,
            kept_edits=plan.kept_edits,
            retired=plan.retired,
            removed=plan.removed,
            problems=plan.problems,
        )

    # Where everything goes

    def _plan(
        self,
        meta: Meta,
        problems: Iterable[Problem],
        withheld: Sequence[Withheld],
        scope: Collection[str] | None,
    ) -> _Plan:
        plan = _Plan(problems=[] if self._past.trusted else [_untrusted()])
        for staged in self._staged.values():
            self._place(staged, plan)
        self._placed = plan.placed
        not_made = {piece.piece for piece in withheld}
        kept = self._kept(plan, scope, not_made)
        self._settle_the_rest(plan, kept, not_made)
        plan.manifest = {
            **manifest.header(meta),
            "files": manifest.in_order(self._past, _entries(plan), kept),
            "problems": self._problems([*problems, *plan.problems], withheld, scope),
        }
        return plan

    def _place(self, staged: _Staged, plan: _Plan) -> None:
        """Give a staged file its path: its name, or ``原名_新`` when a person's file stands there."""
        path = next(path for path in _candidates(staged.name) if self._is_free(path, staged))
        plan.placed[path] = staged
        there = self._sum(path)
        if there == staged.sha256:
            plan.unchanged.append(path)
        elif there is not None:
            plan.replaced.append(path)
        if path != staged.name:
            plan.kept_edits.append((staged.name, path))
            plan.problems.append(_kept_edit(staged.artifact, path))

    def _is_free(self, path: str, staged: _Staged) -> bool:
        """Whether ``staged`` may stand at ``path``: nothing is there, or what we wrote and nobody edited."""
        if path != staged.name and folded(path) in self._staged:
            return False
        return self._sum(path) in (None, staged.sha256, self._past.sha_of(path))

    def _kept(self, plan: _Plan, scope: Collection[str] | None, not_made: Collection[str]) -> set[str]:
        """Paths of the last pack that this run is not about. A file that its user threw away is gone."""
        if scope is None:
            return set()
        return {
            path
            for path, entry in self._past.entries.items()
            if (piece := entry.get("piece")) and piece not in scope and piece not in not_made
            if path not in plan.placed and self._sum(path) is not None
        }

    def _settle_the_rest(self, plan: _Plan, kept: Collection[str], not_made: Collection[str]) -> None:
        """Old files with no place in the new pack: retired, removed, or left to the user who edited them."""
        for path, entry in self._past.entries.items():
            there = self._sum(path)
            if there is None or path in plan.placed or path in kept or self._is_alias(path, plan):
                continue
            if there == entry["sha256"] and entry.get("piece") in not_made:
                plan.retired.append((path, self._retired_name(path, there)))
            elif there == entry["sha256"]:
                plan.removed.append(path)
            elif path not in (old for old, _ in plan.kept_edits):
                plan.kept_edits.append((path, None))
                plan.problems.append(_left_edit(path))

    def _is_alias(self, path: str, plan: _Plan) -> bool:
        """Whether ``path`` is a new file but for upper case, on a disk that cannot tell it from lower."""
        return any(
            folded(new) == folded(path)
            and os.path.lexists(self.destination / new)
            and (self.destination / new).samefile(self.destination / path)
            for new in plan.placed
        )

    def _retired_name(self, path: str, sha256: str) -> str:
        """A name in 旧版/ that is free, or that holds these bytes already."""
        return next(name for name in numbered(f"{RETIRED}/{path}", "_") if self._sum(name) in (None, sha256))

    def _sum(self, path: str) -> str | None:
        """SHA-256 of a file in the pack; None when there is none; empty for anything else in its place."""
        file = self.destination / path
        try:
            state = file.stat()
        except OSError:
            return "" if file.is_symlink() else None
        if not file.is_file():
            return ""
        stamp = (state.st_size, state.st_mtime_ns)
        if self._sums.get(file, (None, ""))[0] != stamp:
            with refusals(path):
                self._sums[file] = (stamp, sha256_of(file))
        return self._sums[file][1]

    def _problems(
        self, problems: Iterable[Problem], withheld: Sequence[Withheld], scope: Collection[str] | None
    ) -> list[Entry]:
        """This run's problems, and those of the pieces that this run is not about."""
        found = [*problems, *(problem for piece in withheld for problem in piece.problems)]
        titles = {piece.piece: piece.title for piece in withheld}
        for record in self._past.problems:
            piece = record.get("piece")
            if scope is not None and piece and piece not in scope and piece not in titles:
                found.append(manifest.problem_of(record))
        older = {r["piece"]: r["title"] for r in self._past.problems if "piece" in r and "title" in r}
        return [manifest.problem_record(problem, older | titles) for problem in sorted_problems(found)]

    # The renames

    def _moves(self, plan: _Plan) -> Iterator[Move]:
        """Old files out, then new ones in: a locked file is met before anything new stands in the pack."""
        here, backups = self.destination.name, (f"{self._folder.name}/old/{n:04}" for n in count())
        for path in (*plan.replaced, *plan.removed):
            yield Move(f"{here}/{path}", next(backups))
        for path, retired in plan.retired:
            yield Move(f"{here}/{path}", next(backups) if self._sum(retired) else f"{here}/{retired}")
        for path in plan.written:
            staged = plan.placed[path]
            yield Move(f"{self._folder.name}/new/{staged.path.name}", f"{here}/{path}", staged.sha256)

    def _manifest_moves(self, described: Manifest) -> Iterator[Move]:
        """The manifest comes last. One that is not ours is put aside in 旧版/, never thrown away."""
        data = (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()
        there, sha256 = self._sum(MANIFEST), hashlib.sha256(data).hexdigest()
        if there == sha256:
            return
        with refusals(MANIFEST):
            (self._folder / "new" / MANIFEST).write_bytes(data)
        here, aside = self.destination.name, f"{self._folder.name}/old/{MANIFEST}"
        if not self._past.trusted and not self._sum(spare := self._retired_name(MANIFEST, there or "-")):
            aside = f"{here}/{spare}"
        if there is not None:
            yield Move(f"{here}/{MANIFEST}", aside)
        yield Move(f"{self._folder.name}/new/{MANIFEST}", f"{here}/{MANIFEST}", sha256)

    def _drop_empty_folders(self, paths: Iterable[str]) -> None:
        for path in paths:
            for folder in PurePosixPath(path).parents[:-1]:
                journal.remove_empty(self.destination / folder)


def _entries(plan: _Plan) -> list[Entry]:
    placed = {staged.name: path for path, staged in plan.placed.items()}
    return [
        manifest.entry_of(staged.artifact, path, staged.size, staged.sha256, placed)
        for path, staged in plan.placed.items()
    ]


def _candidates(name: str) -> Iterator[str]:
    """``原名``, ``原名_新``, ``原名_新2``…"""
    yield name
    path = PurePosixPath(name)
    yield from numbered(str(path.with_name(f"{path.stem}_新{path.suffix}")), "")


def _untrusted() -> Problem:
    return warning(
        "manifest-unreadable",
        f"上一次的 {MANIFEST} 读不出来，分不清哪些文件是生成的：同名的旧文件都当作您自己的保留，"
        f"新版本另存为“原名_新”；原来的 {MANIFEST} 移到了“{RETIRED}”文件夹。",
    )


def _kept_edit(artifact: "Artifact", path: str) -> Problem:
    old, new = PurePosixPath(artifact.name).name, PurePosixPath(path).name
    message = f"《{old}》被人改过，已原样保留；新版本另存为《{new}》。"
    if artifact.use == "print":
        message += "打包给广告公司的是新版本，要用改过的那份请自己替换。"
    return warning("edited-file", message, piece=artifact.piece)


def _left_edit(path: str) -> Problem:
    name = PurePosixPath(path).name
    return warning("edited-file-left", f"《{name}》这次不再生成；它被人改过，已原样保留，以后也不会动它。")
