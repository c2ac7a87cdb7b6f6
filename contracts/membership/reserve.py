"""Facts announced about the pools of reserve cadres (后备干部), by number only."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event


class ReserveEvent(Event):
    """`area` is the community whose pool it is."""

    reserve_id: UUID = Field(title="后备干部编号")

    @property
    def key(self) -> UUID:
        return self.reserve_id


class ReserveJoined(ReserveEvent, title="后备干部已入库"):
    type: ClassVar[str] = "jiceng.membership.reserve.joined.v1"

    since: date = Field(title="入库日期")


class ReserveRemoved(ReserveEvent, title="后备干部已出库"):
    type: ClassVar[str] = "jiceng.membership.reserve.removed.v1"

    until: date = Field(title="出库日期")
