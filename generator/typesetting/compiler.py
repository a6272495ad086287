"""The Typst compilers of this process: one a thread, all with one set of fonts."""

import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typst

_LOCAL: Final = threading.local()


@cache
def _fonts(folder: Path) -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def engine(root: Path) -> "typst.Compiler":
    """This thread's compiler: one engine must not be used by two threads ("Already borrowed")."""
    import typst

    engines: dict[Path, typst.Compiler] = _LOCAL.__dict__.setdefault("engines", {})
    if root not in engines:
        engines[root] = typst.Compiler(root=str(root), font_paths=_fonts(root / "fonts"), ignore_system_fonts=True)
    return engines[root]
