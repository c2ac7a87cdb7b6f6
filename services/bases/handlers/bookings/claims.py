"""What a booking claims besides its venue goes with it: equipment, lecturers, then the sessions
that are held in its venue.
"""

from datetime import datetime
from uuid import UUID

from contracts.kinds.lecturers import EngagedFor
from services.bases.handlers import equipment
from services.bases.handlers.courses import rooms
from services.bases.handlers.lecturers import claims as lecturers
from services.chassis.unit_of_work import Transaction


async def freed(work: Transaction, booking_id: UUID, at: datetime) -> None:
    """It will not be held."""
    await equipment.freed(work, booking_id)
    await lecturers.release(work, EngagedFor.BOOKING, booking_id, at)
    await rooms.freed(work, booking_id, at)


async def moved(work: Transaction, booking_id: UUID, since: datetime, until: datetime) -> None:
    """It is held in `[since, until)` now, buffer included. Raises what a room refuses with."""
    await equipment.moved(work, booking_id, since, until)
    await lecturers.moved(work, booking_id)
    await rooms.moved(work, booking_id)


async def completed(work: Transaction, booking_id: UUID, headcount: int, at: datetime) -> None:
    await lecturers.complete(work, EngagedFor.BOOKING, booking_id, headcount, at)
