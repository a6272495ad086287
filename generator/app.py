"""The story: load → plan → check → render → inspect → write. Yields what happens as it happens.

Nothing is printed here and nothing is written outside ``output.Staging``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path

from generator import delivery
from generator.checks.content import check, overdue
from generator.errors import ContentError, Problem, Span, UsageError, error, sorted_problems
from generator.events import Checked, Event, PackDone, PieceDone, Started
from generator.feeds.base import materials_for
from generator.kitchen import Kitchen
from generator.library import Audience, Library, load
from generator.logbook import log_book
from generator.manifest import Meta
from generator.model.design import Feed
from generator.output import Staging, Withheld
from generator.plan import Plan, Request, plan
from generator.records import read_records
from generator.render import RENDERERS
from generator.render.base import Rendered
from generator.survey import at_their_cells, read_survey, survey_book
from generator.typesetting.glyphs import NEEDED
from generator.typesetting.phrases import Breaker


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says, before names are looked up. ``today`` is for terminal warnings alone."""

    audiences: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    campaign: str | None = None
    focus: tuple[str, ...] = ()
    date: Date | None = None
    only: tuple[str, ...] = ()
    strict: bool = False
    standard: str | None = None
    tiff: bool = False
    survey: Path | None = None
    records: tuple[Path, ...] = ()
    also: tuple[str, ...] = ()
    jobs: int | None = None
    today: Date | None = None


def generate(root: Path, output: Path, options: Options) -> Iterator[Event]:
    """Make every pack asked for, one after the other, each moved into place whole.

    Raises ContentError before anything is written when shared content is wrong, UsageError when a name
    does not exist, OutputError when a pack could not be moved in (what was there is there again).
    """
    with _kitchen(root, options) as kitchen:
        library, plans, problems = _planned(root, options)
        yield Started(sum(len(plan.jobs) for plan in plans), len(plans), tuple(problems))
        kitchen.keep = len(plans) > 1
        for each in plans:
            yield from _pack(kitchen, library, each, output, options, problems)


def check_all(root: Path, options: Options) -> Iterator[Event]:
    """Everything but writing: lint, layout and reading back of every audience asked for (none: all)."""
    with _kitchen(root, options) as kitchen:
        _, plans, problems = _planned(root, options, strict=False)
        yield Started(sum(len(plan.jobs) for plan in plans), len(plans), tuple(problems))
        found = list(problems)
        for each in plans:
            for made, seconds in kitchen.make_all(each.jobs):
                found += made.problems
                kitchen.discard(made)
                yield PieceDone(made.job.title, each.audience.name, made.failed, seconds)
    yield Checked(sum(len(plan.jobs) for plan in plans), tuple(sorted_problems(found)), options.strict)


def _kitchen(root: Path, options: Options) -> Kitchen:
    """A kitchen, its helpers on their way when more is asked for than a material or two."""
    # Two films at once would hold half a gigabyte of frames.
    kitchen = Kitchen(root, 1 if options.also else options.jobs)
    if not 1 <= len(options.only) <= 2:
        kitchen.call_helpers()
    return kitchen


def open_library(root: Path) -> Library:
    """The library for ``generate list``; ContentError when it cannot be used at all."""
    library, problems = load(root, RENDERERS)
    if library is None:
        raise ContentError(problems)
    return library


def blank_survey(root: Path, audience: str) -> bytes:
    """A blank 需求统计表.xlsx with the materials of an audience; UsageError when there is no such audience."""
    library, problems = load(root, RENDERERS)
    if library is None:
        raise ContentError(problems)
    [found] = _expanded(library, (audience,))[:1]
    one, edition = library.audiences[found], _edition(library)
    offered = materials_for(library, one)
    if not _errors([*problems, *check(library, edition)]):
        made = _made_of(library, Request(found))
        offered = [material for material in offered if material.id in made]
    return survey_book(offered, edition, _colours(library, one), f"对象：{one.name}")


def _made_of(library: Library, request: Request) -> set[str]:
    """The materials that something is made of for a request, by id: not all that hang in the audience's places."""
    whole = replace(request, only=(), needs=())
    return {job.material for job in plan(library, whole, Breaker(library.glossary)).jobs}


def blank_log(root: Path, audience: str) -> bytes:
    """A blank 宣传活动登记表.xlsx in the colours of an audience; UsageError when there is no such audience."""
    library = open_library(root)
    [found] = _expanded(library, (audience,))[:1]
    one = library.audiences[found]
    return log_book(_edition(library), _colours(library, one), f"对象：{one.name}")


