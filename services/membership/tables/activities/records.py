"""One activity at a time: found, locked, inserted once, with its outputs and attachments."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.activities import ActivityStatus
from contracts.kinds.books import Bound
from services.chassis.database import execute
from services.chassis.rows import for_update, one
from services.membership.tables.activities.rows import ActivityRow, AttachmentRow, OutputRow

STANDING = (ActivityStatus.PLANNED, ActivityStatus.HELD)


async def locked(session: AsyncSession, activity_id: UUID) -> ActivityRow:
    """Raises `NotFound`."""
    return await one(session, ActivityRow, activity_id, "activity", "活动", lock=True)


async def area_of(session: AsyncSession, row: OutputRow) -> str:
    """Where the activity of an output lies."""
    return (await one(session, ActivityRow, row.activity_id, "activity", "活动")).area


async def save(session: AsyncSession, row: ActivityRow) -> bool:
    """Write all of a locked row. False, with nothing written, when it became an activity that
    stands already. The session no longer follows the row.
    """
    session.expunge(row)  # a savepoint flushes first, and what fails there ends the transaction
    values = row.model_dump(exclude={"activity_id"})
    try:
        async with session.begin_nested():
            await execute(
                session,
                update(ActivityRow)
                .where(col(ActivityRow.activity_id) == row.activity_id)
                .values(**values),
            )
    except IntegrityError:
        return False
    return True


async def like(session: AsyncSession, row: ActivityRow) -> ActivityRow | None:
    """Another that stands where `row` would: by its ledger number, or as the same event."""
    is_target = col(ActivityRow.sessions_bound) == Bound.TARGET
    same = (
        (col(ActivityRow.organisation_id) == row.organisation_id)
        & (col(ActivityRow.kind) == row.kind)
        & (col(ActivityRow.starts_at) == row.starts_at)
        & (col(ActivityRow.occasion) == row.occasion)
        & (is_target == (row.sessions_bound == Bound.TARGET))
        & col(ActivityRow.status).in_(STANDING)
        & col(ActivityRow.visit_id).is_(None)
    )
    if row.code is not None:
        same |= col(ActivityRow.code) == row.code
    query = select(ActivityRow).where(same, col(ActivityRow.activity_id) != row.activity_id)
    return (await session.exec(query)).first()


async def of_visit(session: AsyncSession, visit_id: UUID) -> ActivityRow | None:
    """Held until the transaction ends."""
    query = select(ActivityRow).where(ActivityRow.visit_id == visit_id)
    return (await session.exec(for_update(query))).first()


async def forget_visit(session: AsyncSession, activity_id: UUID) -> None:
    """The visit is another organisation's now."""
    statement = update(ActivityRow).where(col(ActivityRow.activity_id) == activity_id)
    await execute(session, statement.values(visit_id=None))


# Kinds


@dataclass(frozen=True)
class KindOfActivity:
    """What the table of kinds says of one: the topmost kind above it, and what is asked of it."""

    group_kind: str
    training: bool
    variants: str | None


KIND = """
WITH RECURSIVE up AS (
    SELECT code, parent, traits, 0 AS height FROM kind WHERE family = 'activity' AND code = :code
    UNION ALL
    SELECT k.code, k.parent, k.traits, up.height + 1 FROM kind k JOIN up ON k.code = up.parent
     WHERE k.family = 'activity' AND up.height < 20)
SELECT (SELECT code FROM up ORDER BY height DESC LIMIT 1) AS group_kind,
       coalesce(bool_or((traits ->> 'training')::boolean), false) AS training,
       (SELECT traits ->> 'variants' FROM up WHERE traits ? 'variants' ORDER BY height LIMIT 1)
         AS variants
  FROM up
"""


async def kind_of_activity(session: AsyncSession, code: str) -> KindOfActivity:
    row = (await execute(session, KIND, {"code": code})).mappings().one()
    return KindOfActivity(**row)


# Outputs and attachments


async def outputs(session: AsyncSession, *activity_ids: UUID) -> Sequence[OutputRow]:
    """Those that stand, in the order in which they were entered."""
    query = select(OutputRow).where(
        col(OutputRow.activity_id).in_(activity_ids), col(OutputRow.retracted_at).is_(None)
    )
    return (await session.exec(query.order_by(col(OutputRow.output_id)))).all()


async def attachments(session: AsyncSession, activity_id: UUID) -> Sequence[AttachmentRow]:
    query = select(AttachmentRow).where(AttachmentRow.activity_id == activity_id)
    return (await session.exec(query.order_by(col(AttachmentRow.attachment_id)))).all()


async def detach(session: AsyncSession, activity_id: UUID, attachment_id: UUID) -> bool:
    done = await execute(
        session,
        "DELETE FROM activity_attachment WHERE activity_id = :activity AND attachment_id = :id",
        {"activity": activity_id, "id": attachment_id},
    )
    return bool(done.rowcount)
