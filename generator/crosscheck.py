"""What can be wrong between files: names used twice, templates and pictures that are not there, tables with gaps."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from generator.audiences import Audience
from generator.drafts import Draft, Shelf, by_name, known, replaced
from generator.errors import Problem, error, warning
from generator.folders import wrong_id
from generator.model.design import OWN_THEME, TOKENS
from generator.pictures import Picture, find
from generator.references import LABELS, Word, closest, known_place
from generator.typesetting.logo import is_blank
from generator.typesetting.nup import grid_of
from generator.validation import Location

_KINDS: Final[Mapping[str, str]] = {
    **LABELS, "cases": "案例", "cards": "卡片", "contacts": "单位", "campaigns": "活动", "documents": "文书",
}  # fmt: skip
PACK_FOLDERS: Final = {"发广告公司", "自己打印", "发微信", "LED", "课件", "文书", "旧版"}
"""The folders of a pack, by who gets them (DESIGN: what comes out)."""
_FILE_NAME: Final = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff-]*")


def crosscheck(shelf: Shelf, audiences: Mapping[str, Audience], renderers: Collection[str]) -> dict[str, bytes]:
    """Adds what it finds to ``shelf.problems``; returns the pictures of contacts by their path from the root."""
    for kind in _KINDS:
        shelf.problems += _same_name(kind, shelf.of(kind))
    for material in shelf.of("materials").values():
        shelf.problems += _material(shelf, material, renderers)
    for theme in shelf.of("themes").values():
        shelf.problems += [*_file_id(theme), *_tokens(theme)]
    for screen in shelf.of("screens").values():
        shelf.problems += _file_id(screen)
    icons = [path.stem for path in sorted((shelf.root / "templates" / "icons").glob("*.svg"))]
    for scene in shelf.of("scenes").values():
        shelf.problems += _icons(scene, icons)
    for audience in shelf.of("audiences").values():
        known_place(shelf, audience)
        shelf.problems += [*_outline(shelf, audience), *_featured(shelf, audience)]
        if audience.id in audiences:
            shelf.problems += _meant_for_others(shelf, audience, audiences[audience.id].lineage)
    shelf.problems += _genres(shelf)
    for numbers in shelf.of("numbers").values():
        shelf.problems += _counted_once(numbers)
    assets: dict[str, bytes] = {}
    for contact in list(shelf.of("contacts").values()):
        shelf.problems += _folder_name(contact)
        _pictures(shelf, contact, assets)
    return assets


def _genres(shelf: Shelf) -> Iterator[Problem]:
    """A document is a version of a material that documents are made of; of another, nobody would make it."""
    known = [one.name for one in shelf.of("materials").values() if one.model.renderer == "document"]
    for draft in shelf.of("documents").values():
        material = shelf.of("materials").get(draft.model.genre)
        if material and material.name not in known:
            message = f"“{material.name}”不是文书，做不出来；文种可以写：{'、'.join(known)}"
            yield Word(draft, ("genre",), material.name).problem(error, "unknown-name", message)


def _at(make: Any, draft: Draft, code: str, message: str, *at: str | int) -> Problem:
    span = draft.span(*at)
    problem: Problem = make(code, message, span, quote=draft.source.quote(span))
    return problem


def _same_name(kind: str, drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    """Two items that ``find`` could not tell apart."""
    taken = dict(drafts)
    # A copied sample is told in the copy: it is that file which its user is writing.
    for draft in sorted(drafts.values(), key=lambda one: not one.id.startswith("样例")):
        earlier = taken.setdefault(draft.name, draft)
        if earlier is not draft:
            place = f"{earlier.source.file} 第 {earlier.span('name').line} 行"
            message = f"名称“{draft.name}”已经用在 {place}，请换一个{_KINDS[kind]}名称"
            yield _at(error, draft, "duplicate-name", message, "name")


# ---- templates ---------------------------------------------------------------------------------------


def _material(shelf: Shelf, draft: Draft, renderers: Collection[str]) -> Iterator[Problem]:
    row = draft.model
    if wrong := wrong_id(row.id):
        yield _at(error, draft, "bad-file-name", f"id “{row.id}”{wrong}：它会用在文件名里", "id")
    if wrong := wrong_id(row.name):
        yield _at(error, draft, "bad-file-name", f"名称“{row.name}”{wrong}：它会用在文件名里", "name")
    if row.renderer not in renderers:
        near = closest(row.renderer, renderers)
        message = f"没有渲染器“{row.renderer}”；可以写：{'、'.join(sorted(renderers))}"
        yield Word(draft, ("renderer",), row.renderer).problem(error, "unknown-renderer", message, near)
    made = getattr(renderers.get(row.renderer), "formats", ()) if isinstance(renderers, Mapping) else ()
    for index, each in enumerate(row.formats if made else ()):
        if each not in made:
            near = closest(each, made)
            message = f"“{row.renderer}”做不出“{each}”；可以写：{'、'.join(made)}"
            yield Word(draft, ("formats", index), each).problem(error, "unknown-format", message, near)
    if "print" in row.formats and not row.process:
        names = "、".join(shelf.of("processes"))
        message = f"要交付印刷文件（print），就要写 process；可以写：{names}"
        yield _at(error, draft, "missing-key", message, "formats")
    yield from _template(shelf, draft)
    yield from _shape(draft)
    yield from _office(draft)
    yield from _themes(shelf, draft)
    side, label = (1, "高") if row.fold == "tent" else (0, "宽")
    for name in ("panels", "back_panels"):
        panels = getattr(row, name)
        whole = [size[side] for size in (row.trim, row.drawn) if size]
        if panels and whole and all(abs(sum(panels) - length) > 0.01 for length in whole):
            message = f"各折面相加是 {sum(panels):g} mm，和成品{label} {whole[0]:g} mm 不一样"
            yield _at(error, draft, "panels", message, name)


def _shape(draft: Draft) -> Iterator[Problem]:
    """A page can be enlarged and reduced, not turned, stretched or made too small to read."""
    row = draft.model
    if row.drawn and row.trim and (message := row.unfit(row.trim)):
        yield _at(error, draft, "shape", message, "trim")


def _office(draft: Draft) -> Iterator[Problem]:
    """Copies at true size need a paper that holds at least one."""
    row = draft.model
    if row.office_layout != "nup":
        return
    if not row.office or not row.trim:
        yield _at(error, draft, "missing-key", "office_layout: nup 要写 office（A3 或 A4）和 trim", "office_layout")
        return
    size = (row.trim[0] / row.scale, row.trim[1] / row.scale)
    if grid_of(row.office, size, row.sides) is None:
        larger = "改 office: A3，或" if row.office == "A4" and grid_of("A3", size, row.sides) else ""
        message = (
            f"{size[0]:g}×{size[1]:g} mm 按实际大小放不进一张 {row.office}（留出打印白边和裁切线）；"
            f"请{larger}改 office_layout: fit（缩到一张纸上）"
        )
        yield _at(error, draft, "office-too-small", message, "trim")


def _template(shelf: Shelf, draft: Draft) -> Iterator[Problem]:
    name = draft.model.template
    folder = shelf.root / "templates"
    wanted = "main.typ" if draft.model.renderer == "pages" else ""
    if not _FILE_NAME.fullmatch(name) or not (folder / name).is_dir():
        folders = [path.name for path in sorted(folder.iterdir()) if path.is_dir() and path.name[0] not in "_."]
        near = closest(name, folders)
        message = f"没有模板文件夹 templates/{name}；已有：{'、'.join(folders)}"
        yield Word(draft, ("template",), name).problem(error, "unknown-template", message, near)
    elif wanted and not (folder / name / wanted).is_file():
        yield _at(error, draft, "unknown-template", f"模板文件夹 templates/{name} 里缺少 {wanted}", "template")


def _themes(shelf: Shelf, draft: Draft) -> Iterator[Problem]:
    """The looks that a row's pieces have instead of their audience's."""
    known = (OWN_THEME, *by_name(shelf.of("themes")))
    for row, pieces in enumerate(draft.model.pieces):
        for index, theme in enumerate(pieces.themes):
            if theme not in known and not shelf.broken.get("themes"):
                near = closest(theme, known)
                better = f"是不是“{near}”？" if near else f"可以写：{'、'.join(known)}"
                word = Word(draft, ("pieces", row, "themes", index), theme)
                yield word.problem(error, "unknown-name", f"没有主题样式“{theme}”；{better}", near)


def _file_id(draft: Draft) -> Iterator[Problem]:
    written = draft.model.id
    if written != draft.id:
        message = f"id “{written}”和文件名“{draft.id}”要一样"
        yield Word(draft, ("id",), written).problem(error, "bad-file-name", message, draft.id)


def _folder_name(draft: Draft) -> Iterator[Problem]:
    """A unit's pack is a folder beside the folders of the unsigned one, so it needs a name of its own."""
    if draft.id.upper() in PACK_FOLDERS:
        message = f"“{draft.id}”是物料包里的文件夹名，不能当单位的文件名；请改名，如 {draft.id}单位.yaml"
        yield _at(error, draft, "reserved-name", message)


