"""Blocks → WordprocessingML: real styles, real lists, repeated table heads, fields for page numbers.

Fonts are named on every style and every run, for Latin and East Asian text alike: what names none falls back to
whatever the reader's computer has. Lengths in pt unless a name says otherwise; Word counts twentieths of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from generator.render.document_model import BULLET, Block, Body, Cell, Cut, NewPage, Run, Table, Text
from generator.typesetting.office import CONTENT_TYPES, sealed

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_VML: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
POINTS_A_MM: Final = 72 / 25.4
SAMPLE_MARK: Final = "样张 请勿印刷"

STYLE_IDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Title", "Title"),
    "subtitle": ("Subtitle", "Subtitle"),
    "heading": ("Heading1", "heading 1"),
    "subheading": ("Heading2", "heading 2"),
    "salutation": ("Salutation", "Salutation"),
    "body": ("BodyTextFirstIndent", "Body Text First Indent"),
    "flush": ("BodyText", "Body Text"),
    "bullet": ("ListBullet", "List Bullet"),
    "number": ("ListNumber", "List Number"),
    "signtop": ("FzSignTop", "落款首行"),
    "sign": ("FzSign", "落款"),
    "note": ("FzNote", "附注"),
    "signnote": ("FzSignNote", "填写提示"),
    "tag": ("FzTag", "标注"),
    "center": ("FzCenter", "居中"),
    "right": ("FzRight", "靠右"),
    "big": ("FzBig", "大字"),
    "question": ("FzQuestion", "题目"),
    "option": ("FzOption", "选项"),
    "statement": ("FzStatement", "判断题"),
    "lastoption": ("FzLastOption", "末项"),
    "cut": ("FzCut", "裁切线"),
    "cell": ("FzCell", "表格文字"),
}
"""Id and name in the file; Word and WPS show the built-in ones in Chinese: 标题, 称呼, 正文文本首行缩进, 列表编号."""

_OUTLINE: Final = {"title": 0, "heading": 0, "subheading": 1}
_ALIGN: Final = {"left": "left", "center": "center", "right": "right", "justify": "both"}
_LISTS: Final = {"number": 0, "bullet": 1, "question": 2, "statement": 2}
"""The abstract list of each style."""


@dataclass(frozen=True, slots=True)
class Dress:
    """How a document is set. ``styles``: of ``document_styles.set_in``; ``paper`` and ``margins`` in mm (top, right,
    bottom, left); ``colours``: theme tokens as ``#RRGGBB``; ``pages``: what NUMPAGES shows until Word counts."""

    styles: Mapping[str, Mapping[str, Any]]
    fonts: Mapping[str, str]
    paper: tuple[float, float]
    margins: tuple[float, float, float, float]
    colours: Mapping[str, str]
    numbered: bool
    sample: bool
    pages: int


@dataclass(frozen=True, slots=True)
class About:
    """The properties of the file."""

    title: str
    creator: str
    day: date


def package(body: Body, dress: Dress, about: About) -> bytes:
    """The .docx of ``body``; the same bytes each time."""
    lists = _Lists(body)
    parts = {
        CONTENT_TYPES: _content_types(dress),
        "_rels/.rels": _relations(
            ("officeDocument", "word/document.xml"), ("extended-properties", "docProps/app.xml"),
            core="docProps/core.xml",
        ),
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Application>Microsoft Office Word</Application></Properties>',
        "docProps/core.xml": _core(about),
        "word/document.xml": _document(body, dress, lists),
        "word/styles.xml": _styles(dress),
        "word/numbering.xml": _numbering(dress, lists),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(dress),
        "word/_rels/document.xml.rels": _document_relations(dress),
    }  # fmt: skip
    if dress.numbered:
        parts["word/footer1.xml"] = _footer(dress)
    if dress.sample:
        parts["word/header1.xml"] = _header(dress)
    return sealed({name: (_HEAD + text).encode() for name, text in parts.items()}, about.day)


def twips(points: float) -> int:
    """Twentieths of a point."""
    return round(points * 20)


# ---- the body ------------------------------------------------------------------------------------------


class _Lists:
    """Which numbering each list of the body has: every numbered one begins at 1 again."""

    def __init__(self, body: Body) -> None:
        groups = dict.fromkeys(
            (_LISTS[block.style], block.group)
            for block in body.blocks
            if isinstance(block, Text) and block.style in _LISTS
        )
        self.numbers = {group: at for at, group in enumerate(groups, 1)}

    def of(self, block: Text) -> int | None:
        return self.numbers.get((_LISTS[block.style], block.group)) if block.label else None


