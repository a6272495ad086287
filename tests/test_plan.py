"""What is made for whom: the plan, without making anything."""

import colorsys
import dataclasses
import itertools
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from generator.branding import branded
from generator.errors import UsageError
from generator.library import Library
from generator.manifest import check_name
from generator.model.content import Contact, ContactKind, Speaker, Turn, Use
from generator.model.design import Feed
from generator.plan import HEAVY, Plan, Request, plan
from generator.render import RENDERERS
from generator.render.base import Job
from generator.typesetting.contrast import contrast
from generator.typesetting.phrases import Breaker
from generator.typesetting.slogans import fits
from tests.command import REPOSITORY

AUDIENCES = sorted(path.stem for path in (REPOSITORY / "content" / "audiences").glob("*.yaml"))
Planner = Callable[..., Plan]


@pytest.fixture(scope="module")
def breaker(library: Library) -> Breaker:
    return Breaker(library.glossary)


@pytest.fixture
def planned(library: Library, breaker: Breaker) -> Planner:
    """``planned(audience, contact=…)``; ``library`` may be another one."""

    def make(audience: str, library: Library = library, **more: Any) -> Plan:
        return plan(library, Request(audience, **more), breaker)

    return make


def changed(library: Library, kind: str, **items: Any) -> Library:
    """The library with some items put in or, for None, taken away."""
    kept = {name: item for name, item in {**getattr(library, kind), **items}.items() if item is not None}
    sources = dict(library.sources)
    places = dict(library.places)
    like = next(iter(getattr(library, kind)))
    for name in items:
        sources.setdefault(f"{kind}/{name}", library.sources[f"{kind}/{like}"])
        places.setdefault(f"{kind}/{name}", library.places[f"{kind}/{like}"])
    other: dict[str, Any] = {kind: kept, "sources": sources, "places": places}
    return dataclasses.replace(library, **other)


def of(plan: Plan, material: str) -> list[Job]:
    return [job for job in plan.jobs if job.material == material]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every text in a job's data."""
    if isinstance(value, dict):
        if "phrases" in value:
            yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from texts(inner)


# ---- which pieces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_material_is_made_where_it_hangs_in_a_place_of_the_audience(
    planned: Planner, library: Library, audience: str
) -> None:
    places, skipped = set(library.audiences[audience].places), set(library.audiences[audience].skip)
    wanted = [
        m.id for m in library.materials.values()
        if set(m.places) & places and m.id not in skipped and set(m.formats) - {*HEAVY, "caption"}
        and (m.renderer != "document" or library.documents_for(library.audiences[audience], m.id))
        and all(row.feed != "summary" for row in m.pieces)  # made of records alone
    ]  # fmt: skip
    assert list(dict.fromkeys(job.material for job in planned(audience).jobs)) == wanted


def test_a_material_that_an_audience_skips_is_not_made(planned: Planner, library: Library) -> None:
    school = dataclasses.replace(library.audiences["school"], skip=("trifold",))
    other = dataclasses.replace(library, audiences={**library.audiences, "school": school})
    assert not of(planned("school", other), "trifold")
    assert of(planned("school", other), "flyer")


def test_an_audience_without_any_place_is_told_that_nothing_is_made(planned: Planner, library: Library) -> None:
    school = dataclasses.replace(library.audiences["school"], places=("moon",))
    made = planned("school", dataclasses.replace(library, audiences={**library.audiences, "school": school}))
    assert not made.jobs
    assert [problem.code for problem in made.problems] == ["nothing-to-make"]


def test_posters_are_of_the_audiences_first_scams_then_its_rules_then_a_slogan(
    planned: Planner, library: Library
) -> None:
    school = library.audiences["school"]
    pieces = [job.content[0] for job in of(planned("school"), "poster")]
    assert pieces[:5] == [f"scams/{name}" for name in school.scams[:5]]
    assert pieces[5:8] == [f"rules/{name}" for name in school.rules[:3]]
    (slogan,) = pieces[8:]
    assert library.slogans[slogan.removeprefix("slogans/")].slogan == school.featured[0]


