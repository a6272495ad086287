"""Print files: judged as a print shop would, from the file alone; every limit of the preflight is crossed once."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from generator.checks.preflight import Code, Facts, Page, Text, in_words, inspect, ppi_of, printed_contrast
from generator.errors import Span
from generator.library import load
from generator.plan import Request, plan
from generator.render import RENDERERS, press_glyphs, press_plates, press_stream
from generator.render.base import Artifact, Job, Json, Rendered
from generator.render.pages import RENDERER
from generator.render.press_stream import Unreadable, read, shown
from generator.typesetting.phrases import Breaker
from tests.command import pdf_text, run
from tests.conftest import copied

MM: Final = 72 / 25.4
K100: Final = (0, 0, 0, 100)
MIXED: Final = (50, 50, 50, 100)
ACCENT: Final = (8, 30, 78, 0)
GROUND: Final = (90, 38, 72, 32)

ROW: Final = """
- id: {id}
  name: {name}
  renderer: pages
  template: probe
  places: [bank-hall]
  trim: {trim}
  process: {process}
  formats: [print]
  distances: {{headline: 0.5, body: 0.4, fine: 0.3}}
  pieces: [{{feed: scam, count: 1}}]
"""
ROWS: Final = (
    ROW.format(id="probe-press", name="样张甲", trim="[200, 120]", process="胶印")
    + ROW.format(id="probe-board", name="样张乙", trim="[400, 240]", process="写真")
    + ROW.format(id="probe-cloth", name="样张丙", trim="[8000, 700]", process="热转印")
    + "  scale: 10\n"
    + ROW.format(id="probe-sticker", name="样张丁", trim="[100, 60]", process="不干胶")
    + "  die: trim\n  radius: 5\n"
    + ROW.format(id="probe-paddle", name="样张戊", trim="[200, 120]", process="数码印刷")
    + "  die: 手掌\n"
    + ROW.format(id="probe-gang", name="样张己", trim="[90, 54]", process="合版印刷")
)
TEMPLATE: Final = """
#import "/templates/_shared/lib.typ": *
#set document(title: data.title)
#show: sheet.with(fill: "paper")
#let (w, h) = trim
#field(0mm, 0mm, w, h / 2, ink("accent"))
#field(0mm, h / 2, w / 2, h / 2, ink("ink"))
#field(w / 2, h / 2, w / 2, h / 2, ink("ground"))
#at(w * 0.1, h * 0.1, fit(data.scam.tagline, w * 0.8, h * 0.3, (h / 12mm,), weight: 900, fill: ink("ground")))
#let small = calc.min(4.2, h / 14mm)
#at(w * 0.1, h * 0.38, fit(fixed("小黑字压印(a)"), w * 0.6, h * 0.1, (small,), fill: ink("on_accent")))
#at(w * 0.6, h * 0.7, text(fill: ink("accent"), stroke: 0.3mm + ink("paper"), size: h / 6, font: sans, weight: 900)[边])
#note-contour("手掌", ("M", 20, 20), ("L", 180, 20), ("C", 190, 20, 190, 100, 180, 100), ("L", 20, 100), ("Z",))
"""


@pytest.fixture(scope="module")
def root(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a plain template of fields, type and a contour, on rows of six processes."""
    project = copied(original, tmp_path_factory.mktemp("press"))
    (project / "templates" / "probe").mkdir()
    (project / "templates" / "probe" / "main.typ").write_text(TEMPLATE, encoding="utf-8")
    with (project / "templates" / "catalogue.yaml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(ROWS)
    return project


@cache
def jobs(project: Path, standard: str | None = None, tiff: bool = False) -> dict[str, Job]:
    library, problems = load(project, RENDERERS)
    assert library is not None, problems
    made = plan(library, Request("bank", standard=standard, tiff=tiff), Breaker(library.glossary)).jobs
    return {job.material: job for job in reversed(made)}


def changed(job: Job, press: Json | None = None, **sheet: Any) -> Job:
    """The job with other wishes of its row."""
    old = job.data["sheet"]
    new = {**old, **sheet, "press": {**old["press"], **(press or {})}}
    return replace(job, data={**job.data, "sheet": new})


def made(job: Job, project: Path, folder: Path) -> Rendered:
    folder.mkdir(parents=True)
    return RENDERER.render(job, folder, project)


def file_of(rendered: Rendered, form: str) -> Artifact:
    assert not rendered.failed, [problem.message for problem in rendered.problems]
    return next(artifact for artifact in rendered.artifacts if artifact.format == form)


Press = dict[str, Rendered]


@pytest.fixture(scope="module")
def pressed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Press:
    """Each probe as its process wants it, with TIFFs, and the real leaflet, flyer and a poster."""
    folder = tmp_path_factory.mktemp("made")
    names = [name for name in jobs(root) if name.startswith("probe")]
    wanted = [jobs(root, tiff=True)[name] for name in names]
    wanted += [replace(jobs(root)[name], formats=("print", "wechat")) for name in ("trifold", "flyer", "poster")]
    return {job.material: made(job, root, folder / job.material) for job in wanted}


# ---- the file --------------------------------------------------------------------------------------------


def streams(owner: Any, seen: set[Any]) -> Iterator[Any]:
    """A page or form, and every form and pattern that it uses."""
    yield owner
    for kind in ("/XObject", "/Pattern"):
        for inner in owner.get("/Resources", {}).get(kind, {}).values():
            if inner.objgen not in seen and inner.get("/Subtype") != "/Image":
                seen.add(inner.objgen)
                yield from streams(inner, seen)


def test_an_x1a_file_has_no_font_no_rgb_and_no_transparency(pressed: Press) -> None:
    """Read by another parser than the one that wrote it."""
    for rendered in pressed.values():
        with pikepdf.open(file_of(rendered, "pdf").path) as pdf:
            kinds = {str(one.get("/Type")) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)}
            assert not kinds & {"/Font", "/FontDescriptor", "/StructTreeRoot", "/Group"}
            for page in pdf.pages:
                for stream in streams(page.obj, set()):
                    assert "/Group" not in stream
                    for operands, operator in instructions(stream):
                        assert operator not in ("g", "G", "rg", "RG", "sh", "BT", "BDC", "BI")
                        if operator in ("cs", "CS"):
                            assert str(operands[0]) in ("/Pattern", "/PressAll", "/PressCut")
                    for state in stream.get("/Resources", {}).get("/ExtGState", {}).values():
                        assert not {"/ca", "/CA", "/SMask", "/BM"} & set(state.keys())


