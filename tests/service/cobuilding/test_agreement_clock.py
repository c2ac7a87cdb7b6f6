"""What time brings about, also over outages: each once, in order, with its own day."""

from datetime import datetime

import pytest

from services.chassis.clock import business_date
from services.cobuilding.domain.agreements import life
from tests.service.cobuilding import agreeing
from tests.service.cobuilding.agreeing import path, read, sign, signature
from tests.together import together

RENEWING = {"renewal_months": 12, "notice_days": 30}


async def days(town, agreement, *names):
    """What happened to it, by name, with the office's day of each."""
    rows = await town.context.database.pool.fetch(
        "SELECT type, occurred_at FROM event_log WHERE aggregate_id = $1::uuid"
        " ORDER BY aggregate_version",
        agreement["agreement_id"],
    )
    told = [(row["type"].split(".")[3], business_date(row["occurred_at"])) for row in rows]
    return [(name, day.isoformat()) for name, day in told if name in names]


async def to(town, day, hour=9):
    town.clock.to(day, hour)
    await town.tick()


async def test_it_begins_on_its_first_day_and_expires_after_its_last(town):
    made = await agreeing.concluded(
        town, first_day="2026-04-01", last_day="2026-06-30", promises=[agreeing.PROMISE]
    )
    await to(town, "2026-03-31", 23)
    assert (await read(town, made))["status"] == "concluded"
    await to(town, "2026-04-01", 0)
    assert (await read(town, made))["status"] == "effective"
    await to(town, "2026-06-30", 23)
    assert (await read(town, made))["status"] == "effective"
    await to(town, "2026-07-01", 0)
    ended = await read(town, made)
    assert (ended["status"], ended["ended_on"]) == ("expired", "2026-06-30")


async def test_after_an_outage_all_has_happened_each_on_its_own_day(town):
    made = await agreeing.concluded(
        town, first_day="2026-04-01", last_day="2026-06-30", renewal_months=3, renewal_most=2
    )
    await to(town, "2027-02-15")
    ended = await read(town, made)
    assert (ended["status"], ended["ended_on"]) == ("expired", "2026-12-30")
    assert await days(town, made, "began", "extended", "ended") == [
        ("began", "2026-04-01"),
        ("extended", "2026-07-01"),
        ("extended", "2026-10-01"),
        ("ended", "2026-12-31"),
    ]


async def test_it_renews_itself_unless_somebody_objected_in_time(town):
    first = await agreeing.concluded(town, **RENEWING)
    second = await agreeing.concluded(town, **RENEWING)
    town.clock.to("2026-12-01")
    await town.post(f"{path(first)}/objection", {"side": "unit"})
    town.clock.to("2026-12-02")
    mine = f"{path(second)}/objection"
    late = await town.refused(409, "objection-too-late", "POST", mine, json={"side": "unit"})
    assert (late["act_by"], late["works_for"]) == ("2026-12-01", "2027-12-31")
    await to(town, "2027-01-01")
    assert (await read(town, first))["status"] == "expired"
    longer = await read(town, second)
    assert (longer["status"], longer["last_day"]) == ("effective", "2027-12-31")
    page = await town.done("GET", f"/v1/undertakings?agreement_id={second['agreement_id']}")
    assert len(page["items"]) >= 22


async def test_what_nobody_signed_in_time_lapses_and_a_later_signature_is_refused(town):
    made = await agreeing.offered(town, answer_by="2026-03-20")
    await sign(town, made, "unit")
    await to(town, "2026-03-20", 23)
    assert (await read(town, made))["status"] == "half-signed"
    await to(town, "2026-03-21", 0)
    assert (await read(town, made))["status"] == "lapsed"
    body = signature(town, made, "office", signed_on="2026-03-20")
    await town.refused(409, "agreement-not-open", "POST", f"{path(made)}/signatures", json=body)
    (void,) = await town.done("GET", f"{path(made)}/signatures")
    assert void["void_reason"] == "lapsed"


