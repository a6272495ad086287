"""What a run says: exact lines, whatever console or pipe they go to."""

import json
import subprocess
import sys
from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.cells import cell_len
from rich.console import Console

from generator.errors import Exit, OutputError, Problem, Span, error, warning
from generator.events import Checked, PackDone, PieceDone, Started
from generator.library import load
from generator.manifest import Entry
from generator.output import Delivery
from generator.plan import Plan
from generator.report import Listing, Reporter, clean, fitting, listings, open_console

COLON = error(
    "full-width-colon",
    "冒号要用半角",
    Span("content/slogans.yaml", 12, 3),
    quote="  标语：刷单是幌子",
    fix="  标语: 刷单是幌子",
)
OVERFLOW = error("overflow", "大标题放不下", Span("content/scams/刷单返利.yaml", 6, 3), piece="poster/刷单返利")
REVIEW = warning("past-review", "复审期限已过", Span("content/slogans.yaml", 2, 1))
UNPLACED = warning("edited-file", "《海报.pdf》被人改过，已原样保留")


class Screen:
    """A reporter and what it has printed."""

    def __init__(self, width: int = 80, terminal: bool = False, **options: bool) -> None:
        self.out = StringIO()
        console = Console(file=self.out, width=width, force_terminal=terminal, markup=False, _environ={})
        self.reporter = Reporter(console, **options)

    @property
    def text(self) -> str:
        return self.out.getvalue()

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.text.splitlines()]


def entry(path: str, piece: str, **more: Any) -> Entry:
    return {"path": path, "material": piece.partition("/")[0], "format": "pdf", "use": "print", "title": "海报",
            "bytes": 1, "sha256": "0" * 64, "piece": piece, "text": ["很长"]} | more  # fmt: skip


def pack(
    problems: tuple[Problem, ...] = (),
    withheld: tuple[str, ...] = (),
    contact: Any = None,
    place: str = "output/school",
    **made: Any,
) -> PackDone:
    """A pack of a poster and the screen texts, made or not."""
    campaign = SimpleNamespace(name="开学季")
    jobs = [SimpleNamespace(name="poster/刷单返利", material="poster", title="海报·刷单返利", formats=(), data={})]
    plan = SimpleNamespace(audience=SimpleNamespace(name="学校"), contact=contact, campaign=campaign, jobs=jobs)
    files = [
        entry("发广告公司/海报_印刷.pdf", "poster/刷单返利"),
        entry("发微信/海报.png", "poster/刷单返利"),
        entry("LED/LED标语_GBK.txt", "led/led"),
        {"path": "发广告公司.zip", "format": "zip", "use": "data", "title": "压缩包", "bytes": 1, "sha256": "0" * 64},
    ]
    manifest = {"schema": 1, "audience": "school", "date": "2026-11-22", "files": files, "problems": []}
    lists: dict[str, Any] = {
        "written": [file["path"] for file in files], "unchanged": [], "kept_edits": [], "retired": [], "removed": [],
        "problems": [],
    }  # fmt: skip
    delivery = Delivery(destination=Path(place), manifest=manifest, **(lists | made))
    return PackDone(cast(Plan, plan), delivery, withheld, problems)


# ---- problems ----------------------------------------------------------------------------------------------


def test_a_problem_shows_where_what_the_line_and_the_corrected_line() -> None:
    screen = Screen()
    screen.reporter.problems([COLON])
    assert screen.lines == [
        "content/slogans.yaml:12:3: 错误: 冒号要用半角",
        "    标语：刷单是幌子",
        "    改为：标语: 刷单是幌子",
        "共 1 个错误，0 个警告",
    ]


def test_problems_stand_by_file_and_line_and_each_only_once() -> None:
    screen = Screen()
    screen.reporter.problems([COLON, UNPLACED, REVIEW, OVERFLOW, COLON])
    assert [line for line in screen.lines if ": " in line and "改为" not in line] == [
        "content/scams/刷单返利.yaml:6:3: 错误: 大标题放不下",
        "content/slogans.yaml:2:1: 警告: 复审期限已过",
        "content/slogans.yaml:12:3: 错误: 冒号要用半角",
        "警告: 《海报.pdf》被人改过，已原样保留",
    ]
    assert screen.lines[-1] == "共 2 个错误，2 个警告"


def test_words_that_fit_nowhere_are_told_once_with_how_many_more_there_are() -> None:
    screen = Screen()
    others = [replace(OVERFLOW, piece=f"poster/{name}", message=f"大标题{name}放不下") for name in ("一", "二")]
    screen.reporter.problems([OVERFLOW, *others, COLON])
    (told,) = [line for line in screen.lines if "放不下" in line]
    assert told.endswith("（另有 2 处也这样）")
    assert screen.lines[-1] == "共 4 个错误，0 个警告"


