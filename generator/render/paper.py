"""Office paper: its sizes, what a printer leaves white, pages placed on it. Every office layout works with this."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pikepdf

POINTS_A_MM: Final = 72 / 25.4
PAPER_MM: Final = {"A3": (297.0, 420.0), "A4": (210.0, 297.0)}
"""Short side, long side."""
PRINTER_MARGIN_MM: Final = 5.0
"""What an office printer leaves white at each edge."""


def sheet_mm(paper: str, landscape: bool) -> tuple[float, float]:
    """Width and height of a sheet of ``paper`` (A3, A4) as it lies."""
    short, long = PAPER_MM[paper]
    return (long, short) if landscape else (short, long)


def save(document: "pikepdf.Pdf", path: Path) -> None:
    """Write ``document`` so that the same pages give the same bytes."""
    document.save(path, deterministic_id=True, linearize=False, min_version="1.4")
