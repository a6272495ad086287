"""What was done: one line of 宣传活动登记表, read and typed. No file is read here."""

from dataclasses import dataclass
from datetime import date

from generator.errors import Span


@dataclass(frozen=True, slots=True)
class Record:
    """One thing done at one place on one day: put up, hung, handed out, told, sent.

    What was not written down is None: a summary says so and never guesses. ``way`` and ``place_kind`` are one of
    ``logbook.WAYS`` and ``logbook.PLACE_KINDS``; ``count`` is of ``material`` in ``unit``, ``people`` how many were
    reached, ``photo`` the name or number of a picture that is kept elsewhere. ``span``: the row in the workbook.
    """

    day: date
    way: str
    place: str
    place_kind: str | None = None
    material: str | None = None
    count: int | None = None
    unit: str | None = None
    people: int | None = None
    handler: str | None = None
    photo: str | None = None
    note: str | None = None
    span: Span | None = None
