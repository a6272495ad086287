"""The only module that prints: events, problems and results as rich text, plain lines or one JSON object.

Everything survives a GBK console, a narrow window and a pipe: what the console cannot show is replaced, a
location is never wrapped, and control characters in foreign text never reach the terminal.
"""

import json
import re
import sys
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, cast

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from generator.errors import Exit, Problem, Span, error, sorted_problems
from generator.events import Checked, Event, PackDone, PieceDone, Started
from generator.manifest import Entry, problem_record

if TYPE_CHECKING:
    from generator.library import Library

MANY_PACKS: Final = 3
"""From here on the summary has a line for each pack instead of a table of materials."""

RESULTS: Final[Mapping[Exit, str]] = {
    Exit.MADE: "made",
    Exit.PROBLEMS: "problems",
    Exit.USAGE: "usage",
    Exit.NOT_WRITTEN: "not-written",
    Exit.BUG: "bug",
}
SEVERITY: Final = {"error": ("错误", "bold red"), "warning": ("警告", "yellow")}


@dataclass(frozen=True, slots=True)
class Listing:
    """One table of ``generate list``: ``key`` in JSON, ``title`` for people; a row has a cell for each column.

    ``columns`` maps each column's name in JSON to its heading.
    """

    key: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Sequence[str]]


