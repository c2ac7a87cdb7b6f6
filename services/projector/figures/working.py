"""Figures of working members (在职党员进社区). Persons and person-times are never one figure."""

from contracts.kinds.books import Bound
from contracts.kinds.working import ServicePostKind, ServiceTime, Skill, WorkingOccupation
from contracts.membership.working import (
    EmployerChanged,
    EmployerRegistered,
    FeedbackIssued,
    PostClaimed,
    PostClaimEnded,
    RegistrantChanged,
    RegistrantDeparted,
    RegistrantRegistered,
    RegistrantReturned,
    ServiceCredited,
    ServiceCreditVoided,
    ServicePostChanged,
    ServicePostClosed,
    ServicePostOpened,
    ServiceRecorded,
    ServiceVoided,
)
from services.projector.declare import (
    Absent,
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Reads,
    Section,
    Stock,
    Variety,
    adds,
    moves,
    removes,
)

OCCUPATION = Dimension.of_family(
    "occupation", "职业", "working_occupation", WorkingOccupation, read="occupation_kind"
)
SKILL = Dimension.of_family("skill", "主要专长", "skill", Skill, read="main_skill_kind")
POST_KIND = Dimension.of_family(
    "service_post", "服务类别", "service_post", ServicePostKind, read="post_kind"
)
SERVICE_TIME = Dimension.of_kinds("service_time", "八小时内外", ServiceTime)
EMPLOYER = Dimension.of_things(Family.EMPLOYER, "来源单位", read="employer_id")

OF_REGISTRANT = (OCCUPATION, SKILL, EMPLOYER)
OF_SERVICE = (POST_KIND, SERVICE_TIME)
OF_CREDIT = (POST_KIND, EMPLOYER)


def _service(amount: str, bound: Bound = Bound.EXACT) -> tuple[Reads, ...]:
    """What records count, less what was voided; counts of other bounds are left out."""
    return (
        *adds(ServiceRecorded, amount, bound=bound),
        *removes(ServiceVoided, amount, bound=bound),
    )


REGISTRATION = (
    Stock(
        "membership.registrants",
        "报到在职党员",
        "名",
        "期末在册的报到在职党员数；不计入自管党员",
        clauses=(Clause(Section.WORKING, 1, "在册报到在职党员{n}"),),
        reads=(
            *adds(RegistrantRegistered),
            *moves(RegistrantChanged),
            *removes(RegistrantDeparted),
            *adds(RegistrantReturned),
        ),
        dimensions=OF_REGISTRANT,
    ),
    Flow(
        "membership.registrations",
        "新报到在职党员",
        "名",
        "本期首次到社区报到的在职党员数",
        clauses=(Clause(Section.WORKING, 1, "本期新报到{n}"),),
        reads=adds(RegistrantRegistered),
        dimensions=OF_REGISTRANT,
    ),
    Stock(
        "membership.employers",
        "在职党员来源单位",
        "个",
        "期末已登记的来源单位数",
        clauses=(Clause(Section.WORKING, 1, "登记来源单位{n}"),),
        reads=(*adds(EmployerRegistered), *moves(EmployerChanged)),
    ),
)

POSTS = (
    Stock(
        "membership.service_posts",
        "服务岗位",
        "个",
        "期末设立的服务岗位数",
        clauses=(Clause(Section.WORKING, 2, "设立服务岗位{n}，其中{each}", split="service_post"),),
        reads=(
            *adds(ServicePostOpened),
            *moves(ServicePostChanged),
            *removes(ServicePostClosed),
        ),
        dimensions=(POST_KIND,),
    ),
    Stock(
        "membership.service_places",
        "服务岗位名额",
        "个",
        "期末各服务岗位的名额之和",
        reads=(
            *adds(ServicePostOpened, "places"),
            *moves(ServicePostChanged, "places"),
            *removes(ServicePostClosed, "places"),
        ),
        dimensions=(POST_KIND,),
    ),
    Stock(
        "membership.claims_held",
        "认领中的岗位",
        "人次",
        "期末仍有效的岗位认领数；一人认领两岗计两次",
        reads=(*adds(PostClaimed), *removes(PostClaimEnded)),
        dimensions=OF_CREDIT,
    ),
    Flow(
        "membership.posts_claimed",
        "岗位认领",
        "人次",
        "本期认领服务岗位的人次",
        clauses=(
            Clause(Section.WORKING, 3, "在职党员认领服务岗位{n}，其中{each}", split="service_post"),
        ),
        reads=adds(PostClaimed),
        dimensions=OF_CREDIT,
    ),
    Variety(
        "membership.post_kinds_claimed",
        "认领岗位类别",
        "类",
        "本期有人认领的服务岗位共有多少类",
        clauses=(Clause(Section.WORKING, 3, "涉及服务类别{n}"),),
        of="membership.posts_claimed",
        split=POST_KIND.key,
    ),
    Variety(
        "membership.post_kinds_offered",
        "设立岗位类别",
        "类",
        "期末设立的服务岗位共有多少类",
        clauses=(Clause(Section.WORKING, 2, "划分为{n}"),),
        of="membership.service_posts",
        split=POST_KIND.key,
    ),
)

