"""Codes of rules and alerts."""

from contracts.kinds.labelled import Labelled


class Severity(Labelled):
    """What a broken rule leads to."""

    BLOCK = "block", "阻止"
    WARN = "warn", "预警"
    HINT = "hint", "提示"


class AlertKind(Labelled):
    """What an alert is about; each room adds its own."""

    BRANCH_TOO_SMALL = "branch-too-small", "正式党员不足三人"
    BRANCH_TOO_LARGE = "branch-too-large", "党支部党员超过五十人"
    GENERAL_BRANCH_SIZE = "general-branch-size", "党总支党员人数不在范围内"
    COMMITTEE_SIZE = "committee-size", "党委党员人数不足"
    COMMITTEE_MISSING = "committee-missing", "应设支部委员会而未设"
    ELECTION_DUE = "election-due", "任期将满，应换届"