def test_a_problem_of_a_piece_names_the_piece() -> None:
    screen = Screen()
    screen.reporter.show(pack(problems=(OVERFLOW,), withheld=("海报·刷单返利",)))
    screen.reporter.finish()
    assert "content/scams/刷单返利.yaml:6:3: 错误: 《海报·刷单返利》大标题放不下" in screen.lines


@pytest.mark.parametrize("width", [20, 60])
def test_a_location_stays_whole_in_a_narrow_window(width: int) -> None:
    screen = Screen(width)
    long = error("x", "字" * 100, Span("content/scams/一个很长很长很长的骗术名称.yaml", 123, 45))
    screen.reporter.problems([long])
    assert screen.lines[0] == f"content/scams/一个很长很长很长的骗术名称.yaml:123:45: 错误: {'字' * 100}"


def test_foreign_text_cannot_drive_the_terminal() -> None:
    screen = Screen(terminal=True)
    nasty = "\x1b]0;title\x07[red]红[/red] :smile: \u202egnp \x9b31m\r"
    screen.reporter.problems([error("x", nasty, Span("a\x1b[2J.yaml"), quote=nasty, fix=nasty)])
    assert screen.text.count("[red]红[/red] :smile:") == 3
    assert not set("\x07\u202e\x9b\r") & set(screen.text)
    assert "\x1b]" not in screen.text
    assert "\x1b[2J" not in screen.text


# ---- a run -------------------------------------------------------------------------------------------------


def test_a_run_in_a_pipe_is_plain_lines() -> None:
    screen = Screen()
    screen.reporter.show(Started(2, 1, ()))
    screen.reporter.show(PieceDone("海报·刷单返利", "学校", False, 0.1))
    screen.reporter.show(PieceDone("LED标语", "学校", True, 0.1))
    screen.reporter.show(pack())
    assert screen.reporter.finish() is Exit.MADE
    assert screen.lines == [
        "[1/2] 海报·刷单返利",
        "[2/2] LED标语  没有做出来",
        "",
        "学校 · 未署名 · 开学季",
        "物料      件数   文件   文件夹",
        "─" * 42,
        "海报         1      2   发广告公司、发微信",
        "LED标语      1      1   LED",
        "合计         2      3",
        "文件：新写 4 个",
        "位置：",
        "  output/school",
        "下一步：",
        "  1. 打开 总览.html，把每件看一遍",
        "  2. 填好 印刷清单.xlsx 的数量，把 发广告公司.zip 发给广告公司",
        "  3. 现在没有署名：在 content/contacts/ 里建好本单位，再用 --contact 署名",
        "  4. 发微信 里的图片转发到群里",
        "  5. LED 文件夹拷到 U 盘，交给管屏幕的人",
    ]


def test_a_run_on_a_terminal_has_a_bar_that_goes_away() -> None:
    screen = Screen(terminal=True)
    screen.reporter.show(Started(2, 1, ()))
    screen.reporter.show(PieceDone("海报·刷单返利", "学校", False, 0.1))
    screen.reporter.show(PieceDone("LED标语", "学校", False, 0.1))
    screen.reporter.show(pack())
    screen.reporter.finish()
    assert "2/2" in screen.text
    assert "LED标语" in screen.text
    assert "[1/2]" not in screen.text
    assert screen.text.count("\x1b[?25l") == screen.text.count("\x1b[?25h") == 1  # the cursor is there again


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = StringIO()
    console = Console(file=out, force_terminal=True, markup=False)
    Reporter(console).problems([COLON])
    assert "\x1b[3" not in out.getvalue()
    assert "冒号要用半角" in out.getvalue()


def test_a_withheld_piece_makes_the_run_a_failure_and_says_so_last() -> None:
    screen = Screen()
    screen.reporter.show(pack(problems=(OVERFLOW,), withheld=("海报·刷单返利",)))
    assert screen.reporter.finish() is Exit.PROBLEMS
    assert "没有做出来：海报·刷单返利" in screen.lines
    assert screen.lines[-1] == "有 1 件没有做出来，其余已交付。改好上面的错误，再运行一次。"


def test_warnings_alone_are_no_failure() -> None:
    screen = Screen()
    screen.reporter.show(Started(1, 1, (REVIEW,)))
    screen.reporter.show(pack(problems=(REVIEW,)))
    assert screen.reporter.finish() is Exit.MADE
    assert screen.text.count("复审期限已过") == 1


def test_what_writing_changed_is_counted() -> None:
    screen = Screen()
    made: dict[str, Any] = {"written": ["a"], "unchanged": ["b", "c"], "removed": ["d"], "retired": [("e", "旧版/e")]}
    screen.reporter.show(pack(**made, kept_edits=[("f", "f_新")]))
    screen.reporter.finish()
    assert "文件：新写 1 个，没有变化 2 个，移除 1 个，移到旧版 1 个，您改过、已保留 1 个" in screen.lines


