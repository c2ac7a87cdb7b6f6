from datetime import date
from uuid import UUID

import pytest

from contracts.membership.organisations import AreaRegistered, AreaRenamed
from services.chassis.known import AreaUnknown
from services.membership.domain.organisations import (
    Area,
    BeforeLastChange,
    CycleInTree,
    NotEmpty,
    NotStanding,
    Organisation,
    OutsideParent,
    area_id,
    change_organisation,
    dissolve,
    merge,
    register_area,
    register_organisation,
    rename_area,
)


def area(code="410305001", name="甲") -> Area:
    return Area(code=code, name=name)


def organisation(n=1, area="410305001", parent=None, **more) -> Organisation:
    return Organisation(
        organisation_id=UUID(int=n),
        code=f"Z{n}",
        name=f"第{n}支部",
        **{
            "kind": "branch",
            "category": "branch",
            "area": area,
            "parent_id": UUID(int=parent) if parent else None,
            "since": date.min,
        }
        | more,
    )


def changed(was: Organisation, parent=None, above=(), below=(), on=date.max, **changes):
    return change_organisation(was, was.model_copy(update=changes), parent, above, below, on)


def test_a_new_area_is_registered_under_an_id_that_its_code_always_gives():
    event = register_area(area(), parent_known=True)

    assert isinstance(event, AreaRegistered)
    assert event.area_id == area_id("410305001") != area_id("410305002")


def test_the_same_name_again_changes_nothing():
    assert rename_area(area(), area()) is None


def test_another_name_renames_and_says_what_it_was():
    event = rename_area(area(), area(name="新名"))

    assert isinstance(event, AreaRenamed)
    assert (event.name, event.was_name) == ("新名", "甲")


@pytest.mark.parametrize("code", ["41", "4103", "410305"])
def test_a_district_may_stand_alone(code):
    assert register_area(area(code), parent_known=False)


@pytest.mark.parametrize("code", ["410305001", "410305001001", "410305001001001"])
def test_what_lies_in_a_district_needs_its_parent(code):
    with pytest.raises(AreaUnknown) as refused:
        register_area(area(code), parent_known=False)
    assert refused.value.facts["value"] == code[:-3]


def registered(area: str, parent: Organisation):
    return register_organisation(organisation(9, area, parent.organisation_id.int), parent)


@pytest.mark.parametrize("area", ["410305001", "410305001001"])
def test_an_organisation_lies_in_the_area_of_its_parent(area):
    assert registered(area, organisation()).parent_id == UUID(int=1)


@pytest.mark.parametrize("area", ["410305", "410305002", "410305002001", "4103"])
def test_an_organisation_elsewhere_than_its_parent_is_refused(area):
    with pytest.raises(OutsideParent):
        registered(area, organisation())


def test_a_change_says_the_new_state_whole_and_what_was():
    event = changed(organisation(), kind="general-branch", area="410305001001")

    assert (event.name, event.kind, event.area) == ("第1支部", "general-branch", "410305001001")
    assert (event.was_kind, event.was_area) == ("branch", "410305001")


def test_a_change_to_the_same_is_no_event():
    assert changed(organisation()) is None
    assert changed(organisation(), name="第1支部", kind="branch", area="410305001") is None


def test_what_its_kind_became_a_sort_of_is_said_with_its_next_change():
    assert changed(organisation(), category="group") is None
    assert changed(organisation(), category="group", name="新名").category == "group"


def test_an_organisation_cannot_be_its_own_parent():
    with pytest.raises(CycleInTree):
        changed(organisation(1), organisation(1))


def test_an_organisation_cannot_stand_below_its_descendant():
    with pytest.raises(CycleInTree):
        changed(organisation(1), organisation(3, parent=2), {UUID(int=1)})


def test_an_organisation_may_move_to_another_branch_of_the_tree():
    event = changed(organisation(1), organisation(3), {UUID(int=7)}, parent_id=UUID(int=3))

    assert event.parent_id == UUID(int=3)


@pytest.mark.parametrize("area", ["410305001", "410305001001"])
def test_an_organisation_may_move_as_long_as_its_subordinates_stay_inside(area):
    event = changed(organisation(), below=["410305001001"], area=area, name="新名")

    assert event is not None
    assert event.area == area


def test_an_organisation_cannot_move_away_from_its_subordinates():
    with pytest.raises(OutsideParent) as refused:
        changed(organisation(), below=["410305001001", "410305002001"], area="410305002")
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
        dissolve(organisation(dissolved_on=JUNE), members=0, children=0, on=JUNE)


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
    current = organisation(since=JUNE)

    assert changed(current, name="新名", on=date(2024, 6, 8 + days))
    with pytest.raises(BeforeLastChange):
        changed(current, name="新名", on=date(2024, 6, 7))


def test_what_was_dissolved_neither_changes_nor_takes_anybody_below_it():
    gone = organisation(dissolved_on=JUNE)

    with pytest.raises(NotStanding):
        changed(gone, name="新名")
    with pytest.raises(NotStanding):
        registered("410305001", gone)


def test_events_say_the_category_and_an_approval():
    kind, category = "community-general-branch", "general-branch"

    event = changed(organisation(), kind=kind, category=category, approval_number="组〔2024〕1号")

    assert event is not None
    assert (event.category, event.was_category) == ("general-branch", "branch")
    assert event.approved
