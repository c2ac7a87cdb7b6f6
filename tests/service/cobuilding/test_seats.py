"""Seats: taken by units, organisations and areas, sealed, left, and ended with their unit."""

from collections import Counter

import pytest
from asyncpg import UniqueViolationError

from tests.service.cobuilding.seating import SITTER, body, path, seat
from tests.service.cobuilding.town import COMMUNITY, ELSEWHERE, STREET
from tests.together import outcomes, together

NOBODY = "01900000-0000-7000-8000-000000000000"


async def test_units_organisations_and_areas_of_anywhere_hold_seats(town):
    made = await body(town)
    for holder, kind in (
        ({"unit_id": (await town.unit(area=STREET))["unit_id"]}, "unit"),
        ({"organisation_id": town.organisation_id}, "organisation"),
        ({"holder_area": ELSEWHERE}, "area"),
    ):
        taken = await seat(town, made, **holder)
        assert taken["holder_kind"] == kind
        (event,) = await town.events(taken["seat_id"])
        assert event | holder == event
        assert (event["area"], event["first_of_holder"]) == (COMMUNITY, True)


async def test_a_cross_seat_goes_in_both_directions_and_others_in_one(town):
    made, unit = await body(town), await town.unit()
    holder = {"unit_id": unit["unit_id"]}
    inward = await seat(town, made, kind="cross", **holder)
    outward = await seat(town, made, kind="cross", layer=None, direction="outward", **holder)
    assert [each["crosses"] for each in (inward, outward)] == [True, True]
    asked = {"kind": "deputy", "direction": "outward"} | holder
    refused = await town.refused(422, "not-both-ways", "POST", f"{path(made)}/seats", json=asked)
    assert refused["field"] == "direction"
    shown = (await town.done("GET", "/v1/seats?direction=outward"))["items"]
    assert [each["seat_id"] for each in shown] == [outward["seat_id"]]


async def test_a_seat_that_was_left_is_taken_again_and_never_left_twice(town):
    made, unit = await body(town), await town.unit()
    first = await seat(town, made, unit_id=unit["unit_id"])
    mine = f"/v1/seats/{first['seat_id']}"
    asked = {"kind": "member", "layer": "wide", "unit_id": unit["unit_id"]}
    held = await town.refused(409, "seat-held", "POST", f"{path(made)}/seats", json=asked)
    assert held["seat_id"] == first["seat_id"]
    town.clock.to("2026-04-01")
    early = {"occurred_at": "2026-03-01T09:00:00+08:00"}
    await town.refused(422, "day-out-of-order", "POST", f"{mine}/departure", json=early)
    left = await town.post(f"{mine}/departure")
    assert (left["left_on"], left["how"]) == ("2026-04-01", "left")
    await town.refused(409, "seat-left", "POST", f"{mine}/departure", json={})
    again = await seat(town, made, unit_id=unit["unit_id"])
    assert again["seat_id"] != first["seat_id"]
    assert await town.told(first["seat_id"]) == ["taken", "left"]
    shown = (await town.done("GET", "/v1/seats?left=true"))["items"]
    assert {each["seat_id"] for each in shown} == {first["seat_id"], again["seat_id"]}


async def test_who_sits_there_is_sealed_masked_read_on_record_and_erased(town):
    made = await body(town)
    taken = await seat(town, made, sitter=SITTER)
    assert taken["sitter"] == {"name": None}
    mine = f"/v1/seats/{taken['seat_id']}"
    (shown,) = (await town.done("GET", "/v1/seats"))["items"]
    assert shown["sitter"] == {"name": "示***"}
    assert await town.done("GET", f"{mine}/sitter?purpose=约定会议") == SITTER
    await town.done("PUT", f"{mine}/sitter", {"name": "示例接任人"})
    read = await town.done("GET", f"{mine}/sitter?purpose=约定会议")
    assert read == SITTER | {"name": "示例接任人"}
    rows = await town.context.database.pool.fetch("SELECT purpose FROM personal_reading")
    assert [row["purpose"] for row in rows] == ["约定会议"] * 2
    await town.post(f"{mine}/departure")
    await town.refused(404, "not-found", "GET", f"{mine}/sitter?purpose=约定会议")
    await town.refused(409, "seat-left", "PUT", f"{mine}/sitter", json={"name": "示例"})
    log = await town.context.database.pool.fetch("SELECT body FROM event_log")
    assert not any("示例" in row["body"] and "seat." in row["body"] for row in log)
    assert not any("任职人" in row["body"] or "接任" in row["body"] for row in log)


