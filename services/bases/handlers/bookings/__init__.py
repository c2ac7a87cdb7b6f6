"""Commands on bookings.

`asking` looks at who asks for what, `places` takes a slot for a new booking or moves one, `steps`
takes it on, `clock` does what nobody commanded, `record` is what all of them end with.
"""

from services.bases.handlers.bookings.asking import Wish
from services.bases.handlers.bookings.places import place, reschedule
from services.bases.handlers.bookings.steps import (
    approve,
    cancel,
    cancel_for_closure,
    check_in,
    complete,
    decline,
    miss,
    retract_miss,
)

__all__ = [
    "Wish",
    "approve",
    "cancel",
    "cancel_for_closure",
    "check_in",
    "complete",
    "decline",
    "miss",
    "place",
    "reschedule",
    "retract_miss",
]
