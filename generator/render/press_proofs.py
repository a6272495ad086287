"""What a print file looks like: each page drawn with live type, outlined and plate by plate.

Its outlines are compared with its type, its inks added up and its codes read; the proofs are what was drawn.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.checks.preflight import Code, ppi_of
from generator.errors import Problem, error
from generator.render import press_plates as plates
from generator.render.base import Artifact, Job, Json
from generator.render.engine import picture_of
from generator.render.press_marks import POINTS_A_MM
from generator.render.press_paint import (
    Document,
    Done,
    Painted,
    in_false_colours,
    live,
    separated,
    separated_resources,
)
from generator.render.press_sheet import Sheet
from generator.typesetting import qr

if TYPE_CHECKING:
    import pikepdf
    import pypdfium2
    from PIL.Image import Image as Picture

PROOF_PIXELS: Final = 1600
"""Longer side of a proof at most."""
PLATE_PIXELS: Final = 800
"""Longer side of the plates on which inks are added up."""
QR_READING_PPI: Final = 150
LEGIBLE: Final = 10
"""Pixels that the smallest type has where outlines are compared."""
_COMPARED: Final = (1000, PROOF_PIXELS)


@dataclass(frozen=True, slots=True)
class View:
    """What one page shows when it is drawn: its part of a proof, its plates without type, its codes.

    ``difference``: how unlike its outlines and its type are, 0 to 255.
    """

    proof: "Picture"
    plates: plates.Plates
    difference: int
    codes: list[Code]
    problems: list[Problem]


_A_PROOF: Final = 4
"""Pages of a book on one proof."""
_A_PAGE: Final = 4
"""Pages of the proofing document for each page: live, outlined, its colours, its black; both without type."""


def drawn(document: Document, pages: Sequence[Painted]) -> bytes:
    """A document with each page four times: with live type, outlined, and the two in the false colours of plates."""
    done: tuple[Done, Done] = ({}, {})
    drawn = []
    for page, painted in zip(document.pdf.pages, pages, strict=True):
        drawn += [
            _drawing(document, page.obj, live(painted), painted.original),
            _drawing(document, page.obj, b"".join(painted.outlined), page.obj.Resources),
        ]
        for plate, known in zip(("cmy", "k"), done, strict=True):
            needs = separated_resources(document, page.obj, plate, bare=True, done=known)
            drawn.append(_drawing(document, page.obj, in_false_colours(painted.bare, plate), needs))
    return _with_pages(document, drawn)


def separations(document: Document, pages: Sequence[Painted]) -> bytes:
    """A document with the two in the false colours of plates of each page, type and all."""
    done: tuple[Done, Done] = ({}, {})
    drawn = []
    for page, painted in zip(document.pdf.pages, pages, strict=True):
        for plate, known in zip(("cmy", "k"), done, strict=True):
            needs = separated_resources(document, page.obj, plate, bare=False, done=known)
            drawn.append(_drawing(document, page.obj, separated(painted, plate), needs))
    return _with_pages(document, drawn)


def _drawing(
    document: Document, page: "pikepdf.Object", content: bytes, needs: "pikepdf.Object | None"
) -> "pikepdf.Object":
    """A page that is drawn instead of another."""
    import pikepdf

    made = pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=page.MediaBox, Contents=document.pdf.make_stream(content),
        Resources=needs if needs is not None else pikepdf.Dictionary(),
    )  # fmt: skip
    return document.pdf.make_indirect(made)


def _with_pages(document: Document, pages: "list[pikepdf.Object]") -> bytes:
    """The document with other pages; it keeps its own."""
    import pikepdf

    target, root = io.BytesIO(), document.pdf.Root
    tree = root.Pages
    root.Pages = document.pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array(pages), Count=len(pages))
    )
    document.pdf.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    root.Pages = tree
    return target.getvalue()


def views(sheet: Sheet, pages: Sequence[Painted], drawn: bytes) -> Iterator[View]:
    """Each page drawn. Its picture is megabytes, and a book has many: what is kept is no larger than its proof."""
    import pypdfium2

    document = pypdfium2.PdfDocument(drawn)
    frame = sheet.frame
    whole = (0.0, 0.0, frame.width + 2 * frame.bleed, frame.height + 2 * frame.bleed)
    least, most = (pixels / max(whole) for pixels in _COMPARED)
    try:
        for at, painted in enumerate(pages):
            before, after, cmy, k = every = [document[_A_PAGE * at + step] for step in range(_A_PAGE)]
            small = min([run.size for run in painted.runs], default=12.0)
            scale = min(max(LEGIBLE / small, least), most)
            picture = picture_of(after, scale)
            with closing(picture_of(before, scale, grey=True)) as lettering, closing(picture.convert("L")) as outlines:
                difference = plates.unlike(lettering, outlines)
            codes = list(_codes(sheet, at + 1, picture))
            problems = unreadable(sheet.job, [after], sheet.notes.codes, at)
            proof = _trimmed(sheet, picture, scale, _is_book(pages))
            made = plates.plates(cmy, k, PLATE_PIXELS / max(whole))
            for one in (*every, picture):
                one.close()
            yield View(proof, made, difference, codes, problems)
    finally:
        document.close()


def _is_book(pages: Sequence[Any]) -> bool:
    """Whether several pages share a proof: more than a front and a back."""
    return len(pages) > 2


def pictures(sheet: Sheet, views: Sequence[View], workspace: Path) -> Iterator[Artifact]:
    """A proof of each page, trimmed: what the print shop shows on WeChat before it prints. A book has four to one."""
    job, book = sheet.job, _is_book(views)
    copies = f"{sheet.data['copies']}份" if sheet.data.get("copies") else "数量待定"
    for at in range(0, len(views), _A_PROOF if book else 1):
        pages = [view.proof for view in views[at : at + (_A_PROOF if book else 1)]]
        picture = _together(pages) if book else pages[0]
        leaf = len(views) == 2 and sheet.data["sides"] == 2
        one = "" if len(views) == 1 else ("_正面", "_反面")[at] if leaf else f"_{at + 1}"
        side = f"_{at + 1}-{at + len(pages)}" if book else one
        # In a folder 13 would stand before 5.
        filed = f"_{at + 1:02}-{at + len(pages):02}" if book else one
        path = workspace / f"proof{at + 1}.jpg"
        picture.save(path, "JPEG", quality=85, subsampling=0)
        yield Artifact(
            path, f"发广告公司/小样/{job.stem}{filed}_{sheet.size}_{copies}.jpg", job.material, "jpg", "print",
            f"{job.title}{side.replace('_', '·')}·小样", job.name, job.content, pixels=picture.size, key=job.key,
        )  # fmt: skip


def _trimmed(sheet: Sheet, picture: "Picture", scale: float, half: bool) -> "Picture":
    """A page for its proof, at most ``PROOF_PIXELS`` long as it was drawn, or ``half`` as large."""
    margin = round(sheet.frame.bleed * scale)
    trim = (margin, margin, picture.width - margin, picture.height - margin)
    return picture.reduce(2, trim) if half else picture.crop(trim)


def _together(pages: Sequence["Picture"]) -> "Picture":
    """Pages side by side, two to a row."""
    from PIL import Image

    width, height = pages[0].size
    whole = Image.new("RGB", (2 * width, height * -(-len(pages) // 2)), "white")
    for at, page in enumerate(pages):
        whole.paste(page, (at % 2 * width, at // 2 * height))
    return whole


def tiffs(sheet: Sheet, separations: bytes, pages: int, workspace: Path) -> Iterator[Artifact]:
    """Each page as an uncompressed CMYK TIFF at the ppi that the process wants, at true size."""
    import pypdfium2

    job, frame = sheet.job, sheet.frame
    ppi = ppi_of(sheet.press, sheet.trim)
    box = (0.0, 0.0, frame.width + 2 * frame.bleed, frame.height + 2 * frame.bleed)
    day = job.data["date"].replace("-", ":") + " 12:00:00"
    document = pypdfium2.PdfDocument(separations)
    try:
        for at in range(pages):
            side = "" if pages == 1 else f"_{at + 1}"
            path = workspace / f"print{at + 1}.tif"
            cmy, k = document[2 * at], document[2 * at + 1]
            pixels = plates.write_tiff(path, cmy, k, box, ppi, sheet.unit, day)
            yield Artifact(
                path, f"发广告公司/{job.stem}{side}_{sheet.size}_{ppi:g}ppi_CMYK.tif", job.material, "tiff", "print",
                job.title + side.replace("_", "·"), job.name, job.content, trim_mm=sheet.trim,
                bleed_mm=round(sheet.data["bleed"] * sheet.unit, 3), pixels=pixels, key=job.key,
            )  # fmt: skip
    finally:
        document.close()


def unreadable(
    job: Job, pages: "Sequence[pypdfium2.PdfPage] | pypdfium2.PdfDocument", codes: Sequence[Json], before: int = 0
) -> list[Problem]:
    """What of ``codes`` cannot be read on pages, ``before`` of which lie before the first. The caller holds pdfium."""
    problems = []
    for code in codes:
        if not 0 <= code["page"] - 1 - before < len(pages):
            continue
        page = pages[code["page"] - 1 - before]
        # A page that is printed is larger by its bleed on every side; positions are from the trim edge.
        edge = (page.get_mediabox()[2] - job.data["sheet"]["trim"][0] * POINTS_A_MM) / 2
        left, top = (code[axis] * POINTS_A_MM + edge for axis in ("x", "y"))
        side = code["size"] * POINTS_A_MM
        crop = (left, page.get_height() - top - side, page.get_width() - left - side, top)
        if code["text"] not in qr.read(picture_of(page, QR_READING_PPI / 72, crop, grey=True)):
            problems.append(error("qr-unreadable", f"“{job.title}”上的二维码扫不出来：{code['text']}", piece=job.name))
    return problems


def _codes(sheet: Sheet, number: int, picture: "Picture") -> Iterator[Code]:
    for noted in sheet.notes.codes:
        if noted["page"] == number:
            left, top, side = (noted[key] * sheet.unit for key in ("x", "y", "size"))
            box = (left, top, left + side, top + side)
            yield Code(number, noted["text"], box, noted["modules"], _is_bare(sheet, picture, noted))


def _is_bare(sheet: Sheet, page: "Picture", noted: Json) -> bool:
    """Whether the four modules around a code are paper."""
    # A page is drawn on whole pixels, so across and down are not quite the same scale.
    frame = sheet.frame
    across = POINTS_A_MM * page.width / (frame.width + 2 * frame.bleed)
    down = POINTS_A_MM * page.height / (frame.height + 2 * frame.bleed)
    left, top = ((noted[key] + sheet.data["bleed"]) * unit for key, unit in (("x", across), ("y", down)))
    wide, high = noted["size"] * across, noted["size"] * down
    # A pixel at each edge belongs to what is beside as well.
    band = max(1, int(4 * min(wide, high) / (noted["modules"] + 8)) - 3)
    picture = page.crop((round(left) + 2, round(top) + 2, round(left + wide) - 2, round(top + high) - 2))
    width, height = picture.size
    rings = (
        (0, 0, width, band),
        (0, height - band, width, height),
        (0, 0, band, height),
        (width - band, 0, width, height),
    )
    lightest: Any = [picture.crop(ring).getextrema() for ring in rings]
    return all(low >= 235 for bands in lightest for low, _ in bands)
