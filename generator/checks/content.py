"""What must not go out as it was typed: found in the content, before anything is made of it.

Each check is one function from the library to problems. None knows today's date: what stands in a file is judged
by the edition date, and ``overdue`` is for the terminal alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from generator.checks.cases import check_cases
from generator.checks.codes import check_codes, check_domains
from generator.checks.documents import check_documents
from generator.checks.phones import digits_of, is_masked, phones_in
from generator.checks.wording import check_wording
from generator.checks.words import Path, Words, every_text, place, value_place
from generator.errors import Problem, Span, error, sorted_problems, warning
from generator.model.content import Contact, ContactPhone, Item, Slogan, Status, Use
from generator.model.document import NAMES
from generator.typesetting.slogans import LIMITS, fits, length

if TYPE_CHECKING:
    from generator.library import Audience, Library

Check = Callable[["Library"], Iterable[Problem]]


def check(library: "Library", edition: date) -> list[Problem]:
    """Every problem of the content for a pack of the date ``edition``, by file and line."""
    found = [problem for one in BEFORE_CHECKS for problem in one(library)]
    return sorted_problems(_told_once([*found, *overdue(library, edition)]))


def _told_once(problems: list[Problem]) -> Iterator[Problem]:
    """Without what a rule of content/wording.yaml or a channel says better of the same words: 打114, 12339."""
    explained = [problem.span for problem in problems if problem.code in _EXPLAINED and problem.span]
    for problem in problems:
        span = problem.span
        if problem.code not in _GENERAL or not span or not any(_overlap(span, other) for other in explained):
            yield problem


_EXPLAINED: Final = frozenset({"misspelling", "forbidden-words", "outdated-tip", "misused-channel"})
_GENERAL: Final = frozenset({"unknown-hotline", "avoided-word"})


def _overlap(one: Span, other: Span) -> bool:
    same = (one.file, one.line) == (other.file, other.line)
    return same and one.column < other.end_column and other.column < one.end_column


def overdue(library: "Library", today: date) -> list[Problem]:
    """A warning for every item in use whose 复审期限 was before ``today``; nothing of ``today`` is in its words.

    So what ``check`` told already for the edition date is equal, and ``sorted_problems`` shows it once.
    """
    return sorted_problems(
        _past_review(library, reference, item.review_by)
        for reference, item in _items(library)
        if item.review_by and item.review_by < today and item.status is not Status.RETIRED
    )


def _past_review(library: "Library", reference: str, review_by: date) -> Problem:
    where = value_place(library, reference, ("review_by",))
    message = (
        f"已过复审期限（{review_by.year}年{review_by.month}月{review_by.day}日）：请核对内容是否仍然有效，"
        "再更新“审核日期”和“复审期限”；不再使用的写“状态: 停用”"
    )
    return warning("past-review", message, where.span, quote=where.quote)


def _items(library: "Library") -> Iterator[tuple[str, "Item | Audience"]]:
    """Every item that can be reviewed, with its reference."""
    for kind in (
        "slogans",
        "rules",
        "scams",
        "cases",
        "cards",
        "contacts",
        "campaigns",
        "documents",
        "audiences",
        "numbers",
    ):
        for id_, item in getattr(library, kind).items():
            yield f"{kind}/{id_}", item
    for jingle in library.jingles:
        yield f"jingles/{jingle.name}", jingle
    for couplet in library.couplets:
        yield f"couplets/{couplet.upper}", couplet
    for channel in library.channels.numbers:
        yield f"channels/{channel.number or channel.name}", channel


def check_origins(library: "Library") -> Iterator[Problem]:
    """Rules, scams, cards and channels are official: each says where its words come from and who looked when."""
    for reference, item in _items(library):
        official = ("rules/", "scams/", "cards/", "channels/", "documents/")
        if reference.startswith(official) and item.status is not Status.RETIRED:
            missing = [word for word, value in (("来源", item.source), ("审核日期", item.reviewed)) if value is None]
            if missing:
                where = value_place(library, reference, ("name",))
                message = f"没有写“{'”和“'.join(missing)}”：官方口径要能查到出处，请补上"
                yield warning("no-origin", message, where.span, quote=where.quote)


# ---- telephone numbers -----------------------------------------------------------------------------------


def check_hotlines(library: "Library") -> Iterator[Problem]:
    """Every telephone number in a text is a national channel's, or the unit's own in that unit's file."""
    in_use = (channel for channel in library.channels.numbers if channel.status is not Status.RETIRED)
    national = {digits_of(channel.number) for channel in in_use if channel.number}
    owners = {
        digits: contact.name for contact in library.contacts.values() for digits in map(digits_of, _numbers(contact))
    }
    own = {id_: set(map(digits_of, _numbers(contact))) for id_, contact in library.contacts.items()}
    for words in every_text(library):
        allowed = national | (own[words.id] if words.kind == "contacts" else set())
        for phone in phones_in(words.text):
            if phone.digits not in allowed:
                where = place(library, words, phone.start, phone.end)
                message = _unknown_number(words.text[phone.start : phone.end], owners.get(phone.digits))
                yield error("unknown-hotline", message, where.span, quote=where.quote)


