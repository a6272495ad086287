"""Items as they come from their files: each validated by itself, not yet checked against the others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel

from generator.bodies import read_document
from generator.errors import Problem, Span, error, warning
from generator.folders import MARKDOWN, YAML, entries, only_file
from generator.mistakes import parts, plain
from generator.model.shape import Record, shape_of
from generator.source import Path, Source, read
from generator.tables import read_table
from generator.validation import Location, validate


@dataclass(frozen=True)
class Draft:
    """A valid item. ``where`` maps locations in ``model`` to paths in ``source``; ``path`` is the item's own."""

    kind: str
    id: str
    model: Any
    source: Source
    path: Path
    where: Mapping[Location, Path]

    @property
    def name(self) -> str:
        """What people call it: its 名称, else its id."""
        return str(getattr(self.model, "name", self.id))

    def span(self, *at: str | int) -> Span:
        """Where the field at ``at`` stands; what was not written stands where its nearest ancestor does."""
        return next(self.source.span(self.where[at[:n]]) for n in range(len(at), -1, -1) if at[:n] in self.where)

    def key_span(self, *at: str | int) -> Span:
        """Where the key of the field at ``at`` stands."""
        return self.source.key_span(self.where[at]) if at in self.where else self.span(*at)


@dataclass
class Shelf:
    """Everything read so far. ``broken``: names of items that could not be read, None where the name is unknown."""

    root: FilePath
    problems: list[Problem] = field(default_factory=list)
    drafts: dict[str, dict[str, Draft]] = field(default_factory=dict)
    broken: dict[str, set[str | None]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def add(self, draft: Draft) -> None:
        """Put a draft among those of its kind."""
        self.drafts.setdefault(draft.kind, {})[draft.id] = draft

    def of(self, kind: str) -> Mapping[str, Draft]:
        """The drafts of a kind by id."""
        return self.drafts.get(kind, {})

    def read_folder(
        self, kind: str, folder: str, model: type[BaseModel], chinese: bool = True, table: tuple[str, str] | None = None
    ) -> None:
        """Every file of ``folder`` is one item; its id is the file's name. ``table``: it may be a CSV file, whose rows
        are the list of the first name, and whose line of column names has the second (see ``tables``)."""
        found, problems = entries(self.root / folder, self.root, (*YAML, ".csv") if table else YAML)
        # A folder of templates may hold whatever its designer likes.
        self.problems += [one for one in problems if chinese or one.severity == "error"]
        self.drafts.setdefault(kind, {})
        for entry in found:
            source = self._source(entry.path, _form(entry.path, table))
            if source.value == "":
                message = "文件是空的；请照同一文件夹里别的文件填写，或者删去"
                self.problems.append(error("empty-file", message, Span(source.file)))
            if source.value in (None, ""):
                self._broke(kind, entry.id)
                continue
            self._take(kind, entry.id, source, (), source.value, shape_of(model), chinese)

    def read_documents(self, kind: str, folder: str, model: type[BaseModel]) -> None:
        """Every .md file of ``folder`` is one item: settings and a body."""
        found, problems = entries(self.root / folder, self.root, MARKDOWN)
        self.problems += problems
        self.drafts.setdefault(kind, {})
        for entry in found:
            source = self._source(entry.path, read_document)
            if not isinstance(source.value, dict):
                self._broke(kind, entry.id)
                if not source.problems:
                    message = "开头两行 --- 之间没有设置；请照同一文件夹里别的文书写"
                    self.problems.append(error("no-settings", message, Span(source.file)))
                continue
            self._take(kind, entry.id, source, (), source.value, shape_of(model), True)

    def read_single(self, kind: str, path: str, model: type[BaseModel]) -> Draft | None:
        """The one item of a required file."""
        source = self._required(path)
        if source is None or source.value is None:
            return None
        value = {} if source.value == "" else source.value
        return self._take(kind, kind, source, (), value, shape_of(model), True)

    def read_list(self, kind: str, path: str, shape: Record, chinese: bool = True) -> Iterator[Draft]:
        """The items of a required file that is one list; ids are positions until their owner gives better ones."""
        source = self._required(path)
        self.drafts.setdefault(kind, {})
        if source is None or source.value is None:
            self._broke(kind, None)
            return
        if source.value == "":
            message = "文件里还没有内容；每行写一项，以“- ”开头"
            self.problems.append(warning("empty-file", message, Span(source.file)))
        elif not isinstance(source.value, list):
            self._broke(kind, None)
            self.problems += list(_not_a_list(source))
        else:
            for index, value in enumerate(source.value):
                draft = self._take(kind, str(index), source, (index,), value, shape, chinese, keep=False)
                if draft:
                    yield draft

    def _required(self, path: str) -> Source | None:
        file = only_file(self.root / FilePath(path).parent, FilePath(path).name)
        if file.exists():
            return self._source(file)
        message = f"缺少文件 {path}.yaml；请从安装包里复制回来"
        self.problems.append(error("missing-file", message, Span(f"{path}.yaml")))
        return None

    def _source(self, path: FilePath, parsed: Callable[[bytes, str], Source] | None = None) -> Source:
        source = read(path, self.root, parsed)
        self.sources[source.file] = source
        self.problems += source.problems
        return source

    def _take(
        self,
        kind: str,
        id: str,
        source: Source,
        path: Path,
        value: Any,
        shape: Record,
        chinese: bool,
        keep: bool = True,
    ) -> Draft | None:
        checked = validate(source, path, value, shape, chinese)
        told = {problem.span.line for problem in source.problems if problem.span}
        self.problems += [
            one for one in checked.problems if one.code == "missing-key" or not one.span or one.span.line not in told
        ]
        if checked.model is None:
            names = [value[key] for key in ("名称", "name", "id") if isinstance(value, dict) and key in value]
            self._broke(kind, None if not names and kind not in ("slogans", "glossary") else id, *map(str, names))
            return None
        draft = Draft(kind, id, checked.model, source, path, checked.where)
        if keep:
            self.add(draft)
        return draft

    def _broke(self, kind: str, *names: str | None) -> None:
        self.broken.setdefault(kind, set()).update(names)


def _not_a_list(source: Source) -> Iterator[Problem]:
    """A file of lines without dashes: each gets its own; anything else gets a word about the whole."""
    span = source.span()
    if not isinstance(source.value, str) or source.problems:
        if not source.problems:
            message = "这个文件要写成列表：每项一行，以“- ”开头，前面不再有名称"
            yield error("wrong-form", message, span, quote=source.quote(span))
        return
    for number in range(span.line, min(span.end_line, span.line + 50) + 1):
        line = source.lines[number - 1]
        if text := line.strip():
            taken = parts(text)
            where = Span(source.file, number, 1, number, len(line) + 1)
            fix = f"- {plain(text.removesuffix(taken.comment))}{taken.comment}"
            yield error("missing-dash", "列表里的每一项前面都要有短横和空格“- ”", where, quote=line, fix=fix)


def known(drafts: Mapping[str, Draft], limit: int = 12) -> str:
    """The names that may be written, for a message."""
    names = [draft.name if draft.name == draft.id else f"{draft.name}（{draft.id}）" for draft in drafts.values()]
    return "、".join(names[:limit]) + (f" 等 {len(names)} 个" if len(names) > limit else "") if names else "（还没有）"


def by_name(drafts: Mapping[str, Draft]) -> dict[str, str]:
    """Ids by id and by 名称; an id wins over the same 名称 of another item."""
    return {draft.name: key for key, draft in drafts.items()} | {key: key for key in drafts}


def replaced(draft: Draft, changes: Mapping[str, Any], where: Mapping[Location, Path] | None = None) -> Draft:
    """The draft with other values in its model."""
    model = draft.model.model_copy(update=dict(changes))
    return replace(draft, model=model, where={**draft.where, **(where or {})})


def _form(path: FilePath, table: tuple[str, str] | None) -> Callable[[bytes, str], Source] | None:
    """How a file that is no YAML is read; None for YAML."""
    if table is None or path.suffix.lower() != ".csv":
        return None
    return partial(read_table, rows=table[0], column=table[1])
