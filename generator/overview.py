"""总览.html: the whole pack on one page, sorted by who gets what. Plain HTML, opened from the folder."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from generator.checks.preflight import in_words
from generator.errors import ContentError, Span, error
from generator.manifest import Entry, Meta
from generator.model.design import TOKENS, Material

FOLDER: Final = "templates/overview"
TEMPLATE: Final = "overview.html.j2"


@dataclass(frozen=True, slots=True)
class Link:
    """A file to open: percent-encoded relative address, what it is, how large."""

    href: str
    label: str
    size: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a piece; width and height in pixels keep its place while it loads."""

    src: str
    alt: str
    width: int | None = None
    height: int | None = None

    @property
    def wide(self) -> bool:
        return bool(self.width and self.height and self.width > self.height)


@dataclass(slots=True)
class Card:
    """One piece: pictures, facts, files; ``lines`` are its slogans or the outline of its slides.

    ``moving``: a GIF that is shown in place of the pictures, which are for paper. ``check``: the verdict of the
    preflight and its numbers.
    """

    kind: str
    title: str
    pictures: list[Picture] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    moving: Picture | None = None
    check: tuple[str, str] | None = None

    @property
    def wide(self) -> bool:
        return len(self.pictures) > 1 or any(picture.wide for picture in self.pictures)


