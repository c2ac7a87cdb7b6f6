"""Sizes of organisations: who may be founded, and what alerts stand after each change."""

from collections import Counter

import pytest

from tests.service.membership.roll import COMMUNITY, STREET, Roll, noon, opened


@pytest.fixture
async def roll(scene, start) -> Roll:
    return await opened(scene, start)


async def alerts(roll: Roll, **sought) -> Counter[str]:
    page = (await roll.get("/v1/alerts", limit=100, **sought)).json()
    return Counter(alert["kind"] for alert in page["items"])


async def enter(roll: Roll, branches: list[str], numbers: list[int]) -> None:
    """Whole rosters, a branch at a time."""
    for branch, number in zip(branches, numbers, strict=True):
        code = (await roll.get(f"/v1/organisations/{branch}")).json()["code"]
        rows = [
            {
                "code": f"{code}-{n:04d}",
                "organisation_code": code,
                "state": "full",
                "name": f"测试{n}",
                "occurred_at": noon("2019-01-02"),
            }
            for n in range(number)
        ]
        answer = await roll.send("POST", "/v1/rosters", rows=rows)
        assert answer.status_code == 200, answer.text
        assert answer.json()["refused"] == []


@pytest.mark.parametrize(("starting", "status"), [(2, 409), (3, 201), (None, 422)])
async def test_three_full_members_found_a_branch(roll, starting, status):
    answer = await roll.send(
        "POST",
        "/v1/organisations",
        code="N1",
        name="新支部",
        kind="enterprise-branch",
        area=COMMUNITY,
        **({} if starting is None else {"starting_full_members": starting}),
    )

    assert answer.status_code == status
    if status == 409:
        assert answer.json()["rule"] == "branch.minimum"


@pytest.mark.parametrize("kind", ["functional-branch", "group", "hub-household", "composite"])
async def test_what_has_no_members_of_its_own_starts_without_any(roll, kind):
    answer = await roll.send(
        "POST", "/v1/organisations", code="F1", name="某组织", kind=kind, area=COMMUNITY
    )

    assert answer.status_code == 201


async def test_362_members_in_seven_branches_warn_of_branches_beyond_fifty(roll):
    branches = [
        await roll.organise(f"TC-{n}", COMMUNITY, "community-branch", roll.committee)
        for n in range(7)
    ]
    await enter(roll, branches, [52, 52, 52, 52, 52, 52, 50])

    stand = await alerts(roll, within=COMMUNITY)
    subtree = (await roll.get(f"/v1/organisations/{roll.committee}/subtree")).json()
    assert stand["branch-too-large"] == 6
    assert stand["branch-too-small"] == 0
    assert (subtree["full_members"], subtree["own_full_members"]) == (362, 0)
    assert {one["kind"]: one["organisations"] for one in subtree["by_kind"]} == {
        "committee": 1,
        "branch": 2,
        "community-branch": 7,
    }


async def test_a_loss_below_three_warns_and_a_gain_clears_it(roll):
    await enter(roll, [roll.branch], [3])
    assert (await alerts(roll, organisation_id=roll.branch))["branch-too-small"] == 0

    page = (await roll.get("/v1/members", organisation_id=roll.branch)).json()
    await roll.act(page["items"][0], "leave", "2024-02-01", leaving="deceased")
    assert (await alerts(roll, organisation_id=roll.branch))["branch-too-small"] == 1

    await roll.register()
    assert (await alerts(roll, organisation_id=roll.branch))["branch-too-small"] == 0


async def test_a_new_branch_without_anybody_is_not_yet_warned_of(roll):
    assert await alerts(roll) == Counter()


async def test_a_general_branch_and_a_committee_count_all_below_them(roll):
    general = await roll.organise("ZZ-1", STREET, "general-branch", roll.committee)
    branch = await roll.organise("ZB-9", COMMUNITY, "branch", general)
    await enter(roll, [branch], [49])
    few = await alerts(roll)
    assert (few["general-branch-size"], few["committee-size"]) == (1, 1)

    await roll.register(organisation_id=branch)
    assert (await alerts(roll))["general-branch-size"] == 0

    await enter(roll, [roll.branch], [50])
    assert (await alerts(roll))["committee-size"] == 0


async def test_a_recorded_approval_takes_the_warning_away_and_back(roll):
    general = await roll.organise("ZZ-1", STREET, "general-branch", roll.committee)
    branch = await roll.organise("ZB-9", COMMUNITY, "branch", general)
    await enter(roll, [branch], [4])
    path = f"/v1/organisations/{general}"

    approved = await roll.send("PATCH", path, version=1, approval_number="组〔2026〕3号")
    assert approved.json()["approval_number"] == "组〔2026〕3号"
    assert (await alerts(roll, organisation_id=general)) == Counter()

    without = await roll.send("PATCH", path, version=2, approval_number=None)
    assert without.json()["approval_number"] is None
    assert (await alerts(roll, organisation_id=general))["general-branch-size"] == 1


async def test_a_branch_that_moves_takes_its_members_to_the_other_side_of_the_tree(roll):
    general = await roll.organise("ZZ-1", STREET, "general-branch")
    await enter(roll, [roll.branch], [60])
    assert (await alerts(roll))["general-branch-size"] == 0

    await roll.send("PATCH", f"/v1/organisations/{roll.branch}", version=1, parent_id=general)

    there = (await roll.get(f"/v1/organisations/{general}/subtree")).json()
    left = (await roll.get(f"/v1/organisations/{roll.committee}/subtree")).json()
    assert (there["full_members"], left["full_members"]) == (60, 0)
    assert (await alerts(roll, organisation_id=roll.committee))["committee-size"] == 1


async def test_a_kind_without_members_is_no_kind_for_a_branch_that_has_some(roll):
    await enter(roll, [roll.branch], [3])

    refused = await roll.send(
        "PATCH", f"/v1/organisations/{roll.branch}", version=1, kind="functional-branch"
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "takes-no-members")


async def test_a_branch_that_becomes_a_general_branch_owes_what_that_one_owes(roll):
    await roll.organise("X", COMMUNITY, "group", roll.branch)
    await enter(roll, [roll.branch], [2])
    assert (await alerts(roll, organisation_id=roll.branch))["branch-too-small"] == 1
    page = (await roll.get("/v1/members", organisation_id=roll.branch)).json()
    for member in page["items"]:
        await roll.act(member, "reassign", "2024-02-01", organisation_id=roll.branches[1])

    answer = await roll.send(
        "PATCH", f"/v1/organisations/{roll.branch}", version=1, kind="general-branch"
    )

    assert answer.status_code == 200, answer.text
    assert (await alerts(roll, organisation_id=roll.branch)) == Counter({"general-branch-size": 1})
