"""Bodies of documents before anything is made of them: braces that do not close, names that nothing has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.errors import Problem, Span, error
from generator.model.document import FILTERS, NAMES, Document
from generator.references import closest
from generator.typesetting import tags

if TYPE_CHECKING:
    from generator.library import Library


def check_documents(library: "Library") -> Iterator[Problem]:
    """Mistakes in the braces of every body, at their line."""
    for id_, document in library.documents.items():
        body = library.span(f"documents/{id_}", "body")
        yield from _mistakes(document, body)
        yield from _almost_braces(document, body)


def _mistakes(document: Document, body: Span) -> Iterator[Problem]:
    import jinja2
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        tree = ImmutableSandboxedEnvironment().parse("\n".join(document.body))
    except jinja2.TemplateSyntaxError as problem:
        mistake = tags.unreadable(problem, "\n".join(document.body), FILTERS)
        yield replace(mistake, line=body.line + mistake.line - 1).problem(
            "document", body.file, [*([""] * (body.line - 1)), *document.body]
        )
        return
    filters = [(node.name, node.lineno, FILTERS) for node in tree.find_all(nodes.Filter) if node.name not in FILTERS]
    named = list(tree.find_all(nodes.Name))
    known_here = {*NAMES, "loop", *(node.name for node in named if node.ctx == "store")}
    unknown = {node.name: node.lineno for node in reversed(named) if node.name not in known_here}
    wrong: list[tuple[str, int, tuple[str, ...]]] = [*filters, *((name, line, NAMES) for name, line in unknown.items())]
    for name, line, known in wrong:
        near = closest(name, known)
        better = f"是不是“{near}”？" if near else f"可以写：{'、'.join(known)}"
        yield _at(document, body, line, f"没有“{name}”这个名字；{better}", name, near)


_NAMED: Final = f"(?:{'|'.join(map(re.escape, NAMES))})(?!\\w)"
_ALMOST: Final = re.compile(
    r"(?:\uff5b+|\{\s+\{|(?<!\{)\{)\s*(?P<inside>" + _NAMED + r"[^{}\uff5b\uff5d]*?)\s*(?:\uff5d+|\}[\s}]*)"
)
"""Full-width braces, one brace, or two with a space between: a name in them would be printed with its braces."""


def _almost_braces(document: Document, body: Span) -> Iterator[Problem]:
    for line, typed in enumerate(document.body, 1):
        for found in _ALMOST.finditer(typed):
            wanted = f"{{{{ {found['inside']} }}}}"
            message = f"“{found.group().strip()}”不会由程序填：要用两个英文大括号，写成“{wanted}”"
            yield _at(document, body, line, message, found.group().rstrip(), wanted)


def _at(document: Document, body: Span, line: int, message: str, name: str = "", instead: str = "") -> Problem:
    """The problem on line ``line`` of the body, at ``name`` where it stands in that line."""
    typed = document.body[line - 1]
    start = max(typed.find(name), 0)
    end = start + len(name) if name else len(typed)
    number = body.line + line - 1
    fix = typed[:start] + instead + typed[end:] if instead else ""
    return error("document", message, Span(body.file, number, start + 1, number, end + 1), quote=typed, fix=fix)
