"""Crediting volunteers with the time they gave: hours, stars, points. Exactly once a source."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from contracts.kinds.members import HolderKind
from contracts.kinds.points import PointsRuleCode, SubjectType
from contracts.kinds.volunteering import ServiceSource
from contracts.membership.volunteering import ServiceTimeCredited, ServiceTimeRetracted
from services.chassis import rulebook
from services.chassis.clock import LOCAL, business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import menu as domain
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import StarTiers
from services.membership.handlers import points
from services.membership.tables.volunteering import people
from services.membership.tables.volunteering.rows import ServiceTimeRow, VolunteerRow

HOUR = 60
NOON = time(12)


async def credit(
    uow: UnitOfWork,
    holder: Holder,
    source: ServiceSource,
    source_id: UUID,
    area: str,
    minutes: int,
    at: datetime,
) -> bool:
    """`area` is where the service was; false when the source was credited to the holder before.

    Whole hours earn points by the ledger's own rule, but for an activity, which earns its own. Who
    has left the rolls since is not credited.
    """
    place = await people.place_of(uow.session, holder)
    if place is None:
        return False
    await uow.session.flush()
    row = await people.record_of(uow.session, holder, place, uow.now)
    entry = ServiceTimeRow(
        volunteer_id=row.volunteer_id,
        source_id=source_id,
        source=source,
        area=area,
        served_on=business_date(at),
        minutes=minutes,
        recorded_at=uow.now,
    )
    if not await people.add_time(uow.session, entry):
        return False
    total = row.minutes + minutes
    event = ServiceTimeCredited(**_facts(row, entry), total_minutes=total)
    uow.step(row, event, at, minutes=total)
    await _award(uow, holder, row, at)
    hours = minutes // HOUR
    if hours and source is not ServiceSource.ACTIVITY:
        await earn(uow, holder, PointsRuleCode.SERVICE_DONE, source, source_id, at, times=hours)
    return True


def _facts(row: VolunteerRow, entry: ServiceTimeRow) -> dict[str, Any]:
    """What both events of an entry say, but for what it comes to in all."""
    own = entry.model_dump(include={"volunteer_id", "source", "source_id", "area"})
    whose = {"holder_id": row.holder_id, "holder_kind": row.holder_kind}
    return own | whose | {"service_minutes": entry.minutes}


async def _award(uow: UnitOfWork, holder: Holder, row: VolunteerRow, at: datetime) -> None:
    """The star that the hours have earned by the rule of the day."""
    tiers = await rulebook.one(uow.session, business_date(at), StarTiers)
    event = domain.star_of(holder, row.area, row.star, tiers.of(row.minutes))
    if event is not None:
        uow.step(row, event, at, star=event.star)


async def settle(
    uow: UnitOfWork,
    source: ServiceSource,
    source_id: UUID,
    area: str,
    minutes: int,
    members: Iterable[UUID],
    at: datetime,
) -> None:
    """Make it so that exactly these members are credited for a source, each with `minutes`.

    What was credited otherwise is taken back on its own day. Repeating it changes nothing.
    """
    holders = [Holder(each, HolderKind.MEMBER) for each in members] if minutes > 0 else []
    wanted = {holder.volunteer_id: holder for holder in holders}
    await uow.session.flush()
    await people.hold(uow.session, source_id, wanted)
    for row, entry in await people.times_of(uow.session, source_id):
        same = (entry.minutes, entry.served_on, entry.area) == (minutes, business_date(at), area)
        if row.volunteer_id not in wanted or not same:
            await _take_back(uow, row, entry)
    for _, holder in sorted(wanted.items()):
        await credit(uow, holder, source, source_id, area, minutes, at)


async def _take_back(uow: UnitOfWork, row: VolunteerRow, entry: ServiceTimeRow) -> None:
    total = row.minutes - entry.minutes
    event = ServiceTimeRetracted(**_facts(row, entry), total_minutes=total)
    uow.step(row, event, datetime.combine(entry.served_on, NOON, LOCAL), minutes=total)
    await uow.session.delete(entry)
    await uow.session.flush()


async def earn(
    uow: UnitOfWork,
    holder: Holder,
    rule: PointsRuleCode,
    source_type: str,
    source_id: UUID,
    at: datetime,
    *,
    times: int = 1,
    revision: int = 0,
) -> None:
    """Points for the holder, in their own ledger's area; none for who has left the rolls."""
    place = await people.place_of(uow.session, holder)
    if place is None:
        return
    await points.earn(
        uow,
        points.Earning(
            subject_id=holder.holder_id,
            subject_type=SubjectType(holder.holder_kind),
            rule_code=rule,
            source_type=source_type,
            source_id=source_id,
            area=place.area,
            organisation_id=place.organisation_id,
            on=business_date(at),
            times=times,
            revision=revision,
        ),
        at,
    )
