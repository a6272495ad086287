"""Pages: Typst sets them, pikepdf gives them boxes, pypdfium2 shows them and reads them back.

One piece gives a CMYK file for the print shop, an RGB file for the office printer and a picture of each
page. Templates get one JSON object (``sys.inputs.data``); what they show comes back as metadata.
"""

import io
import json
import os
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem, Span, error, warning
from generator.render.base import Artifact, Job, Json, Rendered, Renderer
from generator.render.captions import caption_files, picture_name
from generator.typesetting import qr
from generator.typesetting.compiler import engine
from generator.typesetting.glyphs import missing

if TYPE_CHECKING:
    import pikepdf
    import pypdfium2
    from PIL.Image import Image as Picture

PAPER_MM: Final = {"A3": (297.0, 420.0), "A4": (210.0, 297.0)}
PRINTER_MARGIN_MM: Final = 5.0
"""What an office printer leaves white at each edge."""
QR_READING_PPI: Final = 150
LOGO_PIXELS: Final = 720
"""Of a logo's longer side: 300 ppi at the 60 mm of a poster."""
POINTS_A_MM: Final = 72 / 25.4

# pdfium is not safe to call from two threads at once.
_PDFIUM: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Measured:
    """What the template recorded while it set the page."""

    said: tuple[Json, ...] = ()
    overflows: tuple[Json, ...] = ()
    codes: tuple[Json, ...] = ()
    left_out: tuple[Json, ...] = ()


_LABELS: Final = ("said", "overflow", "qr", "left-out")
"""The labels of what a template notes, in the order of ``Measured``."""


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """All files of one piece; problems that withhold it are in the result, never raised."""
    result = Rendered(job)
    result.problems += _missing_glyphs(job, root)
    if result.failed:
        return result
    shown, measured = _typeset(job, root, "rgb", result)
    result.problems += [_overflow(job, entry) for entry in measured.overflows]
    if result.failed:
        return result
    printed = _typeset(job, root, "cmyk", result)[0] if "print" in job.formats else b""
    result.problems += [_left_out(job, entry) for entry in measured.left_out]
    if result.failed:
        return result
    texts = tuple(dict.fromkeys(entry["text"] for entry in measured.said))
    job = replace(job, content=_content_of(job, measured))
    with _PDFIUM:
        result.problems += _read_back(job, shown, printed, measured)
        drawn = _drawn(shown, job.data["sheet"]["picture"]["width"]) if "wechat" in job.formats else []
    pictures = [_picture(job, drawn, at, workspace, texts) for at in range(len(drawn))]
    files = list(_paper_files(job, shown, printed, workspace, texts)) + pictures
    if "caption" in job.formats:
        files += caption_files(job, workspace, root, result)
    if result.failed:
        return result
    result.artifacts += [_previewed(file, pictures) for file in files]
    return result


def _content_of(job: Job, measured: Measured) -> tuple[str, ...]:
    """The items that the pages say something of: a template may show fewer than its job offers."""
    said = {entry["id"].partition("#")[0] for entry in measured.said}
    return tuple(item for item in job.content if item in said)


def _previewed(file: Artifact, pictures: list[Artifact]) -> Artifact:
    return replace(file, preview=pictures[0].name) if pictures else file


# ---- before ------------------------------------------------------------------------------------------


def nodes_of(value: Any) -> Iterator[Json]:
    """Every text node in a job's data, in order."""
    if isinstance(value, dict):
        if "phrases" in value:
            yield value
        else:
            for inner in value.values():
                yield from nodes_of(inner)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from nodes_of(inner)


def _missing_glyphs(job: Job, root: Path) -> list[Problem]:
    nodes = list(nodes_of(job.data))
    families = ("Noto Sans SC",)
    if not missing("".join(node["text"] for node in nodes), root / "fonts", families):
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
    """A unit's logo as Typst takes it: width over height, and the bytes for each mode as a JSON list."""

    aspect: float
    rgb: str
    cmyk: str


def _logo_of(job: Job, root: Path) -> Logo | None:
    path = (job.data.get("contact") or {}).get("logo")
    return _logo((root / path).read_bytes()) if path else None


