"""The parts of base.pptx around its layouts: master, notes page, presentation, relationships, content types."""

from collections.abc import Sequence
from typing import Final

from generator.render.deck_kit import BODY_SIZES, HEIGHT, RECT, TITLE, WIDTH, Layout, Level, preset
from generator.render.deck_theme import theme_part
from generator.typesetting.drawingml import NAMESPACES, TREE, Box, paragraph, quoted, solid, stroke
from generator.typesetting.office import CONTENT_TYPES, sealed

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXTENDED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
CORE_NAMESPACES: Final = {
    "cp": f"{PACKAGE}/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
PRESENTATION: Final = "application/vnd.openxmlformats-officedocument.presentationml."
NEUTRAL: Final = {
    "paper": "#FFFFFF", "ink": "#222222", "ground_soft": "#F2F2F2", "ground_deep": "#333333",
    "ground": "#555555", "accent": "#F0C040", "alarm": "#C03030", "accent_soft": "#FBF0D0",
    "alarm_soft": "#F8E4E4", "line": "#CCCCCC", "muted": "#606060",
}  # fmt: skip
"""The colours of the base file itself; a deck gets those of its theme."""


def _slide(layout: Layout) -> str:
    paint = f"<p:bg><p:bgPr>{solid(layout.background)}<a:effectLst/></p:bgPr></p:bg>" if layout.background else ""
    return f"<p:cSld name={quoted(layout.name)}>{paint}<p:spTree>{TREE}{''.join(layout.shapes)}</p:spTree></p:cSld>"


def layout_part(layout: Layout) -> str:
    own = ' showMasterSp="0"' if layout.stage else ""
    return (
        f'{HEAD}<p:sldLayout {NAMESPACES} preserve="1" userDrawn="1"{own}>{_slide(layout)}'
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


COLOUR_MAP: Final = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" '
    'accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>'
)


def master_part(master: Layout, count: int) -> str:
    ids = "".join(f'<p:sldLayoutId id="{2_147_483_649 + at}" r:id="rId{at}"/>' for at in range(1, count + 1))
    body = "".join(Level(size, before=8).xml(number) for number, size in enumerate(BODY_SIZES, 1))
    slide = _slide(master).replace(f" name={quoted(master.name)}", "", 1)
    return (
        f"{HEAD}<p:sldMaster {NAMESPACES}>{slide}{COLOUR_MAP}<p:sldLayoutIdLst>{ids}</p:sldLayoutIdLst>"
        f"<p:txStyles><p:titleStyle>{TITLE.xml(1)}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{_other_levels()}</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def _other_levels() -> str:
    return "".join(Level(18).xml(number) for number in range(1, 6))


def notes_master_part() -> str:
    """The page of the lecture script: the slide above, the script below."""
    picture, script = Box.inches(1.25, 0.6, 5, 2.8125), Box.inches(0.75, 3.7, 6, 5.7)
    locks = '<a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/>'
    prompt = paragraph("<a:r><a:rPr/><a:t>讲稿</a:t></a:r>")
    shapes = (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="幻灯片"/><p:cNvSpPr>{locks}</p:cNvSpPr>'
        f'<p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{picture.xfrm()}{preset(RECT)}{stroke('line', 0.75)}</p:spPr></p:sp>"
        '<p:sp><p:nvSpPr><p:cNvPr id="3" name="讲稿"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        '<p:nvPr><p:ph type="body" sz="quarter" idx="3"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{script.xfrm()}{preset(RECT)}</p:spPr>"
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{prompt}</p:txBody></p:sp>"
    )
    style = "".join(Level(14, before=4).xml(number) for number in range(1, 6))
    return (
        f"{HEAD}<p:notesMaster {NAMESPACES}><p:cSld><p:bg><p:bgPr>{solid('paper')}<a:effectLst/></p:bgPr></p:bg>"
        f"<p:spTree>{TREE}{shapes}</p:spTree></p:cSld>{COLOUR_MAP}<p:notesStyle>{style}</p:notesStyle></p:notesMaster>"
    )


def presentation_part() -> str:
    page = Box.inches(0, 0, WIDTH, HEIGHT)
    return (
        f'{HEAD}<p:presentation {NAMESPACES} saveSubsetFonts="1">'
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>'
        '<p:notesMasterIdLst><p:notesMasterId r:id="rId2"/></p:notesMasterIdLst>'
        f'<p:sldSz cx="{page.w}" cy="{page.h}"/><p:notesSz cx="6858000" cy="9144000"/>'
        f"<p:defaultTextStyle>{_other_levels()}</p:defaultTextStyle></p:presentation>"
    )


def relations(*targets: tuple[str, str]) -> str:
    """A relationships part: (type, target) numbered rId1, rId2…"""
    inner = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>' for at, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def small_parts() -> dict[str, str]:
    """The parts that are the same in every presentation."""
    styles = f'<a:tblStyleLst {NAMESPACES} def="{{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}}"/>'
    application = "<Application>Microsoft Office PowerPoint</Application>"
    core = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in CORE_NAMESPACES.items())
    return {
        "ppt/presProps.xml": f"{HEAD}<p:presentationPr {NAMESPACES}/>",
        "ppt/viewProps.xml": f"{HEAD}<p:viewPr {NAMESPACES}/>",
        "ppt/tableStyles.xml": f"{HEAD}{styles}",
        "docProps/app.xml": f'{HEAD}<Properties xmlns="{EXTENDED}">{application}</Properties>',
        "docProps/core.xml": f"{HEAD}<cp:coreProperties {core}/>",
    }


def content_types(count: int) -> str:
    kinds = {
        "ppt/presentation.xml": f"{PRESENTATION}presentation.main+xml",
        "ppt/slideMasters/slideMaster1.xml": f"{PRESENTATION}slideMaster+xml",
        "ppt/notesMasters/notesMaster1.xml": f"{PRESENTATION}notesMaster+xml",
        "ppt/presProps.xml": f"{PRESENTATION}presProps+xml",
        "ppt/viewProps.xml": f"{PRESENTATION}viewProps+xml",
        "ppt/tableStyles.xml": f"{PRESENTATION}tableStyles+xml",
        "ppt/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "ppt/theme/theme2.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    layouts = (f"ppt/slideLayouts/slideLayout{at}.xml" for at in range(1, count + 1))
    kinds |= dict.fromkeys(layouts, f"{PRESENTATION}slideLayout+xml")
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def package(master: Layout, layouts: Sequence[Layout]) -> bytes:
    """The whole base presentation."""
    count = len(layouts)
    font = "微软雅黑"
    parts = small_parts() | {
        CONTENT_TYPES: content_types(count),
        "_rels/.rels": relations(
            (f"{OFFICE}/officeDocument", "ppt/presentation.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{OFFICE}/extended-properties", "docProps/app.xml"),
        ),
        "ppt/presentation.xml": presentation_part(),
        "ppt/_rels/presentation.xml.rels": relations(
            (f"{OFFICE}/slideMaster", "slideMasters/slideMaster1.xml"),
            (f"{OFFICE}/notesMaster", "notesMasters/notesMaster1.xml"),
            (f"{OFFICE}/presProps", "presProps.xml"),
            (f"{OFFICE}/viewProps", "viewProps.xml"),
            (f"{OFFICE}/theme", "theme/theme1.xml"),
            (f"{OFFICE}/tableStyles", "tableStyles.xml"),
        ),
        "ppt/slideMasters/slideMaster1.xml": master_part(master, count),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations(
            *((f"{OFFICE}/slideLayout", f"../slideLayouts/slideLayout{at}.xml") for at in range(1, count + 1)),
            (f"{OFFICE}/theme", "../theme/theme1.xml"),
        ),
        "ppt/notesMasters/notesMaster1.xml": notes_master_part(),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": relations((f"{OFFICE}/theme", "../theme/theme2.xml")),
        "ppt/theme/theme1.xml": theme_part(NEUTRAL, "base", font, font),
        "ppt/theme/theme2.xml": theme_part(NEUTRAL, "base", font, font),
    }
    for at, layout in enumerate(layouts, 1):
        parts[f"ppt/slideLayouts/slideLayout{at}.xml"] = layout_part(layout)
        to_master = relations((f"{OFFICE}/slideMaster", "../slideMasters/slideMaster1.xml"))
        parts[f"ppt/slideLayouts/_rels/slideLayout{at}.xml.rels"] = to_master
    return sealed({name: text.encode() for name, text in parts.items()})
