"""One setting, two colourings: pages that are printed and shown are set once, in codes, and coloured twice.

Setting a page costs ten times as much as colouring it. A code is a CMYK colour of four bytes that name a colour of the
theme, a blend, a colour of the artwork, a black or the paper; templates/_shared/sheet.typ writes what is read here.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING, Final

from generator.render.base import Json
from generator.render.paper import POINTS_A_MM
from generator.render.press_stream import Unreadable, numbers

if TYPE_CHECKING:
    import pikepdf

Code = tuple[int, int, int, int]
"""What it is, two numbers of colours, a share in half percents."""

TOKEN, BLEND, ARTWORK, SMALL, PAPER, SMALL_MUTED = range(1, 7)
PLAIN: Final = 255
"""In the place of a token's number: black of no token."""

_CODE: Final = re.compile(rb"(0\.0(?:0392|0784|1176|1568|1960|2352)\d* [\d.]+ [\d.]+ [\d.]+ [kK])(?![\w*])")
"""The first number is one of the six kinds over 255. No path is searched long: few of its numbers begin so."""


@dataclass(frozen=True)
class Palette:
    """The colours of one piece by code, 0 to 1: press inks and screen colours."""

    data: Json

    @cached_property
    def _tokens(self) -> list[Json]:
        colours = self.data["theme"]["colours"]
        return [colours[name] for name in sorted(colours)]

    @cached_property
    def _artwork(self) -> list[tuple[str, list[float]]]:
        return sorted(self.data["inks"].items())

    def inks(self, code: Code) -> tuple[float, ...]:
        """Cyan, magenta, yellow, black as the process of the piece prints them."""
        kind, a, b, share = code
        press = self.data["sheet"]["press"]
        if kind == TOKEN:
            recipe = self._native(self._tokens[a]["cmyk"])
        elif kind == BLEND:
            recipe = _mixed(self._tokens[a]["cmyk"], self._tokens[b]["cmyk"], share)
        elif kind == ARTWORK:
            recipe = self._native(self._artwork[a][1])
        elif kind == SMALL_MUTED:
            # On a press one ink alone: a mix of four shows the least misregister in small type.
            alone = press["text_black"][:3] == [0, 0, 0]
            recipe = [0, 0, 0, 82] if alone else self._native(self._tokens[a]["cmyk"])
        else:
            recipe = [0, 0, 0, 0] if kind == PAPER else press["text_black"]
        return tuple(value / 100 for value in recipe)

    def shown(self, code: Code) -> tuple[float, ...]:
        """Red, green, blue."""
        kind, a, b, share = code
        if kind == BLEND:
            colour = _mixed(_channels(self._tokens[a]["rgb"]), _channels(self._tokens[b]["rgb"]), share)
        elif kind == ARTWORK:
            colour = _channels(self._artwork[a][0])
        elif kind == PAPER:
            colour = [255, 255, 255]
        else:
            colour = [0, 0, 0] if a == PLAIN else _channels(self._tokens[a]["rgb"])
        return tuple(round(value) / 255 for value in colour)

    def _native(self, recipe: list[float]) -> list[float]:
        """A recipe in the process's black where it is black or nearly so: inkjet bands in black ink alone."""
        black = recipe == self.data["theme"]["colours"]["ink"]["cmyk"] or (recipe[:3] == [0, 0, 0] and recipe[3] >= 90)
        mixed: list[float] = self.data["sheet"]["press"]["black"]
        return mixed if black else recipe


def _mixed(one: list[float], other: list[float], share: int) -> list[float]:
    part = share / 200
    return [a * (1 - part) + b * part for a, b in zip(one, other, strict=True)]


def _channels(rgb: str) -> list[float]:
    return list(bytes.fromhex(rgb[1:]))


Place = tuple[int, int]
"""The number of an object of a PDF."""

Pieces = list[bytes]
"""A page's stream, by turns: what paints, and the operator of a colour."""


