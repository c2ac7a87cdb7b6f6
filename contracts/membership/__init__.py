"""Facts announced by the membership service, a module a room (区划与党组织)."""

from contracts.membership import (
    activities,
    alerts,
    appraisal,
    books,
    cadence,
    calendar,
    dues,
    liaison,
    members,
    organisations,
    points,
    transfers,
    volunteering,
    working,
)

__all__ = [
    "activities",
    "alerts",
    "appraisal",
    "books",
    "cadence",
    "calendar",
    "dues",
    "liaison",
    "members",
    "organisations",
    "points",
    "transfers",
    "volunteering",
    "working",
]
