"""New organisations, their instructors, and the pool of reserves: rules at both sides."""

from datetime import date
from uuid import UUID

import pytest

from contracts.kinds.organisations import Coverage
from services.chassis.rules import Book
from services.membership.domain import coverage, reserve
from services.membership.domain.coverage import (
    CoveringMissing,
    CoveringNeedless,
    EndsBeforeStart,
    Instruction,
    Instructor,
    InstructorGone,
    InstructorVisits,
    NewOrganisation,
    StillInstructing,
    VisitOutside,
)
from services.membership.domain.reserve import (
    NoCommunity,
    PoolFull,
    Reserve,
    ReserveEndsBeforeStart,
)

SEEDED = Book((*coverage.FIRST, *reserve.FIRST))
JUNE = date(2024, 6, 8)
FIRM = NewOrganisation(
    neworg_id=UUID(int=1),
    code="LX-1",
    name="示范企业",
    kind="enterprise",
    area="410305001001",
    employees=20,
    members=3,
    coverage=Coverage.JOINT,
    organisation_id=UUID(int=7),
)
CHARGE = Instruction(
    instruction_id=UUID(int=3),
    instructor_id=UUID(int=2),
    neworg_id=UUID(int=1),
    area="410305001001",
    kind="enterprise",
    since=JUNE,
    due_on=date(2024, 7, 31),
)


def but(firm: NewOrganisation, **changes: object) -> NewOrganisation:
    return firm.model_copy(update=changes)


@pytest.mark.parametrize("way", [Coverage.SEPARATE, Coverage.JOINT, Coverage.ATTACHED])
def test_what_is_covered_says_by_whom(way: Coverage):
    assert coverage.register(but(FIRM, coverage=way)).coverage is way
    with pytest.raises(CoveringMissing):
        coverage.register(but(FIRM, coverage=way, organisation_id=None))


@pytest.mark.parametrize("way", [Coverage.DUE, Coverage.NONE])
def test_what_is_not_covered_names_nobody(way: Coverage):
    assert coverage.register(but(FIRM, coverage=way, organisation_id=None))
    with pytest.raises(CoveringNeedless):
        coverage.register(but(FIRM, coverage=way))


@pytest.mark.parametrize(("members", "due"), [(2, False), (3, True)])
def test_three_members_without_a_branch_ought_to_have_one(members: int, due):
    bare = but(FIRM, coverage=Coverage.NONE, organisation_id=None, members=members)

    assert coverage.ought_to_be_covered(bare, SEEDED) == due
    assert not coverage.ought_to_be_covered(but(FIRM, members=members), SEEDED)


def test_who_is_covered_no_more_loses_who_covered_it():
    revised = coverage.revised(FIRM, {"coverage": Coverage.DUE})

    assert (revised.coverage, revised.organisation_id) == (Coverage.DUE, None)
    assert coverage.revised(FIRM, {"members": 9}).organisation_id == UUID(int=7)


def test_a_change_says_what_was_and_an_equal_one_is_none():
    event = coverage.change(but(FIRM, coverage=Coverage.SEPARATE), FIRM)

    assert event is not None
    assert (event.coverage, event.was_coverage) == (Coverage.SEPARATE, Coverage.JOINT)
    assert coverage.change(FIRM, FIRM) is None


@pytest.mark.parametrize(
    ("visited", "due"),
    [
        (date(2024, 6, 1), date(2024, 7, 31)),
        (date(2024, 6, 30), date(2024, 7, 31)),
        (date(2024, 12, 5), date(2025, 1, 31)),
        (date(2024, 1, 31), date(2024, 2, 29)),
    ],
)
def test_the_next_visit_is_owed_by_the_end_of_the_next_month(visited: date, due: date):
    assert coverage.visit_due(visited, SEEDED) == due


def test_a_rule_of_every_quarter_gives_three_months():
    assert coverage.visit_due(JUNE, Book.of(InstructorVisits(every_months=3))) == date(2024, 9, 30)


def test_a_visit_lies_in_the_charge():
    assert coverage.visit(CHARGE, JUNE).visited_on == JUNE
    with pytest.raises(VisitOutside):
        coverage.visit(CHARGE, date(2024, 6, 7))


def test_a_charge_ends_no_earlier_than_it_began():
    assert coverage.end(CHARGE, JUNE).until == JUNE
    with pytest.raises(EndsBeforeStart):
        coverage.end(CHARGE, date(2024, 6, 7))


def test_an_instructor_is_released_of_nothing_in_charge():
    person = Instructor(
        instructor_id=UUID(int=2),
        code="D-1",
        area="410305001",
        member_id=None,
        since=JUNE,
        until=None,
    )

    assert coverage.release(person, JUNE, 0).until == JUNE
    with pytest.raises(StillInstructing):
        coverage.release(person, JUNE, 1)
    with pytest.raises(InstructorGone):
        coverage.assign(UUID(int=3), person.model_copy(update={"until": JUNE}), FIRM, JUNE)


POOL = Reserve(reserve_id=UUID(int=5), area="410305001001", member_id=None, since=JUNE)


@pytest.mark.parametrize(("present", "few"), [(2, True), (3, False)])
def test_a_pool_of_two_is_too_small_and_one_of_three_is_not(present: int, few):
    assert reserve.too_few(present, SEEDED) == few


def test_a_pool_takes_a_seventh_and_no_eighth():
    assert reserve.join(POOL, 6, SEEDED).area == POOL.area
    with pytest.raises(PoolFull) as refused:
        reserve.join(POOL, 7, SEEDED)
    assert refused.value.facts["most"] == 7


@pytest.mark.parametrize("area", ["410305", "410305001", "410305001001001"])
def test_a_pool_belongs_to_a_community(area: str):
    with pytest.raises(NoCommunity):
        reserve.join(POOL.model_copy(update={"area": area}), 0, SEEDED)


def test_nobody_leaves_the_pool_before_joining():
    assert reserve.remove(POOL, JUNE).until == JUNE
    with pytest.raises(ReserveEndsBeforeStart):
        reserve.remove(POOL, date(2024, 6, 7))
