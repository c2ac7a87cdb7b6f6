"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from services.bases.api import (
    availability,
    bookings,
    courses,
    equipment,
    feedback,
    feeds,
    guests,
    lecturers,
    menu,
    notices,
    opening,
    partners,
    places,
    series,
    visits,
    waitlist,
)

routers = tuple(
    router
    for room in (
        bookings,
        waitlist,
        series,
        feedback,
        visits,
        availability,
        places,
        equipment,
        opening,
        partners,
        menu,
        courses,
        lecturers,
        notices,
        feeds,
        guests,
    )
    for router in room.routers
)
"""The busiest first: routes are tried in order."""