def _tokens(draft: Draft) -> Iterator[Problem]:
    """Every theme has the same tokens, so that every template works with every theme."""
    colours = draft.model.colours
    missing = [token for token in TOKENS if token not in colours]
    for token in colours:
        if token not in TOKENS:
            near = closest(token, missing)
            better = f"是不是“{near}”？" if near else f"可以写：{'、'.join(TOKENS)}"
            span = draft.key_span("colours", token)
            line = draft.source.lines[span.line - 1]
            fix = line[: span.column - 1] + near + line[span.end_column - 1 :] if near else ""
            quote = draft.source.quote(span)
            yield error("unknown-key", f"没有颜色“{token}”；{better}", span, quote=quote, fix=fix)
    if missing:
        span = draft.key_span("colours")
        message = f"缺少颜色：{'、'.join(missing)}"
        yield error("missing-key", message, span, quote=draft.source.quote(span))


def _icons(draft: Draft, icons: list[str]) -> Iterator[Problem]:
    for index, item in enumerate(draft.model.items):
        name = getattr(item, "icon", None)
        if name is not None and name not in icons:
            near = closest(name, icons)
            better = f"是不是“{near}”？" if near else "请看 templates/icons/ 里有哪些"
            word = Word(draft, ("items", index, "icon"), name)
            yield word.problem(error, "unknown-name", f"没有图标“{name}”；{better}", near)


