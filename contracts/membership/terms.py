"""Facts announced about terms of office and the seats of a committee."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.organisations import Body


class ElectionHeld(Event, title="换届选举已登记"):
    """A committee was elected (两委换届); its term runs until `expires_on`."""

    type: ClassVar[str] = "jiceng.membership.term.elected.v1"

    term_id: UUID = Field(title="任期编号")
    organisation_id: UUID = Field(title="党组织编号")
    organisation_kind: str = Field(title="党组织类别")
    body: Body = Field(title="班子")
    elected: int = Field(title="选出成员数", ge=1)
    held_on: date = Field(title="选举日期")
    expires_on: date = Field(title="任期届满日期")

    @property
    def key(self) -> UUID:
        return self.term_id


class SeatEvent(Event):
    """Facts about one member's seat in a committee."""

    seat_id: UUID = Field(title="任职编号")
    organisation_id: UUID = Field(title="党组织编号")
    seat_kind: str = Field(title="职务")
    subject_id: UUID = Field(title="党员编号")

    @property
    def key(self) -> UUID:
        return self.seat_id


class SeatFilled(SeatEvent, title="班子职务已任"):
    type: ClassVar[str] = "jiceng.membership.seat.filled.v1"

    since: date = Field(title="任职日期")


class SeatVacated(SeatEvent, title="班子职务已免"):
    type: ClassVar[str] = "jiceng.membership.seat.vacated.v1"

    until: date = Field(title="离任日期")
