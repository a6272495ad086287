"""YAML as people type it: what is read, and what is said where it was typed wrong.

A case is a file as typed, what is read from it as if it were corrected, and every problem as
``line:column code | message | the line to write``.
"""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import reading
from generator.errors import Span
from generator.mistakes import nearest, quoted
from generator.source import KEY, MAX_BYTES, Source, read, read_bytes, shown


class Case:
    """A file typed wrong."""

    def __init__(self, name: str, typed: str | bytes, value: Any, *problems: str) -> None:
        self.name, self.value, self.problems = name, value, list(problems)
        self.data = typed.encode() if isinstance(typed, str) else typed


CASES = (
    Case(
        "an item indented too far is not swallowed by the line above",
        "- 刷单是幌子\n  - 陌生来电不轻信\n- 转账多核实\n",
        ["刷单是幌子", "陌生来电不轻信", "转账多核实"],
        "2:3 swallowed-line | 这一行缩进多了，被并进了上一行；请让短横与其他项左对齐 | - 陌生来电不轻信",
    ),
    Case(
        "a text after closing quotes needs quotes around all of it",
        '- "全民"你我同行\n- 转账多核实\n',
        ['"全民"你我同行', "转账多核实"],
        '1:3 needs-quotes | 以 " 开头的内容要整个放进引号里，程序才会照原样读 | - \'"全民"你我同行\'',
    ),
    Case(
        "an at sign at the beginning",
        "- @所有人 今晚开会\n",
        ["@所有人 今晚开会"],
        '1:3 needs-quotes | 以 @ 开头的内容要整个放进引号里，程序才会照原样读 | - "@所有人 今晚开会"',
    ),
    Case(
        "a star at the beginning",
        "- *重要* 不转账\n",
        ["*重要* 不转账"],
        '1:3 needs-quotes | 以 * 开头的内容要整个放进引号里，程序才会照原样读 | - "*重要* 不转账"',
    ),
    Case(
        "an ampersand at the beginning",
        "- &反诈 同行\n",
        ["&反诈 同行"],
        '1:3 needs-quotes | 以 & 开头的内容要整个放进引号里，程序才会照原样读 | - "&反诈 同行"',
    ),
    Case(
        "an exclamation mark at the beginning",
        "- !紧急! 不转账\n",
        ["!紧急! 不转账"],
        '1:3 needs-quotes | 以 ! 开头的内容要整个放进引号里，程序才会照原样读 | - "!紧急! 不转账"',
    ),
    Case(
        "a percent sign at the beginning",
        "- %50 的人被骗过\n",
        ["%50 的人被骗过"],
        '1:3 needs-quotes | 以 % 开头的内容要整个放进引号里，程序才会照原样读 | - "%50 的人被骗过"',
    ),
    Case(
        "a backquote at the beginning",
        "- `96110` 来电请接听\n",
        ["`96110` 来电请接听"],
        '1:3 needs-quotes | 以 ` 开头的内容要整个放进引号里，程序才会照原样读 | - "`96110` 来电请接听"',
    ),
    Case(
        "a bar at the beginning",
        "- |紧急| 不转账\n",
        ["|紧急| 不转账"],
        '1:3 needs-quotes | 以 | 开头的内容要整个放进引号里，程序才会照原样读 | - "|紧急| 不转账"',
    ),
    Case(
        "a greater-than sign at the beginning",
        "- >紧急< 不转账\n",
        [">紧急< 不转账"],
        '1:3 needs-quotes | 以 > 开头的内容要整个放进引号里，程序才会照原样读 | - ">紧急< 不转账"',
    ),
    Case(
        "a bracket followed by text",
        "- [紧急]不要转账\n",
        ["[紧急]不要转账"],
        '1:3 needs-quotes | 以 [ 开头的内容要整个放进引号里，程序才会照原样读 | - "[紧急]不要转账"',
    ),
    Case(
        "a brace followed by text",
        "- {紧急}不要转账\n",
        ["{紧急}不要转账"],
        '1:3 needs-quotes | 以 { 开头的内容要整个放进引号里，程序才会照原样读 | - "{紧急}不要转账"',
    ),
    Case(
        "a hash after one space cuts nothing off in silence",
        "- 反诈在行动 #全民反诈\n",
        ["反诈在行动 #全民反诈"],
        (
            "1:9 cut-by-hash | 空格加 # 后面会当成注释，印不出来；要印就把整句放进引号（是注释请在 # 后空一格） | "
            '- "反诈在行动 #全民反诈"'
        ),
    ),
    Case(
        "a hash at the beginning of an item",
        "- #全民反诈# 你我同行\n",
        ["#全民反诈# 你我同行"],
        (
            "1:3 cut-by-hash | 空格加 # 后面会当成注释，印不出来；要印就把整句放进引号（是注释请在 # 后空一格） | "
            '- "#全民反诈# 你我同行"'
        ),
    ),
    Case(
        "a colour without quotes",
        "品牌色: #0B5CAD\n",
        {"品牌色": "#0B5CAD"},
        (
            "1:6 cut-by-hash | 空格加 # 后面会当成注释，印不出来；要印就把整句放进引号（是注释请在 # 后空一格） | "
            '品牌色: "#0B5CAD"'
        ),
    ),
    Case(
        "a hash inside a quoted item's line",
        '- "反诈" #话题\n',
        ["反诈 #话题"],
        (
            "1:8 cut-by-hash | 空格加 # 后面会当成注释，印不出来；要印就把整句放进引号（是注释请在 # 后空一格） | "
            '- "反诈 #话题"'
        ),
    ),
    Case(
        "two colons on one line",
        "- 标语: 警方提示: 不转账\n",
        [{"标语": "警方提示: 不转账"}],
        '1:7 needs-quotes | 内容里又有冒号加空格，要整个放进引号里，程序才会照原样读 | - 标语: "警方提示: 不转账"',
    ),
    Case(
        "a full-width colon after a key",
        "- 标语: 刷单是幌子\n  对象：学校\n",
        [{"标语": "刷单是幌子", "对象": "学校"}],
        "2:5 wide-colon | “对象”后面是全角冒号“：”，请改成半角冒号加空格“: ” |   对象: 学校",
    ),
    Case(
        "a full-width colon and a space after a key",
        "- 标语： 刷单是幌子\n  对象: 学校\n",
        [{"标语": "刷单是幌子", "对象": "学校"}],
        "1:5 wide-colon | “标语”后面是全角冒号“：”，请改成半角冒号加空格“: ” | - 标语: 刷单是幌子",
    ),
    Case(
        "full-width colons everywhere",
        "名称：刷单返利\n类型：派出所\n",
        {"名称": "刷单返利", "类型": "派出所"},
        "1:3 wide-colon | “名称”后面是全角冒号“：”，请改成半角冒号加空格“: ” | 名称: 刷单返利",
        "2:3 wide-colon | “类型”后面是全角冒号“：”，请改成半角冒号加空格“: ” | 类型: 派出所",
    ),
    Case(
        "a full-width colon before a list",
        "电话：\n  - 110\n类型: 派出所\n",
        {"电话": ["110"], "类型": "派出所"},
        "1:3 wide-colon | “电话”后面是全角冒号“：”，请改成半角冒号加空格“: ” | 电话:",
    ),
    Case(
        "a colon without a space",
        "名称:刷单返利\n场景: hook\n",
        {"名称": "刷单返利", "场景": "hook"},
        "1:3 missing-space | “名称”后面的冒号要接一个半角空格 | 名称: 刷单返利",
    ),
    Case(
        "a colon followed by a full-width space",
        "名称:\u3000刷单返利\n场景: hook\n",
        {"名称": "刷单返利", "场景": "hook"},
        "1:3 missing-space | “名称”后面的冒号要接一个半角空格 | 名称: 刷单返利",
    ),
    Case(
        "a dash without a space",
        "- 刷单是幌子\n-转账多核实\n",
        ["刷单是幌子", "转账多核实"],
        "2:1 missing-space | 短横 - 后面要空一格（半角空格） | - 转账多核实",
    ),
    Case(
        "dashes without a space below a key",
        "对象:\n  -学校\n  -银行\n名称: 甲\n",
        {"对象": ["学校", "银行"], "名称": "甲"},
        "2:3 missing-space | 短横 - 后面要空一格（半角空格） |   - 学校",
        "3:3 missing-space | 短横 - 后面要空一格（半角空格） |   - 银行",
    ),
    Case(
        "a full-width dash",
        "- 刷单是幌子\n－ 转账多核实\n",
        ["刷单是幌子", "转账多核实"],
        "2:1 wide-dash | 列表请用半角短横加空格“- ”，不要用“－” | - 转账多核实",
    ),
    Case(
        "bullets instead of dashes",
        "危险信号:\n  • 先垫钱\n  • 换软件\n名称: 甲\n",
        {"危险信号": ["先垫钱", "换软件"], "名称": "甲"},
        "2:3 wide-dash | 列表请用半角短横加空格“- ”，不要用“•” |   - 先垫钱",
        "3:3 wide-dash | 列表请用半角短横加空格“- ”，不要用“•” |   - 换软件",
    ),
    Case(
        "a key without its colon",
        "- 标语: 刷单是幌子\n  对象 学校\n",
        [{"标语": "刷单是幌子", "对象": "学校"}],
        "2:5 missing-colon | “对象”后面少了冒号和空格“: ” |   对象: 学校",
    ),
    Case(
        "an item without its dash",
        "- 刷单是幌子\n转账多核实\n- 不轻信\n",
        ["刷单是幌子", "转账多核实", "不轻信"],
        "2:1 missing-dash | 列表里的每一项前面都要有短横和空格“- ” | - 转账多核实",
    ),
    Case(
        "a tab as indentation",
        "对象:\n\t- 学校\n\t- 银行\n",
        {"对象": ["学校", "银行"]},
        "2:1 tab-indent | 行首不能用 Tab 键缩进，请改用空格 |   - 学校",
        "3:1 tab-indent | 行首不能用 Tab 键缩进，请改用空格 |   - 银行",
    ),
    Case(
        "a tab after a dash",
        "-\t刷单是幌子\n",
        ["刷单是幌子"],
        "1:2 tab-indent | 这里的 Tab 请改成一个空格 | - 刷单是幌子",
    ),
    Case(
        "full-width spaces as indentation",
        "对象:\n\u3000- 学校\n\u3000- 银行\n名称: 甲\n",
        {"对象": ["学校", "银行"], "名称": "甲"},
        "2:1 wide-space | 行首有全角空格，请改成半角空格 |   - 学校",
        "3:1 wide-space | 行首有全角空格，请改成半角空格 |   - 银行",
    ),
    Case(
        "a full-width space before a key",
        "名称: 甲\n\u3000类型: 派出所\n",
        {"名称": "甲", "类型": "派出所"},
        "2:1 wide-space | 行首有全角空格，请改成半角空格 | 类型: 派出所",
    ),
    Case(
        "a key indented too far",
        "- 标语: 刷单是幌子\n   对象: 学校\n   骗术: 刷单返利\n- 不轻信\n",
        [{"标语": "刷单是幌子", "对象": "学校", "骗术": "刷单返利"}, "不轻信"],
        "2:4 indent | 这一行没有与同类的行左对齐，请调整行首的空格 |   对象: 学校",
        "3:4 indent | 这一行没有与同类的行左对齐，请调整行首的空格 |   骗术: 刷单返利",
    ),
    Case(
        "a key indented too little",
        "- 标语: 刷单是幌子\n 对象: 学校\n",
        [{"标语": "刷单是幌子", "对象": "学校"}],
        "2:2 indent | 这一行没有与同类的行左对齐，请调整行首的空格 |   对象: 学校",
    ),
    Case(
        "an open quote",
        '- "刷单是幌子\n- 转账多核实\n- 不轻信\n',
        ["刷单是幌子", "转账多核实", "不轻信"],
        '1:3 open-quote | 引号 " 只有前一半，没有后一半；请在内容末尾补上，或者整个去掉 | - "刷单是幌子"',
    ),
    Case(
        "an open bracket",
        "对象: [学校, 银行\n名称: 甲\n",
        {"对象": ["学校", "银行"], "名称": "甲"},
        "1:5 open-bracket | [ 没有配对的 ] | 对象: [学校, 银行]",
    ),
    Case(
        "a backslash in double quotes",
        '- "反诈\\全民"\n',
        ["反诈\\全民"],
        "1:6 bad-escape | 双引号里的 \\ 有特别的意思；要印出 \\，请改用单引号 | - '反诈\\全民'",
    ),
    Case(
        "a list on the line of its key",
        "对象: - 学校\n",
        {"对象": "学校"},
        "1:5 list-after-key | 冒号后面同一行不用写短横；只有一项就直接写内容，有几项请换行，每项一行 | 对象: 学校",
    ),
    Case(
        "a list below a text",
        "对象: 学校\n  - 银行\n名称: 甲\n",
        {"对象": "学校 - 银行", "名称": "甲"},
        "2:3 swallowed-line | 上一行冒号后面已经写了内容，这里又列了“- ”；请把上一行的内容也移下来，每项一行 | ",
    ),
    Case(
        "a ruler between items",
        "- 刷单是幌子\n---\n- 不轻信\n",
        ["刷单是幌子", "不轻信"],
        "2:1 documents | 这一行会把文件切成两份，请删掉；要分隔请写 # 开头的注释 | # ---",
    ),
    Case(
        "three dots between items",
        "- 刷单是幌子\n...\n- 不轻信\n",
        ["刷单是幌子", "不轻信"],
        "2:1 documents | 这一行会把文件切成两份，请删掉；要分隔请写 # 开头的注释 | # ...",
    ),
    Case(
        "words on top without a hash",
        "标语在下面\n- 刷单是幌子\n- 不轻信\n",
        ["刷单是幌子", "不轻信"],
        (
            "1:1 bare-text | 这一行既不是“名称: 内容”，也不是“- 内容”；如果是说明文字，请在行首加 # 和空格 | "
            "# 标语在下面"
        ),
    ),
    Case(
        "a sign that slipped in front of a key",
        "名称: 甲\n@类型: 派出所\n",
        {"名称": "甲", "类型": "派出所"},
        "2:1 stray-sign | 这里多了一个 @，请删掉 | 类型: 派出所",
    ),
    Case(
        "a key typed twice",
        "名称: 甲\n类型: 派出所\n名称: 乙\n",
        {"名称": "甲", "类型": "派出所"},
        "3:1 duplicate-key | “名称”写了两次（第 1 行已经写过），请只留一处 | ",
    ),
    Case(
        "an anchor",
        "- &a 刷单\n",
        ["&a 刷单"],
        '1:3 anchor | & 开头会被当成 YAML 的锚点，这里不能用；如果要印出这个符号，请加引号 | - "&a 刷单"',
    ),
    Case(
        "an alias",
        "甲: &a [1]\n乙: *a\n",
        {"甲": "&a [1]", "乙": "*a"},
        '1:4 anchor | & 开头会被当成 YAML 的锚点，这里不能用；如果要印出这个符号，请加引号 | 甲: "&a [1]"',
        '2:4 anchor | * 开头会被当成 YAML 的引用，这里不能用；如果要印出这个符号，请加引号 | 乙: "*a"',
    ),
    Case(
        "a tag",
        "- !!python/object/apply:os.system [ls]\n",
        ["!!python/object/apply:os.system [ls]"],
        (
            "1:3 tag | ! 开头会被当成 YAML 的类型标记，这里不能用；如果要印出这个符号，请加引号 | "
            '- "!!python/object/apply:os.system [ls]"'
        ),
    ),
    Case(
        "a merge key",
        "甲: 1\n<<: 乙\n",
        {"甲": "1"},
        "2:1 merge-key | “<<”合并写法不能用，请把内容直接写出来 | ",
    ),
    Case(
        "a list as a key",
        "[甲, 乙]: 丙\n",
        "[甲, 乙]: 丙",
        '1:1 bad-key | 冒号前面要是一个名称，不能是列表或 {…}；如果是文字请加引号 | "[甲, 乙]: 丙"',
    ),
    Case(
        "jinja at the beginning",
        "- {{ name }} 你好\n",
        ["{{ name }} 你好"],
        '1:3 needs-quotes | 以 { 开头的内容要整个放进引号里，程序才会照原样读 | - "{{ name }} 你好"',
    ),
    Case(
        "a jinja block at the beginning",
        "- {% if x %}不转账{% endif %}\n",
        ["{% if x %}不转账{% endif %}"],
        '1:3 needs-quotes | 以 { 开头的内容要整个放进引号里，程序才会照原样读 | - "{% if x %}不转账{% endif %}"',
    ),
    Case(
        "a NUL",
        "- 刷单\x00是幌子\n- 不轻信\n",
        ["刷单是幌子", "不轻信"],
        "1:5 control-character | 有看不见的控制字符（U+0000），多半是复制时带来的，请删掉 | - 刷单是幌子",
    ),
    Case(
        "a control character",
        "- 刷单\x0b是幌子\n",
        ["刷单是幌子"],
        "1:5 control-character | 有看不见的控制字符（U+000B），多半是复制时带来的，请删掉 | - 刷单是幌子",
    ),
    Case(
        "a line separator",
        "- 刷单\u2028是幌子\n",
        ["刷单是幌子"],
        "1:5 control-character | 有看不见的控制字符（U+2028），多半是复制时带来的，请删掉 | - 刷单是幌子",
    ),
    Case(
        "a bare colon",
        ": 甲\n",
        None,
        ("1:1 syntax | 这一行程序读不懂。请对照上下几行：列表的每一项写成“- 内容”，其余写成“名称: 内容”，左边对齐 | "),
    ),
    Case(
        "several mistakes in one file",
        '- *重要*\n- "全民"你我\n-刷单\n- @所有人\n- [紧急]转账\n- 不轻信 #话题\n- 转账多核实\n',
        ["*重要*", '"全民"你我', "刷单", "@所有人", "[紧急]转账", "不轻信 #话题", "转账多核实"],
        '1:3 needs-quotes | 以 * 开头的内容要整个放进引号里，程序才会照原样读 | - "*重要*"',
        '2:3 needs-quotes | 以 " 开头的内容要整个放进引号里，程序才会照原样读 | - \'"全民"你我\'',
        "3:1 missing-space | 短横 - 后面要空一格（半角空格） | - 刷单",
        '4:3 needs-quotes | 以 @ 开头的内容要整个放进引号里，程序才会照原样读 | - "@所有人"',
        '5:3 needs-quotes | 以 [ 开头的内容要整个放进引号里，程序才会照原样读 | - "[紧急]转账"',
        (
            "6:7 cut-by-hash | 空格加 # 后面会当成注释，印不出来；要印就把整句放进引号（是注释请在 # 后空一格） | "
            '- "不轻信 #话题"'
        ),
    ),
    Case(
        "the second mistake on a line is corrected with the first",
        "- 标语：反诈 #话题\n  对象: 学校\n",
        [{"标语": "反诈 #话题", "对象": "学校"}],
        '1:5 wide-colon | “标语”后面是全角冒号“：”，请改成半角冒号加空格“: ” | - 标语: "反诈 #话题"',
    ),
    Case(
        "damaged UTF-8",
        "- 刷单是幌子\n- 转账".encode() + b"\xff\xe8" + "多核实\n".encode(),
        None,
        "2:5 encoding | 这里的字节不是 UTF-8 文字，可能已损坏；请用记事本重新输入这一行，另存为 UTF-8 | ",
    ),
    Case(
        "neither UTF-8 nor GBK",
        b"- abc\n- \xff\xff\n",
        None,
        "2:3 encoding | 这里的字节不是 GBK 文字，可能已损坏；请用记事本重新输入这一行，另存为 UTF-8 | ",
    ),
    Case(
        "UTF-16 cut in half",
        b"\xff\xfe-\x00 \x00a",
        None,
        "1:3 encoding | 这里的字节不是 UTF-16 文字，可能已损坏；请用记事本重新输入这一行，另存为 UTF-8 | ",
    ),
)


