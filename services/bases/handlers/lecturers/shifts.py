"""The duty roster of guides: planned, handed over, swapped, cancelled, and whether they came."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.kinds.lecturers import EngagedFor, ShiftStatus
from services.bases.domain.lecturers import assignments, people
from services.bases.domain.lecturers import shifts as domain
from services.bases.domain.lecturers.assignments import Assignment
from services.bases.domain.lecturers.shifts import PlanShifts, Shift
from services.bases.handlers.lecturers import claims
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables.lecturers import claims as claim_table
from services.bases.tables.lecturers import shifts as table
from services.bases.tables.lecturers.rows import ShiftRow
from services.bases.tables.rows import BaseRow
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def plan(
    command: PlanShifts, base: BaseRow, uow: UnitOfWork, permit: Permit, at: datetime
) -> tuple[list[Shift], list[Shift]]:
    """The shifts that were planned, and those that the guide cannot come to.

    Raises `LecturerUnknown`, `LecturerGone`, and, unless clashes are skipped, `LecturerTaken` or
    `LecturerNotAvailable` for the first of them.
    """
    shifts = [
        Shift(
            shift_id=new_id(),
            lecturer_id=command.lecturer_id,
            base_id=base.base_id,
            area=base.area,
            starts_at=since,
            ends_at=until,
            status=ShiftStatus.PLANNED,
            version=1,
        )
        for since, until in domain.days(command)
    ]
    connection = await uow.driver()
    lecturer = (await claims.locked(connection, [command.lecturer_id]))[command.lecturer_id]
    _check_serves(lecturer, base.area, permit)
    tasks = [shift.task for shift in shifts]
    travel = await claims.travel_of(connection, tasks[0])
    if not command.skip_clashes:
        await claims.check_free(uow, lecturer, tasks, travel)
    clashes = await claims.clashing(uow, lecturer, tasks, travel)
    blocked = {task.subject_id for task, _ in clashes}
    kept = [shift for shift in shifts if shift.shift_id not in blocked]
    if kept:
        await table.plan(connection, kept, uow.now)
        claimed = [_claim(shift) for shift in kept]
        await claim_table.take(connection, claimed, travel, uow.now)
    for shift in kept:
        uow.announce(domain.planned(shift), version=1, occurred_at=at)
    return kept, [shift for shift in shifts if shift.shift_id in blocked]


async def replace(
    row: ShiftRow, to: UUID, expected: int, uow: UnitOfWork, permit: Permit, at: datetime
) -> None:
    """`row` is locked. Raises `ShiftOver`, `SameGuide` and what `plan` raises."""
    versions.check(expected, row.version)
    await _hand_over([(row, to)], uow, permit, at)


async def swap(
    row: ShiftRow, other: ShiftRow, expected: int, uow: UnitOfWork, permit: Permit, at: datetime
) -> None:
    """Both are locked; each guide takes the other's shift."""
    versions.check(expected, row.version)
    await _hand_over([(row, other.lecturer_id), (other, row.lecturer_id)], uow, permit, at)


async def cancel(row: ShiftRow, expected: int, uow: UnitOfWork, at: datetime) -> None:
    """`row` is locked. Raises `ShiftOver`."""
    versions.check(expected, row.version)
    after, event = domain.cancel(row.state(), uow.now)
    connection = await uow.driver()
    await claim_table.lock(connection, [row.lecturer_id])
    held = await claim_table.held(connection, EngagedFor.SHIFT, [row.shift_id])
    await claim_table.release(connection, [each.assignment_id for each in held])
    row.sqlmodel_update({"status": after.status.value, "version": after.version})
    uow.announce(event, version=after.version, occurred_at=at)


async def record(
    row: ShiftRow, outcome: ShiftStatus, expected: int, uow: UnitOfWork, at: datetime
) -> None:
    """`row` is locked. Raises `ShiftNotBegun`, `ShiftOver`."""
    versions.check(expected, row.version)
    recorded = domain.record(row.state(), outcome, uow.now)
    if recorded is not None:
        after, event = recorded
        row.sqlmodel_update({"status": after.status.value, "version": after.version})
        uow.announce(event, version=after.version, occurred_at=at)


async def _hand_over(
    pairs: Sequence[tuple[ShiftRow, UUID]], uow: UnitOfWork, permit: Permit, at: datetime
) -> None:
    handed = [(row, *domain.hand_over(row.state(), to, uow.now)) for row, to in pairs]
    connection = await uow.driver()
    ids = {row.lecturer_id for row, _ in pairs} | {to for _, to in pairs}
    lecturers = await claims.locked(connection, ids)
    held = await claim_table.held(connection, EngagedFor.SHIFT, [row.shift_id for row, _ in pairs])
    own = {each.assignment_id for each in held}
    travel = await claims.travel_of(connection, handed[0][1].task)
    for _, after, _ in handed:
        lecturer = lecturers[after.lecturer_id]
        _check_serves(lecturer, after.area, permit)
        await claims.check_free(uow, lecturer, [after.task], travel, but=own)
    now = {after.shift_id: after for _, after, _ in handed}
    moved = [_given(each, now[each.task.subject_id]) for each in held]
    await claim_table.move(connection, moved, travel)
    for row, after, event in handed:
        row.sqlmodel_update({"lecturer_id": after.lecturer_id, "version": after.version})
        uow.announce(event, version=after.version, occurred_at=at)


def _check_serves(lecturer: people.Lecturer, area: str, permit: Permit) -> None:
    if not lecturer.serves(area):
        permit(lecturer.area)
    people.check_here(lecturer)


def _claim(shift: Shift) -> Assignment:
    return assignments.assign(new_id(), shift.lecturer_id, shift.task, None)


def _given(assignment: Assignment, shift: Shift) -> Assignment:
    return Assignment(
        assignment_id=assignment.assignment_id,
        lecturer_id=shift.lecturer_id,
        task=assignment.task,
        skill=assignment.skill,
        completed=assignment.completed,
        version=assignment.version + 1,
    )
