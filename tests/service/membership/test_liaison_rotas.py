"""Rotas over HTTP: laid out in fair rotation, closed on holidays, swapped, attended, counted."""

import io
from collections import Counter
from datetime import UTC, datetime

import pytest
from docx import Document

from services.chassis import sweeps
from services.membership.handlers.liaison.rotas import DUTY_SWEEP
from tests.service.membership.duty import (
    COMMUNITY,
    GRID,
    NEXT_GRID,
    SHIFTS,
    DutyOffice,
    on_duty,
    open_duty_office,
)
from tests.together import together


@pytest.fixture
async def office(scene, start) -> DutyOffice:
    return await open_duty_office(scene, start)


async def test_seven_points_five_days_two_shifts_are_seventy_slots_a_week(office):
    estates = ["XQ-1"] * 3 + ["XQ-2"] * 4
    points = [await office.open(f"D-{n}", estate_code=e) for n, e in enumerate(estates)]
    for n, point in enumerate(points):
        await office.adopt(f"Z-{n}", point_id=point["point_id"])

    adopted = await office.log("duty-rota.adopted")

    assert len(adopted) == 7
    assert sum(event["slots_per_week"] for event in adopted) == 70


async def test_a_week_is_laid_out_in_fair_rotation(office):
    rota = await office.adopt()
    await office.staff(rota)
    planned = await office.plan(rota)
    slots = await office.week()

    assert planned["planned_until"] == "2026-06-14"
    assert len(slots) == 10
    assert slots[0]["starts_at"].startswith("2026-06-08T01:00")
    turns = on_duty(slots)
    assert turns[:4] == office.people
    assert sorted(Counter(turns).values()) == [2, 2, 3, 3]
    assert {each["masked_name"] for each in slots[0]["on_duty"]} == {"测**"}
    assert len(await office.log("duty-shift.assigned")) == 10


async def test_laying_out_again_adds_only_what_is_new_and_goes_on_with_the_turns(office):
    rota = await office.adopt()
    await office.staff(rota)
    await office.plan(rota)
    again = await office.plan(rota)
    longer = await office.plan(rota, "2026-06-18")

    assert again["planned_until"] == "2026-06-14"
    assert longer["planned_until"] == "2026-06-18"
    assert len(await office.week()) == 10
    second = on_duty(await office.week("2026-W25"))
    first = on_duty(await office.week())
    assert Counter(first + second) == Counter(dict.fromkeys(office.people, 4)) + Counter(
        (first + second)[16:]
    )


async def test_the_point_is_closed_on_public_holidays(office):
    """19 June 2026 is the Dragon Boat Festival, a Friday."""
    rota = await office.adopt()
    await office.staff(rota)
    await office.plan(rota, "2026-06-21")

    days = {slot["starts_at"][:10] for slot in await office.week("2026-W25")}

    assert days == {"2026-06-15", "2026-06-16", "2026-06-17", "2026-06-18"}


async def test_a_year_without_calendar_is_refused_by_command_and_left_alone_by_the_clock(office):
    rota = await office.adopt()
    await office.staff(rota)
    refused = await office.post(f"/v1/duty-rotas/{rota['rota_id']}/plan", until="2027-01-31")
    office.clock.now = datetime(2026, 12, 20, tzinfo=UTC)
    await sweeps.once(office.client.app.state.context, DUTY_SWEEP)
    planned = await office.get(f"/v1/duty-rotas/{rota['rota_id']}")

    assert (refused.status_code, refused.json()["code"]) == (422, "calendar-missing")
    assert planned.json()["planned_until"] == "2026-12-31"


async def test_the_clock_lays_out_four_weeks_and_is_safe_to_repeat(office):
    rota = await office.adopt()
    await office.staff(rota)
    context = office.client.app.state.context

    done = [await sweeps.once(context, DUTY_SWEEP) for _ in range(2)]

    assert done == [1, 0]
    found = (await office.get(f"/v1/duty-rotas/{rota['rota_id']}")).json()
    assert found["planned_until"] == "2026-07-04"


