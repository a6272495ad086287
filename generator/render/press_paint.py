"""What the pages of a print file paint: read once, written again as outlines, as separations, without the text.

The text of a page becomes glyph paths, each glyph once as a form, drawn in the colour of the page. Whatever the
preflight has to know is noted on the way: where which text stands, which inks are painted, how pictures are placed.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from generator.render.press_glyphs import FINE, Face, Glyph
from generator.render.press_stream import (
    IDENTITY,
    Inks,
    Matrix,
    Part,
    Reader,
    Shown,
    State,
    Unreadable,
    multiplied,
    number,
    numbers,
    placed,
    shown,
)

if TYPE_CHECKING:
    import pikepdf

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page."""

OVERPRINT: Final = b"/PressOverprint gs\n"
"""Switches overprint on; the state is restored by the Q behind."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one font and colour on one line: what it says, its size in points, the box of its ink.

    ``inks`` is None for a pattern, and ``inks_by`` the number of the page's k and K that set them; ``stroked``: it has
    an edge, and so stands on a ground of its own.
    """

    text: str
    font: str
    size: float
    box: Box
    inks: Inks | None
    overprint: bool
    stroked: bool = False
    inks_by: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on the page: pixels, and points that its sides measure there."""

    pixels: tuple[int, int]
    size: tuple[float, float]
    space: str
    masked: bool


@dataclass(slots=True)
class Painted:
    """One page. ``outlined`` is its new content; ``parts`` are those of the old, with what became of each text.

    ``original`` are its resources as they were, for the page with live text; ``lines`` the widths of its strokes in
    points of the page, ``colours`` how many k and K it has.
    """

    outlined: bytes = b""
    original: "pikepdf.Object | None" = None
    parts: list[tuple[Part, bytes, Run | None]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    pictures: list[Placed] = field(default_factory=list)
    lines: set[float] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    colours: int = 0


@dataclass(slots=True)
class Document:
    """A document that is being outlined: the fonts met, and the forms of the glyphs used so far."""

    pdf: "pikepdf.Pdf"
    overprint: Callable[[float, Inks | None], bool]
    faces: dict[tuple[int, int], Face] = field(default_factory=dict)
    forms: dict[tuple[int, bytes, bytes], "tuple[str, pikepdf.Object]"] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def face(self, font: "pikepdf.Object") -> Face:
        """The embedded font; the pages of a document share it."""
        if font.objgen not in self.faces:
            self.faces[font.objgen] = Face(font)
        return self.faces[font.objgen]

    def form(self, face: Face, glyph: Glyph, paint: bytes) -> "tuple[str, pikepdf.Object]":
        """Name and form of a glyph painted by ``paint`` (f, S or B)."""
        import pikepdf

        key = (face.units, glyph.path, paint)
        if key not in self.forms:
            # A stroke may reach beyond the outline.
            edge = 0 if paint == b"f" else face.units
            left, bottom, right, top = glyph.box
            box = [left - edge, bottom - edge, right + edge, top + edge]
            made = self.pdf.make_stream(
                glyph.path + paint, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                BBox=box, Resources=pikepdf.Dictionary(),
            )  # fmt: skip
            name = f"G{len(self.forms)}"
            self.forms[key] = (name, made)
            self.named.add(name)
        return self.forms[key]


def paint(document: Document, owner: "pikepdf.Object", state: State | None = None) -> Painted:
    """Reads one page, form or pattern; Unreadable when it holds what a print file of ours never does."""
    import pikepdf

    data = owner.read_bytes() if isinstance(owner, pikepdf.Stream) else _joined(owner.Contents)
    painted = Painted(original=owner.get("/Resources"))
    reader = Reader(data, state or State(), painted.used)
    resources = owner.get("/Resources", pikepdf.Dictionary())
    glyphs: dict[str, pikepdf.Object] = {}
    for part in reader.parts():
        raw, run = part.raw, None
        if part.kind == "text":
            raw, run = _outlined(document, part, resources, glyphs)
            if run is not None:
                painted.runs.append(run)
        elif part.kind == "Do":
            _object(document, resources.XObject["/" + part.name], part.state, painted)
        elif part.kind in ("scn", "SCN") and part.name:
            _pattern(document, resources.Pattern["/" + part.name], painted)
        elif part.kind == "sh":
            painted.used.add("sh")
        elif part.kind in _STROKING:
            painted.lines.add(part.state.width * _spread(part.state.matrix))
        painted.parts.append((part, raw, run))
    painted.colours = reader.colours
    painted.used |= set(_states(resources))
    painted.outlined = b"\n".join(raw for _, raw, _ in painted.parts)
    _resources(owner, resources, glyphs)
    if isinstance(owner, pikepdf.Stream):
        owner.write(painted.outlined)
    return painted


_STROKING: Final = frozenset(("S", "s", "B", "B*", "b", "b*"))


def _spread(matrix: Matrix) -> float:
    """By how much a matrix makes a line thicker, on the average of its directions."""
    return float(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5)


def _joined(contents: "pikepdf.Object") -> bytes:
    import pikepdf

    if isinstance(contents, pikepdf.Array):
        return b"\n".join(part.read_bytes() for part in contents)
    return contents.read_bytes()


def _resources(owner: "pikepdf.Object", resources: "pikepdf.Object", glyphs: "Mapping[str, pikepdf.Object]") -> None:
    """The forms of the glyphs in the place of the fonts."""
    import pikepdf

    kept = pikepdf.Dictionary({key: value for key, value in resources.items() if key not in ("/Font", "/ProcSet")})
    if glyphs:
        objects = dict(kept.get("/XObject", pikepdf.Dictionary()).items())
        kept.XObject = pikepdf.Dictionary(objects | {"/" + name: form for name, form in glyphs.items()})
    owner.Resources = kept


def _states(resources: "pikepdf.Object") -> Iterator[str]:
    """Transparency that extended graphics states ask for."""
    for one in resources.get("/ExtGState", {}).values():
        opaque = all(float(one.get(key, 1)) == 1 for key in ("/ca", "/CA"))
        mode = str(one.get("/BM", "/Normal"))
        if not opaque or mode not in ("/Normal", "/Compatible") or str(one.get("/SMask", "/None")) != "/None":
            yield "transparency"


def _object(document: Document, found: "pikepdf.Object", state: State, painted: Painted) -> None:
    """A picture is noted; a form is outlined in place, and what it paints counts as the page's."""
    if found.Subtype == "/Image":
        a, b, c, d, _, _ = state.matrix
        size = ((a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5)
        space = str(found.get("/ColorSpace", "?"))
        masked = "/SMask" in found or "/Mask" in found
        painted.pictures.append(Placed((int(found.Width), int(found.Height)), size, space, masked))
        painted.used.add("image " + space if space.startswith("/") else "image ICC")
        return
    if "/Group" in found:
        painted.used.add("transparency")
    own: Matrix = tuple(float(value) for value in found.get("/Matrix", IDENTITY))  # type: ignore[assignment]
    inner = paint(document, found, replace(state, matrix=multiplied(own, state.matrix)))
    painted.runs += [replace(run, inks_by=None) for run in inner.runs]
    painted.pictures += inner.pictures
    painted.lines |= inner.lines
    painted.used |= inner.used


def _pattern(document: Document, found: "pikepdf.Object", painted: Painted) -> None:
    if int(found.PatternType) != 1:
        painted.used.add("sh")
        return
    painted.used |= paint(document, found).used


# ---- text --------------------------------------------------------------------------------------------------


def _outlined(
    document: Document, part: Part, resources: "pikepdf.Object", glyphs: "dict[str, pikepdf.Object]"
) -> tuple[bytes, Run | None]:
    """The glyphs of a text object as forms, each where the font would have set it."""
    text = shown(part.raw)
    if not text.steps or text.mode == 3:
        return b"", None
    face = document.face(resources.Font["/" + text.font])
    paint = _PAINTS.get(text.mode)
    if paint is None or (paint != b"f" and part.state.dashed):
        raise Unreadable(f"文字的描绘方式 {text.mode}")
    scale = text.size / (FINE * face.units)
    over = document.overprint(text.size * _stretch(multiplied(text.matrix, part.state.matrix)), part.state.fill)
    lines = [b"q\n" + (OVERPRINT if over and paint == b"f" else b"")]
    if paint != b"f":
        lines.append(b"%s w\n" % number(part.state.width / scale))
    lines.append(b"%s cm\n" % numbers(*multiplied((scale, 0, 0, scale, 0, 0), text.matrix)))
    here, drawn_at, boxes = -text.lead, 0.0, []
    unit = FINE * face.units / 1000
    for code, shift in text.steps:
        glyph = face.glyph(code)
        if glyph.path:
            if here != drawn_at:
                lines.append(b"1 0 0 1 %s 0 cm\n" % number((here - drawn_at) * unit))
                drawn_at = here
            if part.state.fill is None:
                # A pattern lies where the stream that paints with it lies: in a form it would lie elsewhere.
                lines.append(glyph.path + paint + b"\n")
            else:
                form = document.form(face, glyph, paint)
                lines.append(b"/%s Do\n" % form[0].encode())
                glyphs[form[0]] = form[1]
            left, bottom, right, top = glyph.box
            boxes.append((left + here * unit, bottom, right + here * unit, top))
        here += face.width(code) - shift
    lines.append(b"Q")
    if not boxes:
        return b"", None
    return b"".join(lines), _run(part, text, face, scale, boxes, over)


_PAINTS: Final[Mapping[int, bytes]] = {0: b"f", 1: b"S", 2: b"B"}
"""Text rendering modes (ISO 32000-1, table 106) and what paints a path so."""


def _run(
    part: Part, text: Shown, face: Face, scale: float, boxes: list[tuple[float, int, float, int]], over: bool
) -> Run:
    matrix = multiplied(multiplied((scale, 0, 0, scale, 0, 0), text.matrix), part.state.matrix)
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    corners = [placed(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    said = "".join(face.character(code) for code, _ in text.steps)
    inks = part.state.stroke if text.mode == 1 else part.state.fill
    size = text.size * _stretch(multiplied(text.matrix, part.state.matrix))
    box = (min(xs), min(ys), max(xs), max(ys))
    return Run(said, face.name, size, box, inks, over, stroked=text.mode != 0, inks_by=part.state.fill_by)


def _stretch(matrix: Matrix) -> float:
    """By how much a matrix makes the height of a letter larger."""
    return float((matrix[2] ** 2 + matrix[3] ** 2) ** 0.5)


def outlines_in(pdf: bytes) -> tuple[tuple[Glyph, int], ...]:
    """The glyphs of the words on a page: outline, and units of the outline in an em, as far as Hanzi advance."""
    import pikepdf

    found: list[tuple[Glyph, int]] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0].obj
        for part in Reader(_joined(page.Contents)).parts():
            if part.kind == "text":
                text = shown(part.raw)
                face = Face(page.Resources.Font["/" + text.font])
                found += [(face.glyph(code), face.units * FINE) for code, _ in text.steps]
    return tuple(found)


# ---- separations -------------------------------------------------------------------------------------------


def live(painted: Painted) -> bytes:
    """The page as it was, with its type as a window through which its colour is seen.

    pdfium draws small type in a grid of its own, bolder than the paths of the same glyphs; as a window it is cut
    from the font's outlines, exactly, and can be compared with ours.
    """
    return b"\n".join(_window(part) if part.kind == "text" else part.raw for part, _, _ in painted.parts)


def with_type(painted: Painted) -> bytes:
    """The page with live type, small black type printing over its ground."""
    return b"\n".join(
        b"q\n%s%s\nQ" % (OVERPRINT, part.raw) if run and run.overprint else part.raw for part, _, run in painted.parts
    )


def _window(part: Part) -> bytes:
    if not _FILLED.search(part.raw):
        return part.raw
    return b"q %s %s re f Q" % (_FILLED.sub(rb"\g<1>7 Tr", part.raw), b"-20000 -20000 40000 40000")


_FILLED: Final = re.compile(rb"(^BT\s+)0 Tr\b")


def separated(painted: Painted, plate: str) -> bytes:
    """The page in false colours: plate ``cmy`` as red, green, blue (paper minus ink), plate ``k`` as grey.

    So two pictures show all four separations, and pdfium, which would mix inks to colours, mixes nothing. Type
    that overprints leaves what is under it on the other plates.
    """
    return b"\n".join(_in_false_colours(painted, plate))


def _in_false_colours(painted: Painted, plate: str) -> Iterator[bytes]:
    for part, raw, run in painted.parts:
        if part.inks is not None:
            yield false_colour(part.inks, plate, part.kind == "K")
        elif not (run and run.overprint and plate == "cmy"):
            yield raw


def false_colour(inks: Iterable[float], plate: str, stroke: bool = False) -> bytes:
    """The operator that paints ``inks`` as they are on a plate."""
    c, m, y, k = inks
    if plate == "k":
        return b"%s %s" % (number(1 - k), b"G" if stroke else b"g")
    return b"%s %s" % (numbers(1 - c, 1 - m, 1 - y), b"RG" if stroke else b"rg")


def separated_resources(
    document: Document, owner: "pikepdf.Object", plate: str, done: dict[tuple[int, int], Any]
) -> "pikepdf.Object":
    """The resources of a page with pictures, forms and patterns in the same false colours."""
    import pikepdf

    made = pikepdf.Dictionary(dict(owner.Resources.items()))
    for kind in ("/XObject", "/Pattern"):
        if kind in made:
            made[kind] = pikepdf.Dictionary(
                {
                    # A glyph has no colour of its own.
                    name: one if name[1:] in document.named else _separated_object(document, one, plate, done)
                    for name, one in made[kind].items()
                }
            )
    if "/ExtGState" in made:
        del made["/ExtGState"]
    made.ExtGState = pikepdf.Dictionary(PressOverprint=pikepdf.Dictionary(Type=pikepdf.Name.ExtGState))
    return made


def _separated_object(
    document: Document, found: "pikepdf.Object", plate: str, done: dict[tuple[int, int], Any]
) -> "pikepdf.Object":
    import pikepdf

    if not isinstance(found, pikepdf.Stream) or (
        found.get("/Subtype") == "/Form" and not len(found.get("/Resources", ()))
    ):
        return found  # a gradient, which the preflight refuses, or a form of paths alone
    if found.objgen in done:
        known: pikepdf.Object = done[found.objgen]
        return known
    if found.get("/Subtype") == "/Image":
        made = _separated_picture(document.pdf, found, plate)
    else:
        parts = Reader(found.read_bytes()).parts()
        content = b"\n".join(
            part.raw if part.inks is None else false_colour(part.inks, plate, part.kind == "K") for part in parts
        )
        kept = {key: value for key, value in found.items() if key not in ("/Length", "/Filter", "/DecodeParms")}
        made = pikepdf.Stream(document.pdf, content, kept)
        made.Resources = separated_resources(document, found, plate, done)
    kept_whole = document.pdf.make_indirect(made)
    done[found.objgen] = kept_whole
    return kept_whole


def _separated_picture(pdf: "pikepdf.Pdf", found: "pikepdf.Object", plate: str) -> "pikepdf.Stream":
    """A CMYK picture as RGB or grey of its plates."""
    import pikepdf
    from PIL import Image

    inks = inks_of(found)
    bands = [band.point(lambda value: 255 - value) for band in inks.split()]
    flat = bands[3] if plate == "k" else Image.merge("RGB", bands[:3])
    return pikepdf.Stream(
        pdf, flat.tobytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=flat.width,
        Height=flat.height, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if plate == "k" else pikepdf.Name.DeviceRGB,
    )  # fmt: skip


def inks_of(found: "pikepdf.Object") -> Any:
    """A picture's inks as a Pillow image of mode CMYK, 255 for full ink."""
    import io

    from PIL import Image

    filters = found.get("/Filter", "")
    turned = [float(value) for value in found.get("/Decode", ())][:2] == [1.0, 0.0]
    size = (int(found.Width), int(found.Height))
    if str(found.get("/ColorSpace")) != "/DeviceCMYK":
        raise Unreadable(f"图片的颜色空间 {found.get('/ColorSpace')}")
    if "DCTDecode" in str(filters):
        with Image.open(io.BytesIO(found.read_raw_bytes())) as opened:
            # Pillow turns the samples of a CMYK JPEG round; a PDF leaves that to its Decode array.
            adobe = "adobe_transform" in opened.info
            made = opened.convert("CMYK")
        turned = turned != adobe
    else:
        made = Image.frombytes("CMYK", size, found.read_bytes())
    return made.point(lambda value: 255 - value) if turned else made
