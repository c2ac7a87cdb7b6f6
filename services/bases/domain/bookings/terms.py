"""The numbers bookings go by, as data. A base may state terms of its own over those of all.

The values are examples (示范数值), after what museums publish; a district states its own.
"""

from datetime import date

from pydantic import Field

from contracts.kinds import VisitorLevel
from contracts.kinds.alerts import Severity
from contracts.kinds.bases import QuotaSpan
from services.chassis.rules import Rule, Stated

SINCE = date(2012, 1, 1)
"""Before the first entry of any ledger: what is entered afterwards has rules, too."""

SAMPLE = "示范数值，由区县按场馆管理办法发布"

MORE_THAN_ALL = 10_000_000


class BookingTerms(Rule):
    code = "booking.terms"
    label = "预约条件"

    notice_minutes: int = Field(default=60, ge=0, le=525_600, title="至少提前分钟数")
    horizon_days: int = Field(default=366, ge=1, le=3660, title="至多提前天数")
    longest_minutes: int = Field(default=1440, ge=15, le=1440, title="一次最长分钟数")
    per_week: int | None = Field(default=None, ge=0, title="每个组织每周至多次数")
    per_month: int | None = Field(default=None, ge=0, title="每个组织每月至多次数")
    per_year: int | None = Field(default=None, ge=0, title="每个组织每年至多次数")
    second_step_headcount: int = Field(
        default=MORE_THAN_ALL, ge=1, title="需复核的最少人数", description="From so many people on."
    )
    second_step_levels: tuple[VisitorLevel, ...] = Field(default=(), title="需复核的来访层级")
    second_step_off_days: bool = Field(default=False, title="非工作日预约需复核")
    cancel_minutes: int = Field(default=1440, ge=0, le=525_600, title="来访方至少提前取消分钟数")
    check_in_minutes: int = Field(default=120, ge=0, le=1440, title="可提前签到分钟数")
    release_minutes: int = Field(
        default=30, ge=0, le=1440, title="开始后未签到即释放的分钟数", description="By the clock."
    )

    @property
    def limited(self) -> bool:
        """Whether an organisation may book only so often."""
        return any(self.most(span) is not None for span in QuotaSpan)

    def most(self, span: QuotaSpan) -> int | None:
        """Bookings of one organisation at one base in a span of time; `None` for any number."""
        return {
            QuotaSpan.WEEK: self.per_week,
            QuotaSpan.MONTH: self.per_month,
            QuotaSpan.YEAR: self.per_year,
        }[span]


class OffDays(Rule):
    code = "booking.off-day"
    label = "非工作日预约"

    working_days: int = Field(
        ge=0, le=30, title="至少提前工作日数", description="The day of filing is the first of them."
    )
    filed_on_working_days: bool = Field(title="须在工作日提出")


class Breaches(Rule):
    code = "booking.breaches"
    label = "爽约暂停预约"

    times: int = Field(ge=1, title="次数")
    within_days: int = Field(ge=1, le=3660, title="统计天数")
    waiting_days: int = Field(ge=1, le=3660, title="暂停预约天数")
    late_cancellations: bool = Field(title="逾期取消计入")


REQUEST: tuple[type[Rule], ...] = (BookingTerms, OffDays, Breaches)
"""What a request is judged by."""

RULES = REQUEST

SEEDS = (
    Stated(BookingTerms(), "1", SINCE, Severity.BLOCK, SAMPLE),
    Stated(
        OffDays(working_days=1, filed_on_working_days=True),
        "1",
        SINCE,
        Severity.BLOCK,
        "非法定工作日开放须在工作日内向社区提出预约申请；天数为示范数值",
    ),
    Stated(
        Breaches(times=3, within_days=180, waiting_days=30, late_cancellations=False),
        "1",
        SINCE,
        Severity.BLOCK,
        SAMPLE,
    ),
)
