"""How bookings, sessions and shifts take lecturers. Plain SQL: a `Transaction` is enough."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from contracts.kinds.lecturers import EngagedFor
from services.bases.domain.lecturers import assignments as domain
from services.bases.domain.lecturers import people, times
from services.bases.domain.lecturers.assignments import OFFERED, Claim, Task
from services.bases.domain.lecturers.people import Lecturer
from services.bases.domain.lecturers.rules import LecturerTravel
from services.bases.domain.lecturers.times import Busy, Times
from services.bases.domain.opening import Range
from services.bases.tables.lecturers import claims as table
from services.bases.tables.lecturers import times as time_table
from services.bases.tables.lecturers.claims import Candidate
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import Transaction

Permit = Callable[[str], None]
"""Raises for a lecturer of an area that the caller may not see."""

BOOKED = "SELECT base_id, area, starts_at, ends_at FROM booking WHERE booking_id = $1"


# Of one lecturer


async def engage(
    work: Transaction,
    task: Task,
    lecturer_id: UUID,
    skill: str | None,
    permit: Permit,
    at: datetime,
) -> Claim:
    """Take the lecturer for `task`; who is taken for it already stays so.

    A lecturer who does not serve where the task is must be one that the caller may see. Raises
    `LecturerUnknown`, `LecturerGone`, `LecturerLacksSkill`, `LecturerTaken`, `LecturerNotAvailable`
    or `AlreadyAssigned`.
    """
    connection = await work.driver()
    lecturer = (await locked(connection, [lecturer_id]))[lecturer_id]
    check_serves(lecturer, task.area, permit)
    for each in await table.held(connection, task.engaged_for, [task.subject_id]):
        if each.lecturer_id == lecturer_id:
            _check_same(each, skill)
            return each
    domain.check_skill(lecturer, skill)
    travel = await travel_of(connection, task)
    await Diary(work, lecturer, travel, skill).check_free([task])
    claim = Claim(**vars(task), assignment_id=new_id(), lecturer_id=lecturer_id, skill=skill)
    await table.take(connection, [claim], travel, work.now)
    work.announce(domain.assigned(claim), version=claim.version, occurred_at=at)
    return claim


async def disengage(
    work: Transaction,
    engaged_for: EngagedFor,
    subject_id: UUID,
    lecturer_id: UUID,
    at: datetime | None = None,
) -> None:
    """Who is not taken for it stays so."""
    await table.lock(await work.driver(), [lecturer_id])
    held = await table.held(await work.driver(), engaged_for, [subject_id])
    await _release(work, [each for each in held if each.lecturer_id == lecturer_id], at)


# Of all that are taken for one thing


async def moved(work: Transaction, booking_id: UUID) -> None:
    """The booking, whose row is written already, is at another time or base.

    The times are its own: what the venue is held for longer is not the lecturer's. Raises
    `LecturerTaken` or `LecturerNotAvailable` for a lecturer who cannot follow.
    """
    booked = await (await work.driver()).fetchrow(BOOKED, booking_id)
    to = dict(booked) | {"place_id": booked["base_id"]}
    await move(work, EngagedFor.BOOKING, booking_id, to)


async def release(
    work: Transaction, engaged_for: EngagedFor, subject_id: UUID, at: datetime | None = None
) -> None:
    """It is not held: its lecturers are free again."""
    await _release(work, await _held(work, engaged_for, subject_id), at)


async def move(
    work: Transaction,
    engaged_for: EngagedFor,
    subject_id: UUID,
    to: dict[str, object],
    at: datetime | None = None,
) -> None:
    """`to` are the fields of the task that may have changed: where and when."""
    pairs = []
    for was in await _held(work, engaged_for, subject_id):
        now = was.model_copy(update=to)
        if now != was:
            pairs.append((was, now.model_copy(update={"version": was.version + 1})))
    if not pairs:
        return
    moving = [now for _, now in pairs]
    connection = await work.driver()
    lecturers = await table.found(connection, [now.lecturer_id for now in moving])
    travel = await travel_of(connection, moving[0])
    going = await table.restless(connection, list(lecturers))
    for now in moving:
        lecturer, but = lecturers[now.lecturer_id], going | {now.assignment_id}
        await Diary(work, lecturer, travel, now.skill, but).check_free([now])
    await table.move(connection, moving, travel, last=not going)
    for was, now in pairs:
        work.announce(domain.moved(was, now), version=now.version, occurred_at=at)


async def complete(
    work: Transaction,
    engaged_for: EngagedFor,
    subject_id: UUID,
    headcount: int,
    at: datetime | None = None,
) -> None:
    """It was held before `headcount` visitors: its lecturers have lectured."""
    held = await _held(work, engaged_for, subject_id)
    if not held:
        return
    ids = [each.assignment_id for each in held]
    await table.complete(await work.driver(), ids, headcount, at or work.now)
    for each in held:
        event = domain.completed(each, headcount)
        work.announce(event, version=each.version + 1, occurred_at=at)


# Shared


async def locked(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Lecturer]:
    """Nobody else assigns or changes them until the transaction ends. Raises `LecturerUnknown`."""
    await table.lock(connection, ids)
    found = await table.found(connection, ids)
    for lecturer_id in ids:
        if lecturer_id not in found:
            raise people.unknown(lecturer_id)
    return found


def check_serves(lecturer: Lecturer, area: str, permit: Permit) -> None:
    """`permit` is asked for one who does not serve in `area`. Raises `LecturerGone`."""
    if not lecturer.serves(area):
        permit(lecturer.area)
    people.check_here(lecturer)


async def travel_of(connection: asyncpg.Connection, task: Task) -> timedelta:
    """By the rule of the day of the task."""
    day = business_date(task.starts_at)
    return (await rulebook.by_driver(connection, day, LecturerTravel))[LecturerTravel].time


@dataclass(frozen=True)
class Diary:
    """Whether a lecturer, who is locked, can do what is asked.

    `but` are assignments that are about to be given up.
    """

    work: Transaction
    lecturer: Lecturer
    travel: timedelta
    skill: str | None = None
    but: Collection[UUID] = ()

    async def check_free(self, tasks: Sequence[Task]) -> None:
        """Every one of `tasks`, which do not overlap.

        Raises `LecturerTaken` or `LecturerNotAvailable`, which say when else that day, and who.
        """
        for task, clashes in await self.clashing(tasks):
            await self._refuse(task, clashes)

    async def clashing(self, tasks: Sequence[Task]) -> list[tuple[Task, list[Range]]]:
        """Of `tasks` those that cannot be done, in order, and what stands in their way.

        Nothing does where the lecturer has stated other times.
        """
        first = min(task.starts_at for task in tasks)
        last = max(task.ends_at for task in tasks)
        known, busy = await self._entries((first, last))
        found = []
        for task in sorted(tasks, key=lambda each: each.starts_at):
            clashes = [
                (each.starts_at, each.free_at)
                for each in busy
                if each.clashes(task.place_id, *task.span, self.travel)
            ]
            if clashes or not known.cover(*task.span):
                found.append((task, clashes))
        return found

    async def _entries(self, span: Range) -> tuple[Times, list[Busy]]:
        """When the lecturer can come on the days of `span`, and what is in the way then."""
        connection, mine = await self.work.driver(), self.lecturer.lecturer_id
        since, until = span
        known = await time_table.times(connection, [mine], *times.days(span))
        busy = await table.busy(connection, [mine], since - self.travel, until + self.travel)
        return known[mine], [each for each in busy[mine] if each.assignment_id not in self.but]

    async def _refuse(self, task: Task, clashes: Sequence[Range]) -> None:
        code, days = self.lecturer.code, times.days(task.span)
        since, until = times.day(*days)
        known, busy = await self._entries((since, until))
        within = max(since, self.work.now), until
        left = times.free(
            known, busy, task.place_id, self.travel, within=within, length=task.length
        )
        able = await candidates(await self.work.driver(), task, self.skill, self.travel)
        others = [
            (each.lecturer_id, each.code)
            for each in able
            if each.lecturer_id != self.lecturer.lecturer_id
        ][:OFFERED]
        if clashes:
            raise domain.taken(code, clashes, left, others)
        raise domain.not_available(code, known.between(*days), left, others)


async def candidates(
    connection: asyncpg.Connection,
    task: Task,
    skill: str | None,
    travel: timedelta,
    areas: Sequence[str] = (),
) -> list[Candidate]:
    """Who could take `task`: has the skill, is free, can come. The least busy of the month first.

    Of those who serve there, and those of `areas`.
    """
    month = times.month(task.starts_at)
    found = await table.unclaimed(connection, task, skill, travel, month, areas)
    ids = [each.lecturer_id for each in found]
    known = await time_table.times(connection, ids, *times.days(task.span))
    return [each for each in found if known[each.lecturer_id].cover(*task.span)]


def _check_same(claim: Claim, skill: str | None) -> None:
    if skill is not None and skill != claim.skill:
        raise domain.AlreadyAssigned(
            f"For {claim.skill or 'no skill in particular'}; release it first.",
            zh="该讲师已按其他专长安排在此，请先解除。",
            field="skill",
            value=skill,
        )


async def _held(work: Transaction, engaged_for: EngagedFor, subject_id: UUID) -> list[Claim]:
    """What stands for it and is not done; its lecturers are locked.

    The subject is locked by the caller, so that nobody is assigned to it meanwhile.
    """
    connection = await work.driver()
    held = await table.held(connection, engaged_for, [subject_id])
    if held:
        await table.lock(connection, [each.lecturer_id for each in held])
    return [each for each in held if not each.completed]


async def _release(work: Transaction, claims: Sequence[Claim], at: datetime | None) -> None:
    if not claims:
        return
    await table.release(await work.driver(), [each.assignment_id for each in claims])
    for each in claims:
        work.announce(domain.released(each), version=each.version + 1, occurred_at=at)
