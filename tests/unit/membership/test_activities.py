"""What may be said of an activity, how many came, and how it is taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.kinds.activities import ActivityStatus, Presence, RetractReason
from contracts.kinds.books import Bound
from services.membership.domain.activities import (
    Activity,
    Attendance,
    CountsDisagree,
    EndsBeforeStart,
    ListedTwice,
    NotHeldYet,
    TargetIsNoActivity,
    Turnout,
    activity_of_visit,
    complete,
    plan,
    record,
    replan,
    retract,
    turnout_of,
)

START = datetime(2019, 6, 8, 1, 0, tzinfo=UTC)
PRESENT, EXCUSED, ABSENT, INVITED = (
    Presence.PRESENT,
    Presence.EXCUSED,
    Presence.ABSENT,
    Presence.INVITED,
)


def activity(**given: Any) -> Activity:
    return Activity(
        **{
            "activity_id": UUID(int=1),
            "organisation_id": UUID(int=2),
            "organisation_kind": "branch",
            "area": "410305001001",
            "status": ActivityStatus.PLANNED,
            "kind": "theme-day",
            "group_kind": "theme-day",
            "starts_at": START,
        }
        | given
    )


def person(n: int, presence: Presence = PRESENT, **given: Any) -> Attendance:
    return Attendance(member_id=UUID(int=n), presence=presence, **given)


def test_a_list_gives_all_counts():
    listed = [
        person(1),
        person(2),
        person(3, EXCUSED),
        person(4, ABSENT),
        person(5, INVITED),
        person(6, ABSENT, exempt=True),
        person(7, PRESENT, exempt=True),
        person(8, PRESENT, counted=False),
    ]

    assert turnout_of(listed, None, Bound.EXACT, None) == Turnout(
        headcount=4, expected=5, attended=2, excused=1, missed=2, exempt=2, present=3
    )


def test_guests_may_come_beside_the_list_but_none_of_it_may_be_lost():
    assert turnout_of([person(1)], 30, Bound.AT_LEAST, None).headcount == 30
    assert turnout_of([person(1)], 1, Bound.EXACT, None).headcount == 1
    with pytest.raises(CountsDisagree):
        turnout_of([person(1), person(2)], 1, Bound.EXACT, None)


@pytest.mark.parametrize(
    ("headcount", "expected", "attended", "missed"),
    [(28, 30, 28, 2), (30, 30, 30, 0), (41, 30, 30, 0)],
)
def test_without_a_list_members_came_as_far_as_the_headcount_goes(
    headcount, expected, attended, missed
):
    found = turnout_of([], headcount, Bound.EXACT, expected)

    assert (found.expected, found.attended, found.missed) == (expected, attended, missed)


def test_a_lower_bound_says_nothing_about_a_rate():
    found = turnout_of([], 30, Bound.AT_LEAST, 40)

    assert (found.headcount, found.expected, found.attended) == (30, 0, 0)


def test_a_headcount_is_no_target():
    with pytest.raises(CountsDisagree):
        turnout_of([], 30, Bound.TARGET, None)


def test_nobody_is_listed_twice():
    with pytest.raises(ListedTwice):
        turnout_of([person(1), person(1, EXCUSED)], None, Bound.EXACT, None)


@pytest.mark.parametrize(
    ("presence", "exempt", "counted", "missed"),
    [
        (ABSENT, False, True, True),
        (INVITED, False, True, True),
        (EXCUSED, False, True, False),
        (PRESENT, False, True, False),
        (ABSENT, True, True, False),
        (ABSENT, False, False, False),
    ],
)
def test_only_who_stays_away_without_leave_though_it_is_demanded_has_missed(
    presence, exempt, counted, missed
):
    assert person(1, presence, exempt=exempt, counted=counted).missed is missed


def test_what_begins_now_has_been_held_and_what_begins_later_has_not():
    assert complete(activity(), now=START).starts_at == START
    with pytest.raises(NotHeldYet):
        complete(activity(), now=START - timedelta(seconds=1))


def test_a_goal_is_planned_and_never_held():
    goal = activity(sessions=12, sessions_bound=Bound.TARGET)

    assert plan(goal).sessions == 12
    with pytest.raises(TargetIsNoActivity):
        complete(goal, now=START)


def test_it_does_not_end_before_it_begins():
    assert plan(activity(ends_at=START))
    with pytest.raises(EndsBeforeStart):
        plan(activity(ends_at=START - timedelta(minutes=1)))


def test_taking_back_says_all_that_was_said():
    held = activity(status=ActivityStatus.HELD, headcount=18, expected=20, attended=17)

    said = record(held, now=START)
    back = retract(held, RetractReason.ENTERED_WRONGLY)

    assert back.model_dump(exclude={"reason"}) == said.model_dump(exclude={"visit_id"})


def test_a_new_plan_says_what_it_was():
    was, now = activity(), activity(kind="lecture", group_kind="three-meetings", sessions=2)

    event = replan(was, now)

    assert event is not None
    assert (event.kind, event.was_kind, event.was_sessions) == ("lecture", "theme-day", 1)
    assert replan(was, was) is None


def test_time_of_study_is_as_stated_or_from_start_to_end():
    assert activity().duration == 0
    assert activity(ends_at=START + timedelta(minutes=95)).duration == 95
    assert activity(ends_at=START + timedelta(days=2), minutes=480).duration == 480


def test_a_visit_always_gives_the_same_activity():
    assert activity_of_visit(UUID(int=7)) == activity_of_visit(UUID(int=7))
    assert activity_of_visit(UUID(int=7)) != activity_of_visit(UUID(int=8))
