"""What the clock brings about at bases; each room adds its own."""

from services.chassis.sweeps import Sweep

SWEEPS: tuple[Sweep, ...] = ()
