"""Icons and scenes as plain data that every engine draws natively: filled outlines, back to front.

An icon is an SVG file of flat, opaque shapes; a scene (``model.scene``) places icons and shapes; ``compose``
makes of both a ``Drawing``. Fills stay as written: a theme colour by name, or ``#RRGGBB``, for which
``inks.cmyk_of`` has the recipe on paper.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import radians
from pathlib import Path
from typing import Any, Final, Literal, TypedDict
from xml.etree import ElementTree

from fontTools.misc.transform import Identity, Transform

from generator.model import scene as model
from generator.typesetting import outlines
from generator.typesetting.crop import Ground, cropped
from generator.typesetting.outlines import Matrix, Outline

Rule = Literal["nonzero", "evenodd"]


class Shape(TypedDict):
    """``fill``: #RRGGBB or a theme colour; ``ops``: ["M", x, y], ["L", x, y], ["C", …six], ["Z"] in scene units."""

    fill: str
    rule: Rule
    ops: list[list[Any]]


class Paint(TypedDict):
    """Where a drawing has paint, in shares of its width: left, top, right, bottom, and the left and right end of the
    paint in strips ``pitch`` high from top to bottom, none where there is none.

    A scene hardly fills its square: figures overhang its ground, corners are empty. What stands beside it keeps clear
    of the paint, not of the square.
    """

    l: float  # noqa: E741
    t: float
    r: float
    b: float
    pitch: float
    ends: list[list[float] | None]


class Drawing(TypedDict):
    """What the engines get: ``size`` w, h in units; ``alt``: what is seen; ``shapes`` back to front; their paint."""

    size: list[float]
    alt: str
    shapes: list[Shape]
    paint: Paint


@dataclass(frozen=True, slots=True)
class Part:
    """One filled outline of an icon; ``fill`` is #RRGGBB in capitals."""

    fill: str
    rule: Rule
    outline: Outline


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon in its own units. ``box``: left, top, width, height of its SVG view box."""

    name: str
    box: tuple[float, float, float, float]
    parts: tuple[Part, ...]

    @property
    def colours(self) -> frozenset[str]:
        """The colours that a scene may change."""
        return frozenset(part.fill for part in self.parts)


_SHARED: Final = frozenset({"fill", "fill-rule", "clip-rule", "transform", "id"})
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "svg": frozenset({"viewBox", "width", "height", "fill", "version"}),
    "g": _SHARED,
    "path": _SHARED | {"d"},
    "rect": _SHARED | {"x", "y", "width", "height", "rx", "ry"},
    "circle": _SHARED | {"cx", "cy", "r"},
    "ellipse": _SHARED | {"cx", "cy", "rx", "ry"},
    "title": frozenset({"id"}),
    "desc": frozenset({"id"}),
}
"""All of SVG that an icon may use. Strokes, gradients, opacity, masks, styles, uses and texts have no place in it."""
_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What an element takes from those around it."""

    fill: str | None = None
    rule: Rule = "nonzero"
    matrix: Any = Identity


