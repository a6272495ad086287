"""Artwork: every scene composes, prints as it looks, and is the same on every run."""

import json
import math
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import typst
import yaml
from PIL import ImageChops
from pydantic import ValidationError

from generator.model.design import TOKENS
from generator.model.scene import SCENE_TOKENS, Scene
from generator.typesetting import outlines
from generator.typesetting.artwork import Drawing, compose, icons_of, load_icon, read_icon
from generator.typesetting.crop import cropped
from generator.typesetting.inks import INK_LIMIT, TRACE, cmyk_of
from generator.typesetting.outlines import Outline

ROOT = Path(__file__).parents[1]
ICONS = ROOT / "templates" / "icons"
SCENES = sorted(path.stem for path in (ROOT / "templates" / "scenes").glob("*.yaml"))
MOST_BYTES = 60_000


def scene(name: str) -> Scene:
    text = (ROOT / "templates" / "scenes" / f"{name}.yaml").read_text(encoding="utf-8")
    return Scene.model_validate(yaml.load(text, yaml.CBaseLoader))


def drawing(name: str) -> Drawing:
    picture = scene(name)
    return compose(picture, icons_of(picture, ICONS))


def one(*items: dict[str, Any], **more: Any) -> Scene:
    return Scene.model_validate({"name": "试", "alt": "试", "items": list(items), **more})


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{inside}</svg>'


