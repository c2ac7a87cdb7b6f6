"""Codes of lecturers and guides, of what they are engaged for, and of how it went."""

from contracts.kinds.labelled import Labelled


class LecturerRole(Labelled):
    """Seeds of the kinds of `lecturer-role`."""

    LECTURER = "lecturer", "讲师"
    GUIDE = "guide", "讲解员"
    PROJECTIONIST = "projectionist", "放映员"
    HOST = "host", "主持人"


class LecturerSkill(Labelled):
    """Seeds of the kinds of `lecturer-skill`; menu items say which of them they need."""

    PARTY_HISTORY = "party-history", "党史"
    THEORY = "theory", "理论宣讲"
    POLICY = "policy", "政策解读"
    EXHIBITION = "exhibition", "展厅讲解"
    CEREMONY = "ceremony", "主持仪式"
    FILM = "film", "放映"
    OTHER = "other", "其他"


class LecturerEngagement(Labelled):
    """On what terms somebody lectures."""

    VOLUNTEER = "volunteer", "志愿者"
    STAFF = "staff", "在岗人员"
    GUEST = "guest", "特邀人员"


class AbsenceKind(Labelled):
    """What departs from a lecturer's weekly times; leave goes before extra time."""

    LEAVE = "leave", "请假"
    EXTRA = "extra", "加时"


class EngagedFor(Labelled):
    """What a lecturer is assigned to."""

    BOOKING = "booking", "预约"
    SESSION = "session", "讲习场次"
    SHIFT = "shift", "值班班次"


class ShiftStatus(Labelled):
    PLANNED = "planned", "已排班"
    CANCELLED = "cancelled", "已取消"
    SERVED = "served", "已到岗"
    MISSED = "missed", "缺岗"


class RatedBy(Labelled):
    VISITORS = "visitors", "来访方"
    STAFF = "staff", "基地工作人员"
