"""What a request may not say: refused as a problem that names the field, and nothing is written."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.ids import new_id
from tests.clock import office_clock, tomorrow
from tests.service.chassis_http.conftest import fields_of, problem_of
from tests.service.office import COMMUNITY, Office

pytestmark = pytest.mark.usefixtures("nothing_written")

Case = tuple[dict[str, Any], int, str, str]
"""What differs from a good request; the status, the code and the field expected."""


def _hours(hours: float) -> str:
    return (office_clock() + timedelta(hours=hours)).isoformat()


INVALID = "invalid-request"
BOOKINGS: list[Case] = [
    ({"visitors": 3}, 422, INVALID, "visitors"),
    ({"Headcount": 3}, 422, INVALID, "Headcount"),
    # wrong types
    ({"headcount": "20"}, 422, INVALID, "headcount"),
    ({"headcount": 20.0}, 422, INVALID, "headcount"),
    ({"headcount": True}, 422, INVALID, "headcount"),
    ({"headcount": None}, 422, INVALID, "headcount"),
    ({"headcount": [20]}, 422, INVALID, "headcount"),
    ({"headcount": {"n": 20}}, 422, INVALID, "headcount"),
    ({"venue_id": 7}, 422, INVALID, "venue_id"),
    ({"venue_id": "hall"}, 422, INVALID, "venue_id"),
    ({"venue_id": None}, 422, INVALID, "venue_id"),
    ({"channel": "fax"}, 422, INVALID, "channel"),
    ({"channel": "Web"}, 422, INVALID, "channel"),
    ({"channel": 1}, 422, INVALID, "channel"),
    ({"visitor_level": "区"}, 422, INVALID, "visitor_level"),
    ({"starts_at": 1_900_000_000}, 422, INVALID, "starts_at"),
    ({"starts_at": "1900000000"}, 422, INVALID, "starts_at"),
    ({"starts_at": "tomorrow"}, 422, INVALID, "starts_at"),
    # headcounts
    ({"headcount": 0}, 422, INVALID, "headcount"),
    ({"headcount": -1}, 422, INVALID, "headcount"),
    ({"headcount": 1e30}, 422, INVALID, "headcount"),
    ({"headcount": 10**30}, 422, INVALID, "headcount"),
    ({"headcount": float("nan")}, 422, INVALID, "headcount"),
    ({"headcount": float("-inf")}, 422, INVALID, "headcount"),
    ({"headcount": 41}, 409, "over-capacity", "headcount"),
    # times
    ({"ends_at": tomorrow(8)}, 422, "impossible-time", "ends_at"),
    ({"ends_at": tomorrow(9)}, 422, "impossible-time", "ends_at"),
    ({"ends_at": tomorrow(10, days=2)}, 422, "impossible-time", "ends_at"),
    ({"starts_at": _hours(-3), "ends_at": _hours(-2)}, 422, "impossible-time", "starts_at"),
    (
        {"starts_at": tomorrow(9, days=400), "ends_at": tomorrow(10, days=400)},
        422,
        "too-far-ahead",
        "starts_at",
    ),
    ({"starts_at": "2030-01-01T09:00:00"}, 422, INVALID, "starts_at"),
    ({"starts_at": "2030-01-01"}, 422, INVALID, "starts_at"),
    ({"starts_at": "2030-02-29T09:00:00+08:00"}, 422, INVALID, "starts_at"),
    ({"starts_at": "2030-13-01T09:00:00+08:00"}, 422, INVALID, "starts_at"),
    ({"starts_at": "2030-01-01T24:30:00+08:00"}, 422, INVALID, "starts_at"),
    ({"starts_at": "2030-01-01T09:00:00+25:00"}, 422, INVALID, "starts_at"),
    ({"starts_at": "0001-01-01T00:00:00+14:00"}, 422, INVALID, "starts_at"),
    ({"ends_at": "9999-12-31T23:59:59-14:00"}, 422, INVALID, "ends_at"),
    ({"ends_at": "+999999-12-31T23:59:59Z"}, 422, INVALID, "ends_at"),
    ({"occurred_at": "0001-01-01T00:00:00+08:00"}, 422, INVALID, "occurred_at"),
    ({"occurred_at": "9999-12-31T23:59:59-08:00"}, 422, INVALID, "occurred_at"),
    ({"occurred_at": "2020-01-01T00:00:00"}, 422, INVALID, "occurred_at"),
    ({"occurred_at": _hours(1)}, 422, "time-in-future", "occurred_at"),
    # what does not exist
    ({"venue_id": str(new_id())}, 422, "venue-unknown", "venue_id"),
    ({"organisation_id": str(new_id())}, 422, "organisation-unknown", "organisation_id"),
]

NAMES: list[Case] = [
    ({"name": name}, 422, INVALID, "name")
    for name in ("", "   ", "\t", "甲\x00乙", "甲\n乙", "\x7f", "名" * 121, "\ud800", 7, None, [])
]
CODES: list[Case] = [
    ({"code": code}, 422, INVALID, "code")
    for code in ("", "-1", "a b", "a/b", "基地", "a" * 41, "a\x00", "a\n", "\udfff", 5, None)
]
AREAS: list[Case] = [
    ({"area": area}, 422, INVALID, "area")
    for area in ("", "4", "41030", "4103051", "41030500100x", "４１０３０５", "410305\x00", 410305)
]
BASES: list[Case] = [
    *NAMES,
    *CODES,
    *AREAS,
    ({"kind": "golden"}, 422, "unknown-kind", "kind"),
    ({"kind": "r\x00d"}, 422, INVALID, "kind"),
    ({"kind": "\ud83d"}, 422, INVALID, "kind"),
    ({"area": "410305999999"}, 422, "area-unknown", "area"),
    ({"code": "JD-1"}, 409, "code-taken", "code"),
    ({"base_id": str(new_id())}, 422, INVALID, "base_id"),
]
VENUES: list[Case] = [
    *NAMES,
    *CODES,
    ({"kind": "palace"}, 422, "unknown-kind", "kind"),
    ({"code": "CG-1"}, 409, "code-taken", "code"),
    ({"capacity": 0}, 422, INVALID, "capacity"),
    ({"capacity": 10**9}, 422, INVALID, "capacity"),
    ({"capacity": "40"}, 422, INVALID, "capacity"),
    ({"buffer_minutes": -1}, 422, INVALID, "buffer_minutes"),
    ({"buffer_minutes": 481}, 422, INVALID, "buffer_minutes"),
    ({"sharing": "both"}, 422, INVALID, "sharing"),
    ({"floor": 2**40}, 422, INVALID, "floor"),
    ({"themes": "red"}, 422, INVALID, "themes"),
    ({"themes": ["党史"] * 21}, 422, INVALID, "themes"),
    ({"themes": ["a\x00"]}, 422, INVALID, "0"),
]
VISITS: list[Case] = [
    ({"started_at": _hours(2)}, 422, "time-in-future", "started_at"),
    ({"ended_at": "2019-06-08T08:00:00+08:00"}, 422, "impossible-time", "ended_at"),
    ({"started_at": "2019-02-29T09:00:00+08:00"}, 422, INVALID, "started_at"),
    ({"started_at": "0001-01-01T00:00:00Z"}, 422, INVALID, "started_at"),
    ({"headcount": 0}, 422, INVALID, "headcount"),
    ({"planned_headcount": -5}, 422, INVALID, "planned_headcount"),
    ({"occurred_at": "2019-06-08T09:00:00+08:00"}, 422, INVALID, "occurred_at"),
    ({"organisation_id": str(new_id())}, 422, "organisation-unknown", "organisation_id"),
]
GOOD_BASE = {"code": "JD-9", "name": "基地", "kind": "red", "area": COMMUNITY}
GOOD_VENUE = {"code": "CG-9", "name": "馆", "kind": "hall", "capacity": 10}
GOOD_VISIT = {
    "visitor_level": "city",
    "channel": "phone",
    "headcount": 5,
    "started_at": "2019-06-08T09:00:00+08:00",
}


async def _wrong_answers(office: Office, path: str, good: Any, cases: list[Case]) -> list[str]:
    """Every case whose refusal was not the expected one, all of them and not only the first."""
    wrong = []
    headers = {"content-type": "application/json"}
    for given, status, code, field in cases:
        answer = await office.bases.post(
            path, content=json.dumps(good | given), headers=office.scene.headers(**headers)
        )
        problem = problem_of(answer)
        if (answer.status_code, problem["code"]) != (status, code) or field not in fields_of(
            problem
        ):
            wrong.append(f"{given!r}: {answer.text}")
    return wrong


async def test_impossible_bookings_are_refused_with_their_field_named(office):
    assert await _wrong_answers(office, "/v1/bookings", office.booking(), BOOKINGS) == []


async def test_impossible_bases_are_refused_with_their_field_named(office):
    assert await _wrong_answers(office, "/v1/bases", GOOD_BASE, BASES) == []


async def test_impossible_venues_are_refused_with_their_field_named(office):
    path = f"/v1/bases/{office.base_id}/venues"
    assert await _wrong_answers(office, path, GOOD_VENUE, VENUES) == []


async def test_impossible_visits_are_refused_with_their_field_named(office):
    good = GOOD_VISIT | {"base_id": office.base_id}
    assert await _wrong_answers(office, "/v1/visits", good, VISITS) == []


async def test_every_missing_field_is_named_at_once(office):
    problem = problem_of(await office.post("/v1/bookings", {"headcount": 3}))

    assert fields_of(problem) == set(office.booking()) - {"headcount"}


async def test_commands_about_nothing_that_exists_are_not_found(office):
    nobody = new_id()
    found = {
        path: problem_of(await office.post(path, body))["code"]
        for path, body in {
            f"/v1/bases/{nobody}/venues": GOOD_VENUE,
            f"/v1/bookings/{nobody}/confirm": {},
            f"/v1/bookings/{nobody}/check-in": {"headcount": 3},
        }.items()
    }
    assert set(found.values()) == {"not-found"}


async def test_fields_that_name_nothing_that_exists_are_refused_by_name(office):
    good = GOOD_VISIT | {"base_id": office.base_id}
    for field in ("base_id", "venue_id"):
        answer = await office.post("/v1/visits", good | {field: str(new_id())})
        problem = problem_of(answer)
        assert (answer.status_code, problem["code"]) == (422, "reference-unknown")
        assert problem["field"] == field


async def test_a_body_that_is_no_object_is_refused(office):
    headers = {"content-type": "application/json"}
    for body in ("[]", '"text"', "5", "null", "true", '[{"headcount": 1}]', '[["headcount", 1]]'):
        answer = await office.bases.post(
            "/v1/bookings", content=body, headers=office.scene.headers(**headers)
        )
        assert (answer.status_code, problem_of(answer)["code"]) == (422, INVALID), body


def _cursor(*key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


QUERIES = [
    "/v1/bookings?cursor=%00",
    "/v1/bookings?cursor=****",
    "/v1/bookings?cursor=" + "A" * 400,
    "/v1/bookings?cursor=" + "A" * 5000,
    "/v1/bookings?cursor=" + _cursor("JD-1"),
    "/v1/bookings?cursor=" + _cursor("2026-01-01T00:00:00", "x"),
    "/v1/bookings?cursor=" + _cursor("2026-01-01T00:00:00", str(new_id())),
    "/v1/bookings?cursor=" + _cursor("0001-01-01T00:00:00+14:00", str(new_id())),
    "/v1/bookings?cursor=" + _cursor(1, 2),
    "/v1/bookings?cursor=" + base64.urlsafe_b64encode(b'{"a": 1}').decode(),
    "/v1/bookings?cursor=" + base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "/v1/bases?cursor=" + _cursor("a\x00b"),
    "/v1/bases?cursor=" + _cursor("\ud800"),
    "/v1/visits?cursor=" + _cursor("JD-1"),
    "/v1/bookings?limit=0",
    "/v1/bookings?limit=101",
    "/v1/bookings?limit=ten",
    "/v1/bookings?limit=9" + "9" * 40,
    "/v1/bookings?day=0",
    "/v1/bookings?day=20260101",
    "/v1/bookings?day=0001-01-01",
    "/v1/bookings?day=9999-12-31",
    "/v1/bookings?day=2026-02-29",
    "/v1/visits?from=0001-01-01",
    "/v1/visits?to=9999-12-31",
    "/v1/bookings?status=lost",
    "/v1/bookings?venue_id=1",
    "/v1/bookings?within=41030",
    "/v1/bookings?within=%EF%BC%94%EF%BC%91",
    "/v1/bases?kind=%00",
    "/v1/bases?code=%00",
    "/v1/bases?code=" + "a" * 200,
    "/v1/venues?code=a%00b",
    "/v1/bases/none",
    "/v1/events/none",
]


async def test_impossible_questions_are_refused(office):
    answers = {
        path: problem_of(await office.bases.get(path, headers=office.scene.headers()))
        for path in QUERIES
    }
    assert {path: p for path, p in answers.items() if p["status"] != 422} == {}
