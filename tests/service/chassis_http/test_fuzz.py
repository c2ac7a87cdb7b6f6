"""Requests nobody would write: whatever comes, it is answered, and never with a defect."""

import json
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.ids import new_id
from tests.clock import tomorrow
from tests.profiles import examples
from tests.service.office import COMMUNITY, Office

HOSTILE = (
    *("", " ", "\x00", "\ud800", "\u202e", "'", '"', "';--", "%", "_", "\\", "{}", "../..", "\r\n"),
    *("NaN", "-0", "1e400", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999-23:59"),
    *("0001-01-01T00:00:00+23:59", "2026-02-29", "2026-06-30T23:59:60+08:00", "P1D", "０１"),
    *("410305", "41030", "４１０３０５", "a" * 5_000, "名" * 900, str(new_id()), "null", "true"),
)
numbers = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from([0, -1, 2**31 - 1, 2**31, 2**63, 2**64, 1e308, 100_000, 100_001]),
)
leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(), st.sampled_from(HOSTILE))
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
fuzz = settings(
    max_examples=examples(120),
    database=None,
    suppress_health_check=list(HealthCheck),
)


def commands(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """Every command with a request that would be accepted, or nearly."""
    anybody = str(new_id())
    venue = {"code": "X", "name": "馆", "kind": "hall", "capacity": 9, "sharing": "shared"}
    visit = {"base_id": office.base_id, "visitor_level": "city", "channel": "web", "headcount": 3}
    return [
        ("POST", "/v1/bookings", office.booking() | {"occurred_at": None}),
        ("POST", "/v1/visits", visit | {"started_at": tomorrow(9, days=-9), "ended_at": None}),
        ("POST", "/v1/bases", {"code": "Y", "name": "基", "kind": "red", "area": COMMUNITY}),
        (
            "POST",
            f"/v1/bases/{office.base_id}/venues",
            venue | {"buffer_minutes": 0, "floor": 1, "themes": ["a"]},
        ),
        ("PATCH", f"/v1/venues/{office.hall}", venue),
        ("PATCH", f"/v1/bases/{office.base_id}", {"name": "基", "kind": "red"}),
        ("POST", f"/v1/bookings/{anybody}/cancel", {"reason": "weather", "occurred_at": None}),
        ("POST", f"/v1/bookings/{anybody}/check-in", {"headcount": 3}),
        *planning(office),
        *catalogues(office),
        *people(office),
    ]


def planning(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """Commands about times: hours, closures, series, who waits, what was held."""
    base = {"base_id": office.base_id}
    times = {"starts_at": tomorrow(14), "ends_at": tomorrow(16)}
    day = {"effective_from": tomorrow(0)[:10], "hours": {"monday": [["09:00", "17:00"]]}}
    repeat = {"every": "week", "interval": 1, "weekdays": ["thursday"], "times": 2, "until": None}
    shown = {"sort": "film", "kind": "warning", "headcount": 3, "venue_id": office.hall}
    return [
        ("POST", "/v1/waitlist", office.booking()),
        ("POST", "/v1/series", office.booking() | {"repeat": repeat, "on_conflict": "skip"}),
        ("PUT", f"/v1/bases/{office.base_id}/opening-hours", day | {"venue_id": office.hall}),
        (
            "POST",
            "/v1/closures",
            base | times | {"reason_kind": "maintenance", "cancel_bookings": True},
        ),
        ("POST", "/v1/occasions", base | shown | {"started_at": tomorrow(9, days=-9)}),
    ]


def catalogues(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """Commands about what a base offers."""
    base, anybody = {"base_id": office.base_id}, str(new_id())
    times = {"starts_at": tomorrow(14), "ends_at": tomorrow(16), "closes_at": None}
    lent = {"code": "S", "name": "器", "kind": "audio-guide", "quantity": 2, "venue_id": None}
    item = {"code": "M", "name": "项", "kind": "tour", "duration_minutes": 60}
    part = {"item_code": "M", "pause_minutes": 0}
    hall = {"code": "H", "name": "堂", "kind": "grand-hall", "opened_on": "2020-01-01"}
    past = {"starts_at": tomorrow(9, days=-9), "ends_at": tomorrow(10, days=-9)}
    held = {"course_id": anybody, "code": "C", "attended": 3}
    return [
        ("POST", f"/v1/bases/{office.base_id}/equipment", lent),
        ("POST", "/v1/menu-items", item | base | {"most_headcount": 9, "venue_kinds": ["hall"]}),
        ("POST", "/v1/packages", base | {"code": "P", "name": "套", "parts": [part]}),
        ("POST", "/v1/lecture-halls", hall | base),
        ("POST", "/v1/courses", {"hall_id": anybody, "code": "K", "name": "课", "kind": "morals"}),
        ("POST", "/v1/sessions", times | {"course_id": anybody, "place": "厅", "seats": 9}),
        ("POST", "/v1/sessions/held", held | past),
        ("POST", f"/v1/sessions/{anybody}/sign-ups", {"headcount": 3, "channel": "phone"}),
    ]


def people(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """Commands about lecturers and their shifts, what visitors say, and who looks on."""
    anybody = str(new_id())
    lecturer = {"code": "L", "name": "测试讲师甲", "phone": "13800001234", "area": COMMUNITY}
    hired = {"roles": ["lecturer"], "skills": ["party-history"], "engagement": "volunteer"}
    shift = {"base_id": office.base_id, "lecturer_id": anybody, "day": "2026-06-11"}
    rated = {"score": 5, "aspects": {}, "comment": "好"}
    return [
        ("POST", "/v1/lecturers", lecturer | hired | {"engaged_on": "2026-01-01"}),
        ("POST", "/v1/guide-shifts", shift | {"begins": "09:00", "ends": "12:00"}),
        ("PUT", f"/v1/bookings/{anybody}/lecturers/{anybody}", {"occurred_at": None}),
        ("POST", f"/v1/bookings/{anybody}/feedback", rated),
        ("POST", "/v1/feeds", {"scope": "venue", "id": office.hall}),
    ]


def answered(answer: httpx.Response, told: object) -> None:
    assert answer.status_code < 500, (told, answer.text)
    if answer.is_error:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"]


@fuzz
@given(data=st.data())
async def test_no_body_makes_a_command_fall_over(office, data):
    method, path, good = data.draw(st.sampled_from(commands(office)))
    changed = data.draw(
        st.dictionaries(st.sampled_from(sorted(good)) | st.text(max_size=5), anything, max_size=3)
    )
    headers = {"content-type": "application/json", "If-Match": '"1"'}

    answer = await office.bases.request(
        method, path, content=json.dumps(good | changed), headers=office.scene.headers(**headers)
    )

    answered(answer, changed)


@fuzz
@given(body=st.binary(max_size=200) | anything.map(lambda v: json.dumps(v).encode()))
async def test_no_bytes_make_a_command_fall_over(office, body):
    headers = office.scene.headers(**{"content-type": "application/json"})

    answered(await office.bases.post("/v1/bookings", content=body, headers=headers), body)


@fuzz
@given(data=st.data())
async def test_no_question_makes_a_list_fall_over(office, data):
    description = office.bases.app.openapi()["paths"]
    path = data.draw(st.sampled_from(sorted(p for p in description if "get" in description[p])))
    known = [p["name"] for p in description[path]["get"].get("parameters", [])]
    text = st.sampled_from(HOSTILE) | st.text(max_size=20)
    asked = data.draw(st.dictionaries(st.sampled_from([*known, "x"]), text, max_size=4))
    filled = path
    for name in (name for name in known if f"{{{name}}}" in path):
        wild = data.draw(st.sampled_from([office.base_id, office.hall, "%", "a/b", "0" * 36]))
        filled = filled.replace(f"{{{name}}}", quote(wild, safe=""))
    query = "&".join(
        f"{quote(k)}={quote(v.encode('utf-8', 'surrogatepass'))}" for k, v in asked.items()
    )

    answer = await office.bases.get(f"{filled}?{query}", headers=office.scene.headers())

    if path != "/readyz":  # not running: it rightly says so
        answered(answer, (filled, asked))


@fuzz
@given(
    names=st.dictionaries(
        st.sampled_from(
            [
                *("authorization", "idempotency-key", "if-match", "accept-language", "accept"),
                *("content-type", "content-length", "x-correlation-id", "traceparent"),
            ]
        ),
        st.binary(max_size=60).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"")),
    )
)
async def test_no_header_makes_a_command_fall_over(office, names):
    headers = {name.encode(): value.encode() for name, value in office.scene.headers().items()} | {
        name.encode(): value for name, value in names.items()
    }
    request = office.bases.build_request(
        "PATCH", f"/v1/venues/{office.hall}", content=b'{"floor": 3}', headers=headers
    )

    answered(await office.bases.send(request), names)
