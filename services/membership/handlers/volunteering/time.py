"""Crediting volunteers with the time they gave: hours, stars, points. Exactly once a source."""

from datetime import datetime
from uuid import UUID

from contracts.kinds.points import PointsRuleCode, SubjectType
from contracts.kinds.volunteering import ServiceSource, StarTier
from contracts.membership.volunteering import ServiceTimeCredited
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import menu as domain
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import StarTiers
from services.membership.handlers import points
from services.membership.tables.volunteering import people

HOUR = 60


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

    Whole hours earn points by the ledger's own rule. Who has left the rolls since is not credited.
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
    book = await rulebook.at(uow.session, on, StarTiers)
    star = domain.star_of(holder, row.area, StarTier(row.star), book[StarTiers].of(row.minutes))
    if star is not None:
        row.star, row.version = star.star.value, row.version + 1
        uow.announce(star, version=row.version, occurred_at=at)
    if hours := minutes // HOUR:
        await earn(
            uow, holder, PointsRuleCode.SERVICE_DONE, source.value, source_id, at, times=hours
        )
    return True


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
