"""Documents: letters, speeches, notices and forms as an editable .docx and, beside it, a PDF of the same body.

A body (``document_body``) becomes blocks, blocks become both files in the same sizes, and both are read back:
nothing may be lost, and no text may fall back to a font that nobody chose.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from generator.errors import Problem, RenderError, Span, error, warning
from generator.model.document import Look
from generator.model.styles import Styles
from generator.render import document_body, document_styles
from generator.render.base import Artifact, Job, Json, Rendered, Renderer
from generator.render.document_body import Signature, Written
from generator.render.document_check import lost_in_docx, lost_in_pdf, squeezed
from generator.render.document_docx import SAMPLE_MARK, About, Dress, package
from generator.render.document_fit import pages_in_word
from generator.render.document_model import Body, Cut, NewPage, Text
from generator.render.engine import PDFIUM, engine, noon, whole
from generator.typesetting.glyphs import missing

FOLDER: Final = "文书"
PROGRAM: Final = "反诈宣传物料生成器"
"""The author of what no unit signs."""


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """The two files of one document; problems that withhold it are in the result, never raised."""
    rendered = Rendered(job)
    try:
        _make(job, workspace, root, rendered)
    except RenderError as problem:
        rendered.problems += problem.problems
    rendered.problems = [replace(each, piece=job.name) for each in rendered.problems]
    return rendered


def _make(job: Job, workspace: Path, root: Path, rendered: Rendered) -> None:
    styles = document_styles.read(root / "templates" / job.template)
    written = _written(job)
    body = document_body.read(written, job.data["context"], _signature(job))
    rendered.problems += _missing_glyphs(body, written, root)
    if rendered.failed:
        return
    pdf, dress = _fitted(job, body, styles, root)
    rendered.problems += _too_long(job, body, dress)
    made = package(body, dress, About(body.title or job.title, _author(job), date.fromisoformat(job.data["date"])))
    with PDFIUM:
        said = [*lost_in_docx(made, body, dress), *lost_in_pdf(pdf, body, dress)]
    rendered.problems += [
        error("lost-text", f"“{job.title}”{each.said}", written.span(_line_of(each.text, written))) for each in said
    ]
    if not rendered.failed:
        rendered.artifacts += list(_artifacts(job, body, dress, made, pdf, workspace))


def _written(job: Job) -> Written:
    document = job.data["document"]
    return Written(document["file"], document["start"], tuple(document["lines"]))


def _line_of(text: str, written: Written) -> int:
    """The line that a paragraph was written on; the first one where it is not to be told."""
    wanted = squeezed(text)
    for at, line in enumerate(written.lines, written.start):
        if wanted and wanted in squeezed(line.replace("*", "")):
            return at
    return written.start


def _signature(job: Job) -> Signature | None:
    signed = job.data["signature"]
    return Signature(tuple(signed["names"]), signed["day"], signed["missing"]) if signed else None


def _author(job: Job) -> str:
    return str(job.data["context"]["单位"]["全称"] or PROGRAM)


def _missing_glyphs(body: Body, written: Written, root: Path) -> list[Problem]:
    lacking = missing("".join(body.texts()), root / "fonts", ("Noto Sans SC",))
    if not lacking:
        return []
    named = "、".join(f"{char}（U+{ord(char):04X}）" for char in lacking)
    at = next((at for at, line in enumerate(written.lines, written.start) if set(lacking) & set(line)), written.start)
    return [written.problem(at, f"字体里没有这些字：{named}；请换一个写法")]


# ---- fitting and setting -------------------------------------------------------------------------------


def _fitted(job: Job, body: Body, styles: Styles, root: Path) -> tuple[bytes, Dress]:
    """The PDF in the largest size of its look that keeps to the number of pages, else in the smallest."""
    look = styles.looks[Look(job.data["document"]["look"])]
    limit = job.data["document"]["pages"]
    for size in look.sizes:
        dress = _dress(job, styles, look.margins, size)
        pdf = _typeset(job, body, dress, root)
        dress = replace(dress, pages=_page_count(pdf))
        if limit is None or max(dress.pages, pages_in_word(body, dress)) <= limit:
            break
    return pdf, dress


def _dress(job: Job, styles: Styles, margins: tuple[float, float, float, float], size: tuple[float, float]) -> Dress:
    colours = job.data["theme"]["colours"]
    return Dress(
        styles=document_styles.set_in(styles, size, colours),
        fonts={str(face): name for face, name in styles.fonts.items()},
        paper=styles.paper,
        margins=margins,
        colours={token: colour["rgb"] for token, colour in colours.items()},
        numbered=job.data["document"]["numbered"],
        sample=bool(job.data["sample"]),
        pages=1,
    )


def _typeset(job: Job, body: Body, dress: Dress, root: Path) -> bytes:
    import typst

    data = {
        "title": body.title or job.title,
        "author": _author(job),
        "paper": dress.paper,
        "margins": dress.margins,
        "styles": dress.styles,
        "colours": dress.colours,
        "numbered": dress.numbered,
        "sample": SAMPLE_MARK if dress.sample else None,
        "blocks": [_block(block) for block in body.blocks],
    }
    source = root / "templates" / job.template / "main.typ"
    try:
        made, _ = engine(root).compile_with_warnings(
            input=str(source), format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=noon(job.data["date"]), pdf_tags=True,
        )  # fmt: skip
    except typst.TypstError as failure:
        message = f"模板 {job.template} 出错：{failure.message}"
        raise RenderError([error("template", message, Span(f"templates/{job.template}/main.typ"))]) from failure
    return whole(made)


def _block(block: Any) -> Json:
    kinds = {Text: "text", Cut: "cut", NewPage: "page"}
    return {"kind": kinds.get(type(block), "table"), **asdict(block)}


def _page_count(pdf: bytes) -> int:
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
        document.close()
    return count


def _too_long(job: Job, body: Body, dress: Dress) -> Iterator[Problem]:
    document = job.data["document"]
    pages = max(dress.pages, pages_in_word(body, dress))
    if document["pages"] and pages > document["pages"]:
        message = (
            f"“{job.title}”要 {pages} 页，规定最多 {document['pages']} 页，换了小一号的字也放不下；"
            "请删短，或者把“页数”改大"
        )
        yield warning("document-long", message, Span(document["file"]))


# ---- files ---------------------------------------------------------------------------------------------


def _artifacts(job: Job, body: Body, dress: Dress, made: bytes, pdf: bytes, workspace: Path) -> Iterator[Artifact]:
    text = tuple(each for each in body.texts() if each.strip("_ "))
    content = _content_of(job, text)
    mark = (SAMPLE_MARK,) if dress.sample else ()
    for form, use, data in (("docx", "edit", made), ("pdf", "office", pdf)):
        path = workspace / f"{job.stem}.{form}"
        path.write_bytes(data)
        yield Artifact(
            path=path,
            name=f"{FOLDER}/{job.stem}.{form}",
            material=job.material,
            format=form,
            use=use,  # type: ignore[arg-type]
            title=job.title,
            piece=job.name,
            content=content,
            pages=dress.pages,
            text=(*text, *mark),
            outline=body.outline,
            key=job.key,
        )


def _content_of(job: Job, text: Sequence[str]) -> tuple[str, ...]:
    """The document, and the items of which it says a whole sentence."""
    said = "".join("".join(text).split())
    own: Mapping[str, list[str]] = job.data["sentences"]
    return tuple(
        item
        for item in job.content
        if item not in own or any("".join(line.split()).rstrip("。") in said for line in own[item])
    )


def _engines() -> str:
    return " ".join(f"{name}={version(name)}" for name in ("typst", "pypdfium2", "python-docx"))


RENDERER: Final = Renderer("document", ("docx", "pdf"), render, _engines)
