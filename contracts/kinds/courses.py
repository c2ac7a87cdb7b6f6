"""Codes of lecture halls, courses and their sessions (讲习)."""

from contracts.kinds.labelled import Labelled

# Fixed


class SessionStatus(Labelled):
    ANNOUNCED = "announced", "已发布"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "已取消"


class SignUpStatus(Labelled):
    STANDING = "standing", "已报名"
    WITHDRAWN = "withdrawn", "已退出"


class Unmarked(Labelled):
    """What is meant by a sign-up of which nobody noted how many came."""

    ABSENT = "absent", "均未到场"
    CAME = "came", "均已到场"


# Seeds of editable kinds


class LectureHallKind(Labelled):
    """Seeds of the kinds of `lecture-hall`."""

    GRAND_HALL = "grand-hall", "新时代大讲堂"
    STUDY_HALL = "study-hall", "新时代讲习所"
    COMMUNITY_SCHOOL = "community-school", "社区学堂"
    ONLINE_HOME = "online-home", "红色网络教育家园"
    OTHER = "other", "其他讲习场所"


class CourseKind(Labelled):
    """Seeds of the kinds of `course`: ten contents (十大内容), and what fits none of them."""

    THEORY = "theory", "党的创新理论"
    POLICY = "policy", "方针政策"
    HISTORY = "history", "党史国史"
    DISCIPLINE = "discipline", "党章党规党纪"
    LAW = "law", "法律法规"
    MORALS = "morals", "公民道德与家风"
    CULTURE = "culture", "传统文化"
    SKILLS = "skills", "职业技能"
    HEALTH = "health", "健康生活"
    SAFETY = "safety", "安全应急"
    OTHER = "other", "其他课程"


class AudienceKind(Labelled):
    """Seeds of the kinds of `course-audience`: for whom a course is."""

    EVERYBODY = "everybody", "党员群众"
    MEMBERS = "members", "党员"
    CADRES = "cadres", "党务工作者"
    APPLICANTS = "applicants", "入党积极分子"
    RESIDENTS = "residents", "居民"
    EMPLOYEES = "employees", "驻区单位职工"
    YOUTH = "youth", "青少年"
    ELDERLY = "elderly", "老年人"
