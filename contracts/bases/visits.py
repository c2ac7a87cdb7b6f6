"""Facts about those who came (接待)."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel


class VisitCompleted(Event, title="接待已完成"):
    """One batch (批次) that really came, with its person-times (人次).

    From a booking, or from the paper ledger (then `booking_id` is null). `organisation_id` is
    null for visitors from outside the tree.
    """

    type: ClassVar[str] = "jiceng.bases.visit.completed.v1"

    visit_id: UUID = Field(title="接待编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    booking_id: UUID | None = Field(default=None, title="预约编号")
    organisation_id: UUID | None = Field(default=None, title="来访党组织")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    planned_headcount: int | None = Field(default=None, title="预约人数", ge=1)
    actual_headcount: int = Field(title="实到人次", ge=1)
    started_at: AwareDatetime = Field(title="开始时刻")
    ended_at: AwareDatetime | None = Field(default=None, title="结束时刻")

    @property
    def key(self) -> UUID:
        return self.visit_id
