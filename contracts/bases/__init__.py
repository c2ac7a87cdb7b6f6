"""Facts announced by the bases service, a module a room (开放式组织生活基地)."""

from contracts.bases import (
    bookings,
    courses,
    feedback,
    guests,
    lecturers,
    menu,
    notices,
    opening,
    partners,
    places,
    series,
    standards,
    visits,
    waitlist,
)

__all__ = [
    "bookings",
    "courses",
    "feedback",
    "guests",
    "lecturers",
    "menu",
    "notices",
    "opening",
    "partners",
    "places",
    "series",
    "standards",
    "visits",
    "waitlist",
]
