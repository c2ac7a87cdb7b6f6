"""The way in over HTTP, and what the clock says of it and of who is away."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis import sweeps
from services.chassis.event_log import Cause
from services.chassis.unit_of_work import unit_of_work
from services.membership.handlers.members.sweeps import JOINING_SWEEP, WHEREABOUTS_SWEEP
from services.membership.handlers.members.whereabouts import settle_self_removal
from tests.service.membership.roll import noon, opened


class Clock:
    """Stands where a test puts it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 8, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def at(self, day: str) -> None:
        self.now = datetime.fromisoformat(noon(day)).astimezone(UTC)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def roll(scene, start, clock):
    return await opened(scene, start, clock=clock)


async def sweep(roll, which) -> int:
    return await sweeps.once(roll.client.app.state.context, which)


async def open_alerts(roll, kind: str | None = None) -> list[tuple[str, str, str]]:
    answer = await roll.get("/v1/alerts", **({"kind": kind} if kind else {}))
    return [
        (one["kind"], one["due_on"], one["facts"].get("step", ""))
        for one in answer.json()["items"]
        if one["kind"].startswith(("joining", "mobile", "lost", "self"))
    ]


WAY = (
    ("talk", "2014-07-01", {}),
    ("activist", "2014-09-01", {}),
    ("activist-training", "2014-10-01", {}),
    ("activist-check", "2015-03-01", {}),
    ("target", "2015-09-01", {}),
    ("training", "2015-10-01", {"days": 3}),
    ("political-review", "2015-10-02", {}),
    ("pre-review", "2015-10-20", {}),
    ("branch-meeting", "2015-11-01", {"minutes": "2015-11"}),
    ("approval", "2015-12-01", {}),
    ("oath", "2015-12-20", {}),
    ("full-meeting", "2016-11-01", {}),
    ("full-approval", "2016-12-01", {}),
)


async def test_the_whole_way_from_applicant_to_full_member(roll):
    made = await roll.register(state="applicant", occurred_at=noon("2014-06-10"))

    states = []
    for step, day, more in WAY:
        answer = await roll.step(made, step, day, **more)
        assert answer.status_code == 201, (step, answer.text)
        states.append(answer.json()["state"])

    assert list(dict.fromkeys(states)) == [
        "applicant",
        "activist",
        "target",
        "probationary",
        "full",
    ]
    final = answer.json()
    assert (final["joined_on"], final["full_on"]) == ("2015-11-01", "2016-11-01")
    joining = (await roll.get(f"/v1/members/{made['member_id']}/joining")).json()
    assert len(joining["recorded"]) == len(WAY) + 1
    listed = next(one for one in joining["recorded"] if one["step"] == "target")
    assert (listed["rule"], listed["rule_version"]) == ("joining.activist-period", "2014")
    lines = (await roll.get(f"/v1/members/{made['member_id']}/history")).json()
    assert [line["reason"] for line in lines] == [
        "entered",
        "recognised",
        "listed",
        "accepted",
        "confirmed",
    ]


async def test_too_early_is_refused_with_the_earliest_day_and_nothing_is_kept(roll):
    made = await roll.register(state="activist", occurred_at=noon("2014-09-01"))

    answer = await roll.step(made, "target", "2015-08-31")

    assert (answer.status_code, answer.json()["code"]) == (409, "too-early")
    assert answer.json()["earliest"] == "2015-09-01"
    plan = (await roll.get(f"/v1/members/{made['member_id']}/joining")).json()["plan"]
    by_step = {one["step"]: one for one in plan}
    assert by_step["target"]["done_on"] is None
    assert by_step["target"]["earliest"] == "2015-09-01"
    assert by_step["activist-check"]["overdue"]


async def test_a_renewed_rule_binds_from_its_day_and_leaves_the_past(roll, database):
    early = await roll.register(state="activist", occurred_at=noon("2014-09-01"))
    await roll.step(early, "target", "2015-09-01")
    pool = (await database("membership")).pool
    await pool.execute(
        "INSERT INTO rule (code, version, effective_from, severity, source, parameters)"
        " VALUES ('joining.activist-period', 'own', '2016-01-01', 'block', '本区规定',"
        " '{\"least_months\": 24}')"
    )
    late = await roll.register(state="activist", occurred_at=noon("2015-01-01"))

    refused = await roll.step(late, "target", "2016-01-01")
    taken = await roll.step(late, "target", "2017-01-01")

    assert (refused.json()["earliest"], refused.json()["rule_version"]) == ("2017-01-01", "own")
    assert taken.status_code == 201
    recorded = (await roll.get(f"/v1/members/{early['member_id']}/joining")).json()["recorded"]
    assert [one["rule_version"] for one in recorded if one["step"] == "target"] == ["2014"]


async def test_an_overdue_step_is_alerted_once_and_cleared_by_taking_it(roll, clock):
    made = await roll.register(state="applicant", occurred_at=noon("2026-05-20"))
    clock.at("2026-06-20")
    assert await sweep(roll, JOINING_SWEEP) == 0

    clock.at("2026-06-21")
    assert await sweep(roll, JOINING_SWEEP) == 1
    assert await sweep(roll, JOINING_SWEEP) == 0
    assert await open_alerts(roll) == [("joining-overdue", "2026-06-20", "talk")]

    await roll.step(made, "talk", "2026-06-21")
    assert await open_alerts(roll) == []


