"""One print file while it is made: its sheet as the row wants it, and what the template recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from generator.render.base import Job, Json
from generator.render.press_marks import POINTS_A_MM, Frame
from generator.render.press_stream import Inks

SMALL_PT: Final = 12.05
"""Black type up to 12 pt prints over its ground: a hairline of paper around it would show the least misregister."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What the template recorded: lines said, codes, contours; ``texts``: all that a reader finds."""

    said: Sequence[Json] = ()
    codes: Sequence[Json] = ()
    contours: Sequence[Json] = ()
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """One print file while it is made. ``frame`` in points of the page as Typst drew it.

    A page may be set smaller than it is delivered (``enlarge``: a size that a survey asked for) and delivered smaller
    than it is made (``scale``: 1:10 banners); ``unit`` is both: true size over the size that Typst set.
    """

    job: Job
    notes: Notes
    root: Path
    data: Json = field(init=False)
    frame: Frame = field(init=False)
    unit: float = field(init=False)

    def __post_init__(self) -> None:
        self.data = self.job.data["sheet"]
        self.unit = self.scale * self.enlarge
        width, height = (side * POINTS_A_MM for side in self.data["trim"])
        self.frame = Frame(width, height, self.data["bleed"] * POINTS_A_MM)

    @property
    def press(self) -> Json:
        made: Json = self.data["press"]
        return made

    @property
    def scale(self) -> int:
        return int(self.data["scale"])

    @property
    def enlarge(self) -> float:
        return float(self.data.get("enlarge", 1))

    @property
    def trim(self) -> tuple[float, float]:
        """The finished size in mm."""
        width, height = self.data["trim"]
        return round(width * self.unit, 3), round(height * self.unit, 3)

    def overprints(self, size: float, inks: Inks | None) -> bool:
        """Whether type of ``size`` points in ``inks`` prints over what is under it."""
        small = size * self.unit <= SMALL_PT
        return bool(self.press["overprint"]) and small and inks is not None and inks == (0.0, 0.0, 0.0, 1.0)

    def folds(self, page: int) -> list[float]:
        """Where page ``page`` (from 1) is folded, in points from the left edge of the trim; a tent from the upper."""
        back = page % 2 == 0 and self.data["back_panels"]
        panels = self.data["back_panels"] if back else self.data["panels"]
        return [sum(panels[: at + 1]) * POINTS_A_MM for at in range(len(panels) - 1)]

    def millimetres(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of the page as left, top, right, bottom from the trim, in mm of the finished piece."""
        left, bottom, right, top = box
        edge, upper = self.frame.bleed, self.frame.bleed + self.frame.height
        unit = self.unit / POINTS_A_MM
        return (left - edge) * unit, (upper - top) * unit, (right - edge) * unit, (upper - bottom) * unit

    @property
    def size(self) -> str:
        """The finished size, as names of files have it."""
        return "{:g}x{:g}mm".format(*self.trim)
