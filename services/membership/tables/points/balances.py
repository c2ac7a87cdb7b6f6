"""What the ledger adds up to: balances, ranks, sums of a year, and whether it is sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.membership.tables.rows import scope_of

BALANCE = """
SELECT coalesce(sum(amount), 0) FROM points_entry
 WHERE subject_id = :subject_id AND booked_on <= :day
"""
BY_RULE = """
SELECT e.rule_code, max(r.label) AS label, count(*) AS entries, sum(e.amount) AS points,
       sum(greatest(e.amount, 0)) AS earned, sum(greatest(-e.amount, 0)) AS deducted
  FROM points_entry e JOIN points_rule r
       ON (r.code, r.area, r.version) = (e.rule_code, e.rule_area, e.rule_version)
 WHERE e.subject_id = :subject_id AND e.booked_on BETWEEN :first AND :last
 GROUP BY e.rule_code ORDER BY e.rule_code
"""


async def balance(session: AsyncSession, subject_id: UUID, day: date) -> int:
    """The balance at the end of `day`."""
    found = await execute(session, BALANCE, {"subject_id": subject_id, "day": day})
    return int(found.scalar_one())


async def sums_by_rule(session: AsyncSession, subject_id: UUID, year: int) -> Sequence[RowMapping]:
    given = {
        "subject_id": subject_id,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    return (await execute(session, BY_RULE, given)).mappings().all()


# Ranks


@dataclass(frozen=True, kw_only=True)
class Field:
    """Among whom a rank is counted: those whose account is there now."""

    within: Sequence[str]
    organisation_id: UUID | None = None
    subject_type: str | None = None
    since: date | None = None
    until: date | None = None
    """Counts the entries of these days; without either, the balance as it stands."""


STANDING = "SELECT subject_id, subject_type, area, organisation_id, balance AS points"
SUMMED = """
SELECT a.subject_id, a.subject_type, a.area, a.organisation_id, coalesce((
       SELECT sum(e.amount) FROM points_entry e
        WHERE e.subject_id = a.subject_id AND e.booked_on BETWEEN :since AND :until), 0) AS points
"""


async def ranking(
    session: AsyncSession, field: Field, after: tuple[int, UUID] | None, limit: int
) -> Sequence[RowMapping]:
    """Most points first; equal points share a rank. `after` is points and subject of the last."""
    terms, given = scope_of("a.area", field.within)
    for name in ("organisation_id", "subject_type"):
        if (value := getattr(field, name)) is not None:
            terms += f" AND a.{name} = :{name}"
            given[name] = value
    columns = STANDING
    if field.since or field.until:
        columns = SUMMED
        given |= {"since": field.since or date.min, "until": field.until or date.max}
    following = ""
    if after is not None:
        following = "WHERE points < :points OR points = :points AND subject_id > :last"
        given |= {"points": after[0], "last": after[1]}
    statement = (
        "SELECT * FROM (SELECT *, rank() OVER (ORDER BY points DESC) AS rank"  # noqa: S608  our own terms
        f" FROM ({columns} FROM points_account a WHERE {terms}) standing) ranked"
        f" {following} ORDER BY points DESC, subject_id LIMIT :limit"
    )
    return (await execute(session, statement, given | {"limit": limit})).mappings().all()


# Soundness

UNSOUND = """
SELECT a.subject_id, a.balance, a.entries,
       coalesce(e.points, 0) AS summed, coalesce(e.entries, 0) AS counted
  FROM points_account a LEFT JOIN (
       SELECT subject_id, sum(amount) AS points, count(*) AS entries
         FROM points_entry GROUP BY subject_id) e USING (subject_id)
 WHERE (a.balance, a.entries) IS DISTINCT FROM (coalesce(e.points, 0), coalesce(e.entries, 0))
 ORDER BY a.subject_id LIMIT 100
"""
TOTAL = """
SELECT count(*) AS accounts, coalesce(sum(balance), 0) AS points,
       coalesce(sum(entries), 0) AS entries
  FROM points_account
"""


async def unsound(session: AsyncSession) -> Sequence[RowMapping]:
    """Accounts whose balance is not the sum of their entries; there must be none."""
    return (await execute(session, UNSOUND)).mappings().all()


async def totals(session: AsyncSession) -> RowMapping:
    return (await execute(session, TOTAL)).mappings().one()
