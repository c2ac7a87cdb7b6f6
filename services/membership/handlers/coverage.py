"""New-economy and social organisations, and their instructors."""

from datetime import date, datetime, timedelta
from typing import Any

from contracts.kinds.alerts import AlertKind
from services.chassis import kinds, personal, rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Conflict, NotFound
from services.chassis.ids import new_id
from services.chassis.personal import Vault
from services.chassis.rows import check_area, check_code
from services.chassis.rules import Book
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import coverage as domain
from services.membership.domain.coverage import Instructed, Instruction, Instructor, NewOrganisation
from services.membership.domain.organisations import check_standing
from services.membership.handlers import alerts
from services.membership.tables import coverage as tables
from services.membership.tables import organisations as tree
from services.membership.tables.coverage import InstructionRow, InstructorRow, NewOrganisationRow
from services.membership.tables.organisations import AreaRow

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
    await check_code(uow.session, NewOrganisationRow, organisation.code)
    row = NewOrganisationRow.of(organisation, recorded_at=uow.now)
    uow.begin(row, domain.register(organisation), occurred_at)
    await _settle_coverage(uow, organisation, occurred_at)
    return row


async def change(
    row: NewOrganisationRow, changes: dict[str, Any], uow: UnitOfWork, occurred_at: datetime
) -> NewOrganisationRow:
    """`changes` are the fields that are stated; the rest stays."""
    _check_open(row)
    was = row.as_state(NewOrganisation)
    new = domain.revised(was, changes)
    await _check_references(uow, new, occurred_at)
    event = domain.change(new, was)
    if event is not None:
        uow.step(row, event, occurred_at, **dict(new))
        await uow.session.flush()
        await _settle_coverage(uow, new, occurred_at)
    return row


async def close(
    row: NewOrganisationRow, uow: UnitOfWork, occurred_at: datetime
) -> NewOrganisationRow:
    """It is gone (注销); its instructor's charge ends with it."""
    _check_open(row)
    day = business_date(occurred_at)
    charge = await tables.charge_of(uow.session, row.neworg_id)
    if charge is not None:
        await _end(uow, charge, max(day, charge.since), occurred_at)
    uow.step(row, domain.close(row), occurred_at, closed_on=day)
    await uow.session.flush()
    await alerts.clear(uow, AlertKind.COVERAGE_DUE, row.neworg_id, at=occurred_at)
    return row


def _check_open(row: NewOrganisationRow) -> None:
    if row.closed_on is not None:
        raise NewOrganisationClosed(
            f"Closed on {row.closed_on}.", zh=f"该组织已于 {row.closed_on} 注销。"
        )


async def _check_references(
    uow: UnitOfWork, organisation: NewOrganisation, occurred_at: datetime
) -> None:
    await check_area(uow.session, AreaRow, organisation.area)
    day = business_date(occurred_at)
    await kinds.check(uow.session, "new-organisation", organisation.kind, day, "kind")
    if organisation.organisation_id is not None:
        covering = await tree.referred(uow.session, organisation.organisation_id)
        check_standing(covering)


async def _settle_coverage(
    uow: UnitOfWork, organisation: NewOrganisation, occurred_at: datetime
) -> None:
    book = await rulebook.at(uow.session, business_date(occurred_at), domain.CoverageDue)
    wanted = alerts.Wanted(
        kind=AlertKind.COVERAGE_DUE,
        subject_id=organisation.neworg_id,
        area=organisation.area,
        rule=book.statement(domain.CoverageDue),
        facts={"members": organisation.members, "coverage": organisation.coverage},
    )
    stands = domain.ought_to_be_covered(organisation, book)
    await alerts.settle(uow, wanted, stands=stands, at=occurred_at)


# Instructors


async def appoint(
    instructor: Instructor, name: str, vault: Vault, uow: UnitOfWork, occurred_at: datetime
) -> InstructorRow:
    """Raises `CodeTaken`, `AreaUnknown`. The name is sealed."""
    await check_area(uow.session, AreaRow, instructor.area)
    await check_code(uow.session, InstructorRow, instructor.code)
    await personal.keep(await uow.driver(), vault, {instructor.instructor_id: {"name": name}})
    row = InstructorRow.of(instructor, recorded_at=uow.now)
    return uow.begin(row, domain.appoint(instructor), occurred_at)


async def release(
    instructor: InstructorRow, until: date, uow: UnitOfWork, occurred_at: datetime
) -> InstructorRow:
    """Raises `StillInstructing`, `EndsBeforeStart`, `InstructorGone`."""
    domain.check_present(instructor)
    in_charge_of = await tables.charges(uow.session, instructor.instructor_id)
    event = domain.release(instructor, until, in_charge_of)
    return uow.step(instructor, event, occurred_at, until=until)


async def assign(
    instructor: InstructorRow,
    organisation: NewOrganisationRow,
    since: date,
    uow: UnitOfWork,
    occurred_at: datetime,
) -> InstructionRow:
    """Raises `Instructed`, `InstructorGone`, `NewOrganisationClosed`."""
    _check_open(organisation)
    if (held := await tables.charge_of(uow.session, organisation.neworg_id)) is not None:
        raise Instructed(
            f"Since {held.since} by another charge.",
            zh=f"该组织自 {held.since} 起已有党建指导员。",
            field="neworg_id",
            instruction_id=str(held.instruction_id),
        )
    event = domain.assign(new_id(), instructor, organisation, since)
    book = await rulebook.at(uow.session, since, domain.InstructorVisits)
    charge = Instruction(**event.model_dump(), due_on=domain.visit_due(since, book))
    return uow.begin(InstructionRow.of(charge, recorded_at=uow.now), event, occurred_at)


async def end_charge(
    row: InstructionRow, until: date, uow: UnitOfWork, occurred_at: datetime
) -> InstructionRow:
    """Raises `EndsBeforeStart`."""
    if row.until is None:
        await _end(uow, row, until, occurred_at)
    return row


async def visit(
    row: InstructionRow, day: date, uow: UnitOfWork, occurred_at: datetime
) -> InstructionRow:
    """Recorded once a day; the next one is due from the latest. Raises `VisitOutside`."""
    if row.until is not None and day > row.until:
        raise NotFound("The charge had ended.", zh="该联系关系已结束。")
    event = domain.visit(row, day)
    if not await tables.add_visit(await uow.driver(), row.instruction_id, day, uow.now):
        return row
    book = await rulebook.at(uow.session, day, domain.InstructorVisits)
    latest = max(day, row.visited_on or day)
    due_on = max(row.due_on, domain.visit_due(latest, book))
    uow.step(row, event, occurred_at, visited_on=latest, due_on=due_on)
    await uow.session.flush()
    if due_on >= business_date(uow.now):
        await alerts.clear(uow, AlertKind.INSTRUCTOR_VISIT_DUE, row.instruction_id, at=occurred_at)
    return row


async def _end(uow: UnitOfWork, row: InstructionRow, until: date, occurred_at: datetime) -> None:
    uow.step(row, domain.end(row, until), occurred_at, until=until)
    await uow.session.flush()
    await alerts.clear(uow, AlertKind.INSTRUCTOR_VISIT_DUE, row.instruction_id, at=occurred_at)


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
