"""The handbook: whole sheets, true contents, words that fit, margins that a staple and a knife leave alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.feeds import handbook
from generator.library import Library
from generator.plan import Request, plan
from generator.render.base import Job, Rendered
from generator.render.pages import RENDERER
from tests.command import squeezed
from tests.sheets import Glyph, glyphs, opened, with_text
from tests.test_pages import planned, root

__all__ = ["root"]

MARGIN_MM = 10
"""Between type and trim: the inner sheets of a saddle-stitched book creep outwards by 1.4 mm."""


OWN_TITLES = {
    "more": "还有这些", "questions": "付钱之前", "promise": "我承诺", "help": "被骗了", "channels": "求助、举报",
}  # fmt: skip


@dataclass(frozen=True)
class Book:
    """A handbook and the text of its pages."""

    job: Job
    rendered: Rendered
    pages: tuple[str, ...]
    glyphs: tuple[tuple[Glyph, ...], ...]


def read(job: Job, folder: Path, project: Path) -> Book:
    folder.mkdir(parents=True, exist_ok=True)
    rendered = RENDERER.render(replace(job, formats=("book",)), folder, project)
    assert rendered.artifacts, [problem.message for problem in rendered.problems]
    document = pypdfium2.PdfDocument(next(file.path for file in rendered.artifacts if file.format == "pdf"))
    texts = tuple(squeezed(page.get_textpage().get_text_range()) for page in document)
    return Book(job, rendered, texts, tuple(tuple(glyphs(page)) for page in document))


PACKS = (("station", "应有尽有"), ("bank", "只留电话"), ("primary", None), ("community", None))


@pytest.fixture(scope="module")
def books(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    """Handbooks of four families, unsigned and signed: a page too long in any audience shows in its pack."""
    folder = tmp_path_factory.mktemp("books")
    library = opened(root)[0]
    packs = [pack for pack in PACKS if _has_handbook(library, pack[0])]
    assert len(packs) == len(PACKS)
    return [
        read(planned(root, audience, contact, ("handbook",)).jobs[0], folder / f"{at}", root)
        for at, (audience, contact) in enumerate(packs)
    ]


def _has_handbook(library: Library, audience: str) -> bool:
    return bool(set(library.materials["handbook"].places) & set(library.audiences[audience].places))


# ---- pages -----------------------------------------------------------------------------------------------


def test_every_audience_that_hands_something_out_has_a_handbook_of_whole_sheets(root: Path) -> None:
    library, breaker = opened(root)
    for audience in library.audiences:
        if _has_handbook(library, audience):
            (job,) = plan(library, Request(audience, only=("handbook",)), breaker).jobs
            count = len(job.data["pages"])
            assert count % 4 == 0, (audience, count)
            assert 16 <= count <= 36, (audience, count)


def test_pages_are_those_that_were_planned(books: list[Book]) -> None:
    for book in books:
        assert len(book.pages) == len(book.job.data["pages"]), book.job.data["audience"]["id"]


def test_no_line_breaks_once_more_and_runs_into_the_next(books: list[Book]) -> None:
    for book in books:
        for at, page in enumerate(book.glyphs):
            # The mark of a sample lies over all.
            line = sorted((glyph for glyph in page if glyph.char not in "样张请勿印刷"), key=lambda glyph: glyph.left)
            for of, glyph in enumerate(line):
                for other in line[of + 1 :]:
                    if other.left >= glyph.right:
                        break
                    assert not glyph.covers(other), (book.job.data["audience"]["id"], at + 1, glyph, other)


def test_the_contents_name_the_page_that_each_part_is_on(books: list[Book]) -> None:
    for book in books:
        listed = book.job.data["contents"]
        assert len(listed) >= 12
        shown = book.pages[2]
        for entry in listed:
            title = squeezed(entry["title"]["text"]) if entry["title"] else OWN_TITLES[entry["kind"]]
            assert title in shown
            # What stands there begins with the title, or with the rule's masthead.
            begins = title[:3]
            assert begins in book.pages[entry["page"] - 1], (title, entry["page"])
        assert [entry["page"] for entry in listed] == sorted(entry["page"] for entry in listed)
        numbers = [int(number) for number in _numbers_at_the_right(book.glyphs[2])]
        assert numbers == [entry["page"] for entry in listed]


def _numbers_at_the_right(page: tuple[Glyph, ...]) -> Iterator[str]:
    """Figures in the last centimetre of the type area, line by line from the top."""
    far = [glyph for glyph in page if glyph.char.isdigit() and glyph.left > 118 and glyph.top < 192]
    lines: list[list[Glyph]] = []
    for glyph in sorted(far, key=lambda g: g.bottom):
        if not lines or glyph.bottom - lines[-1][0].bottom > 2:
            lines.append([])
        lines[-1].append(glyph)
    for line in lines:
        yield "".join(glyph.char for glyph in sorted(line, key=lambda g: g.left))


def test_page_numbers_stand_at_the_outer_edge(books: list[Book]) -> None:
    for book in books:
        for number, page in enumerate(book.glyphs, 1):
            if number in (1, len(book.pages)):
                continue
            low = [glyph for glyph in page if glyph.top > 196 and glyph.char.isdigit()]
            outer = [g for g in low if (g.left > 118 if number % 2 else g.right < 22)]
            found = "".join(g.char for g in sorted(outer, key=lambda g: g.left))
            assert found == str(number), (book.job.data["audience"]["id"], number)


def test_a_scam_has_a_spread_of_its_own(books: list[Book]) -> None:
    for book in books:
        for number, page in enumerate(book.job.data["pages"], 1):
            if page["kind"] != "told":
                continue
            assert number % 2 == 0  # a left-hand page
            both = book.pages[number - 1] + book.pages[number]
            scam = page["scam"]
            for part in ("steps", "red_flags", "todo"):
                for item in scam[part]:
                    said = item.get("text", item) if part == "steps" else item
                    assert squeezed(said["text"])[:4] in both, (scam["name"]["text"], said["text"])


def test_no_case_is_told_twice(books: list[Book]) -> None:
    for book in books:
        told = [
            page["case"]["title"]["text"] for page in book.job.data["pages"] if page["kind"] == "told" and page["case"]
        ]
        assert len(told) == len(set(told)) > 3


def test_no_page_is_there_to_fill_up(books: list[Book]) -> None:
    """Every page but the covers says something of its own, down into its lower half."""
    for book in books:
        for number, page in enumerate(book.glyphs, 1):
            said = [glyph for glyph in page if glyph.top < 194 and not glyph.char.isspace()]
            assert len(said) >= 18, (book.job.data["audience"]["id"], number)
            assert len({book.pages[number - 1], *book.pages}) == len(book.pages)


def test_type_keeps_off_the_trim_and_the_staples(books: list[Book]) -> None:
    for book in books:
        sample = book.job.data["sample"]
        for number, page in enumerate(book.glyphs, 1):
            for glyph in page:
                if sample and glyph.char in "样张请勿印刷":
                    continue
                assert glyph.left >= MARGIN_MM - 0.05, (number, glyph)
                assert glyph.right <= 140 - MARGIN_MM + 0.05, (number, glyph)
                assert glyph.top >= 5, (number, glyph)
                assert glyph.bottom <= 205, (number, glyph)


def test_it_fits_whoever_signs(books: list[Book]) -> None:
    for book in books:
        # What the shop should know of a theme's inks is no matter of this piece.
        assert {problem.code for problem in book.rendered.problems} <= {"left-out"}


# ---- what people have to say -----------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(1, 18), rules=st.integers(0, 5), verses=st.integers(0, 3), slogans=st.integers(0, 4))
def test_any_amount_of_content_makes_whole_sheets(
    root: Path, count: int, rules: int, verses: int, slogans: int
) -> None:
    library, breaker = opened(root)
    scams = dict([item for item in library.scams.items() if item[0] in library.audiences["station"].scams][:count])
    smaller = replace(
        library,
        scams=scams,
        rules=dict(list(library.rules.items())[:rules]),
        jingles=library.jingles[:verses],
        slogans=dict(list(library.slogans.items())[:slogans]),
    )
    (job,) = plan(smaller, Request("station", only=("handbook",)), breaker).jobs
    pages = job.data["pages"]
    assert len(pages) % handbook.SHEET == 0
    assert [page["kind"] for page in pages[:1] + pages[-3:]] == ["cover", "help", "channels", "back"]
    told = [page for page in pages if page["kind"] == "told"]
    # A scam is only given up where nothing is left to fill the sheet.
    assert min(count, 10) - len(told) in (0, 1)


def test_an_audience_without_scams_has_no_handbook(root: Path) -> None:
    library, breaker = opened(root)
    assert plan(replace(library, scams={}), Request("station", only=("handbook",)), breaker).jobs == ()


LONG = "骗子先给一点甜头再拉你进群做任务垫的钱越来越多最后说账户被冻结要再交一笔才能提现"
TEXTS = (
    ("scam", "tagline"), ("scam", "headline", 0), ("scam", "steps", 0, "text"), ("scam", "steps", 2, "title"),
    ("scam", "red_flags", 1), ("scam", "todo", 0), ("scam", "jingle"), ("case", "story", 1), ("case", "lesson"),
    ("case", "title"),
)  # fmt: skip


@settings(
    max_examples=8, deadline=None, derandomize=True, phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(place=st.sampled_from(TEXTS), length=st.sampled_from((1, 12, 40, 160)), number=st.sampled_from((3, 5)))
def test_long_and_short_words_fit_or_are_named(
    root: Path, tmp_path_factory: pytest.TempPathFactory, place: tuple[str | int, ...], length: int, number: int
) -> None:
    job = replace(_of_one_spread(job_of_handbook(root), number), formats=("office",))
    text = (LONG * 5)[:length]
    job = with_text(job, root, "pages", 0, *place, text=text)
    job = replace(job, data={**job.data, "pages": [job.data["pages"][0], {**job.data["pages"][0], "kind": "answered"}]})
    node: Any = job.data["pages"][0]
    for key in place:
        node = node[key]
    rendered = RENDERER.render(job, tmp_path_factory.mktemp("typed"), root)
    assert {problem.code for problem in rendered.problems} <= {"overflow"}
    if rendered.problems:
        # By the sentence, or by the list or story that it made too high.
        spans = {problem.span and problem.span.file for problem in rendered.problems}
        assert job.origins[node["id"]].file in spans
    else:
        assert squeezed(text) in {squeezed(said) for said in rendered.artifacts[0].text}


def job_of_handbook(project: Path) -> Job:
    return planned(project, "station", only=("handbook",)).jobs[0]


def _of_one_spread(job: Job, number: int) -> Job:
    """The handbook's spread on page ``number`` + 1 alone."""
    return replace(job, data={**job.data, "pages": job.data["pages"][number : number + 2], "contents": []})


def test_five_steps_and_signs_fit_their_spread(root: Path, tmp_path: Path) -> None:
    """The most that a scam may have, each as long as the longest that is written."""
    job = job_of_handbook(root)
    said = [page["scam"] for page in job.data["pages"] if page["kind"] == "told"]
    flag = max((flag for scam in said for flag in scam["red_flags"]), key=lambda node: len(node["text"]))
    todo = max((todo for scam in said for todo in scam["todo"]), key=lambda node: len(node["text"]))
    step = max((step for scam in said for step in scam["steps"]), key=lambda step: len(step["text"]["text"]))
    for number in (3, 5):
        spread = [dict(page) for page in job.data["pages"][number : number + 2]]
        for page in spread:
            page["scam"] = {**page["scam"], "steps": [step] * 5, "red_flags": [flag] * 5, "todo": [todo] * 5}
        changed = replace(job, data={**job.data, "pages": spread}, formats=("office",))
        folder = tmp_path / str(number)
        folder.mkdir()
        assert [problem.message for problem in RENDERER.render(changed, folder, root).problems] == []