def test_five_posters_in_a_corridor_show_at_least_three_compositions(planned: Planner, library: Library) -> None:
    rows = {row.feed: row.compositions for row in library.materials["poster"].pieces}
    for audience in library.audiences:
        posters = [job for job in of(planned(audience), "poster") if "scam" in job.data]
        made = [job.data["composition"] for job in posters]
        assert len(made) == 5, audience
        assert set(made) <= set(rows[Feed.SCAM]), audience
        assert len(set(made)) >= 3, (audience, made)
        assert all(one != other for one, other in itertools.pairwise(made)), (audience, made)


def test_no_five_scams_of_an_audience_look_stamped(planned: Planner, library: Library) -> None:
    for audience in library.audiences:
        for name, _ in library.scams_for(library.audiences[audience]):
            made = [
                job.data["composition"] for job in of(planned(audience, focus=(name,), only=("poster",)), "poster")[:5]
            ]
            assert len(set(made)) >= 3, (audience, name, made)


def test_what_a_scam_has_to_say_chooses_its_composition(planned: Planner, library: Library) -> None:
    def of_first(**words: Any) -> str:
        scams = dict(library.scams)
        scams["刷单返利"] = scams["刷单返利"].model_copy(update={"variants": {}, "dialog": None, **words})
        made = planned("station", dataclasses.replace(library, scams=scams))
        return next(str(job.data["composition"]) for job in of(made, "poster") if job.name == "poster/刷单返利")

    scam = library.scams["刷单返利"]
    talk = tuple(Turn(by=Speaker.FRAUD, text="先垫钱", trap="先垫本金") for _ in range(3))
    assert of_first(dialog=talk) == "dialog"
    assert of_first(steps=(*scam.steps, *scam.steps)[:5]) == "steps"
    assert of_first(steps=scam.steps[:3], question=(), todo=scam.todo[:3]) == "scene"


def test_the_rules_on_a_banks_wall_are_told_apart_by_their_names(planned: Planner, library: Library) -> None:
    rules = {rule.name for rule in library.rules.values()}
    posters = [job.title.removeprefix("海报·") for job in planned("bank").jobs if job.material == "poster"]
    assert [name for name in posters if name in rules] == ["八个凡是都是诈骗", "三不一多"]


def test_rules_beside_each_other_are_set_otherwise(planned: Planner, library: Library) -> None:
    for audience in library.audiences:
        made = [job.data["composition"] for job in of(planned(audience), "poster") if "rule" in job.data][:-1]
        assert all(one != other for one, other in itertools.pairwise(made)), (audience, made)


def test_scams_in_focus_come_first_then_those_of_the_campaign(planned: Planner, library: Library) -> None:
    focus = library.campaigns["开学季"].focus
    made = planned("school", campaign="开学季", focus=("AI换脸拟声",))
    scams = [job.content[0] for job in of(made, "poster") if job.content[0].startswith("scams/")]
    told = [f"scams/{name}" for name in focus if name in dict(library.scams_for(library.audiences["school"]))]
    assert scams == ["scams/AI换脸拟声", *told][:5]
    (flyer,) = of(made, "flyer")
    assert flyer.content[0] == "scams/AI换脸拟声"


def test_a_focus_that_these_readers_are_not_told_of_is_not_dropped_in_silence(
    planned: Planner, library: Library
) -> None:
    for_banks = library.scams["刷单返利"].model_copy(update={"audiences": ("bank",)})
    made = planned("school", changed(library, "scams", 刷单返利=for_banks), focus=("刷单返利",))
    (problem,) = made.problems
    assert (problem.severity, problem.code) == ("warning", "focus-for-others")
    assert problem.span
    assert problem.span.file == "content/scams/刷单返利.yaml"
    assert "scams/刷单返利" not in {item for job in made.jobs for item in job.content}


