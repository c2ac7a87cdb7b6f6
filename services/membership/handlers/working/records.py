"""Service records: entered with the parts of those who are named, taken back whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from contracts.kinds.working import ServiceTime
from contracts.membership.working import ServiceCredited
from services.chassis import personal, rulebook
from services.chassis.clock import LOCAL, business_date
from services.chassis.ids import new_id
from services.chassis.personal import Vault
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import CalendarMissing
from services.membership.domain.working import records as domain
from services.membership.domain.working.posts import Post
from services.membership.domain.working.records import Credit, RecordService
from services.membership.domain.working.registrants import RegistrantUnknown, check_place
from services.membership.domain.working.standards import WorkingHours
from services.membership.handlers import points
from services.membership.handlers.points import Earning
from services.membership.handlers.working import checks
from services.membership.tables.calendar import working_calendar
from services.membership.tables.working import posts as post_tables
from services.membership.tables.working import records as tables
from services.membership.tables.working import registrants as registrant_tables
from services.membership.tables.working.rows import CreditRow, ServiceRow

SOURCE = "service-record"
"""Of the points that service earns."""
HOUR, HALF_AN_HOUR = 60, 30


async def record(
    command: RecordService,
    code: str,
    post_id: UUID | None,
    registrant_ids: Sequence[UUID],
    summary: str | None,
    uow: UnitOfWork,
    vault: Vault,
) -> ServiceRow:
    """What an occasion was about is sealed under the record's own key.

    An empty `kind` is that of the post. Business time is the start, else noon of the day.
    """
    post = (await post_tables.post(uow.session, post_id)).post() if post_id else None
    if post is not None and not command.kind:
        command = replace(command, kind=post.kind)
    await _check(command, post, code, uow)
    credits_ = await _credits(registrant_ids, uow)
    hours = await _hours(command, uow)
    occasion, parts = domain.record(command, post, credits_, hours)
    row = ServiceRow(
        **occasion.model_dump(exclude={"post_kind", "service_time", "bound"}),
        code=code,
        community=command.place.community,
        kind=occasion.post_kind,
        starts_at=command.starts_at,
        minutes=command.minutes,
        service_time=occasion.service_time.value,
        bound=occasion.bound.value,
        version=1,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    at = moment(command.held_on, command.starts_at, uow.now)
    uow.announce(occasion, version=1, occurred_at=at)
    await _credit(parts, uow, at)
    if summary is not None:
        await personal.keep(await uow.driver(), vault, {command.record_id: {"summary": summary}})
    return row


async def void(record_id: UUID, uow: UnitOfWork, at: datetime) -> ServiceRow:
    """Take a wrong record back: its counts, its parts, the points it earned, its words."""
    row = await tables.record(uow.session, record_id, lock=True)
    event = domain.void(row.recorded(), voided=row.voided_at is not None)
    row.voided_at, row.version = uow.now, row.version + 1
    day = moment(row.held_on, row.starts_at, uow.now)
    uow.announce(event, version=row.version, occurred_at=day)
    for part in await tables.credits_of(uow.session, [record_id]):
        part.voided = True
        uow.announce(domain.void_credit(part.credited()), version=2, occurred_at=day)
    await uow.session.flush()
    await points.reverse_of_source(uow, record_id, PointsReason.SOURCE_WITHDRAWN, at)
    await personal.erase(await uow.driver(), record_id, uow.now)
    return row


def moment(day: date, starts_at: datetime | None, now: datetime) -> datetime:
    """Business time of what happened on `day`: its start, now if it is today, else its noon."""
    if starts_at is not None:
        return starts_at
    return now if business_date(now) == day else datetime.combine(day, time(12), LOCAL)


async def _check(command: RecordService, post: Post | None, code: str, uow: UnitOfWork) -> None:
    check_place(command.place)
    await checks.place_known(uow.session, command.place)
    if post is None:
        kinds = [command.kind]
        await checks.kinds_known(uow.session, "service_post", kinds, command.held_on, "kind")
    await checks.code_free(uow.session, ServiceRow, code)


async def _credits(registrant_ids: Sequence[UUID], uow: UnitOfWork) -> tuple[Credit, ...]:
    """Raises `RegistrantUnknown`."""
    rows = await registrant_tables.registrants_by_id(uow.session, registrant_ids)
    for registrant_id in registrant_ids:
        if registrant_id not in rows:
            raise RegistrantUnknown(
                f"No registrant {registrant_id}.",
                zh="没有该编号的报到党员。",
                field="registrant_ids",
                value=str(registrant_id),
            )
    return tuple(
        Credit(credit_id=new_id(), registrant=rows[i].registrant()) for i in registrant_ids
    )


async def _hours(command: RecordService, uow: UnitOfWork) -> ServiceTime:
    rule = (await rulebook.at(uow.session, command.held_on, WorkingHours))[WorkingHours]
    works = await _works(uow, command.held_on)
    return domain.time_of(command.starts_at, rule, works=works)


async def _works(uow: UnitOfWork, day: date) -> bool | None:
    """Whether it is a working day; `None` for a year whose holidays nobody has entered."""
    try:
        return (await working_calendar(uow.session)).works(day)
    except CalendarMissing:
        return None


async def _credit(parts: Sequence[ServiceCredited], uow: UnitOfWork, at: datetime) -> None:
    for part in parts:
        uow.session.add(CreditRow(**part.model_dump(exclude={"post_kind"}), kind=part.post_kind))
        uow.announce(part, version=1, occurred_at=at)
    await uow.session.flush()
    await points.earn_all(uow, [_earning(part) for part in parts])


def _earning(part: ServiceCredited) -> Earning:
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
