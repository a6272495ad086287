"""Reading documents back: python-docx opens the .docx as any program would, pdfium reads the PDF."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from generator.render.document_docx import SAMPLE_MARK, STYLE_IDS, Dress, W
from generator.render.document_model import Body, Cut, Table, Text

if TYPE_CHECKING:
    from docx.document import Document

_W: Final = f"{{{W}}}"
_SHOWN: Final = 24
"""Characters of a lost paragraph that its message shows."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What is wrong with a file, in words, and the paragraph that is not in it."""

    said: str
    text: str = ""


def lost_in_docx(package: bytes, body: Body, dress: Dress) -> Iterator[Lost]:
    """What is not in the .docx as it should be, in words; nothing when all is right."""
    import docx

    document = docx.Document(io.BytesIO(package))
    wanted = [(style, text) for style, text in _expected(body)]
    found = [(style, text) for style, text in _paragraphs(document)]
    if wanted != found:
        missing = next((one for one, other in zip(wanted, found, strict=False) if one != other), None)
        lost = missing[1] if missing else "（结尾）"
        yield Lost(f"的 DOCX 读不回这一段：{_short(lost)}", missing[1] if missing else "")
    yield from _faces(document, dress)


def _expected(body: Body) -> Iterator[tuple[str, str]]:
    for block in body.blocks:
        if isinstance(block, Text):
            yield STYLE_IDS[block.style][0], block.text
        elif isinstance(block, Cut):
            yield STYLE_IDS["cut"][0], block.text
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield STYLE_IDS["cell"][0], "\n".join("".join(run.text for run in runs) for runs in cell.paragraphs)


def _paragraphs(document: "Document") -> Iterator[tuple[str, str]]:
    """Styles and texts in reading order, cells of tables as one text each; without the hairlines behind tables.

    Straight from the tree that python-docx has read: asking its objects takes a second for a long table.
    """
    for part in document.element.body:
        if part.tag == f"{_W}tbl":
            for cell in part.iter(f"{_W}tc"):
                inside = list(cell.iterchildren(f"{_W}p"))
                yield _style_id(inside[0]), "\n".join(map(_text, inside))
        elif part.tag == f"{_W}p" and not (_style_id(part) == STYLE_IDS["cell"][0] and not _text(part)):
            yield _style_id(part), _text(part)


def _style_id(paragraph: Any) -> str:
    return str(paragraph.find(f"{_W}pPr/{_W}pStyle").get(f"{_W}val"))


def _text(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def _faces(document: "Document", dress: Dress) -> Iterator[Lost]:
    """Styles and runs that name no East Asian font, or one that was not chosen."""
    chosen = set(dress.fonts.values())
    roots = [document.element.body, document.styles.element]
    roots += [part.element for part in (document.sections[0].header.part, document.sections[0].footer.part) if part]
    for root in roots:
        for run in root.iter(f"{_W}r"):
            fonts = run.find(f"{_W}rPr/{_W}rFonts")
            if fonts is None or fonts.get(f"{_W}eastAsia") not in chosen:
                text = "".join(run.itertext())
                yield Lost(f"的 DOCX 有文字没有指定中文字体：{_short(text)}", text)
    for style in document.styles.element.iter(f"{_W}style"):
        fonts = style.find(f"{_W}rPr/{_W}rFonts")
        kept = style.get(f"{_W}type") == "paragraph"
        if kept and (fonts is None or fonts.get(f"{_W}eastAsia") not in chosen):
            yield Lost(f"的 DOCX 样式没有指定中文字体：{style.get(f'{_W}styleId')}")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


def lost_in_pdf(pdf: bytes, body: Body, dress: Dress) -> Iterator[Lost]:
    """Texts that the PDF does not have, in order."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = [squeezed(page.get_textpage().get_text_range()) for page in document]
    document.close()
    mark = squeezed(SAMPLE_MARK)
    if dress.sample and not all(mark in page for page in pages):
        yield Lost("的 PDF 有一页没有样张标记")
    if dress.sample:
        pages = [page.replace(mark, "") for page in pages]
    if dress.numbered:
        pages = [_without_footer(page, at, len(pages)) for at, page in enumerate(pages, 1)]
    found = "".join(pages)
    at = 0
    for text in body.texts():
        wanted = squeezed(text)
        place = found.find(wanted, at)
        if place < 0:
            yield Lost(f"的 PDF 读不回这一段：{_short(text)}", text)
            return
        at = place + len(wanted)


def _without_footer(page: str, number: int, count: int) -> str:
    """A page's text without its number, which reads last: a paragraph goes on beyond it on the next page."""
    before, footer, after = page.rpartition(squeezed(f"第{number}页，共{count}页"))
    return before + after if footer else page


def squeezed(text: str) -> str:
    """Text as it can be compared: NFKC, without white space, and without the underscores of places to fill in."""
    return re.sub(r"[\s_\ufffe\u00ad]", "", unicodedata.normalize("NFKC", text))
