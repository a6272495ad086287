"""Bodies of documents before anything is made of them: braces that do not close, names that nothing has."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.errors import Problem, Span, error
from generator.model.document import FILTERS, NAMES, Document, miswritten
from generator.references import closest

if TYPE_CHECKING:
    from generator.library import Library


def check_documents(library: "Library") -> Iterator[Problem]:
    """Mistakes in the braces of every body, at their line."""
    for id_, document in library.documents.items():
        yield from _mistakes(document, library.span(f"documents/{id_}", "body"))


def _mistakes(document: Document, body: Span) -> Iterator[Problem]:
    import jinja2
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        tree = ImmutableSandboxedEnvironment().parse("\n".join(document.body))
    except jinja2.TemplateSyntaxError as problem:
        yield _at(document, body, problem.lineno, miswritten(problem.message or ""))
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


def _at(document: Document, body: Span, line: int, message: str, name: str = "", instead: str = "") -> Problem:
    """The problem on line ``line`` of the body, at ``name`` where it stands in that line."""
    typed = document.body[line - 1]
    start = max(typed.find(name), 0)
    end = start + len(name) if name else len(typed)
    number = body.line + line - 1
    fix = typed[:start] + instead + typed[end:] if instead else ""
    return error("document", message, Span(body.file, number, start + 1, number, end + 1), quote=typed, fix=fix)
