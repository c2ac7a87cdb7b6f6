"""What the clock brings about: undecided bookings lapse, and slots nobody came to are released."""

from contracts.kinds import BookingStatus
from services.bases.domain.bookings import life, steps
from services.bases.domain.bookings.terms import BookingTerms
from services.bases.handlers.bookings import record
from services.bases.tables import bookings as table
from services.bases.tables.rows import BookingRow
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork

CLOCK = "clock"
"""Who took a step that nobody commanded."""

BATCH = 100
UNDECIDED = (BookingStatus.PENDING, BookingStatus.ENDORSED)


async def lapse(uow: UnitOfWork) -> Part:
    """Bookings that nobody decided on before they began."""
    rows = await table.begun(uow.session, UNDECIDED, uow.now, BATCH)

    async def one(row: BookingRow) -> None:
        event = steps.lapse(row.state())
        await record.step(uow, row, life.LAPSE.to, event, row.starts_at, actor=CLOCK)

    return await one_by_one(uow, rows, one)


async def release(uow: UnitOfWork) -> Part:
    """Confirmed bookings that nobody checked in to by the time their base waits."""
    confirmed = (BookingStatus.CONFIRMED,)
    book = await rulebook.at(uow.session, business_date(uow.now), BookingTerms)
    minutes = book[BookingTerms].release_minutes
    rows = await table.unclaimed(uow.session, confirmed, uow.now, minutes, BATCH)

    async def one(row: BookingRow) -> None:
        event = steps.miss(row.state(), at=uow.now, by_clock=True)
        await record.step(uow, row, life.MISS.to, event, uow.now, actor=CLOCK)

    return await one_by_one(uow, rows, one)


SWEEPS = (
    Sweep("bookings.lapse", lapse),
    Sweep("bookings.release", release),
)
