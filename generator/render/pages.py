"""Pages: Typst sets them, pikepdf gives them boxes, pypdfium2 shows them and reads them back.

One piece gives a CMYK file for the print shop, an RGB file for the office printer and a picture of each
page. Templates get one JSON object (``sys.inputs.data``); what they show comes back as metadata.
"""

import io
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem, Span, error, warning
from generator.render import colouring, press
from generator.render.base import Artifact, Job, Json, Rendered, Renderer
from generator.render.captions import caption_files, picture_name
from generator.render.engine import PDFIUM, engine, noon, picture_of, whole
from generator.render.film import film_files
from generator.render.office import on_paper
from generator.render.paper import save
from generator.render.press_proofs import unreadable
from generator.render.press_sheet import Notes
from generator.render.press_stream import Unreadable
from generator.typesetting.glyphs import missing
from generator.typesetting.logo import on_white, with_alpha

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image as Picture

LOGO_PIXELS: Final = 720
"""Of a logo's longer side: 300 ppi at the 60 mm of a poster."""
LARGE_LOGO_PIXELS: Final = 1600
"""The same on pieces of more than ``LARGE_MM``: 100 ppi at 400 mm."""
LARGE_MM: Final = 900

_LAID_OUT: Final = {"tiles": "拼贴", "booklet": "小册子"}
"""What an office file is called where its layout asks for more than printing."""
_TILES: Final = {"tiles-A4": "A4", "tiles-A3": "A3"}
"""Formats that are parts at true size, and their paper."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the template recorded while it set the page."""

    said: tuple[Json, ...] = ()
    overflows: tuple[Json, ...] = ()
    codes: tuple[Json, ...] = ()
    left_out: tuple[Json, ...] = ()
    contours: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A piece as it was set: a PDF in screen colours, and where it is printed its pages in pieces and in codes."""

    measured: Measured
    shown: bytes
    pieces: Sequence[colouring.Pieces] = ()
    coded: colouring.Coded | None = None


_LABELS: Final = ("said", "overflow", "qr", "left-out", "contour")
"""The labels of what a template notes, in the order of ``Measured``."""


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """All files of one piece; problems that withhold it are in the result, never raised."""
    result = Rendered(job)
    result.problems += _missing_glyphs(job, root)
    if result.failed:
        return result
    set_once, measured = _typeset(job, root, "codes" if "print" in job.formats else "rgb", result)
    result.problems += [_overflow(job, entry) for entry in measured.overflows]
    if result.failed:
        return result
    result.problems += [_left_out(job, entry) for entry in measured.left_out]
    result.problems += _numbers_left_out(job, measured.said)
    if "print" not in job.formats:
        return _made(job, Setting(measured, set_once), workspace, root, result)
    with closing(colouring.Coded(set_once)) as coded:
        logo = _logo_of(job, root)
        try:
            shown, pieces = coded.shown(job.data, logo.rgb if logo else b"")
        except Unreadable as reason:
            result.problems.append(error("template", f"模板 {job.template} 出错：{reason}", piece=job.name))
            return result
        return _made(job, Setting(measured, shown, pieces, coded), workspace, root, result)


def _made(job: Job, setting: Setting, workspace: Path, root: Path, result: Rendered) -> Rendered:
    """The files of a piece that was set."""
    measured, shown = setting.measured, setting.shown
    texts = tuple(dict.fromkeys(entry["text"] for entry in measured.said))
    job = replace(job, content=_content_of(job, measured))
    with PDFIUM:
        result.problems += _read_back(job, shown, measured)
        pictured = {"wechat", "film"} & set(job.formats)
        # A book is forwarded whole; its cover is the picture that goes with it.
        few = None if pictured else 1 if "book" in job.formats else 0
        drawn = _drawn(shown, job.data["sheet"]["picture"]["width"], few)
        spoken = _characters(shown) if "film" in pictured else []
    shared = drawn if {"wechat", "book"} & set(job.formats) else []
    pictures = [_picture(job, shared, at, workspace, texts) for at in range(len(shared))]
    files: list[Artifact] = []
    if setting.coded and not result.failed:
        notes = Notes(measured.said, measured.codes, measured.contours, texts)
        screen = press.Screen(setting.pieces, drawn)
        pressed = press.press(job, setting.coded, screen, notes, workspace, root, PDFIUM)
        result.problems += pressed.problems
        files += pressed.artifacts
    files += [*_office_files(job, root, shown, workspace, texts, measured.contours), *pictures]
    if "book" in job.formats:
        files.append(_screen_book(job, shown, workspace, texts))
    if "led" in job.formats:
        files.append(_beside_the_screens(job, shown, workspace, texts))
    if "film" in pictured:
        files += film_files(job, drawn, spoken, texts, workspace, result)
    if "caption" in job.formats:
        files += caption_files(job, workspace, root, result)
    if result.failed:
        return result
    shown_as = pictures or [file for file in files if file.format == "jpg"]
    result.artifacts += [_previewed(file, shown_as) for file in files]
    return result


def _content_of(job: Job, measured: Measured) -> tuple[str, ...]:
    """The items that the pages say something of: a template may show fewer than its job offers."""
    said = {entry["id"].partition("#")[0] for entry in measured.said}
    return tuple(item for item in job.content if item in said)


def _previewed(file: Artifact, pictures: list[Artifact]) -> Artifact:
    return replace(file, preview=pictures[0].name) if pictures else file


# ---- before ------------------------------------------------------------------------------------------


def nodes_of(value: Any) -> list[Json]:
    """Every text node in a job's data, in order."""
    found: list[Json] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[Json]) -> None:
    if isinstance(value, dict):
        if "phrases" in value:
            found.append(value)
        elif "shapes" not in value:  # artwork: long lists without a word
            for inner in value.values():
                if isinstance(inner, dict | list):
                    _collect(inner, found)
    elif value and isinstance(value[0], dict):
        for inner in value:
            _collect(inner, found)


