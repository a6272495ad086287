"""The files that a pack has as a whole, made from its manifest: order sheet, zip for the print shop, overview.

``meta`` says what the pack is about::

    audience   {"id", "name"}                 contact    None or {"id", "name"}
    campaign   None or {"id", "name"}         date       the edition, ISO
    theme      Theme.model_dump()             sample     True: 样张 请勿印刷
    headlines  slogans that fit a headline    quantities {material id or name: copies}
    orders     None or {piece: needs.Order}, what a survey wants of each piece
"""

import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from generator.banner_order import BANNERS, banner_order
from generator.errors import Problem
from generator.manifest import Entry, Meta
from generator.model.design import Material
from generator.order import SHOP, order_of, order_sheet, shop_message
from generator.output import Staging, Withheld
from generator.overview import overview
from generator.render.base import Artifact
from generator.wechat_week import FOLDER, week_plan

__all__ = ["MESSAGE", "OVERVIEW", "SHEET", "ZIP", "add_pack_files", "overview", "print_zip"]

SHEET: Final = f"{SHOP}/印刷清单.xlsx"
MESSAGE: Final = f"{SHOP}/发给广告公司的话.txt"
ZIP: Final = f"{SHOP}.zip"
WEEK: Final = f"{FOLDER}/七天发布计划.txt"
CHAT_ZIP: Final = f"{FOLDER}.zip"
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
        _add_order(staging, printed, materials, meta, list(_not_made(withheld, materials)))
        described = staging.describe(meta, problems, withheld, scope)
        files = {
            entry["path"].removeprefix(f"{SHOP}/"): staging.path_of(entry["path"])
            for entry in described["files"]
            if entry["path"].startswith(f"{SHOP}/")
        }
        packed = staging.workspace / "print.zip"
        print_zip(files, meta["date"], packed)
        staging.add(_own(packed, ZIP, "发给广告公司的压缩包"))
    described = staging.describe(meta, problems, withheld, scope)
    if any(entry["format"] == "caption" for entry in described["files"]):
        _add_chat(staging, described["files"], meta, root)
    described = staging.describe(meta, problems, withheld, scope)
    page = staging.workspace / "overview.html"
    shown = {**meta, "materials": materials}
    page.write_text(overview(described["files"], shown, described["problems"], root), encoding="utf-8", newline="\n")
    staging.add(_own(page, OVERVIEW, "总览"))


def _not_made(withheld: Iterable[Withheld], materials: Mapping[str, Material]) -> Iterator[str]:
    """The titles of withheld pieces that the shop would have had a file of."""
    for piece in withheld:
        material = materials.get(piece.piece.partition("/")[0].partition("@")[0])
        if material and "print" in material.formats:
            yield piece.title


def _add_order(
    staging: Staging,
    printed: Sequence[Entry],
    materials: Mapping[str, Material],
    meta: Meta,
    not_made: Sequence[str],
) -> None:
    """The order sheet and the message to the shop."""
    sheet = staging.workspace / "sheet.xlsx"
    files = [entry for entry in printed if entry["format"] == "pdf"]
    sheet.write_bytes(order_sheet(files, materials, meta, not_made))
    staging.add(_own(sheet, SHEET, "印刷清单"))
    texts = banner_order(printed, materials, meta, lambda entry: _copies(entry, materials, meta))
    if texts is not None:
        words = staging.workspace / "banners.txt"
        words.write_bytes(texts)
        staging.add(_own(words, f"{SHOP}/{BANNERS}", "横幅文字（打开复制）"))
    message = staging.workspace / "message.txt"
    banners = f"{SHOP}/{BANNERS}" in staging.names
    message.write_bytes(shop_message(printed, materials, meta, banners, not_made).encode("utf-8-sig"))
    staging.add(_own(message, MESSAGE, "发给广告公司的话（打开复制）"))


def _copies(entry: Entry, materials: Mapping[str, Material], meta: Meta) -> int | None:
    return order_of(entry, materials.get(entry.get("material", "")), meta).copies


def _add_chat(staging: Staging, entries: Sequence[Entry], meta: Meta, root: Path) -> None:
    """The week's plan, and everything for chats as one zip to send to a phone."""
    plan = staging.workspace / "week.txt"
    text = week_plan(entries, meta, root)
    plan.write_bytes("\r\n".join([*text.splitlines(), ""]).encode("utf-8-sig"))
    staging.add(_own(plan, WEEK, "七天发布计划"))
    files = {
        entry["path"].removeprefix(f"{FOLDER}/"): staging.path_of(entry["path"])
        for entry in entries
        if entry["path"].startswith(f"{FOLDER}/")
    }
    packed = staging.workspace / "chat.zip"
    print_zip(files | {PurePosixPath(WEEK).name: staging.path_of(WEEK)}, meta["date"], packed)
    staging.add(_own(packed, CHAT_ZIP, "发微信的图片和配文"))


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
