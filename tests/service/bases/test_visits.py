"""Visits over HTTP: who came along and what for, put right, taken back, and who never came."""

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.catalogue import EVENTS
from services.bases.tables.visits import unvisiting
from services.chassis.ids import new_id
from tests.clock import office_clock
from tests.service.office import COMMUNITY
from tests.together import together

ORGANISATION = """
INSERT INTO organisation (organisation_id, code, name, kind, area, dissolved_on)
VALUES ($1, $2, $2, $3, $4, $5)
"""

MANY = """
INSERT INTO visit (visit_id, base_id, area, visitor_level, channel, actual_headcount, started_at,
                   recorded_at, organisation_id, with_organisation_ids)
SELECT gen_random_uuid(), $1, '410305001001', 'city', 'form', 1,
       timestamptz '2026-01-01' + n * interval '1 hour', now(), gen_random_uuid(),
       ARRAY[gen_random_uuid()]
  FROM generate_series(1, 5000) n
"""
THEIRS = """
INSERT INTO organisation (organisation_id, code, name, kind, area)
SELECT gen_random_uuid(), 'N' || n, 'N' || n, 'branch', '41030' || 10000000 + n % 200
  FROM generate_series(1, 5000) n
"""


@pytest.fixture
async def db(database):
    return (await database("bases")).pool


async def organisation(db, code: str, kind: str = "branch", area: str = COMMUNITY, gone=None):
    made = new_id()
    await db.execute(ORGANISATION, made, code, kind, area, gone)
    return str(made)


def visit(office, **given: Any) -> dict[str, Any]:
    return {
        "base_id": office.base_id,
        "venue_id": office.hall,
        "organisation_id": office.organisation_id,
        "visitor_level": "city",
        "channel": "form",
        "headcount": 32,
        "planned_headcount": 30,
        "started_at": "2026-05-08T09:00:00+08:00",
        "ended_at": "2026-05-08T10:00:00+08:00",
    } | given


async def came(office, **given: Any) -> dict[str, Any]:
    answer = await office.post("/v1/visits", visit(office, **given))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def correct(office, seen: dict[str, Any], **changes: Any):
    return await office.bases.patch(
        f"/v1/visits/{seen['visit_id']}",
        json=changes,
        headers=office.scene.headers(**{"If-Match": f'"{seen["version"]}"'}),
    )


async def withdraw(office, seen: dict[str, Any], reason: str = "entered-twice"):
    headers = {"If-Match": f'"{seen["version"]}"'}
    return await office.post(
        f"/v1/visits/{seen['visit_id']}/withdraw", {"reason": reason}, **headers
    )


async def listed(office, path: str = "/v1/visits", **asked: Any) -> list[dict[str, Any]]:
    answer = await office.bases.get(path, params=asked, headers=office.scene.headers())
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def told(db, *aggregates: str) -> list[tuple[str, int, str, dict[str, Any]]]:
    """Names, versions, days and data of events, in order."""
    rows = await db.fetch("SELECT body, aggregate_version FROM event_log ORDER BY id")
    found = [(json.loads(row["body"]), row["aggregate_version"]) for row in rows]
    return [
        (".".join(body["type"].split(".")[2:4]), version, body["time"][:10], body["data"])
        for body, version in found
        if body["type"].split(".")[2] in aggregates
    ]


async def test_a_visit_of_several_organisations_is_cross_unit_and_one_batch(office, db):
    along = [await organisation(db, "B2"), await organisation(db, "B3")]

    seen = await came(office, with_organisation_ids=along)

    assert (seen["with_organisation_ids"], seen["version"]) == (along, 3)
    names = [(name, version) for name, version, _, _ in await told(db, "visit")]
    assert names == [("visit.completed", 1), ("visit.joined", 2), ("visit.joined", 3)]
    assert (await told(db, "visit"))[0][3]["cross_unit"] is True
    await came(office)
    assert len(await listed(office, cross_unit=True)) == 1
    assert len(await listed(office, cross_unit=False)) == 1
    assert len(await listed(office, organisation_id=along[1])) == 1


async def test_nobody_comes_along_twice_or_with_itself(office):
    answer = await office.post(
        "/v1/visits", visit(office, with_organisation_ids=[office.organisation_id])
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "companion-twice")
    unknown = await office.post("/v1/visits", visit(office, with_organisation_ids=[str(new_id())]))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "organisation-unknown")


async def test_a_correction_is_told_for_the_day_of_the_visit_with_all_it_takes_back(office, db):
    other = await organisation(db, "B2")
    seen = await came(office)

    answer = await correct(office, seen, headcount=23, visitor_level="district",
                           with_organisation_ids=[other])  # fmt: skip

    assert (answer.status_code, answer.json()["version"]) == (200, 3)
    _, event, joined = await told(db, "visit")
    assert event[:3] == ("visit.corrected", 2, "2026-05-08")
    assert (event[3]["was_actual_headcount"], event[3]["actual_headcount"]) == (32, 23)
    assert (event[3]["was_visitor_level"], event[3]["visitor_level"]) == ("city", "district")
    assert joined[:3] == ("visit.joined", 3, "2026-05-08")
    assert (event[3]["correction"], event[3]["booked"]) == (1, False)
    same = await correct(office, answer.json(), headcount=23)
    assert same.json()["version"] == 3


