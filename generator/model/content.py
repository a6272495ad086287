"""What may be said: one model per kind of content file. No file is read here."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from generator.model.primitives import Day, Flag, Hex, Line, Lines, Names, Phone, Strict, Text, listed


class Status(StrEnum):
    """Whether an item may still be printed: 降级 items are used last, 停用 items never."""

    CURRENT = "现行"
    DEMOTED = "降级"
    RETIRED = "停用"


class Use(StrEnum):
    """Where a slogan may hang."""

    LED = "LED"
    BANNER = "横幅"
    POSTER = "海报"


class Item(Strict):
    """What every item may carry: where its words come from and when somebody last looked at them."""

    source: Text | None = None
    reviewed: Day | None = None
    review_by: Day | None = None
    status: Status = Status.CURRENT


class Named(Item):
    """An item that is a file; its id is the file name."""

    name: Line


class Slogan(Item):
    """标语. No ``audiences`` means all, no ``channels`` means wherever its length fits."""

    slogan: Line
    short: Line | None = None
    audiences: Names = ()
    scams: Names = ()
    channels: Annotated[tuple[Use, ...], BeforeValidator(listed)] = ()


def _text_item(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class RuleItem(Strict):
    """One line of a rule; ``short`` is its poster form, ``aside`` a note that must stand beside it."""

    text: Line
    short: Line | None = None
    aside: Line | None = None


class Rule(Named):
    """口径: 八个凡是, 六个一律, 三不一多… quoted as issued."""

    title: Line | None = None
    lead: Line | None = None
    items: Annotated[tuple[Annotated[RuleItem, BeforeValidator(_text_item)], ...], Field(min_length=1, max_length=12)]
    ending: Line | None = None
    note: Lines = ()
    edition: Line | None = None
    audiences: Names = ()
    not_for: Names = ()
    enabled: Flag = True


class Step(Strict):
    """One step of a trick: a name of at most six characters and what happens."""

    title: Line
    text: Line


class Dont(Strict):
    """One thing not to do: 不垫资 / 做任务先交钱的，都是骗."""

    title: Line
    text: Line


class Speaker(StrEnum):
    """Who says a line of a conversation: the fraud or the reader."""

    FRAUD = "骗子"
    READER = "我"


class Turn(Strict):
    """One line of a conversation; ``trap`` names in a few characters what gives the fraud away."""

    by: Speaker
    text: Line
    trap: Line | None = None


Dialog = Annotated[tuple[Turn, ...], Field(min_length=3, max_length=6)]


class ScamWords(Strict):
    """The part of a scam that can be said otherwise to another audience."""

    headline: Lines | None = None
    tagline: Line | None = None
    steps: tuple[Step, ...] | None = None
    situation: Annotated[Lines, Field(max_length=2)] | None = None
    red_flags: Lines | None = None
    todo: Lines | None = None
    dont: tuple[Dont, ...] | None = None
    question: Lines | None = None
    dialog: Dialog | None = None
    jingle: Line | None = None


class Scam(Named):
    """骗术: one fraud, told so that each medium can take its part."""

    audiences: Names = ()
    hits: Lines
    headline: Annotated[Lines, Field(min_length=1, max_length=2)]
    tagline: Line
    scene: Line
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=5)]
    red_flags: Annotated[Lines, Field(min_length=2, max_length=5)]
    todo: Annotated[Lines, Field(min_length=2, max_length=5)]
    dont: Annotated[tuple[Dont, ...], Field(min_length=3, max_length=3)]
    question: Lines = ()
    situation: Annotated[Lines, Field(max_length=2)] = ()
    dialog: Dialog | None = None
    jingle: Line
    law: Line | None = None
    variants: dict[str, ScamWords] = {}

    def said_to(self, audience_ids: tuple[str, ...]) -> Self:
        """The scam in the words for the first of ``audience_ids`` (nearest first) that has its own words."""
        for audience_id in audience_ids:
            if words := self.variants.get(audience_id):
                changed = {key: value for key, value in words if value is not None}
                return self.model_copy(update=changed)
        return self


class Case(Named):
    """案例, masked. ``name`` is its title; printed as 案例（已作脱敏处理）."""

    scams: Names
    audiences: Names = ()
    not_for: Names = ()
    story: Annotated[Lines, Field(min_length=2, max_length=6)]
    lesson: Line
    sourced: Flag = False


class Jingle(Item):
    """口诀: lines that rhyme."""

    name: Line
    lines: Annotated[Lines, Field(min_length=2)]
    audiences: Names = ()


class Couplet(Item):
    """对联: two lines of as many characters each, the right one first, and the four characters over the door."""

    upper: Line
    lower: Line
    over: Line
    audiences: Names = ()

    @model_validator(mode="after")
    def _in_pairs(self) -> Self:
        one, other = len(self.upper), len(self.lower)
        if one != other:
            raise PydanticCustomError(
                "couplet", "上联 {one} 个字，下联 {other} 个字，字数要相等", {"one": one, "other": other}
            )
        return self


class Mark(StrEnum):
    """What stands before each line of a part of a card."""

    NUMBER = "序号"
    DO = "勾"
    DONT = "叉"
    ASK = "问"


class CardPart(Strict):
    """One block of a card: a heading of some six characters and its lines."""

    title: Line | None = None
    mark: Mark = Mark.NUMBER
    items: Annotated[Lines, Field(min_length=1, max_length=6)]


class Card(Named):
    """What a card, a sticker or a form says as a whole; ``materials``: ids of the rows that it is made on.

    ``confirm``: what a customer signs; ``approval``: who must approve the wording before it is used;
    told to the clerk, never printed.
    """

    materials: Annotated[Names, Field(min_length=1)]
    audiences: Names = ()
    headline: Annotated[Lines, Field(min_length=1, max_length=2)]
    tagline: Line | None = None
    scene: Line | None = None
    parts: Annotated[tuple[CardPart, ...], Field(min_length=1, max_length=4)]
    confirm: Lines = ()
    approval: Line | None = None


class Term(Strict):
    """A line of the glossary: a word that a line break must not cut."""

    word: Line


class ContactKind(StrEnum):
    """What kind of unit signs."""

    STATION = "派出所"
    BANK = "银行"
    SCHOOL = "学校"
    COMMUNITY = "社区"
    ENTERPRISE = "企业"


class SignatureStyle(StrEnum):
    """How the unit stands at the foot: not at all, its name, or its name and 宣 (a folk habit, no rule)."""

    NONE = "无"
    NAME = "单位名"
    NAME_XUAN = "单位名 宣"


class ContactPhone(Strict):
    """One number of the unit, with what it is for."""

    name: Line = "电话"
    number: Phone


class QrCode(Strict):
    """A QR code of the unit: a web address of an allowed domain, or an uploaded picture that somebody checked."""

    caption: Line
    url: Line | None = None
    picture: Line | None = None
    confirmed_by: Line | None = None
    confirmed_on: Day | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.url is None) == (self.picture is None):
            raise PydanticCustomError("qr_target", "二维码请写“网址”或“图片”其中一项")
        return self


def _phone_item(value: object) -> object:
    return {"number": value} if isinstance(value, str) else value


def _phone_list(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


class ScreenColours(StrEnum):
    """What colours a unit's own screen can show."""

    SINGLE = "单色"
    DUAL = "双色"
    FULL = "全彩"


