"""Codes of what visitors say about their visit."""

from contracts.kinds.labelled import Labelled


class FeedbackAspect(Labelled):
    """What may be rated besides the whole."""

    VENUE = "venue", "场馆"
    GUIDING = "guiding", "讲解"
    SERVICE = "service", "组织服务"


class FeedbackVerdict(Labelled):
    """What a score comes to: 4 and 5, 3, and 1 and 2 of 5."""

    SATISFIED = "satisfied", "满意"
    NEUTRAL = "neutral", "一般"
    DISSATISFIED = "dissatisfied", "不满意"