def test_a_sample_is_not_sent_to_the_shop() -> None:
    screen = Screen()
    screen.reporter.show(pack(contact=SimpleNamespace(name="××中学", sample=True)))
    screen.reporter.finish()
    assert "学校 · ××中学 · 开学季" in screen.lines
    assert "发给广告公司" not in screen.text
    assert "这是样张，请勿印刷" in screen.text


def test_many_packs_have_a_line_each() -> None:
    screen = Screen(width=120)
    for number in range(5):
        contact = SimpleNamespace(name=f"第{number}中学", sample=False)
        screen.reporter.show(
            pack(contact=contact, place=f"output/school/{number}", withheld=("海报",) if number == 3 else ())
        )
    screen.reporter.finish()
    rows = [line for line in screen.lines if line.startswith("学校 · 第")]
    assert len(rows) == 5
    assert "海报" in rows[3]
    assert "下一步" not in screen.text


def test_a_check_says_whether_all_is_well() -> None:
    for problems, said, code in (
        ((), "检查了 9 件物料：没有问题。", Exit.MADE),
        ((REVIEW,), "检查了 9 件物料：有警告，可以生成。", Exit.MADE),
        ((OVERFLOW,), "检查了 9 件物料：有错误，请先改好。", Exit.PROBLEMS),
    ):
        screen = Screen()
        screen.reporter.show(Checked(9, problems))
        assert screen.reporter.finish() is code
        assert screen.lines[-1] == said


@pytest.mark.parametrize(
    ("code", "last"),
    [
        (Exit.PROBLEMS, "没有生成：请先改好上面的问题，再运行一次。"),
        (Exit.USAGE, "用法见 generate --help；能用的名称见 generate list。"),
        (Exit.NOT_WRITTEN, "没有写入。"),
    ],
)
def test_a_run_that_ends_early_shows_why_and_what_to_do(code: Exit, last: str) -> None:
    screen = Screen()
    assert screen.reporter.fail([COLON], code) is code
    assert "content/slogans.yaml:12:3: 错误: 冒号要用半角" in screen.lines
    assert screen.lines[-1] == last


def test_packs_finished_before_the_failure_are_shown() -> None:
    screen = Screen()
    screen.reporter.show(pack())
    screen.reporter.fail(OutputError([error("file-locked", "《海报.pdf》写不进去")]).problems, Exit.NOT_WRITTEN)
    assert "  output/school" in screen.lines
    assert screen.lines[-1] == "前面 1 套已经生成，其余没有写入。"


def test_a_bug_is_called_ours_and_shows_its_trace() -> None:
    screen = Screen()
    try:
        raise ValueError("两个文件\x1b要用同一个名字")
    except ValueError as bug:
        screen.reporter.bug(bug)
    assert screen.lines[0] == "错误: 程序自己出错了，不是您的内容有问题：ValueError: 两个文件?要用同一个名字"
    assert "Traceback (most recent call last):" in screen.lines


# ---- --quiet and --json ------------------------------------------------------------------------------------


def test_quiet_shows_problems_and_paths_alone() -> None:
    screen = Screen(quiet=True)
    screen.reporter.show(Started(1, 1, ()))
    screen.reporter.show(PieceDone("海报", "学校", False, 0.1))
    screen.reporter.show(pack(problems=(REVIEW,)))
    screen.reporter.finish()
    assert screen.lines == ["content/slogans.yaml:2:1: 警告: 复审期限已过", "output/school"]


def test_json_is_one_object_and_nothing_else() -> None:
    screen = Screen(terminal=True, as_json=True)
    screen.reporter.show(Started(1, 1, (REVIEW,)))
    screen.reporter.show(PieceDone("海报", "学校", False, 0.1))
    screen.reporter.show(pack(problems=(REVIEW, COLON), withheld=("海报·刷单返利",)))
    assert screen.reporter.finish() is Exit.PROBLEMS
    said = json.loads(screen.text)
    assert screen.text.isascii()
    assert (said["result"], said["exit_code"]) == ("problems", 1)
    assert said["packs"][0]["path"] == str(Path("output/school"))
    assert said["packs"][0]["withheld"] == ["海报·刷单返利"]
    assert said["files"][0]["path"] == str(Path("output/school/发广告公司/海报_印刷.pdf"))
    assert "text" not in said["files"][0]
    colon = said["problems"][1]
    assert (colon["file"], colon["line"], colon["column"]) == ("content/slogans.yaml", 12, 3)
    assert (colon["severity"], colon["code"], colon["message"]) == ("error", "full-width-colon", "冒号要用半角")
    assert (colon["quote"], colon["fix"]) == (COLON.quote, COLON.fix)
    assert len(said["problems"]) == 2


