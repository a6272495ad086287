"""The files that a pack has as a whole, made from its manifest: order sheet, zip for the print shop, overview.

``meta`` says what the pack is about::

    audience   {"id", "name"}                 contact    None or {"id", "name"}
    campaign   None or {"id", "name"}         date       the edition, ISO
    theme      Theme.model_dump()             sample     True: 样张 请勿印刷
    headlines  slogans that fit a headline    quantities {material id or name: copies}
"""

import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, Final

from generator.banner_order import NAME, banner_order
from generator.errors import Problem
from generator.manifest import Entry, Meta
from generator.model.design import Material
from generator.output import Staging, Withheld
from generator.overview import overview, size_of, title_of
from generator.render.base import Artifact

__all__ = ["OVERVIEW", "SHEET", "ZIP", "add_pack_files", "order_sheet", "overview", "print_zip"]

SHOP: Final = "发广告公司"
SHEET: Final = f"{SHOP}/印刷清单.xlsx"
ZIP: Final = f"{SHOP}.zip"
OVERVIEW: Final = "总览.html"


def add_pack_files(
    staging: Staging,
    meta: Meta,
    problems: Iterable[Problem],
    withheld: Sequence[Withheld],
    scope: Collection[str] | None,
    *,
    materials: Mapping[str, Material],
    root: Path,
) -> None:
    """Make and add the pack's own files, after all pieces and before ``commit`` with the same arguments.

    Raises ContentError when the overview's template is broken.
    """
    problems = list(problems)
    described = staging.describe(meta, problems, withheld, scope)
    printed = [entry for entry in described["files"] if entry["use"] == "print"]
    if printed:
        sheet = staging.workspace / "sheet.xlsx"
        sheet.write_bytes(order_sheet(printed, materials, meta))
        staging.add(_own(sheet, SHEET, "印刷清单"))
        texts = banner_order(printed, materials, meta, lambda entry: _copies(materials.get(entry["material"]), meta))
        if texts is not None:
            banners = staging.workspace / "banners.txt"
            banners.write_bytes(texts)
            staging.add(_own(banners, f"{SHOP}/{NAME}", "横幅文字"))
        files = {entry["path"].removeprefix(f"{SHOP}/"): staging.path_of(entry["path"]) for entry in printed}
        packed = staging.workspace / "print.zip"
        own = [SHEET] if texts is None else [SHEET, f"{SHOP}/{NAME}"]
        files |= {PurePosixPath(name).name: staging.path_of(name) for name in own}
        print_zip(files, meta["date"], packed)
        staging.add(_own(packed, ZIP, "发给广告公司的压缩包"))
    described = staging.describe(meta, problems, withheld, scope)
    page = staging.workspace / "overview.html"
    shown = {**meta, "materials": materials}
    page.write_text(overview(described["files"], shown, described["problems"], root), encoding="utf-8", newline="\n")
    staging.add(_own(page, OVERVIEW, "总览"))


def _own(path: Path, name: str, title: str) -> Artifact:
    """A file of the pack as a whole: of no material and no piece."""
    form = PurePosixPath(name).suffix.removeprefix(".")
    return Artifact(path=path, name=name, material="", format=form, use="data", title=title, piece="")


# ---- 发广告公司.zip ----------------------------------------------------------------------------------------


def print_zip(files: Mapping[str, Path], edition: date | str, target: Path) -> None:
    """Write a zip whose bytes depend on its contents and the edition alone.

    Stored, not packed: PDFs are packed inside, and zlib's output changes from version to version. Names
    that are not ASCII get the UTF-8 flag, which Windows Explorer and WeChat read.
    """
    day = date.fromisoformat(edition) if isinstance(edition, str) else edition
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.file_size = files[name].stat().st_size
            with files[name].open("rb") as source, archive.open(entry, "w") as packed:
                while chunk := source.read(1 << 20):
                    packed.write(chunk)


# ---- 印刷清单.xlsx -----------------------------------------------------------------------------------------

COLUMNS: Final[tuple[tuple[str, float], ...]] = (
    ("序号", 5.5),
    ("物料名称", 22),
    ("文件名", 38),
    ("成品尺寸(mm)", 14),
    ("印面", 7),
    ("材质", 15),
    ("工艺", 26),
    ("数量", 9),
    ("单价", 9),
    ("备注", 30),
)
"""Headings and widths in characters of the default font."""

NOTES: Final = (
    "请按 PDF 原尺寸（100%）印刷，不要缩放；出血尺寸见备注，裁切后即为成品尺寸。",
    "请先出样，确认文字、电话、二维码和颜色后再开印。数量空着的由我方填写，单价由贵方填写。",
)
CONFIRMATION: Final = "付印确认：文字、单位名称、电话、二维码已逐项核对无误，同意印刷。"
BLANK: Final = "\u3000" * 10
SIGNATURES: Final = f"经办人（签字）：{BLANK}审核人（签字）：{BLANK}日期：{BLANK}"


def order_sheet(entries: Sequence[Entry], materials: Mapping[str, Material], meta: Meta) -> bytes:
    """The sheet that tells the print shop what to print, one row for each print file; A4, landscape."""
    import xlsxwriter

    buffer = BytesIO()
    as_typed = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    # in memory every part of the zip gets the same fixed date
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **as_typed})
    book.set_properties(
        {
            "title": "印刷清单",
            "created": datetime.combine(date.fromisoformat(meta["date"]), time()),
        }
    )
    _Sheet(book, meta).write([_row(entry, materials, meta) for entry in entries])
    book.close()
    return buffer.getvalue()


