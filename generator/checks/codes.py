"""QR codes: only to addresses that an administrator allowed, or a picture that a named person checked.

反诈 publicity teaches people not to scan strange codes; its own codes are held to that.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from generator.checks.words import Path, Place, value_place
from generator.errors import Problem, error, warning
from generator.model.content import QrCode
from generator.typesetting import qr

if TYPE_CHECKING:
    from generator.library import Library

_SHORT_LINK_HOSTS: Final = """
    t.cn url.cn w.url.cn dwz.cn dwz.win dwz.mk suo.im suo.nz sourl.cn mrw.so u.nu rrd.me 985.so 3.cn tb.cn m.tb.cn
    c.tb.cn u.jd.com v.douyin.com b23.tv xhslink.com reurl.cc is.gd bit.ly tinyurl.com goo.gl t.co ow.ly cutt.ly
    urlc.cn t.hk.uy 0x3.me kurl.cn f.wps.cn suo.fyi tinyurl.cn
"""
_SHORT_LINKS: Final = frozenset(_SHORT_LINK_HOSTS.split())

_LIST: Final = "content/channels.yaml 的“二维码域名”"

# What a code does when it is scanned, by how its text begins (scheme and www. aside) or what it contains.
_PAYMENT: Final = re.compile(
    r"^wxp://|^weixin://wxpay|^alipays?://|^upwallet://|^uppay://|^000201\d{2}"
    r"|(?:^|[/.])(?:qr|ds|mobilecodec|s|ur)\.alipay\.com/|payapp\.weixin\.qq\.com|wx\.tenpay\.com|[./]tenpay\.com"
    r"|i\.qianbao\.qq\.com|myun\.tenpay\.com|95516\.com|cloudpay|unionpay|qrcode?pay|/(?:pay|cashier|collect)(?:[/?]|$)"
    r"|\becny|paypal\.me|(?:^|[/.])pay\.",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(
    r"weixin\.qq\.com/g/|work\.weixin\.qq\.com/gm/|qun\.qq\.com|jq\.qq\.com|qm\.qq\.com/(?:q|cgi-bin)/"
    r"|joingroup|join[_-]?group|group_?code=|dingtalk\.com/(?:action/join|g/)|t\.me/(?:joinchat|\+)|chat\.whatsapp\.com"
    r"|feishu\.cn/.*(?:chat|join)|群聊|入群|进群",
    re.IGNORECASE,
)
_GROUP_CAPTION: Final = re.compile(r"[进入加]群|群聊|微信群|QQ群|交流群", re.IGNORECASE)
_PAYMENT_CAPTION: Final = re.compile(r"收款|付款|支付|缴费|转账|捐款|打赏")

# 公众号, and the cards of people (民警): what the pictures are for.
_ACCOUNTS: Final = re.compile(
    r"^https?://(?:weixin\.qq\.com/r/|mp\.weixin\.qq\.com/|u\.wechat\.com/|work\.weixin\.qq\.com/[cku])"
)


def check_codes(library: "Library") -> Iterator[Problem]:
    """Every QR code of every unit."""
    for id_, contact in library.contacts.items():
        for index, code in enumerate(contact.qr):
            reference, path = f"contacts/{id_}", ("qr", index)
            yield from _caption(library, reference, path, code)
            if code.url is not None:
                yield from _address(library, reference, path, code.url)
            else:
                yield from _picture(library, reference, path, code)


def check_domains(library: "Library") -> Iterator[Problem]:
    """The allow-list itself: bare hosts only, since a code's host must equal one of them."""
    for index, domain in enumerate(library.channels.domains):
        bare = _bare_host(domain.domain)
        if bare != domain.domain:
            place = value_place(library, "domains", ("domains", index, "domain"), domain.domain)
            fix = place.rewritten(bare) if bare else ""
            yield error(
                "qr-domain",
                f"“{domain.domain}”不是一个域名：只写主机名，如 www.12377.cn，不带 https://、路径、* 和大写字母",
                place.span,
                quote=place.quote,
                fix=fix,
            )


def _bare_host(text: str) -> str:
    """The host in what somebody typed as a domain; empty if there is none."""
    found = re.match(r"(?:https?://)?(?:\*\.)?([a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,})(?=[/:?]|\.?$)", text.strip().lower())
    return found[1] if found else ""


def _caption(library: "Library", reference: str, path: Path, code: QrCode) -> Iterator[Problem]:
    for pattern, what in ((_GROUP_CAPTION, "群"), (_PAYMENT_CAPTION, "收付款")):
        if pattern.search(code.caption):
            place = value_place(library, reference, (*path, "caption"), code.caption)
            message = f"二维码的文字是“{code.caption}”：宣传品上不印{what}二维码，请改用公众号二维码或官方网址"
            yield error("qr-purpose", message, place.span, quote=place.quote)


# ---- addresses -------------------------------------------------------------------------------------------


def _address(library: "Library", reference: str, path: Path, url: str) -> Iterator[Problem]:
    place = value_place(library, reference, (*path, "url"), url)
    found = _wrong_address(library, url, place)
    if found:
        yield found