async def test_reminders_come_once_whatever_the_clock_and_however_often_it_looks(town):
    made = await agreeing.concluded(town)
    for day in ("2026-10-01", "2026-10-02", "2026-10-02", "2026-12-20", "2026-12-28", "2026-12-30"):
        town.clock.to(day)
        await together([town.tick() for _ in range(3)])
    rows = await town.context.database.pool.fetch(
        "SELECT days, fired, days_left FROM reminder WHERE agreement_id = $1::uuid ORDER BY 1 DESC",
        made["agreement_id"],
    )
    assert [tuple(row) for row in rows] == [(90, True, 90), (30, True, 11), (7, True, 3)]


async def test_the_alert_of_an_end_comes_with_the_first_reminder_and_goes_with_a_renewal(town):
    unit = await town.unit()
    made = await agreeing.concluded(town, unit)

    async def standing():
        page = await town.done("GET", "/v1/alerts")
        return [each["subject_id"] for each in page["items"] if each["kind"] == "renewal-due"]

    await to(town, "2026-10-01")
    assert await standing() == []
    await to(town, "2026-10-02")
    assert await standing() == [made["agreement_id"]]
    await renewal(town, unit, made)
    assert await standing() == []


async def renewal(town, unit, made, **given):
    nothing = {"first_day": "2027-01-01", "last_day": "2027-12-31", "promises": [agreeing.PROMISE]}
    after = {"predecessor_id": made["agreement_id"]}
    return await agreeing.concluded(town, unit, **nothing | after | given)


async def test_a_renewal_signed_in_time_follows_without_a_gap(town):
    unit = await town.unit()
    made = await agreeing.concluded(town, unit, **RENEWING)
    town.clock.to("2026-12-10")
    after = await renewal(town, unit, made)
    await to(town, "2027-01-03")
    old, new = await read(town, made), await read(town, after)
    assert (old["status"], old["ended_on"], old["extensions"]) == ("renewed", "2026-12-31", 0)
    assert (new["status"], new["effective_from"]) == ("effective", "2027-01-01")
    began = (await town.events(after["agreement_id"]))[-1]
    assert (began["is_renewal"], began["renewed_late"]) == (True, False)
    ended = (await town.events(made["agreement_id"]))[-1]
    assert (ended["how"], ended["last_of_unit"]) == ("renewed", True)


async def test_a_renewal_signed_late_leaves_a_gap_and_says_so(town):
    unit = await town.unit()
    made = await agreeing.concluded(town, unit)
    town.clock.to("2027-01-10")
    after = await renewal(town, unit, made)
    old, new = await read(town, made), await read(town, after)
    assert (old["status"], old["ended_on"]) == ("expired", "2026-12-31")
    assert (new["status"], new["effective_from"]) == ("effective", "2027-01-10")
    began = (await town.events(after["agreement_id"]))[-1]
    assert began["renewed_late"] is True
    assert began["first_of_unit"] is True
    await town.tick()
    assert (await town.told(made["agreement_id"])).count("ended") == 1


async def test_a_unit_counts_once_however_many_papers(town):
    unit = await town.unit()
    first = await agreeing.concluded(town, unit, last_day="2026-06-30")
    second = await agreeing.concluded(town, unit, last_day="2026-09-30")
    await to(town, "2026-10-01")
    flags = [
        [each.get("first_of_unit") for each in await town.events(one["agreement_id"])
         if each["_type"].endswith("began.v1")]
        + [each["last_of_unit"] for each in await town.events(one["agreement_id"])
           if each["_type"].endswith("ended.v1")]
        for one in (first, second)
    ]  # fmt: skip
    assert flags == [[True, False], [False, True]]


