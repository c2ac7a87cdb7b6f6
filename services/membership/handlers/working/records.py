"""Service records: entered with the parts of those who are named, taken back whole."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from contracts.kinds.working import ServiceTime
from contracts.membership.working import ServiceCredited, ServiceCreditVoided
from services.chassis import kinds, personal, rulebook
from services.chassis.clock import LOCAL, business_date
from services.chassis.ids import new_id
from services.chassis.personal import Vault
from services.chassis.rows import by_key, check_code, one
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import CalendarMissing
from services.membership.domain.working import records as domain
from services.membership.domain.working.records import Credit
from services.membership.domain.working.registrants import Registrant, RegistrantUnknown
from services.membership.domain.working.standards import WorkingHours
from services.membership.handlers import points
from services.membership.handlers.points import Earning
from services.membership.handlers.working import checks
from services.membership.tables.calendar import working_calendar
from services.membership.tables.working import records as tables
from services.membership.tables.working.rows import CreditRow, PostRow, RegistrantRow, ServiceRow

SOURCE = "service-record"
"""Of the points that service earns."""
HOUR, HALF_AN_HOUR = 60, 30


async def record(
    fields: Mapping[str, Any],
    registrant_ids: Sequence[UUID],
    summary: str | None,
    uow: UnitOfWork,
    vault: Vault,
) -> ServiceRow:
    """What an occasion was about is sealed under the record's own key.

    Without a `kind` it is that of the post. Business time is the start, else noon of the day.
    """
    session, day = uow.session, fields["held_on"]
    post = None
    if fields["post_id"] is not None:
        post = await one(session, PostRow, fields["post_id"], "post", "服务岗位", fresh=True)
    await checks.place_known(session, fields["community"], fields["area"])
    if post is None:
        await kinds.check(session, "service_post", fields["kind"], day, "kind")
    else:
        fields = {**fields, "kind": fields["kind"] or post.kind}
    await check_code(session, ServiceRow, fields["code"], "编号")
    registrants = await _registrants(registrant_ids, uow)
    service = domain.occasion(fields, await _hours(day, fields["starts_at"], uow))
    event = domain.record(service, post, registrants)
    at = moment(day, service.starts_at, uow.now)
    row = uow.begin(ServiceRow.of(service, recorded_at=uow.now), event, at)
    await session.flush()
    await _credit([domain.credit(new_id(), service, each) for each in registrants], uow, at)
    if summary is not None:
        await personal.keep(await uow.driver(), vault, {row.record_id: {"summary": summary}})
    return row


async def void(row: ServiceRow, uow: UnitOfWork, at: datetime) -> ServiceRow:
    """Take a wrong record back: its counts, its parts, the points it earned, its words."""
    event = domain.void(row, voided=row.voided_at is not None)
    day = moment(row.held_on, row.starts_at, uow.now)
    uow.step(row, event, day, voided_at=uow.now)
    for part in await tables.credits_of(uow.session, [row.record_id]):
        part.voided = True
        uow.announce(ServiceCreditVoided(**part.facts()), version=2, occurred_at=day)
    await uow.session.flush()
    await points.reverse_of_source(uow, row.record_id, PointsReason.SOURCE_WITHDRAWN, at)
    await personal.erase(await uow.driver(), row.record_id, uow.now)
    return row


def moment(day: date, starts_at: datetime | None, now: datetime) -> datetime:
    """Business time of what happened on `day`: its start, now if it is today, else its noon."""
    if starts_at is not None:
        return starts_at
    return now if business_date(now) == day else datetime.combine(day, time(12), LOCAL)


async def _registrants(ids: Sequence[UUID], uow: UnitOfWork) -> list[Registrant]:
    """Raises `RegistrantUnknown`."""
    rows = await by_key(uow.session, RegistrantRow, ids)
    for registrant_id in ids:
        if registrant_id not in rows:
            raise RegistrantUnknown(
                f"No registrant {registrant_id}.",
                zh="没有该编号的报到党员。",
                field="registrant_ids",
                value=str(registrant_id),
            )
    return [rows[registrant_id] for registrant_id in ids]


async def _hours(day: date, starts_at: datetime | None, uow: UnitOfWork) -> ServiceTime:
    rule = (await rulebook.at(uow.session, day, WorkingHours))[WorkingHours]
    return domain.time_of(starts_at, rule, works=await _works(uow, day))


async def _works(uow: UnitOfWork, day: date) -> bool | None:
    """Whether it is a working day; `None` for a year whose holidays nobody has entered."""
    try:
        return (await working_calendar(uow.session)).works(day)
    except CalendarMissing:
        return None


async def _credit(parts: Sequence[Credit], uow: UnitOfWork, at: datetime) -> None:
    for part in parts:
        uow.session.add(CreditRow.of(part))
        uow.announce(ServiceCredited(**part.facts()), version=1, occurred_at=at)
    await uow.session.flush()
    await points.earn_all(uow, [_earning(part) for part in parts])


def _earning(part: Credit) -> Earning:
    """A point an hour by the rule of the day; half an hour and more is rounded up."""
    return Earning(
        subject_id=part.registrant_id,
        subject_type=SubjectType.REGISTRANT,
        rule_code=PointsRuleCode.SERVICE_DONE,
        source_type=SOURCE,
        source_id=part.record_id,
        area=part.area,
        organisation_id=None,
        on=part.held_on,
        times=(part.minutes + HALF_AN_HOUR) // HOUR,
    )
