"""The print file: what Typst set becomes what a print shop takes without a phone call.

The page is read once (``press_paint``). Its text is turned into outlines and compared with the live one by pixels, its
plates are drawn and added up, marks, boxes and the PDF/X intent are put on, everything that was measured is inspected
(``checks.preflight``), and a proof is drawn of what will be printed.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.checks.preflight import Code, Facts, Page, Text, inspect, ppi_of, record
from generator.errors import Problem, Span, error
from generator.render import press_marks as marks
from generator.render import press_plates as plates
from generator.render import press_x as x
from generator.render.base import Artifact, Job, Json
from generator.render.colouring import Coded, Pieces
from generator.render.engine import picture_of
from generator.render.press_marks import POINTS_A_MM, Frame
from generator.render.press_paint import (
    Document,
    Done,
    Painted,
    Run,
    in_false_colours,
    live,
    paint,
    separated,
    separated_resources,
    with_type,
)
from generator.render.press_stream import IDENTITY, Inks, Matrix, Unreadable, multiplied, numbers
from generator.typesetting import qr

if TYPE_CHECKING:
    import pikepdf
    import pypdfium2
    from PIL.Image import Image as Picture

SMALL_PT: Final = 12.05
"""Black type up to 12 pt prints over its ground: a hairline of paper around it would show the least misregister."""
PROOF_PIXELS: Final = 1600
"""Longer side of a proof at most."""
PLATE_PIXELS: Final = 800
"""Longer side of the plates on which inks are added up."""
QR_READING_PPI: Final = 150
LEGIBLE: Final = 10
"""Pixels that the smallest type has where outlines are compared."""
_COMPARED: Final = (1000, PROOF_PIXELS)


@dataclass(frozen=True, slots=True)
class Notes:
    """What the template recorded: lines said, codes, contours; ``texts``: all that a reader finds."""

    said: Sequence[Json] = ()
    codes: Sequence[Json] = ()
    contours: Sequence[Json] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """The same pages for the screen: their pieces in RGB and their pictures; none when nothing was drawn."""

    pieces: Sequence[Pieces] = ()
    pictures: "Sequence[Picture]" = ()


@dataclass(slots=True)
class Pressed:
    """The files for the print shop and what is wrong with them."""

    artifacts: list[Artifact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
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


def press(
    job: Job,
    coded: Coded,
    screen: Screen,
    notes: Notes,
    workspace: Path,
    root: Path,
    pdfium: AbstractContextManager[Any],
) -> Pressed:
    """All files for the print shop of one piece. ``coded``: its pages; uses their document up. ``pdfium``: a lock."""
    sheet, made = _Sheet(job, notes, root), Pressed()
    path = workspace / "print.pdf"
    try:
        document = Document(coded.document, sheet.overprints)
        pages = [
            paint(document, page.obj, pieces=pieces)
            for page, pieces in zip(document.pdf.pages, coded.printed(job.data), strict=True)
        ]
        proofs = _proofs(document, pages)
        separations = _separations(document, pages) if "tiff" in job.formats else b""
        boxes = _finish(sheet, document, pages, path)
        fonts = sum(len(page.obj.Resources.get("/Font", ())) for page in document.pdf.pages)
    except Unreadable as reason:
        made.problems.append(error("preflight-outlines", f"“{job.title}”不能转曲：{reason}", piece=job.name))
        return made
    with pdfium:
        views = list(_views(sheet, pages, proofs))
    facts = Facts(
        standard=x.STANDARDS[sheet.press["standard"]],
        pages=[
            Page(_mm(media), _mm(bleed), _mm(trim), view.ink)
            for (media, bleed, trim), view in zip(boxes, views, strict=True)
        ],
        texts=list(_texts(sheet, pages, views, screen)),
        codes=[code for view in views for code in view.codes],
        images=[
            (_placed_ppi(one.pixels, one.size, sheet.unit), one.space, one.masked)
            for page in pages for one in page.pictures
        ],
        used=frozenset().union(*(page.used for page in pages)),
        fonts=fonts,
        difference=max((view.difference for view in views), default=0),
        glyphs=len(document.drawn),
        read_back=len(notes.said),
        line_mm=min((line * sheet.unit / POINTS_A_MM for page in pages for line in page.lines), default=None),
        origin=_Origins(sheet),
    )  # fmt: skip
    made.problems += [problem for view in views for problem in view.problems]
    made.problems += inspect(facts, job.name, sheet.data)
    if any(problem.severity == "error" for problem in made.problems):
        return made
    made.artifacts.append(_print_file(sheet, path, len(pages), record(facts, made.problems, sheet.data)))
    made.artifacts += _pictures(sheet, views, workspace)
    if "tiff" in job.formats:
        with pdfium:
            made.artifacts += list(_tiffs(sheet, separations, len(pages), workspace))
    return made


def _mm(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    left, bottom, right, top = (value / POINTS_A_MM for value in box)
    return left, bottom, right, top


def _placed_ppi(pixels: tuple[int, int], size: tuple[float, float], scale: float) -> float:
    return min(count * 72 / (points * scale) for count, points in zip(pixels, size, strict=True) if points)


# ---- the file ----------------------------------------------------------------------------------------------


def _finish(sheet: _Sheet, document: Document, pages: Sequence[Painted], path: Path) -> list[x.Boxes]:
    """Contents, marks, boxes and intent; writes the file and returns media, bleed and trim box of each page."""
    import pikepdf

    pdf, standard, large = document.pdf, sheet.press["standard"], sheet.enlarge
    frame = Frame(sheet.frame.width * large, sheet.frame.height * large, sheet.frame.bleed * large)
    kinds = set(sheet.press["marks"])
    spaces: dict[str, pikepdf.Object] = {}
    slug = marks.slug(frame) if kinds & {"crop", "register"} or ("fold" in kinds and sheet.folds(1)) else 0.0
    moved: set[tuple[int, int]] = set()
    place = (large, 0.0, 0.0, large, slug, slug)
    # What runs beyond the bleed would lie under the marks.
    edge = numbers(0, 0, sheet.frame.width + 2 * sheet.frame.bleed, sheet.frame.height + 2 * sheet.frame.bleed)
    opened = b"q\n%s cm\n%s re W n\nq\n" % (numbers(*place), edge)
    drawn: dict[tuple[float, ...], bytes] = {}
    boxes = []
    for number, (page, painted) in enumerate(zip(pdf.pages, pages, strict=True), 1):
        folds = tuple(fold * large for fold in sheet.folds(number))
        if slug and folds not in drawn:
            drawn[folds] = marks.marks(frame, kinds, folds, sheet.root, sheet.data["fold"] == "tent")
        around = drawn.get(folds)
        cut = _die(sheet, number)
        content = with_type(painted) if standard == "x4" else b"".join(painted.outlined)
        whole = b"%s%s\nQ\n%sQ\n" % (opened, content, cut)
        if around:
            whole += b"q\n1 0 0 1 %s cm\n%sQ\n" % (numbers(slug, slug), around)
            spaces.setdefault("PressAll", x.separation(pdf, "All", (1, 1, 1, 1)))
        _move_patterns(page.obj.Resources, place, moved)
        if cut:
            spaces.setdefault("PressCut", x.separation(pdf, sheet.press["cut"], (0, 1, 0, 0)))
        page.obj.Contents = pdf.make_stream(whole)
        _own_resources(page.obj, painted, spaces, standard)
        boxes.append(x.box(page.obj, frame, slug))
    x.declare(pdf, standard, sheet.root)
    pdf.save(
        path, deterministic_id=True, linearize=False, force_version=x.VERSIONS[standard],
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )  # fmt: skip
    return boxes


def _own_resources(
    page: "pikepdf.Object", painted: Painted, spaces: "Mapping[str, pikepdf.Object]", standard: str
) -> None:
    """Overprint and spot colours beside what the page uses; the fonts where text stays live."""
    import pikepdf

    resources = page.Resources
    states = dict(resources.get("/ExtGState", pikepdf.Dictionary()).items())
    over = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, OP=True, op=True, OPM=1)
    resources.ExtGState = pikepdf.Dictionary({**states, "/PressOverprint": over})
    if spaces:
        known = dict(resources.get("/ColorSpace", pikepdf.Dictionary()).items())
        resources.ColorSpace = pikepdf.Dictionary(known | {"/" + name: space for name, space in spaces.items()})
    if standard == "x4" and painted.original is not None and "/Font" in painted.original:
        resources.Font = painted.original.Font
        if "/XObject" in painted.original:
            resources.XObject = painted.original.XObject
        else:
            del resources.XObject


def _move_patterns(resources: "pikepdf.Object", place: Matrix, moved: set[tuple[int, int]]) -> None:
    """A pattern lies on the paper, not on what is drawn: it moves when the page does."""
    for pattern in resources.get("/Pattern", {}).values():
        if pattern.objgen not in moved:
            moved.add(pattern.objgen)
            a, b, c, d, e, f = (float(value) for value in pattern.get("/Matrix", IDENTITY))
            pattern.Matrix = list(multiplied((a, b, c, d, e, f), place))


def _die(sheet: _Sheet, page: int) -> bytes:
    """The die line of a page; the back of a piece is cut with its front."""
    wanted = sheet.data["die"]
    if wanted is None or page > 1:
        return b""
    if wanted["name"] == "trim":
        return marks.die(marks.rounded(sheet.frame, wanted["radius"] * POINTS_A_MM))
    for noted in sheet.notes.contours:
        if noted["name"] == wanted["name"]:
            return marks.die(marks.contour(sheet.frame, noted["ops"]))
    raise Unreadable(f"模板没有给出刀版轮廓“{wanted['name']}”")


def _print_file(sheet: _Sheet, path: Path, pages: int, preflight: Json) -> Artifact:
    job = sheet.job
    drawn = f"_1比{sheet.scale}" if sheet.scale > 1 else ""
    name = f"发广告公司/{job.stem}_{_size(sheet)}{drawn}_印刷.pdf"
    return Artifact(
        path, name, job.material, "pdf", "print", job.title, job.name, job.content, pages=pages, trim_mm=sheet.trim,
        bleed_mm=round(sheet.data["bleed"] * sheet.unit, 3), text=sheet.notes.texts, preflight=preflight,
        scale=sheet.scale, order=job.data.get("order"), key=job.key,
    )  # fmt: skip


def _size(sheet: _Sheet) -> str:
    return "{:g}x{:g}mm".format(*sheet.trim)


# ---- pictures of the pages -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _View:
    """What one page shows when it is drawn: its part of a proof, what its outlines differ by, its codes.

    From its plates without type the most ink on one spot, type included, and the inks that each run of text stands on.
    """

    proof: "Picture"
    difference: int
    ink: float
    grounds: "list[tuple[float, ...] | None]"
    codes: list[Code]
    problems: list[Problem]


_A_PROOF: Final = 4
"""Pages of a book on one proof."""
_A_PAGE: Final = 4
"""Pages of the proofing document for each page: live, outlined, its colours, its black; both without type."""


def _proofs(document: Document, pages: Sequence[Painted]) -> bytes:
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


def _separations(document: Document, pages: Sequence[Painted]) -> bytes:
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


def _views(sheet: _Sheet, pages: Sequence[Painted], proofs: bytes) -> Iterator[_View]:
    """Each page drawn. Its picture is megabytes, and a book has many: what is kept is no larger than its proof."""
    import pypdfium2

    alarm = sheet.job.data["theme"]["colours"]["alarm"]["cmyk"]
    mark = tuple(round(2.55 * ink) for ink in alarm) if sheet.job.data["sample"] else None
    document = pypdfium2.PdfDocument(proofs)
    try:
        for at, painted in enumerate(pages):
            drawn = before, after, cmy, k = [document[_A_PAGE * at + step] for step in range(_A_PAGE)]
            frame = sheet.frame
            whole = (0.0, 0.0, frame.width + 2 * frame.bleed, frame.height + 2 * frame.bleed)
            longer = max(whole)
            small = min([run.size for run in painted.runs], default=12.0)
            least, most = (pixels / longer for pixels in _COMPARED)
            scale = min(max(LEGIBLE / small, least), most)
            picture = plates.drawn(after, scale, whole)
            with (
                closing(plates.drawn(before, scale, whole, grey=True)) as live_type,
                closing(picture.convert("L")) as outlines,
            ):
                difference = plates.unlike(live_type, outlines)
            codes = list(_codes(sheet, at + 1, picture, scale))
            problems = unreadable(sheet.job, [after], sheet.notes.codes, at)
            proof = _trimmed(sheet, picture, scale, _is_book(pages))
            separations = plates.plates(cmy, k, PLATE_PIXELS / longer, whole)
            for one in (*drawn, picture):
                one.close()
            found = [_ground(separations, run, mark) for run in painted.runs]
            ink = round(max([plates.ink_total(separations), *[total for _, total in found]]) * 100 / 255, 1)
            grounds = [_percent(ground, 255) if ground else None for ground, _ in found]
            separations.picture.close()
            yield _View(proof, difference, ink, grounds, codes, problems)
    finally:
        document.close()


def _is_book(pages: Sequence[Any]) -> bool:
    """Whether several pages share a proof: more than a front and a back."""
    return len(pages) > 2


def _pictures(sheet: _Sheet, views: Sequence[_View], workspace: Path) -> Iterator[Artifact]:
    """A proof of each page, trimmed: what the print shop shows on WeChat before it prints. A book has four to one."""
    job, book = sheet.job, _is_book(views)
    copies = f"{sheet.data['copies']}份" if sheet.data.get("copies") else "数量待定"
    for at in range(0, len(views), _A_PROOF if book else 1):
        pages = [view.proof for view in views[at : at + (_A_PROOF if book else 1)]]
        picture = _together(pages) if book else pages[0]
        leaf = len(views) == 2 and sheet.data["sides"] == 2
        one = "" if len(views) == 1 else ("_正面", "_反面")[at] if leaf else f"_{at + 1}"
        side = f"_{at + 1}-{at + len(pages)}" if book else one
        path = workspace / f"proof{at + 1}.jpg"
        picture.save(path, "JPEG", quality=85, subsampling=0)
        yield Artifact(
            path, f"发广告公司/小样/{job.stem}{side}_{_size(sheet)}_{copies}.jpg", job.material, "jpg", "print",
            f"{job.title}{side.replace('_', '·')}·小样", job.name, job.content, pixels=picture.size, key=job.key,
        )  # fmt: skip


def _trimmed(sheet: _Sheet, picture: "Picture", scale: float, half: bool) -> "Picture":
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


def _tiffs(sheet: _Sheet, separations: bytes, pages: int, workspace: Path) -> Iterator[Artifact]:
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
                path, f"发广告公司/{job.stem}{side}_{_size(sheet)}_{ppi:g}ppi_CMYK.tif", job.material, "tiff", "print",
                job.title + side.replace("_", "·"), job.name, job.content, trim_mm=sheet.trim,
                bleed_mm=round(sheet.data["bleed"] * sheet.unit, 3), pixels=pixels, key=job.key,
            )  # fmt: skip
    finally:
        document.close()


# ---- what the preflight wants to know --------------------------------------------------------------------------


def _texts(sheet: _Sheet, pages: Sequence[Painted], views: Sequence[_View], screen: Screen) -> Iterator[Text]:
    shown, unit = _shown(sheet, pages, screen), sheet.unit / POINTS_A_MM
    for number, (page, view) in enumerate(zip(pages, views, strict=True), 1):
        for at, run in enumerate(page.runs):
            inks = run.inks and _percent(run.inks, 1)
            yield Text(
                number, run.text.strip(), run.size * unit, "Regular" not in run.font, sheet.millimetres(run.box),
                inks, view.grounds[at], shown.get((number, at)), run.overprint,
            )  # fmt: skip


class _Origins:
    """Where each line that the template set was written: the first place of two. Asked for what is wrong alone."""

    def __init__(self, sheet: _Sheet) -> None:
        self._sheet = sheet

    @cached_property
    def _lines(self) -> dict[str, Span]:
        found: dict[str, Span] = {}
        for entry in self._sheet.notes.said:
            if origin := self._sheet.job.origins.get(entry["id"]):
                for line in entry["lines"]:
                    found.setdefault("".join(line.split()), origin)
        return found

    def __call__(self, said: str) -> Span | None:
        """Where a text was written; a line is set in several parts where its signs are narrower."""
        text = "".join(said.split())
        if text in self._lines:
            return self._lines[text]
        long = len(text) > 1
        return next((origin for line, origin in self._lines.items() if text in line), None) if long else None


def _ground(made: plates.Plates, run: Run, mark: tuple[int, ...] | None) -> tuple[tuple[int, ...], int]:
    """The inks under a text, nothing when they cannot be told, and how much ink lies where it is, in levels of 255.

    ``mark``: the red across a sample.
    """
    if run.inks is None or run.stroked:
        return (), 0
    own = _levels(run.inks)
    found = plates.grounds_in(made.picture, _pixels(run.box, made.scale, made.picture.height), mark)
    if not found:
        return (), sum(own)
    total = sum(own) + max([sum(colour) for colour in found]) if run.overprint else sum(own)
    if len(found) == 1:
        # On a ground of its own colour only, a text is not seen.
        return found[0], total
    return next((colour for colour in found if plates.apart(colour, own)), found[0]), total


@lru_cache(maxsize=1024)
def _levels(colour: tuple[float, ...]) -> tuple[int, ...]:
    """Parts of 1 as the 255 levels of a picture."""
    return tuple(round(255 * part) for part in colour)


@lru_cache(maxsize=1024)
def _percent(colour: tuple[float, ...], whole: int) -> tuple[float, ...]:
    return tuple(100 * part / whole for part in colour)


def _pixels(box: tuple[float, float, float, float], scale: float, height: int) -> tuple[int, int, int, int]:
    """A box in points of a page as one of a picture of it, ``height`` pixels high."""
    left, bottom, right, top = box
    return int(left * scale), int(height - top * scale), int(right * scale), int(height - bottom * scale)


def _shown(sheet: _Sheet, pages: Sequence[Painted], screen: Screen) -> dict[tuple[int, int], float]:
    """The contrast of each text of a page as a screen shows it, by page and number of the text.

    Both are one setting in two colourings: what sets a colour here sets it there. Where a template mixed an ink of its
    own, which no screen colour answers to, nothing is said.
    """
    found: dict[tuple[int, int], float] = {}
    red = sheet.job.data["theme"]["colours"]["alarm"]["rgb"]
    mark = tuple(bytes.fromhex(red[1:])) if sheet.job.data["sample"] else None
    for number, (pieces, painted, picture) in enumerate(zip(screen.pieces, pages, screen.pictures, strict=False), 1):
        fills = pieces[1::2]
        if len(fills) != painted.content.colours:
            continue
        scale = picture.width / sheet.frame.width
        for at, run in enumerate(painted.runs):
            if run.inks_by is not None and not run.stroked:
                fill = _channels(fills[run.inks_by])
                ratio = _contrast(picture, scale, sheet.frame.bleed, run, fill, mark)
                if ratio:
                    found[number, at] = ratio
    return found


@lru_cache(maxsize=1024)
def _channels(operator: bytes) -> tuple[float, ...]:
    """The red, green and blue that ``0.1 0.2 0.3 rg`` sets."""
    return tuple(map(float, operator.split()[:3]))


def _contrast(
    picture: "Picture",
    scale: float,
    bleed: float,
    run: Run,
    fill: tuple[float, ...],
    mark: tuple[int, ...] | None,
) -> float | None:
    own = _levels(fill)
    left, bottom, right, top = run.box
    box = _pixels((left - bleed, bottom - bleed, right - bleed, top - bleed), scale, picture.height)
    ground = next((colour for colour in plates.grounds_in(picture, box, mark) if plates.apart(colour, own)), None)
    if ground is None:
        return None
    light, dark = sorted((_luminance(own), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1024)
def _luminance(colour: tuple[int, ...]) -> float:
    """WCAG 2 relative luminance of 0 to 255 red, green, blue."""
    parts = (part / 255 for part in colour)
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


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


def _codes(sheet: _Sheet, number: int, picture: "Picture", scale: float) -> Iterator[Code]:
    for noted in sheet.notes.codes:
        if noted["page"] == number:
            left, top, side = (noted[key] * sheet.unit for key in ("x", "y", "size"))
            box = (left, top, left + side, top + side)
            yield Code(number, noted["text"], box, noted["modules"], _is_bare(sheet, picture, scale, noted))


def _is_bare(sheet: _Sheet, page: "Picture", scale: float, noted: Json) -> bool:
    """Whether the four modules around a code are paper."""
    unit = POINTS_A_MM * scale
    left, top = ((noted[key] + sheet.data["bleed"]) * unit for key in ("x", "y"))
    side = noted["size"] * unit
    # A pixel at each edge belongs to what is beside as well.
    band = max(1, int(4 * side / (noted["modules"] + 8)) - 3)
    picture = page.crop((round(left) + 2, round(top) + 2, round(left + side) - 2, round(top + side) - 2))
    width, height = picture.size
    rings = (
        (0, 0, width, band),
        (0, height - band, width, height),
        (0, 0, band, height),
        (width - band, 0, width, height),
    )
    lightest: Any = [picture.crop(ring).getextrema() for ring in rings]
    return all(low >= 235 for bands in lightest for low, _ in bands)