async def test_a_visit_stays_on_its_day_and_at_the_version_that_was_seen(office):
    seen = await came(office)

    moved = await correct(office, seen, started_at="2026-05-07T09:00:00+08:00")
    assert (moved.status_code, moved.json()["code"]) == (422, "visit-day-fixed")
    assert (await correct(office, seen, started_at="2026-05-08T08:00:00+08:00")).status_code == 200
    assert (await correct(office, seen, headcount=1)).status_code == 412


async def test_a_withdrawn_visit_is_gone_from_the_list_and_takes_everything_with_it(office, db):
    other = await organisation(db, "B2")
    seen = await came(office, with_organisation_ids=[other], purpose_kind="film")

    answer = await withdraw(office, seen)

    assert answer.status_code == 200
    assert (await listed(office), await listed(office, "/v1/occasions")) == ([], [])
    assert len(await listed(office, withdrawn=True)) == 1
    names = [name for name, *_ in await told(db, "visit", "film")]
    assert names == [
        *("visit.completed", "visit.joined", "film.shown"),
        *("visit.withdrawn", "visit.parted", "film.withdrawn"),
    ]
    assert {day for _, _, day, _ in await told(db, "visit", "film")} == {"2026-05-08"}
    again = await withdraw(office, answer.json())
    assert (again.status_code, again.json()["code"]) == (409, "visit-withdrawn")


async def test_of_two_who_withdraw_a_visit_at_once_one_does(office, db):
    seen = await came(office)

    answers = await together(withdraw(office, seen) for _ in range(8))

    assert Counter(each.status_code for each in answers) == {200: 1, 412: 7}
    assert len(await told(db, "visit")) == 2


async def completed(office, **given: Any) -> dict[str, Any]:
    hour = office_clock().replace(minute=0, second=0, microsecond=0)
    booking = await office.book(
        starts_at=(hour - timedelta(hours=3)).isoformat(),
        ends_at=(hour - timedelta(hours=2)).isoformat(),
        occurred_at=(hour - timedelta(days=1)).isoformat(),
    )
    await office.step(booking, "confirm")
    await office.step(booking, "check-in", headcount=18)
    await office.step(booking, "complete", **given)
    (seen,) = await listed(office)
    return seen


async def test_the_visit_of_a_booking_is_corrected_in_what_its_booking_does_not_say(office, db):
    other = await organisation(db, "B2")
    seen = await completed(office, with_organisation_ids=[other])
    assert seen["with_organisation_ids"] == [other]

    refused = await correct(office, seen, visitor_level="city")
    gone = await withdraw(office, seen)
    right = await correct(office, seen, headcount=16)

    assert {(each.status_code, each.json()["code"]) for each in (refused, gone)} == {
        (409, "visit-of-booking")
    }
    assert right.json()["actual_headcount"] == 16
    assert (await told(db, "visit"))[-1][3]["booked"] is True


# Films, trainings, tours


