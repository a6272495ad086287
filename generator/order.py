"""What the print shop is told: 印刷清单.xlsx, and the message that goes with the zip by WeChat.

Copies come from the survey where there is one (``meta["orders"]``), else from the campaign; prices stay blank for
the shops to fill in (比价). The columns are those of the trade; ten of them print.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from generator.logbook import LOG_COLUMNS, LOG_SHEET
from generator.manifest import Entry, Meta
from generator.model.design import Material
from generator.model.needs import Order
from generator.overview import OUTDOORS, size_of, title_of
from generator.workbooks import Book, Column, Sheet, Value

SHOP: Final = "发广告公司"

COLUMNS: Final = (
    Column("序号", 5.5, align="center"),
    Column("物料名称", 24),
    Column("文件名", 38),
    Column("成品尺寸(mm)", 14, align="center"),
    Column("材质", 17),
    Column("工艺", 26),
    Column("数量", 8, align="center"),
    Column("单位", 6, align="center"),
    Column("单价", 9, align="center"),
    Column("备注", 30),
    Column("类别", 10, hidden=True),
    Column("展开尺寸(mm)", 14, hidden=True),
    Column("含出血尺寸(mm)", 16, hidden=True),
    Column("P数/页数", 9, hidden=True),
    Column("单/双面", 8, hidden=True),
    Column("印色", 8, hidden=True),
    Column("克重", 8, hidden=True),
    Column("表面处理", 12, hidden=True),
    Column("折法", 12, hidden=True),
    Column("装订", 10, hidden=True),
    Column("刀版/模切", 12, hidden=True),
    Column("配件", 14, hidden=True),
    Column("安装/配送地址", 30, hidden=True),
    Column("交货日期", 12, "day", hidden=True),
    Column("是否打样", 9, hidden=True),
    Column("联系人/电话", 18, hidden=True),
    Column("金额", 10, hidden=True),
    Column("审核人/审核日期", 18, hidden=True),
    Column("文件SHA-256", 66, hidden=True),
)
"""The trade's columns; the ten that print come first."""

NOTES: Final = (
    "请按 PDF 实际尺寸（100%）印刷，不要缩放；出血尺寸见备注，裁切后即为成品尺寸。",
    "请先出样，确认文字、电话、二维码和颜色后再开印。数量空着的由我方填写，单价由贵方填写。",
)
OUTLINED: Final = "文字已转曲"
LIVE: Final = "文字未转曲，已嵌入字体"
LIVE_STANDARD: Final = "PDF/X-4"
"""The standard of files that keep their text."""
CONFIRMATION: Final = "付印确认：文字、单位名称、电话、二维码已逐项核对无误，同意印刷。"
BLANK: Final = "\u3000" * 10
SIGNATURES: Final = f"经办人（签字）：{BLANK}审核人（签字）：{BLANK}日期：{BLANK}"
LOG_ROWS: Final = 40
"""Empty lines of the second sheet: two printed pages."""

COVER_PAGES: Final = 4
FOLDS: Final = {"half": "对折", "letter": "荷包折（向内三折）", "z": "风琴折", "gate": "对门折"}


# ---- 印刷清单.xlsx -----------------------------------------------------------------------------------------


def order_sheet(
    entries: Sequence[Entry], materials: Mapping[str, Material], meta: Meta, not_made: Sequence[str] = ()
) -> bytes:
    """One row for each print file, a place to sign; on a second sheet, what was handed out where.

    ``not_made``: titles of pieces that the shop should have had.
    """
    colours = {token: colour["rgb"] for token, colour in meta["theme"]["colours"].items()}
    book = Book("印刷清单", date.fromisoformat(meta["date"]), colours)
    page = book.sheet("印刷清单", COLUMNS)
    sample = "（样张 请勿印刷）" if meta.get("sample") else ""
    page.title(f"反诈宣传物料 印刷清单{sample}")
    page.line(" · ".join(_about(meta)))
    page.headings()
    for number, entry in enumerate(entries, 1):
        page.row([number, *_row(entry, materials.get(entry.get("material", "")), meta)])
    for text in (f"{NOTES[0]}{_type_of(entries)}。", *NOTES[1:], *_not_made(not_made)):
        page.line(text, size=9, height=18)
    page.across(f"{CONFIRMATION}\n\n{SIGNATURES}", 66)
    _log(book.sheet(LOG_SHEET, LOG_COLUMNS), meta, outdoors=any(entry.get("order") for entry in entries))
    return book.bytes()


def _type_of(entries: Iterable[Entry]) -> str:
    """Whether the shop finds text as outlines or with its fonts."""
    kinds = {_is_live(entry) for entry in entries if not _is_proof(entry)}
    if kinds == {True, False}:
        return f"{OUTLINED}（备注里另有说明的除外）"
    return LIVE if True in kinds else OUTLINED


