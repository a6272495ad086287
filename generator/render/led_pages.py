"""Designed pages of full-colour screens, set by Typst in the look of the theme: one millimetre is one dot."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.errors import Problem, error
from generator.model.design import Screen
from generator.render.base import Job, Json
from generator.render.engine import PDFIUM, engine, picture_of, whole
from generator.render.led_base import SAMPLE_MARK, Slide
from generator.render.led_pictures import usb_name
from generator.typesetting import pace

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

PAGE: Final = "templates/led/page.typ"
_A_DOT: Final = 25.4 / 72 * (1 - 1e-6)
"""Pixels a point at which a millimetre is a pixel; a hair less, or a started pixel would be drawn whole."""


def pages(job: Job, screen: Screen, root: Path) -> tuple[list[Slide], list[Problem]]:
    """A page a slogan and a last one with whom to call; what does not fit or cannot be set is a problem."""
    import typst

    compiler = engine(root)
    inputs = {"data": json.dumps(_data(job, screen), ensure_ascii=False), "mode": "rgb"}
    try:
        made = whole(compiler.compile(input=str(root / PAGE), format="pdf", sys_inputs=inputs, pdf_tags=False))
        noted = json.loads(compiler.query("<overflow>"))
    except typst.TypstError as failure:
        return [], [error("template", f"模板 {PAGE} 出错：{failure.message}", piece=job.name)]
    problems = [_overflow(job, screen, entry["value"]) for entry in noted]
    return list(_slides(job, screen, _drawn(made))), problems


def _drawn(pdf: bytes) -> "list[Picture]":
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [picture_of(page, _A_DOT) for page in document]
        finally:
            document.close()


def _data(job: Job, screen: Screen) -> Json:
    sheet = {"trim": [screen.width, screen.height], "bleed": 0, "safe": 0}
    return {**job.data, "sheet": sheet}


def _overflow(job: Job, screen: Screen, entry: Json) -> Problem:
    message = f"“{entry['text']}”在屏幕“{screen.name}”的画面里放不下：请给它写一个更短的“短句”，或把这块屏的字高改小"
    return error("overflow", message, job.origins.get(entry["id"]), piece=job.name)


def _slides(job: Job, screen: Screen, drawn: "Sequence[Picture]") -> Iterator[Slide]:
    shown = [(str(item["id"]), str(item["text"]), str(item["until"])) for item in job.data["playlist"]]
    mark = SAMPLE_MARK if job.data["sample"] else ""
    act = job.data["voice"]["act"]
    shown.append((act["id"].partition("#")[0], act["text"], ""))
    for number, ((item, text, until), image) in enumerate(zip(shown, drawn, strict=True), 1):
        name = usb_name(number, text, "png")
        yield Slide(name, item, mark + text, image, 0.0, pace.dwell(text, screen.roadside), until)
