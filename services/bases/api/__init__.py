"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from services.bases.api import bookings, places, visits

routers = (
    places.commands,
    places.queries,
    bookings.commands,
    bookings.queries,
    visits.commands,
    visits.queries,
)
