"""Codes of members: how far they are, where they are, what they do."""

from contracts.kinds.labelled import Labelled


class MemberState(Labelled):
    """Only probationary and full members count as members."""

    APPLICANT = "applicant", "入党申请人"
    ACTIVIST = "activist", "入党积极分子"
    TARGET = "target", "发展对象"
    PROBATIONARY = "probationary", "预备党员"
    FULL = "full", "正式党员"
    LEFT = "left", "已离开"


COUNTED = frozenset({MemberState.PROBATIONARY, MemberState.FULL})
"""Members in the sense of every count of members."""


class LeavingReason(Labelled):
    TRANSFERRED_OUT = "transferred-out", "组织关系转出"
    DECEASED = "deceased", "去世"
    REMOVED = "removed", "除名"
    EXPELLED = "expelled", "开除党籍"
    SELF_REMOVED = "self-removed", "自行脱党"
    STOPPED = "stopped", "停止党籍"
    PROBATION_CANCELLED = "probation-cancelled", "取消预备党员资格"
    DISCONTINUED = "discontinued", "终止培养"


class ChangeReason(Labelled):
    """Why a member's state or branch changed, other than by leaving."""

    ENTERED = "entered", "录入"
    RECOGNISED = "recognised", "确定为入党积极分子"
    LISTED = "listed", "列为发展对象"
    ACCEPTED = "accepted", "接收为预备党员"
    CONFIRMED = "confirmed", "转为正式党员"
    EXTENDED = "extended", "延长预备期"
    RESTORED = "restored", "恢复党籍"
    REAPPLIED = "reapplied", "重新申请入党"
    TRANSFERRED_IN = "transferred-in", "组织关系转入"
    TRANSFERRED = "transferred", "组织关系转接"
    REASSIGNED = "reassigned", "调整党支部"
    MERGED = "merged", "党支部合并"
    AREA_CHANGED = "area-changed", "党支部区划变更"
    CORRECTED = "corrected", "更正"


class Whereabouts(Labelled):
    """Whether the branch has the member near, away, or out of contact. One of the three."""

    HERE = "here", "在地"
    AWAY = "away", "流动"
    LOST = "lost", "失联"


class Education(Labelled):
    """Highest schooling. In rising order."""

    PRIMARY = "primary", "小学及以下"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中、中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    POSTGRADUATE = "postgraduate", "研究生"
    UNKNOWN = "unknown", "未填"


HIGH_SCHOOL = (Education.SENIOR, Education.COLLEGE, Education.BACHELOR, Education.POSTGRADUATE)
"""高中以上学历."""


class WorkStatus(Labelled):
    EMPLOYED = "employed", "在职"
    RETIRED = "retired", "离退休"
    SELF_EMPLOYED = "self-employed", "灵活就业"
    FARMING = "farming", "务农"
    STUDENT = "student", "在校学生"
    UNEMPLOYED = "unemployed", "未就业"
    UNKNOWN = "unknown", "未填"


class Occupation(Labelled):
    WORKER = "worker", "工人"
    FARMER = "farmer", "农牧渔民"
    PROFESSIONAL = "professional", "专业技术人员"
    MANAGER = "manager", "企事业单位管理人员"
    OFFICIAL = "official", "党政机关工作人员"
    COMMUNITY_WORKER = "community-worker", "社区工作者"
    STUDENT = "student", "学生"
    OTHER = "other", "其他"
    UNKNOWN = "unknown", "未填"


class Health(Labelled):
    """What organisation life may ask of a member; no diagnosis. Never in an event."""

    ABLE = "able", "能正常参加"
    FRAIL = "frail", "年老体弱"
    ILL_OR_DISABLED = "ill-or-disabled", "病残"


class JoiningStep(Labelled):
    """What is recorded on the way into the organisation, in the usual order."""

    APPLICATION = "application", "递交入党申请书"
    TALK = "talk", "派人谈话"
    ACTIVIST = "activist", "确定为入党积极分子"
    ACTIVIST_CHECK = "activist-check", "半年考察"
    ACTIVIST_TRAINING = "activist-training", "积极分子培训学习"
    NOTICE = "notice", "发展对象公示"
    TARGET = "target", "列为发展对象"
    TRAINING = "training", "发展对象集中培训"
    POLITICAL_REVIEW = "political-review", "政治审查"
    PRE_REVIEW = "pre-review", "上级党委预审"
    BRANCH_MEETING = "branch-meeting", "支部大会接收"
    APPROVAL = "approval", "上级党委审批"
    OATH = "oath", "入党宣誓"
    FULL_MEETING = "full-meeting", "支部大会讨论转正"
    FULL_APPROVAL = "full-approval", "审批转正"


class HeadcountKind(Labelled):
    """Seeds of what is entered as a number of people, never as a list of them."""

    SERVED = "served", "服务管理党员"
    HEALTH_CHECK = "health-check", "老党员免费体检"
    HARDSHIP_VISIT = "hardship-visit", "慰问困难党员"
    ELDERLY_GIFT = "elderly-gift", "为高龄老人送礼品"
    MULTISKILL_TRAINING = "multiskill-training", "社工一专多能培训"
    ASSISTANT_SOCIAL_WORKER = "assistant-social-worker", "考取助理社工师"
    SOCIAL_WORKER = "social-worker", "考取社工师"


class YearsOf(Labelled):
    """What a threshold in years counts."""

    LIFE = "life", "年龄"
    MEMBERSHIP = "membership", "党龄"


class HolderKind(Labelled):
    """Who serves, goes on duty or looks after a grid: registered with a branch, or from outside."""

    MEMBER = "member", "自管党员"
    REGISTRANT = "registrant", "在职党员"
