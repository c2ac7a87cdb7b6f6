"""Raising and clearing alerts: rooms say what should stand."""

from contracts.membership.alerts import AlertCleared, AlertRaised
from services.chassis.alerts import Alerts, Wanted
from services.membership.tables.alerts import AlertRow

__all__ = ["ALERTS", "Wanted", "clear", "keep", "settle", "standing"]

ALERTS = Alerts(AlertRow, AlertRaised, AlertCleared)

keep, clear, settle, standing = ALERTS.keep, ALERTS.clear, ALERTS.settle, ALERTS.standing
