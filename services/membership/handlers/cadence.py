"""Demands stated, periods opened and assessed by the clock, recounted by what is recorded.

The clock opens periods while it holds the organisation's row; who records an activity keeps that
row, too. So an activity is either seen by the opening or finds the period open.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from services.chassis import kinds, rulebook
from services.chassis.clock import LOCAL, business_date
from services.chassis.rows import by_key
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import cadence as domain
from services.membership.domain.cadence import Cadence, Duty, Owing, PartOfPeriod
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables import cadence as tables
from services.membership.tables import organisations
from services.membership.tables.cadence import CadenceRow
from services.membership.tables.organisations import OrganisationRow

FOLLOW_BATCH = 250
ASSESS_BATCH = 200
"""Organisations and periods in one transaction: at most so many alerts at once."""
LOOK_BACK = timedelta(days=40)
"""How far back a change in the tree or of a demand looks for periods that are not assessed."""


# Demands


async def state(cadence: Cadence, uow: UnitOfWork, at: datetime) -> CadenceRow:
    """A first version, or one that follows the last. Raises what `domain.state` raises."""
    await kinds.check(
        uow.session, "activity", cadence.activity_kind, cadence.effective_from, "activity_kind"
    )
    await _check_bound(cadence, uow)
    await tables.lock_code(uow.session, cadence.code)
    known = await tables.cadences(uow.session, cadence.code)
    last = known[-1] if known else None
    stated, ended = domain.state(cadence, last)
    if last is not None and ended is not None:
        uow.step(last, ended, at, effective_to=ended.ended_on)
    return uow.begin(CadenceRow.of(cadence, recorded_at=uow.now), stated, at)


async def _check_bound(cadence: Cadence, uow: UnitOfWork) -> None:
    if cadence.organisation_kind is not None:
        await kinds.check(
            uow.session,
            "organisation",
            cadence.organisation_kind,
            cadence.effective_from,
            "organisation_kind",
        )
    elif cadence.organisation_id is not None:
        await organisations.referred(uow.session, cadence.organisation_id)


async def reckon_since(area: str, since: date, uow: UnitOfWork) -> None:
    """From which day on the periods of an area's organisations are opened (补算历史周期)."""
    await tables.reckon_since(uow.session, area, since)


# What the clock opens


async def follow(uow: UnitOfWork) -> int:
    """Open the periods of some organisations that are new, have changed, or begin another one."""
    today = business_date(uow.now)
    revision = await tables.revision(uow.session)
    rows = await tables.to_follow(uow.session, revision, today, FOLLOW_BATCH)
    if not rows:
        return 0
    stated = await tables.cadences(uow.session)
    areas = await tables.reckoned_since(uow.session)
    part = (await rulebook.at(uow.session, today, PartOfPeriod))[PartOfPeriod]
    groups: dict[date, list[Any]] = {}
    for row in rows:
        groups.setdefault(_from(row, _since(row, areas), today), []).append(row)
    for first, group in groups.items():
        await _open(uow, group, stated, areas, part, first)
    followed = [_followed(row, stated, _since(row, areas), today) for row in rows]
    await tables.followed(uow.session, followed, revision)
    return len(rows)


async def _open(
    uow: UnitOfWork,
    rows: Sequence[Any],
    stated: Sequence[Cadence],
    areas: dict[str, date],
    part: PartOfPeriod,
    first: date,
) -> None:
    """Open the periods that end from `first` on."""
    today = business_date(uow.now)
    owed = [
        each
        for row in rows
        for each in domain.owed_by(
            Owing(**row), stated, since=_since(row, areas), today=today, part=part
        )
    ]
    ids = [row["organisation_id"] for row in rows]
    recent = [each for each in owed if each.due_on >= first]
    opened = await tables.open_duties(uow.session, ids, recent, first)
    await tables.count_held(uow.session, opened)
    still = {each.duty_id for each in owed}
    for row in rows:
        if row["dissolved_on"] is not None:
            await _dissolve(uow, row["organisation_id"], row["dissolved_on"], still)


async def _dissolve(uow: UnitOfWork, organisation_id: UUID, on: date, still: set[UUID]) -> None:
    """What was assessed for days on which the organisation was no more is taken back, but for
    periods that it `still` owed.
    """
    assessed = await tables.assessed_after(uow.session, organisation_id, on)
    wrongly = [duty for duty in assessed if duty.duty_id not in still]
    gone = {duty.duty_id: duty.model_copy(update={"needed": 0}) for duty in wrongly}
    await tables.void(uow.session, list(gone))
    await _tell_again(uow, wrongly, gone)
    for kind, subject, code in await alerts.standing(uow, [organisation_id]):
        if kind == AlertKind.CADENCE_OVERDUE:
            await alerts.clear(uow, kind, subject, key=code)


