"""How large organisations should be: each rule at both sides of its bound."""

from datetime import date

import pytest

from contracts.kinds.alerts import AlertKind, Severity
from services.chassis.rules import EVER, Book, Stated
from services.membership.domain import sizes
from services.membership.domain.sizes import (
    BranchMinimum,
    Size,
    StartUnsaid,
    TooFewToStart,
    Traits,
)

SEEDED = Book(sizes.FIRST)
BRANCH = Traits.of({"takes_members": True, "size": "branch"})
FUNCTIONAL = Traits.of({"takes_members": False, "size": None})


def of_branch(full: int, probationary: int = 0, seated: int = 0) -> set[AlertKind]:
    size = Size(full, probationary, seated)
    return {finding.kind for finding in sizes.of_branch(size, SEEDED) if finding.stands}


def test_a_branch_is_founded_with_three_full_members():
    sizes.check_start(BRANCH, 3, SEEDED, founding=True)


@pytest.mark.parametrize("starting", [0, 2])
def test_a_branch_is_not_founded_with_fewer_and_the_refusal_names_the_rule(starting: int):
    with pytest.raises(TooFewToStart) as refused:
        sizes.check_start(BRANCH, starting, SEEDED, founding=True)

    facts = refused.value.facts
    assert (facts["least"], facts["rule"], facts["rule_version"]) == (3, "branch.minimum", "2018")
    assert "支部工作条例" in str(facts["source"])


def test_founding_a_branch_says_how_many_it_starts_with():
    with pytest.raises(StartUnsaid):
        sizes.check_start(BRANCH, None, SEEDED, founding=True)


def test_a_branch_that_stood_before_is_entered_as_it_was():
    sizes.check_start(BRANCH, None, SEEDED, founding=False)
    sizes.check_start(BRANCH, 1, SEEDED, founding=False)


def test_a_functional_branch_stands_without_members_of_its_own():
    sizes.check_start(FUNCTIONAL, None, SEEDED, founding=True)


def test_a_minimum_that_only_warns_blocks_nobody():
    lenient = Book([Stated(BranchMinimum(least=3), "own", EVER, Severity.WARN, "")])

    sizes.check_start(BRANCH, 1, lenient, founding=True)


@pytest.mark.parametrize(("full", "stands"), [(2, True), (3, False)])
def test_a_branch_below_three_full_members_is_warned_of(full: int, stands):
    assert (AlertKind.BRANCH_TOO_SMALL in of_branch(full, probationary=9)) == stands


@pytest.mark.parametrize(("full", "probationary", "stands"), [(49, 1, False), (49, 2, True)])
def test_a_branch_beyond_fifty_members_is_warned_of(full: int, probationary: int, stands):
    assert (AlertKind.BRANCH_TOO_LARGE in of_branch(full, probationary, 5)) == stands


@pytest.mark.parametrize(
    ("full", "seated", "stands"), [(6, 0, False), (7, 0, True), (7, 2, True), (7, 3, False)]
)
def test_seven_full_members_elect_a_committee_of_three(full: int, seated: int, stands):
    assert (AlertKind.COMMITTEE_MISSING in of_branch(full, seated=seated)) == stands


@pytest.mark.parametrize(("members", "stands"), [(49, True), (50, False), (99, False), (100, True)])
def test_a_general_branch_has_fifty_to_ninety_nine_members(members: int, stands):
    assert sizes.of_general_branch(members, SEEDED, approved=False).stands == stands
    assert not sizes.of_general_branch(members, SEEDED, approved=True).stands


@pytest.mark.parametrize(("members", "stands"), [(99, True), (100, False)])
def test_a_committee_has_a_hundred_members(members: int, stands):
    assert sizes.of_committee(members, SEEDED, approved=False).stands == stands
    assert not sizes.of_committee(members, SEEDED, approved=True).stands


def test_every_seeded_rule_says_where_it_comes_from():
    assert {type(stated.rule) for stated in sizes.FIRST} == set(sizes.RULES)
    assert all(stated.source and stated.version for stated in sizes.FIRST)
    assert all(stated.effective_from == date(1, 1, 1) for stated in sizes.FIRST)
