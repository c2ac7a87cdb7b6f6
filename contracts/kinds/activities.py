"""Codes of activities. Kinds, colours, forms and outputs are data: these are the first ones."""

from contracts.kinds.labelled import Labelled


class ActivityKind(Labelled):
    """Seeds of family `activity`; `ACTIVITY_PARENT` says which stand below which."""

    THREE_MEETINGS = "three-meetings", "三会一课"
    MEMBERS_MEETING = "members-meeting", "支部党员大会"
    COMMITTEE_MEETING = "committee-meeting", "支部委员会"
    GROUP_MEETING = "group-meeting", "党小组会"
    LECTURE = "lecture", "党课"
    THEME_DAY = "theme-day", "主题党日"
    LIFE_DAY = "life-day", "固定组织生活日"
    LIFE_MEETING = "life-meeting", "组织生活会"
    APPRAISAL_MEETING = "appraisal-meeting", "民主评议会"
    TALK = "talk", "谈心谈话"
    BASE_VISIT = "base-visit", "基地参观学习"
    STUDY = "study", "学习"
    SEMINAR = "seminar", "专题学习研讨"
    WEEKLY_REVIEW = "weekly-review", "每周回顾学习"
    HOME_STUDY = "home-study", "送学上门"
    ONLINE_STUDY = "online-study", "线上学习"
    QUIZ = "quiz", "知识测试和竞赛"
    TRAINING = "training", "培训"
    TRAINING_SESSION = "training-session", "集中培训"
    TRAINING_BY_MEETING = "training-by-meeting", "以会代训"
    SOCIAL_WORKER_TRAINING = "social-worker-training", "社工培训"
    STUDY_VISIT = "study-visit", "外出培训考察"
    FIELD_VISIT = "field-visit", "实地考察"
    VOLUNTEERING = "volunteering", "志愿服务活动"
    WORKING_VOLUNTEERING = "working-volunteering", "在职党员进社区志愿服务"
    WARM_SERVICE = "warm-service", "暖心服务"
    CAMPAIGN = "campaign", "主题活动"
    PREACHING = "preaching", "宣讲"
    FORUM = "forum", "大家谈"
    SIX_ONES = "six-ones", "六个一系列活动"
    FESTIVITY = "festivity", "节日活动"
    RECEPTION = "reception", "接待"
    MEETING = "meeting", "会议"
    JOINT_MEETING = "joint-meeting", "联席会议"
    MONTHLY_MEETING = "monthly-meeting", "党建例会"
    BIMONTHLY_FORUM = "bimonthly-forum", "双月座谈会"
    COMMUNITY_COMMITTEE = "community-committee", "社区党委会议"
    REPORT_HEARING = "report-hearing", "党建工作情况汇报会"
    ADVANCE_MEETING = "advance-meeting", "推进会"
    VENUE_MEETING = "venue-meeting", "场馆合作专题会议"
    CONDOLENCE = "condolence", "慰问"
    SUPERVISION = "supervision", "督导"


_BELOW = {
    ActivityKind.THREE_MEETINGS: "members-meeting committee-meeting group-meeting lecture",
    ActivityKind.STUDY: "seminar weekly-review home-study online-study quiz",
    ActivityKind.TRAINING: (
        "training-session training-by-meeting social-worker-training study-visit"
    ),
    ActivityKind.VOLUNTEERING: "working-volunteering warm-service",
    ActivityKind.CAMPAIGN: "preaching forum six-ones festivity",
    ActivityKind.MEETING: (
        "joint-meeting monthly-meeting bimonthly-forum community-committee report-hearing"
        " advance-meeting venue-meeting"
    ),
    ActivityKind.SUPERVISION: "field-visit",
}
ACTIVITY_PARENT: dict[ActivityKind, ActivityKind] = {
    ActivityKind(code): parent for parent, codes in _BELOW.items() for code in codes.split()
}

_TEACHES = (
    "lecture theme-day seminar weekly-review home-study online-study training training-session"
    " training-by-meeting study-visit"
)
ACTIVITY_TRAITS: dict[ActivityKind, dict[str, object]] = {
    **{ActivityKind(code): {"training": True} for code in _TEACHES.split()},
    ActivityKind.THEME_DAY: {"training": True, "variants": "theme-colour"},
    ActivityKind.LECTURE: {"training": True, "variants": "lecture-form"},
}
"""`training`: its time counts for the yearly hours; `variants`: the family of its variants."""


class ThemeColour(Labelled):
    """Seeds of family `theme-colour`: 五彩主题党日."""

    RED = "red", "红色"
    BLUE = "blue", "蓝色"
    ORANGE = "orange", "橙色"
    YELLOW = "yellow", "黄色"
    GREEN = "green", "绿色"


class LectureForm(Labelled):
    """Seeds of family `lecture-form`: 四式实践党课."""

    EXPERIENCE = "experience", "体验式"
    INTERACTIVE = "interactive", "互动式"
    CREATIVE = "creative", "创意式"
    SCENARIO = "scenario", "情景式"


class OutputKind(Labelled):
    """Seeds of family `activity-output`: what came of it, counted in its own unit."""

    NOTES = "notes", "学习笔记"
    ESSAY = "essay", "征文"
    REFLECTION = "reflection", "心得体会"
    DUMPLING = "dumpling", "饺子"
    LEAFLET = "leaflet", "宣传资料"
    CERTIFICATE = "certificate", "通过的职业资格"
    SUGGESTION = "suggestion", "意见建议"
    HOUSEHOLD = "household", "走访慰问户数"


class ActivityStatus(Labelled):
    PLANNED = "planned", "已计划"
    HELD = "held", "已开展"
    CANCELLED = "cancelled", "已取消"
    RETRACTED = "retracted", "已撤销"


class RetractReason(Labelled):
    """Why a registration is taken back."""

    ENTERED_WRONGLY = "entered-wrongly", "录入有误"
    DUPLICATE = "duplicate", "重复登记"
    CORRECTED = "corrected", "更正，随后重新登记"


class Presence(Labelled):
    INVITED = "invited", "已通知"
    PRESENT = "present", "出席"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"


class LeaveReason(Labelled):
    """Why somebody is excused."""

    DUTY = "duty", "因公"
    ILLNESS = "illness", "因病"
    PRIVATE = "private", "因事"
    AWAY = "away", "外出"
