"""Lecturers join, change, leave; and what is sealed of them is destroyed."""

from datetime import date, datetime
from typing import Any

from services.bases.domain.lecturers import people as domain
from services.bases.domain.lecturers.people import Lecturer
from services.bases.tables import places
from services.bases.tables.lecturers import claims
from services.bases.tables.lecturers.rows import LecturerRow
from services.bases.tables.rows import AreaRow
from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork

FAMILIES = {"roles": "lecturer-role", "skills": "lecturer-skill"}


async def register(
    lecturer: Lecturer, person: Fields, uow: UnitOfWork, vault: Vault, at: datetime
) -> LecturerRow:
    """`person` is name and phone: sealed, never announced.

    Raises `CodeTaken`, `AreaUnknown`, `UnknownKind`, `NotFound` for a base, or `SaidTwice`.
    """
    await _check(lecturer, None, uow, at)
    await check_code(uow.session, LecturerRow, lecturer.code)
    event = domain.register(lecturer)
    await personal.keep(await uow.driver(), vault, {lecturer.lecturer_id: person})
    return uow.begin(LecturerRow.of(lecturer, recorded_at=uow.now), event, at)


async def change(
    lecturer: LecturerRow,
    changes: dict[str, Any],
    person: Fields,
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
) -> LecturerRow:
    """`person` is what changes of name and phone. Raises what `register` does."""
    now = lecturer.as_state(Lecturer, **changes)
    await _check(now, lecturer, uow, at)
    event = domain.change(lecturer.as_state(Lecturer), now, personal=bool(person))
    if event is None:
        return lecturer
    await personal.change(await uow.driver(), vault, lecturer.lecturer_id, person)
    return uow.step(lecturer, event, at, **changes)


async def retire(lecturer: LecturerRow, on: date, uow: UnitOfWork, at: datetime) -> LecturerRow:
    """Raises `AssignmentsAhead`, which names them."""
    ahead = await claims.ahead(await uow.driver(), lecturer.lecturer_id, uow.now)
    return uow.step(lecturer, domain.retire(lecturer, on, ahead), at, retired_on=on)


async def erase(lecturer: LecturerRow, uow: UnitOfWork) -> None:
    """Destroy name and phone of one who left; what they did stays counted."""
    domain.check_erasable(lecturer)
    await personal.erase(await uow.driver(), lecturer.lecturer_id, uow.now)


async def _check(now: Lecturer, was: Lecturer | None, uow: UnitOfWork, at: datetime) -> None:
    """What is said refers to what there is; what is not new may have gone out of use since."""
    if was is None or now.area != was.area:
        await check_area(uow.session, AreaRow, now.area)
    if now.base_id is not None:
        await places.base(uow.session, now.base_id)
    for field, family in FAMILIES.items():
        for code in getattr(now, field):
            if was is None or code not in getattr(was, field):
                await kinds.check(uow.session, family, code, business_date(at), field)
