"""Posts and claims. Overselling ends here, in the database.

Three walls: claims of one post take turns (advisory lock), the counters move only below their
limits, and a constraint would refuse what both let through. Rows are locked registrants first (in
the order of their ids), then posts, so that nobody waits in a circle.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.working import ClaimState
from services.chassis import rows
from services.chassis.database import execute
from services.membership.tables.working.rows import ClaimRow, PostRow, RegistrantRow

TAKE_PLACE = """
UPDATE service_post SET taken = taken + 1
 WHERE post_id = :post_id AND taken < places AND closed_on IS NULL RETURNING taken
"""
COUNT_CLAIM = """
UPDATE registrant SET claims = claims + 1
 WHERE registrant_id = :registrant_id AND claims < :most AND state = 'active' RETURNING claims
"""
GIVE_BACK_PLACE = "UPDATE service_post SET taken = taken - 1 WHERE post_id = :post_id"
UNCOUNT_CLAIM = """
UPDATE registrant SET claims = claims - 1 WHERE registrant_id = :registrant_id RETURNING claims
"""

FREE = """
SELECT post_id, code, title, kind, places - taken AS free FROM service_post p
 WHERE community = :community AND closed_on IS NULL AND taken < places
   AND (ends_on IS NULL OR ends_on >= :day)
   AND NOT EXISTS (
        SELECT 1 FROM post_claim c
         WHERE c.post_id = p.post_id AND c.registrant_id = :registrant_id AND c.state = 'held')
 ORDER BY code LIMIT :limit
"""
CANDIDATES = """
SELECT r.registrant_id,
       (SELECT count(*) FROM unnest(r.skills) s WHERE s = ANY(CAST(:skills AS text[]))) AS fits
  FROM registrant r
 WHERE r.community = :community AND r.state = 'active' AND r.claims < :most
   AND (cardinality(CAST(:skills AS text[])) = 0 OR r.skills && CAST(:skills AS text[]))
   AND NOT EXISTS (
        SELECT 1 FROM post_claim c
         WHERE c.post_id = :post_id AND c.registrant_id = r.registrant_id AND c.state = 'held')
 ORDER BY fits DESC, r.claims, r.registered_on, r.registrant_id
 LIMIT :limit
"""


class FreePost(NamedTuple):
    post_id: UUID
    code: str
    title: str
    kind: str
    free: int


# Posts


async def take_turns(session: AsyncSession, post_id: UUID) -> None:
    """Claims and the closing of one post come one after the other."""
    await rows.take_turn(session, "claims of", post_id)


def free_on(day: date) -> Sequence[ColumnElement[bool]]:
    """Of the posts that somebody could claim on that day."""
    return (
        col(PostRow.closed_on).is_(None),
        col(PostRow.taken) < col(PostRow.places),
        col(PostRow.ends_on).is_(None) | (col(PostRow.ends_on) >= day),
    )


async def free_posts(
    session: AsyncSession, community: str, registrant_id: UUID, day: date, limit: int
) -> list[FreePost]:
    """Posts that this registrant could claim instead."""
    values = {"community": community, "registrant_id": registrant_id, "day": day, "limit": limit}
    return [FreePost._make(row) for row in await execute(session, FREE, values)]


async def candidates(
    session: AsyncSession, row: PostRow, most: int, limit: int
) -> list[tuple[RegistrantRow, int]]:
    """Who could take the post, those who fit best first, with how many of its skills they have."""
    values = {
        "post_id": row.post_id,
        "community": row.community,
        "skills": row.skills,
        "most": most,
        "limit": limit,
    }
    fits = {each.registrant_id: each.fits for each in await execute(session, CANDIDATES, values)}
    found = await rows.by_key(session, RegistrantRow, list(fits))
    return [(found[registrant_id], number) for registrant_id, number in fits.items()]


# Claims


async def take_place(session: AsyncSession, post_id: UUID) -> bool:
    """False when no place is left."""
    return (await execute(session, TAKE_PLACE, {"post_id": post_id})).first() is not None


async def count_claim(session: AsyncSession, registrant_id: UUID, most: int) -> int | None:
    """How many posts the registrant holds now; `None` when that would be more than `most`."""
    values = {"registrant_id": registrant_id, "most": most}
    row = (await execute(session, COUNT_CLAIM, values)).first()
    return row.claims if row else None


async def give_back(session: AsyncSession, post_id: UUID, registrant_id: UUID) -> int:
    """How many posts the registrant holds after giving this place back."""
    row = (await execute(session, UNCOUNT_CLAIM, {"registrant_id": registrant_id})).one()
    await execute(session, GIVE_BACK_PLACE, {"post_id": post_id})
    return int(row.claims)


async def held(
    session: AsyncSession, *, registrant_id: UUID | None = None, post_id: UUID | None = None
) -> Sequence[ClaimRow]:
    """Claims that stand, in the order of their posts."""
    query = select(ClaimRow).where(ClaimRow.state == ClaimState.HELD)
    if registrant_id:
        query = query.where(ClaimRow.registrant_id == registrant_id)
    if post_id:
        query = query.where(ClaimRow.post_id == post_id)
    query = query.order_by(col(ClaimRow.post_id), col(ClaimRow.registrant_id))
    return (await session.exec(query.execution_options(populate_existing=True))).all()
