"""What people type wrong in YAML: which line is to blame for what the parser saw, and the line to write.

The parser says where it gave up; the mistake is usually there or just above. Lines and columns count from 0
here, as the parser's do; ``source`` turns them into Spans.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile
from typing import Final

from generator.model.keys import CHINESE, ENGLISH, SYNONYMS

WIDE_SPACES: Final = "\u3000\u00a0\u2002\u2003\u2009"
"""Spaces that people type or paste where YAML wants ordinary ones."""

KNOWN_KEYS: Final = frozenset(CHINESE) | frozenset(ENGLISH) | frozenset(SYNONYMS)

_BLANKS: Final = " \t" + WIDE_SPACES
_SPECIAL: Final = "#@*&!%{}[]\"'`|>,?"
_DASHES: Final = "-－—\u2013\u2010\u2212•·●■◆▪"
_KEY: Final = r"\w[\w（）()·]{0,11}"
_PARTS: Final = re.compile(
    rf"(?P<lead>[{_BLANKS}]*)(?P<dashes>(?:-[ ]+)*)(?P<key>{_KEY}[ ]*:(?:[ ]+|$))?"
    r"(?P<text>.*?)(?P<comment>[ \t]{2,}#.*|[ \t]#[ ].*)?"
)
_TYPED_KEY: Final = re.compile(
    rf"(?P<lead>[{_BLANKS}]*)(?P<dashes>(?:-[ ]+)*)(?P<key>{_KEY})(?P<colon>[:：])(?P<text>.*)"
)
_TYPED_DASH: Final = re.compile(rf"(?P<lead>[{_BLANKS}]*)(?P<dash>[{_DASHES}])(?!(?P=dash))(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake on one line; ``fix`` is the whole line to write instead, None when there is no telling."""

    line: int
    column: int
    code: str
    message: str
    fix: str | None = None
    end: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser gave up: its words, its mark, the mark of what it was in, the last thing it understood.

    ``runaway``: that last thing was a quoted text of several lines.
    """

    problem: str
    line: int
    column: int
    start_line: int
    start_column: int
    last_line: int
    runaway: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """A line taken apart: ``prefix`` (indentation, dashes, key), its text, its comment."""

    lead: str
    dashes: str
    key: str
    text: str
    comment: str

    @property
    def prefix(self) -> str:
        return self.lead + self.dashes + self.key

    def with_text(self, text: str) -> str:
        """The line with another text."""
        return self.prefix + text + self.comment


def nearest(text: str, words: Iterable[str], count: int = 3, least: float = 0.5) -> list[str]:
    """The words that ``text`` may have been meant as, best first; of equal ones that with the same beginning."""

    def likeness(word: str) -> tuple[float, int]:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(word, text, strict=False))
        return (SequenceMatcher(None, word, text).ratio(), sum(1 for _ in same))

    near = get_close_matches(text, dict.fromkeys(words), 10, least)
    return sorted(near, key=likeness, reverse=True)[:count]


def parts(line: str) -> Parts:
    """The parts of a line as a person reads it: the first ``key: `` is the key. Nobody types 2,000 characters."""
    matched = _PARTS.fullmatch(line[:2_000])
    assert matched, "the pattern ends with an optional anything"
    lead, dashes, key, text, comment = (matched[name] or "" for name in ("lead", "dashes", "key", "text", "comment"))
    return (
        Parts(lead, dashes, key, text + comment + line[2_000:], "")
        if line[2_000:]
        else Parts(lead, dashes, key, text, comment)
    )


def quoted(text: str) -> str:
    """A text as a quoted YAML scalar: double quotes, or single ones when that needs no escapes."""
    if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", text):
        escaped = (f"\\u{ord(c):04x}" if re.match(r"[\x00-\x1f\x7f\x85\u2028\u2029]", c) else c for c in text)
        return '"' + "".join(escaped).replace('"', '\\"') + '"'
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def plain(text: str) -> str:
    """A text as it may stand after a key or dash: as it is when YAML reads it so, else quoted."""
    text = text.strip(_BLANKS)
    unsafe = text[:1] in _SPECIAL or re.match(r"[-?:]( |$)", text) or re.search(r":( |$)|[ \t]#", text)
    return quoted(text) if text and unsafe else text


def indent_of(line: str) -> int:
    """Columns of white space before the first character; a tab or a wide space counts as two."""
    lead = line[: len(line) - len(line.lstrip(_BLANKS))]
    return sum(1 if blank == " " else 2 for blank in lead)


def aligned(lines: Sequence[str], at: int, typed: int | None = None) -> str:
    """Line ``at`` with the indentation that its neighbours above ask for, nearest to what was typed."""
    body = lines[at].lstrip(_BLANKS)
    typed = indent_of(lines[at]) if typed is None else typed
    columns = list(_columns_above(lines, at, body.startswith("- ") or body == "-"))
    if not columns:
        first = all(not line.strip(_BLANKS) or line.lstrip().startswith("#") for line in lines[:at])
        return " " * (0 if first else typed) + body
    return " " * min(columns, key=lambda column: abs(column - typed)) + body


def alternatives(lines: Sequence[str], found: Finding) -> Iterator[Finding]:
    """Other ways to put line ``found.line`` right, when the first one did not help."""
    at = found.line
    bodies = [lines[at].lstrip(_BLANKS)]
    if bodies[0][:1] in _SPECIAL + "：:":
        bodies.append(bodies[0][1:].lstrip(_BLANKS))
    for body in bodies:
        for column in _columns_above(lines, at, body.startswith("- ")):
            fix = " " * column + body
            if fix == lines[at] or fix == found.fix:
                continue
            if body is bodies[0]:
                yield replace(found, fix=fix)
            else:
                sign = bodies[0][0]
                yield Finding(at, indent_of(lines[at]), "stray-sign", f"这里多了一个 {sign}，请删掉", fix)


def _columns_above(lines: Sequence[str], at: int, is_item: bool) -> Iterator[int]:
    """Columns where line ``at`` may start, deepest first: inside an opened block, or beside an open sibling."""
    limit, nearest = 1_000, True
    for line in reversed(lines[:at]):
        body = line.strip(_BLANKS)
        if not body or body.startswith("#"):
            continue
        taken = parts(line)
        column, dashes, opens = indent_of(line), len(taken.dashes), body.endswith((":", "："))
        if nearest and opens:
            yield column + dashes + 2
        nearest = False
        start = column if is_item else column + dashes
        if start < limit and (dashes if is_item else opens or taken.key):
            yield start
        # A list may stand in the column of the key that it belongs to.
        limit = min(limit, column + (1 if dashes else 0))
        if limit == 0:
            return


def needs_quotes(lines: Sequence[str], at: int) -> Finding:
    """The line's text begins with, or holds, what YAML keeps for itself: the quoted form."""
    line = lines[at]
    if found := stray(lines, at):
        return found
    taken = parts(line)
    if taken.key.rstrip(": ") not in KNOWN_KEYS and taken.dashes and ": " in taken.text:
        taken = Parts(taken.lead, taken.dashes, "", taken.key + taken.text, taken.comment)
    first = taken.text[:1]
    what = "这一行的内容"
    if first and first in _SPECIAL:
        what = f"以 {first} 开头的内容"
    elif ": " in taken.text:
        what = "内容里又有冒号加空格，"
    end = (at, len(line) - len(taken.comment))
    message = f"{what}要整个放进引号里，程序才会照原样读"
    fix = taken.with_text(quoted(taken.text.rstrip(_BLANKS)))
    if first == "%" and not taken.prefix and any(other.startswith("- ") for other in lines):
        fix = "- " + fix
    return Finding(at, len(taken.prefix), "needs-quotes", message, fix, end)


