"""Lists of activities, and how many each organisation held."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.chassis.database import execute
from services.chassis.rows import inside
from services.membership.tables.activities.rows import ActivityRow, OutputRow
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.rows import scope_of

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Filters of a list. `kinds` holds the kind asked for and all below it; `since` is inclusive,
    `until` exclusive.
    """

    within: Sequence[str]
    kinds: Sequence[str] = ()
    status: str | None = None
    variant: str | None = None
    organisation_id: UUID | None = None
    base_id: UUID | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


BELOW = """
WITH RECURSIVE down AS (
    SELECT code, 0 AS depth FROM kind WHERE family = :family AND code = :code
    UNION ALL
    SELECT k.code, down.depth + 1 FROM kind k JOIN down ON k.parent = down.code
     WHERE k.family = :family AND down.depth < 20)
SELECT DISTINCT code FROM down
"""


async def kinds_within(session: AsyncSession, family: str, code: str) -> list[str]:
    """The kind itself and all that stand below it; the code alone where nobody knows it."""
    rows = await execute(session, BELOW, {"family": family, "code": code})
    return sorted(rows.scalars()) or [code]


def _filtered(query: SelectOfScalar[ActivityRow], sought: Sought) -> SelectOfScalar[ActivityRow]:
    query = query.where(inside(col(ActivityRow.area), sought.within))
    if sought.kinds:
        query = query.where(col(ActivityRow.kind).in_(sought.kinds))
    equal = {
        "status": sought.status,
        "variant_kind": sought.variant,
        "organisation_id": sought.organisation_id,
        "base_id": sought.base_id,
        "code": sought.code,
    }
    for name, value in equal.items():
        if value is not None:
            query = query.where(getattr(ActivityRow, name) == value)
    if sought.since:
        query = query.where(col(ActivityRow.starts_at) >= sought.since)
    if sought.until:
        query = query.where(col(ActivityRow.starts_at) < sought.until)
    return query


async def activities(
    session: AsyncSession, sought: Sought, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[ActivityRow]:
    """In order of start."""
    key = (col(ActivityRow.starts_at), col(ActivityRow.activity_id))
    query = _filtered(select(ActivityRow), sought).order_by(*key).limit(limit)
    if after:
        query = query.where(tuple_(*key) > after)
    return (await session.exec(query)).all()


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: the activity, who held it, what came of it."""

    row: ActivityRow
    organisation: str
    outputs: Sequence[OutputRow]


async def ledger(session: AsyncSession, sought: Sought) -> AsyncIterator[Entry]:
    """All that is sought, in order of start, a batch at a time."""
    after: tuple[datetime, UUID] | None = None
    while rows := await activities(session, sought, after, BATCH):
        names = await _names(session, {row.organisation_id for row in rows})
        produced = await _outputs(session, [row.activity_id for row in rows])
        for row in rows:
            yield Entry(row, names[row.organisation_id], produced.get(row.activity_id, ()))
        after = (rows[-1].starts_at, rows[-1].activity_id)


async def _names(session: AsyncSession, ids: set[UUID]) -> dict[UUID, str]:
    found = await session.exec(
        select(OrganisationRow.organisation_id, OrganisationRow.name).where(
            col(OrganisationRow.organisation_id).in_(ids)
        )
    )
    return dict(found.all())


async def _outputs(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[OutputRow]]:
    rows = await session.exec(
        select(OutputRow)
        .where(col(OutputRow.activity_id).in_(ids), col(OutputRow.retracted_at).is_(None))
        .order_by(col(OutputRow.output_id))
    )
    found: dict[UUID, list[OutputRow]] = {}
    for row in rows:
        found.setdefault(row.activity_id, []).append(row)
    return found


EACH = """
SELECT o.organisation_id, o.code, o.name, o.area, coalesce(h.sessions, 0) AS sessions
  FROM organisation o
  LEFT JOIN LATERAL (
       SELECT sum(a.sessions) AS sessions FROM activity a
        WHERE a.organisation_id = o.organisation_id AND a.status = 'held'
          AND a.kind = ANY(:kinds) AND a.starts_at >= :since AND a.starts_at < :until) h ON true
 WHERE o.kind = ANY(:organisation_kinds) AND ({within}) AND o.code > :after
 ORDER BY o.code
 LIMIT :limit
"""
LEAST = """
SELECT count(*) AS organisations, coalesce(min(sessions), 0) AS least,
       coalesce(max(sessions), 0) AS most, coalesce(sum(sessions), 0) AS sessions
  FROM ({each}) AS held
"""


@dataclass(frozen=True)
class HeldBy:
    organisation_id: UUID
    code: str
    name: str
    area: str
    sessions: int


@dataclass(frozen=True)
class Least:
    """Over all organisations of a kind in an area: “均已召开8次” is a `least` of 8."""

    organisations: int
    least: int
    most: int
    sessions: int


async def held_by_each(
    session: AsyncSession,
    sought: Sought,
    organisation_kinds: Sequence[str],
    after: str | None,
    limit: int,
) -> tuple[Least, Sequence[HeldBy]]:
    """Sessions held in the period, organisation by organisation, those without any included."""
    scope, areas = scope_of("o.area", sought.within)
    given = {
        **areas,
        "kinds": list(sought.kinds),
        "organisation_kinds": list(organisation_kinds),
        "since": sought.since,
        "until": sought.until,
    }
    each = EACH.format(within=scope)
    whole = await execute(session, LEAST.format(each=each), given | {"after": "", "limit": None})
    least = Least(**whole.mappings().one())
    rows = await execute(session, each, given | {"after": after or "", "limit": limit})
    return least, [HeldBy(**row) for row in rows.mappings()]
