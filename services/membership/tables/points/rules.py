"""Versions of points rules."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import lineage
from contracts.kinds.points import PointsUnit, SubjectType
from services.chassis.database import execute
from services.membership.domain.points import EVERYWHERE, PointsRule

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


LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 7))"
NEWEST = """
SELECT * FROM points_rule WHERE code = :code AND area = :area ORDER BY version DESC LIMIT 1
"""
ADD = """
INSERT INTO points_rule (code, area, version, label, subject_type, unit, amount, least, most,
    daily_cap, yearly_cap, effective_from, effective_to, source, recorded_at, recorded_by)
VALUES (:code, :area, :version, :label, :subject_type, :unit, :amount, :least, :most,
    :daily_cap, :yearly_cap, :effective_from, :effective_to, :source, :recorded_at, :recorded_by)
"""
LISTED = """
SELECT * FROM points_rule
 WHERE (CAST(:code AS text) IS NULL OR code = :code)
   AND (CAST(:areas AS text[]) IS NULL OR area = ANY(:areas))
   AND (CAST(:day AS date) IS NULL
        OR effective_from <= :day AND (effective_to IS NULL OR effective_to > :day))
 ORDER BY code, area, version
"""


async def lock_newest(session: AsyncSession, code: str, area: str) -> PointsRule | None:
    """The area's own newest version; nobody else adds one before the transaction ends."""
    await execute(session, LOCK, {"name": f"{area}:{code}"})
    row = (await execute(session, NEWEST, {"code": code, "area": area})).mappings().first()
    return rule_of(row) if row else None


async def add_rule(
    session: AsyncSession, rule: PointsRule, *, recorded_at: datetime, recorded_by: str
) -> None:
    given: dict[str, Any] = vars(rule) | {
        "subject_type": rule.subject_type and rule.subject_type.value,
        "unit": rule.unit.value,
        "recorded_at": recorded_at,
        "recorded_by": recorded_by,
    }
    await execute(session, ADD, given)


async def rules(
    session: AsyncSession, *, code: str | None, area: str | None, day: date | None
) -> Sequence[RowMapping]:
    """Versions by code, area and version. With `area`, those that reach it; with `day`, begun and
    not ended by then.
    """
    areas = [EVERYWHERE, *lineage(area)] if area else None
    found = await execute(session, LISTED, {"code": code, "areas": areas, "day": day})
    return found.mappings().all()
