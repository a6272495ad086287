"""Renames that all happen or none, a lock, and what to say when the disk refuses. ``output``'s tools.

Before the first rename of a commit all are written down; the next start undoes those that a crash left.
Nothing here knows what a pack is: only a folder, and a staging folder beside it on the same volume.
"""

import errno
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from generator.errors import OutputError, Problem, error
from generator.manifest import RETIRED

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

JOURNAL: Final = "journal.json"
NOTHING_CHANGED: Final = "这次没有改动任何文件。"
ALL_RESTORED: Final = "所有文件都已恢复原样。"


@dataclass(frozen=True, slots=True)
class Move:
    """One rename; both ends relative to the folder that holds the pack. ``sha256``: a new file comes in."""

    source: str
    target: str
    sha256: str | None = None

    @property
    def name(self) -> str:
        """The end that stands in the pack, as a path inside it."""
        return (self.target if self.sha256 else self.source).partition("/")[2]


class Journal:
    """The renames of one commit into ``destination``, kept in the staging folder ``folder``."""

    def __init__(self, folder: Path, destination: Path) -> None:
        self._path = folder / JOURNAL
        self._destination = destination
        self._base = destination.parent

    def run(self, moves: Sequence[Move]) -> None:
        """Make all moves. Raises OutputError when one fails, after undoing those made."""
        with refusals(JOURNAL):
            self._write(moves)
        move = moves[0]
        try:
            for move in moves:
                _move(self._base / move.source, self._base / move.target)
            self._path.replace(self._path.with_name("done.json"))
        except OSError as raised:
            raise OutputError([refusal(raised, move.name, _after(self.undo()))]) from raised
        except BaseException:
            self.undo()
            raise

    def _write(self, moves: Sequence[Move]) -> None:
        record = {
            "moves": [[move.source, move.target, move.sha256] for move in moves],
            "folders": self._missing_folders(moves),
        }
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(record), encoding="utf-8")
        draft.replace(self._path)

    def _missing_folders(self, moves: Sequence[Move]) -> list[str]:
        """Folders that the moves will make, outer before inner."""
        folders = dict.fromkeys(
            str(folder) for move in moves for folder in reversed(PurePosixPath(move.target).parents)
        )
        return [folder for folder in folders if not os.path.lexists(self._base / folder)]

    def undo(self) -> list[str]:
        """Undo every move that was made; return the names in the pack that could not be put back.

        May run again and again: what is undone already is left alone. The journal stays until all is.
        """
        try:
            record = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        stuck = []
        for move in [Move(*fields) for fields in reversed(record["moves"])]:
            try:
                self._undo(move)
            except OSError:
                stuck.append(move.name)
        if not stuck:
            for folder in reversed(record["folders"]):
                remove_empty(self._base / folder)
            self._path.unlink()
        return stuck

    def _undo(self, move: Move) -> None:
        source, target = self._base / move.source, self._base / move.target
        if not os.path.lexists(target):
            return
        if move.sha256:
            # a new file that somebody has edited since the crash is theirs, and stays
            if not os.path.lexists(source) and sha256_of(target) == move.sha256:
                target.replace(source)
        elif not os.path.lexists(source):
            source.parent.mkdir(parents=True, exist_ok=True)
            target.replace(source)
        elif target.is_relative_to(self._path.parent):
            _move(target, self._spare(move.name))

    def _spare(self, name: str) -> Path:
        """A free place in 旧版/ for an old file whose own place was taken since the crash."""
        names = (self._destination / spare for spare in numbered(f"{RETIRED}/{name}", "_"))
        return next(path for path in names if not os.path.lexists(path))


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(target):  # came into being since the plan was made: somebody's
        raise PermissionError(errno.EACCES, "in the way", str(target))
    source.replace(target)


def _after(stuck: Sequence[str]) -> str:
    if not stuck:
        return ALL_RESTORED
    names = "".join(f"《{PurePosixPath(name).name}》" for name in stuck)
    return f"{names}暂时放不回原处，已另外存好：关闭打开的文件后再运行一次，会自动恢复。"


def numbered(name: str, joiner: str) -> Iterator[str]:
    """``name``, then ``name_2``, ``name_3``… before its ending, for ``joiner`` ``_``."""
    yield name
    path = PurePosixPath(name)
    for number in range(2, 10_000):
        yield str(path.with_name(f"{path.stem}{joiner}{number}{path.suffix}"))


# The staging folder


def new_folder(destination: Path) -> Path:
    """A staging folder beside ``destination``, on its volume."""
    return Path(tempfile.mkdtemp(prefix=_prefix(destination), dir=destination.parent))