class Reporter:
    """Shows one run. ``as_json``: one object at the end and nothing else; ``quiet``: problems and paths alone."""

    def __init__(self, console: Console | None = None, *, as_json: bool = False, quiet: bool = False) -> None:
        self._console = console or open_console(sys.stdout)
        if not isinstance(self._console.file, _Fitting):
            self._console.file = cast(IO[str], _Fitting(self._console.file))
        self._as_json, self._quiet = as_json, quiet
        self._progress: Progress | None = None
        self._total = self._done = 0
        self._problems: list[Problem] = []
        self._titles: dict[str, str] = {}
        self._packs: list[PackDone] = []
        self._checked: Checked | None = None
        self._listings: list[Listing] = []
        self._files: list[Path] = []

    # ---- while it runs -------------------------------------------------------------------------------

    def show(self, event: Event) -> None:
        """Take notice of what has just happened."""
        match event:
            case Started():
                self._problems += event.problems
                self.start(event.pieces)
            case PieceDone():
                self.piece(event.title, event.failed)
            case PackDone():
                self._packs.append(event)
                self._problems += event.problems
                self._titles |= {job.name: job.title for job in event.plan.jobs}
            case Checked():
                self._checked = event
                self._problems += event.problems

    def start(self, total: int) -> None:
        """``total`` pieces will be made: a progress bar on a terminal, a line for each piece elsewhere."""
        self._total, self._done = total, 0
        if self._as_json or self._quiet or not total:
            return
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            columns = (TextColumn("制作"), BarColumn(None), MofNCompleteColumn(), TextColumn("{task.description}"))
            quietly: Any = {"redirect_stdout": False, "redirect_stderr": False}
            self._progress = Progress(*columns, console=self._console, transient=True, expand=True, **quietly)
            self._progress.add_task(_cut("", self._console.width // 3), total=total)
            self._progress.start()

    def piece(self, title: str, failed: bool = False) -> None:
        """One piece is done, or could not be made."""
        self._done += 1
        if self._progress:
            shown = _cut(clean(title), self._console.width // 3)
            self._progress.update(self._progress.task_ids[0], completed=self._done, description=shown)
        elif not (self._as_json or self._quiet):
            width = len(str(self._total))
            self._line(f"[{self._done:{width}}/{self._total}] {title}{'  没有做出来' if failed else ''}")

    # ---- how it ends ---------------------------------------------------------------------------------

    def finish(self) -> Exit:
        """Show all problems and what was made; the exit code says whether there were errors."""
        strict = self._checked is not None and self._checked.strict
        wrong = any(strict or problem.severity == "error" for problem in self._problems)
        return self._end(Exit.PROBLEMS if wrong else Exit.MADE)

    def fail(self, problems: Iterable[Problem], exit_code: Exit) -> Exit:
        """The run ended before its end: show why, and which packs were finished before."""
        self._problems += problems
        return self._end(exit_code, ended=True)

    def bug(self, raised: BaseException) -> None:
        """Something that is our fault: say so, with what the maintainers need."""
        said = f"程序自己出错了，不是您的内容有问题：{type(raised).__name__}: {raised}"
        trace = "".join(traceback.format_exception(raised))
        self._stop()
        if self._as_json:
            self._problems.append(error("bug", said))
            self._write_json(Exit.BUG, {"traceback": trace})
            return
        self.problems([*self._problems, error("bug", said)])
        self._line("请把下面这一段发给维护人员：")
        for line in trace.splitlines():
            self._line(line, "dim")

    def lists(self, library: "Library") -> None:
        """What can be named on the command line."""
        self.tables(listings(library))

    def tables(self, given: Sequence[Listing]) -> None:
        """Tables with a heading; in JSON they are part of the object that ``finish`` writes."""
        self._listings += given
        for at, listing in enumerate(() if self._as_json else given):
            if at:
                self._line("")
            self._line(f"{listing.title}（{len(listing.rows)}）", "bold")
            self._table(list(listing.columns.values()), listing.rows)

    def files(self, paths: Iterable[Path]) -> None:
        """Files that were written outside any pack."""
        made = list(paths)
        self._files += made
        if not (self._as_json or self._quiet):
            self._line(f"已写 {len(made)} 个文件：")
        for path in () if self._as_json else made:
            self._line(str(path))

    def _end(self, code: Exit, ended: bool = False) -> Exit:
        self._stop()
        if self._as_json:
            self._write_json(code, {})
            return code
        self.problems(self._problems)
        if self._quiet:
            for pack in self._packs:
                self._line(str(pack.delivery.destination))
        else:
            self._summary()
            self._verdict(code, ended)
        return code

    def _stop(self) -> None:
        if self._progress:
            self._progress.stop()
            self._progress = None

    # ---- problems ------------------------------------------------------------------------------------

    def problems(self, found: Iterable[Problem]) -> None:
        """Each problem once, by file and line: where, what is wrong, the line as typed, the line to write."""
        listed = sorted_problems(found)
        for problem in _once_each(listed):
            self._problem(problem)
        if listed and not self._quiet:
            errors = sum(problem.severity == "error" for problem in listed)
            self._line(f"共 {errors} 个错误，{len(listed) - errors} 个警告", "bold")

    def _problem(self, problem: Problem) -> None:
        name, style = SEVERITY[problem.severity]
        line = Text()
        if problem.span:
            line.append(f"{clean(str(problem.span))}: ", "bold")
        line.append(f"{name}: ", style)
        if title := self._titles.get(problem.piece):
            line.append(f"《{clean(title)}》")
        self._print(line.append(clean(problem.message)))
        if problem.quote.strip():
            self._line(f"    {problem.quote.strip()}", "dim")
        if problem.fix.strip():
            self._line(f"    改为：{problem.fix.strip()}", "green")

    # ---- the summary ---------------------------------------------------------------------------------

    def _summary(self) -> None:
        if len(self._packs) > MANY_PACKS:
            rows = [
                [_name(p), *_counts(p), "、".join(p.withheld) or "-", str(p.delivery.destination)] for p in self._packs
            ]
            self._line("")
            self._table(["物料包", "件数", "文件", "没做出来", "位置"], rows, numbers=(1, 2))
            return
        for pack in self._packs:
            self._pack(pack)

    def _pack(self, pack: PackDone) -> None:
        made = pack.delivery
        self._line("")
        self._line(_name(pack), "bold")
        rows = _materials(pack)
        total = ["合计", str(sum(int(row[1]) for row in rows)), str(sum(int(row[2]) for row in rows)), ""]
        self._table(["物料", "件数", "文件", "文件夹"], [*rows, total], numbers=(1, 2))
        changed = [(len(made.written), "新写"), (len(made.unchanged), "没有变化"), (len(made.removed), "移除")]
        changed += [(len(made.retired), "移到旧版"), (len(made.kept_edits), "您改过、已保留")]
        self._line("文件：" + "，".join(f"{name} {count} 个" for count, name in changed if count))
        if checked := _preflight(pack):
            self._line(checked)
        for title in pack.withheld:
            self._line(f"没有做出来：{title}", "red")
        self._line("位置：")
        self._line(f"  {made.destination}", "bold")
        self._line("下一步：")
        for number, step in enumerate(_next_steps(pack), 1):
            self._line(f"  {number}. {step}")

    def _verdict(self, code: Exit, ended: bool) -> None:
        """The last line: how it went and what to do."""
        withheld = sum(len(pack.withheld) for pack in self._packs)
        if ended:
            made = f"前面 {len(self._packs)} 套已经生成，其余" if self._packs else ""
            said = {
                Exit.USAGE: "用法见 generate --help；能用的名称见 generate list。",
                Exit.NOT_WRITTEN: f"{made}没有写入。",
            }.get(code, f"{made}没有生成：请先改好上面的问题，再运行一次。")
            self._line(said, "bold red")
        elif self._checked:
            errors = any(problem.severity == "error" for problem in self._problems)
            found = "有错误" if errors else "有警告" if self._problems else "没有问题"
            clear = f"{found}，请先改好" if code else f"{found}，可以生成" if self._problems else found
            self._line(f"检查了 {self._checked.pieces} 件物料：{clear}。", "bold red" if code else "bold green")
        elif withheld:
            self._line(f"有 {withheld} 件没有做出来，其余已交付。改好上面的错误，再运行一次。", "bold red")

    # ---- JSON ----------------------------------------------------------------------------------------

    def _write_json(self, code: Exit, more: Mapping[str, Any]) -> None:
        """One object, in ASCII: no console and no code page can break it."""
        said: dict[str, Any] = {
            "result": RESULTS[code],
            "exit_code": int(code),
            "packs": [_pack_record(pack) for pack in self._packs],
            "files": [record for pack in self._packs for record in _file_records(pack)],
            "problems": [_record(problem) for problem in sorted_problems(self._problems)],
        }
        if self._files:
            said["files"] += [{"path": str(path)} for path in self._files]
        if self._listings:
            said |= {
                given.key: [dict(zip(given.columns, row, strict=True)) for row in given.rows]
                for given in self._listings
            }
        self._console.file.write(json.dumps(said | dict(more), indent=2) + "\n")
        self._console.file.flush()

    # ---- printing ------------------------------------------------------------------------------------

    def _line(self, text: str, style: str = "") -> None:
        self._print(Text(clean(text), style))

    def _print(self, text: Text) -> None:
        # the terminal wraps: a location or a path stays one word for whoever copies it
        self._console.print(text, soft_wrap=True, highlight=False)

    def _table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> None:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
        for at, head in enumerate(heads):
            table.add_column(head, justify="right" if at in numbers else "left", overflow="fold", no_wrap=at in numbers)
        for row in rows:
            table.add_row(*(Text(clean(cell)) for cell in row))
        self._console.print(table, highlight=False)


def open_console(stream: IO[str]) -> Console:
    """A console on ``stream`` that shows foreign text as text. It heeds NO_COLOR, and is plain in a pipe."""
    fitting = cast(IO[str], _Fitting(stream))
    return Console(file=fitting, markup=False, emoji=False, highlight=False)


def _once_each(problems: Sequence[Problem]) -> Iterator[Problem]:
    """What is wrong with the same words in many pieces is told of in the first, with how many more there are."""
    pieces = Counter(key for problem in problems if (key := _of_words(problem)))
    told: set[tuple[str, Span]] = set()
    for problem in problems:
        key = _of_words(problem)
        if key in told:
            continue
        if key:
            told.add(key)
            if more := pieces[key] - 1:
                problem = replace(problem, message=f"{problem.message}（另有 {more} 处也这样）")
        yield problem


def _of_words(problem: Problem) -> tuple[str, Span] | None:
    """What many pieces may find of the same words; the numbers in it differ."""
    measured = problem.code == "overflow" or problem.code.startswith("preflight-")
    return (problem.code, problem.span) if measured and problem.piece and problem.span else None


# ---- what the console can show -----------------------------------------------------------------------------

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SPELLED: Final = {"✓": "√", "✔": "√", "✗": "x", "✘": "x", "•": "·", "→": "->", "…": "...", "—": "-", "·": "-"}


def clean(text: str) -> str:
    """Foreign text for a terminal: no escape sequence, no line break, nothing that turns the writing around."""
    return _CONTROL.sub(lambda found: " " if found.group() in "\n\t" else "?", text)


def fitting(text: str, encoding: str) -> str:
    """``text`` with what ``encoding`` lacks spelled otherwise, at worst as a question mark."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fitting(character, encoding) for character in text)
    return text


def _fitting(character: str, encoding: str) -> str:
    for spelled in (character, _SPELLED.get(character, "?"), unicodedata.normalize("NFKC", character)):
        try:
            spelled.encode(encoding)
        except UnicodeEncodeError:
            continue
        if spelled != "?":
            return spelled
    # joiners and variation selectors belong to the emoji before them
    return "" if unicodedata.category(character) in ("Mn", "Cf", "Me") else "?"


class _Fitting:
    """A text stream whose ``write`` never fails for a character that its encoding lacks."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(fitting(text, getattr(self._stream, "encoding", None) or "utf-8"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _cut(text: str, cells: int) -> str:
    """The beginning of ``text``, filled up to ``cells`` columns so that the bar stands still; Hanzi take two."""
    shown = Text(text)
    shown.truncate(max(cells, 8), overflow="ellipsis", pad=True)
    return shown.plain


# ---- words about a pack ------------------------------------------------------------------------------------


def _name(pack: PackDone) -> str:
    """学校 · 第一中学 · 开学季"""
    plan = pack.plan
    campaign = [plan.campaign.name] if plan.campaign else []
    return " · ".join([plan.audience.name, plan.contact.name if plan.contact else "未署名", *campaign])


def _of_pieces(pack: PackDone) -> list[Entry]:
    return [entry for entry in pack.delivery.manifest["files"] if "piece" in entry]


def _counts(pack: PackDone) -> tuple[str, str]:
    entries = _of_pieces(pack)
    return str(len({entry["piece"] for entry in entries})), str(len(entries))


def _materials(pack: PackDone) -> list[list[str]]:
    """A row for each material: name, pieces, files, the folders they are in."""
    by_material: dict[str, list[Entry]] = {}
    for entry in _of_pieces(pack):
        by_material.setdefault(entry["material"], []).append(entry)
    names = {job.material: job.title.partition("·")[0] for job in pack.plan.jobs}
    return [
        [
            names.get(material) or _material_name(entries),
            str(len({entry["piece"] for entry in entries})),
            str(len(entries)),
            "、".join(dict.fromkeys(PurePosixPath(entry["path"]).parts[0] for entry in entries)),
        ]
        for material, entries in by_material.items()
    ]


def _material_name(entries: Sequence[Entry]) -> str:
    """The name of a material that this run was not about: file names begin with it."""
    return PurePosixPath(entries[0]["path"]).stem.partition("_")[0]


def _preflight(pack: PackDone) -> str:
    """How the print files came through; empty when there is none."""
    files = pack.delivery.manifest["files"]
    found = [entry["preflight"] for entry in files if "preflight" in entry]
    if not found:
        return ""
    doubtful = sum(record["result"] != "passed" for record in found)
    most = max(max(record["ink_percent"], default=0) for record in found)
    said = f"{len(found)} 个印刷文件通过" + (f"，其中 {doubtful} 个有提醒（见上）" if doubtful else "")
    return f"印前检查：{said}，总墨量最高 {most:.0f}%，{found[0]['standard']}"


def _next_steps(pack: PackDone) -> list[str]:
    paths = [entry["path"] for entry in pack.delivery.manifest["files"]]
    folders = {PurePosixPath(path).parts[0] for path in paths}
    steps = ["打开 总览.html，把每件看一遍"]
    if pack.plan.contact and pack.plan.contact.sample:
        steps.append("这是样张，请勿印刷：在 content/contacts/ 里建好本单位，再用 --contact 署名")
    elif "发广告公司.zip" in folders:
        steps.append("填好 印刷清单.xlsx 的数量，把 发广告公司.zip 发给广告公司" + _about_tiffs(pack))
    if not pack.plan.contact:
        steps.append("现在没有署名：在 content/contacts/ 里建好本单位，再用 --contact 署名")
    if "发微信" in folders:
        steps.append("发微信 里的图片转发到群里")
    if "LED" in folders:
        steps.append("LED 文件夹拷到 U 盘，交给管屏幕的人")
    return steps


def _about_tiffs(pack: PackDone) -> str:
    """How to get pixels, where a shop may ask for them and there are none."""
    taken = any("print" in job.formats and (job.data["sheet"]["press"] or {}).get("tiff") for job in pack.plan.jobs)
    made = any(entry["format"] == "tiff" for entry in pack.delivery.manifest["files"])
    return "；对方要 TIFF 的，加 --tiff 再做一次" if taken and not made else ""


def _pack_record(pack: PackDone) -> dict[str, Any]:
    made = pack.delivery
    about = ("audience", "contact", "campaign", "date")
    head: dict[str, Any] = {key: made.manifest[key] for key in about if key in made.manifest}
    return {
        "path": str(made.destination),
        **head,
        "written": made.written,
        "unchanged": made.unchanged,
        "removed": made.removed,
        "retired": [list(pair) for pair in made.retired],
        "kept_edits": [list(pair) for pair in made.kept_edits],
        "withheld": list(pack.withheld),
    }


def _file_records(pack: PackDone) -> Iterable[dict[str, Any]]:
    """The files as the manifest has them, without their texts; ``path`` from the root of the disk."""
    for entry in pack.delivery.manifest["files"]:
        short = {key: value for key, value in entry.items() if key not in ("text", "outline", "content")}
        yield short | {"path": str(pack.delivery.destination / entry["path"])}


def _record(problem: Problem) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if problem.span:
        more = {"end_line": problem.span.end_line, "end_column": problem.span.end_column}
    said = {"quote": problem.quote, "fix": problem.fix}
    return problem_record(problem) | more | {key: value for key, value in said.items() if value}


# ---- generate list -----------------------------------------------------------------------------------------

_ID: Final = {"id": "编号", "name": "名称"}


def listings(library: "Library") -> list[Listing]:
    """The six tables of ``generate list``."""
    audiences = [[a.id, a.name, a.readers, library.themes[a.theme].name] for a in library.audiences.values()]
    materials = [[m.id, m.name, _millimetres(m.trim), "、".join(m.formats)] for m in library.materials.values()]
    contacts = [[key, c.name, c.kind.value, "样张" if c.sample else ""] for key, c in library.contacts.items()]
    campaigns = [[key, c.name, _period(c.period), "、".join(c.focus)] for key, c in library.campaigns.items()]
    scams = [[key, s.name, "、".join(s.audiences) or "所有人"] for key, s in library.scams.items()]
    documents = [
        [key, d.name, getattr(library.materials.get(d.genre), "name", d.genre), "、".join(d.audiences) or "所有人"]
        for key, d in library.documents.items()
    ]
    return [
        Listing("audiences", "受众 --audience", _ID | {"readers": "读者", "theme": "样式"}, audiences),
        Listing("materials", "物料 --only", _ID | {"trim_mm": "成品尺寸", "formats": "交付"}, materials),
        Listing("contacts", "单位 --contact", _ID | {"kind": "类型", "sample": "样张"}, contacts),
        Listing("campaigns", "活动 --campaign", _ID | {"period": "时间", "focus": "重点骗术"}, campaigns),
        Listing("scams", "骗术 --focus", _ID | {"audiences": "对象"}, scams),
        Listing("documents", "文书 content/documents/", _ID | {"genre": "文种", "audiences": "对象"}, documents),
    ]


def _millimetres(trim: tuple[float, float] | None) -> str:
    return f"{trim[0]:g}×{trim[1]:g} mm" if trim else ""


def _period(period: Any) -> str:
    return f"{period.starts} 至 {period.ends}" if period else ""
