"""Codes of transfers of membership."""

from contracts.kinds.labelled import Labelled


class TransferState(Labelled):
    """Where a transfer stands. Only a sent one is open: the sender is responsible and counts."""

    SENT = "sent", "已开出"
    RECEIVED = "received", "已接收"
    RETURNED = "returned", "已退回"
    EXPIRED = "expired", "已过期"
    CANCELLED = "cancelled", "已撤销"


class TransferDirection(Labelled):
    """Between which sides: both in this platform, or one of them outside."""

    INSIDE = "inside", "平台内转接"
    OUT = "out", "转往平台外"
    IN = "in", "由平台外转入"


class TransferCause(Labelled):
    """Why the membership moves; seeds the editable kinds of `transfer-cause`."""

    WORK = "work", "工作调动"
    HOME = "home", "居住地变动"
    RETIRED = "retired", "离退休"
    STUDY = "study", "升学、毕业"
    DEMOBILISED = "demobilised", "退役、转业"
    REORGANISED = "reorganised", "党组织调整"
    OTHER = "other", "其他"


class ReturnReason(Labelled):
    """Why the receiver sends a letter back; seeds the editable kinds of `transfer-return`.

    《中国共产党党员教育管理工作条例》第二十五条: nobody refuses without cause.
    """

    WRONG_ORGANISATION = "wrong-organisation", "去向党组织有误"
    LETTER_FAULTY = "letter-faulty", "介绍信内容有误"
    DUES_UNCLEAR = "dues-unclear", "党费交纳情况不清"
    FILE_INCOMPLETE = "file-incomplete", "党员档案材料不全"
    NOT_HERE = "not-here", "本人未到该地工作或居住"
    OTHER = "other", "其他"
