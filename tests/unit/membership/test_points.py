"""The rules of the points ledger: what is granted, what is refused, what is taken back."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.points import PointsReason, SubjectType
from services.membership.domain.points import (
    AlreadyReversed,
    AmountIsFixed,
    AmountOutOfLimits,
    CapReached,
    Entry,
    PointsRule,
    ReversalNotReversible,
    ReversedBeforeBooked,
    RuleNotInForce,
    Spent,
    VersionInThePast,
    WrongSubject,
    entered,
    granted,
    require_room,
    reverse,
    stated,
    worth_by_hand,
)

DAY = date(2026, 3, 2)
HOURS = PointsRule(code="service.done", amount=1, daily_cap=8, yearly_cap=100)
CHOICE = PointsRule(code="officer.adjustment", least=-20, most=20)


def entry(amount: int = 2, reverses: UUID | None = None) -> Entry:
    return Entry(
        entry_id=UUID(int=1),
        subject_id=UUID(int=2),
        subject_type=SubjectType.MEMBER,
        organisation_id=None,
        area="410305001001",
        rule_code="activity.attended",
        rule_version=1,
        source_type="activity",
        source_id=UUID(int=3),
        times=1,
        amount=amount,
        automatic=True,
        booked_on=DAY,
        reason=PointsReason.BY_RULE,
        reverses_id=reverses,
    )


@pytest.mark.parametrize(
    ("worth", "spent", "left"),
    [
        (8, Spent(), 8),
        (9, Spent(), 8),
        (1, Spent(day=7, year=7), 1),
        (1, Spent(day=8, year=8), 0),
        (2, Spent(day=0, year=98), 2),
        (2, Spent(day=0, year=99), 1),
        (2, Spent(day=0, year=100), 0),
        (-9, Spent(), -8),
        (-1, Spent(day=8, year=8), 0),
        (1, Spent(day=50, year=500), 0),
    ],
)
def test_a_cap_cuts_off_what_exceeds_it_and_nothing_else(
    worth: int, spent: Spent, left: int
) -> None:
    assert granted(HOURS, worth, spent) == left


@given(
    st.integers(-500, 500).filter(bool),
    st.integers(0, 500),
    st.integers(0, 500),
    st.none() | st.integers(1, 300),
    st.none() | st.integers(1, 300),
)
def test_what_is_granted_has_the_sign_of_its_worth_and_never_passes_a_cap(
    worth: int, day: int, year: int, daily: int | None, yearly: int | None
) -> None:
    rule = PointsRule(code="x", amount=1, daily_cap=daily, yearly_cap=yearly)
    left = granted(rule, worth, Spent(day=day, year=year))

    assert left * worth >= 0
    assert abs(left) <= abs(worth)
    assert daily is None or abs(left) <= max(0, daily - day)
    assert yearly is None or abs(left) <= max(0, yearly - year)


@pytest.mark.parametrize("amount", [-20, -1, 1, 20])
def test_an_officer_chooses_within_the_limits(amount: int) -> None:
    assert worth_by_hand(CHOICE, CHOICE.code, SubjectType.MEMBER, amount, 1) == (amount, CHOICE)


@pytest.mark.parametrize("amount", [-21, 0, 21, None])
def test_an_amount_outside_the_limits_is_refused(amount: int | None) -> None:
    with pytest.raises(AmountOutOfLimits):
        worth_by_hand(CHOICE, CHOICE.code, SubjectType.MEMBER, amount, 1)


def test_a_fixed_rule_is_entered_by_times_and_never_by_amount() -> None:
    assert worth_by_hand(HOURS, HOURS.code, SubjectType.MEMBER, None, 3)[0] == 3
    with pytest.raises(AmountIsFixed):
        worth_by_hand(HOURS, HOURS.code, SubjectType.MEMBER, 3, 1)


def test_a_rule_for_organisations_is_for_no_member() -> None:
    rule = PointsRule(code="visit.completed", amount=2, subject_type=SubjectType.ORGANISATION)
    with pytest.raises(WrongSubject):
        worth_by_hand(rule, rule.code, SubjectType.MEMBER, None, 1)


@pytest.mark.parametrize("rule", [None, PointsRule(code="off", amount=0)])
def test_a_rule_that_gives_nothing_is_not_in_force(rule: PointsRule | None) -> None:
    with pytest.raises(RuleNotInForce):
        worth_by_hand(rule, "off", SubjectType.MEMBER, None, 1)


def test_an_entry_by_hand_is_refused_rather_than_cut() -> None:
    require_room(HOURS, 3, 3)
    with pytest.raises(CapReached):
        require_room(HOURS, 3, 2)


@pytest.mark.parametrize(("amount", "earned", "deducted"), [(7, 7, 0), (-7, 0, 7)])
def test_an_entry_says_gain_and_loss_apart(amount: int, earned: int, deducted: int) -> None:
    event = entered(entry(amount))
    assert (event.earned, event.deducted, event.amount) == (earned, deducted, amount)


def test_a_reversal_repeats_the_entry_and_says_when_and_why() -> None:
    event = reverse(
        entry(),
        reversal_id=UUID(int=9),
        reason=PointsReason.APPEAL_UPHELD,
        on=DAY,
        taken_back=False,
    )
    assert (event.entry_id, event.amount, event.earned) == (UUID(int=1), 2, 2)
    assert (event.reason, event.booked_on) == (PointsReason.APPEAL_UPHELD, DAY)


@pytest.mark.parametrize(
    ("line", "on", "taken_back", "refusal"),
    [
        (entry(), DAY, True, AlreadyReversed),
        (entry(reverses=UUID(int=8)), DAY, False, ReversalNotReversible),
        (entry(), date(2026, 3, 1), False, ReversedBeforeBooked),
    ],
)
def test_what_cannot_be_reversed(
    *, line: Entry, on: date, taken_back: bool, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        reverse(
            line,
            reversal_id=UUID(int=9),
            reason=PointsReason.ENTERED_WRONGLY,
            on=on,
            taken_back=taken_back,
        )


def version(begins: date) -> PointsRule:
    return PointsRule(code="x", area="410305", amount=1, effective_from=begins)


@pytest.mark.parametrize(
    ("begins", "newest"),
    [(DAY, None), (DAY, date(2026, 3, 1)), (date(2026, 3, 4), date(2026, 3, 3))],
)
def test_a_version_begins_today_at_the_earliest_and_after_the_newest(
    begins: date, newest: date | None
) -> None:
    event = stated(version(begins), version(newest) if newest else None, DAY)
    assert event.effective_from == begins


@pytest.mark.parametrize(
    ("begins", "newest"),
    [(date(2026, 3, 1), None), (DAY, DAY), (date(2026, 3, 3), date(2026, 3, 4))],
)
def test_a_version_never_begins_in_the_past_nor_before_another(
    begins: date, newest: date | None
) -> None:
    with pytest.raises(VersionInThePast):
        stated(version(begins), version(newest) if newest else None, DAY)