def _document(body: Body, dress: Dress, lists: _Lists) -> str:
    written = "".join(_blocks(body.blocks, dress, lists))
    return f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{written}{_section(dress)}</w:body></w:document>'


def _blocks(blocks: Sequence[Block], dress: Dress, lists: _Lists) -> Iterator[str]:
    new_page = False
    for at, block in enumerate(blocks):
        if isinstance(block, NewPage):
            new_page = True
            continue
        after = next((one for one in blocks[at + 1 :] if not isinstance(one, NewPage)), None)
        if isinstance(block, Text):
            yield paragraph(block, dress, lists.of(block), new_page)
        elif isinstance(block, Cut):
            yield paragraph(Text("cut", (Run(block.text),)), dress, None, new_page)
        else:
            if new_page:
                yield _hairline(new_page=True)
            yield _table(block, dress)
            # Word wants a paragraph behind a last table and between two of them.
            if not isinstance(after, Text | Cut):
                yield _hairline()
        new_page = False


def _hairline(new_page: bool = False) -> str:
    page = "<w:pageBreakBefore/>" if new_page else ""
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="FzCell"/>{page}{spacing}</w:pPr></w:p>'


def paragraph(block: Text, dress: Dress, number: int | None, new_page: bool = False) -> str:
    """One paragraph: its style, its list, its runs."""
    page = "<w:pageBreakBefore/>" if new_page else ""
    listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    style = f'<w:pStyle w:val="{STYLE_IDS[block.style][0]}"/>'
    return f"<w:p><w:pPr>{style}{page}{listed}</w:pPr>{_runs(block.runs, block.style, dress)}</w:p>"


def _runs(runs: Sequence[Run], style: str, dress: Dress) -> str:
    return "".join(_run(run, style, dress) for run in runs)


def _run(run: Run, style: str, dress: Dress) -> str:
    face = "strong" if run.strong else dress.styles[style]["font"]
    marked = '<w:rStyle w:val="Strong"/>' if run.strong else ""
    properties = f"<w:rPr>{marked}{_fonts(dress.fonts[face], hint=True)}</w:rPr>"
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'


def _fonts(name: str, hint: bool = False) -> str:
    quoted = quoteattr(name)
    # Without the hint Word takes “ ” and … from the Latin font.
    asked = ' w:hint="eastAsia"' if hint else ""
    return f"<w:rFonts{asked} w:ascii={quoted} w:hAnsi={quoted} w:eastAsia={quoted} w:cs={quoted}/>"


# ---- tables --------------------------------------------------------------------------------------------


def text_width(dress: Dress) -> float:
    """The width of a line in pt."""
    return (dress.paper[0] - dress.margins[1] - dress.margins[3]) * POINTS_A_MM


def _table(table: Table, dress: Dress) -> str:
    full = twips(text_width(dress))
    edges = [round(full * sum(table.widths[:at]) / sum(table.widths)) for at in range(len(table.widths) + 1)]
    widths = [b - a for a, b in pairwise(edges)]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, widths, table, dress, at == 0 and table.head) for at, row in enumerate(table.rows))
    head = (
        f'<w:tblPr><w:tblStyle w:val="FzTable"/><w:tblW w:w="{full}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="04A0" w:firstRow="{int(table.head)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/></w:tblPr>'
    )
    return f"<w:tbl>{head}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _row(row: Sequence[Cell], widths: Sequence[int], table: Table, dress: Dress, is_head: bool) -> str:
    least = twips(dress.styles["cell"]["line"] * 1.2)
    repeated = "<w:tblHeader/>" if is_head else ""
    cells, at = [], 0
    for cell in row:
        width = sum(widths[at : at + cell.span])
        centred = is_head or (cell.span == 1 and bool(table.centred) and table.centred[at])
        # A line across the whole table heads what follows it.
        keep = is_head or (cell.span == len(widths) and cell.span > 1)
        cells.append(_cell(cell, width, centred, is_head, keep, dress))
        at += cell.span
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{least}" w:hRule="atLeast"/>{repeated}</w:trPr>'
        f"{''.join(cells)}</w:tr>"
    )


