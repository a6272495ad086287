"""Preflight (印前检查): what was measured in a finished print file, and what a print shop would send back.

All lengths are of the finished piece at true size, in mm; places are from the upper left corner of the trim. The
limits come from the row and its process; those that hold for all print are named here with their source.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from generator.errors import Problem, Span, error, warning
from generator.typesetting.inks import luminance

Json = dict[str, Any]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

LEAST_SAFE_MM: Final = 3.0
"""Text nearer to the cut may lose its edge: shops quote 1 to 2 mm of tolerance, and 3 mm as the least margin."""
FOLD_TEXT_MM: Final = 2.0
"""A fold wanders by a millimetre and breaks the ink; trade custom asks 3 mm where a panel allows it."""
EDGE_CODE_MM: Final = 5.0
"""A code stays so far from folds."""
LEAST_MODULE_MM: Final = 0.4
LEAST_CODE_MM: Final = 20.0
LEAST_CONTRAST: Final = 3.0
"""WCAG 2.2, 1.4.3: large text. Smaller text wants ``SMALL_CONTRAST``."""
SMALL_CONTRAST: Final = 4.5
LARGE_PT: Final = 18.0
LARGE_BOLD_PT: Final = 14.0
GOOD_PPI: Final = 0.6
"""Share of the process's ppi from which a picture looks right; under it a person is told, under half of it stopped."""
DIFFERENCE: Final = 30
"""Of 255, how much a square of the outlined page may differ from the live one. pdfium moves a bar like that of 一 by up
to a pixel, a row of a square or 21; a missing comma leaves more."""
ROUNDING: Final = 1.6
"""Percent by which four plates of 8 bits may seem to hold more than was asked for: a level on each."""
POINTS_A_MM: Final = 72 / 25.4
ALLOWED: Final = frozenset({"DeviceCMYK", "Pattern", "image /DeviceCMYK"})
"""Ways to colour a page that X-1a takes and our pages use: process inks, patterns of them, CMYK pictures."""


