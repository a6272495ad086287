"""Options in, exit code out. Heavy parts are imported when a command runs, so that --help is instant."""

import gc
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from generator import __version__
from generator.errors import Exit, GeneratorError, UsageError, error

if TYPE_CHECKING:
    from generator.app import Options
    from generator.events import Event
    from generator.report import Reporter

    Story = Callable[[Reporter], Iterator[Event]]

app = typer.Typer(
    name="generate",
    add_completion=False,
    invoke_without_command=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="反诈宣传物料生成器：编辑 content/ 里的文字，一条命令生成海报、折页、LED 标语和课件。",
    epilog="例：generate --audience school　　generate --audience 银行 --contact 样例银行 --only 海报,LED标语",
)

Root = Annotated[
    Path | None,
    typer.Option("--root", help="项目文件夹（含 content/ 和 templates/），默认从当前位置向上找", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象，供脚本使用")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="只显示问题和结果位置")]
Audiences = Annotated[
    list[str] | None,
    typer.Option(
        "--audience", "-a", help="受众：英文编号或中文名（school、学校……），可重复；all 为全部", show_default=False
    ),
]
Contacts = Annotated[
    list[str] | None,
    typer.Option("--contact", "-c", help="署名单位，可重复；all 为这个受众的全部真实单位", show_default=False),
]
Campaign = Annotated[str | None, typer.Option("--campaign", help="宣传活动（开学季……）", show_default=False)]
Focus = Annotated[list[str] | None, typer.Option("--focus", help="重点骗术，排在最前，可重复", show_default=False)]
Day = Annotated[
    str | None, typer.Option("--date", help="版本日期 YYYY-MM-DD，默认用活动或内容里最新的审核日期", show_default=False)
]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="只做这些物料（海报,LED标语），可重复", show_default=False)
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, help="最多同时用几个进程，默认按处理器个数、最多 4；内存小的电脑写 1", show_default=False
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="有警告就不生成")]

Standard = Annotated[
    str | None,
    typer.Option("--print-standard", help="印刷文件：x1a 已转曲（默认，最通用），x4 保留文字", show_default=False),
]
Tiff = Annotated[bool, typer.Option("--tiff", help="写真、喷绘、横幅另出 CMYK TIFF（一件可达几百 MB）")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"generate {__version__}")
        raise typer.Exit


@app.callback()
def generate(
    context: typer.Context,
    audience: Audiences = None,
    contact: Contacts = None,
    campaign: Campaign = None,
    focus: Focus = None,
    day: Day = None,
    only: Only = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="输出文件夹，默认项目里的 output/", show_default=False)
    ] = None,
    root: Root = None,
    survey: Annotated[
        Path | None,
        typer.Option("--survey", help="填好的需求统计表.xlsx：只做表里要的，数量和尺寸照表", show_default=False),
    ] = None,
    video: Annotated[
        bool, typer.Option("--video", help="另做短视频和全彩屏的 MP4（要先装视频组件，每条十几秒）")
    ] = False,
    standard: Standard = None,
    tiff: Tiff = False,
    jobs: Jobs = None,
    strict: Strict = False,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本号")] = False,
) -> None:
    """生成物料包。"""
    if context.invoked_subcommand is not None:
        return

    def story(reporter: "Reporter") -> Iterator["Event"]:
        from generator import app as story

        if not audience:
            raise UsageError([error("no-audience", "请说明给谁做：--audience 学校（或 银行、派出所……；all 为全部）")])
        home = _home(root)
        return story.generate(
            home,
            output or home / "output",
            _options(
                audience,
                contact,
                campaign,
                focus,
                day,
                only,
                strict,
                survey,
                also=("film", "mp4") if video else (),
                standard=standard,
                tiff=tiff,
                jobs=jobs,
            ),
        )

    raise typer.Exit(_run(story, as_json, quiet))