def _cell(cell: Cell, width: int, centred: bool, is_head: bool, keep: bool, dress: Dress) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    fill = dress.colours["ground_soft"].removeprefix("#")
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if is_head else ""
    middle = '<w:jc w:val="center"/>' if centred else ""
    kept = "<w:keepNext/>" if keep else ""
    inside = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="FzCell"/>{kept}{middle}</w:pPr>{_runs(runs, "cell", dress)}</w:p>'
        for runs in cell.paragraphs
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f"{inside}</w:tc>"
    )


# ---- section, header, footer ---------------------------------------------------------------------------


def _section(dress: Dress) -> str:
    top, right, bottom, left = (twips(length * POINTS_A_MM) for length in dress.margins)
    width, height = (twips(length * POINTS_A_MM) for length in dress.paper)
    header = '<w:headerReference w:type="default" r:id="rIdHeader"/>' if dress.sample else ""
    footer = '<w:footerReference w:type="default" r:id="rIdFooter"/>' if dress.numbered else ""
    return (
        f'<w:sectPr>{header}{footer}<w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar w:top="{top}" w:right="{right}" '
        f'w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _footer(dress: Dress) -> str:
    properties = f"<w:rPr>{_fonts(dress.fonts['body'], hint=True)}</w:rPr>"

    def said(text: str) -> str:
        return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'

    def counted(field: str, now: int) -> str:
        return f'<w:fldSimple w:instr=" {field} ">{said(str(now))}</w:fldSimple>'

    inside = said("第") + counted("PAGE", 1) + said("页，共") + counted("NUMPAGES", dress.pages) + said("页")
    return f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{inside}</w:p></w:ftr>'


def _header(dress: Dress) -> str:
    """The mark of a sample: as text at the head, and across the page as Word's own watermark."""
    properties = f"<w:rPr>{_fonts(dress.fonts['strong'], hint=True)}</w:rPr>"
    said = f'<w:r>{properties}<w:t xml:space="preserve">{SAMPLE_MARK}</w:t></w:r>'
    font = escape(dress.fonts["title"], {'"': "&quot;"})
    shape = (
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        '<v:shape id="FzSampleMark" o:spid="_x0000_s2049" type="#_x0000_t136" alt="" '
        'style="position:absolute;margin-left:0;margin-top:0;width:440pt;height:88pt;rotation:315;z-index:-251658752;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d9d9d9" stroked="f">'
        f'<v:fill opacity=".5"/><v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt" '
        f'string="{SAMPLE_MARK}"/></v:shape>'
    )
    mark = f"<w:r>{properties}<w:pict>{shape}</w:pict></w:r>"
    return f'<w:hdr xmlns:w="{W}" {_VML}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{said}{mark}</w:p></w:hdr>'


# ---- styles --------------------------------------------------------------------------------------------


def _styles(dress: Dress) -> str:
    base = dress.fonts["body"]
    size = round(dress.styles["body"]["size"] * 2)
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    plain = f'<w:rPr>{_fonts(base)}<w:kern w:val="2"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>{language}</w:rPr>'
    own = "".join(_style(name, dress) for name in STYLE_IDS)
    line = dress.colours["line"].removeprefix("#")
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    alarm = dress.colours["alarm"].removeprefix("#")
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault>{plain}</w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"{plain}</w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        f'{own}<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:basedOn '
        f'w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{_fonts(dress.fonts["strong"])}</w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr><w:jc w:val="right"/></w:pPr><w:rPr>{_fonts(dress.fonts["strong"])}<w:color w:val="{alarm}"/>'
        '<w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr>{_fonts(base)}<w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
        "</w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="FzTable"><w:name w:val="反诈表格"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>'
        '<w:top w:w="30" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>'
    )


def _style(name: str, dress: Dress) -> str:
    style = dress.styles[name]
    style_id, shown = STYLE_IDS[name]
    custom = ' w:customStyle="1"' if style_id.startswith("Fz") else ""
    keep = "<w:keepNext/>" if style["keep"] else ""
    rule = ""
    if name == "cut":
        grey = dress.colours["muted"].removeprefix("#")
        rule = f'<w:pBdr><w:top w:val="dashed" w:sz="6" w:space="6" w:color="{grey}"/></w:pBdr>'
    outline = f'<w:outlineLvl w:val="{_OUTLINE[name]}"/>' if name in _OUTLINE else ""
    size = round(style["size"] * 2)
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style_id}"><w:name w:val="{shown}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{keep}{rule}'
        f'<w:spacing w:before="{twips(style["before"])}" w:after="{twips(style["after"])}" '
        f'w:line="{twips(style["line"])}" w:lineRule="exact"/>{_indents(style)}'
        f'<w:jc w:val="{_ALIGN[style["align"]]}"/>{outline}</w:pPr>'
        f'<w:rPr>{_fonts(dress.fonts[style["font"]])}<w:color w:val="{style["colour"].removeprefix("#")}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:style>'
    )


