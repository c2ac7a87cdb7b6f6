"""Lists of who came: rates without those on whom it is no demand, points, a member's year."""

import pytest

from tests.service.membership.life import begin


@pytest.fixture
async def life(scene, start, database):
    return await begin(scene, start, database)


async def balance(life, member_id: str) -> int:
    return await life.database.pool.fetchval(
        "SELECT coalesce(sum(amount), 0) FROM points_entry WHERE subject_id = $1", member_id
    )


async def listed(life, **presences: str) -> list[dict[str, str]]:
    return [
        {"member_id": await life.member(), "presence": presence} for presence in presences.values()
    ]


async def test_old_and_ill_members_stay_out_of_the_rate_and_are_counted_where_they_come(life):
    here, old = await life.member(), await life.member(health="frail")
    ill, applicant = await life.member(health="ill-or-disabled"), await life.member("activist")

    held = await life.held(
        attendance=[
            {"member_id": here},
            {"member_id": old},
            {"member_id": ill, "presence": "absent"},
            {"member_id": applicant},
        ]
    )

    counts = {key: held[key] for key in ("headcount", "expected", "attended", "exempt", "present")}
    assert counts == {"headcount": 3, "expected": 1, "attended": 1, "exempt": 2, "present": 2}
    shown = (await life.get(f"/v1/activities/{held['activity_id']}/attendance")).json()["items"]
    assert {each["member_id"]: each["exempt"] for each in shown} == {
        here: False,
        old: True,
        ill: True,
        applicant: False,
    }


async def test_somebody_unknown_or_listed_twice_is_refused(life):
    member = await life.member()

    unknown = await life.post(
        "/v1/activities", life.meeting(attendance=[{"member_id": life.branch["organisation_id"]}])
    )
    twice = await life.post("/v1/activities", life.meeting(attendance=[{"member_id": member}] * 2))

    assert (unknown.status_code, unknown.json()["code"]) == (422, "member-unknown")
    assert (twice.status_code, twice.json()["code"]) == (422, "listed-twice")


async def test_who_came_earns_who_missed_loses_and_who_was_excused_does_neither(life):
    came, missed, excused = await listed(life, a="present", b="absent", c="excused")

    await life.held(attendance=[came, missed, excused | {"reason": "duty"}])

    assert await balance(life, came["member_id"]) > 0
    assert await balance(life, missed["member_id"]) < 0
    assert await balance(life, excused["member_id"]) == 0


async def test_a_correction_of_the_list_moves_only_the_points_it_concerns(life):
    first, second = await listed(life, a="present", b="absent")
    held = await life.held(attendance=[first, second])

    answer = await life.correct(held, attendance=[first, second | {"presence": "present"}])

    assert answer.status_code == 200, answer.text
    entries = "SELECT count(*) FROM points_entry WHERE subject_id = $1"
    assert await life.database.pool.fetchval(entries, first["member_id"]) == 1
    assert await life.database.pool.fetchval(entries, second["member_id"]) == 3
    assert await balance(life, first["member_id"]) == await balance(life, second["member_id"]) > 0


async def test_taking_an_activity_back_takes_the_points_back_and_again_gives_them_once(life):
    (came,) = await listed(life, a="present")
    held = await life.held(attendance=[came])
    worth = await balance(life, came["member_id"])

    await life.done(f"/v1/activities/{held['activity_id']}/retract", {}, 200)
    assert await balance(life, came["member_id"]) == 0
    await life.held(attendance=[came])

    assert await balance(life, came["member_id"]) == worth > 0


async def test_points_follow_an_activity_to_the_day_it_really_was(life):
    (came,) = await listed(life, a="present")
    held = await life.held(attendance=[came])

    await life.correct(held, starts_at="2019-07-01T09:00:00+08:00")

    days = await life.database.pool.fetch(
        "SELECT booked_on, sum(amount) AS amount FROM points_entry WHERE subject_id = $1"
        " GROUP BY booked_on HAVING sum(amount) <> 0",
        came["member_id"],
    )
    assert [day["booked_on"].isoformat() for day in days if day["amount"] > 0] == ["2019-07-01"]


async def test_one_presence_at_a_time_gives_the_same_list_and_repeating_it_changes_nothing(life):
    held = await life.held()
    path = f"/v1/activities/{held['activity_id']}/attendance/{await life.member()}"

    async def put(**body: str):
        return await life.client.put(path, json=body, headers=life.scene.headers())

    first, again = await put(presence="present"), await put(presence="present")
    excused = await put(presence="excused", reason="illness")

    assert [each.json()["version"] for each in (first, again, excused)] == [2, 2, 3]
    assert [each.json()["attended"] for each in (first, excused)] == [1, 0]
    csv = await life.get(f"/v1/activities/{held['activity_id']}/attendance/export")
    assert "请假,因病" in csv.text
    removed = await life.client.delete(path, headers=life.scene.headers(**{"If-Match": '"3"'}))
    assert removed.json()["expected"] == 0


async def test_a_members_year_adds_up_and_hours_of_study_count_to_thirty_two(life):
    member = await life.member()
    listed = [{"member_id": member}]
    for day, end in ((1, "17:00"), (2, "17:00"), (3, "17:00"), (4, "16:59")):
        await life.held(
            kind="training-session",
            starts_at=f"2019-06-0{day}T09:00:00+08:00",
            ends_at=f"2019-06-0{day}T{end}:00+08:00",
            attendance=listed,
        )
    last = await life.held(starts_at="2019-12-31T23:00:00+08:00", attendance=listed, minutes=60)
    await life.held(starts_at="2020-01-01T00:00:00+08:00", attendance=listed)

    year = (await life.get(f"/v1/members/{member}/attendance", year=2019)).json()
    short = (await life.get("/v1/training/short", year=2019)).json()["items"]

    assert (year["expected"], year["attended"], year["last_on"]) == (5, 5, "2019-12-31")
    assert (year["training_minutes"], year["training_needed"]) == (32 * 60 - 1, 32 * 60)
    assert [(each["member_id"], each["minutes"]) for each in short] == [(member, 1919)]
    await life.correct(last, kind="lecture", minutes=1)
    assert (await life.get("/v1/training/short", year=2019)).json()["items"] == []


async def test_those_short_of_training_page_by_area_and_export(life):
    for _ in range(3):
        await life.member()
    await life.member(health="frail")
    await life.member("applicant")

    first = (await life.get("/v1/training/short", year=2019, limit=2)).json()
    rest = (await life.get("/v1/training/short", year=2019, cursor=first["next"])).json()
    csv = await life.get("/v1/training/short/export", year=2019)

    assert (len(first["items"]), len(rest["items"])) == (2, 1)
    assert len(csv.text.splitlines()) == 4


async def test_a_planned_activity_counts_in_no_year(life):
    member = await life.member()
    await life.held(planned=True, attendance=[{"member_id": member}])

    year = (await life.get(f"/v1/members/{member}/attendance", year=2019)).json()

    assert (year["expected"], year["present"]) == (0, 0)
