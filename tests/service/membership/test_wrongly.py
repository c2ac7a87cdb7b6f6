"""What staff get wrong, or should not be able to do: each was a defect once."""

import asyncio
from collections import Counter
from uuid import UUID

import asyncpg
import pytest

from services.chassis.ids import new_id
from tests.eventually import eventually
from tests.service.membership.duty import COMMUNITY as DUTY_COMMUNITY
from tests.service.membership.duty import open_duty_office
from tests.service.membership.roll import COMMUNITY, DISTRICT, OTHER, opened
from tests.together import together

READER = "personnel-officer"


@pytest.fixture
async def roll(scene, start):
    return await opened(scene, start)


@pytest.fixture
async def office(scene, start):
    return await open_duty_office(scene, start)


# Absences


async def test_an_absence_that_ends_before_it_begins_names_its_last_day(office):
    answer = await office.post(
        "/v1/duty-absences",
        first_day="2026-06-10",
        last_day="2026-06-09",
        holder={"holder_id": office.people[0]},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "ends-before-start")
    assert answer.json()["field"] == "last_day"


async def test_absences_are_said_where_somebody_belongs_or_takes_turns_and_nowhere_else(office):
    async def say(area: str, holder: str) -> int:
        answer = await office.client.post(
            "/v1/duty-absences",
            json={
                "first_day": "2026-06-10",
                "last_day": "2026-06-11",
                "holder": {"holder_id": holder},
            },
            headers=office.scene.headers("community-worker", area),
        )
        return answer.status_code

    elsewhere, somebody, helper = "410305001002", office.people[0], office.people[1]
    await office.send("PUT", f"/v1/areas/{elsewhere}", name="另一社区")
    pool = office.client.app.state.context.database.pool
    await pool.execute("UPDATE member SET area = $1 WHERE member_id = $2", elsewhere, UUID(helper))
    await office.staff(await office.adopt(), helper)

    assert await say(DUTY_COMMUNITY, somebody) == 201
    assert await say(elsewhere, somebody) == 403
    assert await say(elsewhere, helper) == 201
    assert await say(DUTY_COMMUNITY, helper) == 201
    assert await say(DUTY_COMMUNITY, str(new_id())) == 422


async def test_what_cannot_be_said_of_a_duty_names_its_field(office):
    await office.staff(rota := await office.adopt())
    await office.plan(rota)
    slot = (await office.week())[0]

    early = await office.post(
        f"/v1/duties/{slot['on_duty'][0]['duty_id']}/attendance", outcome="attended", version=1
    )
    visit = await office.post(
        "/v1/liaison-visits",
        point_id=office.point["point_id"],
        channel="call",
        topic_kind="policy",
        occurred_at="2025-12-31T12:00:00+08:00",
    )

    assert (early.json()["code"], early.json()["field"]) == ("duty-not-begun", "outcome")
    assert (visit.json()["code"], visit.json()["field"]) == ("liaison-point-not-open", "point_id")


# Personal data


async def test_the_printed_table_gives_full_names_of_nobody_from_elsewhere(office):
    elsewhere = "410305001002"
    await office.send("PUT", f"/v1/areas/{elsewhere}", name="另一社区")
    pool = office.client.app.state.context.database.pool
    here, helper = (UUID(each) for each in office.people[:2])
    await pool.execute("UPDATE member SET area = $1 WHERE member_id = $2", elsewhere, helper)
    await office.staff(rota := await office.adopt(), str(here), str(helper))
    await office.plan(rota)
    path = f"/v1/liaison-points/{office.point['point_id']}/duty-table.docx"

    for area in (DUTY_COMMUNITY, DISTRICT):
        answer = await office.client.get(
            path,
            params={"week": "2026-W24", "purpose": "公示"},
            headers=office.scene.headers(READER, area),
        )
        assert answer.status_code == 200

    rows = await pool.fetch("SELECT person_id, area FROM personal_reading")
    assert Counter((row["person_id"], row["area"]) for row in rows) == {
        (here, DUTY_COMMUNITY): 2,
        (helper, elsewhere): 1,
    }


async def test_whoever_audits_a_community_sees_the_readings_of_its_registrants_and_callers(office):
    employer = await office.made("/v1/employers", code="DW", name="测试单位", area=DISTRICT)
    registrant = await office.made(
        "/v1/registrants",
        community=DUTY_COMMUNITY,
        employer_id=employer["employer_id"],
        occupation="teacher",
        name="测试甲",
        phone="13900001234",
    )
    visit = await office.made(
        "/v1/liaison-visits",
        point_id=office.point["point_id"],
        channel="call",
        topic_kind="policy",
        caller_name="测试乙",
    )
    for path in (
        f"/v1/registrants/{registrant['registrant_id']}/personal",
        f"/v1/liaison-visits/{visit['visit_id']}/personal",
    ):
        assert (await office.get(path, READER, purpose="回访")).status_code == 200

    seen = await office.client.get(
        "/v1/personal-readings", headers=office.scene.headers("auditor", DUTY_COMMUNITY)
    )

    assert {each["subject_id"] for each in seen.json()["items"]} == {
        registrant["registrant_id"],
        visit["visit_id"],
    }


