"""What the clock brings about: unanswered offers go to the next, late entries lapse."""

from datetime import timedelta

from contracts.kinds.notices import NoticeKind
from services.bases.domain import notices as wording
from services.bases.domain.waitlist import entries as domain
from services.bases.handlers import notices
from services.bases.handlers.waitlist import offers
from services.bases.handlers.waitlist.answers import give_up
from services.bases.tables import slots
from services.bases.tables.rows import BookingRow
from services.bases.tables.waitlist import entries, queue
from services.bases.tables.waitlist.rows import EntryRow
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork

BATCH = 100


async def expire(uow: UnitOfWork) -> Part:
    """Offers that nobody answered in time."""
    rows = await entries.expired(uow.session, uow.now, BATCH)

    async def one(row: BookingRow) -> None:
        entry = await give_up(uow, row, domain.EXPIRE, uow.now)
        matter = wording.of_booking(row.state(), entry.entry_id)
        await notices.issue(uow, NoticeKind.OFFER_EXPIRED, matter)

    return await one_by_one(uow, rows, one)


async def lapse(uow: UnitOfWork) -> Part:
    """Entries whose wish has begun."""
    rows = await entries.begun(uow.session, uow.now, BATCH)

    async def one(row: EntryRow) -> None:
        event = domain.lapse(row)
        await offers.moved_on(uow, row, domain.LAPSE.to, event, row.starts_at)
        await notices.issue(uow, NoticeKind.WAITLIST_LAPSED, wording.of_entry(row))

    return await one_by_one(uow, rows, one)


async def offer(uow: UnitOfWork) -> int:
    """What became free without anybody freeing it: hours stated anew, standing regained."""
    made = 0
    for venue_id in await queue.venues(uow):
        if await offers.fits_anybody(uow, venue_id):
            await slots.lock_slots(uow, venue_id)
            made += await offers.promote(uow, venue_id)
    return made


SWEEPS = (
    Sweep("waitlist.expire", expire),
    Sweep("waitlist.lapse", lapse),
    Sweep("waitlist.offer", offer, every=timedelta(minutes=5)),
)
