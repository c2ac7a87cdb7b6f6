"""Figures of activities: sessions (场), person-times (人次), what came of them.

Exact quantities, lower bounds and targets are figures of their own, never added up.
"""

from contracts.kinds.activities import ActivityKind, LectureForm, OutputKind, ThemeColour
from contracts.kinds.books import Bound
from contracts.membership.activities import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityPlanned,
    ActivityReplanned,
    ActivityRetracted,
    OutputRecorded,
    OutputRetracted,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Ratio,
    Reads,
    Section,
    adds,
    moves,
    removes,
)

EXACT, AT_LEAST, TARGET = Bound.EXACT.value, Bound.AT_LEAST.value, Bound.TARGET.value

KIND = Dimension.of_family("activity_kind", "活动类别", "activity", ActivityKind, read="kind")
GROUP = Dimension.of_family(
    "activity_group", "活动大类", "activity", ActivityKind, read="group_kind"
)
COLOUR = Dimension.of_family(
    "theme_colour", "主题党日颜色", "theme-colour", ThemeColour, read="variant_kind"
)
FORM = Dimension.of_family(
    "lecture_form", "党课形式", "lecture-form", LectureForm, read="variant_kind"
)
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "举办党组织", read="organisation_id")
OF_ACTIVITY = (KIND, GROUP, ORGANISATION)
OUTPUT_KIND = Dimension.of_family(
    "output_kind", "成果类别", "activity-output", OutputKind, read="kind"
)
OF_OUTPUT = (OUTPUT_KIND, ORGANISATION)


def _held(amount: str, **where: str) -> tuple[Reads, ...]:
    """What was held, without what was taken back."""
    return (*adds(ActivityCompleted, amount, **where), *removes(ActivityRetracted, amount, **where))


def _sessions(bound: str, **where: str) -> tuple[Reads, ...]:
    return _held("sessions", sessions_bound=bound, **where)


def _person_times(bound: str, **where: str) -> tuple[Reads, ...]:
    return _held("headcount", bound=bound, **where)


def _targets(**where: str) -> tuple[Reads, ...]:
    where = {"sessions_bound": TARGET, **where}
    return (
        *adds(ActivityPlanned, "sessions", **where),
        *moves(ActivityReplanned, "sessions", **where),
        *removes(ActivityCancelled, "sessions", **where),
    )


def _outputs(bound: str, **where: str) -> tuple[Reads, ...]:
    where = {"bound": bound, **where}
    return (
        *adds(OutputRecorded, "quantity", **where),
        *removes(OutputRetracted, "quantity", **where),
    )


def _count(
    key: str,
    name: str,
    kind: ActivityKind,
    *clauses: Clause,
    dimension: Dimension | None = None,
    group: bool = False,
) -> Flow:
    """Sessions of one kind; with `group`, of all kinds below it, too."""
    where = {"group_kind" if group else "kind": kind.value}
    kinds = (dimension,) if dimension else (KIND,) if group else ()
    return Flow(
        f"membership.{key}",
        name,
        "次",
        f"本期开展的{name}次数，不含只知下限的",
        clauses=clauses,
        reads=_sessions(EXACT, **where),
        dimensions=(*kinds, ORGANISATION),
    )


def _life(sentence: int, text: str, joint: str = "，", **more: str) -> Clause:
    return Clause(Section.LIFE, sentence, text, joint=joint, **more)


ALL = (
    Flow(
        "membership.activities",
        "活动",
        "场",
        "本期开展的各类活动场次，不含只知下限的",
        clauses=(_life(1, "开展各类活动{n}"),),
        reads=_sessions(EXACT),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.activities_at_least",
        "活动（下限）",
        "场",
        "只知下限（“余”）的活动场次",
        clauses=(_life(1, "另有只知下限的{n}"),),
        reads=_sessions(AT_LEAST),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.activities_target",
        "活动目标",
        "场",
        "本期确定的活动场次目标（“不少于”），不是已开展的场次",
        clauses=(_life(13, "活动目标为{each}", split=KIND.key),),
        reads=_targets(),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.activity_person_times",
        "参加活动人次",
        "人次",
        "本期各类活动的参加人次，不含只知下限的",
        clauses=(_life(1, "参加{n}", joint="、"),),
        reads=_person_times(EXACT),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.activity_person_times_at_least",
        "参加活动人次（下限）",
        "人次",
        "只知下限（“余”）的参加人次",
        reads=_person_times(AT_LEAST),
        dimensions=OF_ACTIVITY,
    ),
)

