"""What the clock brings about in membership; each room adds its own."""

from services.chassis.sweeps import Sweep
from services.membership.handlers import books
from services.membership.handlers.calendar import CALENDAR_SWEEP
from services.membership.handlers.members import JOINING_SWEEP, WHEREABOUTS_SWEEP

SWEEPS: tuple[Sweep, ...] = (CALENDAR_SWEEP, *books.SWEEPS, JOINING_SWEEP, WHEREABOUTS_SWEEP)
