"""Lists and counts of members. All page by (area, member_id), which an index serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, tuple_
from sqlalchemy import select as plain_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.members import COUNTED, MemberState
from services.chassis.database import execute
from services.chassis.rows import inside
from services.membership.tables.members.rows import AttachmentRow, MemberRow
from services.membership.tables.organisations import OrganisationRow

AFTER_STOP = "/"
"""Follows "." in ASCII: paths that begin with another lie before that with this at its end."""

STRUCTURE: Mapping[str, Any] = {
    "state": MemberRow.state,
    "education": MemberRow.education,
    "work_status": MemberRow.work_status,
    "occupation": MemberRow.occupation,
    "whereabouts": MemberRow.whereabouts,
    "health": MemberRow.health,
    "hardship": MemberRow.hardship,
}
"""What members can be counted by without opening anything sealed."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Filters of a list; `None` leaves one out. `within` are areas, at least one."""

    within: Sequence[str]
    organisation_id: UUID | None = None
    below: str | None = None
    """Path of an organisation: it and everything under it."""
    group_id: UUID | None = None
    hosted_by: UUID | None = None
    code: str | None = None
    states: Sequence[str] = ()
    leaving: str | None = None
    whereabouts: str | None = None
    education: str | None = None
    work_status: str | None = None
    occupation: str | None = None
    health: str | None = None
    hardship: bool | None = None
    born_by: int | None = None
    """Born in that year or before."""
    full_by: date | None = None
    """Full member on that day or before (党龄)."""


def _subtree(path: str) -> Any:
    """Ids of the organisation with this path and of all below it: one range of its index."""
    inside = col(OrganisationRow.path)
    return select(OrganisationRow.organisation_id).where(
        inside >= path, inside < path.removesuffix(".") + AFTER_STOP
    )


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    equal = (
        "organisation_id",
        "group_id",
        "code",
        "leaving",
        "whereabouts",
        "education",
        "work_status",
        "occupation",
        "health",
        "hardship",
    )
    given = [
        getattr(MemberRow, name) == getattr(sought, name)
        for name in equal
        if getattr(sought, name) is not None
    ]
    if sought.states:
        given.append(col(MemberRow.state).in_(sought.states))
    if sought.below is not None:
        given.append(col(MemberRow.organisation_id).in_(_subtree(sought.below)))
    if sought.hosted_by is not None:
        hosted = select(AttachmentRow.member_id).where(
            AttachmentRow.host_id == sought.hosted_by, col(AttachmentRow.ended_on).is_(None)
        )
        given.append(col(MemberRow.member_id).in_(hosted))
    if sought.born_by is not None:
        given.append(col(MemberRow.birth_year) <= sought.born_by)
    if sought.full_by is not None:
        given.append(col(MemberRow.full_on) <= sought.full_by)
    return [inside(col(MemberRow.area), sought.within), *given]


async def listed(
    session: AsyncSession, sought: Sought, after: tuple[str, UUID] | None, limit: int
) -> Sequence[MemberRow]:
    """In order of area and id, beginning after `after`."""
    key = (col(MemberRow.area), col(MemberRow.member_id))
    query = select(MemberRow).where(*_conditions(sought)).order_by(*key).limit(limit)
    if after is not None:
        query = query.where(tuple_(*key) > after)
    return (await session.exec(query)).all()


async def structure(
    session: AsyncSession, sought: Sought, by: Sequence[str]
) -> list[tuple[tuple[Any, ...], int]]:
    """How many there are of each combination of the codes named in `by`, in order of the codes.

    Only who counts as a member, unless `sought` names states.
    """
    columns = [col(STRUCTURE[name]) for name in by]
    return [(tuple(row[:-1]), row[-1]) for row in await _grouped(session, sought, columns)]


async def birth_years(session: AsyncSession, sought: Sought) -> list[tuple[int | None, int]]:
    """Members by year of birth, `None` for those of whom it is not known."""
    rows = await _grouped(session, sought, [col(MemberRow.birth_year)])
    return [(row[0], row[1]) for row in rows]


async def _grouped(session: AsyncSession, sought: Sought, columns: Sequence[Any]) -> list[Any]:
    conditions = _conditions(sought)
    if not sought.states:
        conditions.append(col(MemberRow.state).in_([state.value for state in COUNTED]))
    query = plain_select(*columns, func.count()).where(*conditions)
    return list(await execute(session, query.group_by(*columns).order_by(*columns)))


async def counts(session: AsyncSession, organisation_id: UUID) -> dict[str, int]:
    """State to number, of one branch: those who left are not in it."""
    query = (
        select(MemberRow.state, func.count())
        .where(
            MemberRow.organisation_id == organisation_id,
            MemberRow.state != MemberState.LEFT.value,
        )
        .group_by(MemberRow.state)
    )
    return {row[0]: row[1] for row in await session.exec(query)}
