"""What needs somebody's attention, and which rule says so."""

from pydantic import Field

from contracts.kinds.alerts import AlertKind
from services.chassis import alerts
from services.membership.api.written import OrganisationId
from services.membership.handlers.alerts import ALERTS


class AlertView(alerts.AlertView):
    organisation_id: OrganisationId | None = Field(title="责任党组织")


routers = (alerts.queries(ALERTS, AlertKind, AlertView),)