SERVICE = (
    Flow(
        "membership.working_activities",
        "在职党员志愿服务活动",
        "次",
        "本期开展的在职党员进社区志愿服务活动次数",
        clauses=(Clause(Section.WORKING, 4, "开展在职党员进社区志愿服务活动{n}"),),
        reads=_service("sessions"),
        dimensions=OF_SERVICE,
    ),
    Flow(
        "membership.working_attendance",
        "在职党员参加活动",
        "人次",
        "本期在职党员参加活动的人次，不是人数；不含下限和目标",
        clauses=(Clause(Section.WORKING, 4, "在职党员参加活动{n}"),),
        reads=_service("attended"),
        dimensions=OF_SERVICE,
    ),
    Flow(
        "membership.working_attendance_at_least",
        "在职党员参加活动（下限）",
        "人次",
        "本期只报下限（余、不少于）的参加人次",
        clauses=(Clause(Section.WORKING, 4, "另有只报下限的参加活动{n}以上"),),
        reads=_service("attended", Bound.AT_LEAST),
        dimensions=OF_SERVICE,
    ),
    Flow(
        "membership.working_attendance_target",
        "在职党员参加活动（目标）",
        "人次",
        "本期的参加人次目标",
        reads=_service("attended", Bound.TARGET),
        dimensions=OF_SERVICE,
    ),
    Flow(
        "membership.working_hours",
        "在职党员服务时长",
        "小时",
        "本期在职党员服务的总时长，按人累计",
        clauses=(Clause(Section.WORKING, 4, "累计服务{n}"),),
        reads=_service("service_minutes"),
        dimensions=OF_SERVICE,
        per=60,
        digits=1,
    ),
    Flow(
        "membership.working_beneficiaries",
        "在职党员服务群众",
        "人次",
        "本期受益于在职党员服务的人次",
        clauses=(Clause(Section.WORKING, 4, "服务群众{n}"),),
        reads=_service("beneficiaries"),
        dimensions=OF_SERVICE,
    ),
    Flow(
        "membership.off_hours_activities",
        "八小时外志愿服务活动",
        "次",
        "本期在工作时间以外开展的在职党员志愿服务活动次数",
        clauses=(Clause(Section.WORKING, 4, "其中八小时外开展活动{n}"),),
        reads=(
            *adds(
                ServiceRecorded, "sessions", bound=Bound.EXACT, service_time=ServiceTime.OFF_HOURS
            ),
            *removes(
                ServiceVoided, "sessions", bound=Bound.EXACT, service_time=ServiceTime.OFF_HOURS
            ),
        ),
        dimensions=(POST_KIND,),
    ),
    Flow(
        "membership.credited_services",
        "记入个人的服务",
        "人次",
        "本期记入在职党员个人档案的服务人次，可按来源单位查看",
        reads=(*adds(ServiceCredited), *removes(ServiceCreditVoided)),
        dimensions=OF_CREDIT,
    ),
    Flow(
        "membership.credited_hours",
        "记入个人的服务时长",
        "小时",
        "本期记入在职党员个人档案的服务时长，可按来源单位查看",
        reads=(*adds(ServiceCredited, "minutes"), *removes(ServiceCreditVoided, "minutes")),
        dimensions=OF_CREDIT,
        per=60,
        digits=1,
    ),
)

FEEDBACK = (
    Flow(
        "membership.employer_feedback",
        "向所在单位反馈",
        "次",
        "本期向在职党员所在单位出具反馈函的次数",
        clauses=(Clause(Section.WORKING, 5, "向在职党员所在单位反馈{n}"),),
        reads=adds(FeedbackIssued),
        dimensions=(EMPLOYER,),
    ),
    Absent(
        "membership.employers_without_feedback",
        "未反馈的来源单位",
        "个",
        "期末已登记、本期没有出具反馈函的来源单位数",
        among="membership.employers",
        without="membership.employer_feedback",
        named_by=EMPLOYER.key,
    ),
)

FIGURES: tuple[Figure, ...] = (*REGISTRATION, *POSTS, *SERVICE, *FEEDBACK)

NAMES: tuple[Naming, ...] = (
    Naming(EmployerRegistered, Family.EMPLOYER, id="employer_id", name="name", code="code"),
    Naming(EmployerChanged, Family.EMPLOYER, id="employer_id", name="name", code="code"),
)
