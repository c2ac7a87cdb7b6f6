"""Figures of members."""

from services.projector.declare import Figure, Naming

FIGURES: tuple[Figure, ...] = ()
NAMES: tuple[Naming, ...] = ()
