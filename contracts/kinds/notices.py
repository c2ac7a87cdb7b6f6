"""Codes of notices to those who book."""

from contracts.kinds.labelled import Labelled


class NoticeKind(Labelled):
    """What somebody is told."""

    REQUESTED = "requested", "预约已受理"
    ENDORSED = "endorsed", "预约已初审"
    CONFIRMED = "confirmed", "预约已确认"
    DECLINED = "declined", "预约未批准"
    CANCELLED = "cancelled", "预约已取消"
    CANCELLED_BY_BASE = "cancelled-by-base", "基地取消预约"
    RESCHEDULED = "rescheduled", "预约已改期"
    LAPSED = "lapsed", "预约已失效"
    REMINDER = "reminder", "到访提醒"
    NO_SHOW = "no-show", "未到场记录"
    NO_SHOW_RETRACTED = "no-show-retracted", "未到场记录撤回"
    WAITING_TIME = "waiting-time", "暂停预约"
    OFFER = "offer", "候补名额"
    OFFER_EXPIRED = "offer-expired", "候补名额过期"
    OFFER_WITHDRAWN = "offer-withdrawn", "候补名额收回"
    WAITLIST_LAPSED = "waitlist-lapsed", "候补失效"


class DeliveryChannel(Labelled):
    """How a notice reached those it is for."""

    SMS = "sms", "短信"
    WECHAT = "wechat", "微信"
    PHONE = "phone", "电话"
    LETTER = "letter", "书面"
    IN_PERSON = "in-person", "当面告知"
