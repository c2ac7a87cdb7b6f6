"""How far a calendar reaches, and how long and how often its key opens it."""

from datetime import date

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import Rule, Stated


class FeedTerms(Rule):
    code = "feed.terms"
    label = "日历订阅"

    back_days: int = Field(default=90, ge=0, le=366, title="包含过去天数")
    ahead_days: int = Field(default=366, ge=1, le=732, title="包含未来天数")
    off_days: int = Field(
        default=30,
        ge=1,
        le=366,
        title="取消后保留天数",
        description="So long clients are told that something is off, then it is left out.",
    )
    most_items: int = Field(
        default=2000,
        ge=1,
        le=5000,
        title="至多日程数",
        description="Those nearest to now: a thousand take a megabyte and a quarter of a second.",
    )
    refresh_minutes: int = Field(default=60, ge=5, le=1440, title="建议刷新间隔分钟数")
    fetches_an_hour: int = Field(default=60, ge=1, le=3600, title="每个订阅地址每小时至多读取次数")
    lasts_days: int = Field(
        default=366,
        ge=1,
        le=732,
        title="订阅地址有效天数",
        description="Nobody tells us when its maker loses the right to read, so it ends by itself.",
    )
    keys_each: int = Field(default=20, ge=1, le=1000, title="每个账号至多有效订阅地址数")


RULES: tuple[type[Rule], ...] = (FeedTerms,)

SEEDS = (
    Stated(
        FeedTerms(), "1", date(2012, 1, 1), Severity.BLOCK, "示范数值，由区县按信息安全规定发布"
    ),
)