def flattened(outline: Outline, steps: int = 48) -> list[list[tuple[float, float]]]:
    polygons: list[list[tuple[float, float]]] = []
    for op in outline:
        if op[0] == "M":
            polygons.append([(op[1], op[2])])
        elif op[0] == "L":
            polygons[-1].append((op[1], op[2]))
        elif op[0] == "C":
            start = polygons[-1][-1]
            a, b, c = (op[1], op[2]), (op[3], op[4]), (op[5], op[6])
            for i in range(1, steps + 1):
                t, u = i / steps, 1 - i / steps
                weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
                points = (start, a, b, c)
                x, y = (sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
                polygons[-1].append((x, y))
    return polygons


def winding(outline: Outline, x: float, y: float) -> int:
    turns = 0
    for polygon in flattened(outline):
        for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if (y0 <= y) != (y1 <= y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                turns += 1 if y1 > y0 else -1
    return turns


def area(outline: Outline) -> float:
    total = 0.0
    for polygon in flattened(outline):
        ring = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
        total += sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in ring) / 2
    return total


# ---- scenes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_small_plain_data_inside_its_frame(name: str) -> None:
    made = drawing(name)
    width, height = made["size"]
    for shape in made["shapes"]:
        assert shape["fill"] in SCENE_TOKENS or (shape["fill"][0] == "#" and len(shape["fill"]) == 7)
        assert shape["ops"][0][0] == "M"
        assert shape["ops"][-1] == ["Z"]
        for op in shape["ops"]:
            assert len(op) == {"M": 3, "L": 3, "C": 7, "Z": 1}[op[0]]
            assert all(-0.05 <= x <= width + 0.05 for x in op[1::2]), (name, op)
            assert all(-0.05 <= y <= height + 0.05 for y in op[2::2]), (name, op)
            assert all(value == round(value, 1) for value in op[1:])
    assert json.loads(json.dumps(made)) == made
    assert len(json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode()) < MOST_BYTES


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_says_in_one_sentence_what_is_seen(name: str) -> None:
    alt = drawing(name)["alt"]
    assert 12 <= len(alt) <= 40
    assert not alt.endswith("。")


def test_scenes_use_only_colours_that_every_theme_has() -> None:
    assert set(SCENE_TOKENS) <= set(TOKENS)


def test_the_same_scenes_are_the_same_bytes_in_another_process() -> None:
    program = (
        "import json, sys; sys.path[:0] = ['.', 'tests']; import test_artwork as t\n"
        "print(json.dumps([t.drawing(name) for name in t.SCENES]))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == json.dumps([drawing(name) for name in SCENES]) + "\n"


SHOW = """
#let d = json("drawing.json")
#set page(width: 200pt, height: 200pt, margin: 0pt)
#let p(op, i) = (op.at(i) * 0.2pt, op.at(i + 1) * 0.2pt)
#for s in d.shapes {
  place(top + left, curve(
    fill: rgb(if s.fill.starts-with("#") { s.fill } else { "#FFD21F" }), fill-rule: sys.inputs.rule,
    ..s.ops.map(op => if op.at(0) == "M" { curve.move(p(op, 1)) } else if op.at(0) == "L" { curve.line(p(op, 1)) }
      else if op.at(0) == "C" { curve.cubic(p(op, 1), p(op, 3), p(op, 5)) } else { curve.close(mode: "straight") }),
  ))
}
"""


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_looks_alike_under_both_fill_rules(name: str, tmp_path: Path) -> None:
    """Office programs fill even-odd or non-zero as they please: shapes must not depend on it."""
    (tmp_path / "drawing.json").write_text(json.dumps(drawing(name)), encoding="utf-8")
    (tmp_path / "show.typ").write_text(SHOW, encoding="utf-8")
    pictures = []
    for rule in ("non-zero", "even-odd"):
        page = typst.compile(str(tmp_path / "show.typ"), sys_inputs={"rule": rule})
        assert isinstance(page, bytes)
        with pypdfium2.PdfDocument(page) as document:
            pictures.append(document[0].render(scale=2).to_pil().convert("RGB"))
    difference = ImageChops.difference(*pictures).convert("L").point(lambda v: 255 if v > 96 else 0)
    assert difference.histogram()[255] <= 4, name


SETTLE = """
#import "/templates/_shared/art.typ": *
#let region = (20mm, 30mm, 180mm, 150mm)
#let boxes = ((0mm, 0mm, 110mm, 70mm), (0mm, 70mm, 70mm, 90mm))
#for (name, drawing) in data.drawings {
  for (held, hold) in (corner: bottom + right, middle: center + horizon) {
    let spot = settle(drawing, region, hold: hold, boxes: if held == "corner" { boxes } else { () })
    [#metadata((name: name, held: held, x: spot.x / 1mm, y: spot.y / 1mm, side: spot.side / 1mm)) <spot>]
  }
}
"""


def test_a_picture_is_settled_by_its_paint(tmp_path: Path) -> None:
    """Whatever overhangs its ground stays in the region too, and clear of the type beside it."""
    theme = yaml.safe_load((ROOT / "templates/themes/police-blue.yaml").read_text(encoding="utf-8"))
    for colour in theme["colours"].values():
        colour["cmyk"] = [int(share) for share in colour["cmyk"].split()]
    sheet = {"trim": [200, 200], "bleed": 3, "safe": 5}
    data = {"theme": theme, "sheet": sheet, "sample": False, "drawings": {name: drawing(name) for name in SCENES}}
    (tmp_path / "settle.typ").write_text(SETTLE, encoding="utf-8")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    found = typst.query(
        str(tmp_path / "settle.typ"),
        "<spot>",
        field="value",
        root=str(tmp_path),
        font_paths=[str(ROOT / "fonts")],
        sys_inputs={"data": json.dumps(data), "mode": "rgb"},
    )
    spots = json.loads(found)
    assert len(spots) == 2 * len(SCENES)
    for spot in spots:
        picture = drawing(spot["name"])
        scale = spot["side"] / picture["size"][0]
        points = [
            (spot["x"] + x * scale, spot["y"] + y * scale)
            for shape in picture["shapes"]
            for polygon in flattened(shape["ops"])  # type: ignore[arg-type]
            for x, y in polygon
        ]
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        assert left > 19.5, spot
        assert top > 29.5, spot
        assert right < 180.5, spot
        assert bottom < 150.5, spot
        if spot["held"] == "corner":
            assert right > 179.5, spot
            assert bottom > 149.5, spot
            assert not [p for p in points if (p[0] < 109.5 and p[1] < 69.5) or (p[0] < 69.5 and p[1] < 89.5)], spot
        else:
            assert abs(left + right - 200) < 1, spot
            assert abs(top + bottom - 180) < 1, spot


def test_every_icon_is_used_and_every_used_icon_is_there() -> None:
    used = {icon for name in SCENES for icon in scene(name).icons}
    assert used == {path.stem for path in ICONS.glob("*.svg")}


def test_the_licence_of_the_icons_stands_beside_them() -> None:
    licence = (ICONS / "LICENSE").read_text(encoding="utf-8")
    assert "MIT License" in licence
    assert "Microsoft Corporation" in licence
    assert "LICENSE" in (ICONS / "README.md").read_text(encoding="utf-8")


def test_every_fixed_colour_of_the_scenes_prints_clean_and_dry() -> None:
    fills = {shape["fill"] for name in SCENES for shape in drawing(name)["shapes"] if shape["fill"][0] == "#"}
    assert len(fills) > 20
    assert max(sum(cmyk_of(fill)) for fill in fills) <= 260


# ---- icons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "element", "what"),
    [
        ('<path fill="#000" d="M0 0H9V9Z" stroke="#F00"/>', "path", "stroke"),
        ('<path fill="#000" d="M0 0H9V9Z" opacity=".5"/>', "path", "opacity"),
        ('<path fill="url(#a)" d="M0 0H9V9Z"/>', "path", "url(#a)"),
        ('<path fill="red" d="M0 0H9V9Z"/>', "path", "red"),
        ('<path d="M0 0H9V9Z"/>', "path", "fill"),
        ('<path fill="none" d="M0 0H9V9Z"/>', "path", "fill"),
        ('<path fill="#000" style="fill:red" d="M0 0H9V9Z"/>', "path", "style"),
        ('<path fill="#000" d="M0 0H9V9Z" transform="skewX(9)"/>', "path", "skewX"),
        ('<path fill="#000" d="M0 0H9V9Z" transform="rotate(9"/>', "path", "rotate(9"),
        ('<path fill="#000" d="L0 0 X"/>', "", "路径数据"),
        ('<g mask="url(#m)"><path fill="#000" d="M0 0H9V9Z"/></g>', "g", "mask"),
        ('<g filter="url(#m)"/>', "g", "filter"),
        ('<linearGradient id="a"/>', "linearGradient", ""),
        ("<text>x</text>", "text", ""),
        ('<use href="#a"/>', "use", ""),
        ('<image href="a.png"/>', "image", ""),
        ('<rect fill="#000" width="9"/>', "rect", "height"),
        ('<circle fill="#000" r="10%"/>', "circle", "10%"),
        ("", "svg", ""),
    ],
)
def test_what_would_not_print_as_drawn_is_refused_by_file_and_element(inside: str, element: str, what: str) -> None:
    with pytest.raises(ValueError, match=r"picture\.svg") as refused:
        load_icon(svg(inside), "picture.svg")
    assert element in str(refused.value)
    assert what in str(refused.value)


@pytest.mark.parametrize("text", ["<svg", "<html/>", '<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_a_file_that_is_no_drawing_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.svg"):
        load_icon(text, "a.svg")


def test_groups_hand_down_fill_rule_and_transform() -> None:
    icon = load_icon(
        svg(
            '<g fill="#abc" fill-rule="evenodd" transform="translate(10 20) scale(2)">'
            '<path d="M0 0H5V5Z"/><rect fill="#123456" width="1" height="1" transform="rotate(90)"/></g>'
        )
    )
    first, second = icon.parts
    assert (first.fill, first.rule) == ("#AABBCC", "evenodd")
    assert first.outline[:3] == (("M", 10, 20), ("L", 20, 20), ("L", 20, 30))
    assert second.fill == "#123456"
    assert [round(v, 6) for op in second.outline for v in op[1:]] == [10, 20, 10, 22, 8, 22, 8, 20]


def test_a_rotation_about_a_point_and_a_matrix_agree() -> None:
    turned = load_icon(svg('<path fill="#000" d="M0 0H5V5Z" transform="rotate(90,10,10)"/>')).parts[0].outline
    matrix = load_icon(svg('<path fill="#000" d="M0 0H5V5Z" transform="matrix(0 1 -1 0 20 0)"/>')).parts[0].outline
    for a, b in zip(turned, matrix, strict=True):
        assert a[1:] == pytest.approx(b[1:])


def test_arcs_and_quadratics_become_cubics_of_the_same_shape() -> None:
    disc = load_icon(svg('<path fill="#000" d="M10 50A40 40 0 1 1 90 50A40 40 0 1 1 10 50Z"/>')).parts[0].outline
    assert {op[0] for op in disc} == {"M", "C", "Z"}
    assert area(disc) == pytest.approx(math.pi * 1600, rel=0.002)
    circle = load_icon(svg('<circle fill="#000" cx="50" cy="50" r="40"/>')).parts[0].outline
    assert area(circle) == pytest.approx(math.pi * 1600, rel=0.002)
    bow = load_icon(svg('<path fill="#000" d="M0 0Q50 100 100 0Z"/>')).parts[0].outline
    assert {op[0] for op in bow} >= {"M", "C", "Z"}
    assert abs(area(bow)) == pytest.approx(10000 / 3, rel=0.001)


def test_round_corners_never_take_more_than_half_a_side() -> None:
    pill = load_icon(svg('<rect fill="#000" width="60" height="20" rx="99"/>')).parts[0].outline
    assert area(pill) == pytest.approx(60 * 20 - (4 - math.pi) * 30 * 10, rel=0.002)


def test_an_icon_is_read_once_until_its_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text(svg('<rect fill="#000" width="9" height="9"/>'), encoding="utf-8")
    first = read_icon(path)
    assert read_icon(path) is first
    path.write_text(svg('<rect fill="#FFF" width="9" height="9"/>'), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert read_icon(path).colours == {"#FFFFFF"}


# ---- composing ---------------------------------------------------------------------------------------


def test_an_icon_lands_where_the_scene_says_flipped_turned_and_recoloured() -> None:
    icon = load_icon(svg('<path fill="#123456" d="M0 0H100V50Z"/>'), "flag.svg")
    picture = one({"icon": "flag", "x": 500, "y": 400, "size": 200, "recolour": {"#123456": "alarm"}})
    [shape] = compose(picture, {"flag": icon})["shapes"]
    assert shape["fill"] == "alarm"
    assert shape["ops"][:3] == [["M", 400, 300], ["L", 600, 300], ["L", 600, 400]]
    flipped = one({"icon": "flag", "x": 500, "y": 400, "size": 200, "flip": "是", "rotate": 90})
    [shape] = compose(flipped, {"flag": icon})["shapes"]
    assert shape["ops"][:3] == [["M", 600, 500], ["L", 600, 300], ["L", 500, 300]]


def test_a_recolour_of_a_colour_that_the_icon_lacks_is_refused() -> None:
    icon = load_icon(svg('<rect fill="#123456" width="9" height="9"/>'), "flag.svg")
    picture = one({"icon": "flag", "x": 5, "y": 4, "size": 2, "recolour": {"#654321": "alarm"}})
    with pytest.raises(ValueError, match=r"flag.*#654321"):
        compose(picture, {"flag": icon})


@pytest.mark.parametrize("name", ["nothing", "../scenes/hook-phone", "LICENSE"])
def test_a_missing_icon_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        icons_of(one({"icon": name, "x": 5, "y": 4, "size": 2}), ICONS)


@pytest.mark.parametrize(
    "item",
    [
        {"circle": [1, 2, 3], "fill": "on_ground"},
        {"circle": [1, 2, 3], "fill": "red"},
        {"circle": [1, 2, -3], "fill": "ink"},
        {"circle": [1, 2, 3], "fill": "ink", "colour": "ink"},
        {"triangle": [1, 2, 3], "fill": "ink"},
        {"rect": [1, 2, 3, 4], "fill": "ink", "bleed": "是"},
    ],
)
def test_a_scene_with_a_mistake_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        one(item)


OUTLINES = {
    "across": outlines.rectangle(-200, 20, 400, 30),
    "standing": outlines.rectangle(-20, -150, 40, 400),
    "ring": outlines.path("M-60 60a60 60 0 1 1 120 0a60 60 0 1 1 -120 0Z M-30 60a30 30 0 1 0 60 0a30 30 0 1 0 -60 0Z"),
    "wide": outlines.ellipse(0, 0, 180, 90),
    "comb": outlines.path("M-150 10H150V140L60 30L20 160L-20 30L-60 140Z"),
    "above": outlines.rectangle(120, -80, 60, 40),
    "under": outlines.rectangle(-30, 120, 60, 40),
    "inside": outlines.ellipse(10, 30, 20, 30),
    "beside": outlines.rectangle(90, -40, 60, 80),
}


@pytest.mark.parametrize("name", OUTLINES)
def test_cropping_keeps_what_is_above_or_inside_the_ground_and_nothing_else(name: str) -> None:
    whole = OUTLINES[name]
    kept = cropped(whole, (0, 0, 100, 80))
    chance = random.Random(7)
    checked = 0
    for _ in range(1500):
        x, y = chance.uniform(-210, 210), chance.uniform(-160, 260)
        reach = math.hypot(x / 100, y / 80)
        if abs(y) < 1 or abs(reach - 1) < 0.02:
            continue
        expected = winding(whole, x, y) if y < 0 or reach < 1 else 0
        assert winding(kept, x, y) == expected, (x, y)
        checked += expected != 0
    assert checked > 5 or name == "under"
    assert (kept == ()) == (name == "under")


def test_a_bleeding_item_ends_at_the_ground_and_still_sticks_out_above() -> None:
    picture = one(
        {"circle": [500, 500, 400], "fill": "accent"},
        {"rect": [450, 0, 100, 1000], "fill": "ink", "bleed": "是"},
    )
    ops = compose(picture, {})["shapes"][1]["ops"]
    heights = [op[-1] for op in ops if len(op) > 1]
    assert min(heights) == 0
    assert 890 < max(heights) <= 900


# ---- inks --------------------------------------------------------------------------------------------

GRID = [f"#{r:02X}{g:02X}{b:02X}" for r in range(0, 256, 51) for g in range(0, 256, 51) for b in range(0, 256, 51)]


def test_no_colour_passes_the_ink_limit_or_mixes_three_colours() -> None:
    for colour in GRID:
        recipe = cmyk_of(colour)
        assert all(0 <= ink <= 100 for ink in recipe)
        assert sum(recipe) <= INK_LIMIT
        assert sum(ink > 0 for ink in recipe[:3]) <= 2, colour


def test_a_neutral_is_black_ink_alone_and_darker_means_more() -> None:
    greys = [cmyk_of(f"#{v:02X}{v:02X}{v:02X}") for v in range(0, 256, 15)]
    assert all(recipe[:3] == (0, 0, 0) for recipe in greys)
    blacks = [recipe[3] for recipe in greys]
    assert blacks == sorted(blacks, reverse=True)
    assert (blacks[0], blacks[-1]) == (100, 0)
    assert cmyk_of("#F5F7FA")[:3] == (0, 0, 0)


def test_a_saturated_colour_has_no_trace_of_another_ink() -> None:
    for colour in GRID:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        high, low = max(red, green, blue), min(red, green, blue)
        if high - low > 0.5 * high:
            assert all(ink == 0 or ink >= TRACE for ink in cmyk_of(colour)), colour


@pytest.mark.parametrize(
    ("colour", "inks"),
    [  # what FOGRA39L_coated.icc shows as the colour asked for, within 6 ΔE
        ("#FFD21F", (0, 15, 89, 0)),
        ("#C9252C", (0, 96, 82, 20)),
        ("#0E5A4A", (77, 0, 58, 62)),
        ("#44B66A", (71, 0, 79, 0)),
        ("#2B3A67", (87, 65, 0, 50)),
        ("#0B3C8C", (100, 82, 0, 0)),
    ],
)
def test_known_colours_keep_their_recipes(colour: str, inks: tuple[int, ...]) -> None:
    assert cmyk_of(colour) == inks
    assert cmyk_of(colour.lower()) == inks


@pytest.mark.parametrize("colour", ["red", "#FFF", "accent", "#GGGGGG", ""])
def test_what_is_no_fixed_colour_has_no_recipe(colour: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cmyk_of(colour)
