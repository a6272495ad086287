"""Which composition a piece gets: what it has to say chooses, and neighbours on a wall differ.

A composition suits a piece more or less, by what the piece holds: a conversation, many steps, a short question. Along
a row of pieces each takes what suits it best, less what was used before it: five posters of one audience never look
stamped. Pure data: same pieces, same choice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from generator.render.base import Json

BIG_QUESTION: Final = 8
"""Characters of the longest line of a question that still makes a headline, on the lines that suit it best."""
USED: Final = 2
"""What a composition loses in favour each time that it is used, and once more beside itself."""


def chosen(names: Sequence[str], pieces: Sequence[Json]) -> Iterator[str]:
    """One of ``names`` for each of ``pieces`` (a piece's data); empty strings when there are none to choose from.

    Equal favour goes to the first in ``names``. Names that this module does not know suit every piece alike.
    """
    made: list[str] = []
    for data in pieces:
        fitting = [name for name in names if _favour(name, data) is not None] or list(names)
        made.append(max(fitting, key=lambda name: _worth(name, data, made), default=""))
    return iter(made)


def _worth(name: str, data: Json, made: Sequence[str]) -> float:
    return (_favour(name, data) or 0) - USED * (made.count(name) + (made[-1:] == [name]))


def _favour(name: str, data: Json) -> float | None:
    """How well ``name`` suits what ``data`` says, 1 to 5; None when it cannot show it."""
    suits = _SUITS.get(name)
    return suits(data) if suits else 1


def _scene(data: Json) -> float | None:
    """The picture tells the trick; three steps leave it the most room."""
    return 4 if len(data["scam"]["steps"]) == 3 else 3


def _bold(data: Json) -> float | None:
    """Big type wants a short headline."""
    longest = max(len(line["text"]) for line in data["scam"]["headline"])
    return 3.5 if longest <= 4 else 3


def _steps(data: Json) -> float | None:
    """An anatomy is for tricks of many steps."""
    return 4.5 if len(data["scam"]["steps"]) > 3 else 2.5


def _question(data: Json) -> float | None:
    """One question as a headline, and what to do as its answers."""
    asked = data["scam"]["question"]
    longest = [max(map(len, lines)) for lines in asked[0]["lines"]] if asked else []
    return 3.8 if longest and min(longest) <= BIG_QUESTION else None


def _dialog(data: Json) -> float | None:
    """A conversation, where somebody has written one."""
    return 5 if data["scam"]["dialog"] else None


def _checklist(data: Json) -> float | None:
    """Four things to do are a list to tick."""
    return 3.6 if len(data["scam"]["todo"]) >= 4 else None


def _rows(data: Json) -> float | None:
    """Few items stand one to a row, as large as the sheet allows."""
    items = data["rule"]["items"]
    return 4.5 if len(items) <= 5 else 3.8 if len(items) <= 6 else None


def _cards(data: Json) -> float | None:
    """Many items stand two to a row."""
    return 3.5 if len(data["rule"]["items"]) > 4 else 2.6


def _column(data: Json) -> float | None:
    """The name upright at the left, the items beside it: another look for what stands beside a list."""
    return 3 if len(data["rule"]["items"]) > 5 else None


_SUITS: Final[Mapping[str, Callable[[Json], float | None]]] = {
    "scene": _scene, "bold": _bold, "steps": _steps, "question": _question, "dialog": _dialog,
    "checklist": _checklist, "list": _cards, "rows": _rows, "column": _column,
}  # fmt: skip
