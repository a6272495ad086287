"""横幅文字.txt: banners are ordered by their words, so the shop gets them as text that can be pasted into WeChat.

Made from the manifest's entries that carry an ``order`` (``Artifact.order``), so that after ``--only`` it still
tells of the whole pack.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final

from generator.manifest import Entry, Meta
from generator.model.design import Material

BANNERS: Final = "横幅文字.txt"
BLANK: Final = "________"

NOTES: Final = (
    "文字、标点、数字一字不差；“长×高”是成品尺寸，已含两头留边，缝边、穿杆、穿绳另加。",
    "PDF 是按比例缩小画的矢量图，比例写在文件名和上面每一条里，制作时放大到成品尺寸。",
    "油墨数值供参考，以贵方布色、色卡为准；请先发小样确认。",
)
OUTDOORS: Final = "户外悬挂请先向城管（市容）部门申请，按批准的地点、规格和期限悬挂，到期收回；各市规定不同。"


def banner_order(
    entries: Sequence[Entry],
    materials: Mapping[str, Material],
    meta: Meta,
    copies: Callable[[Entry], int | None],
) -> bytes | None:
    """The text for ``entries``, or None when none of them is ordered by its words.

    UTF-8 with a BOM and CRLF, which every Windows editor reads. ``copies`` says how many are wanted; an empty
    answer leaves a blank to fill in.
    """
    ordered = [entry for entry in entries if entry.get("order")]
    if not ordered:
        return None
    lines = [
        *_head(meta),
        *_items(ordered, materials, copies),
        "",
        "说明：",
        *(f"· {note}" for note in NOTES),
        f"· {OUTDOORS}",
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _head(meta: Meta) -> Iterator[str]:
    contact, campaign = meta.get("contact"), meta.get("campaign")
    yield "横幅制作单" + ("（样张 请勿制作）" if meta.get("sample") else "")
    yield f"单位：{contact['name'] if contact else BLANK}"
    if campaign:
        yield f"活动：{campaign['name']}"
    yield f"版本：{meta['date']}"
    yield f"联系人、电话：{BLANK}　交货日期：{BLANK}"


def _items(
    entries: Sequence[Entry], materials: Mapping[str, Material], copies: Callable[[Entry], int | None]
) -> Iterator[str]:
    number = 0
    for id, group in groupby(entries, lambda entry: entry["material"]):
        material = materials.get(id)
        yield ""
        made = "，".join(
            part for part in (material and (material.paper, material.process, material.finish)) or () if part
        )
        yield f"【{material.name if material else id}】{made}"
        for entry in group:
            number += 1
            yield from _item(number, entry, copies(entry))


def _item(number: int, entry: Entry, copies: int | None) -> Iterator[str]:
    order = entry["order"]
    yield f"{number}. 内容：{order['text']}"
    if order.get("signed"):
        yield f"   落款：{'　'.join(order['signed'])}"
    yield f"   尺寸：{_size(entry)}"
    yield f"   颜色：底色{order['ground']}，字色{order['letters']}" + (
        "，带底纹和画面，见 PDF" if order.get("picture") else ""
    )
    yield f"   条数：{copies or BLANK}条"
    scale = entry.get("scale", 1)
    yield f"   文件：{PurePosixPath(entry['path']).name}" + (f"（按 1:{scale} 绘制）" if scale != 1 else "")


def _size(entry: Entry) -> str:
    """长×高 in metres: the long side of a banner first, whichever way it hangs."""
    width, height = entry["trim_mm"]
    return f"长 {max(width, height) / 1000:g} 米 × {'高' if width >= height else '宽'} {min(width, height) / 1000:g} 米"
