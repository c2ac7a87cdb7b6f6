"""New-economy and social organisations, and their instructors."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from services.chassis import kinds, personal, rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Conflict, NotFound
from services.chassis.http import versions
from services.chassis.personal import Vault
from services.chassis.rows import code_taken
from services.chassis.rules import Book
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import coverage as domain
from services.membership.domain.coverage import Instructed, NewOrganisation
from services.membership.domain.organisations import (
    CodeTaken,
    OrganisationUnknown,
    area_unknown,
    check_standing,
)
from services.membership.handlers import alerts
from services.membership.tables import coverage as tables
from services.membership.tables import organisations as tree
from services.membership.tables.coverage import InstructionRow, InstructorRow, NewOrganisationRow

BATCH = 200
"""Charges that one unit of work reminds of."""


class NewOrganisationClosed(Conflict):
    code = "new-organisation-closed"
    title, title_zh = "The organisation was closed", "该组织已注销"


async def register(
    organisation: NewOrganisation, uow: UnitOfWork, occurred_at: datetime
) -> NewOrganisationRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, a rule's refusal."""
    await _check_references(uow, organisation, occurred_at)
    if await code_taken(uow.session, NewOrganisationRow, organisation.code):
        raise _taken(organisation.code)
    event = domain.register(organisation)
    row = NewOrganisationRow(**_columns(organisation), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=occurred_at)
    await _settle_coverage(uow, organisation, occurred_at)
    return row


async def change(
    neworg_id: UUID,
    given: dict[str, Any],
    expected: int,
    uow: UnitOfWork,
    occurred_at: datetime,
) -> NewOrganisationRow:
    """`given` are the fields that are stated; the rest stays."""
    row = await tables.neworg(uow.session, neworg_id, lock=True)
    versions.check(expected, row.version)
    _check_open(row)
    was = tables.neworg_of(row)
    new = domain.revised(was, given)
    await _check_references(uow, new, occurred_at)
    event = domain.change(new, was)
    if event is not None:
        row.sqlmodel_update(_columns(new) | {"version": row.version + 1})
        await uow.session.flush()
        uow.announce(event, version=row.version, occurred_at=occurred_at)
        await _settle_coverage(uow, new, occurred_at)
    return row


async def close(
    neworg_id: UUID, expected: int, uow: UnitOfWork, occurred_at: datetime
) -> NewOrganisationRow:
    """It is gone (注销); its instructor's charge ends with it."""
    row = await tables.neworg(uow.session, neworg_id, lock=True)
    versions.check(expected, row.version)
    _check_open(row)
    day = business_date(occurred_at)
    charge = await tables.charge_of(uow.session, neworg_id)
    if charge is not None:
        await _end(uow, charge, max(day, charge.since), occurred_at)
    event = domain.close(tables.neworg_of(row))
    row.closed_on, row.version = day, row.version + 1
    await uow.session.flush()
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    await alerts.clear(uow, AlertKind.COVERAGE_DUE, neworg_id, at=occurred_at)
    return row


def _columns(organisation: NewOrganisation) -> dict[str, Any]:
    return {**vars(organisation), "coverage": organisation.coverage.value}


def _check_open(row: NewOrganisationRow) -> None:
    if row.closed_on is not None:
        raise NewOrganisationClosed(
            f"Closed on {row.closed_on}.", zh=f"该组织已于 {row.closed_on} 注销。"
        )


async def _check_references(
    uow: UnitOfWork, organisation: NewOrganisation, occurred_at: datetime
) -> None:
    if not await tree.area_exists(uow.session, organisation.area):
        raise area_unknown(organisation.area, field="area")
    day = business_date(occurred_at)
    await kinds.check(uow.session, "new-organisation", organisation.kind, day, "kind")
    if organisation.organisation_id is not None:
        covering = await tree.find_organisation(uow.session, organisation.organisation_id)
        if covering is None:
            raise OrganisationUnknown(
                f"No organisation {organisation.organisation_id}.",
                zh="没有该编号的党组织。",
                field="organisation_id",
            )
        check_standing(tree.organisation_of(covering))


async def _settle_coverage(
    uow: UnitOfWork, organisation: NewOrganisation, occurred_at: datetime
) -> None:
    book = await rulebook.at(uow.session, business_date(occurred_at), domain.CoverageDue)
    wanted = alerts.Wanted(
        kind=AlertKind.COVERAGE_DUE,
        subject_id=organisation.neworg_id,
        area=organisation.area,
        rule=book.statement(domain.CoverageDue),
        facts={"members": organisation.members, "coverage": organisation.coverage.value},
    )
    stands = domain.ought_to_be_covered(organisation, book)
    await alerts.settle(uow, wanted, stands=stands, at=occurred_at)


# Instructors


