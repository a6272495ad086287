"""Content and templates as a whole: what is wrong is said once, at its own line; what is right can be asked for.

A case is ``tests/broken/base``, a small project without a mistake, with some files changed, and every problem as
``severity file:line:column code | message | the line to write``.
"""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from generator.errors import ContentError, Problem, Span
from generator.library import Library, load
from generator.model.content import Use
from generator.model.design import Feed
from tests.command import REPOSITORY

BASE = REPOSITORY / "tests" / "broken" / "base"
RENDERERS = ("pages", "led", "deck", "document", "script")

SLOGANS = "content/slogans.yaml"
SCAM = "content/scams/刷单返利.yaml"
CONTACT = "content/contacts/样例.yaml"
STATION = "content/audiences/station.yaml"
SCHOOL = "content/audiences/school.yaml"
CAMPAIGN = "content/campaigns/开学季.yaml"
CATALOGUE = "templates/catalogue.yaml"
PROCESSES = "templates/processes.yaml"
THEME = "templates/themes/police-blue.yaml"
SCENE = "templates/scenes/hook-phone.yaml"
FIRST = "- 刷单是幌子，骗钱才是目的\n"


class Changed:
    """The file of the base with some words in the place of others."""

    def __init__(self, *words: tuple[str, str]) -> None:
        self.words = words


@dataclass(frozen=True)
class Copied:
    """A copy of another file of the base."""

    path: str


File = str | bytes | Changed | Copied | None


class Case:
    """Files of a project, None to leave one out, and the problems that they make."""

    def __init__(self, name: str, files: Mapping[str, File], *problems: str) -> None:
        self.name, self.files, self.problems = name, files, list(problems)


