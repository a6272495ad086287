"""How many copies of a small piece lie on a sheet of office paper, and where: geometry alone, in millimetres.

Copies touch, so that one cut parts two of them; marks stand outside of the block, inside of what a printer can reach.
"""

from dataclasses import dataclass
from typing import Final

from generator.typesetting.paper import PAPER_MM, PRINTER_MARGIN_MM

MARK_MM: Final = 3.0
"""Length of a cut or fold mark."""
MARK_OFF_MM: Final = 1.0
"""Between the block of copies and its marks."""
_EDGE: Final = PRINTER_MARGIN_MM + MARK_MM + MARK_OFF_MM
_FILLED_EDGE: Final = PRINTER_MARGIN_MM + 3.2
"""Around copies that use up the paper: what a printer cannot reach, and a line of words."""
_SPARE: Final = 3.0
"""How much of a sheet may be left where copies are a whole fraction of it: two A5 on an A4."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Copies on a sheet. ``sheet``: width and height as it lies; ``turned``: copies lie on their right side.

    ``cell`` is the size of a copy as it lies, ``pitch`` from one to the next, ``left`` and ``top`` where the first
    begins. ``filled``: the copies use the whole paper, so there is no room for marks but between them.
    """

    sheet: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    pitch: tuple[float, float]
    left: float
    top: float
    turned: bool = False
    filled: bool = False

    @property
    def count(self) -> int:
        return self.columns * self.rows

    def places(self) -> list[tuple[float, float]]:
        """Left and top of every copy, row by row."""
        return [
            (self.left + column * self.pitch[0], self.top + row * self.pitch[1])
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    @property
    def scale(self) -> float:
        """How large a copy is drawn about its middle: what uses up the paper would lose its edges in the printer."""
        room = ((side - 2 * _FILLED_EDGE) / own for side, own in zip(self.pitch, self.cell, strict=True))
        return min(room) if self.filled else 1

    @property
    def block(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all copies together."""
        right = self.left + (self.columns - 1) * self.pitch[0] + self.cell[0]
        return self.left, self.top, right, self.top + (self.rows - 1) * self.pitch[1] + self.cell[1]


def grid_of(paper: str, size: tuple[float, float], sides: int = 1) -> Grid | None:
    """As many copies of ``size`` as fit a sheet of ``paper`` at true size; None when not even one does.

    A piece of two sides lies on an upright sheet, whose long edge is that over which a printer turns it.
    """
    upright = [PAPER_MM[paper]] if sides == 2 else [PAPER_MM[paper], PAPER_MM[paper][::-1]]
    found = [grid for sheet in upright for grid in (_marked(sheet, size), _filling(sheet, size)) if grid]
    if sides == 2:
        found += [grid for grid in (_marked(upright[0], size[::-1], turned=True),) if grid]
    return max(found, key=lambda grid: grid.count, default=None)


def _marked(sheet: tuple[float, float], cell: tuple[float, float], turned: bool = False) -> Grid | None:
    columns, rows = (int((side - 2 * _EDGE + 0.001) // own) for side, own in zip(sheet, cell, strict=True))
    if not columns * rows:
        return None
    left, top = ((side - count * own) / 2 for side, own, count in zip(sheet, cell, (columns, rows), strict=True))
    return Grid(sheet, columns, rows, cell, cell, left, top, turned)


def _filling(sheet: tuple[float, float], cell: tuple[float, float]) -> Grid | None:
    """Copies that are a whole fraction of the paper, each in the middle of its share."""
    counts = [int((side + 0.001) // own) for side, own in zip(sheet, cell, strict=True)]
    spare = [side - count * own for side, own, count in zip(sheet, cell, counts, strict=True)]
    columns, rows = counts
    if columns * rows < 2 or max(spare) >= _SPARE:
        return None
    pitch = (sheet[0] / columns, sheet[1] / rows)
    return Grid(
        sheet, columns, rows, cell, pitch, (pitch[0] - cell[0]) / 2, (pitch[1] - cell[1]) / 2, filled=True
    )  # fmt: skip
