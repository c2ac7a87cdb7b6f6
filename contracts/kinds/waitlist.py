"""Codes of the waiting list."""

from contracts.kinds.labelled import Labelled


class EntryStatus(Labelled):
    """Where an entry of the waiting list stands; the first two are live."""

    WAITING = "waiting", "候补中"
    OFFERED = "offered", "待答复"
    ACCEPTED = "accepted", "已接受"
    DECLINED = "declined", "已放弃"
    EXPIRED = "expired", "逾期未答复"
    LEFT = "left", "已退出"
    LAPSED = "lapsed", "已失效"