@dataclass(frozen=True, slots=True)
class Section:
    """A folder of the pack: its name, who gets it, what that person does with it, what is inside."""

    name: str
    layout: str
    who: str
    todo: str
    cards: list[Card]
    files: int

    @property
    def anchor(self) -> str:
        return self.layout


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem in plain words: the piece it is about, what is wrong, where to look."""

    piece: str
    text: str
    where: str


# Folder, layout in the template, who gets it, what to do with it; the order is that of the page.
FOLDERS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("发广告公司", "shop", "交给广告公司", "把压缩包发过去；数量、签字写在印刷清单上"),
    ("自己打印", "office", "自己用打印机打", "打开 PDF，选“实际大小”打印"),
    ("发微信", "chat", "转发到微信群", "点开图片，长按或另存后转发"),
    ("LED", "led", "拷给管屏幕的人", "复制标语，或用 U 盘拷走整个 LED 文件夹"),
    ("课件", "deck", "上课、开会时放", "用 WPS 或 PowerPoint 打开，文字可以改"),
    ("文书", "paper", "发信、讲话、送审用", "用 WPS 或 Word 打开，补好空白处；PDF 可以直接打印"),
)


def overview(entries: Sequence[Entry], meta: Meta, problems: Sequence[Entry], root: Path) -> str:
    """The page for manifest ``entries`` and ``problems``. ``meta`` may hold ``materials``, {id: Material}.

    Raises ContentError when the template under ``root`` is broken.
    """
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(root / FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template(TEMPLATE).render(_page(entries, meta, problems))
    except TemplateError as raised:
        where = Span(f"{FOLDER}/{getattr(raised, 'name', None) or TEMPLATE}", getattr(raised, "lineno", 1))
        raise ContentError([error("template", f"总览的模板有错：{raised}", where)]) from raised


def _page(entries: Sequence[Entry], meta: Meta, problems: Sequence[Entry]) -> dict[str, Any]:
    """Everything that the template shows; it decides nothing."""
    pieces, materials = _by_piece(entries), meta.get("materials") or {}
    names = {piece: _piece_title(made, _material_of(made, materials)) for piece, made in pieces.items()}
    contact, campaign = meta.get("contact"), meta.get("campaign")
    colours = meta["theme"]["colours"]
    return {
        "audience": meta["audience"],
        "contact": contact["name"] if contact else None,
        "campaign": campaign["name"] if campaign else None,
        "edition": meta["date"],
        "sample": bool(meta.get("sample")),
        "colours": {token.replace("_", "-"): colours[token]["rgb"] for token in TOKENS},
        "pattern": meta["theme"]["pattern"],
        "withheld": _withheld(problems),
        "warnings": [_notice(record, names) for record in problems if record["severity"] == "warning"],
        "errors": [_notice(record, names) for record in problems if _is_general_error(record)],
        "sections": list(_sections(entries, pieces, materials)),
        "hero": _hero(pieces.values()),
        "zip": _of_the_pack(entries, "zip"),
        "sheet": _of_the_pack(entries, "xlsx"),
        "headlines": list(meta.get("headlines") or ()),
        "counts": {"pieces": len(pieces), "files": len(entries)},
    }


def _by_piece(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    pieces: dict[str, list[Entry]] = {}
    for entry in entries:
        if "piece" in entry:
            pieces.setdefault(entry["piece"], []).append(entry)
    return pieces


def _of_the_pack(entries: Iterable[Entry], form: str) -> Link | None:
    found = (entry for entry in entries if entry["format"] == form and "piece" not in entry)
    return next((_link(entry, PurePosixPath(entry["path"]).name) for entry in found), None)


# ---- problems ----------------------------------------------------------------------------------------------


def _withheld(problems: Iterable[Entry]) -> list[tuple[str, list[Notice]]]:
    """The pieces that could not be made, by title, with the reasons."""
    pieces: dict[str, list[Notice]] = {}
    for record in problems:
        if record["severity"] == "error" and "piece" in record:
            pieces.setdefault(record.get("title") or record["piece"], []).append(_notice(record, {}))
    return list(pieces.items())


def _is_general_error(record: Entry) -> bool:
    return record["severity"] == "error" and "piece" not in record


def _notice(record: Entry, names: Mapping[str, str]) -> Notice:
    where = f"{record['file']} 第 {record['line']} 行" if "file" in record else ""
    return Notice(names.get(record.get("piece", ""), ""), record["message"], where)


# ---- who gets what -----------------------------------------------------------------------------------------


def _sections(
    entries: Sequence[Entry], pieces: Mapping[str, list[Entry]], materials: Mapping[str, Material]
) -> Iterator[Section]:
    """One for each folder that has files of a piece; folders that this page does not know come last."""
    there = dict.fromkeys(_folder(entry) for entry in entries if "piece" in entry)
    known = {folder[0] for folder in FOLDERS}
    others = tuple((name, f"other-{at}", "", "") for at, name in enumerate(there) if name not in known)
    for name, layout, who, todo in FOLDERS + others:
        inside = {piece: [e for e in made if _folder(e) == name] for piece, made in pieces.items()}
        cards = [
            _card(layout, pieces[piece], files, _material_of(files, materials))
            for piece, files in inside.items()
            if files
        ]
        if cards:
            yield Section(name, layout, who, todo, cards, sum(map(len, inside.values())))


def _card(layout: str, made: Sequence[Entry], inside: Sequence[Entry], material: Material | None) -> Card:
    """What one section shows of a piece: ``made`` are all its files, ``inside`` those of the section."""
    title = _piece_title(made, material)
    kind = material.name if material and title.startswith(f"{material.name}·") else ""
    card = Card(kind, title.removeprefix(f"{kind}·"), pictures=_pictures(made))
    if layout == "shop":
        printed = _of_use(made, "print")
        card.facts, card.check = _facts(printed, material), _check(printed)
        card.facts += [OUTDOORS] if any(entry.get("order") for entry in printed) else []
        ordered = sorted(made, key=lambda entry: _WEIGHT[entry["use"]])
        card.links = list(_told_once(_folded(ordered, material)))
    elif layout == "led":
        _fill_led(card, inside)
    else:
        card.facts = _sheet_facts(layout, inside, material)
        card.lines = next((entry["outline"] for entry in inside if "outline" in entry), [])
        card.links = [_link(entry, label_of(entry, material)) for entry in inside]
        if layout == "paper":  # 中学 alone does not say whether it is a letter or a speech
            card.kind, card.title = "", title
            card.lines = [line for line in card.lines if not _says_title(line, title)]
        elif card.lines and material and title == material.name:  # the first slide says more than 课件
            card.title = card.lines[0]
    return card


def _folded(entries: Iterable[Entry], material: Material | None) -> Iterator[Link]:
    """A link to each file; more proofs than stand in a row are one link, to their folder."""
    made = list(entries)
    proofs = [entry for entry in made if label_of(entry, material).startswith(PROOF)]
    folder = PurePosixPath(proofs[0]["path"]).parent.as_posix() if len(proofs) > MOST_PROOFS else ""
    for entry in made:
        if not folder or entry not in proofs:
            yield _link(entry, label_of(entry, material))
        elif entry is proofs[0]:
            yield Link(_href(folder) + "/", f"{PROOF} {len(proofs)} 张")


def _told_once(links: Iterable[Link]) -> Iterator[Link]:
    """Of proofs in a row only the first is called so: 小样 1-4, 5-8, 9-12."""
    before = ""
    for link in links:
        word, _, part = link.label.partition(" ")
        yield replace(link, label=part) if part and word == before == PROOF else link
        before = word


def _says_title(line: str, title: str) -> bool:
    """Whether a heading says only what the card is called: 反诈宣传内容送审稿 of 内容送审稿."""
    return line == title or line.endswith(title.partition("·")[0])


def _fill_led(card: Card, inside: Sequence[Entry]) -> None:
    """A screen: how it will look moving, and on paper standing; the texts: their lines to copy."""
    moving = next((entry for entry in inside if entry["format"] == "gif"), None)
    card.links = list(_led_links(inside))
    if moving is None:
        card.lines = next((entry["text"] for entry in inside if entry["format"] == "text"), [])
        return
    card.title = title_of(moving)
    card.facts = list(moving.get("outline", []))
    card.moving = Picture(_href(moving["path"]), f"{card.title} 动图", *moving.get("pixels", (None, None)))


PROOF: Final = "小样"
MOST_PROOFS: Final = 4
OUTDOORS: Final = "户外悬挂前，先向城管（市容）部门申请"
"""What the unit does itself before a banner is hung; the shop does not."""

_WEIGHT: Final = {"print": 0, "office": 1, "edit": 2, "screen": 3, "text": 4, "led": 5, "data": 6}


def _piece_title(made: Sequence[Entry], material: Material | None) -> str:
    """The piece's title is that of its main file; texts and screen pictures are called after themselves."""
    main = min(made, key=lambda entry: _WEIGHT[entry["use"]])
    return material.name if material and main["use"] in ("text", "led", "data") else title_of(main)


