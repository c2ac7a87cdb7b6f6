"""Lecturers join, change, leave; and what is sealed of them is destroyed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.bases.domain.lecturers import people as domain
from services.bases.domain.lecturers.people import Profile
from services.bases.tables import places
from services.bases.tables.lecturers import claims
from services.bases.tables.lecturers.rows import LecturerRow
from services.bases.tables.rows import AreaRow
from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Registering:
    lecturer_id: UUID
    code: str
    profile: Profile
    engaged_on: date
    said: Fields
    """Name and phone: sealed, never announced."""


async def register(
    command: Registering, uow: UnitOfWork, vault: Vault, at: datetime
) -> LecturerRow:
    """Raises `CodeTaken`, `AreaUnknown`, `UnknownKind`, `NotFound` for a base, or `SaidTwice`."""
    await _check(uow, command.profile, None, at)
    await check_code(uow.session, LecturerRow, command.code)
    event = domain.register(command.lecturer_id, command.code, command.profile, command.engaged_on)
    row = LecturerRow(
        lecturer_id=command.lecturer_id,
        code=command.code,
        engaged_on=command.engaged_on,
        version=1,
        recorded_at=uow.now,
        **_columns(command.profile),
    )
    uow.session.add(row)
    await personal.keep(await uow.driver(), vault, {row.lecturer_id: command.said})
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change(
    row: LecturerRow,
    changes: Mapping[str, Any],
    said: Fields,
    expected: int,
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
) -> LecturerRow:
    """`row` is locked; `changes` are fields of its profile, `said` what changes of the person."""
    versions.check(expected, row.version)
    now = replace(row.profile, **changes)
    await _check(uow, now, row.profile, at)
    event = domain.change(row.state(), now, personal=bool(said))
    if event is not None:
        row.sqlmodel_update(_columns(now) | {"version": row.version + 1})
        await personal.change(await uow.driver(), vault, row.lecturer_id, said)
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def retire(
    row: LecturerRow, on: date, expected: int, uow: UnitOfWork, at: datetime
) -> LecturerRow:
    """`row` is locked. Raises `AssignmentsAhead`, which names them."""
    versions.check(expected, row.version)
    ahead = await claims.ahead(await uow.driver(), row.lecturer_id, uow.now)
    event = domain.retire(row.state(), on, ahead)
    row.sqlmodel_update({"retired_on": on, "version": row.version + 1})
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def erase(row: LecturerRow, uow: UnitOfWork) -> None:
    """Destroy name and phone of one who left; what they did stays counted."""
    domain.check_erasable(row.state())
    await personal.erase(await uow.driver(), row.lecturer_id, uow.now)


async def _check(uow: UnitOfWork, profile: Profile, was: Profile | None, at: datetime) -> None:
    """What is said refers to what there is; what is not new may have gone out of use since."""
    moved = was is None or profile.area != was.area
    if moved:
        await check_area(uow.session, AreaRow, profile.area)
    if profile.base_id is not None:
        await places.base(uow.session, profile.base_id)
    day = business_date(at)
    families = (
        ("lecturer-role", "roles", profile.roles, was.roles if was else ()),
        ("lecturer-skill", "skills", profile.skills, was.skills if was else ()),
    )
    for family, field, codes, before in families:
        for code in codes:
            if code not in before:
                await kinds.check(uow.session, family, code, day, field)


def _columns(profile: Profile) -> dict[str, Any]:
    return {
        "area": profile.area,
        "base_id": profile.base_id,
        "roles": list(profile.roles),
        "skills": list(profile.skills),
        "engagement": profile.engagement.value,
    }
