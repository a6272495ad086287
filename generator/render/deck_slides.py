"""One slide as XML: its placeholders, its picture, its transition; and the page of notes below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from generator.render import deck_chart
from generator.render.deck_base import FOOTER, MARK, NUMBER, Layout, Place
from generator.render.deck_chart import Chart
from generator.render.deck_fit import Paragraph, Setting, stepped
from generator.render.deck_writer import CHART_RELATION
from generator.typesetting.drawingml import NAMESPACES, TREE, Box, freeform, paragraph, quoted, run, slide_number, solid

SAMPLE_MARK: Final = "样张 请勿印刷"
_UNITS: Final = 1000
"""Steps of a picture's coordinates to one of its units: DrawingML has whole numbers only."""
_TRANSITION: Final = '<p:transition spd="med"><p:fade/></p:transition>'


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a placeholder, how it is set, and the number that its list starts with."""

    paragraphs: tuple[Paragraph, ...]
    setting: Setting
    start: int = 1


def line(text: str, tone: str | None = None) -> Text:
    """A text of one line in the size of its placeholder."""
    return Text((Paragraph(text, tone=tone),), Setting(0, ((text,),)))


@dataclass(frozen=True, slots=True)
class Page:
    """A slide ready to be written: ``texts`` by placeholder name; ``drawing`` and its name in ``scene``."""

    layout: Layout
    texts: Mapping[str, Text]
    drawing: Mapping[str, Any] | None
    scene: str
    footer: str
    number: int
    notes: tuple[str, ...]
    section: str | None
    title: str
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Fonts:
    """The typefaces of titles and of everything else."""

    heading: str
    body: str


def slide_part(page: Page, fonts: Fonts, sample: bool) -> bytes:
    """The slide's XML. Shapes stand in reading order; the sample's mark lies over them."""
    shapes: list[str] = []
    for place in page.layout.places.values():
        text = page.texts.get(place.name)
        if text is not None:
            shapes.append(_placeholder(len(shapes) + 2, place, _body(place, text, fonts)))
    if page.drawing is not None and page.layout.scene is not None:
        shapes.append(picture(1000, page.scene, page.drawing, page.layout.scene))
    if page.chart is not None and page.layout.chart is not None:
        shapes.append(
            deck_chart.frame(len(shapes) + 2, page.chart, page.layout.chart_ph, page.layout.chart, CHART_RELATION)
        )
    shapes += _furniture(page, fonts, len(shapes) + 2)
    if sample:
        place = page.layout.places[MARK]
        body = _body(place, line(SAMPLE_MARK, "alarm"), fonts, see_through=35)
        shapes.append(_placeholder(len(shapes) + 2, place, body))
    tree = f"<p:spTree>{TREE}{''.join(shapes)}</p:spTree>"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<p:sld {NAMESPACES}><p:cSld>{tree}</p:cSld>'
        f"<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>{_TRANSITION}</p:sld>"
    ).encode()


def _furniture(page: Page, fonts: Fonts, first: int) -> list[str]:
    made = []
    places = page.layout.places
    if FOOTER in places and page.footer:
        text = line(page.footer)
        made.append(_placeholder(first, places[FOOTER], _body(places[FOOTER], text, fonts)))
    if NUMBER in places:
        content = paragraph(slide_number(page.number, fonts.body))
        body = f"<p:txBody><a:bodyPr/><a:lstStyle/>{content}</p:txBody>"
        made.append(_placeholder(first + len(made), places[NUMBER], body))
    return made


def _placeholder(number: int, place: Place, body: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={quoted(place.name)}/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph {place.ph}/></p:nvPr></p:nvSpPr><p:spPr/>{body}</p:sp>"
    )


def _body(place: Place, text: Text, fonts: Fonts, see_through: int = 100) -> str:
    face = fonts.heading if place.heading else fonts.body
    paragraphs = []
    for each, lines in zip(text.paragraphs, text.setting.lines, strict=True):
        level = place.levels[min(each.level, len(place.levels) - 1)]
        size = stepped(level.size, text.setting.steps, place.least)
        # Named only where it differs: a size changed in the layout then changes the slides.
        letters = run(lines, face, size if size != level.drawn else None, each.tone, see_through)
        start = f'<a:buAutoNum type="arabicPlain" startAt="{text.start}"/>' if level.numbered and text.start > 1 else ""
        attributes = f' lvl="{each.level}"' if each.level else ""
        # The bullet's colour is repeated, because LibreOffice gives every list of a slide that of the first.
        paragraphs.append(f"<a:p><a:pPr{attributes}>{level.bullet_paint}{start}</a:pPr>{letters}</a:p>")
    return f"<p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{''.join(paragraphs)}</p:txBody>"


def picture(number: int, name: str, drawing: Mapping[str, Any], place: Box) -> str:
    """A picture as a group of native shapes with its alternative text, as large as ``place`` allows."""
    width, height = drawing["size"]
    box = place.fitted(width, height)
    shapes = []
    for at, shape in enumerate(drawing["shapes"], 1):
        own, geometry = freeform(shape["ops"], shape.get("rule", "nonzero"), _UNITS)
        shapes.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number + at}" name="图形 {at}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
            f"<p:spPr>{own.xfrm()}{geometry}{solid(shape['fill'])}<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
        )
    inner = f'<a:chOff x="0" y="0"/><a:chExt cx="{round(width * _UNITS)}" cy="{round(height * _UNITS)}"/></a:xfrm>'
    return (
        f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="{number}" name={quoted(f"图：{name}")} descr={quoted(drawing["alt"])}/>'
        "<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f"<p:grpSpPr>{box.xfrm().removesuffix('</a:xfrm>')}{inner}</p:grpSpPr>{''.join(shapes)}</p:grpSp>"
    )


def notes_body(paragraphs: Sequence[str], font: str) -> str:
    """The text of a page of notes."""
    content = "".join(paragraph(run((each,), font)) for each in paragraphs)
    return f"<p:txBody><a:bodyPr/><a:lstStyle/>{content}</p:txBody>"
