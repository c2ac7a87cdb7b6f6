"""Codes of working members, posts and claims. Kinds of post, occupations and skills are data."""

from contracts.kinds.labelled import Labelled


class ServicePostKind(Labelled):
    """What a post is for (志愿服务类别)."""

    ELDERLY_CARE = "elderly-care", "助老帮扶"
    LEGAL_MEDIATION = "legal-mediation", "法律调解"
    MEDICAL_ADVICE = "medical-advice", "医疗咨询"
    POLICY_TALKS = "policy-talks", "政策宣讲"
    CIVIC_MANNERS = "civic-manners", "文明劝导"
    ENVIRONMENT = "environment", "环境整治"
    PATROL = "patrol", "治安巡防"
    TUTORING = "tutoring", "助学辅导"
    CULTURE_SPORTS = "culture-sports", "文体活动"
    COUNSELLING = "counselling", "心理疏导"
    REPAIRS = "repairs", "便民维修"
    HARDSHIP_AID = "hardship-aid", "扶贫助残"
    EMERGENCY = "emergency", "应急防控"
    OTHER = "other", "其他服务"


class WorkingOccupation(Labelled):
    CIVIL_SERVANT = "civil-servant", "机关公务员"
    TEACHER = "teacher", "教师"
    MEDICAL = "medical", "医护人员"
    LAWYER = "lawyer", "法律工作者"
    POLICE = "police", "公安干警"
    MANAGER = "manager", "企业管理人员"
    ENGINEER = "engineer", "工程技术人员"
    RESEARCHER = "researcher", "科研人员"
    FINANCE = "finance", "金融财会人员"
    MEDIA = "media", "新闻文化工作者"
    WORKER = "worker", "工人"
    OTHER = "other", "其他职业"


class Skill(Labelled):
    """What somebody is good at (个人专长)."""

    LAW = "law", "法律"
    MEDICINE = "medicine", "医疗"
    NURSING = "nursing", "护理照料"
    TEACHING = "teaching", "教育辅导"
    COUNSELLING = "counselling", "心理咨询"
    MEDIATION = "mediation", "矛盾调解"
    POLICY = "policy", "政策理论"
    REPAIRS = "repairs", "水电维修"
    COMPUTING = "computing", "信息技术"
    ARTS = "arts", "书画文艺"
    SPORTS = "sports", "体育健身"
    LANGUAGES = "languages", "外语翻译"
    FINANCE = "finance", "财会金融"
    RESCUE = "rescue", "应急救护"
    ORGANISING = "organising", "组织协调"
    OTHER = "other", "其他专长"


class RegistrantState(Labelled):
    ACTIVE = "active", "在册"
    LEFT = "left", "已离开"


class ClaimState(Labelled):
    HELD = "held", "认领中"
    ENDED = "ended", "已结束"


class ClaimEnd(Labelled):
    """Why a claim ended."""

    WITHDRAWN = "withdrawn", "本人退出"
    RELEASED = "released", "社区解除"
    POST_CLOSED = "post-closed", "岗位撤销"
    REGISTRANT_LEFT = "registrant-left", "离开社区"


class ServiceTime(Labelled):
    """When service was done, against working hours (八小时内外)."""

    OFF_HOURS = "off-hours", "八小时外"
    WORKING_HOURS = "working-hours", "八小时内"
    UNSTATED = "unstated", "未注明时间"


class FeedbackReason(Labelled):
    """Why a letter to an employer is written again."""

    CORRECTED = "corrected", "数据更正"
    SUPPLEMENTED = "supplemented", "补录后重出"
    LOST = "lost", "遗失补发"
    ASKED = "asked", "单位要求"
