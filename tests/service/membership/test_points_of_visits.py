"""Visits and no-shows that bases tells of become points of the organisation, once each."""

from datetime import timedelta
from uuid import UUID

from contracts.event import CONTENT_TYPE
from services.chassis.event_log import Entry
from services.membership import subscribers
from tests.conftest import Scene, Start
from tests.eventually import eventually
from tests.service.membership.merit import COMMUNITY, LONG_AGO, ORGANISATION, open_roll
from tests.unit.projector.build import JUNE, Log, an_id, missed, not_missed, requested, visit

ENTRIES = """
SELECT rule_code, amount, source_id FROM points_entry WHERE subject_id = $1 ORDER BY rule_code
"""


async def publish(scene: Scene, entries: list[Entry]) -> None:
    """Without the header by which the stream would drop what it has."""
    client = await scene.connect()
    for entry in entries:
        await client.jetstream().publish(
            entry.subject,
            entry.body.encode(),
            stream="JICENG_BASES",
            headers={"content-type": CONTENT_TYPE},
        )
    await client.close()


async def settled(scene: Scene, count: int) -> bool:
    """Whether all `count` messages were delivered and answered."""
    client = await scene.connect()
    place = subscribers.bases.durable
    info = await client.jetstream().consumer_info(place.stream, place.name)
    await client.close()
    answered = info.ack_floor.stream_seq if info.ack_floor else 0
    return answered == count


async def test_what_is_heard_twice_or_out_of_order_between_aggregates_counts_once(
    scene: Scene, start: Start
) -> None:
    roll = await open_roll(scene, await start("membership"))
    branch = an_id("支部甲")
    await roll.pool.execute(ORGANISATION, branch, "B-甲", COMMUNITY, LONG_AGO)
    log = Log()
    later = log.write(visit("二", visitor="支部甲", at=JUNE + timedelta(days=1)))
    earlier = log.write(visit("一", visitor="支部甲"))
    booked, no_show = log.write(requested("约")), log.write(missed("约"))
    outside = log.write(visit("外"))
    told_anew = log.write(visit("一", visitor="支部甲"), version=1)
    last = log.write(visit("末", visitor="支部甲", at=JUNE + timedelta(days=2)))

    told = [no_show, later, earlier, outside, booked, earlier, no_show, later, told_anew, last]

    await publish(scene, told)
    await eventually(lambda: settled(scene, len(told)))

    rows = await roll.pool.fetch(ENTRIES, branch)
    by_source: dict[UUID, tuple[str, int]] = {
        row["source_id"]: (row["rule_code"], row["amount"]) for row in rows
    }
    assert len(rows) == len(by_source)
    assert by_source == {
        an_id("约"): ("booking.missed", -5),
        an_id("一"): ("visit.completed", 2),
        an_id("二"): ("visit.completed", 2),
        an_id("末"): ("visit.completed", 2),
    }
    assert await roll.pool.fetchval("SELECT count(*) FROM points_entry") == len(rows)


async def test_a_no_show_taken_back_costs_nothing_until_it_is_missed_again(
    scene: Scene, start: Start
) -> None:
    roll = await open_roll(scene, await start("membership"))
    branch = an_id("支部甲")
    await roll.pool.execute(ORGANISATION, branch, "B-甲", COMMUNITY, LONG_AGO)
    log = Log()
    first, back = log.write(missed("约")), log.write(not_missed("约"))
    again = missed("约").model_copy(update={"retractions": 1})

    async def balance(told: list[Entry], count: int) -> int:
        await publish(scene, told)
        await eventually(lambda: settled(scene, count))
        rows = await roll.pool.fetch(ENTRIES, branch)
        return sum(row["amount"] for row in rows)

    assert await balance([first], 1) == -5
    assert await balance([back, first, back], 4) == 0
    assert await balance([log.write(again)], 5) == -5
