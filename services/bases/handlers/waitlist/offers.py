"""What became free is offered to whoever is next, in the transaction that freed it.

The venue's slots are locked whenever somebody is chosen for it, so that there is one at a time who
chooses; the row of the chosen is claimed past others' locks; the slot is taken as any booking takes
one; and a unique index refuses a second live offer to one entry. Locks come in the order booking,
slots, quota, entry.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.bases.waitlist import WaitlistEvent
from contracts.kinds.notices import NoticeKind
from contracts.kinds.waitlist import EntryStatus
from services.bases.domain import notices as wording
from services.bases.domain.bookings import ask, life
from services.bases.domain.bookings.ask import MINUTE
from services.bases.domain.opening import Range
from services.bases.domain.waitlist import entries as domain
from services.bases.domain.waitlist.entries import Entry, Offer
from services.bases.domain.waitlist.terms import WaitlistOffer
from services.bases.handlers import notices
from services.bases.handlers.bookings.asking import Wish, looked
from services.bases.tables import quotas, slots
from services.bases.tables.occasions import Asked
from services.bases.tables.rows import BookingRow
from services.bases.tables.slots import By
from services.bases.tables.waitlist import entries, queue, vacancies
from services.bases.tables.waitlist.rows import EntryRow, OfferRow
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Refusal
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork

WAITLIST = "waitlist"
"""Who wrote a booking that is an offer."""


async def promote(
    uow: UnitOfWork,
    venue_id: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Offer what is free of the venue about `[since, until)` to those who fit, in order of joining.

    The venue's slots are locked, and what freed them is flushed. How many offers were made.
    """
    waiting = await queue.waiting(uow, venue_id, since, until)
    if not waiting:
        return 0
    book = await rulebook.at(uow.session, business_date(uow.now), WaitlistOffer)
    rule = book[WaitlistOffer]
    earliest = uow.now + rule.least_notice_minutes * MINUTE
    span = min(e.earliest_at for e in waiting), max(e.latest_at for e in waiting)
    free = await vacancies.look(uow, venue_id, *span)
    made = 0
    for entry in waiting:
        found = free.fit(entry, earliest)
        if found is not None and await _offered(uow, entry, venue_id, found, rule):
            made += 1
            free = await vacancies.look(uow, venue_id, *span)
    return made


async def fits_anybody(uow: UnitOfWork, venue_id: UUID) -> bool:
    """Worth locking the venue for: a look without the lock."""
    waiting = await queue.waiting(uow, venue_id, None, None)
    if not waiting:
        return False
    span = min(e.earliest_at for e in waiting), max(e.latest_at for e in waiting)
    free = await vacancies.look(uow, venue_id, *span)
    return any(free.fit(entry, uow.now) for entry in waiting)


async def _offered(
    uow: UnitOfWork, entry: Entry, venue_id: UUID, found: Range, rule: WaitlistOffer
) -> bool:
    """False for whoever could not accept it as things stand: passed over, not lost."""
    command = replace(entry.wish(venue_id, found[0]), booking_id=new_id())
    wish = Wish(command, lambda *_: None, By(WAITLIST), uow.now)
    try:
        asked = await looked(wish, uow)
        decided = ask.request(command, asked.occasion, at=uow.now)
    except Refusal:
        return False
    terms = asked.occasion.terms
    if not await quotas.left(
        uow, entry.base_id, entry.organisation_id, command.starts_at, terms
    ):  # fmt: skip
        return False
    notice = terms.notice_minutes
    expires_at = rule.expires(command.starts_at, notice, at=uow.now)
    if expires_at is None or not await queue.claim(uow, entry.entry_id):
        return False
    booking = replace(ask.requested(decided), status=life.OFFER.to, version=0)
    return await _held(uow, entry, Offer(booking, expires_at), asked)


async def _held(uow: UnitOfWork, entry: Entry, offer: Offer, asked: Asked) -> bool:
    """Take the slot for the entry, or leave no trace."""
    try:
        async with (await uow.driver()).transaction():  # a savepoint
            if not await slots.take(uow, offer.booking, asked, By(WAITLIST)):
                return False
            version = await queue.keep(uow, entry.entry_id, offer)
    except (Refusal, asyncpg.UniqueViolationError):
        return False
    uow.announce(domain.offer(entry, offer), version=version)
    matter = wording.of_booking(offer.booking, entry.entry_id)
    await notices.issue(uow, NoticeKind.OFFER, matter, until=offer.expires_at)
    return True


# The end of an offer


async def release(uow: UnitOfWork, row: BookingRow) -> tuple[EntryRow, OfferRow]:
    """End the offer that `row` holds, and free its slot; `row` is locked and was offered.

    It never was a booking: nothing of it is announced, and its version stays 0.
    """
    await slots.give_back(uow, row)
    row.status = life.LAPSE.to
    return await settled(uow, row)


async def settled(uow: UnitOfWork, row: BookingRow) -> tuple[EntryRow, OfferRow]:
    """The entry of an offer that has been answered, locked."""
    offer = await entries.offer(uow.session, row.booking_id)
    offer.ended_at = uow.now
    return await entries.entry(uow.session, offer.entry_id, lock=True), offer


async def moved_on(
    uow: UnitOfWork, row: EntryRow, to: EntryStatus, event: WaitlistEvent, at: datetime
) -> None:
    """Take an entry to `to`."""
    uow.step(row, event, at, status=to)
    await uow.session.flush()


async def withdraw(uow: UnitOfWork, row: BookingRow, at: datetime) -> None:
    """The base closes then: the entry waits on where it was. `row` is locked and offered."""
    booking = row.state()
    entry, offer = await release(uow, row)
    event = domain.withdraw(entry, Offer(booking, offer.expires_at))
    entry.booking_id = None
    await moved_on(uow, entry, domain.WITHDRAW.to, event, at)
    matter = wording.of_booking(booking, entry.entry_id)
    await notices.issue(uow, NoticeKind.OFFER_WITHDRAWN, matter)
