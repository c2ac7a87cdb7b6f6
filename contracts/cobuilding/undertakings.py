"""Facts about undertakings (承诺事项): promised, due, assessed. What was promised stays inside.

All that figures count of one is counted on its due day: `fell-due` says how it stood then, and what
is assessed later is told for that day.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.agreements import Side
from contracts.kinds.undertakings import UndertakingStatus


class UndertakingEvent(Event):
    undertaking_id: UUID = Field(title="事项编号")
    agreement_id: UUID = Field(title="协议编号")
    unit_id: UUID = Field(title="签约单位")
    unit_kind: str = Field(title="单位类别")
    side: Side = Field(title="承诺方")
    undertaking_kind: str = Field(
        title="事项类别", description="A code of the kinds of `undertaking`."
    )
    due_on: date = Field(title="应兑现日期")

    @property
    def key(self) -> UUID:
        return self.undertaking_id


class UndertakingMade(UndertakingEvent, title="承诺事项已立项"):
    """With an agreement that took effect; a periodic promise is one a period."""

    type: ClassVar[str] = "jiceng.cobuilding.undertaking.made.v1"


class UndertakingMoved(UndertakingEvent, title="承诺事项期限已变更"):
    """By an amendment that both signed, before the day had come."""

    type: ClassVar[str] = "jiceng.cobuilding.undertaking.moved.v1"

    was_due_on: date = Field(title="原应兑现日期")


class UndertakingFellDue(UndertakingEvent, title="承诺事项已到期"):
    type: ClassVar[str] = "jiceng.cobuilding.undertaking.fell-due.v1"

    outcome: UndertakingStatus = Field(title="到期时评定")


class UndertakingAssessed(UndertakingEvent, title="承诺事项已评定"):
    """For the due day where that has passed."""

    type: ClassVar[str] = "jiceng.cobuilding.undertaking.assessed.v1"

    outcome: UndertakingStatus = Field(title="评定")
    was_outcome: UndertakingStatus = Field(title="原评定", description="`open` the first time.")
    after_due: bool = Field(title="到期后评定")
    evidence: int = Field(title="佐证数", ge=0)


class UndertakingVoided(UndertakingEvent, title="承诺事项不再要求"):
    """Before its due day only; it was never due."""

    type: ClassVar[str] = "jiceng.cobuilding.undertaking.voided.v1"

    was_outcome: UndertakingStatus = Field(title="原评定")
    reason_kind: str = Field(title="原因", description="A code of the kinds `undertaking-void`.")
