"""Rows of volunteering."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Field

from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import ServiceSource, StarTier
from services.membership.domain.volunteering.help import HelpFile, Pair
from services.membership.domain.volunteering.menu import Item, Request, Statement
from services.membership.domain.volunteering.teams import Skill, Team, Zone
from services.membership.domain.volunteering.wishes import Wish
from services.membership.tables.rows import Row


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


class ItemRow(Item, Row, table=True):
    __tablename__ = "service_item"

    item_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class RequestRow(Request, Row, table=True):
    __tablename__ = "service_request"

    request_id: UUID = Field(primary_key=True)
    respond_by: datetime
    late: bool = False
    erase_on: date | None = None
    version: int = 1
    recorded_at: datetime


class StatementRow(Statement, Row, table=True):
    __tablename__ = "service_statement"

    statement_id: UUID = Field(primary_key=True)
    stated_at: datetime
    """When it counts: in its year, whenever it was told."""
    withdrawn_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


class VolunteerRow(Row, table=True):
    __tablename__ = "volunteer"

    volunteer_id: UUID = Field(primary_key=True)
    holder_id: UUID
    holder_kind: HolderKind
    area: str
    minutes: int
    star: StarTier
    version: int
    recorded_at: datetime


class ServiceTimeRow(Row, table=True):
    __tablename__ = "service_time"

    volunteer_id: UUID = Field(primary_key=True)
    source_id: UUID = Field(primary_key=True)
    source: ServiceSource
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