async def test_who_sits_there_can_be_said_later(town):
    taken = await seat(town, await body(town))
    mine = f"/v1/seats/{taken['seat_id']}/sitter"
    await town.refused(404, "not-found", "GET", f"{mine}?purpose=约定会议")
    await town.done("PUT", mine, {"name": "示例任职人"})
    read = await town.done("GET", f"{mine}?purpose=约定会议")
    assert read == {"name": "示例任职人", "position": None}


async def test_a_unit_that_leaves_leaves_its_seats_everywhere_and_takes_none(town):
    here, there, unit = await body(town), await body(town), await town.unit()
    mine = {"unit_id": unit["unit_id"]}
    seats = [
        await seat(town, here, **mine),
        await seat(town, here, kind="deputy", **mine),
        await seat(town, there, **mine, sitter=SITTER),
    ]
    stays = await seat(town, here)
    await town.post(f"/v1/units/{unit['unit_id']}/departure")
    ended = [(await town.events(each["seat_id"]))[-1] for each in seats]
    assert [each["how"] for each in ended] == ["unit-left"] * 3
    assert [each["last_of_holder"] for each in ended] == [False, True, True]
    held = (await town.done("GET", "/v1/seats"))["items"]
    assert [each["seat_id"] for each in held] == [stays["seat_id"]]
    asked = {"kind": "member", "layer": "wide"} | mine
    refused = await town.refused(
        409, "unit-not-in-touch", "POST", f"{path(here)}/seats", json=asked
    )
    assert refused["field"] == "unit_id"


@pytest.mark.parametrize(
    ("given", "status", "code", "field"),
    [
        ({"kind": "throne"}, 422, "unknown-kind", "kind"),
        ({"layer": "outer"}, 422, "layer-unknown", "layer"),
        ({"layer": None}, 422, "layer-unknown", "layer"),
        ({"unit_id": NOBODY}, 422, None, "unit_id"),
        ({"unit_id": None, "organisation_id": NOBODY}, 422, None, "organisation_id"),
        ({"unit_id": None, "holder_area": "410305001999"}, 422, "area-unknown", "holder_area"),
        ({"unit_id": None}, 422, "invalid-request", None),
        ({"holder_area": STREET}, 422, "invalid-request", None),
    ],
)
async def test_what_is_wrong_is_refused_by_field(town, given, status, code, field):
    made, unit = await body(town), await town.unit()
    asked = {"kind": "member", "layer": "wide", "unit_id": unit["unit_id"]} | given
    answer = await town.ask("POST", f"{path(made)}/seats", asked)
    assert answer.status_code == status, answer.text
    assert code in (None, answer.json()["code"])
    assert field in (None, answer.json().get("field"))


async def test_forty_clerks_seat_one_unit_and_one_succeeds(town):
    made, unit = await body(town), await town.unit()
    asked = {"kind": "member", "layer": "wide", "unit_id": unit["unit_id"]}
    answers = await together(town.ask("POST", f"{path(made)}/seats", asked) for _ in range(40))
    assert outcomes(answers) == {(201, None): 1, (409, "seat-held"): 39}


async def test_the_database_itself_refuses_a_second_seat_whatever_a_handler_saw(town):
    """With the guard of the handler off: the row is written beside it."""
    made = await body(town)
    taken = await seat(town, made, organisation_id=town.organisation_id)
    copy = """
    INSERT INTO seat SELECT (jsonb_populate_record(seat, jsonb_build_object('seat_id', $1::text))).*
      FROM seat WHERE seat_id = $2::uuid
    """
    pool = town.context.database.pool
    with pytest.raises(UniqueViolationError):
        await pool.execute(copy, NOBODY, taken["seat_id"])
    await town.post(f"/v1/seats/{taken['seat_id']}/departure")
    await pool.execute(copy, NOBODY, taken["seat_id"])


