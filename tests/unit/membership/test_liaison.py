"""Rotas and their rotation: fair to everybody, closed on holidays, never a number typed in."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, DutyKind, DutyOutcome, LiaisonChannel
from contracts.kinds.members import HolderKind
from services.chassis.working_days import CalendarMissing, WorkingCalendar
from services.membership.domain.liaison import duties, grids, points, rotas, visits
from services.membership.domain.liaison.duties import DutyNotBegun, DutyOver, KeptDuty
from services.membership.domain.liaison.points import NotYetOpen, Point, PointClosed
from services.membership.domain.liaison.rotas import (
    DutyHorizon,
    Hours,
    PointMissing,
    Rota,
    RotaWithoutTimes,
    Shift,
    ShiftsOverlap,
)
from services.membership.domain.liaison.rotation import Holder, rotate
from services.membership.domain.liaison.visits import CategoryWithoutWork, CountNotSingle, Visit

COMMUNITY = "410305001001"
GRID = COMMUNITY + "001"
MONDAY = date(2026, 6, 8)
SHIFTS = (
    Shift(starts=time(9), ends=time(11)),
    Shift(starts=time(14, 30), ends=time(16, 30)),
)
WEEKDAYS = (1, 2, 3, 4, 5)
CALENDAR = WorkingCalendar(frozenset({2026}), {date(2026, 6, 19): False, date(2026, 6, 14): True})


def rota(**given: object) -> Rota:
    said = {
        "rota_id": uuid4(),
        "code": "ZB-1",
        "kind": DutyKind.DUTY,
        "organisation_id": uuid4(),
        "area": COMMUNITY,
        "point_id": uuid4(),
        "weekdays": WEEKDAYS,
        "shifts": SHIFTS,
        "headcount": 1,
        "routes": (),
        "times_per_month": 0,
        "bound": Bound.EXACT,
        "on_holidays": False,
        "effective_from": date(2026, 1, 5),
        "ended_on": None,
        "planned_until": None,
    }
    return Rota(**(said | given))  # type: ignore[arg-type]


def slots(count: int) -> list[Hours]:
    first = datetime(2026, 6, 8, 1, tzinfo=UTC)
    return [Hours(at := first + timedelta(hours=n), at + timedelta(hours=1)) for n in range(count)]


def pool(count: int) -> list[Holder]:
    return [Holder(UUID(int=n + 1), HolderKind.MEMBER) for n in range(count)]


# Rotation


@given(st.integers(1, 8), st.integers(0, 40), st.integers(1, 4))
def test_nobody_goes_twice_before_everybody_went_once(people, shifts, headcount):
    turns = rotate(slots(shifts), headcount, pool(people), [], {})
    served: Counter[UUID] = Counter()

    for turn in turns:
        assert len(turn.holders) == min(headcount, people)
        assert len(set(turn.holders)) == len(turn.holders)
        served.update(holder.holder_id for holder in turn.holders)
        counts = [served[holder.holder_id] for holder in pool(people)]
        assert max(counts) - min(counts) <= 1


@given(
    st.integers(1, 6),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 29), st.integers(1, 12)), max_size=12),
)
def test_whoever_waited_longest_of_those_who_can_come_goes_next(people, headcount, absences):
    times, everybody = slots(30), pool(people)
    away: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for who, since, hours in absences:
        start = times[since].starts_at
        away.setdefault(UUID(int=who + 1), []).append((start, start + timedelta(hours=hours)))
    last = dict.fromkeys((holder.holder_id for holder in everybody), times[0].starts_at)
    last = {who: at - timedelta(days=1) for who, at in last.items()}

    for turn in rotate(times, headcount, everybody, [], away):
        able = [
            holder.holder_id
            for holder in everybody
            if not any(
                since < turn.hours.ends_at and turn.hours.starts_at < until
                for since, until in away.get(holder.holder_id, ())
            )
        ]
        chosen = [holder.holder_id for holder in turn.holders]
        assert set(chosen) <= set(able)
        assert len(chosen) == min(headcount, len(able))
        waiting = [last[who] for who in able if who not in chosen]
        assert all(last[who] <= other for who in chosen for other in waiting)
        last |= dict.fromkeys(chosen, turn.hours.starts_at)


def test_turns_go_on_where_the_last_plan_ended():
    first, second, third = pool(3)

    turns = rotate(slots(3), 1, [first, second, third], [second.holder_id, first.holder_id], {})

    assert [turn.holders for turn in turns] == [(third,), (second,), (first,)]


# Rotas


def test_five_days_and_two_shifts_are_ten_slots_and_seven_points_seventy():
    assert rota().per_week == 10
    assert sum(rotas.adopt(rota()).slots_per_week for _ in range(7)) == 70


def test_a_week_has_the_hours_of_the_rota_in_shanghai():
    week = list(rotas.hours(rota(), MONDAY, date(2026, 6, 14), CALENDAR.works))

    assert len(week) == 10
    assert week[0].starts_at == datetime(2026, 6, 8, 1, tzinfo=UTC)
    assert week[1].ends_at == datetime(2026, 6, 8, 8, 30, tzinfo=UTC)


def test_holidays_are_left_out_and_a_worked_sunday_is_nobodys_turn():
    until = date(2026, 6, 21)
    days = {each.starts_at.date() for each in rotas.hours(rota(), MONDAY, until, CALENDAR.works)}

    assert date(2026, 6, 19) not in days
    assert date(2026, 6, 14) not in days
    assert len(days) == 9


def test_a_patrol_that_goes_on_holidays_asks_no_calendar():
    patrol = rota(kind=DutyKind.PATROL, point_id=None, on_holidays=True, weekdays=(5, 6))
    unknown = WorkingCalendar(frozenset(), {})

    assert len(list(rotas.hours(patrol, MONDAY, date(2026, 6, 21), unknown.works))) == 8


def test_a_weekend_patrol_goes_on_at_weekends():
    patrol = rota(kind=DutyKind.PATROL, point_id=None, weekdays=(6, 7))

    assert len(list(rotas.hours(patrol, MONDAY, date(2026, 6, 14), CALENDAR.works))) == 4


def test_nothing_is_laid_out_before_a_rota_begins_or_into_an_unknown_year():
    later = rota(effective_from=date(2026, 6, 12))

    assert len(list(rotas.hours(later, MONDAY, date(2026, 6, 14), CALENDAR.works))) == 2
    with pytest.raises(CalendarMissing):
        list(rotas.hours(later, date(2026, 12, 31), date(2027, 1, 1), CALENDAR.works))


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 6, 6), date(2026, 7, 4)),
        (date(2026, 12, 3), date(2026, 12, 31)),
        (date(2026, 12, 4), date(2026, 12, 31)),
    ],
)
def test_the_clock_looks_ahead_as_far_as_the_calendar_is_known(today, until):
    assert rotas.horizon(today, DutyHorizon(days=28), frozenset({2026})) == until


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"weekdays": ()}, RotaWithoutTimes),
        ({"shifts": ()}, RotaWithoutTimes),
        ({"times_per_month": 1}, RotaWithoutTimes),
        ({"point_id": None}, PointMissing),
        ({"shifts": (*SHIFTS, Shift(starts=time(10), ends=time(12)))}, ShiftsOverlap),
        ({"shifts": (Shift(starts=time(9), ends=time(9)),)}, ShiftsOverlap),
    ],
)
def test_a_rota_that_cannot_be_is_refused(given, refusal):
    with pytest.raises(refusal):
        rotas.adopt(rota(**given))


def test_shifts_may_follow_each_other_without_a_pause():
    follows = Shift(starts=time(11), ends=time(12))

    assert rotas.adopt(rota(shifts=(*SHIFTS, follows))).slots_per_week == 15


def test_a_changed_rota_says_what_it_was_and_an_equal_one_nothing():
    current = rota()
    changed = rotas.change(current, current.model_copy(update={"shifts": SHIFTS[:1]}))

    assert changed is not None
    assert (changed.slots_per_week, changed.was_slots_per_week) == (5, 10)
    assert rotas.change(current, current.model_copy()) is None


# Points, duties, visits, grids

POINT = Point(
    point_id=uuid4(),
    code="LL-1",
    label="联络点",
    organisation_id=uuid4(),
    area=COMMUNITY,
    estate_code=None,
    estate=None,
    artefacts=[],
    opened_on=date(2026, 1, 5),
    closed_on=None,
)


def test_a_point_is_open_from_its_first_to_its_last_day():
    closed = POINT.model_copy(update={"closed_on": date(2026, 6, 30)})

    points.check_open(closed, date(2026, 1, 5))
    points.check_open(closed, date(2026, 6, 30))
    with pytest.raises(NotYetOpen):
        points.check_open(closed, date(2026, 1, 4))
    with pytest.raises(PointClosed):
        points.check_open(closed, date(2026, 7, 1))


def test_a_changed_point_says_where_it_was():
    moved = POINT.model_copy(update={"estate_code": "XQ-2"})
    changed = points.change_point(POINT, moved, COMMUNITY)

    assert changed is not None
    assert (changed.was_estate_code, changed.estate_code) == (None, "XQ-2")
    assert points.change_point(POINT, POINT.model_copy(), COMMUNITY) is None


def duty(**given: object) -> KeptDuty:
    said = {
        "duty_id": uuid4(),
        "slot_id": uuid4(),
        "kind": DutyKind.DUTY,
        "area": COMMUNITY,
        "organisation_id": uuid4(),
        "point_id": uuid4(),
        "visited_id": None,
        "holder_id": pool(1)[0].holder_id,
        "holder_kind": HolderKind.MEMBER,
        "outcome": None,
        "version": 1,
        "starts_at": datetime(2026, 6, 8, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 6, 8, 3, tzinfo=UTC),
    }
    return KeptDuty(**(said | given))  # type: ignore[arg-type]


def test_a_duty_changes_hands_until_it_begins_and_is_recorded_from_then_on():
    begins, just_before = duty().starts_at, duty().starts_at - timedelta(seconds=1)

    assert duties.hand_over(duty(), pool(2)[1], just_before)[0].holder == pool(2)[1]
    with pytest.raises(DutyOver):
        duties.hand_over(duty(), pool(2)[1], begins)
    with pytest.raises(DutyNotBegun):
        duties.record(duty(), DutyOutcome.ATTENDED, just_before)
    assert duties.record(duty(), DutyOutcome.ATTENDED, begins) is not None
    with pytest.raises(DutyOver):
        duties.record(duty(released=True), DutyOutcome.MISSED, begins)


def test_an_outcome_recorded_again_says_nothing_and_another_corrects_it():
    missed = duty(outcome=DutyOutcome.MISSED)
    corrected = duties.record(missed, DutyOutcome.ATTENDED, missed.ends_at)

    assert duties.record(missed, DutyOutcome.MISSED, missed.ends_at) is None
    assert corrected is not None
    assert corrected.type.endswith("corrected.v1")


def visit(**given: object) -> Visit:
    said = {
        "visit_id": uuid4(),
        "number": None,
        "point_id": POINT.point_id,
        "organisation_id": POINT.organisation_id,
        "area": COMMUNITY,
        "channel": LiaisonChannel.CALL,
        "topic_kind": "policy",
        "headcount": 1,
        "counted_as": CountUnit.PERSON_TIMES,
        "bound": Bound.EXACT,
        "asks_for_work": False,
        "category_code": None,
        "sealed": False,
        "withdrawn": False,
    }
    return Visit(**(said | given))  # type: ignore[arg-type]


def test_a_request_for_work_is_logged_by_itself_with_its_category():
    event = visits.log(visit(asks_for_work=True, category_code="0203"), POINT, MONDAY)

    assert (event.work_requests, event.category_code) == (1, "0203")
    with pytest.raises(CategoryWithoutWork):
        visits.log(visit(category_code="0203"), POINT, MONDAY)
    with pytest.raises(CountNotSingle):
        visits.log(visit(asks_for_work=True, bound=Bound.AT_LEAST), POINT, MONDAY)


def test_help_is_looked_for_in_the_grid_then_the_community_then_the_street():
    assert grids.nearest(GRID, {GRID, COMMUNITY, COMMUNITY[:9]}) == GRID
    assert grids.nearest(GRID, {COMMUNITY, COMMUNITY[:9]}) == COMMUNITY
    assert grids.nearest(GRID, {COMMUNITY[:9]}) == COMMUNITY[:9]
    assert grids.nearest(GRID, {COMMUNITY[:6]}) is None
