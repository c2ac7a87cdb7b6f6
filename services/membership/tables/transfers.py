"""Transfers, the numbers of their letters, and settings, as rows."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.transfers import TransferState
from services.chassis.database import execute
from services.chassis.rows import for_update, insert_once, one
from services.membership.domain.transfers import Transfer
from services.membership.tables.members import MemberRow
from services.membership.tables.rows import Row


class TransferRow(Transfer, Row, table=True):
    __tablename__ = "transfer"

    transfer_id: UUID = Field(primary_key=True)
    to_area: str | None = None
    issuer_id: UUID | None = None
    letter_year: int | None = None
    letter_number: int | None = None
    outside_letter: str | None = None
    reminds_on: date
    identity_digest: bytes | None = None
    """While one from outside is open: tells two letters of one person apart from two persons."""
    version: int = 1
    recorded_at: datetime


class TransferSettingRow(Row, table=True):
    __tablename__ = "transfer_setting"

    organisation_id: UUID = Field(primary_key=True)
    validity_days: int
    version: int = 1


NEXT_NUMBER = """
INSERT INTO letter_book (issuer_id, year, last) VALUES (:issuer, :year, 1)
ON CONFLICT (issuer_id, year) DO UPDATE SET last = letter_book.last + 1 RETURNING last
"""

LINE = """
WITH RECURSIVE up AS (
  SELECT organisation_id, parent_id, kind, 0 AS step
    FROM organisation WHERE organisation_id = :id
  UNION ALL
  SELECT o.organisation_id, o.parent_id, o.kind, up.step + 1
    FROM organisation o JOIN up ON o.organisation_id = up.parent_id)
CYCLE organisation_id SET again USING path
SELECT organisation_id, kind FROM up WHERE NOT again ORDER BY step
"""


async def line_of(session: AsyncSession, organisation_id: UUID) -> list[tuple[UUID, str]]:
    """The organisation and those above it, each with its kind, the nearest first."""
    rows = await execute(session, LINE, {"id": organisation_id})
    return [(row.organisation_id, row.kind) for row in rows]


async def next_number(session: AsyncSession, issuer_id: UUID, year: int) -> int:
    """Others wait for this transaction's end; should it fail, they get the number."""
    found = await execute(session, NEXT_NUMBER, {"issuer": issuer_id, "year": year})
    return int(found.scalar_one())


async def setting(
    session: AsyncSession, organisation_id: UUID, *, lock: bool = False
) -> TransferSettingRow | None:
    return await session.get(
        TransferSettingRow, organisation_id, with_for_update=lock or None, populate_existing=lock
    )


async def settings(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Days of validity, of those that set them."""
    found = await session.exec(
        select(TransferSettingRow).where(col(TransferSettingRow.organisation_id).in_(ids))
    )
    return {row.organisation_id: row.validity_days for row in found}


async def add(session: AsyncSession, row: TransferRow) -> bool:
    """False when a transfer of the member, or of the same identity, is open already."""
    return await insert_once(session, row)


async def transfer(session: AsyncSession, transfer_id: UUID, *, lock: bool = False) -> TransferRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, TransferRow, transfer_id, "transfer", "组织关系转接", lock=lock)


async def open_transfer_of(session: AsyncSession, member_id: UUID) -> TransferRow | None:
    found = await session.exec(
        select(TransferRow).where(
            TransferRow.member_id == member_id, TransferRow.state == TransferState.SENT
        )
    )
    return found.first()


async def open_transfers_of(
    session: AsyncSession, organisation_id: UUID, *, lock: bool = False
) -> Sequence[TransferRow]:
    """Under way from or to the organisation; whoever merges it must redirect them."""
    query = (
        select(TransferRow)
        .where(
            or_(
                col(TransferRow.from_id) == organisation_id,
                col(TransferRow.to_id) == organisation_id,
            ),
            TransferRow.state == TransferState.SENT,
        )
        .order_by(col(TransferRow.transfer_id))
    )
    return (await session.exec(for_update(query) if lock else query)).all()


async def member_of_identity(session: AsyncSession, digest: bytes) -> MemberRow | None:
    found = await session.exec(select(MemberRow).where(MemberRow.identity_digest == digest))
    return found.first()


async def lapsed(session: AsyncSession, today: date, limit: int) -> Sequence[TransferRow]:
    """Open beyond their last day, locked; those that somebody else is at are left to them."""
    query = (
        select(TransferRow)
        .where(TransferRow.state == TransferState.SENT, TransferRow.valid_until < today)
        .order_by(col(TransferRow.valid_until))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()


async def to_remind(session: AsyncSession, today: date, limit: int) -> Sequence[TransferRow]:
    """Open, near their end and never reminded, locked."""
    query = (
        select(TransferRow)
        .where(
            TransferRow.state == TransferState.SENT,
            TransferRow.reminded == 0,
            TransferRow.reminds_on <= today,
            TransferRow.valid_until >= today,
        )
        .order_by(col(TransferRow.reminds_on))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()
