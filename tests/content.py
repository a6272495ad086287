"""Content that tests write: as a clerk would type it, and independent of what the project happens to say."""

import shutil
from pathlib import Path

ADDRESS = "https://www.12377.cn/"

SCAM = """\
名称: 刷单返利
场景: hook-phone
易受骗人群:
  - 在校学生
  - 待业青年
大标题:
  - 凡是刷单
  - 都是诈骗
副标题: 刷单是幌子，骗钱才是目的
骗术步骤:
  - 标题: 小额返利
    内容: 点赞关注就返几元，先给一点甜头
  - 标题: 诱导垫资
    内容: 拉群做大任务，垫的钱越来越多
  - 标题: 不让提现
    内容: 借口账户冻结，再骗一笔就消失
危险信号:
  - 做任务要自己先垫钱
  - 被拉进群，人人都在晒收益
怎么做:
  - 看到刷单兼职，不加好友不进群
  - 已经垫了钱，马上停手，不再补单
不要做:
  - {标题: 不垫资, 内容: 做任务先交钱的，都是骗}
  - {标题: 不补单, 内容: 越补越多，本金拿不回}
  - {标题: 不下载, 内容: 群里发来的软件不要装}
问一问:
  - 动动手指就能赚钱，为什么轮到我？
口诀: 先给甜头再下套，垫出的钱拿不到
来源: 自拟
审核日期: 2026-11-01
复审期限: 2027-05-31
"""
"""One scam, said to everybody in the same words."""

SCAMS = ("刷单返利", "冒充客服", "虚假贷款")

CASE = """\
名称: 点赞返钱的群
骗术: 刷单返利
经过:
  - 小某进了一个点赞返钱的群，先收到几元。
  - 群主要小某先垫钱，小某把事情告诉了家人，家人拦住了他。
提醒: 要先垫钱的都是骗
来源: 自拟
审核日期: 2026-11-01
复审期限: 2027-05-31
"""

STATION = f"""\
名称: 青山市公安局云岭分局云岭派出所
类型: 派出所
落款: 云岭派出所
电话:
  - {{名称: 值班电话, 号码: 0553-8123110}}
地址: 青山市云岭区人民路12号
标志: 标志.png
二维码:
  - {{文字: 举报网上违法信息, 网址: "{ADDRESS}"}}
"""

SCHOOL = """\
名称: 青山市云岭区实验中学
类型: 学校
电话: 0553-8123456
"""

BANK = f"""\
名称: 青山银行云岭支行
类型: 银行
落款: 青山银行股份有限公司云岭支行
电话:
  - {{名称: 网点电话, 号码: 0553-8123777}}
服务热线: 95599
标志: 标志.png
品牌色: "#0B6B4F"
二维码:
  - {{文字: 举报网上违法信息, 网址: "{ADDRESS}"}}
"""

AUDIENCE = """\
名称: {name}
继承: 无
读者: 读者
单位类型: {kind}
主题样式: {theme}
场所: [corridor, classroom, gate-screen, take-home, lecture-room]
骗术: [刷单返利, 冒充客服, 虚假贷款]
口径: [三不一多]
求助话: {{先问谁: 先问家人, 马上做: 马上打110}}
课件: {{提纲: {outline}, 标题: 反诈课堂：先停一停}}
被骗后怎么办:
  - 停止转账，挂断电话
  - 立即拨打110，越快越好
封面语:
  标题: [识破骗局, 守住钱袋]
  内容: 先停一停，再想一想
审核日期: 2026-11-01
复审期限: 2027-05-31
"""

AUDIENCES = {
    "school": AUDIENCE.format(name="学校", kind="学校", theme="campus-blue", outline="class-meeting")
    + "未成年人: 是\n",
    "primary": "名称: 小学\n继承: school\n",
    "middle": "名称: 中学\n继承: school\n",
    "university": "名称: 大学\n继承: school\n",
    "bank": AUDIENCE.format(name="银行", kind="银行", theme="bank-green", outline="lobby-salon"),
    "station": AUDIENCE.format(name="派出所", kind="派出所", theme="police-blue", outline="fraud-class"),
}

SLOGANS = """\
- 被骗别犹豫，马上打110
- 不轻信，不转账，不透露
- 刷单是幌子，骗钱才是目的
- 天上不会掉馅饼，小心地上有陷阱
"""

JINGLES = "- 名称: 防骗口诀\n  句子:\n    - 先给甜头再下套\n    - 垫出的钱拿不到\n"
CAMPAIGN = "名称: 开学季\n角标: 开学第一课 反诈进校园\n重点骗术: 刷单返利\n审核日期: 2026-11-01\n"

KEPT = (
    "channels.yaml", "wording.yaml", "glossary.yaml", "rules/三不一多.yaml", "contacts/样例学校.yaml",
    "contacts/样例银行.yaml",
)  # fmt: skip
"""What a small project takes over from the real one."""


def make_small(project: Path) -> None:
    """A project with little to say, for what does not depend on how much there is."""
    content = project / "content"
    kept = {name: (content / name).read_bytes() for name in KEPT}
    shutil.rmtree(content)
    written = {
        "slogans.yaml": SLOGANS,
        "jingles.yaml": JINGLES,
        **{f"scams/{name}.yaml": SCAM.replace("名称: 刷单返利", f"名称: {name}") for name in SCAMS},
        "cases/点赞返钱的群.yaml": CASE,
        "campaigns/开学季.yaml": CAMPAIGN,
        **{f"audiences/{name}.yaml": text for name, text in AUDIENCES.items()},
    }
    for name, data in {**kept, **{name: text.encode() for name, text in written.items()}}.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_bytes(data)
