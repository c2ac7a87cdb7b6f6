"""The figures of the tree, of terms, and of what is covered, out of the events."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from contracts.event import Event
from contracts.kinds.organisations import Body, Coverage
from contracts.membership.coverage import (
    InstructionEnded,
    InstructorAppointed,
    InstructorAssigned,
    InstructorReleased,
    InstructorVisited,
    NewOrganisationChanged,
    NewOrganisationClosed,
    NewOrganisationRegistered,
)
from contracts.membership.organisations import (
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationRegistered,
)
from contracts.membership.reserve import ReserveJoined, ReserveRemoved
from contracts.membership.standards import MembershipKindDefined
from contracts.membership.terms import ElectionHeld, SeatFilled, SeatVacated
from contracts.standards import kind_id
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, Log, an_id, branch

DAY = date(2019, 6, 8)


def totals(*events: Event) -> Counter[str]:
    """What all facts of these events come to, by figure."""
    log, sums = Log(), Counter[str]()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None, told.problem
        for fact in told.facts:
            sums[fact.figure] += fact.amount
    return sums


def sort(name: str, kind: str, category: str) -> OrganisationRegistered:
    return OrganisationRegistered(
        area=COMMUNITY,
        organisation_id=an_id(name),
        code=name,
        name=name,
        kind=kind,
        category=category,
    )


def became(name: str, was: tuple[str, str], kind: str, category: str) -> OrganisationChanged:
    return OrganisationChanged(
        area=COMMUNITY,
        organisation_id=an_id(name),
        code=name,
        name=name,
        kind=kind,
        category=category,
        was_kind=was[0],
        was_category=was[1],
        was_area=COMMUNITY,
    )


def dissolved(name: str, kind: str, category: str) -> OrganisationDissolved:
    return OrganisationDissolved(
        area=COMMUNITY,
        organisation_id=an_id(name),
        code=name,
        kind=kind,
        category=category,
        dissolved_on=DAY,
    )


def test_every_sort_of_branch_is_a_branch_and_so_is_one_of_an_event_that_knows_no_sorts():
    sums = totals(
        branch("旧支部"),
        sort("网格支部", "grid-branch", "branch"),
        sort("机关支部", "office-branch", "branch"),
        sort("楼栋小组", "building-group", "group"),
        sort("社区党委", "community-committee", "committee"),
        sort("中心户", "hub-household", "hub-household"),
    )

    assert sums["membership.organisations"] == 6
    assert sums["membership.branches"] == 3
    assert sums["membership.grid_branches"] == 1
    assert (sums["membership.groups"], sums["membership.building_groups"]) == (1, 1)
    assert (sums["membership.committees"], sums["membership.hub_households"]) == (1, 1)


def test_a_sort_a_district_added_counts_by_its_category():
    assert totals(sort("高校", "campus-branch", "branch"))["membership.branches"] == 1


def test_what_changes_its_kind_moves_between_the_figures():
    sums = totals(
        branch("甲"),
        became("甲", ("branch", "branch"), "community-general-branch", "general-branch"),
    )

    assert sums["membership.branches"] == 0
    assert (sums["membership.general_branches"], sums["membership.organisations"]) == (1, 1)


def test_a_dissolved_organisation_is_taken_back_where_it_was_counted():
    sums = totals(
        sort("甲", "grid-branch", "branch"), branch("乙"), dissolved("甲", "grid-branch", "branch")
    )

    assert (sums["membership.branches"], sums["membership.grid_branches"]) == (1, 0)
    assert sums["membership.organisations_dissolved"] == 1


def test_elections_count_by_body_and_those_elected_by_number():
    def election(name: str, body: Body, elected: int) -> ElectionHeld:
        return ElectionHeld(
            area=COMMUNITY,
            term_id=an_id(name),
            organisation_id=an_id("支部"),
            organisation_kind="community-branch",
            body=body,
            elected=elected,
            held_on=DAY,
            expires_on=date(2024, 6, 8),
        )

    sums = totals(election("党", Body.PARTY, 5), election("居", Body.RESIDENTS, 7))

    assert (sums["membership.elections"], sums["membership.elected"]) == (2, 12)


def seat(name: str) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "seat_id": an_id(name),
        "organisation_id": an_id("支部"),
        "seat_kind": "secretary",
        "subject_id": an_id("党员"),
    }


def test_a_seat_counts_while_it_is_held():
    held = SeatFilled(**seat("甲"), since=DAY)

    assert totals(held)["membership.seats"] == 1
    assert totals(held, SeatVacated(**seat("甲"), until=DAY))["membership.seats"] == 0


def neworg(n: int, coverage: Coverage, **more: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "neworg_id": an_id(f"企业{n}"),
        "code": f"LX-{n}",
        "name": f"示范企业{n}",
        "kind": "enterprise",
        "coverage": coverage,
        "employees": 10,
        "headcount": 2,
        **more,
    }


def charge(n: int) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "instruction_id": an_id(f"联系{n}"),
        "instructor_id": an_id(f"指导员{n % 4}"),
        "neworg_id": an_id(f"企业{n}"),
        "kind": "enterprise",
    }


def test_four_instructors_of_fifteen_organisations_reach_them_all():
    sums = totals(
        *(NewOrganisationRegistered(**neworg(n, Coverage.JOINT)) for n in range(15)),
        *(
            InstructorAppointed(area=COMMUNITY, instructor_id=an_id(f"指导员{n}"), since=DAY)
            for n in range(4)
        ),
        *(InstructorAssigned(**charge(n), since=DAY) for n in range(15)),
        InstructorVisited(**charge(3), visited_on=DAY),
    )

    assert (sums["membership.neworgs"], sums["membership.instructors"]) == (15, 4)
    assert (sums["membership.neworgs_instructed"], sums["membership.neworgs_covered"]) == (15, 15)
    assert (sums["membership.neworg_members"], sums["membership.neworg_employees"]) == (30, 150)
    assert sums["membership.instructor_visits"] == 1


def test_coverage_that_changes_moves_and_what_is_closed_is_taken_back():
    due = NewOrganisationRegistered(**neworg(1, Coverage.DUE))
    built = NewOrganisationChanged(
        **neworg(1, Coverage.ATTACHED, headcount=5),
        was_kind="enterprise",
        was_area=COMMUNITY,
        was_coverage=Coverage.DUE,
        was_employees=10,
        was_headcount=2,
    )
    closed = NewOrganisationClosed(**neworg(1, Coverage.ATTACHED, headcount=5))

    assert totals(due)["membership.neworgs_due"] == 1
    after = totals(due, built)
    assert (after["membership.neworgs_due"], after["membership.neworgs_covered"]) == (0, 1)
    assert after["membership.neworg_members"] == 5
    assert +totals(due, built, closed) == Counter()


def test_who_is_released_or_removed_counts_no_more():
    sums = totals(
        InstructorAppointed(area=COMMUNITY, instructor_id=an_id("员"), since=DAY),
        InstructorReleased(area=COMMUNITY, instructor_id=an_id("员"), until=DAY),
        InstructorAssigned(**charge(1), since=DAY),
        InstructionEnded(**charge(1), until=DAY),
        ReserveJoined(area=COMMUNITY, reserve_id=an_id("甲"), since=DAY),
        ReserveJoined(area=COMMUNITY, reserve_id=an_id("乙"), since=DAY),
        ReserveRemoved(area=COMMUNITY, reserve_id=an_id("甲"), until=DAY),
    )

    assert +sums == Counter({"membership.reserve_cadres": 1})


@pytest.mark.parametrize("name", ["高校党支部", "高校支部"])
def test_the_label_of_a_kind_is_learnt_from_its_event(name: str):
    event = MembershipKindDefined(
        area="410305",
        kind_id=kind_id("membership", "organisation", "campus-branch"),
        family_code="organisation",
        code="campus-branch",
        reference="organisation/campus-branch",
        name=name,
        parent_code="branch",
        effective_from=DAY,
    )

    told = tell(Log().write(event).body.encode())

    assert told.name is not None
    assert (told.name.family, told.name.id) == ("kind", "organisation/campus-branch")
    assert told.name.name == name
