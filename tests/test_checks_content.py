"""What the content must not say: each rule finds its words at their line and column, and leaves good words alone.

Files are written with ⟦…⟧ around what a problem must point at; the marks are taken out before the file is read.
"""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from generator.checks.cases import DETAILS
from generator.checks.content import BEFORE_CHECKS, check, overdue
from generator.checks.words import every_text
from generator.errors import Problem, Span
from generator.library import Library, load
from generator.model.content import Contact, ContactKind, Slogan, Use
from generator.typesetting.qr import symbol
from generator.typesetting.signature import plain_signature
from generator.typesetting.slogans import fits, length

REPOSITORY = Path(__file__).parent.parent
EDITION = date(2026, 11, 22)

AUDIENCE = """\
名称: {name}
继承: 无
读者: 居民
单位类型: {kind}
主题样式: police-blue
场所: corridor
骗术: 刷单返利
口径: 三不一多
求助话:
  先问谁: 先问家人
  马上做: 马上打110
课件:
  提纲: fraud-class
  标题: 反诈讲座
被骗后怎么办: 马上打110
封面语:
  标题: 识破骗局
  内容: 守住钱袋子
未成年人: {minors}
"""
REVIEWED = "来源: 工作总结\n审核日期: 2026-11-22\n复审期限: 2027-05-31\n"
SCAM = f"""\
名称: 刷单返利
场景: hook-phone
易受骗人群: 学生
大标题: 刷单是骗局
副标题: 先垫钱的都是骗
骗术步骤:
  - 标题: 小甜头
    内容: 先返几元钱
  - 标题: 做任务
    内容: 让你先垫钱
  - 标题: 不见了
    内容: 钱要不回来
危险信号:
  - 先垫钱
  - 换软件
怎么做:
  - 马上停手
  - 马上打110
不要做:
  - 标题: 不垫钱
    内容: 先交钱的都是骗
  - 标题: 不点击
    内容: 陌生链接别点
  - 标题: 不透露
    内容: 验证码不给人
口诀: 刷单是幌子，骗钱是目的
{REVIEWED}"""
CHANNELS = f"""\
渠道:
  - 名称: 报警
    号码: "110"
    能做什么: 报警
    印法: 被骗马上打
    {REVIEWED.strip().replace(chr(10), chr(10) + "    ")}
  - 名称: 反诈专线
    号码: "96110"
    能做什么: 来电请接听
    印法: 来电请接听
    {REVIEWED.strip().replace(chr(10), chr(10) + "    ")}
    错误写法:
      - 写法: 96110来电[^，]{{0,4}}挂断
        改为: 96110来电请接听
        原因: 96110是劝阻来电
二维码域名:
  - 域名: www.12377.cn
    名称: 举报中心
  - 域名: getsimnum.caict.ac.cn
    名称: 一证通查
    允许: 否
"""
WORDING = """\
错别字:
  - 写法: 透漏
    改为: 透露
    原因: 错字
  - 写法: 登陆
    改为: 登录
    原因: 进入网站写“登录”
    除非: 台风[^，。]{0,9}登陆
禁用说法:
  - 写法: 零风险
    改为: 删去
    原因: 没有零风险
  - 写法: 恋爱
    改为: 交友
    原因: 不适合未成年人
    适用: 学校
过时说法:
  - 写法: 打114
    改为: 打110
    原因: 来电号码可以伪造
"""
SCHOOL = """\
名称: 阳光小学
类型: 学校
落款: 阳光小学
电话: 0553-1234567
"""
CASE = f"""\
名称: 先垫钱的任务
骗术: 刷单返利
对象: 派出所
经过:
  - {{0}}
  - 对方收了钱就不见了
提醒: 先垫钱的都是骗
{REVIEWED}"""


def unmarked(text: str) -> str:
    return text.replace("⟦", "").replace("⟧", "")


