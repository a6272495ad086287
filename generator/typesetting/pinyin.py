"""File names for USB sticks: control cards and their software lose Chinese names, people lose bare numbers."""

import re
from typing import Final

LONGEST: Final = 24
"""Letters of a name."""


def ascii_name(text: str, most: int = LONGEST) -> str:
    """The first words of ``text`` as pinyin without tones, letters and digits alone, cut between syllables.

    Empty when nothing of it can be spelt.
    """
    from pypinyin import lazy_pinyin

    syllables = (re.sub("[^a-z0-9]", "", part.lower()) for part in lazy_pinyin(text, errors=_latin))
    name = ""
    for syllable in syllables:
        if len(name) + len(syllable) > most:
            break
        name += syllable
    return name


def _latin(text: str) -> str:
    return text if text.isascii() else ""