def _missing_glyphs(job: Job, root: Path) -> list[Problem]:
    nodes = nodes_of(job.data)
    families = ("Noto Sans SC",)
    if not missing("".join([node["text"] for node in nodes]), root / "fonts", families):
        return []
    return [
        error(
            "missing-glyph",
            "字体里没有这些字：" + "、".join(f"{char}（U+{ord(char):04X}）" for char in lacking) + "；请换一个写法",
            _origin(job, node["id"]),
            piece=job.name,
        )
        for node in nodes
        if (lacking := missing(node["text"], root / "fonts", families))
    ]


@dataclass(frozen=True, slots=True)
class Logo:
    """A unit's logo: width over height, and a JPEG for screens and one for the press."""

    aspect: float
    rgb: bytes
    cmyk: bytes


def _logo_of(job: Job, root: Path) -> Logo | None:
    path = (job.data.get("contact") or {}).get("logo")
    if not path:
        return None
    sheet = job.data["sheet"]
    longer = max(sheet["trim"]) * sheet["scale"] * sheet.get("enlarge", 1)
    return _logo((root / path).read_bytes(), LARGE_LOGO_PIXELS if longer > LARGE_MM else LOGO_PIXELS)


@cache
def _logo(data: bytes, pixels: int) -> Logo:
    """A CMYK picture leaves no RGB object in print."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        art = with_alpha(opened)
    art.thumbnail((pixels, pixels))
    flat = on_white(art)
    return Logo(art.width / art.height, _jpeg(flat), _jpeg(_separated(flat)))


def _separated(picture: "Picture") -> "Picture":
    """RGB to CMYK with the grey part in black ink alone: Pillow's own leaves black out, and dark colours at 300 %."""
    from PIL import Image, ImageChops

    c, m, y = ImageChops.invert(picture).split()
    k = ImageChops.darker(ImageChops.darker(c, m), y)
    return Image.merge("CMYK", (*(ImageChops.subtract(ink, k) for ink in (c, m, y)), k))


