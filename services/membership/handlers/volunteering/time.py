"""Crediting volunteers with the time they gave: hours, stars, points. Exactly once a source."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from contracts.kinds.members import HolderKind
from contracts.kinds.points import PointsRuleCode, SubjectType
from contracts.kinds.volunteering import ServiceSource, StarTier
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
    on = business_date(at)
    if not await people.add_time(
        uow.session, row, source.value, source_id, area, on, minutes, uow.now
    ):
        return False
    row.minutes, row.version = row.minutes + minutes, row.version + 1
    event = ServiceTimeCredited(
        area=area,
        volunteer_id=row.volunteer_id,
        holder_id=holder.holder_id,
        holder_kind=holder.holder_kind,
        source=source,
        source_id=source_id,
        service_minutes=minutes,
        total_minutes=row.minutes,
    )
    uow.announce(event, version=row.version, occurred_at=at)
    await _award(uow, holder, row, at)
    hours = minutes // HOUR
    if hours and source is not ServiceSource.ACTIVITY:
        await earn(
            uow, holder, PointsRuleCode.SERVICE_DONE, source.value, source_id, at, times=hours
        )
    return True


async def _award(uow: UnitOfWork, holder: Holder, row: VolunteerRow, at: datetime) -> None:
    """The star that the hours have earned by the rule of the day."""
    book = await rulebook.at(uow.session, business_date(at), StarTiers)
    event = domain.star_of(holder, row.area, StarTier(row.star), book[StarTiers].of(row.minutes))
    if event is not None:
        row.star, row.version = event.star.value, row.version + 1
        uow.announce(event, version=row.version, occurred_at=at)


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
    wanted = (
        {}
        if minutes <= 0
        else {
            holder.volunteer_id: holder
            for holder in (Holder(member_id, HolderKind.MEMBER) for member_id in members)
        }
    )
    await uow.session.flush()
    await people.hold(uow.session, source_id, wanted)
    for row, entry in await people.times_of(uow.session, source_id):
        same = (entry.minutes, entry.served_on, entry.area) == (minutes, business_date(at), area)
        if row.volunteer_id not in wanted or not same:
            await _take_back(uow, row, entry)
    for _, holder in sorted(wanted.items()):
        await credit(uow, holder, source, source_id, area, minutes, at)


async def _take_back(uow: UnitOfWork, row: VolunteerRow, entry: ServiceTimeRow) -> None:
    row.minutes, row.version = row.minutes - entry.minutes, row.version + 1
    event = ServiceTimeRetracted(
        area=entry.area,
        volunteer_id=row.volunteer_id,
        holder_id=row.holder_id,
        holder_kind=HolderKind(row.holder_kind),
        source=ServiceSource(entry.source),
        source_id=entry.source_id,
        service_minutes=entry.minutes,
        total_minutes=row.minutes,
    )
    await uow.session.delete(entry)
    await uow.session.flush()
    uow.announce(
        event,
        version=row.version,
        occurred_at=datetime.combine(entry.served_on, NOON, LOCAL),
    )


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
            subject_type=SubjectType(holder.holder_kind.value),
            rule_code=rule.value,
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