CASES = (
    Case(
        "an unknown key with a near one",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  对像: 派出所\n"},
        "E content/slogans.yaml:3:3 unknown-key | 这里没有“对像”这一项，是不是“对象”？ |   对象: 派出所",
    ),
    Case(
        "an unknown key with none near",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  字体: 黑体\n"},
        (
            "E content/slogans.yaml:3:3 unknown-key | 这里没有“字体”这一项；可以写的有："
            "来源、审核日期、复审期限、状态、标语、短句、对象、骗术、用途 | "
        ),
    ),
    Case(
        "a unit called like a folder of the pack",
        {"content/contacts/LED.yaml": "名称: 某街道派出所\n类型: 派出所\n"},
        (
            "E content/contacts/LED.yaml:1:1 reserved-name | “LED”是物料包里的文件夹名，不能当单位的文件名；"
            "请改名，如 LED单位.yaml | "
        ),
    ),
    Case(
        "both spellings of a key",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  slogan: 不轻信\n"},
        "E content/slogans.yaml:3:3 duplicate-key | “slogan”和第 2 行的“标语”是同一项，请只留一处 | ",
    ),
    Case(
        "a slogan with a colon in it",
        {SLOGANS: FIRST + "- 警方提示: 不转账\n"},
        (
            "E content/slogans.yaml:2:3 needs-quotes | 内容里有冒号加空格，要整个放进引号里，程序才会照原样读 | "
            '- "警方提示: 不转账"'
        ),
    ),
    Case(
        "a slogan in brackets",
        {SLOGANS: FIRST + "- [紧急]\n"},
        'E content/slogans.yaml:2:3 needs-quotes | 以 [ 开头的内容要整个放进引号里，程序才会照原样读 | - "[紧急]"',
    ),
    Case(
        "a slogan in braces",
        {SLOGANS: FIRST + "- {紧急}\n"},
        'E content/slogans.yaml:2:3 needs-quotes | 以 { 开头的内容要整个放进引号里，程序才会照原样读 | - "{紧急}"',
    ),
    Case(
        "a key with a full-width colon as a whole slogan",
        {SLOGANS: FIRST + "- 标语：转账多核实\n"},
        (
            "E content/slogans.yaml:2:3 wide-colon | “标语”后面是全角冒号“：”，请改成半角冒号加空格“: ” | "
            "- 标语: 转账多核实"
        ),
    ),
    Case(
        "a key with a full-width colon and a space as a whole slogan",
        {SLOGANS: FIRST + "- 标语： 转账多核实\n- 老师说： 转账多核实\n"},
        (
            "E content/slogans.yaml:2:3 wide-colon | “标语”后面是全角冒号“：”，请改成半角冒号加空格“: ” | "
            "- 标语: 转账多核实"
        ),
    ),
    Case(
        "slogans without dashes",
        {SLOGANS: "刷单是幌子，骗钱才是目的\n转账多核实\n"},
        (
            "E content/slogans.yaml:1:1 missing-dash | 列表里的每一项前面都要有短横和空格“- ” | - 刷单是幌子，"
            "骗钱才是目的"
        ),
        "E content/slogans.yaml:2:1 missing-dash | 列表里的每一项前面都要有短横和空格“- ” | - 转账多核实",
    ),
    Case(
        "slogans below a key",
        {SLOGANS: "标语:\n  - 转账多核实\n"},
        "E content/slogans.yaml:1:1 wrong-form | 这个文件要写成列表：每项一行，以“- ”开头，前面不再有名称 | ",
    ),
    Case(
        "an empty item",
        {SLOGANS: FIRST + "-\n"},
        "E content/slogans.yaml:2:2 blank | “标语”还没有填写 | ",
    ),
    Case(
        "a slogan left blank",
        {SLOGANS: FIRST + "- 标语:\n  对象: 派出所\n"},
        "E content/slogans.yaml:2:3 blank | “标语”后面还没有填写 | ",
    ),
    Case(
        "a use that does not exist",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  用途: 横副\n"},
        "E content/slogans.yaml:3:7 unknown-choice | “用途”只能写 LED、横幅、海报，不能写“横副” |   用途: 横幅",
    ),
    Case(
        "a date that is none",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  审核日期: 2026-13-01\n"},
        "E content/slogans.yaml:3:9 day | “审核日期”：请写成 2026-06-15 这样的日期 | ",
    ),
    Case(
        "a date in full-width digits",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  审核日期: ２０２６-１１-２２\n"},
    ),
    Case(
        "two lines where one fits",
        {SLOGANS: FIRST + "- 标语: |\n    第一行\n    第二行\n"},
        "E content/slogans.yaml:2:7 one-line | “标语”：只能写一行 | ",
    ),
    Case(
        "a private-use character",
        {SLOGANS: FIRST + "- 转账\ue000多核实\n"},
        "E content/slogans.yaml:2:3 unprintable | “标语”：有不能印刷的控制字符（U+E000） | ",
    ),
    Case(
        "an unknown audience",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  对象: 派出索\n"},
        "E content/slogans.yaml:3:7 unknown-name | 没有受众“派出索”；是不是“派出所”？ |   对象: 派出所",
    ),
    Case(
        "an unknown audience among others on a line",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  对象: 派出所、学笑\n"},
        "E content/slogans.yaml:3:11 unknown-name | 没有受众“学笑”；是不是“学校”？ |   对象: 派出所、学校",
    ),
    Case(
        "everybody as an audience",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  对象: 所有人\n"},
        "E content/slogans.yaml:3:7 unknown-name | 给所有人看的，不用写“对象”；请删去“所有人” | ",
    ),
    Case(
        "an unknown scam",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  骗术:\n    - 刷单反利\n"},
        "E content/slogans.yaml:4:7 unknown-name | 没有骗术“刷单反利”；是不是“刷单返利”？ |     - 刷单返利",
    ),
    Case(
        "the same slogan twice",
        {SLOGANS: FIRST + "- 转账多核实\n- 转账多核实\n"},
        "W content/slogans.yaml:3:3 duplicate-slogan | 和第 2 行的标语一字不差，这一条不再重复用；可以删去 | ",
    ),
    Case(
        "a file without slogans",
        {SLOGANS: "# 还没有\n"},
        (
            "E content/audiences/station.yaml:21:5 unknown-name | 标语里没有“刷单是幌子，骗钱才是目的”；"
            "请先把它加进 content/slogans.yaml，或者换一条 | "
        ),
        "W content/slogans.yaml:1:1 empty-file | 文件里还没有内容；每行写一项，以“- ”开头 | ",
    ),
    Case(
        "no slogans file",
        {SLOGANS: None},
        "E content/slogans.yaml:1:1 missing-file | 缺少文件 content/slogans.yaml；请从安装包里复制回来 | ",
    ),
    Case(
        "a missing key",
        {SCAM: Changed(("副标题: 刷单是幌子，骗钱才是目的\n", ""))},
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“副标题”，请加一行“副标题: ……” | ",
    ),
    Case(
        "a missing key inside a list",
        {SCAM: Changed(("  - 标题: 不补单\n    内容: 越补越多\n", "  - 标题: 不补单\n"))},
        "E content/scams/刷单返利.yaml:24:5 missing-key | “不要做”第 2 项缺少“内容”，请加一行“内容: ……” | ",
    ),
    Case(
        "a key without a value",
        {SCAM: Changed(("口诀: 先给甜头再下套，垫出的钱拿不到", "口诀:"))},
        "E content/scams/刷单返利.yaml:28:1 blank | “口诀”后面还没有填写 | ",
    ),
    Case(
        "too few items",
        {SCAM: Changed(("  - 标题: 不让提现\n    内容: 再骗一笔就消失\n", ""))},
        "E content/scams/刷单返利.yaml:9:3 too-few | “骗术步骤”至少要 3 项，现在是 2 项 | ",
    ),
    Case(
        "too many items",
        {SCAM: Changed(("  - 都是诈骗\n", "  - 都是诈骗\n  - 不要相信\n"))},
        "E content/scams/刷单返利.yaml:5:3 too-many | “大标题”最多写 2 项，现在多了 | ",
    ),
    Case(
        "text where steps are wanted",
        {SCAM: Changed(("  - 标题: 不补单\n    内容: 越补越多\n", "  - 不补单，越补越多\n"))},
        ("E content/scams/刷单返利.yaml:24:5 wrong-form | “不要做”第 2 项要分行写成“名称: 内容”，要有：标题、内容 | "),
    ),
    Case(
        "a step with a full-width colon",
        {SCAM: Changed(("  - 标题: 不补单\n    内容: 越补越多\n", "  - 标题：不补单\n    内容: 越补越多\n"))},
        (
            "E content/scams/刷单返利.yaml:24:7 wide-colon | “标题”后面是全角冒号“：”，"
            "请改成半角冒号加空格“: ” |   - 标题: 不补单"
        ),
    ),
    Case(
        "a list where one line is wanted",
        {SCAM: Changed(("副标题: 刷单是幌子，骗钱才是目的", "副标题:\n  - 刷单是幌子\n  - 骗钱才是目的"))},
        "E content/scams/刷单返利.yaml:8:3 wrong-form | “副标题”只写一句话，不要写成列表或分项 | ",
    ),
    Case(
        "a scene that does not exist",
        {SCAM: Changed(("hook-phone", "hook-fone"))},
        (
            "E content/scams/刷单返利.yaml:2:5 unknown-name | 没有场景“hook-fone”；是不是“hook-phone”？ | "
            "场景: hook-phone"
        ),
    ),
    Case(
        "an audience of variants that does not exist",
        {SCAM: Changed(("  派出所:\n", "  派出锁:\n"))},
        "E content/scams/刷单返利.yaml:30:3 unknown-name | 没有受众“派出锁”；是不是“派出所”？ |   派出所:",
    ),
    Case(
        "variants for one audience twice",
        {
            SCAM: Changed(
                (
                    "  派出所:\n    副标题: 先垫钱的都是骗\n",
                    "  派出所:\n    副标题: 先垫钱的都是骗\n  station:\n    副标题: 别垫钱\n",
                )
            )
        },
        "E content/scams/刷单返利.yaml:32:3 duplicate-key | “station”和前面写的是同一个受众，请只留一处 | ",
    ),
    Case(
        "an id written into a file",
        {SCAM: Changed(("名称: 刷单返利\n", "编号: 刷单\n名称: 刷单返利\n"))},
        "E content/scams/刷单返利.yaml:1:1 unknown-key | “编号”就是文件名，不用写，请删去这一行 | ",
    ),
    Case(
        "two scams of one name",
        {"content/scams/刷单二.yaml": Copied(SCAM)},
        (
            "E content/scams/刷单二.yaml:1:5 duplicate-name | "
            "名称“刷单返利”已经用在 content/scams/刷单返利.yaml 第 1 行，请换一个骗术名称 | "
        ),
    ),
    Case(
        "a kind of contact that does not exist",
        {CONTACT: "名称: ××小学\n类型: 小学校\n"},
        (
            "E content/contacts/样例.yaml:2:5 unknown-choice | “类型”只能写 派出所、银行、学校、社区、企业，"
            "不能写“小学校” | 类型: 学校"
        ),
    ),
    Case(
        "a telephone number in full-width digits",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n电话: ０５５３-１２３４５６７\n"},
        ("E content/contacts/样例.yaml:3:5 phone | “电话”：请写电话号码，如 110 或 0553-1234567 | 电话: 0553-1234567"),
    ),
    Case(
        "a telephone number with words",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n电话: 见门口\n"},
        "E content/contacts/样例.yaml:3:5 phone | “电话”：请写电话号码，如 110 或 0553-1234567 | ",
    ),
    Case(
        "a colour without its hash",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n品牌色: 0B5CAD\n"},
        (
            'E content/contacts/样例.yaml:3:6 colour | “品牌色”：请写成 "#0B5CAD" 这样的颜色，并加引号 | '
            '品牌色: "#0B5CAD"'
        ),
    ),
    Case(
        "neither yes nor no",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n样张: 对\n"},
        "E content/contacts/样例.yaml:3:5 flag | “样张”：请写 是 或 否 | 样张: 是",
    ),
    Case(
        "a QR code with address and picture",
        {
            CONTACT: (
                "名称: ××派出所\n类型: 派出所\n二维码:\n  - 文字: 关注\n    网址: https://www.12377.cn/\n"
                "    图片: 码.png\n"
            )
        },
        "E content/contacts/样例.yaml:4:5 qr-target | “二维码”第 1 项：二维码请写“网址”或“图片”其中一项 | ",
    ),
    Case(
        "a logo outside of content",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n标志: ../../../etc/passwd\n"},
        (
            "E content/contacts/样例.yaml:3:5 picture-outside | "
            "图片“../../../etc/passwd”不在 content 文件夹里面；请把图片复制到本文件旁边，只写文件名 | "
        ),
    ),
    Case(
        "a logo with a Windows path",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n标志: C:\\图片\\标志.png\n"},
        (
            "E content/contacts/样例.yaml:3:5 picture-outside | 图片“C:\\图片\\标志.png”不在 content 文件夹里面；"
            "请把图片复制到本文件旁边，只写文件名 | "
        ),
    ),
    Case(
        "a logo that is not there",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n标志: 标志.png\n"},
        (
            "E content/contacts/样例.yaml:3:5 picture-missing | 找不到图片“标志.png”；请把图片放在本文件旁边，"
            "并核对文件名和扩展名（.png 或 .jpg） | "
        ),
    ),
    Case(
        "a logo that is no picture",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n标志: 标志.png\n", "content/contacts/标志.png": "GIF89a"},
        (
            "E content/contacts/样例.yaml:3:5 picture-format | “标志.png”不是 PNG 或 JPG 图片；"
            "请用看图软件另存为 PNG（只改扩展名不行） | "
        ),
    ),
    Case(
        "a parent that does not exist",
        {SCHOOL: "名称: 学校\n继承: 派出索\n"},
        "E content/audiences/school.yaml:2:5 unknown-name | 没有受众“派出索”；是不是“派出所”？ | 继承: 派出所",
    ),
    Case(
        "an audience that inherits from itself",
        {SCHOOL: "名称: 学校\n继承: 中学\n", "content/audiences/middle.yaml": "名称: 中学\n继承: 学校\n"},
        (
            "E content/audiences/middle.yaml:2:5 inheritance-cycle | “继承”绕成了一圈："
            "middle → school → middle；请让其中一个不再继承，写“继承: 无” | "
        ),
        (
            "E content/audiences/school.yaml:2:5 inheritance-cycle | “继承”绕成了一圈："
            "school → middle → school；请让其中一个不再继承，写“继承: 无” | "
        ),
    ),
    Case(
        "an audience that lacks what nobody gives",
        {
            SCHOOL: (
                "名称: 学校\n继承: 无\n读者: 学生\n单位类型: 学校\n主题样式: police-blue\n"
                "场所: station-hall\n骗术: 刷单返利\n口径: 三不一多\n课件:\n  提纲: fraud-class\n"
                "  标题: 讲\n被骗后怎么办: 打110\n封面语:\n  标题: 停\n  内容: 停\n"
            )
        },
        "E content/audiences/school.yaml:1:1 missing-key | 缺少“求助话”，请加一行“求助话: ……” | ",
    ),
    Case(
        "a featured slogan that does not exist",
        {STATION: Changed(("  - 刷单是幌子，骗钱才是目的\n", "  - 刷单是幌子，骗钱是目的\n"))},
        (
            "E content/audiences/station.yaml:21:5 unknown-name | 标语里没有“刷单是幌子，骗钱是目的”；"
            "是不是“刷单是幌子，骗钱才是目的”？ |   - 刷单是幌子，骗钱才是目的"
        ),
    ),
    Case(
        "a place where nothing hangs",
        {STATION: Changed(("  - station-hall\n", "  - station-hall\n  - corridor\n"))},
        (
            "W content/audiences/station.yaml:8:5 unknown-place | 没有物料挂在场所“corridor”；已有的场所："
            "station-hall | "
        ),
    ),
    Case(
        "a theme that does not exist",
        {STATION: Changed(("police-blue", "police-blu"))},
        (
            "E content/audiences/station.yaml:5:7 unknown-name | 没有主题样式“police-blu”；"
            "是不是“police-blue”？ | 主题样式: police-blue"
        ),
    ),
    Case(
        "an outline that does not exist",
        {STATION: Changed(("fraud-class", "fraud-clas"))},
        (
            "E content/audiences/station.yaml:16:7 unknown-name | 没有课件提纲“fraud-clas”；已有："
            "fraud-class |   提纲: fraud-class"
        ),
    ),
    Case(
        "a scam that its own file keeps from the audience",
        {SCAM: Changed(("场景: hook-phone", "场景: hook-phone\n对象: 学校"))},
        (
            "W content/audiences/station.yaml:9:5 listed-but-not-for | "
            "“刷单返利”的文件里写了对象不包括“派出所”，不会给它用；请改其中一处 | "
        ),
    ),
    Case(
        "a quantity that is no number",
        {CAMPAIGN: "名称: 开学季\n角标: 开学\n数量:\n  海报: 50份\n"},
        "E content/campaigns/开学季.yaml:4:7 not-a-number | “数量”的“海报”要写数字，不能写“50份” |   海报: 50",
    ),
    Case(
        "a quantity of nothing",
        {CAMPAIGN: "名称: 开学季\n角标: 开学\n数量:\n  海报: 0\n"},
        "E content/campaigns/开学季.yaml:4:7 out-of-range | “数量”的“海报”要大于 0，现在是“0” | ",
    ),
    Case(
        "a quantity of an unknown material",
        {CAMPAIGN: "名称: 开学季\n角标: 开学\n数量:\n  海抱: 50\n"},
        "E content/campaigns/开学季.yaml:4:3 unknown-name | 没有物料“海抱”；是不是“海报”？ |   海报: 50",
    ),
    Case(
        "an empty file of a scam",
        {"content/scams/空.yaml": "# 还没写\n"},
        "E content/scams/空.yaml:1:1 empty-file | 文件是空的；请照同一文件夹里别的文件填写，或者删去 | ",
    ),
    Case(
        "a file name that Windows refuses",
        {"content/scams/a:b.yaml": Copied(SCAM)},
        "E content/scams/a:b.yaml:1:1 bad-file-name | 文件名“a:b.yaml”有 Windows 文件名不能用的字符 :，请改名 | ",
    ),
    Case(
        "a device name as a file name",
        {"content/scams/NUL.yaml": Copied(SCAM)},
        "E content/scams/NUL.yaml:1:1 bad-file-name | 文件名“NUL.yaml”是 Windows 保留的设备名，请改名 | ",
    ),
    Case(
        "a file name of two endings",
        {"content/scams/新骗术.yaml.txt": "名称: 新\n"},
        (
            "W content/scams/新骗术.yaml.txt:1:1 ignored-file | 没有读取“新骗术.yaml.txt”："
            "内容文件要以 .yaml 结尾，请改名为“新骗术.yaml” | "
        ),
    ),
    Case(
        "a file of content under another name",
        {"content/标语.yaml": FIRST},
        (
            "W content/标语.yaml:1:1 ignored-file | 没有读取“标语.yaml”："
            "这里只读 slogans.yaml、channels.yaml、wording.yaml、glossary.yaml、jingles.yaml、couplets.yaml | "
        ),
    ),
    Case(
        "a folder inside a folder",
        {"content/scams/旧的/刷单.yaml": Copied(SCAM)},
        "W content/scams/旧的:1:1 ignored-file | 没有读取文件夹“旧的”里的内容，请把文件移到上一层 | ",
    ),
    Case(
        "yaml and yml of one name",
        {"content/scams/刷单返利.yml": Copied(SCAM)},
        (
            "E content/scams/刷单返利.yml:1:1 duplicate-id | 和“刷单返利.yaml”重名（Windows 不分大小写，"
            "也不看扩展名），请给其中一个改名 | "
        ),
    ),
    Case(
        "a renderer that does not exist",
        {CATALOGUE: Changed(("renderer: pages", "renderer: page"))},
        (
            "E templates/catalogue.yaml:3:13 unknown-renderer | 没有渲染器“page”；可以写："
            "deck、document、led、pages、script |   renderer: pages"
        ),
    ),
    Case(
        "a template that does not exist",
        {CATALOGUE: Changed(("template: poster", "template: postr"))},
        (
            "E templates/catalogue.yaml:4:13 unknown-template | 没有模板文件夹 templates/postr；已有："
            "deck、icons、led、poster、scenes、themes |   template: poster"
        ),
    ),
    Case(
        "a template that leads outside",
        {CATALOGUE: Changed(("template: poster", "template: ../poster"))},
        (
            "E templates/catalogue.yaml:4:13 unknown-template | 没有模板文件夹 templates/../poster；已有："
            "deck、icons、led、poster、scenes、themes |   template: poster"
        ),
    ),
    Case(
        "a size with one number",
        {CATALOGUE: Changed(("[420, 570]", "[420]"))},
        "E templates/catalogue.yaml:6:9 too-few | “trim”少写了第 2 项 | ",
    ),
    Case(
        "a size with its unit",
        {CATALOGUE: Changed(("[420, 570]", "[420mm, 570]"))},
        ("E templates/catalogue.yaml:6:10 not-a-number | “trim”第 1 项要写数字，不能写“420mm” |   trim: [420, 570]"),
    ),
    Case(
        "panels that do not add up",
        {CATALOGUE: Changed(("  formats:", "  panels: [200, 200]\n  formats:"))},
        "E templates/catalogue.yaml:7:11 panels | 各折面相加是 400 mm，和成品宽 420 mm 不一样 | ",
    ),
    Case(
        "a process that does not exist",
        {CATALOGUE: Changed(("process: 胶印", "process: 胶版"))},
        "E templates/catalogue.yaml:10:12 unknown-name | 没有工艺“胶版”；是不是“胶印”？ |   process: 胶印",
    ),
    Case(
        "a print file by no process",
        {CATALOGUE: Changed(("  process: 胶印\n", ""))},
        "E templates/catalogue.yaml:7:12 missing-key | 要交付印刷文件（print），就要写 process；可以写：胶印 | ",
    ),
    Case(
        "a process with a mark that nobody draws",
        {PROCESSES: Changed(("[crop, fold]", "[crop, bar]"))},
        ("E templates/processes.yaml:3:17 unknown-choice | “marks”第 2 项只能写 crop、fold、register，不能写“bar” | "),
    ),
    Case(
        "a black of three inks",
        {PROCESSES: Changed(("  bleed: 3", "  bleed: 3\n  black: 50 50 50"))},
        "E templates/processes.yaml:3:10 too-few | “black”少写了第 4 项 | ",
    ),
    Case(
        "a feed that does not exist",
        {CATALOGUE: Changed(("feed: scam", "feed: scams"))},
        (
            "E templates/catalogue.yaml:9:14 unknown-choice | "
            f"“pieces”第 1 项的“feed”只能写 {'、'.join(Feed)}，不能写“scams” | "
            "    - {feed: scam, count: 1}"
        ),
    ),
    Case(
        "a theme without a colour",
        {THEME: Changed(("  muted:", "  mutd:"))},
        "E templates/themes/police-blue.yaml:3:1 missing-key | 缺少颜色：muted | ",
        (
            "E templates/themes/police-blue.yaml:10:3 unknown-key | 没有颜色“mutd”；是不是“muted”？ | "
            '  muted: {rgb: "#46546C", cmyk: 70 55 30 30}'
        ),
    ),
    Case(
        "a theme under another name",
        {THEME: Changed(("id: police-blue", "id: police"))},
        (
            "E templates/themes/police-blue.yaml:1:5 bad-file-name | "
            "id “police”和文件名“police-blue”要一样 | id: police-blue"
        ),
    ),
    Case(
        "an ink above a hundred",
        {THEME: Changed(("cmyk: 100 82 8 8", "cmyk: 100 182 8 8"))},
        (
            "E templates/themes/police-blue.yaml:4:34 out-of-range | "
            "“colours”的“ground”的“cmyk”不能大于 100，现在是“182” | "
        ),
    ),
    Case(
        "an icon that does not exist",
        {SCENE: "name: 钩\nalt: 钩\nitems:\n  - {icon: hok, x: 1, y: 1, size: 1}\n"},
        (
            "E templates/scenes/hook-phone.yaml:4:12 unknown-name | 没有图标“hok”；是不是“hook”？ | "
            "  - {icon: hook, x: 1, y: 1, size: 1}"
        ),
    ),
    Case(
        "a picture item of no kind",
        {SCENE: "name: 钩\nalt: 钩\nitems:\n  - {ikon: hook, x: 1, y: 1, size: 1}\n"},
        (
            "E templates/scenes/hook-phone.yaml:4:6 unknown-key | 这里没有“ikon”这一项，是不是“icon”？ | "
            "  - {icon: hook, x: 1, y: 1, size: 1}"
        ),
    ),
    Case(
        "mistakes in three files at once",
        {
            SLOGANS: FIRST + "- *重要*\n",
            CONTACT: "名称：××派出所\n类型: 派出锁\n",
            "content/glossary.yaml": "- 杀猪盘\n-工具人\n",
        },
        (
            "E content/contacts/样例.yaml:1:3 wide-colon | “名称”后面是全角冒号“：”，"
            "请改成半角冒号加空格“: ” | 名称: ××派出所"
        ),
        (
            "E content/contacts/样例.yaml:2:5 unknown-choice | “类型”只能写 派出所、银行、学校、社区、企业，"
            "不能写“派出锁” | 类型: 派出所"
        ),
        "E content/glossary.yaml:2:1 missing-space | 短横 - 后面要空一格（半角空格） | - 工具人",
        'E content/slogans.yaml:2:3 needs-quotes | 以 * 开头的内容要整个放进引号里，程序才会照原样读 | - "*重要*"',
    ),
    Case(
        "a broken file does not make its name unknown",
        {SCAM: "名称: 刷单返利\n口诀: *\n"},
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“易受骗人群”，请加一行“易受骗人群: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“大标题”，请加一行“大标题: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“副标题”，请加一行“副标题: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“场景”，请加一行“场景: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“骗术步骤”，请加一行“骗术步骤: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“危险信号”，请加一行“危险信号: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“怎么做”，请加一行“怎么做: ……” | ",
        "E content/scams/刷单返利.yaml:1:1 missing-key | 缺少“不要做”，请加一行“不要做: ……” | ",
        (
            "E content/scams/刷单返利.yaml:2:5 needs-quotes | 以 * 开头的内容要整个放进引号里，"
            '程序才会照原样读 | 口诀: "*"'
        ),
    ),
)


