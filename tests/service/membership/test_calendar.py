"""The working calendar over HTTP: seeded, entered by year, changed by day, and missed in time."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.chassis import sweeps
from services.membership.handlers.calendar import CALENDAR_SWEEP
from services.membership.tables.calendar import working_calendar
from tests.service.membership.test_tree_over_http import Registry, registry
from tests.together import together

__all__ = ["registry"]
NEXT = 2027
NATIONAL_DAY = {"day": "2027-10-01", "works": False, "holiday_kind": "national-day"}
WORKED_SUNDAY = {"day": "2027-10-10", "works": True, "holiday_kind": "national-day"}


def clock(*moment: int):
    return lambda: datetime(*moment, tzinfo=UTC)


async def enter(registry: Registry, *days: dict, year: int = NEXT, role: str = "admin", **headers):
    body = {"source": "国办发明电〔2026〕9号", "exceptions": list(days or (NATIONAL_DAY,))}
    headers = registry.scene.headers(role, **headers)
    return await registry.client.put(f"/v1/calendar/years/{year}", json=body, headers=headers)


async def change(registry: Registry, day: str, version: int, **given):
    body = {"source": "国办发明电〔2026〕10号", "works": False} | given
    return await registry.client.put(
        f"/v1/calendar/days/{day}",
        json=body,
        headers=registry.scene.headers(**{"If-Match": f'"{version}"'}),
    )


async def test_the_published_years_are_there_from_the_start(registry):
    years = await registry.get("/v1/calendar")
    golden_week = (await registry.get("/v1/calendar/2026")).json()["exceptions"]

    assert [year["year"] for year in years.json()][:23] == list(range(2004, 2027))
    by_day = {each["day"]: each for each in golden_week}
    assert (by_day["2026-10-01"]["works"], by_day["2026-10-01"]["label"]) == (False, "国庆节")
    assert by_day["2026-10-10"]["works"] is True
    assert "2026-10-03" not in by_day


async def test_working_days_cross_the_national_holiday(registry):
    async with registry.client.app.state.context.database.sessions() as session:
        calendar = await working_calendar(session)

    assert calendar.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.works(date(2026, 10, 10))


async def test_a_year_without_data_is_a_clear_problem(registry):
    answer = await registry.get("/v1/calendar/2028")

    assert (answer.status_code, answer.json()["code"]) == (422, "calendar-missing")
    assert answer.json()["year"] == 2028


async def test_a_year_is_entered_once_then_the_same_then_only_by_version(registry):
    first = await enter(registry, NATIONAL_DAY)
    again = await enter(registry, NATIONAL_DAY)
    unseen = await enter(registry, NATIONAL_DAY, WORKED_SUNDAY)
    seen = await enter(registry, NATIONAL_DAY, WORKED_SUNDAY, **{"If-Match": '"1"'})

    assert [a.status_code for a in (first, again, unseen, seen)] == [201, 200, 428, 200]
    assert [a.json()["version"] for a in (first, again, seen)] == [1, 1, 2]
    assert [day["day"] for day in seen.json()["exceptions"]] == ["2027-10-01", "2027-10-10"]


async def test_a_day_is_changed_and_changed_back(registry):
    await enter(registry)
    off = await change(registry, "2027-10-08", 1)
    stale = await change(registry, "2027-10-08", 1, works=True)
    back = await change(registry, "2027-10-08", 2, works=True)

    assert [a.status_code for a in (off, stale, back)] == [200, 412, 200]
    assert [day["day"] for day in off.json()["exceptions"]] == ["2027-10-01", "2027-10-08"]
    assert [day["day"] for day in back.json()["exceptions"]] == ["2027-10-01"]


async def test_of_two_edits_at_once_one_is_told_to_look_again(registry):
    await enter(registry)
    answers = await together(change(registry, f"2027-10-{day:02}", 1) for day in (4, 5, 6, 7))

    assert sorted(a.status_code for a in answers) == [200, 412, 412, 412]


async def test_a_year_entered_by_two_at_once_is_entered_once(registry):
    answers = await asyncio.gather(
        enter(registry, NATIONAL_DAY), enter(registry, NATIONAL_DAY, WORKED_SUNDAY)
    )

    assert sorted(a.status_code for a in answers) == [201, 428]


async def test_a_day_of_an_unknown_year_cannot_be_changed(registry):
    answer = await change(registry, "2029-10-08", 0)

    assert (answer.status_code, answer.json()["code"]) == (422, "calendar-missing")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ({**NATIONAL_DAY, "day": "2026-10-01"}, "day-outside-year"),
        ({**NATIONAL_DAY, "holiday_kind": "birthday"}, "unknown-kind"),
    ],
)
async def test_what_cannot_be_is_refused(registry, day, code):
    answer = await enter(registry, day)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_the_calendar_is_for_those_who_manage_standards_everywhere(registry):
    clerk = await enter(registry, role="community-worker")
    street = await enter(registry, role="admin", area="410305001")

    assert [a.status_code for a in (clerk, street)] == [403, 403]
    assert street.json()["code"] == "area-out-of-scope"


async def test_the_arrangement_comes_as_a_file(registry):
    file = await registry.get("/v1/calendar/2026/export", format="csv")

    assert file.text.startswith("\ufeff日期,星期,安排,节假日,文号")
    assert "2026-10-01,星期四,放假,国庆节" in file.text


async def test_a_missing_year_is_told_from_the_middle_of_december_until_it_is_entered(scene, start):
    registry = Registry(scene, await start("membership", background=False))
    await registry.put_area("410305", "涧西区")

    async def swept(*moment: int) -> int:
        client = await start("membership", background=False, clock=clock(*moment))
        return await sweeps.once(client.app.state.context, CALENDAR_SWEEP)

    before, on, again = [await swept(2026, 12, d, 2) for d in (14, 15, 16)]
    raised = (await registry.get("/v1/alerts", kind="calendar-missing")).json()["items"]
    await enter(registry)
    cleared = (await registry.get("/v1/alerts", kind="calendar-missing")).json()["items"]

    assert (before, on, again) == (0, 1, 0)
    assert [(a["facts"], a["due_on"], a["rule"]) for a in raised] == [
        ({"year": 2027}, "2026-12-15", "calendar.due")
    ]
    assert cleared == []
