"""What every office layout works with: lengths of a PDF, and how it is saved."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.typesetting.paper import PAPER_MM, PRINTER_MARGIN_MM, sheet_mm

if TYPE_CHECKING:
    import pikepdf

__all__ = ["PAPER_MM", "POINTS_A_MM", "PRINTER_MARGIN_MM", "save", "sheet_mm"]

POINTS_A_MM: Final = 72 / 25.4


def save(document: "pikepdf.Pdf", path: Path) -> None:
    """Write ``document`` so that the same pages give the same bytes."""
    document.save(path, deterministic_id=True, linearize=False, min_version="1.4")
