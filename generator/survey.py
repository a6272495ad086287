"""需求统计表.xlsx: what each place needs, filled in WPS; read back it says what is made, how large and how many.

The workbook is written outside output/ and belongs to who fills it: one that exists is never written over.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from generator.errors import OutputError, Problem, Span, error
from generator.logbook import PLACE_KINDS
from generator.model.design import Feed, Material
from generator.model.needs import Need
from generator.workbooks import Book, Column, Row, cell_problem, read

SHEET: Final = "需求统计"
BLANK_ROWS: Final = 100
MAX_SIDE_MM: Final = 20_000
RATIO_DOUBT: Final = 0.35
"""How far a size without a unit may be from the catalogue's to be taken for millimetres, centimetres or metres."""
STRIP_DOUBT: Final = 3
"""How many times wider or narrower than the catalogue's cloth may be asked for."""

HINTS: Final = (
    "一处一种物料写一行；“物料”从列表里选，也可以写到款，如“海报·刷单返利”（款名见总览）。",
    "只写“海报”时，数量平均分到各款；要某一款多少张，就写到款。",
    "“实际尺寸”写现场量的尺寸，如 500×700mm、80×200cm、0.8×2m、A2；和常用尺寸一样的空着。",
    "“数量”写总数。填好后运行 generate --audience 学校 --survey 需求统计表.xlsx：只做表里要的，",
    "数量、地址、日期进印刷清单。",
)


def columns(materials: Sequence[Material]) -> tuple[Column, ...]:
    """The table's columns; the list of materials is what a survey can order for the audience."""
    names = tuple(material.name for material in materials)
    return (
        Column("地点", 26, required=True, hint="挂在哪里、送到哪里，如 ××小区东门"),
        Column("场所类型", 14, "choice", PLACE_KINDS, align="center"),
        Column("物料", 22, "text", names, required=True, hint="从列表里选；也可写到款：海报·刷单返利"),
        Column("实际尺寸", 16, align="center", hint="现场量的宽×高，带单位，如 80×200cm；用常用尺寸就空着"),
        Column("数量", 9, "whole", required=True, align="center"),
        Column("负责人", 14, align="center", hint="收货、张贴的人和电话"),
        Column("交付日期", 13, "day", align="center", hint="如 2026-9-1"),
    )


# ---- writing ---------------------------------------------------------------------------------------------


def survey_book(materials: Sequence[Material], edition: date, colours: Mapping[str, str], about: str) -> bytes:
    """A blank 需求统计表.xlsx. ``about``: whose it is, in one line."""
    book = Book("需求统计表", edition, colours)
    page = book.sheet(SHEET, columns(materials))
    page.title("反诈宣传物料 需求统计表")
    page.line(about)
    page.headings()
    page.blanks(BLANK_ROWS)
    hints = book.sheet("填写说明", (Column("物料", 20), Column("常用尺寸", 20), Column("材质、工艺", 50)))
    hints.title("怎么填")
    for text in HINTS:
        hints.line(text, 10.5, 30)
    hints.headings()
    for material in materials:
        made = "，".join(part for part in (material.paper, material.process, material.finish) if part)
        size = f"{material.trim[0]:g}×{material.trim[1]:g} mm" if material.trim else ""
        hints.row([material.name, size, made], 22)
    return book.bytes()


def write_beside(data: bytes, wanted: Path) -> Path:
    """Write a form where there is none yet: one that exists may be filled in, so the new one gets ``_新``.

    Returns the path written. OutputError when nothing can be written there.
    """
    for path in (wanted, *(wanted.with_name(f"{wanted.stem}_新{n or ''}{wanted.suffix}") for n in range(99))):
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        except OSError as reason:
            raise OutputError([error("not-written", f"写不了 {path}：{reason.strerror or reason}")]) from reason
        return path
    raise OutputError([error("not-written", f"{wanted.parent} 里已经有太多同名表格，请先整理")])


# ---- reading ---------------------------------------------------------------------------------------------


