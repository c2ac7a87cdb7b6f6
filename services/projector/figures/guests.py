"""Figures of guests: units outside the organisation tree that bases know."""

from contracts.bases.guests import GuestChanged, GuestRegistered
from contracts.kinds import VisitorLevel
from services.projector.declare import Dimension, Naming, Stock, adds, moves

FIGURES = (
    Stock(
        "bases.guests",
        "来访单位",
        "个",
        "期末登记在册的本区组织体系以外的来访单位数",
        reads=(*adds(GuestRegistered), *moves(GuestChanged)),
        dimensions=(Dimension.of_kinds("visitor_level", "来访层级", VisitorLevel),),
    ),
)

NAMES: tuple[Naming, ...] = ()