def _since(row: Any, areas: dict[str, date]) -> date:
    """As the nearest area says, else from the year in which the organisation was entered."""
    around = [area for area in areas if row["area"].startswith(area)]
    nearest = max(around, key=len, default=None)
    return areas[nearest] if nearest else date(row["recorded_on"].year, 1, 1)


def _from(row: Any, since: date, today: date) -> date:
    """Periods that end before this day were opened before and have not changed."""
    if row["was_since"] is None or row["was_since"] != since:
        return since
    if row["unchanged"]:
        through: date = row["was_through"]
        return min(through, today - LOOK_BACK)
    return today - LOOK_BACK


def _followed(row: Any, stated: Sequence[Cadence], since: date, today: date) -> dict[str, Any]:
    owing = Owing(**row)
    binding = [each for each in stated if domain.binds(each, owing)]
    return {
        "organisation_id": owing.organisation_id,
        "version": row["version"],
        "since": since,
        "through": domain.opened_through(binding, today),
    }


# What the clock assesses


async def assess(uow: UnitOfWork) -> int:
    """Say of some periods that are over what was owed and held; raise and clear alerts."""
    over = await tables.lock_unassessed(uow.session, business_date(uow.now), ASSESS_BATCH)
    versions = await tables.told(uow.session, [duty.duty_id for duty in over])
    for duty in over:
        version = versions[duty.duty_id]
        uow.announce(domain.assess(duty), version=version, occurred_at=_end(duty.due_on))
    await _settle(uow, [duty.model_copy(update={"assessed": True}) for duty in over])
    return len(over)


async def recount(uow: UnitOfWork, organisation_id: UUID, kind: str, day: date) -> None:
    """Something of `kind` was recorded on `day`, or taken back: it counts, or no longer does.

    The organisation's row is kept by the caller, and what was recorded is in the database.
    """
    before = await tables.lock_concerned(uow.session, organisation_id, kind, day)
    if not before:
        return
    concerned = [duty.duty_id for duty in before]
    await tables.count_held(uow.session, concerned)
    after = await tables.duties(uow.session, concerned)
    await _tell_again(uow, [duty for duty in before if duty.assessed], after)
    await _settle(uow, list(after.values()))


async def _settle(uow: UnitOfWork, duties: Sequence[Duty]) -> None:
    """One alert for each demand: it stands while the last period is short and this one is, too."""
    today = business_date(uow.now)
    latest = [duty for duty in duties if domain.is_latest(duty, today)]
    if not latest:
        return
    ids = list({duty.organisation_id for duty in latest})
    holders = await by_key(uow.session, OrganisationRow, ids)
    stated = {each.cadence_id: each for each in await tables.cadences(uow.session)}
    standing = {*await alerts.standing(uow, ids)}
    for duty in latest:
        alert = (AlertKind.CADENCE_OVERDUE, duty.organisation_id, duty.code)
        if holders[duty.organisation_id].dissolved_on is not None:
            continue  # nobody is left to be alerted
        if not duty.missing and alert in standing:
            kind, subject, key = alert
            await alerts.clear(uow, kind, subject, key=key)
            standing.remove(alert)
        elif duty.missing and duty.assessed:
            await alerts.keep(uow, _wanted(duty, stated[duty.cadence_id]))
            standing.add(alert)


async def _tell_again(uow: UnitOfWork, before: Sequence[Duty], after: dict[UUID, Duty]) -> None:
    told = [
        event
        for duty in before
        if (event := domain.reassess(duty, after[duty.duty_id])) is not None
    ]
    versions = await tables.told(uow.session, [event.duty_id for event in told]) if told else {}
    for event in told:
        uow.announce(event, version=versions[event.duty_id], occurred_at=_end(event.due_on))


def _wanted(duty: Duty, cadence: Cadence) -> Wanted:
    return Wanted(
        kind=AlertKind.CADENCE_OVERDUE,
        subject_id=duty.organisation_id,
        organisation_id=duty.organisation_id,
        area=duty.area,
        key=duty.code,
        rule=cadence.statement,
        due_on=duty.due_on,
        facts={
            "kind": duty.kind,
            "from": duty.first_on.isoformat(),
            "needed": duty.needed,
            "held": duty.held,
        },
    )


def _end(day: date) -> datetime:
    """The last minute of a day of the office's calendar."""
    return datetime.combine(day, time(23, 59), LOCAL)


FOLLOW = Sweep("cadence.follow", follow)
ASSESS = Sweep("cadence.assess", assess)
