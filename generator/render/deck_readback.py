"""A finished deck opened again, as a program that shows it would: what it says, in which type, on which ground.

What the composer meant is compared with what stands in the file, and what may make a program offer a repair (ids,
relationships, content types, sections) is looked for. Nothing here writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any, Final

from generator.errors import Problem, error, warning
from generator.render.deck_base import FOOTER, MARK, NUMBER, Layout, Place, layouts_of
from generator.render.deck_chart import numbers_of
from generator.render.deck_fit import EMU_PER_POINT, LINE_HEIGHT, broken
from generator.render.deck_slides import Fonts, Page
from generator.typesetting.contrast import contrast
from generator.typesetting.drawingml import NS_A, NS_P, NS_R
from generator.typesetting.office import CONTENT_TYPES, opened

if TYPE_CHECKING:
    pass

_A: Final = f"{{{NS_A}}}"
_P: Final = f"{{{NS_P}}}"
_R: Final = f"{{{NS_R}}}"
_P14: Final = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
LARGE: Final = 18
"""Points from which on a contrast of 3:1 will do; smaller type needs 4.5:1."""
_SLACK: Final = 40_000
"""EMU by which a text's box may stand out of the shape that it stands on."""
_MAPPED: Final = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}


def findings(package: bytes, pages: Sequence[Page], fonts: Fonts, sample: bool) -> list[Problem]:
    """What is wrong with ``package``, which was made of ``pages``: errors withhold it."""
    reader = _Reader(opened(package), fonts)
    found = list(_whole(reader))
    if len(reader.slides) != len(pages):
        return [*found, _wrong(0, f"有 {len(reader.slides)} 页，应有 {len(pages)} 页")]
    for number, (name, page) in enumerate(zip(reader.slides, pages, strict=True), 1):
        found += _page(reader, number, name, page, sample)
    return found


def _wrong(number: int, what: str) -> Problem:
    where = f"第 {number} 页" if number else "文件"
    return error("deck-readback", f"课件写好后重新打开检查，{where}{what}；请把这段话发给开发者")


@dataclass(slots=True)
class _Reader:
    """The parts of a package and what is found out once for all its slides."""

    parts: Mapping[str, bytes]
    fonts: Fonts
    slides: list[str] = field(default_factory=list)
    roots: dict[str, Any] = field(default_factory=dict)
    grounds: dict[tuple[str, str], str] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)

    def __post_init__(self) -> None:
        relations = self.relations("ppt/presentation.xml")
        self.slides = [relations[each.get(f"{_R}id")] for each in self.root("ppt/presentation.xml").iter(f"{_P}sldId")]
        for slot in self.root("ppt/theme/theme1.xml").find(f".//{_A}clrScheme"):
            self.colours[slot.tag.removeprefix(_A)] = f"#{slot[0].get('val')}"

    def layout(self, name: str) -> Layout:
        """The layout in the part ``name``."""
        if name not in self.layouts:
            (self.layouts[name],) = layouts_of({name: self.parts[name]}).values()
        return self.layouts[name]

    def root(self, name: str) -> Any:
        """A part, parsed."""
        from lxml import etree

        if name not in self.roots:
            self.roots[name] = etree.fromstring(self.parts[name])
        return self.roots[name]

    def relations(self, name: str) -> dict[str, str]:
        """The parts that ``name`` refers to, by relationship id."""
        folder, _, file = name.rpartition("/")
        part = self.parts.get(f"{folder}/_rels/{file}.rels")
        if part is None:
            return {}
        from lxml import etree

        return {
            each.get("Id", ""): normpath(join(folder, each.get("Target", ""))).lstrip("/")
            for each in etree.fromstring(part)
        }

    def colour(self, fill: Any) -> str | None:
        """#RRGGBB of an opaque solid fill; None when it is none or lets something shine through."""
        if fill is None or not len(fill):
            return None
        paint = fill[0]
        if paint.find(f"{_A}alpha") is not None:
            return None
        value = paint.get("val", "")
        if paint.tag == f"{_A}srgbClr":
            return f"#{value}"
        return self.colours.get(_MAPPED.get(value, value))


# ---- the package -------------------------------------------------------------------------------------


