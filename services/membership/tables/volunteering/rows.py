"""Rows of volunteering, and what all lists of them have in common."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.members import HolderKind
from services.chassis.errors import NotFound
from services.chassis.rows import inside
from services.membership.domain.volunteering.help import HelpFile, Pair
from services.membership.domain.volunteering.teams import Skill, Team, Zone
from services.membership.domain.volunteering.wishes import Wish
from services.membership.tables.rows import Row

R = TypeVar("R", bound=Row)


class TeamRow(Team, Row, table=True):
    __tablename__ = "volunteer_team"

    team_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class EnlistmentRow(Row, table=True):
    __tablename__ = "volunteer_enlistment"

    enlistment_id: UUID = Field(primary_key=True)
    team_id: UUID
    holder_id: UUID
    holder_kind: HolderKind
    joined_on: date
    left_on: date | None = None


class SkillRow(Skill, Row, table=True):
    __tablename__ = "skill"

    skill_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class ZoneRow(Zone, Row, table=True):
    __tablename__ = "branch_zone"

    zone_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class ItemRow(Row, table=True):
    __tablename__ = "service_item"

    item_id: UUID = Field(primary_key=True)
    code: str
    name: str
    service_kind: str
    star: str
    duration_minutes: int
    area: str
    team_id: UUID | None = None
    holder_id: UUID | None = None
    holder_kind: str | None = None
    offered_on: date
    withdrawn_on: date | None = None
    version: int = 1
    recorded_at: datetime


class RequestRow(Row, table=True):
    __tablename__ = "service_request"

    request_id: UUID = Field(primary_key=True)
    item_id: UUID
    service_kind: str
    star: str
    channel: str
    area: str
    wished_on: date | None = None
    status: str
    requested_at: datetime
    assigned_at: datetime | None = None
    closed_at: datetime | None = None
    respond_by: datetime
    team_id: UUID | None = None
    holder_id: UUID | None = None
    holder_kind: str | None = None
    waited_minutes: int | None = None
    timeliness: str | None = None
    service_minutes: int | None = None
    rating: int | None = None
    late: bool = False
    erase_on: date | None = None
    version: int = 1
    recorded_at: datetime


class StatementRow(Row, table=True):
    __tablename__ = "service_statement"

    statement_id: UUID = Field(primary_key=True)
    organisation_id: UUID
    area: str
    measure: str
    year: int
    quantity: int
    bound: str
    stated_at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


class VolunteerRow(Row, table=True):
    __tablename__ = "volunteer"

    volunteer_id: UUID = Field(primary_key=True)
    holder_id: UUID
    holder_kind: str
    area: str
    minutes: int
    star: str
    version: int
    recorded_at: datetime


class ServiceTimeRow(Row, table=True):
    __tablename__ = "service_time"

    volunteer_id: UUID = Field(primary_key=True)
    source_id: UUID = Field(primary_key=True)
    source: str
    area: str
    served_on: date
    minutes: int
    recorded_at: datetime


class HelpFileRow(HelpFile, Row, table=True):
    __tablename__ = "help_file"

    file_id: UUID = Field(primary_key=True)
    consent_reference: str
    remind_on: date
    version: int = 1
    recorded_at: datetime


class HelpPairRow(Pair, Row, table=True):
    __tablename__ = "help_pair"

    pair_id: UUID = Field(primary_key=True)
    ended_on: date | None = None


class HelpVisitRow(Row, table=True):
    __tablename__ = "help_visit"

    visit_id: UUID = Field(primary_key=True)
    file_id: UUID
    holder_id: UUID
    holder_kind: HolderKind
    visited_on: date
    measures: list[str] = Field(sa_type=ARRAY(TEXT))
    minutes: int | None = None
    recorded_at: datetime


class WishRow(Wish, Row, table=True):
    __tablename__ = "wish"

    wish_id: UUID = Field(primary_key=True)
    closed_at: datetime | None = None
    erase_on: date | None = None
    version: int = 1
    recorded_at: datetime


class WishClaimRow(Row, table=True):
    __tablename__ = "wish_claim"

    claim_id: UUID = Field(primary_key=True)
    wish_id: UUID
    holder_id: UUID
    holder_kind: HolderKind
    claimed_at: datetime
    released_at: datetime | None = None


async def locked(session: AsyncSession, table: type[R], key: UUID, zh: str) -> R:
    """The row, held until the transaction ends. Raises `NotFound`, whose Chinese is `zh`."""
    row = await session.get(table, key, with_for_update=True, populate_existing=True)
    return _there(row, key, zh)


async def one(session: AsyncSession, table: type[R], key: UUID, zh: str) -> R:
    """The row. Raises `NotFound`, whose Chinese is `zh`."""
    return _there(await session.get(table, key), key, zh)


def _there(row: R | None, key: UUID, zh: str) -> R:
    if row is None:
        raise NotFound(f"There is no {key}.", zh=zh, key=key)
    return row


async def listed(
    session: AsyncSession,
    table: type[R],
    order: str,
    *,
    within: Sequence[str],
    after: str | None,
    limit: int,
    equal: Mapping[str, Any] | None = None,
    unset: str | None = None,
) -> Sequence[R]:
    """In order of column `order`, beginning after `after`, in one of the areas `within`.

    `equal` are the filters that were given, by column; a value of None is none. `unset` names a
    column that must be empty: the day something ended.
    """
    columns = table.__table__.columns  # type: ignore[attr-defined]  # every table has one
    query = select(table).order_by(columns[order]).limit(limit)
    query = query.where(inside(columns["area"], within))
    for name, value in (equal or {}).items():
        if value is not None:
            query = query.where(columns[name] == value)
    if unset:
        query = query.where(columns[unset].is_(None))
    if after:
        query = query.where(columns[order] > (after if order == "code" else UUID(after)))
    return (await session.exec(query)).all()
