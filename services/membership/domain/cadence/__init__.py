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
    assess,
    binds,
    is_latest,
    opened_through,
    owed_by,
    reassess,
)
from services.membership.domain.cadence.periods import PartOfPeriod, Period, period_of, periods

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
    "Period",
    "assess",
    "binds",
    "is_latest",
    "opened_through",
    "owed_by",
    "period_of",
    "periods",
    "reassess",
    "state",
]
