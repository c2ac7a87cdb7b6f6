"""Lecturers for bookings, and what was thought of them."""

from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.kinds import BookingStatus
from contracts.kinds.lecturers import EngagedFor, RatedBy
from services.bases.domain.lecturers import assignments as domain
from services.bases.domain.lecturers.assignments import Assignment, NotCompleted, Rating, Task
from services.bases.domain.lecturers.rules import LecturerRatingWindow
from services.bases.handlers.lecturers import claims
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables import menu
from services.bases.tables.lecturers import work as table
from services.bases.tables.lecturers.rows import RatingRow
from services.bases.tables.rows import BookingRow
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def assign(
    row: BookingRow,
    lecturer_id: UUID,
    skill: str | None,
    uow: UnitOfWork,
    permit: Permit,
    at: datetime,
) -> Assignment:
    """`row` is locked. Raises `BookingOver`, `UnknownKind` and what `claims.engage` raises."""
    domain.check_open(BookingStatus(row.status))
    if skill is not None:
        await kinds.check(uow.session, "lecturer-skill", skill, business_date(at), "skill")
    wanted = skill or await needed(await uow.driver(), row)
    return await claims.engage(uow, task_of(row), lecturer_id, wanted, permit, at)


async def unassign(
    row: BookingRow, lecturer_id: UUID, uow: UnitOfWork, at: datetime
) -> Assignment | None:
    """`row` is locked. Who is not assigned stays so. Raises `BookingOver`."""
    domain.check_open(BookingStatus(row.status))
    return await claims.disengage(uow, EngagedFor.BOOKING, row.booking_id, lecturer_id, at)


async def rate(
    row: BookingRow,
    lecturer_id: UUID,
    stars: int,
    rated_by: RatedBy,
    uow: UnitOfWork,
    at: datetime,
) -> RatingRow:
    """`row` is locked. Raises `NotFound`, `NotCompleted`, `RatingFixed`."""
    assignment = await table.assignment_of(uow.session, row.booking_id, lecturer_id)
    if assignment.completed_at is None:
        raise NotCompleted("It has not been held.", zh="讲解尚未完成，完成后才能评分。")
    known = await table.rating_of(uow.session, assignment.assignment_id)
    rating = Rating(
        rating_id=known.rating_id if known else new_id(),
        assignment_id=assignment.assignment_id,
        lecturer_id=lecturer_id,
        booking_id=row.booking_id,
        base_id=row.base_id,
        area=row.area,
        stars=stars,
        rated_by=rated_by,
    )
    today = business_date(uow.now)
    window = await rulebook.at(uow.session, today, LecturerRatingWindow)
    event = domain.rate(
        rating,
        known.state(row.base_id) if known else None,
        known.rated_on if known else None,
        window[LecturerRatingWindow],
        today=today,
    )
    rated = known or _unwritten(uow, rating)
    if event is not None:
        said = {"stars": stars, "rated_by": rated_by.value, "version": rated.version + 1}
        rated.sqlmodel_update(said)
        uow.announce(event, version=rated.version, occurred_at=at)
    return rated


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


def _unwritten(uow: UnitOfWork, rating: Rating) -> RatingRow:
    said = {name: value for name, value in vars(rating).items() if name != "base_id"}
    row = RatingRow(
        **said | {"rated_by": rating.rated_by.value},
        rated_on=business_date(uow.now),
        version=0,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    return row
