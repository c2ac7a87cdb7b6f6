"""What both signed is amended by what both sign: its end, days ahead, measures."""

import pytest

from tests.service.cobuilding import agreeing
from tests.service.cobuilding.agreeing import path, read


async def amendment(town, made, **given):
    body = {"reason": "双方商定"} | given
    return await town.post(f"{path(made)}/amendments", body)


async def agreed(town, made, **given):
    drafted = await amendment(town, made, **given)
    mine = f"/v1/amendments/{drafted['amendment_id']}"
    sent = await town.post(f"{mine}/offer")
    today = town.clock().date().isoformat()
    for side in ("unit", "office"):
        body = {"side": side, "signed_on": today, "digest": sent["digest"]}
        shown = await town.post(f"{mine}/signatures", body)
    return shown


async def due(town, made, **given):
    filters = "&".join(f"{name}={value}" for name, value in given.items())
    page = await town.done(
        "GET", f"/v1/undertakings?limit=100&agreement_id={made['agreement_id']}&{filters}"
    )
    return sorted((each["line"], each["due_on"]) for each in page["items"])


async def test_a_later_end_makes_a_new_edition_and_more_of_what_is_due_in_every_period(town):
    made = await agreeing.concluded(town, last_day="2026-10-15")
    assert (1, "2026-10-15") in await due(town, made)
    shown = await agreed(town, made, last_day="2026-12-31")
    assert (shown["status"], shown["changes"][0]["before"]) == ("agreed", "2026-10-15")
    now = await read(town, made)
    assert (now["edition"], now["last_day"], now["stated_last_day"]) == (
        2, "2026-12-31", "2026-12-31",
    )  # fmt: skip
    days = [day for line, day in await due(town, made, status="open") if line == 1]
    assert days[-3:] == ["2026-10-31", "2026-11-30", "2026-12-31"]
    moved = await town.context.database.pool.fetch(
        "SELECT body FROM event_log WHERE type LIKE '%undertaking.moved%'"
    )
    assert len(moved) == 1
    first, second = await town.done("GET", f"{path(made)}/editions")
    assert (first["edition"], second["content"]["last_day"]) == (2, "2026-10-15")


async def test_an_earlier_end_voids_what_was_due_after_it(town):
    made = await agreeing.concluded(town)
    await agreed(town, made, last_day="2026-08-10")
    days = [day for line, day in await due(town, made, status="open") if line == 1]
    assert days[-1] == "2026-08-10"
    assert len(await due(town, made, status="void")) == 4


async def test_a_day_ahead_moves_and_one_that_has_passed_does_not(town):
    made = await agreeing.concluded(town)
    await agreed(town, made, lines=[{"line": 2, "due_on": "2026-09-30", "measure": "全年两次"}])
    assert (2, "2026-09-30") in await due(town, made)
    town.clock.to("2026-10-01")
    await town.tick()
    body = {"reason": "推迟", "lines": [{"line": 2, "due_on": "2026-12-01"}]}
    problem = await town.refused(422, "day-passed", "POST", f"{path(made)}/amendments", json=body)
    assert (problem["field"], problem["value"]) == ("lines", "2026-09-30")


async def test_one_amendment_at_a_time_and_each_side_once(town):
    made = await agreeing.concluded(town)
    drafted = await amendment(town, made, last_day="2027-06-30")
    body = {"reason": "再变更", "last_day": "2027-03-31"}
    mine = f"{path(made)}/amendments"
    await town.refused(409, "amendment-open", "POST", mine, json=body)
    one = f"/v1/amendments/{drafted['amendment_id']}"
    sent = await town.post(f"{one}/offer")
    signature = {"side": "unit", "signed_on": "2026-03-02", "digest": sent["digest"]}
    await town.post(f"{one}/signatures", signature)
    await town.refused(409, "already-signed", "POST", f"{one}/signatures", json=signature)
    other = signature | {"side": "office", "digest": "0" * 64}
    await town.refused(409, "other-text", "POST", f"{one}/signatures", json=other)
    assert (await town.post(f"{one}/cancellation"))["status"] == "cancelled"
    await town.post(mine, body)


async def test_the_second_signature_on_the_last_day_extends_and_the_day_after_is_too_late(town):
    made = await agreeing.concluded(town)
    late = await agreeing.concluded(town)
    sent = {}
    for each in (made, late):
        drafted = await amendment(town, each, last_day="2027-06-30")
        one = f"/v1/amendments/{drafted['amendment_id']}"
        sent[each["agreement_id"]] = (one, (await town.post(f"{one}/offer"))["digest"])

    def signed(each, side, on):
        one, digest = sent[each["agreement_id"]]
        body = {"side": side, "signed_on": on, "digest": digest}
        return town.ask("POST", f"{one}/signatures", body)

    town.clock.to("2026-12-31", 23)
    for each in (made, late):
        assert (await signed(each, "unit", "2026-12-31")).status_code == 200
    assert (await signed(made, "office", "2026-12-31")).status_code == 200
    town.clock.to("2027-01-01")
    await town.tick()
    assert (await read(town, made))["last_day"] == "2027-06-30"
    assert (await read(town, late))["status"] == "expired"
    answer = await signed(late, "office", "2026-12-31")
    assert (answer.status_code, answer.json()["code"]) == (409, "amendment-not-open")
    void = await town.done("GET", sent[late["agreement_id"]][0])
    assert void["status"] == "void"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, "nothing-amended", None),
        ({"last_day": "2026-02-01"}, "day-passed", "last_day"),
        ({"lines": [{"line": 9, "due_on": "2026-09-01"}]}, "line-unknown", "lines"),
        ({"lines": [{"line": 2, "due_on": "2027-09-01"}]}, "promise-out-of-term", "promises"),
    ],
)
async def test_an_amendment_that_cannot_be_is_refused(town, given, code, field):
    made = await agreeing.concluded(town)
    body = {"reason": "变更"} | given
    problem = await town.refused(422, code, "POST", f"{path(made)}/amendments", json=body)
    assert problem.get("field") == field


async def test_a_draft_is_changed_and_not_amended(town):
    made = await agreeing.draft(town)
    body = {"reason": "变更", "last_day": "2027-06-30"}
    mine = f"{path(made)}/amendments"
    await town.refused(409, "agreement-not-open", "POST", mine, json=body)