def _jpeg(picture: "Picture") -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=92, subsampling=0)
    return made.getvalue()


def _listed(data: bytes) -> str:
    """The bytes of a file as Typst takes them from outside."""
    return json.dumps(list(data), separators=(",", ":"))


# ---- typesetting ---------------------------------------------------------------------------------------


def _typeset(job: Job, root: Path, mode: str, result: Rendered) -> tuple[bytes, Measured]:
    """The PDF for ``mode`` (rgb, or codes for colours) and what the template noted; problems go to ``result``."""
    import typst

    compiler = engine(root)
    source = root / "templates" / job.template / "main.typ"
    try:
        made, warnings = compiler.compile_with_warnings(
            input=str(source), format="pdf", sys_inputs=_inputs(job, root, mode),
            timestamp=noon(job.data["date"]), pdf_tags=False,
        )  # fmt: skip
        entries = json.loads(compiler.query("metadata"))
    except typst.TypstError as failure:
        result.problems.append(_template_problem(job, root, failure.message, failure.diagnostic))
        return b"", Measured()
    result.problems += [_template_problem(job, root, warning.message, warning.diagnostic) for warning in warnings]
    noted: dict[str, list[Json]] = {}
    for entry in entries:
        noted.setdefault(entry.get("label", ""), []).append(entry["value"])
    return whole(made), Measured(*(tuple(noted.get(f"<{label}>", ())) for label in _LABELS))


def _inputs(job: Job, root: Path, mode: str) -> dict[str, str]:
    given = {"data": job.written, "mode": mode}
    logo = _logo_of(job, root)
    if logo is None:
        return given
    return given | {"logo": _listed(logo.rgb if mode == "rgb" else logo.cmyk), "logo-aspect": repr(logo.aspect)}


def _template_problem(job: Job, root: Path, message: str, diagnostic: str) -> Problem:
    """What Typst says, with paths from the root: no file of the pack depends on where the project lies."""
    place = re.search(r"┌─ (?:.*[\\/])?(templates[\\/].+):(\d+):(\d+)", diagnostic)
    span = None
    if place:
        file, line, column = place[1].replace("\\", "/"), int(place[2]), int(place[3])
        span = Span(file, line, column, line, column)
    said = message.replace(f"{root}{os.sep}", "")
    return error("template", f"模板 {job.template} 出错：{said}", span, piece=job.name)


def _overflow(job: Job, entry: Json) -> Problem:
    """The piece is named beside the message, in the terminal and in the overview alike."""
    sheet = job.data["sheet"]
    # A sheet that is set smaller than it is made is told of at true size.
    true = sheet["scale"] * sheet.get("enlarge", 1)
    need, have = entry["need"] * true, entry["have"] * true
    words, signed = _briefly(entry["text"]), entry["id"].startswith("contacts/")
    less = max(1, 100 - round(100 * have / need)) if need > 0 else 100
    if have <= 0 or less > MOST_LESS:
        size = "×".join(f"{round(side * true, 1):g}" for side in sheet["trim"])
        said = f"{size} mm 放不下这个版面：排到“{words}”已经没有地方；请换大一些的尺寸，或把这一版的字写短些"
    else:
        digits = next((n for n in range(3) if f"{need:.{n}f}" != f"{have:.{n}f}"), 2)
        room = f"要{'宽' if entry['what'] == 'width' else '高'} {need:.{digits}f} mm，版面只有 {have:.{digits}f} mm"
        said = f"{'放不下落款' if signed else '放不下这句话'}：“{words}”{room}，约需缩短 {less}%"
    shorter = "加一行短的“落款”" if entry["id"].endswith("#name") else "改短“落款”"
    advice = f"；落款里{_signed_with(job)}：请{shorter}，少写电话或联署单位" if signed else ""
    return error("overflow", said + advice, _origin(job, entry["id"]), piece=job.name)


MOST_LESS: Final = 99
"""Percent that words can be asked to be shortened by."""
QUOTED: Final = 20
"""Characters of a text that a message quotes."""