def _is_live(entry: Entry) -> bool:
    return str((entry.get("preflight") or {}).get("standard", "")).startswith(LIVE_STANDARD)


def _not_made(titles: Sequence[str]) -> Iterator[str]:
    """What is missing from the list, for whoever sends it and for the shop that waits for it."""
    if titles:
        yield f"本次没有做出、不在清单里的：{'、'.join(titles)}；改好后另发。"


def _log(page: Sheet, meta: Meta, outdoors: bool) -> None:
    page.title("反诈宣传物料 发放登记")
    page.line(f"{' · '.join(_about(meta))}。张贴、悬挂、发放、播放，一处登一行；照片编号写照片的文件名。", height=20)
    if outdoors:
        page.line(f"{OUTDOORS}。", height=20)
    page.headings()
    page.blanks(LOG_ROWS)


def _row(entry: Entry, material: Material | None, meta: Meta) -> Iterator[Value]:
    """The cells of a print file but for its number, which comes first."""
    order = order_of(entry, material, meta)
    yield from (title_of(entry), PurePosixPath(entry["path"]).name, size_of(entry, unit=""))
    yield (material and material.paper) or ""
    yield _making(entry, material)
    yield order.copies
    yield (material and material.unit) or "张"
    yield ""
    yield "；".join(_remarks(entry, material, meta))
    yield from _hidden(entry, material, order)


def _hidden(entry: Entry, material: Material | None, order: Order) -> Iterator[Value]:
    sides = _sides(entry, material)
    paper = (material and material.paper) or ""
    grams = re.findall(r"\d+(?:\.\d+)?\s*g", paper)
    yield (material and material.process) or ""
    yield size_of(entry, unit="") if material and material.fold != "none" else ""
    yield _with_bleed(entry)
    yield int(entry.get("pages", 1))
    yield "双面" if sides == 2 else "单面"
    yield "4+4" if sides == 2 else "4+0"
    yield "、".join(grams)
    yield (material and material.coating) or ""
    yield FOLDS.get(material.fold, "") if material else ""
    yield (material and material.binding) or ""
    yield (material and material.cut) or ""
    yield (material and material.fittings) or ""
    yield "；".join(order.addresses)
    yield order.due
    yield "是"
    yield "、".join(order.people)
    yield from ("", "")
    yield entry.get("sha256", "")


def order_of(entry: Entry, material: Material | None, meta: Meta) -> Order:
    """How many of a file, where to and until when: from the survey, else the campaign's number of copies."""
    orders: Mapping[str, Order] | None = meta.get("orders")
    if orders is not None:
        return orders.get(entry.get("piece", ""), Order())
    quantities: Mapping[str, int] = meta.get("quantities") or {}
    found = [quantities[name] for name in (material.id, material.name) if name in quantities] if material else []
    return Order(found[0] if found else None)


def _making(entry: Entry, material: Material | None) -> str:
    """All that a shop asks before it names a price: process, sides, finish, coating, binding, cut, fittings."""
    if material is None:
        return ""
    sides = "双面四色" if _sides(entry, material) == 2 else "单面四色"
    finish, fold = material.finish or "", FOLDS.get(material.fold, "")
    parts = [material.process, "" if "面" in finish else sides, finish, "" if fold in finish else fold]
    parts += [_coated(material), *_bound(entry, material), material.cut]
    parts += [f"配{material.fittings}"] if material.fittings else []
    return "，".join(part for part in parts if part)


def _coated(material: Material) -> str:
    """A film is laid on: 哑膜 is 覆哑膜."""
    coating = material.coating or ""
    return f"覆{coating}" if coating.endswith("膜") and not coating.startswith("覆") else coating


def _bound(entry: Entry, material: Material) -> Iterator[str]:
    """How a booklet is bound, and of how many pages; a cover of its own paper is one folded sheet of them."""
    if material.binding:
        cover = f"（含封面 {COVER_PAGES}P）" if "封面" in (material.paper or "") else ""
        yield from (material.binding, f"共 {entry.get('pages', 1)}P{cover}")


def _sides(entry: Entry, material: Material | None) -> int:
    return material.sides if material else min(2, entry.get("pages", 1))


def _with_bleed(entry: Entry) -> str:
    if not entry.get("bleed_mm") or "trim_mm" not in entry:
        return ""
    return "×".join(f"{side + 2 * entry['bleed_mm']:g}" for side in entry["trim_mm"])


