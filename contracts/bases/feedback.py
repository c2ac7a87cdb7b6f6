"""Facts about what visitors say of their visit (评价). Scores; their words stay in the service."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.feedback import FeedbackAspect, FeedbackVerdict


class BookingFeedbackEvent(Event):
    """One rating a booking, from 1 (worst) to 5 (best)."""

    feedback_id: UUID = Field(title="评价编号")
    booking_id: UUID = Field(title="预约编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID = Field(title="场馆编号")
    organisation_id: UUID = Field(title="评价组织")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    menu_item_kind: str | None = Field(default=None, title="菜单项目类别")
    score: int = Field(title="评分", ge=1, le=5)
    verdict: FeedbackVerdict = Field(title="满意程度")
    aspects: dict[FeedbackAspect, int] = Field(title="分项评分", description="Those rated.")
    on_behalf: bool = Field(title="代为评价", description="Staff of the base entered it.")

    @property
    def key(self) -> UUID:
        return self.feedback_id


class BookingFeedbackGiven(BookingFeedbackEvent, title="评价已提交"):
    type: ClassVar[str] = "jiceng.bases.booking-feedback.given.v1"


class BookingFeedbackChanged(BookingFeedbackEvent, title="评价已修改"):
    type: ClassVar[str] = "jiceng.bases.booking-feedback.changed.v1"

    was_score: int = Field(title="原评分", ge=1, le=5)
    was_verdict: FeedbackVerdict = Field(title="原满意程度")
