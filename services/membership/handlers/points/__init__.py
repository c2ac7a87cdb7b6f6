"""Points: what earns them, who enters them by hand, and the rules they go by."""

from services.membership.domain.points import Earning
from services.membership.handlers.points.ledger import earn, earn_all, reverse_of_source
from services.membership.handlers.points.visits import (
    hear_of_correction,
    hear_of_no_show,
    hear_of_retraction,
    hear_of_visit,
    hear_of_withdrawal,
)

__all__ = [
    "Earning",
    "earn",
    "earn_all",
    "hear_of_correction",
    "hear_of_no_show",
    "hear_of_retraction",
    "hear_of_visit",
    "hear_of_withdrawal",
    "reverse_of_source",
]
