"""Codes that events carry, with their Chinese labels. A code is never renamed nor reinterpreted.

Kinds of organisation, base and venue are data: what stands here seeds the services' tables, a
district may add its own, and events carry the code as plain text. The rest is fixed.
"""

from contracts.kinds import (
    activities,
    agreements,
    alerts,
    appraisal,
    bases,
    bodies,
    books,
    cadence,
    calendar,
    courses,
    dues,
    feedback,
    feeds,
    lecturers,
    liaison,
    members,
    menu,
    notices,
    opening,
    organisations,
    partners,
    places,
    points,
    series,
    transfers,
    undertakings,
    units,
    visits,
    volunteering,
    waitlist,
    working,
)
from contracts.kinds.bases import (
    BaseKind,
    BookingStatus,
    CancelReason,
    Channel,
    Sharing,
    VenueKind,
    VisitorLevel,
)
from contracts.kinds.labelled import Labelled
from contracts.kinds.organisations import OrganisationKind

__all__ = [
    "BaseKind",
    "BookingStatus",
    "CancelReason",
    "Channel",
    "Labelled",
    "OrganisationKind",
    "Sharing",
    "VenueKind",
    "VisitorLevel",
    "activities",
    "agreements",
    "alerts",
    "appraisal",
    "bases",
    "bodies",
    "books",
    "cadence",
    "calendar",
    "courses",
    "dues",
    "every",
    "feedback",
    "feeds",
    "lecturers",
    "liaison",
    "members",
    "menu",
    "notices",
    "opening",
    "organisations",
    "partners",
    "places",
    "points",
    "series",
    "transfers",
    "undertakings",
    "units",
    "visits",
    "volunteering",
    "waitlist",
    "working",
]


def every() -> dict[str, type[Labelled]]:
    """All lists of codes by the names of their classes."""
    return {codes.__name__: codes for codes in Labelled.__subclasses__()}