def read_survey(
    path: Path, materials: Sequence[Material], made: Collection[str] | None = None
) -> tuple[list[Need], list[Problem]]:
    """What the filled-in survey asks for, and what is wrong with it, by sheet and cell.

    ``made``: ids of the materials that something is made of; None: of all.
    """
    rows, problems = read(path, SHEET, columns(materials))
    told = {problem.span for problem in problems}
    wrong_rows = {span.line for span in told if span}
    needs: list[Need] = []
    for row in rows:
        # A row with a cell that cannot be read is looked through for more: all that is wrong is told at once.
        need, wrong = _need(row, path.name, materials, made)
        problems += [problem for problem in wrong if problem.span not in told]
        if need and row.number not in wrong_rows:
            needs.append(need)
    if not needs and not problems:
        problems.append(error("empty-survey", f"{path.name} 的“{SHEET}”表还没有填", Span(path.name)))
    return needs, problems


def at_their_cells(problems: Iterable[Problem], needs: Sequence[Need]) -> Iterator[Problem]:
    """Errors that the plan found in lines of the survey, with the cell's name; and not that nothing is left then."""
    cells = {need.span: need.cell for need in needs if need.span and need.cell}
    found = list(problems)
    vain = any(problem.severity == "error" and problem.span in cells for problem in found)
    for problem in found:
        if problem.severity == "error" and problem.span in cells:
            yield replace(problem, message=f"“{SHEET}”表 {cells[problem.span]}：{problem.message}")
        elif not (vain and problem.code == "nothing-to-make"):
            yield problem


def _column(cell: str) -> int:
    """The number of a cell's column: 3 of C4."""
    number = 0
    for letter in cell.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def _need(
    row: Row, file: str, materials: Sequence[Material], made: Collection[str] | None
) -> tuple[Need | None, list[Problem]]:
    problems: list[Problem] = []

    def wrong(name: str, message: str) -> None:
        cell = row.cells[name]
        problems.append(cell_problem(file, SHEET, cell, row.number, _column(cell), message, row.text(name)))

    typed, _, piece = row.text("物料").partition("·")
    material = next((one for one in materials if typed.strip() in (one.name, one.id)), None)
    if typed and material is None:
        names = [one.name for one in materials if made is None or one.id in made]
        near = get_close_matches(typed, names, 1, 0.5)
        better = f"是不是“{near[0]}”？" if near else f"可以写：{'、'.join(names)}"
        wrong("物料", f"这个受众没有物料“{typed}”；{better}")
    elif material and made is not None and material.id not in made:
        wrong("物料", _instead(material))
    size, doubt = _size(row.text("实际尺寸"), material)
    if doubt:
        wrong("实际尺寸", doubt)
    copies = row.values.get("数量")
    if copies == 0:
        wrong("数量", "数量是 0；不要的请删去这一行")
    if problems or material is None or not isinstance(copies, int):
        return None, problems
    due = row.values.get("交付日期")
    cell = row.cells["物料"]
    need = Need(
        place=row.text("地点"),
        place_kind=row.text("场所类型"),
        material=material.id,
        piece=piece.strip(),
        size=size,
        copies=copies,
        person=row.text("负责人"),
        due=due if isinstance(due, date) else None,
        span=Span(file, row.number, _column(cell), row.number, _column(cell) + 1),
        cell=cell,
    )
    return need, []


def _instead(material: Material) -> str:
    """What to do about a material that a survey cannot order."""
    if any(row.feed is Feed.SUMMARY for row in material.pieces):
        log = "generate summary --audience …… --records 宣传活动登记表.xlsx"
        return f"{material.name}要照登记表写，不在这里订；请删去这一行，另外运行 {log}"
    if any(each in ("film", "mp4") for each in material.formats):
        return f"{material.name}是视频，平时不做；要做，请在命令后面加上 --video，不做请删去这一行"
    return f"还没有给这个受众的“{material.name}”，做不出来；请删去这一行，或先在 content/ 里给它写一份"


