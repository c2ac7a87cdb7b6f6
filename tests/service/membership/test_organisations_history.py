"""The tree as it was on any day: moves, mergers and ends keep what was before them."""

import pytest

from tests.service.membership.roll import COMMUNITY, OTHER, STREET, Roll, noon, opened


@pytest.fixture
async def roll(scene, start) -> Roll:
    return await opened(scene, start)


async def changed(roll: Roll, organisation: str, day: str, version: int = 1, **given):
    return await roll.send(
        "PATCH",
        f"/v1/organisations/{organisation}",
        version=version,
        occurred_at=noon(day),
        **given,
    )


async def codes(roll: Roll, **sought) -> list[str]:
    page = (await roll.get("/v1/organisations", limit=100, **sought)).json()
    return [one["code"] for one in page["items"]]


async def counted(roll: Roll, organisation: str, **sought) -> int:
    path = f"/v1/organisations/{organisation}/subtree"
    return (await roll.get(path, **sought)).json()["organisations"]


async def test_the_tree_is_shown_as_it_was_on_a_day(roll):
    new = await roll.organise("DW-2", STREET, "committee")
    moved = await changed(roll, roll.branch, "2020-05-01", name="新名支部", parent_id=new)
    assert moved.status_code == 200

    before = (await roll.get("/v1/organisations", as_of="2020-04-30", code="ZB-1")).json()["items"]
    after = (await roll.get("/v1/organisations", as_of="2020-05-01", code="ZB-1")).json()["items"]
    assert [(o["name"], o["parent_id"]) for o in before] == [("ZB-1组织", roll.committee)]
    assert [(o["name"], o["parent_id"]) for o in after] == [("新名支部", new)]
    assert await codes(roll, as_of="2010-06-30") == []
    assert await codes(roll, as_of="2015-01-01", parent_id=roll.committee) == ["ZB-1", "ZB-2"]
    assert await codes(roll, parent_id=roll.committee) == ["ZB-2"]
    assert await counted(roll, roll.committee, as_of="2020-04-30") == 3
    assert await counted(roll, roll.committee, as_of="2020-05-01") == 2
    assert await counted(roll, roll.committee) == 2
    assert await counted(roll, new) == 2


async def test_history_tells_from_when_to_when(roll):
    await changed(roll, roll.branch, "2018-03-01", name="甲支部")
    await changed(roll, roll.branch, "2019-03-01", 2, name="乙支部")

    told = (await roll.get(f"/v1/organisations/{roll.branch}/history")).json()

    assert [(line["name"], line["since"], line["until"]) for line in told] == [
        ("ZB-1组织", "2010-07-01", "2018-03-01"),
        ("甲支部", "2018-03-01", "2019-03-01"),
        ("乙支部", "2019-03-01", None),
    ]


async def test_changes_are_entered_in_their_order(roll):
    await changed(roll, roll.branch, "2019-03-01", name="甲支部")

    earlier = await changed(roll, roll.branch, "2019-02-28", 2, name="乙支部")

    assert (earlier.status_code, earlier.json()["code"]) == (409, "before-last-change")
    assert earlier.json()["earliest"] == "2019-03-01"


async def test_a_whole_subtree_of_any_depth_moves_with_its_root(roll):
    above = roll.branch
    for depth in range(12):
        above = await roll.organise(f"G-{depth}", COMMUNITY, "group", above)
    new = await roll.organise("DW-2", STREET, "committee")

    await changed(roll, roll.branch, "2020-05-01", parent_id=new)

    assert await counted(roll, new) == 14
    assert await counted(roll, roll.committee) == 2
    assert await counted(roll, roll.committee, as_of="2020-04-30") == 15
    refused = await changed(roll, roll.branch, "2020-06-01", 2, parent_id=above)
    assert refused.json()["code"] == "cycle-in-tree"


async def test_an_end_is_refused_while_anything_hangs_on_it(roll):
    await roll.register(state="applicant", applied_on="2019-01-01")

    people = await roll.send("POST", f"/v1/organisations/{roll.branch}/dissolve", version=1)
    below = await roll.send("POST", f"/v1/organisations/{roll.committee}/dissolve", version=1)

    assert (people.status_code, people.json()["code"]) == (409, "organisation-not-empty")
    assert (people.json()["members"], below.json()["subordinates"]) == (1, 2)


