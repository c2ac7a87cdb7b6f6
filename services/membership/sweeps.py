"""What the clock brings about in membership; each room adds its own."""

from services.chassis.sweeps import Sweep
from services.membership.handlers.calendar import CALENDAR_SWEEP

SWEEPS: tuple[Sweep, ...] = (CALENDAR_SWEEP,)
