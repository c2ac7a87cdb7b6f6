"""Facts announced about alerts: something a rule asks for is missing, late or out of bounds."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.alerts import Severity


class AlertRaised(Event, title="预警已提出"):
    """A rule is broken or a date comes near; stands until it is cleared."""

    type: ClassVar[str] = "jiceng.membership.alert.raised.v1"

    alert_id: UUID = Field(title="预警编号")
    kind: str = Field(title="预警类别", description="A code of the alerts' kinds.")
    subject_id: UUID = Field(title="对象编号", description="What it is about.")
    organisation_id: UUID | None = Field(default=None, title="责任党组织")
    severity: Severity = Field(title="程度")
    rule_code: str | None = Field(default=None, title="依据规则")
    rule_version_code: str | None = Field(default=None, title="规则版本")
    due_on: date | None = Field(default=None, title="期限")

    @property
    def key(self) -> UUID:
        return self.alert_id


class AlertCleared(Event, title="预警已解除"):
    """Says whole what was raised, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.membership.alert.cleared.v1"

    alert_id: UUID = Field(title="预警编号")
    kind: str = Field(title="预警类别")
    subject_id: UUID = Field(title="对象编号")
    organisation_id: UUID | None = Field(default=None, title="责任党组织")
    severity: Severity = Field(title="程度")

    @property
    def key(self) -> UUID:
        return self.alert_id