@cache
def _logo(data: bytes) -> Logo:
    """JPEG for both: Typst takes a file's bytes as JSON alone, and a CMYK picture leaves no RGB object in print."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        art = opened.convert("RGBA")
    art.thumbnail((LOGO_PIXELS, LOGO_PIXELS))
    flat = Image.new("RGB", art.size, "white")
    flat.paste(art, mask=art.getchannel("A"))
    return Logo(art.width / art.height, _jpeg(flat), _jpeg(flat.convert("CMYK")))


def _jpeg(picture: "Picture") -> str:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=92, subsampling=0)
    return json.dumps(list(made.getvalue()), separators=(",", ":"))


# ---- typesetting ---------------------------------------------------------------------------------------


def _typeset(job: Job, root: Path, mode: str, result: Rendered) -> tuple[bytes, Measured]:
    """The PDF for ``mode`` (rgb or cmyk) and what the template noted; problems go to ``result``."""
    import typst

    compiler = engine(root)
    source = root / "templates" / job.template / "main.typ"
    try:
        made, warnings = compiler.compile_with_warnings(
            input=str(source), format="pdf", sys_inputs=_inputs(job, root, mode),
            timestamp=_noon(job.data["date"]), pdf_tags=False,
        )  # fmt: skip
        entries = json.loads(compiler.query("metadata"))
    except typst.TypstError as failure:
        result.problems.append(_template_problem(job, root, failure.message, failure.diagnostic))
        return b"", Measured()
    result.problems += [_template_problem(job, root, warning.message, warning.diagnostic) for warning in warnings]
    noted: dict[str, list[Json]] = {}
    for entry in entries:
        noted.setdefault(entry.get("label", ""), []).append(entry["value"])
    return _whole(made), Measured(*(tuple(noted.get(f"<{label}>", ())) for label in _LABELS))


def _inputs(job: Job, root: Path, mode: str) -> dict[str, str]:
    logo = _logo_of(job, root)
    if logo is None:
        return {"data": json.dumps(job.data, ensure_ascii=False), "mode": mode}
    contact = {**job.data["contact"], "logo": {"aspect": logo.aspect}}
    data = json.dumps({**job.data, "contact": contact}, ensure_ascii=False)
    return {"data": data, "mode": mode, "logo": logo.rgb if mode == "rgb" else logo.cmyk}


def _whole(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("a PDF compiles to bytes")
    return made


def _noon(day: str) -> datetime:
    chosen = date.fromisoformat(day)
    return datetime(chosen.year, chosen.month, chosen.day, 12, tzinfo=UTC)


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
    what = "宽" if entry["what"] == "width" else "高"
    return error(
        "overflow",
        f"“{job.title}”放不下这句话：要{what} {entry['need']:.0f} mm，版面只有 {entry['have']:.0f} mm"
        f"，约需缩短 {max(1, 100 - round(100 * entry['have'] / max(entry['need'], 0.1)))}%",
        _origin(job, entry["id"]),
        piece=job.name,
    )


def _left_out(job: Job, entry: Json) -> Problem:
    """Not of one piece: told once for all of a material."""
    material = job.title.partition("·")[0]
    return warning("left-out", f"{material}只放得下一个二维码，没有印“{entry['text']}”", _origin(job, entry["id"]))


def _origin(job: Job, node: str) -> Span | None:
    return job.origins.get(node)


# ---- reading back ----------------------------------------------------------------------------------------


_QUOTES: Final = re.compile("[“”‘’]")


def squeezed(text: str) -> str:
    """Text as it can be compared: NFKC, without white space (Typst sets gaps between Hanzi and Latin)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _read_back(job: Job, shown: bytes, printed: bytes, measured: Measured) -> list[Problem]:
    """Every line that the template set must be found in both files, and be the text that it was to set."""
    import pypdfium2

    problems: list[Problem] = []
    for pdf in (printed, shown):
        if not pdf:
            continue
        document = pypdfium2.PdfDocument(pdf)
        found = squeezed("".join(page.get_textpage().get_text_range() for page in document))
        problems += [_lost(job, entry) for entry in measured.said if not _found(entry, found)]
        problems += _unreadable_codes(job, document, measured)
        document.close()
    return problems


def _found(entry: Json, found: str) -> bool:
    lines = [squeezed(line) for line in entry["lines"]]
    if "".join(lines) != squeezed(entry["text"]):
        return False
    # A quotation mark that is set half a square wide begins left of the letter before it, and reads before it.
    bare, bare_found = (_QUOTES.sub("", text) for text in ("\n".join(lines), found))
    return all(line in found for line in lines) or all(line in bare_found for line in bare.split("\n"))


def _lost(job: Job, entry: Json) -> Problem:
    message = f"“{job.title}”里读不回这句话：{entry['text']}"
    return error("lost-text", message, _origin(job, entry["id"]), piece=job.name)


def _unreadable_codes(job: Job, document: "pypdfium2.PdfDocument", measured: Measured) -> list[Problem]:
    problems = []
    for code in measured.codes:
        page = document[code["page"] - 1]
        # The print file is larger by its bleed on every side; positions are from the trim edge.
        edge = (page.get_mediabox()[2] - job.data["sheet"]["trim"][0] * POINTS_A_MM) / 2
        left, top = (code[axis] * POINTS_A_MM + edge for axis in ("x", "y"))
        side = code["size"] * POINTS_A_MM
        picture = page.render(
            scale=QR_READING_PPI / 72,
            crop=(left, page.get_height() - top - side, page.get_width() - left - side, top),
        ).to_pil()
        if code["text"] not in qr.read(picture):
            problems.append(error("qr-unreadable", f"“{job.title}”上的二维码扫不出来：{code['text']}", piece=job.name))
    return problems


