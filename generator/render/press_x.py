"""PDF/X: the intent, the boxes and the words about itself that a print file must have.

X-1a:2003 (ISO 15930-4) is what any shop's old machine takes: PDF 1.4, process and spot colours, no transparency, no
font left. X-4 (ISO 15930-7) keeps live text and embeds the profile of the printing condition.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from generator import __version__
from generator.render.press_marks import Frame

if TYPE_CHECKING:
    import pikepdf

STANDARDS: Final = {"x1a": "PDF/X-1a:2003", "x4": "PDF/X-4"}
VERSIONS: Final = {"x1a": "1.4", "x4": "1.6"}
PROFILE: Final = "templates/press/FOGRA39L_coated.icc"
CONDITION: Final = "FOGRA39"
"""Coated offset (ISO 12647-2); registered at color.org, so X-1a need not embed its profile."""


def separation(pdf: "pikepdf.Pdf", name: str, inks: tuple[float, float, float, float]) -> "pikepdf.Object":
    """A spot colour, shown as ``inks`` where there is no such plate; ``All`` is every plate."""
    import pikepdf

    tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[round(ink, 4) for ink in inks], N=1)
    return pdf.make_indirect(
        pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name("/" + name), pikepdf.Name.DeviceCMYK, tint])
    )


Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page."""

Boxes = tuple[Box, Box, Box]
"""Media, bleed and trim."""


def box(page: "pikepdf.Object", frame: Frame, slug: float) -> Boxes:
    """Media, bleed and trim from the lower left corner of the paper, which is the origin; as they are written."""
    edge = slug + frame.bleed
    width, height = frame.width, frame.height
    media = _box(0, 0, width + 2 * edge, height + 2 * edge)
    bleed = _box(slug, slug, edge + width + frame.bleed, edge + height + frame.bleed)
    trim = _box(edge, edge, edge + width, edge + height)
    page.MediaBox, page.BleedBox, page.TrimBox = list(media), list(bleed), list(trim)
    for name in ("/CropBox", "/ArtBox"):
        if name in page:
            del page[name]
    return media, bleed, trim


def _box(left: float, bottom: float, right: float, top: float) -> Box:
    return round(left, 4), round(bottom, 4), round(right, 4), round(top, 4)


def declare(pdf: "pikepdf.Pdf", standard: str, root: Path) -> None:
    """The output intent, the document information and what X forbids in the catalogue."""
    import pikepdf

    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFX,
        OutputConditionIdentifier=CONDITION,
        OutputCondition="Coated offset, ISO 12647-2 (FOGRA39)",
        RegistryName="http://www.color.org",
        Info=f"{CONDITION} (ISO 12647-2, coated)",
    )
    for name in ("/Metadata", "/ViewerPreferences", "/Lang", "/PageLabels", "/MarkInfo", "/StructTreeRoot"):
        if name in pdf.Root:
            del pdf.Root[name]
    information = pdf.docinfo
    information["/Producer"] = f"fraud-publicity-generator {__version__}"
    information["/Trapped"] = pikepdf.Name("/False")
    if standard == "x4":
        profile = pdf.make_stream((root / PROFILE).read_bytes())
        profile.N = 4
        intent.DestOutputProfile = profile
        pdf.Root.Metadata = _metadata(pdf)
    else:
        information["/GTS_PDFXVersion"] = STANDARDS["x1a"]
        information["/GTS_PDFXConformance"] = STANDARDS["x1a"]
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])


def _metadata(pdf: "pikepdf.Pdf") -> "pikepdf.Stream":
    """XMP as X-4 wants it; its dates and ids are those of the edition."""
    import hashlib

    import pikepdf

    title = str(pdf.docinfo.get("/Title", ""))
    made = str(pdf.docinfo.get("/CreationDate", "D:20260101000000Z"))[2:]
    day = f"{made[:4]}-{made[4:6]}-{made[6:8]}T{made[8:10]}:{made[10:12]}:{made[12:14]}Z"
    identity = hashlib.sha256(f"{title}\0{day}".encode()).hexdigest()
    uuid = "-".join((identity[:8], identity[8:12], identity[12:16], identity[16:20], identity[20:32]))
    text = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate><xmp:MetadataDate>{day}</xmp:MetadataDate>
<xmp:CreatorTool>{escape(str(pdf.docinfo.get("/Creator", "")))}</xmp:CreatorTool>
<xmpMM:DocumentID>uuid:{uuid}</xmpMM:DocumentID><xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Producer>{escape(str(pdf.docinfo["/Producer"]))}</pdf:Producer><pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
    made_stream = pdf.make_stream(text.encode("utf-8"))
    made_stream.Type, made_stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    return made_stream
