"""One command makes a whole pack: everything it says is there is there, and every run gives the same bytes."""

import hashlib
import json
import os
import re
import shutil
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from PIL import Image
from pptx import Presentation

from generator.library import Library
from generator.typesetting import qr
from tests.command import REPOSITORY, Pack, made, pdf_text, rtf_lines, run, run_apart, squeezed, sums
from tests.conftest import Packs
from tests.content import ADDRESS, BANK, SCAM, SCHOOL, STATION

AUDIENCES = ("school", "bank", "station")
USES = {"print", "office", "screen", "led", "edit", "text", "data"}
HEAD = ["schema", "generator", "audience", "date", "files", "problems"]
KEYS = {
    "path",
    "material",
    "format",
    "use",
    "title",
    "bytes",
    "sha256",
    "key",
    "pages",
    "trim_mm",
    "bleed_mm",
    "pixels",
    "content",
    "text",
    "piece",
    "preview",
    "outline",
    "scale",
    "preflight",
    "order",
}
WORDED = ("pdf", "pptx", "docx", "text", "caption", "txt")
"""Formats that are read: the manifest says what is in them."""
HELPFUL = ("poster", "trifold", "flyer", "handbook", "board", "tall-board", "roll-up", "x-stand", "tip-card")
"""Materials that say whom to call; a banner or a couplet has no room for it."""
PRINTED = ("poster", "trifold", "flyer")
"""Materials of which each piece is a file for the shop, one for the office printer and a picture of each page."""

each_audience = pytest.mark.parametrize("audience", AUDIENCES)


@cache
def text_of(path: Path) -> str:
    return pdf_text(path)


def pdfs(pack: Pack) -> list[dict[str, Any]]:
    return pack.of(format="pdf")


def readable(pack: Pack) -> list[dict[str, Any]]:
    """PDFs with live text: what goes to the shop is outlined, and was read before it was."""
    return [entry for entry in pdfs(pack) if entry["use"] != "print"]


# ---- what comes out ----------------------------------------------------------------------------------


