"""Which files of a folder are content: their ids, and a word about files that look like content but are not read."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from generator.errors import Problem, Span, error, warning

MAX_ID: Final = 60
"""Characters of an id: it becomes part of file names, which Windows limits with their folders to 260."""

YAML: Final = (".yaml", ".yml")
MARKDOWN: Final = (".md",)
_BACKUPS: Final = (".bak", ".swp", ".swo", ".tmp", ".orig", ".old")
_OTHERS: Final = (".md", ".png", ".jpg", ".jpeg")
_PICTURES: Final = (".svg", ".pdf", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".ai", ".cdr", ".eps", ".psd")
"""Files that people put beside a contact as its logo, and that cannot be one."""
_RESERVED: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A content file and its id."""

    id: str
    path: Path


def wrong_id(name: str) -> str:
    """Why ``name`` cannot be an id, which must be a file name on every system; empty when it can."""
    if not name.strip():
        return "名称是空的"
    if found := _RESERVED.search(name):
        sign = found.group() if found.group().isprintable() else f"U+{ord(found.group()):04X}"
        return f"有 Windows 文件名不能用的字符 {sign}"
    if ".." in name or name != name.strip(" ."):
        return "开头结尾不能是空格或点，也不能有两个连着的点"
    if _DEVICES.fullmatch(name):
        return "是 Windows 保留的设备名"
    if len(name) > MAX_ID:
        return f"有 {len(name)} 个字，最多 {MAX_ID} 个"
    return ""


def entries(folder: Path, root: Path, endings: Sequence[str] = YAML) -> tuple[list[Entry], list[Problem]]:
    """The files of ``folder`` with one of ``endings`` in the order of their ids, and what is wrong with their names."""
    found: dict[str, Entry] = {}
    problems = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        span = Span(path.relative_to(root).as_posix())
        if ignored := _ignored(path, span, endings):
            problems += [problem for problem in ignored if problem]
            continue
        name = unicodedata.normalize("NFC", path.name[: -len(path.suffix)])
        if wrong := wrong_id(name):
            problems.append(error("bad-file-name", f"文件名“{path.name}”{wrong}，请改名", span))
        elif earlier := found.get(name.casefold()):
            message = f"和“{earlier.path.name}”重名（Windows 不分大小写，也不看扩展名），请给其中一个改名"
            problems.append(error("duplicate-id", message, span))
        else:
            found[name.casefold()] = Entry(name, path)
    return sorted(found.values(), key=lambda entry: entry.id), problems


def only_file(folder: Path, name: str) -> Path:
    """``name``.yaml, or ``name``.yml when that is the one that exists."""
    candidates = [folder / f"{name}{ending}" for ending in YAML]
    return next((path for path in candidates if path.exists()), candidates[0])


def strays(folder: Path, root: Path, wanted: Sequence[str]) -> Iterator[Problem]:
    """Files directly in ``folder`` that nobody reads, because only those named ``wanted`` are."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        span = Span(path.relative_to(root).as_posix())
        if path.is_dir():
            continue
        ignored = _ignored(path, span)
        if ignored is not None:
            yield from (problem for problem in ignored if problem)
        elif path.name[: -len(path.suffix)] not in wanted:
            near = get_close_matches(path.stem, wanted, 1, 0.6)
            better = f"是不是 {near[0]}.yaml？" if near else f"这里只读 {'、'.join(f'{name}.yaml' for name in wanted)}"
            yield warning("ignored-file", f"没有读取“{path.name}”：{better}", span)
        elif path.suffix.lower() == ".yml" and path.with_suffix(".yaml").exists():
            yield error("duplicate-id", f"和“{path.stem}.yaml”重复，请只留一个", span)


def _ignored(path: Path, span: Span, endings: Sequence[str] = YAML) -> list[Problem | None] | None:
    """None for a file to read; else what to say about leaving it out, which may be nothing."""
    name, ending = path.name, path.suffix.lower()
    if name.startswith((".", "~")) or name.endswith("~") or ending in _BACKUPS:
        return [None]
    if path.is_symlink() and ending not in _OTHERS:
        return [warning("ignored-file", f"没有读取“{name}”：它是一个快捷方式（符号链接），请放真正的文件", span)]
    if path.is_dir():
        inside = any(item.suffix.lower() in endings for item in path.iterdir())
        message = f"没有读取文件夹“{name}”里的内容，请把文件移到上一层"
        return [warning("ignored-file", message, span) if inside else None]
    if ending in endings:
        return None
    if ending in _OTHERS or name.lower() in ("thumbs.db", "desktop.ini"):
        return [None]
    if ending in _PICTURES:
        message = f"没有读取“{name}”：标志、二维码只能用 PNG 或 JPG 图片，请另存为 PNG（只改扩展名不行）"
        return [warning("ignored-file", message, span)]
    real = re.sub(r"\.(?:ya?ml|md)(?=\.)", "", name)[: -len(ending) or None]
    wanted = endings[0]
    return [warning("ignored-file", f"没有读取“{name}”：内容文件要以 {wanted} 结尾，请改名为“{real}{wanted}”", span)]
