"""A YAML file as ordinary people type it → plain text values, where each stands, and what is wrong with it.

Nothing is typed here: ``0553``, ``9:30`` and ``no`` stay the text that was typed. A mistake with one likely
correction is reported and, to find the next one in the same run, read as if it had been corrected.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

from generator.errors import Problem, Span, error
from generator.mistakes import Finding, alternatives
from generator.reading import KEY, MAX_FINDINGS, Marks, Path, Reading

MAX_BYTES: Final = 2_000_000
MAX_ROUNDS: Final = 60
QUOTE: Final = 400
"""Characters of a line that are quoted."""

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""What no reader sees: controls, and what web pages and tables put between characters."""

MAX_RUN: Final = 3
"""Lines in a row that may stand too far left or right; more, and it is their neighbour that is wrong."""

ECHO: Final = 10
"""Lines below a correction in which a mistake without explanation is not believed."""

_SURE: Final = ("wide-colon", "missing-space", "wide-dash", "control-character", "bad-escape", "documents")
"""Corrections that are right whatever follows."""
_STRUCTURE: Final = ("indent", "swallowed-line", "bare-text", "duplicate-key", "missing-dash", "syntax", "wide-space")
"""Mistakes that a wrong correction just above would look like."""

__all__ = [
    "KEY", "MAX_BYTES", "Path", "Source", "decoded", "lines_of", "read", "read_bytes", "read_lines", "shown", "unread",
    "without_controls",
]  # fmt: skip


@dataclass(frozen=True)
class Source:
    """What a file says. ``value``: dicts, lists and text; None when it cannot be read, "" when it is empty.

    ``spans`` holds the place of every value and key, ``lines`` the text as typed, ``sha256`` the sum of its
    bytes (empty when they were not read).
    """

    file: str
    value: Any
    spans: Mapping[Path, Span]
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    sha256: str

    def span(self, path: Path = ()) -> Span:
        """Where the value at ``path`` stands; what was never written stands where its nearest ancestor does."""
        for length in range(len(path), -1, -1):
            if found := self.spans.get(path[:length]):
                return found
        return Span(self.file)

    def key_span(self, path: Path) -> Span:
        """Where the key of the value at ``path`` stands; the value itself when it has no key."""
        return self.spans.get((*path, KEY)) or self.span(path)

    def quote(self, span: Span) -> str:
        """The line on which ``span`` starts, as typed; empty beyond the end."""
        return shown(self.lines[span.line - 1]) if 0 < span.line <= len(self.lines) else ""


def shown(line: str) -> str:
    """A line that is safe to show: no control characters, not longer than ``QUOTE``."""
    visible = _CONTROL.sub(lambda found: "␀" if found.group() == "\0" else "�", line.rstrip("\r\n"))
    return visible if len(visible) <= QUOTE else visible[:QUOTE] + "……"


def read(path: FilePath, root: FilePath, parsed: Callable[[bytes, str], "Source"] | None = None) -> Source:
    """The file at ``path``; whatever is wrong with its content is in ``problems``, nothing is raised for it.

    ``parsed`` reads the bytes of a file that is more than YAML.
    """
    file = path.relative_to(root).as_posix()
    try:
        if not path.is_file():
            return unread(file, "unreadable", "不是一个普通文件，没有读取")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        size = path.stat().st_size
    except OSError as reason:
        return unread(file, "unreadable", f"文件打不开：{reason.strerror or type(reason).__name__}")
    if len(data) > MAX_BYTES:
        said = (
            f"文件有 {max(size, len(data)) / 1_000_000:.1f} MB，超过了 2 MB；文字文件不会这么大，请检查是否放错了文件"
        )
        return unread(file, "too-large", said)
    return (parsed or read_bytes)(data, file)


def unread(file: str, code: str, message: str, data: bytes | None = None, span: Span | None = None) -> Source:
    digest = "" if data is None else hashlib.sha256(data).hexdigest()
    return Source(file, None, {}, (), (error(code, message, span or Span(file)),), digest)


