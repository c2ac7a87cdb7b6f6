"""Rows of this room, and what the rules see of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, DutyKind, LiaisonChannel
from services.membership.domain.liaison.points import Point
from services.membership.domain.liaison.rotas import Rota, Shift
from services.membership.domain.liaison.visits import Visit
from services.membership.tables.rows import Row

KEPT = {"version", "recorded_at"}


class PointRow(Row, table=True):
    __tablename__ = "liaison_point"

    point_id: UUID = Field(primary_key=True)
    code: str
    label: str
    organisation_id: UUID
    area: str
    estate_code: str | None
    estate: str | None
    artefacts: list[str] = Field(sa_type=ARRAY(Text))
    opened_on: date
    closed_on: date | None = None
    version: int
    recorded_at: datetime


class RotaRow(Row, table=True):
    __tablename__ = "duty_rota"

    rota_id: UUID = Field(primary_key=True)
    code: str
    kind: str
    organisation_id: UUID
    area: str
    point_id: UUID | None
    weekdays: list[int] = Field(sa_type=ARRAY(Integer))
    shifts: list[dict[str, str]] = Field(sa_type=JSONB)
    headcount: int
    routes: list[str] = Field(sa_type=ARRAY(Text))
    times_per_month: int
    bound: str
    on_holidays: bool
    effective_from: date
    ended_on: date | None = None
    planned_until: date | None = None
    version: int
    recorded_at: datetime


class VisitRow(Row, table=True):
    __tablename__ = "liaison_visit"

    visit_id: UUID = Field(primary_key=True)
    number: str | None
    point_id: UUID
    organisation_id: UUID
    area: str
    channel: str
    topic_kind: str
    headcount: int
    counted_as: str
    bound: str
    asks_for_work: bool
    category_code: str | None
    sealed: bool
    withdrawn: bool = False
    occurred_at: datetime
    version: int
    recorded_at: datetime


class ResponderRow(Row, table=True):
    __tablename__ = "grid_responder"

    responder_id: UUID = Field(primary_key=True)
    holder_id: UUID
    holder_kind: str
    area: str
    released_at: datetime | None = None
    version: int
    recorded_at: datetime


def point_of(row: PointRow) -> Point:
    return Point(**row.model_dump(exclude=KEPT | {"artefacts"}), artefacts=tuple(row.artefacts))


def columns_of_point(point: Point) -> dict[str, Any]:
    return vars(point) | {"artefacts": list(point.artefacts)}


def rota_of(row: RotaRow) -> Rota:
    lists: dict[str, Any] = {
        "weekdays": tuple(row.weekdays),
        "shifts": tuple(Shift.model_validate(shift) for shift in row.shifts),
        "routes": tuple(row.routes),
        "kind": DutyKind(row.kind),
        "bound": Bound(row.bound),
    }
    return Rota(**row.model_dump(exclude=KEPT | lists.keys()), **lists)


def columns_of_rota(rota: Rota) -> dict[str, Any]:
    return vars(rota) | {
        "weekdays": list(rota.weekdays),
        "shifts": [shift.model_dump(mode="json") for shift in rota.shifts],
        "routes": list(rota.routes),
        "kind": rota.kind.value,
        "bound": rota.bound.value,
    }


def visit_of(row: VisitRow) -> Visit:
    codes: dict[str, Any] = {
        "channel": LiaisonChannel(row.channel),
        "counted_as": CountUnit(row.counted_as),
        "bound": Bound(row.bound),
    }
    left = KEPT | codes.keys() | {"sealed", "occurred_at"}
    return Visit(**row.model_dump(exclude=left), **codes)