def said(source: Source) -> list[str]:
    """Every problem with its place, its words and its correction."""
    return [
        f"{problem.span.line}:{problem.span.column} {problem.code} | {problem.message} | {problem.fix}"
        for problem in source.problems
        if problem.span
    ]


def typed(text: str) -> Source:
    return read_bytes(text.encode(), "content/a.yaml")


def test_there_are_at_least_thirty_kinds_of_mistakes() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_named_at_its_own_line_with_the_line_to_write(case: Case) -> None:
    source = read_bytes(case.data, "content/a.yaml")
    assert said(source) == case.problems
    assert source.value == case.value


CORRECTED = [case for case in CASES if not any(problem.endswith("| ") for problem in case.problems)]


@pytest.mark.parametrize("case", CORRECTED, ids=lambda case: case.name)
def test_writing_the_lines_offered_cures_the_file(case: Case) -> None:
    source = read_bytes(case.data, "content/a.yaml")
    lines = list(source.lines)
    for problem in source.problems:
        assert problem.span
        assert problem.quote == shown(source.lines[problem.span.line - 1])
        lines[problem.span.line - 1] = problem.fix
    cured = typed("\n".join(lines))
    assert not cured.problems
    assert cured.value == case.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_pure_python_parser_sees_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LOADER", yaml.BaseLoader)
    source = read_bytes(case.data, "content/a.yaml")
    assert source.value == case.value
    assert [line.split(" ", 2)[1] for line in said(source)] == [line.split(" ", 2)[1] for line in case.problems]


