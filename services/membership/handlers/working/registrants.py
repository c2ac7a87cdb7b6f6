"""Employers and registrants."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.kinds.alerts import AlertKind
from contracts.kinds.working import ClaimEnd, RegistrantState
from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working import registrants as domain
from services.membership.domain.working.registrants import Employer, Registrant
from services.membership.handlers import alerts
from services.membership.handlers.working import checks, posts
from services.membership.tables.organisations import AreaRow
from services.membership.tables.working import posts as post_tables
from services.membership.tables.working import registrants as tables
from services.membership.tables.working.records import done_alone
from services.membership.tables.working.rows import EmployerRow, RegistrantRow

IDENTIFYING = ("phone", "identity_number")
"""By which a second registration of one person is known."""


# Employers


async def register_employer(employer: Employer, uow: UnitOfWork, at: datetime) -> EmployerRow:
    """Raises `AreaUnknown` or `CodeTaken`."""
    await check_area(uow.session, AreaRow, employer.area)
    await check_code(uow.session, EmployerRow, employer.code, "编号")
    row = EmployerRow.of(employer, recorded_at=uow.now)
    return uow.begin(row, domain.register_employer(employer), at)


async def change_employer(
    row: EmployerRow, changes: Mapping[str, str], uow: UnitOfWork, at: datetime
) -> EmployerRow:
    was, now = row.as_state(Employer), row.as_state(Employer, **changes)
    if now.area != was.area:
        await check_area(uow.session, AreaRow, now.area)
    event = domain.change_employer(was, now)
    return row if event is None else uow.step(row, event, at, **changes)


# Registrants


async def register(
    registrant: Registrant, person: Fields, uow: UnitOfWork, vault: Vault, at: datetime
) -> RegistrantRow:
    """Name and numbers of the `person` are sealed, never announced.

    Raises `RegistrantKnown` when the phone or identity number is registered there already.
    """
    await _check(uow, registrant, None, at)
    await check_code(uow.session, RegistrantRow, registrant.code, "编号")
    event = domain.register(registrant)
    row = uow.begin(RegistrantRow.of(registrant, recorded_at=uow.now), event, at)
    await uow.session.flush()
    await _identify(uow, vault, row, person)
    await personal.keep(await uow.driver(), vault, {row.registrant_id: person})
    return row


async def change(
    row: RegistrantRow,
    changes: Mapping[str, Any],
    person: Fields,
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
) -> RegistrantRow:
    """`person` holds only what changes of name and numbers."""
    was, now = row.as_state(Registrant), row.as_state(Registrant, **changes)
    await _check(uow, now, was, at)
    event = domain.change(was, now, personal=bool(person))
    if event is None:
        return row
    uow.step(row, event, at, **changes)
    if person:
        numbers = [name for name in person if name in IDENTIFYING]
        await tables.forget(uow.session, row.registrant_id, numbers)
        await _identify(uow, vault, row, person)
        await personal.change(await uow.driver(), vault, row.registrant_id, person)
    return row


async def leave(row: RegistrantRow, uow: UnitOfWork, at: datetime) -> RegistrantRow:
    """The places they held are free again."""
    event = domain.leave(row)
    for claim in await post_tables.held(uow.session, registrant_id=row.registrant_id):
        await posts.give_up(claim, ClaimEnd.REGISTRANT_LEFT, uow, at)
    uow.step(row, event, at, state=domain.LEAVE.to, left_on=business_date(at))
    await uow.session.flush()
    await uow.session.refresh(row)
    await alerts.clear(uow, AlertKind.CLAIMS_SHORT, row.registrant_id, at=at)
    return row


async def come_back(
    row: RegistrantRow, changes: Mapping[str, Any], uow: UnitOfWork, at: datetime
) -> RegistrantRow:
    """One who left registers again."""
    was, now = row.as_state(Registrant), row.as_state(Registrant, **changes)
    await _check(uow, now, was, at)
    event = domain.come_back(was, now)
    return uow.step(row, event, at, **changes, state=domain.COME_BACK.to, left_on=None)


async def erase(row: RegistrantRow, uow: UnitOfWork) -> None:
    """Destroy name and numbers of one who left, and the words about what they did alone.

    What they did stays counted.
    """
    domain.check_erasable(row)
    connection = await uow.driver()
    for person_id in (row.registrant_id, *await done_alone(uow.session, row.registrant_id)):
        await personal.erase(connection, person_id, uow.now)
    await tables.forget(uow.session, row.registrant_id, IDENTIFYING)


async def _check(uow: UnitOfWork, now: Registrant, was: Registrant | None, at: datetime) -> None:
    """What is said refers to what there is; what is not new may have gone out of use since."""
    session, day = uow.session, business_date(at)
    await checks.place_known(session, now.community, now.area)
    await checks.employer_known(session, now.employer_id)
    if was is None or now.occupation != was.occupation:
        await kinds.check(session, "working_occupation", now.occupation, day, "occupation")
    await checks.skills_known(session, now.skills, was.skills if was else (), day)


async def _identify(uow: UnitOfWork, vault: Vault, row: RegistrantRow, person: Fields) -> None:
    digests = vault.digests({name: person[name] for name in IDENTIFYING if name in person})
    other = await tables.identify(uow.session, row.community, row.registrant_id, digests)
    if other is not None:
        field, registrant_id, state = other
        left = state is RegistrantState.LEFT
        raise domain.known_already(registrant_id, field=field, left=left)
