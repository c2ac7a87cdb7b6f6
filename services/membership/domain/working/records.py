"""Service records: what was done, when, by how many, for how many."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.kinds.books import Bound
from contracts.kinds.working import ServiceTime
from contracts.membership.working import (
    ServiceCredited,
    ServiceCreditVoided,
    ServiceRecorded,
    ServiceVoided,
)
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.membership.domain.working.posts import Post
from services.membership.domain.working.registrants import Place, Registrant
from services.membership.domain.working.standards import WorkingHours


@dataclass(frozen=True, kw_only=True)
class RecordService:
    """One occasion. `attended` counts those who are named, and those who are not, together."""

    record_id: UUID
    place: Place
    kind: str
    held_on: date
    starts_at: datetime | None
    minutes: int
    """How long it took; 0 where nobody kept it."""
    attended: int
    sessions: int
    beneficiaries: int
    bound: Bound


@dataclass(frozen=True, kw_only=True)
class Credit:
    """The part of one registrant in an occasion."""

    credit_id: UUID
    registrant: Registrant


# Refusals


class ServiceElsewhere(Conflict):
    code = "service-elsewhere"
    title, title_zh = "Post or registrant belong to another community", "岗位或人员属于其他社区"


class NotRegisteredThen(Conflict):
    code = "not-registered-then"
    title, title_zh = "Not registered on that day", "服务当日该同志不在册"


class FewerThanNamed(Invalid):
    code = "fewer-than-named"
    title, title_zh = "Fewer attended than are named", "参加人次少于所列人员"


class NobodyCounted(Invalid):
    code = "nobody-counted"
    title, title_zh = "A record counts somebody or something", "人次与次数不能都为零"


class NamedTwice(Invalid):
    code = "named-twice"
    title, title_zh = "Somebody is named twice", "人员重复"


class OnlyCounts(Invalid):
    code = "only-counts"
    title, title_zh = "What is no exact count names nobody", "下限或目标数不能对应到个人"


class KindElse(Invalid):
    code = "kind-else"
    title, title_zh = "The post is of another kind", "服务类别与岗位类别不一致"


class RecordVoid(Conflict):
    code = "record-void"
    title, title_zh = "The record was voided", "该服务记录已作废"


# Decisions


def time_of(starts_at: datetime | None, rule: WorkingHours, *, works: bool | None) -> ServiceTime:
    """八小时内 or 八小时外. `works` says whether the day is a working day; None: nobody knows."""
    if works is False:
        return ServiceTime.OFF_HOURS
    if works is None or starts_at is None:
        return ServiceTime.UNSTATED
    midnight = starts_at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    since_midnight = starts_at - midnight
    begins, ends = timedelta(hours=rule.begins_hour), timedelta(hours=rule.ends_hour)
    return ServiceTime.WORKING_HOURS if begins <= since_midnight < ends else ServiceTime.OFF_HOURS


def record(
    command: RecordService, post: Post | None, credits_: tuple[Credit, ...], time: ServiceTime
) -> tuple[ServiceRecorded, tuple[ServiceCredited, ...]]:
    """The occasion, and the part of each who is named."""
    _check_counts(command, len(credits_))
    _check_post(command, post)
    for credit in credits_:
        _check_registrant(command, credit.registrant)
    if len({credit.registrant.registrant_id for credit in credits_}) < len(credits_):
        raise NamedTwice("Everybody once.", zh="每人只列一次。", field="registrant_ids")
    occasion = ServiceRecorded(
        area=command.place.area,
        record_id=command.record_id,
        post_id=post.post_id if post else None,
        post_kind=command.kind,
        held_on=command.held_on,
        service_time=time,
        sessions=command.sessions,
        attended=command.attended,
        service_minutes=command.minutes * command.attended,
        beneficiaries=command.beneficiaries,
        bound=command.bound,
    )
    return occasion, tuple(_credited(command, credit) for credit in credits_)


def void(known: ServiceRecorded, *, voided: bool) -> ServiceVoided:
    """Takes the record back whole. Raises `RecordVoid`."""
    if voided:
        raise RecordVoid("It was voided before.", zh="该服务记录已作废，不必重复操作。")
    return ServiceVoided(**dict(known))


def void_credit(known: ServiceCredited) -> ServiceCreditVoided:
    return ServiceCreditVoided(**dict(known))


def _credited(command: RecordService, credit: Credit) -> ServiceCredited:
    registrant = credit.registrant
    return ServiceCredited(
        area=registrant.place.area,
        credit_id=credit.credit_id,
        record_id=command.record_id,
        registrant_id=registrant.registrant_id,
        employer_id=registrant.profile.employer_id,
        post_kind=command.kind,
        held_on=command.held_on,
        minutes=command.minutes,
    )


def _check_counts(command: RecordService, named: int) -> None:
    if command.bound is not Bound.EXACT and named:
        raise OnlyCounts(
            "Lower bounds and targets are no service of somebody.",
            zh="下限（余）和目标数不能对应到个人，请只填人次。",
            field="registrant_ids",
        )
    if command.attended < named:
        raise FewerThanNamed(
            f"{named} are named, {command.attended} attended.",
            zh=f"列出了 {named} 人，参加人次不能少于此数。",
            field="attended",
            least=named,
        )
    if not command.attended and not command.sessions:
        raise NobodyCounted(
            "Say `attended`, `registrant_ids` or `sessions`.",
            zh="请填参加人次、人员或活动次数。",
            field="attended",
        )


def _check_post(command: RecordService, post: Post | None) -> None:
    if post is None:
        return
    if post.place.community != command.place.community:
        raise ServiceElsewhere(
            "The post lies elsewhere.", zh="该岗位不属于此社区。", field="post_id"
        )
    if post.kind != command.kind:
        raise KindElse(
            f"The post is of kind {post.kind}.",
            zh="服务类别应与岗位类别一致；可不填，按岗位确定。",
            field="kind",
            kind=post.kind,
        )


def _check_registrant(command: RecordService, registrant: Registrant) -> None:
    who = {"field": "registrant_ids", "registrant_id": str(registrant.registrant_id)}
    if registrant.place.community != command.place.community:
        raise ServiceElsewhere(
            "A registrant belongs elsewhere.", zh="人员不是在此社区报到的。", **who
        )
    if not registrant.there_on(command.held_on):
        raise NotRegisteredThen(
            f"Registered since {registrant.registered_on}.",
            zh=f"该同志于 {registrant.registered_on} 报到，服务当日不在册。",
            **who,
        )