def _edition(library: Library) -> Date:
    return library.newest_review() or Date(2026, 1, 1)


def _colours(library: Library, audience: Audience) -> dict[str, str]:
    return {token: colour.rgb for token, colour in library.themes[audience.theme].colours.items()}


# ---- load, plan, check -------------------------------------------------------------------------------


def _planned(root: Path, options: Options, strict: bool = True) -> tuple[Library, list[Plan], list[Problem]]:
    library, problems = load(root, RENDERERS)
    problems += _missing_fonts(root)
    if library is None:
        raise ContentError(problems)
    requests = list(_requests(library, options))
    # What is wrong with shared content is told before a plan could stumble over it.
    campaign = library.campaigns.get(library.find("campaigns", options.campaign or "") or "")
    edition = options.date or (campaign and campaign.date) or library.newest_review() or Date.min
    problems += check(library, edition)
    if options.survey:
        requests, asked = _asked(library, requests, options.survey, sound=not _errors(problems))
        problems += asked
    if options.records:
        requests, told = _told(library, requests, options.records)
        problems += told
    breaker = Breaker(library.glossary)
    problems = sorted_problems(problems)
    _stop(problems, options.strict and strict, any_error=strict)
    plans = [] if _errors(problems) else [_counted(plan(library, request, breaker)) for request in requests]
    said = (problem for each in plans for problem in at_their_cells(each.problems, each.request.needs))
    problems = sorted_problems([*problems, *said])
    _stop(problems, options.strict and strict, any_error=strict)
    if options.today:
        problems = sorted_problems([*problems, *overdue(library, options.today)])
    return library, plans, problems


def _counted(each: Plan) -> Plan:
    """The plan with the survey's number of copies on each sheet: the proof is called after it."""
    if each.orders is None:
        return each
    jobs = []
    for job in each.jobs:
        order = each.orders.get(job.name)
        sheet = {**job.data["sheet"], "copies": order.copies if order else None}
        jobs.append(replace(job, data={**job.data, "sheet": sheet}))
    return replace(each, jobs=tuple(jobs))


def _asked(library: Library, requests: list[Request], survey: Path, sound: bool) -> tuple[list[Request], list[Problem]]:
    """The requests with what a filled-in survey wants; it is of one audience. ``sound``: content can be planned."""
    audiences = dict.fromkeys(request.audience for request in requests)
    if len(audiences) != 1:
        raise UsageError([error("survey-audience", "一份需求统计表给一个受众用：--survey 请和一个 --audience 一起写")])
    materials = materials_for(library, library.audiences[next(iter(audiences))])
    needs, problems = read_survey(survey, materials, _made_of(library, requests[0]) if sound else None)
    return [replace(request, needs=tuple(needs)) for request in requests], problems


def _told(library: Library, requests: list[Request], files: tuple[Path, ...]) -> tuple[list[Request], list[Problem]]:
    """The requests with what the log says was done: they are for the summaries alone, unless others are named."""
    records, problems = read_records(files)
    told = [
        material.id
        for material in library.materials.values()
        if any(row.feed is Feed.SUMMARY for row in material.pieces)
    ]
    made = []
    for request in requests:
        here = {material.id for material in materials_for(library, library.audiences[request.audience])}
        only = request.only or tuple(name for name in told if name in here)
        if not only:
            name = library.audiences[request.audience].name
            raise UsageError([error("no-summary", f"受众“{name}”没有活动小结：请在物料目录里给它一个场所")])
        made.append(replace(request, records=tuple(records), only=only))
    return made, problems


def _missing_fonts(root: Path) -> list[Problem]:
    return [
        error("missing-file", f"缺少字体文件 fonts/{name}，请从安装包里复制回来", Span(f"fonts/{name}"))
        for name in NEEDED
        if not (root / "fonts" / name).is_file()
    ]


