"""七天发布计划: which picture goes out on which day with which words, from what the pack holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from generator.manifest import Entry, Meta
from generator.typesetting.plaintext import written

FOLDER: Final = "发微信"
TEMPLATE: Final = "wechat-week/main.txt.j2"
_WEEKDAYS: Final = "一二三四五六日"


class _Pieces(defaultdict[str, list[Any]]):
    """The pieces of each material; of a material that the pack lacks, none."""

    def __init__(self) -> None:
        super().__init__(list)


def week_plan(entries: Sequence[Entry], meta: Meta, root: Path) -> str:
    """The plan as text; days are dates where the campaign says when it begins. RenderError for a broken template."""
    campaign = meta.get("campaign")
    data = {
        "audience": meta["audience"]["name"],
        "campaign": campaign["name"] if campaign else "",
        "dates": _dates(meta.get("starts")),
        "pieces": _pieces(entries),
    }
    return written(root / "templates", TEMPLATE, data)


def _pieces(entries: Sequence[Entry]) -> Mapping[str, list[Any]]:
    found = _Pieces()
    captions = {entry["piece"]: "\n".join(entry["text"]) for entry in entries if entry["format"] == "caption"}
    files: dict[str, list[str]] = {}
    for entry in entries:
        if entry.get("piece") in captions and entry["format"] != "caption":
            files.setdefault(entry["piece"], []).append(entry["path"].removeprefix(f"{FOLDER}/"))
    for piece, caption in captions.items():
        if piece in files:
            found[piece.partition("/")[0]].append({"files": files[piece], "caption": caption})
    return found


def _dates(starts: date | None) -> list[str]:
    if starts is None:
        return []
    days = [starts + timedelta(days=at) for at in range(7)]
    return [f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}" for day in days]
