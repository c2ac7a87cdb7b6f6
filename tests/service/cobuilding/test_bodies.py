"""Bodies: founded with the layers of their kind, changed, dissolved with their seats."""

import pytest

from tests.service.cobuilding.seating import LAYERS, body, path, seat
from tests.service.cobuilding.town import COMMUNITY, ELSEWHERE, STREET

NOBODY = "01900000-0000-7000-8000-000000000000"


async def test_a_body_is_founded_changed_and_dissolved(town):
    made = await body(town)
    assert (made["status"], made["pattern"]) == ("standing", "1+8+N")
    change = {"name": "示例大党委", "kind": "extended-committee", "area": STREET}
    changed = await town.done("PATCH", path(made), change, **{"If-Match": '"1"'})
    assert changed | change == changed
    gone = await town.post(f"{path(made)}/dissolution")
    assert (gone["status"], gone["dissolved_on"]) == ("dissolved", "2026-03-02")
    await town.refused(409, "body-not-standing", "POST", f"{path(made)}/dissolution", json={})
    assert await town.told(made["body_id"]) == ["founded", "changed", "dissolved"]
    second = (await town.events(made["body_id"]))[1]
    assert (second["was_body_kind"], second["was_area"]) == ("community-committee", COMMUNITY)
    log = await town.context.database.pool.fetch("SELECT body FROM event_log")
    assert not any("大党委" in row["body"] for row in log)


async def test_a_kind_says_the_layers_and_a_district_says_others(town):
    seeded = await body(town, layers=None)
    assert seeded["pattern"] == "1+8+N"
    traits = {"label": "片区大党委", "parent": "community-committee", "traits": {}}
    district = {"role": "admin", "area": "410305"}
    inherits = await town.ask("PUT", "/v1/kinds/body/block-committee", traits, **district)
    assert inherits.status_code == 201, inherits.text
    traits = {"label": "一一六", "traits": {"layers": ["1", "1", "6"]}}
    await town.ask("PUT", "/v1/kinds/body/one-one-six", traits, **district)
    assert (await body(town, kind="block-committee", layers=None))["pattern"] == "1+8+N"
    assert (await body(town, kind="one-one-six", layers=None))["pattern"] == "1+1+6"
    assert (await body(town, kind="joint-meeting", layers=None))["pattern"] == ""


async def test_a_body_shows_each_layer_with_how_many_sit_there(town):
    made, unit = await body(town), await town.unit()
    await seat(town, made, layer="core", organisation_id=town.organisation_id, kind="director")
    await seat(town, made, layer="close", unit_id=unit["unit_id"])
    cross = {"kind": "cross", "unit_id": unit["unit_id"]}
    await seat(town, made, **cross)
    await seat(town, made, **cross, direction="outward", layer=None)
    await town.post(f"/v1/seats/{(await seat(town, made))['seat_id']}/departure")
    whole = await town.done("GET", path(made))
    assert [(each["code"], each["seats"], each["taken"]) for each in whole["seated"]] == [
        ("core", 1, 1),
        ("close", 8, 1),
        ("wide", None, 1),
    ]
    assert (whole["members"], whole["seats"], whole["sent"]) == (2, 3, 1)


async def test_layers_change_only_around_those_who_sit_there(town):
    made = await body(town)
    for _ in range(2):
        await seat(town, made, layer="close")
    smaller = [LAYERS[0], LAYERS[1] | {"seats": 1}]
    edit = {"json": {"layers": smaller}, "If-Match": '"1"'}
    refused = await town.refused(409, "layer-taken", "PATCH", path(made), **edit)
    assert (refused["layer"], refused["taken"]) == ("close", 2)
    fitting = [LAYERS[0], LAYERS[1] | {"seats": 2}]
    changed = await town.done("PATCH", path(made), {"layers": fitting}, **{"If-Match": '"1"'})
    assert changed["pattern"] == "1+2"
    assert (await town.done("GET", path(made)))["pattern"] == "1+2"
    moved = {"json": {"area": STREET}, "If-Match": '"2"'}
    held = await town.refused(409, "body-seated", "PATCH", path(made), **moved)
    assert (held["field"], held["held"]) == ("area", 2)


