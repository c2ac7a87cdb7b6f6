"""What the clock brings about in membership; each room adds its own."""

from services.chassis.sweeps import Sweep

SWEEPS: tuple[Sweep, ...] = ()
