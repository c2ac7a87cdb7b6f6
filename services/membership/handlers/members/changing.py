"""What every change of a member does: row, history, event, counters, alerts."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import MemberState, Whereabouts
from services.chassis import kinds
from services.chassis.alerts import Wanted
from services.chassis.clock import business_date
from services.chassis.known import OrganisationUnknown
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members.states import REPEATED, Branch, Line
from services.membership.domain.sizes import Tally, Traits
from services.membership.handlers import alerts
from services.membership.handlers.sizes import resize
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import HistoryRow, MemberRow, due

COPIED = REPEATED | {"leaving"}
"""Fields of an event that are the row's from then on."""

LATEST = "-latest"
"""Ends the key of the second alert about a step, when even the longest time has passed."""

OF_WHEREABOUTS = (AlertKind.MOBILE_OVERDUE, AlertKind.LOST_STOP_DUE)


async def branch(uow: UnitOfWork, organisation_id: UUID, field: str = "organisation_id") -> Branch:
    """Kept as it is until the transaction ends. Raises `OrganisationUnknown`."""
    row = await organisations.referred(uow.session, organisation_id, field=field, standing=True)
    sort = await kinds.of(uow.session, "organisation", row.kind)
    same = row.model_dump(include={"organisation_id", "area", "kind", "name"})
    return Branch(**same, takes_members=Traits.of(sort.traits).takes_members)


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
    row: MemberRow, event: Event, reason: str, uow: UnitOfWork, at: datetime, **changes: Any
) -> MemberRow:
    """Make the locked row what `event` says, and what it does not: `changes`, such as dates.

    The row is remembered as it is then, announced and counted.
    """
    was = (row.organisation_id, row.state)
    since = max(row.since, business_date(at))
    uow.step(row, event, at, **event.model_dump(include=COPIED), since=since, **changes)
    line = Line(
        **row.model_dump(),
        effective_on=since,
        reason=reason,
        rule=getattr(event, "rule_code", None),
        rule_version=getattr(event, "rule_version_code", None),
    )
    kept = {"member_id": row.member_id, "version": row.version, "recorded_at": uow.now}
    uow.session.add(HistoryRow.of(line, **kept))
    await uow.session.flush()
    now = (row.organisation_id, row.state)
    if was != now:
        await count([(*was, -1), (*now, 1)], uow, at)
    return row


async def count(
    changes: Iterable[tuple[UUID, MemberState, int]], uow: UnitOfWork, at: datetime
) -> None:
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


def alert_about(row: MemberRow, kind: AlertKind, **more: Any) -> Wanted:
    return Wanted(
        kind=kind,
        subject_id=row.member_id,
        area=row.area,
        organisation_id=row.organisation_id,
        **more,
    )


async def settle_down(row: MemberRow, uow: UnitOfWork, at: datetime) -> None:
    """Whoever moves or leaves is no longer away: attachment and alerts end."""
    if row.whereabouts == Whereabouts.HERE:
        return
    row.change(whereabouts=Whereabouts.HERE, whereabouts_since=None)
    await end_attachment(row, uow, at)
    for kind in OF_WHEREABOUTS:
        await alerts.clear(uow, kind, row.member_id, at=at)


async def end_attachment(row: MemberRow, uow: UnitOfWork, at: datetime) -> None:
    found = await tables.open_attachment(uow.session, row.member_id)
    if found is not None:
        found.ended_on = max(business_date(at), found.from_on)
        await uow.session.flush()


async def clear_joining(
    row: MemberRow, uow: UnitOfWork, at: datetime, late: Collection[str] = ()
) -> None:
    """Clear the alerts about overdue steps, but for those of the steps `late`."""
    for key in await due.joining_alerts(uow.session, row.member_id):
        if key.removesuffix(LATEST) not in late:
            await alerts.clear(uow, AlertKind.JOINING_OVERDUE, row.member_id, key=key, at=at)
