"""What the pages of a print file paint: read once, written again as outlines, as separations, without the text.

The text of a page becomes glyph paths, each glyph once as a form, drawn in the colour of the page. Whatever the
preflight has to know is noted on the way: where which text stands, which inks are painted, how pictures are placed.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from generator.render.press_glyphs import FINE, Face, Glyph
from generator.render.press_stream import (
    IDENTITY,
    Content,
    Inks,
    Matrix,
    Shown,
    State,
    Text,
    Unreadable,
    inks_of,
    multiplied,
    number,
    numbers,
    placed,
    read,
)

if TYPE_CHECKING:
    import pikepdf

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page."""

OVERPRINT: Final = b"/PressOverprint gs\n"
"""Switches overprint on; the state is restored by the Q behind."""


class Run(NamedTuple):
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
    """One page. ``outlined`` is its new content, by turns what paints and what sets an ink, as ``content`` is.

    ``bare`` is that without the type that is filled with an ink; ``set_as`` what became of each of its texts, None for
    nothing seen. ``original`` are its resources as they were, for the page with live text.
    """

    content: Content
    original: "pikepdf.Object | None" = None
    outlined: list[bytes] = field(default_factory=list)
    bare: list[bytes] = field(default_factory=list)
    set_as: list[Run | None] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    pictures: list[Placed] = field(default_factory=list)
    lines: set[float] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


Stamp = tuple[bytes, str, float, float, float, float, float]
"""A glyph as a page paints it: what draws it and moves on; its characters; the box of its ink, and how far it moves.

The last five in sixths of a font unit. No names: there are thousands of them, each made and read within microseconds.
"""
_NOWHERE: Final[Box] = (float("inf"), float("inf"), float("-inf"), float("-inf"))
"""The box of a space, which makes no other larger."""


