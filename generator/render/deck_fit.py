"""Whether a text fits its placeholder, estimated: a Hanzi is one em wide, and presentation programs break between any
two of them. Text that does not fit steps down a scale of sizes; then its list is cut in two."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from generator.render.deck_base import Place
from generator.typesetting.phrases import Breaker

SCALE: Final = (138, 115, 96, 80, 72, 66, 60, 54, 48, 44, 40, 36, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12)
"""Type sizes in points; text takes a smaller step of it, never any number."""
LINE_HEIGHT: Final = 1.42
"""Ems from line to line. 微软雅黑 needs 1.32; Noto and 文泉驿, which stand in for it on Linux, up to 1.45."""
_COLUMN: Final = 20
"""Ems up to which lines are made of like length; in wider columns they are filled."""
EMU_PER_POINT: Final = 12_700
_MARGIN: Final = 0.06
"""Ems that a line leaves free: programs round widths, each in its own way."""
_NO_START: Final = set("，。、；：？！）》”’】」』…—,.;:?!)]}%％·")
_NO_END: Final = set("（《“‘【「『([{")
_CLAUSE: Final = re.compile("[^，。；：？！]+[，。；：？！”’）]*|.")
_SEAM: Final = re.compile("(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])")
_NARROW: Final = set("iljtf.,:;'|!()[]I ")
_WIDE: Final = set("mwMW@%&ABCDEFGHJKLNOPQRSTUVXYZ")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph at a list level from 0; ``tone``: a colour token instead of the placeholder's colour."""

    text: str
    level: int = 0
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: steps down the scale, and for each paragraph the lines that it must be broken into
    (one if the program may break it where it likes)."""

    steps: int
    lines: tuple[tuple[str, ...], ...]


_GLOSSARY: Final[ContextVar[tuple[str, ...]]] = ContextVar("glossary", default=())


@contextmanager
def glossary(words: Iterable[str]) -> Iterator[None]:
    """Within it no line breaks inside one of ``words``. A context: every fit of a deck asks for it, few know it."""
    token = _GLOSSARY.set(tuple(words))
    try:
        yield
    finally:
        _GLOSSARY.reset(token)


def _phrases(text: str) -> tuple[str, ...]:
    return _breaker(_GLOSSARY.get()).phrases(text)


@lru_cache(maxsize=4)
def _breaker(words: tuple[str, ...]) -> Breaker:
    return Breaker(words)


def _joints(text: str) -> frozenset[int]:
    """Where ``text`` may break without cutting a word, counted in characters."""
    return frozenset(accumulate(map(len, _phrases(text))))


def _ways(text: str) -> tuple[tuple[str, ...], ...]:
    """The best ways to set ``text`` on two, three and four lines between its phrases."""
    return tuple(tuple(way) for way in _breaker(_GLOSSARY.get()).lines(text, 4)[1:])


def in_two(text: str) -> list[str]:
    """A title that is too long for one large line, on two lines of like length; one of up to six characters whole."""
    ways = _breaker(_GLOSSARY.get()).lines(text, 2)
    return list(ways[-1]) if len(text) > 6 else [text]


def char_width(char: str) -> float:
    """The width of a character in ems, on the wide side for Latin."""
    if char in "“”‘’":
        return 1.2  # LibreOffice takes quotation marks for Latin and leaves a gap beside them
    if ord(char) > 0x2E7F or char in "…—·×√￥":
        return 1.0
    return 0.33 if char in _NARROW else 0.72 if char in _WIDE else 0.58


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """The width of ``text`` on one line in ems. Between Hanzi and Latin most programs leave a quarter of an em."""
    return sum(map(char_width, text)) + 0.25 * len(_SEAM.findall(text))


def broken(text: str, ems: float) -> list[str]:
    """``text`` in lines of at most ``ems``, as presentation programs break it: between Hanzi, not in a Latin word,
    no closing mark first and no opening mark last."""
    lines, width = [""], 0.0
    for piece in _pieces(text):
        wider = text_width(lines[-1][-1:] + piece) - text_width(lines[-1][-1:])
        if lines[-1] and width + wider > ems + 0.001:
            lines.append("")
            width, wider = 0.0, text_width(piece)
        lines[-1] += piece
        width += wider
    return lines


def _pieces(text: str) -> Iterator[str]:
    """What must stay on one line: a Hanzi with its marks, a Latin word or number."""
    piece = ""
    for char in text:
        latin = char.isascii() and char.isalnum() and piece[-1:].isascii() and piece[-1:].isalnum()
        if piece and not (latin or char in _NO_START or piece[-1] in _NO_END):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def stepped(size: float, steps: int, least: float) -> float:
    """``size`` so many steps down the scale, but not under ``least``."""
    below = [step for step in SCALE if step < size]
    smaller = size if not steps else below[min(steps, len(below)) - 1] if below else size
    return max(smaller, min(least, size))


def fitted(place: Place, paragraphs: Sequence[Paragraph], least_steps: int = 0) -> Setting | None:
    """The largest setting in which ``paragraphs`` fit ``place``; None if they do not fit at its smallest size."""
    first: Setting | None = None
    for steps in range(least_steps, least_steps + len(SCALE)):
        setting, lone = _set(place, paragraphs, steps)
        if setting is not None and not lone:
            return setting
        first = first or setting
        # A smaller size is worth it to get rid of a lone character, but not a much smaller one.
        if (first and steps >= first.steps + 2) or _at_least(place, steps):
            break
    return first


def _at_least(place: Place, steps: int) -> bool:
    return all(stepped(level.size, steps, place.least) <= place.least for level in place.levels)


def _set(place: Place, paragraphs: Sequence[Paragraph], steps: int) -> tuple[Setting | None, int]:
    """The paragraphs so many steps down, or None if they do not fit; and how many end in a lone character."""
    width = (place.box.w - 2 * place.inset[0]) / EMU_PER_POINT
    height = (place.box.h - 2 * place.inset[1]) / EMU_PER_POINT
    used, lone, breaks = 0.0, 0, []
    for at, paragraph in enumerate(paragraphs):
        level = place.levels[min(paragraph.level, len(place.levels) - 1)]
        size = stepped(level.size, steps, place.least)
        ems = (width - level.hang / EMU_PER_POINT) / size - _MARGIN
        forced = _forced(paragraph.text, ems, level.centred)
        lines = forced or broken(paragraph.text, ems)
        used += len(lines) * size * LINE_HEIGHT + (level.before if at else 0)
        lone += _ends_lone(lines) or _is_ragged(lines) or (place.heading and _breaks_midway(lines))
        breaks.append(forced or (paragraph.text,))
    return (Setting(steps, tuple(breaks)) if used <= height + 0.5 else None), lone


def _forced(text: str, ems: float, centred: bool) -> tuple[str, ...] | None:
    """The lines that ``text`` is broken into, if left alone it would break badly: inside a word, but for the long
    paragraphs of a wide column, or before its last character; centred text always."""
    natural = broken(text, ems)
    if len(natural) == 1:
        return None
    short = ems <= _COLUMN or len(natural) <= 3
    torn = short and bool(_cuts(natural, text))
    if not (centred or torn or _ends_lone(natural)):
        return None
    spare = int(centred or torn or _ends_lone(natural))
    balanced = _ways(text) if ems <= _COLUMN else ()
    clauses = tuple(_CLAUSE.findall(text))
    ways = (_filled(clauses, ems), *balanced, _filled(_phrases(text), ems))
    most = len(natural) + spare
    fitting = [way for way in ways if len(way) <= most and _widest(way) <= ems - 0.1]
    fitting.sort(key=lambda way: (centred and _breaks_midway(way), len(way)))
    return next((way for way in fitting if _narrowest(way) > 0.35 * _widest(way)), next(iter(fitting), None))


def _widest(lines: Sequence[str]) -> float:
    return max(text_width(line.rstrip()) for line in lines)


def _narrowest(lines: Sequence[str]) -> float:
    return min(text_width(line.rstrip()) for line in lines)


def _filled(parts: Sequence[str], ems: float) -> tuple[str, ...]:
    """``parts`` in lines as full as they can be."""
    lines = [""]
    for part in parts:
        if lines[-1] and text_width((lines[-1] + part).rstrip()) > ems - 0.1:
            lines.append("")
        lines[-1] += part
    return tuple(lines)


def _ends_lone(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and len(lines[-1].rstrip("".join(_NO_START))) < 2


def _is_ragged(lines: Sequence[str]) -> bool:
    """Whether a line in the middle of a paragraph is much shorter than the others."""
    return len(lines) > 2 and _narrowest(lines[:-1]) < 0.6 * _widest(lines)


def _breaks_midway(lines: Sequence[str]) -> bool:
    """Whether a title breaks inside a clause, for which one line in a smaller size is better."""
    return any(line[-1] not in _NO_START for line in lines[:-1])


def _cuts(lines: Sequence[str], text: str) -> int:
    """How many words the line breaks cut in two."""
    joints, at, cuts = _joints(text), 0, 0
    for line in lines[:-1]:
        at += len(line)
        cuts += at not in joints
    return cuts


def lines_in(place: Place, text: str) -> list[str]:
    """``text`` in the lines that it takes at the first level of ``place``."""
    return broken(text, (place.box.w - 2 * place.inset[0]) / EMU_PER_POINT / place.levels[0].size)


def halves(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]] | None:
    """A list cut in two at a top-level item nearest its middle; None if it has one item."""
    starts = [at for at, paragraph in enumerate(paragraphs) if paragraph.level == 0 and at]
    if not starts:
        return None
    cut = min(starts, key=lambda at: (abs(at - len(paragraphs) / 2), at))
    return list(paragraphs[:cut]), list(paragraphs[cut:])


def common_steps(settings: Iterable[Setting | None]) -> int:
    """The steps down that all of a row of cards take, so that their type is of one size."""
    return max((setting.steps for setting in settings if setting), default=0)
