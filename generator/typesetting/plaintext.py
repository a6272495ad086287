"""Plain texts from templates: captions, scripts. Jinja2 gets data, never source: what users typed stays as it is."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import RenderError
from generator.typesetting import tags

if TYPE_CHECKING:
    from jinja2 import Environment


def written(templates: Path, name: str, data: Mapping[str, Any]) -> str:
    """The template ``name`` (a path under ``templates``) filled with ``data``; blank lines at its ends are dropped.

    RenderError names the line of the template that is wrong or asks for what is not there.
    """
    environment = _environment(templates)
    try:
        text = environment.get_template(name).render(data)
    except tags.wrong() as problem:
        said = tags.told(problem, "text-template", templates, name, data, environment.filters)
        raise RenderError([said]) from problem
    return text.strip("\n") + "\n"


@lru_cache(maxsize=4)
def _environment(templates: Path) -> "Environment":
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(templates, encoding="utf-8-sig"), undefined=tags.strict(), trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
