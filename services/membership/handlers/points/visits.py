"""What bases tell of an organisation: it came, or it kept a venue and did not."""

from datetime import datetime
from uuid import UUID

from contracts.bases.bookings import BookingMissed
from contracts.bases.visits import VisitCompleted
from contracts.kinds.points import PointsRuleCode, SubjectType
from services.chassis.clock import business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.handlers.points.ledger import Earning, earn
from services.membership.tables.organisations import find_organisation


async def hear_of_visit(event: VisitCompleted, uow: UnitOfWork) -> bool:
    """Points for the organisation that came; nothing for visitors from outside the tree."""
    if event.organisation_id is None:
        return False
    return await _earned(
        uow,
        event.organisation_id,
        PointsRuleCode.VISIT_COMPLETED,
        ("visit", event.visit_id),
        event.started_at,
    )


async def hear_of_no_show(event: BookingMissed, uow: UnitOfWork) -> bool:
    return await _earned(
        uow,
        event.organisation_id,
        PointsRuleCode.BOOKING_MISSED,
        ("booking", event.booking_id),
        event.starts_at,
    )


async def _earned(
    uow: UnitOfWork,
    organisation_id: UUID,
    rule: PointsRuleCode,
    source: tuple[str, UUID],
    at: datetime,
) -> bool:
    organisation = await find_organisation(uow.session, organisation_id)
    if organisation is None:
        return False
    earning = Earning(
        subject_id=organisation_id,
        subject_type=SubjectType.ORGANISATION,
        rule_code=rule,
        source_type=source[0],
        source_id=source[1],
        area=organisation.area,
        organisation_id=organisation_id,
        on=business_date(at),
    )
    return await earn(uow, earning, at)
