"""Members one by one, or many at once by COPY."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import for_update, inside, one
from services.membership.tables.members.rows import (
    AttachmentRow,
    HistoryRow,
    MemberRow,
    StepRow,
)

COLUMNS = tuple(MemberRow.model_fields)
HISTORY_COLUMNS = tuple(HistoryRow.model_fields)
DEFAULTS = {
    name: field.default for name, field in MemberRow.model_fields.items() if not field.is_required()
}

NewMember = dict[str, Any]
"""Columns of a member; those left out have their defaults. A row object costs ten times as much."""


async def member(session: AsyncSession, member_id: UUID, *, lock: bool = False) -> MemberRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, MemberRow, member_id, "member", "党员", lock=lock)


async def insert_many(
    connection: asyncpg.Connection, members: Sequence[NewMember], reason: str
) -> None:
    """The members and the first line of each one's history, as COPY.

    Raises `asyncpg.UniqueViolationError` for a code or an identity number that is there already.
    """
    first = DEFAULTS | {"reason": reason, "rule": None, "rule_version": None}
    whole = [first | {"effective_on": new["since"]} | new for new in members]
    for table, columns in (("member", COLUMNS), ("member_history", HISTORY_COLUMNS)):
        records = [tuple(each[name] for name in columns) for each in whole]
        await connection.copy_records_to_table(table, records=records, columns=columns)


async def code_taken(session: AsyncSession, code: str) -> bool:
    found = await session.exec(select(MemberRow.member_id).where(MemberRow.code == code))
    return found.first() is not None


async def identity_known(session: AsyncSession, digest: bytes) -> bool:
    query = select(MemberRow.member_id).where(MemberRow.identity_digest == digest)
    return (await session.exec(query)).first() is not None


async def members_of(session: AsyncSession, organisation_id: UUID) -> Sequence[MemberRow]:
    """All on the branch's roll or once on it, locked, in order of id."""
    query = (
        select(MemberRow)
        .where(MemberRow.organisation_id == organisation_id)
        .order_by(col(MemberRow.member_id))
    )
    return (await session.exec(for_update(query))).all()


async def history(
    session: AsyncSession, member_id: UUID, on: date | None = None
) -> Sequence[HistoryRow]:
    """Oldest first; with `on` only what the member was at the end of that day, if anything."""
    day, version = col(HistoryRow.effective_on), col(HistoryRow.version)
    query = select(HistoryRow).where(HistoryRow.member_id == member_id)
    if on is None:
        query = query.order_by(day, version)
    else:
        query = query.where(day <= on).order_by(day.desc(), version.desc()).limit(1)
    return (await session.exec(query)).all()


async def steps(session: AsyncSession, member_id: UUID, attempt: int) -> Sequence[StepRow]:
    """Of one attempt to join, in order of their days."""
    query = (
        select(StepRow)
        .where(StepRow.member_id == member_id, StepRow.attempt == attempt)
        .order_by(col(StepRow.held_on), col(StepRow.step_id))
    )
    return (await session.exec(query)).all()


async def open_attachment(session: AsyncSession, member_id: UUID) -> AttachmentRow | None:
    query = select(AttachmentRow).where(
        AttachmentRow.member_id == member_id, col(AttachmentRow.ended_on).is_(None)
    )
    return (await session.exec(query)).first()


async def among(
    session: AsyncSession, member_ids: Collection[UUID], within: Sequence[str]
) -> Sequence[MemberRow]:
    """Those of the members who are in one of the areas, in order of id."""
    if not member_ids:
        return []
    query = (
        select(MemberRow)
        .where(col(MemberRow.member_id).in_(member_ids), inside(col(MemberRow.area), within))
        .order_by(col(MemberRow.member_id))
    )
    return (await session.exec(query)).all()
