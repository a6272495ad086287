"""Plain texts from templates: captions, scripts. Jinja2 gets data, never source: what users typed stays as it is."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import RenderError, Span, error

if TYPE_CHECKING:
    from jinja2 import Environment


def written(templates: Path, name: str, data: Mapping[str, Any]) -> str:
    """The template ``name`` (a path under ``templates``) filled with ``data``; blank lines at its ends are dropped.

    RenderError names the line of the template that is wrong or asks for what is not there.
    """
    import jinja2

    try:
        text = _environment(templates).get_template(name).render(data)
    except jinja2.TemplateSyntaxError as problem:
        raise _wrong(problem.name or name, problem.lineno, problem.message or "写法有误") from problem
    except (jinja2.TemplateError, TypeError) as problem:
        raise _wrong(name, _line_of(problem, templates), f"用了没有的内容：{problem}") from problem
    return text.strip("\n") + "\n"


@lru_cache(maxsize=4)
def _environment(templates: Path) -> "Environment":
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(templates), undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def _line_of(problem: BaseException, templates: Path) -> int:
    """The line at which ``problem`` was raised; Jinja puts the template into the traceback."""
    line, trace = 1, problem.__traceback__
    while trace is not None:
        if templates in Path(trace.tb_frame.f_code.co_filename).parents:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _wrong(name: str, line: int, message: str) -> RenderError:
    return RenderError([error("text-template", f"文字模板：{message}", Span(f"templates/{name}", line, 1, line, 1))])
