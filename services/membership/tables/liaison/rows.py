"""Rows of this room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text
from sqlmodel import Field

from services.chassis.rows import Structured, Versioned
from services.membership.domain.liaison.grids import Responder
from services.membership.domain.liaison.points import Point
from services.membership.domain.liaison.rotas import Rota, Shift
from services.membership.domain.liaison.visits import Visit
from services.membership.tables.rows import Row


class PointRow(Point, Versioned, Row, table=True):
    __tablename__ = "liaison_point"

    point_id: UUID = Field(primary_key=True)
    artefacts: list[str] = Field(sa_type=ARRAY(Text))


class RotaRow(Rota, Versioned, Row, table=True):
    __tablename__ = "duty_rota"

    rota_id: UUID = Field(primary_key=True)
    weekdays: list[int] = Field(sa_type=ARRAY(Integer))
    shifts: list[Shift] = Field(sa_type=Structured(list[Shift]))
    routes: list[str] = Field(sa_type=ARRAY(Text))


class VisitRow(Visit, Versioned, Row, table=True):
    __tablename__ = "liaison_visit"

    visit_id: UUID = Field(primary_key=True)
    occurred_at: datetime


class ResponderRow(Responder, Versioned, Row, table=True):
    __tablename__ = "grid_responder"

    responder_id: UUID = Field(primary_key=True)
    released_at: datetime | None = None
