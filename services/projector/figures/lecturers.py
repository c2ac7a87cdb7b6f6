"""Figures of lecturers: how many, what they held, what was thought of it, and shifts of guides."""

from contracts.bases.lecturers import (
    GuideShiftCancelled,
    GuideShiftCorrected,
    GuideShiftMissed,
    GuideShiftPlanned,
    GuideShiftServed,
    LecturerAssigned,
    LecturerAssignmentCompleted,
    LecturerChanged,
    LecturerRated,
    LecturerRatingChanged,
    LecturerRegistered,
    LecturerReleased,
    LecturerRetired,
)
from contracts.kinds.lecturers import (
    EngagedFor,
    LecturerEngagement,
    LecturerRole,
    LecturerSkill,
    RatedBy,
    ShiftStatus,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Ratio,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

ROLE = Dimension.of_family("role_kind", "主要角色", "lecturer-role", LecturerRole)
SKILL = Dimension.of_family("skill_kind", "主要专长", "lecturer-skill", LecturerSkill)
SKILL_ASKED = Dimension.of_family("skill_kind", "所需专长", "lecturer-skill", LecturerSkill)
ENGAGEMENT = Dimension.of_kinds("engagement", "聘用方式", LecturerEngagement)
ENGAGED_FOR = Dimension.of_kinds("engaged_for", "安排对象", EngagedFor)
RATED_BY = Dimension.of_kinds("rated_by", "评价方", RatedBy)
BASE = Dimension.of_things(Family.BASE, "基地", read="base_id")

OF_LECTURER = (ROLE, SKILL, ENGAGEMENT)
OF_ASSIGNMENT = (ENGAGED_FOR, SKILL_ASKED, BASE)

TEAM = (
    Stock(
        "bases.lecturers",
        "讲师",
        "人",
        "期末在册的讲师和讲解员人数，每人按主要角色、主要专长计一次",
        clauses=(Clause(Section.BASES, 14, "讲师团队共有{n}，其中{each}", split=ROLE.key),),
        reads=(*adds(LecturerRegistered), *moves(LecturerChanged), *removes(LecturerRetired)),
        dimensions=OF_LECTURER,
    ),
    Stock(
        "bases.volunteer_lecturers",
        "志愿讲师",
        "人",
        "期末在册的讲师中的志愿者人数",
        clauses=(Clause(Section.BASES, 14, "志愿者共{n}", joint="；"),),
        reads=(
            *adds(LecturerRegistered, engagement=LecturerEngagement.VOLUNTEER),
            *moves(LecturerChanged, engagement=LecturerEngagement.VOLUNTEER),
            *removes(LecturerRetired, engagement=LecturerEngagement.VOLUNTEER),
        ),
        dimensions=(ROLE, SKILL),
    ),
)

WORK = (
    Flow(
        "bases.lectures_assigned",
        "安排讲解",
        "场次",
        "本期为预约和讲习场次安排讲师的场次，扣除解除的；一场两名讲师计两场次",
        reads=(*adds(LecturerAssigned), *removes(LecturerReleased)),
        dimensions=OF_ASSIGNMENT,
    ),
    Flow(
        "bases.lectures_held",
        "讲解场次",
        "场次",
        "本期完成的讲解场次；一场两名讲师计两场次",
        clauses=(Clause(Section.VISITS, 12, "讲师讲解{n}"),),
        reads=adds(LecturerAssignmentCompleted),
        dimensions=OF_ASSIGNMENT,
    ),
    Flow(
        "bases.lecture_hours",
        "讲解时长",
        "小时",
        "本期完成的讲解按安排时长计算的小时数",
        clauses=(Clause(Section.VISITS, 12, "共{n}"),),
        reads=adds(LecturerAssignmentCompleted, "minutes"),
        dimensions=OF_ASSIGNMENT,
        per=60,
        digits=1,
    ),
)

SHIFTS = (
    Flow(
        "bases.guide_shifts_planned",
        "讲解员排班",
        "班次",
        "本期排定的讲解员班次，扣除取消的",
        reads=(*adds(GuideShiftPlanned), *removes(GuideShiftCancelled)),
        dimensions=(BASE,),
    ),
    Flow(
        "bases.guide_shifts_served",
        "讲解员到岗",
        "班次",
        "本期登记到岗的讲解员班次",
        clauses=(Clause(Section.VISITS, 12, "讲解员到岗值班{n}"),),
        reads=(
            *adds(GuideShiftServed),
            *moves(GuideShiftCorrected, outcome=ShiftStatus.SERVED),
        ),
        dimensions=(BASE,),
    ),
    Flow(
        "bases.guide_shifts_missed",
        "讲解员缺岗",
        "班次",
        "本期登记缺岗的讲解员班次",
        reads=(
            *adds(GuideShiftMissed),
            *moves(GuideShiftCorrected, outcome=ShiftStatus.MISSED),
        ),
        dimensions=(BASE,),
    ),
)

RATINGS = (
    Flow(
        "bases.lecturer_ratings",
        "讲师评分次数",
        "次",
        "本期对讲师评分的次数，更改不另计",
        reads=(*adds(LecturerRated), *moves(LecturerRatingChanged)),
        dimensions=(RATED_BY, BASE),
    ),
    Flow(
        "bases.lecturer_stars",
        "讲师评分之和",
        "分",
        "本期对讲师评分的合计，以更改后的为准",
        reads=(*adds(LecturerRated, "stars"), *moves(LecturerRatingChanged, "stars")),
        dimensions=(RATED_BY, BASE),
    ),
    Ratio(
        "bases.lecturer_rating",
        "讲师平均评分",
        "分",
        "讲师评分之和除以评分次数，满分五分",
        clauses=(Clause(Section.VISITS, 12, "讲师平均评分{n}"),),
        over=("bases.lecturer_stars",),
        under=("bases.lecturer_ratings",),
        digits=2,
    ),
)

FIGURES: tuple[Figure, ...] = (*TEAM, *WORK, *SHIFTS, *RATINGS)
NAMES: tuple[Naming, ...] = ()
