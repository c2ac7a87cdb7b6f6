"""Packages (红色套餐): a booking a part, one after another, all or none."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.series import events, overlapping, refused
from tests.service.office import COMMUNITY, Office

PARTS = (
    ("CARE", "care", "关爱服务队", 30),
    ("FILM", "film", "百姓影院", 90),
    ("DAY", "welfare", "公益活动日", 60),
    ("HANDS", "hand-in-hand", "拉手屋", 30),
    ("MUSIC", "arts", "音乐社", 45),
)
"""红色套餐五项。"""


@pytest.fixture
async def db(database) -> Database:
    return await database("bases")


@pytest.fixture
async def package(office: Office) -> str:
    """The five parts at the office's base: film in the hall, the rest wherever; pauses of 15."""
    for code, kind, name, minutes in PARTS:
        await item(office, code, kind, name, minutes, ["hall"] if kind == "film" else [])
    return await published(office, [code for code, *_ in PARTS], base_id=office.base_id)


async def item(
    office: Office, code: str, kind: str, name: str, minutes: int, venue_kinds: list[str]
) -> None:
    answer = await office.post(
        "/v1/menu-items",
        {
            "code": code,
            "area": COMMUNITY,
            "name": name,
            "kind": kind,
            "duration_minutes": minutes,
            "most_headcount": 60,
            "venue_kinds": venue_kinds,
        },
    )
    assert answer.status_code == 201, answer.text


async def published(office: Office, codes: list[str], pause: int = 15, **given: Any) -> str:
    parts = [
        {"item_code": code, "pause_minutes": pause if place else 0}
        for place, code in enumerate(codes)
    ]
    said = {"code": "TC-1", "name": "红色套餐", "parts": parts}
    answer = await office.post("/v1/packages", said | given)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["package_id"])


async def ask(office: Office, package: str, **given: Any) -> httpx.Response:
    whole = office.booking(starts_at=tomorrow(9), headcount=20)
    names = ("organisation_id", "starts_at", "headcount", "channel", "visitor_level")
    said = {name: whole[name] for name in names}
    return await office.post(f"/v1/packages/{package}/bookings", said | given)


async def made(office: Office, package: str, **given: Any) -> dict[str, Any]:
    answer = await ask(office, package, **given)
    assert answer.status_code == 201, answer.text
    return answer.json()


def outline(whole: dict[str, Any], office: Office) -> list[tuple[str, str, str]]:
    """Kind of item, begin by the hour of UTC, venue."""
    called = {office.hall: "hall", office.square: "square"}
    return [
        (each["menu_item_kind"], each["starts_at"][11:16], called[each["venue_id"]])
        for each in whole["bookings"]
    ]


async def test_the_five_parts_of_a_red_package_are_booked_one_after_another(office, db, package):
    whole = await made(office, package)

    assert outline(whole, office) == [
        ("care", "01:00", "hall"),
        ("film", "01:45", "hall"),
        ("welfare", "03:30", "hall"),
        ("hand-in-hand", "04:45", "hall"),
        ("arts", "05:30", "hall"),
    ]
    key = whole["package_booking_id"]
    assert {each["package_booking_id"] for each in whole["bookings"]} == {key}
    ends = datetime.fromisoformat(whole["ends_at"])
    assert (whole["parts"], ends) == (5, datetime.fromisoformat(tomorrow(14, 15)))
    assert await events(db, key) == [("requested", 1)]


async def test_the_first_suitable_free_venue_is_taken_for_each_part(office, package):
    """The hall is taken at nine; the film needs a hall, and has it later."""
    await office.book(starts_at=tomorrow(9), ends_at=tomorrow(9, 30))

    whole = await made(office, package)

    assert [venue for _, _, venue in outline(whole, office)] == ["square"] + ["hall"] * 4


async def test_parts_without_a_pause_change_venues_rather_than_wait_for_its_airing(office):
    await item(office, "A", "tour", "参观", 30, [])
    await item(office, "B", "discussion", "座谈", 30, [])
    package = await published(office, ["A", "B"], pause=0, base_id=office.base_id)

    whole = await made(office, package)

    assert [venue for _, _, venue in outline(whole, office)] == ["hall", "square"]


