"""The terms of a base: what it has stated of its own, over the rule of all."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.bookings.terms import BookingTerms
from services.bases.tables import places
from services.bases.tables.occasions import terms_of
from services.chassis import rulebook


async def of_base(session: AsyncSession, base_id: UUID, day: date) -> BookingTerms:
    """Raises `NotFound`."""
    base = await places.base(session, base_id)
    book = await rulebook.at(session, day, BookingTerms)
    return terms_of(book[BookingTerms], base.terms)


LABELS = {name: field.title or name for name, field in BookingTerms.model_fields.items()}
"""Chinese names of the numbers."""
