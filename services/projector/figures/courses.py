"""Figures of lecture halls, courses and sessions. Person-times only: nobody is known."""

from contracts.bases.courses import (
    CourseChanged,
    CoursePublished,
    CourseRetired,
    LectureHallChanged,
    LectureHallClosed,
    LectureHallOpened,
    SessionCancelled,
    SessionCompleted,
    SignUpAccepted,
    SignUpChanged,
    SignUpWithdrawn,
)
from contracts.kinds import Channel
from contracts.kinds.courses import AudienceKind, CourseKind, LectureHallKind
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Flow,
    Naming,
    Ratio,
    Section,
    Stock,
    Variety,
    adds,
    moves,
    removes,
)

HALL_KIND = Dimension.of_family("hall_kind", "讲习场所类别", "lecture-hall", LectureHallKind)
KIND_OF_HALL = Dimension.of_family(
    "hall_kind", "讲习场所类别", "lecture-hall", LectureHallKind, read="kind"
)
COURSE_KIND = Dimension.of_family("course_kind", "课程类别", "course", CourseKind)
KIND_OF_COURSE = Dimension.of_family("course_kind", "课程类别", "course", CourseKind, read="kind")
AUDIENCE = Dimension.of_family("audience_kind", "授课对象", "course-audience", AudienceKind)
CHANNEL = Dimension.of_kinds("channel", "报名方式", Channel)
BASE = Dimension.of_things(Family.BASE, "基地", read="base_id")
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "报名党组织", read="organisation_id")

OF_SESSION = (COURSE_KIND, AUDIENCE, HALL_KIND, BASE)
OF_SIGN_UP = (COURSE_KIND, CHANNEL, ORGANISATION)

SITES = (
    Stock(
        "bases.lecture_halls",
        "讲习场所",
        "个",
        "期末挂牌的讲习场所数",
        clauses=(Clause(Section.BASES, 12, "挂牌讲习场所{n}，其中{each}", split=HALL_KIND.key),),
        reads=(
            *adds(LectureHallOpened),
            *moves(LectureHallChanged),
            *removes(LectureHallClosed),
        ),
        dimensions=(KIND_OF_HALL, BASE),
    ),
    Stock(
        "bases.courses",
        "讲习课程",
        "门",
        "期末开设的讲习课程数",
        clauses=(Clause(Section.BASES, 13, "开设课程{n}"),),
        reads=(*adds(CoursePublished), *moves(CourseChanged), *removes(CourseRetired)),
        dimensions=(KIND_OF_COURSE, AUDIENCE),
    ),
    Variety(
        "bases.course_kinds",
        "课程类数",
        "类",
        "期末开设的讲习课程分属的类数",
        clauses=(Clause(Section.BASES, 13, "共{n}"),),
        of="bases.courses",
        split=COURSE_KIND.key,
    ),
)

SESSIONS = (
    Flow(
        "bases.sessions_held",
        "讲习活动",
        "场",
        "本期举办的讲习场次数，含补录",
        clauses=(Clause(Section.VISITS, 11, "开展讲习活动{n}"),),
        reads=adds(SessionCompleted),
        dimensions=OF_SESSION,
    ),
    Flow(
        "bases.session_person_times",
        "讲习参加人次",
        "人次",
        "本期讲习活动的实际参加人次，含未报名到场的",
        clauses=(Clause(Section.VISITS, 11, "参与{n}"),),
        reads=adds(SessionCompleted, "attended_headcount"),
        dimensions=OF_SESSION,
    ),
    Flow(
        "bases.session_walk_ins",
        "讲习未报名到场人次",
        "人次",
        "本期讲习活动未报名而到场的人次",
        reads=adds(SessionCompleted, "walk_in_headcount"),
        dimensions=OF_SESSION,
    ),
    Flow(
        "bases.session_absences",
        "讲习报名未到人次",
        "人次",
        "本期讲习活动已报名而未到场的人次",
        reads=adds(SessionCompleted, "absent_headcount"),
        dimensions=OF_SESSION,
    ),
    Ratio(
        "bases.persons_per_session",
        "平均每场人次",
        "人次",
        "讲习参加人次除以讲习场次",
        clauses=(Clause(Section.VISITS, 11, "平均每场{n}"),),
        over=("bases.session_person_times",),
        under=("bases.sessions_held",),
    ),
    Flow(
        "bases.sessions_cancelled",
        "取消的讲习场次",
        "场",
        "本期取消的讲习场次数",
        reads=adds(SessionCancelled),
        dimensions=OF_SESSION,
    ),
    Flow(
        "bases.session_sign_ups",
        "讲习报名人次",
        "人次",
        "本期报名讲习活动的人次，扣除退出的",
        reads=(
            *adds(SignUpAccepted, "headcount"),
            *moves(SignUpChanged, "headcount"),
            *removes(SignUpWithdrawn, "headcount"),
        ),
        dimensions=OF_SIGN_UP,
    ),
)

FIGURES = (*SITES, *SESSIONS)

NAMES: tuple[Naming, ...] = ()