async def test_a_package_of_which_a_part_cannot_be_had_books_nothing_and_says_which(
    office, db, package
):
    await office.book(starts_at=tomorrow(10), ends_at=tomorrow(11))

    answer = await ask(office, package)

    assert refused(answer) == (409, "package-refused")
    (told,) = answer.json()["parts"]
    assert (told["code"], told["facts"]["item"]) == ("slot-taken", "FILM")
    assert told["facts"]["free_next"]["from"] == "2026-06-11T11:15:00+08:00"
    assert await db.pool.fetchval("SELECT count(*) FROM booking") == 1
    assert await db.pool.fetchval("SELECT count(*) FROM package_booking") == 0


async def test_venues_may_be_said_part_by_part(office, package):
    whole = await made(office, package, venue_ids=[office.square, None, office.square, None, None])
    square_film = await ask(office, package, venue_ids=[None, office.square, None, None, None])
    too_few = await ask(office, package, venue_ids=[office.square])

    assert [v for _, _, v in outline(whole, office)] == ["square", "hall", "square", "hall", "hall"]
    assert refused(square_film) == (422, "item-needs-venue")
    assert refused(too_few) == (422, "venues-per-part")


async def test_no_venue_that_suits_is_said_by_the_item(office):
    await item(office, "BOOKS", "reading", "读书分享", 30, ["library"])
    package = await published(office, ["BOOKS"], base_id=office.base_id)

    answer = await ask(office, package)

    assert refused(answer) == (409, "package-refused")
    assert [each["code"] for each in answer.json()["parts"]] == ["no-venue-suits"]


async def test_a_package_of_an_area_is_had_at_the_base_that_is_named(office):
    await item(office, "A", "tour", "参观", 30, [])
    package = await published(office, ["A"], area=COMMUNITY)

    nowhere = await ask(office, package)
    whole = await made(office, package, base_id=office.base_id)

    assert refused(nowhere) == (422, "base-needed")
    assert whole["base_id"] == office.base_id


async def test_a_package_that_left_the_menu_or_never_was_is_not_booked(office, package):
    gone = await office.post(f"/v1/packages/{package}/retire", {})
    assert gone.status_code == 200, gone.text

    assert refused(await ask(office, package)) == (409, "package-retired")
    assert refused(await ask(office, office.base_id)) == (404, "not-found")


async def test_a_package_is_confirmed_and_cancelled_as_a_whole(office, db, package):
    whole = await made(office, package)
    path = f"/v1/package-bookings/{whole['package_booking_id']}"
    await office.step(whole["bookings"][0], "cancel")

    confirmed = await office.post(f"{path}/confirm", {})
    cancelled = await office.post(f"{path}/cancel", {"reason": "weather"})
    again = await office.post(f"{path}/cancel", {"reason": "weather"})
    found = await office.bases.get(path, headers=office.scene.headers())

    assert [each["status"] for each in confirmed.json()["bookings"]] == [
        *("cancelled", "confirmed", "confirmed", "confirmed", "confirmed")
    ]
    assert {each["status"] for each in cancelled.json()["bookings"]} == {"cancelled"}
    assert refused(again) == (409, "nothing-ahead")
    assert found.json()["version"] == 2
    assert await events(db, whole["package_booking_id"]) == [("requested", 1), ("cancelled", 2)]
    said = await db.pool.fetchval(
        "SELECT body::jsonb -> 'data' ->> 'cancelled' FROM event_log"
        " WHERE aggregate_id = $1 AND aggregate_version = 2",
        whole["package_booking_id"],
    )
    assert said == "4"
    assert await overlapping(db) == 0
    await made(office, package)


async def test_package_bookings_are_listed_and_written_to_a_file(office, package):
    whole = await made(office, package)
    headers = office.scene.headers()

    listed = await office.bases.get("/v1/package-bookings?limit=1", headers=headers)
    file = await office.bases.get("/v1/package-bookings/export?format=csv", headers=headers)

    assert [each["package_booking_id"] for each in listed.json()["items"]] == [
        whole["package_booking_id"]
    ]
    assert "唐村社区第一党支部" in file.content.decode("utf-8-sig")