_SIZE: Final = re.compile(
    r"(\d{1,5}(?:\.\d{1,3})?)\s*(mm|cm|m|毫米|厘米|公分|米)?\s*[x×*乘＊X]\s*(\d{1,5}(?:\.\d{1,3})?)\s*(mm|cm|m|毫米|厘米|公分|米)?",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"A([0-6])\s*(?:纸|幅面)?", re.IGNORECASE)
_ISO_A: Final = ((841, 1189), (594, 841), (420, 594), (297, 420), (210, 297), (148, 210), (105, 148))
_UNITS: Final = {"mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "公分": 10, "m": 1000, "米": 1000}


def _size(typed: str, material: Material | None) -> tuple[tuple[float, float] | None, str]:
    """Width and height in mm, None for the catalogue's; and what cannot be understood."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text or material is None:
        return None, ""
    if material.trim is None:
        return None, f"{material.name}没有纸面尺寸，这一格请空着"
    size, doubt = _millimetres(text, material.trim)
    if size is None:
        return None, f"“{typed}”{doubt}"
    if not all(10 <= side <= MAX_SIDE_MM for side in size):
        return None, f"“{typed}”合 {size[0]:g}×{size[1]:g} mm，请检查单位"
    if material.strip:
        # How long cloth is, its words say; another width gives letters of another size.
        at = 1 if material.strip.direction == "across" else 0
        if doubt := _off_cloth(typed, size, material, at):
            return None, doubt
        return (None if size[at] == material.trim[at] else size), ""
    if size == tuple(material.trim):
        return None, ""
    return size, _misfit(size, material)


def _millimetres(text: str, usual: tuple[float, float]) -> tuple[tuple[float, float] | None, str]:
    """A size as it is typed, in mm; else why it cannot be understood. A4 lies as the catalogue's size does."""
    if paper := _ISO.fullmatch(text):
        short, long = _ISO_A[int(paper[1])]
        return ((long, short) if usual[0] > usual[1] else (short, long)), ""
    found = _SIZE.fullmatch(text)
    if not found:
        return None, "看不懂，请写成 500×700mm、80×200cm 或 A2"
    width, height = float(found[1]), float(found[3])
    unit = (found[4] or found[2] or "").lower()
    factor = _UNITS.get(unit) or _likely((width, height), usual)
    if factor is None:
        return None, "没有写单位，请写上 mm、cm 或 m"
    return (round(width * factor, 1), round(height * factor, 1)), ""


def _off_cloth(typed: str, size: tuple[float, float], material: Material, at: int) -> str:
    """Why cloth is not made in that width, which is side ``at`` of its size; empty when it is."""
    assert material.trim is not None
    usual, side = material.trim[at], ("宽", "高")[at]

    def likely(length: float) -> bool:
        return usual / STRIP_DOUBT <= length <= usual * STRIP_DOUBT

    if likely(size[at]):
        return ""
    said = f"“{typed}”的{side}是 {size[at] / 1000:g} 米，{material.name}常用的是 {usual / 1000:g} 米"
    if not likely(size[1 - at]):
        return f"{said}；请检查尺寸和单位"
    return f"{said}；宽和高是不是写反了？请写成 {size[1] / 1000:g}×{size[0] / 1000:g}m"


def _likely(size: tuple[float, float], usual: tuple[float, float]) -> int | None:
    """The unit that brings a bare size nearest to the usual one, in mm; None when none comes near."""
    near = [
        factor
        for factor in (1, 10, 1000)
        if all(abs(side * factor / other - 1) <= RATIO_DOUBT for side, other in zip(size, usual, strict=True))
    ]
    return near[0] if near else None


def _misfit(size: tuple[float, float], material: Material) -> str:
    """Why a material cannot be made in that size; empty when it can."""
    if (material.panels or material.fold != "none") and not material.drawn:
        return f"{material.name}要折，不能改尺寸；请空着，或换一种物料"
    return material.unfit(size)
