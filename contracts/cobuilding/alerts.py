"""Facts about alerts of co-building: an end comes near, a promise is late, a file is damaged."""

from typing import ClassVar

from contracts import alerts


class CobuildingAlertRaised(alerts.AlertRaised, title="共建预警已提出"):
    """Stands until it is cleared."""

    type: ClassVar[str] = "jiceng.cobuilding.alert.raised.v1"


class CobuildingAlertCleared(alerts.AlertEvent, title="共建预警已解除"):
    """Says whole what was raised, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.cobuilding.alert.cleared.v1"
