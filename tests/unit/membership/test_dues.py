"""The rules of dues, at every boundary, without database or clock."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.alerts import AlertKind
from contracts.kinds.dues import (
    DuesChannel,
    DuesDestination,
    DuesPurpose,
    DuesRhythm,
    Payer,
    ReliefKind,
    ReliefState,
)
from services.chassis.rules import Book
from services.membership.domain.dues import decisions, months, rates
from services.membership.domain.dues.decisions import (
    DuesReturnShare,
    ExtraDues,
    KindNotReturned,
    NotAbove,
    PaymentMismatch,
    ReturnShareUnset,
)
from services.membership.domain.dues.months import BadMonth, MonthsInDisorder
from services.membership.domain.dues.rates import (
    BasisMissing,
    Bracket,
    DuesRounding,
    FarmerDuesOutOfRange,
    FixedDues,
    RetiredDues,
    SalariedDues,
)
from services.membership.domain.dues.standing import Balance, Books, alerts_at, in_a_row
from services.membership.domain.dues.states import Payment, Relief, Standard
from services.membership.domain.members.rules import SelfRemoval

BRANCH = UUID(int=1)
MONTH = date(2026, 7, 1)


def table(*brackets: tuple[int | None, int]) -> dict[str, Any]:
    return {"brackets": tuple(Bracket(up_to=up_to, rate=rate) for up_to, rate in brackets)}


BOOK = Book.of(
    SalariedDues(**table((300_000, 50), (500_000, 100), (1_000_000, 150), (None, 200))),
    RetiredDues(**table((500_000, 50), (None, 100))),
    FixedDues(farmer_least=20, farmer_most=100, other=20),
    DuesRounding(step=1),
)


def due(payer: Payer, income: int | None = None, amount: int | None = None) -> tuple[int, str]:
    found = rates.monthly_due(payer, BOOK, income=income, amount=amount)
    return found.monthly, found.bracket


@pytest.mark.parametrize("payer", [Payer.SALARIED, Payer.ANNUAL, Payer.SELF_EMPLOYED])
@pytest.mark.parametrize(
    ("income", "monthly", "bracket"),
    [
        (0, 0, "1"),
        (299_999, 1500, "1"),
        (300_000, 1500, "1"),  # 3000.00 yuan at 0.5 %
        (300_001, 3000, "2"),  # 3000.01 yuan at 1 %, the whole of it
        (499_999, 5000, "2"),
        (500_000, 5000, "2"),
        (500_001, 7500, "3"),
        (1_000_000, 15_000, "3"),
        (1_000_001, 20_000, "4"),
        (5_000_000, 100_000, "4"),
    ],
)
def test_salaries_by_article_two(payer: Payer, income: int, monthly: int, bracket: str) -> None:
    assert due(payer, income) == (monthly, bracket)


@pytest.mark.parametrize(
    ("income", "monthly", "bracket"),
    [(500_000, 2500, "1"), (500_001, 5000, "2"), (499_999, 2500, "1")],
)
def test_pensions_by_article_five(income: int, monthly: int, bracket: str) -> None:
    assert due(Payer.RETIRED, income) == (monthly, bracket)


@pytest.mark.parametrize("amount", [20, 21, 100])
def test_farmers_name_an_amount_within_article_six(amount: int) -> None:
    assert due(Payer.FARMER, amount=amount) == (amount, "fixed")


@pytest.mark.parametrize("amount", [19, 101])
def test_farmers_pay_no_less_and_no_more(amount: int) -> None:
    with pytest.raises(FarmerDuesOutOfRange):
        due(Payer.FARMER, amount=amount)


@pytest.mark.parametrize("payer", [Payer.STUDENT, Payer.UNEMPLOYED, Payer.RELIEF])
def test_the_others_pay_two_jiao(payer: Payer) -> None:
    assert due(payer) == (20, "fixed")
    with pytest.raises(BasisMissing):
        due(payer, income=1)


@pytest.mark.parametrize("payer", [Payer.SALARIED, Payer.RETIRED, Payer.FARMER])
def test_the_basis_is_asked_for_and_only_the_right_one(payer: Payer) -> None:
    with pytest.raises(BasisMissing):
        due(payer)
    with pytest.raises(BasisMissing):
        due(payer, income=100, amount=100)


@pytest.mark.parametrize(
    ("income", "step", "monthly"),
    [(99, 1, 0), (100, 1, 1), (299, 1, 1), (300, 1, 2), (111_100, 10, 560), (110_900, 10, 550)],
)
def test_half_a_step_and_more_is_rounded_up(income: int, step: int, monthly: int) -> None:
    assert rates.rounded(income * 50, step) == monthly


@given(st.integers(0, 10**9), st.sampled_from([1, 10, 100]))
def test_rounding_is_never_off_by_more_than_half_a_step(income: int, step: int) -> None:
    exact = income * 150
    assert abs(rates.rounded(exact, step) * rates.PARTS - exact) * 2 <= rates.PARTS * step


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_who_earns_more_never_owes_less(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert due(Payer.SALARIED, low)[0] <= due(Payer.SALARIED, high)[0]


@pytest.mark.parametrize(
    "brackets",
    [((500_000, 50), (300_000, 100), (None, 150)), ((300_000, 50),), ((None, 50), (None, 100))],
)
def test_a_table_rises_and_is_open_above(brackets: tuple[tuple[int | None, int], ...]) -> None:
    with pytest.raises(ValueError, match="上限"):
        SalariedDues(**table(*brackets))


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (12345, "123.45"), (-5, "-0.05")]
)
def test_money_is_shown_in_yuan(fen: int, text: str) -> None:
    assert rates.yuan(fen) == text


# Months


@pytest.mark.parametrize(
    ("month", "rhythm", "last"),
    [
        (date(2026, 2, 1), DuesRhythm.MONTHLY, date(2026, 2, 28)),
        (date(2026, 12, 1), DuesRhythm.MONTHLY, date(2026, 12, 31)),
        (date(2026, 1, 1), DuesRhythm.QUARTERLY, date(2026, 3, 31)),
        (date(2026, 3, 1), DuesRhythm.QUARTERLY, date(2026, 3, 31)),
        (date(2026, 10, 1), DuesRhythm.QUARTERLY, date(2026, 12, 31)),
    ],
)
def test_a_month_is_due_by_its_end_or_that_of_its_quarter(
    month: date, rhythm: DuesRhythm, last: date
) -> None:
    assert months.due_on(month, rhythm) == last


def charged(*amounts: int | None) -> list[Balance]:
    """From January on."""
    made = []
    for number, amount in enumerate(amounts, 1):
        month = date(2026, number, 1)
        due_on = months.due_on(month, DuesRhythm.MONTHLY)
        made.append(Balance(UUID(int=4), BRANCH, "410305", month, due_on, amount))
    return made


@pytest.mark.parametrize(
    ("amounts", "on", "run"),
    [
        ((5, 5, 5), date(2026, 3, 31), 2),  # March may still be paid today
        ((5, 5, 5), date(2026, 4, 1), 3),
        ((5, 0, 5), date(2026, 4, 1), 1),
        ((5, 5, 0), date(2026, 4, 1), 0),
        ((5, 5, 1), date(2026, 4, 1), 3),  # partly paid is not paid
        ((5, None, 5), date(2026, 4, 1), 2),  # what was not charged neither ends it nor counts
        ((), date(2026, 4, 1), 0),
    ],
)
def test_months_in_a_row_end_with_one_that_was_paid(
    amounts: tuple[int | None, ...], on: date, run: int
) -> None:
    assert in_a_row(charged(*amounts), on) == run


@pytest.mark.parametrize(
    ("run", "standing_"),
    [
        (2, set()),
        (3, {("dues-overdue", "")}),
        (4, {("dues-overdue", "")}),
        (5, {("dues-overdue", ""), ("dues-overdue-again", "5")}),
        (6, {("dues-overdue", ""), ("dues-overdue-again", "5"), ("dues-limit", "")}),
    ],
)
def test_alerts_stand_at_three_five_and_six_months(
    run: int, standing_: set[tuple[str, str]]
) -> None:
    wanted = alerts_at(run, SelfRemoval(months=6, warn_months=(3, 5)))
    assert {key for key, stands in wanted.items() if stands} == {
        (AlertKind(kind), key) for kind, key in standing_
    }


@given(st.dictionaries(st.dates(), st.integers(-50, 50), max_size=8), st.integers(0, 400))
def test_a_payment_is_spread_without_loss_the_earliest_month_first(
    owed_: dict[date, int], amount: int
) -> None:
    shares = months.allocated(owed_, amount)

    assert sum(shares.values()) == min(amount, sum(max(each, 0) for each in owed_.values()))
    assert all(0 < share <= owed_[month] for month, share in shares.items())
    filled = [month for month in sorted(owed_) if owed_[month] > 0]
    assert list(shares) == filled[: len(shares)]
    assert all(shares[month] == owed_[month] for month in list(shares)[:-1])


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (date(2026, 7, 2), MONTH, BadMonth),
        (MONTH, date(2026, 8, 31), BadMonth),
        (date(2026, 8, 1), MONTH, MonthsInDisorder),
    ],
)
def test_a_span_of_months_begins_and_ends_on_firsts_in_order(
    first: date, last: date, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        months.check_span(first, last)


# Standards and reliefs


def standard(from_month: date, monthly: int) -> Standard:
    return Standard(
        standard_id=UUID(int=2),
        member_id=UUID(int=4),
        from_month=from_month,
        payer=Payer.SALARIED,
        bracket="1",
        monthly=monthly,
        rhythm=DuesRhythm.MONTHLY,
        rule="dues.salaried",
        rule_version="2008",
    )


def test_the_latest_standard_begun_stands_less_the_largest_relief() -> None:
    books = Books(
        standards=[standard(date(2026, 5, 1), 1500), standard(date(2026, 7, 1), 4500)],
        reliefs=[relief(to_month=date(2026, 8, 1), monthly=1000)],
    )

    def of(month: int) -> tuple[int, int] | None:
        found = books.owed(date(2026, month, 1))
        return (found.charged, found.waived) if found else None

    assert [of(month) for month in (4, 5, 6, 7, 8, 9)] == [
        *(None, (1500, 0), (1500, 0)),
        *((4500, 3500), (4500, 3500), (4500, 0)),
    ]


def test_a_relief_never_makes_anybody_owe_more() -> None:
    owed = Books(standards=[standard(MONTH, 1500)], reliefs=[relief(monthly=2000)]).owed(MONTH)
    assert owed is not None
    assert owed.waived == 0


def relief(**given_: Any) -> Relief:
    return Relief(
        **{
            "relief_id": UUID(int=3),
            "member_id": UUID(int=4),
            "organisation_id": BRANCH,
            "approver_id": None,
            "decided_on": None,
            "state": ReliefState.PROPOSED,
            "kind": ReliefKind.EXEMPT,
            "from_month": MONTH,
            "to_month": MONTH,
            "monthly": 0,
            "studied_on": MONTH,
        }
        | given_
    )


def test_exempt_is_nothing_and_reduced_something() -> None:
    decisions.check_relief(relief())
    decisions.check_relief(relief(kind=ReliefKind.REDUCED, monthly=1))
    for wrong in (relief(monthly=1), relief(kind=ReliefKind.REDUCED)):
        with pytest.raises(PaymentMismatch):
            decisions.check_relief(wrong)


def test_only_an_organisation_above_approves() -> None:
    decisions.check_above(BRANCH, {BRANCH})
    with pytest.raises(NotAbove):
        decisions.check_above(BRANCH, set())


# What is paid, what goes back


def payment(**given_: Any) -> Payment:
    return Payment(
        **{
            "payment_id": UUID(int=5),
            "member_id": UUID(int=4),
            "organisation_id": BRANCH,
            "reversed_on": None,
            "reversal": None,
            "destination": DuesDestination.LOCAL,
            "receipt": "SJ-1",
            "purpose": DuesPurpose.REGULAR,
            "channel": DuesChannel.CASH,
            "paid_on": MONTH,
            "amount": 4500,
            "months": [MONTH],
        }
        | given_
    )


@pytest.mark.parametrize("amount", [1, 4499, 4500])
def test_up_to_what_is_owed_is_taken(amount: int) -> None:
    assert decisions.shares(payment(amount=amount), {MONTH: 4500}) == {MONTH: amount}


def test_more_than_is_owed_is_extra_and_recorded_as_such() -> None:
    with pytest.raises(PaymentMismatch) as refused:
        decisions.shares(payment(amount=4501), {MONTH: 4500})
    assert refused.value.facts["lacking"] == 4500


@pytest.mark.parametrize(
    ("purpose", "amount", "destination"),
    [
        (DuesPurpose.EXTRA, 99_999, DuesDestination.LOCAL),
        (DuesPurpose.EXTRA, 100_000, DuesDestination.CENTRE),
        (DuesPurpose.REGULAR, 100_000, DuesDestination.LOCAL),
    ],
)
def test_a_thousand_yuan_of_ones_own_will_go_to_the_centre(
    purpose: DuesPurpose, amount: int, destination: DuesDestination
) -> None:
    found = decisions.destination(purpose, amount, ExtraDues(at_once=100_000))
    assert found is destination


def give_back(base: int, **rule: Any) -> int:
    share = DuesReturnShare(**{"percent": 60, "kinds": ("new-branch",)} | rule)
    return decisions.give_back("new-branch", base, share)


@pytest.mark.parametrize(("base", "amount"), [(0, 0), (1, 0), (100, 60), (9999, 5999)])
def test_no_more_goes_back_than_the_share(base: int, amount: int) -> None:
    assert give_back(base) == amount


def test_nothing_goes_back_before_the_share_is_set_nor_to_other_kinds() -> None:
    with pytest.raises(ReturnShareUnset):
        give_back(100, percent=0)
    with pytest.raises(KindNotReturned):
        give_back(100, kinds=("social-branch",))