@each_audience
def test_one_command_makes_a_pack_of_at_least_25_files(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    assert (pack.ran.code, pack.ran.json["result"]) == (0, "made")
    assert not [problem for problem in pack.ran.problems if problem["severity"] == "error"]
    assert len(sums(pack.folder)) >= 25
    posters = {entry["piece"] for entry in pack.of(material="poster")}
    assert len(posters) >= 5
    assert {entry["material"] for entry in pack.files if "piece" in entry} >= {
        "poster", "trifold", "flyer", "led", "led-guide", "deck",
    }  # fmt: skip


@each_audience
def test_the_pack_is_sorted_by_who_gets_it(packs: Packs, audience: str) -> None:
    tops = {path.name for path in packs(audience).folder.iterdir()}
    assert tops >= {
        "总览.html", "发广告公司", "发广告公司.zip", "自己打印", "发微信", "发微信.zip", "LED", "课件", "manifest.json",
    }  # fmt: skip


@each_audience
def test_the_manifest_has_every_file_with_its_size_and_sum_and_no_other(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    said = {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in pack.files}
    there = {
        path.relative_to(pack.folder).as_posix(): (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in pack.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert said == there


@each_audience
def test_the_manifest_is_as_designed(packs: Packs, library: Library, audience: str) -> None:
    pack = packs(audience)
    manifest = pack.manifest
    assert [key for key in manifest if key not in ("contact", "campaign")] == HEAD
    assert (manifest["schema"], manifest["audience"]) == (1, audience)
    newest = library.newest_review()
    assert newest
    assert manifest["date"] == newest.isoformat()
    for entry in pack.files:
        assert set(entry) <= KEYS, entry["path"]
        assert entry["use"] in USES, entry["path"]
        assert not [key for key, value in entry.items() if value in (None, "", [])], entry["path"]
        if "piece" in entry:
            assert re.fullmatch("[0-9a-f]{64}", entry["key"]), entry["path"]
            if entry["format"] in WORDED:
                assert entry["text"], entry["path"]
    known = {*library.sources}
    assert {item for entry in pack.files for item in entry.get("content", ())} <= known


@each_audience
def test_pages_sizes_and_pixels_are_those_of_the_files(packs: Packs, audience: str) -> None:
    import pypdfium2

    pack = packs(audience)
    for entry in pdfs(pack):
        document = pypdfium2.PdfDocument(pack.path(entry))
        assert len(document) == entry["pages"], entry["path"]
        if entry["use"] == "print":
            for page in document:
                left, bottom, right, top = page.get_trimbox()
                mm = entry.get("scale", 1) / 72 * 25.4
                trim = [(right - left) * mm, (top - bottom) * mm]
                assert trim == pytest.approx(entry["trim_mm"], abs=0.06), entry["path"]
                outer, bleed = page.get_bleedbox(), entry["bleed_mm"]
                edges = [(a - b) * mm for a, b in zip(outer, (left, bottom, right, top), strict=True)]
                assert edges == pytest.approx([-bleed, -bleed, bleed, bleed], abs=0.06), entry["path"]
        document.close()
    for entry in pack.files:
        if "pixels" in entry:
            with Image.open(pack.path(entry)) as picture:
                assert list(picture.size) == entry["pixels"], entry["path"]
    assert {entry["pixels"][0] for entry in pack.of(use="screen", format="png")} == {900, 1080}


@each_audience
def test_every_printed_piece_comes_for_the_shop_the_office_and_wechat(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    for piece in {entry["piece"] for material in PRINTED for entry in pack.of(material=material)}:
        uses = [entry["use"] for entry in pack.of(piece=piece)]
        assert sorted(set(uses)) == ["office", "print", "screen"], piece
        pages = next(entry["pages"] for entry in pack.of(piece=piece) if entry["use"] == "print")
        assert uses.count("screen") == pages, piece


# ---- what it says ------------------------------------------------------------------------------------


@each_audience
def test_the_text_of_every_pdf_can_be_read_back(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    for entry in readable(pack):
        found = bare(text_of(pack.path(entry)))
        lost = [text for text in entry["text"] if bare(squeezed(text)) not in found]
        assert not lost, entry["path"]


def test_proofs_of_a_book_lie_in_a_folder_in_reading_order(packs: Packs) -> None:
    proofs = sorted(entry["path"] for entry in packs("bank").of(material="handbook", format="jpg"))
    firsts = [int(re.findall(r"_(\d+)-\d+_", path)[0]) for path in proofs]
    assert firsts == list(range(1, 4 * len(proofs), 4))
    assert len(firsts) > 4


def bare(text: str) -> str:
    """Without lines to write on, the marks that the end of a headline's line stands in for, and those that are read out
    of order: quotation marks, which are set half a square wide, and what ends a line that stands on its head."""
    return re.sub("[_“”‘’,、;。?!]", "", text)


def said_of(library: Library, item: str, audience: str) -> list[set[str]]:
    """What a page that holds ``item`` must show: one text of each set. Taken from the library, not the manifest."""
    kind, _, id = item.partition("/")
    lineage = library.audiences[audience].lineage
    if kind == "scams":
        scam = library.scams[id].said_to(lineage)
        return [{scam.name, *scam.headline}, *({line} for line in scam.headline)]
    if kind == "rules":
        return [{text for text in (row.text, row.short) if text} for row in library.rules[id].items]
    if kind == "slogans":
        slogan = library.slogans[id]
        return [{text for text in (slogan.slogan, slogan.short) if text}]
    if kind == "controllers":
        return [{library.controllers[id].name}, {library.controllers[id].software}]
    if kind == "cards":
        return [{line} for line in library.cards[id].headline]
    if kind == "couplets":
        return [{one.upper, one.lower, one.over} for one in library.couplets if one.upper == id]
    if kind == "documents":
        return [{library.documents[id].name}]
    if kind == "cases":
        return [{line} for line in (*library.cases[id].story, library.cases[id].lesson)]
    return [{line} for jingle in library.jingles if jingle.name == id for line in jingle.lines]


@each_audience
def test_every_pdf_holds_the_content_that_the_manifest_says(packs: Packs, library: Library, audience: str) -> None:
    pack = packs(audience)
    for entry in readable(pack):
        found = bare(text_of(pack.path(entry)))
        assert entry["content"], entry["path"]
        for item in entry["content"]:
            if item.startswith("documents/"):
                continue
            wanted = said_of(library, item, audience)
            assert wanted, item
            lost = [texts for texts in wanted if not any(bare(squeezed(text)) in found for text in texts)]
            # Beyond posters and leaflets a piece may show a part of an item: a name, a step, a verse.
            assert not lost or (entry["material"] not in PRINTED and entry["text"]), (entry["path"], item)


@each_audience
def test_every_deck_tells_the_content_that_the_manifest_says(packs: Packs, library: Library, audience: str) -> None:
    entries = packs(audience).of(format="pptx")
    assert len(entries) == len(library.audiences[audience].deck)
    for entry, choice in zip(entries, library.audiences[audience].deck, strict=True):
        told = squeezed("".join(entry["text"]))
        listeners = library.find("audiences", choice.told_to or audience)
        assert listeners
        assert {item.partition("/")[0] for item in entry["content"]} >= {"scams"}
        for item in entry["content"]:
            wanted = said_of(library, item, listeners)
            assert all(any(squeezed(text) in told for text in texts) for texts in wanted), (entry["path"], item)


@each_audience
def test_every_print_file_tells_where_to_get_help(packs: Packs, audience: str) -> None:
    printed = [entry for entry in packs(audience).of(use="print", format="pdf") if entry["material"] in HELPFUL]
    assert {entry["material"] for entry in printed} >= set(PRINTED)
    for entry in printed:
        found = squeezed("".join(entry["text"]))
        assert "96110" in found, entry["path"]
        assert "110" in found.replace("96110", ""), entry["path"]


@each_audience
def test_no_file_says_a_word_that_its_readers_must_not_see(packs: Packs, library: Library, audience: str) -> None:
    for entry in packs(audience).files:
        said = "\n".join((entry.get("title", ""), *entry.get("text", ())))
        assert not [word for word in library.audiences[audience].avoid if word in said], entry["path"]


@each_audience
def test_the_slogans_for_the_screen_are_the_same_in_every_file(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    folder = pack.folder / "LED"
    slogans = pack.led_text()
    assert len(slogans) > 10
    gbk, utf8 = ((folder / "文本文件" / f"LED标语_{name}.txt").read_bytes() for name in ("GBK", "UTF8"))
    assert gbk.decode("gbk").split("\r\n") == slogans
    assert utf8.startswith(b"\xef\xbb\xbf")
    assert utf8.decode("utf-8-sig").split("\r\n") == slogans
    assert rtf_lines(folder / "文本文件" / "LED标语.rtf") == slogans
    pictures = sorted((folder / "strip-192x16").iterdir())
    assert 10 < len(pictures) <= len(slogans)
    shown = [entry["text"] for entry in pack.files if entry["path"].endswith(".bmp")]
    assert shown == [[text] for text in slogans[: len(pictures)]]
    for path in pictures:
        with Image.open(path) as picture:
            lit = picture.convert("L").histogram()[255]
            assert (picture.height, picture.width % 16) == (16, 0), path.name
            assert lit > 50, path.name


@each_audience
def test_the_decks_open_with_their_lectures_in_the_notes(packs: Packs, library: Library, audience: str) -> None:
    entries = packs(audience).of(format="pptx")
    lectures = {lecture.title for lecture in library.audiences[audience].deck}
    assert len(entries) == len(lectures)
    for entry in entries:
        deck = Presentation(str(packs(audience).path(entry)))
        assert len(deck.slides) == entry["pages"] >= 12
        assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
        shown = squeezed("".join(shape.text_frame.text for slide in deck.slides for shape in slide.placeholders))
        said = squeezed("".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides))
        assert len(said) > 1000
        assert any(all(part in shown for part in squeezed(title).split(":")) for title in lectures)
        for text in entry["text"]:
            assert squeezed(text) in shown + said, text
        assert all(slide.has_notes_slide for slide in deck.slides)


@each_audience
def test_the_overview_links_every_piece_and_needs_no_network(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    page = (pack.folder / "总览.html").read_text(encoding="utf-8")
    linked = {unquote(link) for link in re.findall(r'(?:href|src)="([^"#]+)"', page)}
    assert not [link for link in linked if "://" in link or link.startswith("/")]
    assert all((pack.folder / link).exists() for link in linked)
    pieces = {entry["piece"] for entry in pack.files if "piece" in entry}
    for piece in pieces:
        assert linked & {entry["path"] for entry in pack.of(piece=piece)}, piece


@each_audience
def test_the_zip_for_the_shop_is_the_folder_for_the_shop(packs: Packs, audience: str) -> None:
    pack = packs(audience)
    with zipfile.ZipFile(pack.folder / "发广告公司.zip") as archive:
        packed = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert packed == sums(pack.folder / "发广告公司")


def test_each_pack_is_of_one_family_and_the_three_are_different(packs: Packs, library: Library) -> None:
    """Every poster wears colours of its audience's theme, and none that another theme has for itself."""
    worn = {
        audience: {colour.rgb for colour in library.themes[library.audiences[audience].theme].colours.values()}
        for audience in AUDIENCES
    }
    for audience in AUDIENCES:
        others = set().union(*(colours for name, colours in worn.items() if name != audience)) - worn[audience]
        mine = [bytes.fromhex(colour[1:]) for colour in worn[audience]]
        others = {colour for colour in others if not is_among(colour, mine, 8)}
        own = worn[audience] - set().union(*(colours for name, colours in worn.items() if name != audience))
        for entry in packs(audience).of(use="screen", material="poster"):
            seen = large_colours(packs(audience).path(entry))
            assert sum(is_among(colour, seen) for colour in own) >= 2, entry["path"]
            assert not [colour for colour in others if is_among(colour, seen)], entry["path"]


def is_among(colour: str, seen: list[bytes], give: int = 2) -> bool:
    """Whether #RRGGBB was seen, ``give`` or take what a picture's palette changes."""
    wanted = bytes.fromhex(colour[1:])
    return any(all(abs(a - b) <= give for a, b in zip(wanted, other, strict=True)) for other in seen)


def large_colours(path: Path) -> list[bytes]:
    """The colours that cover at least 2 % of a picture."""
    with Image.open(path) as picture:
        few = picture.convert("RGB").resize((216, 293), Image.Resampling.NEAREST)
    counted: list[tuple[int, Any]] = few.getcolors(216 * 293) or []
    return [bytes(colour) for count, colour in counted if count > 216 * 293 / 50]


# ---- the same bytes ----------------------------------------------------------------------------------

NEXT_CENTURY = """
import datetime as calendar, time
from generator import cli
fixed = 4102444799.0 + 2  # just after midnight, 1 January 2100
time.time = lambda: fixed
gm, local = time.gmtime, time.localtime
time.gmtime = lambda at=None: gm(fixed if at is None else at)
time.localtime = lambda at=None: local(fixed if at is None else at)
class Later(calendar.datetime):
    @classmethod
    def now(cls, zone=None):
        return cls(2100, 1, 1, 0, 0, 1, tzinfo=zone)
cli.datetime = Later
"""


@pytest.fixture(scope="module")
def another_century(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packs made by another process: other day, zone, language, hash seed, folder, working directory."""
    home = tmp_path_factory.mktemp("另一个 文件夹")
    ran = run_apart(
        "--audience", "school,station", "--root", original, "--output", home / "输 出", "--json",
        cwd=home, code=NEXT_CENTURY, PYTHONHASHSEED="7", TZ="America/New_York", LANG="C", LC_ALL="C",
    )  # fmt: skip
    assert ran.code == 0, ran.said + ran.complained
    overdue = [problem for problem in ran.problems if problem["code"] == "past-review"]
    assert overdue, "the clock was not turned"
    return home / "输 出"


@pytest.mark.parametrize("audience", ["school", "station"])
def test_a_run_on_another_day_in_another_folder_gives_the_same_bytes(
    packs: Packs, another_century: Path, audience: str
) -> None:
    assert sums(another_century / audience) == sums(packs(audience).folder)


def test_a_second_run_writes_nothing_anew(original: Path, packs: Packs, tmp_path: Path) -> None:
    shutil.copytree(packs("bank").folder, tmp_path / "bank")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "bank").rglob("*") if path.is_file()}
    again = made(original, "bank", "--output", tmp_path)
    (record,) = again.ran.json["packs"]
    assert (again.ran.code, record["written"], record["removed"], record["kept_edits"]) == (0, [], [], [])
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "bank").rglob("*") if path.is_file()} == before


# ---- one more line -----------------------------------------------------------------------------------

SLOGAN = "一条新标语"


@pytest.fixture(scope="module")
def with_slogan(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The school's pack after ``- 一条新标语`` was added at the end of the slogans."""
    project = tmp_path_factory.mktemp("slogan") / "project"
    shutil.copytree(original, project, symlinks=True, ignore=shutil.ignore_patterns("output"))
    with (project / "content" / "slogans.yaml").open("a", encoding="utf-8") as file:
        file.write(f"- {SLOGAN}\n")
    return made(project, "school")


def test_a_new_slogan_is_on_the_screen_and_among_the_headlines(with_slogan: Pack, packs: Packs) -> None:
    assert with_slogan.ran.code == 0
    assert with_slogan.led_text() == [*packs("school").led_text(), SLOGAN]
    page = (with_slogan.folder / "总览.html").read_text(encoding="utf-8")
    assert f"<li>{SLOGAN}</li>" in page
    assert f"<li>{SLOGAN}</li>" not in (packs("school").folder / "总览.html").read_text(encoding="utf-8")


def test_a_new_slogan_touches_nothing_else(with_slogan: Pack, packs: Packs) -> None:
    before, after = sums(packs("school").folder), sums(with_slogan.folder)
    assert not set(before) - set(after)
    changed = {path for path in after if after[path] != before.get(path)}
    # A screen's loop is full before the last slogan's turn.
    assert changed == {
        "LED/LED标语_复制用.txt", "LED/文本文件/LED标语.rtf", "LED/文本文件/LED标语_GBK.txt",
        "LED/文本文件/LED标语_UTF8.txt", "LED/文本文件/LED标语_连成一行_GBK.txt", "总览.html", "manifest.json",
        # What is shown is approved and reviewed sentence by sentence.
        "文书/电子屏内容发布审批单.docx", "文书/电子屏内容发布审批单.pdf",
        "文书/内容送审稿.docx", "文书/内容送审稿.pdf",
    }  # fmt: skip


# ---- who signs ---------------------------------------------------------------------------------------


def add_contact(project: Path, name: str, text: str) -> None:
    folder = project / "content" / "contacts"
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    if "标志" in text:
        Image.new("RGB", (400, 160), "#C00000").save(folder / "标志.png")


def codes_in(pack: Pack, entry: dict[str, Any]) -> list[str]:
    """The QR codes of a file, read at the resolution of a phone's picture of it."""
    import pypdfium2

    if entry["format"] == "png":
        with Image.open(pack.path(entry)) as picture:
            return qr.read(picture)
    document = pypdfium2.PdfDocument(pack.path(entry))
    found = [text for page in document for text in qr.read(page.render(scale=1000 / page.get_width()).to_pil())]
    document.close()
    return found


@pytest.mark.slow
def test_every_qr_code_of_a_signed_pack_can_be_scanned(small: Path) -> None:
    add_contact(small, "云岭所", STATION)
    pack = made(small, "station", "--contact", "云岭所", folder="station/云岭所")
    assert pack.ran.code == 0, pack.ran.problems
    for entry in [*pdfs(pack), *pack.of(use="screen", format="png")]:
        found = codes_in(pack, entry)
        assert set(found) <= {ADDRESS}, entry["path"]
        # A leaflet has its code on one of its two sides; a poster in parts has it on one of them.
        whole = entry["material"] in PRINTED and "拼贴" not in entry["path"]
        assert found or not whole or re.search("[正反]面", entry["title"]), entry["path"]
    for material in PRINTED:
        assert any(codes_in(pack, entry) for entry in pack.of(material=material, use="screen")), material


@pytest.mark.slow
@pytest.mark.parametrize(
    ("audience", "unit"),
    [(name, f"样例{said}") for name, said in (
        ("station", "派出所"), ("bank", "银行"), ("school", "学校"), ("community", "社区"), ("enterprise", "企业"),
    )],
)  # fmt: skip
def test_every_piece_can_be_made_for_the_sample_unit(audience: str, unit: str) -> None:
    """What a new user tries first: his audience with the unit that comes with it, on paper and on screens."""
    ran = run("check", "--root", REPOSITORY, "--audience", audience, "--contact", unit, "--json")
    assert (ran.code, [problem for problem in ran.problems if problem["severity"] == "error"]) == (0, [])


@pytest.mark.slow
def test_a_sample_unit_marks_every_page_and_every_file(small: Path) -> None:
    import pypdfium2

    pack = made(small, "school", "--contact", "样例学校", folder="school/样例学校")
    assert pack.ran.code == 0
    mark = squeezed("样张 请勿印刷")
    for entry in readable(pack):
        if "拼贴" in entry["path"]:  # the mark lies across the parts
            continue
        document = pypdfium2.PdfDocument(pack.path(entry))
        for page in document:
            assert mark in squeezed(page.get_textpage().get_text_range()), entry["path"]
        document.close()
    (entry,) = pack.of(format="pptx")
    for number, slide in enumerate(Presentation(str(pack.path(entry))).slides, 1):
        shown = squeezed("".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame))
        assert mark in shown, f"slide {number}"
    for entry in pack.of(material="led", use="text"):
        assert any("样张" in text for text in entry["text"]), entry["path"]
    assert "样张 请勿印刷" in (pack.folder / "总览.html").read_text(encoding="utf-8")


def test_without_a_real_unit_nobody_signs(packs: Packs) -> None:
    pack = packs("school")
    assert "contact" not in pack.manifest
    assert "××" not in "".join(text_of(pack.path(entry)) for entry in pdfs(pack))


FLYER = ("--only", "宣传单")
QUICK = ("--only", "LED标语")


def signed_by(project: Path, *arguments: str, audience: str = "school") -> Pack:
    return made(project, audience, *FLYER, *arguments)


def test_the_only_real_unit_signs_by_itself(small: Path) -> None:
    add_contact(small, "实验中学", SCHOOL)
    pack = signed_by(small)
    assert (pack.ran.code, pack.manifest["contact"]) == (0, "实验中学")
    assert all("青山市云岭区实验中学" in pdf_text(pack.path(entry)) for entry in readable(pack))


def test_of_two_real_units_neither_signs_by_itself(small: Path) -> None:
    add_contact(small, "实验中学", SCHOOL)
    add_contact(small, "第二中学", SCHOOL.replace("实验中学", "第二中学"))
    pack = signed_by(small)
    assert pack.ran.code == 0
    assert "contact" not in pack.manifest
    assert "云岭区" not in "".join(pdf_text(pack.path(entry)) for entry in pdfs(pack))


def test_all_real_units_sign_a_pack_of_their_own_each(small: Path) -> None:
    add_contact(small, "实验中学", SCHOOL)
    add_contact(small, "第二中学", SCHOOL.replace("实验中学", "第二中学"))
    ran = signed_by(small, "--contact", "all").ran
    packs = [Pack(Path(pack["path"]), ran) for pack in ran.json["packs"]]
    names = ("实验中学", "第二中学")
    assert [pack.folder for pack in packs] == [small / "output" / "school" / name for name in names]
    for pack, own, other in zip(packs, names, reversed(names), strict=True):
        for entry in readable(pack):
            assert own in pdf_text(pack.path(entry))
            assert other not in pdf_text(pack.path(entry))


def test_a_bank_signs_a_schools_pack_with_its_name_alone(small: Path) -> None:
    add_contact(small, "青山银行", BANK)
    for audience, is_plain in (("bank", False), ("school", True)):
        ran = signed_by(small, "--contact", "青山银行", audience=audience).ran
        pack = Pack(small / "output" / audience / "青山银行", ran)
        assert ran.code == 0
        (office,) = pack.of(use="office")
        text = pdf_text(pack.path(office))
        assert "青山银行股份有限公司云岭支行" in text
        services = ["95599" in text, "0553-8123777" in text, ADDRESS in codes_in(pack, office), _has_red(pack)]
        assert services == [not is_plain] * 4, audience


def _has_red(pack: Pack) -> bool:
    """Whether the red plate of the logo is on a page."""
    for entry in pack.of(use="screen"):
        with Image.open(pack.path(entry)) as picture:
            colours = picture.convert("RGB").getcolors(1 << 22) or []
            if sum(count for count, colour in colours if colour == (0xC0, 0, 0)) > 500:
                return True
    return False


# ---- what goes wrong on the way ----------------------------------------------------------------------


def test_an_edited_deck_survives(small: Path) -> None:
    pack = made(small, "school", "--only", "课件")
    deck = pack.folder / "课件" / "课件.pptx"
    edited = Presentation(str(deck))
    edited.slides[0].shapes.title.text_frame.text = "王老师改过的标题"
    edited.save(str(deck))
    mine = deck.read_bytes()
    campaign = made(small, "school", "--only", "课件", "--campaign", "开学季")
    assert campaign.ran.code == 0
    assert deck.read_bytes() == mine
    beside = deck.with_name("课件_新.pptx")
    assert "王老师" not in "".join(s.text_frame.text for s in Presentation(str(beside)).slides[0].placeholders)
    (record,) = campaign.ran.json["packs"]
    assert record["kept_edits"] == [["课件/课件.pptx", "课件/课件_新.pptx"]]
    assert [problem["code"] for problem in campaign.ran.problems] == ["edited-file"]


def test_a_file_held_open_rolls_the_whole_pack_back(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(small, "school", *QUICK)
    before = sums(small / "output")
    locked = first.folder / "LED" / "播放表" / "strip-192x16.txt"
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if locked in (Path(source), Path(target)):
            raise PermissionError(13, "The process cannot access the file", str(source))
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        again = made(small, "school", *QUICK, "--campaign", "开学季", "--date", "2027-01-01")
    assert (again.ran.code, again.ran.json["result"]) == (3, "not-written")
    assert "请先关闭 WPS 中打开的《strip-192x16.txt》" in again.ran.problems[-1]["message"]
    assert sums(small / "output") == before
    assert made(small, "school", *QUICK, "--date", "2027-01-01").ran.code == 0


def test_a_folder_where_nothing_can_be_written_leaves_all_as_it_was(small: Path) -> None:
    (small / "output").mkdir()
    (small / "output" / "school").write_text("a file where the pack must be")
    ran = made(small, "school", "--only", "LED标语").ran
    assert ran.code == 3
    assert [path.name for path in (small / "output").iterdir()] == ["school"]


def test_missing_fonts_are_told_before_anything_is_made(small: Path) -> None:
    (small / "fonts").rename(small / "typefaces")
    ran = made(small, "school", *QUICK).ran
    assert ran.code == 1
    assert {problem["code"] for problem in ran.problems} == {"missing-file"}
    assert {"fonts/NotoSansSC_900Black.ttf", "fonts/unifont-16.hex"} <= {problem["file"] for problem in ran.problems}
    assert not (small / "output").exists()


def test_one_bad_piece_is_withheld_and_the_rest_delivered(small: Path) -> None:
    scam = small / "content" / "scams" / "刷单返利.yaml"
    scam.write_text(SCAM, encoding="utf-8")
    first = made(small, "station", "--only", "海报,LED标语", "--focus", "刷单返利")
    assert first.ran.code == 0
    old = {entry["path"]: first.path(entry).read_bytes() for entry in first.of(piece="poster/刷单返利")}
    long = SCAM.replace("拉群做大任务，垫的钱越来越多", "拉群做大任务，垫的钱越来越多，" * 12)
    scam.write_text(long, encoding="utf-8")
    line = SCAM[: SCAM.index("拉群做大任务")].count("\n") + 1

    again = made(small, "station", "--only", "海报,LED标语", "--focus", "刷单返利")

    assert (again.ran.code, again.ran.json["result"]) == (1, "problems")
    (record,) = again.ran.json["packs"]
    assert record["withheld"] == ["海报·刷单返利"]
    (problem,) = again.ran.problems
    where = ("error", "overflow", "content/scams/刷单返利.yaml", line, "poster/刷单返利")
    assert tuple(problem[key] for key in ("severity", "code", "file", "line", "piece")) == where
    assert again.manifest["problems"][0]["message"] == problem["message"]
    assert not again.of(piece="poster/刷单返利")
    for path, data in old.items():
        assert not (again.folder / path).exists()
        assert (again.folder / "旧版" / path).read_bytes() == data
    rest = {entry["path"]: entry["sha256"] for entry in first.files if "piece" in entry and entry["path"] not in old}
    assert {entry["path"]: entry["sha256"] for entry in again.files if "piece" in entry} == rest
    assert "没有做出来" in (again.folder / "总览.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(again.folder / "发广告公司.zip") as archive:
        assert not [name for name in archive.namelist() if "刷单返利" in name]


def test_a_broken_template_withholds_its_own_pieces_alone(small: Path) -> None:
    (small / "templates" / "flyer" / "main.typ").write_text("#let x = \n#unknown-name\n", encoding="utf-8")
    pack = made(small, "school", "--only", "宣传单,LED标语")
    assert pack.ran.code == 1
    assert [problem["code"] for problem in pack.ran.problems] == ["template"]
    assert "templates/flyer/main.typ" in json.dumps(pack.ran.problems, ensure_ascii=False)
    assert pack.led_text()
    assert not pack.of(material="flyer")


# ---- options that change what is said ----------------------------------------------------------------


def test_the_edition_is_the_date_asked_for_then_the_campaigns(small: Path) -> None:
    campaign = small / "content" / "campaigns" / "开学季.yaml"
    campaign.write_text(campaign.read_text(encoding="utf-8") + "版本日期: 2026-09-01\n", encoding="utf-8")
    flyer = made(small, "school", *FLYER, "--campaign", "开学季")
    assert flyer.manifest["date"] == "2026-09-01"
    for entry in readable(flyer):
        found = pdf_text(flyer.path(entry))
        assert "版本2026-09-01" in found
        assert "开学第一课反诈进校园" in found
    named = made(small, "school", *QUICK, "--campaign", "开学季", "--date", "2026-08-31")
    assert named.manifest["date"] == date(2026, 8, 31).isoformat()


def test_a_focus_scam_comes_first(project: Path, library: Library) -> None:
    first, *_, last = library.audiences["school"].scams
    pack = made(project, "school", *FLYER, "--focus", last)
    (flyer,) = pack.of(use="print", format="pdf")
    assert flyer["content"][:2] == [f"scams/{last}", f"scams/{first}"]
