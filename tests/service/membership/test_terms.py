"""Elections, seats, and the reminder before a term ends."""

from datetime import UTC, datetime

import httpx
import pytest

from services.chassis import sweeps
from services.membership.handlers.terms import ELECTIONS
from tests.service.membership.roll import COMMUNITY, Roll, opened
from tests.together import together


@pytest.fixture
async def clock() -> dict[str, datetime]:
    return {"now": datetime.now(UTC)}


@pytest.fixture
async def roll(scene, start, clock) -> Roll:
    return await opened(scene, start, clock=lambda: clock["now"])


async def elect(roll: Roll, organisation: str, day: str, **given) -> httpx.Response:
    body = {"held_on": day, "elected": 5} | given
    return await roll.send("POST", f"/v1/organisations/{organisation}/elections", **body)


async def sit(roll: Roll, member: dict, kind: str, day: str = "2024-01-05") -> httpx.Response:
    return await roll.send(
        "POST",
        f"/v1/organisations/{roll.branch}/seats",
        kind=kind,
        member_id=member["member_id"],
        since=day,
    )


async def alerts(roll: Roll, kind: str) -> list[dict]:
    return (await roll.get("/v1/alerts", kind=kind)).json()["items"]


async def test_a_term_runs_as_long_as_the_kind_says_and_ends_with_the_next(roll):
    community = await roll.organise("SQ-1", COMMUNITY, "community-branch", roll.committee)
    five = await elect(roll, community, "2020-03-01")
    three = await elect(roll, roll.branch, "2020-03-01")
    residents = await elect(roll, community, "2020-03-01", body="residents", elected=7)
    again = await elect(roll, community, "2025-03-01")
    early = await elect(roll, community, "2025-03-01")

    assert [a.json()["expires_on"] for a in (five, three)] == ["2025-03-01", "2023-03-01"]
    assert residents.status_code == 201, "two bodies, two terms"
    assert (again.status_code, early.json()["code"]) == (201, "election-out-of-order")
    terms = (await roll.get("/v1/terms", organisation_id=community, past=True)).json()["items"]
    assert [(t["body"], t["ended_on"]) for t in terms] == [
        ("party", "2025-03-01"),
        ("residents", None),
        ("party", None),
    ]


async def test_the_clock_reminds_before_a_term_ends_and_an_election_clears_it(roll, clock):
    clock["now"] = datetime(2025, 9, 1, 4, tzinfo=UTC)
    context = roll.client.app.state.context
    for day, expected in (("2026-02-28", 0), ("2026-02-27", 1)):
        branch = roll.branches[expected]
        clock["now"] = datetime.now(UTC)
        await elect(roll, branch, "2023-01-01", expires_on=day)
    clock["now"] = datetime(2025, 8, 31, 4, tzinfo=UTC)

    assert await sweeps.once(context, ELECTIONS) == 1, "180 days before, and not 181"
    assert await sweeps.once(context, ELECTIONS) == 0, "safe to repeat"

    clock["now"] = datetime.now(UTC)
    (alert,) = await alerts(roll, "election-due")
    assert (alert["organisation_id"], alert["due_on"]) == (roll.branches[1], "2026-02-27")
    assert alert["rule"] == "term.reminder"
    await elect(roll, roll.branches[1], "2026-01-05")
    assert await alerts(roll, "election-due") == []


async def test_a_branch_of_seven_owes_a_committee_of_three(roll):
    members = [await roll.register() for _ in range(7)]
    assert len(await alerts(roll, "committee-missing")) == 1

    seats = [
        (await sit(roll, member, kind)).json()
        for member, kind in zip(members, ("secretary", "organising", "publicity"), strict=False)
    ]
    assert await alerts(roll, "committee-missing") == []

    left = await roll.send(
        "POST", f"/v1/seats/{seats[2]['seat_id']}/vacate", version=1, until="2024-06-01"
    )
    assert left.json()["until"] == "2024-06-01"
    assert len(await alerts(roll, "committee-missing")) == 1
    held = (await roll.get(f"/v1/organisations/{roll.branch}/seats")).json()
    assert [seat["kind"] for seat in held] == ["secretary", "organising"]


async def test_of_many_who_become_secretary_at_once_one_does(roll):
    members = [await roll.register() for _ in range(4)]

    answers = await together(sit(roll, member, "secretary") for member in members)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.is_error} == {"seat-held"}


async def test_who_leaves_the_roll_leaves_the_seat(roll):
    member = await roll.register()
    await sit(roll, member, "secretary")

    await roll.act(member, "leave", "2024-02-01", leaving="deceased")

    assert (await roll.get(f"/v1/organisations/{roll.branch}/seats")).json() == []
    past = (await roll.get(f"/v1/organisations/{roll.branch}/seats", past=True)).json()
    assert [seat["until"] for seat in past] == ["2024-02-01"]


async def test_only_members_sit_in_a_committee(roll):
    applicant = await roll.register(state="applicant", applied_on="2019-01-01")

    refused = await sit(roll, applicant, "secretary")

    assert (refused.status_code, refused.json()["code"]) == (422, "not-a-member")


async def test_what_has_not_happened_is_not_entered(roll):
    assert (await elect(roll, roll.branch, "2199-01-01")).json()["code"] == "time-in-future"


async def test_terms_are_listed_by_when_they_end_and_are_a_file_too(roll):
    await elect(roll, roll.branch, "2020-03-01")

    by = (await roll.get("/v1/terms", expires_by="2023-03-01")).json()["items"]
    before = (await roll.get("/v1/terms", expires_by="2023-02-28")).json()["items"]
    file = await roll.get("/v1/terms/export", format="csv")

    assert (len(by), before) == (1, [])
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith("ZB-1,ZB-1组织,410305001001")


async def test_the_file_of_terms_goes_by_organisation_whatever_was_entered_first(roll):
    for branch, day in ((1, "2020-03-01"), (0, "2020-03-01"), (1, "2023-03-01"), (0, "2023-03-01")):
        await elect(roll, roll.branches[branch], day)

    file = await roll.get("/v1/terms/export", format="csv", past=True)

    lines = file.content.decode("utf-8-sig").splitlines()[1:]
    told = [(line.split(",")[0], line.split(",")[5]) for line in lines]
    assert [code for code, _ in told] == ["ZB-1", "ZB-1", "ZB-2", "ZB-2"]
    assert told == sorted(told)
