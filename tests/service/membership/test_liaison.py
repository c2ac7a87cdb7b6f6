"""Liaison points, the visits they log, and who is near, over HTTP."""

from collections import Counter

import pytest

from tests.service.membership.duty import (
    COMMUNITY,
    GRID,
    NEXT_GRID,
    DutyOffice,
    open_duty_office,
)
from tests.service.membership.test_tree_over_http import STREET
from tests.together import together


@pytest.fixture
async def office(scene, start) -> DutyOffice:
    return await open_duty_office(scene, start, people=2)


async def log_visit(office: DutyOffice, **given):
    body = {
        "point_id": office.point["point_id"],
        "channel": "call",
        "topic_kind": "policy",
    }
    return await office.post("/v1/liaison-visits", **(body | given))


async def test_seven_branches_open_seven_points_in_two_estates(office):
    for n in range(7):
        await office.open(
            f"LLD-{n}",
            estate_code="A" if n < 3 else "B",
            artefacts=["furniture", "logbook", "contact-cards"],
        )

    first = (await office.get("/v1/liaison-points", estate_code="A")).json()["items"]
    second = (await office.get("/v1/liaison-points", estate_code="B")).json()["items"]
    file = await office.get("/v1/liaison-points/export", estate_code="A", format="csv")

    assert (len(first), len(second)) == (3, 4)
    assert "办公桌椅、站点工作记录本、党群联系卡" in file.text
    events = await office.log("liaison-point.opened")
    assert Counter(e["estate_code"] for e in events) == {"XQ-1": 1, "A": 3, "B": 4}


async def test_points_are_listed_page_by_page(office):
    for n in range(4):
        await office.open(f"LLD-{n}")
    first = (await office.get("/v1/liaison-points", limit=3)).json()
    second = (await office.get("/v1/liaison-points", limit=3, cursor=first["next"])).json()

    assert [p["code"] for p in first["items"] + second["items"]] == [
        "LL-1",
        "LLD-0",
        "LLD-1",
        "LLD-2",
        "LLD-3",
    ]
    assert second["next"] is None


async def test_a_code_opened_by_many_at_once_is_one_point(office):
    body = {
        "code": "LLD-9",
        "label": "联络点",
        "organisation_id": office.branch,
        "area": COMMUNITY,
    }
    answers = await together(office.post("/v1/liaison-points", **body) for _ in range(8))

    assert sorted(a.status_code for a in answers) == [201] + [409] * 7


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"area": STREET}, "outside-organisation"),
        ({"area": "410305009001"}, "area-unknown"),
        ({"artefacts": ["sofa"]}, "unknown-kind"),
        ({"organisation_id": "00000000-0000-0000-0000-000000000000"}, "organisation-unknown"),
    ],
)
async def test_a_point_that_cannot_be_is_refused(office, given, code):
    body = {
        "code": "LLD-9",
        "label": "联络点",
        "organisation_id": office.branch,
        "area": COMMUNITY,
    }
    answer = await office.post("/v1/liaison-points", **(body | given))

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_point_is_changed_by_version(office):
    path = f"/v1/liaison-points/{office.point['point_id']}"
    changed = await office.send("PATCH", path, version=1, estate_code="XQ-2")
    same = await office.send("PATCH", path, version=2, estate_code="XQ-2")
    stale = await office.send("PATCH", path, version=1, label="别名")

    assert [a.status_code for a in (changed, same, stale)] == [200, 200, 412]
    (event,) = await office.log("liaison-point.changed")
    assert (event["was_estate_code"], event["estate_code"]) == ("XQ-1", "XQ-2")


async def test_a_visit_is_counted_and_its_words_are_sealed(office):
    logged = await log_visit(
        office,
        asks_for_work=True,
        category_code="0203",
        caller_name="张示例",
        phone="13800000000",
        words="楼道灯不亮",
    )
    visit = logged.json()
    path = f"/v1/liaison-visits/{visit['visit_id']}/personal"
    read = await office.get(path, purpose="回访")
    forbidden = await office.get(path, "community-worker", purpose="回访")
    purposeless = await office.get(path)

    assert (logged.status_code, visit["sealed"]) == (201, True)
    assert read.json() == {"caller_name": "张示例", "phone": "13800000000", "words": "楼道灯不亮"}
    assert (forbidden.status_code, purposeless.status_code) == (403, 422)
    (event,) = await office.log("liaison-visit.logged")
    assert (event["asks_for_work"], event["category_code"]) == (True, "0203")
    pool = office.client.app.state.context.database.pool
    said = await pool.fetchval(
        "SELECT count(*) FROM event_log WHERE body LIKE '%张示例%' OR body LIKE '%13800000000%'"
    )
    readings = await pool.fetch("SELECT actor, purpose FROM personal_reading")
    assert said == 0
    assert [(row["actor"], row["purpose"]) for row in readings] == [("test-admin", "回访")]


async def test_what_was_said_can_be_forgotten_and_the_count_stays(office):
    visit = (await log_visit(office, caller_name="张示例")).json()
    path = f"/v1/liaison-visits/{visit['visit_id']}"
    forgotten = await office.post(f"{path}/forget")
    read = await office.get(f"{path}/personal", purpose="回访")

    assert forgotten.json()["sealed"] is False
    assert read.json() == {"caller_name": None, "phone": None, "words": None}
    assert len((await office.get("/v1/liaison-visits")).json()["items"]) == 1


