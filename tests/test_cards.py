"""Cards, stickers, table cards and the bank's form: real templates, judged from the files, whoever signs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.checks.content import check
from generator.checks.preflight import fold_distance
from generator.library import Library, load
from generator.model.content import Contact, ContactKind
from generator.plan import Request, plan
from generator.render import RENDERERS
from generator.render.base import Job
from generator.render.pages import RENDERER
from generator.typesetting.contrast import contrast
from tests.command import pdf_text, squeezed
from tests.conftest import copied
from tests.sheets import (
    LONG_NAME,
    MM,
    REAL,
    Printed,
    colours,
    glyphs,
    live,
    no_character_lies_on_another,
    opened,
    signed,
    with_text,
)

CARDS = ("tip-card", "handout-card", "parcel-sticker", "atm-sticker", "counter-sticker", "table-card", "risk-card")
PACKS: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
    ("bank", None, ("atm-sticker", "table-card", "risk-card")),
    ("school", None, ("tip-card",)),
    ("bank", "应有尽有", CARDS),
    ("station", "应有尽有", CARDS),
    ("station", "一无所有", ("tip-card", "table-card")),
    ("community", "样例社区", ("tip-card", "handout-card")),
)
"""Every theme's manner, unsigned and signed, by a unit with all there is and by one with two characters."""


