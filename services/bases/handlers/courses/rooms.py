"""What becomes of sessions with the booking of their venue. A `Transaction` is enough."""

from datetime import datetime
from uuid import UUID

from services.bases.domain.courses import sessions
from services.bases.tables import courses as tables
from services.chassis.unit_of_work import Transaction


async def freed(work: Transaction, booking_id: UUID, at: datetime) -> None:
    """It is not held: its sessions stand without a venue, and everybody is told."""
    for session, version in await tables.in_booking(work, booking_id):
        await tables.leave_venue(work, session.session_id)
        work.announce(sessions.lose_venue(session), version=version + 1, occurred_at=at)


async def moved(work: Transaction, booking_id: UUID) -> None:
    """Its row is written. Raises `SessionInTheWay` where a session needs it as it was."""
    relying = await tables.in_booking(work, booking_id)
    if not relying:
        return
    found = await tables.room(work, booking_id)
    if found is not None:
        for session, _ in relying:
            sessions.check_stays(session, found)
