"""One setting, two colourings: what was set in codes is whole in press inks and whole in screen colours."""

import io
import re
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generator.library import Library
from generator.plan import Request, plan
from generator.render import colouring
from generator.render.base import Job
from generator.render.colouring import ARTWORK, BLEND, PAPER, PLAIN, SMALL, SMALL_MUTED, TOKEN, Palette
from generator.render.engine import engine, whole
from generator.render.pages import _inputs
from generator.render.press_stream import Unreadable
from generator.typesetting.phrases import Breaker

INKS: Final = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) [kK](?!\w)")
SHOWN: Final = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)(?!\w)")
MM: Final = 72 / 25.4


@pytest.fixture(scope="module")
def jobs(library: Library) -> dict[str, Job]:
    """A bank's printed pieces, one of each template; a sample unit signs, so a pattern lies across them."""
    made = plan(library, Request("bank", "样例银行"), Breaker(library.glossary)).jobs
    return {job.template: job for job in made if job.renderer == "pages" and "print" in job.formats}


def coded(job: Job, root: Path) -> bytes:
    source = str(root / "templates" / job.template / "main.typ")
    inputs = _inputs(job, root, "codes")
    return whole(engine(root).compile(input=source, format="pdf", sys_inputs=inputs, pdf_tags=False))


def shown_as(pages: bytes, data: Any, logo: bytes = b"") -> bytes:
    """Pages in codes as a screen shows them."""
    with closing(colouring.Coded(pages)) as read:
        return read.shown(data, logo)[0]


def in_inks(pages: bytes, data: Any) -> bytes:
    """Pages in codes as the press prints them."""
    made = io.BytesIO()
    with closing(colouring.Coded(pages)) as read:
        for page, pieces in zip(read.document.pages, read.printed(data), strict=True):
            page.obj.Contents.write(b"".join(pieces))
        read.document.save(made)
    return made.getvalue()


