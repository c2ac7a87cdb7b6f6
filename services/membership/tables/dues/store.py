"""Accounts, payments, reliefs and returns one by one, and what the clock has to look at."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.dues import DuesPurpose
from services.chassis.database import execute
from services.chassis.rows import batch, insert_once, one
from services.membership.tables.dues.rows import AccountRow, PaymentRow

TO_CHARGE = """
SELECT a.member_id, a.charged_through, m.organisation_id, o.area, m.counted
  FROM dues_account a
  JOIN member m USING (member_id)
  JOIN organisation o ON o.organisation_id = m.organisation_id
 WHERE a.charged_through < :month AND NOT a.stopped
 ORDER BY a.charged_through, a.member_id LIMIT :limit
   FOR UPDATE OF a SKIP LOCKED
"""


async def account(session: AsyncSession, member_id: UUID, *, opened: date) -> AccountRow:
    """The account, locked; a new one from the month `opened` on where there is none."""
    row = AccountRow(member_id=member_id, charged_through=opened, checked_through=opened)
    await insert_once(session, row)
    return await one(session, AccountRow, member_id, "account of dues", "党费账户", lock=True)


async def find_account(session: AsyncSession, member_id: UUID) -> AccountRow | None:
    """The account, locked."""
    return await session.get(AccountRow, member_id, with_for_update=True, populate_existing=True)


async def to_charge(session: AsyncSession, month: date, limit: int) -> Sequence[Any]:
    """Accounts not charged through `month`, locked, with the branch of the member."""
    return (await execute(session, TO_CHARGE, {"month": month, "limit": limit})).all()


async def change(session: AsyncSession, members: Sequence[UUID], **columns: Any) -> None:
    query = update(AccountRow).where(col(AccountRow.member_id).in_(members))
    await execute(session, query.values(**columns))


async def to_check(session: AsyncSession, month: date, limit: int) -> Sequence[AccountRow]:
    """Accounts whose arrears were not looked at since `month` began, locked."""
    begun = col(AccountRow.checked_through) < month
    return await batch(session, AccountRow, "checked_through", begun, limit=limit)


async def paid_in_year(session: AsyncSession, organisation_id: UUID, year: int) -> int:
    """Regular dues that came in the year and stand."""
    query = select(func.coalesce(func.sum(PaymentRow.amount), 0)).where(
        PaymentRow.organisation_id == organisation_id,
        PaymentRow.purpose == DuesPurpose.REGULAR,
        col(PaymentRow.reversed_on).is_(None),
        col(PaymentRow.paid_on).between(date(year, 1, 1), date(year, 12, 31)),
    )
    return int((await session.exec(query)).one())
