"""Whom to call about a booking: sealed under the booking's id, erased when it is long over."""

from collections.abc import Sequence
from uuid import UUID

from services.bases.domain.contacts import ContactErased, ContactRetention
from services.bases.tables import bookings, contacts
from services.bases.tables.rows import BookingRow
from services.chassis import personal, rulebook
from services.chassis.clock import business_date
from services.chassis.personal import Fields, Vault
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import Transaction, UnitOfWork

BATCH = 100


async def seal(work: Transaction, vault: Vault, booking_id: UUID, contact: Fields) -> None:
    """Of a new booking."""
    await personal.keep(await work.driver(), vault, {booking_id: contact})


async def correct(booking_id: UUID, contact: Fields, vault: Vault, uow: UnitOfWork) -> None:
    """Say anew, or for the first time, whom to call. Raises `ContactErased`."""
    row = await bookings.booking(uow.session, booking_id, lock=True)
    connection = await uow.driver()
    if row.has_contact:
        await personal.change(connection, vault, booking_id, contact)
        return
    if await contacts.known(connection, booking_id):
        raise ContactErased(
            "Contact data of this booking were erased.", zh="该预约的联系方式已按期销毁，不再留存。"
        )
    await personal.keep(connection, vault, {booking_id: contact})
    row.has_contact = True
    await uow.session.flush()


async def erase(uow: UnitOfWork) -> Part:
    """What is kept of bookings that ended long enough ago, whatever became of them."""
    book = await rulebook.at(uow.session, business_date(uow.now), ContactRetention)
    by = book[ContactRetention].ended_by(uow.now)
    rows: Sequence[BookingRow] = await contacts.to_erase(uow.session, by, BATCH)

    async def one(row: BookingRow) -> None:
        await personal.erase(await uow.driver(), row.booking_id, uow.now)
        row.has_contact = False

    return await one_by_one(uow, rows, one)


SWEEPS = (Sweep("bookings.erase-contacts", erase),)
