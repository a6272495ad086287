"""Outlines: which slides a lecture has and what stands on them and in the speaker's notes.

An outline is YAML written through Jinja2 (``templates/deck/<outline>.yaml.j2``). Every value printed by ``{{ }}`` is
written as JSON, which is YAML too: what users typed stays one text, whatever characters it has.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from generator.errors import RenderError, error
from generator.model.primitives import Strict
from generator.render.base import Json
from generator.render.deck_chart import Chart
from generator.render.deck_fit import in_two
from generator.render.deck_trace import Traced
from generator.typesetting import tags

if TYPE_CHECKING:
    from jinja2 import Environment

ENDING: Final = ".yaml.j2"
_UNQUOTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_STOPS: Final = "。！？!?…"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else [] if value is None else value


class Words(Strict):
    """A paragraph with a colour of its own: ``{text: 都是诈骗, tone: accent}``."""

    text: str
    tone: Literal["ink", "muted", "paper", "ground", "ground_deep", "accent", "alarm"]


def _filling(value: object) -> list[Any]:
    """A text, coloured words, or a list of them and of deeper lists."""
    if not isinstance(value, list):
        value = [value]
    return [_part(each) for each in value]


def _part(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return Words.model_validate(value)
    if isinstance(value, list):
        return _filling(value)
    raise PydanticCustomError("filling", "要写文字；{value} 请加引号", {"value": str(value)})


Filling = Annotated[list[Any], BeforeValidator(_filling)]
"""A text or a list of paragraphs; a list in the list is its next level."""


class Slide(Strict):
    """One slide. ``fill``: text by placeholder name; ``scene``: the name of its picture; ``notes``: what the
    speaker says, ``minutes``: how long it takes; ``section``: the part of the deck that starts here."""

    layout: str
    fill: dict[str, Filling]
    scene: str | None = None
    chart: Chart | None = None
    section: str | None = None
    minutes: Annotated[float, Field(gt=0, le=30)]
    notes: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]


class Outline(Strict):
    """A lecture: its title and its slides. ``least``: the smallest type in points, where the readers' eyes ask for
    more than the layouts do; ``internal``: the words that mark every page of a deck that is not for the public."""

    title: str
    least: Annotated[float, Field(ge=20, le=40)] = 20
    internal: str | None = None
    slides: Annotated[list[Slide], Field(min_length=1)]


def names(folder: Path) -> list[str]:
    """The outlines there are."""
    return sorted(path.name.removesuffix(ENDING) for path in folder.glob(f"*{ENDING}"))


def read(folder: Path, name: str, data: Json) -> Outline:
    """The outline ``name`` filled with ``data``. RenderError says in which line of the template something is wrong."""
    if name not in names(folder):
        message = f"没有名为“{name}”的课件提纲；有：{'、'.join(names(folder))}"
        raise RenderError([error("deck-outline-unknown", message)])
    template = f"{name}{ENDING}"
    text = _written(folder, template, data)
    import yaml

    try:
        return Outline.model_validate(_loaded(text))
    except yaml.MarkedYAMLError as problem:
        raise RenderError(Traced(folder, template, data, _environment(folder)).unparsed(problem)) from problem
    except ValidationError as problem:
        fields = (tuple(Outline.model_fields), tuple(Slide.model_fields))
        raise RenderError(Traced(folder, template, data, _environment(folder)).invalid(problem, fields)) from problem


def _written(folder: Path, template: str, data: Json) -> str:
    environment = _environment(folder)
    try:
        return environment.get_template(template).render(data)
    except tags.wrong() as problem:
        names = [*data, *environment.globals]
        said = tags.told(
            problem, "deck-outline", folder.parent, f"{folder.name}/{template}", names, environment.filters
        )
        raise RenderError([said]) from problem


@lru_cache(maxsize=4)
def _environment(folder: Path) -> "Environment":
    """The templates of ``folder``, compiled once a process; a changed file is read again."""
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder, encoding="utf-8-sig"),
        undefined=tags.strict(),
        finalize=as_json,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # an included part must not run into what follows it
    )
    environment.filters |= {
        "sentence": sentence,
        "bare": bare,
        "quoted": quoted,
        "joined": joined,
        "about": about,
        "in_two": in_two,
    }
    environment.globals |= {"numeral": numeral}
    return environment


def _loaded(text: str) -> object:
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


# ---- what templates may call -------------------------------------------------------------------------


def as_json(value: object) -> str:
    """``value`` as JSON that PyYAML reads back as it was."""
    if isinstance(value, str) or not isinstance(value, (int, float, Mapping, Sequence, type(None))):
        value = str(value)
    written = json.dumps(value, ensure_ascii=False)
    return _UNQUOTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def sentence(text: str) -> str:
    """``text`` with a full stop, if it has no end of its own."""
    core = text.rstrip("，、；：, ")
    return core if core.endswith(tuple(_STOPS)) or core.rstrip("”’）").endswith(tuple(_STOPS)) else f"{core}。"


def bare(text: str) -> str:
    """``text`` without stops at its end, to go on in a sentence."""
    return text.rstrip("。，、；：,; ")


def quoted(text: str) -> str:
    """``text`` in quotation marks; marks inside become single ones."""
    return f"“{bare(text).replace('“', '‘').replace('”', '’')}”"


def joined(texts: Sequence[str], between: str = "；") -> str:
    """Texts as one run of speech; none is put ``between`` after a question or a call."""
    parts = [bare(text) for text in texts]
    return "".join(f"{part}{'' if part.endswith(tuple(_STOPS)) else between}" for part in parts[:-1]) + "".join(
        parts[-1:]
    )


def about(cases: Sequence[Mapping[str, Any]], *scams: str) -> list[Mapping[str, Any]]:
    """The cases that tell of one of ``scams`` (ids)."""
    return [case for case in cases if set(case["scams"]) & set(scams)]


def numeral(number: int) -> str:
    """1 to 10 as Chinese numerals, beyond that as digits."""
    return "一二三四五六七八九十"[number - 1] if 1 <= number <= 10 else str(number)


def paragraphs(filling: Sequence[Any], level: int = 0) -> Iterator[tuple[str, int, str | None]]:
    """The paragraphs of a filling: text, level, tone. Empty ones are left out."""
    for part in filling:
        if isinstance(part, list):
            yield from paragraphs(part, level + 1)
        elif isinstance(part, Words):
            yield part.text, level, part.tone
        else:
            yield from ((line, level, None) for line in part.splitlines() if line.strip())
