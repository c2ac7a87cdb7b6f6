"""What the clock brings about in co-building; each room adds its own."""

from services.chassis.sweeps import Sweep
from services.cobuilding.handlers import undertakings
from services.cobuilding.handlers.agreements import clock

SWEEPS: tuple[Sweep, ...] = (*clock.SWEEPS, *undertakings.SWEEPS)