def _wrong_address(library: "Library", url: str, place: Place) -> Problem | None:
    """The first thing wrong with an address; what follows it would be the same mistake told again."""
    parts = _parts(url)
    if parts is None or not parts.hostname:
        message = f"“{url}”不是完整的网址，请写成 https://www.12377.cn/ 这样"
        return error("qr-address", message, place.span, quote=place.quote)
    tricked = _trick(url, parts)
    if tricked:
        return error("qr-address", f"“{url}”{tricked}", place.span, quote=place.quote)
    if parts.hostname in _SHORT_LINKS:
        message = f"“{url}”是短链接，看不出通向哪里，不能印成二维码；请写完整的官方网址"
        return error("qr-short-link", message, place.span, quote=place.quote)
    fix = place.rewritten("https" + url[len(parts.scheme) :]) if parts.scheme == "http" else ""
    return _unlisted(library, url, parts, place) or _insecure(url, parts, place, fix)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _trick(url: str, parts: SplitResult) -> str:
    """Why an address reads as another one than it opens; empty if it does not."""
    if re.search(r"[\s\\\x00-\x1f]", url):
        return "里有空格或反斜杠，请写完整的网址"
    if parts.scheme not in ("http", "https"):
        return f"是“{parts.scheme}:”，二维码只用 https:// 开头的网址" if parts.scheme else "缺少开头的 https://"
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        return "里有“@”：真正打开的是“@”后面的网站，不能用"
    if ":" in parts.netloc:
        return "带端口号，官方网址不带；请删去“:”和后面的数字"
    host = parts.hostname or ""
    if not host.isascii() or "xn--" in host or "%" in host:
        return "的域名里有看着像英文字母、其实不是的字，不能用"
    if re.fullmatch(r"[\d.]+", host) or host.endswith("."):
        return "的域名不对，请写官方域名"
    return ""


def _unlisted(library: "Library", url: str, parts: SplitResult, place: Place) -> Problem | None:
    host = parts.hostname or ""
    listed = {domain.domain: domain for domain in library.channels.domains}
    if host in listed and listed[host].allowed:
        return None
    if host in listed:
        message = f"域名 {host}（{listed[host].name}）还没有启用：请管理员核对后，把 {_LIST} 里的“允许”改为“是”"
        return error("qr-domain", message, place.span, quote=place.quote)
    near = _look_alike(host, [name for name in listed if listed[name].allowed])
    hint = f"您是不是要写 {near}？" if near else f"如确是官方网站，请管理员核对后写进 {_LIST}"
    start = url.lower().find(host)
    fix = place.rewritten(f"{url[:start]}{near}{url[start + len(host) :]}") if near else ""
    return error("qr-domain", f"域名 {host} 不在允许的名单里；{hint}", place.span, quote=place.quote, fix=fix)


def _look_alike(host: str, allowed: list[str]) -> str:
    """The allowed host that ``host`` imitates or misspells."""
    core = host.removeprefix("www.")
    for name in sorted(allowed):
        if name.removeprefix("www.") == core or name.removeprefix("www.") in host:
            return name
    return next(iter(get_close_matches(host, sorted(allowed), 1, 0.8)), "")


def _insecure(url: str, parts: SplitResult, place: Place, fix: str) -> Problem | None:
    if parts.scheme == "https":
        return None
    message = f"“{url}”不加密，会被人中途换掉；请改为 https:// 开头"
    return error("qr-address", message, place.span, quote=place.quote, fix=fix)


# ---- pictures --------------------------------------------------------------------------------------------


def _picture(library: "Library", reference: str, path: Path, code: QrCode) -> Iterator[Problem]:
    picture = code.picture or ""
    place = value_place(library, reference, (*path, "picture"), picture)
    if code.confirmed_by is None or code.confirmed_on is None:
        yield error(
            "qr-unconfirmed",
            f"二维码图片“{picture}”没有人核对：请用手机扫一遍，确认打开的是本单位的公众号或民警名片，"
            "再写上“核对人: 姓名”和“核对日期: 年-月-日”",
            place.span,
            quote=place.quote,
        )
    if picture in library.assets:
        yield from _payload(library, picture, library.assets[picture], place)


def _payload(library: "Library", picture: str, data: bytes, place: Place) -> Iterator[Problem]:
    try:
        texts = qr.read(data)
    except ValueError:
        message = f"“{picture}”不是能打开的图片，请用 PNG 或 JPG 格式"
        yield error("qr-unreadable", message, place.span, quote=place.quote)
        return
    if len(texts) == 1:
        yield from _opens(library, picture, texts[0], place)
        return
    wanted = "请从公众号后台下载原图（边长 400 像素以上），不要用拍的照片或压缩过的截图"
    if texts:
        wanted = "请裁成只有一个二维码的图片：" + "；".join(texts)
    found = f"里有 {len(texts)} 个二维码" if texts else "里的二维码认不出来"
    yield error("qr-unreadable", f"“{picture}”{found}：{wanted}", place.span, quote=place.quote)


def _opens(library: "Library", picture: str, payload: str, place: Place) -> Iterator[Problem]:
    if reason := _refused(payload):
        message = f"“{picture}”{reason}，不能印在宣传品上；扫出的内容是：{payload}"
        yield error("qr-purpose", message, place.span, quote=place.quote)
    elif not _ACCOUNTS.match(payload) and not _is_listed(library, payload):
        yield warning(
            "qr-unknown",
            f"“{picture}”打开的不是公众号，也不是名单里的网站，请再核对一遍；扫出的内容是：{payload}。"
            f"确是官方网站的，请管理员把域名写进 {_LIST}",
            place.span,
            quote=place.quote,
        )


def _refused(payload: str) -> str:
    parts = _parts(payload)
    if _PAYMENT.search(payload):
        return "是收付款二维码"
    if _GROUP.search(payload):
        return "是群二维码（会过期，谁都能进）"
    if parts and parts.hostname in _SHORT_LINKS:
        return "是短链接，看不出通向哪里"
    if parts and re.search(r"\.(?:apk|ipa|exe|msi|mobileconfig)$", parts.path, re.IGNORECASE):
        return "会直接下载软件"
    return ""


def _is_listed(library: "Library", payload: str) -> bool:
    parts = _parts(payload)
    allowed = {domain.domain for domain in library.channels.domains if domain.allowed}
    return bool(parts and parts.scheme == "https" and parts.netloc in allowed)