class Text(NamedTuple):
    """Type of one font and colour on one line. ``inks`` and ``ground`` in percent; None: a pattern, or not measured.

    ``shown``: contrast of the same words on a screen.
    """

    page: int
    text: str
    size_mm: float
    bold: bool
    box: Box
    inks: tuple[float, ...] | None = None
    ground: tuple[float, ...] | None = None
    shown: float | None = None
    overprint: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with its quiet zone: its place, its modules, whether four modules around it are bare."""

    page: int
    text: str
    box: Box
    modules: int
    quiet: bool

    @property
    def module_mm(self) -> float:
        return (self.box[2] - self.box[0]) / (self.modules + 8)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: media, bleed and trim in mm from the corner of the paper, and the most ink on one spot in percent."""

    media: Box
    bleed: Box
    trim: Box
    ink: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured in one print file. ``fonts``: those embedded; ``difference``: of its outlines, 0 to 255."""

    standard: str
    pages: Sequence[Page]
    texts: Sequence[Text]
    codes: Sequence[Code]
    images: Sequence[tuple[float, str, bool]]
    """Pixels an inch as placed, colour space, whether masked."""
    used: frozenset[str]
    fonts: int
    difference: int
    glyphs: int
    read_back: int
    line_mm: float | None = None
    """The thinnest stroke."""
    logo: Span | None = None
    """Where the unit's logo was named: there is no other picture."""
    origin: Callable[[str], Span | None] = lambda text: None
    """Where a text was written; asked only for what is wrong."""
    printed: Sequence[float | None] = field(init=False)
    """The contrast of each text as it is printed."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "printed", list(map(printed_contrast, self.texts)))


@dataclass(slots=True)
class _Piece:
    """What is asked of the piece: the row's sheet at true size.

    ``scale``: true size over the size of the sheet's lengths; ``reduced``: over the size of the file and, of a page
    that is not made smaller than it is drawn, over the reading distances.
    """

    name: str
    sheet: Json
    scale: float = field(init=False)
    reduced: float = field(init=False)
    trim: tuple[float, float] = field(init=False)
    least_mm: float = field(init=False)
    """The smallest type: what the process holds, and what can be read from where the fine print is read."""
    _folds: tuple[list[float], list[float]] = field(init=False)
    _barred: bool = field(init=False)
    """Whether it is folded, or some of it hidden."""

    def __post_init__(self) -> None:
        self.reduced = self.sheet["scale"]
        self.scale = self.reduced * self.sheet.get("enlarge", 1)
        width, height = self.sheet["trim"]
        self.trim = (round(width * self.scale, 3), round(height * self.scale, 3))
        distances = self.sheet["distances"]
        # A page that is made smaller than it is drawn is read from as much nearer.
        nearer = self.reduced * min(1.0, self.sheet.get("enlarge", 1))
        readable = distances["fine"] * nearer * 1000 / 200 if distances else 0.0
        self.least_mm = max(float(self.sheet["press"]["least_text"]) / POINTS_A_MM, readable)
        front = self.sheet["panels"]
        self._folds = self._between(self.sheet["back_panels"] or front), self._between(front)
        self._barred = any(self._folds) or any(self.sheet["keepout"].values())

    def folds(self, page: int) -> list[float]:
        """Where page ``page`` (from 1) is folded, from its left edge; a tent from its upper edge."""
        return self._folds[page % 2]

    def _between(self, panels: Sequence[float]) -> list[float]:
        return [sum(panels[: at + 1]) * self.scale for at in range(len(panels) - 1)]

    def is_clear(self, text: Text) -> bool:
        """Whether a text is large enough and far from every cut, where nothing is folded or hidden."""
        if text.size_mm < self.least_mm or self._barred:
            return False
        left, upper, right, lower = text.box
        width, height = self.trim
        return min(left, upper, width - right, height - lower) >= LEAST_SAFE_MM

    def apart(self, box: Box, fold: float) -> float:
        """How far a box is from a fold; negative across it."""
        return fold_distance(box, fold, across=self.sheet["fold"] == "tent")

    def wrong(self, code: str, message: str, origin: Span | None = None) -> Problem:
        return error(f"preflight-{code}", f"印前检查：{message}", origin, piece=self.name)

    def doubt(self, code: str, message: str, origin: Span | None = None) -> Problem:
        return warning(f"preflight-{code}", f"印前检查：{message}", origin, piece=self.name)


def inspect(facts: Facts, name: str, sheet: Json) -> list[Problem]:
    """Everything that is wrong with a print file; errors withhold the piece, which is named beside them."""
    piece = _Piece(name, sheet)
    return [
        *_form(facts, piece),
        *_ink(facts, piece),
        *_lines(facts, piece),
        *_pictures(facts, piece),
        *_once(_type(facts, piece)),
        *_codes(facts, piece),
    ]


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """One problem of a kind for each line of content: a long text has many runs."""
    told: set[tuple[str, Span | None]] = set()
    for problem in problems:
        if (problem.code, problem.span) not in told or problem.span is None:
            told.add((problem.code, problem.span))
            yield problem


# ---- the file ----------------------------------------------------------------------------------------------


def _form(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    for number, page in enumerate(facts.pages, 1):
        size = (page.trim[2] - page.trim[0], page.trim[3] - page.trim[1])
        drawn = tuple(side / piece.reduced for side in piece.trim)
        if any(abs(one - other) > 0.02 for one, other in zip(size, drawn, strict=True)):
            yield piece.wrong(
                "boxes", f"第 {number} 页的成品框是 {size[0]:.1f}×{size[1]:.1f} mm，应是 {drawn[0]:g}×{drawn[1]:g} mm"
            )
        elif not (_inside(page.trim, page.bleed) and _inside(page.bleed, page.media)):
            yield piece.wrong("boxes", f"第 {number} 页的成品框、出血框、纸张框不是一层套一层")
    if facts.standard == "PDF/X-1a:2003" and facts.fonts:
        yield piece.wrong("fonts", f"还有 {facts.fonts} 种字体没有转曲")
    if beyond := sorted(facts.used - ALLOWED):
        yield piece.wrong("colour", f"用了不能上机的颜色或透明：{'、'.join(beyond)}；模板只能用主题色和 blend")
    if facts.difference > DIFFERENCE:
        yield piece.wrong("outlines", f"转曲以后和原来的版面不一样（差 {facts.difference}/255）")


def _inside(inner: Box, outer: Box) -> bool:
    slack = 0.01
    return (
        inner[0] >= outer[0] - slack and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack and inner[3] <= outer[3] + slack
    )  # fmt: skip


def _ink(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    press = piece.sheet["press"]
    most = max((page.ink for page in facts.pages), default=0)
    advice = "请在 templates/themes/ 里把最深的颜色调淡一些"
    # Four plates of 8 bits hide half a percent.
    if round(most) >= press["ink_limit"]:
        yield piece.wrong("ink", f"总墨量 {most:.0f}%，要在 {press['ink_limit']}% 以下；{advice}")
    elif most > press["ink_warn"] + ROUNDING:
        yield piece.doubt("ink", f"总墨量 {most:.0f}%，有的印刷厂只收 {press['ink_warn']}% 以下；{advice}")


def _lines(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    least = float(piece.sheet["press"]["least_line"])
    if facts.line_mm is not None and facts.line_mm < least * 0.985:
        yield piece.wrong("line", f"有 {facts.line_mm:.2f} mm 的细线，这种工艺最细 {least:g} mm，会断")


def _pictures(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    wanted = _ppi(piece)
    for ppi, _, masked in facts.images:
        if masked:
            yield piece.wrong("colour", "图片带透明")
        if ppi < wanted * GOOD_PPI:
            need = f"标志印出来只有每英寸 {ppi:.0f} 点，要 {wanted * GOOD_PPI:.0f} 点以上，请换一张像素更多的标志图片"
            yield (piece.wrong if ppi < wanted * GOOD_PPI / 2 else piece.doubt)("ppi", need, facts.logo)


def _ppi(piece: _Piece) -> float:
    """The resolution that the process wants for a piece of this size."""
    return ppi_of(piece.sheet["press"], piece.trim)


def ppi_of(press: Json, trim: tuple[float, float]) -> float:
    """Pixels an inch that a process wants for a finished size in mm; the last row when no other fits."""
    area = trim[0] * trim[1] / 1e6
    rows: Sequence[Json] = press["ppi"]
    fitting = (row for row in rows if row.get("area") is None or area <= row["area"])
    return float(next(fitting, rows[-1])["ppi"])


# ---- type --------------------------------------------------------------------------------------------------


def _type(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    # A page that is made smaller than it is drawn has one thing wrong with it, its size: the smallest type says so.
    reduced = piece.sheet.get("enlarge", 1) < 1
    smallest = min((text for text in facts.texts if text.inks is not None), key=lambda text: text.size_mm, default=None)
    for text in facts.texts:
        # Type in a pattern is the 样张 mark, which lies across everything.
        if text.inks is not None and not piece.is_clear(text):
            sizes = () if reduced and text is not smallest else _size(text, piece)
            for code, message in (*sizes, *_place(text, piece)):
                yield piece.wrong(code, f"“{_short(text.text)}”{message}", facts.origin(text.text))
    yield from _contrasts(facts, piece)


def _size(text: Text, piece: _Piece) -> Iterator[tuple[str, str]]:
    if text.size_mm < piece.least_mm * 0.985:
        said = f"只有 {text.size_mm:.1f} mm 高，这里至少要 {piece.least_mm:.1f} mm"
        if piece.sheet.get("enlarge", 1) < 1:
            wide = math.ceil(piece.trim[0] * piece.least_mm * 0.985 / text.size_mm)
            said += f"；这个尺寸太小，宽至少要 {wide} mm"
        yield "small-text", said


def _place(text: Text, piece: _Piece) -> Iterator[tuple[str, str]]:
    margin = margin_of(text.box, piece.trim)
    least = min(LEAST_SAFE_MM, piece.sheet["safe"] * piece.scale)
    if margin < least - 0.05:
        yield "safe", f"离裁切边只有 {margin:.1f} mm，要 {least:g} mm 以上"
    for fold in piece.folds(text.page):
        apart = piece.apart(text.box, fold)
        if apart < FOLD_TEXT_MM - 0.05:
            yield "fold", f"离折线只有 {max(apart, 0):.1f} mm，要 {FOLD_TEXT_MM:g} mm 以上"
    if zone := _dead_zone(text.box, piece):
        yield "keepout", f"在{zone}，装上以后看不见"


def margin_of(box: Box, trim: tuple[float, float]) -> float:
    """How far a box is from the nearest cut; negative beyond it."""
    return min(box[0], box[1], trim[0] - box[2], trim[1] - box[3])


def fold_distance(box: Box, fold: float, across: bool = False) -> float:
    """How far a box is from an upright fold, or from one ``across`` the page; negative across it."""
    low, high = (box[1], box[3]) if across else (box[0], box[2])
    return max(low - fold, fold - high)


def _dead_zone(box: Box, piece: _Piece) -> str:
    """The dead zone that a box reaches into, in words; empty when none."""
    if not any(piece.sheet["keepout"].values()):
        return ""
    zones = {side: length * piece.scale for side, length in piece.sheet["keepout"].items()}
    width, height = piece.trim
    slack = 0.05
    corner = zones["corners"]
    sideways = box[0] < corner - slack or box[2] > width - corner + slack
    upright = box[1] < corner - slack or box[3] > height - corner + slack
    reached = {
        f"上边 {zones['top']:g} mm 的死区里": box[1] < zones["top"] - slack,
        f"下边 {zones['bottom']:g} mm 的死区里": box[3] > height - zones["bottom"] + slack,
        f"左边 {zones['left']:g} mm 的死区里": box[0] < zones["left"] - slack,
        f"右边 {zones['right']:g} mm 的死区里": box[2] > width - zones["right"] + slack,
        f"角上 {corner:g} mm 的死区里": sideways and upright,
    }
    return next((words for words, inside in reached.items() if inside), "")


def _contrasts(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    """The worst text that cannot be read, or that is hard to read: what makes one pale makes others pale too."""
    poor = sorted(
        (found / wanted, found, at, wanted, where)
        for at, (text, printed) in enumerate(zip(facts.texts, facts.printed, strict=True))
        if text.inks is not None
        for wanted in (LEAST_CONTRAST if _is_large(text) else SMALL_CONTRAST,)
        for found, where in ((printed, "印出来"), (text.shown, "屏幕上"))
        if found is not None and found < wanted * 0.98 and any(map(str.isalnum, text.text))
    )
    if not poor:
        return
    _, found, at, wanted, where = poor[0]
    branded = piece.sheet.get("branded", False)
    advice = "底色（品牌色）要再深一些" if branded else "请在 templates/themes/ 里把主题的底色调深一些"
    text, others = facts.texts[at], len({at for _, _, at, _, _ in poor}) - 1
    more = f"，这样的还有 {others} 处" if others else ""
    said = f"“{_short(text.text)}”{where}和底色的对比只有 {found:.1f}:1，要 {wanted:g}:1{more}；{advice}"
    yield (piece.wrong if found < LEAST_CONTRAST * 0.9 else piece.doubt)("contrast", said, facts.origin(text.text))


def _is_large(text: Text) -> bool:
    points = text.size_mm * POINTS_A_MM
    return points >= LARGE_PT or (text.bold and points >= LARGE_BOLD_PT)


def printed_contrast(text: Text) -> float | None:
    """The contrast ratio of print, by the light that inks send back; None when it was not measured."""
    if text.inks is None or text.ground is None:
        return None
    return _ratio(text.inks, text.ground, text.overprint)


@lru_cache(maxsize=1024)
def _ratio(inks: tuple[float, ...], ground: tuple[float, ...], overprint: bool) -> float:
    own = [min(100.0, a + b) for a, b in zip(inks, ground, strict=True)] if overprint else inks
    light, dark = sorted((luminance(own), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _short(text: str) -> str:
    return text if len(text) <= 12 else text[:11] + "…"


# ---- codes -------------------------------------------------------------------------------------------------


def _codes(facts: Facts, piece: _Piece) -> Iterator[Problem]:
    for code in facts.codes:
        side = (code.box[2] - code.box[0]) * code.modules / (code.modules + 8)
        if code.module_mm < LEAST_MODULE_MM * 0.99:
            yield piece.wrong(
                "code", f"二维码太密：一格只有 {code.module_mm:.2f} mm，要 {LEAST_MODULE_MM} mm；网址请短一些"
            )
        elif side < LEAST_CODE_MM * 0.99:
            yield piece.doubt("code", f"二维码只有 {side:.0f} mm，最好 {LEAST_CODE_MM:g} mm 以上")
        if not code.quiet:
            yield piece.wrong("code", "二维码四周要空出四格")
        if any(piece.apart(code.box, fold) < EDGE_CODE_MM - 0.1 for fold in piece.folds(code.page)):
            yield piece.wrong("code", f"二维码离折线不到 {EDGE_CODE_MM:g} mm")
        if margin_of(code.box, piece.trim) < min(LEAST_SAFE_MM, piece.sheet["safe"] * piece.scale) - 0.05:
            yield piece.wrong("code", "二维码离裁切边太近")
        if zone := _dead_zone(code.box, piece):
            yield piece.wrong("keepout", f"二维码在{zone}，装上以后扫不到")


# ---- the record --------------------------------------------------------------------------------------------


def record(facts: Facts, problems: Sequence[Problem], sheet: Json) -> Json:
    """The measured numbers of a print file, as manifest.json has them; what does not apply is left out.

    ``result`` passed or warnings; ``standard`` of PDF/X; ``fonts`` embedded; ``glyphs`` outlined; ``colours`` that
    occur; ``outline_difference`` 0 to 255; ``ink_percent`` of each page and its ``ink_limit``; ``image_ppi`` as
    placed; the smallest of ``line_mm``, ``text_mm`` (and ``text_least_mm``, what it must be), ``margin_mm`` to the
    cut, ``fold_mm`` to a fold, ``contrast_printed`` and ``contrast_shown`` (ratio to 1), ``code_mm`` and
    ``module_mm``; ``text_lines`` read back; runs of type that overprint.
    """
    piece = _Piece("", sheet)
    texts = [text for text in facts.texts if text.inks is not None]
    folds = [piece.apart(text.box, fold) for text in texts for fold in piece.folds(text.page)]
    contrasts = [ratio for ratio in facts.printed if ratio is not None]
    shown = [text.shown for text in texts if text.shown is not None]
    found: Json = {
        "result": "warnings" if problems else "passed",
        "standard": facts.standard,
        "fonts": facts.fonts,
        "glyphs": facts.glyphs,
        "colours": sorted(facts.used),
        "outline_difference": facts.difference,
        "ink_percent": [page.ink for page in facts.pages],
        "ink_limit": sheet["press"]["ink_limit"],
        "image_ppi": _rounded(min((ppi for ppi, _, _ in facts.images), default=None), 0),
        "line_mm": _rounded(facts.line_mm, 2),
        "text_mm": _rounded(min((text.size_mm for text in texts), default=None), 2),
        "text_least_mm": _rounded(piece.least_mm, 2),
        "text_lines": facts.read_back,
        "margin_mm": _rounded(min((margin_of(text.box, piece.trim) for text in texts), default=None), 1),
        "fold_mm": _rounded(min(folds, default=None), 1),
        "contrast_printed": _rounded(min(contrasts, default=None), 1),
        "contrast_shown": _rounded(min(shown, default=None), 1),
        "overprints": sum(text.overprint for text in texts),
        "code_mm": _rounded(min((code.box[2] - code.box[0] for code in facts.codes), default=None), 1),
        "module_mm": _rounded(min((code.module_mm for code in facts.codes), default=None), 2),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def _rounded(value: float | None, digits: int) -> float | int | None:
    """A number as people read it; None stays None."""
    if value is None:
        return None
    return round(value, digits) if digits else round(value)


def in_words(found: Json) -> str:
    """A record for the person who sends the file: what came out, and the numbers that a print shop asks for."""
    verdict = "通过" if found["result"] == "passed" else "有提醒"
    parts = [
        f"总墨量 {max(found['ink_percent'], default=0):.0f}%",
        f"最小字 {found['text_mm']:.1f} mm" if "text_mm" in found else "",
        f"离裁切边 {found['margin_mm']:g} mm" if "margin_mm" in found else "",
        f"印刷对比 {found['contrast_printed']:g}:1" if "contrast_printed" in found else "",
        "文字已转曲" if not found["fonts"] else "文字可选",
    ]
    return f"印前检查 {verdict}：" + "，".join(part for part in parts if part)