def _unknown_number(number: str, owner: str | None) -> str:
    if owner:
        return f"“{number}”是{owner}的电话，只能写在它自己的文件里：公用内容里请删去，落款会印出本单位的电话"
    return (
        f"“{number}”不是登记过的号码：本单位的电话请写在 content/contacts/ 里它自己的文件，"
        "全国统一的渠道请核对后写进 content/channels.yaml；都不是就删去"
    )


def _phones(contact: Contact) -> Iterator[tuple[Path, ContactPhone]]:
    for index, phone in enumerate(contact.phones):
        yield ("phones", index), phone
    if contact.station:
        yield ("station",), contact.station


def _numbers(contact: Contact) -> Iterator[str]:
    """Every number of the unit, as typed."""
    yield from (phone.number for _, phone in _phones(contact))
    if contact.hotline:
        yield contact.hotline


def check_phone_names(library: "Library") -> Iterator[Problem]:
    """A unit does not list a national channel under a name that promises something else: 报警电话 96110."""
    for id_, contact in library.contacts.items():
        for path, phone in _phones(contact):
            digits = digits_of(phone.number)
            if digits in _NATIONAL_NOT_110 and re.search("报警|报案|110", phone.name):
                where = value_place(library, f"contacts/{id_}", (*path, "number"), phone.number)
                message = f"{digits} 不是报警电话：“{phone.name}”请写 110，{digits} 删去（成品上会自动印出）"
                yield error("misused-channel", message, where.span, quote=where.quote, fix=where.rewritten("110"))


_NATIONAL_NOT_110: Final = frozenset({"96110", "12381", "12321", "12377", "12339", "12345"})


# ---- units -----------------------------------------------------------------------------------------------

_PLACEHOLDER: Final = re.compile(r"[×＊*]|[xX]{2,}|某|○{2,}|_{2,}|待定|待填")


def check_contacts(library: "Library") -> Iterator[Problem]:
    """A sample unit cannot be mistaken for a real one, and a real one has no sample's words left in it."""
    for id_, contact in library.contacts.items():
        one = _sample if contact.sample else _real
        yield from one(library, f"contacts/{id_}", contact)


def _sample(library: "Library", reference: str, contact: Contact) -> Iterator[Problem]:
    for path, number in _typed_numbers(contact):
        if not is_masked(number):
            where = value_place(library, reference, path, number)
            message = f"样例单位不能有打得通的电话：“{number}”请把几位换成 ×；如果是真实单位，请把“样张”改为“否”"
            yield error("sample-phone", message, where.span, quote=where.quote, fix=where.rewritten(_masked(number)))
    for path, text in _signed_names(contact):
        if not _PLACEHOLDER.search(text):
            where = value_place(library, reference, path, text)
            message = f"样例单位不能用像真的名称：“{text}”请写成“××{contact.kind.value}”这样"
            yield error("sample-name", message, where.span, quote=where.quote)