async def test_whoever_is_absent_is_left_out(office):
    rota = await office.adopt()
    await office.staff(rota)
    away = office.people[0]
    await office.made(
        "/v1/duty-absences",
        holder={"holder_id": away},
        first_day="2026-06-08",
        last_day="2026-06-10",
    )
    await office.plan(rota)

    slots = await office.week()

    assert away not in on_duty([s for s in slots if s["starts_at"] < "2026-06-10T23"])
    assert on_duty([s for s in slots if s["starts_at"] > "2026-06-10T23"])[0] == away


async def test_nobody_is_asked_to_two_points_at_one_time_even_when_there_are_too_few(office):
    far = await office.open("LL-2")
    rotas = [await office.adopt(), await office.adopt("ZB-2", point_id=far["point_id"])]
    for rota in rotas:
        await office.staff(rota, office.people[0])
        await office.plan(rota)

    slots = await office.week()

    assert len(slots) == 20
    assert sum(not slot["on_duty"] for slot in slots) == 10


async def test_rotas_laid_out_at_once_never_share_somebody(office):
    rotas = [await office.adopt()]
    for n in range(2, 6):
        point = await office.open(f"LL-{n}")
        rotas.append(await office.adopt(f"ZB-{n}", point_id=point["point_id"]))
    for rota in rotas:
        await office.staff(rota)

    await together(office.plan(rota) for rota in rotas)

    at_once = Counter(
        (slot["starts_at"], each["holder_id"])
        for slot in await office.week()
        for each in slot["on_duty"]
    )
    assert set(at_once.values()) == {1}
    assert len(at_once) == 40


async def test_a_changed_rota_is_laid_out_anew(office):
    rota = await office.adopt()
    await office.staff(rota)
    planned = await office.plan(rota)
    changed = await office.send(
        "PATCH",
        f"/v1/duty-rotas/{rota['rota_id']}",
        version=planned["version"],
        shifts=SHIFTS[:1],
        headcount=2,
    )
    slots = await office.week()

    assert (changed.status_code, changed.json()["slots_per_week"]) == (200, 5)
    assert [len(slot["on_duty"]) for slot in slots] == [2] * 5
    assert len(await office.log("duty-shift.released")) == 10
    (event,) = await office.log("duty-rota.changed")
    assert (event["was_slots_per_week"], event["slots_per_week"]) == (10, 5)


async def test_closing_a_point_ends_its_rotas_and_releases_what_is_ahead(office):
    rota = await office.adopt()
    await office.staff(rota)
    await office.plan(rota)
    path = f"/v1/liaison-points/{office.point['point_id']}/close"
    closed = await office.post(path, version=1, on="2026-06-10")
    refused = await office.post(path, version=2)

    assert closed.json()["closed_on"] == "2026-06-10"
    assert len(await office.week()) == 6
    assert [e["ended_on"] for e in await office.log("duty-rota.ended")] == ["2026-06-10"]
    assert refused.json()["code"] == "liaison-point-closed"


async def test_attendance_earns_points_once_and_a_correction_takes_them_back(office):
    rota = await office.adopt()
    await office.staff(rota)
    await office.plan(rota)
    duty = (await office.week())[0]["on_duty"][0]
    path = f"/v1/duties/{duty['duty_id']}/attendance"
    early = await office.post(path, version=1, outcome="attended")
    office.clock.now = datetime(2026, 6, 8, 4, tzinfo=UTC)
    came = await office.post(path, version=1, outcome="attended")
    again = await office.post(path, version=2, outcome="attended")
    missed = await office.post(path, version=2, outcome="missed")
    after_all = await office.post(path, version=3, outcome="attended")

    assert (early.status_code, early.json()["code"]) == (422, "duty-not-begun")
    assert [a.json()["version"] for a in (came, again, missed, after_all)] == [2, 2, 3, 4]
    pool = office.client.app.state.context.database.pool
    amounts = [
        row["amount"]
        for row in await pool.fetch(
            "SELECT amount FROM points_entry WHERE subject_id = $1 ORDER BY entry_id",
            duty["holder_id"],
        )
    ]
    assert amounts == [1, -1, -2, 2, 1]


