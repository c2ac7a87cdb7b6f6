"""Members for whom time has run out: found by small indexes, locked, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import COUNTED, LeavingReason, Whereabouts
from services.chassis.rows import for_update
from services.membership.tables.alerts import AlertRow
from services.membership.tables.members.rows import MemberRow


@dataclass(frozen=True)
class Long:
    """Something that may not last too long: who, since when, and the alert about it."""

    alert: AlertKind
    condition: ColumnElement[bool]
    since: Any


def _gone(whereabouts: Whereabouts) -> ColumnElement[bool]:
    """Members so long gone; the second condition is that of the index."""
    return and_(
        col(MemberRow.whereabouts) == whereabouts,
        col(MemberRow.whereabouts) != Whereabouts.HERE,
        col(MemberRow.state).in_(COUNTED),
    )


AWAY = Long(AlertKind.MOBILE_OVERDUE, _gone(Whereabouts.AWAY), col(MemberRow.whereabouts_since))
LOST = Long(AlertKind.LOST_STOP_DUE, _gone(Whereabouts.LOST), col(MemberRow.whereabouts_since))
STOPPED = Long(
    AlertKind.LOST_REMOVE_DUE,
    col(MemberRow.leaving) == LeavingReason.STOPPED,
    col(MemberRow.since),
)


async def joining_due(session: AsyncSession, today: date, limit: int) -> Sequence[MemberRow]:
    """Of whom a step of joining has grown overdue before `today`; nobody else's at the moment."""
    query = (
        select(MemberRow)
        .where(col(MemberRow.joining_due) < today)
        .order_by(col(MemberRow.joining_due))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()


async def too_long(
    session: AsyncSession, which: Long, months: int, today: date, limit: int
) -> Sequence[MemberRow]:
    """For whom it has lasted the months, and no alert says so yet."""
    told = exists().where(
        AlertRow.subject_id == MemberRow.member_id,  # type: ignore[arg-type]
        AlertRow.kind == which.alert,  # type: ignore[arg-type]
        col(AlertRow.cleared_at).is_(None),
    )
    query = (
        select(MemberRow)
        .where(which.condition, which.since + func.make_interval(0, months) <= today, ~told)
        .order_by(which.since)
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()


async def joining_alerts(session: AsyncSession, member_id: UUID) -> Sequence[str]:
    """Keys of the open alerts about a member's steps."""
    query = select(AlertRow.key).where(
        AlertRow.kind == AlertKind.JOINING_OVERDUE,
        AlertRow.subject_id == member_id,
        col(AlertRow.cleared_at).is_(None),
    )
    return (await session.exec(query)).all()
