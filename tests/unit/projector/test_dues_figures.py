"""What dues add to the figures, in 分."""

from typing import Any

import pytest

from contracts.event import Event
from contracts.kinds.alerts import Severity
from contracts.membership.alerts import AlertCleared, AlertRaised
from contracts.membership.dues import (
    DuesCharged,
    DuesPaid,
    DuesPaymentReversed,
    DuesReliefApproved,
    DuesReturned,
    DuesReturnReversed,
)
from services.projector.figures import CATALOGUE
from services.projector.fold import SEPARATOR, tell
from tests.unit.projector.build import COMMUNITY, JUNE, Log, an_id

BRANCH = {"area": COMMUNITY, "organisation_id": an_id("支部甲")}
PAYMENT: dict[str, Any] = BRANCH | {
    "payment_id": an_id("交纳甲"),
    "purpose": "regular",
    "channel": "cash",
    "destination": "local",
    "amount": 4500,
    "month_count": 1,
}
EXTRA = PAYMENT | {"purpose": "extra", "destination": "centre", "month_count": 0}
RETURN: dict[str, Any] = BRANCH | {
    "return_id": an_id("返还甲"),
    "organisation_kind": "new-branch",
    "year": 2018,
    "base_amount": 9000,
    "percent": 60,
    "amount": 5400,
}


def amounts(event: Event) -> dict[tuple[str, str], int]:
    told = tell(Log().write(event, JUNE).body.encode())
    assert told.problem is None
    found: dict[tuple[str, str], int] = {}
    for fact in told.facts:
        key = (fact.figure, fact.dims.replace(SEPARATOR, "/"))
        found[key] = found.get(key, 0) + fact.amount
    return found


@pytest.mark.parametrize(("was", "now"), [(0, 4500), (4500, 9000), (9000, 4500)])
def test_what_is_due_grows_by_the_difference(was: int, now: int) -> None:
    charged = DuesCharged(
        **BRANCH,
        charge_id=an_id("月份甲"),
        month="2019-06-01",
        headcount=2,
        amount=now,
        was_headcount=1,
        was_amount=was,
    )

    assert amounts(charged) == {("membership.dues_due", ""): now - was}


def test_a_payment_counts_until_it_is_reversed() -> None:
    paid = {("membership.dues_paid", "cash"): 4500}

    assert amounts(DuesPaid(**PAYMENT)) == paid
    reversed_ = DuesPaymentReversed(**PAYMENT, reason="mistyped")
    assert amounts(reversed_) == {key: -amount for key, amount in paid.items()}


def test_extra_dues_are_not_among_what_the_standard_asks_for() -> None:
    assert amounts(DuesPaid(**EXTRA)) == {
        ("membership.dues_extra", "cash"): 4500,
        ("membership.dues_for_centre", ""): 4500,
    }


def test_returns_and_reliefs_are_counted_and_returns_taken_back() -> None:
    relief = DuesReliefApproved(
        **BRANCH,
        relief_id=an_id("减免甲"),
        kind="exempt",
        from_month="2019-06-01",
        to_month="2019-08-01",
        approver_id=an_id("党委甲"),
    )

    assert amounts(DuesReturned(**RETURN)) == {("membership.dues_returned", ""): 5400}
    taken = DuesReturnReversed(**RETURN, reason="mistyped")
    assert amounts(taken) == {("membership.dues_returned", ""): -5400}
    assert amounts(relief) == {("membership.dues_reliefs", "exempt"): 1}


def test_whoever_is_in_arrears_long_enough_is_counted_until_they_pay() -> None:
    alert: dict[str, Any] = BRANCH | {
        "alert_id": an_id("预警甲"),
        "kind": "dues-overdue",
        "subject_id": an_id("对象甲"),
        "severity": Severity.WARN,
    }
    key = ("membership.dues_overdue_members", "")

    assert amounts(AlertRaised(**alert))[key] == 1
    assert amounts(AlertCleared(**alert))[key] == -1
    assert key not in amounts(AlertRaised(**alert | {"kind": "dues-overdue-again"}))


def test_amounts_are_shown_in_yuan() -> None:
    keys = ("due", "paid", "extra", "for_centre", "returned")
    figures = [CATALOGUE.figures[f"membership.dues_{key}"] for key in keys]
    assert {(figure.unit, figure.per) for figure in figures} == {("元", 100)}