def stray(lines: Sequence[str], at: int) -> Finding | None:
    """A sign that slipped in front of a good line: ``@标题: …``, ``> - 学校``."""
    line = lines[at]
    column = len(line) - len(line.lstrip(_BLANKS))
    while line[column : column + 2] == "- ":
        column += 2
    sign, rest = line[column : column + 1], line[column + 1 :].lstrip(_BLANKS)
    key = _TYPED_KEY.fullmatch(rest)
    if sign not in _SPECIAL or not (rest.startswith("- ") or (key and key["key"] in KNOWN_KEYS)):
        return None
    fixed = [*lines[:at], line[:column] + line[column + 1 :]]
    return Finding(at, column, "stray-sign", f"这里多了一个 {sign}，请删掉", aligned(fixed, at))


def diagnose(lines: Sequence[str], stop: Stop) -> Finding:
    """The mistake behind a syntax error, on its own line."""
    last = max(len(lines) - 1, 0)
    line = min(stop.line, last)
    for explain in _EXPLANATIONS:
        if found := explain(lines, stop, line):
            return found
    message = "这一行程序读不懂。请对照上下几行：列表的每一项写成“- 内容”，其余写成“名称: 内容”，左边对齐"
    return Finding(line, min(stop.column, len(lines[line])), "syntax", message)


