"""Office paper: its sizes and what a printer leaves white."""

from typing import Final

PAPER_MM: Final = {"A3": (297.0, 420.0), "A4": (210.0, 297.0)}
"""Short side, long side."""
PRINTER_MARGIN_MM: Final = 5.0
"""What an office printer leaves white at each edge."""


def sheet_mm(paper: str, landscape: bool) -> tuple[float, float]:
    """Width and height of a sheet of ``paper`` (A3, A4) as it lies."""
    short, long = PAPER_MM[paper]
    return (long, short) if landscape else (short, long)
