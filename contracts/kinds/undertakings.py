"""Codes of undertakings (事项): what somebody promised, or was asked, to have done by a day."""

from contracts.kinds.labelled import Labelled


class UndertakingKind(Labelled):
    """Seeds of the kinds of `undertaking`: what a promise is about."""

    SERVICE = "service", "志愿服务"
    VENUE = "venue", "场地开放"
    FUNDS = "funds", "资金支持"
    GOODS = "goods", "物资支持"
    TRAINING = "training", "教育培训"
    EMPLOYMENT = "employment", "就业帮扶"
    AID = "aid", "困难帮扶"
    ENVIRONMENT = "environment", "环境整治"
    SAFETY = "safety", "平安共建"
    CULTURE = "culture", "文体活动"
    MEETING = "meeting", "联席议事"
    OTHER = "other", "其他事项"


class UndertakingStatus(Labelled):
    OPEN = "open", "未评定"
    MET = "met", "已兑现"
    PARTLY = "partly", "部分兑现"
    NOT_MET = "not-met", "未兑现"
    VOID = "void", "不再要求"


class VoidReason(Labelled):
    """Seeds of the kinds of `undertaking-void`."""

    AGREEMENT_ENDED = "agreement-ended", "协议已终止"
    AMENDED = "amended", "协议已变更"
    NO_LONGER_NEEDED = "no-longer-needed", "情况变化不再需要"
    MISTAKE = "mistake", "登记有误"
