"""The read model built anew equals the live one, row for row, whatever happens meanwhile."""

import asyncio

import pytest

from services.chassis.errors import Conflict, Unavailable
from services.projector import model
from services.projector.parked import drop_parked, list_parked
from services.projector.rebuild import REBUILD_LOCK, rebuild
from tests.eventually import eventually
from tests.service.projector.conftest import Desk
from tests.unit.projector.build import (
    COMMUNITY,
    NEXT_COMMUNITY,
    completed,
    moved,
    rekinded,
    requested,
    venue,
    visit,
)


async def busy(desk: Desk) -> None:
    """A history with every kind of event, a repetition, a gap and a poison event."""
    await desk.tell(venue("展厅甲", themes=4))
    await desk.tell(rekinded("基地甲", was="red", kind="basic"))
    await desk.tell(moved("支部甲", was=COMMUNITY, area=NEXT_COMMUNITY))
    for n in range(50):
        await desk.tell(requested(f"b{n}"))
        await desk.tell(completed(f"b{n}"))
        await desk.tell(visit(f"v{n}", 10 + n, visitor="支部甲"))
    await desk.put(desk.sent[-1])
    desk.log.write(rekinded("基地甲", was="basic", kind="red"))
    await desk.tell(rekinded("基地甲", was="red", kind="basic"))
    await desk.put(desk.sent[-1], b"nonsense")
    await desk.settled()


async def differences(desk: Desk, one: int, other: int) -> dict[str, int]:
    """Rows that only one of two generations has, by table; empty when they are equal."""
    found = {}
    for table in model.COMPARED:
        a, b = f"{model.schema_of(one)}.{table}", f"{model.schema_of(other)}.{table}"
        rows = await desk.database.pool.fetchval(
            f"SELECT count(*) FROM ((TABLE {a} EXCEPT ALL TABLE {b})"
            f" UNION ALL (TABLE {b} EXCEPT ALL TABLE {a})) AS d"
        )
        if rows:
            found[table] = int(rows)
    return found


async def test_the_rebuilt_model_equals_the_live_one_row_for_row(office: Desk) -> None:
    await busy(office)
    before = await office.rows()
    assert len(before["fact"]) > 200
    assert len(before["parked"]) == 2
    told: list[tuple[str, int, int]] = []
    built = await rebuild(
        office.scene.settings, progress=lambda *step: told.append(step), keep=True
    )
    assert await differences(office, built.generation, built.replaced) == {}
    assert await office.rows() == before
    assert built.facts == len(before["fact"])
    assert told[-1][1] == told[-1][2]


async def test_the_comparison_sees_a_single_different_row(office: Desk) -> None:
    await busy(office)
    built = await rebuild(office.scene.settings, keep=True)
    m = model.schema_of(built.replaced)
    await office.database.pool.execute(
        f"UPDATE {m}.rollup SET amount = amount + 1 WHERE ctid = (SELECT min(ctid) FROM {m}.rollup)"
    )
    assert await differences(office, built.generation, built.replaced) == {"rollup": 2}


async def test_while_events_keep_arriving_none_is_lost_or_doubled(office: Desk) -> None:
    await busy(office)
    stop = asyncio.Event()
    told = 0

    async def keep_telling() -> None:
        nonlocal told
        while not stop.is_set():
            await office.tell(visit(f"more {told}", 1, area=NEXT_COMMUNITY))
            told += 1

    async def keep_asking() -> None:
        """No answer may ever fall behind one given before."""
        seen = 0.0
        while not stop.is_set():
            value = await office.value("bases.visit_persons", area=NEXT_COMMUNITY)
            assert value is not None
            assert value >= seen
            seen = value

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_telling())
        tasks.create_task(keep_asking())
        for _ in range(3):
            await rebuild(office.scene.settings)
        stop.set()
    await office.settled()
    assert await office.value("bases.visit_persons", area=NEXT_COMMUNITY) == told
    before = await office.rows()
    built = await rebuild(office.scene.settings, keep=True)
    assert await differences(office, built.generation, built.replaced) == {}
    assert await office.rows() == before


async def test_what_an_operator_did_without_stays_so_in_the_rebuilt_model(office: Desk) -> None:
    await busy(office)
    for parked in await list_parked(office.database.pool):
        await drop_parked(office.database.pool, parked.key, "never came")
    before = await office.rows()
    await rebuild(office.scene.settings)
    after = await office.rows()
    assert [row for row in after.pop("parked") if row["aggregate_id"]] == []
    before.pop("parked")
    assert after == before


async def test_the_replaced_generation_is_dropped(office: Desk) -> None:
    built = await rebuild(office.scene.settings)
    assert await office.database.pool.fetchval("SELECT to_regclass($1)", "model_1.fact") is None
    rows = await office.database.pool.fetch("SELECT id, state FROM generation")
    assert [(row["id"], row["state"]) for row in rows] == [(built.generation, "live")]


async def test_a_second_rebuild_at_the_same_time_is_refused(office: Desk) -> None:
    connection = await office.database.connect()
    await connection.execute(f"SELECT pg_advisory_lock({REBUILD_LOCK})")
    with pytest.raises(Conflict):
        await rebuild(office.scene.settings)
    await connection.close()


async def test_without_the_streams_nothing_is_changed(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.projector.rebuild.CONNECT_S", 0.5)
    await office.nats.close()
    await asyncio.to_thread(office.scene.nats.stop)
    with pytest.raises(Unavailable):
        await rebuild(office.scene.settings)
    assert await office.m() == "model_1"


async def test_changed_declarations_rebuild_by_themselves_and_take_over(
    office: Desk, start: object
) -> None:
    await busy(office)
    before = await office.rows()
    await office.database.pool.execute("UPDATE generation SET declaration = 'of an older release'")
    await start("projector")  # type: ignore[operator]

    async def taken_over() -> bool:
        return await office.m() == "model_2"

    await eventually(taken_over)
    await office.settled()
    assert await office.rows() == before


async def test_a_model_of_other_declarations_is_left_alone(office: Desk) -> None:
    await office.database.pool.execute("UPDATE generation SET declaration = 'of a newer release'")
    await office.tell(visit("v1", 30))

    async def unready() -> bool:
        parts = (await office.client.get("/readyz")).json()["parts"]
        return parts["read model"]["ok"] is False

    await eventually(unready)
    assert await office.value("bases.visit_persons") == 0
    await office.database.pool.execute(
        "UPDATE generation SET declaration = $1", model.fingerprint()
    )
    await office.settled()
    assert await office.value("bases.visit_persons") == 30
