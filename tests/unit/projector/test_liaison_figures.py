"""Figures of liaison points: seven points, seventy slots, five hundred at least, never mixed."""

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, DutyKind, DutyOutcome, LiaisonChannel
from contracts.kinds.members import HolderKind
from contracts.membership.liaison import (
    DutyAssigned,
    DutyCorrected,
    DutyRecorded,
    DutyReleased,
    DutyRotaAdopted,
    DutyRotaChanged,
    DutyRotaEnded,
    GridResponderAssigned,
    GridResponderReleased,
    LiaisonPointChanged,
    LiaisonPointClosed,
    LiaisonPointOpened,
    LiaisonVisitLogged,
    LiaisonVisitRetracted,
)
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, Log, an_id

DAY = date(2021, 3, 1)


def folded(*events: Event) -> Counter[tuple[str, str]]:
    """Figure and dimension values to what the events add up to."""
    total: Counter[tuple[str, str]] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            total[fact.figure.removeprefix("membership."), fact.dims.replace("\x1f", "/")] += (
                fact.amount
            )
    return +total


def point(n: int, estate: str | None) -> LiaisonPointOpened:
    return LiaisonPointOpened(
        area=COMMUNITY,
        point_id=an_id(f"point {n}"),
        code=f"LL-{n}",
        organisation_id=an_id(f"branch {n}"),
        estate_code=estate,
        opened_on=DAY,
        artefact_count=3,
    )


def of_rota(n: int = 1, **given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "rota_id": an_id(f"rota {n}"),
        "code": f"ZB-{n}",
        "kind": DutyKind.DUTY,
        "organisation_id": an_id(f"branch {n}"),
        "point_id": an_id(f"point {n}"),
        "slots_per_week": 10,
        "times_per_month": 0,
        "bound": Bound.EXACT,
    } | given


TEMPLATE: dict[str, Any] = {
    "weekdays": (1, 2, 3, 4, 5),
    "shift_starts": (time(9), time(14, 30)),
    "shift_ends": (time(11), time(16, 30)),
    "headcount": 1,
    "routes": (),
}


def rota(n: int = 1, **given: Any) -> DutyRotaAdopted:
    return DutyRotaAdopted(**of_rota(n, **given), **TEMPLATE, effective_from=DAY)


DUTY: dict[str, Any] = {
    "area": COMMUNITY,
    "duty_id": an_id("duty"),
    "kind": DutyKind.DUTY,
    "organisation_id": an_id("branch 1"),
    "point_id": an_id("point 1"),
    "holder_id": an_id("holder"),
    "holder_kind": HolderKind.MEMBER,
    "starts_at": datetime(2021, 3, 1, 1, tzinfo=UTC),
    "ends_at": datetime(2021, 3, 1, 3, tzinfo=UTC),
}


def of_visit(name: str = "v", **given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "visit_id": an_id(name),
        "point_id": an_id("point 1"),
        "organisation_id": an_id("branch 1"),
        "channel": LiaisonChannel.CALL,
        "topic_kind": "policy",
        "headcount": 1,
        "counted_as": CountUnit.PERSON_TIMES,
        "bound": Bound.EXACT,
        "asks_for_work": False,
        "work_requests": 0,
    } | given


def test_seven_points_are_three_in_one_estate_and_four_in_the_other() -> None:
    total = folded(*(point(n, "XQ-1" if n < 3 else "XQ-2") for n in range(7)))

    assert total == {("liaison_points", "XQ-1"): 3, ("liaison_points", "XQ-2"): 4}


def test_a_point_that_moves_to_another_estate_is_counted_there_until_it_closes() -> None:
    said = {
        "area": COMMUNITY,
        "point_id": an_id("point 1"),
        "code": "LL-1",
        "organisation_id": an_id("branch 1"),
        "estate_code": "XQ-2",
    }
    changed = LiaisonPointChanged(
        **said,
        artefact_count=3,
        was_organisation_id=an_id("branch 1"),
        was_estate_code=None,
        was_area=COMMUNITY,
    )

    assert folded(point(1, None), changed) == {("liaison_points", "XQ-2"): 1}
    assert folded(point(1, None), changed, LiaisonPointClosed(**said, closed_on=DAY)) == {}


