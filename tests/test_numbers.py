"""A unit's own numbers: from a YAML file or a spreadsheet's CSV to the slides of its deck."""

import io
import re
from pathlib import Path

import pytest
from pptx import Presentation

from generator.errors import Problem
from generator.library import Library, load
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.deck import RENDERER
from generator.tables import read_table
from generator.typesetting.phrases import Breaker

TABLE = """单位,样例派出所
来源,"××派出所接报警情统计, 含网上报警"
截至,2026年9月30日
月份,类型,起数,损失（万元）
2026-08,刷单返利,6,18.5
2026/8/1,冒充客服,2,
2026年9月,刷单返利,4,9
合计,,12,
"""


def numbers(project: Path, text: str | bytes, name: str = "本所.csv") -> tuple[Library | None, list[Problem]]:
    """The library after ``name`` was put among the numbers, and the problems of that file."""
    path = project / "content/numbers" / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    library, problems = load(project, RENDERERS)
    return library, [problem for problem in problems if problem.span and problem.span.file.endswith(name)]


def shown(project: Path, contact: str | None) -> list[list[str]]:
    """What stands on the pages of numbers of the station's class, a list each, a chart as its categories and values."""
    library, _ = load(project, RENDERERS)
    assert library
    request = Request("station", contact=contact, only=("deck",))
    jobs = plan(library, request, Breaker(library.glossary)).jobs
    job = next(job for job in jobs if job.data["lecture"]["outline"] == "fraud-class")
    result = RENDERER.render(job, project, project)
    assert not result.failed, result.problems
    deck = Presentation(io.BytesIO(result.artifacts[0].path.read_bytes()))
    pages = []
    for slide in deck.slides:
        for frame in (shape for shape in slide.shapes if shape.has_chart):
            plot = frame.chart.plots[0]
            texts = [shape.text_frame.text for shape in slide.placeholders if shape.has_text_frame]
            pages.append([*texts, *plot.categories, *map(str, plot.series[0].values)])
    return pages


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_spreadsheets_table_is_read_in_the_encodings_that_offices_save(encoding: str, project: Path) -> None:
    library, problems = numbers(project, TABLE.encode(encoding))
    assert library
    assert problems == []
    found = library.numbers["本所"]
    assert (found.contact, str(found.until)) == ("样例派出所", "2026-09-30")
    assert found.source == "××派出所接报警情统计, 含网上报警"
    rows = [(row.month.isoformat(), row.kind, row.cases, row.losses) for row in found.rows]
    assert rows == [
        ("2026-08-01", "刷单返利", 6, 18.5),
        ("2026-08-01", "冒充客服", 2, None),
        ("2026-09-01", "刷单返利", 4, 9),
    ]


@pytest.mark.parametrize("mark", ["\t", "，", ";"])
def test_cells_may_be_parted_by_other_marks(mark: str, project: Path) -> None:
    text = TABLE.replace('"××派出所接报警情统计, 含网上报警"', "警情统计").replace(",", mark)
    library, problems = numbers(project, text)
    assert problems == []
    assert library
    assert [row.cases for row in library.numbers["本所"].rows] == [6, 2, 4]


@pytest.mark.parametrize(
    ("old", "new", "said", "place"),
    [
        ("刷单返利,6,", "刷单返利,六,", "“起数”要写数字", "5:14"),
        ("2026/8/1", "8月", "请写成 2026-08 这样的月份", "6:1"),
        ("损失（万元）", "金额", "这里没有“金额”", "4:10"),
        ("2026年9月,", "2026年10月,", "“截至”的日期（2026-09-30）以后", "7:1"),
        ("2026年9月,刷单返利", "2026-08,刷单返利", "2026年8月的“刷单返利”前面已经有了", "7:1"),
        ("冒充客服", "", "要么每行都写“类型”，要么都不写", "6:1"),
        ("刷单返利,4,9", "刷单返利,4,9,7", "“7”这一格上面没有表头", "7:18"),
        ("单位,样例派出所", "单位,没有这个所", "没有单位“没有这个所”", "1:4"),
        ("截至,2026年9月30日", "截至", "“截至”后面没有内容", "3:1"),
    ],
)
def test_a_mistake_in_a_table_is_told_at_its_cell(old: str, new: str, said: str, place: str, project: Path) -> None:
    assert old in TABLE
    _, problems = numbers(project, TABLE.replace(old, new, 1))
    assert [problem for problem in problems if said in problem.message and f":{place}" in f"{problem.span}"], problems
    assert all(problem.quote for problem in problems)


