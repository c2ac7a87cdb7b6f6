"""What a consumer has acted on, one row an aggregate: repetition, gap and first time told apart.

`version` is that of the last event handled, or given up by an operator. What is parked does not
move it, so nothing can overtake a parked event, not even in another process at the same moment.
"""

from enum import Enum

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.event import Envelope


class Claim(Enum):
    FIRST = "handled"
    REPEATED = "repeated"
    GAP = "early"
    BEHIND_PARKED = "behind-parked"


CLAIM = """
INSERT INTO inbox AS known (consumer, aggregate_id, version, event_id)
SELECT $1, $2::uuid, $3::int, $4::uuid
 WHERE ($3 = 1 OR EXISTS (SELECT 1 FROM inbox WHERE consumer = $1 AND aggregate_id = $2))
   AND NOT EXISTS (SELECT 1 FROM parked WHERE consumer = $1 AND aggregate_id = $2)
ON CONFLICT (consumer, aggregate_id) DO UPDATE
   SET version = excluded.version, event_id = excluded.event_id, handled_at = now()
 WHERE known.version = excluded.version - 1
RETURNING version
"""
ADVANCE = """
INSERT INTO inbox AS known (consumer, aggregate_id, version, event_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (consumer, aggregate_id) DO UPDATE
   SET version = excluded.version, event_id = excluded.event_id, handled_at = now()
 WHERE known.version < excluded.version
"""
"""Counts an event as dealt with that did not come by `claim`: a parked one, retried or dropped."""
KNOWN = """
SELECT coalesce(max(version), 0) AS version,
       EXISTS (SELECT 1 FROM parked WHERE consumer = $1 AND aggregate_id = $2) AS parked
  FROM inbox WHERE consumer = $1 AND aggregate_id = $2
"""


async def claim(session: AsyncSession, consumer: str, envelope: Envelope) -> Claim:
    """Record the event as heard, in the transaction of its effect, if it is its aggregate's next.

    Two deliveries of one event at once: the second waits for the first's transaction and then
    finds a repetition.
    """
    connection = await session.connection()
    key = (consumer, envelope.subject)
    taken = await connection.exec_driver_sql(CLAIM, (*key, envelope.aggregateversion, envelope.id))
    if taken.first() is not None:
        return Claim.FIRST
    known = (await connection.exec_driver_sql(KNOWN, key)).mappings().one()
    version, parked = known["version"], known["parked"]
    if version >= envelope.aggregateversion:
        return Claim.REPEATED
    return Claim.BEHIND_PARKED if parked else Claim.GAP