def recover(destination: Path) -> None:
    """Undo what a killed run left behind; the lock is held, so no such folder is in use.

    Raises OutputError when a file still cannot be put back.
    """
    leftover = re.compile(re.escape(_prefix(destination)) + r"[a-z0-9_]{8}")
    for folder in sorted(destination.parent.iterdir()):
        if leftover.fullmatch(folder.name) and folder.is_dir():
            if stuck := Journal(folder, destination).undo():
                raise OutputError([refusal(PermissionError(), name, "") for name in stuck])
            discard(folder)


def discard(folder: Path) -> None:
    """Remove a staging folder. One with a journal is the only way back from a crash, so it stays.

    What Windows will not let go of is removed at the next start.
    """
    if (folder / JOURNAL).exists():
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            remove_empty(path)
        else:
            _remove(path)
    remove_empty(folder)


def _remove(path: Path) -> None:
    try:
        if not path.is_symlink():
            path.chmod(0o600)  # Windows refuses to delete a read-only file
        path.unlink()
    except OSError:
        return


def remove_empty(folder: Path) -> None:
    """Remove a folder that holds nothing; leave any other."""
    try:
        folder.rmdir()
    except OSError:
        return


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prefix(destination: Path) -> str:
    return f".{destination.name}.staging-"


# What is said when the disk refuses


@contextmanager
def refusals(name: str, folder: bool = False) -> Iterator[None]:
    """Turns the system's refusal to read or write ``name`` into an OutputError that says what to do."""
    try:
        yield
    except OSError as raised:
        denied = folder and raised.errno in (errno.EACCES, errno.EPERM)
        problem = _closed_folder(name) if denied else refusal(raised, name, NOTHING_CHANGED)
        raise OutputError([problem]) from raised


def _closed_folder(name: str) -> Problem:
    message = f"没有权限在“{name}”所在的文件夹里新建文件。请用 --output 换一个能写的文件夹。{NOTHING_CHANGED}"
    return error("folder-not-writable", message)


def refusal(raised: OSError, name: str, after: str) -> Problem:
    """Why ``name`` (a path of the pack) could not be written, and the way out."""
    title, folder = PurePosixPath(name).name, str(PurePosixPath(name).parent)
    if raised.errno in (errno.ENOSPC, errno.EDQUOT):
        return error("disk-full", f"磁盘空间不够，《{title}》写不下。请腾出空间后再运行一次。{after}")
    if raised.errno == errno.ENAMETOOLONG:
        return error("path-too-long", f"《{title}》的路径太长。请用 --output 换一个更浅的文件夹。{after}")
    if raised.errno in (errno.ENOTDIR, errno.EEXIST):
        where = title if folder == "." else folder
        return error("not-a-folder", f"“{where}”应当是文件夹，却有一个同名的文件。请把它改名或移走。{after}")
    if raised.errno == errno.EROFS:
        return error("read-only", f"《{title}》所在的磁盘是只读的。请用 --output 换一个能写的文件夹。{after}")
    return error(
        "file-locked",
        f"《{title}》写不进去：请先关闭 WPS 中打开的《{title}》，再运行一次。"
        f"如果没有打开它，请确认所在的文件夹可以写入。{after}",
    )


# The lock


class Lock:
    """One run at a time per pack. The system lets go of it when its holder dies, so none is left behind."""

    _held: Final[set[Path]] = set()
    """Locks of this process: the system does not keep a process from itself."""

    def __init__(self, destination: Path) -> None:
        self._name = destination.name
        self._path = destination.with_name(f".{destination.name}.lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Raises OutputError when another run has it."""
        if self._path in Lock._held:
            raise self._busy()
        while self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _take(file)
            except OSError as raised:
                os.close(file)
                if raised.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                    raise
                raise self._busy() from raised
            if _is_still(file, self._path):
                self._file = file
            else:  # its last holder removed it between our open and our lock
                os.close(file)
        Lock._held.add(self._path)

    def _busy(self) -> OutputError:
        message = f"另一个生成程序正在写“{self._name}”。请等它结束，再运行一次。{NOTHING_CHANGED}"
        return OutputError([error("busy", message)])

    def release(self) -> None:
        """Let the next run in, and leave no file."""
        if self._file is None:
            return
        if sys.platform == "win32":
            os.close(self._file)
            _remove(self._path)
        else:  # removed while still held: whoever waits sees that the name is free, or another file's
            self._path.unlink(missing_ok=True)
            os.close(self._file)
        self._file = None
        Lock._held.discard(self._path)


def _is_still(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:

    def _take(file: int) -> None:
        # a record lock, not flock: a worker forked by the run must not keep it when the run is killed
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
