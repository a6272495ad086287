"""The one table of key names: English (models, templates) and Chinese (what people type).

``library`` turns every Chinese key of a content file into its English name before validation, so a
field is declared once and both spellings are accepted; messages and schemas show the Chinese one.
"""

from typing import Final

CHINESE: Final[dict[str, str]] = {
    # every item
    "id": "编号",
    "name": "名称",
    "source": "来源",
    "reviewed": "审核日期",
    "review_by": "复审期限",
    "status": "状态",
    "audiences": "对象",
    "note": "说明",
    # slogans
    "text": "内容",
    "slogan": "标语",
    "scams": "骗术",
    "channels": "用途",
    "short": "短句",
    # rules
    "title": "标题",
    "lead": "导语",
    "items": "条目",
    "ending": "结尾",
    "edition": "版本",
    "enabled": "启用",
    "not_for": "不用于",
    "aside": "旁注",
    # scams
    "hits": "易受骗人群",
    "headline": "大标题",
    "tagline": "副标题",
    "scene": "场景",
    "steps": "骗术步骤",
    "red_flags": "危险信号",
    "todo": "怎么做",
    "dont": "不要做",
    "question": "问一问",
    "jingle": "口诀",
    "variants": "分众写法",
    "law": "法律提醒",
    # cases
    "story": "经过",
    "lesson": "提醒",
    "sourced": "可称真实案例",
    # jingles
    "lines": "句子",
    # glossary
    "word": "词语",
    # contacts
    "kind": "类型",
    "signature": "落款",
    "signature_style": "落款方式",
    "phones": "电话",
    "number": "号码",
    "hotline": "服务热线",
    "address": "地址",
    "logo": "标志",
    "qr": "二维码",
    "caption": "文字",
    "url": "网址",
    "picture": "图片",
    "confirmed_by": "核对人",
    "confirmed_on": "核对日期",
    "partners": "联署单位",
    "station": "辖区派出所",
    "brand": "品牌色",
    "sample": "样张",
    # screens of a contact
    "screens": "屏幕",
    "profile": "屏型",
    "position": "位置",
    "width": "宽",
    "height": "高",
    "colours": "颜色",
    "colour": "灯色",
    "pitch": "点距",
    "cell": "字高",
    "cps": "每秒几字",
    "distance": "几米外看",
    "controllers": "控制卡",
    "loop": "一轮几分钟",
    "roadside": "临街不滚动",
    # channels
    "numbers": "渠道",
    "purpose": "能做什么",
    "not_purpose": "不能做什么",
    "wording": "印法",
    "printed": "印在成品上",
    "misuse": "错误写法",
    "domains": "二维码域名",
    "domain": "域名",
    "allowed": "允许",
    "uses": "适用",
    "reason": "原因",
    # audiences
    "readers": "读者",
    "extends": "继承",
    "contact_kinds": "单位类型",
    "theme": "主题样式",
    "places": "场所",
    "rules": "口径",
    "tone": "语气",
    "voice": "求助话",
    "ask": "先问谁",
    "act": "马上做",
    "minors": "未成年人",
    "avoid": "不用的词",
    "deck": "课件",
    "outline": "提纲",
    "help": "被骗后怎么办",
    "promise": "承诺",
    "featured": "主打标语",
    "cover": "封面语",
    "skip": "不要的物料",
    # campaigns
    "period": "时间",
    "starts": "开始",
    "ends": "结束",
    "slogan_line": "主题语",
    "badge": "角标",
    "focus": "重点骗术",
    "quantities": "数量",
    "date": "版本日期",
    # wording rules
    "misspellings": "错别字",
    "forbidden": "禁用说法",
    "outdated": "过时说法",
    "wrong": "写法",
    "right": "改为",
    "unless": "除非",
}

ENGLISH: Final[dict[str, str]] = {chinese: english for english, chinese in CHINESE.items()}

# Other words that people type for the same thing; the first column of CHINESE is what we write.
SYNONYMS: Final[dict[str, str]] = {
    "单位名称": "name",
    "受众": "audiences",
    "标签": "audiences",
    "类别": "kind",
    "复审日期": "review_by",
    "出处": "source",
}
