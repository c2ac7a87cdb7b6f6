"""Activities over HTTP: planned, held once, corrected by taking back, with lists and outputs."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.bases.visits import VisitCompleted
from contracts.kinds import Channel, VisitorLevel
from services.chassis.event_log import Cause
from services.chassis.ids import new_id
from services.chassis.unit_of_work import unit_of_work
from services.membership.handlers import activity_visits
from tests.service.membership.life import COMMUNITY, begin


@pytest.fixture
async def life(scene, start, database):
    return await begin(scene, start, database)


async def test_what_was_held_is_announced_on_its_day_with_its_counts(life):
    held = await life.held(
        headcount=18,
        expected_members=20,
        topic="学习党章",
        place="二楼会议室",
        outputs=[{"kind": "notes", "quantity": 30, "bound": "at-least"}],
    )

    (told,) = await life.events("activity.completed")
    assert told[1] == "2019-06-08T01:00:00Z"
    assert (told[2]["kind"], told[2]["group_kind"]) == ("members-meeting", "three-meetings")
    assert (told[2]["headcount"], told[2]["expected"], told[2]["attended"]) == (18, 20, 18)
    assert not {"topic", "place"} & told[2].keys()
    assert held["outputs"][0]["quantity"] == 30
    shown = await life.get(f"/v1/activities/{held['activity_id']}")
    assert (shown.json()["topic"], shown.json()["outputs"][0]["bound"]) == ("学习党章", "at-least")


async def test_the_same_activity_is_recorded_once_and_the_refusal_names_it(life):
    held = await life.held(headcount=18)

    again = await life.post("/v1/activities", life.meeting(headcount=19))

    assert (again.status_code, again.json()["code"]) == (409, "activity-already-recorded")
    assert again.json()["activity_id"] == held["activity_id"]
    assert len(await life.events("activity.completed")) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"occasion": 2},
        {"kind": "lecture"},
        {"starts_at": "2019-06-08T10:00:00+08:00"},
        {"planned": True, "sessions": 12, "sessions_bound": "target"},
    ],
)
async def test_another_session_kind_start_or_goal_is_another_activity(life, other):
    await life.held()

    assert (await life.held(**other))["version"] == 1


async def test_the_same_start_in_another_zone_is_the_same_start(life):
    await life.held()

    again = await life.post("/v1/activities", life.meeting(starts_at="2019-06-08T01:00:00Z"))

    assert again.status_code == 409


async def test_a_ledger_number_is_used_once(life):
    held = await life.held(code="HD-2019-001")

    again = await life.post("/v1/activities", life.meeting(code="HD-2019-001", kind="lecture"))

    assert (again.status_code, again.json()["activity_id"]) == (409, held["activity_id"])


async def test_what_is_planned_is_held_later_with_those_who_came(life):
    plan = await life.held(planned=True, attendance=[{"member_id": await life.member()}])

    assert (plan["status"], plan["invited"], plan["headcount"]) == ("planned", 1, 0)
    done = await life.done(f"/v1/activities/{plan['activity_id']}/complete", {"headcount": 12}, 200)

    assert (done["status"], done["headcount"], done["missed"]) == ("held", 12, 1)
    assert [name for name, *_ in await life.events("activity.planned", "activity.completed")] == [
        "activity.planned",
        "activity.completed",
    ]


async def test_what_has_not_begun_is_not_held(life):
    answer = await life.post("/v1/activities", life.meeting(starts_at="2099-01-01T09:00:00+08:00"))

    assert (answer.status_code, answer.json()["code"]) == (422, "activity-not-held-yet")


async def test_a_cancelled_plan_makes_room_for_another(life):
    plan = await life.held(planned=True)
    await life.done(f"/v1/activities/{plan['activity_id']}/cancel", {}, 200)

    assert (await life.held())["status"] == "held"
    again = await life.post(f"/v1/activities/{plan['activity_id']}/cancel", {})
    assert (again.status_code, again.json()["code"]) == (409, "activity-state")


async def test_a_correction_takes_back_on_the_old_day_and_counts_on_the_new_one(life):
    held = await life.held(headcount=18, outputs=[{"kind": "essay", "quantity": 23}])

    answer = await life.correct(held, starts_at="2019-07-01T09:00:00+08:00", headcount=20)

    assert answer.status_code == 200, answer.text
    told = await life.events("activity.retracted", "activity.completed")
    assert [(name, at[:10], data["headcount"]) for name, at, data in told] == [
        ("activity.completed", "2019-06-08", 18),
        ("activity.retracted", "2019-06-08", 18),
        ("activity.completed", "2019-07-01", 20),
    ]
    outputs = await life.events("output.recorded", "output.retracted")
    assert [(name, at[:10]) for name, at, _ in outputs] == [
        ("output.recorded", "2019-06-08"),
        ("output.retracted", "2019-06-08"),
        ("output.recorded", "2019-07-01"),
    ]


async def test_words_are_corrected_without_an_event_and_still_by_version(life):
    held = await life.held(topic="学习")

    first = await life.correct(held, topic="学习党章")
    second = await life.correct(held, topic="学习宪法")

    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert second.status_code == 412
    assert len(await life.events("activity.completed", "activity.retracted")) == 1


async def test_a_correction_onto_another_activity_is_refused(life):
    held = await life.held()
    other = await life.held(starts_at="2019-06-09T09:00:00+08:00")

    answer = await life.correct(other, starts_at="2019-06-08T09:00:00+08:00")

    assert (answer.status_code, answer.json()["activity_id"]) == (409, held["activity_id"])
    assert len(await life.events("activity.completed", "activity.retracted")) == 2


async def test_what_never_was_is_taken_back_with_its_outputs(life):
    held = await life.held(headcount=18, outputs=[{"kind": "reflection", "quantity": 50}])

    gone = await life.done(
        f"/v1/activities/{held['activity_id']}/retract", {"reason": "duplicate"}, 200
    )

    assert (gone["status"], gone["outputs"]) == ("retracted", [])
    told = await life.events("activity.retracted", "output.retracted")
    assert {(name, at[:10]) for name, at, _ in told} == {
        ("activity.retracted", "2019-06-08"),
        ("output.retracted", "2019-06-08"),
    }
    assert (await life.held())["status"] == "held"


async def test_an_output_is_recorded_once_by_kind_and_bound(life):
    held = await life.held(outputs=[{"kind": "dumpling", "quantity": 500, "bound": "at-least"}])
    path = f"/v1/activities/{held['activity_id']}/outputs"

    again = await life.post(path, {"kind": "dumpling", "quantity": 510, "bound": "at-least"})
    exact = await life.post(path, {"kind": "dumpling", "quantity": 512})
    unknown = await life.post(path, {"kind": "cakes", "quantity": 1})

    assert (again.status_code, again.json()["code"]) == (409, "output-stands")
    assert exact.status_code == 201
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-kind")
    first = held["outputs"][0]["output_id"]
    assert (await life.done(f"/v1/outputs/{first}/retract", {}, 200))["retracted_at"]
    assert (await life.done(f"/v1/outputs/{first}/retract", {}, 200))["retracted_at"]
    assert len(await life.events("output.retracted")) == 1


async def test_colours_are_of_theme_days_and_forms_of_lectures(life):
    red = await life.held(kind="theme-day", variant_kind="red")
    story = await life.held(kind="lecture", variant_kind="scenario")
    wrong = await life.post(
        "/v1/activities", life.meeting(kind="theme-day", variant_kind="scenario", occasion=2)
    )
    none = await life.post("/v1/activities", life.meeting(kind="talk", variant_kind="red"))

    assert (red["variant_kind"], story["variant_kind"]) == ("red", "scenario")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown-kind")
    assert (none.status_code, none.json()["code"]) == (422, "variant-unfit")


async def test_attachments_are_references_and_stand_once(life):
    held = await life.held()
    path = f"/v1/activities/{held['activity_id']}/attachments"
    body = {"uri": "file:///archive/2019/0608.pdf", "sha256": "a" * 64, "title": "会议记录"}

    kept = await life.done(path, body)

    assert (await life.post(path, body)).status_code == 409
    shown = (await life.get(f"/v1/activities/{held['activity_id']}")).json()
    assert [each["uri"] for each in shown["attachments"]] == [body["uri"]]
    gone = await life.client.delete(f"{path}/{kept['attachment_id']}", headers=life.scene.headers())
    assert gone.status_code == 204


async def test_lists_filter_by_kind_with_all_below_it_and_page_in_order_of_start(life):
    for day, kind in ((8, "members-meeting"), (9, "lecture"), (10, "talk")):
        await life.held(kind=kind, starts_at=f"2019-06-{day:02}T09:00:00+08:00")

    first = (await life.get("/v1/activities", kind="three-meetings", limit=1)).json()
    rest = (await life.get("/v1/activities", kind="three-meetings", cursor=first["next"])).json()
    june = (await life.get("/v1/activities", **{"from": "2019-06-09", "to": "2019-06-09"})).json()

    assert [each["kind"] for each in (*first["items"], *rest["items"])] == [
        "members-meeting",
        "lecture",
    ]
    assert [each["kind"] for each in june["items"]] == ["lecture"]
    assert (await life.get("/v1/activities", area="410306")).json()["items"] == []


async def test_the_ledger_is_exported_with_labels(life):
    await life.held(
        kind="lecture",
        variant_kind="experience",
        headcount=30,
        bound="at-least",
        outputs=[{"kind": "notes", "quantity": 30, "bound": "at-least"}],
    )

    csv = await life.get("/v1/activities/export", kind="three-meetings", format="csv")
    xlsx = await life.get("/v1/activities/export", kind="three-meetings", format="xlsx")

    heading, line = csv.text.removeprefix("\ufeff").splitlines()
    assert heading.startswith("台账编号,举办党组织")
    assert "党课,体验式,已开展,2019-06-08 09:00" in line
    assert "余数（下限）,学习笔记30余" in line
    assert "%E4%B8%89%E4%BC%9A%E4%B8%80%E8%AF%BE" in csv.headers["content-disposition"]
    assert xlsx.content.startswith(b"PK")


async def test_how_often_each_of_a_kind_held_something_shows_the_least(life):
    other = await life.organisation("ZB-2")
    for day in range(1, 9):
        for branch in (life.branch, other):
            await life.held(
                organisation_id=branch["organisation_id"],
                kind="community-committee",
                starts_at=f"2019-{day:02}-10T09:00:00+08:00",
            )
    asked = {
        "kind": "community-committee",
        "organisation_kind": "branch",
        "from": "2019-01-01",
        "to": "2019-12-31",
    }

    all_met = (await life.get("/v1/activities/held-by-each", **asked)).json()
    await life.organisation("ZB-3")
    one_never = (await life.get("/v1/activities/held-by-each", **asked, limit=2)).json()

    assert (all_met["organisations"], all_met["least"], all_met["most"]) == (2, 8, 8)
    assert (one_never["organisations"], one_never["least"], one_never["sessions"]) == (3, 0, 16)
    assert [each["sessions"] for each in one_never["items"]] == [8, 8]
    assert one_never["next"]


async def test_only_those_with_the_right_in_its_area_record_an_activity(life):
    body = life.meeting()

    viewer = await life.post("/v1/activities", body, role="viewer")
    elsewhere = await life.post("/v1/activities", body, area="410306")
    worker = await life.post("/v1/activities", body, role="community-worker", area=COMMUNITY)

    assert (viewer.status_code, elsewhere.status_code, worker.status_code) == (403, 403, 201)


async def test_a_repeated_command_with_its_key_gives_the_same_answer(life):
    headers = life.scene.headers()

    first = await life.client.post("/v1/activities", json=life.meeting(), headers=headers)
    again = await life.client.post("/v1/activities", json=life.meeting(), headers=headers)

    assert (first.status_code, again.json()) == (201, first.json())


# Visits at bases


def visit(organisation_id: str | None, **given) -> VisitCompleted:
    return VisitCompleted(
        **{
            "area": "410306",
            "visit_id": UUID(int=77),
            "base_id": UUID(int=78),
            "base_kind": "red",
            "organisation_id": organisation_id,
            "visitor_level": VisitorLevel.COMMUNITY,
            "channel": Channel.WEB,
            "actual_headcount": 32,
            "started_at": datetime(2019, 6, 8, 1, tzinfo=UTC),
        }
        | given
    )


async def hear(life, event: VisitCompleted):
    context = life.client.app.state.context
    async with unit_of_work(
        context.database.sessions, Cause("test"), context.clock(), context.ring
    ) as uow:
        return await activity_visits.hear_of_visit(event, uow)


async def test_a_visit_is_organisational_life_of_the_branch_that_came_once(life):
    event = visit(life.branch["organisation_id"])

    first, again = await hear(life, event), await hear(life, event)

    assert first is not None
    assert again is None
    (told,) = await life.events("activity.completed")
    assert (told[2]["kind"], told[2]["headcount"], told[2]["area"]) == (
        "base-visit",
        32,
        COMMUNITY,
    )
    assert told[2]["visit_id"] == str(UUID(int=77))


async def test_two_visits_of_a_branch_at_one_time_are_two(life):
    await hear(life, visit(life.branch["organisation_id"]))
    await hear(life, visit(life.branch["organisation_id"], visit_id=new_id()))

    assert len(await life.events("activity.completed")) == 2


async def test_visitors_from_outside_the_tree_hold_nothing_here(life):
    assert await hear(life, visit(None)) is None
    assert await life.events("activity.completed") == []
