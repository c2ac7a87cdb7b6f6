"""Employers and registrants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.working import ClaimEnd, RegistrantState
from services.chassis import personal
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working import registrants as domain
from services.membership.domain.working.registrants import Employer, Place, Profile
from services.membership.handlers import alerts
from services.membership.handlers.working import checks, posts
from services.membership.tables.working import posts as post_tables
from services.membership.tables.working import registrants as tables
from services.membership.tables.working.records import told_of_alone
from services.membership.tables.working.rows import EmployerRow, RegistrantRow

IDENTIFYING = ("phone", "identity_number")
"""By which a second registration of one person is known."""


@dataclass(frozen=True, kw_only=True)
class Registering:
    registrant_id: UUID
    code: str
    place: Place
    profile: Profile
    said: Fields
    """Name, phone and, where known, identity number: sealed, never announced."""


# Employers


async def register_employer(employer: Employer, uow: UnitOfWork, at: datetime) -> EmployerRow:
    """Raises `AreaUnknown` or `CodeTaken`."""
    await checks.area_known(uow.session, employer.area, "area")
    await checks.code_free(uow.session, EmployerRow, employer.code)
    event = domain.register_employer(employer)
    row = EmployerRow(**event.model_dump(), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change_employer(
    row: EmployerRow, changes: Mapping[str, str], expected: int, uow: UnitOfWork, at: datetime
) -> EmployerRow:
    """`row` is locked; `changes` are its name or area."""
    versions.check(expected, row.version)
    was = row.state()
    now = Employer(**vars(was) | dict(changes))
    if now.area != was.area:
        await checks.area_known(uow.session, now.area, "area")
    event = domain.change_employer(was, now)
    if event is not None:
        row.sqlmodel_update(dict(changes) | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


# Registrants


async def register(
    command: Registering, uow: UnitOfWork, vault: Vault, at: datetime
) -> RegistrantRow:
    """Raises `RegistrantKnown` when the phone or identity number is registered there already."""
    day = business_date(at)
    await _check(uow, command.place, command.profile, None, at)
    await checks.code_free(uow.session, RegistrantRow, command.code)
    event = domain.register(command.registrant_id, command.place, command.profile)
    row = RegistrantRow(
        registrant_id=command.registrant_id,
        code=command.code,
        community=command.place.community,
        **_columns(command.place, command.profile),
        registered_on=day,
        version=1,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    await _identify(uow, vault, row, command.said)
    await personal.keep(await uow.driver(), vault, {row.registrant_id: command.said})
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change(
    row: RegistrantRow,
    place: Place,
    profile: Profile,
    said: Fields,
    expected: int,
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
) -> RegistrantRow:
    """`row` is locked; `said` holds only what changes of name and numbers."""
    versions.check(expected, row.version)
    await _check(uow, place, profile, row.profile, at)
    event = domain.change(row.registrant(), place, profile, personal=bool(said))
    if event is None:
        return row
    row.sqlmodel_update(_columns(place, profile) | {"version": row.version + 1})
    await _renew(uow, vault, row, said)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def leave(row: RegistrantRow, uow: UnitOfWork, at: datetime) -> RegistrantRow:
    """The registrant, whose row is locked, goes; the places they held are free again."""
    event = domain.leave(row.registrant())
    for claim in await post_tables.held(uow.session, registrant_id=row.registrant_id):
        await posts.give_up(claim, ClaimEnd.REGISTRANT_LEFT, uow, at)
    row.sqlmodel_update(
        {
            "state": domain.LEAVE.to,
            "left_on": business_date(at),
            "version": row.version + 1,
        }
    )
    await uow.session.flush()
    await uow.session.refresh(row)
    uow.announce(event, version=row.version, occurred_at=at)
    await alerts.clear(uow, AlertKind.CLAIMS_SHORT, row.registrant_id, at=at)
    return row


async def come_back(
    row: RegistrantRow, place: Place, profile: Profile, uow: UnitOfWork, at: datetime
) -> RegistrantRow:
    """One who left, whose row is locked, registers again."""
    await _check(uow, place, profile, row.profile, at)
    event = domain.come_back(row.registrant(), place, profile)
    row.sqlmodel_update(
        _columns(place, profile)
        | {
            "state": domain.COME_BACK.to,
            "left_on": None,
            "version": row.version + 1,
        }
    )
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def erase(row: RegistrantRow, uow: UnitOfWork) -> None:
    """Destroy name and numbers of one who left, and the words about what they did alone.

    What they did stays counted.
    """
    domain.check_erasable(row.registrant())
    connection = await uow.driver()
    for person_id in (row.registrant_id, *await told_of_alone(uow.session, row.registrant_id)):
        await personal.erase(connection, person_id, uow.now)
    await tables.forget(uow.session, row.registrant_id, IDENTIFYING)


async def _check(
    uow: UnitOfWork, place: Place, profile: Profile, was: Profile | None, at: datetime
) -> None:
    """What is said refers to what there is; what is not new may have gone out of use since."""
    domain.check_place(place)
    await checks.place_known(uow.session, place)
    await checks.employer_known(uow.session, profile.employer_id)
    day = business_date(at)
    if was is None or profile.occupation != was.occupation:
        known = (uow.session, "working_occupation", [profile.occupation], day, "occupation")
        await checks.kinds_known(*known)
    new = [skill for skill in profile.skills if was is None or skill not in was.skills]
    await checks.kinds_known(uow.session, "skill", new, day, "skills")


async def _renew(uow: UnitOfWork, vault: Vault, row: RegistrantRow, said: Fields) -> None:
    if not said:
        return
    numbers = [name for name in said if name in IDENTIFYING]
    await tables.forget(uow.session, row.registrant_id, numbers)
    await _identify(uow, vault, row, said)
    await personal.change(await uow.driver(), vault, row.registrant_id, said)


async def _identify(uow: UnitOfWork, vault: Vault, row: RegistrantRow, said: Fields) -> None:
    digests = vault.digests({name: said[name] for name in IDENTIFYING if name in said})
    other = await tables.identify(uow.session, row.community, row.registrant_id, digests)
    if other is not None:
        field, registrant_id, state = other
        left = state is RegistrantState.LEFT
        raise domain.known_already(registrant_id, field=field, left=left)


def _columns(place: Place, profile: Profile) -> dict[str, Any]:
    return {
        "area": place.area,
        "employer_id": profile.employer_id,
        "occupation": profile.occupation,
        "skills": list(profile.skills),
    }
