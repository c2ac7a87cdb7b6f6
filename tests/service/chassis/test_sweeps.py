"""Rounds of the clock: one bad row, one bad sweep, a clock that stands still."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from services.chassis import sweeps
from services.chassis.database import execute
from services.chassis.sweeps import STANDSTILL, Clockwork, Part, RowsFailedError, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork
from tests.service.chassis import probe

BAD = 3
BEGAN = datetime(2026, 11, 21, 4, tzinfo=UTC)


class Moving:
    now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
async def context(start, clock, writer):
    """Membership's, with the probe's tallies."""
    return (await start("membership", background=False, clock=clock)).app.state.context


async def step_all(uow: UnitOfWork) -> Part:
    """Five tallies at most two at a time, the third of which the database refuses."""
    left = "SELECT n FROM generate_series(1, 5) n WHERE NOT EXISTS (SELECT FROM effect WHERE version = n) ORDER BY n LIMIT 2"  # noqa: E501
    rows = (await execute(uow.session, left)).scalars().all()

    async def step(number: int) -> None:
        uow.announce(probe.step(UUID(int=number), 1), version=1)
        await execute(uow.session, "INSERT INTO effect (version) VALUES (:n)", {"n": number})
        if number == BAD:
            await execute(uow.session, "INSERT INTO tally VALUES (NULL, 1)")

    return await one_by_one(uow, rows, step)


async def test_a_row_that_fails_is_undone_alone_and_holds_back_none_after_it(context):
    with pytest.raises(RowsFailedError, match=r"1 row left over: 3: IntegrityError") as failed:
        await sweeps.once(context, Sweep("probe", step_all))

    assert failed.value.done == 4
    pool = context.database.pool
    assert await probe.effects(pool) == [1, 2, 4, 5]
    told = await pool.fetch("SELECT aggregate_id FROM event_log ORDER BY id")
    assert [row["aggregate_id"].int for row in told] == [1, 2, 4, 5]


def counted(sweep: str, outcome: str) -> float:
    return (
        REGISTRY.get_sample_value("jiceng_sweep_runs_total", {"sweep": sweep, "outcome": outcome})
        or 0.0
    )


def succeeded_at(sweep: str) -> float | None:
    return REGISTRY.get_sample_value(
        "jiceng_sweep_last_success_timestamp_seconds", {"sweep": sweep}
    )


async def idle(_: UnitOfWork) -> int:
    return 0


async def broken(_: UnitOfWork) -> int:
    raise LookupError("no version of dues.rate is in the database\nwith secrets below")


GOOD, WRONG, PARTLY = (
    Sweep("good", idle, timedelta(hours=1)),
    Sweep("wrong", broken, timedelta(hours=6)),
    Sweep("partly", step_all),
)


async def test_rounds_are_counted_and_the_last_success_is_dated(context):
    works = Clockwork(context)
    before = {each: counted(*each) for each in (("good", "done"), ("wrong", "failed"))}

    for sweep in (GOOD, WRONG, PARTLY):
        await sweeps.attend(context, sweep, works)

    assert counted("good", "done") == before["good", "done"] + 1
    assert counted("wrong", "failed") == before["wrong", "failed"] + 1
    assert counted("partly", "partly") == 1
    assert (succeeded_at("good"), succeeded_at("partly")) == (BEGAN.timestamp(), None)


async def test_a_sweep_that_failed_is_tried_again_soon_whatever_its_rhythm(context):
    works = Clockwork(context)

    assert await sweeps.attend(context, WRONG, works) == timedelta(minutes=1)
    assert await sweeps.attend(context, GOOD, works) == timedelta(hours=1)


async def test_health_says_which_sweep_failed_last_and_why_until_it_does_not(context, clock):
    works = Clockwork(context)
    await sweeps.attend(context, WRONG, works)
    part = context.health.parts["clock"]

    assert part.ok
    assert part.detail == (
        "wrong fails since 2026-11-21T04:00:00Z: "
        "LookupError: no version of dues.rate is in the database"
    )
    clock.now += timedelta(minutes=1)
    await sweeps.attend(context, PARTLY, works)
    assert context.health.parts["clock"].detail.startswith(
        "partly fails since 2026-11-21T04:01:00Z, and 1 more: RowsFailedError: 1 row left over"
    )

    await sweeps.attend(context, Sweep("wrong", idle), works)
    await sweeps.attend(context, Sweep("partly", idle), works)
    assert (context.health.parts["clock"].ok, context.health.parts["clock"].detail) == (True, "")


@pytest.mark.parametrize(
    ("others", "ready"), [((), False), ((GOOD,), True), ((PARTLY,), True)], ids=["", "good", "some"]
)
async def test_not_ready_is_only_a_clock_that_stands_still(context, clock, others, ready):
    works = Clockwork(context)
    await sweeps.attend(context, WRONG, works)
    clock.now += STANDSTILL - timedelta(seconds=1)
    await sweeps.attend(context, WRONG, works)
    assert context.health.ready

    clock.now += timedelta(seconds=1)
    for sweep in (*others, WRONG):
        await sweeps.attend(context, sweep, works)
    assert context.health.ready is ready


async def test_a_round_of_another_replica_says_nothing_about_ours(context):
    works, before = Clockwork(context), counted("good", "done")
    async with context.database.pool.acquire() as other, other.transaction():
        await other.execute(sweeps.LOCK.replace(":name", "$1"), "good")
        await sweeps.attend(context, GOOD, works)

    assert counted("good", "done") == before
    assert "clock" not in context.health.parts
