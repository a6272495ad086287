"""How many pages Word will make of a document: reckoned, because only Word can count.

Every style has exact line heights, so only the lines of each paragraph are in doubt. Word squeezes no punctuation
that it need not, and Typst does: reckoned without squeezing, a document is never longer in Word than here.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from generator.render.document_docx import POINTS_A_MM, Dress, text_width
from generator.render.document_model import Block, Body, Cut, NewPage, Table, Text

_CELL_EDGES: Final = 8.5
"""Left and right margins of a cell in pt, as the table style has them."""
_CELL_TOP: Final = 3.0
_HANGING: Final = tuple("。，；：！？、）”")
"""Marks that hang over the edge rather than stand alone on a line."""
_CUT_RULE: Final = 6.75
"""The dashed line and its distance in pt."""


def pages_in_word(body: Body, dress: Dress) -> int:
    """The number of pages, counting each line as full as it may be."""
    room = (dress.paper[1] - dress.margins[0] - dress.margins[2]) * POINTS_A_MM
    pages, used = 1, 0.0
    for block in body.blocks:
        if isinstance(block, NewPage):
            pages, used = pages + 1, 0.0
            continue
        for height in _heights(block, dress):
            if used + height > room + 0.5:
                pages, used = pages + 1, 0.0
            used += height
    return pages


def _heights(block: Block, dress: Dress) -> Iterator[float]:
    """Heights in pt of what a page break cannot divide."""
    if isinstance(block, Text | Cut):
        name = block.style if isinstance(block, Text) else "cut"
        style = dress.styles[name]
        count = lines(block.text, style, text_width(dress))
        yield style["before"] + (_CUT_RULE if name == "cut" else 0)
        yield from [style["line"]] * count
        yield style["after"]
    elif isinstance(block, Table):
        yield from (_row_height(block, at, dress) for at in range(len(block.rows)))


def _row_height(table: Table, at: int, dress: Dress) -> float:
    style = dress.styles["cell"]
    full, column, most = text_width(dress), 0, 1
    for cell in table.rows[at]:
        share = sum(table.widths[column : column + cell.span]) / sum(table.widths)
        inside = full * share - _CELL_EDGES
        texts = ("".join(run.text for run in runs) for runs in cell.paragraphs)
        most = max(most, sum(lines(text, style, inside) for text in texts))
        column += cell.span
    return max(float(style["line"]) * 1.2, float(style["line"]) * most + _CELL_TOP)


def lines(text: str, style: "dict[str, Any] | Any", width: float) -> int:
    """How many lines a paragraph takes in a column ``width`` pt wide."""
    size = style["size"]
    # Now and then what may not begin a line takes the character before it along.
    room = (width - style["left"]) / size - (0.3 if style["align"] == "justify" else 0)
    taken = wide(text) + style["indent"] / size - (1 if text.endswith(_HANGING) else 0)
    return max(1, -int(-taken // max(room, 1)))


def wide(text: str) -> float:
    """The width of a text in squares: a Hanzi and its punctuation one, everything else about half."""
    full = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return full + (len(text) - full) * 0.55
