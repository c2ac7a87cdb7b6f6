"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from services.bases.api import bookings, places, visits

routers = (
    bookings.requests,
    bookings.commands,
    bookings.queries,
    visits.commands,
    visits.queries,
    places.commands,
    places.queries,
)
"""The busiest first: routes are tried in order."""
