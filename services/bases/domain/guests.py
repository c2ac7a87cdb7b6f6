"""Visitors from outside the organisation tree: delegations of other places, resident units."""

from uuid import UUID

from pydantic import Field

from contracts.bases.guests import GuestChanged, GuestEvent, GuestRegistered
from contracts.kinds import VisitorLevel
from services.chassis.state import State


class Guest(State):
    """`area` is the one whose office keeps them; they may come from anywhere."""

    guest_id: UUID
    code: str = Field(title="来访单位代码")
    name: str = Field(title="名称")
    visitor_level: VisitorLevel = Field(title="来访层级")
    area: str = Field(title="登记区划")


def register(guest: Guest) -> GuestRegistered:
    return GuestRegistered(**guest.model_dump(include=set(GuestEvent.model_fields)))


def change(was: Guest, now: Guest) -> GuestChanged | None:
    """`None` when nothing changes."""
    if was == now:
        return None
    facts = now.model_dump(include=set(GuestEvent.model_fields))
    return GuestChanged(**facts, was_visitor_level=was.visitor_level)
