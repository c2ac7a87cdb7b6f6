"""The overview: figures on shelves, their trend, how they are made up, and who is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from services.chassis.periods import end_of_month
from services.console import charts, wording
from services.console.clients.projector import Declared, Figure, FigureKind
from services.console.period import Period
from services.console.views.links import Here

BATCHES, PERSONS = "bases.visit_batches", "bases.visit_persons"
SHELVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "参观接待",
        (
            BATCHES,
            PERSONS,
            "bases.persons_per_batch",
            "bases.organisations_visiting",
            "bases.cross_unit_visits",
            "bases.off_day_visits",
            "bases.persons_expected",
            "bases.persons_honoured",
            "bases.turnout_rate",
        ),
    ),
    (
        "预约办理",
        (
            "bases.bookings",
            "bases.bookings_honoured",
            "bases.bookings_cancelled",
            "bases.no_shows",
            "bases.no_show_rate",
            "bases.series",
            "bases.series_bookings",
            "bases.package_bookings",
            "bases.closures",
            "bases.bookings_closed_out",
        ),
    ),
    (
        "共建协议与承诺",
        (
            "cobuilding.units",
            "cobuilding.units_under_agreement",
            "cobuilding.agreements_in_force",
            "cobuilding.agreements_concluded",
            "cobuilding.agreements_new",
            "cobuilding.agreements_renewed_in_time",
            "cobuilding.agreements_renewed_late",
            "cobuilding.agreements_expired",
            "cobuilding.undertakings_due",
            "cobuilding.undertakings_met",
            "cobuilding.undertakings_met_rate",
            "cobuilding.undertakings_unassessed",
            "cobuilding.contact_points",
        ),
    ),
    (
        "候补与通知",
        (
            "bases.waitlist_joined",
            "bases.waitlist_offers",
            "bases.waitlist_accepted",
            "bases.waitlist_declined",
            "bases.waitlist_expired",
            "bases.waitlist_unserved",
            "bases.waitlist_conversion",
            "bases.notices",
            "bases.notices_delivered",
            "bases.notices_delivered_rate",
        ),
    ),
    (
        "观影、培训与讲习",
        (
            "bases.film_showings",
            "bases.film_viewers",
            "bases.trainings",
            "bases.trainees",
            "bases.tours",
            "bases.tour_persons",
            "bases.sessions_held",
            "bases.session_person_times",
            "bases.persons_per_session",
            "bases.session_sign_ups",
            "bases.session_walk_ins",
            "bases.session_absences",
            "bases.sessions_cancelled",
            "bases.courses",
            "bases.course_kinds",
            "bases.lecture_halls",
        ),
    ),
    (
        "讲师、讲解与评价",
        (
            "bases.lecturers",
            "bases.volunteer_lecturers",
            "bases.lectures_assigned",
            "bases.lectures_held",
            "bases.lecture_hours",
            "bases.guide_shifts_planned",
            "bases.guide_shifts_served",
            "bases.guide_shifts_missed",
            "bases.lecturer_rating",
            "bases.lecturer_ratings",
            "bases.lecturer_stars",
            "bases.feedback",
            "bases.feedback_average",
            "bases.feedback_score",
            "bases.feedback_satisfied",
            "bases.feedback_satisfaction",
        ),
    ),
    (
        "阵地与组织",
        (
            "bases.bases",
            "bases.venues",
            "bases.halls",
            "bases.themes",
            "bases.partner_venues",
            "bases.equipment",
            "bases.menu_items",
            "bases.packages",
            "bases.guests",
            "membership.organisations",
            "membership.branches",
        ),
    ),
)
"""Where a figure stands. One that is declared later shows itself on a shelf of its own."""

ABSENTEES = (
    ("bases.unvisited_bases", "本期没有接待的基地"),
    ("bases.unvisiting_branches", "本期没有到访的党支部"),
)
BASIS = {
    FigureKind.FLOW: "本期",
    FigureKind.STOCK: "期末",
    FigureKind.RATIO: "本期",
    FigureKind.ABSENT: "本期",
    FigureKind.VARIETY: "本期",
}
SPLITS = (
    ("visitor_level", "按来访层级"),
    ("channel", "按预约方式"),
    ("base_kind", "按基地类型"),
    ("area", "按下级区划"),
)


@dataclass(frozen=True)
class Card:
    key: str
    name: str
    number: str
    unit: str
    basis: str
    describes: str
    href: str


@dataclass(frozen=True)
class Shelf:
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Step:
    label: str
    number: str
    href: str


@dataclass(frozen=True)
class Trend:
    title: str
    unit: str
    period: str
    chart: Markup
    """Empty where nothing is to be drawn."""
    steps: tuple[Step, ...]
    context: str
    """Why the chart shows more, or less, than the chosen period; empty where it does not."""


@dataclass(frozen=True)
class Row:
    label: str
    batches: str
    persons: str
    bar: Markup
    href: str
    nil: bool
    """Listed for completeness: nothing came there."""


@dataclass(frozen=True)
class Breakdown:
    title: str
    rows: tuple[Row, ...]
    long: bool
    """As many rows as an area has areas in it: given a column of its own."""


@dataclass(frozen=True)
class Absentees:
    title: str
    number: str
    unit: str
    names: tuple[str, ...]
    more: int
    href: str


def shelves(
    catalogue: Sequence[Declared], figures: Mapping[str, Figure], here: Here
) -> list[Shelf]:
    """Every figure of the catalogue once, in the order of `SHELVES`, others last."""
    declared = {entry.key: entry for entry in catalogue}
    placed = {key for _, keys in SHELVES for key in keys} | {key for key, _ in ABSENTEES}
    others = ("其他指标", tuple(key for key in declared if key not in placed))
    made = []
    for title, keys in (*SHELVES, others):
        cards = [
            card(declared[key], figures[key], here)
            for key in keys
            if key in declared and key in figures
        ]
        if cards:
            made.append(Shelf(title, tuple(cards)))
    return made


def card(declared: Declared, figure: Figure, here: Here) -> Card:
    return Card(
        key=figure.key,
        name=figure.name,
        number=wording.number(figure.value),
        unit=figure.unit if figure.value is not None else "",
        basis=BASIS[figure.kind],
        describes=declared.describes,
        href=here.figure(figure.key, as_of=figure.as_of),
    )


def trend(figure: Figure, here: Here) -> Trend:
    """A figure by month. Months outside the chosen period are drawn faintly, for context."""
    shown = here.period.trend
    groups = figure.groups or []
    points = [
        charts.Point(
            label=f"{int(group.key[5:])}月",
            value=group.value or 0,
            year=f"{group.key[:4]}年",
            faint=not here.period.has_month(group.key),
        )
        for group in groups
    ]
    steps = tuple(
        Step(
            group.label,
            wording.number(group.value),
            here.figure(figure.key, as_of=figure.as_of, period=_month(group.key, shown)),
        )
        for group in groups
    )
    highest = max(groups, key=lambda group: group.value or 0, default=None)
    peak = ""
    if highest is not None and highest.value:
        peak = f"，最高为{highest.label}，{wording.number(highest.value)}{figure.unit}"
    chart = Markup("")
    if peak:
        chart = charts.trend(points, description=f"{figure.name}按月走势，{shown.label}{peak}。")
    return Trend(figure.name, figure.unit, shown.label, chart, steps, _context(here.period, shown))


def _context(chosen: Period, shown: Period) -> str:
    if shown == chosen:
        return ""
    if shown.first > chosen.first:
        return "时段较长，图中只列最近20年"
    return "所选时段较短，图中列近12个月，浅色为所选时段以外的月份"


def _month(key: str, bounds: Period) -> Period:
    """The days of month `2019-06` that lie within `bounds`."""
    first = date.fromisoformat(f"{key}-01")
    return Period(max(first, bounds.first), min(end_of_month(first), bounds.last))


def breakdown(title: str, by: str, batches: Figure, persons: Figure, here: Here) -> Breakdown:
    """Batches and persons side by side; the bar shows batches."""
    of_persons = {group.key: group.value for group in persons.groups or []}
    groups = batches.groups or []
    total = max((group.value or 0 for group in groups), default=0) or 1
    rows = tuple(
        Row(
            label=group.label,
            batches=wording.number(group.value or 0),
            persons=wording.number(of_persons.get(group.key) or 0),
            bar=charts.share_bar((group.value or 0) / total),
            href=_narrower(by, group.key, batches.as_of, here),
            nil=not group.value,
        )
        for group in groups
    )
    return Breakdown(title, rows, by == "area")


def _narrower(by: str, key: str, as_of: datetime | None, here: Here) -> str:
    if by == "area":
        return here.overview(area=key)
    return here.figure(BATCHES, as_of=as_of, where={by: key})


def absentees(title: str, figure: Figure, names: Sequence[str], here: Here) -> Absentees:
    """`names` are the first of those counted; the rest is told by number."""
    return Absentees(
        title=title,
        number=wording.number(figure.value),
        unit=figure.unit,
        names=tuple(names),
        more=max(int(figure.value or 0) - len(names), 0),
        href=here.figure(figure.key, as_of=figure.as_of),
    )


def oldest_as_of(figures: Mapping[str, Figure]) -> datetime | None:
    """Up to when all figures of a page count; none before the first event."""
    return min((f.as_of for f in figures.values() if f.as_of is not None), default=None)


def nothing_happened(figures: Mapping[str, Figure]) -> bool:
    """No visit and no booking in the period: perhaps the wrong period was chosen."""
    flows = [figure for figure in figures.values() if figure.kind is FigureKind.FLOW]
    return bool(flows) and not any(figure.value for figure in flows)
