"""JSON Schemas of every kind of file, for editors that complete and explain keys as one types.

Made from the same shapes that ``validation`` reads, so they cannot disagree. Both spellings of a key are allowed;
the explanation stands with the one to use.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from generator.model.content import (
    AudienceFile,
    Campaign,
    Card,
    Case,
    Channels,
    Contact,
    Couplet,
    Jingle,
    Rule,
    Scam,
    Slogan,
    Term,
    Wording,
)
from generator.model.design import TOKENS, LedController, Material, Process, Screen, Theme
from generator.model.document import DocumentHead
from generator.model.explained import explained
from generator.model.keys import CHINESE, SYNONYMS
from generator.model.numbers import Numbers
from generator.model.scene import Scene
from generator.model.shape import Choice, List, Record, Scalar, Shape, Table, shape_of
from generator.model.styles import Styles

FOLDER: Final = ".schema"
Json = dict[str, Any]

_ITEMS: Final[Mapping[str, tuple[type[Any], str]]] = {
    "rule": (Rule, "口径：content/rules/ 里的一个文件"),
    "scam": (Scam, "骗术：content/scams/ 里的一个文件"),
    "card": (Card, "卡片、贴纸、台卡上的话：content/cards/ 里的一个文件"),
    "case": (Case, "案例：content/cases/ 里的一个文件"),
    "contact": (Contact, "本地单位：content/contacts/ 里的一个文件"),
    "audience": (AudienceFile, "受众：content/audiences/ 里的一个文件"),
    "campaign": (Campaign, "活动：content/campaigns/ 里的一个文件"),
    "document": (DocumentHead, "文书：content/documents/ 里一个文件开头两行 --- 之间的设置"),
    "styles": (Styles, "文书的字体、字号、行距和页边：templates/document/styles.yaml"),
    "numbers": (Numbers, "数据：content/numbers/ 里的一个文件（也可以是 CSV 表格）"),
    "channels": (Channels, "全国渠道：content/channels.yaml"),
    "wording": (Wording, "用词规矩：content/wording.yaml"),
    "theme": (Theme, "主题样式：templates/themes/ 里的一个文件"),
    "screen": (Screen, "LED 屏：templates/led/screens/ 里的一个文件"),
    "led-controller": (LedController, "LED 控制卡：templates/led/controllers/ 里的一个文件"),
    "scene": (Scene, "场景：templates/scenes/ 里的一个文件"),
}
_LISTS: Final[Mapping[str, tuple[type[Any], str | None, str]]] = {
    "slogans": (Slogan, "slogan", "标语：content/slogans.yaml，每项一行，以“- ”开头"),
    "jingles": (Jingle, None, "防骗口诀：content/jingles.yaml"),
    "couplets": (Couplet, None, "对联：content/couplets.yaml，一副一项"),
    "glossary": (Term, "word", "断行时不能拆开的词：content/glossary.yaml，一行一个"),
    "catalogue": (Material, None, "物料目录：templates/catalogue.yaml，一项一种物料"),
    "processes": (Process, None, "印刷工艺：templates/processes.yaml，一项一种做法"),
}
_ENGLISH: Final = frozenset({"catalogue", "processes", "theme", "screen", "led-controller", "scene", "styles"})
"""Files of designers: their keys are English, and the explanations stand there."""

# A phone number or a year looks like a number to an editor; it is text all the same.
_TEXT: Final[Json] = {"type": ["string", "number", "boolean"]}
_FLAG: Final[Json] = {"enum": ["是", "否", True, False]}
_DAY: Final[Json] = {"type": "string", "pattern": r"^\s*\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*$"}
_MONTH: Final[Json] = {"type": "string", "pattern": r"^\s*\d{4}\s*[-/.年]\s*\d{1,2}\s*(月|[-/.]\s*0?1)?\s*$"}


def schemas() -> dict[str, Json]:
    """A schema for each kind of file, by the name that the first line of such a file gives."""
    made = {kind: _schema(kind, shape_of(model), title) for kind, (model, title) in _ITEMS.items()}
    for kind, (model, lone, title) in _LISTS.items():
        made[kind] = _schema(kind, List(shape_of(model, lone)), title)
    return dict(sorted(made.items()))


def write_schemas(root: Path) -> list[Path]:
    """Writes .schema/<kind>.json under ``root``; the same bytes every time. Returns the files."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    written = []
    for kind, schema in schemas().items():
        path = folder / f"{kind}.json"
        path.write_bytes((json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))
        written.append(path)
    return written


