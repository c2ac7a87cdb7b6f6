"""Figures of calendar."""

from services.projector.declare import Figure, Naming

FIGURES: tuple[Figure, ...] = ()
NAMES: tuple[Naming, ...] = ()