@pytest.fixture(scope="module")
def root(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with contacts of two characters, of thirty with everything, and one without a name."""
    return signed(copied(original, tmp_path_factory.mktemp("cards")))


def jobs_of(project: Path, audience: str, contact: str | None, *only: str, campaign: str | None = None) -> list[Job]:
    """The cards of a pack, or those of the materials named."""
    library, breaker = opened(project)
    jobs = plan(library, Request(audience, contact, campaign), breaker).jobs
    return [job for job in jobs if job.material in (only or CARDS)]


@pytest.fixture(scope="module")
def sweep(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    """The print files of the packs above; of several cards of a kind the first and the last."""
    folder = tmp_path_factory.mktemp("sweep")
    found = []
    for audience, contact, only in PACKS:
        campaign = "全民反诈在行动" if contact else None
        jobs = jobs_of(root, audience, contact, *only, campaign=campaign)
        # Of several cards of a kind the first and the last: a scam's and the slogan's.
        of = {name: [job for job in jobs if job.material == name] for name in only}
        chosen = [made[at] for made in of.values() for at in sorted({0, len(made) - 1} if made else ())]
        for at, job in enumerate(chosen):
            job = live(job)
            path = folder / f"{audience}-{contact}-{at}"
            path.mkdir()
            rendered = RENDERER.render(job, path, root)
            assert rendered.artifacts, [(job.name, contact, problem.message) for problem in rendered.problems]
            found.append(Printed(job, rendered, rendered.artifacts[0].path))
    return found


# ---- every piece -----------------------------------------------------------------------------------------


def test_every_card_is_made_for_somebody(sweep: list[Printed]) -> None:
    assert {each.job.material for each in sweep} == set(CARDS)


def test_every_card_fits_whoever_signs(sweep: list[Printed]) -> None:
    wrong = [f"{each.title}：{p.message}" for each in sweep for p in each.rendered.problems if p.code != "left-out"]
    assert wrong == []


def test_cards_have_their_size_and_bleed(sweep: list[Printed]) -> None:
    for each in sweep:
        (width, height), bleed = each.job.data["sheet"]["trim"], each.job.data["sheet"]["bleed"]
        assert bleed >= 2
        with pikepdf.open(each.path) as pdf:
            assert len(pdf.pages) == (2 if each.job.material in ("tip-card", "handout-card", "risk-card") else 1)
            for page in pdf.pages:
                left, bottom, right, top = (float(value) / MM for value in page.trimbox)
                assert (right - left, top - bottom) == pytest.approx((width, height), abs=0.01), each.title
                bled = [float(value) / MM for value in page.obj.BleedBox]
                assert (left - bled[0], bled[2] - right) == pytest.approx((bleed, bleed), abs=0.01)


def test_cards_hold_four_inks_and_no_transparency(sweep: list[Printed]) -> None:
    for each in sweep:
        with pikepdf.open(each.path) as pdf:
            for page in pdf.pages:
                used = set(colours(page.obj, set()))
                # A die line or marks may add separations of their own.
                used = {one for one in used if not re.match(r"(cs|CS) /", one)}
                assert used <= {"k", "K", "image /DeviceCMYK"}, (each.title, used)


def test_cards_are_coloured_into_their_bleed(sweep: list[Printed]) -> None:
    """Where a card is coloured at the trim it is coloured at the edge of its bleed."""
    for each in sweep:
        for page in each.document():
            box = [value / MM * 4 for value in page.get_trimbox()]
            picture = page.render(scale=4 / MM).to_pil().convert("RGB")  # 4 pixels a mm
            left, right = int(box[0]), int(box[2])
            top, bottom = int(picture.height - box[3]), int(picture.height - box[1])
            deep = int(each.job.data["sheet"]["bleed"] * 4) - 1
            for x in range(left + 6, right - 6, 12):
                for inner, outer in ((top + 1, top - deep), (bottom - 2, bottom + deep - 1)):
                    _same_ground(each.title, picture, (x, inner), (x, outer))
            for y in range(top + 6, bottom - 6, 12):
                for inner, outer in ((left + 1, left - deep), (right - 2, right + deep - 1)):
                    _same_ground(each.title, picture, (inner, y), (outer, y))


def _same_ground(title: str, picture: Any, inside: tuple[int, int], outside: tuple[int, int]) -> None:
    inner, outer = picture.getpixel(inside), picture.getpixel(outside)
    assert outer != (255, 255, 255) or min(inner) > 200, f"{title}: bare paper at {outside}"


def test_type_keeps_off_the_trim_and_the_folds_of_a_card(sweep: list[Printed]) -> None:
    for each in sweep:
        sheet = each.job.data["sheet"]
        (width, height), safe, panels = sheet["trim"], sheet["safe"], sheet["panels"]
        folds = [sum(panels[:at]) for at in range(1, len(panels))]
        for page in each.document():
            for glyph in glyphs(page):
                if each.job.data["sample"] and glyph.size > min(width, height) * 0.12:
                    continue  # the mark across a sample
                where = (each.title, glyph)
                assert safe - 0.1 <= min(glyph.left, glyph.top), where
                assert glyph.right <= width - safe + 0.1, where
                assert glyph.bottom <= height - safe + 0.1, where
                # A tent is folded across.
                assert all(glyph.bottom < fold - 3 or glyph.top > fold + 3 for fold in folds), where


def test_no_character_of_a_card_lies_on_another(sweep: list[Printed]) -> None:
    no_character_lies_on_another(sweep)


def test_cards_can_be_read_where_they_are_held(sweep: list[Printed]) -> None:
    """Nothing is under 1.8 mm; what a card says besides its signature and labels is 2.3 mm at least, and larger where
    it is read from farther."""
    for each in sweep:
        distances = each.job.data["sheet"]["distances"]
        said = [squeezed(node["text"]) for node in _message(each.job.data)]
        assert said
        for page in each.document():
            assert min(glyph.size for glyph in glyphs(page)) >= max(1.8, distances["fine"] * 5) - 0.01, each.title
        for line, size in _sizes(each.job, each.path):
            if line in said:
                assert size >= max(2.3, distances["body"] * 5) - 0.01, (each.title, line, size)


def _message(data: Any) -> Iterator[Any]:
    """The nodes of what a card is about."""
    if "card" in data:
        yield from data["card"]["headline"]
        yield from (item for part in data["card"]["parts"] for item in part["items"])
        yield from data["card"]["confirm"]
    elif "scam" in data:
        yield from data["scam"]["headline"]
        yield from (text for dont in data["scam"]["dont"] for text in dont.values())
    else:
        yield data["slogan"]
        yield from (item["short"] for item in data["rule"]["items"])


def _sizes(job: Job, path: Path) -> Iterator[tuple[str, float]]:
    """Every whole line that a text object shows, squeezed, with its size in mm."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        text = page.get_textpage()
        for at in range(text.count_rects()):
            rect = text.get_rect(at)
            line = squeezed(text.get_text_bounded(*rect))
            yield line, (rect[3] - rect[1]) / MM
    document.close()


def test_the_shop_is_shown_where_to_crease_a_tent_and_where_the_knife_runs(root: Path, tmp_path: Path) -> None:
    tent, sticker = (jobs_of(root, "bank", None, name)[0] for name in ("table-card", "atm-sticker"))
    files = {}
    for job in (tent, sticker):
        folder = tmp_path / job.material
        folder.mkdir()
        rendered = RENDERER.render(replace(job, formats=("print",)), folder, root)
        files[job.material] = next(file.path for file in rendered.artifacts if file.format == "pdf")
    document = pypdfium2.PdfDocument(files["table-card"])
    page = document[0]
    left, bottom, right, top = (value / MM for value in page.get_trimbox())
    picture = page.render(scale=10 / MM).to_pil().convert("L")
    sides = ((0, round((left - 3.2) * 10)), (round((right + 3.2) * 10), picture.width))
    for start, end in sides:
        strip = picture.crop((start, 0, end, picture.height))
        # A fold mark is thin and wide; the word beside it is higher than a line.
        rows = [y for y in range(strip.height) if _dark(strip, y) > 8]
        at = sorted({round(y / 10 - (picture.height / 10 - top)) for y in rows})
        assert {110, 220, 262} <= set(at), at
    with pikepdf.open(files["atm-sticker"]) as pdf:
        spaces = [str(space[1]) for space in pdf.pages[0].obj.Resources.ColorSpace.values()]
        assert "/CutContour" in spaces
    assert bottom > 0


def _dark(strip: Any, y: int) -> int:
    return sum(strip.crop((0, y, strip.width, y + 1)).histogram()[:140])


def test_type_of_a_tent_is_measured_from_folds_that_run_across() -> None:
    box = (10.0, 104.0, 60.0, 108.0)
    assert fold_distance(box, 110, across=True) == 2
    assert fold_distance(box, 106, across=True) < 0
    assert fold_distance(box, 106) == 46


# ---- what they say ---------------------------------------------------------------------------------------

SENTENCES = (
    "只由本人使用，不出租、不出借、不出售",
    "第31条",
    "处违法所得1倍以上10倍以下罚款",
    "并处15日以下拘留",
    "期限为2年或3年",
    "帮助信息网络犯罪活动罪",
    "处三年以下有期徒刑或者拘役，并处或者单处罚金",
    "不会索要您的密码和短信验证码",
    "立即拨打110",
    "96110来电请接听",
    "本人已阅知以上内容",
    "客户签字：",
    "日期：",
)
"""What a customer must have read before an account is opened."""


def test_both_copies_of_the_banks_card_say_what_they_must(sweep: list[Printed]) -> None:
    for each in sweep:
        if each.job.material != "risk-card":
            continue
        document = each.document()
        customer, bank = (squeezed(page.get_textpage().get_text_range()) for page in document)
        for copy in (customer, bank):
            for sentence in SENTENCES:
                for part in re.split("[，、]", squeezed(sentence)):
                    assert part in copy, (each.title, sentence)
        assert "客户联" in customer
        assert "银行联" not in customer
        assert "银行联" in bank
        assert "审定" not in customer + bank
        assert {"经办:", "复核:"} <= {bank[at : at + 3] for at in range(len(bank))}


def test_a_signature_lies_at_the_same_place_on_both_copies(sweep: list[Printed]) -> None:
    each = next(one for one in sweep if one.job.material == "risk-card")
    places = []
    for page in each.document():
        found = page.get_textpage().search("客户签字")
        places.append(found.get_next())
        text = page.get_textpage()
        places[-1] = text.get_charbox(places[-1][0])
    assert places[0] == pytest.approx(places[1])


def test_every_card_that_somebody_wrote_is_made(root: Path) -> None:
    library, breaker = opened(root)
    (name, card), *_ = library.cards_for(library.audiences["station"], "table-card")
    many = {f"另一张{at}": card.model_copy(update={"name": f"另一张{at}", "scene": None}) for at in range(3)}
    like = f"cards/{name}"
    kept = replace(
        library,
        cards={**library.cards, **many},
        sources={**library.sources, **{f"cards/{one}": library.sources[like] for one in many}},
        places={**library.places, **{f"cards/{one}": library.places[like] for one in many}},
    )
    jobs = [job for job in plan(kept, Request("station"), breaker).jobs if job.material == "table-card"]
    assert {job.title for job in jobs} == {f"台卡·{card.name}", *(f"台卡·{one}" for one in many)}


def test_a_card_without_a_scene_has_its_audiences(root: Path, tmp_path: Path) -> None:
    (job, *_) = jobs_of(root, "station", None, "handout-card")
    library, breaker = opened(root)
    card = library.cards[job.content[0].removeprefix("cards/")].model_copy(update={"scene": None})
    bare = replace(library, cards={**library.cards, job.content[0].removeprefix("cards/"): card})
    made = next(one for one in plan(bare, Request("station"), breaker).jobs if one.name == job.name)
    assert [problem.message for problem in RENDERER.render(live(made), tmp_path, root).problems] == []


def test_the_banks_card_is_for_banks_alone(root: Path) -> None:
    library, _ = opened(root)
    for audience in library.audiences:
        forms = {job.material for job in jobs_of(root, audience, None)}
        assert ("risk-card" in forms) == ("bank" in library.audiences[audience].lineage), audience


def test_a_sticker_says_little(root: Path) -> None:
    """Thirty to eighty characters in three to five lines beside its headline, as on any ATM."""
    for job in [*jobs_of(root, "bank", None, "atm-sticker", "counter-sticker")]:
        card = job.data["card"]
        lines = [item["text"] for part in card["parts"] for item in part["items"]]
        said = [*(line["text"] for line in card["headline"]), *lines]
        assert 3 <= len(lines) <= 5
        assert 30 <= len(re.sub(r"\W", "", "".join(said))) <= 80


def test_old_eyes_can_read_a_sticker(library: Library) -> None:
    """Its text against its ground, in every theme, is 7:1; its dark side is lighter text on that text's colour."""
    for theme in library.themes.values():
        colour = {token: value.rgb for token, value in theme.colours.items()}
        assert contrast(colour["on_accent"], colour["accent"]) >= 7, theme.id
        assert contrast(colour["on_ground"], colour["on_accent"]) >= 7, theme.id


def test_a_bank_gives_minors_its_name_and_nothing_that_sells(root: Path, tmp_path: Path) -> None:
    library, breaker = opened(root)
    fields: dict[str, Any] = {
        "name": "青山银行云岭支行", "kind": ContactKind.BANK, "hotline": "95599", "logo": "content/contacts/长标志.png",
        "phones": [{"name": "网点电话", "number": "0553-8123777"}],
        "qr": [{"caption": "关注我们", "url": "https://www.12377.cn/"}],
    }  # fmt: skip
    bank = Contact.model_validate(fields)
    named = replace(
        library,
        contacts={**library.contacts, "青山": bank},
        sources={**library.sources, "contacts/青山": library.sources["contacts/样例银行"]},
        places={**library.places, "contacts/青山": library.places["contacts/样例银行"]},
    )
    for audience in ("school", "primary", "middle"):
        jobs = [job for job in plan(named, Request(audience, "青山"), breaker).jobs if job.material in CARDS]
        assert {job.material for job in jobs} == {"tip-card"}
    job = live(jobs[0])
    rendered = RENDERER.render(job, tmp_path, root)
    found = pdf_text(rendered.artifacts[0].path)
    assert "青山银行云岭支行" in found
    assert not re.search("95599|8123777|关注", found)
    with pikepdf.open(rendered.artifacts[0].path) as pdf:
        drawn = [form for page in pdf.pages for form in page.obj.Resources.get("/XObject", {}).values()]
        assert not [form for form in drawn if form.Subtype == "/Image"]


def test_a_code_on_a_card_is_as_large_as_a_hand_needs(sweep: list[Printed]) -> None:
    seen = set()
    for each in sweep:
        codes = (each.job.data["contact"] or {}).get("qr", [])
        warned = [p.message for p in each.rendered.problems if p.code == "left-out"]
        if not codes:
            continue
        if each.job.material in ("tip-card", "handout-card", "table-card"):
            document = each.document()
            page = document[len(document) - 1]
            picture = page.render(scale=10 / MM).to_pil().convert("L")  # 10 pixels a mm
            (code,) = zxingcpp.read_barcodes(picture)
            place = code.position
            assert (place.top_right.x - place.top_left.x) / 10 >= 19.8, each.title
            seen.add(each.job.material)
            assert sum("只放得下一个二维码" in message for message in warned) == len(codes) - 1
        else:
            # A code beside an ATM could be pasted over: stickers and forms have none, and say so.
            assert sum("没有放二维码的地方" in message for message in warned) == len(codes), each.title
        # A card has room for the hotline alone.
        contact = each.job.data["contact"]
        numbers = [phone["number"] for phone in contact["phones"]] if contact["hotline"] else []
        assert all(any(number in message for message in warned) for number in numbers), (each.title, warned)
    assert seen == {"tip-card", "handout-card", "table-card"}


def test_a_long_name_is_printed_whole(sweep: list[Printed]) -> None:
    signed = [each for each in sweep if (each.job.data["contact"] or {}).get("name") == LONG_NAME]
    assert {each.job.material for each in signed} == set(CARDS)
    for each in signed:
        found = pdf_text(each.path)
        # It runs over two or three lines.
        assert all(LONG_NAME[at : at + 3] in found for at in range(0, 27, 9)), each.title
        assert "0553-6612110" in found


@pytest.mark.parametrize("trim", [(100, 60), (80, 50), (70, 40)])
@pytest.mark.parametrize("contact", [None, "一无所有", "只留电话", "应有尽有"])
def test_a_smaller_sticker_holds_its_numbers_or_says_that_it_does_not(
    root: Path, tmp_path: Path, contact: str | None, trim: tuple[float, float]
) -> None:
    job = live(jobs_of(root, "community", contact, "parcel-sticker")[0])
    job = replace(job, data={**job.data, "sample": False, "sheet": {**job.data["sheet"], "trim": trim}})
    rendered = RENDERER.render(job, tmp_path, root)
    problems = [problem for problem in rendered.problems if problem.code not in ("left-out", "preflight-ink")]
    assert {problem.code for problem in problems} <= {"overflow"}
    assert all(problem.span for problem in problems if contact)
    if trim == (100, 60):
        assert problems == []
    if not problems:
        no_character_lies_on_another([Printed(job, rendered, rendered.artifacts[0].path)])


# ---- whatever is typed -----------------------------------------------------------------------------------

PLACES: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    ("atm-sticker", ("card", "headline", 0)),
    ("atm-sticker", ("card", "parts", 0, "items", 1)),
    ("risk-card", ("card", "parts", 1, "items", 1)),
    ("risk-card", ("card", "confirm", 0)),
    ("risk-card", ("card", "headline", 0)),
    ("table-card", ("card", "tagline")),
    ("table-card", ("card", "parts", 0, "title")),
    ("table-card", ("card", "parts", 1, "items", 2)),
    ("tip-card", ("scam", "dont", 0, "text")),
    ("tip-card", ("scam", "dont", 1, "title")),
    ("tip-card", ("scam", "tagline")),
    ("tip-card", ("contact", "signature", 0)),
    ("counter-sticker", ("contact", "signature", 0)),
)


