"""JSON Schemas: valid themselves, true of all content, and as strict as the program."""

import json
import re
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from generator.schema import schemas, write_schemas
from tests.command import REPOSITORY

KINDS: Final = (
    "audience", "campaign", "card", "case", "catalogue", "channels", "contact", "couplets", "document", "glossary",
    "jingles", "led-controller", "numbers", "processes", "rule", "scam", "scene", "screen", "slogans", "styles",
    "theme", "wording",
)  # fmt: skip
FILES: Final = sorted(
    path
    for folder in ("content", "templates")
    for path in (REPOSITORY / folder).rglob("*")
    if path.suffix in (".yaml", ".yml")
)
SCHEMAS: Final = schemas()


class Editor(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: 110 is a number, 2026-11-22 and 9:30 are text."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in (
    ("null", r"(?:null|Null|NULL|~|)", ["n", "N", "~", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^{pattern}$"), first)


def edited(text: str) -> Any:
    return yaml.load(text, Editor)


def wrong(kind: str, text: str) -> list[str]:
    """What an editor would underline, by its place."""
    found = jsonschema.Draft7Validator(SCHEMAS[kind]).iter_errors(edited(text))
    return sorted("/".join(map(str, problem.absolute_path)) for problem in found)


def named_schema(path: Path) -> Path:
    """The schema that the first line of a file names."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named, f"{path}: the first line does not name a schema"
    return (path.parent / named[1]).resolve()


def test_every_kind_of_file_has_a_schema() -> None:
    assert tuple(SCHEMAS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(kind: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[kind])


def test_writing_twice_gives_the_same_files(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in write_schemas(tmp_path)}
    second = {path: path.read_bytes() for path in write_schemas(tmp_path)}
    assert first == second
    assert [path.relative_to(tmp_path).as_posix() for path in first] == [f".schema/{kind}.json" for kind in KINDS]
    for data in first.values():
        assert b"\r" not in data
        assert data.endswith(b"}\n")
        assert json.loads(data.decode("utf-8"))


def test_there_are_files_to_check() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_file_names_its_schema_and_keeps_to_it(path: Path) -> None:
    schema = named_schema(path)
    assert schema.parent == REPOSITORY / ".schema"
    assert wrong(schema.stem, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("kind", "text", "places"),
    [
        ("slogans", "- 刷单是幌子\n- 110\n- 标语: 转账多核实\n  用途: LED、横幅\n", []),
        ("slogans", "- slogan: 转账多核实\n  受众: 学校\n  短句:\n", []),
        ("slogans", "- 标语: 转账多核实\n  对像: 学校\n", ["0"]),
        ("slogans", "- 标语: 转账多核实\n  状态: 作废\n", ["0"]),
        ("slogans", "- 对象: 学校\n", ["0"]),
        ("slogans", "标语:\n  - 转账多核实\n", [""]),
        ("contact", "名称: ××小学\n类型: 学校\n电话: 110\n样张: 是\n", []),
        ("contact", "名称: ××小学\n类型: 小学\n", ["类型"]),
        ("contact", "名称: ××小学\n类型: 学校\n审核日期: 去年\n", ["审核日期"]),
        ("campaign", "名称: 开学季\n角标: 开学\n数量:\n  海报: 五十\n", ["数量"]),
        ("theme", "id: a\nname: 甲\ncolours: {}\ndisplay: 黑体\npattern: rays\noffice_fonts: {}\n", ["colours"] * 14),
    ],
)
def test_an_editor_underlines_what_the_program_would_refuse(kind: str, text: str, places: list[str]) -> None:
    assert wrong(kind, text) == places


def test_every_key_is_explained_in_chinese_under_its_chinese_name() -> None:
    explained = 0
    for kind, schema in SCHEMAS.items():
        for record in schema["definitions"].values():
            for key, value in record["properties"].items():
                assert re.search(r"[\u4e00-\u9fff]", value["description"]), (kind, key)
                explained += 1
    assert explained > 150
    assert SCHEMAS["slogans"]["definitions"]["Slogan"]["properties"]["标语"]["description"].startswith("标语原文")


def test_both_spellings_of_a_key_are_allowed_and_no_other_key() -> None:
    for schema in SCHEMAS.values():
        for record in schema["definitions"].values():
            assert record["additionalProperties"] is False
    item = SCHEMAS["rule"]["definitions"]["RuleItem"]["properties"]
    assert list(item) == ["内容", "短句", "旁注", "text", "short", "aside"]
