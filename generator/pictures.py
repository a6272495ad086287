"""Logos and QR pictures of contacts: found inside content/ only, and only pictures that a press can take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 5_000_000
MAX_PIXELS: Final = 50_000_000
_ENDINGS: Final = (".png", ".jpg", ".jpeg")
_SIGNATURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Picture:
    """``key``: its path from the project root, with ``/``."""

    key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a picture is not taken; ``instead``: the name that was probably meant."""

    code: str
    message: str
    instead: str = ""


def find(typed: str, folder: Path, root: Path) -> Picture | Refused:
    """The picture ``typed`` in a contact file, looked for beside that file (``folder``), then in content/."""
    name = typed.replace("\\", "/")
    outside = Refused("picture-outside", f"图片“{typed}”不在 content 文件夹里面；请把图片复制到本文件旁边，只写文件名")
    if re.match(r"/|[A-Za-z]:|~|\w+://", name) or ".." in name.split("/"):
        return outside
    content = root / "content"
    path = next((place / name for place in (folder, content) if (place / name).exists()), None)
    if path is None:
        return _missing(typed, name, (folder, content))
    if path.resolve() != content.resolve() / path.relative_to(content):
        return outside
    if not path.is_file():
        return Refused("picture-missing", f"“{typed}”不是图片文件")
    return _taken(path, typed, path.relative_to(root).as_posix())


def _missing(typed: str, name: str, places: Sequence[Path]) -> Refused:
    pictures = [
        file.relative_to(place).as_posix()
        for place in places
        for file in sorted(place.rglob("*"))
        if file.suffix.lower() in _ENDINGS
    ]
    near = get_close_matches(name, pictures, 1, 0.5)
    better = f"，是不是“{near[0]}”？" if near else "；请把图片放在本文件旁边，并核对文件名和扩展名（.png 或 .jpg）"
    return Refused("picture-missing", f"找不到图片“{typed}”{better}", near[0] if near else "")


def _taken(path: Path, typed: str, key: str) -> Picture | Refused:
    size = path.stat().st_size
    if size > MAX_BYTES:
        return Refused("picture-too-large", f"图片“{typed}”有 {size / 1_000_000:.1f} MB，最大 5 MB，请压缩后再放")
    data = path.read_bytes()
    if path.suffix.lower() not in _ENDINGS or not data.startswith(_SIGNATURES):
        return Refused("picture-format", f"“{typed}”不是 PNG 或 JPG 图片；请用看图软件另存为 PNG（只改扩展名不行）")
    if wrong := _unreadable(data):
        return Refused("picture-format", f"图片“{typed}”{wrong}")
    return Picture(key, data)


def _unreadable(data: bytes) -> str:
    # Pillow takes 40 ms to import; most projects have no pictures.
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return f"有 {picture.width}×{picture.height} 点，太大了；长边 3000 点就够印"
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "打不开，可能没有传完整，请重新导出"
    return ""
