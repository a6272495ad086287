"""What the survey asks for: how many of what, where, how large, until when. No file is read here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from generator.errors import Span


@dataclass(frozen=True, slots=True)
class Need:
    """One line of 需求统计表. ``size``: width and height in mm, None for the catalogue's.

    ``material`` and ``piece`` as typed: 海报, or 海报·刷单返利 for one design alone. ``span`` and ``cell``: where.
    """

    place: str
    place_kind: str
    material: str
    piece: str
    size: tuple[float, float] | None
    copies: int
    person: str = ""
    due: date | None = None
    span: Span | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What the shop delivers of one file. ``copies`` None: a person fills it in."""

    copies: int | None = None
    addresses: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    due: date | None = None


def sizes_of(needs: Iterable[Need], material: str) -> tuple[tuple[float, float] | None, ...]:
    """The sizes that a material is wanted in, each once, the catalogue's first."""
    found = dict.fromkeys(need.size for need in needs if need.material == material)
    return tuple(sorted(found, key=lambda size: (size is not None, size or (0, 0))))


def order_of(needs: Sequence[Need]) -> Order:
    """The order of a file that several needs share: every place with its number, the first day of delivery."""
    return Order(
        sum(need.copies for need in needs),
        tuple(dict.fromkeys(f"{need.place} {need.copies}" for need in needs)),
        tuple(dict.fromkeys(need.person for need in needs if need.person)),
        min((need.due for need in needs if need.due), default=None),
    )


def shared_out(total: int, among: Sequence[str]) -> dict[str, int]:
    """``total`` copies over several designs as evenly as it goes; the first ones get the remainder."""
    if not among:
        return {}
    each, rest = divmod(total, len(among))
    return {name: each + (at < rest) for at, name in enumerate(among)}