def _remarks(entry: Entry, material: Material | None, meta: Meta) -> Iterable[str]:
    if meta.get("sample"):
        yield "样张 请勿印刷"
    if size := _with_bleed(entry):
        yield f"含出血 {size}（每边 {entry['bleed_mm']:g}）"
    if _is_live(entry):
        yield f"{entry['preflight']['standard']}，{LIVE}"
    if material and material.scale > 1:
        yield f"按 1:{material.scale} 画，制作时放大 {material.scale} 倍"
    if material and material.die != "none":
        yield "刀版是文件里单独一个专色，不印"
    if entry.get("order"):
        yield "文字以横幅文字.txt 为准"
    if material and material.binding:
        yield "单页按阅读顺序，由贵方拼版"
    elif (pages := entry.get("pages", 1)) > 1:
        yield f"文件共 {pages} 页"
    approvals: Mapping[str, str] = meta.get("approvals") or {}
    yield from (approvals[reference] for reference in entry.get("content", ()) if reference in approvals)


def _about(meta: Meta) -> Iterable[str]:
    yield f"对象：{meta['audience']['name']}"
    contact, campaign = meta.get("contact"), meta.get("campaign")
    yield f"单位：{contact['name']}" if contact else "单位：未署名"
    if campaign:
        yield f"活动：{campaign['name']}"
    yield f"版本：{meta['date']}"


# ---- the message -----------------------------------------------------------------------------------------


def shop_message(
    entries: Sequence[Entry],
    materials: Mapping[str, Material],
    meta: Meta,
    banners: bool,
    not_made: Sequence[str] = (),
) -> str:
    """What to paste into the chat with the shop when the zip is sent. Lines end in CRLF, for Notepad."""
    contact = meta.get("contact")
    who = contact["name"] if contact else BLANK
    lines = ["【样张，请勿印刷】"] if meta.get("sample") else []
    lines += [f"您好，我们是{who}，要做一批反诈宣传物料，请先报价、出样：", ""]
    lines += [f"{number}. {text}" for number, text in enumerate(_lots(entries, materials, meta), 1)]
    lines += [f"· {text}" for text in _not_made(not_made)]
    made = f"· PDF 是实际尺寸、四色（CMYK）、{_type_of(entries)}，请按 100% 印，不要缩放。"
    lines += ["", "文件都在压缩包里：", made]
    small = {
        f"1:{material.scale}" for entry in entries if (material := _material(entry, materials)) and material.scale > 1
    }
    lines += [f"· 文件名里有“1比”的按 {'、'.join(sorted(small))} 画，制作时放大到清单上的尺寸。"] if small else []
    lines += ["· 尺寸、材质、工艺、数量以“印刷清单.xlsx”为准，出血写在备注里。"]
    lines += ["· 横幅照“横幅文字.txt”做，文字一字不改。"] if banners else []
    lines += ["· “小样”是样子，颜色以打样为准，不要拿来印。"] if any(_is_proof(entry) for entry in entries) else []
    lines += ["", "请先出样，我们核对文字、电话、二维码和颜色，签字后再开印。"]
    lines += [f"交货日期：{_due(meta)}", f"送货地址：{BLANK}", f"联系人、电话：{BLANK}"]
    return "\r\n".join(lines) + "\r\n"


def _lots(entries: Sequence[Entry], materials: Mapping[str, Material], meta: Meta) -> Iterator[str]:
    """One line for all files of a material in one size, equally thick: 海报 9 款，420×570 mm，157g铜版纸，共 90 张."""
    lots: dict[tuple[str, str, int], list[Entry]] = {}
    for entry in entries:
        if not _is_proof(entry):
            lot = entry.get("material", ""), size_of(entry), int(entry.get("pages", 1))
            lots.setdefault(lot, []).append(entry)
    for (name, size, _), files in lots.items():
        material = materials.get(name)
        copies = [order_of(entry, material, meta).copies for entry in files]
        counted = sum(number for number in copies if number)
        unit = material.unit if material else "张"
        kinds = f"{material.name if material else title_of(files[0])}{f' {len(files)} 款' if len(files) > 1 else ''}"
        how_many = f"共 {counted} {unit}" if all(copies) else f"数量待定（{unit}）"
        making = _making(files[0], material)
        yield "，".join(part for part in (kinds, size, material and material.paper, making, how_many) if part)


def _material(entry: Entry, materials: Mapping[str, Material]) -> Material | None:
    return materials.get(entry.get("material", ""))


def _is_proof(entry: Entry) -> bool:
    return str(entry["format"]) != "pdf"


def _due(meta: Meta) -> str:
    days = [order.due for order in (meta.get("orders") or {}).values() if order.due]
    first = min(days, default=None)
    return f"{first.year}年{first.month}月{first.day}日" if first else BLANK
