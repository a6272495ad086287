"""Which module may know what: the rules of the design, read from the source code itself."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from generator.render import RENDERERS
from generator.render.base import Renderer
from tests.command import run_apart

GENERATOR = Path(__file__).resolve().parent.parent / "generator"

ENGINES = {
    "docx": {"render.document_check"},
    "typst": {"benchmark", "render.document", "render.engine", "render.led_pages", "render.pages"},
    "pikepdf": {
        "benchmark",
        "render.colouring",
        "render.pages",
        "render.press",
        "render.press_paint",
        "render.press_proofs",
        "render.press_x",
        "render.office",
        "render.office_nup",
        "render.office_sheets",
    },
    "pypdfium2": {
        "benchmark",
        "render.document",
        "render.document_check",
        "render.led_pages",
        "render.pages",
        "render.press_plates",
        "render.press_proofs",
    },
    "pptx": {"benchmark"},
    "openpyxl": {"workbooks"},
    "xlsxwriter": {"workbooks", "render.deck_chart"},
    "av": {"typesetting.motion"},
    "pypinyin": {"typesetting.pinyin"},
    "zxingcpp": {"benchmark", "typesetting.qr"},
    "qrcode": {"typesetting.qr"},
    "rjieba": {"typesetting.phrases"},
    "rich": {"report"},
    "typer": {"cli"},
}
"""Libraries with one owner each; the benchmark's floor is the same pages through the bare engines."""

LATE = {
    "PIL",
    "av",
    "docx",
    "jinja2",
    "lxml",
    "numpy",
    "openpyxl",
    "pikepdf",
    "pptx",
    "pypinyin",
    "pypdfium2",
    "qrcode",
    "rjieba",
    "typst",
    "xlsxwriter",
    "zxingcpp",
}
"""Too slow to load before they are needed."""

DISK = {
    "fileinput",
    "glob",
    "io",
    "mmap",
    "os",
    "pathlib",
    "pickle",
    "shelve",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "zipfile",
}
CLOCK = {"calendar", "sched", "time"}
READS = {"exists", "is_dir", "is_file", "iterdir", "glob", "open", "read_bytes", "read_text", "rglob", "stat"}
WRITES = {
    "chmod",
    "copy",
    "copy2",
    "copyfile",
    "copyfileobj",
    "copytree",
    "hardlink_to",
    "link",
    "makedirs",
    "mkdir",
    "mkdtemp",
    "mkstemp",
    "move",
    "remove",
    "removedirs",
    "rename",
    "renames",
    "rmdir",
    "rmtree",
    "save",
    "symlink",
    "symlink_to",
    "touch",
    "unlink",
    "utime",
    "write_bytes",
    "write_text",
}
NOW = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "strftime", "ctime", "asctime"}
UNREPEATABLE = {
    "getpass",
    "locale",
    "platform",
    "random",
    "requests",
    "secrets",
    "socket",
    "urllib.request",
    "http",
    "ssl",
}


