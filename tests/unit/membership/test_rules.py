from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from contracts.membership.organisations import AreaRegistered, AreaRenamed
from services.chassis.known import AreaUnknown
from services.membership.domain.organisations import (
    Area,
    BeforeLastChange,
    ChangeOrganisation,
    CycleInTree,
    NotEmpty,
    NotStanding,
    Organisation,
    OutsideParent,
    RegisterArea,
    RegisterOrganisation,
    area_id,
    change_organisation,
    dissolve,
    merge,
    register_area,
    register_organisation,
)


def area(code="410305001", name="湖北路街道", version=1) -> Area:
    return Area(code=code, name=name, version=version)


def organisation(n=1, area="410305001", parent=None) -> Organisation:
    return Organisation(
        organisation_id=UUID(int=n),
        code=f"Z{n}",
        name=f"第{n}支部",
        kind="branch",
        area=area,
        parent_id=UUID(int=parent) if parent else None,
        version=1,
    )


def test_a_new_area_is_registered_under_an_id_that_its_code_always_gives():
    event = register_area(RegisterArea(code="410305001", name="甲"), None, parent_known=True)

    assert isinstance(event, AreaRegistered)
    assert event.area_id == area_id("410305001") != area_id("410305002")


def test_the_same_name_again_changes_nothing():
    assert (
        register_area(RegisterArea(code="410305001", name="湖北路街道"), area(), parent_known=True)
        is None
    )


def test_another_name_renames_and_says_what_it_was():
    event = register_area(RegisterArea(code="410305001", name="新名"), area(), parent_known=True)

    assert isinstance(event, AreaRenamed)
    assert (event.name, event.was_name) == ("新名", "湖北路街道")


@pytest.mark.parametrize("code", ["41", "4103", "410305"])
def test_a_district_may_stand_alone(code):
    assert register_area(RegisterArea(code=code, name="甲"), None, parent_known=False)


@pytest.mark.parametrize("code", ["410305001", "410305001001", "410305001001001"])
def test_what_lies_in_a_district_needs_its_parent(code):
    with pytest.raises(AreaUnknown) as refused:
        register_area(RegisterArea(code=code, name="甲"), None, parent_known=False)
    assert refused.value.facts["value"] == code[:-3]


def registered(area: str, parent: Organisation | None):
    command = RegisterOrganisation(
        organisation_id=UUID(int=9),
        code="Z9",
        name="新支部",
        kind="branch",
        area=area,
        parent_id=parent.organisation_id if parent else None,
    )
    return register_organisation(command, parent)


@pytest.mark.parametrize("area", ["410305001", "410305001001"])
def test_an_organisation_lies_in_the_area_of_its_parent(area):
    assert registered(area, organisation()).parent_id == UUID(int=1)


@pytest.mark.parametrize("area", ["410305", "410305002", "410305002001", "4103"])
def test_an_organisation_elsewhere_than_its_parent_is_refused(area):
    with pytest.raises(OutsideParent):
        registered(area, organisation())


def test_a_change_says_the_new_state_whole_and_what_was():
    command = ChangeOrganisation(kind="general-branch", area="410305001001")

    event = change_organisation(command, organisation(), None, set())

    assert (event.name, event.kind, event.area) == ("第1支部", "general-branch", "410305001001")
    assert (event.was_kind, event.was_area) == ("branch", "410305001")


def test_a_change_to_the_same_is_no_event():
    assert change_organisation(ChangeOrganisation(), organisation(), None, set()) is None
    same = ChangeOrganisation(name="第1支部", kind="branch", area="410305001")
    assert change_organisation(same, organisation(), None, set()) is None


def test_an_organisation_cannot_be_its_own_parent():
    with pytest.raises(CycleInTree):
        change_organisation(ChangeOrganisation(), organisation(1), organisation(1), set())