@cache
def _typed_on(root: Path, material: str) -> Job:
    return jobs_of(root, "bank", "应有尽有", material)[0]


@pytest.mark.slow
# An example costs a page, so what fails is shown as it was found: shrinking it would take minutes.
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.sampled_from(PLACES), text=REAL.map(str.strip).filter(bool))
def test_whatever_is_typed_on_a_card_fits_or_is_named(
    root: Path, tmp_path_factory: pytest.TempPathFactory, place: tuple[str, tuple[str | int, ...]], text: str
) -> None:
    material, path = place
    job = replace(_typed_on(root, material), formats=("office",))
    job = with_text(job, root, *path, text=text)
    node: Any = job.data
    for key in path:
        node = node[key]
    rendered = RENDERER.render(job, tmp_path_factory.mktemp("typed"), root)
    found = [problem for problem in rendered.problems if problem.code != "left-out"]
    assert {problem.code for problem in found} <= {"overflow", "missing-glyph"}
    if found:
        assert job.origins[node["id"]] in {problem.span for problem in found}
    elif path[-1] != "text":  # a card without room names what not to do without saying why
        assert squeezed(text) in {squeezed(said.removesuffix("宣")) for said in rendered.artifacts[0].text}


def test_a_card_names_its_materials_and_marks(project: Path) -> None:
    path = project / "content" / "cards" / "ATM转账提示.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[ATM温馨提示贴]", "[ATM温馨提示]").replace("记号: 勾", "记号: 对勾"), encoding="utf-8"
    )
    _, problems = load(project, RENDERERS)
    assert [(p.code, p.span.line if p.span else 0) for p in problems] == [
        ("unknown-choice", 1 + text.split("\n").index("  - 记号: 勾"))
    ]
    path.write_text(text.replace("[ATM温馨提示贴]", "[ATM温馨提示]"), encoding="utf-8")
    _, problems = load(project, RENDERERS)
    (problem,) = problems
    assert (problem.code, "是不是“ATM温馨提示贴”" in problem.message) == ("unknown-name", True)


def test_what_a_card_says_is_checked_like_everything_else(project: Path) -> None:
    path = project / "content" / "cards" / "开户风险提示.yaml"
    text = path.read_text(encoding="utf-8")
    wrong = text.replace("期限为2年或3年", "5年内暂停非柜面业务").replace("审核日期: 2026-11-22\n", "")
    path.write_text(wrong, encoding="utf-8")
    library, _ = load(project, RENDERERS)
    assert library
    codes = {problem.code for problem in check(library, date(2026, 11, 22))}
    assert codes == {"outdated-tip", "no-origin"}


def test_a_card_for_readers_comes_before_one_for_everybody(root: Path) -> None:
    bank, _ = jobs_of(root, "bank", None, "table-card")
    (station,) = jobs_of(root, "station", None, "table-card")
    assert bank.content == ("cards/转账先问三句",)
    assert station.content == ("cards/陌生来电先停一停",)
    library, _ = opened(root)
    assert not library.cards["陌生来电先停一停"].audiences
