"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from contracts.kinds.alerts import CobuildingAlertKind
from services.chassis import alerts
from services.cobuilding.api import agreements, bodies, seats, undertakings, units, venues
from services.cobuilding.tables.rows import ALERTS

routers = (
    *units.routers,
    *bodies.routers,
    *seats.routers,
    *agreements.routers,
    *undertakings.routers,
    *venues.routers,
    alerts.queries(ALERTS, CobuildingAlertKind, alerts.AlertView),
)
