"""What every change of a member does: row, history, event, counters, alerts."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from contracts.event import Event
from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import MemberState, Whereabouts
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.known import OrganisationUnknown
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members.states import Branch
from services.membership.domain.sizes import Traits
from services.membership.handlers import alerts
from services.membership.handlers.sizes import resize
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import MemberRow, due
from services.membership.tables.organisations import Tally

COPIED = frozenset(
    {
        "area",
        "organisation_id",
        "state",
        "whereabouts",
        "education",
        "work_status",
        "occupation",
        "leaving",
    }
)
"""Fields of an event that are the row's from then on."""

LATEST = "-latest"
"""Ends the key of the second alert about a step, when even the longest time has passed."""

OF_WHEREABOUTS = (AlertKind.MOBILE_OVERDUE, AlertKind.LOST_STOP_DUE)


async def branch(uow: UnitOfWork, organisation_id: UUID, field: str = "organisation_id") -> Branch:
    """Kept as it is until the transaction ends. Raises `OrganisationUnknown`."""
    row = await organisations.referred(uow.session, organisation_id, field=field, standing=True)
    sort = await kinds.of(uow.session, "organisation", row.kind)
    return Branch(
        organisation_id=row.organisation_id,
        area=row.area,
        takes_members=Traits.of(sort.traits).takes_members,
        name=row.name,
    )


async def check_group(uow: UnitOfWork, group_id: UUID | None, branch_id: UUID) -> None:
    """A group (党小组) stands directly below its members' branch. Raises `OrganisationUnknown`."""
    if group_id is None:
        return
    row = await organisations.find_organisation(uow.session, group_id)
    if row is None or row.parent_id != branch_id:
        raise OrganisationUnknown(
            f"No group {group_id} below the branch.",
            zh="该党支部下没有此党小组。",
            field="group_id",
            value=str(group_id),
        )


async def apply(
    uow: UnitOfWork,
    row: MemberRow,
    event: Event,
    reason: str,
    at: datetime,
    *,
    day: date | None = None,
) -> None:
    """Make the row what `event` says, remember it from `day` on, announce and count it.

    The row is locked. What the event does not say, such as dates, the caller sets before.
    """
    was = (row.organisation_id, row.state)
    told = event.model_dump(mode="json", include=set(COPIED))
    told["organisation_id"] = getattr(event, "organisation_id", row.organisation_id)
    row.sqlmodel_update(told)
    row.since = max(row.since, day or business_date(at))
    announce(uow, row, event, at)
    rule = (getattr(event, "rule_code", None), getattr(event, "rule_version_code", None))
    tables.remember(uow.session, row, reason, row.since, uow.now, rule)
    await uow.session.flush()
    now = (row.organisation_id, row.state)
    if was != now:
        await count(uow, [(*was, -1), (*now, 1)], at)


def announce(uow: UnitOfWork, row: MemberRow, event: Event, at: datetime) -> None:
    row.version += 1
    uow.announce(event, version=row.version, occurred_at=at)


async def count(uow: UnitOfWork, changes: Iterable[tuple[UUID, str, int]], at: datetime) -> None:
    """Add members to, or take them from, the counters of their branches: (branch, state, n)."""
    full, probationary = Counter[UUID](), Counter[UUID]()
    for organisation_id, state, number in changes:
        match state:
            case MemberState.FULL:
                full[organisation_id] += number
            case MemberState.PROBATIONARY:
                probationary[organisation_id] += number
    touched = {each: Tally(full[each], probationary[each]) for each in {*full, *probationary}}
    if touched:
        await organisations.count_members(uow, touched)
        await resize(uow, *touched, at=at)


async def settle_down(uow: UnitOfWork, row: MemberRow, day: date, at: datetime) -> None:
    """Whoever moves or leaves is no longer away: attachment and alerts end."""
    if row.whereabouts == Whereabouts.HERE:
        return
    row.whereabouts, row.whereabouts_since = Whereabouts.HERE.value, None
    await end_attachment(uow, row.member_id, day)
    for kind in OF_WHEREABOUTS:
        await alerts.clear(uow, kind, row.member_id, at=at)


async def end_attachment(uow: UnitOfWork, member_id: UUID, day: date) -> None:
    found = await tables.open_attachment(uow.session, member_id)
    if found is not None:
        found.ended_on = max(day, found.from_on)
        await uow.session.flush()


async def clear_joining(
    uow: UnitOfWork, row: MemberRow, at: datetime, late: Collection[str] = ()
) -> None:
    """Clear the alerts about overdue steps, but for those of the steps `late`."""
    for key in await due.joining_alerts(uow.session, row.member_id):
        if key.removesuffix(LATEST) not in late:
            await alerts.clear(uow, AlertKind.JOINING_OVERDUE, row.member_id, key=key, at=at)