def write(root: Path, files: Mapping[str, File]) -> None:
    for name, file in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        match file:
            case None:
                path.unlink()
            case Copied():
                shutil.copyfile(BASE / file.path, path)
            case Changed():
                text = (BASE / name).read_text(encoding="utf-8")
                for before, after in file.words:
                    assert before in text
                    text = text.replace(before, after, 1)
                path.write_text(text, encoding="utf-8", newline="\n")
            case bytes():
                path.write_bytes(file)
            case str():
                path.write_text(file, encoding="utf-8", newline="\n")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one scam and two audiences, of the test's own."""
    return Path(shutil.copytree(BASE, tmp_path / "small"))


def said(problems: list[Problem]) -> list[str]:
    return [
        f"{one.severity[0].upper()} {one.span} {one.code} | {one.message} | {one.fix}" for one in problems if one.span
    ]


def loaded(root: Path) -> Library:
    library, problems = load(root, RENDERERS)
    assert library, said(problems)
    assert not problems
    return library


# ---- what is wrong ---------------------------------------------------------------------------------------------


def test_the_base_of_the_cases_has_no_mistake_of_its_own() -> None:
    assert loaded(BASE).scams


def test_there_are_at_least_thirty_kinds_of_mistakes() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


CLERKS = (
    Case(
        "a Chinese comma between names in brackets",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  对象: [派出所，学校]\n"},
        "E content/slogans.yaml:3:8 unknown-name | 几个名字要用英文逗号隔开，写成“派出所, 学校”，或者每个一行，"
        "前面写“- ” |   对象: [派出所, 学校]",
    ),
    Case(
        "Chinese brackets around a name",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  对象: 【学校】\n"},
        "E content/slogans.yaml:3:7 unknown-name | 名字两边不要加“【】”：一个一个写，中间用顿号；写成“学校” | "
        "  对象: 学校",
    ),
    Case(
        "a choice in small letters and with a word too many",
        {SLOGANS: FIRST + "- 标语: 转账多核实\n  用途: led屏\n"},
        "E content/slogans.yaml:3:7 unknown-choice | “用途”只能写 LED、横幅、海报，不能写“led屏” |   用途: LED",
    ),
    Case(
        "a character from a web page that nobody sees, in a key",
        {SLOGANS: FIRST + "- 标\u200b语: 转账多核实\n"},
        "E content/slogans.yaml:2:4 control-character | 有看不见的控制字符（U+200B），多半是复制时带来的，请删掉 | "
        "- 标语: 转账多核实",
    ),
    Case(
        "an item with the number that Word gave it",
        {SLOGANS: FIRST + "2、转账之前多核实\n"},
        "E content/slogans.yaml:2:1 missing-dash | 列表里的每一项前面都要有短横和空格“- ” | - 转账之前多核实",
    ),
    *(
        Case(
            f"a telephone in braces typed {how}",
            {CONTACT: f"名称: ××派出所\n类型: 派出所\n样张: 是\n电话:\n  - {typed}\n"},
            "E content/contacts/样例.yaml:5:5 wide-braces | 大括号里的冒号、逗号要用英文的，后面空一格，"
            "写成“{名称: 内容, 号码: 内容}” |   - {名称: 值班室, 号码: 0×××-×××××××}",
        )
        for how, typed in (
            ("wide", "{名称：值班室，号码：0×××-×××××××}"),
            ("with a wide comma", "{名称: 值班室， 号码: 0×××-×××××××}"),
            ("in wide braces", "\uff5b名称: 值班室, 号码: 0×××-×××××××\uff5d"),
        )
    ),
    Case(
        "a telephone whose name is its key",
        {CONTACT: "名称: ××派出所\n类型: 派出所\n样张: 是\n电话:\n  - 值班室: 0×××-×××××××\n"},
        "E content/contacts/样例.yaml:5:5 name-and-number | 名称和号码要分开写 | "
        "  - {名称: 值班室, 号码: 0×××-×××××××}",
    ),
)
"""What clerks type who follow the README with Word, a table and a Chinese keyboard at hand."""