async def test_what_was_dissolved_is_gone_from_its_day_on(roll):
    ended = await roll.send(
        "POST",
        f"/v1/organisations/{roll.branch}/dissolve",
        version=1,
        occurred_at=noon("2021-01-01"),
    )

    assert (ended.status_code, ended.json()["dissolved_on"]) == (200, "2021-01-01")
    assert await codes(roll) == ["DW-1", "ZB-2"]
    assert await codes(roll, dissolved=True) == ["DW-1", "ZB-1", "ZB-2"]
    assert await codes(roll, as_of="2020-12-31") == ["DW-1", "ZB-1", "ZB-2"]
    assert await codes(roll, as_of="2021-01-01") == ["DW-1", "ZB-2"]
    again = await changed(roll, roll.branch, "2022-01-01", 2, name="新名")
    assert again.json()["code"] == "organisation-dissolved"
    nobody = await roll.ask()
    assert nobody.status_code == 422


async def test_a_merger_takes_members_and_subordinates_along(roll):
    first, second = roll.branches
    await roll.send("PATCH", f"/v1/organisations/{second}", version=1, area=COMMUNITY)
    group = await roll.organise("G-1", COMMUNITY, "group", first)
    members = [await roll.register() for _ in range(4)]

    merged = await roll.send("POST", f"/v1/organisations/{first}/merge", version=1, into_id=second)

    assert merged.status_code == 200, merged.text
    assert merged.json()["merged_into_id"] == second
    there = (await roll.get(f"/v1/organisations/{second}/subtree")).json()
    assert (there["full_members"], there["organisations"]) == (4, 2)
    assert (await roll.get(f"/v1/organisations/{group}")).json()["parent_id"] == second
    member = (await roll.get(f"/v1/members/{members[0]['member_id']}")).json()
    assert member["organisation_id"] == second
    rows = await roll.client.app.state.context.database.pool.fetch(
        "SELECT aggregate_id, array_agg(aggregate_version ORDER BY id) AS versions"
        "  FROM event_log GROUP BY aggregate_id"
    )
    assert all(row["versions"] == list(range(1, len(row["versions"]) + 1)) for row in rows)


@pytest.mark.parametrize("into", ["itself", "below"])
async def test_nothing_merges_into_itself_or_below(roll, into):
    other = roll.committee if into == "itself" else roll.branch

    refused = await roll.send(
        "POST", f"/v1/organisations/{roll.committee}/merge", version=1, into_id=other
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "cycle-in-tree")


async def test_members_do_not_merge_into_what_takes_none(roll):
    await roll.register()

    refused = await roll.send(
        "POST", f"/v1/organisations/{roll.branch}/merge", version=1, into_id=roll.committee
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "takes-no-members")


async def test_while_members_are_on_the_way_to_it_nothing_is_dissolved(roll):
    other = await roll.organise("DW-2", STREET, "committee")
    to = await roll.organise("ZB-9", OTHER, "branch", other)
    member = await roll.register()
    sent = await roll.send(
        "POST",
        "/v1/transfers",
        member_id=member["member_id"],
        to_id=to,
        cause="home",
    )
    assert sent.status_code == 201, sent.text

    refused = await roll.send("POST", f"/v1/organisations/{to}/dissolve", version=1)

    assert (refused.status_code, refused.json()["code"]) == (409, "members-in-transit")
    assert refused.json()["transfers"] == [sent.json()["transfer_id"]]


async def test_a_merger_needs_the_right_in_the_area_of_the_other_one_too(roll):
    answer = await roll.send(
        "POST",
        f"/v1/organisations/{roll.branch}/merge",
        granted=COMMUNITY,
        version=1,
        into_id=roll.branches[1],
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "area-out-of-scope")


async def test_the_list_is_a_file_too(roll):
    answer = await roll.get("/v1/organisations/export", format="csv", within=COMMUNITY)

    text = answer.content.decode("utf-8-sig").splitlines()
    assert text[0].startswith("组织代码,组织名称")
    assert text[1:] == ["ZB-1,ZB-1组织,党支部,410305001001,2010-07-01"]
