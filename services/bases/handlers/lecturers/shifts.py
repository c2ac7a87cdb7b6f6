"""The duty roster of guides: planned, handed over, swapped, cancelled, and whether they came."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.kinds.lecturers import EngagedFor, ShiftStatus
from services.bases.domain.lecturers import shifts as domain
from services.bases.domain.lecturers.assignments import Claim
from services.bases.domain.lecturers.shifts import Shift
from services.bases.domain.opening import Range
from services.bases.handlers.lecturers import claims
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables.lecturers import claims as claim_table
from services.bases.tables.lecturers.rows import ShiftRow
from services.bases.tables.rows import BaseRow
from services.chassis.ids import new_id
from services.chassis.rows import by_key, missing
from services.chassis.unit_of_work import UnitOfWork


async def plan(
    lecturer_id: UUID,
    base: BaseRow,
    spans: Sequence[Range],
    uow: UnitOfWork,
    permit: Permit,
    at: datetime,
    *,
    skip_clashes: bool,
) -> tuple[list[ShiftRow], list[Shift]]:
    """The shifts that were planned, and those that the guide cannot come to: all or nothing,
    unless clashes are skipped.

    Raises `LecturerUnknown`, `LecturerGone`, and `LecturerTaken` or `LecturerNotAvailable`
    for the first that is not skipped.
    """
    shifts = [_shift(lecturer_id, base, since, until) for since, until in spans]
    connection = await uow.driver()
    lecturer = (await claims.locked(connection, [lecturer_id]))[lecturer_id]
    claims.check_serves(lecturer, base.area, permit)
    tasks = [shift.task for shift in shifts]
    travel = await claims.travel_of(connection, tasks[0])
    diary = claims.Diary(uow, lecturer, travel)
    if not skip_clashes:
        await diary.check_free(tasks)
    blocked = {task.subject_id for task, _ in await diary.clashing(tasks)}
    kept = [shift for shift in shifts if shift.shift_id not in blocked]
    rows = [
        uow.begin(ShiftRow.of(shift, recorded_at=uow.now), domain.planned(shift), at)
        for shift in kept
    ]
    await uow.session.flush()
    if kept:
        claimed = [
            Claim(**vars(shift.task), assignment_id=new_id(), lecturer_id=lecturer_id, skill=None)
            for shift in kept
        ]
        await claim_table.take(connection, claimed, travel, uow.now)
    return rows, [shift for shift in shifts if shift.shift_id in blocked]


def _shift(lecturer_id: UUID, base: BaseRow, since: datetime, until: datetime) -> Shift:
    return Shift(
        shift_id=new_id(),
        starts_at=since,
        ends_at=until,
        base_id=base.base_id,
        area=base.area,
        lecturer_id=lecturer_id,
        status=domain.PLAN.to,
    )


async def replace(
    shift: ShiftRow, to: UUID, uow: UnitOfWork, permit: Permit, at: datetime
) -> ShiftRow:
    """Raises `ShiftOver`, `SameGuide` and what `plan` raises."""
    await _hand_over([(shift, to)], uow, permit, at)
    return shift


async def lock_both(shift: ShiftRow, other_id: UUID, uow: UnitOfWork) -> ShiftRow:
    """The other one; both are ours now, in the order of their ids. Raises `NotFound`."""
    found = await by_key(uow.session, ShiftRow, [shift.shift_id, other_id], lock=True)
    if other_id not in found:
        raise missing("shift", other_id, "班次")
    return found[other_id]


async def swap(
    shift: ShiftRow, other: ShiftRow, uow: UnitOfWork, permit: Permit, at: datetime
) -> None:
    """Both are locked; each guide takes the other's shift."""
    pairs = [(shift, other.lecturer_id), (other, shift.lecturer_id)]
    await _hand_over(pairs, uow, permit, at)


async def cancel(shift: ShiftRow, uow: UnitOfWork, at: datetime) -> ShiftRow:
    """Raises `ShiftOver`."""
    event = domain.cancel(shift, uow.now)
    connection = await uow.driver()
    await claim_table.lock(connection, [shift.lecturer_id])
    held = await claim_table.held(connection, EngagedFor.SHIFT, [shift.shift_id])
    await claim_table.release(connection, [each.assignment_id for each in held])
    return uow.step(shift, event, at, status=domain.CANCEL.to)


async def record(shift: ShiftRow, outcome: ShiftStatus, uow: UnitOfWork, at: datetime) -> ShiftRow:
    """Raises `ShiftNotBegun`, `ShiftOver`."""
    event = domain.record(shift, outcome, uow.now)
    return shift if event is None else uow.step(shift, event, at, status=outcome)


async def _hand_over(
    pairs: Sequence[tuple[ShiftRow, UUID]], uow: UnitOfWork, permit: Permit, at: datetime
) -> None:
    handed = [(shift, to, domain.hand_over(shift, to, uow.now)) for shift, to in pairs]
    connection = await uow.driver()
    ids = {shift.lecturer_id for shift, _ in pairs} | {to for _, to in pairs}
    lecturers = await claims.locked(connection, ids)
    to = {shift.shift_id: to for shift, to in pairs}
    held = await claim_table.held(connection, EngagedFor.SHIFT, list(to))
    own = {each.assignment_id for each in held}
    travel = await claims.travel_of(connection, pairs[0][0].task)
    for shift, guide in pairs:
        lecturer = lecturers[guide]
        claims.check_serves(lecturer, shift.area, permit)
        await claims.Diary(uow, lecturer, travel, but=own).check_free([shift.task])
    moved = [
        each.model_copy(update={"lecturer_id": to[each.subject_id], "version": each.version + 1})
        for each in held
    ]
    await claim_table.move(connection, moved, travel)
    for shift, guide, event in handed:
        uow.step(shift, event, at, lecturer_id=guide)