async def test_a_visit_for_a_film_is_a_showing_and_follows_its_corrections(office, db):
    seen = await came(office, purpose_kind="film", film_kind="warning")

    (showing,) = await listed(office, "/v1/occasions", sort="film")
    assert (showing["kind_label"], showing["headcount"]) == ("警示教育影片", 32)
    alone = await office.post(
        f"/v1/occasions/{showing['occasion_id']}/withdraw", {}, **{"If-Match": '"1"'}
    )
    assert (alone.status_code, alone.json()["code"]) == (409, "occasion-of-visit")

    fewer = (await correct(office, seen, headcount=23)).json()
    (showing,) = await listed(office, "/v1/occasions", sort="film")
    assert (showing["kind"], showing["headcount"]) == ("warning", 23)

    await correct(office, fewer, purpose_kind="party-lecture")
    assert await listed(office, "/v1/occasions", sort="film") == []
    (training,) = await listed(office, "/v1/occasions", sort="training")
    assert (training["kind"], training["headcount"]) == ("party-lecture", 23)
    wrong = await office.post("/v1/visits", visit(office, purpose_kind="tour", film_kind="warning"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not-held-in-visit")


@pytest.mark.parametrize(
    ("sort", "kind", "event"),
    [
        ("film", "party-history", "film.shown"),
        ("training", "training", "training.completed"),
        ("tour", "work", "tour.completed"),
    ],
)
async def test_what_was_held_without_a_visit_is_entered_and_withdrawn_alone(
    office, db, sort, kind, event
):
    body = {
        "sort": sort,
        "kind": kind,
        "base_id": office.base_id,
        "headcount": 40,
        "started_at": "2026-05-08T09:00:00+08:00",
    }
    made = await office.post("/v1/occasions", body)
    assert made.status_code == 201, made.text
    path = f"/v1/occasions/{made.json()['occasion_id']}/withdraw"
    assert (await office.post(path, {}, **{"If-Match": '"1"'})).status_code == 200

    found = await told(db, sort)
    assert [(name, version, day) for name, version, day, _ in found] == [
        (event, 1, "2026-05-08"),
        (f"{sort}.withdrawn", 2, "2026-05-08"),
    ]
    shown, taken_back = (
        EVENTS[f"jiceng.bases.{name}.v1"].model_validate(data) for name, _, _, data in found
    )
    assert dict(shown) == dict(taken_back)
    unknown = await office.post("/v1/occasions", body | {"kind": "no-such"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-kind")


# Who never came


async def test_branch_that_never_visited_is_listed_until_it_comes_or_comes_along(office, db):
    asked = {"from": "2026-01-01", "to": "2026-12-31"}
    path = "/v1/unvisiting-organisations"
    led, along = office.organisation_id, await organisation(db, "B2", "grid-branch")
    await organisation(db, "G1", "group")
    await organisation(db, "Z1", "branch", COMMUNITY, office_clock().date())
    away = await organisation(db, "A1", "committee", "410305002001")

    async def codes(**more: Any) -> list[str]:
        return [each["code"] for each in await listed(office, path, **asked | more)]

    assert await codes() == ["A1", "B1", "B2"]
    assert await codes(within=COMMUNITY) == ["B1", "B2"]
    assert await codes(kind="group") == ["G1"]
    seen = await came(office, organisation_id=led, with_organisation_ids=[along])
    assert await codes() == ["A1"]
    assert await codes(**{"from": "2026-05-09"}) == ["A1", "B1", "B2"]
    (first, *_) = await listed(office, path, **asked | {"from": "2026-05-09", "kind": "branch"})
    assert first["last_visit_at"] == "2026-05-08T01:00:00Z"
    await withdraw(office, seen)
    assert await codes() == ["A1", "B1", "B2"]
    await came(office, organisation_id=away, started_at="2026-06-01T00:00:00+08:00", ended_at=None)
    assert await codes(**{"from": "2026-06-01", "to": "2026-06-01"}) == ["B1", "B2", "Z1"]
    assert await codes(to="2026-05-31") == ["A1", "B1", "B2", "Z1"]


async def test_the_list_of_who_never_came_reads_indexes(office, db):
    await db.execute(MANY, UUID(office.base_id))
    await db.execute(THEIRS)
    await db.execute("ANALYZE visit")
    await db.execute("ANALYZE organisation")

    plans = await db.fetch(
        "EXPLAIN " + unvisiting.statement(1),
        *(50, ["branch"], office_clock() - timedelta(days=365), office_clock()),
        *(office_clock().date(), None, None, COMMUNITY),
    )

    plan = "\n".join(row[0] for row in plans)
    assert "Seq Scan" not in plan
    assert {"visit_organisation", "visit_with", "organisation_area"} <= set(
        re.findall(r"\w+", plan)
    )


async def retire(office, path: str, version: int):
    headers = {"If-Match": f'"{version}"'}
    body = {"occurred_at": "2026-06-09T18:00:00+08:00"}
    answer = await office.post(f"{path}/retire", body, **headers)
    assert answer.status_code == 200, answer.text


async def test_nothing_is_entered_for_a_place_after_it_was_retired_and_what_was_before_is(office):
    before = {"started_at": "2026-06-09T17:00:00+08:00", "ended_at": None}
    after = {"started_at": "2026-06-09T18:00:00+08:00", "ended_at": None}
    await retire(office, f"/v1/venues/{office.hall}", 1)
    at_hall = await office.post("/v1/visits", visit(office, **after))
    elsewhere = await came(office, **after | {"venue_id": None})
    moved = await correct(office, elsewhere, venue_id=office.hall)
    await came(office, **before)
    await retire(office, f"/v1/bases/{office.base_id}", 1)
    at_base = await office.post("/v1/visits", visit(office, **after | {"venue_id": None}))
    await came(office, **before | {"venue_id": None})

    for refused in (at_hall, moved, at_base):
        assert (refused.status_code, refused.json()["code"]) == (409, "retired"), refused.text


async def test_places_are_listed_in_use_or_retired(office):
    await retire(office, f"/v1/venues/{office.hall}", 1)

    async def codes(path: str, **asked: Any) -> list[str]:
        answer = await office.bases.get(path, params=asked, headers=office.scene.headers())
        assert answer.status_code == 200, answer.text
        return [row["code"] for row in answer.json()["items"]]

    for path in ("/v1/venues", f"/v1/bases/{office.base_id}/venues"):
        assert await codes(path, in_use=True) == ["CG-2"]
        assert await codes(path, in_use=False) == ["CG-1"]
        assert await codes(path) == ["CG-1", "CG-2"]
    await retire(office, f"/v1/bases/{office.base_id}", 1)
    assert await codes("/v1/bases", in_use=True) == []
    assert await codes("/v1/bases", in_use=False) == ["JD-1"]
