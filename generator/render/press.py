"""The print file: what Typst set becomes what a print shop takes without a phone call.

The page is read once (``press_paint``). Its text is turned into outlines and compared with the live one by pixels, its
plates are drawn and added up, marks, boxes and the PDF/X intent are put on, everything that was measured is inspected
(``checks.preflight``), and a proof is drawn of what will be printed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.checks.preflight import Facts, Page, Text, inspect, record
from generator.errors import Problem, Span, error
from generator.render import press_marks as marks
from generator.render import press_plates as plates
from generator.render import press_proofs as proofs
from generator.render import press_x as x
from generator.render.base import LOGO, Artifact, Job, Json
from generator.render.colouring import Coded, Pieces
from generator.render.press_marks import POINTS_A_MM, Frame
from generator.render.press_paint import Document, Painted, Run, paint, with_type
from generator.render.press_sheet import Notes, Sheet
from generator.render.press_stream import IDENTITY, Matrix, Unreadable, multiplied, numbers

if TYPE_CHECKING:
    import pikepdf
    from PIL.Image import Image as Picture


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
    sheet, made = Sheet(job, notes, root), Pressed()
    path = workspace / "print.pdf"
    try:
        document = Document(coded.document, sheet.overprints)
        pages = [
            paint(document, page.obj, pieces=pieces)
            for page, pieces in zip(document.pdf.pages, coded.printed(job.data), strict=True)
        ]
        document.keep()
        drawn = proofs.drawn(document, pages)
        separations = proofs.separations(document, pages) if "tiff" in job.formats else b""
        boxes = _finish(sheet, document, pages, path)
        fonts = sum(len(page.obj.Resources.get("/Font", ())) for page in document.pdf.pages)
    except Unreadable as reason:
        made.problems.append(error("preflight-outlines", f"“{job.title}”不能转曲：{reason}", piece=job.name))
        return made
    with pdfium:
        views = list(proofs.views(sheet, pages, drawn))
    grounds = [list(_grounds(sheet, view.plates, page)) for page, view in zip(pages, views, strict=True)]
    facts = Facts(
        standard=x.STANDARDS[sheet.press["standard"]],
        pages=[
            Page(_mm(media), _mm(bleed), _mm(trim), _ink(view.plates, found))
            for (media, bleed, trim), view, found in zip(boxes, views, grounds, strict=True)
        ],
        texts=list(_texts(sheet, pages, grounds, screen)),
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
        logo=job.origins.get(LOGO),
        origin=_Origins(sheet),
    )  # fmt: skip
    made.problems += [problem for view in views for problem in view.problems]
    made.problems += inspect(facts, job.name, sheet.data)
    if any(problem.severity == "error" for problem in made.problems):
        return made
    made.artifacts.append(_print_file(sheet, path, len(pages), record(facts, made.problems, sheet.data)))
    made.artifacts += proofs.pictures(sheet, views, workspace)
    if "tiff" in job.formats:
        with pdfium:
            made.artifacts += list(proofs.tiffs(sheet, separations, len(pages), workspace))
    return made


def _mm(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    left, bottom, right, top = (value / POINTS_A_MM for value in box)
    return left, bottom, right, top


def _placed_ppi(pixels: tuple[int, int], size: tuple[float, float], scale: float) -> float:
    return min(count * 72 / (points * scale) for count, points in zip(pixels, size, strict=True) if points)


# ---- the file ----------------------------------------------------------------------------------------------


def _finish(sheet: Sheet, document: Document, pages: Sequence[Painted], path: Path) -> list[x.Boxes]:
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


def _die(sheet: Sheet, page: int) -> bytes:
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


def _print_file(sheet: Sheet, path: Path, pages: int, preflight: Json) -> Artifact:
    job = sheet.job
    drawn = f"_1比{sheet.scale}" if sheet.scale > 1 else ""
    name = f"发广告公司/{job.stem}_{sheet.size}{drawn}_印刷.pdf"
    return Artifact(
        path, name, job.material, "pdf", "print", job.title, job.name, job.content, pages=pages, trim_mm=sheet.trim,
        bleed_mm=round(sheet.data["bleed"] * sheet.unit, 3), text=sheet.notes.texts, preflight=preflight,
        scale=sheet.scale, order=job.data.get("order"), key=job.key,
    )  # fmt: skip


# ---- what the preflight wants to know --------------------------------------------------------------------------


Ground = tuple[tuple[int, ...], int]
"""The inks under a text, nothing when they cannot be told, and how much ink lies where it is: levels of 255."""


def _texts(
    sheet: Sheet, pages: Sequence[Painted], grounds: Sequence[Sequence[Ground]], screen: Screen
) -> Iterator[Text]:
    shown, unit = _shown(sheet, pages, screen), sheet.unit / POINTS_A_MM
    for number, (page, found) in enumerate(zip(pages, grounds, strict=True), 1):
        for at, (run, (ground, _)) in enumerate(zip(page.runs, found, strict=True)):
            inks = run.inks and _percent(run.inks, 1)
            yield Text(
                number, run.text.strip(), run.size * unit, "Regular" not in run.font, sheet.millimetres(run.box),
                inks, _percent(ground, 255) if ground else None, shown.get((number, at)), run.overprint,
            )  # fmt: skip


class _Origins:
    """Where each line that the template set was written: the first place of two. Asked for what is wrong alone."""

    def __init__(self, sheet: Sheet) -> None:
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


def _grounds(sheet: Sheet, made: plates.Plates, page: Painted) -> Iterator[Ground]:
    """What each text of a page stands on."""
    alarm = sheet.job.data["theme"]["colours"]["alarm"]["cmyk"]
    mark = tuple(round(2.55 * ink) for ink in alarm) if sheet.job.data["sample"] else None
    for run in page.runs:
        yield _ground(made, run, mark) if run.inks is not None and not run.stroked else ((), 0)


def _ground(made: plates.Plates, run: Run, mark: tuple[int, ...] | None) -> Ground:
    """``mark``: the red across a sample."""
    own, found = _levels(run.inks or ()), made.colours_in(run.box)
    if len(found) > 1:
        found = plates.grounds(found, mark)
    if not found:
        return (), sum(own)
    total = sum(own) + max([sum(colour) for _, colour in found]) if run.overprint else sum(own)
    # On a ground of its own colour only, a text is not seen.
    largest = found[0][1]
    return next((colour for _, colour in found if plates.apart(colour, own)), largest) if found[1:] else largest, total


def _ink(made: plates.Plates, grounds: Sequence[Ground]) -> float:
    """The most ink on one spot of a page in percent: of what is drawn without its type, and of that."""
    return round(max([made.ink, *[total for _, total in grounds]]) * 100 / 255, 1)


@lru_cache(maxsize=1024)
def _levels(colour: tuple[float, ...]) -> tuple[int, ...]:
    """Parts of 1 as the 255 levels of a picture."""
    return tuple(round(255 * part) for part in colour)


@lru_cache(maxsize=1024)
def _percent(colour: tuple[float, ...], whole: int) -> tuple[float, ...]:
    return tuple(100 * part / whole for part in colour)


def _shown(sheet: Sheet, pages: Sequence[Painted], screen: Screen) -> dict[tuple[int, int], float]:
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
    left, bottom, right, top = ((value - bleed) * scale for value in run.box)
    box = (int(left), int(picture.height - top), int(right), int(picture.height - bottom))
    found = plates.grounds(plates.colours_in(picture, box), mark)
    ground = next((colour for _, colour in found if plates.apart(colour, own)), None)
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