class OwnScreen(Strict):
    """A screen of the unit: one of the profiles (``profile``), with what differs; or its own name, pixels and colours.

    Pixels; ``pitch`` in mm; ``cell`` height of a character in pixels; ``loop`` in minutes; ``distance`` in metres.
    """

    profile: Line | None = None
    name: Line | None = None
    position: Line | None = None
    width: Annotated[int, Field(ge=16, le=8192)] | None = None
    height: Annotated[int, Field(ge=16, le=4320)] | None = None
    colours: ScreenColours | None = None
    colour: Literal["红", "绿", "黄", "白"] | None = None
    pitch: Annotated[float, Field(gt=0, le=100)] | None = None
    cell: Annotated[int, Field(ge=16, le=256)] | None = None
    cps: Annotated[float, Field(ge=1, le=6)] | None = None
    distance: Annotated[float, Field(gt=0, le=100)] | None = None
    controllers: Names = ()
    loop: Annotated[float, Field(gt=0, le=30)] | None = None
    roadside: Flag | None = None


def _screen_item(value: object) -> object:
    return {"profile": value} if isinstance(value, str) else value


def _screen_list(value: object) -> object:
    return [value] if isinstance(value, dict) else listed(value)


class Contact(Named):
    """本地单位: who signs and whom to ask."""

    kind: ContactKind
    signature: Lines = ()
    signature_style: SignatureStyle = SignatureStyle.NAME
    phones: Annotated[
        tuple[Annotated[ContactPhone, BeforeValidator(_phone_item)], ...], BeforeValidator(_phone_list)
    ] = ()
    hotline: Phone | None = None
    address: Line | None = None
    logo: Line | None = None
    qr: tuple[QrCode, ...] = ()
    partners: Lines = ()
    station: ContactPhone | None = None
    brand: Hex | None = None
    screens: Annotated[
        tuple[Annotated[OwnScreen, BeforeValidator(_screen_item)], ...], BeforeValidator(_screen_list)
    ] = ()
    sample: Flag = False


