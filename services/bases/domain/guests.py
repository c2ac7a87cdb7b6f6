"""Visitors from outside the organisation tree: delegations of other places, resident units."""

from dataclasses import dataclass
from uuid import UUID

from contracts.bases.guests import GuestChanged, GuestRegistered
from contracts.kinds import VisitorLevel


@dataclass(frozen=True, kw_only=True)
class Guest:
    """`area` is the one whose office keeps them; they may come from anywhere."""

    guest_id: UUID
    code: str
    name: str
    visitor_level: VisitorLevel
    area: str


def register(guest: Guest) -> GuestRegistered:
    return GuestRegistered(
        area=guest.area,
        guest_id=guest.guest_id,
        code=guest.code,
        visitor_level=guest.visitor_level,
    )


def change(was: Guest, now: Guest) -> GuestChanged | None:
    """`None` when nothing changes."""
    if was == now:
        return None
    return GuestChanged(
        area=now.area,
        guest_id=now.guest_id,
        code=now.code,
        visitor_level=now.visitor_level,
        was_visitor_level=was.visitor_level,
    )