# ---- audiences ---------------------------------------------------------------------------------------


def _outline(shelf: Shelf, draft: Draft) -> Iterator[Problem]:
    files = sorted((shelf.root / "templates" / "deck").glob("*.yaml.j2"))
    outlines = [path.name.removesuffix(".yaml.j2") for path in files]
    for at, name in enumerate(choice.outline for choice in draft.model.deck or ()):
        if name not in outlines:
            near = closest(name, outlines)
            message = f"没有课件提纲“{name}”；已有：{'、'.join(outlines) or '（还没有）'}"
            yield Word(draft, ("deck", at, "outline"), name).problem(error, "unknown-name", message, near)
    names = by_name(shelf.of("audiences"))
    for at, name in enumerate(choice.told_to for choice in draft.model.deck or ()):
        if name is not None and name not in names:
            near = closest(name, names)
            message = f"没有受众“{name}”；可以写：{known(shelf.of('audiences'))}"
            yield Word(draft, ("deck", at, "told_to"), name).problem(error, "unknown-name", message, near)


def _featured(shelf: Shelf, draft: Draft) -> Iterator[Problem]:
    texts = [slogan.model.slogan for slogan in shelf.of("slogans").values()]
    if shelf.broken.get("slogans"):
        return
    for index, text in enumerate(draft.model.featured or ()):
        if text not in texts:
            near = closest(text, texts)
            better = f"是不是“{near}”？" if near else "请先把它加进 content/slogans.yaml，或者换一条"
            word = Word(draft, ("featured", index), text)
            yield word.problem(error, "unknown-name", f"标语里没有“{text}”；{better}", near)


def _meant_for_others(shelf: Shelf, draft: Draft, lineage: tuple[str, ...]) -> Iterator[Problem]:
    """An audience lists what its own file says is for others: it would be left out without a word."""
    for kind in ("scams", "rules"):
        for index, id in enumerate(getattr(draft.model, kind) or ()):
            item = shelf.of(kind)[id].model
            field = "audiences" if item.audiences and not set(lineage) & set(item.audiences) else ""
            field = "not_for" if set(lineage) & set(getattr(item, "not_for", ())) else field
            if field:
                said = "不用于" if field == "not_for" else "对象不包括"
                message = f"“{item.name}”的文件里写了{said}“{draft.name}”，不会给它用；请改其中一处"
                yield _at(warning, draft, "listed-but-not-for", message, kind, index)


# ---- numbers -----------------------------------------------------------------------------------------


def _counted_once(draft: Draft) -> Iterator[Problem]:
    """Rows that would count the same cases twice, and months that the numbers cannot know of yet."""
    rows, seen = draft.model.rows, set()
    for index, row in enumerate(rows):
        if (row.kind is None) != (rows[0].kind is None):
            message = "要么每行都写“类型”，要么都不写，不然会重复计算"
            yield _at(error, draft, "mixed-rows", message, "rows", index)
        elif (row.month, row.kind) in seen:
            what = f"的“{row.kind}”" if row.kind else ""
            message = f"{row.month.year}年{row.month.month}月{what}前面已经有了，请合成一行"
            yield _at(error, draft, "counted-twice", message, "rows", index)
        elif row.month > draft.model.until:
            message = f"这个月在“截至”的日期（{draft.model.until}）以后，请改其中一处"
            yield _at(error, draft, "after-until", message, "rows", index)
        seen.add((row.month, row.kind))


# ---- pictures of contacts ----------------------------------------------------------------------------


def _pictures(shelf: Shelf, draft: Draft, assets: dict[str, bytes]) -> None:
    """Replaces typed paths by keys of ``assets``."""
    changes: dict[str, Any] = {}
    if draft.model.logo:
        changes["logo"] = _picture(shelf, draft, ("logo",), draft.model.logo, assets)
    codes = []
    for index, code in enumerate(draft.model.qr):
        if code.picture:
            key = _picture(shelf, draft, ("qr", index, "picture"), code.picture, assets)
            code = code.model_copy(update={"picture": key})
        codes.append(code)
    shelf.add(replaced(draft, {**changes, "qr": tuple(codes)}))


def _picture(shelf: Shelf, draft: Draft, at: Location, typed: str, assets: dict[str, bytes]) -> str:
    found = find(typed, (shelf.root / draft.source.file).parent, shelf.root)
    if isinstance(found, Picture):
        assets[found.key] = found.data
        if at == ("logo",) and is_blank(found.data):
            message = f"标志“{typed}”印在白底上看不见（是白色或透明的）；请换一张深色的标志图片"
            shelf.problems.append(Word(draft, at, typed).problem(warning, "logo-blank", message))
        return found.key
    shelf.problems.append(Word(draft, at, typed).problem(error, found.code, found.message, found.instead))
    return typed
