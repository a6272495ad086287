"""Slides and the parts of a base presentation → a presentation: relationships, content types, sections, properties."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from generator.render.deck_package import CORE_NAMESPACES, EXTENDED, HEAD, OFFICE, PRESENTATION, relations
from generator.typesetting.drawingml import NAMESPACES, TREE, plain, quoted
from generator.typesetting.office import CONTENT_TYPES, sealed

_SECTIONS: Final = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_NS_P14: Final = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_FIRST_ID: Final = 256
"""The least number that the format allows as a slide's id."""
_CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHART_RELATION: Final = "rId3"
"""By which a slide names its chart."""


@dataclass(frozen=True, slots=True)
class SlideParts:
    """A slide as its parts. ``layout`` is the name of a part; ``notes``: the body of its page of notes as XML;
    ``chart``: a chart part and its workbook; ``section``: the name of the part of the lecture that starts here."""

    layout: str
    slide: bytes
    notes: str
    title: str
    section: str | None = None
    chart: tuple[bytes, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Properties:
    """What a presentation says of itself; ``day`` is the only date in it, ``seed`` makes ids repeatable."""

    title: str
    unit: str
    subject: str
    keywords: tuple[str, ...]
    day: date
    seed: str


def presentation(base: Mapping[str, bytes], slides: Sequence[SlideParts], properties: Properties) -> bytes:
    """The whole file: the same bytes for the same parts."""
    parts = dict(base)
    kinds: dict[str, str] = {}
    charts = 0
    for number, slide in enumerate(slides, 1):
        charts += slide.chart is not None
        _add(parts, kinds, number, slide, charts)
    parts["ppt/presentation.xml"] = _slide_list(parts["ppt/presentation.xml"], slides, properties.seed)
    rels = "ppt/_rels/presentation.xml.rels"
    parts[rels] = _inserted(parts[rels], "".join(map(_slide_relation, range(1, len(slides) + 1))), "</Relationships>")
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    parts[CONTENT_TYPES] = _inserted(parts[CONTENT_TYPES], overrides, "</Types>")
    if charts:
        workbooks = f'<Default Extension="xlsx" ContentType="{_WORKBOOK_TYPE}"/>'
        parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"<Override", workbooks.encode() + b"<Override", 1)
    parts["docProps/core.xml"] = _core(properties)
    parts["docProps/app.xml"] = _application(slides, properties)
    return sealed(parts, properties.day)


def _inserted(part: bytes, text: str, before: str) -> bytes:
    head, end, tail = part.rpartition(before.encode())
    return head + text.encode() + end + tail


def _add(parts: dict[str, bytes], kinds: dict[str, str], number: int, slide: SlideParts, chart_number: int) -> None:
    name, notes = f"ppt/slides/slide{number}.xml", f"ppt/notesSlides/notesSlide{number}.xml"
    layout = slide.layout.removeprefix("ppt/")
    targets = [(f"{OFFICE}/slideLayout", f"../{layout}"), (f"{OFFICE}/notesSlide", f"../{notes.removeprefix('ppt/')}")]
    if slide.chart:
        chart = f"charts/chart{chart_number}.xml"
        book = f"embeddings/Microsoft_Excel_Sheet{chart_number}.xlsx"
        targets.append((f"{OFFICE}/chart", f"../{chart}"))
        parts[f"ppt/{chart}"], parts[f"ppt/{book}"] = slide.chart
        parts[f"ppt/charts/_rels/chart{chart_number}.xml.rels"] = relations(
            (f"{OFFICE}/package", f"../{book}")
        ).encode()
        kinds[f"ppt/{chart}"] = _CHART_TYPE
    parts[name], parts[notes] = slide.slide, _notes_page(slide.notes)
    parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(*targets).encode()
    parts[f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels"] = relations(
        (f"{OFFICE}/notesMaster", "../notesMasters/notesMaster1.xml"),
        (f"{OFFICE}/slide", f"../{name.removeprefix('ppt/')}"),
    ).encode()
    kinds |= {name: f"{PRESENTATION}slide+xml", notes: f"{PRESENTATION}notesSlide+xml"}


