"""Lecturers over HTTP: who they are, for what they are taken, and that nobody is in two places."""

import pytest

from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.lecturing import NAME, NUMBER
from tests.service.bases.series import moved, series
from tests.service.office import COMMUNITY, STREET, Office


@pytest.fixture
async def bases(office: Office, database) -> Database:
    return await database("bases")


async def told(bases: Database, type_: str) -> list[str]:
    rows = await bases.pool.fetch("SELECT body FROM event_log WHERE type LIKE $1", f"%{type_}%")
    return [row["body"] for row in rows]


# Who they are


async def test_name_and_number_are_sealed_masked_in_lists_and_in_no_event(team, bases):
    registered = await team.register(code="JS-A")
    lecturer = registered.json()["lecturer_id"]

    assert NAME not in registered.text
    assert NUMBER not in registered.text
    one = (await team.get(f"/v1/lecturers/{lecturer}")).json()
    listed = (await team.get("/v1/lecturers")).json()["items"]
    assert one == listed[0]
    assert one["person"] == {"name": "测***", "phone": "138****1234"}
    sealed = await bases.pool.fetchval("SELECT sealed::text FROM person")
    kept = "".join(await told(bases, ""))
    for text in (NAME, NUMBER):
        assert text not in sealed
        assert text not in kept


async def test_who_reads_a_number_says_why_and_is_recorded(team, bases):
    lecturer = await team.join()
    path = f"/v1/lecturers/{lecturer}/personal"

    silent = await team.get(path)
    clerk = await team.get(f"{path}?purpose=通知开课", role="base-manager")
    read = await team.get(f"{path}?purpose=通知开课")

    assert silent.status_code == 422
    assert clerk.status_code == 403
    assert (read.json()["name"], read.json()["phone"]) == (NAME, NUMBER)
    record = await bases.pool.fetchrow("SELECT * FROM personal_reading")
    assert (str(record["person_id"]), record["purpose"]) == (lecturer, "通知开课")
    assert (sorted(record["fields"]), record["area"]) == (["name", "phone"], COMMUNITY)
    assert await bases.pool.fetchval("SELECT count(*) FROM personal_reading") == 1


async def test_a_lecturer_is_found_by_the_whole_number_and_by_skill_and_role(team):
    await team.join(code="JS-A")
    await team.join(code="JS-B", phone="13900000002", skills=["film"], roles=["projectionist"])

    async def codes(query: str) -> list[str]:
        answer = await team.get(f"/v1/lecturers?{query}")
        return [each["code"] for each in answer.json()["items"]]

    assert await codes("phone=13900000002") == ["JS-B"]
    assert await codes("phone=1390000") == []
    assert await codes("skill=party-history") == ["JS-A"]
    assert await codes("role=projectionist") == ["JS-B"]
    assert await codes("engagement=staff") == []


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"area": "410305009"}, 422, "area-unknown"),
        ({"skills": ["juggling"]}, 422, "unknown-kind"),
        ({"roles": ["clown"]}, 422, "unknown-kind"),
        ({"skills": []}, 422, "invalid-request"),
        ({"skills": ["film", "film"]}, 422, "said-twice"),
        ({"code": "JS-A"}, 409, "code-taken"),
    ],
)
async def test_a_lecturer_is_refused_by_name(team, given, status, code):
    await team.join(code="JS-A")

    answer = await team.register(**given)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_skill_that_a_district_adds_can_be_had(team):
    added = await team.put("/v1/kinds/lecturer-skill/paper-cutting", {"label": "剪纸"})
    assert added.status_code == 201, added.text

    answer = await team.register(skills=["paper-cutting"])

    assert answer.status_code == 201


async def test_a_change_says_what_was_and_one_that_changes_nothing_says_nothing(team, bases):
    lecturer = await team.join()
    path, headers = f"/v1/lecturers/{lecturer}", team.office.scene.headers

    changed = await team.office.bases.patch(
        path,
        json={"skills": ["film"], "phone": "13900000009"},
        headers=headers(**{"If-Match": "1"}),
    )
    again = await team.office.bases.patch(
        path, json={"skills": ["film"]}, headers=headers(**{"If-Match": "2"})
    )

    assert (changed.json()["skills"], changed.json()["version"]) == (["film"], 2)
    assert again.json()["version"] == 2
    (event,) = await told(bases, "lecturer.changed")
    assert '"was_skill_kind":"party-history"' in event.replace(" ", "")
    assert (await team.get(path)).json()["person"]["phone"] == "139****0009"