@pytest.mark.parametrize("case", [*CASES, *CLERKS], ids=lambda case: case.name)
def test_a_mistake_is_named_once_at_its_own_line(case: Case, small: Path) -> None:
    write(small, case.files)
    _, problems = load(small, RENDERERS)
    assert said(problems) == case.problems


CORRECTED = [
    case
    for case in (*CASES, *CLERKS)
    if case.problems and not any(problem.endswith("| ") or "U+200B" in problem for problem in case.problems)
]


@pytest.mark.parametrize("case", CORRECTED, ids=lambda case: case.name)
def test_writing_the_lines_offered_cures_the_project(case: Case, small: Path) -> None:
    write(small, case.files)
    _, problems = load(small, RENDERERS)
    for problem in problems:
        assert problem.span
        path = small / problem.span.file
        lines = path.read_text(encoding="utf-8").split("\n")
        assert problem.quote == lines[problem.span.line - 1]
        lines[problem.span.line - 1] = problem.fix
        path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    assert said(load(small, RENDERERS)[1]) == []


def test_a_project_without_its_folders_says_so(tmp_path: Path) -> None:
    library, problems = load(tmp_path, RENDERERS)
    assert library is None
    assert [problem.message for problem in problems] == [
        "这里没有 content/、templates/ 文件夹；请在项目文件夹里运行，或用 --root 指定"
    ]