def test_an_organisation_cannot_stand_below_its_descendant():
    with pytest.raises(CycleInTree):
        change_organisation(
            ChangeOrganisation(), organisation(1), organisation(3, parent=2), {UUID(int=1)}
        )


def test_an_organisation_may_move_to_another_branch_of_the_tree():
    event = change_organisation(
        ChangeOrganisation(), organisation(1), organisation(3), {UUID(int=7)}
    )

    assert event.parent_id == UUID(int=3)


@pytest.mark.parametrize("area", ["410305001", "410305001001"])
def test_an_organisation_may_move_as_long_as_its_subordinates_stay_inside(area):
    event = change_organisation(
        ChangeOrganisation(area=area, name="新名"), organisation(), None, set(), ["410305001001"]
    )

    assert event is not None
    assert event.area == area


def test_an_organisation_cannot_move_away_from_its_subordinates():
    with pytest.raises(OutsideParent) as refused:
        change_organisation(
            ChangeOrganisation(area="410305002"),
            organisation(),
            None,
            set(),
            ["410305001001", "410305002001"],
        )
    assert refused.value.facts["outside"] == ["410305001001"]


JUNE = date(2024, 6, 8)


@pytest.mark.parametrize(("members", "children"), [(1, 0), (0, 1)])
def test_an_organisation_with_members_or_subordinates_is_not_dissolved(members, children):
    with pytest.raises(NotEmpty) as refused:
        dissolve(organisation(), members=members, children=children, on=JUNE)
    assert (refused.value.facts["members"], refused.value.facts["subordinates"]) == (
        members,
        children,
    )


def test_an_empty_organisation_is_dissolved_once():
    event = dissolve(organisation(), members=0, children=0, on=JUNE)

    assert (event.kind, event.dissolved_on, event.merged_into_id) == ("branch", JUNE, None)
    with pytest.raises(NotStanding):
        dissolve(replace(organisation(), dissolved_on=JUNE), members=0, children=0, on=JUNE)


def test_a_merger_hangs_the_children_below_the_other_one():
    moves, dissolved = merge(
        organisation(1), organisation(2), set(), [organisation(3, parent=1)], JUNE
    )

    assert [(move.organisation_id, move.parent_id) for move in moves] == [
        (UUID(int=3), UUID(int=2))
    ]
    assert dissolved.merged_into_id == UUID(int=2)


@pytest.mark.parametrize(("into", "above"), [(1, set()), (2, {UUID(int=1)})])
def test_nothing_merges_into_itself_or_into_what_stands_below_it(into, above):
    with pytest.raises(CycleInTree):
        merge(organisation(1), organisation(into), above, [], JUNE)


def test_children_outside_the_area_of_the_other_one_keep_a_merger_from_happening():
    child = organisation(3, area="410305002", parent=1)

    with pytest.raises(OutsideParent):
        merge(organisation(1), organisation(2), set(), [child], JUNE)


@pytest.mark.parametrize("days", [0, 1])
def test_changes_are_entered_in_their_order(days):
    current = replace(organisation(), since=JUNE)
    later = ChangeOrganisation(name="新名")

    assert change_organisation(later, current, None, set(), on=date(2024, 6, 8 + days))
    with pytest.raises(BeforeLastChange):
        change_organisation(later, current, None, set(), on=date(2024, 6, 7))


def test_what_was_dissolved_neither_changes_nor_takes_anybody_below_it():
    gone = replace(organisation(), dissolved_on=JUNE)

    with pytest.raises(NotStanding):
        change_organisation(ChangeOrganisation(name="新名"), gone, None, set())
    with pytest.raises(NotStanding):
        registered("410305001", gone)


def test_events_say_the_category_and_an_approval():
    current = replace(organisation(), category="branch")
    command = ChangeOrganisation(kind="community-general-branch", approval_number="组〔2024〕1号")

    event = change_organisation(command, current, None, set(), category="general-branch")

    assert event is not None
    assert (event.category, event.was_category) == ("general-branch", "branch")
    assert event.approved
