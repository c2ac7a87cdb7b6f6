"""Delegations from outside the tree are registered, and booked for like organisations."""

import pytest

from tests.service.bases.test_feeds import ELSEWHERE, feed, read, uid
from tests.service.office import COMMUNITY
from tests.together import together


def delegation(**given):
    return {
        "code": "LF-01",
        "name": "示例省机关考察团",
        "visitor_level": "province",
        "area": COMMUNITY,
    } | given


async def registered(office, **given) -> dict:
    answer = await office.post("/v1/guests", delegation(**given), role="base-clerk")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def told(office, guest: dict) -> list[tuple[str, int]]:
    pool = office.bases.app.state.context.database.pool
    rows = await pool.fetch(
        "SELECT type, aggregate_version FROM event_log WHERE aggregate_id = $1::uuid ORDER BY 2",
        guest["guest_id"],
    )
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("level", ["central", "province", "city"])
async def test_a_delegation_of_a_higher_level_is_booked_for(office, level):
    guest = await registered(office, visitor_level=level)
    booking = await office.book(organisation_id=guest["guest_id"], visitor_level=level)
    assert booking["organisation_name"] == "示例省机关考察团"
    calendar = await feed(office, f"organisations/{guest['guest_id']}")
    event = calendar[uid(booking["booking_id"])]
    assert str(event["summary"]) == "【待确认】示例省机关考察团"
    file = await read(office, "/v1/bookings/export", role="admin")
    assert "示例省机关考察团" in file.text


async def test_a_guest_is_put_right_and_says_so_once(office):
    guest = await registered(office)
    path = f"/v1/guests/{guest['guest_id']}"
    shown = await read(office, path)
    headers = office.scene.headers("base-clerk", COMMUNITY) | {"If-Match": shown.headers["etag"]}
    change = {"name": "示例市机关考察团", "visitor_level": "city"}
    answer = await office.bases.patch(path, json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json() | change == answer.json()
    same = office.scene.headers("base-clerk", COMMUNITY) | {"If-Match": answer.headers["etag"]}
    assert (await office.bases.patch(path, json=change, headers=same)).json()["version"] == 2
    assert await told(office, guest) == [
        ("jiceng.bases.guest.registered.v1", 1),
        ("jiceng.bases.guest.changed.v1", 2),
    ]


async def test_a_code_is_taken_once_however_many_ask_at_once(office):
    answers = await together(
        office.post("/v1/guests", delegation(), role="base-clerk") for _ in range(20)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {answer.json()["code"] for answer in answers if answer.is_error} == {"code-taken"}


async def test_a_guest_needs_a_known_area_and_somebody_who_handles_bookings_there(office):
    unknown = await office.post("/v1/guests", delegation(area="410399"), area="41")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "area-unknown")
    for who in ({"role": "viewer"}, {"role": "base-clerk", "area": ELSEWHERE}):
        refused = await office.post("/v1/guests", delegation(), **who)
        assert refused.status_code == 403


async def test_guests_are_listed_by_code_and_level_within_ones_areas(office):
    one = await registered(office)
    other = await registered(office, code="LF-02", visitor_level="central")

    async def listed(query: str = "", **who: str) -> list[str]:
        answer = await read(office, f"/v1/guests{query}", **who)
        assert answer.status_code == 200, answer.text
        return [each["guest_id"] for each in answer.json()["items"]]

    assert await listed() == [one["guest_id"], other["guest_id"]]
    assert await listed("?code=LF-02") == [other["guest_id"]]
    assert await listed("?visitor_level=province") == [one["guest_id"]]
    assert await listed("?limit=1") == [one["guest_id"]]
    assert await listed(area=ELSEWHERE) == []
    file = await read(office, "/v1/guests/export")
    assert "来访单位代码" in file.text
    assert "省" in file.text
