"""Activities, outputs and what was owed, as figures: the numbers of the office's own report."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.event import Event
from contracts.kinds.activities import RetractReason
from contracts.kinds.alerts import Severity
from contracts.kinds.books import Bound
from contracts.kinds.cadence import Every
from contracts.membership.activities import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityPlanned,
    ActivityReplanned,
    ActivityRetracted,
    OutputRecorded,
    OutputRetracted,
)
from contracts.membership.cadence import (
    CadenceEnded,
    CadenceStated,
    DutyAssessed,
    DutyReassessed,
)
from services.projector.declare import Ratio
from services.projector.figures import CATALOGUE
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, JUNE, NEXT_COMMUNITY, Log, an_id

COUNTS = ("expected", "attended", "excused", "missed", "exempt", "present")


def facts_of(events: Iterable[Event]) -> list[Any]:
    log = Log()
    told = [
        tell(log.write(event, getattr(event, "starts_at", JUNE)).body.encode()) for event in events
    ]
    assert [each.problem for each in told if each.problem] == []
    return [fact for each in told for fact in each.facts]


def totals(*events: Event) -> Counter[str]:
    found: Counter[str] = Counter()
    for fact in facts_of(events):
        found[fact.figure.removeprefix("membership.")] += fact.amount
    return +found


def said(name: str, kind: str, **given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "activity_id": an_id(name),
        "organisation_id": an_id("支部甲"),
        "organisation_kind": "branch",
        "kind": kind,
        "group_kind": kind,
        "starts_at": JUNE,
        "sessions": 1,
        "sessions_bound": Bound.EXACT,
    } | given


def came(headcount: int = 0, **given: Any) -> dict[str, Any]:
    return {"headcount": headcount, "bound": Bound.EXACT, **dict.fromkeys(COUNTS, 0)} | given


def held(name: str, kind: str, headcount: int = 0, **given: Any) -> ActivityCompleted:
    counts = {key: given.pop(key) for key in (*COUNTS, "bound") if key in given}
    return ActivityCompleted(**said(name, kind, **given), **came(headcount, **counts))


def taken_back(event: ActivityCompleted) -> ActivityRetracted:
    kept = event.model_dump(exclude={"visit_id"})
    return ActivityRetracted(**kept, reason=RetractReason.CORRECTED)


def output(name: str, kind: str, quantity: int, bound: Bound = Bound.EXACT) -> OutputRecorded:
    return OutputRecorded(
        area=COMMUNITY,
        output_id=an_id(name),
        activity_id=an_id("活动"),
        organisation_id=an_id("支部甲"),
        activity_kind="seminar",
        kind=kind,
        quantity=quantity,
        bound=bound,
    )


def test_fifteen_seminars_are_fifteen_whether_entered_singly_or_as_one_row() -> None:
    singly = [
        held(f"研讨{n}", "seminar", group_kind="study", starts_at=JUNE + timedelta(days=n))
        for n in range(15)
    ]

    assert totals(*singly)["seminars"] == 15
    assert totals(held("研讨", "seminar", group_kind="study", sessions=15))["seminars"] == 15


def test_thirty_odd_notes_are_a_lower_bound_and_no_count() -> None:
    found = totals(output("笔记", "notes", 30, Bound.AT_LEAST))

    assert found == {"study_notes_at_least": 30, "outputs_at_least": 30}


def test_essays_and_reflections_are_outputs_and_dumplings_no_attendance() -> None:
    found = totals(
        output("征文", "essay", 23),
        output("心得", "reflection", 50),
        output("饺子", "dumpling", 500, Bound.AT_LEAST),
    )

    assert (found["essays"], found["reflections"], found["outputs"]) == (23, 50, 73)
    assert found["dumplings_at_least"] == 500
    assert not {key for key in found if "person" in key}


def test_an_output_taken_back_leaves_nothing() -> None:
    event = output("征文", "essay", 23)

    assert totals(event, OutputRetracted(**event.model_dump())) == {}


def test_training_counts_sessions_meetings_and_person_times_of_journeys_apart() -> None:
    found = totals(
        held("集中", "training-session", group_kind="training", sessions=5),
        held("代训", "training-by-meeting", group_kind="training", sessions=12),
        held("外出", "study-visit", 51, group_kind="training"),
    )

    assert (found["training_sessions"], found["training_by_meeting"]) == (5, 12)
    assert found["study_visit_person_times"] == found["activity_person_times"] == 51


def test_a_goal_of_twelve_is_a_target_and_no_activity() -> None:
    goal = said("暖心", "warm-service", sessions=12, sessions_bound=Bound.TARGET)
    planned = ActivityPlanned(**goal)
    changed = ActivityReplanned(
        **goal | {"sessions": 10},
        was_kind="warm-service",
        was_group_kind="warm-service",
        was_starts_at=JUNE,
        was_sessions=12,
        was_sessions_bound=Bound.TARGET,
    )

    assert totals(planned) == {"activities_target": 12}
    assert totals(planned, changed) == {"activities_target": 10}
    assert totals(planned, ActivityCancelled(**goal)) == {}


def test_an_ordinary_plan_counts_nowhere() -> None:
    assert totals(ActivityPlanned(**said("会议", "members-meeting"))) == {}


def test_each_community_has_its_eight_committee_meetings() -> None:
    facts = facts_of(
        held(f"{area}{n}", "community-committee", area=area, starts_at=JUNE + timedelta(days=n))
        for area in (COMMUNITY, NEXT_COMMUNITY)
        for n in range(8)
    )

    each = Counter(
        fact.area for fact in facts if fact.figure == "membership.community_committee_meetings"
    )
    assert each == {COMMUNITY: 8, NEXT_COMMUNITY: 8}


def test_lower_bounds_of_sessions_and_person_times_stay_apart() -> None:
    found = totals(
        held("宣讲一", "preaching", 40, group_kind="campaign"),
        held("宣讲二", "preaching", 300, group_kind="campaign", bound=Bound.AT_LEAST),
        held(
            *("宣讲三", "preaching"),
            group_kind="campaign",
            sessions=20,
            sessions_bound=Bound.AT_LEAST,
        ),
    )

    assert (found["campaigns"], found["campaigns_at_least"]) == (2, 20)
    assert (found["campaign_person_times"], found["activity_person_times_at_least"]) == (40, 300)


@pytest.mark.parametrize(
    ("kind", "variant", "figure", "dims"),
    [
        ("theme-day", "green", "membership.theme_days", "green"),
        ("lecture", "scenario", "membership.lectures", "scenario"),
        ("lecture", None, "membership.lectures", ""),
    ],
)
def test_theme_days_split_by_colour_and_lectures_by_form(kind, variant, figure, dims) -> None:
    facts = facts_of([held("活动", kind, variant_kind=variant)])

    assert [fact.dims for fact in facts if fact.figure == figure] == [dims]


def test_all_of_the_three_meetings_count_together_and_by_kind() -> None:
    facts = facts_of(
        [
            held("一", "members-meeting", group_kind="three-meetings"),
            held("二", "lecture", group_kind="three-meetings"),
        ]
    )

    split = {fact.dims for fact in facts if fact.figure == "membership.three_meetings"}
    assert split == {"members-meeting", "lecture"}


def test_the_rate_of_attendance_knows_only_those_on_whom_it_is_a_demand() -> None:
    found = totals(
        held("会", "members-meeting", 21, expected=20, attended=18, excused=1, missed=1, present=21)
    )
    rate = CATALOGUE.of("membership.attendance_rate", Ratio)

    assert (found["members_attended"], found["members_expected"]) == (18, 20)
    assert found["members_present"] == 21
    assert (rate.over, rate.under) == (
        ("membership.members_attended",),
        ("membership.members_expected",),
    )


def test_a_correction_takes_back_on_the_old_day_and_counts_on_the_new_one() -> None:
    was = held("会", "members-meeting", 18)
    july = held("会", "lecture", 20, starts_at=JUNE + timedelta(days=30))

    facts = facts_of([was, taken_back(was), july])

    days: Counter[date] = Counter()
    for fact in facts:
        if fact.figure == "membership.activity_person_times":
            days[fact.day] += fact.amount
    assert {day: n for day, n in days.items() if n} == {date(2019, 7, 8): 20}
    assert totals(was, taken_back(was)) == {}


# What was owed


def duty(**given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "duty_id": an_id("六月"),
        "organisation_id": an_id("支部甲"),
        "organisation_kind": "branch",
        "cadence_id": an_id("主题党日"),
        "kind": "theme-day",
        "first_on": date(2019, 6, 1),
        "due_on": date(2019, 6, 30),
        "needed": 2,
        "held": 0,
        "met": 0,
        "missing": 2,
    } | given


def test_due_held_and_missing_add_up_and_more_than_owed_counts_no_more() -> None:
    found = totals(DutyAssessed(**duty(held=5, met=2, missing=0)))

    assert found == {"meetings_due": 2, "meetings_held": 2}


def test_what_was_entered_late_moves_from_missing_to_held() -> None:
    late = DutyReassessed(
        **duty(held=1, met=1, missing=1), was_needed=2, was_held=0, was_met=0, was_missing=2
    )

    assert totals(DutyAssessed(**duty()), late) == {
        "meetings_due": 2,
        "meetings_held": 1,
        "meetings_missing": 1,
    }


def test_a_monthly_field_visit_is_a_demand_of_once_a_month_until_it_ends() -> None:
    demand = {
        "area": COMMUNITY,
        "cadence_id": an_id("考察"),
        "organisation_id": an_id("支部甲"),
        "activity_kind": "field-visit",
        "every": Every.MONTH,
        "times": 1,
        "effective_from": date(2019, 1, 1),
        "severity": Severity.WARN,
    }
    stated = CadenceStated(**demand)

    facts = facts_of([stated])
    assert [(fact.dims.split("\x1f"), fact.amount) for fact in facts] == [
        (["field-visit", "month"], 1)
    ]
    assert totals(stated, CadenceEnded(**demand, ended_on=date(2020, 1, 1))) == {}


def test_every_clause_of_organisational_life_is_in_its_section() -> None:
    life = [
        clause
        for figure in CATALOGUE.figures.values()
        for clause in figure.clauses
        if clause.section.value == "组织生活开展情况"
    ]

    assert len(life) > 20
