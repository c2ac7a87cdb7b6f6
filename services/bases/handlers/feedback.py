"""Commands on what visitors say of their visit."""

from datetime import datetime
from uuid import UUID

from contracts.bases.feedback import BookingFeedbackGiven
from services.bases.domain import feedback as domain
from services.bases.domain.feedback import FeedbackGivenAlready, FeedbackWindow, Rating
from services.bases.tables import feedback
from services.bases.tables.feedback import VERDICT_LESS, FeedbackRow
from services.bases.tables.rows import BookingRow
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def give(
    booking: BookingRow, rating: Rating, uow: UnitOfWork, at: datetime, *, on_behalf: bool
) -> FeedbackRow:
    """Raises `NotCompleted` or `FeedbackGivenAlready`."""
    event = domain.give(booking.state(), rating, new_id(), on_behalf=on_behalf)
    if await feedback.of_booking(uow.session, booking.booking_id) is not None:
        raise FeedbackGivenAlready("Change it instead.", zh="该预约已评价，可在期限内修改。")
    row = FeedbackRow(
        **event.model_dump(exclude=VERDICT_LESS),
        comment=rating.comment,
        given_at=at,
        recorded_at=uow.now,
    )
    return uow.begin(row, event, at)


async def change(
    booking_id: UUID, rating: Rating, expected: int, uow: UnitOfWork, at: datetime
) -> FeedbackRow:
    """Raises `NotFound` or `FeedbackFixed`."""
    row = await feedback.of_booking(uow.session, booking_id, lock=True)
    if row is None:
        raise feedback.unknown(booking_id)
    versions.check(expected, row.version)
    book = await rulebook.at(uow.session, business_date(row.given_at), FeedbackWindow)
    was = BookingFeedbackGiven(**row.facts(), verdict=domain.verdict(row.score))
    event = domain.change(was, rating, row.given_at, book[FeedbackWindow], at=at)
    aspects = {aspect.value: score for aspect, score in event.aspects.items()}
    said = {"score": event.score, "aspects": aspects, "comment": rating.comment}
    return uow.step(row, event, at, **said)