def _real(library: "Library", reference: str, contact: Contact) -> Iterator[Problem]:
    for path, text in (*_typed_numbers(contact), *_signed_names(contact), *_addresses(contact)):
        if found := _PLACEHOLDER.search(text):
            where = value_place(library, reference, path, text)
            message = (
                f"“{text}”里还有没填的“{found.group()}”：请写真实的内容，没有就删去这一行；只是看样子，请写“样张: 是”"
            )
            yield error("placeholder", message, where.span, quote=where.quote)


def _typed_numbers(contact: Contact) -> Iterator[tuple[Path, str]]:
    for path, phone in _phones(contact):
        yield (*path, "number"), phone.number
    if contact.hotline:
        yield ("hotline",), contact.hotline


def _signed_names(contact: Contact) -> Iterator[tuple[Path, str]]:
    """What signs: the name, or the signature's first line; the partners; the station."""
    yield ("name",), contact.name
    if contact.signature:
        yield ("signature", 0), contact.signature[0]
    for index, partner in enumerate(contact.partners):
        yield ("partners", index), partner
    if contact.station:
        yield ("station", "name"), contact.station.name


def _addresses(contact: Contact) -> Iterator[tuple[Path, str]]:
    if contact.address:
        yield ("address",), contact.address


def _masked(number: str) -> str:
    """The number with its last half hidden, as 0553-×××××××."""
    keep = number.find("-") + 1 or len(number) // 2
    return number[:keep] + re.sub(r"\d", "×", number[keep:])


# ---- cases and slogans -----------------------------------------------------------------------------------

_TRUE_CASE: Final = re.compile(r"(?<!非)(?<!不是)(?<!不称)真实(?:案[例件]|事件|故事|经历)|真人真事")


def check_true_cases(library: "Library") -> Iterator[Problem]:
    """真实案例 is said of a case that has a source and leave (可称真实案例) alone, and by nothing else."""
    for words in every_text(library):
        case = library.cases[words.id] if words.kind == "cases" else None
        for found in _TRUE_CASE.finditer(words.text) if not (case and case.sourced) else ():
            yield _called_true(library, words, found)
    for id_, case in library.cases.items():
        if case.sourced and case.source is None:
            where = value_place(library, f"cases/{id_}", ("sourced",))
            message = "写了“可称真实案例: 是”，却没有“来源”：请补上出处，没有就改为“否”"
            yield error("true-case", message, where.span, quote=where.quote, fix=where.rewritten("否"))


def _called_true(library: "Library", words: Words, found: re.Match[str]) -> Problem:
    where = place(library, words, found.start(), found.end())
    message = f"“{found.group()}”：有出处、并写了“可称真实案例: 是”的案例才能这样说；请改为“案例”"
    return error("true-case", message, where.span, quote=where.quote, fix=where.rewritten("案例"))


def check_slogans(library: "Library") -> Iterator[Problem]:
    """A slogan that is too long for where it was meant to hang is skipped there: its writer should know."""
    for id_, slogan in library.slogans.items():
        if slogan.status is not Status.RETIRED and (said := _too_long(slogan)):
            where = value_place(library, f"slogans/{id_}", ("slogan",), slogan.slogan)
            yield warning("slogan-length", said, where.span, quote=where.quote)
    for id_, campaign in library.campaigns.items():
        for field, what in (("headline", "大标题"), ("slogan_line", "主题语")):
            text = getattr(campaign, field) or ""
            missed = [use for use in LIMITS if length(text) > LIMITS[use]]
            if campaign.status is not Status.RETIRED and missed:
                where = value_place(library, f"campaigns/{id_}", (field,), text)
                limits = "、".join(f"{_PLACES.get(use, use.value)}最多 {LIMITS[use]} 个字" for use in missed)
                said = f"活动的{what}有 {length(text)} 个字，{limits}：不会出现在那里；请写短些"
                yield warning("slogan-length", said, where.span, quote=where.quote)


_PLACES: Final = {Use.POSTER: "海报和课件"}
"""Where a campaign's words hang, but for those places that are called as the use is."""


