"""The layouts of the base presentation: what their placeholders are called, where they are, how they are set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from generator.typesetting.drawingml import NS_A, NS_P, Box

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_A: Final = f"{{{NS_A}}}"
_P: Final = f"{{{NS_P}}}"
CARD: Final = "卡片 "
"""How the name of the shape under a placeholder starts."""
FOOTER, NUMBER, MARK = "页脚", "页码", "样张"
"""Placeholders that every slide fills by itself."""
READ: Final = 20
"""Points from which on a text is there to be read by the whole room."""


@dataclass(frozen=True, slots=True)
class Level:
    """A list level: type size and space before a paragraph in points, hanging indent in EMU, the bullet's colour
    as XML. ``drawn`` is the size in the layout, of which ``enlarged`` may have made a larger one."""

    size: float
    before: float
    hang: int
    numbered: bool
    centred: bool
    bullet_paint: str
    drawn: float

    @property
    def listed(self) -> bool:
        """Whether its paragraphs are items of a list."""
        return bool(self.bullet_paint)


@dataclass(frozen=True, slots=True)
class Place:
    """A placeholder of a layout. ``ph``: its key as attributes; ``inset``: horizontal and vertical, EMU;
    ``least``: the smallest type size it may be set in, points."""

    name: str
    ph: str
    heading: bool
    box: Box
    inset: tuple[int, int]
    levels: tuple[Level, ...]
    least: float

    @property
    def kin(self) -> tuple[object, ...]:
        """What placeholders that must be set in one size have in common."""
        return tuple(level.size for level in self.levels)


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout by its name, which is in ``part``. ``scene`` and ``chart``: where its picture and its chart go, if it
    has them, ``chart_ph`` that placeholder's key; ``cards``: the placeholders that stand on a card, which would be
    empty without them."""

    name: str
    part: str
    places: Mapping[str, Place]
    scene: Box | None
    chart: Box | None
    chart_ph: str
    cards: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The placeholders that an outline fills."""
        return tuple(name for name in self.places if name not in (FOOTER, NUMBER, MARK))


def enlarged(layout: Layout, least: float) -> Layout:
    """The layout with no text under ``least`` points but its footer and signature."""
    places = {
        name: place
        if place.least < READ
        else replace(
            place,
            least=max(place.least, least),
            levels=tuple(replace(level, size=max(level.size, least)) for level in place.levels),
        )
        for name, place in layout.places.items()
    }
    return replace(layout, places=places)


def layouts_of(parts: Mapping[str, bytes]) -> dict[str, Layout]:
    """The layouts of a presentation, given by its parts, by name and in the order of its menu.

    ValueError names a placeholder without place or type size.
    """
    from lxml import etree

    names = [name for name in parts if name.startswith("ppt/slideLayouts/slide")]
    names.sort(key=lambda name: (len(name), name))
    found = (_layout(etree.fromstring(parts[name]), name) for name in names)
    return {layout.name: layout for layout in found}


def _layout(root: "Element", part: str) -> Layout:
    slide = root.find(f"{_P}cSld")
    assert slide is not None
    name = slide.get("name", "")
    places = {}
    cards = []
    objects: dict[str, tuple[Box | None, str]] = {}
    for shape in slide.iter(f"{_P}sp"):
        label, ph = _label(shape)
        if ph is not None and ph.get("type") in ("pic", "chart"):
            objects[ph.get("type", "")] = _box(shape), _key(ph)
        elif ph is not None:
            places[label.get("name", "")] = _place(shape, label, ph, name)
        elif label.get("name", "").startswith(CARD):
            cards.append(label.get("name", "").removeprefix(CARD))
    chart, key = objects.get("chart", (None, ""))
    return Layout(name, part, places, objects.get("pic", (None, ""))[0], chart, key, tuple(cards))


def _label(shape: "Element") -> tuple["Element", "Element | None"]:
    label = shape.find(f"{_P}nvSpPr/{_P}cNvPr")
    assert label is not None
    return label, shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")


def _box(shape: "Element") -> Box | None:
    xfrm = shape.find(f"{_P}spPr/{_A}xfrm")
    if xfrm is None:
        return None
    off, ext = xfrm.find(f"{_A}off"), xfrm.find(f"{_A}ext")
    assert off is not None
    assert ext is not None
    return Box(*(int(each.get(key, "0")) for each, key in ((off, "x"), (off, "y"), (ext, "cx"), (ext, "cy"))))


def _place(shape: "Element", label: "Element", ph: "Element", layout: str) -> Place:
    name, box = label.get("name", ""), _box(shape)
    body = shape.find(f"{_P}txBody/{_A}bodyPr")
    levels = tuple(_levels(shape))
    least = label.get("descr", "")
    if box is None or body is None or not levels or not least.startswith("≥"):
        raise ValueError(f"版式“{layout}”的占位符“{name}”没有写明位置、字号或最小字号（替换文字“≥20”）")
    inset = (int(body.get("lIns", "91440")), int(body.get("tIns", "45720")))
    heading = ph.get("type") in ("title", "ctrTitle")
    return Place(name, _key(ph), heading, box, inset, levels, float(least[1:]))


def _key(ph: "Element") -> str:
    """What a slide's placeholder repeats of its layout's, as attributes."""
    return " ".join(f'{attribute}="{ph.get(attribute)}"' for attribute in ("type", "sz", "idx") if ph.get(attribute))


def _levels(shape: "Element") -> Iterator[Level]:
    style = shape.find(f"{_P}txBody/{_A}lstStyle")
    for level in style if style is not None else ():
        letters = level.find(f"{_A}defRPr")
        space = level.find(f"{_A}spcBef/{_A}spcPts")
        if letters is None or not letters.get("sz"):
            return
        yield Level(
            size=int(letters.get("sz", "0")) / 100,
            before=int(space.get("val", "0")) / 100 if space is not None else 0,
            hang=int(level.get("marL", "0")),
            numbered=level.find(f"{_A}buAutoNum") is not None,
            centred=level.get("algn") == "ctr",
            bullet_paint=_xml(level.find(f"{_A}buClr")),
            drawn=int(letters.get("sz", "0")) / 100,
        )


def _xml(element: "Element | None") -> str:
    from lxml import etree

    if element is None:
        return ""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