async def test_a_patrol_walks_grids_in_batches_of_time(office):
    patrol = await office.adopt(
        "XF-1",
        kind="patrol",
        point_id=None,
        weekdays=[5, 6, 7],
        shifts=[{"starts": "19:00", "ends": "20:30"}, {"starts": "20:30", "ends": "22:00"}],
        headcount=2,
        routes=[GRID, NEXT_GRID],
    )
    await office.staff(patrol)
    await office.plan(patrol)
    slots = await office.week(kind="patrol")

    assert patrol["routes"] == [GRID, NEXT_GRID]
    assert len(slots) == 6
    assert Counter(on_duty(slots)) == Counter(dict.fromkeys(office.people, 3))


async def test_supervision_visits_a_branch(office):
    (duty,) = await office.made(
        "/v1/duties",
        kind="supervision",
        organisation_id=office.branch,
        area=COMMUNITY,
        visited_id=office.other,
        starts_at="2026-06-09T09:00:00+08:00",
        ends_at="2026-06-09T10:00:00+08:00",
        holders=[{"holder_id": office.people[0]}],
    )

    assert duty["visited_id"] == office.other
    assert [slot["kind"] for slot in await office.week()] == ["supervision"]


async def test_at_least_once_a_month_is_a_lower_bound_and_lays_nothing_out(office):
    rota = await office.adopt(
        "KC-1",
        kind="field-visit",
        point_id=None,
        weekdays=[],
        shifts=[],
        times_per_month=1,
        bound="at-least",
    )

    assert (rota["slots_per_week"], rota["times_per_month"], rota["bound"]) == (0, 1, "at-least")
    assert await sweeps.once(office.client.app.state.context, DUTY_SWEEP) == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"weekdays": []}, "rota-without-times"),
        ({"times_per_month": 2}, "rota-without-times"),
        ({"shifts": [SHIFTS[0], {"starts": "10:00", "ends": "12:00"}]}, "shifts-overlap"),
        ({"shifts": [{"starts": "11:00", "ends": "09:00"}]}, "shifts-overlap"),
        ({"point_id": None}, "liaison-point-missing"),
        ({"routes": ["410305002"]}, "outside-organisation"),
        ({"effective_from": "2025-12-31"}, "liaison-point-not-open"),
    ],
)
async def test_a_rota_that_cannot_be_is_refused(office, given, code):
    body = {
        "code": "ZB-9",
        "organisation_id": office.branch,
        "area": COMMUNITY,
        "point_id": office.point["point_id"],
        "weekdays": [1],
        "shifts": SHIFTS,
        "effective_from": "2026-01-05",
    }
    answer = await office.post("/v1/duty-rotas", **(body | given))

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_the_table_is_printed_with_masked_names_or_for_a_purpose_in_full(office):
    rota = await office.adopt()
    await office.staff(rota)
    await office.plan(rota)
    path = f"/v1/liaison-points/{office.point['point_id']}/duty-table.docx"
    masked = await office.get(path, week="2026-W24")
    full = await office.get(path, week="2026-W24", purpose="联络点公示")
    forbidden = await office.get(path, "viewer", week="2026-W24", purpose="好奇")
    table = await office.get(
        "/v1/duty-table/export", within=COMMUNITY, week="2026-W24", format="csv"
    )

    def cells(file) -> list[list[str]]:
        rows = Document(io.BytesIO(file.content)).tables[0].rows
        return [[cell.text for cell in row.cells] for row in rows]

    assert cells(masked)[0] == ["时间"] + [
        f"星期{day}\n6月{n}日" for n, day in enumerate("一二三四五", 8)
    ]
    assert cells(masked)[1][:2] == ["09:00-11:00", "测**"]
    assert cells(full)[1][:2] == ["09:00-11:00", "测试甲"]
    assert forbidden.status_code == 403
    assert "2026-06-08,星期一,09:00-11:00,LL-1联络点,联络点值班,测**,自管党员" in table.text
    pool = office.client.app.state.context.database.pool
    readings = await pool.fetch("SELECT purpose FROM personal_reading")
    assert {row["purpose"] for row in readings} == {"联络点公示"}


async def test_a_whole_district_is_too_wide_for_one_table(office):
    wide = await office.get("/v1/duty-table", within="410305")
    wrong = await office.get("/v1/duty-table", within=COMMUNITY, week="2026-W60")

    assert (wide.status_code, wide.json()["field"]) == (422, "within")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "query.week")
