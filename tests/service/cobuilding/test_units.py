"""Units: registered, changed, linked to an employer, gone and back; whom to call there."""

import pytest

from tests.service.cobuilding.town import COMMUNITY, ELSEWHERE, STREET
from tests.together import together

CREDIT = "91410300MA00000001"


async def test_a_unit_is_registered_changed_leaves_and_comes_back(town):
    unit = await town.unit(traits=["posted"], credit_code=CREDIT)
    path = f"/v1/units/{unit['unit_id']}"
    change = {"kind": "hospital", "traits": [], "area": STREET}
    changed = await town.done("PATCH", path, change, **{"If-Match": '"1"'})
    assert changed | change == changed
    gone = await town.post(f"{path}/departure")
    assert (gone["status"], gone["left_on"]) == ("left", "2026-03-02")
    await town.refused(409, "unit-not-in-touch", "POST", f"{path}/departure", json={})
    back = await town.post(f"{path}/return")
    assert (back["status"], back["left_on"]) == ("in-touch", None)
    assert await town.told(unit["unit_id"]) == ["registered", "changed", "left", "returned"]
    second = (await town.events(unit["unit_id"]))[1]
    assert second["was_unit_kind"] == "state-firm"
    assert second["was_area"] == COMMUNITY
    assert second["was_trait_kinds"] == ["posted"]


async def test_a_change_that_changes_nothing_says_nothing(town):
    unit = await town.unit()
    path = f"/v1/units/{unit['unit_id']}"
    same = await town.done("PATCH", path, {"name": unit["name"]}, **{"If-Match": '"1"'})
    assert same["version"] == 1
    assert await town.told(unit["unit_id"]) == ["registered"]


async def test_no_event_names_a_merchant_and_every_other_unit_is_named(town):
    merchant = await town.unit(kind="merchant", name="示例理发店")
    firm = await town.unit(name="示例研究院")
    assert [e["name"] for e in await town.events(merchant["unit_id"])] == [None]
    assert [e["name"] for e in await town.events(firm["unit_id"])] == ["示例研究院"]


async def test_a_credit_code_and_an_employer_are_one_unit_each(town):
    unit = await town.unit(credit_code=CREDIT, employer_id=town.employer_id)
    other = {"code": "DW-X", "name": "示例二院", "kind": "hospital", "area": COMMUNITY}
    known = await town.refused(
        409, "credit-code-known", "POST", "/v1/units", json=other | {"credit_code": CREDIT}
    )
    assert (known["field"], known["unit"]) == ("credit_code", unit["code"])
    linked = await town.refused(
        409, "employer-linked", "POST", "/v1/units", json=other | {"employer_id": town.employer_id}
    )
    assert linked["unit"] == unit["code"]
    path = f"/v1/units/{unit['unit_id']}"
    await town.done("PATCH", path, {"employer_id": None}, **{"If-Match": '"1"'})
    await town.post("/v1/units", other | {"employer_id": town.employer_id})


async def test_forty_clerks_register_one_credit_code_and_one_succeeds(town):
    def asked(n):
        unit = {"code": f"DW-S{n}", "name": "示例", "kind": "school", "area": COMMUNITY}
        return town.ask("POST", "/v1/units", unit | {"credit_code": CREDIT})

    answers = await together(asked(n) for n in range(40))
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"credit-code-known"}


@pytest.mark.parametrize(
    ("given", "status", "code", "field"),
    [
        ({"kind": "bakery"}, 422, "unknown-kind", "kind"),
        ({"traits": ["posted", "posted"]}, 422, "trait-repeated", "traits"),
        ({"traits": ["tall"]}, 422, "unknown-kind", "traits"),
        ({"area": "410305001999"}, 422, "area-unknown", "area"),
        ({"credit_code": "123"}, 422, "invalid-request", None),
        ({"employer_id": "01900000-0000-7000-8000-000000000000"}, 422, None, "employer_id"),
    ],
)
async def test_what_is_wrong_is_refused_by_field(town, given, status, code, field):
    unit = {"code": "DW-W", "name": "示例", "kind": "school", "area": COMMUNITY} | given
    answer = await town.ask("POST", "/v1/units", unit)
    assert answer.status_code == status, answer.text
    if code:
        assert answer.json()["code"] == code
    if field:
        assert answer.json()["field"] == field


async def test_whom_to_call_is_sealed_masked_read_on_record_and_erased(town):
    unit = await town.unit()
    path = f"/v1/units/{unit['unit_id']}/contact-points"
    contact = {"name": "示例联络人", "phone": "13800000000"}
    point = await town.post(path, {"kind": "liaison", "contact": contact})
    assert point["contact"] == {"name": None, "phone": None}
    shown = (await town.done("GET", "/v1/contact-points"))["items"]
    assert [each["contact"]["phone"] for each in shown] == ["138****0000"]
    mine = f"/v1/contact-points/{point['contact_point_id']}"
    await town.done("PUT", f"{mine}/contact", {"phone": "13900000000"})
    read = await town.done("GET", f"{mine}/contact?purpose=约定会议")
    assert read == {"name": "示例联络人", "phone": "13900000000"}
    rows = await town.context.database.pool.fetch("SELECT purpose FROM personal_reading")
    assert [row["purpose"] for row in rows] == ["约定会议"]
    closed = await town.post(f"{mine}/closure")
    assert closed["closed_on"] == "2026-03-02"
    await town.refused(404, "not-found", "GET", f"{mine}/contact?purpose=约定会议")
    await town.refused(409, "contact-point-closed", "POST", f"{mine}/closure", json={})
    assert await town.told(point["contact_point_id"]) == ["opened", "closed"]
    log = await town.context.database.pool.fetch("SELECT body FROM event_log")
    assert not any("示例联络人" in row["body"] or "1380" in row["body"] for row in log)


async def test_contact_points_go_where_their_unit_goes_and_close_when_it_leaves(town):
    unit = await town.unit()
    path = f"/v1/units/{unit['unit_id']}"
    body = {"kind": "leader", "contact": {"phone": "0379-6000000"}}
    point = await town.post(f"{path}/contact-points", body)
    await town.done("PATCH", path, {"area": STREET}, **{"If-Match": '"1"'})
    await town.post(f"{path}/departure")
    events = await town.events(point["contact_point_id"])
    assert [each["area"] for each in events] == [COMMUNITY, STREET, STREET]
    assert await town.told(point["contact_point_id"]) == ["opened", "moved", "closed"]
    await town.refused(409, "unit-not-in-touch", "POST", f"{path}/contact-points", json=body)


async def test_a_unit_of_another_street_is_neither_changed_nor_moved_there(town):
    unit = await town.unit()
    path = f"/v1/units/{unit['unit_id']}"
    answer = await town.ask("PATCH", path, {"area": ELSEWHERE}, **{"If-Match": '"1"'})
    assert answer.status_code == 403
    answer = await town.ask("POST", f"{path}/departure", {}, area=ELSEWHERE)
    assert answer.status_code == 403


async def test_units_are_found_by_kind_name_and_code_and_given_as_a_file(town):
    await town.unit(name="示例第一中学", kind="school")
    await town.unit(name="示例卫生服务中心", kind="hospital")
    page = await town.done("GET", "/v1/units?q=卫生")
    assert [each["kind"] for each in page["items"]] == ["hospital"]
    assert len((await town.done("GET", "/v1/units?kind=school"))["items"]) == 1
    file = await town.ask("GET", "/v1/units/export?format=csv")
    assert "学校" in file.text
    assert "示例第一中学" in file.text
