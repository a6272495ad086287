"""Sizes, fonts and margins of documents: templates/document/styles.yaml, the same for both files."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from generator.errors import RenderError, Span, error
from generator.model.document import Look
from generator.model.styles import STYLES, Styles

FILE: Final = "styles.yaml"


def read(folder: Path) -> Styles:
    """The styles of a template folder. RenderError says what is wrong with the file."""
    path = folder / FILE
    return _read(path.read_text("utf-8"), f"templates/{folder.name}/{FILE}")


@lru_cache(maxsize=4)
def _read(text: str, file: str) -> Styles:
    import yaml

    try:
        styles = Styles.model_validate(yaml.load(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise RenderError([error("document-styles", f"不是正确的 YAML：{problem}", Span(file, line))]) from problem
    except ValidationError as problem:
        found = [(".".join(map(str, each["loc"])), each["msg"]) for each in problem.errors()]
        raise RenderError([error("document-styles", f"{at}：{said}", Span(file)) for at, said in found]) from problem
    missing = [name for name in STYLES if name not in styles.styles]
    missing += [look.value for look in Look if look not in styles.looks]
    missing += [face for face in ("title", "body", "strong", "note") if face not in styles.fonts]
    if missing:
        raise RenderError([error("document-styles", f"缺少：{'、'.join(missing)}", Span(file))])
    return styles


def half_points(size: float) -> float:
    """``size`` in pt as Word can store it: to half a point."""
    return round(size * 2) / 2


def set_in(styles: Styles, size: tuple[float, float], colours: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every style in points for one size of the body: what both files take their numbers from.

    Lengths: ``size``, ``line``, ``before``, ``after``, ``indent``, ``left``, ``hang`` in pt; ``colour`` as ``#RRGGBB``.
    """
    body, line = size
    made = {}
    for name, style in styles.styles.items():
        em = half_points(style.size * body)
        # A taller line for what is larger, so that no two lines touch.
        height = round(max(style.line * line, em * 1.3) * 2) / 2
        made[name] = {
            "size": em,
            "line": height,
            "before": round(style.before * line, 1),
            "after": round(style.after * line, 1),
            "indent": round(style.indent * em, 1),
            "left": round(style.left * em, 1),
            "hang": round(style.hang * em, 1),
            "align": style.align,
            "font": style.font,
            "colour": colours[style.colour]["rgb"],
            "keep": style.keep,
        }
    return made
