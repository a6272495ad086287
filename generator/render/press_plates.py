"""Pictures of a print file's plates: what its inks add up to, and the CMYK TIFF of large formats.

pdfium draws pages in the false colours of ``press_paint.separated``: red, green and blue are paper minus cyan,
magenta and yellow, grey is paper minus black. Nothing is converted, so the numbers are those of the file.
"""

import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.render.engine import picture_of
from generator.render.press_paint import Box

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image as Picture

BLOCK: Final = 12
"""Side in pixels of the squares whose means are compared: a missing comma is seen, a smoother edge is not."""
STRIP: Final = 256
"""Rows of a TIFF that are drawn and written at once: memory stays bounded whatever the size of the piece."""


Colours = list[tuple[int, tuple[int, ...]]]
"""How many pixels there are of each colour."""


@dataclass(frozen=True, slots=True)
class Plates:
    """The separations of a page: the most ``ink`` on one spot, in levels of 255 of each of four.

    ``picture``: every other pixel of every other row, mode CMYK, 255 for full ink, ``scale`` of them to a point;
    ``every``: its bytes.
    """

    ink: int
    picture: "Picture"
    every: bytes
    scale: float

    def colours_in(self, box: Box) -> Colours:
        """The colours in a box of the page, in points: one alone where there is but one, nothing outside the page."""
        left, bottom, right, top = box
        across, down = self.picture.size
        x0, x1 = int(left * self.scale), int(right * self.scale) + 1
        y0, y1 = int(down - top * self.scale), int(down - bottom * self.scale) + 1
        if x0 < 0 or y0 < 0 or x1 > across or y1 > down:
            x0, y0, x1, y1 = _within((across, down), (x0, y0, x1, y1))
        if x0 >= x1 or y0 >= y1:
            return []
        every, row, wide = self.every, 4 * across, 4 * (x1 - x0)
        at, end = y0 * row + 4 * x0, y1 * row
        first = every[at : at + 4]
        whole = first * (x1 - x0)
        # What a text stands on is higher than a fourth of it.
        for start in range(at, end, row * ((y1 - y0) // 4 + 1)):
            if every[start : start + wide] != whole:
                break
        else:
            return [(1, tuple(first))]
        return colours_in(self.picture, (x0, y0, x1, y1))


def drawn(page: "pypdfium2.PdfPage", scale: float, box: Box, grey: bool = False) -> "Picture":
    """The part of a page inside ``box`` (points of the page)."""
    width, height = page.get_size()
    left, bottom, right, top = box
    return picture_of(page, scale, (left, bottom, width - right, height - top), grey)


def plates(cmy: "pypdfium2.PdfPage", k: "pypdfium2.PdfPage", scale: float) -> Plates:
    """The four separations of a page from its two pages in false colours, drawn ``scale`` pixels a point."""
    from PIL import Image, ImageMath

    with closing(_merged(picture_of(cmy, scale), picture_of(k, scale, grey=True))) as picture:
        size = (max(1, picture.width // 2), max(1, picture.height // 2))
        fewer = picture.resize(size, Image.Resampling.NEAREST)
        bands = dict(zip("cmyk", picture.split(), strict=True))
    total = ImageMath.lambda_eval(lambda inks: inks["c"] + inks["m"] + inks["y"] + inks["k"], **bands)
    return Plates(total.getextrema()[1], fewer, fewer.tobytes(), scale / 2)


def _merged(colours: "Picture", black: "Picture") -> "Picture":
    """Pages in false colours as one picture of mode CMYK, 255 for full ink."""
    from PIL import Image, ImageChops

    return Image.merge("CMYK", (*ImageChops.invert(colours).split(), ImageChops.invert(black)))


def unlike(one: "Picture", other: "Picture") -> int:
    """By how much the most different squares of two grey pictures of a page differ, 0 to 255.

    pdfium and Pillow weigh red, green and blue alike but for a level.
    """
    from PIL import ImageChops

    if one.size != other.size:
        return 255
    with closing(ImageChops.difference(one, other)) as difference:
        squares: Any = difference.reduce(BLOCK)
    return int(squares.getextrema()[1])


def colours_in(picture: "Picture", box: tuple[int, int, int, int]) -> Colours:
    """The colours in a box of pixels and one around it; nothing outside the picture."""
    around = _within(picture.size, (box[0] - 1, box[1] - 1, box[2] + 2, box[3] + 2))
    wide, high = around[2] - around[0], around[3] - around[1]
    if wide <= 0 or high <= 0:
        return []
    if wide * high > _ENOUGH:
        share = (_ENOUGH / (wide * high)) ** 0.5
        wide, high = max(1, round(wide * share)), max(1, round(high * share))
    found: Any = picture.resize((wide, high), 0, around).getcolors(_ENOUGH * 2) or []
    return [(count, tuple(colour)) for count, colour in found]


def grounds(found: Colours, mark: tuple[int, ...] | None = None) -> Colours:
    """The colours that fill a twelfth of a box or more, the largest first: what a text may stand on.

    ``mark``: the red of what lies across a sample; what it crosses shows too little of its ground to tell, none.
    """
    # The edges of letters are of many colours, none of which is a tenth of the box.
    least = sum([count for count, _ in found]) * _SHARE
    if mark and sum(count for count, colour in found if not apart(colour, mark)) > least / 4:
        return []
    return sorted([each for each in found if each[0] >= least], reverse=True)


def _within(size: tuple[int, int], box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A box cut to a picture of ``size``."""
    left, top, right, bottom = box
    width, height = size
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return box
    return max(0, left), max(0, top), min(width, right), min(height, bottom)


def apart(colour: tuple[int, ...], own: tuple[int, ...]) -> bool:
    """Whether two colours differ."""
    return any(abs(one - other) > _SAME for one, other in zip(colour, own, strict=True))


_ENOUGH: Final = 2000
"""Pixels of a text's box that are looked at."""
_SAME: Final = 12
_SHARE: Final = 0.08


# ---- TIFF --------------------------------------------------------------------------------------------------


def write_tiff(
    path: Path, cmy: "pypdfium2.PdfPage", k: "pypdfium2.PdfPage", box: Box, ppi: float, scale: float, made_at: str
) -> tuple[int, int]:
    """An uncompressed CMYK TIFF of the page at true size; returns its pixels.

    ``box``: what is drawn, in points of a page that is made ``scale`` times larger; ``made_at`` as TIFF writes dates:
    ``2026:11:22 12:00:00``. TIFF 6.0, section 16: inks 1 to 4 as bytes, 255 for full ink, a strip for ``STRIP`` rows.
    """
    left, bottom, right, top = box
    points = 72 / (ppi * scale)
    width, height = round((right - left) / points), round((top - bottom) / points)
    heights = [min(STRIP, height - row) for row in range(0, height, STRIP)]
    with path.open("wb") as target:
        target.write(_head(width, height, heights, ppi, made_at))
        for row, rows in zip(range(0, height, STRIP), heights, strict=True):
            upper = top - row * points
            strip = (left, upper - rows * points, left + width * points, upper)
            target.write(_strip(cmy, k, strip, 1 / points, (width, rows)))
    return width, height


def _strip(cmy: "pypdfium2.PdfPage", k: "pypdfium2.PdfPage", box: Box, scale: float, size: tuple[int, int]) -> bytes:
    with closing(_merged(drawn(cmy, scale, box), drawn(k, scale, box, grey=True))) as made:
        # pdfium rounds the page up to whole pixels: a strip may come out a row or a column larger.
        return (made if made.size == size else made.crop((0, 0, *size))).tobytes()


def _head(width: int, height: int, heights: list[int], ppi: float, made_at: str) -> bytes:
    """Header and the one directory; its longer values lie between it and the pixels."""
    count, row = len(heights), width * 4
    date = made_at.encode("ascii") + b"\0"
    entries = 17
    after = 8 + 2 + entries * 12 + 4
    bits, x, y = after, after + 8, after + 16
    dated = after + 24
    offsets = dated + len(date) + len(date) % 2
    sizes = offsets + 4 * count
    pixels = sizes + 4 * count
    starts = [pixels + row * STRIP * at for at in range(count)]
    lengths = [rows * row for rows in heights]
    fraction = struct.pack("<II", round(ppi * 100), 100)
    tags: list[tuple[int, int, int, int]] = [
        (254, 4, 1, 0), (256, 4, 1, width), (257, 4, 1, height), (258, 3, 4, bits), (259, 3, 1, 1), (262, 3, 1, 5),
        (273, 4, count, offsets if count > 1 else starts[0]), (274, 3, 1, 1), (277, 3, 1, 4), (278, 4, 1, STRIP),
        (279, 4, count, sizes if count > 1 else lengths[0]), (282, 5, 1, x), (283, 5, 1, y), (284, 3, 1, 1),
        (296, 3, 1, 2), (306, 2, len(date), dated), (332, 3, 1, 1),
    ]  # fmt: skip
    directory = struct.pack("<H", entries) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    values = struct.pack("<HHHH", 8, 8, 8, 8) + fraction + fraction + date + bytes(len(date) % 2)
    listed = struct.pack(f"<{count}I", *starts) + struct.pack(f"<{count}I", *lengths)
    return struct.pack("<2sHI", b"II", 42, 8) + directory + values + listed