class Project:
    """A small project on disk; ``write`` changes one file, ``problems`` loads and checks it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "templates").symlink_to(REPOSITORY / "templates", target_is_directory=True)
        base = {
            "audiences/station": AUDIENCE.format(name="派出所", kind="派出所", minors="否"),
            "audiences/school": AUDIENCE.format(name="学校", kind="学校", minors="是"),
            "audiences/bank": AUDIENCE.format(name="银行", kind="银行", minors="否"),
            "scams/刷单返利": SCAM,
            "rules/三不一多": f"名称: 三不一多\n条目:\n  - 未知链接不点击\n{REVIEWED}",
            "channels": CHANNELS,
            "wording": WORDING,
            "slogans": "- 全民反诈，你我同行\n",
            "jingles": "- 名称: 口诀\n  句子:\n    - 陌生来电别轻信\n    - 转账汇款要核实\n",
            "glossary": "- 杀猪盘\n",
        }
        for name, text in base.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> list[Span]:
        """Writes content/``name``.yaml without its marks; returns what was between each pair of them."""
        file = f"content/{name}.yaml"
        marked = []
        lines = text.split("\n")
        for at, line in enumerate(lines):
            while found := re.search("⟦(.*?)⟧", line):
                start = found.start() + 1
                marked.append(Span(file, at + 1, start, at + 1, start + len(found[1])))
                line = line[: found.start()] + found[1] + line[found.end() :]
            lines[at] = line
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), encoding="utf-8")
        return marked

    def picture(self, name: str, image: Image.Image) -> None:
        """Writes a picture beside the contacts."""
        path = self.root / "content" / "contacts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)

    def library(self) -> Library:
        """The project as the program reads it."""
        library, problems = load(self.root, ("pages", "led", "deck"))
        assert library is not None, problems
        assert [one for one in problems if one.severity == "error" and str(one.span).startswith("content/")] == []
        return library

    def problems(self, edition: date = EDITION) -> list[Problem]:
        """Everything that the checks find."""
        return check(self.library(), edition)

    def found(self, name: str, text: str, code: str) -> Problem:
        """The one problem with ``code`` in ``text``, which must stand at its one mark."""
        (marked,) = self.write(name, text)
        (problem,) = [one for one in self.problems() if one.code == code]
        assert problem.span == marked
        assert problem.quote == unmarked(text).split("\n")[marked.line - 1]
        return problem

    def codes(self, name: str, text: str) -> set[str]:
        """The codes of all problems once ``text`` is written."""
        self.write(name, text)
        return {problem.code for problem in self.problems()}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_good_content_has_no_problem(project: Project) -> None:
    project.write("contacts/阳光小学", SCHOOL)
    assert project.problems() == []


def test_the_content_that_is_delivered_has_no_problem() -> None:
    library, _ = load(REPOSITORY, ("pages", "led", "deck"))
    assert library is not None
    assert [str(problem.span) + problem.message for problem in check(library, EDITION)] == []


def test_every_printed_text_is_walked_once(project: Project) -> None:
    project.write("contacts/阳光小学", SCHOOL)
    texts = list(every_text(project.library()))
    assert len({(words.reference, words.path) for words in texts}) == len(texts)
    said = {words.text for words in texts}
    assert {"全民反诈，你我同行", "先垫钱的都是骗", "陌生来电别轻信", "来电请接听", "守住钱袋子", "阳光小学"} <= said
    assert not {"hook-phone", "police-blue", "110", "工作总结", "0553-1234567"} & said


# ---- wording ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "slogans",
    [
        "- 密码不⟦透漏⟧给别人\n",
        '- "密码不⟦透漏⟧给别人"\n',
        "- 标语: 密码不⟦透漏⟧给别人\n  用途: LED\n",
        "- 标语: |\n    密码不⟦透漏⟧给别人\n",
        "- 第一条\n- 标语: 另一条\n  短句: 别⟦透漏⟧\n",
    ],
)
def test_a_misspelling_is_a_warning_at_its_word(project: Project, slogans: str) -> None:
    problem = project.found("slogans", slogans, "misspelling")
    assert problem.severity == "warning"
    assert problem.fix == problem.quote.replace("透漏", "透露")


def test_the_second_misspelling_of_a_line_has_its_own_column(project: Project) -> None:
    marks = project.write("slogans", "- 不⟦透漏⟧密码，不⟦透漏⟧卡号\n")
    assert [problem.span for problem in project.problems()] == marks


def test_a_misspelling_in_a_text_over_two_lines_stands_in_its_own_line(project: Project) -> None:
    rule = f"名称: 三不一多\n条目:\n  - 未知链接不点击\n说明:\n  - 个人信息\n    不⟦透漏⟧给人\n{REVIEWED}"
    problem = project.found("rules/三不一多", rule, "misspelling")
    assert problem.fix == "    不透露给人"


def test_an_excused_wording_is_left_alone(project: Project) -> None:
    assert project.codes("slogans", "- 台风将于今晚登陆\n") == set()


def test_an_excuse_holds_for_its_own_words_alone(project: Project) -> None:
    project.found("slogans", "- 台风今晚登陆，请勿⟦登陆⟧陌生网站\n", "misspelling")


def test_a_forbidden_word_is_an_error_without_a_line_when_the_way_out_is_advice(project: Project) -> None:
    problem = project.found("slogans", "- 本行理财⟦零风险⟧\n", "forbidden-words")
    assert (problem.severity, problem.fix) == ("error", "")
    assert "没有零风险" in problem.message


def test_an_outdated_tip_is_an_error_with_the_line_to_write(project: Project) -> None:
    problem = project.found("scams/刷单返利", SCAM.replace("马上打110", "拨⟦打114⟧核实"), "outdated-tip")
    assert (problem.severity, problem.fix) == ("error", "  - 拨打110核实")


@pytest.mark.parametrize("audience", ["", "  对象: 学校\n", "  对象: 派出所、学校\n"])
def test_a_wording_for_pupils_holds_where_pupils_read(project: Project, audience: str) -> None:
    problem = project.found("slogans", f"- 标语: 网上⟦恋爱⟧别谈钱\n{audience}", "forbidden-words")
    assert problem.fix == "- 标语: 网上交友别谈钱"


def test_a_wording_beside_its_own_words_does_not_double_them(project: Project) -> None:
    problem = project.found("slogans", "- 标语: 上网⟦恋爱⟧交友别谈钱\n  对象: 学校\n", "forbidden-words")
    assert problem.fix == "- 标语: 上网交友别谈钱"


def test_braces_outside_documents_are_an_error(project: Project) -> None:
    problem = project.found("slogans", "- 反诈⟦{{单位}}⟧提醒您\n", "braces")
    assert problem.severity == "error"
    assert "只在 content/documents/" in problem.message
    assert problem.fix == "- 反诈本单位提醒您"


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("- 别给⟦{{验证码}}⟧", "- 别给验证码"),
        ("- ⟦｛｛单位名称｝｝⟧提醒您", "- 本单位提醒您"),
        ("- 请认准⟦{{x}}⟧", ""),
        ("- 标语: 请认准网址\n  短句: 请认准⟦{% if a %}⟧", ""),
    ],
)
def test_other_braces_are_printed_as_typed_and_told(project: Project, typed: str, fix: str) -> None:
    problem = project.found("slogans", f"{typed}\n", "braces")
    assert problem.severity == "warning"
    assert "会原样印出来" in problem.message
    assert problem.fix == fix


def test_cells_of_a_table_pasted_into_one_line_are_told(project: Project) -> None:
    problem = project.found("slogans", "- 免费皮肤别领⟦\t⟧学校\tLED\n", "tab-inside")
    assert problem.fix == "- 免费皮肤别领"


@pytest.mark.parametrize("typed", ["- 三件套 {卡、证、码} 不外借", "- 记住 } 和 {{ 不成对", "- 看好 {钱袋子}"])
def test_a_lone_brace_is_nobodys_business(project: Project, typed: str) -> None:
    assert project.codes("slogans", f"{typed}\n") == set()


def test_a_wording_for_pupils_does_not_hold_where_they_do_not_read(project: Project) -> None:
    assert project.codes("slogans", "- 标语: 网上恋爱别谈钱\n  对象: 派出所\n") == set()


def test_the_base_words_of_a_scam_are_not_held_against_an_audience_with_its_own(project: Project) -> None:
    own = "分众写法:\n  学校:\n    副标题: 先垫钱的都是骗\n"
    for words in ("副标题: 恋爱是假的\n", "副标题: 恋爱是假的\n" + own):
        project.write("scams/刷单返利", SCAM.replace("副标题: 先垫钱的都是骗\n", words))
        assert bool(project.problems()) == (own not in words)


def test_a_variant_is_read_by_its_own_audience(project: Project) -> None:
    scam = SCAM + "分众写法:\n  学校:\n    副标题: 网上⟦恋爱⟧是假的\n"
    project.found("scams/刷单返利", scam, "forbidden-words")
    assert project.codes("scams/刷单返利", unmarked(scam.replace("学校", "银行"))) == set()


def test_what_an_audience_inherits_is_told_once_in_its_parents_file(project: Project) -> None:
    project.write("audiences/primary", "名称: 小学\n继承: 学校\n")
    text = AUDIENCE.format(name="学校", kind="学校", minors="是").replace("识破骗局", "不要⟦透漏⟧")
    project.found("audiences/school", text, "misspelling")


def test_two_rules_for_the_same_words_tell_it_once(project: Project) -> None:
    project.write("wording", WORDING + '  - 写法: 114\n    改为: "110"\n    原因: 查不到\n')
    assert project.found("slogans", "- 请⟦打114⟧核实\n", "outdated-tip")


def test_a_number_that_a_rule_explains_is_not_told_again_as_unknown(project: Project) -> None:
    assert project.codes("slogans", "- 请打114核实\n") == {"outdated-tip"}


def test_a_word_that_a_rule_explains_is_not_told_again_as_avoided(project: Project) -> None:
    project.write("audiences/school", AUDIENCE.format(name="学校", kind="学校", minors="是") + "不用的词: 恋爱\n")
    assert project.codes("slogans", "- 网上恋爱别谈钱\n") == {"forbidden-words"}


@pytest.mark.parametrize("pattern", ["⟦(未完⟧", "⟦[a⟧", "⟦a*⟧", "⟦(?:)⟧"])
def test_a_pattern_that_cannot_work_is_an_error_at_its_line(project: Project, pattern: str) -> None:
    text = f"错别字:\n  - 写法: {pattern}\n    改为: 甲\n    原因: 乙\n"
    if pattern == "⟦[a⟧":
        text = text.replace("⟦[a⟧", "'⟦[a⟧'")
    assert project.found("wording", text, "bad-pattern").severity == "error"


def test_a_broken_excuse_is_an_error_and_its_rule_rests(project: Project) -> None:
    project.write("slogans", "- 密码不透漏给别人\n")
    text = "错别字:\n  - 写法: 透漏\n    改为: 透露\n    原因: 错字\n    除非: ⟦不)⟧\n"
    project.found("wording", text, "bad-pattern")
    assert {problem.code for problem in project.problems()} == {"bad-pattern"}


def test_a_broken_pattern_of_a_channel_is_an_error_at_its_line(project: Project) -> None:
    project.found("channels", CHANNELS.replace("96110来电[^，]{0,4}挂断", "⟦96110(⟧"), "bad-pattern")


# ---- channels and telephone numbers -----------------------------------------------------------------------


def test_a_misused_channel_is_an_error(project: Project) -> None:
    problem = project.found("slogans", "- ⟦96110来电一律挂断⟧\n", "misused-channel")
    assert (problem.severity, problem.fix) == ("error", "- 96110来电请接听")


@pytest.mark.parametrize(
    "text",
    [
        "- 拨打⟦96110报警⟧\n",
        "- ⟦96110反诈专线报警⟧\n",
        "- ⟦报警请拨打96110⟧\n",
        "- 被骗⟦报案打96110⟧\n",
        "- 拨打110、⟦96110报警⟧\n",
    ],
)
def test_96110_is_never_a_number_to_report_to(project: Project, text: str) -> None:
    assert project.found("slogans", text, "misused-channel").severity == "error"


@pytest.mark.parametrize(
    "text",
    [
        "报警打110，96110来电请接听",
        "报警打110、96110来电请接听",
        "报警打110 咨询打96110",
        "96110不是报警电话",
        "96110可咨询、可举报，报警打110",
        "接到96110来电后，她马上报警",
        "别把96110当报警电话",
    ],
)
def test_96110_beside_110_is_in_its_place(project: Project, text: str) -> None:
    assert project.codes("slogans", f"- {text}\n") == set()


@pytest.mark.parametrize("number", ["12339", "95588", "13812345678", "400-800-1234", "0553-7654321"])
def test_a_number_that_is_no_channel_is_an_error(project: Project, number: str) -> None:
    problem = project.found("slogans", f"- 有事请打⟦{number}⟧\n", "unknown-hotline")
    assert problem.severity == "error"


def test_a_sum_is_no_hotline(project: Project) -> None:
    assert project.codes("slogans", "- 垫付95588元，到手110元\n") == set()


def test_a_unit_may_name_its_own_numbers_in_its_own_file(project: Project) -> None:
    bank = '名称: 江南银行\n类型: 银行\n电话: 0553-1234567\n服务热线: "95599"\n落款: 江南银行 客服95599\n'
    assert project.codes("contacts/江南银行", bank) == set()


def test_the_hotline_of_a_unit_is_an_error_everywhere_else(project: Project) -> None:
    project.write("contacts/江南银行", '名称: 江南银行\n类型: 银行\n服务热线: "95599"\n')
    problem = project.found("slogans", "- 有疑问请打⟦95599⟧\n", "unknown-hotline")
    assert "江南银行" in problem.message
    project.write("slogans", "- 全民反诈\n")
    project.found("contacts/阳光小学", SCHOOL + "地址: 长江路，⟦95599⟧可问\n", "unknown-hotline")


def test_a_retired_channel_is_a_channel_no_more(project: Project) -> None:
    channels = CHANNELS.replace('    号码: "96110"\n', '    号码: "96110"\n    状态: 停用\n')
    project.write("channels", channels)
    project.found("slogans", "- ⟦96110⟧来电请接听\n", "unknown-hotline")


def test_a_unit_cannot_list_96110_as_its_number_to_report_to(project: Project) -> None:
    text = SCHOOL.replace("电话: 0553-1234567", '电话:\n  - 名称: 报警电话\n    号码: "⟦96110⟧"')
    problem = project.found("contacts/阳光小学", text, "misused-channel")
    assert problem.fix == '    号码: "110"'


# ---- units -----------------------------------------------------------------------------------------------

SAMPLE = """\
名称: ××小学
类型: 学校
电话: 0553-×××××××
样张: 是
"""


def test_a_sample_with_hidden_digits_and_unreal_names_is_fine(project: Project) -> None:
    assert project.codes("contacts/样例", SAMPLE) == set()


def test_a_sample_cannot_have_a_telephone_that_rings(project: Project) -> None:
    problem = project.found("contacts/样例", SAMPLE.replace("0553-×××××××", "⟦0553-1234567⟧"), "sample-phone")
    assert problem.fix == "电话: 0553-×××××××"


def test_a_sample_cannot_have_a_hotline_that_rings(project: Project) -> None:
    assert project.found("contacts/样例", SAMPLE + "服务热线: ⟦95588⟧\n", "sample-phone").fix == "服务热线: 95×××"


@pytest.mark.parametrize("line", ["联署单位: ⟦芜湖市公安局⟧\n", "落款: ⟦阳光小学⟧\n"])
def test_a_sample_cannot_sign_with_a_name_that_looks_real(project: Project, line: str) -> None:
    project.found("contacts/样例", SAMPLE + line, "sample-name")


@pytest.mark.parametrize(
    "text",
    [
        SCHOOL.replace("名称: 阳光小学", "名称: ⟦××小学⟧"),
        SCHOOL.replace("落款: 阳光小学", "落款: ⟦某某小学⟧"),
        SCHOOL.replace("0553-1234567", "⟦0553-×××××××⟧"),
        SCHOOL + "地址: ⟦××路××号⟧\n",
        SCHOOL + "联署单位: ⟦XX派出所⟧\n",
    ],
)
def test_a_real_unit_has_no_placeholder_left(project: Project, text: str) -> None:
    assert project.found("contacts/阳光小学", text, "placeholder").severity == "error"


# ---- QR codes --------------------------------------------------------------------------------------------

QR = SCHOOL + "二维码:\n  - 文字: 扫码举报\n    网址: {0}\n"


def test_a_code_to_an_allowed_host_is_fine(project: Project) -> None:
    assert project.codes("contacts/阳光小学", QR.format("https://www.12377.cn/jb.html")) == set()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.12377.com/", "qr-domain"),
        ("https://12377.cn/", "qr-domain"),
        ("https://www.12377.cn.evil.com/", "qr-domain"),
        ("https://a.www.12377.cn/", "qr-domain"),
        ("https://getsimnum.caict.ac.cn/", "qr-domain"),
        ("https://t.cn/A6xyz", "qr-short-link"),
        ("http://www.12377.cn/", "qr-address"),
        ("https://www.12377.cn@evil.com/", "qr-address"),
        ("https://www.12377.cn:8443/", "qr-address"),
        ("https://www.12377.cn:x/", "qr-address"),
        ("https://www.12З77.cn/", "qr-address"),
        ("https://xn--12377-abc.cn/", "qr-address"),
        ("https://www.12377.cn%2f.evil.com/", "qr-address"),
        ("https://www.12377.cn\\.evil.com/", "qr-address"),
        ("https://1.2.3.4/", "qr-address"),
        ("https://www.12377.cn./", "qr-address"),
        ("javascript:alert(1)", "qr-address"),
        ("wxp://f2f0abc", "qr-address"),
        ("www.12377.cn", "qr-address"),
    ],
)
def test_a_code_to_any_other_address_is_an_error(project: Project, url: str, code: str) -> None:
    problem = project.found("contacts/阳光小学", QR.format(f"⟦{url}⟧"), code)
    assert problem.severity == "error"


def test_a_look_alike_host_gets_the_line_with_the_right_one(project: Project) -> None:
    problem = project.found("contacts/阳光小学", QR.format("⟦https://www.12377.com/a⟧"), "qr-domain")
    assert problem.fix == "    网址: https://www.12377.cn/a"


def test_an_insecure_address_gets_its_secure_line(project: Project) -> None:
    problem = project.found("contacts/阳光小学", QR.format("⟦http://www.12377.cn/⟧"), "qr-address")
    assert problem.fix == "    网址: https://www.12377.cn/"


def test_the_allow_list_holds_bare_hosts_alone(project: Project) -> None:
    channels = CHANNELS.replace("域名: www.12377.cn", "域名: ⟦https://www.12377.cn/⟧")
    assert project.found("channels", channels, "qr-domain").fix == "  - 域名: www.12377.cn"


@pytest.mark.parametrize("caption", ["进群交流", "家长微信群", "扫码缴费"])
def test_a_caption_cannot_announce_a_group_or_a_payment(project: Project, caption: str) -> None:
    text = QR.format("https://www.12377.cn/").replace("扫码举报", f"⟦{caption}⟧")
    project.found("contacts/阳光小学", text, "qr-purpose")


PICTURE = SCHOOL + "二维码:\n  - 文字: 关注公众号\n    图片: {0}\n    核对人: 张三\n    核对日期: 2026-11-20\n"
ACCOUNT = "http://weixin.qq.com/r/abcDEF123"


def picture(*texts: str) -> Image.Image:
    """A page with a code for each text."""
    page = Image.new("L", (60 + 400 * max(len(texts), 1), 460), 255)
    for at, text in enumerate(texts):
        code = symbol(text)
        drawn = Image.new("L", (code.side, code.side))
        drawn.putdata([255 * (module == "0") for row in code.modules for module in row])
        side = 300 // code.side * code.side
        page.paste(drawn.resize((side, side), Image.Resampling.NEAREST), (60 + 400 * at, 60))
    return page


def test_a_checked_picture_of_an_account_is_fine(project: Project) -> None:
    project.picture("码.png", picture(ACCOUNT))
    assert project.codes("contacts/阳光小学", PICTURE.format("码.png")) == set()


@pytest.mark.parametrize("line", ["    核对人: 张三\n", "    核对日期: 2026-11-20\n"])
def test_a_picture_that_nobody_checked_is_an_error(project: Project, line: str) -> None:
    project.picture("码.png", picture(ACCOUNT))
    text = PICTURE.format("⟦码.png⟧").replace(line, "")
    assert project.found("contacts/阳光小学", text, "qr-unconfirmed").severity == "error"


@pytest.mark.parametrize(
    "payload",
    [
        "https://weixin.qq.com/g/AwYAAabc",
        "https://work.weixin.qq.com/gm/abc",
        "https://qun.qq.com/qqweb/qunpro/share?inviteCode=1",
        "https://jq.qq.com/?_wv=1027&k=abc",
        "wxp://f2f0abcdef",
        "https://qr.alipay.com/fkx01234",
        "HTTPS://QR.ALIPAY.COM/FKX01234",
        "https://payapp.weixin.qq.com/qr/abc",
        "https://qr.95516.com/00010000/6221",
        "00020101021226360015",
        "https://t.cn/A6xyz",
        "https://www.12377.cn/app.apk",
    ],
)
def test_a_picture_of_a_group_a_payment_or_a_download_is_an_error_that_tells_the_payload(
    project: Project, payload: str
) -> None:
    project.picture("码.png", picture(payload))
    problem = project.found("contacts/阳光小学", PICTURE.format("⟦码.png⟧"), "qr-purpose")
    assert problem.severity == "error"
    assert payload in problem.message


def test_a_picture_that_opens_an_unlisted_site_is_a_warning_that_tells_the_payload(project: Project) -> None:
    project.picture("码.png", picture("https://www.example.gov.cn/"))
    problem = project.found("contacts/阳光小学", PICTURE.format("⟦码.png⟧"), "qr-unknown")
    assert problem.severity == "warning"
    assert "https://www.example.gov.cn/" in problem.message


@pytest.mark.parametrize("texts", [(), (ACCOUNT, "https://www.12377.cn/")])
def test_a_picture_without_exactly_one_code_is_an_error(project: Project, texts: tuple[str, ...]) -> None:
    project.picture("码.png", picture(*texts))
    assert project.found("contacts/阳光小学", PICTURE.format("⟦码.png⟧"), "qr-unreadable").severity == "error"


# ---- cases -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "severity"),
    [
        ("民警⟦李建国⟧接到报警", "error"),
        ("受害人⟦张伟⟧被骗走一笔钱", "error"),
        ("⟦张先生⟧接到一个电话", "warning"),
        ("她把钱转到卡号⟦6222021234567890123⟧", "error"),
        ("卡⟦尾号1234⟧的账户被冻结", "error"),
        ("加了微信号：⟦abc_12345⟧", "error"),
        ("车牌⟦皖B12345⟧的车主", "error"),
        ("她到⟦城东派出所⟧报案", "warning"),
        ("家住⟦阳光小区⟧的老人", "warning"),
        ("她在⟦中山路12号⟧开店", "warning"),
        ("⟦安徽⟧的一位市民", "warning"),
        ("⟦6月15日⟧下午接到电话", "warning"),
        ("下午⟦3点20分⟧转了账", "warning"),
        ("分三次转走⟦31680元⟧", "warning"),
        ("前后转走⟦12.35万元⟧", "warning"),
        ("⟦13岁⟧的他扫了码", "error"),
        ("到⟦工商银行⟧办转账", "warning"),
    ],
)
def test_a_detail_that_identifies_somebody_is_found_in_a_case(project: Project, story: str, severity: str) -> None:
    assert project.found("cases/先垫钱", CASE.format(story), "identifying").severity == severity


@pytest.mark.parametrize(
    "story",
    [
        "市民李某接到电话，到派出所报案",
        "民警提醒她，附近的派出所可以报案",
        "一位66岁的老人到当地派出所求助",
        "群众高度警惕，民警马上赶到某小区",
        "她转走3600元，后来又转了12万元",
        "她被骗了3000多元，家人报了警",
        "某银行某支行的工作人员劝住了她",
        "大学生小某在一所大学读书",
        "今年夏天，她在超市门口扫了码",
        "受害人接到自称某市公安局民警的电话",
        "小王把钱转了出去",
    ],
)
def test_a_masked_case_of_adults_has_no_problem(project: Project, story: str) -> None:
    assert project.codes("cases/先垫钱", CASE.format(story)) == set()


@pytest.mark.parametrize(
    "story",
    [
        "⟦小王⟧在家玩手机",
        "一名⟦19岁⟧的学生",
        "⟦六十三岁⟧的爷爷",
        "他在⟦实验小学⟧读书",
        "⟦五（3）班⟧的他",
        "家住⟦阳光小区⟧",
        "⟦6月15日⟧放学后",
        "他的⟦张老师⟧报了警",
    ],
)
def test_a_case_that_pupils_read_is_held_to_more(project: Project, story: str) -> None:
    text = CASE.format(story).replace("对象: 派出所", "对象: 学校")
    problem = project.found("cases/先垫钱", text, "identifying")
    assert problem.severity == "error"


def test_a_case_about_a_child_is_held_to_more_whoever_reads_it(project: Project) -> None:
    problem = project.found("cases/先垫钱", CASE.format("初中生小某家住⟦阳光小区⟧"), "identifying")
    assert problem.severity == "error"
    assert "未成年人" in problem.message


def test_each_kind_of_detail_says_what_to_write_instead() -> None:
    assert all(re.search("改为|删去|写约数", detail.message) for detail in DETAILS)


def test_only_a_case_with_a_source_is_called_true(project: Project) -> None:
    text = CASE.format("这是一个⟦真实案例⟧")
    problem = project.found("cases/先垫钱", text, "true-case")
    assert problem.fix == "  - 这是一个案例"
    assert project.codes("cases/先垫钱", unmarked(text) + "可称真实案例: 是\n") == set()


def test_a_true_case_without_a_source_is_an_error(project: Project) -> None:
    text = CASE.format("她垫了钱").replace("来源: 工作总结\n", "") + "可称真实案例: ⟦是⟧\n"
    assert project.found("cases/先垫钱", text, "true-case").fix == "可称真实案例: 否"


def test_nothing_but_a_case_is_called_a_true_case(project: Project) -> None:
    project.found("slogans", "- ⟦真实案例⟧告诉你\n", "true-case")


# ---- slogans ---------------------------------------------------------------------------------------------

LONG = "时刻牢记未知链接不点击，陌生来电不轻信，个人信息不透露，转账汇款多核实"


@pytest.mark.parametrize("use", ["LED", "横幅", "海报"])
def test_a_slogan_too_long_for_where_it_shall_hang_is_a_warning(project: Project, use: str) -> None:
    problem = project.found("slogans", f"- 标语: ⟦{LONG}⟧\n  用途: {use}\n", "slogan-length")
    assert problem.severity == "warning"
    assert "32 个字" in problem.message


def test_a_short_form_takes_the_place_of_a_long_slogan(project: Project) -> None:
    assert project.codes("slogans", f"- 标语: {LONG}\n  短句: 三不一多\n  用途: 横幅\n") == set()


def test_a_short_form_that_is_too_long_does_not(project: Project) -> None:
    text = f"- 标语: ⟦{LONG}⟧\n  短句: 未知链接不点击，陌生来电不轻信，个人信息不透露\n  用途: 横幅\n"
    assert "短句也有 21 个字" in project.found("slogans", text, "slogan-length").message


def test_a_slogan_for_anywhere_that_fits_somewhere_is_fine(project: Project) -> None:
    assert project.codes("slogans", "- 未知链接不点击，陌生来电不轻信，个人信息不透露\n") == set()


def test_a_slogan_that_fits_nowhere_is_a_warning(project: Project) -> None:
    project.found("slogans", f"- ⟦{LONG}⟧\n", "slogan-length")


@pytest.mark.parametrize("field", ["大标题", "主题语"])
def test_what_a_campaign_says_at_too_great_length_is_a_warning(project: Project, field: str) -> None:
    text = f"名称: 某月\n时间: {{开始: 2026-06-01, 结束: 2026-06-30}}\n角标: 反诈月\n{field}: ⟦{LONG}⟧\n"
    problem = project.found("campaigns/某月", text, "slogan-length")
    assert f"活动的{field}有 32 个字" in problem.message
    assert "海报和课件最多 16 个字" in problem.message


def test_a_retired_slogan_may_be_as_long_as_it_likes(project: Project) -> None:
    assert project.codes("slogans", f"- 标语: {LONG}\n  用途: 横幅\n  状态: 停用\n") == set()


def test_punctuation_and_signs_do_not_count() -> None:
    assert length("刷单是幌子，骗钱才是目的！") == 11
    assert length("屏幕共享=钱包共享") == 8
    assert length("拨打 110") == 5


@pytest.mark.parametrize(("use", "most"), [(Use.LED, 28), (Use.BANNER, 20), (Use.POSTER, 16)])
def test_a_slogan_fits_up_to_the_limit_of_its_use(use: Use, most: int) -> None:
    assert fits(Slogan(slogan="诈" * most), use) == "诈" * most
    assert fits(Slogan(slogan="诈" * (most + 1)), use) is None
    assert fits(Slogan(slogan="诈" * (most + 1), short="防诈"), use) == "防诈"


def test_a_slogan_for_a_banner_is_not_for_a_screen() -> None:
    slogan = Slogan(slogan="防诈", channels=(Use.BANNER,))
    assert (fits(slogan, Use.BANNER), fits(slogan, Use.LED)) == ("防诈", None)


# ---- audiences and dates ---------------------------------------------------------------------------------


def test_a_word_that_an_audience_avoids_is_a_warning_where_it_would_read_it(project: Project) -> None:
    project.write("audiences/school", AUDIENCE.format(name="学校", kind="学校", minors="是") + "不用的词: 理财\n")
    problem = project.found("slogans", "- 高息⟦理财⟧要当心\n", "avoided-word")
    assert problem.severity == "warning"
    assert project.codes("slogans", "- 标语: 高息理财要当心\n  对象: 派出所\n") == set()


def test_a_rule_without_its_origin_is_a_warning(project: Project) -> None:
    text = "名称: ⟦三不一多⟧\n条目:\n  - 未知链接不点击\n审核日期: 2026-11-22\n"
    assert "来源" in project.found("rules/三不一多", text, "no-origin").message


def test_a_slogan_needs_no_origin(project: Project) -> None:
    assert project.codes("slogans", "- 不轻信\n") == set()


def test_what_is_past_its_review_is_a_warning_by_the_edition_date(project: Project) -> None:
    text = f"名称: 三不一多\n条目:\n  - 未知链接不点击\n{REVIEWED}".replace("2027-05-31", "⟦2026-11-21⟧")
    assert project.found("rules/三不一多", text, "past-review").severity == "warning"
    assert project.problems(date(2026, 11, 21)) == []


def test_an_audience_is_reviewed_too(project: Project) -> None:
    text = AUDIENCE.format(name="学校", kind="学校", minors="是") + "复审期限: ⟦2026-11-21⟧\n"
    project.found("audiences/school", text, "past-review")


def test_todays_date_is_asked_apart_and_tells_nothing_twice(project: Project) -> None:
    library = project.library()
    assert check(library, EDITION) == []
    assert overdue(library, date(2027, 5, 31)) == []
    late = overdue(library, date(2027, 6, 1))
    assert {problem.code for problem in late} == {"past-review"}
    assert late == overdue(library, date(2030, 1, 1)) == check(library, date(2027, 6, 1))


def test_a_retired_item_needs_no_review(project: Project) -> None:
    text = f"名称: 三不一多\n条目:\n  - 未知链接不点击\n{REVIEWED}状态: 停用\n".replace("2027-05-31", "2026-01-01")
    assert project.codes("rules/三不一多", text) == set()


@pytest.mark.parametrize("one", BEFORE_CHECKS, ids=lambda one: one.__name__)
def test_each_check_works_by_itself(project: Project, one: Callable[[Library], object]) -> None:
    assert list(one(project.library())) == []  # type: ignore[call-overload]


# ---- signatures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "audience", "plain"),
    [
        (ContactKind.BANK, "school", True),
        (ContactKind.BANK, "station", False),
        (ContactKind.STATION, "school", False),
        (ContactKind.SCHOOL, "school", False),
    ],
)
def test_a_bank_signs_for_pupils_with_its_name_alone(
    project: Project, kind: ContactKind, audience: str, plain: bool
) -> None:
    contact = Contact(name="江南银行", kind=kind)
    assert plain_signature(contact, project.library().audiences[audience]) is plain


def test_a_picture_is_written_the_way_people_save_it() -> None:
    stream = io.BytesIO()
    picture(ACCOUNT).save(stream, "JPEG", quality=60)
    from generator.typesetting.qr import read

    assert read(stream.getvalue()) == [ACCOUNT]
