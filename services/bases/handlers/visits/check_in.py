"""Let in and let out by the code that the visitors say at the door."""

from datetime import datetime, timedelta
from uuid import UUID

from services.bases.domain.visits import codes as domain
from services.bases.domain.visits.codes import CheckInGuesses
from services.bases.handlers import bookings
from services.bases.handlers.visits.records import Came
from services.bases.tables import bookings as booking_table
from services.bases.tables import terms
from services.bases.tables.bookings import Named
from services.bases.tables.visits import codes as table
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Refusal
from services.chassis.unit_of_work import UnitOfWork


async def check_in(
    base_id: UUID, code: str, headcount: int, uow: UnitOfWork, at: datetime, *, actor: str
) -> Named | Refusal:
    """A refusal that is returned is of a wrong code: it is counted, so it must be committed.

    Raises `TooManyGuesses`, `AlreadyCheckedIn`, and what checking in the booking raises.
    """
    found = await _meant(base_id, code, uow, at, actor)
    if isinstance(found, Refusal):
        return found
    row = await booking_table.booking(uow.session, found, lock=True)
    domain.check_awaited(row.state().status)
    return await bookings.check_in(found, headcount, uow, at, actor=actor)


async def check_out(
    base_id: UUID,
    code: str,
    headcount: int | None,
    came: Came,
    uow: UnitOfWork,
    at: datetime,
    *,
    actor: str,
) -> Named | Refusal:
    """The visit is over. Like `check_in`."""
    found = await _meant(base_id, code, uow, at, actor)
    if isinstance(found, Refusal):
        return found
    return await bookings.complete(found, headcount, uow, at, actor=actor, came=came)


async def _meant(
    base_id: UUID, code: str, uow: UnitOfWork, at: datetime, actor: str
) -> UUID | Refusal:
    """The booking whose code it is, or why there is none."""
    book = await rulebook.at(uow.session, business_date(uow.now), CheckInGuesses)
    rule = book[CheckInGuesses]
    guesses = await table.lock_guesses(uow, base_id, actor)
    domain.may_guess(guesses, rule, uow.now)
    held_by = await terms.of_base(uow.session, base_id, business_date(at))
    found = await table.found(uow, base_id, code)
    early = timedelta(minutes=held_by.check_in_minutes)
    chosen = domain.choose(found, at, early)
    if isinstance(chosen, Refusal):
        counted = domain.guessed(guesses, rule, uow.now)
        await table.keep_guesses(uow, base_id, actor, counted)
        return chosen
    return chosen.booking_id
