"""Decks: a lecture as an editable presentation, its script in the notes.

An outline (``deck_outline``) says which slides there are and what stands on them; the base presentation
(``deck_base``, ``deck_theme``) says where and how; this module brings them together, ``deck_writer`` packs them, and
``deck_readback`` opens the file again before anyone gets it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator.errors import Problem, RenderError, Span, error, warning
from generator.model.keys import CHINESE
from generator.render import deck_base, deck_chart, deck_outline, deck_readback
from generator.render.base import Artifact, Job, Json, Rendered, Renderer
from generator.render.deck_base import Layout, Place
from generator.render.deck_fit import Paragraph, Setting, common_steps, fitted, glossary, halves, lines_in
from generator.render.deck_outline import Outline, Slide
from generator.render.deck_slides import SAMPLE_MARK, Fonts, Page, Text, line, notes_body, slide_part
from generator.render.deck_theme import themed
from generator.render.deck_writer import Properties, SlideParts, presentation

FOLDER: Final = "课件"
_CONTINUED: Final = "（续）"
_STAGES: Final = ("封面", "封底")
_LIGHT_STAGES: Final = ("arcs", "halftone")
"""Families whose first and last page have a light field under the picture."""
_DARK_CARDS: Final = ("判断题", "判断题·大字")
"""Layouts with the picture on a card of the theme's ground."""


def render(job: Job, workspace: Path, root: Path) -> Rendered:
    """The lecture as one .pptx; a text that does not fit its slide at the smallest size withholds it."""
    rendered = Rendered(job)
    folder = root / "templates" / job.template
    try:
        with glossary(job.data.get("glossary", ())):
            pages, problems = _pages(job, folder)
    except RenderError as problem:
        rendered.problems += [replace(each, piece=job.name) for each in problem.problems]
        return rendered
    rendered.problems += [replace(each, piece=job.name) for each in problems]
    if not rendered.failed:
        package = _written(job, folder, pages)
        found = deck_readback.findings(package, pages, _fonts(job), job.data["sample"])
        rendered.problems += [replace(each, piece=job.name) for each in found]
        rendered.artifacts.append(_artifact(job, pages, package, workspace))
    return rendered


def _artifact(job: Job, pages: Sequence[Page], package: bytes, workspace: Path) -> Artifact:
    path = workspace / f"{job.stem}.pptx"
    path.write_bytes(package)
    mark = (SAMPLE_MARK,) if job.data["sample"] else ()
    text = tuple(text for page in pages for text in (*_read(page), *mark, *page.notes))
    return Artifact(
        path=path,
        name=f"{FOLDER}/{job.stem}.pptx",
        material=job.material,
        format="pptx",
        use="edit",
        title=job.title,
        piece=job.name,
        content=_content_of(job, text),
        pages=len(pages),
        text=text,
        outline=tuple(page.title for page in pages),
        key=job.key,
    )


def _content_of(job: Job, text: Sequence[str]) -> tuple[str, ...]:
    """The items that are told in their own sentences: an outline may tell fewer than its job offers."""
    said = "".join("".join(text).split())
    own = {
        **{f"scams/{scam['id']}": [step["text"] for step in scam["steps"]] for scam in job.data["scams"]},
        **{f"rules/{rule['id']}": list(_forms(rule["items"])) for rule in job.data["rules"]},
        **{f"cases/{case['id']}": case["story"] for case in job.data["cases"]},
    }
    return tuple(
        item for item in job.content if any("".join(line.split()).rstrip("。") in said for line in own.get(item, ()))
    )


def _forms(items: Sequence[Json]) -> Iterator[str]:
    for item in items:
        yield from (text for text in (item["text"], item["short"]) if text)


def _read(page: Page) -> Iterator[str]:
    """What stands on a slide, in reading order."""
    for name in page.layout.places:
        if name in page.texts:
            yield from (paragraph.text for paragraph in page.texts[name].paragraphs)
    if page.footer and deck_base.FOOTER in page.layout.places:
        yield page.footer


# ---- outline and layouts → pages ---------------------------------------------------------------------


def _look(job: Job, folder: Path) -> tuple[bytes, str]:
    """The base presentation and the theme that it takes on."""
    return (folder / "base.pptx").read_bytes(), json.dumps(job.data["theme"], ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=8)
def _layouts(base: bytes, theme: str) -> Mapping[str, Layout]:
    return deck_base.layouts_of(themed(base, theme))


