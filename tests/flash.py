"""Whether a sequence of frames flashes by WCAG 2.3.1, measured on its pixels."""

from collections.abc import Iterable
from typing import Any, Final

from PIL import Image

MOST: Final = 3
"""Pairs of opposing changes in a second that are still allowed."""
_AREA: Final = 0.25
"""Share of the picture that must change together for people to be at risk."""
_STEP: Final = 0.1
_DARK: Final = 0.8
_SIDE: Final = 160
"""Frames are measured at this width: a flash that is smaller is no flash."""


def _luminances(frame: Image.Image) -> bytes:
    small: Any = frame.convert("RGB").resize((_SIDE, max(1, frame.height * _SIDE // frame.width)), Image.Resampling.BOX)
    linear = [round(255 * (v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4)) for v in range(256)]
    matrix = (0.2126, 0.7152, 0.0722, 0)
    data: bytes = small.point(linear * 3).convert("L", matrix).tobytes()
    return data


def _turn(before: bytes, after: bytes) -> int:
    """1 when a quarter of the picture grows brighter together, -1 darker, 0 neither."""
    brighter = darker = 0
    for one, other in zip(before, after, strict=True):
        if abs(one - other) >= _STEP * 255 and min(one, other) < _DARK * 255:
            brighter += other > one
            darker += other < one
    if brighter >= _AREA * len(before):
        return 1
    return -1 if darker >= _AREA * len(before) else 0


def most_flashes(frames: Iterable[tuple[Image.Image, float]]) -> int:
    """The most flashes (pairs of opposing changes) in any second; ``frames`` are pictures and their seconds."""
    turns: list[tuple[float, int]] = []
    clock, before = 0.0, b""
    for frame, seconds in frames:
        seen = _luminances(frame)
        if before and (turn := _turn(before, seen)) and (not turns or turns[-1][1] != turn):
            turns.append((clock, turn))
        clock, before = clock + seconds, seen
    return max((sum(start <= at < start + 1 for at, _ in turns) // 2 for start, _ in turns), default=0)
