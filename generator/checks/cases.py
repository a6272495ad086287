"""Details in a case that would identify somebody.

个人信息保护法 25 条 and 民法典 1032 条 protect adults, 未成年人保护法 103 条 minors: no name, picture, home, school
or anything else that leads to the child. So a case that pupils read, or that is about a child, is held to more.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.checks.words import Readers, Words, every_text, place
from generator.errors import Problem, Severity

if TYPE_CHECKING:
    from generator.library import Library
    from generator.model.content import Case

Finder = Callable[[str], Iterator[tuple[int, int]]]

_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦马苗方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬康伍余顾孟黄穆萧尹姚邵湛汪祁毛狄贝臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江"
    "童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房丁邓洪崔龚程邢裴陆翁甄封储焦巴侯秋仲宁栾厉祖武符刘景詹叶韶"
    "黎薄白蒲卓乔闻党翟谭申屠聂耿关游温庄晏柴瞿阎连艾易廖"
)
_TITLES: Final = "先生|女士|小姐|阿姨|大爷|大妈|大叔|奶奶|爷爷|叔叔|老师|警官|法官|律师|经理|老板|总|教授|医生"
_ROLES: Final = (
    "受害人|被害人|当事人|事主|报警人|嫌疑人|民警|辅警|警官|群众|市民|居民|村民|学生|同学|新生|女生|男生|老人|家长|会计|财务"
    "|出纳|员工|店主|业主|储户|客户|店员|柜员|法人|经理"
)
_AFTER_NAME: Final = r"(?=[，。、；：（(“\s在被发添通告称说遭向的与和来到于因加用把将按是急]|$|接到|收到|报警)"

# Words that begin with a surname but name nobody.
_NO_NAME_WORDS: Final = """
    高度 高兴 高额 方便 方法 方才 任何 任务 万元 金额 金融 金钱 何时 何地 马上 关注 关心 关于 连忙 白天 余额
    易被 易受 康复 程序 游戏 祖父 祖母 宁愿 项目 党员 季度 许多 许诺 严重 严格 严肃 陈述 陈列 申请 申领 申报
    计划 计较 成功 安全 安装
"""
_NO_NAME: Final = tuple(_NO_NAME_WORDS.split())

_PLACE: Final = re.compile(
    r"([一-鿿×]{2,12})(?:小区|花园|家园|新村|公寓|支行|分理处|营业部|派出所|分局|居委会|村委会|社区|街道|幼儿园|小学|中学|高中"
    r"|大学|学院|医院|商场|酒店|有限公司|集团|市(?![民场面值内里中])|县(?![城内里]))(?![生时里])"
)

# Words after which a name begins: 她到|城东|派出所.
_BEFORE_PLACE: Final = re.compile(
    r"[在到去向于从的和与及或被往至由是把来回读上为就对给让叫找请经过进住报跟随陪同了着地得又再也都即说称冒充]"
)

# What may stand before 派出所, 小区, 学校… without naming one; before 市 the first half of 超市, 城市…
_GENERAL_WORDS: Final = """
    当地 本地 外地 属地 所在 所属 辖区 附近 周边 就近 最近 邻近 隔壁 门口 离家 自己 自家 同一 另一 不同 其他
    相关 什么 陌生 线下 一个 一家 一所 一名 一位 多个 多家 多所 几个 几家 几所 哪个 哪家 哪所 两个 两家 两所
    全国 全省 全市 全区 全县 我们 他们 她们 各大 银行 公安 公安局 民警 分行 派出所 社区 街道 学校 居民 住宅 老旧
    封闭 高档 安置 重点 民办 公办 职业 技术 高等 师范 寄宿 寄宿制 全日制 初级 高级 普通 大型 小型 连锁 五星
    五星级 知名 人民 中医 中心 综合 老年 投资 科技 物业 国有 正规 民营 外资 物流 快递 保险 证券 贸易 商贸 城区
    市区 县城 乡镇 农村 城市 高中 初中 小学 中学 入学 升学 毕业 联系 前赴 赶赴 开户 立即 马上 主动 及时 火速
    随即 当即 值班 接警 兄弟 本 该 各 我 你 他 她 那 这 某 市 区 县 镇 乡 省 母 子 超 股 门 都 夜 菜 楼 城 集 外
    邻 全 跨 考 两 三
