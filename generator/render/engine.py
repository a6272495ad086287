"""Typst and pdfium as every renderer of pages shares them: one compiler a thread, one lock around pdfium."""

import threading
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pypdfium2
    import typst
    from PIL.Image import Image as Picture

PDFIUM: Final = threading.Lock()
"""pdfium is not safe to call from two threads at once."""
_LOCAL: Final = threading.local()


@cache
def _fonts(folder: Path) -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def engine(root: Path) -> "typst.Compiler":
    """This thread's compiler: one engine must not be used by two threads ("Already borrowed")."""
    import typst

    engines: dict[Path, typst.Compiler] = _LOCAL.__dict__.setdefault("engines", {})
    if root not in engines:
        engines[root] = typst.Compiler(root=str(root), font_paths=_fonts(root / "fonts"), ignore_system_fonts=True)
    return engines[root]


def lend(root: Path, compiler: Any) -> None:
    """Use another compiler in this thread: one that is timed."""
    engine(root)
    _LOCAL.engines[root] = compiler


def picture_of(
    page: "pypdfium2.PdfPage", scale: float, crop: tuple[float, float, float, float] = (0, 0, 0, 0), grey: bool = False
) -> "Picture":
    """A page at ``scale`` pixels a point, in RGB, or mode L where it is ``grey``, which takes half as long.

    ``crop``: the points that are left off at the left, bottom, right and top. The caller holds ``PDFIUM``.
    """
    bitmap = page.render(scale=scale, crop=crop, grayscale=grey)
    # Pillow shares the memory of bitmaps that it need not turn round; a page's are megabytes, given back at once.
    drawn: Picture = bitmap.to_pil()
    made = drawn if drawn.mode == "RGB" else drawn.copy() if grey else drawn.convert("RGB")
    bitmap.close()
    return made


def whole(made: bytes | list[bytes] | None) -> bytes:
    """A PDF that was compiled in one piece."""
    if not isinstance(made, bytes):
        raise TypeError("a PDF compiles to bytes")
    return made


def noon(day: str) -> datetime:
    """The moment that a file of the edition ``day`` (ISO) says it was made."""
    chosen = date.fromisoformat(day)
    return datetime(chosen.year, chosen.month, chosen.day, 12, tzinfo=UTC)