@pytest.mark.parametrize(
    ("code", "result"), [(Exit.PROBLEMS, "problems"), (Exit.USAGE, "usage"), (Exit.NOT_WRITTEN, "not-written")]
)
def test_json_tells_every_way_a_run_can_end(code: Exit, result: str) -> None:
    screen = Screen(as_json=True)
    screen.reporter.fail([COLON], code)
    said = json.loads(screen.text)
    assert (said["result"], said["exit_code"], said["files"]) == (result, int(code), [])


def test_json_of_a_bug_has_the_trace() -> None:
    screen = Screen(as_json=True)
    screen.reporter.bug(ValueError("x"))
    said = json.loads(screen.text)
    assert (said["result"], said["exit_code"], said["problems"][0]["code"]) == ("bug", 70, "bug")
    assert "ValueError: x" in said["traceback"]


# ---- generate list -----------------------------------------------------------------------------------------

AUDIENCES = Listing(
    "audiences", "受众 --audience", {"id": "编号", "name": "名称"}, [["school", "学校"], ["bank", "银行[1]"]]
)


def test_lists_are_tables_for_people_and_objects_for_scripts() -> None:
    screen = Screen()
    screen.reporter.tables([AUDIENCES])
    assert screen.lines[0] == "受众 --audience（2）"
    assert [line.split() for line in screen.lines[1:2] + screen.lines[3:]] == [
        ["编号", "名称"], ["school", "学校"], ["bank", "银行[1]"],
    ]  # fmt: skip
    scripts = Screen(as_json=True)
    scripts.reporter.tables([AUDIENCES])
    scripts.reporter.finish()
    assert json.loads(scripts.text)["audiences"] == [
        {"id": "school", "name": "学校"},
        {"id": "bank", "name": "银行[1]"},
    ]


def test_the_real_library_is_listed_by_the_names_that_options_take() -> None:
    root = Path(__file__).parents[1]
    library, _ = load(root, ("pages", "led", "deck"))
    assert library is not None
    screen = Screen(width=100)
    screen.reporter.lists(library)
    for shown in ("受众 --audience", "school", "派出所", "物料 --only", "420×570 mm", "样例学校", "开学季", "刷单返利"):
        assert shown in screen.text
    for listing in listings(library):
        assert listing.rows
        assert {len(row) for row in listing.rows} == {len(listing.columns)}


def test_a_table_fits_a_narrow_window() -> None:
    screen = Screen(width=60)
    screen.reporter.tables([Listing("x", "表", {"a": "甲", "b": "乙"}, [["很长的文字" * 20, "也很长" * 20]])])
    screen.reporter.show(pack())
    screen.reporter.finish()
    table = [line for line in screen.lines if "很长" in line]
    assert len(table) > 3
    assert all(cell_len(line) <= 60 for line in table)


# ---- consoles that cannot show everything ------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp437", "utf-8"])
def test_every_console_survives_every_text(encoding: str) -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding=encoding, errors="strict")
    reporter = Reporter(Console(file=stream, force_terminal=True, markup=False, _environ={}))
    odd = error("x", "✓ 佴𠮷 👨‍👩‍👧 é \ud800 → …", Span("内容/①.yaml", 1, 1), quote="‑ ❌", fix="🔥")
    reporter.show(Started(2, 1, ()))
    reporter.show(PieceDone("👮 海报", "学校", False, 0.1))
    reporter.show(pack(problems=(odd,)))
    reporter.finish()
    stream.flush()
    shown = raw.getvalue().decode(encoding)
    assert "1/2" in shown
    if encoding == "gbk":
        assert "√ 佴? ??? " in shown
        assert "共 1 个错误，0 个警告" in shown


def test_what_a_code_page_lacks_is_spelled_otherwise() -> None:
    assert fitting("✓ 完成 → ①…", "gbk") == "√ 完成 → ①…"
    assert fitting("1 → 2…", "ascii") == "1 -> 2..."
    assert fitting("完成：3", "ascii") == "??:3"
    assert fitting("✓", "utf-8") == "✓"


def test_a_line_break_in_foreign_text_stays_on_its_line() -> None:
    assert clean("一\n二\t三\x00") == "一 二 三?"


def test_the_console_of_the_command_writes_to_the_stream_it_is_given() -> None:
    out = StringIO()
    open_console(out).print("[b]不是标记[/b] :smile:")
    assert out.getvalue() == "[b]不是标记[/b] :smile:\n"


def test_the_report_is_not_loaded_for_help() -> None:
    heavy = ("rich.progress", "generator.report", "typst", "pydantic")
    script = f"import sys, generator.cli; print([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).parents[1]
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert said.stdout.strip() == "[]"
