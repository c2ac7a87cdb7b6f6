"""Facts about alerts, which every service may raise: what a rule asks for is missing or late."""

from datetime import date
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.alerts import Severity


class AlertEvent(Event):
    """What every fact about an alert says again; so what clears it can be taken back whole."""

    alert_id: UUID = Field(title="预警编号")
    kind: str = Field(title="预警类别")
    subject_id: UUID = Field(title="对象编号")
    organisation_id: UUID | None = Field(default=None, title="责任党组织")
    severity: Severity = Field(title="程度")

    @property
    def key(self) -> UUID:
        return self.alert_id


class AlertRaised(AlertEvent):
    """Each service announces its own, and clears it by an `AlertEvent` of its own."""

    kind: str = Field(title="预警类别", description="A code of the alerts' kinds.")
    subject_id: UUID = Field(title="对象编号", description="What it is about.")
    rule_code: str | None = Field(default=None, title="依据规则")
    rule_version_code: str | None = Field(default=None, title="规则版本")
    due_on: date | None = Field(default=None, title="期限")