async def test_who_has_assignments_ahead_is_not_retired_and_the_refusal_names_them(team):
    lecturer = await team.join()
    booking = await team.office.book()
    assigned = await team.assigned(booking, lecturer)

    refused = await team.act(f"/v1/lecturers/{lecturer}/retire", 1)
    await team.release(booking, lecturer)
    retired = await team.act(f"/v1/lecturers/{lecturer}/retire", 1)

    assert (refused.status_code, refused.json()["code"]) == (409, "assignments-ahead")
    (ahead,) = refused.json()["assignments"]
    assert ahead["assignment_id"] == assigned["assignment_id"]
    assert retired.json()["retired_on"] == "2026-06-10"
    after = await team.assign(booking, lecturer)
    assert (after.status_code, after.json()["code"]) == (409, "lecturer-retired")


async def test_what_is_erased_is_gone_for_ever_and_only_of_one_who_left(team):
    lecturer = await team.join()
    path = f"/v1/lecturers/{lecturer}"

    early = await team.office.post(f"{path}/erase", {})
    await team.act(f"{path}/retire", 1)
    erased = await team.office.post(f"{path}/erase", {})

    assert (early.status_code, early.json()["code"]) == (409, "lecturer-not-retired")
    assert erased.status_code == 204
    read = (await team.get(f"{path}/personal?purpose=核对")).json()
    assert (read["name"], read["phone"]) == (None, None)
    assert (await team.get(path)).json()["person"] == {"name": None, "phone": None}
    assert (await team.get("/v1/lecturers?phone=13800001234&retired=true")).json()["items"] == []


async def test_lists_as_files_never_leak_a_full_name_or_number(team):
    lecturer = await team.join(code="JS-A")
    booking = await team.office.book()
    await team.assigned(booking, lecturer)
    await team.planned(lecturer, day="2026-06-12")

    for path in (
        "/v1/lecturers/export",
        "/v1/lecturers/load/export?from=2026-06-01&to=2026-06-30",
        "/v1/lecturer-assignments/export",
        f"/v1/bookings/{booking['booking_id']}/lecturers/export",
        f"/v1/bookings/{booking['booking_id']}/lecturer-candidates/export",
        "/v1/guide-shifts/export",
        f"/v1/lecturers/{lecturer}/ratings/export",
        f"/v1/lecturers/{lecturer}/absences/export",
        f"/v1/lecturers/{lecturer}/hours/export",
    ):
        file = await team.get(path)
        assert file.status_code == 200, (path, file.text)
        assert NAME not in file.text
        assert NUMBER not in file.text
    names = (await team.get("/v1/lecturers/export")).text
    assert "测*** 138****1234" in names
    assert "党史" in names
    assert "讲师" in names


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("base-manager", COMMUNITY, 201),
        ("base-clerk", COMMUNITY, 403),
        ("base-manager", "410306", 403),
    ],
)
async def test_who_manages_bases_of_the_area_registers_lecturers(team, role, area, status):
    body = {
        "code": "JS-A", "name": NAME, "area": COMMUNITY, "roles": ["guide"],
        "skills": ["exhibition"], "engagement": "staff",
    }  # fmt: skip

    answer = await team.office.post("/v1/lecturers", body, role=role, area=area)

    assert answer.status_code == status, answer.text


# For what they are taken


async def test_no_lecturer_clash(team):
    """Feature: lecturer team, no lecturer clash. The refusal says when else and who else."""
    lecturer, other = await team.join(code="JS-A"), await team.join(code="JS-B")
    await team.join(code="JS-C", skills=["film"])
    square = team.office.square
    morning = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(11))
    overlapping = await team.office.book(
        venue_id=square, starts_at=tomorrow(10), ends_at=tomorrow(12)
    )
    touching = await team.office.book(venue_id=square, starts_at=tomorrow(11), ends_at=tomorrow(12))
    await team.assigned(morning, lecturer, skill="party-history")

    refused = await team.assign(overlapping, lecturer, skill="party-history")
    after = await team.assign(touching, lecturer)

    assert (refused.status_code, refused.json()["code"]) == (409, "lecturer-taken")
    said = refused.json()
    assert said["taken"] == [{"from": tomorrow(9), "until": tomorrow(11, 30)}]
    assert said["free"] == [
        {"from": tomorrow(0), "until": tomorrow(9)},
        {"from": tomorrow(11), "until": tomorrow(0, days=2)},
    ]
    assert said["others"] == [{"lecturer_id": other, "code": "JS-B"}]
    assert after.status_code == 200


