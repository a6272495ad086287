"""Whatever people put into content/: a clear problem at the right line and nothing written, or printed as typed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation

from tests import content
from tests.command import Files, Pack, made, pdf_text, rtf_lines, squeezed, sums

SLOGANS = "content/slogans.yaml"
SCAM = "content/scams/刷单返利.yaml"
CASE = "content/cases/点赞返钱的群.yaml"
SCHOOL = "content/contacts/样例学校.yaml"
OWN = {SCAM: content.SCAM, CASE: content.CASE}
"""What these files say before they are edited."""

QUICK = ("--only", "LED标语")
"""The quickest piece: what is wrong with shared content stops it like any other."""

Edit = Callable[[bytes], bytes]


def add(text: str) -> Edit:
    """``text`` at the end of the file."""
    return lambda data: data + text.encode()


def change(old: str, new: str) -> Edit:
    """The first ``old`` becomes ``new``."""

    def changed(data: bytes) -> bytes:
        assert old.encode() in data, f"no {old} in the file"
        return data.replace(old.encode(), new.encode(), 1)

    return changed


def whole(text: str | bytes) -> Edit:
    """The file says ``text`` and nothing else."""
    return lambda _: text if isinstance(text, bytes) else text.encode()


def line_of(data: bytes, marked: bytes) -> int:
    assert marked in data, f"no {marked!r} in the file"
    return data[: data.index(marked)].count(b"\n") + 1


@dataclass(frozen=True)
class Odd:
    """One kind of odd content: the file, what is done to it, the code of its problem, what stands on the line."""

    what: str
    file: str
    edit: Edit
    code: str
    at: str | bytes = ""

    def put(self, project: Path) -> int:
        """Edit the file; the line where the problem must be."""
        path = project / self.file
        if self.file in OWN:
            path.write_text(OWN[self.file], encoding="utf-8")
        data = self.edit(path.read_bytes() if path.exists() else b"")
        path.write_bytes(data)
        at = self.at.encode() if isinstance(self.at, str) else self.at
        return line_of(data, at) if at else 1


BOMB = "- &a 哈哈\n" + "".join(f"- &{b} [{','.join(f'*{a}' * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))


def steps_in_a_sentence(data: bytes) -> bytes:
    """The steps of the trick as one sentence."""
    return re.sub("骗术步骤:\n(  .*\n)+".encode(), "骗术步骤: 先骗后跑\n".encode(), data, count=1)


ERRORS = (
    Odd("a full-width colon", SLOGANS, add("- 标语：全角冒号\n"), "wide-colon", "全角冒号"),
    Odd("a colon without its space", SLOGANS, add("- 标语:没有空格\n"), "missing-space", "没有空格"),
    Odd("a dash without its space", SLOGANS, add("-没有空格的标语\n"), "missing-space", "没有空格"),
    Odd("a full-width dash", SLOGANS, add("－ 全角短横\n"), "wide-dash", "全角短横"),
    Odd("an indented dash", SLOGANS, add("- 上一条标语\n  - 缩进的标语\n"), "swallowed-line", "缩进的标语"),
    Odd("a topic with a hash", SLOGANS, add("- 反诈 #话题\n"), "cut-by-hash", "#话题"),
    Odd("a word in quotes at the start", SLOGANS, add('- "全民"你我同行\n'), "needs-quotes", '"全民"你我同行'),
    Odd("an at sign at the start", SLOGANS, add("- @所有人 警惕诈骗\n"), "needs-quotes", "@所有人"),
    Odd("a bracket at the start", SLOGANS, add("- [紧急]快看看\n"), "needs-quotes", "[紧急]"),
    Odd("a brace at the start", SLOGANS, add("- {{名称}}提醒您\n"), "needs-quotes", "{{名称}}"),
    Odd("a percent sign at the start", SLOGANS, add("- %50的人上当\n"), "needs-quotes", "%50"),
    Odd("an asterisk at the start", SLOGANS, add("- *重要*提醒\n"), "needs-quotes", "*重要"),
    Odd("an ampersand at the start", SLOGANS, add("- &重要 提醒\n"), "needs-quotes", "&重要"),
    Odd("an open quote", SLOGANS, add('- "没有后一半的引号\n'), "open-quote", "没有后一半"),
    Odd("an alias bomb", SLOGANS, whole(BOMB), "anchor", "&a"),
    Odd("a tag that would run a program", SLOGANS, add('- !!python/object/apply:os.system ["id"]\n'), "tag", "!!pyth"),
    Odd("two documents", SLOGANS, add("---\n- 另一份\n"), "documents", "---\n"),
    Odd("nesting without end", SLOGANS, add("- " + "[" * 500 + "]" * 500 + "\n"), "too-deep", "[["),
    Odd("a NUL", SLOGANS, add("- 空\0字符\n"), "control-character", b"\0"),
    Odd("bad UTF-8", SLOGANS, lambda data: data + b"- \xe5\xe5\xff\xfe\n", "encoding", b"\xe5\xe5\xff"),
    Odd("30 MB", SLOGANS, whole(b"- \xe5\xa5\xbd\n" * 5_000_000), "too-large"),
    Odd("a tab", SCAM, change("  - 在校学生", "\t- 在校学生"), "tab-indent", "\t- 在校学生"),
    Odd("a full-width space", SCAM, change("  - 待业青年", "\u3000\u3000- 待业青年"), "wide-space", "待业青年"),
    Odd("a merge key", SCHOOL, add("<<: 样例\n"), "merge-key", "<<:"),
    Odd("a key twice", SCAM, add("口诀: 又写一遍\n"), "duplicate-key", "又写一遍"),
    Odd("a key in two languages", SCAM, add("jingle: 又写一遍\n"), "duplicate-key", "jingle"),
    Odd("an unknown key", SCAM, change("口诀:", "口决:"), "unknown-key", "口决:"),
    Odd("a missing key", SCAM, change("副标题:", "# 副标题:"), "missing-key", "名称:"),
    Odd("text where a list must be", SCAM, steps_in_a_sentence, "wrong-form", "先骗后跑"),
    Odd("a day that does not exist", SCAM, change("审核日期: 2026-11", "审核日期: 2026-13"), "day", "2026-13"),
    Odd("a day of another time", SCAM, change("审核日期: 2026", "审核日期: 1026"), "day", "1026"),
    Odd("an unknown scam", SLOGANS, add("- 标语: 别信它\n  骗术: 不存在的骗术\n"), "unknown-name", "不存在的骗术"),
    Odd("an unknown audience", SLOGANS, add("- 标语: 别信它\n  对象: 火星人\n"), "unknown-name", "火星人"),
    Odd("an unknown scene", SCAM, change("场景: hook-phone", "场景: hook-fone"), "unknown-name", "hook-fone"),
    Odd("an unknown theme", "content/audiences/bank.yaml", change("主题样式: bank-green", "主题样式: 绿色"),
        "unknown-name", "主题样式: 绿色"),
    Odd("a circle of audiences", "content/audiences/school.yaml", change("继承: 无", "继承: 小学"),
        "inheritance-cycle", "继承: 小学"),
    Odd("a name used twice", "content/scams/又一种.yaml", whole(content.SCAM),
        "duplicate-name", "名称: 刷单返利"),
    Odd("a file name that Windows reserves", "content/scams/CON.yaml", whole("名称: 某某\n"), "bad-file-name"),
    Odd("a path out of the content folder", SCHOOL, add("标志: ../../../etc/passwd\n"), "picture-outside", "../../.."),
    Odd("a logo that is no picture", SCHOOL, add("标志: 样例学校.yaml\n"), "picture-format", "标志:"),
    Odd("a material that climbs out", "templates/catalogue.yaml", change("- id: deck", "- id: ../deck"),
        "bad-file-name", "../deck"),
    Odd("an unknown renderer", "templates/catalogue.yaml", change("renderer: led", "renderer: lcd"),
        "unknown-renderer", "renderer: lcd"),
    Odd("a number of nobody", SLOGANS, add("- 有事请打0553-8123456\n"), "unknown-hotline", "0553-8123456"),
    Odd("a channel for what it is not", SLOGANS, add("- 报警请拨打96110\n"), "misused-channel", "报警请拨打96110"),
    Odd("a code to anywhere", "content/contacts/一中.yaml", whole(
        content.SCHOOL + "二维码:\n  - {文字: 扫一扫, 网址: https://www.pianzi.com/}\n"), "qr-domain", "pianzi"),
    Odd("a code to a local file", "content/contacts/一中.yaml", whole(
        content.SCHOOL + "二维码:\n  - {文字: 扫一扫, 网址: file:///etc/passwd}\n"), "qr-address", "file:"),
    Odd("a sample with a real number", SCHOOL, change("号码: 0×××-××××××××", "号码: 0553-8123456"), "sample-phone",
        "0553-8123456"),
    Odd("a unit with a sample's words", SCHOOL, change("样张: 是", "样张: 否"), "placeholder", "名称: ××市××中学"),
    Odd("a name in a case", CASE, change("家人拦住了他", "民警张建国在门口拦住了他"), "identifying", "张建国"),
)  # fmt: skip


@pytest.fixture
def project(small: Path) -> Path:
    """A project of the test's own; little content is enough to be odd."""
    return small


