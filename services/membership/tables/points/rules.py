"""Versions of points rules."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import lineage
from services.chassis.database import execute
from services.membership.domain.points import EVERYWHERE, PointsRule
from services.membership.tables.rows import Row


class RuleRow(PointsRule, Row, table=True):
    """Never changed."""

    __tablename__ = "points_rule"

    code: str = Field(primary_key=True)
    area: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    recorded_at: datetime
    recorded_by: str | None = None


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
    return PointsRule.model_validate(dict(row)) if row else None


LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 7))"


async def lock_newest(session: AsyncSession, code: str, area: str) -> RuleRow | None:
    """The area's own newest version; nobody else adds one before the transaction ends."""
    await execute(session, LOCK, {"name": f"{area}:{code}"})
    query = select(RuleRow).where(RuleRow.code == code, RuleRow.area == area)
    return (await session.exec(query.order_by(col(RuleRow.version).desc()))).first()


async def rules(
    session: AsyncSession, *, code: str | None, area: str | None, day: date | None
) -> Sequence[RuleRow]:
    """Versions by code, area and version. With `area`, those that reach it; with `day`, begun and
    not ended by then.
    """
    query = select(RuleRow).order_by(col(RuleRow.code), col(RuleRow.area), col(RuleRow.version))
    if code is not None:
        query = query.where(RuleRow.code == code)
    if area:
        query = query.where(col(RuleRow.area).in_([EVERYWHERE, *lineage(area)]))
    if day is not None:
        ends = col(RuleRow.effective_to)
        query = query.where(RuleRow.effective_from <= day, or_(ends.is_(None), ends > day))
    return (await session.exec(query)).all()