def _row(entry: Entry, materials: Mapping[str, Material], meta: Meta) -> list[str | int]:
    """The ten cells of a print file but for its number, which comes first."""
    material = materials.get(entry.get("material", ""))
    return [
        title_of(entry),
        PurePosixPath(entry["path"]).name,
        size_of(entry, unit=""),
        "双面" if _sides(entry, material) == 2 else "单面",
        (material and material.paper) or "",
        "，".join(part for part in (material and material.process, material and material.finish) if part),
        _copies(material, meta),
        "",
        "；".join(_remarks(entry, meta)),
    ]


def _sides(entry: Entry, material: Material | None) -> int:
    return material.sides if material else entry.get("pages", 1)


def _copies(material: Material | None, meta: Meta) -> int | str:
    """How many the campaign wants; empty for a person to fill in."""
    quantities: Mapping[str, int] = meta.get("quantities") or {}
    found = [quantities[name] for name in (material.id, material.name) if name in quantities] if material else []
    return found[0] if found else ""


def _remarks(entry: Entry, meta: Meta) -> Iterable[str]:
    if meta.get("sample"):
        yield "样张 请勿印刷"
    if (bleed := entry.get("bleed_mm")) and "trim_mm" in entry:
        width, height = (f"{side + 2 * bleed:g}" for side in entry["trim_mm"])
        yield f"含出血 {width}×{height}（每边 {bleed:g}）"
    if (scale := entry.get("scale", 1)) != 1:
        yield f"文件按 1:{scale} 绘制，制作时放大 {scale} 倍"
    if entry.get("order"):
        yield "文字以横幅文字.txt 为准；户外悬挂请先向城管（市容）部门申请"
    if (pages := entry.get("pages", 1)) > 1:
        yield f"文件共 {pages} 页"


class _Sheet:
    """Lays the rows out on one worksheet."""

    def __init__(self, book: Any, meta: Meta) -> None:
        self._book, self._meta = book, meta
        self._page = book.add_worksheet("印刷清单")
        colours = meta["theme"]["colours"]
        self._ground, self._on_ground = (colours[token]["rgb"] for token in ("ground", "on_ground"))
        self._line = colours["line"]["rgb"]

    def write(self, rows: Sequence[Sequence[str | int]]) -> None:
        """Heading, one line a row, what the shop must heed, where to sign."""
        self._set_up(last=len(rows) + 2)
        self._heading()
        for number, row in enumerate(rows, 1):
            self._page.set_row(number + 2, 33)
            for column, value in enumerate([number, *row]):
                self._cell(number + 2, column, value)
        self._foot(len(rows) + 3)

    def _set_up(self, last: int) -> None:
        page = self._page
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        page.freeze_panes(3, 0)
        page.center_horizontally()
        page.hide_gridlines(2)
        page.set_footer("&C第 &P 页，共 &N 页")
        for column, (_, width) in enumerate(COLUMNS):
            page.set_column(column, column, width)

    def _heading(self) -> None:
        title = self._style(bold=True, font_size=18, border=0, font_color=self._ground, align="left")
        under = self._style(font_size=10, border=0, align="left")
        head = self._style(bold=True, bg_color=self._ground, font_color=self._on_ground, align="center")
        sample = "（样张 请勿印刷）" if self._meta.get("sample") else ""
        self._across(0, f"反诈宣传物料 印刷清单{sample}", title, 30)
        self._across(1, " · ".join(_about(self._meta)), under, 20)
        self._page.set_row(2, 26)
        for column, (name, _) in enumerate(COLUMNS):
            self._page.write_string(2, column, name, head)

    def _foot(self, row: int) -> None:
        note = self._style(font_size=9, border=0, align="left")
        sign = self._style(bold=True, font_size=12, align="left")
        for at, text in enumerate(NOTES):
            self._across(row + at, text, note, 18)
        self._across(row + len(NOTES), f"{CONFIRMATION}\n\n{SIGNATURES}", sign, 66)

    def _across(self, row: int, text: str, style: Any, height: float) -> None:
        self._page.set_row(row, height)
        self._page.merge_range(row, 0, row, len(COLUMNS) - 1, "", style)
        self._page.write_string(row, 0, text, style)

    def _cell(self, row: int, column: int, value: str | int) -> None:
        centred = COLUMNS[column][0] in ("序号", "成品尺寸(mm)", "印面", "数量", "单价")
        align = "center" if centred else "left"
        if isinstance(value, int):
            self._page.write_number(row, column, value, self._style(align=align))
        elif value:
            # a text cell is no formula, but would become one when somebody types Enter in it
            self._page.write_string(row, column, value, self._style(align=align, quote_prefix=value[0] in "=+-@"))
        else:
            self._page.write_blank(row, column, None, self._style(align=align))

    def _style(self, **more: Any) -> Any:
        common = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
        indent = {"indent": 1} if more.get("align") == "left" and more.get("border") != 0 else {}
        return self._book.add_format(common | {"border_color": self._line} | indent | more)


def _about(meta: Meta) -> Iterable[str]:
    yield f"对象：{meta['audience']['name']}"
    contact, campaign = meta.get("contact"), meta.get("campaign")
    yield f"单位：{contact['name']}" if contact else "单位：未署名"
    if campaign:
        yield f"活动：{campaign['name']}"
    yield f"版本：{meta['date']}"