def test_every_required_file_is_asked_for(small: Path) -> None:
    for name in ("slogans", "channels", "wording", "glossary", "jingles"):
        (small / "content" / f"{name}.yaml").unlink()
    (small / CATALOGUE).unlink()
    (small / PROCESSES).unlink()
    shutil.rmtree(small / "templates" / "themes")
    library, problems = load(small, RENDERERS)
    assert library is None
    assert {str(problem.span) for problem in problems if problem.code == "missing-file"} == {
        "content/channels.yaml:1:1",
        "content/glossary.yaml:1:1",
        "content/jingles.yaml:1:1",
        "content/slogans.yaml:1:1",
        "content/wording.yaml:1:1",
        "templates/catalogue.yaml:1:1",
        "templates/processes.yaml:1:1",
        "templates/themes:1:1",
    }


def test_backups_pictures_and_hidden_files_are_left_alone(small: Path) -> None:
    for name in (
        "scams/.隐藏.yaml",
        "scams/~$刷单.yaml",
        "scams/刷单.yaml~",
        "scams/刷单.yaml.bak",
        "scams/.a.yaml.swp",
    ):
        (small / "content" / name).write_text("不是内容")
    (small / "content" / "contacts" / "照片.jpg").write_bytes(b"")
    (small / "content" / "说明.md").write_text("")
    assert len(loaded(small).scams) == 1


