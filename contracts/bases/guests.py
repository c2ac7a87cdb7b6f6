"""Facts about guests: visitors from outside the organisation tree (来访单位).

What they are called stays in the service: a delegation is often called after its leader.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds import VisitorLevel


class GuestEvent(Event):
    """`area` is the one whose office keeps them."""

    guest_id: UUID = Field(title="来访单位编号")
    code: str = Field(title="来访单位代码")
    visitor_level: VisitorLevel = Field(title="来访层级")

    @property
    def key(self) -> UUID:
        return self.guest_id


class GuestRegistered(GuestEvent, title="来访单位已登记"):
    """From now on it may be booked for like an organisation."""

    type: ClassVar[str] = "jiceng.bases.guest.registered.v1"


class GuestChanged(GuestEvent, title="来访单位已变更"):
    """Says the new state whole; of what it is called, only that it may have changed."""

    type: ClassVar[str] = "jiceng.bases.guest.changed.v1"

    was_visitor_level: VisitorLevel = Field(title="原来访层级")
