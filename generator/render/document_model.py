"""A document as both of its files are made from: blocks in reading order. No engine, no file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

BLANK: Final = "_"
"""What a place to fill in is written with, one for each half square."""
BULLET: Final = "◆"
"""Before the items of a list without numbers; every Chinese font has it."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look alike. ``blank``: a line to write on, as many half squares long as the text."""

    text: str
    strong: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph in one of the styles of ``document_styles``.

    ``label`` is drawn before it (``1.``, ``·``) and ``group`` counts the lists, so that each begins at 1.
    """

    style: str
    runs: tuple[Run, ...]
    label: str = ""
    group: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its paragraphs, and how many columns it takes."""

    paragraphs: tuple[tuple[Run, ...], ...]
    span: int = 1

    @property
    def text(self) -> str:
        return "".join(run.text for runs in self.paragraphs for run in runs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. ``widths`` are shares of the line; ``head``: the first row is repeated on every page;
    ``centred``: for each column, whether its text stands in the middle."""

    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: bool
    centred: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A dashed line to cut along, with what stands below it in a word or two."""

    text: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Block = Text | Table | Cut | NewPage


@dataclass(slots=True)
class Body:
    """All blocks of a document."""

    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((block.text for block in self.blocks if isinstance(block, Text) and block.style == "title"), "")

    @property
    def outline(self) -> tuple[str, ...]:
        """The title and the headings, as the overview shows them."""
        wanted = ("title", "heading")
        return tuple(block.text for block in self.blocks if isinstance(block, Text) and block.style in wanted)

    def texts(self) -> Iterator[str]:
        """Every text in reading order, with the labels of lists."""
        for block in self.blocks:
            if isinstance(block, Text):
                yield f"{block.label}{block.text}"
            elif isinstance(block, Cut):
                yield block.text
            elif isinstance(block, Table):
                yield from ("".join(run.text for run in runs) for row in block.rows for cell in row
                            for runs in cell.paragraphs)  # fmt: skip


def spoken(body: Body) -> int:
    """How many characters a speaker reads aloud: Hanzi one each, a number or a Latin word one for each sign."""
    read = ("body", "flush", "salutation", "bullet", "number", "heading", "center")
    said = "".join(block.text for block in body.blocks if isinstance(block, Text) and block.style in read)
    return len(re.sub(r"[\W_]", "", said))
