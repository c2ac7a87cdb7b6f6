"""The base of all tables, and the copies of what membership announces."""

from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.cobuilding.alerts import CobuildingAlertCleared, CobuildingAlertRaised
from services.chassis import rows, tree
from services.chassis.alerts import Alert, Alerts


class Row(rows.Row, registry=registry()):
    """Base of this service's tables."""


class AreaRow(tree.Area, Row, table=True):
    __tablename__ = "area"


class OrganisationRow(tree.Organisation, Row, table=True):
    __tablename__ = "organisation"


class EmployerRow(Row, table=True):
    """Who sends working members, as membership announces it."""

    __tablename__ = "employer"

    employer_id: UUID = Field(primary_key=True)
    code: str
    name: str
    area: str


class AlertRow(Alert, Row, table=True):
    __tablename__ = "alert"


ALERTS = Alerts(AlertRow, CobuildingAlertRaised, CobuildingAlertCleared)
