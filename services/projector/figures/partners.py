"""Figures of venues that partners brought in."""

from contracts.bases.partners import PartnerVenueAccepted, PartnerVenueWithdrawn
from contracts.kinds import VenueKind
from contracts.kinds.partners import ProposalStatus
from services.projector.declare import (
    Clause,
    Dimension,
    Figure,
    Naming,
    Section,
    Stock,
    adds,
    removes,
)
from services.projector.figures.bases import BASE

VENUE_KIND = Dimension.of_family("venue_kind", "场馆类型", "venue", VenueKind)

FIGURES: tuple[Figure, ...] = (
    Stock(
        "bases.partner_venues",
        "外部场馆",
        "个",
        "期末由合作单位提供、已纳入基地的场馆数",
        clauses=(Clause(Section.BASES, 4, "纳入外部场馆{n}，其中{each}", split=VENUE_KIND.key),),
        reads=(
            *adds(PartnerVenueAccepted),
            *removes(PartnerVenueWithdrawn, status=ProposalStatus.ACCEPTED),
        ),
        dimensions=(VENUE_KIND, BASE),
    ),
)
NAMES: tuple[Naming, ...] = ()
