"""The numbers offers go by, as data."""

from datetime import date, datetime, timedelta

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import Rule, Stated

SINCE = date(2012, 1, 1)
"""Before the first entry of any ledger."""


class WaitlistOffer(Rule):
    code = "waitlist.offer"
    label = "候补名额的答复期限"

    hours: int = Field(ge=1, le=720, title="答复小时数")
    least_notice_minutes: int = Field(
        ge=0, le=43_200, title="开始前至少分钟数", description="Nothing is offered later than this."
    )

    def expires(self, starts_at: datetime, notice_minutes: int, *, at: datetime) -> datetime | None:
        """When an offer made `at` ends; `None` when it is too late for one.

        `notice_minutes` are what the base asks of any request, so that an answer in time is not
        refused for being late.
        """
        notice = max(self.least_notice_minutes, notice_minutes)
        last = starts_at - timedelta(minutes=notice)
        return min(at + timedelta(hours=self.hours), last) if at < last else None


RULES: tuple[type[Rule], ...] = (WaitlistOffer,)

SEEDS = (
    Stated(
        WaitlistOffer(hours=24, least_notice_minutes=120),
        "1",
        SINCE,
        Severity.BLOCK,
        "示范数值，由区县按场馆管理办法发布",
    ),
)
