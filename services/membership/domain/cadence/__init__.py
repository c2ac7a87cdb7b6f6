"""What organisations owe how often. Pure: periods, demands and their versions, duties."""

from services.membership.domain.cadence.demands import (
    SEEDS,
    Cadence,
    CadenceMidPeriod,
    CadenceNotLater,
    CadenceScopeChanged,
    state,
)
from services.membership.domain.cadence.duties import (
    Duty,
    Owed,
    Owing,
    PartOfPeriod,
    assess,
    binds,
    is_latest,
    opened_through,
    owed_by,
    reassess,
)

__all__ = [
    "SEEDS",
    "Cadence",
    "CadenceMidPeriod",
    "CadenceNotLater",
    "CadenceScopeChanged",
    "Duty",
    "Owed",
    "Owing",
    "PartOfPeriod",
    "assess",
    "binds",
    "is_latest",
    "opened_through",
    "owed_by",
    "reassess",
    "state",
]
