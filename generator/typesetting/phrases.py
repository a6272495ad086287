"""Where a Chinese line may break: between phrases, never inside a word, a number or a pair of quotes.

``rjieba`` cuts words in microseconds; the glossary (content/glossary.yaml) teaches it ours. Words are then
joined to phrases: marks keep to their side, particles to the word before, adverbs and short verbs to the word after.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rjieba import Jieba

CLOSING: Final = "，。、；：？！）》”’】」』…—,.;:?!)]}%％"
OPENING: Final = "（《“‘【「『([{"
_AFTER: Final = set("的了着过吗吧呢啊们地得上下里中内外后前时者性化率费码版款")
_BEFORE: Final = set("不别莫勿再先都就也还是没未要能会可把被给对向从在和与或跟让将每各第这那只一凡请勤新多少小大老好做")
_TAKES: Final = set(
    "找打加投装点扫填转付返查拉催开发领买卖借收接交念问报换改带陪听看拿垫退存送用有走去来是说按进假真谁"
)
"""Verbs and others of one character that lead the word after them, if one comes: 找柜台, 加好友, 假工作群."""
_CAUSES: Final = set("叫让要请教劝逼")
_MODALS: Final = frozenset(("才能", "真能", "不能", "不会", "就要"))
"""Words of two characters that lead the verb after them, as those of ``_BEFORE`` do: 才能提现, 不会掉馅饼."""
_PERSONS: Final = frozenset(("你", "您", "他", "她", "我", "人", "孩子", "别人", "家人"))
_LATIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-+/@:_#%]*")
_MASKED: Final = re.compile(r"[0-9]*×[0-9×\-]*")
"""Names and numbers of samples: 0×××-××××××××, and the ×× of ××派出所, which keeps to its word."""
_CLAUSES: Final = re.compile(r"[^，。；！？\s]+[，。；！？\s]*")
_CLAUSE_MARK: Final = re.compile(r"[，。；！？\s]")
LONGEST: Final = 7
"""Characters that a phrase may grow to by joining; a single word may be longer."""
LONGEST_QUOTE: Final = 5
"""Characters between quotation marks that stay on one line: “安全账户”."""


@lru_cache(maxsize=4)
def _dictionary(glossary: tuple[str, ...]) -> "Jieba":
    """rjieba takes a tenth of a second to start; every Breaker of a glossary shares one."""
    from rjieba import Jieba

    words = Jieba()
    for word in glossary:
        words.add_word(word, 1_000_000, "n")
    return words


class Breaker:
    """Cuts text into phrases with the dictionary of one glossary, and remembers them."""

    def __init__(self, glossary: Iterable[str]) -> None:
        self._glossary = tuple(glossary)
        mixed = [word for word in self._glossary if _LATIN.search(word) and not _LATIN.fullmatch(word)]
        known = [re.escape(word) for word in sorted(mixed, key=len, reverse=True)]
        self._whole = re.compile("|".join([*known, _MASKED.pattern, _LATIN.pattern]))
        self._known: dict[str, tuple[str, ...]] = {}

    @property
    def _words(self) -> "Jieba":
        return _dictionary(self._glossary)

    def phrases(self, text: str) -> tuple[str, ...]:
        """``text`` in pieces between which a line may break; joined they are ``text`` again."""
        if text not in self._known:
            self._known[text] = tuple(self._phrased(text)) or (text,)
        return self._known[text]

    def _phrased(self, text: str) -> list[str]:
        joined: list[str] = []
        for part in re.split(r"(\s+)", text):
            if part and not part.isspace():
                joined += _last_is_no_orphan(_join(self._cut(part)))
            elif part and joined:
                joined[-1] += part
            elif part:
                joined.append(part)
        return joined

    def _cut(self, text: str) -> list[str]:
        words: list[str] = []
        at = 0
        for whole in self._whole.finditer(text):
            words += self._words.cut(text[at : whole.start()])
            words.append(whole.group())
            at = whole.end()
        return _unmasked([word for word in words + list(self._words.cut(text[at:])) if word])

    def lines(self, text: str, most: int = 4) -> list[list[str]]:
        """The best way to set ``text`` on 1, 2, … ``most`` lines, where its phrases allow lines of like length.

        Best: the widest line is narrowest, then breaks at punctuation, then the lines most equal. So a
        paired slogan (7+7) breaks at its comma into two lines of equal length.
        """
        phrases = self.phrases(text)
        counts = range(2, min(most, len(phrases)) + 1)
        even = (filter(_reads_well, _ways(phrases, count)) for count in counts)
        best = (min(ways, key=_raggedness, default=None) for ways in even)
        return [[text], *(lines for lines in best if lines)]


def width(text: str) -> float:
    """Rough width in ems: 1 a full-width character, 0.56 a Latin one; a hung last mark counts nothing."""
    return sum(1.0 if ord(char) > 0x2E7F or char in "“”‘’…—" else 0.56 for char in hung(text)[0])


def hung(line: str) -> tuple[str, str]:
    """A line without, and then its, trailing commas and stops: they hang outside an aligned edge."""
    core = line.rstrip("，。、；：,;: 　")
    return (core, line[len(core) :]) if core else (line, "")


def _ways(phrases: Sequence[str], count: int) -> Iterable[list[str]]:
    # A headline has at most a dozen phrases, so trying every way stays below a millisecond.
    inner = range(1, min(len(phrases), 16))
    for cuts in combinations(inner, count - 1):
        edges = (0, *cuts, len(phrases))
        yield ["".join(phrases[a:b]) for a, b in pairwise(edges)]


def _reads_well(lines: list[str]) -> bool:
    """Whether no line is a stump beside the longest, and clauses are kept: a line is whole ones or a part of one."""
    widths = [width(line) for line in lines]
    if min(widths) < 0.5 * max(widths):
        return False
    clauses = len(_CLAUSES.findall("".join(lines)))
    if len(lines) < clauses:
        return all(_CLAUSE_MARK.match(line[-1]) for line in lines[:-1])
    return not any(_CLAUSE_MARK.search(line.rstrip()[:-1]) for line in lines)


def _raggedness(lines: list[str]) -> tuple[float, float]:
    widths = [width(line) for line in lines]
    at_marks = sum(1 for line in lines[:-1] if line[-1] in CLOSING or line[-1].isspace())
    spread = sum((value - sum(widths) / len(widths)) ** 2 for value in widths)
    return (max(widths) - 1.6 * at_marks, spread)


def _unmasked(words: Sequence[str]) -> list[str]:
    """``words`` with every ×× put before the word that it stands for a part of: ××市, ××分局."""
    whole: list[str] = []
    for word in words:
        if whole and not whole[-1].strip("×") and word[0] not in CLOSING + OPENING:
            whole[-1] += word
        else:
            whole.append(word)
    return whole


def _join(words: Sequence[str]) -> list[str]:
    phrases: list[str] = []
    sticky, leads = False, False  # the last phrase wants the next word; wants it if it stays short
    for index, word in enumerate(words):
        closes = word[0] in CLOSING
        whole = _inside_short_quotes(words, index)
        takes = (word in _TAKES | _CAUSES and _has_object(words, index)) or _aims_at_quoted(words, index)
        led = leads and _may_be_led(words, index) and len(phrases[-1]) + len(word) <= LONGEST
        clings = bool(phrases) and (_clings(phrases[-1], word) or _is_tail(phrases[-1], word, _next(words, index)))
        if phrases and (closes or sticky or whole or led or (clings and not (takes and len(phrases[-1]) > 1))):
            phrases[-1] += word
        else:
            phrases.append(word)
        sticky = word in OPENING or (word in _BEFORE | _MODALS and len(phrases[-1]) < LONGEST)
        leads = takes or phrases[-1].endswith("着") or _is_caused(words, index)
    return phrases


def _next(words: Sequence[str], index: int) -> str:
    return words[index + 1] if index + 1 < len(words) else ""


def _is_tail(last: str, word: str, after: str) -> bool:
    """Whether ``word`` would stand alone before a mark, a name of letters without its kind, or a number undialled:
    念给她听。 国家反诈中心APP, 拨打110."""
    if last[-1] in CLOSING:
        return False
    lone = len(word) == 1 and not word.isascii() and (not after or after[0] in CLOSING) and word not in OPENING
    letters = word.isascii() and word[0].isalpha() and len(word) < 6 and len(last) <= LONGEST
    dialled = word[0].isdigit() and last[-1] in "打拨"
    return (lone and len(last) <= LONGEST) or letters or dialled


def _has_object(words: Sequence[str], index: int) -> bool:
    """Whether a word that is no mark and no particle, or a short quotation, comes after ``words[index]``."""
    after = _next(words, index)
    return bool(after) and after[0] not in CLOSING and after not in _AFTER and _may_be_led(words, index + 1)


def _may_be_led(words: Sequence[str], index: int) -> bool:
    """Whether ``words[index]`` opens nothing, or a quotation short enough to follow its verb: 转“监管账户”."""
    return words[index][0] not in OPENING or _inside_short_quotes(words, index + 1)


def _aims_at_quoted(words: Sequence[str], index: int) -> bool:
    """Whether ``words[index]`` is a 到 whose place is a short quotation: 汇款到“安全账户”."""
    return words[index] == "到" and _next(words, index) in ("“", "‘", "《") and _may_be_led(words, index + 1)


def _is_caused(words: Sequence[str], index: int) -> bool:
    """Whether ``words[index]`` is who is made to do something: 叫你, 让您, 请孩子."""
    return index > 0 and words[index] in _PERSONS and words[index - 1][-1] in _CAUSES and _has_object(words, index)


def _inside_short_quotes(words: Sequence[str], index: int) -> bool:
    """Whether ``words[index]`` stands in a quotation short enough to keep on one line."""
    start = next((at for at in range(index - 1, -1, -1) if words[at] in "“‘《”’》"), None)
    end = next((at for at in range(index, len(words)) if words[at] in "”’》"), None)
    if start is None or end is None or words[start] not in "“‘《":
        return False
    return sum(map(len, words[start + 1 : end])) <= LONGEST_QUOTE


def _clings(last: str, word: str) -> bool:
    if word[0] in OPENING:
        return False
    single = len(word) == 1 and not word.isascii()
    if last[-1] in "”’）》":
        return single and word in _AFTER
    if last[-1] in CLOSING or len(last) + len(word) > LONGEST:
        return False
    both_short = len(last) == 1 and not last.isascii()
    counted = last[-1].isdigit() and single
    return (single and word in _AFTER) or both_short or counted or (single and len(last) <= 3 and word not in _BEFORE)


def _last_is_no_orphan(phrases: list[str]) -> list[str]:
    while len(phrases) > 1 and (width(phrases[-1]) < 2 or _short_end(phrases)):
        last = phrases.pop()
        phrases[-1] += last
    return phrases


def _short_end(phrases: list[str]) -> bool:
    """Two characters on a last line look lost, if the phrase before can take them."""
    before, last = phrases[-2:]
    return width(last) < 3 and before[-1] not in CLOSING and width(before) + width(last) <= LONGEST
