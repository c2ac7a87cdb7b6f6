"""Service records: what was done, when, by how many, for how many."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.books import Bound
from contracts.kinds.working import ServiceTime
from contracts.membership.working import ServiceRecorded, ServiceVoided
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State
from services.membership.domain.working.posts import Post
from services.membership.domain.working.registrants import Registrant
from services.membership.domain.working.standards import WorkingHours


class Service(State):
    """`attended` counts those who are named, and those who are not, together."""

    record_id: UUID
    code: str = Field(title="记录编号")
    community: str = Field(title="社区")
    area: str = Field(title="区划")
    post_id: UUID | None = Field(title="岗位")
    kind: str = Field(title="服务类别")
    held_on: date = Field(title="服务日期")
    starts_at: datetime | None = Field(title="开始时刻")
    minutes: int = Field(title="时长（分钟）")
    """How long it took; 0 where nobody kept it."""
    service_time: ServiceTime = Field(title="时段")
    sessions: int = Field(title="活动次数")
    attended: int = Field(title="参加人次")
    service_minutes: int = Field(title="服务总时长（分钟）")
    beneficiaries: int = Field(title="受益人次")
    bound: Bound = Field(title="数量含义")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        own = {"code", "community", "kind", "starts_at", "minutes"}
        return self.model_dump(include={*Service.model_fields} - own) | {"post_kind": self.kind}


class Credit(State):
    """The part of one registrant in it."""

    credit_id: UUID
    record_id: UUID
    registrant_id: UUID
    employer_id: UUID
    area: str
    kind: str
    held_on: date
    minutes: int

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        kept = self.model_dump(include={*Credit.model_fields} - {"kind"})
        return kept | {"post_kind": self.kind}


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


def occasion(fields: Mapping[str, Any], time: ServiceTime) -> Service:
    """The minutes of all who attended together follow from the rest."""
    together = fields["minutes"] * fields["attended"]
    return Service(**fields, service_time=time, service_minutes=together)


def record(
    service: Service, post: Post | None, registrants: Sequence[Registrant]
) -> ServiceRecorded:
    """`registrants` are those who are named."""
    _check_counts(service, len(registrants))
    _check_post(service, post)
    for registrant in registrants:
        _check_registrant(service, registrant)
    if len({registrant.registrant_id for registrant in registrants}) < len(registrants):
        raise NamedTwice("Everybody once.", zh="每人只列一次。", field="registrant_ids")
    return ServiceRecorded(**service.facts())


def credit(credit_id: UUID, service: Service, registrant: Registrant) -> Credit:
    return Credit(
        credit_id=credit_id,
        **service.model_dump(include={"record_id", "kind", "held_on", "minutes"}),
        **registrant.model_dump(include={"registrant_id", "employer_id", "area"}),
    )


def void(service: Service, *, voided: bool) -> ServiceVoided:
    """Takes the record back whole. Raises `RecordVoid`."""
    if voided:
        raise RecordVoid("It was voided before.", zh="该服务记录已作废，不必重复操作。")
    return ServiceVoided(**service.facts())


def _check_counts(service: Service, named: int) -> None:
    if service.bound is not Bound.EXACT and named:
        raise OnlyCounts(
            "Lower bounds and targets are no service of somebody.",
            zh="下限（余）和目标数不能对应到个人，请只填人次。",
            field="registrant_ids",
        )
    if service.attended < named:
        raise FewerThanNamed(
            f"{named} are named, {service.attended} attended.",
            zh=f"列出了 {named} 人，参加人次不能少于此数。",
            field="attended",
            least=named,
        )
    if not service.attended and not service.sessions:
        raise NobodyCounted(
            "Say `attended`, `registrant_ids` or `sessions`.",
            zh="请填参加人次、人员或活动次数。",
            field="attended",
        )


def _check_post(service: Service, post: Post | None) -> None:
    if post is None:
        return
    if post.community != service.community:
        raise ServiceElsewhere(
            "The post lies elsewhere.", zh="该岗位不属于此社区。", field="post_id"
        )
    if post.kind != service.kind:
        raise KindElse(
            f"The post is of kind {post.kind}.",
            zh="服务类别应与岗位类别一致；可不填，按岗位确定。",
            field="kind",
            kind=post.kind,
        )


def _check_registrant(service: Service, registrant: Registrant) -> None:
    who = {"field": "registrant_ids", "registrant_id": str(registrant.registrant_id)}
    if registrant.community != service.community:
        raise ServiceElsewhere(
            "A registrant belongs elsewhere.", zh="人员不是在此社区报到的。", **who
        )
    if not registrant.there_on(service.held_on):
        raise NotRegisteredThen(
            f"Registered since {registrant.registered_on}.",
            zh=f"该同志于 {registrant.registered_on} 报到，服务当日不在册。",
            **who,
        )