"""
_GENERAL: Final = tuple(_GENERAL_WORDS.split())
_STREET: Final = re.compile(r"([一-鿿]{2,5})(?:路|街|大道|巷|弄|胡同)\s*\d+\s*(?:号|弄)")
_REGIONS: Final = re.compile(
    "北京(?!时间)|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南(?!岸)|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_MARK: Final = re.compile("[某×]")


@dataclass(frozen=True, slots=True)
class Detail:
    """One kind of detail: how it is found, how bad it is in a case of adults and in one of minors (None: no matter)."""

    find: Finder
    adults: Severity | None
    minors: Severity
    message: str


def _pattern(pattern: str) -> Finder:
    compiled = re.compile(pattern)

    def find(text: str) -> Iterator[tuple[int, int]]:
        for found in compiled.finditer(text):
            yield found.span(found.lastindex or 0)

    return find


def _names(text: str) -> Iterator[tuple[int, int]]:
    """A full name: surname and one or two characters, after a role or 名叫, before what ends a name."""
    pattern = rf"(?:{_ROLES}|名叫|姓名[:：是为]?)([{_SURNAMES}][一-鿿]{{1,2}}?){_AFTER_NAME}"
    for found in re.finditer(pattern, text):
        if not _MARK.search(found[1]) and not found[1].startswith(_NO_NAME) and not re.search(_TITLES, found[1]):
            yield found.span(1)


def _places(text: str) -> Iterator[tuple[int, int]]:
    """A place with its own name: 城东派出所, not 当地派出所, 某派出所 or 派出所."""
    for found in _PLACE.finditer(text):
        own = _BEFORE_PLACE.split(found[1])[-1]
        if len(own) >= 2 and not _MARK.search(own) and not own.endswith(_GENERAL):
            yield found.end(1) - len(own), found.end()


def _streets_and_regions(text: str) -> Iterator[tuple[int, int]]:
    for found in _STREET.finditer(text):
        own = _BEFORE_PLACE.split(found[1])[-1]
        if own and not _MARK.search(own):
            yield found.end(1) - len(own), found.end()
    for found in _REGIONS.finditer(text):
        yield found.span()


def _exact_sums(text: str) -> Iterator[tuple[int, int]]:
    """Sums of 1000 yuan and more with over two significant digits: 3168元, 12.35万元; 3600元 and 12万元 are round."""
    for found in re.finditer(r"(\d[\d,]*(?:\.\d+)?)\s*(万?)(?:多|余)?元", text):
        number = found[1].replace(",", "")
        significant = number.replace(".", "").strip("0")
        if len(significant) > 2 and (found[2] or float(number) >= 1000):
            yield found.span()


_BANKS: Final = (
    "工商银行|工行|农业银行|农行|中国银行|中行|建设银行|建行|交通银行|交行|招商银行|招行|邮储银行|邮储|民生银行|光大银行|中信银行"
    "|浦发银行|兴业银行|平安银行|华夏银行|广发银行|浙商银行|渤海银行|徽商银行|江苏银行"
)
_PLATE: Final = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z\d]{5,6}(?![A-Z\d])"
)
_CHILD_AGE: Final = r"(?<![\d一二三四五六七八九十])(?:[1-9]|1[0-7]|[一二三四五六七八九]|十[一二三四五六七]?)周?岁"
_ADULT_AGE: Final = r"(?<!\d)(?:1[89]|[2-9]\d)周?岁|[一二三四五六七八九]?十[一二三四五六七八九]?周?岁"
_CLASS: Final = r"[初高]?[一二三四五六七八九\d](?:年级)?\s*[（(]?[一二三四五六七八九十\d]{1,2}[)）]?班"
_DAY: Final = r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}[日号]|(?:19|20)\d\d-\d{1,2}-\d{1,2}"

DETAILS: Final = (
    Detail(_names, "error", "error", "是姓名，请改为“某某”或“李某”"),
    Detail(
        _pattern(rf"(?:^|[^一-鿿]|[的和与被给向对找是到同跟叫让请位名称])([{_SURNAMES}](?:{_TITLES}))"),
        "warning",
        "error",
        "带真实姓氏，请改为“某先生”“某女士”“某同学”",
    ),
    Detail(
        _pattern(rf"(?:小|阿)(?!钱)[{_SURNAMES}明红华刚强丽芳军](?=[，。、的在被接收发看想说把为玩]|同学)"),
        None,
        "error",
        "是孩子的称呼，请改为“小某”或“某同学”",
    ),
    Detail(
        _pattern(r"\d{17}[\dXx](?!\d)|\d{15,19}(?!\d)|(?:\d{4} ){3,4}\d{1,4}"),
        "error",
        "error",
        "像身份证号或卡号，请删去",
    ),
    Detail(_pattern(r"尾号[为是]?\s*\d{3,4}"), "error", "error", "能认出是哪张卡，请删去"),
    Detail(
        _pattern(r"(?:QQ|微信|抖音|支付宝|账)号?[:：是为]\s*([A-Za-z0-9_-]{5,})"),
        "error",
        "error",
        "是账号，请删去",
    ),
    Detail(_pattern(_PLATE), "error", "error", "是车牌号，请删去"),
    Detail(_places, "warning", "error", "是具体单位或地点，请改为“某小区”“当地派出所”“某学校”这样的说法"),
    Detail(_streets_and_regions, "warning", "error", "是具体地点，请删去或改为“某地”"),
    Detail(_pattern(_DAY), "warning", "error", "是具体日期，请改为“某天”“今年夏天”这样的说法"),
    Detail(
        _pattern(r"(?<!\d)\d{1,2}[:：时点]\d{1,2}分?(?!\d)"),
        "warning",
        "error",
        "是具体时刻，请改为“上午”“晚上”",
    ),
    Detail(_exact_sums, "warning", "error", "是精确到零头的金额，请写约数，如“3000多元”"),
    Detail(_pattern(_CHILD_AGE), "error", "error", "是未成年人的年龄，请删去或改为“小学生”“初中生”"),
    Detail(_pattern(_ADULT_AGE), None, "error", "是年龄，请删去或写“老人”“年轻人”"),
    Detail(_pattern(_CLASS), "warning", "error", "是具体班级，请删去"),
    Detail(_pattern(rf"{_BANKS}|[^某各家]{{2}}农商(?:银)?行"), "warning", "warning", "是银行的名称，请改为“某银行”"),
)
"""What is looked for, in the order of the messages; each is explained to its writer in ``message``."""

_ABOUT_A_CHILD: Final = re.compile(r"未成年|小学|初中|高中|中学|孩子|儿童|幼儿园|孙[子女]")


def check_cases(library: "Library") -> Iterator[Problem]:
    """Every identifying detail in the cases' names, stories and lessons."""
    readers = Readers(library)
    for words in every_text(library):
        if words.kind == "cases":
            yield from _in_text(library, words, _is_of_minors(library.cases[words.id], readers))


def _is_of_minors(case: "Case", readers: Readers) -> bool:
    told = " ".join((case.name, *case.story))
    return bool(_ABOUT_A_CHILD.search(told)) or bool(case.audiences and readers.of(case.audiences) & readers.minors)


def _in_text(library: "Library", words: Words, strict: bool) -> Iterator[Problem]:
    taken: list[tuple[int, int]] = []
    for detail in DETAILS:
        severity = detail.minors if strict else detail.adults
        for start, end in detail.find(words.text) if severity else ():
            if severity and not any(start < stop and begin < end for begin, stop in taken):
                taken.append((start, end))
                where = place(library, words, start, end)
                message = f"案例里的“{words.text[start:end]}”{detail.message}"
                if strict and severity != detail.adults:
                    message += "（涉及未成年人，从严）"
                yield Problem(severity, "identifying", message, where.span, quote=where.quote)
