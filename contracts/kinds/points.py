"""Codes of the points ledger (正负积分)."""

from contracts.kinds.labelled import Labelled


class SubjectType(Labelled):
    """Whose ledger an entry stands in."""

    MEMBER = "member", "党员"
    REGISTRANT = "registrant", "在职党员"
    ORGANISATION = "organisation", "党组织"


class PointsUnit(Labelled):
    """What the amount of a rule is given for; `times` of an entry counts these."""

    TIME = "time", "次"
    HOUR = "hour", "小时"
    POST = "post", "岗"
    ENTRY = "entry", "笔"


class PointsReason(Labelled):
    """Why an entry stands in the ledger, or why it was reversed."""

    BY_RULE = "by-rule", "按规则自动记分"
    BY_OFFICER = "by-officer", "人工记分"
    ENTERED_WRONGLY = "entered-wrongly", "录入有误"
    SOURCE_WITHDRAWN = "source-withdrawn", "原始记录已撤销"
    APPEAL_UPHELD = "appeal-upheld", "申诉成立"


class PointsRuleCode(Labelled):
    """The rules a deployment begins with. Districts add their own and renew these."""

    ACTIVITY_ATTENDED = "activity.attended", "参加组织生活"
    ACTIVITY_MISSED = "activity.missed", "无故缺席组织生活"
    SERVICE_DONE = "service.done", "志愿服务时长"
    POST_FULFILLED = "post.fulfilled", "认领岗位履职"
    VISIT_COMPLETED = "visit.completed", "到基地开展组织生活"
    BOOKING_MISSED = "booking.missed", "预约基地未到场"
    ERRAND_FINISHED = "errand.finished", "代办事项办结"
    WISH_FULFILLED = "wish.fulfilled", "实现微心愿"
    PLEDGE_KEPT = "pledge.kept", "兑现承诺"
    DONATION_MADE = "donation.made", "捐款捐物"
    DUTY_ATTENDED = "duty.attended", "值班值勤到岗"
    DUTY_MISSED = "duty.missed", "值班值勤缺岗"
    OFFICER_REWARD = "officer.reward", "人工加分"
    OFFICER_PENALTY = "officer.penalty", "人工扣分"
    OFFICER_ADJUSTMENT = "officer.adjustment", "人工调整"