def _schema(kind: str, shape: Shape, title: str) -> Json:
    writer = _Writer(chinese=kind not in _ENGLISH)
    body = writer.of(shape)
    if kind == "theme":
        _theme_tokens(writer.definitions["Theme"])
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **body}
    return {**head, "definitions": dict(sorted(writer.definitions.items()))}


def _theme_tokens(theme: Json) -> None:
    """Every theme has exactly the same colours."""
    table = theme["properties"]["colours"]
    colour = table["additionalProperties"]
    table |= {"properties": dict.fromkeys(TOKENS, colour), "required": list(TOKENS), "additionalProperties": False}


class _Writer:
    """Turns shapes into schemas; a record is written once, under ``definitions``."""

    def __init__(self, chinese: bool) -> None:
        self.chinese = chinese
        self.definitions: dict[str, Json] = {}

    def of(self, shape: Shape) -> Json:
        """The schema of one shape."""
        match shape:
            case Scalar():
                return _scalar(shape)
            case List():
                return self._list(shape)
            case Table():
                return self._table(shape)
            case Choice():
                return {"anyOf": [self.of(option) for option in shape.options]}
        record = self._record(shape)
        return {"anyOf": [_TEXT, record]} if shape.lone else record

    def _list(self, shape: List) -> Json:
        sizes = {"min": "minItems", "max": "maxItems"}
        made: Json = {"type": "array", "items": self.of(shape.item)}
        if shape.fixed:
            made |= {"items": [self.of(one) for one in shape.fixed], "additionalItems": False}
            made |= {"minItems": len(shape.fixed), "maxItems": len(shape.fixed)}
        made |= {sizes[name]: int(limit) for name, limit in shape.bounds.items()}
        if not shape.lone:
            return made
        # “学校、银行” and “100 70 0 20” on one line are lists too.
        single = self.of(shape.item) if isinstance(shape.item, Record) else _TEXT
        return {"anyOf": [single, made]}

    def _table(self, shape: Table) -> Json:
        made: Json = {"type": "object", "additionalProperties": self.of(shape.value)}
        return made | {"propertyNames": {"enum": list(shape.choices)}} if shape.choices else made

    def _record(self, shape: Record) -> Json:
        name = shape.model.__name__
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] |= self._fields(shape)
        return {"$ref": f"#/definitions/{name}"}

    def _fields(self, shape: Record) -> Json:
        properties: Json = {}
        others: Json = {}
        needed = []
        for name, inner in shape.fields.items():
            spellings = [CHINESE.get(name, name), name] if self.chinese else [name, CHINESE.get(name, name)]
            made = self._blank(self.of(inner), shape.required(name))
            said = explained(shape.model.__name__, name)
            properties[spellings[0]] = {"description": said, **made}
            spellings += [other for other, meant in SYNONYMS.items() if meant == name]
            for other in spellings[1:]:
                if other != spellings[0] and shape.field(other) == name:
                    others[other] = {"description": f"同“{spellings[0]}”：{said}", **made}
            if shape.required(name):
                needed.append({"anyOf": [{"required": [spelling]} for spelling in dict.fromkeys(spellings)]})
        made = {"type": "object", "properties": properties | others, "additionalProperties": False}
        return made | {"allOf": needed} if needed else made

    @staticmethod
    def _blank(made: Json, required: bool) -> Json:
        """A key that may be left out may be left empty too."""
        if required:
            return made
        if isinstance(made.get("type"), list):
            return made | {"type": [*made["type"], "null"]}
        return {"anyOf": [*made.get("anyOf", [made]), {"type": "null"}]}


def _scalar(shape: Scalar) -> Json:
    match shape.kind:
        case "choice":
            return {"enum": list(shape.choices)}
        case "flag":
            return dict(_FLAG)
        case "day":
            return dict(_DAY)
        case "month":
            return dict(_MONTH)
        case "text":
            return dict(_TEXT)
    names = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
    limits = {names[name]: limit for name, limit in shape.bounds.items()}
    return {"type": "integer" if shape.kind == "whole" else "number", **limits}
