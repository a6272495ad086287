"""Large print, measured on the printed page: 14 pt at least, 18 pt for what matters, 7:1, half the words."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from generator.render.base import Job
from generator.render.pages import RENDERER
from generator.typesetting.contrast import contrast
from tests.command import pdf_text, squeezed
from tests.sheets import MM, Printed, glyphs, live, no_character_lies_on_another, opened
from tests.test_pages import planned, root

__all__ = ["root"]

POINT_MM = 25.4 / 72
PIECES = (
    ("station", None, "poster-large"), ("station", None, "flyer-large"), ("station", "应有尽有", "poster-large"),
    ("station", "应有尽有", "flyer-large"), ("station", "一无所有", "flyer-large"), ("community", None, "poster-large"),
    ("community", None, "flyer-large"),
)  # fmt: skip


def first_job(root: Path, audience: str, contact: str | None, material: str) -> Job:
    return planned(root, audience, contact, only=(material,)).jobs[0]


def pdf_of(job: Job, folder: Path, project: Path, form: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    job = live(job) if form == "print" else replace(job, formats=(form,))
    rendered = RENDERER.render(job, folder, project)
    assert {problem.code for problem in rendered.problems} <= {"left-out", "preflight-ink"}
    return rendered.artifacts[0].path


@pytest.mark.parametrize(("audience", "contact", "material"), PIECES)
def test_no_type_is_smaller_than_fourteen_points(
    root: Path, tmp_path: Path, audience: str, contact: str | None, material: str
) -> None:
    job = first_job(root, audience, contact, material)
    for page in pypdfium2.PdfDocument(pdf_of(job, tmp_path, root, "print")):
        assert min(glyph.size for glyph in glyphs(page)) >= 14 * POINT_MM


@pytest.mark.parametrize("partners", range(4))
@pytest.mark.parametrize("material", ["poster-large", "flyer-large"])
def test_an_ordinary_unit_has_room_for_all_that_it_says(
    project: Path, tmp_path: Path, material: str, partners: int
) -> None:
    names = ["芜湖市公安局镜湖分局赭山派出所", "芜湖市镜湖区赭山街道办事处", "芜湖市镜湖区教育局"][:partners]
    (project / "content" / "contacts" / "某社区.yaml").write_text(
        "名称: 芜湖市镜湖区赭山街道北京路社区居民委员会\n类型: 社区\n电话: 0553-1234567\n"
        f"地址: 芜湖市镜湖区北京路12号\n联署单位: {names}\n审核日期: 2026-11-22\n",
        encoding="utf-8",
    )
    job = live(first_job(project, "community", "某社区", material))
    path = pdf_of(job, tmp_path / "made", project, "print")
    no_character_lies_on_another([Printed(job, RENDERER.render(job, tmp_path / "made", project), path)])
    found = pdf_text(path)
    assert all(squeezed(text) in found for text in ("0553-1234567", "北京路12号", *(name[-4:] for name in names)))


@pytest.mark.parametrize("audience", ["station", "community"])
def test_what_matters_is_set_in_eighteen_points(root: Path, tmp_path: Path, audience: str) -> None:
    job = first_job(root, audience, None, "flyer-large")
    matters = [text["text"] for text in job.data["help"]] + [
        item["short"]["text"] for item in job.data["rule"]["items"]
    ]
    matters += [text["text"] for scam in job.data["scams"] for text in (*scam["headline"], scam["tagline"])]
    sizes: dict[str, float] = {}
    for page in pypdfium2.PdfDocument(pdf_of(job, tmp_path, root, "print")):
        found = glyphs(page)
        line = "".join(glyph.char for glyph in found)
        for text in matters:
            for part in re.split(r"[，。“”？！、 ]", text):
                if part and part in line:
                    at = line.index(part)
                    sizes[part] = min(glyph.size for glyph in found[at : at + len(part)])
    assert len(sizes) >= len(matters)
    assert min(sizes.values()) >= 18 * POINT_MM, sizes


def _shown_colours(page: pypdfium2.PdfPage) -> list[tuple[str, str, str]]:
    """Each character with its colour and the colour that it stands on, as the page shows them."""
    scale = 3 / MM
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    text = page.get_textpage()
    found = []
    for at in range(text.count_chars()):
        char = chr(pypdfium2.raw.FPDFText_GetUnicode(text, at))
        if char.isspace() or pypdfium2.raw.FPDFText_IsGenerated(text, at) == 1:
            continue
        left, low, right, top = text.get_charbox(at)
        box = (
            int(left * scale),
            int(picture.height - top * scale),
            int(right * scale) + 1,
            int(picture.height - low * scale) + 1,
        )
        own = _fill_of(text, at)
        ground = _ground_of(picture.crop((box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)), own)
        found.append((char, _hex(own), _hex(ground)))
    return found


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02X}" for part in colour)


def _fill_of(text: pypdfium2.PdfTextPage, at: int) -> tuple[int, int, int]:
    from ctypes import byref, c_uint

    parts = [c_uint() for _ in range(4)]
    assert pypdfium2.raw.FPDFText_GetFillColor(text, at, *(byref(part) for part in parts))
    red, green, blue, _ = (part.value for part in parts)
    return red, green, blue


def _ground_of(picture: Image.Image, own: tuple[int, int, int]) -> tuple[int, int, int]:
    """The commonest colour that is not the character's own, nor its soft edge."""
    colours: Counter[tuple[int, int, int]] = Counter()
    for count, colour in picture.getcolors(picture.width * picture.height) or []:
        assert isinstance(colour, tuple)
        if sum(abs(a - b) for a, b in zip(colour, own, strict=True)) > 60:
            colours[colour[0], colour[1], colour[2]] += count
    return colours.most_common(1)[0][0]


@pytest.mark.parametrize(("audience", "contact", "material"), PIECES[1:5] + PIECES[5:])
def test_every_character_stands_out_seven_to_one(
    root: Path, tmp_path: Path, audience: str, contact: str | None, material: str
) -> None:
    job = first_job(root, audience, contact, material)
    weak = set()
    for page in pypdfium2.PdfDocument(pdf_of(job, tmp_path, root, "office")):
        for char, own, ground in _shown_colours(page):
            if contrast(own, ground) < 6.95:
                weak.add((char, own, ground))
    # Marks of the office sheet are grey on white and stand out as well.
    assert weak == set()


@pytest.mark.parametrize("audience", ["station", "community"])
@pytest.mark.parametrize(("large", "usual"), [("flyer-large", "flyer"), ("poster-large", "poster")])
def test_large_print_has_half_the_words(root: Path, tmp_path: Path, audience: str, large: str, usual: str) -> None:
    counts = []
    for material in (large, usual):
        jobs = planned(root, audience, only=(material,)).jobs
        same = [job for job in jobs if job.content[0] == first_job(root, audience, None, large).content[0]]
        job = (same or list(jobs))[0]
        counts.append(len(re.findall(r"[\u4e00-\u9fff]", pdf_text(pdf_of(job, tmp_path / material, root, "print")))))
    assert counts[0] <= counts[1] / 2, counts


def test_those_who_hit_the_old_come_first(root: Path) -> None:
    library = opened(root)[0]
    for material in ("poster-large", "flyer-large"):
        for job in planned(root, "station", only=(material,)).jobs:
            for name in (item.partition("/")[2] for item in job.content if item.startswith("scams/")):
                assert any("老年人" in people for people in library.scams[name].hits), name
