"""Lines break between phrases: never in a word of the glossary, a number, a short quotation."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.typesetting.phrases import CLOSING, OPENING, Breaker, hung, width

GLOSSARY = yaml.load((Path(__file__).parent.parent / "content" / "glossary.yaml").read_text("utf-8"), yaml.CBaseLoader)


@pytest.fixture(scope="module")
def breaker() -> Breaker:
    return Breaker(GLOSSARY)


_BREAKER = Breaker(GLOSSARY)


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_phrases_joined_are_the_text_again(text: str) -> None:
    assert "".join(_BREAKER.phrases(text)) == text


@given(st.text(alphabet="刷单是幌子，骗钱才是目的。“安全账户”110APP 、！", min_size=1, max_size=24))
@settings(max_examples=150, deadline=None)
def test_every_way_to_set_a_headline_holds_the_whole_text(text: str) -> None:
    for lines in _BREAKER.lines(text, 4):
        assert "".join(lines) == text


@pytest.mark.parametrize("word", ["提不了现", "工具人", "安全账户", "国家反诈中心", "屏幕共享", "杀猪盘"])
def test_a_word_of_the_glossary_is_never_cut(breaker: Breaker, word: str) -> None:
    phrases = breaker.phrases(f"骗子说先充值再操作{word}千万别信他们说的话")
    assert any(word in phrase for phrase in phrases)


@pytest.mark.parametrize("number", ["96110", "12381", "0553-1234567", "955××"])
def test_a_number_is_never_cut(breaker: Breaker, number: str) -> None:
    latin = number.rstrip("×")
    assert any(latin in phrase for phrase in breaker.phrases(f"有人来电请核实，打{number}再问一问"))


@pytest.mark.parametrize(
    ("name", "phrases"),
    [
        ("××市公安局××分局××派出所", ("××市", "公安局", "××分局", "××派出所")),
        ("××银行××支行", ("××银行", "××支行")),
        ("值班电话 0×××-××××××××", ("值班电话 ", "0×××-××××××××")),
    ],
)
def test_the_crosses_of_a_sample_keep_to_the_word_they_stand_for(
    breaker: Breaker, name: str, phrases: tuple[str, ...]
) -> None:
    assert breaker.phrases(name) == phrases


def test_a_short_quotation_stays_on_one_line(breaker: Breaker) -> None:
    assert "“安全账户”的，" in breaker.phrases("一提到“安全账户”的，一律是诈骗")


def test_a_long_quotation_may_break_inside(breaker: Breaker) -> None:
    assert max(map(len, breaker.phrases("只要一谈到“电话转接公检法”的，一律挂掉"))) <= 7


@given(st.text(alphabet="刷单骗钱客服转账贷款的了吗不先再，。、；：！？”）“（", min_size=2, max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(text: str) -> None:
    phrases = _BREAKER.phrases(text)
    assert all(phrase[0] not in CLOSING for phrase in phrases[1:])
    assert all(phrase[-1] not in OPENING for phrase in phrases[:-1])


def test_a_paired_slogan_breaks_into_two_equal_lines(breaker: Breaker) -> None:
    assert breaker.lines("刷单返利小甜头，垫完本金人溜走", 2)[1] == ["刷单返利小甜头，", "垫完本金人溜走"]


def test_the_four_sayings_break_into_four_lines(breaker: Breaker) -> None:
    lines = breaker.lines("未知链接不点击，陌生来电不轻信，个人信息不透露，转账汇款多核实", 4)[-1]
    assert [len(hung(line)[0]) for line in lines] == [7, 7, 7, 7]


def test_a_line_is_whole_clauses_or_part_of_one(breaker: Breaker) -> None:
    ways = breaker.lines("骗子不怕你聪明，只怕你先停一停", 4)
    assert ["骗子不怕你聪明，", "只怕你先停一停"] in ways
    assert all("，" not in line[:-1] for way in ways[1:] for line in way)


def test_the_last_line_is_no_orphan(breaker: Breaker) -> None:
    for text in ("动动手指就能赚钱，为什么轮到我？", "先放出小钱再吞走大钱了", "真有这种好事吗"):
        assert width(breaker.phrases(text)[-1]) >= 2


def test_a_trailing_comma_hangs() -> None:
    assert hung("刷单是幌子，") == ("刷单是幌子", "，")
    assert hung("，，") == ("，，", "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("付款前，当面或打存好的号码问老板", "存好的号码"),
        ("用相近的邮箱，装成供货方来联系", "供货方"),
        ("盗用邮箱、账号，看清谁该付谁的钱", "谁该付谁的钱"),
        ("在指定平台投一点，真能提现，人就信了", "投一点，"),
        ("索要卡号密码的链接", "卡号密码的"),
        ("付款前，当面或打存好的号码问老板", "打存好的号码"),
        ("拉群下载APP的投资退费", "下载APP的"),
        ("要求瞒着家人的是骗局", "瞒着家人的"),
        ("卡已借出，马上找柜台或本行客服挂失", "找柜台"),
        ("要求提供银行卡和手机验证码的，都是诈骗", "手机验证码"),
        ("先嘘寒问暖关心工作，后借钱", "关心工作"),
        ("让你输入银行卡号、手机验证码和各种密码", "让你输入"),
        ("公安不会叫人转钱", "叫人转钱"),
        ("同学，要你先垫钱的都是骗", "要你先垫钱的"),
        ("冒充税务、银行加好友，或发木马文件", "木马文件"),
        ("换上老板头像，把财务拉进假工作群", "假工作群"),
        ("冒充税务、银行加好友，或发木马文件", "加好友，"),
        ("打开国家反诈中心APP查一查", "国家反诈中心APP"),
        ("立即拨打110，越快越好", "拨打110，"),
        ("叫你把验证码念给她听。别念", "念给她听。"),
        ("骗人开屏幕共享，借钱转“监管账户”", "转“监管账户”"),
        ("凡是叫你汇款到“安全账户”的", "到“安全账户”的"),
        ("先付小钱返大钱的，是骗", "返大钱的，"),
        ("陌生人叫你做的，不做", "叫你做的，"),
        ("有人教您怎么答，请告诉柜台", "教您怎么答，"),
        ("在指定平台投一点，真能提现，人就信了", "真能提现，"),
        ("先交钱才能提现，是假平台", "才能提现，"),
        ("说你账号坏了，不照做就要你赔钱", "不照做"),
    ],
)
def test_a_short_verb_leads_its_object_and_no_character_stands_alone(breaker: Breaker, text: str, kept: str) -> None:
    assert any(kept in phrase for phrase in breaker.phrases(text)), breaker.phrases(text)


def test_a_word_of_the_glossary_with_letters_in_it_is_never_cut(breaker: Breaker) -> None:
    assert breaker.phrases("U盾用完随手拔")[0].startswith("U盾")


def test_a_long_address_is_no_name_that_clings(breaker: Breaker) -> None:
    assert breaker.phrases("举报网站www.12377.cn可以查")[-2:-1] != ("举报网站www.12377.cn",)
