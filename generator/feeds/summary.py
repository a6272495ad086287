"""From records to what a summary says: counts, places and photos as they were entered, and what was not entered.

Nothing is estimated. A sum says how many lines it is of, and how many lines have no number.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from generator.model.records import Record
from generator.render.base import Json

NOT_RECORDED: Final = "（未登记）"
UNITS: Final = {"海报": "张", "宣传单": "份", "横幅": "条", "展板": "块", "讲座": "场"}
"""What a material is counted in where its line has no unit."""
ONLINE: Final = ("推送",)
TALKS: Final = ("讲座", "培训")
VISITS: Final = ("入户走访", "街面宣传")
INTO: Final = {
    "学校": ("学校",),
    "银行": ("银行网点",),
    "企业": ("企业", "商圈、街面", "快递外卖站点"),
    "社区": ("社区、小区",),
    "农村": ("农村",),
}
"""进学校、进银行、进企业、进社区、进农村, by the kinds of place of the log."""


def summary_data(records: Sequence[Record]) -> Json:
    """What bodies may name under 宣传."""
    ordered = sorted(records, key=lambda record: (record.day, record.place))
    online = [record for record in ordered if record.way in ONLINE or record.place_kind == "线上"]
    offline = [record for record in ordered if record not in online]
    return {
        "起": _day(ordered[0]),
        "止": _day(ordered[-1]),
        "期间": _period(ordered),
        "条数": len(ordered),
        "线下": _totals(offline),
        "线上": _totals(online),
        "讲座": _people(record for record in ordered if record.way in TALKS),
        "走访": _people(record for record in ordered if record.way in VISITS),
        "培训": _people(record for record in ordered if record.way == "培训"),
        "走进": [one for name, kinds in INTO.items() if (one := _into(name, ordered, kinds))],
        "按场所": {kind: _place(kind, ordered) for kind in _kinds(ordered)},
        "明细": [_line(record) for record in ordered],
        "照片": [_photo(record) for record in ordered if record.photo],
        "缺照片": sum(not record.photo for record in ordered),
        "缺数量": sum(record.count is None and record.way not in (*TALKS, *VISITS) for record in ordered),
    }


def _day(record: Record) -> str:
    return f"{record.day.year}年{record.day.month}月{record.day.day}日"


def _short_day(record: Record) -> str:
    return f"{record.day.month}月{record.day.day}日"


def _period(ordered: Sequence[Record]) -> str:
    first, last = ordered[0], ordered[-1]
    if first.day == last.day:
        return _day(first)
    return f"{_day(first)}至{_short_day(last) if first.day.year == last.day.year else _day(last)}"


def _kinds(records: Iterable[Record]) -> list[str]:
    return list(dict.fromkeys(record.place_kind or "未写场所类型" for record in records))


def _totals(records: Sequence[Record]) -> list[Json]:
    """One line for each thing done with each material: 张贴海报 60 张，3 处."""
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        if record.way not in (*TALKS, *VISITS):
            key = (record.way, record.material or "", _unit(record))
            groups.setdefault(key, []).append(record)
    return [
        {
            "方式": way,
            "物料": material,
            "合计": _sum(group, unit, lambda record: record.count),
            "处": len({record.place for record in group}),
            "地点": list(dict.fromkeys(record.place for record in group)),
        }
        for (way, material, unit), group in groups.items()
    ]


def _unit(record: Record) -> str:
    return record.unit or UNITS.get(record.material or "", "")


def _sum(records: Sequence[Record], unit: str, number: Callable[[Record], int | None]) -> str:
    """The sum as it may be printed: 60张, 60张（另有1处未登记数量）, （未登记）."""
    known = [count for record in records if (count := number(record)) is not None]
    if not known:
        return NOT_RECORDED
    missing = len(records) - len(known)
    said = f"{sum(known)}{unit}"
    return f"{said}（另有{missing}处未登记数量）" if missing else said


def _people(records: Iterable[Record]) -> Json | None:
    """How often and how many people; None when there was none."""
    found = list(records)
    if not found:
        return None
    return {
        "场次": len(found),
        "人次": _sum(found, "人次", lambda record: record.people),
        "场": [
            {
                "日期": _short_day(record),
                "地点": record.place,
                "题目": record.material or "",
                "人次": f"{record.people}人次" if record.people is not None else NOT_RECORDED,
            }
            for record in found
        ],
    }


def _into(name: str, records: Sequence[Record], kinds: Sequence[str]) -> Json | None:
    """What was done in one kind of place; None when nothing was."""
    found = [record for record in records if record.place_kind in kinds]
    if not found:
        return None
    return {
        "去处": name,
        "处": len({record.place for record in found}),
        "地点": list(dict.fromkeys(record.place for record in found)),
        "做了": _did(found),
    }


def _place(kind: str, records: Sequence[Record]) -> Json:
    found = [record for record in records if (record.place_kind or "未写场所类型") == kind]
    places = list(dict.fromkeys(record.place for record in found))
    return {"处": len(places), "地点": places, "做了": _did(found)}


def _did(records: Sequence[Record]) -> list[str]:
    """What was done, in the order of first doing: 张贴海报20张, 讲座2场、受众120人次."""
    said = [
        f"{total['方式']}{total['物料']}{total['合计'] if total['合计'] != NOT_RECORDED else '（数量未登记）'}"
        for total in _totals(records)
    ]
    for ways, unit in ((TALKS, "场"), (VISITS, "次")):
        for way in ways:
            found = [record for record in records if record.way == way]
            if found:
                people = _sum(found, "人次", lambda record: record.people)
                reached = f"、受众{people}" if people != NOT_RECORDED else "（人次未登记）"
                said.append(f"{way}{len(found)}{unit}{reached}")
    return said


def _line(record: Record) -> Json:
    number = f"{record.count}{_unit(record)}" if record.count is not None else ""
    return {
        "日期": _short_day(record),
        "方式": record.way,
        "物料": record.material or "",
        "地点": record.place,
        "场所类型": record.place_kind or "",
        "数量": number,
        "人次": str(record.people) if record.people is not None else "",
        "经办人": record.handler or "",
        "照片": record.photo or "",
    }


def _photo(record: Record) -> Json:
    return {
        "编号": record.photo,
        "日期": _short_day(record),
        "地点": record.place,
        "内容": f"{record.way}{record.material or ''}",
    }