def _whole(reader: _Reader) -> Iterator[Problem]:
    """What makes PowerPoint offer a repair."""
    types = reader.root(CONTENT_TYPES)
    overrides = {each.get("PartName", "").lstrip("/") for each in types if each.tag.endswith("Override")}
    endings = {each.get("Extension") for each in types if each.tag.endswith("Default")}
    for name in overrides - set(reader.parts):
        yield _wrong(0, f"缺少部件 {name}")
    for name in reader.parts:
        if name not in overrides and name.rpartition(".")[2] not in endings and name != CONTENT_TYPES:
            yield _wrong(0, f"部件 {name} 没有类型")
        if name.endswith(".rels"):
            source = join(dirname(dirname(name)), name.rpartition("/")[2].removesuffix(".rels"))
            for target in set(reader.relations(source).values()) - set(reader.parts):
                yield _wrong(0, f"{name} 指向不存在的 {target}")
    presentation = reader.root("ppt/presentation.xml")
    ids = [each.get("id") for each in presentation.iter(f"{_P}sldId")]
    if [each.get("id") for each in presentation.iter(f"{_P14}sldId")] != ids or len(set(ids)) != len(ids):
        yield _wrong(0, "的分节和页不一致")


# ---- a slide -----------------------------------------------------------------------------------------


def _page(reader: _Reader, number: int, name: str, page: Page, sample: bool) -> Iterator[Problem]:
    root = reader.root(name)
    relations = reader.relations(name)
    ids = [label.get("id") for label in root.iter(f"{_P}cNvPr")]
    if len(set(ids)) != len(ids):
        yield _wrong(number, "有重复的图形编号")
    yield from _runs(reader, number, root)
    yield from _pictures(number, root, page)
    yield from _charts(reader, number, page, relations)
    layout = next(target for target in relations.values() if "/slideLayouts/" in target)
    if layout != page.layout.part:
        yield _wrong(number, f"的版式是 {layout}，应是“{page.layout.name}”")
        return
    yield from _texts(reader, number, root, page, sample)
    notes = next(target for target in relations.values() if "/notesSlides/" in target)
    script = reader.root(notes)
    said = [text for text in map(_text, script.iter(f"{_A}p")) if text]
    if said != list(page.notes):
        yield _wrong(number, "的讲稿与提纲不一致")
    yield from _runs(reader, number, script)


def _text(paragraph: Any) -> str:
    return "".join(each.text or "" for each in paragraph.iter(f"{_A}t"))


def _runs(reader: _Reader, number: int, root: Any) -> Iterator[Problem]:
    """Every run names both its typefaces and its language: programs other than PowerPoint look nowhere else."""
    known = {reader.fonts.heading, reader.fonts.body}
    for look in root.iter(f"{_A}rPr"):
        faces = [look.find(f"{_A}{script}") for script in ("latin", "ea")]
        named = all(face is not None and face.get("typeface") in known for face in faces)
        if not named or look.get("lang") != "zh-CN":
            yield _wrong(number, f"有文字没有写明中文字体：“{_text(look.getparent())}”")


def _pictures(number: int, root: Any, page: Page) -> Iterator[Problem]:
    groups = root.findall(f".//{_P}grpSp/{_P}nvGrpSpPr/{_P}cNvPr")
    wanted = page.drawing is not None and page.layout.scene is not None
    if len(groups) != wanted:
        yield _wrong(number, "的图不见了" if wanted else "多了一张图")
    frames = root.findall(f".//{_P}graphicFrame/{_P}nvGraphicFramePr/{_P}cNvPr")
    for label in (*groups, *frames):
        if len(label.get("descr", "")) < 4:
            yield _wrong(number, f"的“{label.get('name')}”没有替代文字")


def _charts(reader: _Reader, number: int, page: Page, relations: Mapping[str, str]) -> Iterator[Problem]:
    if page.chart is None:
        return
    part = next((target for target in relations.values() if "/charts/" in target), "")
    if not part:
        yield _wrong(number, "的图表不见了")
        return
    shown = numbers_of(reader.parts[part])
    if shown["categories"] != page.chart.categories or list(map(float, shown["values"])) != page.chart.values:
        yield _wrong(number, "的图表数字与数据不一致")
    if shown["faces"] - {reader.fonts.body} or shown["bare"]:
        yield _wrong(number, "的图表文字没有写明中文字体")


def _texts(reader: _Reader, number: int, root: Any, page: Page, sample: bool) -> Iterator[Problem]:
    """Each placeholder: there, filled as planned, inside its box, readable on its ground."""
    layout = reader.layout(page.layout.part)
    wanted = {*page.texts, *([FOOTER] if page.footer and FOOTER in layout.places else [])}
    wanted |= {NUMBER} & set(layout.places) | ({MARK} if sample else set())
    seen = set()
    for shape in root.iter(f"{_P}sp"):
        if shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph") is None:
            continue
        name = shape.find(f"{_P}nvSpPr/{_P}cNvPr").get("name", "")
        seen.add(name)
        body = shape.find(f"{_P}txBody")
        paragraphs = body.findall(f"{_A}p")
        texts = [_text(paragraph) for paragraph in paragraphs]
        if not all(texts):
            yield _wrong(number, f"的占位符“{name}”是空的")
        if name in page.texts and texts != [each.text for each in page.texts[name].paragraphs]:
            yield _wrong(number, f"的“{name}”与提纲不一致：“{texts[0]}”")
        place = layout.places.get(name)
        if place is not None and name != MARK:
            yield from _setting(reader, number, page, place, paragraphs)
    if seen != wanted:
        yield _wrong(number, f"的占位符不对：{'、'.join(sorted(seen ^ wanted))}")