def read_bytes(data: bytes, file: str) -> Source:
    """The content of ``file``."""
    typed = lines_of(data, file)
    if isinstance(typed, Source):
        return typed
    return read_lines(typed, file, hashlib.sha256(data).hexdigest())


def read_lines(typed: list[str], file: str, sha256: str) -> Source:
    """The content of a file of which ``typed`` are the lines."""
    clean, findings = without_controls(typed)
    return _Repair(file, typed, clean, findings).source(sha256)


def lines_of(data: bytes, file: str) -> list[str] | Source:
    """The lines as typed, in whatever encoding; where there is none, a source that says so."""
    text, bad = decoded(data)
    if text is None:
        line, column, encoding = bad
        message = f"这里的字节不是 {encoding} 文字，可能已损坏；请用记事本重新输入这一行，另存为 UTF-8"
        return unread(file, "encoding", message, data, Span(file, line, column, line, column + 1))
    return re.split(r"\r\n|\r|\n", text)


def decoded(data: bytes) -> tuple[str | None, tuple[int, int, str]]:
    """The text: UTF-8 (with or without BOM), UTF-16 with BOM, else GBK; None with the place of the first bad byte.

    A damaged UTF-8 file may pass for GBK, so the encoding is the one most of its characters are in.
    """
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding)
    text, bad = _strict(data, "utf-8")
    if text is not None:
        return text, bad
    readable = data.decode("utf-8", "ignore")
    wide = sum(character >= "\u0800" for character in readable)
    lost = len(data) - len(readable.encode("utf-8"))
    if wide > lost:
        return None, bad
    return _strict(data, "gb18030")


def _strict(data: bytes, encoding: str) -> tuple[str | None, tuple[int, int, str]]:
    name = "GBK" if encoding == "gb18030" else encoding.upper().removesuffix("-LE").removesuffix("-BE")
    try:
        return data.decode(encoding), (0, 0, name)
    except UnicodeDecodeError as reason:
        before = data[: reason.start].decode(encoding, "replace")
        lines = re.split(r"\r\n|\r|\n", before)
        return None, (len(lines), len(lines[-1]) + 1, name)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def without_controls(typed: Sequence[str]) -> tuple[list[str], list[Finding]]:
    """The lines without characters that no text has, and a finding for each line that had one."""
    findings = []
    # A line of full-width spaces is an empty line to whoever typed it.
    clean = [line if line.strip() else "" for line in typed]
    for at, line in enumerate(typed):
        if found := _CONTROL.search(line):
            clean[at] = _CONTROL.sub("", line)
            sign = f"U+{ord(found.group()):04X}"
            message = f"有看不见的控制字符（{sign}），多半是复制时带来的，请删掉"
            findings.append(Finding(at, found.start(), "control-character", message, clean[at]))
            if len(findings) == MAX_FINDINGS:
                break
    return clean, findings