async def test_forty_units_want_the_last_of_eight_seats_and_one_gets_it(town):
    made = await body(town)
    for _ in range(7):
        await seat(town, made, layer="close")
    units = await together(town.unit() for _ in range(40))

    def asked(unit):
        said = {"kind": "member", "layer": "close", "unit_id": unit["unit_id"]}
        return town.ask("POST", f"{path(made)}/seats", said)

    answers = await together(asked(unit) for unit in units)
    assert outcomes(answers) == {(201, None): 1, (409, "layer-full"): 39}
    full = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (full["field"], full["seats"], full["taken"]) == ("layer", 8, 8)


async def test_units_leave_while_they_take_seats_and_none_keeps_one(town):
    made = await body(town)
    units = await together(town.unit() for _ in range(20))

    def asked(unit):
        said = {"kind": "member", "layer": "wide", "unit_id": unit["unit_id"]}
        yield town.ask("POST", f"{path(made)}/seats", said)
        yield town.ask("POST", f"/v1/units/{unit['unit_id']}/departure", {})

    answers = await together(attempt for unit in units for attempt in asked(unit))
    assert {answer.status_code for answer in answers[1::2]} == {200}
    assert outcomes(answers[::2]).keys() <= {(201, None), (409, "unit-not-in-touch")}
    assert (await town.done("GET", path(made)))["seats"] == 0


async def test_the_last_two_seats_of_a_holder_left_at_once_are_the_last_once(town):
    made = await body(town)
    pairs = []
    for _ in range(10):
        mine = {"unit_id": (await town.unit())["unit_id"]}
        pairs.append([await seat(town, made, kind=kind, **mine) for kind in ("member", "deputy")])
    gone = (f"/v1/seats/{each['seat_id']}/departure" for pair in pairs for each in pair)
    answers = await together(town.ask("POST", each, {}) for each in gone)
    assert {answer.status_code for answer in answers} == {200}
    for pair in pairs:
        last = [(await town.events(each["seat_id"]))[-1]["last_of_holder"] for each in pair]
        assert Counter(last) == {True: 1, False: 1}


async def test_seats_are_found_by_holder_and_given_as_a_file(town):
    made, other, unit = await body(town), await body(town), await town.unit(name="示例研究院")
    mine = await seat(town, made, unit_id=unit["unit_id"], sitter=SITTER)
    area = await seat(town, other, holder_area=STREET, kind="assigned")

    async def found(asked):
        page = await town.done("GET", f"/v1/seats?{asked}")
        return [each["seat_id"] for each in page["items"]]

    assert await found(f"unit_id={unit['unit_id']}") == [mine["seat_id"]]
    assert await found(f"holder_area={STREET}") == [area["seat_id"]]
    assert await found("holder_kind=area") == [area["seat_id"]]
    assert await found(f"body_id={made['body_id']}") == [mine["seat_id"]]
    assert await found("kind=assigned") == [area["seat_id"]]
    file = (await town.ask("GET", "/v1/seats/export?format=csv")).text
    assert "示例研究院" in file
    assert "示例街道" in file
    assert "任职人（已脱敏）" in file
    assert "示例任职人" not in file


async def test_a_seat_in_another_street_is_neither_taken_left_nor_read(town):
    made = await body(town)
    taken = await seat(town, made)
    mine = f"/v1/seats/{taken['seat_id']}"
    asked = {"kind": "member", "layer": "wide", "holder_area": STREET}
    for method, address, said in (
        ("POST", f"{path(made)}/seats", asked),
        ("POST", f"{mine}/departure", {}),
        ("GET", f"{mine}/sitter?purpose=约定会议", None),
    ):
        answer = await town.ask(method, address, said, area=ELSEWHERE)
        assert answer.status_code == 403, address