def test_a_form_that_must_be_approved_is_told_to_those_who_make_it(planned: Planner) -> None:
    (problem,) = planned("bank").problems
    assert (problem.severity, problem.code) == ("warning", "needs-approval")
    assert "合规审定" in problem.message
    assert str(problem.span).startswith("content/cards/开户风险提示.yaml:")
    assert not planned("bank", only=("海报",)).problems


def test_a_campaigns_own_words_stand_where_slogans_do(planned: Planner, library: Library) -> None:
    said = {"headline": "开学先学反诈，家家都要知道", "slogan_line": "全民反诈齐动手，守好您的钱袋子"}
    other = changed(library, "campaigns", 开学季=library.campaigns["开学季"].model_copy(update=said))
    made = planned("school", other, campaign="开学季")
    assert [job.title for job in of(made, "poster")][-1] == f"海报·标语：{said['headline']}"
    assert [job.title for job in of(made, "banner")][:2] == [f"横幅·{said['slogan_line']}", f"横幅·{said['headline']}"]
    playlist = next(job for job in made.jobs if job.name == "led/led").data["playlist"]
    assert [item["text"] for item in playlist[:2]] == [said["slogan_line"], said["headline"]]
    lecture = of(made, "deck")[0].data["campaign"]
    assert (lecture["motto"], lecture["call"]) == (said["slogan_line"], said["headline"])
    lone = changed(
        library, "campaigns", 开学季=library.campaigns["开学季"].model_copy(update={"headline": said["headline"]})
    )
    lecture = of(planned("school", lone, campaign="开学季"), "deck")[0].data["campaign"]
    assert (lecture["motto"], lecture["call"]) == (said["headline"], said["headline"])
    # What is too long for a poster is not cut.
    long = changed(library, "campaigns", 开学季=library.campaigns["开学季"].model_copy(update={"headline": "长" * 17}))
    usual = [job.title for job in of(planned("school"), "poster")]
    assert [job.title for job in of(planned("school", long, campaign="开学季"), "poster")][-1] == usual[-1]


def test_a_campaign_for_others_is_a_doubt(planned: Planner, library: Library) -> None:
    doubts = {problem.code for problem in planned("bank", campaign="开学季").problems}
    assert doubts == {"campaign-for-others", "needs-approval"}
    assert not planned("primary", campaign="开学季").problems