PRESENT = (
    Flow(
        "membership.members_present",
        "出席活动的党员",
        "人次",
        "本期各场活动出席党员人数之和，含不作硬性要求的党员",
        reads=_held("present"),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.members_expected",
        "应到党员",
        "人次",
        "本期各场活动应到党员人数之和，不含不作硬性要求的党员",
        reads=_held("expected"),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.members_attended",
        "应到党员中实到",
        "人次",
        "本期各场活动应到党员中实到人数之和",
        reads=_held("attended"),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.members_excused",
        "请假党员",
        "人次",
        "本期各场活动请假党员人数之和",
        reads=_held("excused"),
        dimensions=OF_ACTIVITY,
    ),
    Flow(
        "membership.members_missed",
        "缺席党员",
        "人次",
        "本期各场活动无故缺席党员人数之和",
        reads=_held("missed"),
        dimensions=OF_ACTIVITY,
    ),
    Ratio(
        "membership.attendance_rate",
        "党员到会率",
        "%",
        "应到党员中实到的百分比，不含年老体弱等不作硬性要求的党员",
        clauses=(_life(2, "党员到会率{n}"),),
        over=("membership.members_attended",),
        under=("membership.members_expected",),
        scale=100,
    ),
)

MEETINGS = (
    _count(
        *("three_meetings", "三会一课", ActivityKind.THREE_MEETINGS),
        Clause(Section.LIFE, 3, "召开“三会一课”{n}，其中{each}", split="activity_kind"),
        group=True,
    ),
    _count(
        *("theme_days", "主题党日", ActivityKind.THEME_DAY),
        Clause(Section.LIFE, 4, "开展主题党日{n}"),
        Clause(Section.LIFE, 5, "主题党日按颜色分，{each}", split="theme_colour"),
        dimension=COLOUR,
    ),
    _count(
        *("lectures", "党课", ActivityKind.LECTURE),
        Clause(Section.LIFE, 6, "党课按形式分，{each}", split="lecture_form"),
        dimension=FORM,
    ),
    _count("life_meetings", "组织生活会", ActivityKind.LIFE_MEETING, _life(4, "组织生活会{n}")),
    _count(
        *("appraisal_meetings", "民主评议会", ActivityKind.APPRAISAL_MEETING),
        _life(4, "民主评议会{n}"),
    ),
    _count("talks", "谈心谈话", ActivityKind.TALK, _life(4, "谈心谈话{n}")),
    _count(
        *("base_visits", "到基地开展组织生活", ActivityKind.BASE_VISIT),
        _life(4, "到基地开展组织生活{n}"),
    ),
    _count(
        *("community_committee_meetings", "社区党委会议", ActivityKind.COMMUNITY_COMMITTEE),
        _life(7, "召开社区党委会议{n}"),
    ),
    _count(
        *("bimonthly_forums", "双月座谈会", ActivityKind.BIMONTHLY_FORUM),
        _life(7, "党建工作双月座谈会{n}"),
    ),
    _count("monthly_meetings", "党建例会", ActivityKind.MONTHLY_MEETING, _life(7, "党建例会{n}")),
)

STUDY = (
    _count("seminars", "专题学习研讨", ActivityKind.SEMINAR, _life(8, "组织专题学习研讨{n}")),
    _count(
        *("training_sessions", "集中培训", ActivityKind.TRAINING_SESSION),
        _life(9, "组织集中培训{n}"),
    ),
    _count(
        *("training_by_meeting", "以会代训", ActivityKind.TRAINING_BY_MEETING),
        _life(9, "以会代训{n}"),
    ),
    Flow(
        "membership.study_visit_person_times",
        "外出培训考察",
        "人次",
        "本期外出学习培训及考察的人次",
        clauses=(_life(9, "外出培训考察{n}"),),
        reads=_person_times(EXACT, kind=ActivityKind.STUDY_VISIT.value),
        dimensions=(ORGANISATION,),
    ),
    _count("field_visits", "实地考察", ActivityKind.FIELD_VISIT),
    _count("home_studies", "送学上门", ActivityKind.HOME_STUDY),
    _count("online_studies", "线上学习", ActivityKind.ONLINE_STUDY),
    _count("supervisions", "督导", ActivityKind.SUPERVISION),
)

