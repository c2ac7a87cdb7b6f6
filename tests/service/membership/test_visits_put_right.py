"""Visits that were entered wrongly, and what branches owe: from the base to the branch's alert."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.bases.visits import VisitCompleted, VisitCorrected, VisitWithdrawn
from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.books import WithdrawReason
from services.membership import subscribers
from tests.eventually import eventually
from tests.service import hearing
from tests.service.membership.life import COMMUNITY, Life, Now, begin

VISIT, HEARD = UUID(int=77), datetime(2019, 6, 8, 1, tzinfo=UTC)


@pytest.fixture
async def life(scene, start, database):
    return await begin(scene, start, database)


def facts(organisation_id: str | None, **given) -> dict:
    return {
        "area": "410306",
        "visit_id": VISIT,
        "base_id": UUID(int=78),
        "base_kind": "red",
        "organisation_id": organisation_id,
        "visitor_level": VisitorLevel.COMMUNITY,
        "channel": Channel.WEB,
        "actual_headcount": 32,
        "started_at": HEARD,
    } | given


def corrected(was: dict, now: dict, correction: int = 1) -> VisitCorrected:
    before = VisitCompleted(**was).model_dump()
    told = {name for name in VisitCorrected.model_fields if name.startswith("was_")}
    return VisitCorrected(
        **now,
        correction=correction,
        booked=False,
        **{name: before[name.removeprefix("was_")] for name in told},
    )


async def hear(life: Life, *events: Event) -> None:
    context = life.client.app.state.context
    lent = {"database": context.database, "now": context.clock(), "ring": context.ring}
    await hearing.hear(subscribers.bases, *events, **lent)


async def held(life: Life) -> list[tuple[str, int]]:
    """Activities that stand: whose, and with how many."""
    rows = await life.database.pool.fetch(
        "SELECT o.code, a.headcount FROM activity a JOIN organisation o USING (organisation_id)"
        " WHERE a.status = 'held' ORDER BY o.code"
    )
    return [(row["code"], row["headcount"]) for row in rows]


async def points(life: Life) -> dict[str, int]:
    rows = await life.database.pool.fetch(
        "SELECT o.code, sum(e.amount)::int AS points FROM points_entry e"
        " JOIN organisation o ON o.organisation_id = e.subject_id GROUP BY 1"
    )
    return {row["code"]: row["points"] for row in rows if row["points"]}


async def test_a_visit_withdrawn_is_no_organisational_life_and_earns_nothing(life):
    told = facts(life.branch["organisation_id"])
    await hear(life, VisitCompleted(**told))
    assert (len(await held(life)), sum((await points(life)).values())) == (1, 2)

    await hear(life, VisitWithdrawn(**told, reason=WithdrawReason.ENTERED_TWICE))

    assert (await held(life), await points(life)) == ([], {})
    (back,) = await life.events("activity.retracted")
    assert (back[1][:10], back[2]["reason"]) == ("2019-06-08", "duplicate")


async def test_a_corrected_headcount_is_that_of_the_activity(life):
    was = facts(life.branch["organisation_id"])
    now = was | {"actual_headcount": 23}

    await hear(life, VisitCompleted(**was), corrected(was, now))

    assert [headcount for _, headcount in await held(life)] == [23]
    assert sum((await points(life)).values()) == 2


async def test_a_visit_given_to_another_branch_and_back_counts_for_whoever_has_it(life):
    other = await life.organisation("B-OTHER")
    mine, theirs = facts(life.branch["organisation_id"]), facts(other["organisation_id"])
    await hear(life, VisitCompleted(**mine), corrected(mine, theirs, 1))

    assert await held(life) == [("B-OTHER", 32)]
    assert await points(life) == {"B-OTHER": 2}

    await hear(life, corrected(theirs, mine, 2))
    assert await held(life) == [(life.branch["code"], 32)]
    assert await points(life) == {life.branch["code"]: 2}

    outside = facts(None)
    await hear(life, corrected(mine, outside, 3))
    assert (await held(life), await points(life)) == ([], {})


async def test_what_staff_took_back_by_hand_is_not_brought_back_by_a_correction(life):
    was = facts(life.branch["organisation_id"])
    await hear(life, VisitCompleted(**was))
    (activity_id,) = await life.database.pool.fetchrow("SELECT activity_id FROM activity")
    await life.done(f"/v1/activities/{activity_id}/retract", {}, 200)

    await hear(life, corrected(was, was | {"actual_headcount": 23}))

    assert await held(life) == []


async def test_a_visit_counts_as_organisational_life_of_every_branch_that_came_along(life):
    other = await life.organisation("B-ALONG")
    along = [UUID(other["organisation_id"])]
    told = facts(life.branch["organisation_id"], with_organisation_ids=along, cross_unit=True)

    await hear(life, VisitCompleted(**told))

    seen = await life.database.pool.fetchval("SELECT co_organiser_ids FROM activity")
    assert seen == along
    assert await points(life) == {life.branch["code"]: 2, "B-ALONG": 2}


async def test_a_branch_that_never_visited_is_alerted_until_a_visit_is_entered_at_a_base(
    scene, start, database
):
    now = Now(datetime.fromisoformat("2027-01-05T10:00:00+08:00"))
    made = await begin(scene, start, database, now, background=True)
    branch = made.branch["organisation_id"]
    await made.database.pool.execute(
        "UPDATE organisation SET recorded_at = '2025-01-01T00:00:00Z' WHERE organisation_id = $1",
        UUID(branch),
    )
    bases = await start("bases", clock=now)

    async def alerted() -> bool:
        await made.clockwork()
        found = await made.get("/v1/alerts", kind="cadence-overdue", limit=100)
        return ("base-visit", "2026-12-31") in {
            (each["facts"]["kind"], each["due_on"]) for each in found.json()["items"]
        }

    await eventually(alerted)
    base = {"code": "JD-1", "name": "测试基地", "kind": "red", "area": COMMUNITY}

    made_there: list[dict] = []

    async def sent(path: str, body: dict) -> bool:
        """Refused until bases have heard of the area, and of the branch."""
        answer = await bases.post(path, json=body, headers=scene.headers())
        made_there.append(answer.json())
        return answer.status_code == 201

    await eventually(lambda: sent("/v1/bases", base))
    visit = {
        "base_id": made_there[-1]["base_id"],
        "organisation_id": branch,
        "visitor_level": "community",
        "channel": "form",
        "headcount": 12,
        "started_at": "2026-12-31T15:00:00+08:00",
    }
    await eventually(lambda: sent("/v1/visits", visit))

    async def settled() -> bool:
        return not await alerted()

    await eventually(settled)