def _pages(job: Job, folder: Path) -> tuple[list[Page], list[Problem]]:
    if not job.data.get("lecture"):
        message = "这个受众没有写“课件”，请在受众文件里写上提纲和标题"
        raise RenderError([error("deck-no-outline", message)])
    name = job.data["lecture"]["outline"]
    drawings = _drawings(job.data)
    context = {**job.data, "picture": lambda *wanted: next((each for each in wanted if each in drawings), None)}
    outline = deck_outline.read(folder, name, context)
    known = _layouts(*_look(job, folder))
    layouts = {name: deck_base.enlarged(layout, outline.least) for name, layout in known.items()}
    composer = _Composer(job, layouts, drawings, folder / f"{name}{deck_outline.ENDING}")
    texts = [part for slide in outline.slides for part in composer.settled(slide)]
    return composer.numbered(outline, texts), composer.problems


def _drawings(data: Json) -> dict[str, Any]:
    """The pictures by the name that outlines use: a scam's id, or a scene's name."""
    scams = {scam["id"]: scam["scene"] for scam in data["scams"]}
    return {name: drawing for name, drawing in {**data.get("scenes", {}), **scams}.items() if drawing}


@dataclass(frozen=True, slots=True)
class _Settled:
    """A slide whose texts all fit; ``part`` counts from 0 where one slide became several."""

    slide: Slide
    layout: Layout
    texts: dict[str, Text]
    part: int = 0


@dataclass(slots=True)
class _Composer:
    """Puts slides into layouts and keeps the problems met."""

    job: Job
    layouts: Mapping[str, Layout]
    drawings: Mapping[str, Any]
    template: Path
    problems: list[Problem] = field(default_factory=list)

    def settled(self, slide: Slide) -> list[_Settled]:
        """The slide in its layout: one page, more if a list must be split, none if something is wrong."""
        layout = self.layouts.get(slide.layout)
        if layout is None:
            self._wrong(slide.layout, f"没有名为“{slide.layout}”的版式；有：{'、'.join(self.layouts)}")
            return []
        filled = {
            name: [Paragraph(*each) for each in deck_outline.paragraphs(filling)]
            for name, filling in slide.fill.items()
        }
        filled = {name: paragraphs for name, paragraphs in filled.items() if paragraphs}
        if not self._fits_layout(slide, layout, filled):
            return []
        return list(self._split(slide, layout, filled, {}, 0))

    def _fits_layout(self, slide: Slide, layout: Layout, filled: Mapping[str, object]) -> bool:
        """Whether the layout has what the slide fills and shows, and the slide fills every card."""
        unknown = [name for name in slide.fill if name not in layout.texts]
        for name in unknown:
            self._wrong(name, f"版式“{layout.name}”没有占位符“{name}”；有：{'、'.join(layout.texts)}")
        if empty := [name for name in layout.cards if name not in filled]:
            message = f"版式“{layout.name}”的{'、'.join(empty)}没有文字，会留下空卡片；请填上，或换一个版式"
            self._wrong(layout.name, message)
        if slide.scene is not None and slide.scene not in self.drawings:
            self._wrong(slide.scene, f"没有名为“{slide.scene}”的图；有：{'、'.join(self.drawings)}")
        if slide.scene is None and layout.scene is not None:
            message = f"课件的“{layout.name}”页没有图，会空出一块"
            self.problems.append(warning("deck-no-picture", message))
        if (slide.chart is None) != (layout.chart is None):
            message = "没有图表，会空出一块" if layout.chart else "没有放图表的地方"
            self._wrong(layout.name, f"版式“{layout.name}”{message}；有图表的页用“数据图”")
            return False
        return not (unknown or empty)

    def _split(
        self, slide: Slide, layout: Layout, filled: dict[str, list[Paragraph]], starts: Mapping[str, int], part: int
    ) -> Iterator[_Settled]:
        settings = _settings(layout, filled)
        over = [name for name in filled if settings[name] is None]
        if not over:
            texts = {
                name: Text(tuple(filled[name]), setting, starts.get(name, 1))
                for name, setting in settings.items()
                if setting is not None
            }
            yield _Settled(slide, layout, texts, part)
            return
        name = max(over, key=lambda each: len(filled[each]))
        cut = halves(filled[name]) if layout.places[name].levels[0].listed else None
        if cut is None:
            self._overflows(slide, layout.places[name], filled[name])
            return
        self._is_split(slide, filled[name])
        first, second = cut
        start = starts.get(name, 1)
        later = start + sum(paragraph.level == 0 for paragraph in first)
        yield from self._split(slide, layout, {**filled, name: first}, starts, part)
        yield from self._split(slide, layout, {**filled, name: second}, {**starts, name: later}, part + 1)

    def numbered(self, outline: Outline, settled: Sequence[_Settled]) -> list[Page]:
        """The pages with their numbers, footers and notes."""
        pages = []
        unit, lesson = _unit(self.job.data), self.job.data["lecture"]["title"]
        for number, each in enumerate(settled, 1):
            notes = _notes(each)
            if number == 1:
                notes = (*_overview(outline, len(settled)), *notes)
            title = _title(each)
            pages.append(
                Page(
                    layout=each.layout,
                    texts=_continued(each),
                    drawing=self._drawing(each),
                    scene=each.slide.scene or "",
                    footer=_footer(each.layout, outline.internal, unit, lesson),
                    number=number,
                    notes=notes,
                    section=each.slide.section if not each.part else None,
                    title=title,
                    chart=each.slide.chart,
                )
            )
        return pages

    def _drawing(self, settled: _Settled) -> Json | None:
        """The slide's picture, as it is drawn on white where the layout puts it there."""
        name = settled.slide.scene or ""
        light = self.drawings.get(f"{name}-light") if _is_light(settled.layout, self.job.data["theme"]) else None
        return light or self.drawings.get(name)

    def _wrong(self, name: str, message: str) -> None:
        """A mistake in the outline, at the first line that has ``name`` in it."""
        lines = self.template.read_text(encoding="utf-8").splitlines()
        at = next((number for number, line in enumerate(lines, 1) if name in line), 1)
        file = f"templates/{self.template.parent.name}/{self.template.name}"
        quote = lines[at - 1]
        column = quote.find(name) + 1  # 0 when the name was put together by the template
        span = Span(file, at, column, at, column + len(name)) if column else Span(file)
        self.problems.append(error("deck-outline", message, span, quote=quote if column else ""))

    def _overflows(self, slide: Slide, place: Place, paragraphs: Sequence[Paragraph]) -> None:
        longest = max((paragraph.text for paragraph in paragraphs), key=len)
        where, span = _origin(self.job, longest)
        message = (
            f"课件的“{slide.layout}”页放不下{where}“{longest}”（{len(longest)}字）：“{place.name}”用最小字号 "
            f"{place.least:g} 磅也超出，请改短"
        )
        self.problems.append(error("deck-overflow", message, span, quote=longest))

    def _is_split(self, slide: Slide, paragraphs: Sequence[Paragraph]) -> None:
        where, span = _origin(self.job, paragraphs[0].text)
        message = f"课件的“{slide.layout}”页文字太多，{where}已分成两页"
        self.problems.append(warning("deck-split", message, span))


