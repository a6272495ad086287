"""README's recipes do what they promise: followed as they stand there, block for block."""

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from generator.manifest import MANIFEST
from tests.command import REPOSITORY, Pack, made, pdf_text, run, squeezed, sums
from tests.conftest import Packs

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
QUICK = ("--only", "LED标语")


def section(heading: str) -> str:
    """What stands under the heading that contains ``heading``."""
    found = re.search(rf"^(#+) [^\n]*{heading}[^\n]*\n(.*?)(?=^\#{{1,3}} |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README has no section {heading}"
    return found[2]


def blocks(heading: str, language: str) -> list[str]:
    """The code blocks of a section in one language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", section(heading), re.MULTILINE | re.DOTALL)
    assert found, f"README has no {language} block under {heading}"
    return found


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8")


# ---- 1 加一条标语 --------------------------------------------------------------------------------------


def test_a_slogan_is_one_line_more(project: Path, packs: Packs) -> None:
    slogans = project / "content" / "slogans.yaml"
    for block in blocks("加一条标语", "yaml"):
        append(slogans, block)
    pack = made(project, "school", *QUICK)
    assert (pack.ran.code, pack.ran.problems) == (0, [])
    typed = [re.sub("^- (标语: )?", "", block.split("\n")[0]) for block in blocks("加一条标语", "yaml")]
    assert pack.led_text() == [*packs("school").led_text(), *typed]
    overview = (pack.folder / "总览.html").read_text(encoding="utf-8")
    assert all(f"<li>{text}</li>" in overview for text in typed)


# ---- 2 加一种骗术 --------------------------------------------------------------------------------------


def test_a_scam_is_a_copied_file_and_a_name_in_the_audiences_list(project: Path) -> None:
    model = re.search(r"复制 `(content/scams/\S+?)`", section("加一种骗术"))
    assert model
    text = re.sub("(?m)^名称: .*$", "名称: 虚假招聘", (project / model[1]).read_text(encoding="utf-8"))
    (project / "content" / "scams" / "虚假招聘.yaml").write_text(text, encoding="utf-8")
    audience = project / "content" / "audiences" / "school.yaml"
    typed = audience.read_text(encoding="utf-8")
    audience.write_text(typed.replace("骗术:\n", "骗术:\n  - 虚假招聘\n", 1), encoding="utf-8")
    pack = made(project, "school", "--only", "海报")
    assert (pack.ran.code, pack.ran.problems) == (0, [])
    # A print file is outlined: the office file has the same words as text.
    first = pack.of(use="office")[0]
    assert first["piece"] == "poster/虚假招聘"
    assert "虚假招聘" in pdf_text(pack.path(first))


# ---- 3 加本单位的电话 ----------------------------------------------------------------------------------

REAL = {"××市××区": "青山市云岭区", "××派出所": "云岭派出所"}


def test_a_unit_is_a_copied_file_with_its_own_name_and_numbers(project: Path) -> None:
    (block,) = blocks("加本单位的电话", "yaml")
    for masked, real in REAL.items():
        block = block.replace(masked, real)
    numbers = iter(("0553-8123456", "0553-8123110"))
    block = re.sub(r"0×××-×+", lambda _: next(numbers), block)
    (project / "content" / "contacts" / "实验中学.yaml").write_text(block, encoding="utf-8")
    pack = made(project, "school", "--only", "宣传单,课件")
    assert (pack.ran.code, pack.ran.problems) == (0, [])
    assert pack.manifest["contact"] == "实验中学"
    for entry in pack.of(use="office"):
        found = pdf_text(pack.path(entry))
        for said in ("青山市云岭区实验中学", "安全办公室0553-8123456", "云岭派出所0553-8123110"):
            assert squeezed(said) in found, entry["path"]


def test_what_is_left_of_the_sample_is_told_line_by_line(project: Path) -> None:
    contacts = project / "content" / "contacts"
    typed = (contacts / "样例学校.yaml").read_text(encoding="utf-8").replace("样张: 是\n", "")
    (contacts / "实验中学.yaml").write_text(typed, encoding="utf-8")
    ran = made(project, "school", *QUICK).ran
    assert ran.code == 1
    masked = [n for n, line in enumerate(typed.split("\n"), 1) if "×" in line and not line.startswith("#")]
    found = {
        p["line"] for p in ran.problems if (p["file"], p["code"]) == ("content/contacts/实验中学.yaml", "placeholder")
    }
    assert found == set(masked)


# ---- 4 加一个受众 --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def couriers(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The pack of the audience that README adds, its file alone."""
    from tests.conftest import copied

    project = copied(original, tmp_path_factory.mktemp("couriers"))
    named = re.search(r"`(\S+?\.yaml)`", section("加一个受众"))
    assert named
    (block,) = blocks("加一个受众", "yaml")
    (project / "content" / "audiences" / named[1]).write_text(block, encoding="utf-8")
    command = re.search(r"`generate (--audience \S+)`", section("加一个受众"))
    assert command
    ran = run(*shlex.split(command[1]), "--root", project, "--json")
    return Pack(Path(ran.json["packs"][0]["path"]), ran)


def test_an_audience_is_one_file(couriers: Pack) -> None:
    assert (couriers.ran.code, couriers.ran.problems) == (0, [])
    assert couriers.manifest["audience"] == couriers.folder.name == "快递外卖"
    assert len(sums(couriers.folder)) >= 25
    assert {entry["material"] for entry in couriers.files if "piece" in entry} >= {
        "poster", "trifold", "flyer", "led", "led-guide", "deck",
    }  # fmt: skip


def test_a_new_audience_says_what_everybody_is_told(couriers: Pack, packs: Packs) -> None:
    assert couriers.led_text()
    station = {entry["piece"] for entry in packs("station").of(material="poster")}
    assert {entry["piece"] for entry in couriers.of(material="poster")} >= {p for p in station if "标语" not in p} - {
        ""
    }


def test_an_audience_that_extends_another_speaks_like_it(project: Path) -> None:
    (block,) = blocks("加一个受众", "yaml")
    text = block.replace("名称: 快递外卖", "名称: 幼儿园") + "继承: 学校\n"
    (project / "content" / "audiences" / "幼儿园.yaml").write_text(text, encoding="utf-8")
    pack = made(project, "幼儿园", "--only", "宣传单")
    assert pack.ran.code == 0
    found = "".join(pdf_text(pack.path(entry)) for entry in pack.of(use="office"))
    assert "先告诉老师和家长" in found


# ---- 5 加一种物料 --------------------------------------------------------------------------------------


@pytest.fixture
def with_desk_sign(project: Path) -> Path:
    (row,) = blocks("加一种物料", "yaml")
    (template,) = blocks("加一种物料", "typst")
    append(project / "templates" / "catalogue.yaml", row)
    folder = project / "templates" / "desk-sign"
    folder.mkdir()
    (folder / "main.typ").write_text(template, encoding="utf-8")
    return project


def test_a_material_is_a_folder_and_a_row(with_desk_sign: Path) -> None:
    pack = made(with_desk_sign, "bank", "--only", "立牌")
    assert (pack.ran.code, pack.ran.problems) == (0, [])
    assert sorted(entry["use"] for entry in pack.of(material="desk-sign")) == ["office", "print", "print", "screen"]
    (card,) = pack.of(use="print", format="pdf")
    assert (card["trim_mm"], card["content"]) == ([200, 100], ["scams/虚假投资理财"])
    found = pdf_text(pack.path(pack.of(material="desk-sign", use="office")[0]))
    assert "110" in found
    # A headline has no comma where a line ends.
    assert all(squeezed(clause) in found for text in card["text"] for clause in text.split("，"))


def test_a_material_is_made_for_those_who_have_the_place(with_desk_sign: Path) -> None:
    assert "立牌" in made(with_desk_sign, "school", "--only", "立牌").ran.problems[0]["message"]
    listed = run("list", "--root", with_desk_sign, "--json").json["materials"]
    assert [row["name"] for row in listed][-1] == "立牌"


def test_a_new_material_changes_no_other(with_desk_sign: Path, packs: Packs) -> None:
    pack = made(with_desk_sign, "bank", "--only", "立牌,LED标语")
    before, after = sums(packs("bank").folder), sums(pack.folder)
    led = {path for path in after if path.startswith("LED/")}
    assert led
    assert all(after[path] == before[path] for path in led)
    assert MANIFEST in after


# ---- the commands that README shows ------------------------------------------------------------------

SHOWN = [
    line.partition("#")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    for line in block.split("\n")
    if line.startswith("generate ")
]


def test_readme_shows_commands() -> None:
    assert len(SHOWN) >= 5


def fill_in_survey(project: Path) -> None:
    """The survey that README writes, with one line filled in."""
    assert run("survey", "--audience", "学校", "--root", project).code == 0
    book = openpyxl.load_workbook("需求统计表.xlsx")
    for at, value in enumerate(("东门", "学校", "海报·刷单返利", None, 8), 1):
        book["需求统计"].cell(4, at).value = value
    book.save("需求统计表.xlsx")


@pytest.mark.parametrize("command", SHOWN)
def test_a_command_in_readme_works(
    project: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "--survey" in command:
        fill_in_survey(project)
    (project / "content" / "contacts" / "我们支行.yaml").write_text(
        "名称: 青山银行云岭支行\n类型: 银行\n电话: 0553-8123777\n", encoding="utf-8"
    )
    words = shlex.split(command)[1:]
    whole = words[0] in ("list", "schema", "survey") or "--only" in words or "--survey" in words
    quick = () if whole else QUICK
    ran = run(*words, "--root", project, *quick)
    assert ran.code == 0, ran.said


def test_every_option_in_readme_exists() -> None:
    help_ = run("--help").said + run("summary", "--help").said
    named = set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", re.sub(r"python -m pip[^\n`]*", "", README)))
    assert named - {"--check"} <= set(re.findall(r"--[a-z]+(?:-[a-z]+)*", help_))
