"""Print files as readers see them: units to sign them, the characters on a page, texts that anybody might type."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from generator.feeds.base import Words
from generator.library import Library, load
from generator.render import RENDERERS
from generator.render.base import Job, Rendered
from generator.typesetting.phrases import Breaker

MM = 72 / 25.4

ADDRESS = "https://www.12377.cn/"

LONG_NAME = "江南省临水市公安局河东分局青石街道新桥社区第一派出所宣传服务点"

HEAD = "名称: {name}\n类型: 派出所\n落款: {signature}\n"

CONTACTS = {
    "一无所有": HEAD.format(name="某所", signature="某所"),
    "应有尽有": HEAD.format(name=LONG_NAME, signature=LONG_NAME)
    + f"""\
落款方式: 单位名 宣
电话:
  - {{名称: 值班电话, 号码: 0553-6612110}}
  - {{名称: 社区民警, 号码: 138-0553-6110}}
  - {{名称: 反诈宣传服务点咨询, 号码: 0553-6612119}}
地址: 临水市河东区青石街道新桥路18号（新桥农贸市场东门对面）
辖区派出所: {{名称: 河东派出所, 号码: 0553-6612110}}
联署单位: [临水市河东区教育局, 临水农村商业银行河东支行]
标志: 长标志.png
品牌色: "#E86A10"
二维码:
  - {{文字: 举报网上违法和不良信息, 网址: "{ADDRESS}"}}
  - {{文字: 另一个码, 网址: "{ADDRESS}"}}
""",
    "只留电话": HEAD.format(name="不署名单位", signature="不署名单位")
    + "落款方式: 无\n电话: 0553-6612110\n标志: 方标志.png\n样张: 是\n",
}
"""A unit of two characters with nothing else, one with all there is, one that withholds its name (a sample)."""

HAN = "凡是刷单都是诈骗不轻信不透露不转账马上打电话问家人警察银行账户安全验证码"

REAL = st.text(
    st.sampled_from(HAN + "，。、“”！？：《》（）" + "aPQ019.-#$\\\"*_[]@<>/&'~`{} 　😀鿃" + "×·—…①"),
    min_size=1,
    max_size=48,
)


def logo(width: int, height: int) -> Image.Image:
    """A disc and a bar in two colours that no theme has."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((0, 0, height - 1, height - 1), fill=(180, 20, 160, 255))
    draw.rectangle((height // 2, height // 3, width - 1, height * 2 // 3), fill=(40, 40, 200, 255))
    return picture


@cache
def opened(project: Path) -> tuple[Library, Breaker]:
    library, problems = load(project, RENDERERS)
    assert library is not None, problems
    return library, Breaker(library.glossary)


def live(job: Job) -> Job:
    """The job with live text in its print file and nothing around it: what is read here is type, not outlines."""
    sheet = job.data["sheet"]
    press = {**sheet["press"], "standard": "x4", "marks": []}
    return replace(job, formats=("print",), data={**job.data, "sheet": {**sheet, "press": press}})


@dataclass(frozen=True)
class Printed:
    """One print file of the sweep below."""

    job: Job
    rendered: Rendered
    path: Path

    @property
    def title(self) -> str:
        contact = self.job.data["contact"]
        return f"{self.job.data['audience']['id']} {self.job.title} {contact and contact['name']}"

    def document(self) -> pypdfium2.PdfDocument:
        return pypdfium2.PdfDocument(self.path)


def instructions(stream: Any) -> Iterator[tuple[Any, Any]]:
    """Operands and operator, one after the other."""
    for instruction in pikepdf.parse_content_stream(stream):
        yield instruction.operands, instruction.operator


def colours(stream: Any, seen: set[Any]) -> Iterator[str]:
    """Every operator and colour space that ``stream`` and what it uses paint with."""
    for operands, operator in instructions(stream):
        if str(operator) in ("g", "G", "rg", "RG", "k", "K", "cs", "CS", "sh"):
            yield " ".join([str(operator), *(str(value) for value in operands if isinstance(value, pikepdf.Name))])
    resources = stream.get("/Resources", {})
    for state in resources.get("/ExtGState", {}).values():
        yield from (f"{key} {state[key]}" for key in ("/SMask", "/ca", "/CA") if state.get(key, 1) != 1)
    for name in ("/XObject", "/Pattern"):
        for inner in resources.get(name, {}).values():
            if inner.objgen in seen:
                continue
            seen.add(inner.objgen)
            if inner.get("/Subtype") == "/Image":
                yield f"image {inner.ColorSpace}"
            elif isinstance(inner, pikepdf.Stream):
                yield from colours(inner, seen)
            else:
                yield f"shading {inner.get('/Shading', {}).get('/ColorSpace')}"


@dataclass(frozen=True)
class Glyph:
    """A character on a page: its ink box in mm from the upper left corner of the trim, its size in mm."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    def covers(self, other: "Glyph") -> bool:
        """Whether the two lie over each other by an eighth of the smaller."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        smaller = min((g.right - g.left) * (g.bottom - g.top) for g in (self, other))
        return across > 0 and down > 0 and across * down > smaller / 8


def glyphs(page: pypdfium2.PdfPage) -> list[Glyph]:
    text = page.get_textpage()
    left, _, _, top = page.get_trimbox()
    found = []
    for at in range(text.count_chars()):
        char = chr(pypdfium2.raw.FPDFText_GetUnicode(text, at))
        if char.isspace() or pypdfium2.raw.FPDFText_IsGenerated(text, at) == 1:
            continue
        box = text.get_charbox(at)
        size = pypdfium2.raw.FPDFText_GetFontSize(text, at)
        edges = ((box[0] - left) / MM, (top - box[3]) / MM, (box[2] - left) / MM, (top - box[1]) / MM)
        found.append(Glyph(char, *edges, size / MM))
    return found


def with_text(job: Job, project: Path, *path: str | int, text: str) -> Job:
    """``job`` with the node at ``path`` of its data saying ``text``, as the plan would say it."""
    library, breaker = opened(project)
    old: Any = job.data
    for key in path:
        old = old[key]
    words = Words(library, breaker)
    node = words.node(text, "scams/刷单返利", "tagline", lines=4 if "lines" in old else 0) | {"id": old["id"]}
    data: Any = node
    for depth in range(len(path) - 1, -1, -1):
        holder: Any = job.data
        for key in path[:depth]:
            holder = holder[key]
        copied: Any = list(holder) if isinstance(holder, list) else dict(holder)
        copied[path[depth]] = data
        data = copied
    return replace(job, data=data)


def signed(project: Path) -> Path:
    """The project with the contacts above and their logos."""
    folder = project / "content" / "contacts"
    for name, text in CONTACTS.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    logo(640, 160).save(folder / "长标志.png")
    logo(200, 200).save(folder / "方标志.png")
    return project


def no_character_lies_on_another(sheets: list[Printed]) -> None:
    for each in sheets:
        if each.job.data["sample"]:
            continue  # its mark lies over all
        for page in each.document():
            line = sorted(glyphs(page), key=lambda glyph: glyph.left)
            for at, glyph in enumerate(line):
                for other in line[at + 1 :]:
                    if other.left >= glyph.right:
                        break
                    assert not glyph.covers(other), (each.title, glyph, other)
