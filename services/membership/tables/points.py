"""The points ledger in PostgreSQL: rules, accounts and entries, and the only SQL on them.

The balance of an account is kept by a trigger on the entries, and by nothing else: the database
refuses to change it by hand, as it refuses to change or delete an entry or a version of a rule.
"""

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import lineage
from contracts.kinds.points import PointsReason, PointsUnit, SubjectType
from services.chassis.database import execute
from services.membership.domain.points import EVERYWHERE, Entry, PointsRule, Spent

# Rules

IN_FORCE = """
SELECT * FROM (
    SELECT DISTINCT ON (area) * FROM points_rule
     WHERE code = :code AND area = ANY(:areas) AND effective_from <= :day
     ORDER BY area, effective_from DESC) newest
 WHERE effective_to IS NULL OR effective_to > :day
 ORDER BY length(area) DESC LIMIT 1
"""
"""Of each area's own versions the newest that began; of these the nearest area's goes first."""


async def rule_in_force(
    session: AsyncSession, code: str, area: str, day: date
) -> PointsRule | None:
    areas = [EVERYWHERE, *lineage(area)]
    found = await execute(session, IN_FORCE, {"code": code, "areas": areas, "day": day})
    row = found.mappings().first()
    return rule_of(row) if row else None


def rule_of(row: RowMapping) -> PointsRule:
    given = {field.name: row[field.name] for field in fields(PointsRule)}
    subject = given["subject_type"] and SubjectType(given["subject_type"])
    return PointsRule(**given | {"subject_type": subject, "unit": PointsUnit(given["unit"])})


# Accounts

OPEN = """
INSERT INTO points_account (subject_id, subject_type, area, organisation_id)
VALUES (:subject_id, :subject_type, :area, :organisation_id)
ON CONFLICT (subject_id) DO NOTHING
"""
LOCK = "SELECT FROM points_account WHERE subject_id = :subject_id FOR NO KEY UPDATE"
LOCK_OF_SOURCE = """
SELECT FROM points_account
 WHERE subject_id IN (SELECT subject_id FROM points_entry WHERE source_id = :source_id)
 ORDER BY subject_id FOR NO KEY UPDATE
"""


async def lock_account(
    session: AsyncSession,
    subject_id: UUID,
    subject_type: SubjectType,
    area: str,
    organisation_id: UUID | None,
) -> None:
    """The account, opened if need be, held until the transaction ends."""
    given = {
        "subject_id": subject_id,
        "subject_type": subject_type.value,
        "area": area,
        "organisation_id": organisation_id,
    }
    await execute(session, OPEN, given)
    await execute(session, LOCK, {"subject_id": subject_id})


async def lock_accounts_of_source(session: AsyncSession, source_id: UUID) -> None:
    await execute(session, LOCK_OF_SOURCE, {"source_id": source_id})


# Entries

KNOWN = """
SELECT true FROM points_entry
 WHERE rule_code = :code AND source_id = :source_id AND subject_id = :subject_id
   AND revision = :revision AND reverses_id IS NULL
"""
SPENT = """
SELECT coalesce(sum(abs(amount)) FILTER (WHERE booked_on = :day), 0) AS day,
       coalesce(sum(abs(amount)), 0) AS year
  FROM points_entry e
 WHERE subject_id = :subject_id AND rule_code = :code AND reverses_id IS NULL
   AND booked_on BETWEEN :first AND :last AND (amount > 0) = :gains
   AND NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.entry_id)
"""
INSERT = """
INSERT INTO points_entry (entry_id, subject_id, subject_type, organisation_id, area, rule_code,
    rule_area, rule_version, source_type, source_id, revision, times, amount, automatic, booked_on,
    reason, evidence, entered_by, recorded_at)
VALUES (:entry_id, :subject_id, :subject_type, :organisation_id, :area, :rule_code,
    :rule_area, :rule_version, :source_type, :source_id, :revision, :times, :amount, :automatic,
    :booked_on, :reason, :evidence, :entered_by, :recorded_at)
"""
REVERSE = """
INSERT INTO points_entry (entry_id, subject_id, subject_type, organisation_id, area, rule_code,
    rule_area, rule_version, source_type, source_id, revision, times, amount, automatic, booked_on,
    reason, evidence, entered_by, reverses_id, recorded_at)
SELECT :entry_id, subject_id, subject_type, organisation_id, area, rule_code,
       rule_area, rule_version, source_type, source_id, revision, times, -amount, :automatic,
       :booked_on, :reason, :evidence, :entered_by, entry_id, :recorded_at
  FROM points_entry WHERE entry_id = :reverses_id
"""
STANDING = """
SELECT * FROM points_entry e
 WHERE source_id = :source_id AND reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.entry_id)
 ORDER BY subject_id, entry_id
"""


async def known(
    session: AsyncSession, code: str, source_id: UUID, subject_id: UUID, revision: int
) -> bool:
    """Whether this source was entered for this subject before, reversed since or not."""
    given = {
        "code": code,
        "source_id": source_id,
        "subject_id": subject_id,
        "revision": revision,
    }
    return (await execute(session, KNOWN, given)).first() is not None


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


async def insert(
    session: AsyncSession,
    entry: Entry,
    *,
    rule_area: str,
    revision: int,
    evidence: str | None,
    entered_by: str | None,
    recorded_at: datetime,
) -> None:
    more = {"rule_area": rule_area, "revision": revision}
    await execute(session, INSERT, _written(entry, evidence, entered_by, recorded_at) | more)


async def insert_reversal(
    session: AsyncSession,
    entry: Entry,
    *,
    evidence: str | None,
    entered_by: str | None,
    recorded_at: datetime,
) -> None:
    await execute(session, REVERSE, _written(entry, evidence, entered_by, recorded_at))


def _written(
    entry: Entry, evidence: str | None, entered_by: str | None, recorded_at: datetime
) -> dict[str, Any]:
    return vars(entry) | {
        "subject_type": entry.subject_type.value,
        "reason": entry.reason.value,
        "evidence": evidence,
        "entered_by": entered_by,
        "recorded_at": recorded_at,
    }


async def is_reversed(session: AsyncSession, entry_id: UUID) -> bool:
    found = await execute(
        session, "SELECT true FROM points_entry WHERE reverses_id = :id", {"id": entry_id}
    )
    return found.first() is not None


async def standing_of_source(session: AsyncSession, source_id: UUID) -> list[Entry]:
    """Entries of a source that were not reversed."""
    found = await execute(session, STANDING, {"source_id": source_id})
    return [entry_of(row) for row in found.mappings()]


def entry_of(row: RowMapping) -> Entry:
    given = {field.name: row[field.name] for field in fields(Entry)}
    kinds = {
        "subject_type": SubjectType(given["subject_type"]),
        "reason": PointsReason(given["reason"]),
    }
    return Entry(**given | kinds)
