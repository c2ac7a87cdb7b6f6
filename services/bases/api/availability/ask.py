"""What is asked of availability, and what may not be."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from services.bases.domain.availability import Wanted
from services.bases.domain.equipment import Wanted as Piece
from services.bases.domain.menu import Item
from services.bases.tables.availability.venues import Of
from services.chassis.auth import Principal
from services.chassis.errors import Invalid
from services.chassis.http.fields import Day

MOST_DAYS = 62
NOWHERE = "-"
PIECE = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(:[1-9][0-9]{0,2})?$"


class AskOneThing(Invalid):
    code = "ask-one-thing"
    title, title_zh = "Ask about one base, venue, item or lecturer", "请指定一个查询对象"


class PeriodTooLong(Invalid):
    code = "period-too-long"
    title, title_zh = "The period is too long, or ends before it begins", "查询期间不合适"


class Question(BaseModel):
    """The query string."""

    model_config = ConfigDict(extra="forbid")

    first: Day = Field(alias="from", title="起始日")
    last: Day = Field(alias="to", title="截止日", description="Inclusive; at most 62 days.")
    base_id: UUID | None = None
    venue_id: UUID | None = None
    menu_item_id: UUID | None = None
    lecturer_id: UUID | None = None
    minutes: int | None = Field(default=None, ge=1, le=1440, title="时长分钟数")
    headcount: int | None = Field(default=None, ge=1, le=100_000, title="人数")
    equipment: list[Annotated[str, Field(pattern=PIECE)]] = Field(
        default=[], max_length=20, title="所需设备", description="`<id>` or `<id>:<quantity>`."
    )

    def pieces(self) -> list[Piece]:
        return [_piece(each) for each in self.equipment]

    def check(self) -> None:
        """Raises `PeriodTooLong` or `AskOneThing`."""
        check_period(self.first, self.last, MOST_DAYS)
        if self.lecturer_id is not None:
            clear = self.venue_id is None and self.menu_item_id is None
        elif self.menu_item_id is not None:
            clear = self.base_id is None or self.venue_id is None
        else:
            clear = (self.base_id is None) is not (self.venue_id is None)
        if not clear:
            raise AskOneThing(
                "Name a `base_id`, `venue_id`, `menu_item_id` or `lecturer_id`; beside an item"
                " a base or a venue, beside a lecturer a base.",
                zh="请在基地、场馆、菜单项目、讲师中指定一个；项目可另加基地或场馆，讲师可另加基地。",
                field="base_id",
            )

    def wanted(self, item: Item | None, at: datetime) -> Wanted:
        """An item is wanted for its own length, by the fewest who may have it."""
        own = item.details if item else None
        return Wanted(
            first=self.first,
            last=self.last,
            at=at,
            minutes=self.minutes or (own.duration_minutes if own else None),
            headcount=self.headcount or (own.least_headcount if own else 1),
        )

    def subject(self, item: Item | None) -> tuple[Of, UUID | str]:
        """Whose venues are looked at."""
        if self.venue_id is not None:
            return Of.VENUE, self.venue_id
        base_id = self.base_id or (item.base_id if item else None)
        if base_id is not None:
            return Of.BASE, base_id
        return Of.AREA, item.area if item else NOWHERE


Asked = Annotated[Question, Query()]


def check_readable(caller: Principal, area: str) -> None:
    """Whoever books for an organisation looks at the bases of others, too: nobody is named here."""
    if not caller.areas(Action.REQUEST_BOOKINGS):
        caller.require(Action.READ, area)


def check_period(first: date, last: date, most: int) -> None:
    """Raises `PeriodTooLong`."""
    if not timedelta() <= last - first < timedelta(days=most):
        raise PeriodTooLong(
            f"`to` is no day before `from`, and the period is {most} days at most.",
            zh=f"截止日不早于起始日，且期间至多 {most} 天。",
            field="to",
            most=most,
        )


def _piece(text: str) -> Piece:
    equipment_id, _, quantity = text.partition(":")
    return Piece(equipment_id=UUID(equipment_id), quantity=int(quantity or 1))
