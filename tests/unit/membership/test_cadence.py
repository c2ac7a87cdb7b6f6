"""Periods, shares of them, versions of demands, and what an organisation owes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.kinds.alerts import Severity
from contracts.kinds.cadence import Every
from services.membership.domain.cadence import (
    SEEDS,
    Cadence,
    CadenceMidPeriod,
    CadenceNotLater,
    CadenceScopeChanged,
    Duty,
    Owed,
    Owing,
    PartOfPeriod,
    assess,
    is_latest,
    opened_through,
    owed_by,
    reassess,
    state,
)

BRANCH = UUID(int=1)
COMMUNITY = "410305001001"
HALF = PartOfPeriod(least_percent=50)


def demand(**given: Any) -> Cadence:
    return Cadence(
        **{
            "cadence_id": UUID(int=9),
            "code": "theme-day",
            "organisation_kind": "branch",
            "activity_kind": "theme-day",
            "every": Every.MONTH,
            "times": 1,
            "remind_days": 7,
            "effective_from": date(2018, 1, 1),
            "severity": Severity.WARN,
            "source": "某条例",
        }
        | given
    )


def branch(**given: Any) -> Owing:
    return Owing(
        **{
            "organisation_id": BRANCH,
            "kind": "community-branch",
            "category": "branch",
            "area": COMMUNITY,
            "founded_on": date(2000, 1, 1),
        }
        | given
    )


def owed(
    *cadences: Cadence, today: date = date(2020, 3, 15), since: date = date(2020, 1, 1), **of: Any
) -> list[Owed]:
    return owed_by(branch(**of), cadences, since=since, today=today, part=HALF)


def duty(period: Owed, held: int, *, assessed: bool = True) -> Duty:
    return Duty(**period.model_dump(), held=held, assessed=assessed)


def test_a_branch_owes_each_period_that_has_begun_and_none_that_has_not():
    found = owed(demand())

    assert [(each.first_on.month, each.due_on.day) for each in found] == [(1, 31), (2, 29), (3, 31)]
    assert all(each.needed == 1 for each in found)
    assert found[1].remind_on == date(2020, 2, 22)


def test_periods_before_the_reckoning_are_not_owed():
    assert [each.first_on.month for each in owed(demand(), since=date(2020, 2, 2))] == [3]


@pytest.mark.parametrize(
    ("kind", "category", "binds"),
    [
        ("branch", "branch", True),
        ("grid-branch", "branch", True),
        ("group", "group", False),
        ("committee", "committee", False),
    ],
)
def test_a_demand_on_a_kind_binds_all_sorts_of_it(kind, category, binds):
    assert bool(owed(demand(), kind=kind, category=category)) is binds


def test_a_demand_of_another_district_does_not_bind():
    assert owed(demand(area="410306")) == []
    assert len(owed(demand(area="410305"))) == 3


@pytest.mark.parametrize(
    ("founded", "needed"),
    [(date(2020, 2, 15), 1), (date(2020, 2, 16), 0)],  # 15 and 14 of 29 days
)
def test_the_month_of_the_founding_is_owed_from_half_of_it_on(founded, needed):
    found = owed(demand(), founded_on=founded, today=date(2020, 2, 29))

    assert [(each.first_on, each.needed) for each in found] == [(founded, 1)][:needed]


@pytest.mark.parametrize(
    ("dissolved", "owes"), [(date(2020, 2, 15), True), (date(2020, 2, 14), False)]
)
def test_the_month_of_the_dissolution_is_owed_from_half_of_it_on(dissolved, owes):
    found = owed(demand(), dissolved_on=dissolved, today=date(2020, 12, 31))

    february = [each for each in found if each.due_on.month == 2]
    assert [each.due_on for each in february] == [dissolved][: int(owes)]
    assert max(each.due_on for each in found) <= dissolved


@pytest.mark.parametrize(
    ("founded", "needed"),
    [
        (date(2019, 1, 1), 4),
        (date(2019, 7, 2), 2),  # 183 of 365 days
        (date(2019, 11, 16), 1),  # 46 days: 0.504 of one
        (date(2019, 11, 17), 0),  # 45 days: 0.493 of one
    ],
)
def test_several_times_a_year_are_owed_by_the_share_of_the_year(founded, needed):
    yearly = demand(every=Every.YEAR, times=4)

    found = owed(yearly, founded_on=founded, since=date(2019, 1, 1), today=date(2019, 12, 31))

    assert sum(each.needed for each in found) == needed


def test_another_share_can_be_ruled():
    founded = branch(founded_on=date(2020, 2, 28))  # 2 of 29 days: 6.9 %
    asked = {"since": date(2020, 2, 1), "today": date(2020, 2, 29)}

    assert len(owed_by(founded, [demand()], part=PartOfPeriod(least_percent=6), **asked)) == 1
    assert owed_by(founded, [demand()], part=PartOfPeriod(least_percent=7), **asked) == []


def test_a_demand_that_begins_within_a_year_owes_the_rest_of_it():
    yearly = demand(every=Every.YEAR, effective_from=date(2019, 5, 6))

    found = owed(yearly, since=date(2019, 1, 1), today=date(2019, 12, 1))

    assert [(each.first_on, each.due_on, each.needed) for each in found] == [
        (date(2019, 5, 6), date(2019, 12, 31), 1)
    ]


def test_each_period_has_the_version_in_force_on_its_first_day():
    monthly = demand(effective_to=date(2020, 4, 1))
    quarterly = demand(
        cadence_id=UUID(int=10), every=Every.QUARTER, times=2, effective_from=date(2020, 4, 1)
    )

    found = owed(monthly, quarterly, today=date(2020, 8, 1))

    assert [(each.first_on.month, each.every, each.needed) for each in found] == [
        (1, Every.MONTH, 1),
        (2, Every.MONTH, 1),
        (3, Every.MONTH, 1),
        (4, Every.QUARTER, 2),
        (7, Every.QUARTER, 2),
    ]


def test_what_is_asked_of_one_organisation_stands_in_place_of_what_its_kind_owes():
    own = demand(
        code="own", organisation_kind=None, organisation_id=BRANCH, every=Every.YEAR, times=6
    )

    assert {each.code for each in owed(demand(), own)} == {"own"}
    assert {each.code for each in owed(demand(), own, organisation_id=UUID(int=2))} == {"theme-day"}


def test_a_nearer_area_and_a_nearer_kind_go_before_wider_ones():
    wide, near = demand(), demand(code="near", area="410305")
    of_kind = demand(code="grid", organisation_kind="grid-branch")

    assert {each.code for each in owed(wide, near)} == {"near"}
    assert {each.code for each in owed(wide, of_kind, kind="grid-branch")} == {"grid"}


def test_no_times_lift_a_demand():
    lifted = demand(code="lifted", organisation_kind=None, organisation_id=BRANCH, times=0)

    assert owed(demand(), lifted) == []


def test_the_same_period_is_the_same_duty_whoever_computes_it():
    assert [each.duty_id for each in owed(demand())] == [each.duty_id for each in owed(demand())]
    assert len({each.duty_id for each in owed(demand(), today=date(2020, 12, 1))}) == 12


def test_a_first_version_may_begin_any_day():
    stated, ended = state(demand(area="410305", effective_from=date(2020, 5, 6)), None)

    assert (stated.effective_from, ended) == (date(2020, 5, 6), None)


def test_the_next_version_begins_with_a_period_of_both():
    last = demand(area="410305")
    quarterly = demand(area="410305", every=Every.QUARTER, effective_from=date(2020, 5, 1))

    with pytest.raises(CadenceMidPeriod) as refusal:
        state(quarterly, last)
    assert refusal.value.facts["next"] == "2020-07-01"

    july = demand(area="410305", every=Every.QUARTER, effective_from=date(2020, 7, 1))
    _, ended = state(july, last)
    assert ended is not None
    assert ended.ended_on == date(2020, 7, 1)


def test_a_version_does_not_begin_before_the_one_in_force():
    with pytest.raises(CadenceNotLater):
        state(demand(area="410305"), demand(area="410305"))


def test_a_code_is_not_used_for_something_else():
    with pytest.raises(CadenceScopeChanged):
        state(
            demand(area="410305", effective_from=date(2020, 5, 1), activity_kind="lecture"),
            demand(area="410305"),
        )


def test_a_duty_is_met_as_far_as_it_is_owed():
    (first, *_) = owed(demand(times=2))

    event = assess(duty(first, 3, assessed=False))

    assert (event.needed, event.held, event.met, event.missing) == (2, 3, 2, 0)


def test_a_late_entry_says_what_was_said_before():
    (first, *_) = owed(demand())

    event = reassess(duty(first, 0), duty(first, 1))

    assert event is not None
    assert (event.was_met, event.met, event.was_missing, event.missing) == (0, 1, 1, 0)
    assert reassess(duty(first, 1), duty(first, 1)) is None


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (date(2020, 1, 15), True),
        (date(2020, 2, 29), True),
        (date(2020, 3, 1), False),
    ],
)
def test_alerts_are_about_this_period_and_the_one_before(today, latest):
    (january, *_) = owed(demand())

    assert is_latest(january, today) is latest


def test_periods_are_opened_up_to_the_next_beginning_of_one():
    weekly = demand(every=Every.WEEK)

    assert opened_through([demand()], date(2020, 2, 10)) == date(2020, 2, 29)
    assert opened_through([demand(), weekly], date(2020, 2, 10)) == date(2020, 2, 16)
    assert opened_through([], date(2020, 2, 10)) == date.max


def test_the_seeds_ask_what_the_regulations_ask():
    asked = {
        (seed.organisation_kind, seed.activity_kind): (seed.every, seed.times) for seed in SEEDS
    }

    assert asked["branch", "members-meeting"] == (Every.QUARTER, 1)
    assert asked["branch", "committee-meeting"] == (Every.MONTH, 1)
    assert asked["group", "group-meeting"] == (Every.MONTH, 1)
    assert asked["branch", "lecture"] == (Every.QUARTER, 1)
    assert asked["branch", "theme-day"] == (Every.MONTH, 1)
    assert asked["branch", "life-meeting"] == (Every.YEAR, 1)
    assert asked["branch", "appraisal-meeting"] == (Every.YEAR, 1)