def test_a_symbolic_link_is_not_read(small: Path) -> None:
    (small / "content" / "scams" / "链接.yaml").symlink_to(small / SCAM)
    library, problems = load(small, RENDERERS)
    assert library
    assert len(library.scams) == 1
    assert [problem.code for problem in problems] == ["ignored-file"]


def test_a_name_of_sixty_characters_is_the_longest(small: Path) -> None:
    for length in (60, 61):
        text = (small / SCAM).read_text(encoding="utf-8").replace("刷单返利", f"骗术{length}", 1)
        (small / "content" / "scams" / ("骗" * length + ".yaml")).write_text(text, encoding="utf-8")
    library, problems = load(small, RENDERERS)
    assert library
    assert [len(name) for name in library.scams] == [4, 60]
    assert [problem.message[-14:] for problem in problems] == ["有 61 个字，最多 60 个，请改名"[-14:]]


def test_a_mac_file_name_is_the_same_name(small: Path) -> None:
    (small / SCAM).rename(small / "content" / "scams" / "Cafe\u0301.yaml")
    for name in (SLOGANS, STATION, CAMPAIGN, "content/cases/卡单.yaml"):
        path = small / name
        path.write_text(path.read_text(encoding="utf-8").replace("刷单返利", "Caf\u00e9"), encoding="utf-8")
    assert list(loaded(small).scams) == ["Caf\u00e9"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_content_saved_by_notepad_is_the_same_content(small: Path, encoding: str) -> None:
    before = loaded(small)
    for path in (small / "content").rglob("*.yaml"):
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    after = loaded(small)
    assert (after.scams, after.slogans, after.contacts) == (before.scams, before.slogans, before.contacts)


@pytest.mark.parametrize(
    "text",
    [
        "0553",
        "9:30",
        "no",
        "96110",
        "#let x = 1；$y$ *z*",
        "转账{{ 1 + 1 }}{% raw %}",
        "\\b1 {\\rtf1 \\par}",
        "</w:t><script>alert(1)</script>&amp;",
        "../../etc/passwd",
        "他说\"不\"，'别信'",
        "反诈🛡️你我同行",
        "𠮷野家𡈽",
        "刷单是幌子" * 100,
        "全民反诈 #话题# @所有人",
    ],
)
def test_a_slogan_is_said_exactly_as_typed(small: Path, text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    (small / SLOGANS).write_text(f"{FIRST}- {quoted}\n", encoding="utf-8")
    assert [slogan.slogan for slogan in loaded(small).slogans.values()][1] == text


def test_keys_may_be_english_chinese_or_what_people_also_say(small: Path) -> None:
    write(small, {SLOGANS: FIRST + "- slogan: 甲乙\n  受众: station\n  出处: 自拟\n  audiences :\n"})
    _, problems = load(small, RENDERERS)
    assert [problem.code for problem in problems] == ["duplicate-key"]
    write(small, {SLOGANS: FIRST + "- slogan: 甲乙\n  受众: station\n  出处: 自拟\n  短句:\n"})
    made = list(loaded(small).slogans.values())[1]
    assert (made.slogan, made.audiences, made.source, made.short) == ("甲乙", ("station",), "自拟", None)


# ---- pictures ------------------------------------------------------------------------------------------------------


def with_logo(small: Path, typed: str) -> list[Problem]:
    write(small, {CONTACT: f"名称: ××派出所\n类型: 派出所\n标志: {typed}\n"})
    return load(small, RENDERERS)[1]


def test_a_picture_beside_the_contact_is_an_asset(small: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(small / "content" / "contacts" / "标志.png")
    write(small, {CONTACT: "名称: ××派出所\n类型: 派出所\n标志: 标志.png\n"})
    library = loaded(small)
    assert library.contacts["样例"].logo == "content/contacts/标志.png"
    assert list(library.assets) == ["content/contacts/标志.png"]
    assert library.assets["content/contacts/标志.png"].startswith(b"\x89PNG")


def test_a_picture_in_a_folder_of_content_may_be_typed_the_windows_way(small: Path) -> None:
    (small / "content" / "图片").mkdir()
    Image.new("RGB", (8, 8), "red").save(small / "content" / "图片" / "码.jpg")
    assert with_logo(small, "图片\\码.jpg") == []


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (255, 255, 255, 255)), ("RGBA", (0, 0, 0, 0)), ("L", 250)])
def test_a_logo_that_does_not_show_on_white_is_told(small: Path, mode: str, colour: int | tuple[int, ...]) -> None:
    picture = Image.new(mode, (64, 64), (255, 255, 255, 0) if mode == "RGBA" else 255)
    picture.paste(colour, (16, 16, 48, 48))
    picture.save(small / "content" / "contacts" / "标志.png")
    [problem] = with_logo(small, "标志.png")
    assert (problem.code, problem.severity, problem.span and problem.span.line) == ("logo-blank", "warning", 3)
    assert "深色" in problem.message