async def test_a_termination_ahead_comes_about_on_its_day(town):
    made = await agreeing.concluded(town)
    end = {"reason_kind": "by-unit", "terminates_on": "2026-05-15"}
    told = await town.post(f"{path(made)}/termination", end)
    assert told["status"] == "effective"
    await to(town, "2026-05-14", 23)
    assert (await read(town, made))["status"] == "effective"
    await to(town, "2026-06-01")
    ended = await read(town, made)
    assert (ended["status"], ended["ended_on"], ended["end_reason"]) == (
        "terminated", "2026-05-14", "by-unit",
    )  # fmt: skip
    assert await days(town, made, "ended") == [("ended", "2026-05-15")]


async def test_terminated_before_its_first_day_it_never_was_in_force(town):
    made = await agreeing.concluded(town, first_day="2026-04-01")
    ended = await town.post(f"{path(made)}/termination", {"reason_kind": "mistake"})
    assert (ended["status"], ended["effective_from"]) == ("terminated", "2026-04-01")
    last = (await town.events(made["agreement_id"]))[-1]
    assert (last["was_in_force"], last["last_of_unit"]) == (False, False)
    await to(town, "2026-04-02")
    assert (await town.done("GET", "/v1/undertakings"))["items"] == []


async def test_a_promise_that_is_due_is_counted_on_its_day_and_assessed_for_it(town):
    await agreeing.concluded(town, promises=[agreeing.GIFT])
    (one,) = (await town.done("GET", "/v1/undertakings"))["items"]
    mine = f"/v1/undertakings/{one['undertaking_id']}"
    await to(town, "2026-06-30", 23)
    assert (await town.done("GET", mine))["fell_due"] is False
    await to(town, "2026-07-05")
    assert (await town.done("GET", mine))["fell_due"] is True
    alerts = await town.done("GET", "/v1/alerts?kind=undertaking-overdue")
    assert [each["subject_id"] for each in alerts["items"]] == [one["undertaking_id"]]
    problem = await town.refused(
        422, "evidence-missing", "POST", f"{mine}/assessment", json={"outcome": "met"}
    )
    assert problem["field"] == "outcome"
    proof = {"done_on": "2026-06-20", "text": "已开放，见使用登记"}
    await town.post(f"{mine}/evidence", proof)
    await town.post(f"{mine}/assessment", {"outcome": "partly"})
    await town.post(f"{mine}/assessment", {"outcome": "met"})
    assert (await town.done("GET", "/v1/alerts?kind=undertaking-overdue"))["items"] == []
    rows = await town.context.database.pool.fetch(
        "SELECT type, occurred_at FROM event_log WHERE aggregate_id = $1::uuid ORDER BY 2, 1",
        one["undertaking_id"],
    )
    told = [(row["type"].split(".")[3], business_date(row["occurred_at"])) for row in rows][1:]
    due = datetime.fromisoformat("2026-06-30").date()
    assert told == [("assessed", due), ("assessed", due), ("fell-due", due)]
    await town.refused(
        409, "undertaking-due", "POST", f"{mine}/voiding", json={"reason_kind": "mistake"}
    )


@pytest.mark.parametrize("seed", range(4))
async def test_both_sides_sign_at_once_and_both_count_once(town, seed):
    made = await agreeing.offered(town)
    bodies = [signature(town, made, side) for side in ("office", "unit") for _ in range(5)]
    asked = [town.ask("POST", f"{path(made)}/signatures", body) for body in bodies]
    answers = await together(asked[seed:] + asked[:seed])
    assert sorted(answer.status_code for answer in answers).count(200) == 2
    assert (await read(town, made))["status"] == "effective"
    told = await town.told(made["agreement_id"])
    assert (told.count("signed"), told.count("concluded"), told.count("began")) == (2, 1, 1)


def test_every_state_that_the_clock_leaves_has_a_day_to_wake():
    clock = {state for step in life.LIFE.steps if step.clock for state in step.since}
    assert clock == {*life.OUT, *life.HOLDING}
