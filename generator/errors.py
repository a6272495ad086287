"""Problems as records, exceptions as a tree, exit codes as names.

A ``Problem`` is what a user reads; an exception only carries problems to where they are shown::

    GeneratorError
    ├── ContentError      shared content or templates have errors; nothing was written      exit 1
    ├── UsageError        the command line names something that does not exist              exit 2
    ├── OutputError       a file could not be written; everything was rolled back           exit 3
    └── RenderError       one piece could not be made; the rest of the pack is delivered    exit 1
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Severity = Literal["error", "warning"]


class Exit(IntEnum):
    """The command's exit codes; scripts rely on them."""

    MADE = 0
    PROBLEMS = 1
    USAGE = 2
    NOT_WRITTEN = 3
    BUG = 70


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where something stands: ``file`` relative to the project root with ``/``; lines and columns from 1.

    The end is exclusive. A span of a whole file is line 1, column 1 to itself.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in the words its reader needs.

    ``error``: wrong or unprintable. ``warning``: a person should look. ``code`` is stable and kebab-case.
    ``quote`` is the source line as typed, ``fix`` the line to write instead; both may be empty.
    ``piece`` names the withheld or affected piece when the problem is one piece's alone.
    """

    severity: Severity
    code: str
    message: str
    span: Span | None = None
    quote: str = ""
    fix: str = ""
    piece: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        where = self.span or Span("￿", 0, 0)
        return (where.file, where.line, where.column, self.piece, self.code)


def error(code: str, message: str, span: Span | None = None, **more: str) -> Problem:
    """An error with its place; ``more`` may give ``quote``, ``fix`` and ``piece``."""
    return Problem("error", code, message, span, **more)


def warning(code: str, message: str, span: Span | None = None, **more: str) -> Problem:
    """A warning with its place; ``more`` may give ``quote``, ``fix`` and ``piece``."""
    return Problem("warning", code, message, span, **more)


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """All problems once each, by file, line and column; those without a place come last."""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.sort_key)


class GeneratorError(Exception):
    """Base of every error this program raises on purpose; carries the problems to show."""

    exit_code = Exit.PROBLEMS

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted_problems(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))


class ContentError(GeneratorError):
    """Shared content or templates are wrong; nothing has been written."""


class UsageError(GeneratorError):
    """The request names something that does not exist, or asks for two things that exclude each other."""

    exit_code = Exit.USAGE


class OutputError(GeneratorError):
    """The pack could not be made or moved into place; what was there before is there again."""

    exit_code = Exit.NOT_WRITTEN


class RenderError(GeneratorError):
    """One piece could not be made; ``app`` withholds it and goes on."""
