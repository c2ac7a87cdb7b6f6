"""Whom to call about a booking: kept sealed, masked in views, and not for ever."""

from datetime import date, datetime, timedelta

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.errors import Conflict
from services.chassis.rules import Rule, Stated

SINCE = date(2012, 1, 1)
"""Before the first entry of any ledger."""


class ContactRetention(Rule):
    code = "booking.contact-retention"
    label = "预约联系方式保留天数"

    days: int = Field(ge=0, le=3660, title="预约结束后的天数")

    def ended_by(self, now: datetime) -> datetime:
        """Whatever has ended by then is kept no longer."""
        return now - timedelta(days=self.days)


class ContactErased(Conflict):
    code = "contact-erased"
    title, title_zh = "Contact data were erased, and are kept no more", "联系方式已按期销毁"


RULES: tuple[type[Rule], ...] = (ContactRetention,)

SEEDS = (
    Stated(
        ContactRetention(days=30),
        "1",
        SINCE,
        Severity.BLOCK,
        "《个人信息保护法》第十九条（最短必要时间）；天数为示范数值，由区县发布",
    ),
)
