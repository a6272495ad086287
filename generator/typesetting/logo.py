"""Pictures of units as they are printed: on white, eight bits a colour."""

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

PALE: Final = 225
"""Grey from which on, in a logo, nothing is to be seen on white paper."""
MARK_SHARE: Final = 0.001
"""Of a picture's pixels: fewer than these are no logo but dust."""
LOOKED_AT: Final = 1000


def with_alpha(picture: "Picture") -> "Picture":
    """The picture in RGBA, turned as a camera says it must be to stand upright.

    Sixteen bits of grey become eight, which conversion alone would cut off at white.
    """
    from PIL import ImageOps

    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
        # It names a grey of sixteen bits.
        picture.info.pop("transparency", None)
    return picture.convert("RGBA")


def on_white(picture: "Picture") -> "Picture":
    """An RGBA picture as it shows on white paper."""
    from PIL import Image

    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    return flat


def is_blank(data: bytes) -> bool:
    """Whether nothing of a logo is to be seen on white paper."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (LOOKED_AT, LOOKED_AT))
        picture = on_white(with_alpha(opened))
    counts = picture.convert("L").histogram()
    return sum(counts[:PALE]) < MARK_SHARE * sum(counts)
