"""Activities: planned, held, corrected, taken back, with all that hangs on them.

Whoever holds an activity keeps the organisation's row as it is, so that the clock cannot open its
periods meanwhile and miss what is being entered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.bases.visits import VisitEvent
from contracts.event import Event
from contracts.kinds.activities import ActivityKind, ActivityStatus, RetractReason
from contracts.kinds.books import Bound
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.errors import Defect
from services.chassis.ids import new_id
from services.chassis.lifecycle import Step
from services.chassis.rows import insert_once
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import activities as domain
from services.membership.domain.activities import Activity, Attendance
from services.membership.domain.organisations import NotStanding
from services.membership.handlers import activity_effects as effects
from services.membership.tables import organisations
from services.membership.tables.activities import attendance, records
from services.membership.tables.activities.rows import ActivityRow
from services.membership.tables.organisations import OrganisationRow


async def record(
    fields: dict[str, Any],
    organisation_id: UUID,
    listed: Sequence[Attendance],
    uow: UnitOfWork,
    *,
    held: bool,
) -> ActivityRow:
    """Plan it, or enter it as held. Raises `AlreadyRecorded`, which names the one that stands."""
    organisation = await organisations.referred(uow.session, organisation_id)
    _check_standing(organisation, fields["starts_at"])
    begin = domain.RECORD if held else domain.PLAN
    row = await _row(uow, new_id(), organisation, fields, begin)
    return await _insert(uow, row, await effects.stood(uow, listed, held=held))


async def record_of_visit(event: VisitEvent, activity_id: UUID, uow: UnitOfWork) -> ActivityRow:
    """Those who came along on the visit held it together with the one that led."""
    if event.organisation_id is None:
        raise Defect(f"visit {event.visit_id} is of no organisation")
    organisation = await organisations.referred(uow.session, event.organisation_id)
    fields = {
        "kind": ActivityKind.BASE_VISIT,
        "starts_at": event.started_at,
        "ends_at": event.ended_at,
        "base_id": event.base_id,
        "venue_id": event.venue_id,
        "visit_id": event.visit_id,
        "co_organiser_ids": [*event.with_organisation_ids],
        "stated_headcount": event.actual_headcount,
    }
    row = await _row(uow, activity_id, organisation, fields, domain.RECORD)
    return await _insert(uow, row, ())


async def complete(
    row: ActivityRow, changes: dict[str, Any], listed: Sequence[Attendance] | None, uow: UnitOfWork
) -> ActivityRow:
    """What was planned has been held; business time is when it began."""
    await _keep(uow, row)
    if listed is None:
        entries = await attendance.listed(uow.session, row.activity_id)
    else:
        entries = await effects.stood(uow, listed, held=True)
    await _change(uow, row, changes)
    _count(row, entries, held=True)
    event = domain.complete(row, now=uow.now)
    _move(uow, row, event, row.starts_at, status=domain.COMPLETE.to)
    await _save(uow, row)
    await effects.begin(uow, row, entries)
    return row


async def correct(
    row: ActivityRow,
    changes: dict[str, Any],
    listed: Sequence[Attendance] | None,
    uow: UnitOfWork,
    at: datetime,
) -> ActivityRow:
    """Fields anew, or the list. What was counted is taken back on the day for which it was
    counted, and counted anew.
    """
    await _keep(uow, row)
    was, before = row.as_state(Activity), await attendance.listed(uow.session, row.activity_id)
    held = was.status is ActivityStatus.HELD
    entries = before if listed is None else await effects.stood(uow, listed, held=held)
    await _change(uow, row, changes)
    _count(row, entries, held=held)
    if held:
        _retell(uow, row, was)
    elif event := domain.replan(was, row):
        _move(uow, row, event, at)
    await _save(uow, row)
    if held:
        await effects.correct(uow, row, was, before, entries)
    else:
        await effects.invite(uow, row, entries)
    return row


async def cancel(row: ActivityRow, uow: UnitOfWork, at: datetime) -> ActivityRow:
    """A plan comes to nothing."""
    _move(uow, row, domain.cancel(row), at, status=domain.CANCEL.to)
    await _save(uow, row)
    return row


async def retract(row: ActivityRow, reason: RetractReason, uow: UnitOfWork) -> ActivityRow:
    """It was entered wrongly: everything that it brought about is taken back."""
    await _keep(uow, row)
    event = domain.retract(row, reason)
    _move(uow, row, event, row.starts_at, status=domain.RETRACT.to)
    await _save(uow, row)
    await effects.end(uow, row)
    return row


# Steps


def _check_standing(organisation: OrganisationRow, starts_at: datetime) -> None:
    """What was held before the end may be entered after it."""
    gone = organisation.dissolved_on
    if gone is not None and business_date(starts_at) > gone:
        raise NotStanding(
            f"{organisation.code} was dissolved on {gone}.",
            zh=f"{organisation.name}已于 {gone} 撤销。",
            field="starts_at",
            dissolved_on=gone.isoformat(),
        )


async def _keep(uow: UnitOfWork, row: ActivityRow) -> None:
    """Let the clock not open the periods of those who hold it before we are done."""
    for organisation_id in (row.organisation_id, *row.co_organiser_ids):
        await organisations.referred(uow.session, organisation_id)


async def _row(
    uow: UnitOfWork,
    activity_id: UUID,
    organisation: OrganisationRow,
    fields: dict[str, Any],
    begin: Step[ActivityStatus],
) -> ActivityRow:
    activity = Activity(
        **fields,
        activity_id=activity_id,
        organisation_id=organisation.organisation_id,
        organisation_kind=organisation.kind,
        area=organisation.area,
        status=begin.to,
        group_kind=fields["kind"],
    )
    stated = {name: fields[name] for name in fields.keys() - Activity.model_fields.keys()}
    row = ActivityRow.of(activity, **stated, recorded_at=uow.now)
    await _check_kind(uow, row)
    await _check_organisers(uow, row)
    return row


async def _change(uow: UnitOfWork, row: ActivityRow, changes: dict[str, Any]) -> None:
    row.change(**changes)
    if changes.keys() & {"kind", "variant_kind", "starts_at"}:
        await _check_kind(uow, row)
    if changes.get("co_organiser_ids"):
        await _check_organisers(uow, row)


async def _check_kind(uow: UnitOfWork, row: ActivityRow) -> None:
    """Raises `UnknownKind` or `VariantUnfit`; fills in what follows from the kind."""
    day = business_date(row.starts_at)
    await kinds.check(uow.session, "activity", row.kind, day, "kind")
    known = await records.kind_of_activity(uow.session, row.kind)
    row.group_kind = known.group_kind
    if row.variant_kind is None:
        return
    if known.variants is None:
        raise domain.VariantUnfit(
            f"Activities of kind {row.kind} have no variants.",
            zh="该类活动没有颜色或形式之分，请留空。",
            field="variant_kind",
            value=row.variant_kind,
        )
    await kinds.check(uow.session, known.variants, row.variant_kind, day, "variant_kind")


async def _check_organisers(uow: UnitOfWork, row: ActivityRow) -> None:
    for key in row.co_organiser_ids:
        zh = "没有该编号的协办党组织。"
        await organisations.referred(uow.session, key, field="co_organiser_ids", zh=zh)


def _count(row: ActivityRow, listed: Sequence[Attendance], *, held: bool) -> None:
    """The counts that follow; of what is only planned, nobody has come."""
    row.invited = len(listed) or row.stated_expected or 0
    if held:
        turnout = domain.turnout_of(listed, row.stated_headcount, row.bound, row.stated_expected)
        row.change(**vars(turnout))


async def _insert(uow: UnitOfWork, row: ActivityRow, listed: Sequence[Attendance]) -> ActivityRow:
    held = row.status is ActivityStatus.HELD
    _count(row, listed, held=held)
    event = domain.record(row, now=uow.now) if held else domain.plan(row)
    if not await insert_once(uow.session, row):
        await _refuse_second(uow, row)
    at = row.starts_at if held else _told(row, uow.now)
    uow.announce(event, version=row.version, occurred_at=at)
    kept = await records.locked(uow.session, row.activity_id)
    if held:
        await effects.begin(uow, kept, listed)
    else:
        await effects.invite(uow, kept, listed)
    return kept


async def _save(uow: UnitOfWork, row: ActivityRow) -> None:
    """Raises `AlreadyRecorded` when what it became is one that stands already."""
    row.edition += 1
    if not await records.save(uow.session, row):
        await _refuse_second(uow, row)


async def _refuse_second(uow: UnitOfWork, row: ActivityRow) -> None:
    found = await records.like(uow.session, row)
    if found is None:
        raise Defect(f"{row.activity_id} clashes with nothing")
    raise domain.already_recorded(found.activity_id, found.status, found.edition)


def _move(
    uow: UnitOfWork, row: ActivityRow, event: Event, at: datetime, **changes: ActivityStatus
) -> None:
    uow.step(row, event, _told(row, at), **changes)


def _told(row: ActivityRow, at: datetime) -> datetime:
    """A target belongs to the period it is for, whenever it was set."""
    return row.starts_at if row.sessions_bound is Bound.TARGET else at


def _retell(uow: UnitOfWork, row: ActivityRow, was: Activity) -> None:
    """Take back what was said and say what is so, where an event says it at all."""
    if domain.differs(was, row):
        uow.step(row, domain.retract(was, RetractReason.CORRECTED), was.starts_at)
        uow.step(row, domain.record(row, now=uow.now), row.starts_at)
