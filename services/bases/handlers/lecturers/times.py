"""When lecturers can come: weekly times, leave, extra time."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import AbsenceKind
from services.bases.domain.closing import Clocks, spans_of
from services.bases.domain.lecturers import people, times
from services.bases.domain.lecturers.people import Ahead
from services.bases.tables.lecturers import claims
from services.bases.tables.lecturers import times as table
from services.bases.tables.lecturers.rows import AbsenceRow, LecturerRow
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def state_hours(
    row: LecturerRow, effective_from: date, hours: Mapping[DayKind, Clocks], uow: UnitOfWork
) -> None:
    """`row` is locked. What is arranged already stays. Raises `HoursReversed`, `HoursOverlap`."""
    people.check_here(row.state())
    spans = spans_of(hours)
    connection = await uow.driver()
    await table.state(connection, row.lecturer_id, effective_from, spans, uow.now)


async def add_absence(
    row: LecturerRow, kind: AbsenceKind, since: datetime, until: datetime, uow: UnitOfWork
) -> tuple[AbsenceRow, list[Ahead]]:
    """`row` is locked. Also what is arranged for the time of a leave, for others to take over."""
    people.check_here(row.state())
    times.check_absence(since, until)
    absence = AbsenceRow(
        absence_id=new_id(),
        lecturer_id=row.lecturer_id,
        kind=kind.value,
        starts_at=since,
        ends_at=until,
        recorded_at=uow.now,
    )
    uow.session.add(absence)
    if kind is AbsenceKind.EXTRA:
        return absence, []
    return absence, await claims.ahead(await uow.driver(), row.lecturer_id, since, until)


async def withdraw(absence_id: UUID, uow: UnitOfWork) -> AbsenceRow:
    """Its lecturer is locked. Withdrawing it once more changes nothing."""
    absence = await table.absence(uow.session, absence_id, lock=True)
    if absence.withdrawn_at is None:
        absence.withdrawn_at = uow.now
    return absence
