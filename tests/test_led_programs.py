"""Programs for control cards, checked against the field lists that the vendors have published."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as Xml

import pytest
from PIL import Image

from generator.model.design import LedController, Screen
from generator.render.led_base import Slide
from generator.render.led_programs import programs

# "BX-Y program format specification", 3.2.1 to 3.2.4 and appendix 1: required and optional attributes.
ONBON: Final[dict[str, tuple[set[str], set[str]]]] = {
    "list": ({"deviceType", "screenWidth", "screenHeight"}, set()),
    "list/program": (
        {"order", "playMode", "programFile"},
        {
            "priority", "loop", "playTime", "playCount", "integrate", "startDate", "startTime", "stopDate", "stopTime",
            "weekFlag", "dates", "times",
        },
    ),
    "program": ({"name"}, {"bgColor"}),
    "program/picturepanel": ({"x", "y", "w", "h", "zOrder"}, {"transparency"}),
    "program/picturepanel/picUnit": ({"order", "file", "fileType", "stuntType", "stuntSpeed", "stayTime"}, set()),
    "program/textpanel": ({"x", "y", "w", "h", "zOrder", "stuntType", "unitType"}, {"transparency"}),
    "program/textpanel/textUnit": (
        {"order", "content", "stuntSpeed", "stayTime", "fontName", "fontSize"},
        {"bgColor", "fontColor", "fontSizeType", "fontAttributes", "fontAlignment"},
    ),
}  # fmt: skip
# Appendix 1: effect 0 flashes at speeds 1 to 15. Random (1) may pick anything.
ONBON_STILL: Final = {("0", "16"), ("36", "16")}

# Device HTTP API of Huidu, 3.2: type of each field; a tuple lists the allowed values.
HUIDU: Final[dict[str, dict[str, Any]]] = {
    "body": {"method": ("replace", "append", "update", "remove", "getAll"), "data": list, "id": str},
    "program": {"name": str, "type": ("normal",), "uuid": str, "playControl": dict, "area": list},
    "playControl": {"duration": str, "week": dict, "date": list, "time": list},
    "area": {"x": int, "y": int, "width": int, "height": int, "border": dict, "item": list},
    "image": {
        "type": ("image",), "file": str, "fileMd5": str, "fileSize": int, "fit": ("fill", "center", "stretch", "tile"),
        "effect": dict,
    },
    "text": {
        "type": ("text",), "string": str, "multiLine": bool, "PlayText": bool, "alignment": ("left", "center", "right"),
        "valignment": ("top", "middle", "bottom"), "font": dict, "effect": dict,
    },
    "font": {"name": str, "size": int, "bold": bool, "italic": bool, "underline": bool, "color": str},
    "effect": {"type": int, "speed": range(9), "hold": range(10_000_000)},
}  # fmt: skip
HUIDU_NEEDED: Final = {
    "body": {"method", "data"}, "program": {"name", "uuid", "area"}, "area": {"x", "y", "width", "height", "item"},
    "image": {"type", "file", "fileMd5"}, "text": {"type", "string"}, "effect": {"type", "speed", "hold"},
    "font": set(), "playControl": set(),
}  # fmt: skip
HUIDU_FLASHING: Final = 30
HUIDU_TEXT_ALONE: Final = range(26, 31)

SCREEN = Screen(
    id="wall", name="大屏", width=320, height=32, colours=3, colour="yellow", pitch=10, cell=32, font="sans"
)
STILL = Slide("01_quanmin.png", "slogans/a", "全民反诈", Image.new("RGB", (320, 32)), 0.0, 3.5, "2027-05-31")
MOVING = Slide("02_zhuan.png", "slogans/b", '<转账> "先" & 核实', Image.new("1", (640, 32)), 96.0, 10.0)
PICTURES = {"01_quanmin.png": b"one", "02_zhuan.png": b"two"}


def written(program: Any) -> dict[str, bytes]:
    controller = LedController(
        id="c", name="卡", software="软件", takes="图", steps=("放",), program=program, device="9048"
    )
    return dict(programs([STILL, MOVING], SCREEN, controller, PICTURES))


def check(element: Xml.Element, path: str) -> None:
    needed, allowed = ONBON[path]
    assert needed <= set(element.attrib), (path, needed - set(element.attrib))
    assert set(element.attrib) <= needed | allowed, (path, set(element.attrib) - needed - allowed)
    for child in element:
        check(child, f"{path}/{child.tag}")


def test_a_card_without_a_published_format_gets_no_file() -> None:
    assert written("none") == {}


def test_onbon_files_have_the_published_elements_and_attributes_and_no_others() -> None:
    files = written("onbon-y")
    for name, data in files.items():
        if name.endswith(".xml"):
            assert data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
            root = Xml.fromstring(data.decode())
            check(root, root.tag)


def test_an_onbon_list_names_its_programs_and_they_their_pictures() -> None:
    files = written("onbon-y")
    listed = Xml.fromstring(files["program-onbon-y/lists/list.xml"].decode())
    assert (listed.get("deviceType"), listed.get("screenWidth"), listed.get("screenHeight")) == ("9048", "320", "32")
    names = [str(program.get("programFile")) for program in listed]
    assert [program.get("stopDate") for program in listed] == ["2027-05-31", "2099-12-31"]
    for name in names:
        data = files[f"program-onbon-y/{name}"]
        assert name == f"programs/{hashlib.md5(data).hexdigest()}.xml"
    still, moving = (Xml.fromstring(files[f"program-onbon-y/{name}"].decode()) for name in names)
    unit = still.find("picturepanel/picUnit")
    assert unit is not None
    assert files[f"program-onbon-y{unit.get('file')}"] == b"one"
    assert unit.get("stayTime") == "4"
    text = moving.find("textpanel/textUnit")
    assert text is not None
    assert text.get("content") == MOVING.text
    assert len(listed) <= 64


def test_no_onbon_effect_flashes() -> None:
    for data in written("onbon-y").values():
        for kind, speed in re.findall(rb'stuntType="(\d+)" stuntSpeed="(\d+)"', data):
            assert (kind.decode(), speed.decode()) in ONBON_STILL
        for panel in re.findall(rb"<textpanel[^>]*>", data):
            assert b'stuntType="52"' in panel


def fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, type):
        return type(value) is wanted
    return value in wanted


def check_huidu(kind: str, value: dict[str, Any]) -> None:
    assert HUIDU_NEEDED[kind] <= set(value), kind
    for key, inner in value.items():
        assert key in HUIDU[kind], (kind, key)
        assert fits(inner, HUIDU[kind][key]), (kind, key, inner)
        if isinstance(inner, dict):
            check_huidu(key, inner)


def test_huidu_programs_have_the_published_fields_and_no_others() -> None:
    body = json.loads(written("huidu")["program-huidu.json"])
    check_huidu("body", body)
    for program in body["data"]:
        check_huidu("program", program)
        for area in program["area"]:
            check_huidu("area", area)
            for item in area["item"]:
                check_huidu(item["type"], item)
                assert item["effect"]["type"] != HUIDU_FLASHING
                assert item["type"] == "text" or item["effect"]["type"] not in HUIDU_TEXT_ALONE
    still, moving = (program["area"][0]["item"][0] for program in body["data"])
    assert (still["fileMd5"], still["fileSize"]) == (hashlib.md5(b"one").hexdigest(), 3)
    assert still["effect"]["hold"] == 3500
    assert (moving["string"], moving["effect"]["type"]) == (MOVING.text, 26)
    assert body["data"][0]["playControl"] == {
        "duration": "00:00:04", "date": [{"start": "1970-01-01", "end": "2027-05-31"}],
    }  # fmt: skip


def test_programs_are_the_same_every_time() -> None:
    assert written("huidu") == written("huidu")
    assert written("onbon-y") == written("onbon-y")


@pytest.mark.parametrize("path", sorted((Path(__file__).parent.parent / "templates/led/controllers").glob("*.yaml")))
def test_every_controller_says_what_it_takes_and_how(path: Path) -> None:
    import yaml

    row = LedController.model_validate(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))
    assert row.id == path.stem
    assert row.takes
    assert len(row.steps) >= 2
    assert row.program == "none" or row.unsure, "nobody has tried it on a real card, and it says so"