@dataclass
class Module:
    """One module as its source has it; ``imports`` maps each imported name to whether it is done late."""

    name: str
    tree: ast.Module
    imports: dict[str, bool] = field(default_factory=dict)

    @property
    def roots(self) -> set[str]:
        return {name.partition(".")[0] for name in self.imports}

    @property
    def own(self) -> set[str]:
        """Modules of this program, without the package's name."""
        return {name.removeprefix("generator.") for name in self.imports if name.startswith("generator.")}

    @property
    def calls(self) -> set[str]:
        """The last name of everything that is called: ``open``, ``write_text``."""
        return {_last(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}

    @property
    def writes(self) -> set[str]:
        """What it calls that changes a disk, opening a file to write among it."""
        opened = {
            "open"
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and _last(node.func) == "open"
            for mode in (*node.args, *(keyword.value for keyword in node.keywords))
            if (isinstance(mode, ast.Constant) and re.fullmatch("[wax]b?[+]?|r[b]?[+]", str(mode.value)))
            or "O_CREAT" in ast.unparse(mode)
        }
        return self.calls & WRITES | opened


def _last(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _imports(node: ast.AST, late: bool = False) -> Iterator[tuple[str, bool]]:
    """Every import but those for the type checker alone; late: inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from ((name.name, late) for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.module, "imports are absolute"
            assert not child.level, "imports are absolute"
            for name in child.names:
                inner = f"{child.module}.{name.name}"
                yield (inner if _is_module(inner) else child.module), late
        yield from _imports(child, late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def _is_module(name: str) -> bool:
    path = GENERATOR.parent / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(GENERATOR.rglob("*.py")):
        name = ".".join(path.relative_to(GENERATOR).with_suffix("").parts).removesuffix(".__init__")
        module = Module(name, ast.parse(path.read_text(encoding="utf-8")))
        for imported, late in _imports(module.tree):
            module.imports[imported] = module.imports.get(imported, True) and late
        found[name] = module
    return found


def within(package: str) -> list[Module]:
    return [module for name, module in modules().items() if name == package or name.startswith(f"{package}.")]


def renderers() -> dict[str, Module]:
    """The modules of render/ that make something, by name."""
    return {
        name: module
        for name, module in modules().items()
        if name.startswith("render.")
        and any(
            isinstance(node, ast.Assign | ast.AnnAssign) and "RENDERER" in ast.unparse(node).split("=")[0].split(":")[0]
            for node in module.tree.body
        )
    }


def test_the_models_touch_no_file() -> None:
    for module in within("model"):
        assert not module.roots & (DISK | CLOCK), module.name
        assert not module.calls & (READS | WRITES), module.name
        assert {name.partition(".")[0] for name in module.own} <= {"model", "errors"}, module.name


def test_the_plan_touches_no_file_no_clock_and_no_engine() -> None:
    allowed = {"branding", "compositions", "errors", "library", "model", "typesetting", "render.base", "feeds"}
    for module in (*(modules()[name] for name in ("plan", "branding", "compositions")), *within("feeds")):
        assert not module.roots & (DISK | CLOCK | LATE), module.name
        assert not module.calls & ((READS | WRITES | NOW) - {"time"}), module.name
        beyond = {name for name in module.own if not any(f"{name}.".startswith(f"{known}.") for known in allowed)}
        assert not beyond, module.name


def test_each_engine_has_one_owner() -> None:
    for engine, owners in ENGINES.items():
        assert {module.name for module in modules().values() if engine in module.roots} <= owners, engine
        assert any(engine in modules()[owner].roots for owner in owners if owner in modules()), engine


def test_no_renderer_knows_another() -> None:
    makers = renderers()
    assert {"render.pages", "render.led", "render.deck"} <= set(makers)
    for module in within("render"):
        others = set(makers) - {module.name}
        if module.name != "render":
            assert not module.own & others, module.name


def test_every_renderer_is_registered_under_the_name_of_its_module() -> None:
    made = {name: import_module(f"generator.{name}").RENDERER for name in renderers()}
    assert {name.rpartition(".")[2]: renderer for name, renderer in made.items()} == RENDERERS
    assert all(isinstance(renderer, Renderer) and renderer.engines() for renderer in made.values())


def test_only_the_writers_write() -> None:
    """Into output/: output and its journal. Into a workspace: kitchen, workers, renderers, the pack's own files."""
    output, workspaces = {"output", "journal"}, {"kitchen", "workers", "delivery"}
    apart = {"schema", "benchmark", "survey"}  # into .schema/, into a temporary folder, where its user fills it in
    in_memory = {"typesetting.motion"}  # a film and a GIF, as bytes
    for module in modules().values():
        if module.writes and not module.name.startswith("render."):
            assert module.name in output | workspaces | apart | in_memory, (module.name, module.writes)


AUDIT = """
import atexit, json, os
touched = set()
def heard(event, values):
    if event == "open" and isinstance(values[0], str) and values[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        touched.add(os.path.abspath(values[0]))
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir"):
        if values[-1] == -1:  # else inside a folder that is open: shutil.rmtree at work on one of ours
            touched.update(os.path.abspath(value) for value in values if isinstance(value, str))
    elif event.startswith(("socket.", "subprocess.", "os.system")):
        touched.add(event)
sys.addaudithook(heard)
atexit.register(lambda: sys.stderr.write(json.dumps(sorted(touched))))
"""


def test_a_run_touches_only_its_output_and_a_temporary_folder_and_no_network(original: Path, tmp_path: Path) -> None:
    ran = run_apart(
        "--audience", "school", "--only", "宣传单,LED标语,课件", "--jobs", "1",
        "--root", original, "--output", tmp_path / "output",
        code=AUDIT, PYTHONDONTWRITEBYTECODE="1", TMPDIR=str(tmp_path), TEMP=str(tmp_path), TMP=str(tmp_path),
    )  # fmt: skip
    assert ran.code == 0
    touched = json.loads(ran.complained)
    assert len(touched) > 50
    allowed = (str(tmp_path / "output"), str(tmp_path / "generate-"), os.devnull)
    # tempfile tries out its folder with a file of its own
    outside = [path for path in touched if not path.startswith(allowed) and Path(path).parent != tmp_path]
    assert outside == []
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_only_output_knows_where_packs_go() -> None:
    """Staging is entered by the story alone, and what is staged is moved by output alone."""
    assert {module.name for module in modules().values() if "Staging" in module.calls} == {"app"}
    assert {module.name for module in modules().values() if "Journal" in module.calls} == {"journal", "output"}


def test_only_the_report_prints() -> None:
    for module in modules().values():
        if module.name not in ("report", "benchmark"):
            assert "print" not in module.calls, module.name
            attributes = [node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
            assert not {"stdout", "stderr"} & set(attributes) or module.name == "cli", module.name
    assert {module.name for module in modules().values() if "echo" in module.calls} == {"cli"}


def test_only_the_command_line_knows_what_day_it_is() -> None:
    for module in modules().values():
        asked = {
            ast.unparse(node.func)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in NOW
        }
        assert not asked or module.name == "cli", (module.name, asked)
        assert "time" not in module.imports or module.name in ("workers", "benchmark"), module.name


def test_nothing_depends_on_chance_place_or_network() -> None:
    for module in modules().values():
        assert not set(module.imports) & UNREPEATABLE, module.name
        assert not module.calls & {"uuid1", "uuid4", "getenv", "expanduser", "getlocale", "urandom"}, module.name


def test_heavy_engines_are_loaded_when_they_are_needed() -> None:
    for module in modules().values():
        early = {name.partition(".")[0] for name, late in module.imports.items() if not late}
        assert not early & LATE or module.name == "benchmark", (module.name, early & LATE)


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("generator.cli", LATE | {"pydantic", "yaml", "fontTools"}),
        ("generator.app", LATE),
        ("generator.output", LATE | {"pydantic"}),
    ],
)
def test_a_module_alone_brings_no_engine_with_it(module: str, unwanted: set[str]) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=GENERATOR.parent, capture_output=True, check=True)
    assert not unwanted & set(json.loads(done.stdout))


def test_no_module_needs_one_that_needs_it() -> None:
    graph = {
        name: {own for own, late in ((n.removeprefix("generator."), late) for n, late in module.imports.items())
               if own in modules() and not late}
        for name, module in modules().items()
    }  # fmt: skip
    while leaves := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in leaves}
    assert not graph, "these need each other"


def test_the_lower_a_module_the_less_it_knows() -> None:
    """What all media share knows no renderer, what is said knows no typesetting of a page, errors know nothing."""
    assert not modules()["errors"].own
    top = {
        "app",
        "cli",
        "report",
        "output",
        "delivery",
        "plan",
        "feeds",
        "kitchen",
        "render.pages",
        "render.press",
        "render.deck",
        "render.document",
        "render.led",
    }
    for package in ("typesetting", "model", "checks", "source", "library", "errors"):
        for module in within(package):
            assert not module.own & top, module.name