async def appoint(
    row: InstructorRow, name: str, vault: Vault, uow: UnitOfWork, occurred_at: datetime
) -> InstructorRow:
    """Raises `CodeTaken`, `AreaUnknown`. The name is sealed."""
    if not await tree.area_exists(uow.session, row.area):
        raise area_unknown(row.area, field="area")
    if await code_taken(uow.session, InstructorRow, row.code):
        raise _taken(row.code)
    event = domain.appoint(tables.instructor_of(row))
    await personal.keep(await uow.driver(), vault, {row.instructor_id: {"name": name}})
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=occurred_at)
    return row


async def release(
    instructor_id: UUID, until: date, expected: int, uow: UnitOfWork, occurred_at: datetime
) -> InstructorRow:
    """Raises `StillInstructing`, `EndsBeforeStart`, `InstructorGone`."""
    row = await tables.instructor(uow.session, instructor_id, lock=True)
    versions.check(expected, row.version)
    instructor = tables.instructor_of(row)
    domain.check_present(instructor)
    event = domain.release(instructor, until, await tables.charges(uow.session, instructor_id))
    row.until, row.version = until, row.version + 1
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    return row


async def assign(
    instruction_id: UUID,
    instructor_id: UUID,
    neworg_id: UUID,
    since: date,
    uow: UnitOfWork,
    occurred_at: datetime,
) -> InstructionRow:
    """Raises `Instructed`, `InstructorGone`, `NewOrganisationClosed`."""
    organisation = await tables.neworg(uow.session, neworg_id, lock=True)
    _check_open(organisation)
    instructor = await tables.instructor(uow.session, instructor_id, lock=True)
    if (held := await tables.charge_of(uow.session, neworg_id)) is not None:
        raise Instructed(
            f"Since {held.since} by another charge.",
            zh=f"该组织自 {held.since} 起已有党建指导员。",
            field="neworg_id",
            instruction_id=str(held.instruction_id),
        )
    event = domain.assign(
        instruction_id, tables.instructor_of(instructor), tables.neworg_of(organisation), since
    )
    book = await rulebook.at(uow.session, since, domain.InstructorVisits)
    row = InstructionRow(
        **event.model_dump(), due_on=domain.visit_due(since, book), recorded_at=uow.now
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=occurred_at)
    return row


async def end_charge(
    instruction_id: UUID, until: date, expected: int, uow: UnitOfWork, occurred_at: datetime
) -> InstructionRow:
    """Raises `EndsBeforeStart`."""
    row = await tables.instruction(uow.session, instruction_id)
    versions.check(expected, row.version)
    if row.until is None:
        await _end(uow, row, until, occurred_at)
    return row


async def visit(
    instruction_id: UUID, day: date, uow: UnitOfWork, occurred_at: datetime
) -> InstructionRow:
    """Recorded once a day; the next one is due from the latest. Raises `VisitOutside`."""
    row = await tables.instruction(uow.session, instruction_id)
    if row.until is not None and day > row.until:
        raise NotFound("The charge had ended.", zh="该联系关系已结束。")
    event = domain.visit(tables.instruction_of(row), day)
    if not await tables.add_visit(await uow.driver(), instruction_id, day, uow.now):
        return row
    book = await rulebook.at(uow.session, day, domain.InstructorVisits)
    row.visited_on = max(day, row.visited_on or day)
    row.due_on = max(row.due_on, domain.visit_due(row.visited_on, book))
    row.version += 1
    await uow.session.flush()
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    if row.due_on >= business_date(uow.now):
        await alerts.clear(uow, AlertKind.INSTRUCTOR_VISIT_DUE, instruction_id, at=occurred_at)
    return row


async def _end(uow: UnitOfWork, row: InstructionRow, until: date, occurred_at: datetime) -> None:
    event = domain.end(tables.instruction_of(row), until)
    row.until, row.version = until, row.version + 1
    await uow.session.flush()
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    await alerts.clear(uow, AlertKind.INSTRUCTOR_VISIT_DUE, row.instruction_id, at=occurred_at)


def _taken(code: str) -> CodeTaken:
    return CodeTaken(
        f"Code {code} is in use.", zh=f"代码 {code} 已被使用。", field="code", value=code
    )


# By the clock


async def remind(uow: UnitOfWork) -> int:
    """Alerts for charges whose visit is late."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, domain.InstructorVisits)
    kind = AlertKind.INSTRUCTOR_VISIT_DUE
    rows = await tables.overdue(await uow.driver(), today, kind, BATCH)
    return sum([await alerts.keep(uow, _late(kind, row, book)) for row in rows])


def _late(kind: AlertKind, row: Any, book: Book) -> alerts.Wanted:
    visited = row["visited_on"]
    return alerts.Wanted(
        kind=kind,
        subject_id=row["instruction_id"],
        area=row["area"],
        organisation_id=row["organisation_id"],
        rule=book.statement(domain.InstructorVisits),
        due_on=row["due_on"],
        facts={
            "neworg_id": str(row["neworg_id"]),
            "visited_on": visited.isoformat() if visited else None,
        },
    )


VISITS = Sweep("instructor visits due", remind, every=timedelta(hours=1))
