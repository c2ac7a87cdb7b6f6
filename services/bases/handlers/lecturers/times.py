"""When lecturers can come: weekly times, leave, extra time."""

from collections.abc import Mapping
from datetime import date

from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import AbsenceKind
from services.bases.domain.closing import Clocks, spans_of
from services.bases.domain.lecturers import people, times
from services.bases.domain.lecturers.people import Ahead
from services.bases.domain.lecturers.times import Absence
from services.bases.tables.lecturers import claims
from services.bases.tables.lecturers import times as table
from services.bases.tables.lecturers.rows import AbsenceRow, LecturerRow
from services.chassis.unit_of_work import UnitOfWork


async def state_hours(
    lecturer: LecturerRow, effective_from: date, hours: Mapping[DayKind, Clocks], uow: UnitOfWork
) -> None:
    """What is arranged already stays. Raises `HoursReversed`, `HoursOverlap`."""
    people.check_here(lecturer)
    spans = spans_of(hours)
    await table.state(await uow.driver(), lecturer.lecturer_id, effective_from, spans, uow.now)


async def add_absence(
    lecturer: LecturerRow, absence: Absence, uow: UnitOfWork
) -> tuple[AbsenceRow, list[Ahead]]:
    """Also what is arranged for the time of a leave, for others to take over."""
    people.check_here(lecturer)
    since, until = absence.starts_at, absence.ends_at
    times.check_absence(since, until)
    row = AbsenceRow.of(absence, recorded_at=uow.now)
    uow.session.add(row)
    if absence.kind is AbsenceKind.EXTRA:
        return row, []
    return row, await claims.ahead(await uow.driver(), lecturer.lecturer_id, since, until)


async def withdraw(absence: AbsenceRow, uow: UnitOfWork) -> AbsenceRow:
    """Nobody assigns its lecturer meanwhile. Withdrawing it once more changes nothing."""
    await claims.lock(await uow.driver(), [absence.lecturer_id])
    if absence.withdrawn_at is None:
        absence.change(withdrawn_at=uow.now)
    return absence
