"""What the clock finds due, on rows of the database."""

from sqlmodel import col

from services.chassis.rows import batch
from services.membership.tables.volunteering.rows import WishRow
from tests.service.planting import Garden


async def test_a_batch_leaves_what_another_transaction_holds_for_the_next_round(start, database):
    client = await start("membership", background=False)
    sessions, kept = client.app.state.context.database.sessions, await database("membership")
    async with kept.pool.acquire() as connection:
        garden = await Garden.of(connection)
        ids = {(await garden.plant(WishRow.__table__))["wish_id"] for _ in range(3)}
    due = col(WishRow.closed_at).is_(None)

    async with sessions() as one, sessions() as other:
        held = await batch(one, WishRow, "wish_id", due, limit=2)
        left = await batch(other, WishRow, "wish_id", due, limit=3)

    assert [row.wish_id for row in (*held, *left)] == sorted(ids)