def read_icon(path: Path) -> Icon:
    """The icon of an SVG file, parsed once a process and state of the file. ValueError names file and element."""
    return _read_icon(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read_icon(path: Path, _changed: int) -> Icon:
    return load_icon(path.read_text(encoding="utf-8"), path.name)


def icons_of(scene: model.Scene, folder: Path) -> dict[str, Icon]:
    """The icons that ``scene`` needs, from ``folder``/<name>.svg. ValueError if one is missing or unusable."""
    found = {}
    for name in scene.icons:
        path = folder / f"{name}.svg"
        if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
            raise ValueError(f"场景“{scene.name}”用了图标 {name}，但没有 {folder.name}/{name}.svg")
        found[name] = read_icon(path)
    return found


def load_icon(svg: str, name: str = "icon.svg") -> Icon:
    """Parses a flat SVG drawing: path, rect, circle, ellipse, g; fills #RGB or #RRGGBB; transforms.

    ``name`` is the file's name for messages. Raises ValueError naming file and element for everything else: what
    cannot be drawn in print as it looks on screen is refused, never skipped.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as problem:
        raise ValueError(f"图标 {name}：不是完整的 SVG（{problem}）") from problem
    box = re.findall(_NUMBER, root.get("viewBox", ""))
    if _tag(root) != "svg" or len(box) != 4:
        raise ValueError(f"图标 {name}：<{_tag(root)}> 要是带 viewBox 的 <svg>")
    try:
        parts = tuple(_parts(root, _Inherited()))
    except ValueError as problem:
        raise ValueError(f"图标 {name}：{problem}") from problem
    if not parts:
        raise ValueError(f"图标 {name}：<svg> 里没有图形")
    x, y, w, h = (float(number) for number in box)
    return Icon(name.removesuffix(".svg"), (x, y, w, h), parts)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _parts(element: ElementTree.Element, around: _Inherited) -> Iterator[Part]:
    tag = _tag(element)
    if tag not in _ATTRIBUTES:
        raise ValueError(f"<{tag}> 不能用，请先在绘图软件里转成普通填色路径")
    if unknown := sorted(set(element.attrib) - _ATTRIBUTES[tag]):
        raise ValueError(f"<{tag}> 的 {'、'.join(unknown)} 不能用，请先转成不透明的纯色填充路径")
    if tag in ("title", "desc"):
        return
    here = _inherit(element, tag, around)
    if tag in ("svg", "g"):
        for child in element:
            yield from _parts(child, here)
        return
    if here.fill is None:
        raise ValueError(f"<{tag}> 没有填色 fill")
    yield Part(here.fill, here.rule, outlines.transformed(_outline(element, tag), here.matrix))


def _inherit(element: ElementTree.Element, tag: str, around: _Inherited) -> _Inherited:
    fill = _fill(element.get("fill"), tag) if "fill" in element.attrib else around.fill
    written = element.get("fill-rule", around.rule)
    if written not in ("nonzero", "evenodd"):
        raise ValueError(f'<{tag}> 的 fill-rule="{written}" 不认识')
    matrix = around.matrix.transform(_transform(element.get("transform", ""), tag))
    return _Inherited(fill, "evenodd" if written == "evenodd" else "nonzero", matrix)


def _fill(value: str | None, tag: str) -> str | None:
    if value is None or value == "none":
        return None
    if re.fullmatch(r"#[0-9a-fA-F]{3}", value):
        value = "#" + "".join(digit * 2 for digit in value[1:])
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"<{tag}> 的填色 {value} 不能用，请写 #RRGGBB")
    return value.upper()


def _transform(value: str, tag: str) -> Transform:
    matrix = Identity
    rest = re.sub(r"(\w+)\s*\(([^()]*)\)[\s,]*", "", value)
    if rest.strip():
        raise ValueError(f'<{tag}> 的 transform="{value}" 读不懂')
    for kind, listed in re.findall(r"(\w+)\s*\(([^()]*)\)", value):
        matrix = matrix.transform(_one_transform(kind, [float(n) for n in re.findall(_NUMBER, listed)], tag))
    return matrix


def _one_transform(kind: str, numbers: list[float], tag: str) -> Transform:
    match kind, numbers:
        case "translate", [x, *rest] if len(rest) < 2:
            return Identity.translate(x, *rest)
        case "scale", [x, *rest] if len(rest) < 2:
            return Identity.scale(x, *rest)
        case "rotate", [angle]:
            return Identity.rotate(radians(angle))
        case "rotate", [angle, x, y]:
            return Identity.translate(x, y).rotate(radians(angle)).translate(-x, -y)
        case "matrix", [_, _, _, _, _, _]:
            return Transform(*numbers)
    raise ValueError(f"<{tag}> 的 transform {kind} 不能用")


def _outline(element: ElementTree.Element, tag: str) -> Outline:
    if tag == "path":
        return outlines.path(element.get("d", ""))
    value = {key: _number(text, tag, key) for key, text in element.items() if key not in _SHARED}
    if tag == "rect":
        rx = value.get("rx", value.get("ry", 0))
        size = _needed(value, tag, "width", "height")
        return outlines.rectangle(value.get("x", 0), value.get("y", 0), *size, rx, value.get("ry", rx))
    radii = _needed(value, tag, "r", "r") if tag == "circle" else _needed(value, tag, "rx", "ry")
    return outlines.ellipse(value.get("cx", 0), value.get("cy", 0), *radii)


def _number(text: str, tag: str, key: str) -> float:
    if not re.fullmatch(_NUMBER, text.strip()):
        raise ValueError(f'<{tag}> 的 {key}="{text}" 不是数')
    return float(text)


def _needed(value: dict[str, float], tag: str, *keys: str) -> tuple[float, float]:
    first, second = (value.get(key, 0) for key in keys)
    if first <= 0 or second <= 0:
        raise ValueError(f"<{tag}> 缺 {'、'.join(dict.fromkeys(keys))}")
    return (first, second)


def compose(scene: model.Scene, icons: Mapping[str, Icon]) -> Drawing:
    """The scene as one list of shapes in scene units, rounded to 0.1: same scene and icons, same data.

    ``icons`` holds at least ``scene.icons`` (see ``icons_of``). ValueError if a recolour names a colour that its
    icon does not have.
    """
    shapes: list[Shape] = []
    for item in scene.items:
        ground = scene.ground if item.bleed else None
        for fill, rule, outline in _painted(item, icons):
            if ops := _rounded(outline, ground):
                shapes.append({"fill": fill, "rule": rule, "ops": ops})
    return {"size": list(scene.size), "alt": scene.alt, "shapes": shapes, "paint": paint_of(scene.size, shapes)}


STRIPS: Final = 48
_STEPS: Final = tuple(((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3) for t in (0.25, 0.5, 0.75, 1.0))
"""Where a curve is looked at: the four Bernstein polynomials there."""


def paint_of(size: Sequence[float], shapes: Iterable[Shape]) -> Paint:
    """Where ``shapes`` have paint; what lies above or below the drawing counts for its first or last strip."""
    width, height = size
    per_unit = STRIPS / height
    lefts, rights = [width * 9] * STRIPS, [-width * 9] * STRIPS
    top, foot = height, 0.0
    for shape in shapes:
        for points in _subpaths(shape["ops"]):
            x, y = points[0]
            for px, py in points[1:]:
                low, high = (x, px) if x < px else (px, x)
                upper, lower = (y, py) if y < py else (py, y)
                top, foot = min(top, upper), max(foot, lower)
                last = min(max(int(lower * per_unit), 0), STRIPS - 1)
                for strip in range(min(max(int(upper * per_unit), 0), last), last + 1):
                    if low < lefts[strip]:
                        lefts[strip] = low
                    if high > rights[strip]:
                        rights[strip] = high
                x, y = px, py
    ends = [
        [round(low / width, 4), round(high / width, 4)] if low <= high else None
        for low, high in zip(lefts, rights, strict=True)
    ]
    return {
        "l": min((end[0] for end in ends if end), default=0.0), "t": round(max(0.0, top) / width, 4),
        "r": max((end[1] for end in ends if end), default=1.0), "b": round(min(height, foot) / width, 4),
        "pitch": height / STRIPS / width, "ends": ends,
    }  # fmt: skip


def _subpaths(ops: Iterable[Sequence[Any]]) -> Iterator[list[tuple[float, float]]]:
    """Each closed line of a path, its curves in four steps."""
    points: list[tuple[float, float]] = []
    for op in ops:
        if op[0] == "C":
            _, x1, y1, x2, y2, x3, y3 = op
            x, y = points[-1]
            points += [(a * x + b * x1 + c * x2 + d * x3, a * y + b * y1 + c * y2 + d * y3) for a, b, c, d in _STEPS]
        elif op[0] == "L":
            points.append((op[1], op[2]))
        elif op[0] == "Z":
            points.append(points[0])
        else:
            if points:
                yield points
            points = [(op[1], op[2])]
    if points:
        yield points


def _painted(item: model.Item, icons: Mapping[str, Icon]) -> Iterator[tuple[str, Rule, Outline]]:
    match item:
        case model.Placed():
            yield from _placed(item, icons[item.icon])
        case model.Circle(circle=(x, y, r)):
            yield item.fill, "nonzero", outlines.ellipse(x, y, r, r)
        case model.Ellipse(ellipse=(x, y, rx, ry)):
            yield item.fill, "nonzero", outlines.turned(outlines.ellipse(x, y, rx, ry), item.rotate, x, y)
        case model.Rect(rect=(x, y, w, h)):
            box = outlines.rectangle(x, y, w, h, item.radius, item.radius)
            yield item.fill, "nonzero", outlines.turned(box, item.rotate, x + w / 2, y + h / 2)
        case model.Path():
            yield item.fill, item.rule, outlines.path(item.path)


def _placed(item: model.Placed, icon: Icon) -> Iterator[tuple[str, Rule, Outline]]:
    if unknown := sorted(set(item.recolour) - icon.colours):
        raise ValueError(f"图标 {icon.name} 里没有颜色 {'、'.join(unknown)}，不能换色")
    x, y, w, h = icon.box
    scale = item.size / max(w, h)
    matrix: Matrix = (
        Transform()
        .translate(item.x, item.y)
        .rotate(radians(item.rotate))
        .scale(-scale if item.flip else scale, scale)
        .translate(-x - w / 2, -y - h / 2)
    )
    for part in icon.parts:
        yield item.recolour.get(part.fill, part.fill), part.rule, outlines.transformed(part.outline, matrix)


def _rounded(outline: Outline, ground: Ground | None) -> list[list[Any]]:
    if ground:
        outline = cropped(outline, ground)
    return [[op[0], *[round(value, 1) for value in op[1:]]] for op in outline]
