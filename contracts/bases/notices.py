"""Facts about notices (通知): what is to be told to whom. Gateways of 短信 or 微信 carry them."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds.notices import DeliveryChannel, NoticeKind


class NoticeEvent(Event):
    """The wording is rendered by `GET /v1/notices`; an event carries none."""

    notice_id: UUID = Field(title="通知编号")
    kind: NoticeKind = Field(title="通知类别")
    base_id: UUID = Field(title="基地编号")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    organisation_id: UUID = Field(title="通知对象", description="Organisation or guest.")
    booking_id: UUID | None = Field(default=None, title="预约编号")
    entry_id: UUID | None = Field(default=None, title="候补编号")
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻")
    until: AwareDatetime | None = Field(
        default=None, title="期限", description="To answer an offer, or until which one waits."
    )
    due_at: AwareDatetime = Field(title="应送达时刻", description="From then on.")

    @property
    def key(self) -> UUID:
        return self.notice_id


class NoticeIssued(NoticeEvent, title="通知已生成"):
    type: ClassVar[str] = "jiceng.bases.notice.issued.v1"


class NoticeDelivered(NoticeEvent, title="通知已送达"):
    type: ClassVar[str] = "jiceng.bases.notice.delivered.v1"

    channel: DeliveryChannel = Field(title="送达方式")