async def test_five_hundred_and_more_is_logged_as_a_lower_bound(office):
    answer = await log_visit(office, headcount=500, bound="at-least", number="2021")
    asking = await log_visit(office, headcount=500, bound="at-least", asks_for_work=True)

    assert answer.json()["bound"] == "at-least"
    assert (asking.status_code, asking.json()["code"]) == (422, "request-in-a-count")


async def test_a_line_of_the_logbook_is_entered_once_and_can_be_withdrawn(office):
    answers = await together(log_visit(office, number="7") for _ in range(6))
    made = next(a for a in answers if a.status_code == 201).json()
    path = f"/v1/liaison-visits/{made['visit_id']}/withdraw"
    withdrawn = await office.post(path, version=1)
    twice = await office.post(path, version=2)
    again = await log_visit(office, number="7")

    assert sorted(a.status_code for a in answers) == [201] + [409] * 5
    assert withdrawn.json()["withdrawn"] is True
    assert (twice.status_code, twice.json()["code"]) == (409, "visit-withdrawn")
    assert again.status_code == 201
    (event,) = await office.log("liaison-visit.retracted")
    assert event["visit_id"] == made["visit_id"]


async def test_visits_are_listed_newest_first_by_filter_and_as_a_file(office):
    for day, topic in ((1, "policy"), (2, "dispute"), (3, "policy")):
        moment = f"2026-06-0{day}T09:00:00+08:00"
        await log_visit(office, number=str(day), topic_kind=topic, occurred_at=moment)

    async def numbers(**params) -> list[str]:
        page = (await office.get("/v1/liaison-visits", **params)).json()
        return [item["number"] for item in page["items"]]

    first = (await office.get("/v1/liaison-visits", limit=2)).json()
    assert await numbers() == ["3", "2", "1"]
    assert await numbers(limit=2, cursor=first["next"]) == ["1"]
    assert await numbers(topic_kind="policy") == ["3", "1"]
    assert await numbers(**{"from": "2026-06-02", "to": "2026-06-02"}) == ["2"]
    file = await office.get("/v1/liaison-visits/export", format="csv", topic_kind="dispute")
    assert "2,2026-06-02 09:00,来电,矛盾纠纷,1,人次,实数,否" in file.text


async def test_a_visit_before_the_point_was_open_or_about_nothing_known_is_refused(office):
    early = await log_visit(office, occurred_at="2026-01-04T09:00:00+08:00")
    topic = await log_visit(office, topic_kind="weather")
    foreign = await office.get("/v1/liaison-visits", cursor="WyJ4Il0")

    assert early.json()["code"] == "liaison-point-not-open"
    assert topic.json()["code"] == "unknown-kind"
    assert (foreign.status_code, foreign.json()["field"]) == (422, "cursor")


async def test_members_are_divided_by_grids_one_at_a_time(office):
    who, other = office.people
    put = [
        await office.send("PUT", f"/v1/grid-responders/{who}", area=GRID),
        await office.send("PUT", f"/v1/grid-responders/{who}", area=GRID),
        await office.send("PUT", f"/v1/grid-responders/{who}", area=NEXT_GRID),
        await office.send("PUT", f"/v1/grid-responders/{other}", area=GRID),
    ]
    wide = await office.send("PUT", f"/v1/grid-responders/{who}", area=COMMUNITY)
    listed = (await office.get("/v1/grid-responders", within=COMMUNITY)).json()["items"]

    assert [a.status_code for a in put] == [200] * 4
    assert Counter(each["area"] for each in listed) == {GRID: 1, NEXT_GRID: 1}
    assert (wide.status_code, wide.json()["code"]) == (422, "not-a-grid")
    assert len(await office.log("grid-responder.assigned")) == 3
    assert len(await office.log("grid-responder.released")) == 1


async def test_one_member_put_into_two_grids_at_once_is_in_one(office):
    who = office.people[0]
    await together(
        office.send("PUT", f"/v1/grid-responders/{who}", area=grid)
        for grid in (GRID, NEXT_GRID) * 4
    )

    listed = (await office.get("/v1/grid-responders", holder_id=who)).json()["items"]
    assert len(listed) == 1


async def test_the_service_circle_widens_until_somebody_is_near(office):
    nobody = (await office.get("/v1/service-circle", grid=NEXT_GRID)).json()
    await office.send("PUT", f"/v1/grid-responders/{office.people[0]}", area=GRID)
    around = (await office.get("/v1/service-circle", grid=NEXT_GRID)).json()
    here = (await office.get("/v1/service-circle", grid=GRID)).json()
    await office.send("DELETE", f"/v1/grid-responders/{office.people[0]}")
    gone = (await office.get("/v1/service-circle", grid=GRID)).json()

    assert [each["area"] for each in (nobody, around, here, gone)] == [None, COMMUNITY, GRID, None]
    assert [len(each["responders"]) for each in (nobody, around, here, gone)] == [0, 1, 1, 0]
    assert [point["code"] for point in here["points"]] == ["LL-1"]


async def test_who_may_not_serve_there_changes_nothing(office):
    viewer = await office.post(
        "/v1/liaison-visits",
        "viewer",
        point_id=office.point["point_id"],
        channel="call",
        topic_kind="policy",
    )

    assert viewer.status_code == 403