def test_a_logo_of_few_thin_lines_shows(small: Path) -> None:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste((20, 60, 140, 255), (10, 150, 290, 152))
    picture.save(small / "content" / "contacts" / "标志.png")
    assert with_logo(small, "标志.png") == []


@pytest.mark.parametrize("name", ["标志.svg", "logo.pdf", "标志.GIF"])
def test_a_logo_that_is_no_picture_we_take_says_which_we_take(small: Path, name: str) -> None:
    (small / "content" / "contacts" / name).write_bytes(b"x")
    [problem] = load(small, RENDERERS)[1]
    assert "只能用 PNG 或 JPG" in problem.message
    assert "yaml" not in problem.message


def test_a_picture_whose_name_is_nearly_right_is_named(small: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(small / "content" / "contacts" / "标志.png")
    problem = with_logo(small, "标志.jpg")[0]
    assert (problem.code, problem.fix) == ("picture-missing", "标志: 标志.png")


def test_a_link_cannot_lead_a_picture_out_of_content(small: Path, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "外面.png")
    (small / "content" / "contacts" / "标志.png").symlink_to(tmp_path / "外面.png")
    (small / "content" / "外").symlink_to(tmp_path, target_is_directory=True)
    assert [problem.code for problem in with_logo(small, "标志.png")] == ["picture-outside"]
    assert [problem.code for problem in with_logo(small, "外/外面.png")] == ["picture-outside"]


def test_a_picture_that_is_too_large_or_cut_off_is_refused(small: Path) -> None:
    picture = small / "content" / "contacts" / "标志.png"
    Image.effect_noise((64, 64), 50).save(picture)
    whole = picture.read_bytes()
    picture.write_bytes(whole[: len(whole) // 2])
    assert [problem.code for problem in with_logo(small, "标志.png")] == ["picture-format"]
    picture.write_bytes(whole + b"\0" * 5_000_000)
    assert [problem.code for problem in with_logo(small, "标志.png")] == ["picture-too-large"]


# ---- what can be asked ---------------------------------------------------------------------------------------------


def test_names_become_ids(small: Path) -> None:
    library = loaded(small)
    slogan = list(library.slogans.values())[1]
    assert (slogan.audiences, slogan.scams, slogan.channels) == (("station",), ("刷单返利",), (Use.LED, Use.BANNER))
    assert list(library.scams["刷单返利"].variants) == ["station"]
    assert library.campaigns["开学季"].quantities == {"poster": 50}
    assert library.find("audiences", "派出所") == library.find("audiences", "station") == "station"
    assert library.find("slogans", slogan.slogan) == list(library.slogans)[1]
    assert library.find("contacts", "没有") is None


def test_an_id_of_a_slogan_stays_when_the_line_moves(small: Path) -> None:
    before = list(loaded(small).slogans)
    write(small, {SLOGANS: "- 新的一条\n- 标语: 刷单是幌子，骗钱才是目的\n"})
    assert list(loaded(small).slogans)[1] == before[0]


def test_an_audience_takes_from_its_parent_what_it_leaves_out(small: Path) -> None:
    library = loaded(small)
    school, station = library.audiences["school"], library.audiences["station"]
    assert school.lineage == ("school", "station")
    assert (school.theme, school.places, school.help) == (station.theme, station.places, station.help)
    assert (school.readers, school.minors, station.minors) == ("学生和家长", True, False)


def test_every_field_knows_where_it_was_typed(small: Path) -> None:
    library = loaded(small)
    first = next(iter(library.slogans))
    places = {
        (f"slogans/{first}", "slogan"): f"{SLOGANS}:2:3",
        ("scams/刷单返利", "steps", 1, "text"): f"{SCAM}:12:9",
        ("scams/刷单返利", "hits", 0): f"{SCAM}:3:8",
        ("scams/刷单返利", "variants", "station", "tagline"): f"{SCAM}:31:10",
        ("scams/刷单返利", "law"): f"{SCAM}:1:1",
        ("channels/110", "purpose"): "content/channels.yaml:4:11",
        ("channels/国家反诈中心APP", "wording"): "content/channels.yaml:8:9",
        ("domains", "domains", 0, "domain"): "content/channels.yaml:10:9",
        ("wording", "misspellings", 0, "right"): "content/wording.yaml:3:9",
        ("jingles/防骗口诀", "lines", 1): "content/jingles.yaml:4:7",
        ("contacts/样例", "phones", 0, "number"): f"{CONTACT}:3:5",
        ("campaigns/开学季", "quantities", "poster"): f"{CAMPAIGN}:5:7",
        ("audiences/school", "help", 0): f"{STATION}:19:5",
        ("audiences/school", "readers"): f"{SCHOOL}:2:5",
        ("materials/poster", "trim", 1): f"{CATALOGUE}:6:15",
        ("themes/police-blue", "name"): f"{THEME}:2:7",
    }
    assert {key: str(library.span(str(key[0]), *key[1:])) for key in places} == places
    assert library.quote(library.span("channels/110", "purpose")) == "    能做什么: 报警"
    assert library.quote(Span("nowhere.yaml")) == ""


def test_only_what_is_for_an_audience_is_said_to_it(small: Path) -> None:
    scam = (BASE / SCAM).read_text(encoding="utf-8")
    slogans = [
        "- 标语: 甲\n  用途: LED",
        "- 标语: 乙\n  状态: 降级",
        "- 标语: 丙\n  对象: 学校",
        "- 标语: 丁\n  状态: 停用",
    ]
    write(
        small,
        {
            "content/scams/新骗术.yaml": scam.replace("刷单返利", "新骗术") + "对象: 学校\n",
            "content/scams/旧骗术.yaml": scam.replace("刷单返利", "旧骗术") + "状态: 停用\n",
            "content/scams/次骗术.yaml": scam.replace("刷单返利", "次骗术") + "状态: 降级\n",
            "content/rules/三不一多.yaml": "名称: 三不一多\n条目:\n  - 甲\n不用于: 学校\n",
            SLOGANS: FIRST + "\n".join(slogans),
        },
    )
    library, _ = load(small, RENDERERS)
    assert library
    school, station = library.audiences["school"], library.audiences["station"]
    assert [name for name, _ in library.scams_for(school)] == ["刷单返利", "新骗术", "次骗术"]
    assert [name for name, _ in library.scams_for(station)] == ["刷单返利", "次骗术"]
    assert [slogan.slogan for _, slogan in library.slogans_for(school, Use.LED)][1:] == ["甲", "丙", "乙"]
    assert [slogan.slogan for _, slogan in library.slogans_for(station, Use.POSTER)][1:] == ["乙"]
    assert [name for name, _ in library.rules_for(station)] == ["三不一多"]
    assert library.rules_for(school) == ()
    assert [name for name, _ in library.cases_for(school, "刷单返利")] == ["卡单"]
    assert library.cases_for(school, "新骗术") == ()
    assert [jingle.name for jingle in library.jingles_for(school)] == ["防骗口诀"]
    assert [channel.name for channel in library.channels_for(station)] == ["110", "国家反诈中心APP"]


def test_the_newest_review_is_that_of_all_content(small: Path) -> None:
    assert loaded(small).newest_review() == date(2026, 11, 22)


def test_a_scene_is_drawn_once_and_a_missing_one_is_a_problem_of_content(small: Path) -> None:
    library = loaded(small)
    drawn = library.drawing("hook-phone")
    assert len(drawn["shapes"]) == 2
    assert library.drawing("hook-phone") is drawn
    with pytest.raises(ContentError, match=r"缺少场景文件 templates/scenes/nowhere\.yaml"):
        library.drawing("nowhere")


# ---- the project itself --------------------------------------------------------------------------------------------


def test_the_content_of_the_project_is_without_a_problem() -> None:
    library, problems = load(REPOSITORY, (*RENDERERS, "script"))
    assert said(problems) == []
    assert library
    assert library.audiences
    assert library.scams


def test_the_project_is_loaded_in_a_fraction_of_a_second(project: Path) -> None:
    load(project, RENDERERS)
    started = time.perf_counter()
    load(project, RENDERERS)
    assert time.perf_counter() - started < 1
