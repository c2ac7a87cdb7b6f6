"""Alerts as rows."""

from services.chassis.alerts import Alert
from services.membership.tables.rows import Row


class AlertRow(Alert, Row, table=True):
    __tablename__ = "alert"
