"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from services.membership.api import (
    activities,
    alerts,
    appraisal,
    books,
    cadence,
    calendar,
    coverage,
    dues,
    instructors,
    liaison,
    members,
    organisations,
    points,
    reserve,
    rosters,
    terms,
    transfers,
    volunteering,
    working,
)

routers = tuple(
    router
    for room in (
        organisations,
        terms,
        coverage,
        instructors,
        reserve,
        members,
        rosters,
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
