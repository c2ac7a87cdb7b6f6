"""Codes of closures."""

from contracts.kinds.labelled import Labelled


class ClosureReason(Labelled):
    """Seeds of the kinds of `closure-reason`."""

    MAINTENANCE = "maintenance", "设施维护"
    REFIT = "refit", "布展改造"
    INTERNAL_EVENT = "internal-event", "内部活动"
    WEATHER = "weather", "天气原因"
    SAFETY = "safety", "安全检查"
    OTHER = "other", "其他"


class ClosureStage(Labelled):
    """How far a closure had come when it was withdrawn."""

    AHEAD = "ahead", "尚未开始"
    UNDER_WAY = "under-way", "进行中"