SERVICE = (
    _count(
        *("service_activities", "志愿服务活动", ActivityKind.VOLUNTEERING),
        _life(10, "开展志愿服务活动{n}"),
        group=True,
    ),
    Flow(
        "membership.service_activities_at_least",
        "志愿服务活动（下限）",
        "场",
        "只知下限（“余”）的志愿服务活动场次",
        reads=_sessions(AT_LEAST, group_kind=ActivityKind.VOLUNTEERING.value),
        dimensions=(KIND, ORGANISATION),
    ),
    _count(
        *("campaigns", "宣讲和主题活动", ActivityKind.CAMPAIGN),
        _life(11, "开展宣讲和主题活动{n}"),
        group=True,
    ),
    Flow(
        "membership.campaigns_at_least",
        "宣讲和主题活动（下限）",
        "场",
        "只知下限（“余”）的宣讲和主题活动场次",
        reads=_sessions(AT_LEAST, group_kind=ActivityKind.CAMPAIGN.value),
        dimensions=(KIND, ORGANISATION),
    ),
    Flow(
        "membership.campaign_person_times",
        "参加宣讲和主题活动",
        "人次",
        "本期宣讲和主题活动的参加人次，不含只知下限的",
        clauses=(_life(11, "参加{n}", joint="、"),),
        reads=_person_times(EXACT, group_kind=ActivityKind.CAMPAIGN.value),
        dimensions=(KIND, ORGANISATION),
    ),
    _count("condolences", "慰问", ActivityKind.CONDOLENCE, _life(12, "开展慰问{n}")),
)


def _output(key: str, name: str, unit: str, kind: OutputKind, *clauses: Clause) -> Flow:
    return Flow(
        f"membership.{key}",
        name,
        unit,
        f"本期登记的{name}数量，不含只知下限的",
        clauses=clauses,
        reads=_outputs(EXACT, kind=kind.value),
        dimensions=(ORGANISATION,),
    )


def _output_at_least(key: str, name: str, unit: str, kind: OutputKind, *clauses: Clause) -> Flow:
    return Flow(
        f"membership.{key}_at_least",
        f"{name}（下限）",
        unit,
        f"只知下限（“余”）的{name}数量",
        clauses=clauses,
        reads=_outputs(AT_LEAST, kind=kind.value),
        dimensions=(ORGANISATION,),
    )


OUTPUTS = (
    Flow(
        "membership.outputs",
        "活动成果",
        "项",
        "本期登记的活动成果数量，各类成果单位不同，宜按类别查看",
        reads=_outputs(EXACT),
        dimensions=OF_OUTPUT,
    ),
    Flow(
        "membership.outputs_at_least",
        "活动成果（下限）",
        "项",
        "只知下限（“余”）的活动成果数量，宜按类别查看",
        reads=_outputs(AT_LEAST),
        dimensions=OF_OUTPUT,
    ),
    _output("study_notes", "学习笔记", "份", OutputKind.NOTES, _life(8, "撰写学习笔记{n}")),
    _output_at_least(
        "study_notes", "学习笔记", "份", OutputKind.NOTES, _life(8, "撰写学习笔记不少于{n}")
    ),
    _output("essays", "征文", "篇", OutputKind.ESSAY, _life(8, "征文{n}")),
    _output("reflections", "心得体会", "份", OutputKind.REFLECTION, _life(8, "心得体会{n}")),
    _output_at_least("dumplings", "饺子", "个", OutputKind.DUMPLING),
)

FIGURES: tuple[Figure, ...] = (*ALL, *PRESENT, *MEETINGS, *STUDY, *SERVICE, *OUTPUTS)
NAMES: tuple[Naming, ...] = ()
