"""The menu of services and residents' requests, from choosing to rating, and what remains."""

import json

import pytest

from services.chassis import sweeps
from services.membership.handlers.volunteering.due import SWEEPS
from tests.service.membership.volunteering_help import Service, serving

BY_NAME = {sweep.name: sweep for sweep in SWEEPS}
CONTACT = {"name": "测试户丙", "phone": "13700000000", "address": "示例路一号"}


@pytest.fixture
async def service(scene, start) -> Service:
    return await serving(scene, start)


async def test_a_request_is_followed_to_its_end_with_dates_and_rating(service):
    item = await service.item(duration_minutes=45)
    made = await service.request(item, channel="phone", contact=CONTACT)
    path = f"/v1/service-requests/{made['request_id']}"
    service.clock.after(minutes=15)
    assigned = await service.done(f"{path}/assignment")
    service.clock.after(hours=5)
    rendered = await service.done(f"{path}/fulfilment")
    rated = await service.done(f"{path}/rating", rating=5)
    twice = await service.post(f"{path}/rating", rating=1)

    assert [each["status"] for each in (made, assigned, rendered)] == [
        "requested", "assigned", "done",
    ]  # fmt: skip
    assert assigned["team_id"] == item["team_id"]
    assert (assigned["waited_minutes"], assigned["timeliness"]) == (15, "in-time")
    assert rendered["service_minutes"] == 45
    assert rated["rating"] == 5
    assert (twice.status_code, twice.json()["code"]) == (409, "already-rated")


async def test_a_minute_beyond_the_target_is_late_and_was_alerted(service):
    made = await service.request(await service.item())
    sweep = BY_NAME["volunteering.unanswered"]
    service.clock.after(minutes=15)
    in_time = await sweeps.once(service.context, sweep)
    service.clock.after(minutes=1)
    late = await sweeps.once(service.context, sweep)
    told = await service.roll.get("/v1/alerts", kind="service-unanswered")
    assigned = await service.done(f"/v1/service-requests/{made['request_id']}/assignment")
    cleared = await service.roll.get("/v1/alerts", kind="service-unanswered")

    assert (in_time, late) == (0, 1)
    assert [a["subject_id"] for a in told.json()["items"]] == [made["request_id"]]
    assert (assigned["waited_minutes"], assigned["timeliness"]) == (16, "late")
    assert cleared.json()["items"] == []


async def test_contact_data_are_sealed_masked_and_erased_after_their_days(service):
    made = await service.request(await service.item(), contact=CONTACT)
    path = f"/v1/service-requests/{made['request_id']}"
    shown = (await service.roll.get(path, role="viewer")).json()["contact"]
    refused = await service.roll.get(f"{path}/contact", role="community-worker", purpose="上门")
    read = await service.roll.get(f"{path}/contact", role="help-officer", purpose="上门")
    await service.done(f"{path}/refusal")
    forget = BY_NAME["volunteering.forgotten"]
    service.clock.after(days=89)
    early = await sweeps.once(service.context, forget)
    service.clock.after(days=1)
    due = await sweeps.once(service.context, forget)
    after = await service.roll.get(f"{path}/contact", role="help-officer", purpose="上门")

    assert shown["phone"] == "137****0000"
    assert refused.status_code == 403
    assert read.json()["name"] == CONTACT["name"]
    assert (early, due, await sweeps.once(service.context, forget)) == (0, 1, 0)
    assert after.status_code == 404
    assert CONTACT["name"] not in json.dumps(
        [row["data"] for row in await service.logged("service-request")]
    )


async def test_an_export_shows_masks_only(service):
    await service.request(await service.item(), contact=CONTACT)
    answer = await service.roll.get("/v1/service-requests/export", format="csv")

    assert "137****0000" in answer.text
    assert CONTACT["name"] not in answer.text
    assert CONTACT["phone"] not in answer.text


async def test_a_register_of_old_services_enters_them_as_done(service):
    member = await service.member()
    item = await service.item(member_id=member)
    made = await service.request(
        item,
        occurred_at="2019-03-01T09:00:00+08:00",
        done={"done_at": "2019-03-02T10:00:00+08:00", "minutes": 90, "rating": 4},
    )

    assert (made["status"], made["service_minutes"], made["rating"]) == ("done", 90, 4)
    assert made["waited_minutes"] is None, "nobody knows how long they waited"
    assert made["member_id"] == member


