"""What bases tell of an organisation: it came, or it kept a venue and did not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.bases.bookings import BookingMissed, BookingMissRetracted
from contracts.bases.visits import VisitCompleted, VisitCorrected, VisitEvent, VisitWithdrawn
from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from services.chassis.clock import business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.points import Earning
from services.membership.handlers.points.ledger import earn_all, reverse_of_source
from services.membership.tables.organisations import find_organisation


async def hear_of_visit(event: VisitCompleted, uow: UnitOfWork) -> bool:
    """Points for each organisation that came; nothing for visitors from outside the tree."""
    return await _visited(event, uow, 0)


async def hear_of_correction(event: VisitCorrected, uow: UnitOfWork) -> bool:
    """Whether others came than had been entered: then all is taken back and given anew."""
    was = {event.was_organisation_id, *event.was_with_organisation_ids}
    if was == {event.organisation_id, *event.with_organisation_ids}:
        return False
    await _undone(uow, event.visit_id, event.started_at)
    return await _visited(event, uow, event.correction)


async def hear_of_withdrawal(event: VisitWithdrawn, uow: UnitOfWork) -> None:
    await _undone(uow, event.visit_id, event.started_at)


async def hear_of_no_show(event: BookingMissed, uow: UnitOfWork) -> bool:
    source = ("booking", event.booking_id)
    rule = PointsRuleCode.BOOKING_MISSED
    revision = event.retractions
    return await _earned(uow, [event.organisation_id], rule, source, event.starts_at, revision)


async def hear_of_retraction(event: BookingMissRetracted, uow: UnitOfWork) -> None:
    await _undone(uow, event.booking_id, event.starts_at)


async def _visited(event: VisitEvent, uow: UnitOfWork, revision: int) -> bool:
    came = [each for each in (event.organisation_id, *event.with_organisation_ids) if each]
    source = ("visit", event.visit_id)
    rule = PointsRuleCode.VISIT_COMPLETED
    return await _earned(uow, came, rule, source, event.started_at, revision)


async def _undone(uow: UnitOfWork, source_id: UUID, at: datetime) -> None:
    """On the day for which it was entered."""
    await reverse_of_source(uow, source_id, PointsReason.SOURCE_WITHDRAWN, at)


async def _earned(
    uow: UnitOfWork,
    came: Sequence[UUID],
    rule: PointsRuleCode,
    source: tuple[str, UUID],
    at: datetime,
    revision: int = 0,
) -> bool:
    known = [await find_organisation(uow.session, organisation_id) for organisation_id in came]
    earnings = [
        Earning(
            subject_id=organisation.organisation_id,
            subject_type=SubjectType.ORGANISATION,
            rule_code=rule,
            source_type=source[0],
            source_id=source[1],
            area=organisation.area,
            organisation_id=organisation.organisation_id,
            on=business_date(at),
            revision=revision,
        )
        for organisation in known
        if organisation is not None
    ]
    return bool(await earn_all(uow, earnings, at))