def _errors(problems: Collection[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _stop(problems: list[Problem], strict: bool, any_error: bool) -> None:
    if (any_error and _errors(problems)) or (strict and problems):
        raise ContentError(problems)


def _requests(library: Library, options: Options) -> Iterator[Request]:
    audiences = _expanded(library, options.audiences or ("all",))
    for audience in audiences:
        for contact in _signers(library, audience, options.contacts):
            yield Request(
                audience, contact, options.campaign, options.focus, options.date, options.only,
                also=options.also, standard=options.standard, tiff=options.tiff,
            )  # fmt: skip


def _expanded(library: Library, names: tuple[str, ...]) -> list[str]:
    if set(names) & {"all", "全部"}:
        return list(library.audiences)
    found = {name: library.find("audiences", name) for name in names}
    unknown = [name for name, audience in found.items() if audience is None]
    if unknown:
        known = "、".join(f"{audience.name}（{key}）" for key, audience in library.audiences.items())
        raise UsageError([error("unknown-name", f"没有这个受众：{name}；可用：{known}") for name in unknown])
    return list(dict.fromkeys(audience for audience in found.values() if audience))


def _signers(library: Library, audience: str, names: tuple[str, ...]) -> list[str | None]:
    """Who signs: the units named; else the only real unit of the audience's kinds; else nobody."""
    kinds = library.audiences[audience].contact_kinds
    fitting = [key for key, contact in library.contacts.items() if contact.kind in kinds]
    real = [key for key in fitting if not library.contacts[key].sample]
    if set(names) & {"all", "全部"}:
        if not real:
            raise UsageError(
                [
                    error(
                        "no-contact",
                        f"{library.audiences[audience].name}还没有真实单位，请先在 content/contacts/ 里建一个",
                    )
                ]
            )
        return list(real)
    if names:
        return list(names)
    return list(real) if len(real) == 1 else [None]


# ---- write -------------------------------------------------------------------------------------------


class _Scope(Collection[str]):
    """The pieces that a run with --only is about: all pieces of the materials asked for, old ones too."""

    def __init__(self, materials: Collection[str]) -> None:
        self._materials = set(materials)

    def __contains__(self, piece: object) -> bool:
        # A survey's size stands behind the material: poster@500x700/…
        return isinstance(piece, str) and piece.split("/")[0].split("@")[0] in self._materials

    def __iter__(self) -> Iterator[str]:
        return iter(self._materials)

    def __len__(self) -> int:
        return len(self._materials)


def _pack(
    kitchen: Kitchen, library: Library, each: Plan, output: Path, options: Options, shared: list[Problem]
) -> Iterator[Event]:
    destination = output / each.audience.id
    if options.contacts and each.contact_id:
        destination /= each.contact_id
    found: list[Problem] = []
    withheld: list[Withheld] = []
    with Staging(destination) as staging:
        rendered: dict[str, Rendered] = {}
        for made, seconds in kitchen.make_all(each.jobs):
            rendered[made.job.name] = made
            yield PieceDone(made.job.title, each.audience.name, made.failed, seconds)
        for job in each.jobs:
            made = rendered[job.name]
            if made.failed:
                withheld.append(Withheld(job.name, job.title, tuple(made.problems)))
                continue
            found += made.problems
            for artifact in made.artifacts:
                staging.add(artifact)
        lasting = [problem for problem in shared if not _only_for_today(problem, library, each)]
        scope = _Scope({job.material for job in each.jobs}) if each.request.only else None
        meta = _meta(library, each)
        delivery.add_pack_files(
            staging, meta, [*lasting, *found], withheld, scope, materials=library.materials, root=kitchen.root
        )
        made_pack = staging.commit(meta, [*lasting, *found], withheld, scope)
    problems = sorted_problems([*shared, *found, *made_pack.problems, *(p for w in withheld for p in w.problems)])
    yield PackDone(each, made_pack, tuple(piece.title for piece in withheld), tuple(problems))


def _meta(library: Library, each: Plan) -> Meta:
    """What the pack's own files say of it; see ``delivery``."""
    campaign = each.campaign
    return {
        "audience": {"id": each.audience.id, "name": each.audience.name},
        "contact": {"id": each.contact_id, "name": each.contact.name} if each.contact else None,
        "campaign": {"id": each.campaign_id, "name": campaign.name} if campaign else None,
        "date": each.edition.isoformat(),
        "theme": library.themes[each.audience.theme].model_dump(mode="json"),
        "sample": bool(each.contact and each.contact.sample),
        "headlines": each.headlines,
        "quantities": dict(campaign.quantities) if campaign else {},
        "orders": each.orders,
        "approvals": {f"cards/{name}": card.approval for name, card in library.cards.items() if card.approval},
        "starts": campaign.period.starts if campaign and campaign.period else None,
    }


def _only_for_today(problem: Problem, library: Library, each: Plan) -> bool:
    """A review that is due by today's date alone is for the terminal: no file depends on the clock."""
    return problem.code == "past-review" and problem not in overdue(library, each.edition)