@app.command()
def check(
    audience: Audiences = None,
    contact: Contacts = None,
    campaign: Campaign = None,
    day: Day = None,
    only: Only = None,
    root: Root = None,
    strict: Strict = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """检查内容和版面，不写任何文件。"""

    def story(reporter: "Reporter") -> Iterator["Event"]:
        from generator import app as story

        return story.check_all(_home(root), _options(audience or ["all"], contact, campaign, None, day, only, strict))

    raise typer.Exit(_run(story, as_json, quiet))


@app.command("list")
def list_(root: Root = None, as_json: Json = False) -> None:
    """列出受众、物料、单位、活动、骗术、文书。"""

    def story(reporter: "Reporter") -> Iterator["Event"]:
        from generator.app import open_library

        reporter.lists(open_library(_home(root)))
        return iter(())

    raise typer.Exit(_run(story, as_json, quiet=False))


@app.command()
def schema(root: Root = None) -> None:
    """把每种内容文件的 JSON Schema 写进 .schema/，编辑器据此提示。"""

    def story(reporter: "Reporter") -> Iterator["Event"]:
        from generator.schema import write_schemas

        reporter.files(write_schemas(_home(root)))
        return iter(())

    raise typer.Exit(_run(story, as_json=False, quiet=False))


Form = Annotated[
    Path | None, typer.Option("--to", help="写到哪里，默认写在当前文件夹", show_default=False, dir_okay=False)
]


@app.command("survey")
def survey_(
    audience: Annotated[str, typer.Option("--audience", "-a", help="受众：英文编号或中文名")],
    to: Form = None,
    root: Root = None,
) -> None:
    """写一份空白的需求统计表.xlsx，填好后用 --survey 交给 generate。"""
    from generator.app import blank_survey

    raise typer.Exit(_form(blank_survey, audience, to or Path("需求统计表.xlsx"), root))


@app.command()
def records(
    audience: Annotated[str, typer.Option("--audience", "-a", help="受众：英文编号或中文名")],
    to: Form = None,
    root: Root = None,
) -> None:
    """写一份空白的宣传活动登记表.xlsx，张贴、发放、讲座一次登一行。"""
    from generator.app import blank_log

    raise typer.Exit(_form(blank_log, audience, to or Path("宣传活动登记表.xlsx"), root))


@app.command()
def summary(
    audience: Annotated[str, typer.Option("--audience", "-a", help="受众：英文编号或中文名")],
    log: Annotated[list[Path], typer.Option("--records", help="填好的宣传活动登记表.xlsx，可重复", show_default=False)],
    contact: Contacts = None,
    campaign: Campaign = None,
    day: Day = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="输出文件夹，默认项目里的 output/", show_default=False)
    ] = None,
    root: Root = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """按登记表写活动小结（银行另有给人民银行的报告），放进物料包的 文书/。"""

    def story(reporter: "Reporter") -> Iterator["Event"]:
        from generator import app as story

        home = _home(root)
        options = _options([audience], contact, campaign, None, day, None, strict=False, records=tuple(log))
        return story.generate(home, output or home / "output", options)

    raise typer.Exit(_run(story, as_json, quiet))


def _form(made: "Callable[[Path, str], bytes]", audience: str, to: Path, root: Path | None) -> int:
    """A blank form for a person: written where none stands yet."""

    def story(reporter: "Reporter") -> Iterator["Event"]:
        from generator.survey import write_beside

        reporter.files([write_beside(made(_home(root), audience), to)])
        return iter(())

    return _run(story, as_json=False, quiet=False)


def _options(
    audience: list[str] | None,
    contact: list[str] | None,
    campaign: str | None,
    focus: list[str] | None,
    day: str | None,
    only: list[str] | None,
    strict: bool,
    survey: Path | None = None,
    records: tuple[Path, ...] = (),
    also: tuple[str, ...] = (),
    standard: str | None = None,
    tiff: bool = False,
    jobs: int | None = None,
) -> "Options":
    from generator.app import Options

    if standard not in (None, "x1a", "x4"):
        raise UsageError([error("bad-standard", f"--print-standard 只能写 x1a 或 x4：{standard}")])

    return Options(
        audiences=_names(audience),
        contacts=_names(contact),
        campaign=campaign,
        focus=_names(focus),
        date=_date(day),
        only=_names(only),
        strict=strict,
        survey=survey,
        records=records,
        also=also,
        standard=standard,
        tiff=tiff,
        jobs=jobs,
        today=datetime.now().astimezone().date(),
    )


