"""Facts announced about the yearly democratic appraisal (民主评议党员)."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.appraisal import AppraisalResult


class AppraisalRoundEvent(Event):
    """Facts about an organisation's round of a year; `area` is the organisation's."""

    round_id: UUID = Field(title="评议编号")
    organisation_id: UUID = Field(title="党组织编号")
    year: int = Field(title="年度")
    headcount: int = Field(title="参评人数", ge=0)

    @property
    def key(self) -> UUID:
        return self.round_id


class AppraisalOpened(AppraisalRoundEvent, title="民主评议已启动"):
    type: ClassVar[str] = "jiceng.membership.appraisal.opened.v1"


class AppraisalClosed(AppraisalRoundEvent, title="民主评议已完成"):
    """Its results are final."""

    type: ClassVar[str] = "jiceng.membership.appraisal.closed.v1"

    ballots: int = Field(title="收回测评票数", ge=0)
    excellent: int = Field(title="优秀人数", ge=0)
    qualified: int = Field(title="合格人数", ge=0)
    basic: int = Field(title="基本合格人数", ge=0)
    unqualified: int = Field(title="不合格人数", ge=0)


class AppraisalDecided(Event, title="民主评议结果已确定"):
    """One member's result of a year; there is one a year, and it is final."""

    type: ClassVar[str] = "jiceng.membership.appraisal-result.decided.v1"

    result_id: UUID = Field(title="评议结果编号")
    round_id: UUID | None = Field(default=None, title="评议编号", description="None: from paper.")
    organisation_id: UUID = Field(title="党组织编号")
    subject_id: UUID = Field(title="党员编号")
    year: int = Field(title="年度")
    result: AppraisalResult = Field(title="评议等次")
    points: int = Field(title="本年积分")
    away: bool = Field(title="是否流动党员在居住地参评")

    @property
    def key(self) -> UUID:
        return self.result_id
