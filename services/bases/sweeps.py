"""What the clock brings about at bases; each room adds its own."""

from services.bases.handlers import contacts, notices
from services.bases.handlers.bookings import clock
from services.bases.handlers.waitlist import clock as waitlist
from services.chassis.sweeps import Sweep

SWEEPS: tuple[Sweep, ...] = (
    *clock.SWEEPS,
    *waitlist.SWEEPS,
    *notices.SWEEPS,
    *contacts.SWEEPS,
)