class Coded:
    """Pages that are set in codes: read once, coloured for the press and for the screen. To be closed."""

    def __init__(self, pdf: bytes) -> None:
        import pikepdf

        self._pdf = pdf
        self.document = pikepdf.open(io.BytesIO(pdf))
        pages = [page.obj.Contents for page in self.document.pages]
        forms, self._patterns, self._pictures = _objects(self.document)
        self._painting = [stream.objgen for stream in (*pages, *forms)]
        # Of each stream by turns what stands before a code, and the code.
        self._streams = [_CODE.split(stream.read_bytes()) for stream in (*pages, *forms)]
        self._pages = len(pages)

    def close(self) -> None:
        """Give the document back."""
        self.document.close()

    def printed(self, data: Json) -> list[Pieces]:
        """The pages in press inks, with their bleed; a colour that is no code is left to the preflight.

        What is not of one page, forms and patterns, is coloured in ``document``.
        """
        made = self._coloured(_Operators(Palette(data).inks, b" k", b" K"))
        for place, pieces in zip(self._painting[self._pages :], made[self._pages :], strict=True):
            self.document.get_object(place).write(b"".join(pieces))
        return made[: self._pages]

    def shown(self, data: Json, logo: bytes = b"") -> tuple[bytes, list[Pieces]]:
        """A PDF in screen colours, trimmed, and its pages in pieces; ``logo``: the unit's, as a JPEG in RGB.

        Unreadable for a picture when there is no logo.
        """
        import pikepdf

        sheet = data["sheet"]
        bleed, width, height = (length * POINTS_A_MM for length in (sheet["bleed"], *sheet["trim"]))
        made = self._coloured(_Operators(Palette(data).shown, b" rg", b" RG"))
        for pieces in made[: self._pages]:
            pieces[0] = b"1 0 0 1 %s cm\n%s" % (numbers(-bleed, -bleed), pieces[0])
        with pikepdf.open(io.BytesIO(self._pdf)) as pdf:
            for place, pieces in zip(self._painting, made, strict=True):
                pdf.get_object(place).write(b"".join(pieces))
            for place in self._pictures:
                _show_logo(pdf.get_object(place), logo)
            for place in self._patterns:
                # A pattern lies on the paper, not on what is drawn: it moves when the page does.
                pattern = pdf.get_object(place)
                a, b, c, d, e, f = map(float, pattern.get("/Matrix", (1, 0, 0, 1, 0, 0)))
                pattern.Matrix = [a, b, c, d, e - bleed, f - bleed]
            for page in pdf.pages:
                # Rounded down: pdfium draws a started pixel whole.
                page.obj.MediaBox = [0, 0, floor(width * 1e4) / 1e4, floor(height * 1e4) / 1e4]
                for box in ("/TrimBox", "/BleedBox", "/CropBox", "/ArtBox"):
                    if box in page.obj:
                        del page.obj[box]
            return _bytes(pdf), made[: self._pages]

    def _coloured(self, operators: "_Operators") -> list[Pieces]:
        """The streams with an operator for each code."""
        made = []
        for read in self._streams:
            coloured = read.copy()
            coloured[1::2] = [operators[code] for code in read[1::2]]
            made.append(coloured)
        return made


def _show_logo(picture: "pikepdf.Object", logo: bytes) -> None:
    import pikepdf

    if not logo:
        raise Unreadable("图片只能是单位的标志")
    picture.write(logo, filter=pikepdf.Name.DCTDecode)
    picture.ColorSpace = pikepdf.Name.DeviceRGB
    if "/Decode" in picture:
        del picture.Decode


def _bytes(pdf: "pikepdf.Pdf") -> bytes:
    """Not packed: whoever reads it unpacks it at once."""
    import pikepdf

    target = io.BytesIO()
    pdf.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return target.getvalue()


def _objects(pdf: "pikepdf.Pdf") -> "tuple[list[pikepdf.Object], list[Place], list[Place]]":
    """What sets colours besides the pages, forms and patterns; and where the patterns and the pictures are."""
    import pikepdf

    forms: list[pikepdf.Object] = []
    patterns: list[Place] = []
    pictures: list[Place] = []
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Stream):
            continue
        if found.get("/Subtype") == "/Image":
            pictures.append(found.objgen)
        elif found.get("/Subtype") == "/Form":
            forms.append(found)
        elif "/PatternType" in found:
            forms.append(found)
            patterns.append(found.objgen)
    return forms, patterns, pictures


class _Operators(dict[bytes, bytes]):
    """What replaces a code: the operator that sets its colour, the same for every place of it."""

    def __init__(self, colour: Callable[[Code], tuple[float, ...]], fill: bytes, stroke: bytes) -> None:
        super().__init__()
        self._colour, self._fill, self._stroke = colour, fill, stroke

    def __missing__(self, code: bytes) -> bytes:
        kind, a, b, share = (round(255 * float(value)) for value in code.split()[:4])
        set_by = self._fill if code.endswith(b"k") else self._stroke
        made = self[code] = b" ".join([b"%g" % round(value, 4) for value in self._colour((kind, a, b, share))]) + set_by
        return made