async def test_a_dissolved_body_ends_its_seats_each_with_its_own_fact(town):
    made, unit = await body(town), await town.unit()
    first = await seat(town, made, unit_id=unit["unit_id"], sitter={"name": "示例任职人"})
    second = await seat(town, made, unit_id=unit["unit_id"], kind="deputy")
    await town.post(f"{path(made)}/dissolution")
    ended = [(await town.events(each["seat_id"]))[-1] for each in (first, second)]
    assert [each["how"] for each in ended] == ["body-dissolved"] * 2
    assert [each["last_of_holder"] for each in ended] == [False, True]
    assert (await town.done("GET", "/v1/seats"))["items"] == []
    read = f"/v1/seats/{first['seat_id']}/sitter?purpose=约定会议"
    await town.refused(404, "not-found", "GET", read)
    asked = {"kind": "member", "layer": "wide", "unit_id": unit["unit_id"]}
    await town.refused(409, "body-not-standing", "POST", f"{path(made)}/seats", json=asked)


@pytest.mark.parametrize(
    ("given", "status", "code", "field"),
    [
        ({"kind": "club"}, 422, "unknown-kind", "kind"),
        ({"area": "410305001999"}, 422, "area-unknown", "area"),
        ({"organisation_id": NOBODY}, 422, "organisation-unknown", "organisation_id"),
        ({"layers": [LAYERS[0], LAYERS[0]]}, 422, "layer-repeated", "layers"),
        ({"layers": [LAYERS[0] | {"seats": 0}]}, 422, "invalid-request", None),
        ({"layers": [LAYERS[0] | {"label": "核\x00心"}]}, 422, "invalid-request", None),
    ],
)
async def test_what_is_wrong_is_refused_by_field(town, given, status, code, field):
    said = {
        "code": "ZZ-W",
        "name": "示例联盟",
        "kind": "alliance",
        "area": COMMUNITY,
        "organisation_id": town.organisation_id,
    }
    refused = await town.refused(status, code, "POST", "/v1/bodies", json=said | given)
    assert refused.get("field") == field or field is None


async def test_a_code_is_taken_once_and_a_dissolved_organisation_leads_nothing(town):
    made = await body(town)
    said = {"name": "示例", "kind": "team", "area": COMMUNITY, "layers": []}
    lead = {"organisation_id": town.organisation_id}
    taken = said | lead | {"code": made["code"]}
    await town.refused(409, "code-taken", "POST", "/v1/bodies", json=taken)
    await town.context.database.pool.execute("UPDATE organisation SET dissolved_on = '2026-01-01'")
    gone = said | lead | {"code": "ZZ-G"}
    refused = await town.refused(409, "organisation-dissolved", "POST", "/v1/bodies", json=gone)
    assert refused["field"] == "organisation_id"


async def test_a_body_of_another_street_is_neither_changed_nor_moved_there(town):
    made = await body(town)
    answer = await town.ask("PATCH", path(made), {"area": ELSEWHERE}, **{"If-Match": '"1"'})
    assert answer.status_code == 403
    answer = await town.ask("POST", f"{path(made)}/dissolution", {}, area=ELSEWHERE)
    assert answer.status_code == 403


async def test_bodies_are_found_by_kind_lead_and_member_and_given_as_a_file(town):
    made, other = await body(town), await body(town, kind="alliance", name="示例联盟")
    unit = await town.unit()
    held = await seat(town, made, unit_id=unit["unit_id"])

    async def found(asked):
        page = await town.done("GET", f"/v1/bodies?{asked}")
        return {each["body_id"] for each in page["items"]}

    both = {made["body_id"], other["body_id"]}
    assert await found("kind=alliance") == {other["body_id"]}
    assert await found("q=联盟") == {other["body_id"]}
    assert await found(f"organisation_id={town.organisation_id}") == both
    assert await found(f"unit_id={unit['unit_id']}") == {made["body_id"]}
    await town.post(f"/v1/seats/{held['seat_id']}/departure")
    assert await found(f"unit_id={unit['unit_id']}") == set()
    file = (await town.ask("GET", "/v1/bodies/export?format=csv")).text
    assert "层级模式" in file
    assert "1+8+N" in file
    assert "示例街道党工委" in file
