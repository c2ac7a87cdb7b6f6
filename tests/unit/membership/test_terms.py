"""Elections, terms and seats: each rule at both sides of its bound."""

from datetime import date
from uuid import UUID

import pytest

from contracts.kinds.organisations import Body
from services.chassis.rules import Book
from services.membership.domain import sizes, terms
from services.membership.domain.sizes import Traits
from services.membership.domain.terms import (
    CommitteeFull,
    ElectionOutOfOrder,
    NotElected,
    Seat,
    SeatEndsBeforeStart,
    SeatHeld,
    Term,
    TermTooShort,
)

SEEDED = Book((*terms.FIRST, *sizes.FIRST))
BRANCH = Traits.of({"takes_members": True, "size": "branch", "elected": True})
COMMUNITY = Traits.of({"size": "branch", "elected": True, "community": True})
JUNE = date(2024, 6, 8)


def elected(
    traits: Traits,
    held_on: date = JUNE,
    last: date | None = None,
    body: Body = Body.PARTY,
    expires_on: date | None = None,
):
    term = Term(
        term_id=UUID(int=9),
        organisation_id=UUID(int=1),
        area="410305001",
        body=body,
        elected=5,
        held_on=held_on,
        expires_on=expires_on or terms.expiry(held_on, traits, SEEDED),
    )
    return terms.hold_election(term, "branch", traits, last)


@pytest.mark.parametrize(
    ("traits", "expires"), [(COMMUNITY, date(2029, 6, 8)), (BRANCH, date(2027, 6, 8))]
)
def test_communities_elect_for_five_years_and_others_for_three(traits: Traits, expires: date):
    assert elected(traits).expires_on == expires


def test_a_term_from_the_leap_day_ends_on_the_last_of_february():
    assert elected(BRANCH, date(2024, 2, 29)).expires_on == date(2027, 2, 28)


def test_a_term_may_be_stated_otherwise_but_not_end_before_it_began():
    assert elected(BRANCH, expires_on=date(2026, 1, 1)).expires_on == date(2026, 1, 1)
    with pytest.raises(TermTooShort):
        elected(BRANCH, expires_on=JUNE)


def test_elections_are_entered_in_order():
    assert elected(BRANCH, last=date(2024, 6, 7))
    with pytest.raises(ElectionOutOfOrder):
        elected(BRANCH, last=JUNE)


def test_what_elects_no_committee_holds_no_election_but_its_residents_may():
    functional = Traits.of({"elected": False})
    with pytest.raises(NotElected):
        elected(functional)
    assert elected(functional, body=Body.RESIDENTS).body is Body.RESIDENTS


def seat(n: int, kind: str = "ordinary") -> Seat:
    return Seat(
        seat_id=UUID(int=100 + n),
        organisation_id=UUID(int=1),
        area="410305001",
        kind=kind,
        member_id=UUID(int=n),
        since=JUNE,
    )


def filled(kind: str, member: int, held: list[Seat], traits: Traits = BRANCH):
    return terms.fill_seat(seat(member, kind), traits, held, SEEDED)


def test_a_committee_of_a_branch_has_seven_members_at_most():
    six = [seat(n) for n in range(6)]

    assert filled("ordinary", 6, six).seat_kind == "ordinary"
    with pytest.raises(CommitteeFull):
        filled("ordinary", 7, [*six, seat(6)])


def test_a_second_office_of_a_member_of_the_committee_takes_no_seat():
    assert filled("publicity", 6, [seat(n) for n in range(7)])


def test_the_committee_of_a_larger_organisation_has_no_such_bound():
    assert filled("ordinary", 7, [seat(n) for n in range(7)], Traits.of({"size": "committee"}))


def test_there_is_one_secretary_and_nobody_is_appointed_twice():
    with pytest.raises(SeatHeld):
        filled("secretary", 2, [seat(1, "secretary")])
    with pytest.raises(SeatHeld):
        filled("ordinary", 1, [seat(1)])
    assert filled("deputy-secretary", 2, [seat(1, "deputy-secretary")])


def test_nobody_leaves_a_seat_before_taking_it():
    assert terms.vacate_seat(seat(1), JUNE).until == JUNE
    with pytest.raises(SeatEndsBeforeStart):
        terms.vacate_seat(seat(1), date(2024, 6, 7))