@dataclass
class _Repair:
    """Reads, notes a mistake, reads again as if it were corrected: so that one run shows them all."""

    file: str
    typed: list[str]
    working: list[str]
    findings: list[Finding]
    tried: set[tuple[int, str]] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)
    last: dict[int, tuple[Finding, str]] = field(default_factory=dict)
    lost: bool = False

    def source(self, sha256: str) -> Source:
        """Everything that could be read, with the problems found on the way."""
        reading = self._settled()
        problems = self._problems(reading)
        spans = {path: self._span(span) for path, span in reading.spans.items()}
        value = None if self.lost else reading.value
        return Source(self.file, value, spans, tuple(self.typed), tuple(problems), sha256)

    def _settled(self) -> Reading:
        # Each round reads the whole file: many for what a person types, few for a megabyte.
        rounds = max(3, min(MAX_ROUNDS, 1_500_000 // (sum(map(len, self.working)) + 1)))
        reading = Reading(self.working)
        for _ in range(rounds):
            if wrong := self._wrongly_corrected(reading.findings):
                better = self._corrected_otherwise(wrong)
                if better is None:
                    self.lost = True
                    break
                reading = better
            elif not self._corrected(reading.findings):
                break
            else:
                reading = Reading(self.working)
        return reading

    def _corrected(self, found: Sequence[Finding]) -> bool:
        """Whether a line was changed. A second mistake on a line only improves the line to write."""
        self.last = {}
        for finding in found:
            at = finding.line
            if finding.code == "syntax" and any(0 <= self._lines_between(near, at) < ECHO for near, _ in self.tried):
                # Unexplained, and soon after a correction: more likely an echo than a mistake.
                self.lost = True
                return False
            if not any(earlier.line == at for earlier in self.findings):
                self.findings.append(finding)
            if finding.fix is None or finding.fix == self.working[at] or (at, finding.code) in self.tried:
                continue
            self.tried.add((at, finding.code))
            self.last[at] = (finding, self.working[at])
            self.working[at] = finding.fix
        return bool(self.last) and len(self.findings) < MAX_FINDINGS

    def _wrongly_corrected(self, found: Sequence[Finding]) -> Finding | None:
        """A correction of the last round that only moved the trouble to the next lines."""
        for correction, typed in self.last.values():
            if correction.code in _SURE:
                continue
            for finding in found:
                if finding.code in _STRUCTURE and 0 < self._lines_between(correction.line, finding.line) < 3:
                    same = correction.code == finding.code and _indent(self.typed[finding.line]) == _indent(typed)
                    if not same or self._run(correction) > MAX_RUN:
                        return correction
        return None

    def _corrected_otherwise(self, wrong: Finding) -> Reading | None:
        """The file with another correction of the line that does not move the trouble; None if there is none."""
        at = wrong.line
        before = [*self.working[:at], self.last[at][1], *self.working[at + 1 :]]
        for other in alternatives(before, wrong):
            trial = [*before[:at], other.fix or "", *before[at + 1 :]]
            reading = Reading(trial)
            if all(not 0 <= self._lines_between(at, one.line) < 3 for one in reading.findings):
                self.working = trial
                self.findings = [other if one.line == at else one for one in self.findings]
                self.last = {}
                return reading
        self.doubtful.add(at)
        return None

    def _lines_between(self, above: int, below: int) -> int:
        """Lines with content from ``above`` to ``below``: 1 for the next one; negative when it is not below."""
        if below < above:
            return -1
        return sum(1 for line in self.typed[above + 1 : below + 1] if line.strip() and line.lstrip()[0] != "#")

    def _run(self, correction: Finding) -> int:
        """How many lines in a row were corrected for the same reason."""
        codes = {one.line: one.code for one in self.findings}
        at = correction.line
        while codes.get(at) == correction.code:
            at -= 1
        return correction.line - at

    def _problems(self, reading: Reading) -> Iterator[Problem]:
        stuck = {one.line for one in reading.findings if one.fix or one.code == "syntax"} | self.doubtful
        for finding in sorted(self.findings[:MAX_FINDINGS], key=lambda found: found.line):
            at = finding.line
            end = finding.end or (at, len(self.typed[at]))
            column = min(finding.column, len(self.typed[at]))
            span = Span(self.file, at + 1, column + 1, end[0] + 1, max(end[1], column) + 1)
            corrected = self.working[at] != self.typed[at] and at not in stuck
            written = shown(self.working[at]) if corrected else ""
            yield error(finding.code, finding.message, span, quote=shown(self.typed[at]), fix=written)
        if len(self.findings) >= MAX_FINDINGS:
            yield error("too-many", f"这个文件的问题超过 {MAX_FINDINGS} 处，请先改好以上各处再运行", Span(self.file))

    def _span(self, marks: Marks) -> Span:
        line, column, end_line, end_column = marks
        return Span(self.file, line + 1, column + 1, end_line + 1, end_column + 1)