def _briefly(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def _signed_with(job: Job) -> str:
    """How much stands in the signature: 有 3 行名称、4 个电话."""
    contact = job.data["contact"] or {}
    names = len(contact.get("signature", ())) + len(contact.get("partners", ()))
    phones = len(contact.get("phones", ())) + bool(contact.get("hotline")) + bool(contact.get("station"))
    counted = ((names, "个单位名称"), (phones, "个电话"), (int(bool(contact.get("address"))), "个地址"))
    return "有 " + "、".join(f"{count} {what}" for count, what in counted if count)


def _left_out(job: Job, entry: Json) -> Problem:
    """Not of one piece: told once for all of a material."""
    material = job.title.partition("·")[0]
    room = "只放得下一个二维码" if entry.get("kept", 1) else "没有放二维码的地方"
    return warning("left-out", f"{material}{room}，没有印“{entry['text']}”", _origin(job, entry["id"]))


def _numbers_left_out(job: Job, said: Sequence[Json]) -> Iterator[Problem]:
    """A unit's own numbers where its hotline took the only place; told once for all of a material."""
    contact = job.data["contact"]
    printed = squeezed("".join(entry["text"] for entry in said))
    if not contact or not contact["hotline"] or squeezed(contact["hotline"]) not in printed:
        return
    for phone in contact["phones"]:
        if squeezed(phone["number"]) not in printed:
            material = job.title.partition("·")[0]
            message = f"{material}印了服务热线，放不下“{phone['name']['text']} {phone['number']}”，没有印"
            yield warning("left-out", message, _origin(job, phone["name"]["id"]))


def _origin(job: Job, node: str) -> Span | None:
    return job.origins.get(node)


# ---- reading back ----------------------------------------------------------------------------------------


_SAMPLE_MARK: Final = "样张请勿印刷"
_QUOTES: Final = re.compile(r"[“”‘’]\.*")
_HUNG: Final = re.compile(r"[,。、;:!?]+$", re.MULTILINE)
"""Marks that templates hang outside a line, as ``squeezed``; set on their own, they may read after what is beside."""

_LATIN: Final = re.compile(r"[A-Za-z0-9]+(?:[-./:@][A-Za-z0-9]+)*")
_BESIDE: Final = 40
"""Characters of a line beside, as ``squeezed``, that may read amid the pieces of a line with Latin letters or digits:
they may stand a hair off the Hanzi around them, and then begin what is taken for a line of its own."""

_DROPPED: Final = ",。、;"
"""Marks, as ``squeezed``, that a break stands in for in a headline."""


def squeezed(text: str) -> str:
    """Text as it can be compared: NFKC, without white space (Typst sets gaps between Hanzi and Latin)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _read_back(job: Job, shown: bytes, measured: Measured) -> list[Problem]:
    """Every line that the template set must be found, and be the text that it was to set; every code be readable.

    What is printed is the same setting; its codes are read when it is inspected.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(shown)
    problems = unreadable(job, document, measured.codes)
    # The mark across a sample reads amid the lines that it crosses.
    mark = _SAMPLE_MARK if job.data["sample"] else ""
    found = _not_found(measured.said, "".join(map(_text_of, document)), mark)
    problems += [_lost(job, entry) for entry in found]
    document.close()
    return problems


def _text_of(page: "pypdfium2.PdfPage") -> str:
    reader = page.get_textpage()
    found: str = reader.get_text_range()
    reader.close()
    page.close()
    return found


def _not_found(said: Sequence[Json], read: str, mark: str = "") -> Iterator[Json]:
    """What was to be set and cannot be ``read`` on the pages, where ``mark`` may stand amid it."""
    # Nearly all is read as it was written, and in the order in which it was set.
    plain, last = _bare(read).replace(mark, ""), 0
    doubtful = []
    for entry in said:
        lines, at = [_bare(line) for line in entry["lines"]], last
        for line in lines:
            at = plain.find(line, at) if at >= 0 else at
        if at >= 0 and "".join(lines) == _bare(entry["text"]):
            last = at
        else:
            doubtful.append(entry)
    if doubtful:
        found = squeezed(read).replace(mark, "")
        yield from (entry for entry in doubtful if not _found(entry, found))


def _bare(text: str) -> str:
    """Text without white space."""
    return "".join(text.split())


def _found(entry: Json, found: str) -> bool:
    """Whether a text is made of its lines and they can be read in ``found``, which is ``squeezed``."""
    lines = [squeezed(line) for line in entry["lines"]]
    if not _made_of(squeezed(entry["text"]), lines):
        return False
    if all(line in found for line in lines):
        return True
    # A quotation mark that is set half a square wide begins left of the letter before it, and reads before it; dots
    # after one may read elsewhere.
    bare, bare_found = (_QUOTES.sub("", text) for text in ("\n".join(lines), found))
    marks = "".join(_HUNG.findall(bare))
    parts = _HUNG.sub("", bare).split("\n")
    whole = all(line in bare_found or _in_pieces(line, bare_found) for line in parts)
    return whole and set(marks) <= set(bare_found)


def _in_pieces(line: str, found: str) -> bool:
    """Whether the Hanzi of a line read in order, near each other, and each Latin word or number of it near them."""
    pieces, words = [piece for piece in _LATIN.split(line) if piece], _LATIN.findall(line)
    if not pieces or not words:
        return False
    # A look-ahead finds places that overlap.
    ordered = re.compile(f"(?=({f'.{{0,{_BESIDE}}}?'.join(map(re.escape, pieces))}))")
    for place in ordered.finditer(found):
        near = found[max(0, place.start(1) - _BESIDE) : place.end(1) + _BESIDE]
        if all(_count(word, near) >= words.count(word) for word in words):
            return True
    return False


def _count(word: str, text: str) -> int:
    """How often a text has a Latin word or a number that is not part of a longer one."""
    kinds = ["[0-9]" if end.isdigit() else "[A-Za-z]" for end in (word[0], word[-1])]
    return len(re.findall(f"(?<!{kinds[0]}){re.escape(word)}(?!{kinds[1]})", text))


def _made_of(text: str, lines: Sequence[str]) -> bool:
    """Whether ``lines`` are all of ``text``; of a headline a mark may be missing where a line ends."""
    for line in lines:
        if not text.startswith(line):
            text = text.lstrip(_DROPPED)
        if not text.startswith(line):
            return False
        text = text.removeprefix(line)
    return not text.strip(_DROPPED)


def _lost(job: Job, entry: Json) -> Problem:
    message = f"“{job.title}”里读不回这句话：{entry['text']}"
    return error("lost-text", message, _origin(job, entry["id"]), piece=job.name)


# ---- files -----------------------------------------------------------------------------------------------


def _office_files(
    job: Job, root: Path, shown: bytes, workspace: Path, texts: tuple[str, ...], contours: tuple[Json, ...]
) -> Iterator[Artifact]:
    for sheet, label in _office_sheets(job):
        # Rounded corners are cut straight by hand; what has a contour of its own is cut out along it.
        cut = next((each["ops"] for each in contours if sheet["die"] and each["name"] == sheet["die"]["name"]), None)
        path = workspace / f"office-{label}.pdf"
        pages = on_paper(shown, sheet | {"contour": cut}, path, partial(_dressed, root))
        yield _artifact(job, path, f"自己打印/{job.stem}_{label}_办公.pdf", "pdf", "office", texts, pages)


def _office_sheets(job: Job) -> Iterator[tuple[Json, str]]:
    """The office files of a piece: the sheet as its layout takes it, and what the file is called after.

    A poster that has its one sheet may have tiles beside it: ``tiles-A4``, ``tiles-A3``.
    """
    sheet = job.data["sheet"]
    if "office" in job.formats:
        yield sheet, sheet["office"] + _LAID_OUT.get(sheet["office_layout"], "")
    for form in job.formats:
        if form in _TILES:
            yield {**sheet, "office": _TILES[form], "office_layout": "tiles"}, f"{_TILES[form]}拼贴"


def _dressed(root: Path, data: Json) -> bytes:
    """Marks and notes of an office file."""
    made = engine(root).compile(
        input=str(root / "templates" / "_shared" / "office.typ"), format="pdf", pdf_tags=False,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=noon("2026-01-01"),
    )  # fmt: skip
    return whole(made)


def _beside_the_screens(job: Job, shown: bytes, workspace: Path, texts: tuple[str, ...]) -> Artifact:
    """A page for whoever loads the screens: it lies with their files."""
    import pikepdf

    path = workspace / "led.pdf"
    path.write_bytes(shown)
    with pikepdf.open(io.BytesIO(shown)) as document:
        pages = len(document.pages)
    return _artifact(job, path, f"LED/{job.stem}.pdf", "pdf", "text", texts, pages)


def _screen_book(job: Job, shown: bytes, workspace: Path, texts: tuple[str, ...]) -> Artifact:
    """The pages in reading order, to be forwarded and read on a phone."""
    import pikepdf

    path = workspace / "screen.pdf"
    with pikepdf.open(io.BytesIO(shown)) as document:
        save(document, path)
        pages = len(document.pages)
    return _artifact(job, path, f"发微信/{job.stem}_手机看.pdf", "pdf", "screen", texts, pages)


def _artifact(job: Job, path: Path, name: str, form: str, use: Any, texts: tuple[str, ...], pages: int) -> Artifact:
    return Artifact(
        path, name, job.material, form, use, job.title, job.name, job.content, pages=pages, text=texts, key=job.key,
    )  # fmt: skip


def _drawn(pdf: bytes, width: float, most: int | None = None) -> "list[Picture]":
    """The first ``most`` pages, ``width`` pixels wide; all of them without ``most``."""
    import pypdfium2

    # pdfium rounds up: a hair less keeps 383.0001 rows from becoming 384
    width = width - width * 1e-6

    document = pypdfium2.PdfDocument(pdf)
    wanted = [document[at] for at in range(len(document) if most is None else min(most, len(document)))]
    pages = [picture_of(page, width / page.get_width()) for page in wanted]
    document.close()
    return pages


def _characters(pdf: bytes) -> list[int]:
    """How many characters stand on each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    counts = [len(squeezed(_text_of(page))) for page in document]
    document.close()
    return counts


def _picture(job: Job, drawn: "Sequence[Picture]", at: int, workspace: Path, texts: tuple[str, ...]) -> Artifact:
    """One page for WeChat."""
    leaf = len(drawn) == 2 and job.data["sheet"]["sides"] == 2
    side = "" if len(drawn) == 1 else ("_正面", "_反面")[at] if leaf else f"_{at + 1}"
    path = workspace / f"page{at + 1}.png"
    in_few_colours(drawn[at]).save(path, "PNG", compress_level=2)
    return Artifact(
        path, f"{picture_name(job)}{side}.png", job.material, "png", "screen", job.title + side.replace("_", "·"),
        job.name, job.content, pixels=drawn[at].size, text=texts, key=job.key,
    )  # fmt: skip


def in_few_colours(picture: "Picture") -> "Picture":
    """256 colours are enough for flat artwork: a quarter of the bytes, and faster to pack.

    They are chosen from every ninth pixel, which finds the same ones in a tenth of the time.
    """
    from PIL.Image import Dither, Quantize, Resampling

    sample = picture.resize((max(1, picture.width // 3), max(1, picture.height // 3)), Resampling.NEAREST)
    palette = sample.quantize(256, Quantize.FASTOCTREE, dither=Dither.NONE)
    return picture.quantize(palette=palette, dither=Dither.NONE)


def _engines() -> str:
    return " ".join(f"{name}={version(name)}" for name in ("typst", "pikepdf", "pypdfium2", "Pillow", "fonttools"))


RENDERER: Final = Renderer(
    "pages", ("print", "tiff", "office", *_TILES, "wechat", "book", "caption", "film", "led"), render, _engines
)