async def test_assigning_again_changes_nothing_and_for_another_skill_is_refused(team, bases):
    lecturer = await team.join(skills=["party-history", "film"])
    booking = await team.office.book()

    first = await team.assigned(booking, lecturer, skill="film")
    again = await team.assigned(booking, lecturer)
    other = await team.assign(booking, lecturer, skill="party-history")

    assert again == first
    assert (other.status_code, other.json()["code"]) == (409, "lecturer-assigned")
    assert len(await told(bases, "lecturer-assignment.assigned")) == 1


async def test_who_lacks_the_skill_is_refused(team):
    lecturer = await team.join(skills=["film"])
    booking = await team.office.book()

    refused = await team.assign(booking, lecturer, skill="ceremony")
    unknown = await team.assign(booking, lecturer, skill="juggling")

    assert (refused.status_code, refused.json()["code"]) == (422, "lecturer-lacks-skill")
    assert refused.json()["skills"] == ["film"]
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-kind")


async def test_the_skill_that_a_menu_item_asks_for_is_asked_of_the_lecturer(team):
    item = await team.office.post(
        "/v1/menu-items",
        {
            "code": "XM-1",
            "name": "党史课",
            "kind": "party-lecture",
            "area": COMMUNITY,
            "duration_minutes": 60,
            "least_minutes": 30,
            "most_minutes": 120,
            "least_headcount": 1,
            "most_headcount": 100,
            "skill_code": "party-history",
            "lecturer_count": 1,
        },
    )
    assert item.status_code == 201, item.text
    historian, projectionist = await team.join(), await team.join(skills=["film"])
    booking = await team.office.book(menu_item_id=item.json()["item_id"])

    candidates = await team.get(f"/v1/bookings/{booking['booking_id']}/lecturer-candidates")
    refused = await team.assign(booking, projectionist)

    assert [each["lecturer_id"] for each in candidates.json()] == [historian]
    assert (refused.status_code, refused.json()["code"]) == (422, "lecturer-lacks-skill")
    assert (await team.assigned(booking, historian))["skill"] == "party-history"


async def test_between_two_bases_there_is_time_to_travel_and_the_rule_says_how_much(team):
    _, elsewhere = await team.base("JD-2")
    lecturer = await team.join(code="JS-A")
    here = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    await team.assigned(here, lecturer)

    async def there(hour: int, minute: int) -> tuple[int, str | None]:
        booking = await team.office.book(
            venue_id=elsewhere, starts_at=tomorrow(hour, minute), ends_at=tomorrow(hour + 1, minute)
        )
        answer = await team.assign(booking, lecturer)
        if answer.status_code == 200:
            await team.release(booking, lecturer)
        return answer.status_code, answer.json().get("code")

    assert await there(10, 29) == (409, "lecturer-taken")
    assert await there(10, 30) == (200, None)
    assert await there(7, 31) == (409, "lecturer-taken")
    assert await there(7, 30) == (200, None)
    issued = await team.office.post(
        "/v1/rules/lecturer.travel/versions",
        {
            "version": "2",
            "effective_from": "2026-06-11",
            "severity": "block",
            "source": "基地讲师管理办法修订",
            "parameters": {"minutes": 10},
        },
    )
    assert issued.status_code == 201, issued.text
    assert await there(10, 29) == (409, "lecturer-taken")  # what was arranged keeps its own
    assert await there(7, 49) == (200, None)
    assert await there(7, 51) == (409, "lecturer-taken")