class Stamps(dict[int, Stamp]):
    """The glyphs of a face by code, painted by ``paint`` (f, S or B); each is made when it is first met.

    ``forms``: whose forms they are; None to paint them by their paths in place. ``unit``: sixths of a font unit in a
    thousandth of the size. Nearly every glyph lies within the body, a little more than an em: such forms share one box.
    """

    def __init__(self, face: Face, paint: bytes, forms: "Document | None") -> None:
        super().__init__()
        self._face, self._paint, self._forms = face, paint, forms
        self.unit = FINE * face.units / 1000
        em = FINE * face.units
        self._body = (-em // 10, -em * 3 // 10, em * 11 // 10, em)

    def __missing__(self, code: int) -> Stamp:
        face, glyph = self._face, self._face.glyph(code)
        advance = face.width(code) * self.unit
        draws, box = b"", _NOWHERE
        if glyph.path:
            box = glyph.box
            draws = self._form(glyph) if self._forms else glyph.path + self._paint + b"\n"
        made = self[code] = (draws + _moving(advance), face.character(code), *box, advance)
        return made

    def _form(self, glyph: Glyph) -> bytes:
        """What draws the form of a glyph."""
        left, bottom, right, top = glyph.box
        x0, y0, x1, y1 = box = self._body
        if self._paint != b"f":
            # A stroke may reach beyond the outline.
            edge = self._face.units
            box = (left - edge, bottom - edge, right + edge, top + edge)
        elif left < x0 or bottom < y0 or right > x1 or top > y1:
            box = glyph.box
        return self._forms.form((self._face.units, glyph.path, self._paint), box) if self._forms else b""


class Document:
    """A document that is being outlined: the fonts met, and the forms of the glyphs used so far.

    ``glyphs`` is the one dictionary of all forms (``keep``), which pages name as theirs. ``forms``: forms and patterns
    that are no glyphs, as they were painted when they were first met. ``neutral``: the resources of a page in false
    colours that has nothing else.
    """

    def __init__(self, pdf: "pikepdf.Pdf", overprint: Callable[[float, Inks | None], bool]) -> None:
        import pikepdf

        # Asked for every text, of few sizes and inks.
        self.pdf, self.overprint = pdf, lru_cache(maxsize=None)(overprint)
        self.glyphs = pdf.make_indirect(pikepdf.Dictionary())
        self.drawn: dict[tuple[int, bytes, bytes], bytes] = {}
        self.forms: dict[tuple[int, int], Painted] = {}
        self._made: dict[str, pikepdf.Object] = {}
        self._nothing = pdf.make_indirect(pikepdf.Dictionary())
        # Overprint does nothing where plates are drawn one by one.
        states = pikepdf.Dictionary(PressOverprint=pikepdf.Dictionary(Type=pikepdf.Name.ExtGState))
        self.neutral = pdf.make_indirect(pikepdf.Dictionary(XObject=self.glyphs, ExtGState=states))
        self._faces: dict[tuple[int, int], Face] = {}
        self._stamps: dict[tuple[Face, bytes, bool], Stamps] = {}
        self._shapes: dict[tuple[int, int, int, int], pikepdf.Dictionary] = {}

    def face(self, font: "pikepdf.Object") -> Face:
        """The embedded font; the pages of a document share it."""
        if font.objgen not in self._faces:
            self._faces[font.objgen] = Face(font)
        return self._faces[font.objgen]

    def stamps(self, face: Face, paint: bytes, as_form: bool) -> Stamps:
        """How the glyphs of ``face`` are painted by ``paint``: as forms, or by their paths in place."""
        key = (face, paint, as_form)
        if key not in self._stamps:
            self._stamps[key] = Stamps(face, paint, self if as_form else None)
        return self._stamps[key]

    def form(self, key: tuple[int, bytes, bytes], box: tuple[int, int, int, int]) -> bytes:
        """What draws a form: ``key`` is the units of an em, the path and what paints it; two faces may share it."""
        known = self.drawn.get(key)
        if known is None:
            number = len(self.drawn)
            made = self.pdf.make_stream(key[1] + key[2])
            made.stream_dict = self._shapes.get(box) or self._shape(box)
            self._made[f"/G{number}"] = made
            known = self.drawn[key] = b"/G%d Do\n" % number
        return known

    def keep(self) -> "dict[str, pikepdf.Object]":
        """Every form of a glyph so far, by the name that pages have for it; now in ``glyphs`` too."""
        self.glyphs.update(self._made)
        return self._made

    def _shape(self, box: tuple[int, int, int, int]) -> "pikepdf.Dictionary":
        """What is said of all forms in a box: one dictionary is made in a third of the time of many."""
        import pikepdf

        made = self._shapes[box] = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, Resources=self._nothing, BBox=list(box)
        )
        return made


def paint(
    document: Document, owner: "pikepdf.Object", state: State | None = None, pieces: Sequence[bytes] = ()
) -> Painted:
    """Reads one page, form or pattern; Unreadable when it holds what a print file of ours never does.

    ``pieces``: its stream as its inks part it, where that is known.
    """
    import pikepdf

    form = isinstance(owner, pikepdf.Stream)
    content = read(pieces or [owner.read_bytes() if form else _joined(owner.Contents)], state)
    painted = Painted(content, owner.get("/Resources"), lines=content.lines, used=content.used)
    resources = owner.get("/Resources", pikepdf.Dictionary())
    faces = {name[1:]: document.face(font) for name, font in resources.get("/Font", {}).items()}
    _set(document, painted, faces)
    for operator, name, where in content.named:
        if operator == "Do":
            _object(document, resources.XObject["/" + name], where, painted)
        elif operator in ("scn", "SCN"):
            _pattern(document, resources.Pattern["/" + name], painted)
        elif operator == "sh":
            painted.used.add("sh")
    painted.used |= set(_states(resources))
    _resources(document, owner, resources)
    if form:
        document.forms.setdefault(owner.objgen, painted)
        owner.write(b"".join(painted.outlined))
    return painted


