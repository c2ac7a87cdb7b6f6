"""Commands on lecture halls and courses."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.bases.domain.courses import catalogue
from services.bases.domain.courses.catalogue import Course, Hall
from services.bases.domain.places import VenueUnknown
from services.bases.handlers.places import check_in_use, venue_of
from services.bases.tables import courses as tables
from services.bases.tables import places
from services.bases.tables.courses import CourseRow, HallRow
from services.bases.tables.rows import AreaRow
from services.chassis import kinds
from services.chassis.clock import business_date, from_day
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork


async def area_of(
    uow: UnitOfWork, area: str | None, base_id: UUID | None, venue_id: UUID | None
) -> str:
    """Where a hall is: at a base, perhaps in one of its venues, or somewhere else in an area.

    Without an area, that of the base. Raises `AreaUnknown`, `VenueUnknown` or `NotFound`.
    """
    if base_id is not None:
        base = await places.base(uow.session, base_id, lock=True)
        check_in_use(base)
        area = area or base.area
    await _check_venue(uow, base_id, venue_id)
    area = area or ""
    await check_area(uow.session, AreaRow, area)
    return area


async def _check_venue(uow: UnitOfWork, base_id: UUID | None, venue_id: UUID | None) -> None:
    """Raises `VenueUnknown` for a venue of another base, or out of use."""
    if venue_id is not None and (await venue_of(uow, base_id, venue_id)).retired_at is not None:
        raise VenueUnknown("The venue is out of use.", zh="该场馆已停用。", field="venue_id")


# Lecture halls


async def open_hall(hall: Hall, uow: UnitOfWork) -> HallRow:
    """Raises `CodeTaken` or `UnknownKind`. Counts from the day it was opened."""
    await kinds.check(uow.session, "lecture-hall", hall.kind, hall.opened_on, "kind")
    await check_code(uow.session, HallRow, hall.code)
    row, at = HallRow.of(hall, recorded_at=uow.now), from_day(hall.opened_on, uow.now)
    return uow.begin(row, catalogue.open_hall(hall), at)


async def change_hall(
    hall: HallRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> HallRow:
    """`changes` are `name`, `kind` and `venue_id`."""
    was, now = hall.as_state(Hall), hall.as_state(Hall, **changes)
    if now.kind != was.kind:
        await kinds.check(uow.session, "lecture-hall", now.kind, business_date(at), "kind")
    await _check_venue(uow, hall.base_id, changes.get("venue_id"))
    event = catalogue.change_hall(was, now)
    return hall if event is None else uow.step(hall, event, at, **changes)


async def close_hall(hall: HallRow, closed_on: date, uow: UnitOfWork) -> HallRow:
    """Raises `HallClosed`, `ClosedBeforeOpened` or `SessionsAhead`."""
    ahead = await tables.next_session(uow.session, hall_id=hall.hall_id)
    event = catalogue.close_hall(hall, closed_on, ahead)
    return uow.step(hall, event, from_day(closed_on, uow.now), closed_on=closed_on)


async def close_all(uow: UnitOfWork, base_id: UUID, at: datetime) -> None:
    """The halls of a base that is no more. Raises `SessionsAhead` where sessions are announced."""
    for hall in await tables.halls_of(uow.session, base_id):
        await close_hall(hall, business_date(at), uow)


# Courses


async def publish_course(course: Course, hall: HallRow, uow: UnitOfWork, at: datetime) -> CourseRow:
    """Raises `CodeTaken`, `UnknownKind` or `HallClosed`; the hall is locked."""
    await _check_kinds(uow, course.model_dump(), at)
    await check_code(uow.session, CourseRow, course.code)
    event = catalogue.publish_course(course, hall)
    return uow.begin(CourseRow.of(course, recorded_at=uow.now), event, at)


async def change_course(
    course: CourseRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> CourseRow:
    """`changes` are `name`, `kind` and `audience_kind`."""
    changed = {name: code for name, code in changes.items() if code != getattr(course, name)}
    await _check_kinds(uow, changed, at)
    event = catalogue.change_course(course.as_state(Course), course.as_state(Course, **changes))
    return course if event is None else uow.step(course, event, at, **changes)


async def retire_course(course: CourseRow, uow: UnitOfWork, at: datetime) -> CourseRow:
    """Raises `CourseEnded` or `SessionsAhead`."""
    ahead = await tables.next_session(uow.session, course_id=course.course_id)
    event = catalogue.retire_course(course, ahead)
    return uow.step(course, event, at, retired_on=business_date(at))


async def _check_kinds(uow: UnitOfWork, fields: dict[str, Any], at: datetime) -> None:
    for field, family in (("kind", "course"), ("audience_kind", "course-audience")):
        if field in fields:
            await kinds.check(uow.session, family, fields[field], business_date(at), field)
