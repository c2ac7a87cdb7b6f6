"""Demands, and the periods that organisations owe something in, as rows."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.chassis.database import execute
from services.chassis.rows import for_update
from services.membership.domain.cadence import Cadence, Duty, Owed
from services.membership.tables.rows import Row


class CadenceRow(Cadence, Row, table=True):
    __tablename__ = "cadence"

    cadence_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class DutyRow(Duty, Row, table=True):
    """As lists show it; whatever counts does so in plain SQL."""

    __tablename__ = "duty"

    duty_id: UUID = Field(primary_key=True)
    version: int = 0


# Demands


async def cadences(session: AsyncSession, code: str | None = None) -> Sequence[CadenceRow]:
    """All versions of all demands, or of one, by code and in order of time."""
    query = select(CadenceRow).order_by(col(CadenceRow.code), col(CadenceRow.effective_from))
    if code is not None:
        query = query.where(CadenceRow.code == code)
    return (await session.exec(query)).all()


async def lock_code(session: AsyncSession, code: str) -> None:
    """Versions of one code are stated one after the other."""
    await execute(
        session, "SELECT pg_advisory_xact_lock(hashtextextended(:code, 9))", {"code": code}
    )


async def reckon_since(session: AsyncSession, area: str, since: date) -> None:
    await execute(
        session,
        "INSERT INTO duty_since (area, since) VALUES (:area, :since)"
        " ON CONFLICT (area) DO UPDATE SET since = :since, edition = duty_since.edition + 1",
        {"area": area, "since": since},
    )


async def reckoned_since(session: AsyncSession) -> dict[str, date]:
    rows = await execute(session, "SELECT area, since FROM duty_since")
    return {row.area: row.since for row in rows}


REVISION = """
SELECT (SELECT count(*) FROM cadence) + (SELECT coalesce(sum(edition), 0) FROM duty_since)
"""


async def revision(session: AsyncSession) -> int:
    """Grows with every demand stated, in whatever order their transactions end."""
    return int((await execute(session, REVISION)).scalar_one())


# Following the tree

TO_FOLLOW = """
SELECT o.organisation_id, o.kind, o.category, o.area, o.founded_on, o.dissolved_on, o.version,
       (o.recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS recorded_on,
       f.since AS was_since, f.through AS was_through,
       f.version IS NOT DISTINCT FROM o.version AND f.revision = :revision AS unchanged
  FROM organisation o
  LEFT JOIN duty_followed f ON f.organisation_id = o.organisation_id
 WHERE f.organisation_id IS NULL OR f.version <> o.version OR f.revision <> :revision
    OR f.through < :today
 ORDER BY o.organisation_id
 LIMIT :limit
   FOR NO KEY UPDATE OF o SKIP LOCKED
"""


async def to_follow(
    session: AsyncSession, revision: int, today: date, limit: int
) -> list[RowMapping]:
    """Organisations whose periods must be opened anew, kept from whoever records meanwhile."""
    given = {"revision": revision, "today": today, "limit": limit}
    return list((await execute(session, TO_FOLLOW, given)).mappings())


OPEN = """
INSERT INTO duty (duty_id, organisation_id, cadence_id, code, organisation_kind, area, kind, every,
                  first_on, due_on, remind_on, needed, held)
SELECT duty_id, organisation_id, cadence_id, code, organisation_kind, area, kind, every,
       first_on, due_on, remind_on, needed, 0
  FROM jsonb_to_recordset(CAST(:owed AS jsonb))
    AS n (duty_id uuid, organisation_id uuid, cadence_id uuid, code text, organisation_kind text,
          area text, kind text, every text, first_on date, due_on date, remind_on date, needed int)
ON CONFLICT (duty_id) DO UPDATE
   SET cadence_id = excluded.cadence_id, organisation_kind = excluded.organisation_kind,
       area = excluded.area, kind = excluded.kind, every = excluded.every,
       first_on = excluded.first_on, due_on = excluded.due_on, remind_on = excluded.remind_on,
       needed = excluded.needed
 WHERE NOT duty.assessed
RETURNING duty_id
"""
FORGET = """
DELETE FROM duty
 WHERE organisation_id = ANY(:organisations) AND NOT assessed AND due_on >= :since
   AND duty_id <> ALL(:kept)
"""


async def open_duties(
    session: AsyncSession, organisations: Sequence[UUID], owed: Sequence[Owed], since: date
) -> list[UUID]:
    """Let `owed` be what these organisations owe in periods that end from `since` on; what was
    assessed stays. Returns those that are not assessed.
    """
    kept = [each.duty_id for each in owed]
    await execute(
        session, FORGET, {"organisations": list(organisations), "since": since, "kept": kept}
    )
    if not owed:
        return []
    rows = json.dumps([each.model_dump(mode="json") for each in owed])
    return list((await execute(session, OPEN, {"owed": rows})).scalars())


FOLLOWED = """
INSERT INTO duty_followed (organisation_id, version, revision, since, through)
SELECT organisation_id, version, :revision, since, through
  FROM jsonb_to_recordset(CAST(:followed AS jsonb))
    AS f (organisation_id uuid, version int, since date, through date)
ON CONFLICT (organisation_id) DO UPDATE
   SET version = excluded.version, revision = excluded.revision, since = excluded.since,
       through = excluded.through
"""


async def followed(session: AsyncSession, rows: Sequence[Mapping[str, Any]], revision: int) -> None:
    given = json.dumps(rows, default=str)
    await execute(session, FOLLOWED, {"followed": given, "revision": revision})


# Duties

COUNT = """
WITH RECURSIVE below AS (
    SELECT DISTINCT kind AS top, kind AS code, 0 AS depth FROM duty WHERE duty_id = ANY(:duties)
    UNION ALL
    SELECT below.top, k.code, below.depth + 1 FROM kind k JOIN below ON k.parent = below.code
     WHERE k.family = 'activity' AND below.depth < 20
), held AS (
    SELECT d.duty_id, (
        SELECT coalesce(sum(a.sessions), 0) FROM activity a JOIN below ON below.code = a.kind
         WHERE below.top = d.kind AND a.status = 'held'
           AND a.organisation_id = d.organisation_id
           AND a.starts_at >= d.first_on::timestamp AT TIME ZONE 'Asia/Shanghai'
           AND a.starts_at < (d.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    ) + (
        SELECT coalesce(sum(a.sessions), 0) FROM activity a JOIN below ON below.code = a.kind
         WHERE below.top = d.kind AND a.status = 'held'
           AND a.co_organiser_ids @> ARRAY[d.organisation_id]
           AND a.organisation_id <> d.organisation_id
           AND a.starts_at >= d.first_on::timestamp AT TIME ZONE 'Asia/Shanghai'
           AND a.starts_at < (d.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    ) AS sessions
      FROM duty d WHERE d.duty_id = ANY(:duties)
)
UPDATE duty SET held = held.sessions FROM held
 WHERE held.duty_id = duty.duty_id AND duty.held <> held.sessions
"""
"""Sessions by the kind that is demanded and all below it, also where others held them with us."""


async def count_held(session: AsyncSession, duties: Sequence[UUID]) -> None:
    """What was held of `duties`, out of the activities; these rows are locked, or new."""
    if duties:
        await execute(session, COUNT, {"duties": list(duties)})


CONCERNED = """
WITH RECURSIVE up AS (
    SELECT CAST(:kind AS text) AS code, 0 AS height
    UNION ALL
    SELECT k.parent, up.height + 1 FROM kind k JOIN up ON k.code = up.code
     WHERE k.family = 'activity' AND k.parent IS NOT NULL AND up.height < 20)
SELECT * FROM duty
 WHERE organisation_id = :organisation AND due_on >= :day AND first_on <= :day
   AND kind IN (SELECT code FROM up)
 ORDER BY duty_id FOR UPDATE
"""


async def lock_concerned(
    session: AsyncSession, organisation_id: UUID, kind: str, day: date
) -> list[Duty]:
    """The periods in which an activity of `kind` on `day` counts."""
    given = {"organisation": organisation_id, "kind": kind, "day": day}
    rows = await execute(session, CONCERNED, given)
    return [Duty.model_validate(dict(row)) for row in rows.mappings()]


async def duties(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Duty]:
    found = await _as_they_are(session, select(DutyRow).where(col(DutyRow.duty_id).in_(ids)))
    return {duty.duty_id: duty for duty in found}


async def lock_unassessed(session: AsyncSession, today: date, limit: int) -> list[Duty]:
    """Periods that are over, the longest ago first."""
    query = select(DutyRow).where(~col(DutyRow.assessed), DutyRow.due_on < today)
    query = query.order_by(col(DutyRow.due_on), col(DutyRow.duty_id)).limit(limit)
    return await _as_they_are(session, for_update(query, skip_locked=True))


def short(first: date, last: date, remind: date = date.max) -> list[ColumnElement[bool]]:
    """Of periods that end from `first` to `last`, and of which one is to be reminded by `remind`:
    those in which less was held than is owed.
    """
    return [
        col(DutyRow.held) < col(DutyRow.needed),
        col(DutyRow.due_on).between(first, last),
        col(DutyRow.remind_on) <= remind,
    ]


async def of_organisation(
    session: AsyncSession, organisation_id: UUID, first: date, last: date
) -> list[Duty]:
    """All periods that end in these days, in order of their end."""
    query = select(DutyRow).where(
        DutyRow.organisation_id == organisation_id, col(DutyRow.due_on).between(first, last)
    )
    return await _as_they_are(session, query.order_by(col(DutyRow.due_on), col(DutyRow.code)))


async def assessed_after(session: AsyncSession, organisation_id: UUID, day: date) -> list[Duty]:
    """Periods that were assessed although they end after `day`, locked."""
    query = select(DutyRow).where(
        DutyRow.organisation_id == organisation_id,
        DutyRow.due_on > day,
        col(DutyRow.assessed),
        DutyRow.needed > 0,
    )
    return await _as_they_are(session, for_update(query.order_by(col(DutyRow.duty_id))))


async def void(session: AsyncSession, duties: Sequence[UUID]) -> None:
    """Nothing was owed then, after all."""
    await execute(
        session, "UPDATE duty SET needed = 0 WHERE duty_id = ANY(:ids)", {"ids": list(duties)}
    )


async def told(session: AsyncSession, duties: Sequence[UUID]) -> dict[UUID, int]:
    """Count one more event about each of `duties`; the versions these events have."""
    rows = await execute(
        session,
        "UPDATE duty SET assessed = true, version = version + 1 WHERE duty_id = ANY(:ids)"
        " RETURNING duty_id, version",
        {"ids": list(duties)},
    )
    return {row.duty_id: row.version for row in rows}


async def _as_they_are(session: AsyncSession, query: SelectOfScalar[DutyRow]) -> list[Duty]:
    """Apart from the session: plain SQL changes them, and what they were is compared with it."""
    rows = await session.exec(query.execution_options(populate_existing=True))
    return [row.as_state(Duty) for row in rows]
