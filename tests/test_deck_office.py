"""Decks as LibreOffice shows them: every title there, every page as it was when somebody last looked at it."""

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from tests.test_deck import ROOT, lectures, made, open_deck, rendered

SHOWN = (
    ("station", "fraud-class", "样例派出所"),
    ("bank", "bank-staff", None),
    ("primary", "class-primary", None),
    ("community", "elders-talk", None),
    ("enterprise", "finance-session", None),
)
"""One lecture of each theme; the first is signed and has a chart."""
WIDE, HIGH = 160, 90
ACROSS = 5
TOLERANCE = 9.0
"""Mean difference of a page's gray values, 0 to 255, after a blur: other versions of a font move letters a little."""
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>微软雅黑</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK SC</string></edit></match></fontconfig>"""
"""Where there is no 微软雅黑 a Linux without Chinese settings takes digits from a Latin face; an office PC has it."""

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def pages(package: bytes, folder: Path) -> list[tuple[str, Image.Image]]:
    """The text and the picture of every page as LibreOffice makes them."""
    (folder / "deck.pptx").write_bytes(package)
    (folder / "fonts.conf").write_text(FONTS, "utf-8")
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "deck.pptx"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=240, env=environment)
    document = pypdfium2.PdfDocument(folder / "deck.pdf")
    return [
        (page.get_textpage().get_text_range(), page.render(scale=2 * WIDE / page.get_width()).to_pil().convert("RGB"))
        for page in document
    ]


@pytest.mark.parametrize(("audience", "outline", "contact"), SHOWN, ids=lambda value: str(value))
def test_libreoffice_shows_every_slide_as_it_was_approved(
    audience: str, outline: str, contact: str | None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    job = lectures(audience, contact)[outline]
    result = rendered(job, tmp_path)
    shown = pages(result.artifacts[0].path.read_bytes(), tmp_path)
    assert len(shown) == result.artifacts[0].pages
    for (text, _), title in zip(shown, result.artifacts[0].outline, strict=True):
        assert re.sub(r"\s", "", title) in re.sub(r"\s", "", text)
    approved = ROOT / f"tests/golden/deck-{audience}-{outline}.png"
    small = [picture.resize((WIDE, HIGH), Image.Resampling.LANCZOS) for _, picture in shown]
    if request.config.getoption("--update-golden"):
        _sheet(small).quantize(128).save(approved, optimize=True)
    assert approved.exists(), "run pytest -m office --update-golden and look at the picture"
    with Image.open(approved) as sheet:
        before = [_cut(sheet.convert("RGB"), at) for at in range(len(small))]
        assert sheet.height == -(-len(small) // ACROSS) * HIGH, "another number of slides"
    far = {at: _difference(a, b) for at, (a, b) in enumerate(zip(small, before, strict=True), 1)}
    assert {at: round(value, 1) for at, value in far.items() if value > TOLERANCE} == {}


def _sheet(pictures: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (ACROSS * WIDE, -(-len(pictures) // ACROSS) * HIGH), "white")
    for at, picture in enumerate(pictures):
        sheet.paste(picture, (at % ACROSS * WIDE, at // ACROSS * HIGH))
    return sheet


def _cut(sheet: Image.Image, at: int) -> Image.Image:
    left, top = at % ACROSS * WIDE, at // ACROSS * HIGH
    return sheet.crop((left, top, left + WIDE, top + HIGH))


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference where the pages differ most: in the worst of sixteen fields."""
    blurred = [picture.convert("L").filter(ImageFilter.GaussianBlur(2)) for picture in (one, other)]
    apart = ImageChops.difference(*blurred)
    fields = [(x, y, x + WIDE // 4, y + HIGH // 4) for x in range(0, WIDE - 3, WIDE // 4) for y in (0, 22, 44, 66)]
    return max(ImageStat.Stat(apart.crop(field)).mean[0] for field in fields)


def test_a_page_that_lost_its_picture_is_not_the_approved_one(tmp_path: Path) -> None:
    """The comparison can fail: between a slide and the same slide without its picture."""
    package = made(lectures("community")["elders-talk"], tmp_path / "made")
    deck = open_deck(package)
    buffer = io.BytesIO()
    for slide in deck.slides:
        for group in [shape for shape in slide.shapes if shape.shape_type == 6]:
            group._element.getparent().remove(group._element)
    deck.save(buffer)
    open_deck.cache_clear()
    bare = pages(buffer.getvalue(), tmp_path)
    with Image.open(ROOT / "tests/golden/deck-community-elders-talk.png") as sheet:
        whole = _cut(sheet.convert("RGB"), 1)
    assert _difference(bare[1][1].resize((WIDE, HIGH), Image.Resampling.LANCZOS), whole) > 2 * TOLERANCE