def _set(document: Document, painted: Painted, faces: dict[str, Face]) -> None:
    """The texts of a page as outlines."""
    outlines, unfilled = [], []
    for text in painted.content.texts:
        raw, run = _outlined(document, text, faces)
        filled = run is not None and run.inks is not None and not run.stroked
        outlines.append(raw)
        unfilled.append(b"\n" if filled else raw)
        painted.set_as.append(run)
    painted.outlined = painted.content.with_texts(outlines)
    painted.bare = painted.content.with_texts(unfilled)
    painted.runs += [run for run in painted.set_as if run is not None]


def _joined(contents: "pikepdf.Object") -> bytes:
    import pikepdf

    if isinstance(contents, pikepdf.Array):
        return b"\n".join(part.read_bytes() for part in contents)
    return contents.read_bytes()


def _resources(document: Document, owner: "pikepdf.Object", resources: "pikepdf.Object") -> None:
    """The forms of the glyphs in the place of the fonts."""
    import pikepdf

    kept = pikepdf.Dictionary({key: value for key, value in resources.items() if key not in ("/Font", "/ProcSet")})
    if "/Font" in resources:
        own = resources.get("/XObject")
        kept.XObject = document.glyphs if own is None else pikepdf.Dictionary({**dict(own.items()), **document.keep()})
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
    inner = paint(document, found, state._replace(matrix=multiplied(own, state.matrix)))
    painted.runs += [run._replace(inks_by=None) for run in inner.runs]
    painted.pictures += inner.pictures
    painted.lines |= inner.lines
    painted.used |= inner.used


def _pattern(document: Document, found: "pikepdf.Object", painted: Painted) -> None:
    if int(found.PatternType) != 1:
        painted.used.add("sh")
        return
    painted.used |= paint(document, found).used


# ---- text --------------------------------------------------------------------------------------------------


def _outlined(document: Document, text: Text, faces: dict[str, Face]) -> tuple[bytes, Run | None]:
    """The glyphs of a text as forms, each where the font would have set it."""
    what, state = text.shown, text.state
    if not what.codes or what.mode == 3:
        return b"\n", None
    face, paint = faces[what.font], _PAINTS.get(what.mode)
    if paint is None or (paint != b"f" and state.dashed):
        raise Unreadable(f"文字的描绘方式 {what.mode}")
    scale, outer = what.size / (FINE * face.units), state.matrix
    placing, (a, b, c, d, e, f), stretch = _laid(scale, what.matrix, outer[:4])
    on_page = (a, b, c, d, e + outer[4], f + outer[5])
    size = stretch * FINE * face.units
    over = document.overprint(size, state.fill)
    lines = [b"\n" if text.framed else b"\nq\n"]
    if over and paint == b"f":
        lines.append(OVERPRINT)
    if paint != b"f":
        lines.append(b"%s w\n" % number(state.width / scale))
    lines.append(placing)
    # A pattern lies where the stream that paints with it lies: in a form it would lie elsewhere.
    stamps = document.stamps(face, paint, as_form=state.fill is not None)
    box, said = _stamped(stamps, what, lines)
    if box is None:
        return b"\n", None
    if not text.framed:
        lines.append(b"Q\n")
    inks = state.stroke if what.mode == 1 else state.fill
    run = Run(said, face.name, size, _boxed(on_page, box), inks, over, what.mode != 0, state.fill_by)
    return b"".join(lines), run


def _stamped(stamps: Stamps, text: Shown, lines: list[bytes]) -> tuple[Box | None, str]:
    """Adds the glyphs of a text to ``lines``; the box of their ink, None for none, and what they say."""
    left, bottom, right, top = _NOWHERE
    said = ""
    here = 0.0
    for shown in text.codes:
        if isinstance(shown, float):
            gap = -shown * stamps.unit
            lines.append(_moving(gap))
            here += gap
            continue
        for code in shown:
            draws, character, x0, y0, x1, y1, advance = stamps[code]
            lines.append(draws)
            said += character
            if here + x0 < left:
                left = here + x0
            if here + x1 > right:
                right = here + x1
            if y0 < bottom:
                bottom = y0
            if y1 > top:
                top = y1
            here += advance
    return (None if left > right else (left, bottom, right, top)), said


