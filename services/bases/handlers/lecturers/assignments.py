"""Lecturers for bookings, and what was thought of them."""

from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.kinds import BookingStatus
from contracts.kinds.lecturers import EngagedFor, RatedBy
from services.bases.domain.lecturers import assignments as domain
from services.bases.domain.lecturers.assignments import Rating, Task
from services.bases.domain.lecturers.rules import LecturerRatingWindow
from services.bases.handlers.lecturers import claims
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables import menu
from services.bases.tables.lecturers import work as table
from services.bases.tables.lecturers.rows import AssignmentRow, RatingRow
from services.bases.tables.rows import BookingRow
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def assign(
    booking: BookingRow,
    lecturer_id: UUID,
    skill: str | None,
    uow: UnitOfWork,
    permit: Permit,
    at: datetime,
) -> AssignmentRow:
    """Raises `BookingOver`, `UnknownKind` and what `claims.engage` raises."""
    domain.check_open(BookingStatus(booking.status))
    if skill is not None:
        await kinds.check(uow.session, "lecturer-skill", skill, business_date(at), "skill")
    wanted = skill or await needed(await uow.driver(), booking)
    await claims.engage(uow, task_of(booking), lecturer_id, wanted, permit, at)
    return await table.assignment_of(uow.session, booking.booking_id, lecturer_id)


async def unassign(booking: BookingRow, lecturer_id: UUID, uow: UnitOfWork, at: datetime) -> None:
    """Who is not assigned stays so. Raises `BookingOver`."""
    domain.check_open(BookingStatus(booking.status))
    await claims.disengage(uow, EngagedFor.BOOKING, booking.booking_id, lecturer_id, at)


async def rate(
    booking_id: UUID,
    lecturer_id: UUID,
    stars: int,
    rated_by: RatedBy,
    uow: UnitOfWork,
    at: datetime,
) -> RatingRow:
    """The booking is locked. Raises `NotFound`, `NotCompleted`, `RatingFixed`."""
    assignment = await table.assignment_of(uow.session, booking_id, lecturer_id)
    known = await table.rating_of(uow.session, assignment.assignment_id)
    today = business_date(uow.now)
    if known is None:
        rating = Rating(
            rating_id=new_id(), lecturer_id=lecturer_id, booking_id=booking_id,
            stars=stars, rated_by=rated_by, rated_on=today,
        )  # fmt: skip
        row = RatingRow.of(
            rating,
            assignment_id=assignment.assignment_id,
            area=assignment.area,
            recorded_at=uow.now,
        )
        return uow.begin(row, domain.rate(rating, assignment), at)
    changes = {"stars": stars, "rated_by": rated_by}
    window = (await rulebook.at(uow.session, today, LecturerRatingWindow))[LecturerRatingWindow]
    was, now = known.as_state(Rating), known.as_state(Rating, **changes)
    event = domain.change_rating(was, now, assignment, window, today)
    return known if event is None else uow.step(known, event, at, **changes)


async def needed(connection: asyncpg.Connection, row: BookingRow) -> str | None:
    """What the menu item that was booked says a lecturer must be able to do."""
    item = await menu.item(connection, row.menu_item_id) if row.menu_item_id else None
    return item.details.skill_code if item else None


def task_of(row: BookingRow) -> Task:
    return Task(
        engaged_for=EngagedFor.BOOKING,
        subject_id=row.booking_id,
        base_id=row.base_id,
        place_id=row.base_id,
        area=row.area,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
