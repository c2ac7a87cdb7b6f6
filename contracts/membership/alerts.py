"""Facts announced about alerts: something a rule asks for is missing, late or out of bounds."""

from typing import ClassVar

from contracts import alerts


class AlertRaised(alerts.AlertRaised, title="预警已提出"):
    """A rule is broken or a date comes near; stands until it is cleared."""

    type: ClassVar[str] = "jiceng.membership.alert.raised.v1"


class AlertCleared(alerts.AlertEvent, title="预警已解除"):
    """Says whole what was raised, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.membership.alert.cleared.v1"