def test_an_x1a_file_says_what_it_is(pressed: Press) -> None:
    with pikepdf.open(file_of(pressed["trifold"], "pdf").path) as pdf:
        assert pdf.pdf_version == "1.4"
        assert not {"/Metadata", "/MarkInfo", "/StructTreeRoot", "/Lang"} & set(pdf.Root.keys())
        said = {key: str(value) for key, value in pdf.docinfo.items()}
        assert said["/GTS_PDFXVersion"] == said["/GTS_PDFXConformance"] == "PDF/X-1a:2003"
        assert (said["/Trapped"], said["/Title"]) == ("/False", "三折页")
        assert said["/CreationDate"] == said["/ModDate"] == "D:20261122120000Z"
        assert len(pdf.trailer.ID) == 2
        (intent,) = pdf.Root.OutputIntents
        assert [str(intent.S), str(intent.OutputConditionIdentifier)] == ["/GTS_PDFX", "FOGRA39"]
        assert str(intent.RegistryName) == "http://www.color.org"


BOXES: Final = {
    # media, bleed and trim in mm: marks begin 3 mm from the trim and take 6 mm more
    "trifold": ([0, 0, 303, 228], [6, 6, 297, 222], [9, 9, 294, 219]),
    "poster": ([0, 0, 438, 588], [6, 6, 432, 582], [9, 9, 429, 579]),
    "probe-board": ([0, 0, 400, 240],) * 3,
    "probe-cloth": ([0, 0, 800, 70],) * 3,
    "probe-sticker": ([0, 0, 104, 64], [0, 0, 104, 64], [2, 2, 102, 62]),
    "probe-gang": ([0, 0, 96, 60], [0, 0, 96, 60], [3, 3, 93, 57]),
}


def test_boxes_lie_one_inside_the_other_from_an_origin_of_nought(pressed: Press) -> None:
    for name, boxes in BOXES.items():
        with pikepdf.open(file_of(pressed[name], "pdf").path) as pdf:
            for page in pdf.pages:
                found = tuple(
                    [round(float(value) / MM, 2) for value in page.obj[key]]
                    for key in ("/MediaBox", "/BleedBox", "/TrimBox")
                )
                assert found == boxes, name


def test_every_file_passes_qpdf(pressed: Press) -> None:
    for rendered in pressed.values():
        with pikepdf.open(file_of(rendered, "pdf").path) as pdf:
            assert pdf.check_pdf_syntax() == []


def test_the_same_job_gives_the_same_print_file(root: Path, pressed: Press, tmp_path: Path) -> None:
    again = made(jobs(root, tiff=True)["probe-board"], root, tmp_path / "again")
    for one, other in zip(pressed["probe-board"].artifacts, again.artifacts, strict=True):
        assert (one.name, one.path.read_bytes()) == (other.name, other.path.read_bytes())


# ---- outlines --------------------------------------------------------------------------------------------


def bands(picture: Image.Image) -> list[tuple[int, int]]:
    """The least and the most of each band."""
    found: Any = picture.getextrema()
    return [found] if isinstance(found[0], int) else list(found)


def most(picture: Image.Image, square: int) -> int:
    """The brightest mean of a square of pixels."""
    return bands(picture.convert("L").reduce(square))[0][1]


def instructions(stream: Any) -> Iterator[tuple[Any, str]]:
    for one in pikepdf.parse_content_stream(stream):
        assert isinstance(one, pikepdf.ContentStreamInstruction), "an inline image"
        yield one.operands, str(one.operator)


def drawn(path: Path, ppi: float, page: int = 0, box: str = "trim") -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    one = document[page]
    left, bottom, right, top = one.get_trimbox() if box == "trim" else one.get_mediabox()
    width, height = one.get_size()
    crop = (left, bottom, width - right, height - top)
    picture: Image.Image = one.render(scale=ppi / 72, crop=crop).to_pil().convert("RGB")
    document.close()
    return picture


@pytest.mark.parametrize("name", ["trifold", "probe-press"])
def test_outlines_look_like_the_type_that_they_were(root: Path, pressed: Press, tmp_path: Path, name: str) -> None:
    live = made(replace(jobs(root, standard="x4")[name], formats=("print",)), root, tmp_path / "live")
    outlined = file_of(pressed[name], "pdf").path
    assert pdf_text(outlined) == ""
    assert "先" in pdf_text(file_of(live, "pdf").path) or "转" in pdf_text(file_of(live, "pdf").path)
    one, other = (drawn(path, 200) for path in (outlined, file_of(live, "pdf").path))
    # pdfium draws small live type a little bolder; a glyph that is missing or moved leaves a lit square.
    assert most(ImageChops.difference(one, other), 24) < 40
    blank = Image.new("RGB", one.size, one.getpixel((5, 5)))
    assert most(ImageChops.difference(one, blank), 24) > 90


def test_each_glyph_is_one_form_however_often_it_is_set(pressed: Press) -> None:
    with pikepdf.open(file_of(pressed["flyer"], "pdf").path) as pdf:
        forms = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"]
        assert len({form.read_bytes() for form in forms}) == len(forms) > 200
        shown_at = [
            str(operands[0]) for page in pdf.pages for operands, operator in instructions(page) if operator == "Do"
        ]
        assert len(shown_at) > 1.5 * len(forms)
        assert file_of(pressed["flyer"], "pdf").preflight["glyphs"] == len(forms)  # type: ignore[index]


