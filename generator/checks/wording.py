"""The words of content/wording.yaml and the 错误写法 of content/channels.yaml, looked for in every printed text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.checks.words import Path, Place, Words, every_text, place, value_place
from generator.errors import Problem, Severity, error

if TYPE_CHECKING:
    from generator.library import Library

# What to do instead of what to write; it cannot be put in the line.
_ADVICE: Final = re.compile(r"[，。；：！？（）“”]|^删去|^写")

# Only 110 takes reports; 96110 warns, advises and takes tips. Held even where the file of channels was cut down.
_REPORT_TO_96110: Final = re.compile(
    r"(?<!\d)96110(?!\d)[^，。；：！？、\s]{0,10}报[警案]"
    r"|报[警案][^，。；！？、\s]{0,8}(?<!\d)96110(?!\d)(?!来电|[^，。；！？\s]{0,6}(?:接听|咨询|举报|劝阻))"
)
_ANOTHER_MATTER: Final = re.compile(r"来电|劝阻|提醒|咨询|举报|后|(?<!96)110")
_DENIED: Final = re.compile(r"[不非别勿莫][^，。；！？\s]*$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording to find: where it does not matter (``unless``), for whom it holds (``uses``; none: everybody).

    ``uses`` are these audiences alone, not their heirs: 大学 inherits from 学校 and may be told what 中小学 may not.
    """

    wrong: re.Pattern[str]
    unless: re.Pattern[str] | None
    uses: frozenset[str | None]
    right: str
    reason: str
    code: str
    severity: Severity

    def may_be_in(self, everything: str) -> bool:
        """Whether any line of ``everything`` may break the rule; a pattern with anchors has to be tried on each."""
        anchored = re.search(r"[\^$]|\\[AZ]", self.wrong.pattern.replace("[^", "["))
        return bool(anchored or self.wrong.search(everything))

    def found_in(self, words: Words) -> Iterator[tuple[int, int]]:
        """Where ``words`` break the rule: every match that no ``unless`` overlaps."""
        if self.uses and not self.uses & words.shown_to:
            return
        excused = [found.span() for found in self.unless.finditer(words.text)] if self.unless else []
        for found in self.wrong.finditer(words.text):
            start, end = found.span()
            if start < end and not any(start < stop and begin < end for begin, stop in excused):
                yield start, end

    def replacement(self) -> str | None:
        """What to put in the place of the words; None when ``right`` is advice."""
        literal = self.code == "misspelling" or not _ADVICE.search(self.right)
        return self.right if literal else None


_KINDS: Final[tuple[tuple[str, str, Severity], ...]] = (
    ("misspellings", "misspelling", "warning"),
    ("forbidden", "forbidden-words", "error"),
    ("outdated", "outdated-tip", "error"),
)


def check_wording(library: "Library") -> Iterator[Problem]:
    """Misspellings (warnings), forbidden words, outdated tips and misused channels (errors); and patterns that fail."""
    reader = _Reader(library)
    rules = [*reader.word_rules(), *reader.misuses()]
    yield from reader.problems
    texts = list(every_text(library))
    # Nearly all rules are broken nowhere: one look at all texts saves thousands at each.
    everything = "\n".join(words.text for words in texts)
    rules = [rule for rule in rules if rule.may_be_in(everything)]
    for words in texts:
        taken: list[tuple[int, int]] = []
        for rule in rules:
            for start, end in rule.found_in(words):
                # The same words under two rules are one mistake; the earlier list names it.
                if not any(start < stop and begin < end for begin, stop in taken):
                    taken.append((start, end))
                    yield _problem(library, rule, words, start, end)
        yield from _reported_to_96110(library, words, taken)


def _problem(library: "Library", rule: Rule, words: Words, start: int, end: int) -> Problem:
    where = place(library, words, start, end)
    better = rule.replacement()
    message = f"“{words.text[start:end]}”：{rule.reason}；改为：{rule.right}"
    fix = where.rewritten(_undoubled(where, better)) if better is not None else ""
    return Problem(rule.severity, rule.code, message, where.span, quote=where.quote, fix=fix)


def _undoubled(where: Place, better: str) -> str:
    """``better`` without what stands before and after its place already: 婚恋 in 网络婚恋交友 is 网络交友 once."""
    before, after = where.quote[: where.span.column - 1], where.quote[where.span.end_column - 1 :]
    kept = range(len(better), 1, -1)
    head = next((size for size in kept if before.endswith(better[:size])), 0)
    tail = next((size for size in kept if size <= len(better) - head and after.startswith(better[-size:])), 0)
    return better[head : len(better) - tail]


def _reported_to_96110(library: "Library", words: Words, taken: list[tuple[int, int]]) -> Iterator[Problem]:
    for found in _REPORT_TO_96110.finditer(words.text):
        start, end = found.span()
        denied = _DENIED.search(words.text, 0, end)
        if (
            denied
            or _ANOTHER_MATTER.search(found.group())
            or any(start < stop and begin < end for begin, stop in taken)
        ):
            continue
        where = place(library, words, start, end)
        message = f"“{found.group()}”：96110是预警劝阻专线，不是报警电话；改为：报警请拨打110，96110来电请接听"
        yield error("misused-channel", message, where.span, quote=where.quote)


class _Reader:
    """Compiles the patterns, keeping what is wrong with them."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self.problems: list[Problem] = []

    def word_rules(self) -> Iterator[Rule]:
        """The rules of content/wording.yaml, in the order of the file."""
        for field, code, severity in _KINDS:
            for index, rule in enumerate(getattr(self._library.wording, field)):
                path: Path = (field, index)
                wrong = self._pattern("wording", (*path, "wrong"), rule.wrong)
                unless = self._pattern("wording", (*path, "unless"), rule.unless) if rule.unless else None
                uses = frozenset(self._library.find("audiences", name) for name in rule.uses)
                if wrong and not (rule.unless and unless is None):
                    yield Rule(wrong, unless, uses, rule.right, rule.reason, code, severity)

    def misuses(self) -> Iterator[Rule]:
        """The wrong ways to name the channels."""
        for channel in self._library.channels.numbers:
            reference = f"channels/{channel.number or channel.name}"
            for index, misuse in enumerate(channel.misuse):
                if wrong := self._pattern(reference, ("misuse", index, "wrong"), misuse.wrong):
                    yield Rule(wrong, None, frozenset(), misuse.right, misuse.reason, "misused-channel", "error")

    def _pattern(self, reference: str, path: Path, text: str) -> re.Pattern[str] | None:
        """``text`` compiled; None, with a problem at its line, when it cannot be or when it matches nothing at all."""
        try:
            pattern = re.compile(text)
        except (re.error, OverflowError, RecursionError) as reason:
            wrong = f"“{text}”不是正确的正则表达式（{reason}）；要按原字查找，请在 ( ) [ ] * + ? . 前面加 \\"
        else:
            if not pattern.search(""):
                return pattern
            wrong = f"“{text}”什么都不写也算对上，会把所有文字都当成错的；请写出要找的字"
        where = value_place(self._library, reference, path, text)
        self.problems.append(error("bad-pattern", wrong, where.span, quote=where.quote))
        return None
