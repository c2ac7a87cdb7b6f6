"""What a booking claims besides its venue goes with it."""

from datetime import datetime
from uuid import UUID

from services.bases.handlers import equipment, lecturers
from services.chassis.unit_of_work import Transaction

ROOMS = (lecturers, equipment)


async def freed(work: Transaction, booking_id: UUID) -> None:
    """It will not be held."""
    for room in ROOMS:
        await room.freed(work, booking_id)


async def moved(work: Transaction, booking_id: UUID, since: datetime, until: datetime) -> None:
    """It is held in `[since, until)` now, buffer included. Raises what a room refuses with."""
    for room in ROOMS:
        await room.moved(work, booking_id, since, until)
