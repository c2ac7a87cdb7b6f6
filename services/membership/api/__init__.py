"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from services.membership.api import (
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

routers = tuple(
    router
    for room in (
        organisations,
        members,
        transfers,
        dues,
        working,
        points,
        appraisal,
        volunteering,
        liaison,
        activities,
        cadence,
        books,
        calendar,
        alerts,
    )
    for router in room.routers
)
