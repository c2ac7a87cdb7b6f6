"""Rules with numbers: how many posts a working member claims, how often employers are told."""

from datetime import date, timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.areas import AreaCode, lineage
from services.chassis.rules import Rule


class Bounds(BaseModel):
    """How many posts one registrant holds at a time, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: int = Field(title="至少认领岗位数", ge=0)
    most: int = Field(title="至多认领岗位数", ge=1)


class ClaimBounds(Rule):
    """每人认领 X—X 个服务项目. An area may have bounds of its own; the nearest one holds."""

    code: ClassVar[str] = "working.claims"
    label: ClassVar[str] = "在职党员认领岗位数"

    least: int = Field(title="至少认领岗位数", ge=0)
    most: int = Field(title="至多认领岗位数", ge=1)
    grace_days: int = Field(title="报到后宽限天数", ge=0)
    by_area: dict[AreaCode, Bounds] = Field(default_factory=dict, title="街道、社区另定")
    most_of_kind: dict[str, int] = Field(default_factory=dict, title="同一类别至多认领岗位数")

    def of(self, area: str) -> Bounds:
        """The bounds in `area`: its own, or those of the nearest area around it."""
        for around in reversed(lineage(area)):
            if around in self.by_area:
                return self.by_area[around]
        return Bounds(least=self.least, most=self.most)

    def overdue(self, registered_on: date, today: date) -> bool:
        """The days of grace are over: from the day after the last of them."""
        return today > registered_on + timedelta(days=self.grace_days)


class FeedbackYearly(Rule):
    """每年对在职党员所在单位党组织进行 X 次反馈沟通."""

    code: ClassVar[str] = "working.feedback"
    label: ClassVar[str] = "向在职党员所在单位反馈"

    times: int = Field(title="每年反馈次数", ge=1)
    due_month: int = Field(title="期限（月）", ge=1, le=12)
    due_day: int = Field(title="期限（日）", ge=1, le=31)
    remind_days: int = Field(title="提前提醒天数", ge=0)

    def due_on(self, year: int) -> date:
        """The last day; a day that the month does not have is its last."""
        first_of_next = date(year + self.due_month // 12, self.due_month % 12 + 1, 1)
        last = first_of_next - timedelta(days=1)
        return last.replace(day=min(self.due_day, last.day))

    def reminds_from(self, year: int) -> date:
        return self.due_on(year) - timedelta(days=self.remind_days)


class WorkingHours(Rule):
    """What counts as the eight hours at work; the rest is given to society."""

    code: ClassVar[str] = "working.hours"
    label: ClassVar[str] = "八小时内外的界限"

    begins_hour: int = Field(title="上班钟点", ge=0, le=23)
    ends_hour: int = Field(title="下班钟点", ge=1, le=24)


RULES: tuple[type[Rule], ...] = (ClaimBounds, FeedbackYearly, WorkingHours)