def _indents(style: Mapping[str, Any]) -> str:
    """Indents in characters, so that they follow when somebody changes the size; twips for who cannot."""
    em = style["size"]
    made = ""
    if style["left"]:
        made += f' w:left="{twips(style["left"])}"'
    if style["hang"]:
        made += f' w:hanging="{twips(style["hang"])}"'
    if style["indent"]:
        made += f' w:firstLineChars="{round(style["indent"] / em * 100)}" w:firstLine="{twips(style["indent"])}"'
    return f"<w:ind{made}/>" if made else ""


def _numbering(dress: Dress, lists: _Lists) -> str:
    abstract = "".join(_abstract(style, at, dress) for style, at in _LISTS.items() if style != "statement")
    numbers = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for (kind, _), number in lists.numbers.items()
    )
    return f'<w:numbering xmlns:w="{W}">{abstract}{numbers}</w:numbering>'


def _abstract(style: str, at: int, dress: Dress) -> str:
    own = dress.styles[style]
    kind, text = ("bullet", BULLET) if style == "bullet" else ("decimal", "%1.")
    size = round(own["size"] * (1.3 if style == "bullet" else 2))
    colour = dress.colours["ground"].removeprefix("#") if style == "bullet" else own["colour"].removeprefix("#")
    return (
        f'<w:abstractNum w:abstractNumId="{at}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="tab"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:tabs><w:tab w:val="num" w:pos="{twips(own["left"])}"/></w:tabs>'
        f'<w:ind w:left="{twips(own["left"])}" w:hanging="{twips(own["hang"])}"/></w:pPr>'
        f'<w:rPr>{_fonts(dress.fonts[own["font"]], hint=True)}<w:color w:val="{colour}"/><w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/></w:rPr></w:lvl></w:abstractNum>'
    )


# ---- what every package has ----------------------------------------------------------------------------


def _settings() -> str:
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1))
    )
    return (
        f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
        f"<w:adjustLineHeightInTable/><w:useFELayout/>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


def _font_table(dress: Dress) -> str:
    known = "".join(
        f'<w:font w:name={quoteattr(name)}><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/>'
        "</w:font>"
        for name in dict.fromkeys(dress.fonts.values())
    )
    return f'<w:fonts xmlns:w="{W}">{known}</w:fonts>'


def _core(about: About) -> str:
    stamp = f"{about.day.isoformat()}T12:00:00Z"
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(about.title)}</dc:title><dc:creator>{escape(about.creator)}</dc:creator>"
        f"<cp:lastModifiedBy>{escape(about.creator)}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified><dc:language>zh-CN</dc:language>'
        "</cp:coreProperties>"
    )


def _relations(*targets: tuple[str, str], core: str = "") -> str:
    made = "".join(
        f'<Relationship Id="rId{at}" Type="{R}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    if core:
        kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        made += f'<Relationship Id="rIdCore" Type="{kind}" Target="{core}"/>'
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{made}</Relationships>'


def _document_relations(dress: Dress) -> str:
    wanted = [("styles", "styles.xml"), ("numbering", "numbering.xml"), ("settings", "settings.xml"),
              ("fontTable", "fontTable.xml")]  # fmt: skip
    made = _relations(*wanted)
    more = ""
    if dress.sample:
        more += f'<Relationship Id="rIdHeader" Type="{R}/header" Target="header1.xml"/>'
    if dress.numbered:
        more += f'<Relationship Id="rIdFooter" Type="{R}/footer" Target="footer1.xml"/>'
    return made.replace("</Relationships>", f"{more}</Relationships>")


def _content_types(dress: Dress) -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "/word/document.xml": f"{word}.document.main+xml",
        "/word/styles.xml": f"{word}.styles+xml",
        "/word/numbering.xml": f"{word}.numbering+xml",
        "/word/settings.xml": f"{word}.settings+xml",
        "/word/fontTable.xml": f"{word}.fontTable+xml",
        **({"/word/header1.xml": f"{word}.header+xml"} if dress.sample else {}),
        **({"/word/footer1.xml": f"{word}.footer+xml"} if dress.numbered else {}),
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