def test_only_the_materials_asked_for_are_planned_in_the_order_of_the_catalogue(planned: Planner) -> None:
    made = planned("school", only=("课件", "led"))
    assert list(dict.fromkeys(job.material for job in made.jobs)) == ["led", "deck"]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"contact": "没有的单位"}, "没有这个单位：没有的单位"),
        ({"campaign": "没有的活动"}, "没有这个活动：没有的活动"),
        ({"focus": ("没有的骗术", "刷单返利")}, "没有这个骗术：没有的骗术"),
        ({"only": ("海报", "没有的物料")}, "没有物料：没有的物料"),
    ],
)
def test_a_name_that_does_not_exist_is_wrong_usage(planned: Planner, request_: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        planned("school", **request_)


# ---- what a job is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", AUDIENCES)
def test_jobs_are_plain_data_that_can_be_sent_anywhere(planned: Planner, audience: str) -> None:
    for job in planned(audience).jobs:
        assert pickle.loads(pickle.dumps(job)) == job
        assert json.loads(json.dumps(job.data)) == job.data, job.name
        assert job.renderer in RENDERERS
        assert set(job.formats) <= set(RENDERERS[job.renderer].formats)
        assert job.content, job.name


def test_the_same_request_gives_the_same_jobs(planned: Planner, library: Library) -> None:
    assert planned("bank").jobs == plan(library, Request("bank"), Breaker(library.glossary)).jobs


def test_planning_again_reads_no_file(planned: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    before = planned("school").jobs

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the plan opened a file")

    for name in (
        "builtins.open",
        "io.open",
        "os.open",
        "os.scandir",
        "pathlib.Path.read_bytes",
        "pathlib.Path.read_text",
    ):
        monkeypatch.setattr(name, refused)
    assert planned("school").jobs == before


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_text_knows_the_line_it_was_typed_on(planned: Planner, library: Library, audience: str) -> None:
    for job in planned(audience, contact="样例学校").jobs:
        for node in nodes(job.data):
            if not node["id"]:  # a heading of ours, not of a content file
                continue
            span = job.origins[node["id"]]
            typed = "".join(
                library.quote(dataclasses.replace(span, line=n)) for n in range(span.line, span.end_line + 1)
            )
            assert node["text"] in typed or job.data["rule"]["name"] == node, (job.name, node["text"], span)
            assert "".join(node["phrases"]) == node["text"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_file_name_can_be_stored_everywhere_and_is_taken_once(planned: Planner, audience: str) -> None:
    stems = [job.stem for job in planned(audience).jobs]
    for stem in stems:
        check_name(f"发广告公司/{stem}_420x570mm_印刷.pdf")
        assert not re.search(r"[\s，。：“”]", stem), stem
    assert len({stem.casefold() for stem in stems}) == len(stems)


def test_pieces_whose_titles_differ_in_signs_alone_get_names_of_their_own(planned: Planner, library: Library) -> None:
    scam = library.scams["刷单返利"]
    twins = {name: scam.model_copy(update={"name": name}) for name in ("刷单，返利", "刷单·返利！")}
    made = planned("school", changed(library, "scams", **twins), focus=("刷单返利", *twins))
    assert [job.stem for job in made.jobs[:3]] == ["海报_刷单返利", "海报_刷单返利-2", "海报_刷单返利-3"]
    assert [job.title for job in made.jobs[:3]] == ["海报·刷单返利", "海报·刷单，返利", "海报·刷单·返利！"]


# ---- what is said to whom ----------------------------------------------------------------------------


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_piece_has_a_word_that_its_audience_does_not_want(planned: Planner, library: Library, audience: str) -> None:
    for job in planned(audience).jobs:
        said = "\n".join(texts({key: value for key, value in job.data.items() if key != "glossary"}))
        assert not [word for word in library.audiences[audience].avoid if word in said], job.name


@pytest.mark.parametrize("audience", [name for name in AUDIENCES if name in ("primary", "middle", "school")])
def test_minors_are_sent_to_their_parents_and_teachers(planned: Planner, audience: str) -> None:
    for job in planned(audience).jobs:
        voice = job.data["voice"]["ask"]
        assert "家长" in str(voice) or "爸妈" in str(voice)
        said = "\n".join(texts({key: value for key, value in job.data.items() if key not in ("theme", "sheet")}))
        assert not re.search("裸聊|卖卡|收卡|出租.{0,3}银行卡", said), job.name


def test_minors_are_told_who_dials_110_and_adults_to_dial_it(planned: Planner, library: Library) -> None:
    said = {who: of(planned(who), "poster")[0].data["report"]["wording"]["text"] for who in ("primary", "station")}
    act = library.audiences["primary"].voice.act
    wording = next(one.wording for one in library.channels.numbers if one.number == "110")
    assert said == {"primary": act.removesuffix("110"), "station": wording}
    assert said["primary"] != act


def test_cases_about_minors_are_not_told_to_students_of_a_university(library: Library) -> None:
    for kind in ("university", "community"):
        cases = [case for _, case in library.cases_for(library.audiences[kind])]
        assert cases
        assert not [case.name for case in cases if "家长" in "".join(case.story)]


def test_a_bank_hangs_no_rule_against_calls_about_cards(planned: Planner) -> None:
    for job in planned("bank").jobs:
        assert "rules/六个一律" not in job.content
        assert "一律挂掉" not in "\n".join(texts(job.data)), job.name


def test_a_scam_is_told_in_the_words_for_the_audience(planned: Planner, library: Library) -> None:
    scam = library.scams["刷单返利"]
    told = {}
    for audience in ("station", "school", "middle"):
        made = planned(audience, focus=("刷单返利",), only=("海报",)).jobs[0]
        told[audience] = [node["text"] for node in made.data["scam"]["headline"]]
    assert told["station"] == list(scam.headline)
    assert told["school"] == told["middle"] == list(scam.variants["school"].headline or ())
    assert told["school"] != told["station"]


def test_the_screen_shows_what_fits_the_audiences_own_slogans_first(planned: Planner, library: Library) -> None:
    school = library.audiences["school"]
    job = of(planned("school"), "led")[0]
    shown = [item["text"] for item in job.data["playlist"]]
    fitting = [text for _, one in library.slogans_for(school, Use.LED) if (text := fits(one, Use.LED))]
    own = [text for text in school.featured if text in fitting]
    assert own
    assert shown == own + [text for text in fitting if text not in own]


# ---- who signs ---------------------------------------------------------------------------------------


def unit(**more: Any) -> Contact:
    fields: dict[str, Any] = {
        "name": "青山银行云岭支行", "kind": ContactKind.BANK, "hotline": "95599", "brand": "#F2C94C",
        "phones": [{"name": "网点电话", "number": "0553-8123777"}],
        "qr": [{"caption": "举报", "url": "https://www.12377.cn/"}],
    }  # fmt: skip
    return Contact.model_validate(fields | more)


def test_a_bank_signs_for_its_customers_with_all_it_has(planned: Planner, library: Library) -> None:
    made = planned("bank", changed(library, "contacts", 青山=unit()), contact="青山")
    signed = made.jobs[0].data["contact"]
    assert (signed["hotline"], len(signed["phones"]), len(signed["qr"])) == ("95599", 1, 1)


@pytest.mark.parametrize("audience", ["school", "primary", "middle"])
def test_a_bank_signs_for_minors_with_its_name_and_nothing_that_sells(
    planned: Planner, library: Library, audience: str
) -> None:
    made = planned(audience, changed(library, "contacts", 青山=unit()), contact="青山")
    for job in made.jobs:
        signed = job.data["contact"]
        assert [text for text in texts(signed["signature"]) if "青山银行" in text]
        assert not signed["hotline"]
        assert not signed["phones"]
        assert not signed.get("logo")
        assert not signed.get("qr")
        assert "95599" not in json.dumps(job.data)
        # Red cloth is red, whoever hangs it; all else is in the audience's colours.
        look = job.data["theme"]["id"]
        assert look == (library.audiences[audience].theme if job.material in ("poster", "board", "roll-up") else look)
        assert job.data["theme"]["colours"] == library.themes[look].model_dump(mode="json")["colours"]


def plain(library: Library, audience: str) -> dict[str, Any]:
    colours: dict[str, Any] = library.themes[library.audiences[audience].theme].model_dump(mode="json")["colours"]
    return colours


@pytest.mark.parametrize("brand", ["#F2C94C", "#FFFFFF", "#0B6B4F", "#000000"])
def test_a_units_colour_is_darkened_until_white_text_can_be_read_on_it(
    planned: Planner, library: Library, brand: str
) -> None:
    made = planned("bank", changed(library, "contacts", 青山=unit(brand=brand)), contact="青山")
    colours = made.jobs[0].data["theme"]["colours"]
    assert contrast(colours["ground"]["rgb"], "#FFFFFF") >= 4.5
    assert contrast(colours["ground_deep"]["rgb"], "#FFFFFF") >= contrast(colours["ground"]["rgb"], "#FFFFFF")
    others = {token: colour for token, colour in colours.items() if not token.startswith("ground_")}
    kept = {token: colour for token, colour in plain(library, "bank").items() if token in others}
    assert {token: colour for token, colour in others.items() if token != "ground"} == {
        token: colour for token, colour in kept.items() if token != "ground"
    }


def test_every_hue_as_a_brand_keeps_accent_text_and_ink(library: Library) -> None:
    """Every 20 degrees, from nearly black to nearly white, in every theme."""
    for theme in library.themes.values():
        plain = theme.model_dump(mode="json")
        for hue, light, full in itertools.product(range(0, 360, 20), (0.04, 0.3, 0.5, 0.75, 0.97), (0.15, 0.9)):
            parts = colorsys.hls_to_rgb(hue / 360, light, full)
            brand = "#" + "".join(f"{round(part * 255):02X}" for part in parts)
            colours = branded(plain, brand)["colours"]
            ground, deep, accent = (colours[token]["rgb"] for token in ("ground", "ground_deep", "accent"))
            assert contrast(ground, colours["on_ground"]["rgb"]) >= 4.5, (theme.id, brand)
            assert contrast(ground, accent) >= 3, (theme.id, brand)
            assert contrast(ground, deep) >= 1.1, (theme.id, brand)
            for token, colour in colours.items():
                assert sum(colour["cmyk"]) <= 300, (theme.id, brand, token)


def test_a_cool_accent_gives_way_on_a_warm_brand(library: Library) -> None:
    theme = library.themes["enterprise-gray"].model_dump(mode="json")
    teal = theme["colours"]["accent"]
    assert branded(theme, "#1E4FA3")["colours"]["accent"] == teal
    for warm in ("#C8161D", "#E86A10"):
        assert branded(theme, warm)["colours"]["accent"]["rgb"] == "#FFC247"


def test_a_code_is_large_enough_to_scan_and_fits_a_footer(planned: Planner, library: Library) -> None:
    made = planned("bank", changed(library, "contacts", 青山=unit()), contact="青山")
    for job in made.jobs:
        for code in (job.data["contact"] or {}).get("qr", ()):
            modules = len(code["symbol"]["modules"])
            side = code["mm"] * job.data["sheet"]["scale"]
            module = side / (modules + 8)
            assert module >= 0.5, job.name
            assert module * modules >= 20, job.name
            assert side <= 60, job.name


def test_the_edition_is_the_date_asked_for_then_the_campaigns_then_the_newest_review(
    planned: Planner, library: Library
) -> None:
    dated = library.campaigns["开学季"].model_copy(update={"date": date(2026, 9, 1)})
    other = changed(library, "campaigns", 开学季=dated)
    assert planned("school", other, campaign="开学季", date=date(2027, 1, 2)).edition == date(2027, 1, 2)
    assert planned("school", other, campaign="开学季").edition == date(2026, 9, 1)
    assert planned("school", other).edition == library.newest_review()
    assert {job.data["date"] for job in planned("school", other, campaign="开学季").jobs} == {"2026-09-01"}


# ---- as it stands ------------------------------------------------------------------------------------


def summary(made: Plan) -> str:
    """The pack as a person would check it: pieces, titles, compositions, what they show, file names."""
    pieces = [
        {
            "piece": job.name,
            "title": job.title,
            **({"composition": job.data["composition"]} if job.data["composition"] else {}),
            "stem": job.stem,
            "formats": " ".join(job.formats),
            "content": [item for item in job.content if not item.startswith("slogans/") or job.material != "led"],
        }
        for job in made.jobs
    ]
    head = {"audience": made.audience.name, "edition": made.edition.isoformat(), "theme": made.audience.theme}
    return json.dumps({**head, "pieces": pieces}, ensure_ascii=False, indent=1) + "\n"


def test_golden_texts_are_never_rewritten_by_a_machine() -> None:
    command = [sys.executable, "-m", "pytest", "--update-golden", "--collect-only", "-q", "-n0", "tests/test_qr.py"]
    done = subprocess.run(command, cwd=REPOSITORY, env={**os.environ, "CI": "1"}, capture_output=True, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert b"--update-golden is for a person" in done.stderr


@pytest.mark.parametrize("audience", ["school", "bank", "station", "community", "enterprise"])
def test_the_plan_is_what_it_was(planned: Planner, golden: Callable[[str, str], None], audience: str) -> None:
    golden(f"plan-{audience}.json", summary(planned(audience)))


@pytest.mark.parametrize("audience", ["school", "bank", "station", "community", "enterprise"])
def test_the_slogans_on_the_screen_are_what_they_were(
    planned: Planner, golden: Callable[[str, str], None], audience: str
) -> None:
    job = of(planned(audience), "led")[0]
    golden(f"led-{audience}.txt", "".join(f"{item['text']}\n" for item in job.data["playlist"]))
