"""The utilisation report, beside a count minute by minute."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest

from services.chassis.clock import LOCAL
from services.chassis.ids import new_id
from tests.service.office import COMMUNITY

FIRST, DAYS = date(2026, 5, 25), 14
PERIOD = {"from": str(FIRST), "to": str(FIRST + timedelta(days=DAYS - 1))}
KEPT = {"confirmed", "checked-in", "completed", "no-show"}

BOOK = """
INSERT INTO booking (booking_id, base_id, base_kind, area, venue_id, venue_no, organisation_id,
                     starts_at, ends_at, during, headcount, channel, visitor_level, exclusive,
                     holds, status, version, recorded_at)
SELECT $1, base_id, 'red', $2, venue_id, no, $3, $4, $5, tstzrange($4, $5), 5, 'web', 'city',
       false, false, $6, 1, $4 FROM venue WHERE venue_id = $7
"""
VISIT = """
INSERT INTO visit (visit_id, base_id, venue_id, booking_id, area, visitor_level, channel,
                   actual_headcount, started_at, ended_at, recorded_at, withdrawn_at)
SELECT $1, base_id, venue_id, $2, $3, 'city', 'web', $4, $5, $6, $5, $7
  FROM venue WHERE venue_id = $8
"""
WEEK = {
    "monday": [["09:00", "11:30"], ["13:30", "18:00"]],
    "wednesday": [["20:30", "24:00"]],
    "thursday": [["00:00", "01:15"]],
    "saturday": [["10:10", "16:00"]],
}


def local(day, minute=0):
    return datetime.combine(FIRST, time(), LOCAL) + timedelta(days=day, minutes=minute)


def minutes(since, until):
    """The minutes of the fortnight that `[since, until)` covers."""
    first, last = ((each - local(0)) // timedelta(minutes=1) for each in (since, until))
    return set(range(max(0, first), min(DAYS * 1440, last)))


def open_minutes():
    found = set()
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for day in range(DAYS):
        for opens, closes in WEEK.get(days[day % 7], ()):
            clock = [int(a) * 60 + int(b) for a, b in (x.split(":") for x in (opens, closes))]
            found |= {day * 1440 + n for n in range(*clock)}
    return found - minutes(local(7, 600), local(7, 700))  # the closure


@pytest.fixture
async def fortnight(office, database):
    """Bookings and visits at random: the minutes booked and used, batches and persons."""
    bases, random = await database("bases"), Random(20260525)  # noqa: S311  the same every time
    answer = await office.bases.put(
        f"/v1/bases/{office.base_id}/opening-hours",
        json={"effective_from": "2026-01-01", "hours": WEEK},
        headers=office.scene.headers(),
    )
    assert answer.is_success, answer.text
    await bases.pool.execute(
        "INSERT INTO closure VALUES ($1, $2, NULL, $3, $4, $5, 'weather', NULL, 0, 1, $4)",
        new_id(), UUID(office.base_id), COMMUNITY, local(7, 600), local(7, 700),
    )  # fmt: skip
    booked, used, persons = set(), set(), []
    for number in range(120):
        since = local(random.randrange(-1, DAYS), random.randrange(1440))
        until = since + timedelta(minutes=random.randrange(10, 400))
        status = random.choice([*KEPT, "pending", "cancelled", "lapsed"])
        booking_id, came = new_id(), random.randrange(1, 60)
        await bases.pool.execute(
            BOOK, booking_id, COMMUNITY, new_id(), since, until, status, UUID(office.square)
        )
        booked |= minutes(since, until) if status in KEPT else set()
        if status != "completed":
            continue
        withdrawn = since if number % 5 == 0 else None
        ended = until + timedelta(minutes=random.randrange(-9, 90))  # ticked off late, mostly
        given = booking_id, COMMUNITY, came, since, ended, withdrawn, UUID(office.square)
        await bases.pool.execute(VISIT, new_id(), *given)
        if not withdrawn:
            used |= minutes(since, min(ended, until))
            persons += [came] if local(0) <= since < local(DAYS) else []
    walk_in = local(3, 30), None
    await bases.pool.execute(
        VISIT, new_id(), None, COMMUNITY, 7, *walk_in, None, UUID(office.square)
    )
    return booked, used, [*persons, 7]


async def got(office, path, role="admin", area="41", **params):
    answer = await office.bases.get(
        path, params=PERIOD | params, headers=office.scene.headers(role, area)
    )
    assert answer.status_code == 200, answer.text
    return answer


async def test_utilisation_report_counts_hours_open_booked_and_used_as_a_count_by_minutes_does(
    office, fortnight
):
    booked, used, persons = fortnight
    opened = open_minutes()

    square, hall = (await got(office, "/v1/utilisation", base_id=office.base_id)).json()
    cells = (await got(office, "/v1/utilisation/hours", base_id=office.base_id)).json()

    assert (square["venue_id"], hall["venue_id"]) == (office.square, office.hall)
    told = [round(square[f"{each}_hours"] * 60) for each in ("open", "booked", "used")]
    counted = opened, opened & booked, opened & used
    assert told == [pytest.approx(len(each), abs=1) for each in counted]
    assert 0 < len(opened & used) < len(opened & booked) < len(opened)
    assert square["used_rate"] == pytest.approx(len(opened & used) / len(opened), abs=0.001)
    assert (square["batches"], square["persons"]) == (len(persons), sum(persons))
    assert square["persons_an_hour"] == pytest.approx(sum(persons) * 60 / len(opened), abs=0.001)
    for kind, expected in zip(("open", "booked", "used"), counted, strict=True):
        by_hour = Counter((n // 1440 % 7 + 1, n % 1440 // 60) for n in expected)
        hours = {
            (cell["weekday"], cell["hour"]): round(cell[f"{kind}_hours"] * 60)
            for cell in cells
            if cell["venue_id"] == office.square and cell[f"{kind}_hours"]
        }
        assert hours == {key: pytest.approx(count, abs=1) for key, count in by_hour.items()}


async def test_the_least_used_come_first_where_they_are_asked_for(office, fortnight):
    [least] = (await got(office, "/v1/utilisation", order="least", top=1)).json()

    assert (least["venue_id"], least["used_hours"], least["batches"]) == (office.hall, 0, 0)


async def test_the_report_is_a_file_with_names_and_stays_within_the_areas_of_the_reader(
    office, fortnight
):
    file = await got(office, "/v1/utilisation/hours/export", within=COMMUNITY)
    other = await got(office, "/v1/utilisation", "viewer", "410306")

    assert "文化广场" in file.text
    assert "星期一" in file.text
    assert other.json() == []