class Misuse(Strict):
    """A wrong way to name a channel, as a regular expression, and what to write."""

    wrong: Line
    right: Line
    reason: Line


class Channel(Item):
    """A national channel: what it is for and what it is not."""

    name: Line
    number: Phone | None = None
    purpose: Line
    not_purpose: Line | None = None
    wording: Line
    printed: Flag = True
    audiences: Names = ()
    misuse: tuple[Misuse, ...] = ()


class Domain(Strict):
    """A host that a QR code may point to; exact match. ``allowed`` 否 until an administrator confirms it."""

    domain: Line
    name: Line
    allowed: Flag = True
    note: Line | None = None


class Channels(Strict):
    """content/channels.yaml."""

    numbers: tuple[Channel, ...]
    domains: tuple[Domain, ...] = ()


class WordRule(Strict):
    """A wording that must not be printed. ``wrong`` is a regular expression, ``unless`` excuses a match.

    ``uses``: ids of audiences for which it holds (none: all).
    """

    wrong: Line
    right: Line
    reason: Line
    unless: Line | None = None
    uses: Names = ()


class Wording(Strict):
    """content/wording.yaml: misspellings (warnings), forbidden words and outdated tips (errors)."""

    misspellings: tuple[WordRule, ...] = ()
    forbidden: tuple[WordRule, ...] = ()
    outdated: tuple[WordRule, ...] = ()


class Voice(Strict):
    """How this audience is told to get help: 先问家长和老师 for pupils."""

    ask: Line
    act: Line


class DeckChoice(Strict):
    """A lecture: which outline of templates/deck, under which title. ``told_to``: the audience in whose words it is
    told, where a unit teaches others than those whom its pack is for."""

    outline: Line
    title: Line
    told_to: Line | None = None


def _lectures(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


Lectures = Annotated[tuple[DeckChoice, ...], BeforeValidator(_lectures), Field(min_length=1, max_length=12)]
"""The decks of an audience, in the order of its pack; a single one needs no list."""


class Cover(Strict):
    """The words of a leaflet's front panel."""

    title: Lines
    text: Line


class AudienceFile(Named):
    """An audience as written; fields left out come from the audience it ``extends``."""

    readers: Line | None = None
    extends: Line | None = None
    contact_kinds: Annotated[tuple[ContactKind, ...], BeforeValidator(listed)] | None = None
    theme: Line | None = None
    places: Names | None = None
    scams: Names | None = None
    rules: Names | None = None
    tone: Line | None = None
    voice: Voice | None = None
    minors: Flag | None = None
    avoid: Lines | None = None
    deck: Lectures | None = None
    help: Lines | None = None
    promise: Lines | None = None
    featured: Lines | None = None
    cover: Cover | None = None
    scene: Line | None = None
    skip: Names | None = None


class Period(Strict):
    """First and last day of a campaign."""

    starts: Day
    ends: Day


class Campaign(Named):
    """宣传活动. ``slogan_line`` is the year's official theme, left out until it is published."""

    period: Period | None = None
    slogan_line: Line | None = None
    badge: Line
    headline: Line | None = None
    focus: Names = ()
    audiences: Names = ()
    quantities: dict[str, Annotated[int, Field(gt=0, le=1_000_000)]] = {}
    date: Day | None = None