_PAINTS: Final = {0: b"f", 1: b"S", 2: b"B"}
"""Text rendering modes (ISO 32000-1, table 106) and what paints a path so."""


@lru_cache(maxsize=1024)
def _laid(scale: float, own: Matrix, outer: tuple[float, float, float, float]) -> tuple[bytes, Matrix, float]:
    """What lays glyphs out in the matrix of a text; that and the one around it as one; by how much both stretch.

    ``scale``: points in a unit of the glyphs; ``outer``: without how far it moves.
    """
    a, b, c, d, e, f = own
    matrix = (scale * a, scale * b, scale * c, scale * d, e, f)
    both = multiplied(matrix, (*outer, 0.0, 0.0))
    return b"%s cm\n" % numbers(*matrix), both, _stretch(both)


@lru_cache(maxsize=1024)
def _moving(by: float) -> bytes:
    """To the next glyph: nearly always as far as a Hanzi is wide."""
    return b"1 0 0 1 %s 0 cm\n" % number(by)


def _boxed(matrix: Matrix, box: Box) -> Box:
    """The box on the page of a box in the space of ``matrix``."""
    left, bottom, right, top = box
    a, b, c, d, e, f = matrix
    if b == 0 == c and a > 0 and d > 0:
        # Upright, as nearly all type is.
        return a * left + e, d * bottom + f, a * right + e, d * top + f
    xs, ys = zip(*(placed(matrix, x, y) for x in (left, right) for y in (bottom, top)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _stretch(matrix: Matrix) -> float:
    """By how much a matrix makes the height of a letter larger."""
    return float((matrix[2] ** 2 + matrix[3] ** 2) ** 0.5)


def outlines_in(pdf: bytes) -> tuple[tuple[Glyph, int], ...]:
    """The glyphs of the words on a page: outline, and units of the outline in an em, as far as Hanzi advance."""
    import pikepdf

    found: list[tuple[Glyph, int]] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0].obj
        for text in read([_joined(page.Contents)]).texts:
            face = Face(page.Resources.Font["/" + text.shown.font])
            codes = [code for row in text.shown.codes if isinstance(row, tuple) for code in row]
            found += [(face.glyph(code), face.units * FINE) for code in codes]
    return tuple(found)


# ---- separations -------------------------------------------------------------------------------------------


def live(painted: Painted) -> bytes:
    """The page as it was, with its type as a window through which its colour is seen.

    pdfium draws small type in a grid of its own, bolder than the paths of the same glyphs; as a window it is cut
    from the font's outlines, exactly, and can be compared with ours.
    """
    return b"".join(painted.content.with_texts(map(_window, painted.content.texts)))


def with_type(painted: Painted) -> bytes:
    """The page with live type, small black type printing over its ground."""
    shown = (
        b"\nq\n%s%s\nQ\n" % (OVERPRINT, text.raw) if run and run.overprint else text.raw
        for text, run in zip(painted.content.texts, painted.set_as, strict=True)
    )
    return b"".join(painted.content.with_texts(shown))


def _window(text: Text) -> bytes:
    if text.shown.mode != 0:
        return text.raw
    clipped = text.raw.replace(_FILLED, _CLIPS, 1) + _FLOODED
    return clipped if text.framed else b"\nq\n" + clipped + b"Q\n"


_FILLED: Final = b"BT 0 Tr"
_CLIPS: Final = b"BT 7 Tr"
_FLOODED: Final = b"\n-20000 -20000 40000 40000 re f\n"


def separated(painted: Painted, plate: str) -> bytes:
    """The page in false colours: plate ``cmy`` as red, green, blue (paper minus ink), plate ``k`` as grey.

    So two pictures show all four separations, and pdfium, which would mix inks to colours, mixes nothing. Type
    that overprints leaves what is under it on the other plates.
    """
    shown = painted.outlined.copy()
    if plate != "k":
        for text, run in zip(painted.content.texts, painted.set_as, strict=True):
            if run is not None and run.overprint:
                shown[text.at] = b"\n"
    return in_false_colours(shown, plate)


def in_false_colours(pieces: Sequence[bytes], plate: str) -> bytes:
    """Pieces of a page, by turns what paints and what sets an ink, as they are on a plate."""
    shown, colours = list(pieces), _PLATES[plate]
    shown[1::2] = [colours[ink] for ink in pieces[1::2]]
    return b"".join(shown)


class _FalseColours(dict[bytes, bytes]):
    """The operator that paints what an ink (0.1 0.2 0.3 0.4 k) sets as it is on a plate."""

    def __init__(self, plate: str) -> None:
        super().__init__({b"": b""})
        self._black = plate == "k"

    def __missing__(self, ink: bytes) -> bytes:
        c, m, y, k = inks_of(ink)
        fill, stroke = (b"g", b"G") if self._black else (b"rg", b"RG")
        parts = (1 - k,) if self._black else (1 - c, 1 - m, 1 - y)
        made = self[ink] = b"%s %s" % (numbers(*parts), stroke if ink.endswith(b"K") else fill)
        return made


_PLATES: Final = {plate: _FalseColours(plate) for plate in ("cmy", "k")}


Done = dict[tuple[int, int], Any]
"""Forms, patterns and pictures that are separated already, by their numbers."""


def separated_resources(
    document: Document, owner: "pikepdf.Object", plate: str, bare: bool, done: Done
) -> "pikepdf.Object":
    """The resources of a page with pictures, forms and patterns in the same false colours; ``bare``: without type."""
    import pikepdf

    used = set(owner.Resources.keys())
    if "/Pattern" not in used and ("/XObject" not in used or owner.Resources.XObject.objgen == document.glyphs.objgen):
        return document.neutral
    made = pikepdf.Dictionary(dict(owner.Resources.items()))
    for kind in ("/XObject", "/Pattern"):
        # A glyph has no colour of its own.
        if kind in made and made[kind].objgen != document.glyphs.objgen:
            made[kind] = pikepdf.Dictionary(
                {name: _separated_object(document, one, plate, bare, done) for name, one in made[kind].items()}
            )
    if "/ExtGState" in made:
        del made["/ExtGState"]
    made.ExtGState = document.neutral.ExtGState
    return made


def _separated_object(
    document: Document, found: "pikepdf.Object", plate: str, bare: bool, done: Done
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
        painted = document.forms[found.objgen]
        content = in_false_colours(painted.bare, plate) if bare else separated(painted, plate)
        kept = {key: value for key, value in found.items() if key not in ("/Length", "/Filter", "/DecodeParms")}
        made = pikepdf.Stream(document.pdf, content, kept)
        made.Resources = separated_resources(document, found, plate, bare, done)
    kept_whole = document.pdf.make_indirect(made)
    done[found.objgen] = kept_whole
    return kept_whole


def _separated_picture(pdf: "pikepdf.Pdf", found: "pikepdf.Object", plate: str) -> "pikepdf.Stream":
    """A CMYK picture as RGB or grey of its plates."""
    import pikepdf
    from PIL import Image

    inks = picture_inks(found)
    bands = [band.point(lambda value: 255 - value) for band in inks.split()]
    flat = bands[3] if plate == "k" else Image.merge("RGB", bands[:3])
    return pikepdf.Stream(
        pdf, flat.tobytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=flat.width,
        Height=flat.height, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if plate == "k" else pikepdf.Name.DeviceRGB,
    )  # fmt: skip


def picture_inks(found: "pikepdf.Object") -> Any:
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