async def test_a_lecturer_of_another_area_is_only_for_those_who_may_see_them(team, bases):
    await bases.pool.execute(
        "INSERT INTO area VALUES ($1, '街道'), ('410305002', '另一街道')", STREET
    )
    of_street = await team.join(area=STREET)
    of_another = await team.join(area="410305002")
    booking = await team.office.book()
    path = f"/v1/bookings/{booking['booking_id']}/lecturers"
    clerk = team.office.scene.headers("base-clerk", COMMUNITY)

    serves = await team.office.bases.put(f"{path}/{of_street}", json={}, headers=clerk)
    clerk = team.office.scene.headers("base-clerk", COMMUNITY)
    unseen = await team.office.bases.put(f"{path}/{of_another}", json={}, headers=clerk)

    assert serves.status_code == 200, serves.text
    assert unseen.status_code == 403
    assert (await team.assign(booking, of_another)).status_code == 200


async def test_candidates_are_free_able_and_the_least_busy_of_the_month_first(team):
    tired, fresh, able = await team.join(), await team.join(), await team.join()
    await team.join(skills=["film"])
    away = await team.join()
    square = team.office.square
    for days, hours in ((2, 3), (3, 1)):
        booking = await team.office.book(
            venue_id=square,
            starts_at=tomorrow(9, days=days),
            ends_at=tomorrow(9 + hours, days=days),
        )
        await team.assigned(booking, tired if hours == 3 else able)
    await team.put(f"/v1/lecturers/{away}/hours", {"hours": {"saturday": [["09:00", "12:00"]]}})
    booking = await team.office.book()

    answer = await team.get(
        f"/v1/bookings/{booking['booking_id']}/lecturer-candidates?skill=party-history"
    )

    found = [(each["lecturer_id"], each["hours"]) for each in answer.json()]
    assert found == [(fresh, 0), (able, 1), (tired, 3)]


# What follows from a booking


async def test_when_the_booking_is_given_up_its_lecturers_are_free_again(team, bases):
    lecturer = await team.join()
    booking = await team.office.book()
    await team.assigned(booking, lecturer)

    await team.office.step(booking, "cancel")

    other = await team.office.book()
    assert (await team.assign(other, lecturer)).status_code == 200
    assert len(await told(bases, "lecturer-assignment.released")) == 1
    gone = await team.assign(booking, lecturer)
    assert (gone.status_code, gone.json()["code"]) == (409, "booking-over")


async def test_a_booking_that_moves_takes_its_lecturers_along_or_does_not_move(team, bases):
    lecturer = await team.join(code="JS-A")
    booking = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    blocked = await team.office.book(
        venue_id=team.office.square, starts_at=tomorrow(14), ends_at=tomorrow(15)
    )
    await team.assigned(booking, lecturer)
    await team.assigned(blocked, lecturer)
    path = f"/v1/bookings/{booking['booking_id']}/reschedule"

    refused = await team.act(
        path, booking["version"], starts_at=tomorrow(14, 30), ends_at=tomorrow(15, 30)
    )
    moved = await team.act(
        path, booking["version"], starts_at=tomorrow(9, 30), ends_at=tomorrow(10, 45)
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "lecturer-taken")
    assert refused.json()["lecturer"] == "JS-A"
    assert moved.status_code == 200, moved.text
    (one, _) = (await team.get("/v1/lecturer-assignments")).json()["items"]
    assert one["starts_at"] == moved.json()["starts_at"]
    (event,) = await told(bases, "lecturer-assignment.moved")
    assert '"minutes":75' in event.replace(" ", "")
    assert '"was_minutes":60' in event.replace(" ", "")


async def test_a_series_whose_bookings_move_over_each_other_takes_its_lecturer_along(team):
    """Each stands where the next one was: only when all have moved is nobody twice anywhere."""
    lecturer = await team.join()
    made = await series(
        team.office, starts_at=tomorrow(9), ends_at=tomorrow(7, 45, days=2), times=3
    )
    for each in made["occurrences"]:
        await team.assigned(each, lecturer)

    after = await moved(team.office, made, scope="all", starts_at="12:00")

    starts = [each["starts_at"] for each in after["occurrences"]]
    listed = (await team.get("/v1/lecturer-assignments")).json()["items"]
    assert [each["starts_at"] for each in listed] == starts
    assert starts != [each["starts_at"] for each in made["occurrences"]]
