"""The rules of the yearly appraisal, each at its boundary on both sides."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.appraisal import AppraisalResult
from services.chassis.rules import Book
from services.membership.domain.appraisal import FIRST
from services.membership.domain.appraisal.rounds import (
    Incomplete,
    NotExcellent,
    NotOfTheBranch,
    Participant,
    RatesThemselves,
    Round,
    Tally,
    TooManyBallots,
    TooManyExcellent,
    TurnoutTooLow,
    by_votes,
    check_ballot,
    check_sheet,
    closed,
    decide,
    may_be_excellent,
    places,
    propose,
    require_complete,
    result_id,
)
from services.membership.domain.appraisal.standards import (
    AppraisalVotes,
    AppraisalYearly,
    due_on,
    due_years,
)

BOOK = Book(FIRST)
VOTES = BOOK[AppraisalVotes]
EXCELLENT, QUALIFIED, BASIC, UNQUALIFIED = AppraisalResult
ROUND = Round(
    round_id=UUID(int=100),
    organisation_id=UUID(int=200),
    area="410305001001",
    year=2025,
    ballots=10,
    opened_at=datetime(2025, 12, 1, tzinfo=UTC),
)


def one(n: int = 1, **given: Any) -> Participant:
    """Somebody whom all ten voters find qualified."""
    return Participant(
        **{
            "member_id": UUID(int=n),
            "self_rating": QUALIFIED,
            "ballot": Tally(qualified=10),
        }
        | given
    )


def praised(n: int, excellent: int = 10, **given: Any) -> Participant:
    return one(n, ballot=Tally(excellent=excellent, qualified=10 - excellent), **given)


@pytest.mark.parametrize(
    ("ballot", "result"),
    [
        (Tally(qualified=6, basic=4), QUALIFIED),
        (Tally(excellent=3, qualified=3, basic=4), QUALIFIED),
        (Tally(qualified=5, basic=5), BASIC),
        (Tally(qualified=4, unqualified=6), UNQUALIFIED),
        (Tally(qualified=5, unqualified=5), BASIC),
        (Tally(excellent=10), QUALIFIED),
    ],
)
def test_more_than_half_of_the_votes_decide(ballot: Tally, result: AppraisalResult) -> None:
    assert by_votes(one(ballot=ballot), VOTES) is result


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ({"excellent": 6}, True),
        ({"excellent": 5}, False),
        ({"points": 0}, True),
        ({"points": -1}, False),
        ({"expected": 10, "attended": 8}, True),
        ({"expected": 10, "attended": 7}, False),
        ({"expected": 0, "attended": 0}, True),
    ],
)
def test_votes_points_and_attendance_make_somebody_eligible(*, given: dict, may: bool) -> None:
    assert may_be_excellent(praised(1, **given), BOOK) is may


@pytest.mark.parametrize(("participants", "most"), [(2, 0), (3, 1), (5, 1), (6, 2), (30, 10)])
def test_one_in_three_may_be_excellent(participants: int, most: int) -> None:
    assert places(participants, BOOK) == most


def test_the_best_get_the_places_by_ballot_then_peers_then_points() -> None:
    several = [
        praised(1, 9),
        praised(2, 8, peers=Tally(excellent=1)),
        praised(3, 8, points=5),
        praised(4, 8, points=4),
        *(one(n) for n in range(5, 10)),
    ]
    chosen = {m.int for m, r in propose(several, BOOK).items() if r is EXCELLENT}
    assert chosen == {1, 2, 3}


def test_equals_who_would_share_the_last_place_are_left_to_the_branch() -> None:
    several = [praised(1, 9), praised(2, 8), praised(3, 8), *(one(n) for n in range(4, 7))]

    assert [m.int for m, r in propose(several, BOOK).items() if r is EXCELLENT] == [1]
    decided = decide(several, {UUID(int=3): EXCELLENT}, BOOK)
    assert [m.int for m, r in decided.items() if r is EXCELLENT] == [1, 3]


def test_the_branch_may_not_choose_more_excellent_than_there_are_places() -> None:
    several = [praised(n) for n in range(1, 7)]
    two, three = ({UUID(int=n): EXCELLENT for n in range(1, m)} for m in (3, 4))

    assert list(decide(several, two, BOOK).values()).count(EXCELLENT) == 2
    with pytest.raises(TooManyExcellent):
        decide(several, three, BOOK)


def test_the_branch_may_not_choose_whom_the_votes_did_not() -> None:
    with pytest.raises(NotExcellent):
        decide([one(n) for n in range(1, 4)], {UUID(int=1): EXCELLENT}, BOOK)


def test_the_branch_decides_otherwise_below_excellent_and_about_its_own_only() -> None:
    several = [one(n) for n in range(1, 4)]

    assert decide(several, {UUID(int=1): BASIC}, BOOK)[UUID(int=1)] is BASIC
    with pytest.raises(NotOfTheBranch):
        decide(several, {UUID(int=99): BASIC}, BOOK)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(-3, 3)), min_size=1, max_size=40))
def test_a_proposal_never_breaks_the_rules_of_its_own_decision(rows: list[tuple[int, int]]) -> None:
    several = [praised(n, votes, points=points) for n, (votes, points) in enumerate(rows, 1)]

    assert decide(several, propose(several, BOOK), BOOK).keys() == {e.member_id for e in several}


# Before the decision


def test_peers_rate_others_of_the_branch() -> None:
    there = frozenset({UUID(int=1), UUID(int=2)})
    check_sheet(UUID(int=1), {UUID(int=2): QUALIFIED}, there)

    with pytest.raises(RatesThemselves):
        check_sheet(UUID(int=1), {UUID(int=1): EXCELLENT}, there)
    for rater, rated in ((9, 1), (1, 9)):
        with pytest.raises(NotOfTheBranch):
            check_sheet(UUID(int=rater), {UUID(int=rated): QUALIFIED}, there)


@pytest.mark.parametrize(
    ("ballots", "votes", "right"), [(2, 2, True), (2, 1, True), (1, 2, False), (3, 2, False)]
)
def test_nobody_gets_more_votes_than_ballots_nor_are_there_more_than_voters(
    *, ballots: int, votes: int, right: bool
) -> None:
    there = [one(1), one(2), one(3, votes=False)]
    tallies = {UUID(int=3): Tally(qualified=votes)}
    if right:
        check_ballot(ballots, tallies, there)
    else:
        with pytest.raises(TooManyBallots):
            check_ballot(ballots, tallies, there)


@pytest.mark.parametrize(("ballots", "enough"), [(2, True), (1, False)])
def test_half_of_those_with_a_vote_must_have_voted(*, ballots: int, enough: bool) -> None:
    there = [one(n) for n in range(1, 5)] + [one(5, votes=False)]
    round_ = ROUND.model_copy(update={"ballots": ballots})
    if enough:
        require_complete(round_, there, 1, BOOK)
    else:
        with pytest.raises(TurnoutTooLow):
            require_complete(round_, there, 1, BOOK)


@pytest.mark.parametrize(
    ("missing", "sheets"), [({"self_rating": None}, 1), ({"ballot": Tally()}, 1), ({}, 0)]
)
def test_a_round_without_one_of_its_steps_cannot_be_closed(missing: dict, sheets: int) -> None:
    with pytest.raises(Incomplete):
        require_complete(ROUND, [one(1), one(2, **missing)], sheets, BOOK)


def test_the_closing_counts_each_result() -> None:
    results = {UUID(int=1): EXCELLENT, UUID(int=2): QUALIFIED, UUID(int=3): QUALIFIED}
    event = closed(ROUND, results)

    assert (event.headcount, event.excellent, event.qualified, event.basic) == (3, 1, 2, 0)


def test_a_member_has_one_result_a_year_wherever_it_comes_from() -> None:
    assert result_id(UUID(int=1), 2025) == result_id(UUID(int=1), 2025)
    assert result_id(UUID(int=1), 2025) != result_id(UUID(int=1), 2026)


# The clock


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 11, 27), (2025,)),
        (date(2026, 11, 28), (2025, 2026)),
        (date(2026, 12, 31), (2025, 2026)),
        (date(2027, 1, 1), (2026,)),
    ],
)
def test_a_round_is_asked_for_from_a_month_before_it_is_due(
    today: date, years: tuple[int, ...]
) -> None:
    rule = BOOK[AppraisalYearly]
    assert due_on(2026, rule) == date(2026, 12, 28)
    assert due_years(today, rule) == years