def test_where_numbers_come_from_must_be_said(project: Path) -> None:
    _, problems = numbers(project, re.sub("来源.*\n", "", TABLE))
    assert [problem.message for problem in problems] == ["缺少“来源”，请加一行“来源: ……”"]
    other = "单位: 样例派出所\n截至: 2026-09-30\n数据:\n  - {月份: 2026-08, 起数: 3}\n"
    _, problems = numbers(project, other, "本所二.yaml")
    assert [problem.message for problem in problems] == ["缺少“来源”，请加一行“来源: ……”"]


def test_a_table_without_column_names_says_how_they_look() -> None:
    source = read_table("单位,样例派出所\n2026-08,3\n".encode(), "content/numbers/本所.csv", "数据", "月份")
    assert source.value is None
    assert "月份,起数,损失（万元）" in source.problems[0].message


def test_the_units_numbers_are_in_its_own_deck_with_their_source(project: Path) -> None:
    (project / "content/numbers/样例派出所.yaml").unlink()
    numbers(project, TABLE)
    months, kinds = shown(project, "样例派出所")
    assert months[-4:] == ["8月", "9月", "8.0", "4.0"]
    assert kinds[-4:] == ["刷单返利", "冒充客服", "10.0", "2.0"]
    source = "截至2026年9月30日，来源：××派出所接报警情统计, 含网上报警"
    assert source in months
    assert source in kinds
    assert not [text for text in months if "损失" in text], "one row does not say its losses"


def test_without_a_file_or_a_signature_there_is_no_page_of_numbers(project: Path) -> None:
    assert len(shown(project, "样例派出所")) == 2
    assert shown(project, None) == []
    (project / "content/numbers/样例派出所.yaml").unlink()
    assert shown(project, "样例派出所") == []


def test_the_newest_numbers_of_a_unit_are_shown(project: Path) -> None:
    later = TABLE.replace("2026年9月30日", "2026年11月30日").replace("2026年9月,", "2026年11月,")
    numbers(project, later)
    assert shown(project, "样例派出所")[0][-4:-2] == ["8月", "11月"]


def test_adding_a_scam_adds_its_slides_where_the_outline_asks_for_the_first_ones(project: Path) -> None:
    written = (project / "content/scams/刷单返利.yaml").read_text("utf-8")
    new = re.sub(r"分众写法:\n(?:  .*\n)+", "", written).replace("刷单返利", "新骗局").replace("小额返利", "先给糖吃")
    (project / "content/scams/新骗局.yaml").write_text(new, "utf-8")
    audience = project / "content/audiences/station.yaml"
    text = audience.read_text("utf-8")
    audience.write_text(text.replace("骗术:\n", "骗术:\n  - 新骗局\n", 1), "utf-8")
    library, _ = load(project, RENDERERS)
    assert library
    job = plan(library, Request("station", only=("deck",)), Breaker(library.glossary)).jobs[0]
    artifact = RENDERER.render(job, project, project).artifacts[0]
    assert [title for title in artifact.outline if "新骗局" in title] == [
        "新骗局：骗子就这三步",
        "新骗局：认出来，停下来",
    ]
    assert "先给糖吃" in artifact.text
    assert artifact.content[0] == "scams/新骗局"
