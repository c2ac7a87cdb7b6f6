"""Commands on lecture halls and courses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.bases.domain.courses import catalogue
from services.bases.domain.courses.catalogue import Course, Hall
from services.bases.domain.places import VenueUnknown
from services.bases.handlers.places import check_in_use
from services.bases.tables import courses as tables
from services.bases.tables import places
from services.bases.tables.courses import CourseRow, HallRow
from services.bases.tables.rows import AreaRow
from services.chassis import kinds
from services.chassis.clock import business_date, from_day
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a hall is: at a base, perhaps in one of its venues, or somewhere else in an area."""

    area: str
    base_id: UUID | None
    venue_id: UUID | None


async def site(
    uow: UnitOfWork, area: str | None, base_id: UUID | None, venue_id: UUID | None
) -> Site:
    """Without an area, that of the base. Raises `AreaUnknown`, `VenueUnknown` or `NotFound`."""
    if base_id is not None:
        base = await places.base(uow.session, base_id, lock=True)
        check_in_use(base)
        area = area or base.area
    await check_venue(uow, base_id, venue_id)
    area = area or ""
    await check_area(uow.session, AreaRow, area)
    return Site(area=area, base_id=base_id, venue_id=venue_id)


async def check_venue(uow: UnitOfWork, base_id: UUID | None, venue_id: UUID | None) -> int | None:
    """How many it holds. Raises `VenueUnknown` for a venue of another base, or out of use."""
    if venue_id is None:
        return None
    venue, base = await places.venue(uow.session, venue_id)
    if base.base_id != base_id:
        raise VenueUnknown(
            "The venue belongs to another base.", zh="该场馆不属于此基地。", field="venue_id"
        )
    if venue.retired_at is not None:
        raise VenueUnknown("The venue is out of use.", zh="该场馆已停用。", field="venue_id")
    return venue.capacity


# Lecture halls


async def open_hall(
    code: str, name: str, kind: str, at_site: Site, opened_on: date, uow: UnitOfWork
) -> HallRow:
    """Raises `CodeTaken` or `UnknownKind`. Counts from the day it was opened."""
    await kinds.check(uow.session, "lecture-hall", kind, opened_on, "kind")
    await check_code(uow.session, HallRow, code)
    hall = Hall(
        hall_id=new_id(), code=code, name=name, kind=kind, opened_on=opened_on, **vars(at_site)
    )
    event = catalogue.open_hall(hall)
    row = HallRow(**vars(hall), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=from_day(opened_on, uow.now))
    return row


async def change_hall(
    hall_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> HallRow:
    """`changes` are `name`, `kind` and `venue_id`."""
    row = await tables.one(uow.session, HallRow, hall_id, lock=True)
    versions.check(expected, row.version)
    if (kind := changes.get("kind")) and kind != row.kind:
        await kinds.check(uow.session, "lecture-hall", kind, business_date(at), "kind")
    await check_venue(uow, row.base_id, changes.get("venue_id"))
    event = catalogue.change_hall(row.state(), changes)
    if event is not None:
        row.sqlmodel_update(changes | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def close_hall(hall_id: UUID, closed_on: date, uow: UnitOfWork) -> HallRow:
    """Raises `HallClosed`, `ClosedBeforeOpened` or `SessionsAhead`."""
    row = await tables.one(uow.session, HallRow, hall_id, lock=True)
    ahead = await tables.next_session(uow.session, hall_id=hall_id)
    event = catalogue.close_hall(row.state(), closed_on, ahead)
    row.closed_on, row.version = closed_on, row.version + 1
    uow.announce(event, version=row.version, occurred_at=from_day(closed_on, uow.now))
    return row


async def close_all(uow: UnitOfWork, base_id: UUID, at: datetime) -> None:
    """The halls of a base that is no more. Raises `SessionsAhead` where sessions are announced."""
    for hall_id in await tables.halls_of(uow.session, base_id):
        await close_hall(hall_id, business_date(at), uow)


# Courses


async def publish_course(
    *,
    hall_id: UUID,
    code: str,
    name: str,
    kind: str,
    audience_kind: str,
    uow: UnitOfWork,
    at: datetime,
) -> CourseRow:
    """Raises `CodeTaken`, `UnknownKind` or `HallClosed`."""
    hall = await tables.one(uow.session, HallRow, hall_id, lock=True)
    await _check_kinds(uow, {"kind": kind, "audience_kind": audience_kind}, at)
    await check_code(uow.session, CourseRow, code)
    course = Course(
        course_id=new_id(),
        hall_id=hall_id,
        code=code,
        name=name,
        kind=kind,
        audience_kind=audience_kind,
        area=hall.area,
    )
    event = catalogue.publish_course(course, hall.state())
    row = CourseRow(**vars(course), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change_course(
    course_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> CourseRow:
    """`changes` are `name`, `kind` and `audience_kind`."""
    row = await tables.one(uow.session, CourseRow, course_id, lock=True)
    versions.check(expected, row.version)
    changed = {name: code for name, code in changes.items() if code != getattr(row, name)}
    await _check_kinds(uow, changed, at)
    event = catalogue.change_course(row.state(), changes)
    if event is not None:
        row.sqlmodel_update(changes | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def retire_course(course_id: UUID, uow: UnitOfWork, at: datetime) -> CourseRow:
    """Raises `CourseEnded` or `SessionsAhead`."""
    row = await tables.one(uow.session, CourseRow, course_id, lock=True)
    ahead = await tables.next_session(uow.session, course_id=course_id)
    event = catalogue.retire_course(row.state(), ahead)
    row.retired_on, row.version = business_date(at), row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def _check_kinds(uow: UnitOfWork, told: dict[str, Any], at: datetime) -> None:
    for field, family in (("kind", "course"), ("audience_kind", "course-audience")):
        if told.get(field):
            await kinds.check(uow.session, family, told[field], business_date(at), field)
