"""Accounts and entries."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, exists
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.points import SubjectType
from services.chassis.database import execute
from services.membership.domain.points import Earning, Entry, Spent
from services.membership.tables.rows import Row


class AccountRow(Row, table=True):
    """It belongs to the area and organisation that entered into it last."""

    __tablename__ = "points_account"

    subject_id: UUID = Field(primary_key=True)
    subject_type: SubjectType
    area: str
    organisation_id: UUID | None = None
    balance: int = Field(default=0, sa_type=BigInteger)
    entries: int = Field(default=0, sa_type=BigInteger)


class EntryRow(Entry, Row, table=True):
    """Never changed."""

    __tablename__ = "points_entry"

    entry_id: UUID = Field(primary_key=True)
    rule_area: str
    revision: int = 0
    evidence: str | None = None
    entered_by: str | None = None
    recorded_at: datetime


# Accounts

OPEN = """
INSERT INTO points_account (subject_id, subject_type, area, organisation_id)
VALUES (:subject_id, :subject_type, :area, :organisation_id)
ON CONFLICT (subject_id) DO UPDATE
   SET area = excluded.area, organisation_id = excluded.organisation_id
 WHERE points_account.area <> excluded.area
    OR points_account.organisation_id IS DISTINCT FROM excluded.organisation_id
"""
"""Locks the row that is there also where nothing about it changes."""
LOCK = "SELECT FROM points_account WHERE subject_id = :subject_id FOR NO KEY UPDATE"
LOCK_OF_SOURCE = """
SELECT FROM points_account
 WHERE subject_id IN (SELECT subject_id FROM points_entry WHERE source_id = :source_id)
 ORDER BY subject_id FOR NO KEY UPDATE
"""


async def lock_account(session: AsyncSession, earning: Earning) -> None:
    """The account, opened if need be, held until the transaction ends."""
    given = {
        "subject_id": earning.subject_id,
        "subject_type": earning.subject_type,
        "area": earning.area,
        "organisation_id": earning.organisation_id,
    }
    await execute(session, OPEN, given)


async def lock_account_of(session: AsyncSession, entry: Entry) -> None:
    await execute(session, LOCK, {"subject_id": entry.subject_id})


async def lock_accounts_of_source(session: AsyncSession, source_id: UUID) -> None:
    await execute(session, LOCK_OF_SOURCE, {"source_id": source_id})


# Entries

SPENT = """
SELECT coalesce(sum(abs(amount)) FILTER (WHERE booked_on = :day), 0) AS day,
       coalesce(sum(abs(amount)), 0) AS year
  FROM points_entry e
 WHERE subject_id = :subject_id AND rule_code = :code AND reverses_id IS NULL
   AND booked_on BETWEEN :first AND :last AND (amount > 0) = :gains
   AND NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.entry_id)
"""


async def known(session: AsyncSession, earning: Earning) -> bool:
    """Whether this source was entered for this subject before, reversed since or not."""
    query = select(EntryRow.entry_id).where(
        EntryRow.rule_code == earning.rule_code,
        EntryRow.source_id == earning.source_id,
        EntryRow.subject_id == earning.subject_id,
        EntryRow.revision == earning.revision,
        col(EntryRow.reverses_id).is_(None),
    )
    return (await session.exec(query)).first() is not None


async def spent(
    session: AsyncSession, subject_id: UUID, code: str, day: date, *, gains: bool
) -> Spent:
    """What stands of one sign under a rule, of the day and of its calendar year."""
    given = {
        "subject_id": subject_id,
        "code": code,
        "day": day,
        "first": day.replace(month=1, day=1),
        "last": day.replace(month=12, day=31),
        "gains": gains,
    }
    row = (await execute(session, SPENT, given)).one()
    return Spent(day=row.day, year=row.year)


async def reversed_by(session: AsyncSession, entries: Collection[UUID]) -> dict[UUID | None, UUID]:
    """The reversals of those entries that were taken back."""
    query = select(EntryRow.reverses_id, EntryRow.entry_id)
    return dict((await session.exec(query.where(col(EntryRow.reverses_id).in_(entries)))).all())


async def standing_of_source(session: AsyncSession, source_id: UUID) -> Sequence[EntryRow]:
    """Entries of a source that were not reversed."""
    reversal = aliased(EntryRow)
    query = select(EntryRow).where(
        EntryRow.source_id == source_id,
        col(EntryRow.reverses_id).is_(None),
        ~exists().where(col(reversal.reverses_id) == EntryRow.entry_id),
    )
    order = col(EntryRow.subject_id), col(EntryRow.entry_id)
    return (await session.exec(query.order_by(*order))).all()


async def of_year(session: AsyncSession, subject_id: UUID, year: int) -> Sequence[EntryRow]:
    """In the order in which they were entered."""
    query = select(EntryRow).where(
        EntryRow.subject_id == subject_id,
        col(EntryRow.booked_on).between(date(year, 1, 1), date(year, 12, 31)),
    )
    return (await session.exec(query.order_by(col(EntryRow.entry_id)))).all()