def test_of_two_likely_words_the_one_with_the_same_beginning_is_offered_first() -> None:
    assert nearest("学笑", ["小学", "大学", "学校", "派出所"])[0] == "学校"
    assert nearest("完全不同", ["小学", "学校"]) == []


# ---- as typed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "0553",
        "9:30",
        "no",
        "否",
        "96110",
        "2026-11-22",
        "1e5",
        "null",
        "~",
        "0x10",
        ".5",
        "刷单是幌子，骗钱才是目的",
        "警方提示：不轻信、不转账",
        "100%是骗局",
        "邮箱a@b.cn",
        "一*二*三",
        "C#语言",
        "“全民”反诈",
        "- 破折号——后面",
        "$x^2$和#set",
        "\\b1 {\\rtf1 \\b x}",
        "<b>&amp;</b>",
        "转账前{{ name }}",
        "反诈🛡️你我同行👮",
        "𠮷野家𡈽",
        "刷单是幌子" * 100,
        "it's 5 o'clock",
    ],
)
def test_a_value_is_the_text_that_was_typed(text: str) -> None:
    source = typed(f"- {text}\n")
    wanted = [[text[2:]]] if text.startswith("- ") else [text]
    assert (source.value, source.problems) == (wanted, ())


def test_comments_and_block_texts_are_left_alone() -> None:
    source = typed(
        "# 名称：甲 #话题 *重要*\n# - 学校\n经过: |\n  类型：乙 #话题\n  - 不是列表\n"
        "  *重要*\n\t\n提醒: 丙  # 名称：丁\n对象: 戊 # 注释\n"
    )
    assert source.problems == ()
    assert source.value == {"经过": "类型：乙 #话题\n- 不是列表\n*重要*\n", "提醒": "丙", "对象": "戊"}