def test_seven_rotas_of_five_days_and_two_shifts_are_seventy_slots_a_week() -> None:
    total = folded(*(rota(n) for n in range(7)))

    assert total == {("liaison_slots_per_week", ""): 70, ("duty_rotas", "duty"): 7}


def test_a_changed_and_an_ended_rota_take_their_slots_back() -> None:
    changed = DutyRotaChanged(
        **of_rota(slots_per_week=5),
        **TEMPLATE,
        was_slots_per_week=10,
        was_times_per_month=0,
        was_bound=Bound.EXACT,
    )
    ended = DutyRotaEnded(**of_rota(slots_per_week=5), ended_on=DAY)

    assert folded(rota(), changed)["liaison_slots_per_week", ""] == 5
    assert folded(rota(), changed, ended) == {}


def test_a_patrol_is_no_duty_at_a_point() -> None:
    total = folded(rota(kind=DutyKind.PATROL, point_id=None))

    assert total == {("duty_rotas", "patrol"): 1}


@pytest.mark.parametrize(
    ("bound", "figure"),
    [
        (Bound.EXACT, "duties_per_month"),
        (Bound.AT_LEAST, "duties_per_month_at_least"),
        (Bound.TARGET, "duties_per_month_target"),
    ],
)
def test_once_a_month_is_exact_or_a_lower_bound_or_a_target(bound: Bound, figure: str) -> None:
    monthly = rota(
        kind=DutyKind.FIELD_VISIT,
        point_id=None,
        slots_per_week=0,
        times_per_month=1,
        bound=bound,
    )

    assert folded(monthly) == {("duty_rotas", "field-visit"): 1, (figure, "field-visit"): 1}


def test_duties_are_assigned_kept_missed_and_corrected() -> None:
    assigned = DutyAssigned(**DUTY)
    missed = DutyRecorded(**DUTY, outcome=DutyOutcome.MISSED)
    kept = DutyCorrected(**DUTY, outcome=DutyOutcome.ATTENDED, was_outcome=DutyOutcome.MISSED)

    assert folded(assigned, DutyReleased(**DUTY)) == {}
    assert folded(missed) == {("duties_missed", "duty/member"): 1}
    assert folded(missed, kept) == {("duties_kept", "duty/member"): 1}


@pytest.mark.parametrize(
    ("unit", "bound", "figures"),
    [
        (CountUnit.PERSON_TIMES, Bound.EXACT, {"liaison_visits": 1, "liaison_person_times": 500}),
        (CountUnit.PERSON_TIMES, Bound.AT_LEAST, {"liaison_person_times_at_least": 500}),
        (CountUnit.PERSON_TIMES, Bound.TARGET, {"liaison_person_times_target": 500}),
        (CountUnit.PERSONS, Bound.EXACT, {"liaison_visits": 1, "liaison_persons": 500}),
        (CountUnit.PERSONS, Bound.AT_LEAST, {"liaison_persons_at_least": 500}),
        (CountUnit.PERSONS, Bound.TARGET, {"liaison_persons_target": 500}),
    ],
)
def test_persons_person_times_bounds_and_targets_are_figures_of_their_own(
    unit: CountUnit, bound: Bound, figures: dict[str, int]
) -> None:
    total = folded(LiaisonVisitLogged(**of_visit(headcount=500, counted_as=unit, bound=bound)))

    assert total == {(figure, "call/policy"): n for figure, n in figures.items()}


def test_a_withdrawn_visit_leaves_nothing_behind() -> None:
    said = of_visit(asks_for_work=True, work_requests=1, category_code="0101")
    total = folded(LiaisonVisitLogged(**said))

    assert total["liaison_work_requests", "call/policy"] == 1
    assert folded(LiaisonVisitLogged(**said), LiaisonVisitRetracted(**said)) == {}


def test_whoever_is_divided_by_grids_is_counted_until_released() -> None:
    responder = {
        "area": f"{COMMUNITY}001",
        "responder_id": an_id("r"),
        "holder_id": an_id("holder"),
        "holder_kind": HolderKind.REGISTRANT,
    }
    near = GridResponderAssigned(**responder)

    assert folded(near) == {("grid_responders", "registrant"): 1}
    assert folded(near, GridResponderReleased(**responder)) == {}
