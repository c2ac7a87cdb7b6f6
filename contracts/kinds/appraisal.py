"""Codes of the yearly democratic appraisal (民主评议党员)."""

from contracts.kinds.labelled import Labelled


class AppraisalResult(Labelled):
    """Best first. What members say of themselves and of each other, and what is decided."""

    EXCELLENT = "excellent", "优秀"
    QUALIFIED = "qualified", "合格"
    BASIC = "basic", "基本合格"
    UNQUALIFIED = "unqualified", "不合格"


class AppraisalState(Labelled):
    OPEN = "open", "进行中"
    CLOSED = "closed", "已完成"


class AppraisalFeedback(Labelled):
    """What an employer, or the branch where a member really lives, reports."""

    GOOD = "good", "好"
    FAIR = "fair", "较好"
    ORDINARY = "ordinary", "一般"
    POOR = "poor", "差"
