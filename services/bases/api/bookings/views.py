"""What callers see of a booking."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.kinds import BookingStatus, Channel, VisitorLevel
from services.bases.api.bookings.contacts import ContactView
from services.bases.tables.bookings import Named
from services.chassis.http import set_etag
from services.chassis.http.words import of_family


class BookingView(BaseModel):
    booking_id: UUID
    status: BookingStatus = Field(title="状态")
    base_id: UUID
    area: str = Field(title="区划")
    venue_id: UUID
    venue_name: str | None = Field(title="场馆")
    organisation_id: UUID
    organisation_name: str | None = Field(title="来访党组织")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数")
    actual_headcount: int | None = Field(title="实到人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")
    off_day: bool = Field(title="非工作日")
    steps: int = Field(title="审批步数")
    menu_item_id: UUID | None
    menu_item_kind: Annotated[str | None, of_family("menu-item")] = Field(title="菜单项目类别")
    series_id: UUID | None
    package_booking_id: UUID | None
    check_in_code: str | None = Field(
        default=None, title="签到码", description="Said at the door; from the confirmation on."
    )
    contact: ContactView | None = Field(
        default=None, title="联系人（脱敏）", description="Not in answers of commands."
    )
    version: int
    recorded_at: datetime = Field(title="登记时刻")


def view(row: Named, contact: ContactView | None = None) -> BookingView:
    booking, venue, organisation = row
    names = {"venue_name": venue, "organisation_name": organisation, "contact": contact}
    return BookingView.model_validate(booking.model_dump() | names)


def shown(row: Named, response: Response, contact: ContactView | None = None) -> BookingView:
    set_etag(response, row[0].version)
    return view(row, contact)
