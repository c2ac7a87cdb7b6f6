"""Points: what earns them, who enters them by hand, and the rules they go by."""

from services.membership.handlers.points.ledger import (
    Earning,
    earn,
    earn_all,
    reverse_of_source,
)

__all__ = ["Earning", "earn", "earn_all", "reverse_of_source"]