async def test_what_is_kept_of_commands_holds_no_name_not_even_masked(roll):
    employer = await roll.send("POST", "/v1/employers", code="DW", name="测试单位", area=DISTRICT)
    person = {"name": "测试绝密", "phone": "13900001234"}
    made = [
        await roll.send(
            "POST",
            "/v1/registrants",
            community=COMMUNITY,
            employer_id=employer.json()["employer_id"],
            occupation="teacher",
            **person,
        ),
        await roll.send(
            "POST", "/v1/instructors", code="Z", name="测试绝密", area=OTHER, since="2019-01-01"
        ),
        await roll.send(
            "POST", "/v1/reserve-cadres", name="测试绝密", area=OTHER, since="2019-01-01"
        ),
        await roll.send(
            "POST",
            "/v1/transfers/arrivals",
            to_id=roll.branch,
            counterpart="外地支部",
            outside_letter="2019-1",
            cause="work",
            sent_on="2019-01-01",
            valid_until="2019-03-01",
            person=person,
            occurred_at="2019-01-02T12:00:00+08:00",
        ),
    ]

    assert [answer.status_code for answer in made] == [201] * 4, [a.text for a in made]
    pool = roll.client.app.state.context.database.pool
    kept = await pool.fetchval("SELECT string_agg(body, '') FROM idempotency")
    assert [mark for mark in ("测试绝", "测*", "139****") if mark in kept] == []


# Lists, files, rosters


SPAN = {"first": "2019-01-01", "last": "2019-12-01"}


@pytest.mark.parametrize(("path", "asked"), [("dues/arrears", {}), ("dues/months", SPAN)])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_file_of_another_area_is_refused_and_not_begun(roll, path, asked, form):
    answer = await roll.get(
        f"/v1/{path}/export",
        role="organisation-clerk",
        granted=OTHER,
        within=COMMUNITY,
        format=form,
        **asked,
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "area-out-of-scope")


async def test_entries_of_a_book_are_found_by_whom_they_are_about(roll):
    member = await roll.register()
    entry = {"book": "register", "kind": "honour", "area": COMMUNITY, "label": "先进"}
    about = [member["member_id"]]
    made = await roll.send("POST", "/v1/book-entries", **entry, subject_ids=about)
    await roll.send("POST", "/v1/book-entries", **entry)

    found = await roll.get("/v1/book-entries", subject_id=about[0])
    file = await roll.get("/v1/book-entries/export", subject_id=about[0], format="csv")

    assert [each["entry_id"] for each in found.json()["items"]] == [made.json()["entry_id"]]
    assert file.text.count("先进") == 1


async def test_a_roster_is_refused_as_a_whole_to_whoever_may_enter_nobody(roll):
    row = {"code": "D-1", "name": "测试甲", "organisation_code": "ZB-1", "state": "full"}

    answer = await roll.send("POST", "/v1/rosters", role="viewer", rows=[row])

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_member_joins_the_pool_of_a_community_once_until_removed(roll):
    member = await roll.register()
    about = {"name": "测试甲", "area": COMMUNITY, "member_id": member["member_id"]}

    async def join() -> tuple[int, dict]:
        answer = await roll.send("POST", "/v1/reserve-cadres", **about, since="2019-02-01")
        return answer.status_code, answer.json()

    tried = await together(join() for _ in range(4))
    (made,) = [body for status, body in tried if status == 201]
    refused = [(status, body["code"], body["field"]) for status, body in tried if status != 201]
    assert refused == [(409, "reserve-known", "member_id")] * 3

    path = f"/v1/reserve-cadres/{made['reserve_id']}/remove"
    removed = await roll.send("POST", path, version=1, until="2019-03-01")
    assert removed.status_code == 200
    assert (await join())[0] == 201


# Locks


async def waiting(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def is_free(connection: asyncpg.Connection, table: str, key: str, of: UUID) -> bool:
    try:
        async with connection.transaction():
            await connection.execute(
                f"SELECT FROM {table} WHERE {key} = $1 FOR UPDATE NOWAIT",
                of,
            )
    except asyncpg.LockNotAvailableError:
        return False
    return True


@pytest.mark.parametrize(
    ("table", "key"), [("points_account", "subject_id"), ("volunteer", "holder_id")]
)
async def test_a_correction_locks_those_who_leave_the_list_in_one_order_with_those_who_join_it(
    roll, database, table, key
):
    """Whoever takes back first and gives then locks in an order of their own, and two who do
    wait for one another: so nothing of the second is held while the first is waited for.
    """
    members = [UUID((await roll.register())["member_id"]) for _ in range(2)]
    meeting = {
        "organisation_id": roll.branch,
        "kind": "volunteering",
        "starts_at": "2019-05-18T09:00:00+08:00",
        "minutes": 120,
    }

    async def hold(came: list[UUID], day: int) -> dict:
        listed = [{"member_id": str(each), "presence": "present"} for each in came]
        answer = await roll.send(
            "POST",
            "/v1/activities",
            **meeting | {"starts_at": f"2019-05-{day}T09:00:00+08:00", "attendance": listed},
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    await hold(members, 11)  # both have accounts
    db = await database("membership")
    order = [
        row[key]
        for row in await db.pool.fetch(
            f"SELECT {key} FROM {table} ORDER BY "
            + ("subject_id" if table == "points_account" else "volunteer_id")
        )
    ]
    first, second = order
    made = await hold([second], 18)

    async with db.pool.acquire() as holder, db.pool.acquire() as looker:
        async with holder.transaction():
            await holder.execute(
                f"SELECT FROM {table} WHERE {key} = $1 FOR UPDATE",
                first,
            )
            listed = [{"member_id": str(first), "presence": "present"}]
            correction = asyncio.create_task(
                roll.send(
                    "PATCH",
                    f"/v1/activities/{made['activity_id']}",
                    version=made["version"],
                    attendance=listed,
                )
            )
            await eventually(lambda: waiting(looker))
            assert await is_free(looker, table, key, second)
        assert (await correction).status_code == 200
