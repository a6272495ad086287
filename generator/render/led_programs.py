"""Whole programs in the two formats that their vendors have published: Onbon BX-Y (XML) and Huidu (JSON over HTTP).

Sources: the public "BX-Y program format specification" (lists, programs, picturepanel, textpanel) and the public
device HTTP API of Huidu (POST /api/program/). Every slogan is a program of its own that ends by itself on its last
day. No effect that flashes is ever written: Onbon's effect 0 only at speed 16, which its list calls not flashing.
"""

import hashlib
import json
import math
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.etree import ElementTree as Xml

from generator.model.design import LedController, Screen
from generator.render.led_base import Slide

# Onbon, appendix 1: 0 at speed 16 shows at once and does not flash; 36 fades; 52 pushes smoothly to the left.
ONBON_AT_ONCE, ONBON_FADE, ONBON_LEFT = 0, 36, 52
ONBON_NO_FLASH: Final = 16
ONBON_DOT_A_FRAME: Final = 9
ONBON_MOST: Final = 64
"""Programs of a list."""
NO_END: Final = "2099-12-31"
# Huidu, effect node: 0 shows at once, 17 fades, 26 moves left without end (text only); 30 would flash.
HUIDU_AT_ONCE, HUIDU_FADE, HUIDU_LEFT = 0, 17, 26
HUIDU_SPEED: Final = 5
_NAMESPACE: Final = uuid.UUID("6f1c7b0a-6a3e-5d0e-9a51-3b7c6f2f9a10")


def programs(
    slides: Sequence[Slide], screen: Screen, controller: LedController, pictures: dict[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """Names (below the screen's folder) and bytes of the controller's program files; none if it has no such format.

    ``pictures``: the bytes of each slide's picture by its file name.
    """
    if controller.program == "onbon-y":
        yield from _onbon(slides, screen, controller.device or "0", pictures)
    elif controller.program == "huidu":
        yield "program-huidu.json", _huidu(slides, screen, pictures)


# --- Onbon BX-Y -------------------------------------------------------------------------------------------


def _onbon(
    slides: Sequence[Slide], screen: Screen, device: str, pictures: dict[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """lists/*.xml names programs/<md5>.xml, which name pictures in share/: the card's own folders."""
    folder = "program-onbon-y"
    listed = Xml.Element("list", deviceType=device, screenWidth=str(screen.width), screenHeight=str(screen.height))
    for order, slide in enumerate(slides[:ONBON_MOST]):
        kind = slide.file.rpartition(".")[2]
        share = f"share/{hashlib.md5(pictures[slide.file], usedforsecurity=False).hexdigest()}.{kind}"
        made = _xml(_onbon_program(slide, screen, order, share))
        name = f"programs/{hashlib.md5(made, usedforsecurity=False).hexdigest()}.xml"
        Xml.SubElement(
            listed, "program", order=str(order), playMode="1", playCount="1", startDate="1970-01-01",
            stopDate=slide.until or NO_END, startTime="00:00:00", stopTime="23:59:59", weekFlag="127", programFile=name,
        )  # fmt: skip
        yield f"{folder}/{name}", made
        if not slide.speed:
            yield f"{folder}/{share}", pictures[slide.file]
    yield f"{folder}/lists/list.xml", _xml(listed)


def _onbon_program(slide: Slide, screen: Screen, order: int, share: str) -> Xml.Element:
    program = Xml.Element("program", name=f"program_{order}", bgColor="0xFF000000")
    box = {"x": "0", "y": "0", "w": str(screen.width), "h": str(screen.height), "zOrder": "0"}
    if slide.speed:
        panel = Xml.SubElement(program, "textpanel", box, stuntType=str(ONBON_LEFT), unitType="text")
        Xml.SubElement(
            panel, "textUnit", order="0", content=slide.text, stuntSpeed=str(ONBON_DOT_A_FRAME), stayTime="0",
            fontName="宋体", fontSize=str(screen.cell), fontSizeType="pixel", fontColor=_argb(screen.colour),
            bgColor="0x00000000",
        )  # fmt: skip
    else:
        panel = Xml.SubElement(program, "picturepanel", box, transparency="100")
        Xml.SubElement(
            panel, "picUnit", order="0", file=f"/{share}", fileType=share.rpartition(".")[2],
            stuntType=str(ONBON_AT_ONCE), stuntSpeed=str(ONBON_NO_FLASH), stayTime=str(math.ceil(slide.seconds)),
        )  # fmt: skip
    return program


def _argb(colour: str) -> str:
    return {"red": "0xFFFF0000", "green": "0xFF00FF00", "yellow": "0xFFFFFF00", "white": "0xFFFFFFFF"}[colour]


def _xml(element: Xml.Element) -> bytes:
    Xml.indent(element, "\t")
    body = Xml.tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


# --- Huidu ------------------------------------------------------------------------------------------------


def _huidu(slides: Sequence[Slide], screen: Screen, pictures: dict[str, bytes]) -> bytes:
    """The body of POST /api/program/: ``id`` is to be filled in with the card's number."""
    programs = [_huidu_program(slide, screen, pictures[slide.file]) for slide in slides]
    body = {"method": "replace", "id": "", "data": programs}
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _huidu_program(slide: Slide, screen: Screen, picture: bytes) -> dict[str, Any]:
    whole = math.ceil(slide.seconds)
    control: dict[str, Any] = {"duration": f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"}
    if slide.until:
        control["date"] = [{"start": "1970-01-01", "end": slide.until}]
    item = _huidu_text(slide, screen) if slide.speed else _huidu_image(slide, picture)
    return {
        "name": slide.file.rpartition(".")[0],
        "type": "normal",
        "uuid": str(uuid.uuid5(_NAMESPACE, f"{screen.id}/{slide.file}")).upper(),
        "playControl": control,
        "area": [{"x": 0, "y": 0, "width": screen.width, "height": screen.height, "item": [item]}],
    }


def _huidu_image(slide: Slide, picture: bytes) -> dict[str, Any]:
    return {
        "type": "image",
        "file": slide.file,
        "fileMd5": hashlib.md5(picture, usedforsecurity=False).hexdigest(),
        "fileSize": len(picture),
        "fit": "stretch",
        "effect": {"type": HUIDU_AT_ONCE, "speed": HUIDU_SPEED, "hold": round(slide.seconds * 1000)},
    }


def _huidu_text(slide: Slide, screen: Screen) -> dict[str, Any]:
    light = {"red": "#ff0000", "green": "#00ff00", "yellow": "#ffff00", "white": "#ffffff"}[screen.colour]
    return {
        "type": "text",
        "string": slide.text,
        "multiLine": False,
        "alignment": "left",
        "valignment": "middle",
        "font": {
            "name": "宋体", "size": screen.cell, "bold": False, "italic": False, "underline": False, "color": light,
        },
        "effect": {"type": HUIDU_LEFT, "speed": HUIDU_SPEED, "hold": 0},
    }  # fmt: skip
