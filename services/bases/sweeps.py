"""What the clock brings about at bases; each room adds its own."""

from services.bases.handlers.bookings import clock
from services.chassis.sweeps import Sweep

SWEEPS: tuple[Sweep, ...] = (*clock.SWEEPS,)
