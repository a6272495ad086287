"""How long a slogan may be where it hangs, and which of its forms fits there."""

import unicodedata
from typing import Final

from generator.model.content import Slogan, Use

LIMITS: Final[dict[Use, int]] = {Use.LED: 28, Use.BANNER: 20, Use.POSTER: 16}
"""Most characters: a one-line screen scrolls 28 in about ten seconds, an 8 m banner holds 20 at a size
that is read from 30 m, a poster's display type has two lines of eight."""


def length(text: str) -> int:
    """Characters that are read: letters, digits and Hanzi; punctuation, signs and spaces do not count."""
    return sum(unicodedata.category(character)[0] not in "PZSC" for character in text)


def fits(slogan: Slogan, use: Use) -> str | None:
    """The words to hang at ``use``: the slogan, else its short form; None if neither fits or it is not for there."""
    if slogan.channels and use not in slogan.channels:
        return None
    forms = (slogan.slogan, slogan.short)
    return next((form for form in forms if form and length(form) <= LIMITS[use]), None)
