"""Telephone numbers in text: every one that can be dialled, and no sum, date or count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.checks.phones import digits_of, is_masked, phones_in


def found(text: str) -> list[str]:
    return [phone.digits for phone in phones_in(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("被骗了，马上打110", ["110"]),
        ("96110来电请接听", ["96110"]),
        ("拨打110或96110", ["110", "96110"]),
        ("110/96110", ["110", "96110"]),
        ("110 96110", ["110", "96110"]),
        ("95588人工服务", ["95588"]),
        ("95588个人业务", ["95588"]),
        ("拨打95588时请注意", ["95588"]),
        ("95533点击链接", ["95533"]),
        ("95599分行热线", ["95599"]),
        ("请联系 13812345678", ["13812345678"]),
        ("请联系138 1234 5678", ["13812345678"]),
        ("请联系138-1234-5678", ["13812345678"]),
        ("+86 13812345678", ["13812345678"]),
        ("电话0553-1234567", ["05531234567"]),
        ("010-12345678转1", ["01012345678"]),
        ("(0553)1234567", ["05531234567"]),
        ("400-800-1234", ["4008001234"]),
        ("客服4008001234", ["4008001234"]),
        ("客服电话：９５５８８", ["95588"]),
        ("热线为1234567", ["1234567"]),
        ("打114核实", ["114"]),
        ("有事请打7654321", ["7654321"]),
        ("110分局", ["110"]),
        ("损失12000元，收到12381发来的短信", ["12381"]),
    ],
)
def test_a_number_that_can_be_dialled_is_found(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "电话欠费3168元",
        "转账95000后才发现",
        "骗走95533元",
        "共计95000余元",
        "投入12300",
        "¥12345",
        "2025版手册2026-11-22",
        "2026年6月16日",
        "1996/11/02",
        "年利率12.345%",
        "第110条",
        "110起案件",
        "120单任务",
        "12345名学生",
        "300/500元",
        "138****5678",
        "0553-×××××××",
        "955××",
        "www.12377.cn",
        "https://www.12321.cn/",
        "170、171号段",
        "来电以12123开头",
        "24小时",
        "40—50岁",
        "银发〔2019〕85号",
        "QQ12345",
        "电话2026年开通",
        "打500折",
        "60×90厘米",
    ],
)
def test_a_sum_a_date_a_count_or_an_address_is_no_telephone_number(text: str) -> None:
    assert found(text) == []


UNITS = ["元", "块", "万元", "多元", "余元", "年", "岁", "%", "名", "个", "次", "条", "分钟", "小时", "天", "起", "张"]


@given(st.integers(min_value=0, max_value=99_999_999_999), st.sampled_from(UNITS))
def test_whatever_is_counted_is_no_telephone_number(number: int, unit: str) -> None:
    assert found(f"涉及{number}{unit}，损失不小") == []


@given(st.dates(), st.sampled_from(["{0.year}-{0.month:02}-{0.day:02}", "{0.year}年{0.month}月{0.day}日"]))
def test_a_date_is_no_telephone_number(day: object, form: str) -> None:
    assert found(f"版本{form.format(day)}修订") == []


SENTENCES = ["拨打{}咨询", "{}是客服", "加微信{}", "（{}）", "：{}"]


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(SENTENCES))
def test_a_mobile_number_is_found_wherever_it_stands(number: str, sentence: str) -> None:
    text = sentence.format(number)
    (phone,) = phones_in(text)
    assert phone.digits == number
    assert text[phone.start : phone.end] == number


@given(st.text(alphabet="0123456789-/., 年元打电话号１×*APxx", max_size=40))
def test_numbers_never_overlap_and_stand_where_they_say(text: str) -> None:
    end = 0
    for phone in phones_in(text):
        assert end <= phone.start < phone.end <= len(text)
        assert digits_of(text[phone.start : phone.end]) == phone.digits
        end = phone.end


def test_two_spellings_of_a_number_are_one() -> None:
    assert digits_of("0553-1234567") == digits_of("0553 1234567") == digits_of("（0553）１２３４５６７")
    assert digits_of("+86 138-1234-5678") == "13812345678"


def test_a_number_with_hidden_digits_is_masked() -> None:
    assert is_masked("0553-×××××××")
    assert is_masked("138****5678")
    assert not is_masked("0553-1234567")
