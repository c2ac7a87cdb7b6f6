"""New organisations, their instructors with monthly visits, and pools of reserve cadres."""

from datetime import UTC, datetime

import httpx
import pytest

from services.chassis import sweeps
from services.membership.handlers.coverage import VISITS
from tests.service.membership.roll import COMMUNITY, OTHER, STREET, Roll, opened
from tests.together import together


@pytest.fixture
async def clock() -> dict[str, datetime]:
    return {"now": datetime.now(UTC)}


@pytest.fixture
async def roll(scene, start, clock) -> Roll:
    return await opened(scene, start, clock=lambda: clock["now"])


async def firm(roll: Roll, n: int = 1, **given) -> dict:
    body = {
        "code": f"LX-{n}",
        "name": f"示范企业{n}",
        "kind": "enterprise",
        "area": COMMUNITY,
        "employees": 20,
        "members": 2,
        "coverage": "none",
    } | given
    answer = await roll.send("POST", "/v1/new-organisations", **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def instructor(roll: Roll, n: int = 1) -> dict:
    answer = await roll.send(
        "POST",
        "/v1/instructors",
        code=f"ZDY-{n}",
        name=f"测试员{n}号",
        area=STREET,
        since="2024-01-05",
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def charge(roll: Roll, who: dict, what: dict, day: str = "2024-01-10") -> httpx.Response:
    path = f"/v1/instructors/{who['instructor_id']}/charges"
    return await roll.send("POST", path, neworg_id=what["neworg_id"], since=day)


async def alerts(roll: Roll, kind: str) -> list[dict]:
    return (await roll.get("/v1/alerts", kind=kind)).json()["items"]


async def test_four_instructors_reach_fifteen_organisations(roll):
    firms = [await firm(roll, n, coverage="joint", organisation_id=roll.branch) for n in range(15)]
    people = [await instructor(roll, n) for n in range(4)]
    for n, one in enumerate(firms):
        assert (await charge(roll, people[n % 4], one)).status_code == 201

    covered = (await roll.get("/v1/new-organisations", coverage="joint")).json()["items"]
    charges = (await roll.get("/v1/instructor-charges", limit=100)).json()["items"]
    assert (len(covered), len(charges)) == (15, 15)
    assert len({one["instructor_id"] for one in charges}) == 4


async def test_three_members_without_a_branch_raise_an_alert_and_a_branch_clears_it(roll):
    bare = await firm(roll, members=2)
    assert await alerts(roll, "coverage-due") == []
    path = f"/v1/new-organisations/{bare['neworg_id']}"

    await roll.send("PATCH", path, version=1, members=3)
    assert len(await alerts(roll, "coverage-due")) == 1

    missing = await roll.send("PATCH", path, version=2, coverage="joint")
    built = await roll.send("PATCH", path, version=2, coverage="joint", organisation_id=roll.branch)
    assert missing.json()["code"] == "covering-organisation-missing"
    assert (built.status_code, await alerts(roll, "coverage-due")) == (200, [])

    lost = await roll.send("PATCH", path, version=3, coverage="due")
    assert lost.json()["organisation_id"] is None


async def test_the_clock_finds_the_visit_that_was_not_made(roll, clock):
    what = await firm(roll)
    made = (await charge(roll, await instructor(roll), what)).json()
    assert made["due_on"] == "2024-02-29"
    context = roll.client.app.state.context

    clock["now"] = datetime(2024, 2, 29, 4, tzinfo=UTC)
    assert await sweeps.once(context, VISITS) == 0, "it may still be made today"
    clock["now"] = datetime(2024, 3, 1, 4, tzinfo=UTC)
    assert await sweeps.once(context, VISITS) == 1
    assert await sweeps.once(context, VISITS) == 0

    clock["now"] = datetime.now(UTC)
    (alert,) = await alerts(roll, "instructor-visit-due")
    assert (alert["subject_id"], alert["due_on"]) == (made["instruction_id"], "2024-02-29")
    late = (await roll.get("/v1/instructor-charges", overdue=True)).json()["items"]
    assert [one["instruction_id"] for one in late] == [made["instruction_id"]]
    today = clock["now"].date().isoformat()
    path = f"/v1/instructor-charges/{made['instruction_id']}/visits"
    visits = [await roll.send("POST", path, visited_on=today) for _ in range(2)]
    assert [visit.json()["version"] for visit in visits] == [2, 2], "once a day, however often sent"
    assert await alerts(roll, "instructor-visit-due") == []


async def test_a_visit_is_found_by_organisation_and_day(roll):
    what = await firm(roll)
    path = f"/v1/new-organisations/{what['neworg_id']}/instructor-visits"
    await charge(roll, await instructor(roll), what)

    there = await roll.send("POST", path, visited_on="2024-01-10")
    before = await roll.send("POST", path, visited_on="2024-01-09")

    assert (there.status_code, there.json()["visited_on"]) == (200, "2024-01-10")
    assert before.status_code == 404


async def test_an_organisation_has_one_instructor_at_a_time(roll):
    what = await firm(roll)
    people = [await instructor(roll, n) for n in range(4)]

    answers = await together(charge(roll, one, what) for one in people)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.is_error} == {"already-instructed"}


async def test_who_has_somebody_in_charge_is_not_released(roll):
    who = await instructor(roll)
    made = (await charge(roll, who, await firm(roll))).json()
    release = f"/v1/instructors/{who['instructor_id']}/release"

    refused = await roll.send("POST", release, version=1, until="2025-01-01")
    ended = await roll.send(
        "POST",
        f"/v1/instructor-charges/{made['instruction_id']}/end",
        version=1,
        until="2024-12-31",
    )
    released = await roll.send("POST", release, version=1, until="2025-01-01")

    assert (refused.json()["code"], ended.json()["until"]) == ("still-instructing", "2024-12-31")
    assert (released.status_code, released.json()["until"]) == (200, "2025-01-01")


async def test_what_is_closed_ends_its_charge_and_takes_no_other(roll):
    what, who = await firm(roll), await instructor(roll)
    await charge(roll, who, what)

    closed = await roll.send("POST", f"/v1/new-organisations/{what['neworg_id']}/close", version=1)

    assert closed.status_code == 200
    assert (await roll.get("/v1/new-organisations")).json()["items"] == []
    assert (await charge(roll, who, what)).json()["code"] == "new-organisation-closed"


async def test_names_of_instructors_are_sealed_and_shown_masked(roll):
    await instructor(roll)

    (shown,) = (await roll.get("/v1/instructors")).json()["items"]

    assert (shown["name"][0], set(shown["name"][1:])) == ("测", {"*"})
    pool = roll.client.app.state.context.database.pool
    assert await pool.fetchval("SELECT count(*) FROM event_log WHERE body LIKE '%测试员%'") == 0
    assert await pool.fetchval("SELECT count(*) FROM instructor i WHERE i::text LIKE '%测%'") == 0


async def test_lists_are_cut_to_the_areas_of_the_caller(roll):
    await firm(roll)

    foreign = await roll.get("/v1/new-organisations", granted=OTHER)
    refused = await roll.send(
        "POST", "/v1/reserve-cadres", granted=OTHER, area=COMMUNITY, name="甲", since="2024-01-05"
    )

    assert foreign.json()["items"] == []
    assert refused.status_code == 403
    file = await roll.get("/v1/new-organisations/export", format="csv")
    assert "LX-1,示范企业1" in file.content.decode("utf-8-sig")


async def join(roll: Roll, n: int) -> httpx.Response:
    return await roll.send(
        "POST", "/v1/reserve-cadres", area=COMMUNITY, name=f"测试{n}", since="2024-01-05"
    )


async def test_a_community_keeps_three_to_seven_reserve_cadres(roll):
    first = [(await join(roll, n)).json() for n in range(2)]
    assert len(await alerts(roll, "reserve-too-small")) == 1
    await join(roll, 3)
    assert await alerts(roll, "reserve-too-small") == []

    answers = await together(join(roll, n) for n in range(4, 12))
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [409] * 4
    refused = next(answer for answer in answers if answer.is_error)
    assert (refused.json()["code"], refused.json()["most"]) == ("reserve-full", 7)

    left = await roll.send(
        "POST",
        f"/v1/reserve-cadres/{first[0]['reserve_id']}/remove",
        version=1,
        until="2025-01-01",
    )
    assert left.json()["until"] == "2025-01-01"
    assert len((await roll.get("/v1/reserve-cadres")).json()["items"]) == 6
