"""What points and appraisals add to the figures."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Event
from contracts.kinds.appraisal import AppraisalResult
from contracts.membership.appraisal import AppraisalClosed, AppraisalDecided, AppraisalOpened
from contracts.membership.points import PointsEntered, PointsReversed
from services.projector.fold import SEPARATOR, tell
from tests.unit.projector.build import COMMUNITY, JUNE, Log, an_id

ENTRY: dict[str, Any] = {
    "area": COMMUNITY,
    "entry_id": an_id("积分甲"),
    "subject_id": an_id("对象甲"),
    "subject_type": "member",
    "organisation_id": an_id("支部甲"),
    "rule_code": "activity.attended",
    "rule_version": 1,
    "source_kind": "activity",
    "source_id": an_id("活动甲"),
    "times": 1,
    "amount": 2,
    "earned": 2,
    "deducted": 0,
    "automatic": True,
    "booked_on": date(2019, 6, 8),
    "reason": "by-rule",
}
LOSS = {"amount": -5, "earned": 0, "deducted": 5, "rule_code": "booking.missed"}
ROUND: dict[str, Any] = {
    "area": COMMUNITY,
    "round_id": an_id("评议甲"),
    "organisation_id": an_id("支部甲"),
    "year": 2019,
    "headcount": 9,
}


def amounts(event: Event) -> dict[tuple[str, str], int]:
    told = tell(Log().write(event, JUNE).body.encode())
    assert told.problem is None
    return {(f.figure, f.dims.replace(SEPARATOR, "/")): f.amount for f in told.facts}


def test_points_gained_and_lost_are_two_figures() -> None:
    assert amounts(PointsEntered(**ENTRY)) == {
        ("membership.points_entries", "member/activity.attended/by-rule"): 1,
        ("membership.points_earned", "member/activity.attended"): 2,
    }
    assert amounts(PointsEntered(**ENTRY | LOSS)) == {
        ("membership.points_entries", "member/booking.missed/by-rule"): 1,
        ("membership.points_deducted", "member/booking.missed"): 5,
    }


@pytest.mark.parametrize(
    ("given", "figure", "was"),
    [({}, "membership.points_earned", 2), (LOSS, "membership.points_deducted", 5)],
)
def test_a_reversal_takes_back_what_was_entered(given: dict, figure: str, was: int) -> None:
    rule = (ENTRY | given)["rule_code"]
    reversal = {"reversal_id": an_id("冲正甲"), "reason": "source-withdrawn"}

    assert amounts(PointsReversed(**ENTRY | given | reversal)) == {
        ("membership.points_reversals", f"member/{rule}/source-withdrawn"): 1,
        (figure, f"member/{rule}"): -was,
    }


def test_an_appraisal_counts_its_organisation_when_it_opens_and_when_it_closes() -> None:
    closed = {"ballots": 8, "excellent": 3, "qualified": 5, "basic": 1, "unqualified": 0}

    assert amounts(AppraisalOpened(**ROUND)) == {("membership.appraisals_opened", ""): 1}
    assert amounts(AppraisalClosed(**ROUND | closed)) == {("membership.appraisals_closed", ""): 1}


@pytest.mark.parametrize("result", AppraisalResult)
def test_a_result_counts_one_member_and_the_excellent_once_more(result: AppraisalResult) -> None:
    decided = AppraisalDecided(
        area=COMMUNITY,
        result_id=UUID(int=1),
        organisation_id=an_id("支部甲"),
        subject_id=an_id("对象甲"),
        year=2018,
        result=result,
        points=12,
        away=False,
    )
    expected = {("membership.appraised", result.value): 1}
    if result is AppraisalResult.EXCELLENT:
        expected["membership.appraised_excellent", ""] = 1

    assert amounts(decided) == expected
