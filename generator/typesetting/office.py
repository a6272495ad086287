"""What every Office file of ours keeps: the same bytes for the same content.

An Office file is a zip of parts. Its libraries stamp the hour of writing on each; here all entries carry the
edition date, in one order.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Final

CONTENT_TYPES: Final = "[Content_Types].xml"
_FIRST_DAY: Final = date(1980, 1, 1)  # the oldest date that a zip entry can have


def sealed(parts: Mapping[str, bytes], day: date = _FIRST_DAY) -> bytes:
    """A package of ``parts`` (name to content): content types first, then by name, all dated ``day``."""
    stamp = max(day, _FIRST_DAY)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name in sorted(parts, key=lambda each: (each != CONTENT_TYPES, each != "_rels/.rels", each)):
            entry = zipfile.ZipInfo(name, (stamp.year, stamp.month, stamp.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            package.writestr(entry, parts[name], compresslevel=6)
    return buffer.getvalue()


def opened(package: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as entries:
        return {entry.filename: entries.read(entry) for entry in entries.infolist()}
