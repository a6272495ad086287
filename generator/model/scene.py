"""A scene: a picture composed of icons and plain shapes that tells one trick. No file is read here."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from generator.model.primitives import Flag, Line, Strict

SCENE_TOKENS: Final = (
    "ground",
    "ground_deep",
    "ground_soft",
    "paper",
    "ink",
    "accent",
    "accent_soft",
    "alarm",
    "alarm_soft",
    "line",
)
"""The theme colours that a picture may use: ``design.TOKENS`` without those that are for text alone."""


def _paint(value: str) -> str:
    if value in SCENE_TOKENS:
        return value
    if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value.upper()
    raise PydanticCustomError(
        "paint",
        '请写 "#0B5CAD" 这样的颜色（加引号），或主题色名：{tokens}',
        {"tokens": "、".join(SCENE_TOKENS)},
    )


Paint = Annotated[str, AfterValidator(_paint)]
"""A fill: the name of a theme colour, or a fixed sRGB colour #RRGGBB."""


def _hex(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise PydanticCustomError("colour", '请写图标里的颜色，如 "#0B5CAD"')
    return value.upper()


IconColour = Annotated[str, AfterValidator(_hex)]
Unit = Annotated[float, Field(ge=-10_000, le=10_000, allow_inf_nan=False)]
"""A coordinate in scene units: x to the right, y down, 0,0 at the top left corner of the picture."""
Extent = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]
"""A length in scene units."""
Degrees = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
"""An angle, clockwise."""


class _Item(Strict):
    """``bleed``: the item is cropped by the scene's ground, see ``Scene``."""

    bleed: Flag = False


class Placed(_Item):
    """An icon: its middle at ``x``, ``y``, its longer side ``size``; mirrored (``flip``), then turned.

    ``recolour`` changes colours of the icon; each key must be one of its colours.
    """

    icon: Line
    x: Unit
    y: Unit
    size: Extent
    rotate: Degrees = 0
    flip: Flag = False
    recolour: dict[IconColour, Paint] = {}


class Circle(_Item):
    """Middle x, middle y, radius."""

    circle: tuple[Unit, Unit, Extent]
    fill: Paint


class Ellipse(_Item):
    """Middle x, middle y, radius x, radius y; turned about its middle."""

    ellipse: tuple[Unit, Unit, Extent, Extent]
    fill: Paint
    rotate: Degrees = 0


class Rect(_Item):
    """Left, top, width, height; corners of ``radius``; turned about its middle."""

    rect: tuple[Unit, Unit, Extent, Extent]
    fill: Paint
    radius: Annotated[float, Field(ge=0, le=10_000)] = 0
    rotate: Degrees = 0


class Path(_Item):
    """SVG path data in scene units."""

    path: Line
    fill: Paint
    rule: Literal["nonzero", "evenodd"] = "nonzero"


_KINDS: Final = {"icon": Placed, "circle": Circle, "ellipse": Ellipse, "rect": Rect, "path": Path}


def _kind(value: object) -> str | None:
    for kind, model in _KINDS.items():
        if isinstance(value, model) or (isinstance(value, dict) and kind in value):
            return kind
    return None


Item = Annotated[
    Annotated[Placed, Tag("icon")]
    | Annotated[Circle, Tag("circle")]
    | Annotated[Ellipse, Tag("ellipse")]
    | Annotated[Rect, Tag("rect")]
    | Annotated[Path, Tag("path")],
    Discriminator(
        _kind,
        custom_error_type="scene_item",
        custom_error_message="每一项要有 icon、circle、ellipse、rect、path 之一",
    ),
]


class Scene(Strict):
    """A picture. ``name``: its Chinese name; ``alt``: one sentence that says what is seen; ``size``: w, h in units.

    Items are painted in order. The first one is the ground when it is a circle or an ellipse: things
    rise out of it. An item with ``bleed`` is cropped by it: below the ground's middle it ends at the ground's
    edge, above it may stick out, as a figure stands in a window.
    """

    name: Line
    alt: Line
    size: tuple[Extent, Extent] = (1000, 1000)
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_a_ground_to_bleed_off(self) -> Self:
        if any(item.bleed for item in self.items) and self.ground is None:
            raise PydanticCustomError("bleed", "用了 bleed，第一项就要是 circle 或 ellipse（底图形）")
        return self

    @property
    def ground(self) -> tuple[float, float, float, float] | None:
        """Middle x, middle y, radius x, radius y of the ground, if the scene has one."""
        match self.items[0]:
            case Circle(circle=(x, y, r)):
                return (x, y, r, r)
            case Ellipse(ellipse=(x, y, rx, ry), rotate=0):
                return (x, y, rx, ry)
        return None

    @property
    def icons(self) -> tuple[str, ...]:
        """The names of the icons it is made of, each once, sorted."""
        return tuple(sorted({item.icon for item in self.items if isinstance(item, Placed)}))