def test_outlines_that_differ_from_the_live_page_withhold_the_piece(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = press_glyphs.Face.width
    monkeypatch.setattr(press_glyphs.Face, "width", lambda face, code: right(face, code) + 150)
    rendered = made(jobs(root)["probe-press"], root, tmp_path / "moved")
    assert "preflight-outlines" in {problem.code for problem in rendered.problems}
    assert rendered.failed


def test_a_font_that_cannot_be_outlined_withholds_the_piece_and_says_why(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Unreadable("字体 甲 不是 TrueType 格式")

    monkeypatch.setattr(press_glyphs.Face, "__init__", refuse)
    rendered = made(jobs(root)["probe-press"], root, tmp_path / "refused")
    assert [p.message for p in rendered.problems] == ["“样张甲·虚假投资理财”不能转曲：字体 甲 不是 TrueType 格式"]


def test_text_is_read_as_pdf_has_it() -> None:
    data = rb"BT 0 Tr/f0 12.5 Tf 1 0 0 -1 3 4 Tm[250<0001>-500(\000\(\000\)\0\051\012(a))]TJ" + b"\nET"
    (text,) = read([data]).texts
    found = text.shown
    assert (found.font, found.size, found.matrix) == ("f0", 12.5, (1, 0, 0, -1, 3, 4))
    assert found.codes == (250, (1,), -500, (ord("("), ord(")"), 0x29, 0x0A28, 0x6129))


SHOWS: Final = rb"BT 0 Tr/f0 12.5 Tf 1 0 0 -1 3 4 Tm[250<00010002>-500(\000\(\000a\\b)]TJ" + b"\nET"
PIECES: Final = (
    b"q 2 0 0 2 10 20 cm ", b"0.1 0 0 1 k", b"\n" + SHOWS + b"\nQ\nq 1 0 0 -1 0 9 cm ",
    b"0 0 0 0.5 k", b" 0 0 m 9 9 l\nh\nf*\nQ\nq 3 0 0 3 0 0 cm ", b"0 0 0 1 K", b" 0.5 w 4 M 0 0 m 9 9 l\nS\nQ",
)  # fmt: skip
"""A text, a filled path and a line, parted by their inks."""


def test_a_text_within_its_own_q_and_q_is_read_whole() -> None:
    (text,) = (content := read(PIECES)).texts
    assert text.framed
    assert (text.state.matrix, text.state.fill, text.state.fill_by) == ((2, 0, 0, 2, 10, 20), (0.1, 0, 0, 1), 0)
    assert text.shown == shown(SHOWS)
    assert text.shown.codes == (250, (1, 2), -500, (ord("("), ord("a"), 0x5C62))
    assert (content.colours, content.lines, content.used) == (3, {1.5}, {"DeviceCMYK"})


def test_pieces_of_a_stream_are_the_stream_with_its_inks_and_texts_apart() -> None:
    for pieces in (PIECES, (b"".join(PIECES),)):
        content = read(pieces)
        assert b"".join(content.pieces).split() == b"".join(PIECES).split()
        assert [ink for ink in content.pieces[1::2] if ink] == list(PIECES[1::2])
        (text,) = content.texts
        assert content.pieces[text.at] == text.raw
        assert b"".join(content.with_texts([b"\n"])).split() == b"".join(PIECES).replace(SHOWS, b"").split()


def test_a_stream_in_pieces_is_read_as_it_is_in_one() -> None:
    apart, whole = read(PIECES), read([b"".join(PIECES)])
    assert (apart.colours, apart.lines, apart.used, apart.named) == (
        whole.colours, whole.lines, whole.used, whole.named,
    )  # fmt: skip
    assert [(text.state, text.shown) for text in apart.texts] == [(text.state, text.shown) for text in whole.texts]


def _literal(codes: list[int]) -> bytes:
    """A string as PDF writers have it: what is no letter is escaped."""
    data = b"".join(code.to_bytes(2) for code in codes)
    shown = (bytes((byte,)) if chr(byte).isalnum() else b"\\%03o" % byte for byte in data)
    return b"(" + b"".join(shown) + b")"


FIGURES: Final = st.floats(-900, 900).map(lambda value: b"%g" % round(value, 3))
STRINGS: Final = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=4).flatmap(
    lambda codes: st.sampled_from([b"<" + b"".join(b"%04X" % code for code in codes) + b">", _literal(codes)])
)
TEXTS: Final = st.tuples(
    st.lists(st.one_of(STRINGS, st.integers(-900, 900).map(lambda gap: b"%d" % gap)), min_size=1, max_size=4),
    st.integers(0, 2), FIGURES,
).map(lambda given: b"\nBT %d Tr/f0 %s Tf 1 0 0 -1 0 0 Tm[%s]TJ\nET" % (given[1], given[2].strip(b"-"), b"".join(
    b" " + token if token[:1] not in b"<(" else token for token in given[0]
)))  # fmt: skip
PATHS: Final = st.tuples(FIGURES, FIGURES, st.sampled_from([b"f", b"f*"])).map(
    lambda given: b" %s %s m 5 5 l 1 2 3 4 5 6 c\nh\n%s" % given
)
LINES: Final = st.tuples(st.sampled_from([b"", b" 0.5 w", b" 2 w 4 M", b" 1 w 4 M 1 J[2 1] 0 d"]), FIGURES).map(
    lambda given: b"%s 0 0 m 5 %s l\nS" % given
)
PAINTED: Final = st.one_of(
    st.tuples(st.just(b"k"), st.one_of(PATHS, TEXTS)), st.tuples(st.just(b"K"), LINES),
)  # fmt: skip
BETWEEN: Final = st.sampled_from([b"", b"\nQ", b"\nq 0 0 m 9 9 l\nW\nn", b"\n2 w"])
"""What may stand between two of them: the end of a group, the beginning of one that is clipped, a setting."""


@given(st.lists(st.tuples(PAINTED, st.lists(FIGURES, min_size=6, max_size=6), BETWEEN), min_size=1, max_size=6))
def test_a_page_means_the_same_parted_and_whole(shapes: list[tuple[tuple[bytes, bytes], list[bytes], bytes]]) -> None:
    pieces, depth = [b""], 0
    for (operator, body), place, between in shapes:
        pieces[-1] += b"\nq %s cm " % b" ".join(place)
        if between == b"\nQ" and not depth:
            between = b""
        depth += (b"q" in between) - (b"Q" in between)
        pieces += b"0.1 0.2 0.3 0.4 " + operator, body + b"\nQ" + between
    pieces[0] = pieces[0].lstrip()
    parted, whole = read(pieces), read([b"".join(pieces)])
    assert (parted.colours, parted.lines, parted.used) == (whole.colours, whole.lines, whole.used)
    assert [(text.state, text.shown) for text in parted.texts] == [(text.state, text.shown) for text in whole.texts]
    for content in (parted, whole):
        assert b"".join(content.pieces).split() == b"".join(pieces).split()


@pytest.mark.parametrize("odd", [b" 0 0 m 1 1 l\nf\nQ\nQ", b" 1 0 0 rg 0 0 m f\nQ", b" /P gs 0 0 m f\nQ", b" xyzzy\nQ"])
def test_what_is_no_plain_path_is_read_operator_by_operator(odd: bytes) -> None:
    """Parted or whole, the same is found in it, or it is refused."""
    pieces = (b"q 1 0 0 1 0 0 cm ", b"0 0 0 1 k", odd)
    found: list[object] = []
    for stream in (pieces, [b"".join(pieces)]):
        try:
            content = read(stream)
            found.append((content.used, content.named, content.lines, content.colours))
        except Unreadable as refused:
            found.append(str(refused).partition(" at ")[0])
    assert found[0] == found[1]
    assert found[0] != ({"DeviceCMYK"}, [], set(), 1)


def test_a_line_is_as_thick_as_its_matrix_makes_it() -> None:
    figure = b"q 2 0 0 -2 5 5 cm 0 0 0 1 K 0.5 w 4 M 0 0 m 9 9 l\nS\nQ"
    assert read([figure]).lines == {1.0}
    assert read([b"0.5 0 0 0.5 0 0 cm 3 w 0 0 m 9 9 l S"]).lines == {1.5}
    assert read([b"2 w q 3 0 0 3 0 0 cm 0 0 0 1 K 0 0 m 9 9 l S Q"]).lines == {6.0}
    assert read([b"2 w q 3 0 0 3 0 0 cm ", b"0 0 0 1 K", b" 0 0 m 9 9 l\nS\nQ"]).lines == {6.0}


@pytest.mark.parametrize("name", ["probe-press", "trifold", "poster"])
def test_a_page_that_is_read_operator_by_operator_is_the_same(
    root: Path, pressed: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(press_stream._Reader, "knows", lambda *_: False)
    slowly = made(pressed[name].job, root, tmp_path / "slowly")
    quick = file_of(pressed[name], "pdf")
    slow = file_of(slowly, "pdf")
    assert slow.preflight == quick.preflight
    with pypdfium2.PdfDocument(slow.path) as one, pypdfium2.PdfDocument(quick.path) as other:
        for mine, its in zip(one, other, strict=True):
            drawn, wanted = (page.render(scale=1).to_pil() for page in (mine, its))
            assert ImageChops.difference(drawn, wanted).getextrema() == ((0, 0),) * 3


@pytest.mark.parametrize("data", [b"BI /W 1 ID x EI", b"Q", b"BT (a) ' ET", b"1 2 <<", b"xyzzy"])
def test_what_our_pages_never_hold_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read([data])


# ---- marks and dies --------------------------------------------------------------------------------------


def test_marks_stand_outside_the_bleed_and_on_every_plate(pressed: Press) -> None:
    path = file_of(pressed["trifold"], "pdf").path
    with pikepdf.open(path) as pdf:
        space = pdf.pages[0].obj.Resources.ColorSpace.PressAll
        assert [str(space[at]) for at in range(3)] == ["/Separation", "/All", "/DeviceCMYK"]
        assert [float(value) for value in space[3].C1] == [1, 1, 1, 1]
    picture = drawn(path, 254, box="media").convert("L")  # 10 pixels a mm

    def dark(x: float, y: float, across: float = 0.3) -> bool:
        """Whether there is a mark within ``across`` mm of a point given from the upper left corner in mm."""
        left, top, right, bottom = (round(v * 10) for v in (x - across, y - across, x + across, y + across))
        return bands(picture.crop((left, top, right, bottom)))[0][0] < 160

    for x in (9, 9 + 285):
        assert dark(x, 3.5)
        assert dark(x, 228 - 3.5)
    for y in (9, 9 + 210):
        assert dark(3.5, y)
        assert dark(303 - 3.5, y)
    for fold in (94, 189.5):
        assert any(dark(9 + fold, y, 0.4) for y in (2, 2.5, 3, 3.5))
    # Between the marks the slug is bare, and no mark reaches into the bleed: 6 mm of paper around it.
    bare = (picture.crop((250, 0, 900, 55)), picture.crop((0, 250, 55, 1000)))
    assert all(bands(one)[0][0] > 250 for one in bare)


def test_fold_marks_of_the_back_follow_its_own_panels(pressed: Press) -> None:
    def folds(page: int) -> list[float]:
        """Millimetres from the trim's left edge at which a dashed line stands."""
        with pikepdf.open(file_of(pressed["trifold"], "pdf").path) as pdf:
            content = pdf.pages[page].obj.Contents.read_bytes()
        dashed = content[content.index(b"[2 1.5] 0 d") : content.index(b"[] 0 d")]
        return sorted({round(float(x) / MM - 3, 1) for x in re.findall(rb"([\d.]+) [-\d.]+ m", dashed)})

    assert folds(0) == [94, 189.5]
    assert folds(1) == [95.5, 191]


def test_a_shop_that_imposes_gets_no_marks(pressed: Press) -> None:
    with pikepdf.open(file_of(pressed["probe-gang"], "pdf").path) as pdf:
        assert "/ColorSpace" not in pdf.pages[0].obj.Resources


def test_a_die_line_is_a_plate_of_its_own_that_knocks_nothing_out(root: Path, pressed: Press) -> None:
    path = file_of(pressed["probe-sticker"], "pdf").path
    with pikepdf.open(path) as pdf:
        resources = pdf.pages[0].obj.Resources
        assert [str(resources.ColorSpace.PressCut[at]) for at in (0, 1)] == ["/Separation", "/CutContour"]
        content = pdf.pages[0].obj.Contents.read_bytes()
        state = resources.ExtGState.PressOverprint
        assert [bool(state.OP), bool(state.op), int(state.OPM)] == [True, True, 1]
    drawing = content[content.index(b"/PressCut CS") :]
    assert b"/PressOverprint gs" in content[: content.index(b"/PressCut CS")][-40:]
    assert drawing.split(b"S\n")[0].count(b" c\n") == 4  # four rounded corners
    paddle = file_of(pressed["probe-paddle"], "pdf").path
    with pikepdf.open(paddle) as pdf:
        content = pdf.pages[0].obj.Contents.read_bytes()
        drawing = content[content.index(b"/PressCut CS") :].split(b"S\n")[0]
        start = re.search(rb"([\d.]+) ([\d.]+) m\n", drawing)
        assert start is not None
        assert [round(float(value) / MM, 1) for value in start.groups()] == [20 + 3, 120 + 3 - 20]


def test_a_contour_that_no_template_gives_withholds_the_piece(root: Path, tmp_path: Path) -> None:
    job = changed(jobs(root)["probe-press"], die={"name": "喇叭", "radius": 0})
    rendered = made(job, root, tmp_path / "made")
    assert [p.message for p in rendered.problems] == ["“样张甲·虚假投资理财”不能转曲：模板没有给出刀版轮廓“喇叭”"]


# ---- inks ------------------------------------------------------------------------------------------------


def inks_at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The inks in percent at a place given as shares of width and height."""
    pixel: Any = picture.getpixel((round(picture.width * x), round(picture.height * y)))
    return tuple(round(value / 2.55) for value in pixel)


def test_a_tiff_holds_the_inks_of_the_page_at_true_size(pressed: Press) -> None:
    for name, ppi, size in (("probe-board", 100, (400, 240)), ("probe-cloth", 45, (8000, 700))):
        tiff = file_of(pressed[name], "tiff")
        with Image.open(tiff.path) as picture:
            assert (picture.mode, picture.format) == ("CMYK", "TIFF")
            assert picture.info["compression"] == "raw"
            assert picture.info["dpi"] == (ppi, ppi)
            assert picture.size == tiff.pixels == tuple(round(side / 25.4 * ppi) for side in size)
            assert inks_at(picture, 0.02, 0.05) == ACCENT
            assert inks_at(picture, 0.05, 0.9) == MIXED
            assert inks_at(picture, 0.95, 0.95) == GROUND


def test_the_strips_of_a_tiff_meet(root: Path, pressed: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn strip by strip or at once, the pixels are the same."""
    monkeypatch.setattr(press_plates, "STRIP", 10_000)
    at_once = made(jobs(root, tiff=True)["probe-board"], root, tmp_path / "whole")
    with (
        Image.open(file_of(pressed["probe-board"], "tiff").path) as strips,
        Image.open(file_of(at_once, "tiff").path) as whole,
    ):
        assert strips.height > 3 * 256
        apart = [most for _, most in bands(ImageChops.difference(strips, whole))]
        assert max(apart) <= 2, apart


@pytest.mark.skipif(not shutil.which("gs"), reason="no Ghostscript to separate with")
def test_the_separations_of_a_tiff_are_those_of_the_pdf(pressed: Press, tmp_path: Path) -> None:
    """Ghostscript separates the PDF; both separations agree but for smooth edges."""
    target = tmp_path / "gs.tif"
    pdf, tiff = (file_of(pressed["probe-board"], form) for form in ("pdf", "tiff"))
    options = ["-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", "-dNOPAUSE", "-dBATCH", "-q", "-r100"]
    subprocess.run(["gs", *options, "-sDEVICE=tiff32nc", f"-sOutputFile={target}", str(pdf.path)], check=True)
    with Image.open(target) as theirs, Image.open(tiff.path) as ours:
        assert abs(theirs.width - ours.width) <= 1
        box = (0, 0, min(theirs.width, ours.width), min(theirs.height, ours.height))
        for mine, other in zip(ours.crop(box).split(), theirs.crop(box).split(), strict=True):
            assert most(ImageChops.difference(mine, other), 8) < 40


def test_black_is_mixed_as_the_process_wants_it(root: Path, pressed: Press) -> None:
    found = {}
    for name in ("probe-press", "probe-board"):
        with pikepdf.open(file_of(pressed[name], "pdf").path) as pdf:
            content = pdf.pages[0].obj.Contents.read_bytes()
        found[name] = {
            tuple(round(float(v) * 100) for v in ink)
            for ink in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) k\b", content)
        }
    assert K100 in found["probe-press"]
    assert MIXED not in found["probe-press"]
    assert MIXED in found["probe-board"]
    assert K100 not in found["probe-board"]


def test_small_black_type_prints_over_its_ground(root: Path, pressed: Press, tmp_path: Path) -> None:
    with pikepdf.open(file_of(pressed["probe-press"], "pdf").path) as pdf:
        content = pdf.pages[0].obj.Contents.read_bytes()
    assert content.count(b"/PressOverprint gs") == file_of(pressed["probe-press"], "pdf").preflight["overprints"] > 0  # type: ignore[index]
    # On the plates of the other inks the type is not there: its ground runs on under it.
    job = changed(
        replace(jobs(root)["probe-press"], formats=("print", "tiff")), press={"ppi": [{"ppi": 150, "area": None}]}
    )
    over = file_of(made(job, root, tmp_path / "over"), "tiff")
    knocked = file_of(made(changed(job, press={"overprint": False}), root, tmp_path / "knocked"), "tiff")
    box = (0.1, 0.37, 0.35, 0.44)
    for artifact, ground in ((over, True), (knocked, False)):
        with Image.open(artifact.path) as picture:
            w, h = picture.size
            _, _, y, k = picture.crop(
                (round(w * box[0]), round(h * box[1]), round(w * box[2]), round(h * box[3]))
            ).split()
            assert bands(k)[0][1] == 255
            assert (bands(y)[0][0] == bands(y)[0][1]) is ground


def test_type_that_overprints_adds_its_ink_to_that_of_its_ground(root: Path, pressed: Press, tmp_path: Path) -> None:
    """The plates that are added up are drawn without type."""
    over = file_of(pressed["probe-press"], "pdf").preflight
    job = changed(jobs(root)["probe-press"], press={"overprint": False})
    knocked = file_of(made(job, root, tmp_path / "knocked"), "pdf").preflight
    assert over
    assert knocked
    assert over["ink_percent"] == [pytest.approx(sum(GROUND), abs=1)]
    small = "#at(w * 0.1, h * 0.38, fit"
    heavy = TEMPLATE.replace(small, f'#field(0mm, h * 0.3, w, h * 0.2, ink("ground"))\n{small}')
    heavy = heavy.replace('fill: ink("on_accent")', "fill: cmyk(0%, 0%, 0%, 100%)")
    folder = root / "templates" / "heavy"
    folder.mkdir()
    (folder / "main.typ").write_text(heavy, encoding="utf-8")
    for overprint, most in ((True, sum(GROUND) + 100), (False, sum(GROUND))):
        job = changed(
            replace(jobs(root)["probe-press"], template="heavy"), press={"overprint": overprint, "ink_limit": 400}
        )
        rendered = made(job, root, tmp_path / f"heavy-{overprint}")
        (said,) = [problem.message for problem in rendered.problems if problem.code == "preflight-ink"] or [""]
        assert (f"总墨量 {most}%" in said) is (most > 250), rendered.problems


def test_type_in_the_colour_of_its_ground_withholds_the_piece(root: Path, tmp_path: Path) -> None:
    folder = root / "templates" / "unseen"
    folder.mkdir()
    words = TEMPLATE.replace('weight: 900, fill: ink("ground")', 'weight: 900, fill: ink("accent")')
    assert words != TEMPLATE
    (folder / "main.typ").write_text(words, encoding="utf-8")
    rendered = made(replace(jobs(root)["probe-press"], template="unseen"), root, tmp_path / "unseen")
    (problem,) = [problem for problem in rendered.problems if problem.code == "preflight-contrast"]
    assert problem.severity == "error"
    assert "对比只有 1.0:1" in problem.message


def test_too_much_ink_withholds_the_piece_and_much_ink_is_said(root: Path, tmp_path: Path) -> None:
    job = jobs(root)["probe-press"]
    for black, severity, said in (
        ("50 50 100 100", "error", "总墨量 300%，要在 300% 以下"),
        ("50 50 60 100", "warning", "总墨量 260%"),
    ):
        heavy = changed(job, press={"black": [int(value) for value in black.split()]})
        rendered = made(heavy, root, tmp_path / severity)
        (problem,) = [problem for problem in rendered.problems if problem.code == "preflight-ink"]
        assert problem.severity == severity
        assert said in problem.message
        assert rendered.failed is (severity == "error")


def test_a_colour_that_is_no_process_ink_withholds_the_piece(root: Path, tmp_path: Path) -> None:
    project = copied(root, tmp_path / "project")
    main = project / "templates" / "probe" / "main.typ"
    for at, fill in enumerate(('rgb("#123456")', "luma(50%)", "red.transparentize(50%)", "gradient.linear(red, blue)")):
        main.write_text(TEMPLATE + f"#at(5mm, 5mm, rect(width: 9mm, height: 9mm, fill: {fill}))\n", encoding="utf-8")
        rendered = made(jobs(root)["probe-press"], project, tmp_path / str(at))
        assert "preflight-colour" in {problem.code for problem in rendered.problems}, fill
        assert rendered.failed


# ---- sizes, names, standards ------------------------------------------------------------------------------


def test_a_banner_is_drawn_at_a_tenth_and_says_so(pressed: Press) -> None:
    banner = file_of(pressed["probe-cloth"], "pdf")
    assert banner.name == "发广告公司/样张丙_虚假投资理财_8000x700mm_1比10_印刷.pdf"
    assert (banner.trim_mm, banner.bleed_mm) == ((8000, 700), 0)
    assert banner.preflight is not None
    assert banner.preflight["text_mm"] == pytest.approx(42, abs=1)


def test_a_size_of_a_survey_is_the_page_enlarged(root: Path, tmp_path: Path) -> None:
    job = changed(jobs(root)["probe-press"], enlarge=1.5, bleed=2, safe=4)
    large = file_of(made(job, root, tmp_path / "large"), "pdf")
    assert (large.trim_mm, large.bleed_mm) == ((300, 180), 3)
    with pikepdf.open(large.path) as pdf:
        left, bottom, right, top = (round(float(value) / MM, 2) for value in pdf.pages[0].obj.TrimBox)
        assert (right - left, top - bottom) == (300, 180)
        assert round(left - float(pdf.pages[0].obj.BleedBox[0]) / MM, 2) == 3
    small = file_of(made(jobs(root)["probe-press"], root, tmp_path / "small"), "pdf")
    one, other = drawn(large.path, 72), drawn(small.path, 108)
    assert most(ImageChops.difference(one, other.resize(one.size)), 10) < 40


def test_an_ink_that_a_template_mixed_itself_prints_as_mixed(root: Path, tmp_path: Path) -> None:
    """No screen colour answers to it: the contrast on a screen is left unsaid, and nothing breaks."""
    job = jobs(root)["probe-press"]
    folder = root / "templates" / "mixed"
    folder.mkdir()
    own = "#field(0mm, 0mm, 5mm, 5mm, cmyk(10%, 90%, 0%, 0%))\n#at(w * 0.1, h * 0.1"
    (folder / "main.typ").write_text(TEMPLATE.replace("#at(w * 0.1, h * 0.1", own), encoding="utf-8")
    rendered = made(replace(job, template="mixed", formats=("print", "wechat")), root, tmp_path / "mixed")
    preflight = file_of(rendered, "pdf").preflight
    assert preflight
    assert "contrast_shown" not in preflight
    with pikepdf.open(file_of(rendered, "pdf").path) as pdf:
        assert re.search(rb"0\.1(0\d*)? 0\.9(0\d*)? 0 0 k", pdf.pages[0].obj.Contents.read_bytes())


def test_a_proof_shows_the_trimmed_page_and_is_named_by_size_and_copies(
    root: Path, pressed: Press, tmp_path: Path
) -> None:
    proofs = [artifact for artifact in pressed["trifold"].artifacts if artifact.format == "jpg"]
    assert [proof.name for proof in proofs] == [
        "发广告公司/小样/三折页_正面_285x210mm_数量待定.jpg",
        "发广告公司/小样/三折页_反面_285x210mm_数量待定.jpg",
    ]
    for proof in proofs:
        with Image.open(proof.path) as picture:
            assert picture.size == proof.pixels
            assert max(picture.size) <= 1600
            assert picture.width / picture.height == pytest.approx(285 / 210, rel=0.01)
            assert picture.convert("RGB").getpixel((2, 2)) != (255, 255, 255)
    counted = made(changed(jobs(root)["probe-gang"], copies=500), root, tmp_path / "counted")
    assert file_of(counted, "jpg").name.endswith("_90x54mm_500份.jpg")


def test_x4_keeps_its_type_and_carries_its_profile(root: Path, tmp_path: Path) -> None:
    rendered = made(jobs(root, standard="x4")["probe-press"], root, tmp_path / "x4")
    found = file_of(rendered, "pdf")
    assert "小黑字压印(a)" in pdf_text(found.path)
    with pikepdf.open(found.path) as pdf:
        assert pdf.pdf_version == "1.6"
        assert len(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()) == 121_368
        assert int(pdf.Root.OutputIntents[0].DestOutputProfile.N) == 4
        metadata = pdf.Root.Metadata.read_bytes().decode("utf-8")
        assert "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" in metadata
        assert "样张甲·虚假投资理财" in metadata
        assert "/GTS_PDFXVersion" not in pdf.docinfo
        assert b"/PressOverprint gs" in pdf.pages[0].obj.Contents.read_bytes()
        assert "/XObject" not in pdf.pages[0].obj.Resources, "outlines that nothing shows make the file larger"
    assert found.preflight is not None
    assert (found.preflight["standard"], found.preflight["fonts"] > 0) == ("PDF/X-4", True)


def test_another_standard_is_refused_by_the_command(small: Path) -> None:
    ran = run("--audience", "bank", "--root", small, "--print-standard", "x3")
    assert ran.code == 2
    assert "--print-standard 只能写 x1a 或 x4：x3" in ran.said + ran.complained


# ---- the preflight ---------------------------------------------------------------------------------------

SHEET: Final[Json] = {
    "trim": [285, 210], "scale": 1, "safe": 5, "fold": "letter", "panels": [94, 95.5, 95.5], "back_panels": [],
    "keepout": {"top": 0, "bottom": 0, "left": 0, "right": 0, "corners": 0},
    "distances": {"headline": 1, "body": 0.4, "fine": 0.35},
    "press": {
        "ink_limit": 300, "ink_warn": 250, "least_text": 6, "least_line": 0.1,
        "ppi": [{"area": 1, "ppi": 300}, {"ppi": 100}],
    },
}  # fmt: skip
WHERE: Final = Span("content/scams/甲.yaml", 3, 5)
TEXT: Final = Text(1, "先停一停", 4.2, False, (20, 20, 60, 26), (0, 0, 0, 100), (0, 0, 0, 0), 15.0)
CODE: Final = Code(1, "https://a.cn", (20, 150, 56, 186), 29, True)
MEDIA, BLEED, TRIM = (0, 0, 303, 228), (6, 6, 297, 222), (9, 9, 294, 219)
SOUND: Final = Facts(
    "PDF/X-1a:2003", (Page(MEDIA, BLEED, TRIM, 240.0),), (TEXT,), (CODE,),
    ((300, "/DeviceCMYK", False),), frozenset({"DeviceCMYK"}), 0, 5, 10, 1, origin=lambda text: WHERE,
)  # fmt: skip


def with_text(**changes: Any) -> Facts:
    return replace(SOUND, texts=(TEXT._replace(**changes),), codes=())


def with_code(**changes: Any) -> Facts:
    return replace(SOUND, codes=(replace(CODE, **changes),), texts=())


KEEPOUT: Final = {"keepout": {"top": 30, "bottom": 100, "left": 0, "right": 0, "corners": 50}}
WRONG: Final[dict[str, tuple[Facts, Json, str, str]]] = {
    "a font left": (replace(SOUND, fonts=2), {}, "fonts", "还有 2 种字体没有转曲"),
    "RGB": (replace(SOUND, used=frozenset({"DeviceCMYK", "rg"})), {}, "colour", "rg"),
    "a page too small": (
        replace(SOUND, pages=(Page(MEDIA, BLEED, (9, 9, 290, 219), 1),)), {}, "boxes", "281.0×210.0",
    ),
    "a trim outside its bleed": (
        replace(SOUND, pages=(Page(MEDIA, (12, 6, 297, 222), TRIM, 1),)), {}, "boxes", "一层套一层",
    ),
    "other outlines": (replace(SOUND, difference=60), {}, "outlines", "60/255"),
    "a picture of few pixels": (replace(SOUND, images=((70, "/DeviceCMYK", False),)), {}, "ppi", "要 180 点以上"),
    "a hairline": (replace(SOUND, line_mm=0.05), {}, "line", "0.05 mm 的细线，这种工艺最细 0.1 mm"),
    "type at a fold that lies": (
        with_text(box=(20, 90, 60, 93)), {"fold": "tent", "panels": [94, 116]}, "fold", "离折线只有 1.0 mm",
    ),
    "small type": (with_text(size_mm=1.6), {}, "small-text", "1.6 mm 高，这里至少要 2.1 mm"),
    "small type far away": (with_text(), {"distances": {"headline": 5, "body": 2, "fine": 1}}, "small-text", "5.0 mm"),
    "type at the cut": (with_text(box=(250, 20, 284, 26)), {}, "safe", "离裁切边只有 1.0 mm，要 3 mm 以上"),
    "type at a fold": (with_text(box=(60, 20, 93, 26)), {}, "fold", "离折线只有 1.0 mm"),
    "type across a fold": (with_text(box=(60, 20, 120, 26)), {}, "fold", "离折线只有 0.0 mm"),
    "type in a base": (with_text(box=(20, 150, 60, 156)), KEEPOUT, "keepout", "下边 100 mm 的死区里"),
    "type under a clamp": (with_text(), KEEPOUT, "keepout", "上边 30 mm 的死区里"),
    "type at an eyelet": (
        with_text(box=(20, 35, 60, 41)), KEEPOUT, "keepout", "角上 50 mm 的死区里",
    ),
    "type like its ground": (with_text(inks=(0, 20, 60, 0)), {}, "contrast", "印出来和底色的对比只有"),
    "type that a screen hides": (with_text(shown=1.4), {}, "contrast", "屏幕上和底色的对比只有 1.4:1，要 4.5:1"),
    "a dense code": (with_code(modules=80), {}, "code", "一格只有 0.41 mm") ,
    "a code without its margin": (with_code(quiet=False), {}, "code", "四周要空出四格"),
    "a code at a fold": (with_code(box=(55, 150, 91, 186)), {}, "code", "离折线不到 5 mm"),
    "a code at the cut": (with_code(box=(1, 150, 37, 186)), {}, "code", "离裁切边太近"),
    "a code in a base": (with_code(), KEEPOUT, "keepout", "装上以后扫不到"),
}  # fmt: skip
WRONG["a dense code"] = (with_code(modules=90), {}, "code", "一格只有 0.37 mm")


def test_a_sound_file_has_no_problem() -> None:
    assert inspect(SOUND, "trifold/trifold", SHEET) == []


@pytest.mark.parametrize("case", list(WRONG))
def test_what_a_print_shop_would_send_back_is_said(case: str) -> None:
    facts, sheet, code, said = WRONG[case]
    found = inspect(facts, "trifold/trifold", {**SHEET, **sheet})
    assert [problem.code for problem in found] == [f"preflight-{code}"]
    assert said in found[0].message
    assert found[0].piece == "trifold/trifold"
    if code in ("small-text", "safe", "fold", "contrast"):
        assert found[0].span == WHERE


def test_pale_type_is_told_once_a_piece_with_how_often_it_occurs() -> None:
    pale = TEXT._replace(shown=3.5)
    facts = replace(SOUND, texts=(pale, pale._replace(shown=3.2, text="最浅的"), pale))
    (problem,) = inspect(facts, "trifold/trifold", SHEET)
    assert "“最浅的”屏幕上和底色的对比只有 3.2:1，要 4.5:1，这样的还有 2 处" in problem.message


def test_what_looks_poor_is_a_warning() -> None:
    for facts, code in (
        (replace(SOUND, images=((150, "/DeviceCMYK", False),)), "ppi"),
        (with_text(shown=3.5), "contrast"),
        (with_code(box=(20, 150, 42, 172)), "code"),
    ):
        (problem,) = inspect(facts, "trifold/trifold", SHEET)
        assert (problem.severity, problem.code) == ("warning", f"preflight-{code}")


def test_a_logo_of_too_few_pixels_is_told_where_it_is_named() -> None:
    named = Span("content/contacts/某校.yaml", 5, 5, 5, 9)
    (problem,) = inspect(replace(SOUND, images=((70, "/DeviceCMYK", False),), logo=named), "trifold/trifold", SHEET)
    assert problem.span == named
    assert "标志印出来只有每英寸 70 点" in problem.message


def test_the_resolution_follows_the_area() -> None:
    press = {"ppi": [{"area": 30, "ppi": 45}, {"area": 180, "ppi": 22.5}, {"ppi": 11.25}]}
    sizes = ((6000, 3000), (20000, 5000), (20000, 20000))
    assert [ppi_of(press, size) for size in sizes] == [45, 22.5, 11.25]


def test_printed_contrast_is_that_of_the_press() -> None:
    """Black on paper is near the 18:1 of a good print, yellow on white is hopeless, overprint adds to its ground."""
    assert 14 < (printed_contrast(TEXT) or 0) < 21
    assert (printed_contrast(TEXT._replace(inks=(0, 0, 100, 0))) or 9) < 1.5
    plain, over = (printed_contrast(TEXT._replace(ground=ACCENT, overprint=over)) or 0 for over in (False, True))
    assert over > plain


def test_the_preflight_of_real_pieces_is_written_down(pressed: Press) -> None:
    for name in ("poster", "trifold", "flyer"):
        found = file_of(pressed[name], "pdf").preflight
        assert found is not None
        assert found["result"] == "passed"
        assert found["fonts"] == 0
        assert max(found["ink_percent"]) <= 251
        assert found["text_mm"] >= found["text_least_mm"] * 0.985
        assert found["margin_mm"] >= 5
        assert found["contrast_printed"] >= 3 <= found["contrast_shown"]
        assert found["text_lines"] > 5
        assert "印前检查 通过：总墨量" in in_words(found)