def _names(typed: list[str] | None) -> tuple[str, ...]:
    """``--only a,b --only c`` and ``--only a，b`` name three and two things."""
    parts = (part.strip() for value in typed or () for part in value.replace("，", ",").replace("、", ",").split(","))
    return tuple(part for part in parts if part)


def _date(typed: str | None) -> date | None:
    from generator.model.primitives import is_in_reach

    try:
        day = date.fromisoformat(typed) if typed is not None else None
    except ValueError:
        raise UsageError([error("bad-date", f"日期请写成 2026-06-15 的样子：{typed}")]) from None
    if day and not is_in_reach(day):
        raise UsageError([error("bad-date", f"日期的年份请写 2000 到 2099：{typed}")])
    return day


def _home(root: Path | None) -> Path:
    """The project: the folder named, else the nearest one upwards that has content/ and templates/."""
    start = (root or Path.cwd()).resolve()
    for folder in [start] if root else [start, *start.parents]:
        if (folder / "content").is_dir() and (folder / "templates").is_dir():
            return folder
    where = f"{root} 里没有" if root else "从这里往上都没有找到"
    raise UsageError([error("no-project", f"{where} content/ 和 templates/：请先进入项目文件夹，或用 --root 指明")])


def _run(story: "Story", as_json: bool, quiet: bool) -> int:
    """Play ``story`` to the reporter; whatever goes wrong becomes words and an exit code."""
    from generator.report import Reporter

    reporter = Reporter(as_json=as_json, quiet=quiet)
    try:
        for event in story(reporter):
            reporter.show(event)
    except GeneratorError as failure:
        return int(reporter.fail(failure.problems, failure.exit_code))
    except KeyboardInterrupt:
        return int(reporter.fail([error("interrupted", "已中断，原来的文件没有改动")], Exit.NOT_WRITTEN))
    except Exception as bug:
        reporter.bug(bug)
        return int(Exit.BUG)
    return int(reporter.finish())


def main() -> None:
    """The ``generate`` command."""
    if os.name == "nt":
        # A console with a code page of its own still gets Chinese; what it lacks is replaced, never fatal.
        for stream in (sys.stdout, sys.stderr):
            getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    # Almost all that is made stays until the end: looking for garbage amid it takes a tenth of a run.
    gc.set_threshold(100_000)
    try:
        code = app(standalone_mode=False, windows_expand_args=False)
    except TyperException as typed:
        code = _mistyped(typed)
    # Those that never asked for help have not imported it.
    if kitchen := sys.modules.get("generator.kitchen"):
        kitchen.dismiss_helpers()
    sys.exit(code)


def _mistyped(typed: TyperException) -> int:
    """Typer's own complaints about the command line, in Chinese; the words it does not know stay as they are."""
    from generator.report import Reporter

    kind, option = type(typed).__name__, getattr(typed, "option_name", "")
    if kind == "NoArgsIsHelpError":
        typer.echo(getattr(typed, "message", ""))
        return int(Exit.USAGE)
    message = str(getattr(typed, "message", typed))
    option = option or _option_of(typed)
    messages = {
        "NoSuchOption": f"没有这个选项：{option}",
        "BadOptionUsage": f"选项 {option} 后面要写内容",
        "MissingParameter": f"缺少选项 {option}",
        "BadParameter": f"选项 {option} 后面的内容不对{_wanted(message)}",
    }
    if unknown := re.match(r"No such command '(.+?)'\.", message):
        known = "check、list、schema、survey、records、summary"
        message = f"没有 {unknown[1]} 这个命令（有 {known}）；生成物料请写 generate --audience 学校"
    reporter = Reporter(as_json="--json" in sys.argv)
    return int(reporter.fail([error("usage", messages.get(kind, message))], Exit.USAGE))


def _option_of(typed: TyperException) -> str:
    """The option that a complaint is of, as it is written in full: --jobs."""
    names = getattr(getattr(typed, "param", None), "opts", ())
    return next((name for name in names if name.startswith("--")), "")


def _wanted(message: str) -> str:
    """What an option takes, out of the words of a refusal."""
    if least := re.search(r"greater than or equal to (\d+)", message):
        return f"，请写 {least[1]} 或更大的整数"
    if "integer" in message:
        return "，请写整数，如 2"
    if "is a directory" in message:
        return "：这是文件夹，请写到文件名"
    return ""
