"""Accounts and entries."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.points import PointsReason, SubjectType
from services.chassis.database import execute
from services.membership.domain.points import Entry, Spent

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
LOCK_OF_ENTRY = """
SELECT FROM points_account
 WHERE subject_id = (SELECT subject_id FROM points_entry WHERE entry_id = :id) FOR NO KEY UPDATE
"""
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
    """The account, opened if need be, held until the transaction ends.

    It belongs from now on to the area and organisation that enter into it.
    """
    given = {
        "subject_id": subject_id,
        "subject_type": subject_type.value,
        "area": area,
        "organisation_id": organisation_id,
    }
    await execute(session, OPEN, given)


async def lock_accounts_of_source(session: AsyncSession, source_id: UUID) -> None:
    await execute(session, LOCK_OF_SOURCE, {"source_id": source_id})


# Entries

FOUND = "SELECT * FROM points_entry WHERE entry_id = :id"
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


async def lock_entry(session: AsyncSession, entry_id: UUID) -> Entry | None:
    """An entry, with its account held until the transaction ends."""
    await execute(session, LOCK_OF_ENTRY, {"id": entry_id})
    row = (await execute(session, FOUND, {"id": entry_id})).mappings().first()
    return entry_of(row) if row else None


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