def painted(pdf: bytes) -> bytes:
    """Everything that sets a colour."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = [page.obj.Contents.read_bytes() for page in opened.pages]
        forms = [
            one.read_bytes() for one in opened.objects
            if isinstance(one, pikepdf.Stream) and ("/PatternType" in one or one.get("/Subtype") == "/Form")
        ]  # fmt: skip
        return b"\n".join([*pages, *forms])


def test_every_code_of_every_template_becomes_an_ink_and_a_screen_colour(original: Path, jobs: dict[str, Job]) -> None:
    assert len(jobs) >= 12
    for template, job in jobs.items():
        pages = coded(job, original)
        kinds = {round(255 * float(found[0])) for found in INKS.findall(painted(pages))}
        assert TOKEN in kinds, template
        assert kinds <= set(range(TOKEN, SMALL_MUTED + 1)), template
        for_press, for_screen = in_inks(pages, job.data), shown_as(pages, job.data)
        count = len(INKS.findall(painted(pages)))
        assert len(INKS.findall(painted(for_press))) == len(SHOWN.findall(painted(for_screen))) == count, template
        assert not INKS.search(painted(for_screen)), template
        assert not SHOWN.search(painted(for_press)), template


def test_the_screen_sees_the_trimmed_page_and_the_press_its_bleed(original: Path, jobs: dict[str, Job]) -> None:
    job = jobs["poster"]
    pages = coded(job, original)
    with pypdfium2.PdfDocument(shown_as(pages, job.data)) as shown:
        assert shown[0].get_size() == pytest.approx((420 * MM, 570 * MM), abs=0.01)
        ground = shown[0].render(scale=0.2).to_pil().convert("RGB").getpixel((3, 3))
    assert ground in {tuple(bytes.fromhex(colour["rgb"][1:])) for colour in job.data["theme"]["colours"].values()}
    with pypdfium2.PdfDocument(in_inks(pages, job.data)) as printed:
        assert printed[0].get_size() == pytest.approx((426 * MM, 576 * MM), abs=0.01)


def test_the_pieces_of_a_page_are_its_stream_with_its_colours_apart(original: Path, jobs: dict[str, Job]) -> None:
    job = jobs["trifold"]
    pages = coded(job, original)
    with closing(colouring.Coded(pages)) as read:
        shown, pieces = read.shown(job.data)
        printed = read.printed(job.data)
    with pikepdf.open(io.BytesIO(shown)) as opened:
        assert len(pieces) == len(printed) == len(opened.pages) == 2
        for page, on_screen, on_paper in zip(opened.pages, pieces, printed, strict=True):
            assert page.obj.Contents.read_bytes() == b"".join(on_screen)
            assert len(on_screen) == len(on_paper)
            assert on_paper[1::2] == [found[0] for found in INKS.finditer(b"".join(on_paper))]


def data_of(**press: list[int]) -> dict[str, Any]:
    colours = {
        "ground": {"rgb": "#1166B8", "cmyk": [88, 55, 0, 0]}, "ink": {"rgb": "#202020", "cmyk": [40, 30, 30, 90]},
        "muted": {"rgb": "#555555", "cmyk": [0, 0, 0, 75]}, "paper": {"rgb": "#FFFFFF", "cmyk": [0, 0, 0, 0]},
    }  # fmt: skip
    process = {"black": [0, 0, 0, 100], "text_black": [0, 0, 0, 100]} | press
    return {
        "theme": {"colours": colours},
        "inks": {"#F0C9A8": [0, 18, 30, 5], "#000000": [0, 0, 0, 100]},
        "sheet": {"press": process, "bleed": 3, "trim": [100, 100]},
    }


def test_blacks_are_those_of_the_process() -> None:
    offset, inkjet = Palette(data_of()), Palette(data_of(black=[50, 50, 50, 100], text_black=[50, 50, 50, 100]))
    order = sorted(data_of()["theme"]["colours"])
    ink, muted = order.index("ink"), order.index("muted")
    for code, on_a_press, sprayed in (
        ((TOKEN, ink, 0, 0), (0, 0, 0, 1), (0.5, 0.5, 0.5, 1)),
        ((ARTWORK, 0, 0, 0), (0, 0, 0, 1), (0.5, 0.5, 0.5, 1)),
        ((SMALL, PLAIN, 0, 0), (0, 0, 0, 1), (0.5, 0.5, 0.5, 1)),
        ((SMALL_MUTED, muted, 0, 0), (0, 0, 0, 0.82), (0, 0, 0, 0.75)),
        ((PAPER, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)),
    ):
        assert offset.inks(code) == pytest.approx(on_a_press), code
        assert inkjet.inks(code) == pytest.approx(sprayed), code
    assert offset.shown((SMALL, ink, 0, 0)) == pytest.approx((32 / 255,) * 3), "small ink is not black on a screen"
    assert offset.shown((SMALL, PLAIN, 0, 0)) == (0, 0, 0)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 200))
def test_a_blend_lies_between_its_colours(a: int, b: int, share: int) -> None:
    palette = Palette(data_of())
    for colour in (palette.inks, palette.shown):
        mixed = colour((BLEND, a, b, share))
        one, other = colour((BLEND, a, a, 0)), colour((BLEND, b, b, 0))
        for value, *ends in zip(mixed, one, other, strict=True):
            assert min(ends) - 0.002 <= value <= max(ends) + 0.002


def test_a_logo_is_in_cmyk_for_the_press_and_in_rgb_for_the_screen() -> None:
    def jpeg(mode: str) -> bytes:
        made = io.BytesIO()
        Image.new(mode, (30, 20), "red" if mode == "RGB" else (0, 255, 255, 0)).save(made, "JPEG")
        return made.getvalue()

    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    page.obj.Contents = pdf.make_stream(b"q 100 0 0 100 50 50 cm /L Do Q")
    picture = pikepdf.Stream(pdf, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=30, Height=20,
                             BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceCMYK)  # fmt: skip
    picture.write(jpeg("CMYK"), filter=pikepdf.Name.DCTDecode)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(L=pdf.make_indirect(picture)))
    made = io.BytesIO()
    pdf.save(made)
    with pikepdf.open(io.BytesIO(in_inks(made.getvalue(), data_of()))) as printed:
        assert printed.pages[0].obj.Resources.XObject.L.ColorSpace == "/DeviceCMYK"
    with pikepdf.open(io.BytesIO(shown_as(made.getvalue(), data_of(), jpeg("RGB")))) as shown:
        assert shown.pages[0].obj.Resources.XObject.L.ColorSpace == "/DeviceRGB"
    with pytest.raises(Unreadable, match="标志"):
        shown_as(made.getvalue(), data_of())