@pytest.fixture(scope="module")
def last_pack(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with the pack of the last run."""
    output = tmp_path_factory.mktemp("last") / "output"
    assert made(small_original, "school", *QUICK, "--output", output).ran.code == 0
    return output


@pytest.mark.parametrize("odd", ERRORS, ids=lambda odd: odd.what.replace(" ", "-"))
def test_odd_content_is_a_problem_at_its_line_and_the_last_pack_survives(
    project: Path, last_pack: Path, odd: Odd
) -> None:
    before = sums(last_pack)
    line = odd.put(project)
    ran = made(project, "school", *QUICK, "--output", last_pack).ran
    assert (ran.code, ran.json["result"]) == (1, "problems")
    found = [(problem["file"], problem["line"], problem["code"]) for problem in ran.problems]
    assert (odd.file, line, odd.code) in found, found
    assert {p["severity"] for p in ran.problems if (p["line"], p["code"]) == (line, odd.code)} == {"error"}
    assert all(re.search("[\u4e00-\u9fff]", problem["message"]) for problem in ran.problems)
    assert sums(last_pack) == before
    assert not (project / "output").exists()


def test_all_problems_of_all_files_are_shown_at_once(project: Path) -> None:
    kinds = ("a topic with a hash", "an unknown key", "a merge key", "two documents")
    chosen = [odd for odd in ERRORS if odd.what in kinds]
    lines = {(odd.file, odd.put(project), odd.code) for odd in chosen}
    shown = made(project, "school", *QUICK).ran.problems
    places = [(problem["file"], problem["line"]) for problem in shown]
    assert lines <= {(problem["file"], problem["line"], problem["code"]) for problem in shown}
    assert places == sorted(places)


def test_the_corrected_line_can_be_pasted_in(project: Path) -> None:
    path = project / SLOGANS
    with path.open("a", encoding="utf-8") as file:
        file.write('- 反诈 #话题\n- "全民"你我同行\n- 标语：全角冒号\n-没有空格的标语\n')
    for problem in made(project, "school", *QUICK).ran.problems:
        lines = path.read_text(encoding="utf-8").split("\n")
        lines[problem["line"] - 1] = problem["fix"]
        path.write_text("\n".join(lines), encoding="utf-8")
    pack = made(project, "school", *QUICK)
    assert pack.ran.code == 0
    assert pack.led_text()[-4:] == ["反诈 #话题", '"全民"你我同行', "全角冒号", "没有空格的标语"]


# ---- what is read as it was meant --------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"), id="UTF-8 with BOM and CRLF"),
        pytest.param(lambda text: text.encode("gbk"), id="GBK"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16 of an old notepad"),
    ],
)
def test_a_file_from_any_notepad_gives_the_same_pack(
    project: Path, last_pack: Path, encoded: Callable[[str], bytes]
) -> None:
    path = project / SLOGANS
    path.write_bytes(encoded(path.read_text(encoding="utf-8")))
    pack = made(project, "school", *QUICK)
    assert pack.ran.code == 0
    assert without_keys(sums(pack.folder)) == without_keys(sums(last_pack / "school"))


def without_keys(files: Files) -> Files:
    return {path: sha256 for path, sha256 in files.items() if path != "manifest.json"}


TYPED = {
    "Typst": "#let x=$1$ 别信",
    "Typst markup": "*免费*_领_`码`=假",
    "Jinja": "{{7*7}}{%if 1%}骗",
    "RTF": "\\par{\\b 假}\\'41",
    "XML": "<b>&amp;</b>别信",
    "HTML script": "<script>1</script>骗",
    "quotes": '他说“转账”\'和"汇款"',
    "YAML": "名称: 骗子 # 别信",
    "number": "0553",
    "boolean": "no",
    "time": "9:30",
    "spreadsheet": "=1+1 返利",
    "file name": "../..\\CON:*?|骗",
    "long dash": "免费——最贵……",
}
"""Slogans short enough for a poster, each full of what some engine takes for its own language."""


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def printed(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A signed pack with ``TYPED`` as slogans, a scam, a rule and a unit that speak in tongues too."""
    from tests.conftest import copied

    project = copied(small_original, tmp_path_factory.mktemp("typed"))
    slogans = project / SLOGANS
    slogans.write_text("".join(f"- {quoted(text)}\n" for text in TYPED.values()), encoding="utf-8")
    for audience in (project / "content" / "audiences").glob("*.yaml"):
        text = re.sub(r"主打标语:\n(  - .*\n)+", "", audience.read_text(encoding="utf-8"))
        audience.write_text(text, encoding="utf-8")
    catalogue = project / "templates" / "catalogue.yaml"
    row = "{feed: slogan, count: "
    text = catalogue.read_text(encoding="utf-8").replace(f"{row}1,", f"{row}{len(TYPED)},")
    catalogue.write_text(text, encoding="utf-8")
    scam = content.SCAM.replace("刷单是幌子，骗钱才是目的", quoted(TYPED["Typst"]))
    scam = scam.replace("点赞关注就返几元，先给一点甜头", quoted(TYPED["Jinja"]))
    scam = scam.replace("做任务要自己先垫钱", quoted(TYPED["XML"]))
    (project / SCAM).write_text(scam, encoding="utf-8")
    (project / "content" / "contacts" / "一中.yaml").write_text(
        f"名称: 一中\n类型: 学校\n落款: {quoted('#一中 {{x}} <b>')}\n电话: 0553-8123456\n", encoding="utf-8"
    )
    return made(project, "school", "--focus", "刷单返利")


def test_text_that_looks_like_a_language_stops_nothing(printed: Pack) -> None:
    errors = [problem for problem in printed.ran.problems if problem["severity"] == "error"]
    assert (printed.ran.code, errors) == (0, [])


@pytest.mark.parametrize("kind", TYPED)
def test_a_slogan_prints_exactly_as_typed(printed: Pack, kind: str) -> None:
    text = TYPED[kind]
    folder = printed.folder / "LED"
    assert text in printed.led_text()
    assert text in (folder / "文本文件" / "LED标语_GBK.txt").read_bytes().decode("gbk").split("\r\n")
    assert text in rtf_lines(folder / "文本文件" / "LED标语.rtf")
    sheets = printed.of(use="office", title=f"海报·标语：{text}")
    posters = [entry for entry in sheets if entry["path"].endswith("_A3_办公.pdf")]
    assert len(posters) == 1, kind
    assert squeezed(text) in pdf_text(printed.path(posters[0]))


def test_a_scam_and_a_unit_print_exactly_as_typed(printed: Pack) -> None:
    wanted = [squeezed(text) for text in (TYPED["Typst"], TYPED["XML"], "#一中 {{x}} <b>")]
    for entry in printed.of(format="pdf", material="trifold", use="office"):
        found = pdf_text(printed.path(entry))
        assert squeezed(TYPED["Jinja"]) in found
        assert squeezed(TYPED["XML"]) in found
        assert wanted[2] in found
    entry = printed.of(format="pptx")[0]
    slides = Presentation(str(printed.path(entry))).slides
    shown = squeezed("".join(shape.text_frame.text for slide in slides for shape in slide.placeholders))
    assert squeezed(TYPED["Jinja"]) in shown
    assert squeezed("#一中 {{x}} <b>") in shown


def test_the_overview_shows_slogans_as_text(printed: Pack) -> None:
    page = (printed.folder / "总览.html").read_text(encoding="utf-8")
    assert "<script>1</script>" not in page
    assert "&lt;script&gt;1&lt;/script&gt;骗" in page


# ---- what only one piece cannot show -----------------------------------------------------------------


def with_slogan(project: Path, text: str, *only: str) -> tuple[Pack, int]:
    """The school's pack with one more slogan, and the slogan's line."""
    path = project / SLOGANS
    typed = path.read_text(encoding="utf-8") + f"- {text}\n"
    path.write_text(typed, encoding="utf-8")
    return made(project, "school", "--only", ",".join(only)), typed.count("\n")


@pytest.mark.parametrize("text", ["别信😀红包", "𠮷日快乐领红包", "ñ国客服来电", "１㎎也要钱\u00a0别付"])
def test_what_a_screen_cannot_show_withholds_the_texts_alone(project: Path, text: str) -> None:
    pack, line = with_slogan(project, text, "LED标语", "宣传单")
    assert pack.ran.code == 1
    (record,) = pack.ran.json["packs"]
    assert record["withheld"] == ["LED标语"]
    (problem,) = [problem for problem in pack.ran.problems if problem["severity"] == "error"]
    assert (problem["code"], problem["file"], problem["line"]) == ("led-outside-gbk", SLOGANS, line)
    assert re.search(r"U\+[0-9A-F]{4,5}", problem["message"])
    assert pack.of(material="flyer")
    texts = [
        entry["path"] for entry in pack.of(material="led") if entry["path"].endswith((".rtf", "LED标语_复制用.txt"))
    ]
    assert texts == []
    assert not (pack.folder / "LED" / "文本文件").exists()
    assert pack.of(material="led", format="strip")  # the screens play the rest


def test_what_old_screens_lack_is_a_warning(project: Path) -> None:
    pack, line = with_slogan(project, "别让骗子囧到你", "LED标语")
    assert pack.ran.code == 0
    (problem,) = pack.ran.problems
    assert (problem["severity"], problem["code"], problem["line"]) == ("warning", "led-rare-character", line)
    assert pack.led_text()[-1] == "别让骗子囧到你"


def test_a_character_that_the_fonts_lack_withholds_the_page_that_needs_it(project: Path) -> None:
    typed = content.SCAM.replace("刷单是幌子，骗钱才是目的", "同学😀别垫钱")
    (project / SCAM).write_text(typed, encoding="utf-8")
    pack = made(project, "school", "--only", "海报,LED标语", "--focus", "刷单返利")
    assert pack.ran.code == 1
    (problem,) = pack.ran.problems
    where = (problem["code"], problem["file"], problem["line"], problem["piece"])
    assert where == ("missing-glyph", SCAM, line_of(typed.encode(), "😀".encode()), "poster/刷单返利")
    assert "😀（U+1F600）" in problem["message"]
    assert {entry["piece"] for entry in pack.of(material="poster", use="print")}
    assert pack.led_text()


def test_a_slogan_of_500_characters_is_left_out_with_a_warning(project: Path) -> None:
    pack, line = with_slogan(project, "不听不信不转账" * 72, "LED标语")
    assert pack.ran.code == 0
    (problem,) = pack.ran.problems
    assert (problem["severity"], problem["code"], problem["line"]) == ("warning", "slogan-length", line)
    assert "504 个字" in problem["message"]
    assert max(map(len, pack.led_text())) < 40


def test_a_misspelling_is_a_warning_that_strict_makes_fatal(project: Path) -> None:
    pack, line = with_slogan(project, "验证码不要透漏", "LED标语")
    assert pack.ran.code == 0
    (problem,) = pack.ran.problems
    assert (problem["severity"], problem["code"], problem["line"]) == ("warning", "misspelling", line)
    assert problem["fix"] == "- 验证码不要透露"
    before = sums(pack.folder)
    strict = made(project, "school", *QUICK, "--strict")
    assert strict.ran.code == 1
    assert sums(pack.folder) == before


def test_content_past_its_review_is_a_warning_by_the_edition(project: Path) -> None:
    pack = made(project, "school", *QUICK, "--date", "2030-01-01")
    assert pack.ran.code == 0
    assert {(problem["severity"], problem["code"]) for problem in pack.ran.problems} == {("warning", "past-review")}
    assert {problem["code"] for problem in pack.manifest["problems"]} == {"past-review"}


def test_a_backup_or_a_picture_among_the_content_is_no_content(project: Path) -> None:
    scams = project / "content" / "scams"
    (scams / "刷单返利.yaml.bak").write_text("{{{", encoding="utf-8")
    (scams / "~$刷单返利.yaml").write_bytes(b"\0\0")
    (scams / "刷单返利 - 副本.txt").write_text("???", encoding="utf-8")
    Image.new("1", (1, 1)).save(scams / "随手.png")
    pack = made(project, "school", *QUICK)
    assert pack.ran.code == 0
    assert [(p["severity"], p["file"]) for p in pack.ran.problems] == [("warning", "content/scams/刷单返利 - 副本.txt")]
