"""QR symbols as data: make one, give it a printable size, read one back. Nothing is drawn here.

Both engines are imported when first used: a command without a QR code pays for neither.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

Level = Literal["M", "Q", "H"]
"""How much of a symbol may be lost: 15, 25 or 30 %. Q on print; H where a logo covers up to 15 % of it."""

QUIET_MODULES: Final = 4
"""Empty modules on every side (ISO/IEC 18004)."""

MODULE_MM: Final = 0.5
"""Smallest printed module; offset holds 0.4 mm, a worn office printer does not."""

SIDE_MM: Final = 20.0
"""Smallest symbol, without its quiet zone, for something held in the hand."""

_COMMON_SIDE: Final = 33  # version 4: an address of up to 46 bytes at level Q


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol without its quiet zone: one string of ``0`` (light) and ``1`` (dark) per row, top first."""

    modules: tuple[str, ...]
    version: int
    level: Level

    @property
    def side(self) -> int:
        """Modules along one side: 21 for version 1, four more with each version."""
        return len(self.modules)


def symbol(text: str, level: Level = "Q") -> Symbol:
    """The smallest symbol that holds ``text`` (UTF-8) at ``level``. The mask is the standard's best: it never varies.

    Raises ``ValueError`` when ``text`` is empty or longer than version 40 holds.
    """
    from qrcode import constants
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode

    if not text:
        raise ValueError("a QR symbol needs a text")
    levels = {
        "M": constants.ERROR_CORRECT_M,
        "Q": constants.ERROR_CORRECT_Q,
        "H": constants.ERROR_CORRECT_H,
    }
    code = QRCode(error_correction=levels[level], border=0)
    code.add_data(text.encode())
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as reason:
        raise ValueError(f"too long for a QR symbol: {len(text.encode())} bytes") from reason
    rows = tuple("".join("1" if dark else "0" for dark in row) for row in code.get_matrix())
    return Symbol(rows, code.version, level)


def size_mm(distance_m: float, minimum: float = SIDE_MM, modules: int = _COMMON_SIDE) -> float:
    """The printed side in mm, quiet zone included, of a symbol of ``modules`` read from ``distance_m`` metres.

    The symbol itself is at least a tenth of the distance and ``minimum`` mm; a module is never under 0.5 mm.
    """
    side = max(distance_m * 1000 / 10, minimum, modules * MODULE_MM)
    return round(side * (modules + 2 * QUIET_MODULES) / modules, 2)


def read(picture: "bytes | Picture") -> list[str]:
    """The texts of all QR symbols in ``picture`` (a file's bytes, or a PIL image), top to bottom.

    Empty when there is none. Raises ``ValueError`` when the bytes are not a picture.
    """
    image = _opened(picture) if isinstance(picture, bytes) else picture
    flat = _on_white(image)
    return _decoded(flat) or _decoded(_framed(flat))


def _opened(data: bytes) -> "Picture":
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as reason:
        raise ValueError("not a picture") from reason
    return image


def _on_white(image: "Picture") -> "Picture":
    """Gray, with white where it was transparent: black on nothing would read as black on black."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("L")
    clear = image.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    return paper.convert("L")


def _framed(image: "Picture") -> "Picture":
    """With a white border: people crop a code to its edge, and a reader needs its quiet zone."""
    from PIL import ImageOps

    return ImageOps.expand(image, border=max(image.size) // 8 + 8, fill=255)


def _decoded(image: "Picture") -> list[str]:
    import zxingcpp

    wanted = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode])
    found = zxingcpp.read_barcodes(image, formats=wanted, text_mode=zxingcpp.TextMode.Plain)
    found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x, code.text))
    return [code.text for code in found]
