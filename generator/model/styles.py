"""How documents look: templates/document/styles.yaml, sizes and margins alike for both files. No file is read here."""

from typing import Annotated, Final, Literal

from pydantic import Field

from generator.model.document import Look
from generator.model.primitives import Line, Strict

Points = Annotated[float, Field(ge=6, le=96)]
Face = Literal["title", "body", "strong", "note"]


class ParagraphStyle(Strict):
    """A paragraph. ``size`` and ``line`` times those of the body, ``before`` and ``after`` in lines, ``indent`` (first
    line), ``left`` and ``hang`` in characters; ``keep``: on the page of what follows."""

    size: Annotated[float, Field(gt=0.4, le=4)]
    line: Annotated[float, Field(gt=0.4, le=4)] = 1
    before: Annotated[float, Field(ge=0, le=10)] = 0
    after: Annotated[float, Field(ge=0, le=10)] = 0
    indent: Annotated[float, Field(ge=0, le=10)] = 0
    left: Annotated[float, Field(ge=0, le=20)] = 0
    hang: Annotated[float, Field(ge=0, le=20)] = 0
    align: Literal["left", "center", "right", "justify"] = "left"
    font: Face = "body"
    colour: Line = "ink"
    keep: bool = False


class LookStyle(Strict):
    """A look: margins in mm (top, right, bottom, left), and sizes to try, each body and line height in pt."""

    margins: tuple[float, float, float, float]
    sizes: Annotated[tuple[tuple[Points, Points], ...], Field(min_length=1)]


STYLES: Final = (
    "title", "subtitle", "tag", "heading", "subheading", "salutation", "body", "flush", "center", "right", "big",
    "bullet", "number", "question", "statement", "option", "lastoption", "signtop", "sign", "signnote", "note", "cut",
    "cell",
)  # fmt: skip


class Styles(Strict):
    """The whole file. ``paper``: width and height in mm."""

    fonts: dict[Face, Line]
    paper: tuple[float, float]
    looks: dict[Look, LookStyle]
    styles: dict[str, ParagraphStyle]
