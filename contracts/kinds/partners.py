"""Codes of venues that partners offer."""

from contracts.kinds.labelled import Labelled


class ProposalStatus(Labelled):
    PROPOSED = "proposed", "待受理"
    ACCEPTED = "accepted", "已纳入"
    DECLINED = "declined", "未纳入"
    WITHDRAWN = "withdrawn", "已撤回"


class PartnerDeclineReason(Labelled):
    """Seeds of the kinds of `partner-decline-reason`."""

    CONTENT = "content", "展陈内容不适合"
    CAPACITY = "capacity", "场地条件不足"
    SAFETY = "safety", "安全条件不足"
    DISTANCE = "distance", "交通不便"
    STAFF = "staff", "无人接待讲解"
    OTHER = "other", "其他"


class WithdrawnBy(Labelled):
    """Who ended it."""

    PARTNER = "partner", "合作单位"
    BASE = "base", "基地"
