"""The command line: what it takes, what it says, how it ends."""

import json
import shutil
from pathlib import Path

import pytest

from tests.command import REPOSITORY, made, run, run_apart, sums
from tests.content import SCAM

QUICK = ("--only", "LED标语")
HEAVY = "PIL fontTools jinja2 numpy pikepdf pptx pydantic pypdfium2 qrcode rjieba typst xlsxwriter yaml zxingcpp"


# ---- exit codes --------------------------------------------------------------------------------------


def test_a_pack_that_is_made_ends_with_0(small_original: Path, tmp_path: Path) -> None:
    ran = run("--audience", "school", "--root", small_original, "--output", tmp_path, *QUICK)
    assert ran.code == 0
    assert "学校 · 未署名" in ran.said
    assert str(tmp_path / "school") in ran.said
    assert "总览.html" in ran.said


def test_content_with_problems_ends_with_1(small: Path) -> None:
    (small / "content" / "slogans.yaml").write_text("- 反诈 #话题\n", encoding="utf-8")
    ran = run("--audience", "school", "--root", small, *QUICK)
    assert ran.code == 1
    assert "content/slogans.yaml:1:6: 错误" in ran.said
    assert '改为：- "反诈 #话题"' in ran.said
    assert "没有生成" in ran.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--audience", "火星"], "没有这个受众：火星；可用：", id="an audience"),
        pytest.param(["--audience", "school", "--only", "被子"], "没有物料：被子；可用：", id="a material"),
        pytest.param(["--audience", "school", "--contact", "月球所"], "没有这个单位：月球所；可用：", id="a unit"),
        pytest.param(["--audience", "school", "--campaign", "春晚"], "没有这个活动：春晚；可用：", id="a campaign"),
        pytest.param(["--audience", "school", "--focus", "算命"], "没有这个骗术：算命；可用：", id="a scam"),
        pytest.param(["--audience", "school", "--contact", "all"], "还没有真实单位", id="no unit to sign"),
        pytest.param(["--audience", "school", "--date", "明天"], "日期请写成 2026-06-15 的样子：明天", id="a date"),
        pytest.param(["--audience", "school", "--date", "1026-06-15"], "年份请写 2000 到 2099", id="another time"),
        pytest.param(["--strict"], "请说明给谁做", id="no audience"),
        pytest.param(["--audience"], "选项 --audience 后面要写内容", id="an option without its value"),
        pytest.param(
            ["--audience", "school", "-j", "0"], "选项 --jobs 后面的内容不对，请写 1 或更大", id="no processes"
        ),
        pytest.param(["--audience", "school", "-j", "两个"], "选项 --jobs 后面的内容不对，请写整数", id="not a number"),
        pytest.param(["survey"], "缺少选项 --audience", id="an option that must be given"),
        pytest.param(["survey", "-a", "school", "--to", "/"], "选项 --to 后面的内容不对：这是文件夹", id="a folder"),
        pytest.param(["--audiense", "school"], "没有这个选项：--audiense", id="a mistyped option"),
        pytest.param(["chek"], "没有 chek 这个命令", id="a mistyped command"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_there_is(small_original: Path, arguments: list[str], said: str) -> None:
    root = ["--root", str(small_original)] if arguments != ["chek"] and arguments != ["--audience"] else []
    ran = run(*root, *arguments)
    assert ran.code == 2
    assert said in ran.said
    assert "用法见 generate --help" in ran.said


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--audience", "火星"], ["学校（school）", "银行（bank）", "派出所（station）"]),
        (["--audience", "school", "--only", "被子"], ["海报（poster）", "LED标语（led）", "课件（deck）"]),
        (["--audience", "school", "--contact", "月球所"], ["样例学校", "样例银行"]),
        (["--audience", "school", "--campaign", "春晚"], ["开学季"]),
        (["--audience", "school", "--focus", "算命"], ["刷单返利"]),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    small_original: Path, arguments: list[str], names: list[str]
) -> None:
    said = run("--root", small_original, *arguments).said
    assert [name for name in names if name not in said] == []


def test_a_place_that_cannot_be_written_ends_with_3(small_original: Path, tmp_path: Path) -> None:
    (tmp_path / "school").write_text("a file where the pack must be", encoding="utf-8")
    ran = run("--audience", "school", "--root", small_original, "--output", tmp_path, *QUICK)
    assert ran.code == 3
    assert "没有写入" in ran.said
    assert (tmp_path / "school").read_text(encoding="utf-8") == "a file where the pack must be"