def _setting(reader: _Reader, number: int, page: Page, place: Place, paragraphs: Sequence[Any]) -> Iterator[Problem]:
    """Whether the text, as it is set in the file, stays in its box; and the contrast of each of its colours."""
    width = (place.box.w - 2 * place.inset[0]) / EMU_PER_POINT
    used = 0.0
    styles = _styles(reader, page.layout.part, place.name)
    for at, paragraph in enumerate(paragraphs):
        properties = paragraph.find(f"{_A}pPr")
        depth = min(int(properties.get("lvl", "0") if properties is not None else 0), len(place.levels) - 1)
        level, style = place.levels[depth], styles[depth]
        look = next(paragraph.iter(f"{_A}rPr"))
        size = int(look.get("sz", "0")) / 100 or level.drawn
        ems = (width - level.hang / EMU_PER_POINT) / size
        used += (level.before if at else 0) + sum(
            len(broken(line, ems)) * size * LINE_HEIGHT for line in _lines(paragraph)
        )
        fill = look.find(f"{_A}solidFill")
        ink = reader.colour(fill if fill is not None else style)
        ground = _ground(reader, page.layout.part, place)
        ratio = contrast(ink, ground) if ink else 21
        if ratio < (3 if size >= LARGE else 4.5):
            message = f"课件第 {number} 页的“{place.name}”看不清：{ink} 的字在 {ground} 上，对比只有 {ratio:.1f}:1"
            yield warning("deck-contrast", message)
    if place.name != NUMBER and used > (place.box.h - 2 * place.inset[1]) / EMU_PER_POINT + 1:
        yield _wrong(number, f"的“{place.name}”超出了它的框：“{_text(paragraphs[0])}”")


def _lines(paragraph: Any) -> list[str]:
    """The lines that are forced; a program breaks them further as it likes."""
    lines = [""]
    for each in paragraph:
        if each.tag == f"{_A}br":
            lines.append("")
        elif each.tag in (f"{_A}r", f"{_A}fld"):
            lines[-1] += _text(each)
    return lines


def _styles(reader: _Reader, part: str, name: str) -> list[Any]:
    """The fills of a layout's placeholder, a level each."""
    for shape in reader.root(part).iter(f"{_P}sp"):
        if shape.find(f"{_P}nvSpPr/{_P}cNvPr").get("name") == name:
            levels = shape.find(f"{_P}txBody/{_A}lstStyle")
            return [level.find(f"{_A}defRPr/{_A}solidFill") for level in levels]
    return []


# ---- what a text stands on ---------------------------------------------------------------------------


def _ground(reader: _Reader, part: str, place: Place) -> str:
    """The colour under a placeholder: of the topmost shape below it that holds it, else of the page."""
    key = (part, place.name)
    if key not in reader.grounds:
        layout = reader.root(part)
        sheets = [layout] if layout.get("showMasterSp") == "0" else [_master(reader), layout]
        backgrounds = [reader.colour(each) for each in map(_background, (_master(reader), layout)) if each is not None]
        under = [colour for colour in backgrounds if colour]
        for sheet in sheets:
            under += _under(reader, sheet, place)
        reader.grounds[key] = under[-1]
    return reader.grounds[key]


def _master(reader: _Reader) -> Any:
    return reader.root("ppt/slideMasters/slideMaster1.xml")


def _background(sheet: Any) -> Any:
    return sheet.find(f"{_P}cSld/{_P}bg/{_P}bgPr/{_A}solidFill")


def _under(reader: _Reader, sheet: Any, place: Place) -> Iterator[str]:
    for shape in sheet.iter(f"{_P}sp"):
        if shape.find(f"{_P}nvSpPr/{_P}cNvPr").get("name") == place.name:
            return
        colour = reader.colour(shape.find(f"{_P}spPr/{_A}solidFill"))
        if colour and _holds(shape, place):
            yield colour


def _holds(shape: Any, place: Place) -> bool:
    off, ext = shape.find(f"{_P}spPr/{_A}xfrm/{_A}off"), shape.find(f"{_P}spPr/{_A}xfrm/{_A}ext")
    x, y, w, h = (int(each.get(key)) for each, key in ((off, "x"), (off, "y"), (ext, "cx"), (ext, "cy")))
    box = place.box
    return (
        x - _SLACK <= box.x
        and y - _SLACK <= box.y
        and box.x + box.w <= x + w + _SLACK
        and box.y + box.h <= y + h + _SLACK
    )
