"""What happens during a run, as it happens: ``app`` yields these, ``report`` shows them."""

from dataclasses import dataclass

from generator.errors import Problem
from generator.output import Delivery
from generator.plan import Plan


@dataclass(frozen=True, slots=True)
class Started:
    """All packs are planned: ``pieces`` in all will be made."""

    pieces: int
    packs: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PieceDone:
    """One piece is made, or withheld."""

    title: str
    pack: str
    failed: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class PackDone:
    """One pack stands in its place. ``problems`` are its own and those of the shared content."""

    plan: Plan
    delivery: Delivery
    withheld: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """``generate check``: every piece was laid out, nothing was written. ``strict``: warnings count as errors."""

    pieces: int
    problems: tuple[Problem, ...]
    strict: bool = False


Event = Started | PieceDone | PackDone | Checked