def _is_light(layout: Layout, theme: Json) -> bool:
    """Whether the layout's picture stands on white or nearly so."""
    if layout.name in _STAGES:
        return theme["pattern"] in _LIGHT_STAGES
    return layout.name not in _DARK_CARDS


def _settings(layout: Layout, filled: Mapping[str, Sequence[Paragraph]]) -> dict[str, Setting | None]:
    """How each text is set; texts of alike placeholders in one size."""
    settings = {name: fitted(layout.places[name], paragraphs) for name, paragraphs in filled.items()}
    for kin in {layout.places[name].kin for name in filled}:
        alike = [name for name in filled if layout.places[name].kin == kin]
        steps = common_steps(settings[name] for name in alike)
        for name in alike:
            setting = settings[name]
            if setting is not None and setting.steps < steps:
                settings[name] = fitted(layout.places[name], filled[name], steps)
    return settings


def _footer(layout: Layout, internal: str | None, unit: str, title: str) -> str:
    """Whether it is for insiders, who signs and what is taught: as much of it as fits on the layout's line."""
    place = layout.places.get(deck_base.FOOTER)
    parts = [part for part in (internal, unit, title) if part]
    wanted = (" · ".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((text for text in wanted if place and len(lines_in(place, text)) == 1), "")


def _title(settled: _Settled) -> str:
    texts = next((text for name, text in settled.texts.items() if settled.layout.places[name].heading), None)
    title = " ".join(paragraph.text for paragraph in texts.paragraphs) if texts else settled.layout.name
    return f"{title}{_CONTINUED}" if settled.part else title


def _continued(settled: _Settled) -> dict[str, Text]:
    """The texts; the title of a second part says that it goes on."""
    if not settled.part:
        return settled.texts
    texts = dict(settled.texts)
    for name, text in settled.texts.items():
        if settled.layout.places[name].heading:
            texts[name] = line(" ".join(paragraph.text for paragraph in text.paragraphs) + _CONTINUED)
    return texts


# ---- notes -------------------------------------------------------------------------------------------


def minutes_said(minutes: float) -> str:
    """Minutes as a speaker says them: 约半分钟, 约 2 分钟, 约 1 分半钟."""
    whole, half = int(minutes), minutes % 1 >= 0.5
    if not whole:
        return "约半分钟"
    return f"约 {whole} 分半钟" if half else f"约 {whole} 分钟"


def _notes(settled: _Settled) -> tuple[str, ...]:
    if settled.part:
        return ("【用时】与上一页合讲。", "【讲】接着看。")
    return (f"【用时】{minutes_said(settled.slide.minutes)}", *settled.slide.notes)


def _overview(outline: Outline, count: int) -> tuple[str, ...]:
    """What the speaker needs to know first: how long it takes in all, and part by part."""
    total = sum(slide.minutes for slide in outline.slides)
    parts: dict[str, float] = {}
    section = outline.slides[0].section or outline.title
    for slide in outline.slides:
        section = slide.section or section
        parts[section] = parts.get(section, 0) + slide.minutes
    each = "；".join(f"{name} {minutes:g} 分钟" for name, minutes in parts.items())
    return (
        f"【全课】共 {count} 页，约 {round(total)} 分钟：{each}。",
        "【用法】备注就是讲稿，可以照着讲，也可以改。时间不够时，可以少讲一个套路，“怎么办”和“找谁帮忙”要留下。",
    )


# ---- where a text was written ------------------------------------------------------------------------


def _origin(job: Job, text: str) -> tuple[str, Span | None]:
    """Where ``text`` stands in the content: in words, and as a span if the plan knows it."""
    # Outlines may add words around a text: the longest part of it that somebody wrote is what overflows.
    found = sorted(_found(job.data, text, ()), key=lambda each: -len(each[0]))
    path = found[0][1] if found else ()
    if not path:
        return "", None
    item: Any = job.data
    reference, rest = path[0], path[1:]
    if len(path) > 1 and isinstance(path[1], int):
        item = job.data[str(path[0])][path[1]]
        name = item.get("id") or item.get("name") if isinstance(item, dict) else None
        reference, rest = (f"{path[0]}/{name}", path[2:]) if name else (path[0], path[1:])
    inside = ".".join(map(str, rest))
    spans = (job.origins.get(key) for key in (f"{reference}#{inside}", str(reference), ".".join(map(str, path))))
    words = "".join(f"第{part + 1}条" if isinstance(part, int) else CHINESE.get(part, part) for part in rest)
    return f"{reference} 的{words}" if words else str(reference), next((span for span in spans if span), None)


def _found(value: Any, text: str, path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every text of the data that is in ``text``, with its path."""
    if isinstance(value, str):
        if value == text or (len(value) >= 4 and value in text):
            yield value, path
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("theme", "scene", "scenes"):
                yield from _found(each, text, (*path, key))
    elif isinstance(value, (list, tuple)):
        for at, each in enumerate(value):
            yield from _found(each, text, (*path, at))


def _unit(data: Json) -> str:
    """The unit that signs; its lines of signature may name its superiors and partners too."""
    contact = data.get("contact")
    return str(contact["name"]) if contact and contact["signature"] else ""


# ---- pages → package ---------------------------------------------------------------------------------


def _fonts(job: Job) -> Fonts:
    faces = job.data["theme"]["office_fonts"]
    return Fonts(faces["heading"], faces["body"])


def _written(job: Job, folder: Path, pages: Sequence[Page]) -> bytes:
    """The presentation with its edition date as the only date in it."""
    fonts = _fonts(job)
    day = date.fromisoformat(job.data["date"])
    slides = [
        SlideParts(
            layout=page.layout.part,
            slide=slide_part(page, fonts, job.data["sample"]),
            notes=notes_body(page.notes, fonts.body),
            title=page.title,
            section=page.section,
            chart=_charted(page, fonts, day),
        )
        for page in pages
    ]
    properties = Properties(
        title=job.data["lecture"]["title"],
        unit=_unit(job.data),
        subject="反诈宣传课件",
        keywords=tuple(scam["name"] for scam in job.data["scams"]),
        day=day,
        seed=job.stem,
    )
    return presentation(themed(*_look(job, folder)), slides, properties)


def _charted(page: Page, fonts: Fonts, day: date) -> tuple[bytes, bytes] | None:
    if page.chart is None:
        return None
    return deck_chart.chart_part(page.chart, fonts.body), deck_chart.workbook(page.chart, fonts.body, day)


def _engines() -> str:
    from importlib.metadata import version

    return " ".join(f"{name}-{version(name)}" for name in ("lxml", "Jinja2", "rjieba", "XlsxWriter"))


RENDERER = Renderer(name="deck", formats=("pptx",), render=render, engines=_engines)
