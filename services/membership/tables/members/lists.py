"""Counts of members, and what their lists may ask that no column says."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as plain_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.membership.tables.members.rows import AttachmentRow, MemberRow
from services.membership.tables.organisations import OrganisationRow

AFTER_STOP = "/"
"""Follows "." in ASCII: paths that begin with another lie before that with this at its end."""

Conditions = Sequence[ColumnElement[bool]]


def below(path: str) -> ColumnElement[bool]:
    """On a roll of the organisation with this path, or of one below it: a range of its index."""
    known = col(OrganisationRow.path)
    ids = select(OrganisationRow.organisation_id).where(
        known >= path, known < path.removesuffix(".") + AFTER_STOP
    )
    return col(MemberRow.organisation_id).in_(ids)


def hosted_by(host_id: UUID) -> Any:
    """Ids of those whom a branch looks after now."""
    return select(AttachmentRow.member_id).where(
        AttachmentRow.host_id == host_id, col(AttachmentRow.ended_on).is_(None)
    )


async def structure(
    session: AsyncSession, where: Conditions, by: Sequence[str]
) -> list[tuple[tuple[Any, ...], int]]:
    """How many there are of each combination of the columns named in `by`, in their order."""
    columns = [col(getattr(MemberRow, name)) for name in by]
    return [(tuple(row[:-1]), row[-1]) for row in await _grouped(session, where, columns)]


async def birth_years(session: AsyncSession, where: Conditions) -> list[tuple[int | None, int]]:
    """Members by year of birth, `None` for those of whom it is not known."""
    rows = await _grouped(session, where, [col(MemberRow.birth_year)])
    return [(row[0], row[1]) for row in rows]


async def _grouped(session: AsyncSession, where: Conditions, columns: Sequence[Any]) -> list[Any]:
    query = plain_select(*columns, func.count()).where(*where)
    return list(await execute(session, query.group_by(*columns).order_by(*columns)))
