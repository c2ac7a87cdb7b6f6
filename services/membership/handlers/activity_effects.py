"""What an activity brings about: lists that count, points, outputs, periods fulfilled.

All in the transaction of the activity itself, hence once.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.activities import ActivityKind, Presence
from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from contracts.kinds.volunteering import ServiceSource
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import insert_once
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import activities as domain
from services.membership.domain.activities import Activity, Attendance, Output
from services.membership.handlers import cadence, points
from services.membership.handlers.points import Earning
from services.membership.handlers.volunteering import time
from services.membership.tables.activities import attendance, records
from services.membership.tables.activities.rows import ActivityRow, OutputRow

SOURCE = "activity"


async def stood(uow: UnitOfWork, listed: Sequence[Attendance], *, held: bool) -> list[Attendance]:
    """The list with what the register of members adds. Raises `MemberUnknown`.

    Before it is held, everybody is invited or excused.
    """
    known = await attendance.standing(uow.session, (each.member_id for each in listed))
    unknown = sorted(str(each.member_id) for each in listed if each.member_id not in known)
    if unknown:
        raise domain.MemberUnknown(
            f"Not registered: {', '.join(unknown)}.",
            zh=f"名单中有 {len(unknown)} 人没有登记。",
            field="attendance",
            unknown=unknown,
        )
    return [
        Attendance(
            member_id=each.member_id,
            presence=each.presence if held else domain.foreseen(each.presence),
            reason=each.reason,
            exempt=known[each.member_id].exempt,
            counted=known[each.member_id].counted,
        )
        for each in listed
    ]


async def invite(uow: UnitOfWork, row: ActivityRow, listed: Sequence[Attendance]) -> None:
    """The list of what is only planned counts nowhere."""
    await attendance.replace(uow.session, row.activity_id, listed, None, 0)


async def begin(uow: UnitOfWork, row: ActivityRow, listed: Sequence[Attendance]) -> None:
    """It was held."""
    await _list(uow, row, listed)
    await _service(uow, row, listed)
    await _points(uow, row, row.starts_at, {}, _earned(listed))
    await _recount(uow, row)


async def correct(
    uow: UnitOfWork,
    row: ActivityRow,
    was: Activity,
    before: Sequence[Attendance],
    after: Sequence[Attendance],
) -> None:
    """It was held otherwise than had been entered."""
    await _list(uow, row, after)
    had, has = _earned(before), _earned(after)
    if business_date(was.starts_at) == business_date(row.starts_at):
        same = had.items() & has.items()
        had, has = dict(had.items() - same), dict(has.items() - same)
    await _service(uow, row, after)
    await _points(uow, row, was.starts_at, had, has)
    if (was.kind, was.starts_at) != (row.kind, row.starts_at):
        for output in await records.outputs(uow.session, row.activity_id):
            back, anew = domain.retract_output(output, was), domain.record_output(output, row)
            uow.step(output, back, was.starts_at)
            uow.step(output, anew, row.starts_at)
    await _recount(uow, was, row)


async def end(uow: UnitOfWork, row: ActivityRow) -> None:
    """It never was."""
    before = await attendance.listed(uow.session, row.activity_id)
    await attendance.date_all(uow.session, row.activity_id, None, 0)
    await _service(uow, row, ())
    await _points(uow, row, row.starts_at, _earned(before), {})
    for output in await records.outputs(uow.session, row.activity_id):
        _retract(uow, output, row)
    await _recount(uow, row)


# Outputs


async def add_output(uow: UnitOfWork, row: ActivityRow, fields: dict[str, Any]) -> OutputRow:
    """Raises `OutputStands` where a quantity of this kind and bound is recorded already."""
    day = business_date(row.starts_at)
    await kinds.check(uow.session, "activity-output", fields["kind"], day, "kind")
    output = Output(**fields, output_id=new_id())
    event = domain.record_output(output, row)
    kept = OutputRow.of(output, activity_id=row.activity_id, recorded_at=uow.now)
    if not await insert_once(uow.session, kept):
        raise domain.OutputStands(
            f"A quantity of {output.kind} is recorded; take it back first.",
            zh="该类成果已登记数量，请先撤销再重新登记。",
            field="kind",
            value=output.kind,
        )
    uow.announce(event, version=kept.version, occurred_at=row.starts_at)
    return kept


async def retract_output(uow: UnitOfWork, output: OutputRow) -> OutputRow:
    """Repeating it changes nothing. Its activity is locked before it is looked at, as by all."""
    activity = await records.locked(uow.session, output.activity_id)
    await uow.session.refresh(output)
    if output.retracted_at is None:
        _retract(uow, output, activity)
    return output


def _retract(uow: UnitOfWork, output: OutputRow, activity: Activity) -> None:
    event = domain.retract_output(output, activity)
    uow.step(output, event, activity.starts_at, retracted_at=uow.now)


# Lists, points, periods


async def _list(uow: UnitOfWork, row: ActivityRow, listed: Sequence[Attendance]) -> None:
    known = await records.kind_of_activity(uow.session, row.kind)
    minutes = row.duration if known.training else 0
    day = business_date(row.starts_at)
    await attendance.replace(uow.session, row.activity_id, listed, day, minutes)


def _earned(listed: Sequence[Attendance]) -> dict[UUID, PointsRuleCode]:
    """By which rule each of the members earns, or loses."""
    came = {
        each.member_id: PointsRuleCode.ACTIVITY_ATTENDED
        for each in listed
        if each.counted and each.presence is Presence.PRESENT
    }
    missed = {each.member_id: PointsRuleCode.ACTIVITY_MISSED for each in listed if each.missed}
    return came | missed


async def _points(
    uow: UnitOfWork,
    row: ActivityRow,
    was_at: datetime,
    had: Mapping[UUID, PointsRuleCode],
    has: Mapping[UUID, PointsRuleCode],
) -> None:
    """Take back on the day it was given for; give anew.

    Member by member in their order, as everybody locks accounts, and after the time of service:
    who is credited for a service locks that first, too.
    """
    known = await attendance.standing(uow.session, has)
    day = business_date(row.starts_at)
    for member_id in sorted(had.keys() | has.keys()):
        if member_id in had:
            source = domain.source_of(row.activity_id, member_id)
            await points.reverse_of_source(uow, source, PointsReason.SOURCE_WITHDRAWN, was_at)
        if member_id in has:
            await points.earn(uow, _earning(row, known[member_id], has[member_id], day))


def _earning(
    row: ActivityRow, member: attendance.Standing, rule: PointsRuleCode, day: date
) -> Earning:
    """Into the ledger of the member's own branch, whoever held the activity."""
    return Earning(
        subject_id=member.member_id,
        subject_type=SubjectType.MEMBER,
        rule_code=rule,
        source_type=SOURCE,
        source_id=domain.source_of(row.activity_id, member.member_id),
        area=member.area,
        organisation_id=member.organisation_id,
        on=day,
        revision=row.edition,
    )


async def _service(uow: UnitOfWork, row: ActivityRow, listed: Sequence[Attendance]) -> None:
    """Volunteering together is time of service for each who came."""
    volunteering = row.group_kind == ActivityKind.VOLUNTEERING
    came = (each.member_id for each in listed if each.presence is Presence.PRESENT)
    await time.settle(
        uow,
        ServiceSource.ACTIVITY,
        row.activity_id,
        row.area,
        row.duration,
        came if volunteering else (),
        row.starts_at,
    )


async def _recount(uow: UnitOfWork, *told: Activity) -> None:
    """For all who held it together; who else holds something meanwhile waits in the same order."""
    places = {
        (organisation_id, each.kind, business_date(each.starts_at))
        for each in told
        for organisation_id in (each.organisation_id, *each.co_organiser_ids)
    }
    for organisation_id, kind, day in sorted(places):
        await cadence.recount(uow, organisation_id, kind, day)