def _tab(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    line = lines[at]
    lead = line[: len(line) - len(line.lstrip(_BLANKS))]
    if "\t" in lead and ("tab" in stop.problem or "cannot start" in stop.problem or stop.column <= len(lead)):
        message = "行首不能用 Tab 键缩进，请改用空格"
        return Finding(at, lead.index("\t"), "tab-indent", message, aligned(lines, at))
    if "cannot start" in stop.problem and line[stop.column : stop.column + 1] == "\t":
        fix = line[: stop.column] + " " + line[stop.column :].lstrip(_BLANKS)
        return Finding(at, stop.column, "tab-indent", "这里的 Tab 请改成一个空格", fix)
    return None


_WIDE_SIGNS: Final = str.maketrans({"，": ", ", "：": ": ", "、": ", ", "\uff5b": "{", "\uff5d": "}"})
_WIDE_PAIR: Final = re.compile(r"[，、\uff5b]\s*\w+\s*[:：]|[{\uff5b]\s*\w+\s*：")
_NUMBERED: Final = re.compile(r"\d{1,3}[.、\uff0e)）]\s*")


def narrow_braces(text: str) -> str:
    """``{名称：甲，号码：110}`` with the signs that YAML reads; empty when nothing in the braces was typed wide."""
    body = text.strip(_BLANKS)
    if body[:1] not in ("{", "\uff5b") or body[-1:] not in ("}", "\uff5d") or not _WIDE_PAIR.search(body):
        return ""
    pieces = re.split(r"(\"[^\"]*\"|'[^']*')", body)
    typed = "".join(piece if at % 2 else piece.translate(_WIDE_SIGNS) for at, piece in enumerate(pieces))
    return re.sub(r"([,:]) +", r"\1 ", typed)


WIDE_BRACES: Final = "大括号里的冒号、逗号要用英文的，后面空一格，写成“{名称: 内容, 号码: 内容}”"


def _wide_braces(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    for number in dict.fromkeys((at, min(stop.start_line, at), min(stop.last_line, at))):
        taken = parts(lines[number])
        better = narrow_braces(taken.text)
        key = re.match(r"\{\s*(\w+): ", better)
        if key and key[1] in KNOWN_KEYS:
            return Finding(number, len(taken.prefix), "wide-braces", WIDE_BRACES, taken.with_text(better))
    return None


def unnumbered(line: str) -> str:
    """A line that was typed as an item of a numbered list, without its number."""
    return _NUMBERED.sub("", line.strip(_BLANKS), count=1)


def _reserved(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """``@ % * & ! | >`` and the backquote, where a text begins; braces around them."""
    if "directive" in stop.problem or lines[at][:1] == "%":
        return needs_quotes(lines, at)
    if re.search(
        "cannot start any token|scanning an (alias|anchor)|(scanning|parsing) a tag|block scalar", stop.problem
    ):
        return needs_quotes(lines, min(stop.start_line, at))
    return None


def _escape(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    if not re.search("escape|hexa?decimal", stop.problem):
        return None
    taken = parts(lines[at])
    inner = re.fullmatch(r'"(.*)"\s*', taken.text)
    fix = taken.with_text("'" + inner[1].replace("'", "''") + "'") if inner else None
    message = "双引号里的 \\ 有特别的意思；要印出 \\，请改用单引号"
    return Finding(at, stop.column, "bad-escape", message, fix)


def _open_quote(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """A quote that nobody closed swallows all up to the next quote, or the end of the file."""
    if "unexpected end of stream" in stop.problem or "unexpected document" in stop.problem:
        at = stop.start_line
    elif stop.runaway:
        at = stop.last_line
    else:
        return None
    taken = parts(lines[at])
    sign = taken.text[:1]
    if sign not in ("'", '"'):
        return None
    if found := stray(lines, at):
        return found
    inner = taken.text[1:].rstrip(_BLANKS)
    closed = f"{sign}{inner}{sign}" if sign not in inner and "\\" not in inner else quoted(taken.text)
    message = f"引号 {sign} 只有前一半，没有后一半；请在内容末尾补上，或者整个去掉"
    return Finding(at, len(taken.prefix), "open-quote", message, taken.with_text(closed))


def _text_after_quotes(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """``"全民"你我`` and ``[紧急]转账``: something follows the closing sign."""
    text = parts(lines[at]).text
    ends = ("'-' indicator", "block end", "expected key", "node content", "',' or")
    if text[:1] in ("'", '"') and any(end in stop.problem for end in ends):
        return needs_quotes(lines, at)
    if text[:1] in "[{" and text and re.search(r"[\]}]\s*\S", text) and any(end in stop.problem for end in ends):
        return needs_quotes(lines, at)
    return needs_quotes(lines, at) if text[:1] in ("]", "}", ",") else None


def _open_bracket(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    if "',' or" not in stop.problem:
        return None
    at = stop.start_line
    taken = parts(lines[at])
    sign = lines[at][stop.start_column : stop.start_column + 1]
    close = {"[": "]", "{": "}"}.get(sign, "")
    if close and close not in taken.text:
        fix = taken.with_text(taken.text.rstrip(_BLANKS) + close)
        return Finding(at, stop.start_column, "open-bracket", f"{sign} 没有配对的 {close}", fix)
    return needs_quotes(lines, at)


def line_mistake(line: str, at: int, known_only: bool = False) -> Finding | None:
    """A dash or colon typed full-width or without its space; ``known_only``: only after keys that we have."""
    dash = _TYPED_DASH.fullmatch(line)
    if dash and dash["text"].strip(_BLANKS) and not (dash["dash"] == "-" and dash["text"][0] == " "):
        # ``－- 甲`` and ``-－甲``: one of the two is too many.
        fix = " " * indent_of(line) + "- " + _item(dash["text"].lstrip(_DASHES + _BLANKS))
        if dash["dash"] == "-":
            what = "短横 - 后面要空一格（半角空格）"
            return Finding(at, len(dash["lead"]), "missing-space", what, fix)
        return Finding(at, len(dash["lead"]), "wide-dash", f"列表请用半角短横加空格“- ”，不要用“{dash['dash']}”", fix)
    key = _TYPED_KEY.fullmatch(line)
    if not key or key["text"].startswith("//") or key["key"].isdigit():
        return None
    if key["colon"] == ":" and key["text"].startswith(" "):
        return None
    if known_only and key["key"] not in KNOWN_KEYS:
        return None
    if key["colon"] == ":" and not key["text"]:
        return None
    column = key.start("colon")
    text = key["text"] if re.search(r"\w", key["text"]) else ""
    # A list on one line stays a list.
    whole = text.strip(_BLANKS) if re.fullmatch(r"\s*\[[^\[\]]*\]\s*", text) else plain(text)
    fix = " " * indent_of(key["lead"]) + key["dashes"] + f"{key['key']}: {whole}".rstrip()
    if key["colon"] == "：":
        message = f"“{key['key']}”后面是全角冒号“：”，请改成半角冒号加空格“: ”"
        return Finding(at, column, "wide-colon", message, fix)
    return Finding(at, column, "missing-space", f"“{key['key']}”后面的冒号要接一个半角空格", fix)


def _item(text: str) -> str:
    """What follows a dash: ``名称: 内容`` as it is, a text quoted where it must be."""
    key = _TYPED_KEY.fullmatch(text)
    is_key = key and key["key"] in KNOWN_KEYS and key["colon"] == ":" and key["text"][:1] in ("", " ")
    return text if is_key else plain(text)


def wide_indent(lines: Sequence[str], at: int) -> Finding | None:
    """A line indented with full-width spaces (or those of a web page)."""
    line = lines[at]
    lead = line[: len(line) - len(line.lstrip(_BLANKS))]
    found = next((column for column, blank in enumerate(lead) if blank in WIDE_SPACES), None)
    if found is None or not line.strip(_BLANKS):
        return None
    mistake = line_mistake(line, at)
    body = mistake.fix if mistake and mistake.fix else line
    fix = aligned([*lines[:at], body], at, indent_of(line))
    return Finding(at, found, "wide-space", "行首有全角空格，请改成半角空格", fix)


def _ruler(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """A line of dashes or stars, drawn to divide the file."""
    for number in (at, stop.start_line, stop.last_line):
        if number < len(lines) and re.fullmatch(r"[-=*~_—]{3,}", lines[number].strip(_BLANKS)):
            return divider(lines[number], number)
    return None


def missing_colon(line: str, at: int) -> Finding | None:
    """A key that we have without its colon: ``名称 刷单返利``."""
    taken = re.fullmatch(rf"((?:[{_BLANKS}]*-[ ]+|[{_BLANKS}]*))([^\s:：]+)(?:[{_BLANKS}]+(.*))?", line)
    if not taken or taken[2] not in KNOWN_KEYS or ("- " in taken[1] and not taken[3]):
        return None
    fix = f"{taken[1]}{taken[2]}: {plain(taken[3] or '')}".rstrip()
    return Finding(at, taken.end(2), "missing-colon", f"“{taken[2]}”后面少了冒号和空格“: ”", fix)


def _spelling(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """Full-width signs and missing spaces, on the lines that the parser took for one text."""
    for number in _suspects(lines, stop, at):
        known_only = "mapping values" in stop.problem and bool(parts(lines[number]).dashes)
        line = lines[number]
        if found := wide_indent(lines, number) or line_mistake(line, number, known_only) or missing_colon(line, number):
            return found
    return None


def _suspects(lines: Sequence[str], stop: Stop, at: int) -> Sequence[int]:
    if "could not find expected ':'" in stop.problem:
        return range(stop.start_line, max(at, stop.start_line + 1))
    if "mapping values" in stop.problem and stop.last_line < at:
        return [n for n in range(stop.last_line, at) if not parts(lines[n]).key] + [at]
    return [at]


def _bare_line(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """A line of text that is neither an item nor a key."""
    if found := _text_on_top(lines, stop, at):
        return found
    if "could not find expected ':'" not in stop.problem:
        return None
    at = stop.start_line
    line, column = lines[at], indent_of(lines[at])
    above = next((above for above in reversed(lines[:at]) if above.strip(_BLANKS)), "")
    if parts(above).dashes and indent_of(above) == column:
        fix = " " * column + "- " + plain(unnumbered(line))
        return Finding(at, column, "missing-dash", "列表里的每一项前面都要有短横和空格“- ”", fix)
    inside = indent_of(above) + 2
    message = f"这一行既不是“名称: 内容”，也不是“- 内容”；如果是接着上一行写，请在行首空 {inside} 格"
    return Finding(at, column, "bare-text", message, " " * inside + line.lstrip(_BLANKS))


def _text_on_top(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """Words before the first item or key: a comment without its sign."""
    above = (number for number, line in enumerate(lines) if line.strip(_BLANKS) and line.lstrip(_BLANKS)[0] != "#")
    first = next(above, at)
    taken = parts(lines[first])
    if first >= at or taken.key or taken.dashes or not re.search("mapping values|document start|':'", stop.problem):
        return None
    return words_on_top(lines[first], first)


def words_on_top(line: str, at: int) -> Finding:
    """A heading that YAML takes for content."""
    message = "这一行既不是“名称: 内容”，也不是“- 内容”；如果是说明文字，请在行首加 # 和空格"
    return Finding(at, indent_of(line), "bare-text", message, "# " + line.lstrip(_BLANKS))


def _item_among_keys(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """A ``- `` below a key that already has its text."""
    line = lines[at]
    above = next((above for above in reversed(lines[:at]) if above.strip(_BLANKS)), "")
    taken = parts(above)
    if not line.lstrip(_BLANKS).startswith("- ") or not (taken.key and taken.text) or "expected" not in stop.problem:
        return None
    return list_below_text(at, indent_of(line))


def list_below_text(at: int, column: int) -> Finding:
    """A list under a line that already says something."""
    message = "上一行冒号后面已经写了内容，这里又列了“- ”；请把上一行的内容也移下来，每项一行"
    return Finding(at, column, "swallowed-line", message)


def _second_colon(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    if "mapping values" not in stop.problem or stop.last_line != at:
        return None
    return needs_quotes(lines, at) if parts(lines[at]).key else None


def _list_after_key(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    if "sequence entries" not in stop.problem:
        return None
    taken = parts(lines[at])
    fix = taken.with_text(re.sub(r"^(-\s+)+", "", taken.text))
    message = "冒号后面同一行不用写短横；只有一项就直接写内容，有几项请换行，每项一行"
    return Finding(at, stop.column, "list-after-key", message, fix)


def _end_mark(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    """``...`` ends a YAML document; people type it as a divider."""
    found = next((n for n in range(at, -1, -1) if lines[n].rstrip() == "..."), None)
    return divider(lines[found], found) if "document start" in stop.problem and found is not None else None


def divider(line: str, at: int) -> Finding:
    """A line that would begin a second document."""
    message = "这一行会把文件切成两份，请删掉；要分隔请写 # 开头的注释"
    return Finding(at, 0, "documents", message, "# " + line.lstrip(_BLANKS))


def _indent(lines: Sequence[str], stop: Stop, at: int) -> Finding | None:
    fix = aligned(lines, at)
    if fix == lines[at]:
        return None
    message = "这一行没有与同类的行左对齐，请调整行首的空格"
    return Finding(at, indent_of(lines[at]), "indent", message, fix)


# Most certain first: each is asked only when those before it have nothing to say.
_EXPLANATIONS: Final[tuple[Callable[[Sequence[str], Stop, int], Finding | None], ...]] = (
    _tab,
    _wide_braces,
    _ruler,
    _escape,
    _open_quote,
    _reserved,
    _text_after_quotes,
    _open_bracket,
    _spelling,
    _second_colon,
    _list_after_key,
    _end_mark,
    _bare_line,
    _indent,
    _item_among_keys,
)