def test_a_bug_of_ours_ends_with_70_and_leaves_the_last_pack(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(small, "school", *QUICK)
    before = sums(small / "output")

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("generator.delivery.add_pack_files", broken)
    ran = run("--audience", "school", "--root", small, *QUICK)
    assert ran.code == 70
    assert "程序自己出错了" in ran.said
    assert "ZeroDivisionError: a bug" in ran.said
    assert "Traceback" in ran.said
    assert sums(small / "output") == before


# ---- what it takes -----------------------------------------------------------------------------------


def materials(*arguments: str, root: Path, output: Path) -> set[str]:
    ran = run("--root", root, "--output", output, "--json", *arguments)
    assert ran.code == 0, ran.said
    return {entry["material"] for entry in ran.json["files"] if "material" in entry}


@pytest.mark.parametrize(
    "only",
    [
        ("--only", "LED标语", "--only", "宣传单"),
        ("--only", "LED标语,宣传单"),
        ("--only", "LED标语，宣传单"),
        ("--only", "led、 flyer "),
    ],
)
def test_some_materials_are_named_in_any_way_people_write_lists(
    small_original: Path, tmp_path: Path, only: tuple[str, ...]
) -> None:
    assert materials("--audience", "学校", *only, root=small_original, output=tmp_path) == {"led", "flyer"}


def test_a_pack_goes_by_the_audiences_id_however_it_was_named(small_original: Path, tmp_path: Path) -> None:
    for name in ("学校", "school"):
        assert run("--audience", name, "--root", small_original, "--output", tmp_path / name, *QUICK).code == 0
    assert sums(tmp_path / "学校") == sums(tmp_path / "school")
    assert (tmp_path / "学校" / "school" / "总览.html").exists()


def test_several_audiences_give_a_pack_each(small_original: Path, tmp_path: Path) -> None:
    audiences = ("--audience", "银行,station", "--audience", "小学")
    ran = run(*audiences, "--root", small_original, "--output", tmp_path, "--json", *QUICK)
    assert [Path(pack["path"]).name for pack in ran.json["packs"]] == ["bank", "station", "primary"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank", "primary", "station"]


def test_all_audiences_are_all_that_there_are(small_original: Path, tmp_path: Path) -> None:
    ran = run("--audience", "all", "--root", small_original, "--output", tmp_path, *QUICK)
    assert ran.code == 0
    files = {path.stem for path in (small_original / "content" / "audiences").glob("*.yaml")}
    assert {path.name for path in tmp_path.iterdir()} == files


def test_only_some_materials_leave_the_others_where_they_are(small_original: Path, tmp_path: Path) -> None:
    run("--audience", "school", "--root", small_original, "--output", tmp_path, "--only", "LED标语,课件")
    before = sums(tmp_path / "school")
    ran = run("--audience", "school", "--root", small_original, "--output", tmp_path, "--json", *QUICK)
    assert sums(tmp_path / "school") == before
    assert {entry["path"] for entry in ran.json["files"]} == {str(tmp_path / "school" / path) for path in before} - {
        str(tmp_path / "school" / "manifest.json")
    }


def test_the_command_runs_from_any_folder_of_the_project(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small / "content" / "scams")
    assert run("--audience", "school", *QUICK).code == 0
    assert (small / "output" / "school" / "LED" / "LED标语_复制用.txt").exists()


def test_outside_a_project_it_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "从这里往上都没有找到 content/ 和 templates/" in run("--audience", "school").said
    ran = run("--audience", "school", "--root", tmp_path)
    assert ran.code == 2
    assert f"{tmp_path} 里没有 content/ 和 templates/" in ran.said


def test_project_and_output_may_have_chinese_and_spaces_in_their_paths(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "反诈 宣传（2026）"
    shutil.move(small, home)
    monkeypatch.chdir(tmp_path)
    ran = run("--audience", "school", "--root", home, "--output", "给 广告公司/第一批", "--only", "LED标语,宣传单")
    assert ran.code == 0
    assert (tmp_path / "给 广告公司" / "第一批" / "school" / "发广告公司.zip").exists()


def test_a_pack_for_a_named_unit_has_a_folder_of_its_own(small_original: Path, tmp_path: Path) -> None:
    ran = run(
        "--audience", "school", "--contact", "样例学校,××银行××支行", "--root", small_original, "--output", tmp_path,
        "--json", *QUICK,
    )  # fmt: skip
    assert ran.code == 0
    assert [pack["path"] for pack in ran.json["packs"]] == [
        str(tmp_path / "school" / "样例学校"),
        str(tmp_path / "school" / "样例银行"),
    ]


# ---- what it says ------------------------------------------------------------------------------------


def test_json_is_one_object_and_nothing_else(small_original: Path, tmp_path: Path) -> None:
    ran = run("--audience", "school", "--root", small_original, "--output", tmp_path, "--json", *QUICK)
    said = ran.json
    assert ran.complained == ""
    assert (said["result"], said["exit_code"], said["problems"]) == ("made", 0, [])
    assert all(Path(entry["path"]).is_file() for entry in said["files"])
    assert ran.said.isascii()


@pytest.mark.parametrize("arguments", [["--audience", "火星"], ["--nope"], ["--audience", "school", "--date", "x"]])
def test_json_stays_json_when_the_command_is_wrong(small_original: Path, arguments: list[str]) -> None:
    ran = run("--json", "--root", small_original, *arguments)
    assert (ran.code, ran.json["result"], len(ran.problems)) == (2, "usage", 1)


def test_quiet_says_where_the_pack_is_and_nothing_else(small_original: Path, tmp_path: Path) -> None:
    ran = run("--audience", "school", "--root", small_original, "--output", tmp_path, "--quiet", *QUICK)
    assert ran.said == f"{tmp_path / 'school'}\n"


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_any_console_gets_all_that_it_can_show(small_original: Path, tmp_path: Path, encoding: str) -> None:
    ran = run_apart(
        "--audience", "school", "--root", small_original, "--output", tmp_path / "输出", *QUICK,
        encoding=encoding, PYTHONIOENCODING=encoding, PYTHONUTF8="0",
    )  # fmt: skip
    assert (ran.code, ran.complained) == (0, "")
    assert ("总览.html" in ran.said) == (encoding == "gbk")


def test_help_is_in_chinese_on_a_gbk_console() -> None:
    ran = run_apart("--help", encoding="gbk", PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert ran.code == 0
    assert "反诈宣传物料生成器" in ran.said
    assert "--audience" in ran.said


def test_help_loads_no_engine() -> None:
    code = f"""
import atexit
heavy = {HEAVY.split()!r}
atexit.register(lambda: print("LOADED", sorted(set(sys.modules) & set(heavy))))
"""
    ran = run_apart("--help", code=code)
    assert ran.code == 0
    assert ran.said.rstrip().endswith("LOADED []")


def test_the_version_is_told() -> None:
    from generator import __version__

    assert run("--version").said == f"generate {__version__}\n"


def test_without_anything_the_help_is_shown() -> None:
    ran = run()
    assert ran.code == 2
    assert "--audience" in ran.said


# ---- the other commands ------------------------------------------------------------------------------


def test_list_names_what_options_take(small_original: Path) -> None:
    said = run("list", "--root", small_original, "--json").json
    assert {row["id"] for row in said["materials"]} >= {"poster", "trifold", "flyer", "led", "deck"}
    assert {row["name"] for row in said["audiences"]} == {"学校", "银行", "派出所", "小学", "中学", "大学"}
    for kind, folder in (("scams", "scams"), ("contacts", "contacts"), ("campaigns", "campaigns")):
        files = {path.stem for path in (small_original / "content" / folder).glob("*.yaml")}
        assert {row["id"] for row in said[kind]} == files
    shown = run("list", "--root", small_original)
    assert shown.code == 0
    assert "受众 --audience" in shown.said
    assert "刷单返利" in shown.said


def test_schema_writes_one_file_for_each_kind(small: Path) -> None:
    ran = run("schema", "--root", small)
    assert ran.code == 0
    files = sorted(path.name for path in (small / ".schema").iterdir())
    assert {"slogans.json", "scam.json", "contact.json", "audience.json", "catalogue.json"} <= set(files)
    for name in files:
        assert json.loads((small / ".schema" / name).read_text(encoding="utf-8"))
        assert name in ran.said


def test_check_finds_what_generate_would_find_and_writes_nothing(small: Path) -> None:
    before = sums(small)
    ran = run("check", "--audience", "school", "--only", "宣传单,LED标语", "--root", small)
    assert ran.code == 0
    assert "没有问题" in ran.said
    assert sums(small) == before


def test_check_finds_what_does_not_fit(small: Path) -> None:
    long = SCAM.replace("- 凡是刷单\n", f"- {'凡是刷单' * 9}\n")
    (small / "content" / "scams" / "刷单返利.yaml").write_text(long, encoding="utf-8")
    ran = run("check", "--audience", "school", "--only", "宣传单", "--root", small, "--json")
    assert ran.code == 1
    assert {(p["code"], p["file"]) for p in ran.problems} == {("overflow", "content/scams/刷单返利.yaml")}
    assert not (small / "output").exists()


def test_check_with_strict_takes_warnings_for_errors(small: Path) -> None:
    with (small / "content" / "slogans.yaml").open("a", encoding="utf-8") as file:
        file.write("- 验证码不要透漏\n")
    arguments = ("check", "--audience", "school", *QUICK, "--root", small)
    assert run(*arguments).code == 0
    strict = run(*arguments, "--strict")
    assert strict.code == 1
    assert "有警告，请先改好" in strict.said


@pytest.mark.slow
def test_the_repository_itself_has_no_problem() -> None:
    ran = run("check", "--root", REPOSITORY, "--json", *QUICK)
    assert (ran.code, ran.problems) == (0, [])