async def test_approval_is_alerted_after_three_months_and_again_after_six(roll, clock):
    made = await roll.register(state="target", occurred_at=noon("2014-09-01"))
    for step, day, more in WAY[5:9]:
        assert (await roll.step(made, step, day, **more)).status_code == 201

    clock.at("2016-02-02")
    await sweep(roll, JOINING_SWEEP)
    assert ("joining-overdue", "2016-02-01", "approval") in await open_alerts(roll)
    clock.at("2016-05-02")
    await sweep(roll, JOINING_SWEEP)
    dues = [due for _, due, step in await open_alerts(roll) if step == "approval"]
    assert sorted(dues) == ["2016-02-01", "2016-05-01"]

    clock.at("2016-06-01")
    assert (await roll.step(made, "approval", "2016-06-01")).status_code == 201
    assert [a for a in await open_alerts(roll) if a[2] == "approval"] == []


async def test_probation_is_extended_and_the_meeting_waits(roll):
    made = await roll.register(
        state="probationary", joined_on="2024-06-08", occurred_at=noon("2024-06-08")
    )
    assert made["probation_until"] == "2025-06-08"

    async def extended(until: str):
        path = f"/v1/members/{made['member_id']}/extend-probation"
        return await roll.send("POST", path, probation_until=until, occurred_at=noon("2025-06-08"))

    assert (await extended("2025-12-07")).json()["code"] == "extension-out-of-bounds"
    assert (await extended("2025-12-08")).status_code == 200
    early = await roll.step(made, "full-meeting", "2025-12-07")
    assert early.json()["earliest"] == "2025-12-08"
    assert (await roll.step(made, "full-meeting", "2025-12-08")).status_code == 201


# Away and lost


async def test_away_for_six_months_is_alerted_on_the_day_and_cleared_by_moving(roll, clock):
    made = await roll.register()
    await roll.act(made, "whereabouts", "2026-01-08", whereabouts="away", host_id=roll.branches[1])
    clock.at("2026-07-07")
    await sweep(roll, WHEREABOUTS_SWEEP)
    assert await open_alerts(roll) == []

    clock.at("2026-07-08")
    assert await sweep(roll, WHEREABOUTS_SWEEP) == 1
    assert await sweep(roll, WHEREABOUTS_SWEEP) == 0
    assert await open_alerts(roll) == [("mobile-overdue", "2026-07-08", "")]

    answer = await roll.act(made, "reassign", "2026-07-08", organisation_id=roll.branches[1])
    assert (answer.status_code, answer.json()["whereabouts"]) == (200, "here")
    assert await open_alerts(roll) == []


async def test_lost_for_six_months_stops_and_two_more_years_remove(roll, clock):
    made = await roll.register()
    await roll.act(made, "whereabouts", "2024-01-08", whereabouts="lost")
    clock.at("2024-07-08")
    await sweep(roll, WHEREABOUTS_SWEEP)
    assert [kind for kind, _, _ in await open_alerts(roll)] == ["lost-stop-due"]

    stopped = await roll.act(made, "leave", "2024-07-08", leaving="stopped")
    assert (stopped.json()["state"], await open_alerts(roll)) == ("left", [])

    clock.at("2026-07-07")
    await sweep(roll, WHEREABOUTS_SWEEP)
    assert await open_alerts(roll) == []
    clock.at("2026-07-08")
    await sweep(roll, WHEREABOUTS_SWEEP)
    assert await open_alerts(roll) == [("lost-remove-due", "2026-07-08", "")]

    removed = await roll.act(made, "leave", "2026-07-08", leaving="removed")
    assert (removed.status_code, removed.json()["leaving"]) == (200, "removed")
    assert await open_alerts(roll) == []


async def test_who_was_stopped_and_found_again_is_restored(roll):
    made = await roll.register()
    await roll.act(made, "leave", "2025-01-08", leaving="stopped")

    back = await roll.act(made, "return", "2025-06-08", state="full")

    assert (back.status_code, back.json()["state"], back.json()["leaving"]) == (200, "full", None)


async def test_self_removal_is_warned_of_at_three_and_five_months(roll, clock):
    made = await roll.register()
    context = roll.client.app.state.context
    last = datetime(2026, 1, 8, tzinfo=UTC).date()

    async def settled(day: str) -> list[str]:
        clock.at(day)
        async with unit_of_work(
            context.database.sessions, Cause("test"), clock(), context.ring
        ) as uow:
            await settle_self_removal(uow, made["member_id"], last)
        answer = await roll.get("/v1/alerts", kind="self-removal-near")
        assert {one["due_on"] for one in answer.json()["items"]} <= {"2026-07-08"}
        return sorted(str(one["facts"]["months"]) for one in answer.json()["items"])

    assert await settled("2026-04-07") == []
    assert await settled("2026-04-08") == ["3"]
    assert await settled("2026-06-07") == ["3"]
    assert await settled("2026-06-08") == ["3", "5"]
    last = datetime(2026, 6, 8, tzinfo=UTC).date() - timedelta(days=1)
    assert await settled("2026-06-09") == []
