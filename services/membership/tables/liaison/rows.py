"""Rows of this room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.membership.domain.liaison.grids import Responder
from services.membership.domain.liaison.points import Point
from services.membership.domain.liaison.rotas import Rota
from services.membership.domain.liaison.visits import Visit
from services.membership.tables.rows import Row


class PointRow(Point, Row, table=True):
    __tablename__ = "liaison_point"

    point_id: UUID = Field(primary_key=True)
    artefacts: list[str] = Field(sa_type=ARRAY(Text))
    version: int = 1
    recorded_at: datetime


class RotaRow(Rota, Row, table=True):
    """Its shifts lie in JSON, so rules look at `as_state(Rota)`."""

    __tablename__ = "duty_rota"

    rota_id: UUID = Field(primary_key=True)
    weekdays: list[int] = Field(sa_type=ARRAY(Integer))
    shifts: list[Any] = Field(sa_type=JSONB)
    routes: list[str] = Field(sa_type=ARRAY(Text))
    version: int = 1
    recorded_at: datetime


class VisitRow(Visit, Row, table=True):
    __tablename__ = "liaison_visit"

    visit_id: UUID = Field(primary_key=True)
    occurred_at: datetime
    version: int = 1
    recorded_at: datetime


class ResponderRow(Responder, Row, table=True):
    __tablename__ = "grid_responder"

    responder_id: UUID = Field(primary_key=True)
    released_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


def columns_of(rota: Rota) -> dict[str, Any]:
    return rota.model_dump() | rota.model_dump(mode="json", include={"shifts"})