@pytest.mark.parametrize(
    ("deed", "body", "status"),
    [("fulfilment", {}, 409), ("rating", {"rating": 5}, 409), ("assignment", {}, 200)],
)
async def test_no_step_is_taken_out_of_turn(service, deed, body, status):
    made = await service.request(await service.item())
    answer = await service.post(f"/v1/service-requests/{made['request_id']}/{deed}", **body)

    assert answer.status_code == status


async def test_what_left_the_menu_cannot_be_chosen(service):
    item = await service.item()
    await service.done(f"/v1/service-items/{item['item_id']}/withdrawal")
    answer = await service.post("/v1/service-requests", item_id=item["item_id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "item-withdrawn")


async def test_a_service_is_chosen_only_where_it_is_offered(service):
    item = await service.item()
    answer = await service.post(
        "/v1/service-requests", item_id=item["item_id"], area="410305001002"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "outside-reach")


async def test_starred_services_go_to_volunteers_of_that_star(service):
    member = await service.member()
    plain = await service.item(member_id=member, duration_minutes=1440)
    starred = await service.item(member_id=member, star="one")
    waiting = await service.request(starred)
    path = f"/v1/service-requests/{waiting['request_id']}/assignment"

    stars = [(await service.post(path)).json()["code"]]
    for _ in range(5):  # five days of service: 120 hours, beyond the first star's 100
        made = await service.request(plain)
        plain_path = f"/v1/service-requests/{made['request_id']}"
        await service.done(f"{plain_path}/assignment")
        await service.done(f"{plain_path}/fulfilment")
    assigned = await service.done(path)
    known = (await service.roll.get("/v1/volunteers", member_id=member)).json()["items"]

    assert stars == ["star-too-low"]
    assert assigned["status"] == "assigned"
    assert [(v["minutes"], v["star"]) for v in known] == [(7200, "one")]
    earned = await service.pool.fetch(
        "SELECT times FROM points_entry WHERE rule_code = 'service.done'"
    )
    assert earned[0]["times"] == 24
    types = [row["type"] for row in await service.logged("volunteer")]
    assert (types.count("credited"), types.count("starred")) == (5, 1)


async def test_a_lower_bound_and_a_target_are_stated_beside_an_exact_number(service):
    body = {"organisation_id": service.roll.branch, "measure": "menu", "year": 2018}
    exact = await service.done("/v1/service-statements", 201, **body, quantity=40)
    least = await service.done("/v1/service-statements", 201, **body, quantity=50, bound="at-least")
    again = await service.post("/v1/service-statements", **body, quantity=41)
    ahead = await service.post(
        "/v1/service-statements", **body | {"year": 2020}, quantity=12, bound="target"
    )
    await service.done(f"/v1/service-statements/{exact['statement_id']}/withdrawal")
    corrected = await service.done("/v1/service-statements", 201, **body, quantity=41)

    assert (again.status_code, again.json()["code"]) == (409, "quantity-stated")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "year-ahead")
    listed = (await service.roll.get("/v1/service-statements")).json()["items"]
    assert {s["statement_id"] for s in listed} == {
        least["statement_id"], corrected["statement_id"],
    }  # fmt: skip
    days = await service.pool.fetch(
        "SELECT DISTINCT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM event_log"
        " WHERE split_part(type, '.', 3) = 'service-statement'"
    )
    assert [f"{row['day']}" for row in days] == ["2018-12-31"], "each counts in its year"


async def test_an_item_is_offered_by_a_team_or_a_volunteer(service):
    body = {"code": "FW-X", "name": "理发", "service_kind": "haircut"}
    nobody = await service.post("/v1/service-items", **body)
    unknown = await service.post(
        "/v1/service-items", **body, member_id="00000000-0000-4000-8000-000000000000"
    )

    assert nobody.json()["code"] == "nobody-assigned"
    assert (unknown.status_code, unknown.json()["code"]) == (422, "holder-unknown")