# ---- files -----------------------------------------------------------------------------------------------


def _paper_files(job: Job, shown: bytes, printed: bytes, workspace: Path, texts: tuple[str, ...]) -> Iterator[Artifact]:
    width, height = job.data["sheet"]["trim"]
    size = f"{width:g}x{height:g}"
    if "print" in job.formats:
        path = workspace / "print.pdf"
        pages = _boxed(printed, path)
        yield _artifact(
            job,
            path,
            f"发广告公司/{job.stem}_{size}mm_印刷.pdf",
            "pdf",
            "print",
            texts,
            pages,
            bleed=job.data["sheet"]["bleed"],
        )
    if "office" in job.formats:
        paper = job.data["sheet"]["office"]
        path = workspace / "office.pdf"
        pages = _on_paper(shown, paper, path)
        yield _artifact(job, path, f"自己打印/{job.stem}_{paper}_办公.pdf", "pdf", "office", texts, pages)
    if "led" in job.formats:
        path = workspace / "led.pdf"
        path.write_bytes(shown)
        yield _artifact(job, path, f"LED/{job.stem}.pdf", "pdf", "text", texts, _page_count(shown))


def _page_count(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _artifact(
    job: Job, path: Path, name: str, form: str, use: Any, texts: tuple[str, ...], pages: int, bleed: float | None = None
) -> Artifact:
    width, height = job.data["sheet"]["trim"]
    return Artifact(
        path, name, job.material, form, use, job.title, job.name, job.content, pages=pages,
        trim_mm=(width, height) if use == "print" else None, bleed_mm=bleed, text=texts, key=job.key,
    )  # fmt: skip


def _boxed(pdf: bytes, path: Path) -> int:
    """Typst writes MediaBox and TrimBox; a print shop also wants the BleedBox. Returns the page count."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.obj.BleedBox = page.mediabox
        _save(document, path)
        return len(document.pages)


def _on_paper(pdf: bytes, paper: str, path: Path) -> int:
    """Each page as large as fits the office paper inside the printer's margin. Returns the page count."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as document:
        for page in source.pages:
            width, height = (float(page.mediabox[at]) for at in (2, 3))
            short, long = (side * POINTS_A_MM for side in PAPER_MM[paper])
            sheet = (short, long) if width <= height else (long, short)
            target = document.add_blank_page(page_size=sheet)
            edge = PRINTER_MARGIN_MM * POINTS_A_MM
            room = pikepdf.Rectangle(edge, edge, sheet[0] - edge, sheet[1] - edge)
            form = page.as_form_xobject()
            # add_overlay does the same under a random name, and so gives other bytes each time
            name = target.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Sheet)
            placed = target.calc_form_xobject_placement(
                form, name, room, invert_transformations=True, allow_shrink=True, allow_expand=True
            )
            target.contents_add(placed)
        document.docinfo["/Title"] = str(source.docinfo.get("/Title", ""))
        _save(document, path)
        return len(document.pages)


def _save(document: "pikepdf.Pdf", path: Path) -> None:
    document.save(path, deterministic_id=True, linearize=False, min_version="1.4")


def _drawn(pdf: bytes, width: int) -> "list[Picture]":
    """Every page, ``width`` pixels wide."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=width / page.get_width()).to_pil().convert("RGB") for page in document]
    document.close()
    return pages


def _picture(job: Job, drawn: "Sequence[Picture]", at: int, workspace: Path, texts: tuple[str, ...]) -> Artifact:
    """One page for WeChat. 256 colours are enough for flat artwork: a quarter of the bytes, and faster to pack."""
    from PIL.Image import Dither, Quantize

    side = "" if len(drawn) == 1 else ("_正面", "_反面")[at] if len(drawn) == 2 else f"_{at + 1}"
    path = workspace / f"page{at + 1}.png"
    drawn[at].quantize(256, Quantize.FASTOCTREE, dither=Dither.NONE).save(path, "PNG", compress_level=4)
    return Artifact(
        path, f"{picture_name(job)}{side}.png", job.material, "png", "screen", job.title + side.replace("_", "·"),
        job.name, job.content, pixels=drawn[at].size, text=texts, key=job.key,
    )  # fmt: skip


def _engines() -> str:
    return " ".join(f"{name}={version(name)}" for name in ("typst", "pikepdf", "pypdfium2", "Pillow"))


RENDERER: Final = Renderer("pages", ("print", "office", "wechat", "caption", "led"), render, _engines)