def test_a_chinese_sentence_on_two_lines_gets_no_space_in_the_middle() -> None:
    source = typed(
        "经过: 小王接到电话，\n  对方自称客服\n提醒: use the\n  APP\n引号: “甲”\n  　　乙\n空行: 甲\n\n  乙\n"
    )
    assert source.problems == ()
    assert source.value == {
        "经过": "小王接到电话，对方自称客服",
        "提醒": "use the APP",
        "引号": "“甲”乙",
        "空行": "甲\n乙",
    }


def test_a_line_of_full_width_spaces_is_an_empty_line() -> None:
    assert typed("名称: 甲\n　　\n类型: 乙\n").value == {"名称": "甲", "类型": "乙"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_of_notepad_is_read(encoding: str, newline: str) -> None:
    text = newline.join(["# 标语", "- 刷单是幌子，骗钱才是目的", "- 标语: 转账之前多核实", "  对象: 学校", ""])
    source = read_bytes(text.encode(encoding), "content/a.yaml")
    assert source.problems == ()
    assert source.value == ["刷单是幌子，骗钱才是目的", {"标语": "转账之前多核实", "对象": "学校"}]
    assert source.span((1, "对象")) == Span("content/a.yaml", 4, 7, 4, 9)


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有注释\n", "\ufeff", "---\n"])
def test_an_empty_file_is_empty_and_no_mistake(text: str) -> None:
    assert (typed(text).value, typed(text).problems) == ("", ())


# ---- places --------------------------------------------------------------------------------------------------


def test_places_have_a_start_and_an_end() -> None:
    source = typed('- 刷单是幌子\n- 标语: "转账"  # 注释\n  对象: [学校, 银行]\n  骗术:\n    - 刷单\n')
    at = {
        (0,): (1, 3, 1, 8),
        (1,): (2, 3, 5, 9),
        (1, "标语"): (2, 7, 2, 11),
        (1, "标语", KEY): (2, 3, 2, 5),
        (1, "对象"): (3, 7, 3, 15),
        (1, "对象", 1): (3, 12, 3, 14),
        (1, "骗术"): (5, 5, 5, 9),
        (): (1, 1, 5, 9),
    }
    assert {path: source.span(path) for path in at} == {
        path: Span("content/a.yaml", *marks) for path, marks in at.items()
    }


def test_what_was_not_written_stands_where_its_nearest_ancestor_does() -> None:
    source = typed("- 标语: 甲\n")
    assert source.span((0, "短句")) == source.span((0,))
    assert source.span((7, "短句")) == source.span(())
    assert source.key_span((0, "标语")) == Span("content/a.yaml", 1, 3, 1, 5)
    assert source.quote(source.span((0, "标语"))) == "- 标语: 甲"


def test_wide_characters_count_one_column_each() -> None:
    assert typed("- 𠮷👮 #话题\n").problems[0].span == Span("content/a.yaml", 1, 6, 1, 9)


# ---- files that are no content --------------------------------------------------------------------------------


def test_thirty_megabytes_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "标语.yaml"
    path.write_bytes("- 刷单是幌子\n".encode() * 1_800_000)
    started = time.perf_counter()
    source = read(path, tmp_path)
    assert time.perf_counter() - started < 0.5
    assert said(source) == ["1:1 too-large | 文件有 32.4 MB，超过了 2 MB；文字文件不会这么大，请检查是否放错了文件 | "]
    assert source.value is None


def test_a_file_just_small_enough_is_read_in_time(tmp_path: Path) -> None:
    path = tmp_path / "标语.yaml"
    path.write_bytes("- 刷单是幌子\n".encode() * (MAX_BYTES // 18))
    started = time.perf_counter()
    assert len(read(path, tmp_path).value) == MAX_BYTES // 18
    assert time.perf_counter() - started < 5


def test_a_folder_called_like_a_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    assert said(read(tmp_path / "a.yaml", tmp_path)) == ["1:1 unreadable | 不是一个普通文件，没有读取 | "]


def test_a_picture_renamed_to_yaml_is_not_text() -> None:
    source = read_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff", "content/a.yaml")
    assert [problem.code for problem in source.problems] == ["encoding"]


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "anchor"),
        ("[" * 500_000, "too-deep"),
        ("- " * 500_000, "too-deep"),
        ("".join(" " * n + "a:\n" for n in range(60)), "too-deep"),
        ("- *a\n" * 50_000, "anchor"),
        ("a: b\n" * 50_000, "duplicate-key"),
        ("- " + '"' * 900_000, "needs-quotes"),
        ("- a" + " " * 900_000 + "\n\tb", "tab-indent"),
        ("\0\n" * 500_000, "control-character"),
    ],
    ids=["alias bomb", "brackets", "dashes", "indents", "aliases", "duplicates", "quotes", "spaces", "NULs"],
)
def test_hostile_files_end_soon_with_few_problems(text: str, code: str) -> None:
    started = time.perf_counter()
    source = typed(text)
    assert time.perf_counter() - started < 5
    assert source.problems[0].code == code
    assert len(source.problems) <= 51
    assert all(len(problem.quote) < 500 and len(problem.fix) < 500 for problem in source.problems)


SIGNS = st.sampled_from(
    [*"#@*&!%{}[]\"'`|>,?:：-－ \t\n\u3000\\\0", "- ", ": ", " #", "\n- ", "\n  ", "学校", "名称: 甲\n"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SIGNS, max_size=40).map("".join))
def test_whatever_is_typed_is_read_or_explained_inside_the_file(text: str) -> None:
    source = typed(text)
    assert source.value is not None or source.problems
    for problem in source.problems:
        assert problem.span
        assert 1 <= problem.span.line <= len(source.lines)
        assert 1 <= problem.span.column <= len(source.lines[problem.span.line - 1]) + 1


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), min_size=1))
def test_a_quoted_text_is_read_as_it_was(text: str) -> None:
    assert typed(f"- {quoted(text)}\n").value == [text]