def _notes_page(body: str) -> bytes:
    """The page of the script; its placeholders are those of the notes master."""
    locks = '<a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/>'
    return (
        f"{HEAD}<p:notes {NAMESPACES}><p:cSld><p:spTree>{TREE}"
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="幻灯片"/><p:cNvSpPr>{locks}</p:cNvSpPr>'
        '<p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>'
        '<p:sp><p:nvSpPr><p:cNvPr id="3" name="讲稿"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="body" sz="quarter" idx="3"/></p:nvPr></p:nvSpPr><p:spPr/>{body}</p:sp>'
        "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    ).encode()


def _slide_relation(number: int) -> str:
    return f'<Relationship Id="rIdS{number}" Type="{OFFICE}/slide" Target="slides/slide{number}.xml"/>'


def _slide_list(part: bytes, slides: Sequence[SlideParts], seed: str) -> bytes:
    ids = "".join(f'<p:sldId id="{_FIRST_ID + at}" r:id="rIdS{at + 1}"/>' for at in range(len(slides)))
    listed = part.decode().replace("<p:sldSz", f"<p:sldIdLst>{ids}</p:sldIdLst><p:sldSz", 1)
    return _inserted(listed.encode(), _sections(slides, seed), "</p:presentation>")


def _sections(slides: Sequence[SlideParts], seed: str) -> str:
    """The parts of the lecture, as PowerPoint groups slides; their ids depend on their names alone."""
    groups: list[tuple[str, list[int]]] = []
    for at, slide in enumerate(slides):
        if slide.section is not None or not groups:
            groups.append((slide.section or slide.title, []))
        groups[-1][1].append(_FIRST_ID + at)
    made = []
    for at, (name, members) in enumerate(groups):
        guid = str(uuid5(NAMESPACE_URL, f"{seed}/{at}/{name}")).upper()
        listed = "".join(f'<p14:sldId id="{member}"/>' for member in members)
        made.append(
            f'<p14:section name={quoted(name)} id="{{{guid}}}"><p14:sldIdLst>{listed}</p14:sldIdLst></p14:section>'
        )
    return (
        f'<p:extLst><p:ext uri="{_SECTIONS}"><p14:sectionLst xmlns:p14="{_NS_P14}">{"".join(made)}</p14:sectionLst>'
        "</p:ext></p:extLst>"
    )


def _core(properties: Properties) -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in CORE_NAMESPACES.items())
    stamp = f"{properties.day.isoformat()}T00:00:00Z"
    said = {
        "dc:title": properties.title,
        "dc:subject": properties.subject,
        "dc:creator": properties.unit,
        "cp:keywords": " ".join(properties.keywords),
        "cp:lastModifiedBy": properties.unit,
        "cp:revision": "1",
        "cp:category": "防范电信网络诈骗宣传",
        "dc:language": "zh-CN",
    }
    body = "".join(f"<{tag}>{plain(text)}</{tag}>" for tag, text in said.items())
    body += "".join(
        f'<dcterms:{tag} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{tag}>' for tag in ("created", "modified")
    )
    return f"{HEAD}<cp:coreProperties {spaces}>{body}</cp:coreProperties>".encode()


def _application(slides: Sequence[SlideParts], properties: Properties) -> bytes:
    company = f"<Company>{plain(properties.unit)}</Company>" if properties.unit else ""
    counts = f"<Slides>{len(slides)}</Slides><Notes>{len(slides)}</Notes><HiddenSlides>0</HiddenSlides>"
    return (
        f'{HEAD}<Properties xmlns="{EXTENDED}"><Application>Microsoft Office PowerPoint</Application>'
        f"<PresentationFormat>宽屏</PresentationFormat>{counts}{company}</Properties>"
    ).encode()


def relations_of(part: bytes) -> dict[str, str]:
    """The targets of a relationships part by their ids."""
    found = re.findall(r'<Relationship Id="([^"]+)" Type="[^"]+" Target="([^"]+)"', part.decode())
    return dict(found)
