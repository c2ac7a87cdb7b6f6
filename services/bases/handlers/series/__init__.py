"""Commands on what is booked in one piece.

`requests` makes a series and `changes` moves it, `packages` makes a package booking; `together`
confirms and cancels the bookings of either.
"""

from services.bases.handlers.series.changes import Mover, change
from services.bases.handlers.series.packages import Asker, cancel_package, request_package
from services.bases.handlers.series.requests import request
from services.bases.handlers.series.together import approve, cancel_series, undecided

__all__ = [
    "Asker",
    "Mover",
    "approve",
    "cancel_package",
    "cancel_series",
    "change",
    "request",
    "request_package",
    "undecided",
]
