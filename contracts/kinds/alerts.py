"""Codes of rules and alerts."""

from contracts.kinds.labelled import Labelled


class Severity(Labelled):
    """What a broken rule leads to."""

    BLOCK = "block", "阻止"
    WARN = "warn", "预警"
    HINT = "hint", "提示"


class AlertKind(Labelled):
    """What an alert is about; each room adds its own."""

    BRANCH_TOO_SMALL = "branch-too-small", "党支部正式党员人数不足"
    BRANCH_TOO_LARGE = "branch-too-large", "党支部党员人数偏多"
    GENERAL_BRANCH_SIZE = "general-branch-size", "党总支党员人数不在范围内"
    COMMITTEE_SIZE = "committee-size", "党委党员人数不足"
    COMMITTEE_MISSING = "committee-missing", "应设支部委员会而未设"
    TASK_DUE = "task-due", "任务将到期或已逾期"
    FUND_BELOW_MINIMUM = "fund-below-minimum", "社区经费低于下限"
    ELECTION_DUE = "election-due", "任期将满，应换届"
    COVERAGE_DUE = "coverage-due", "两新组织应建党组织而未建"
    INSTRUCTOR_VISIT_DUE = "instructor-visit-due", "党建指导员当月未走访"
    RESERVE_TOO_SMALL = "reserve-too-small", "社区后备干部不足"
    JOINING_OVERDUE = "joining-overdue", "发展党员步骤逾期"
    MOBILE_OVERDUE = "mobile-overdue", "流动六个月以上未转接组织关系"
    LOST_STOP_DUE = "lost-stop-due", "失联六个月以上，应停止党籍"
    LOST_REMOVE_DUE = "lost-remove-due", "停止党籍两年仍失联，应予除名"
    SELF_REMOVAL_NEAR = "self-removal-near", "连续不参加组织生活，接近自行脱党期限"
    CALENDAR_MISSING = "calendar-missing", "年度节假日安排尚未录入"
    TRANSFER_NEAR_EXPIRY = "transfer-near-expiry", "介绍信将到期，尚未接收"
    TRANSFER_EXPIRED = "transfer-expired", "介绍信已过期，应重新办理转接"
    DUES_OVERDUE = "dues-overdue", "连续未交纳党费"
    DUES_OVERDUE_AGAIN = "dues-overdue-again", "连续未交纳党费，接近处置界限"
    DUES_LIMIT = "dues-limit", "连续六个月未交纳党费"
    CLAIMS_SHORT = "claims-short", "在职党员认领岗位不足"
    FEEDBACK_DUE = "feedback-due", "应向在职党员所在单位反馈"
    CADENCE_OVERDUE = "cadence-overdue", "应开展的组织生活未按期开展"
    SERVICE_UNANSWERED = "service-unanswered", "点单超过响应时限仍未派单"
    HELP_VISIT_DUE = "help-visit-due", "帮扶走访到期"
    HELP_FILE_EXPIRING = "help-file-expiring", "民情档案即将到期"
    APPRAISAL_DUE = "appraisal-due", "年度民主评议未完成"


class CobuildingAlertKind(Labelled):
    """Of the cobuilding service."""

    RENEWAL_DUE = "renewal-due", "协议即将到期，应商定续签"
    UNDERTAKING_OVERDUE = "undertaking-overdue", "承诺事项到期未评定"