def _too_long(slogan: Slogan) -> str:
    """Why the slogan will be missing somewhere; empty when it will not."""
    uses = slogan.channels or tuple(LIMITS)
    missed = [use for use in uses if fits(slogan, use) is None]
    if not missed or (not slogan.channels and len(missed) < len(uses)):
        return ""
    limits = "、".join(f"{use.value}最多 {LIMITS[use]} 个字" for use in missed)
    again = f"短句也有 {length(slogan.short)} 个字，请再短些" if slogan.short else "请加一个“短句”"
    return f"这条标语有 {length(slogan.slogan)} 个字，{limits}：不会出现在那里；{again}"


# ---- braces ----------------------------------------------------------------------------------------------

_BRACES: Final = re.compile(
    r"(?:\{\{|\uff5b\uff5b)\s*(?P<inside>[^{}\uff5b\uff5d]*?)\s*(?:\}\}|\uff5d\uff5d)|\{%.*?%\}"
)
"""In full width too, as Chinese keyboards type them."""
_FILLED: Final = re.compile(f"(?:{'|'.join(map(re.escape, NAMES))})(?!\\w)")
"""What a document would fill in."""
_HANZI: Final = re.compile("[\u4e00-\u9fff]")


def check_braces(library: "Library") -> Iterator[Problem]:
    """What documents have filled in is filled in there alone: anywhere else it would be printed as it stands. Other
    braces may be meant as they are: they print as typed, and whoever typed them is told."""
    for words in every_text(library):
        if words.kind == "documents" and words.path[:1] == ("body",):
            continue
        for found in _BRACES.finditer(words.text):
            where = place(library, words, found.start(), found.end())
            inside = found["inside"] or ""
            named = _FILLED.match(inside)
            instead = "本单位" if inside.startswith("单位") else inside if _HANZI.search(inside) and not named else ""
            fix = where.rewritten(instead) if instead else ""
            message = f"“{found.group()}”：大括号只在 content/documents/ 文书的正文里由程序填，这里会原样印出来；"
            if named:
                message += "请直接写出要印的字（如“我们”“本单位”），本单位的名称和电话由落款印出"
                yield error("braces", message, where.span, quote=where.quote, fix=fix)
            else:
                message += "请直接写出要印的字；就是要印大括号的，不用改"
                yield warning("braces", message, where.span, quote=where.quote, fix=fix)


# ---- tabs -------------------------------------------------------------------------------------------------


def check_tabs(library: "Library") -> Iterator[Problem]:
    """A text with a tab in it is several cells of a table that were pasted as one."""
    for words in every_text(library):
        if words.kind != "documents" and (found := re.search(r"\t+", words.text)):
            where = place(library, words, found.start(), found.end())
            message = (
                "内容里有 Tab，像是从表格里一次复制了几格，会连在一起印出来：一行只写一条，“对象”“用途”这些另起一行写"
            )
            yield error("tab-inside", message, where.span, quote=where.quote, fix=where.quote[: where.span.column - 1])


# ---- words that an audience does not want ----------------------------------------------------------------


def check_avoided(library: "Library") -> Iterator[Problem]:
    """Words that an audience's file lists under 不用的词, in texts that this audience would read."""
    for words in every_text(library):
        told: dict[str, list[str]] = {}
        for id_ in library.audiences:
            for word in library.audiences[id_].avoid or () if id_ in words.shown_to else ():
                if word in words.text:
                    told.setdefault(word, []).append(library.audiences[id_].name)
        for word, names in told.items():
            start = words.text.index(word)
            where = place(library, words, start, start + len(word))
            message = f"“{word}”是{'、'.join(names)}不用的词：请换个说法，或者在“对象”里去掉"
            yield warning("avoided-word", message, where.span, quote=where.quote)


BEFORE_CHECKS: Final[tuple[Check, ...]] = (
    check_wording,
    check_hotlines,
    check_phone_names,
    check_contacts,
    check_domains,
    check_codes,
    check_cases,
    check_documents,
    check_true_cases,
    check_slogans,
    check_braces,
    check_tabs,
    check_avoided,
    check_origins,
)
"""All checks of the content; a new one is a function and its line here."""