def _material_of(made: Sequence[Entry], materials: Mapping[str, Material]) -> Material | None:
    return materials.get(made[0].get("material", ""))


def _of_use(made: Iterable[Entry], use: str) -> list[Entry]:
    return [entry for entry in made if entry["use"] == use]


def _pictures(made: Sequence[Entry]) -> list[Picture]:
    """The WeChat pictures of a piece; else the one that its files name."""
    shown = [entry for entry in _of_use(made, "screen") if "pixels" in entry]
    if not shown:
        named = {entry["preview"] for entry in made if "preview" in entry}
        shown = [entry for entry in made if entry["path"] in named]
    return [Picture(_href(e["path"]), title_of(e), *e.get("pixels", (None, None))) for e in shown]


def _hero(pieces: Iterable[Sequence[Entry]]) -> list[Picture]:
    """Three upright pictures for the top of the page."""
    shown = (picture for made in pieces for picture in _pictures(made)[:1])
    return [picture for picture in shown if picture.width and not picture.wide][:3]


def _facts(printed: Sequence[Entry], material: Material | None) -> list[str]:
    """Size, paper and process of a print file."""
    if not printed:
        return []
    made = [material.paper, material.process, material.finish] if material else []
    return [fact for fact in (size_of(printed[0]), " · ".join(part for part in made if part)) if fact]


def _check(printed: Iterable[Entry]) -> tuple[str, str] | None:
    """What the preflight found: the verdict for the clerk, the numbers for the print shop."""
    found = next((in_words(entry["preflight"]) for entry in printed if "preflight" in entry), None)
    if found is None:
        return None
    verdict, _, numbers = found.partition("：")
    return verdict.replace(" ", ""), numbers


def _sheet_facts(layout: str, inside: Sequence[Entry], material: Material | None) -> list[str]:
    pages = inside[0].get("pages")
    if layout == "office":
        paper = [material.office] if material and material.office else []
        return [" · ".join([*paper, *([f"{pages} 页"] if pages else [])])]
    return [f"{pages} 页"] if layout in ("deck", "paper") and pages else []


def _led_links(inside: Sequence[Entry]) -> Iterator[Link]:
    """Texts and films one by one; pictures, of which there are many, as their folder."""
    folders: dict[str, int] = {}
    for entry in inside:
        if entry["use"] == "text" or entry["format"] == "mp4":
            yield _link(entry, entry["title"])
        elif entry["format"] == "strip":
            folder = str(PurePosixPath(entry["path"]).parent)
            folders[folder] = folders.get(folder, 0) + 1
    for folder, count in folders.items():
        yield Link(_href(folder) + "/", f"屏幕图片 {count} 张（{PurePosixPath(folder).name}）")


_PART: Final = re.compile(r"·(\d+(?:-\d+)?|正面|反面)(?:·小样)?$")
"""What a file of several shows: its side, its sheet, its pages."""

# ---- words -------------------------------------------------------------------------------------------------


def title_of(entry: Entry) -> str:
    """The title of a file, or its name when it has none."""
    return str(entry.get("title") or PurePosixPath(entry["path"]).stem)


def size_of(entry: Entry, unit: str = " mm") -> str:
    """The finished size: ``420×570 mm``."""
    if "trim_mm" not in entry:
        return ""
    width, height = entry["trim_mm"]
    return f"{width:g}×{height:g}{unit}"


def label_of(entry: Entry, material: Material | None) -> str:
    """What a link to a file says."""
    form = entry["format"].upper()
    if entry["use"] == "print":
        part = _PART.search(title_of(entry))
        return (PROOF if form == "JPG" else f"印刷 {form}") + (f" {part[1]}" if part else "")
    if entry["use"] == "office":
        # a poster has one sheet and tiles: 海报…_A3_办公.pdf, 海报…_A4拼贴_办公.pdf; a letter is as long as it is
        paper = re.search(r"_(A\d[^_]*)_[^_]+$", PurePosixPath(entry["path"]).stem)
        return f"{paper[1]} 打印" if paper else f"打印 {form}"
    if entry["use"] == "screen" and form == "PDF":
        return "手机看的 PDF"
    if entry["use"] == "screen":
        side = title_of(entry).rpartition("·")[2]
        return f"微信图片{'·' + side if side in ('正面', '反面') else ''}"
    return f"打开 {form}" if entry["use"] == "edit" else title_of(entry)


def _link(entry: Entry, label: str) -> Link:
    return Link(_href(entry["path"]), label, _weight(entry["bytes"]))


def _weight(size: int) -> str:
    """A file's size as people say it: 1.2 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def _href(path: str) -> str:
    """A relative address that opens from disk, whatever characters the name has."""
    return "/".join(quote(part, safe="") for part in path.split("/"))


def _folder(entry: Entry) -> str:
    return PurePosixPath(entry["path"]).parts[0]
