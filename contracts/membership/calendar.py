"""Facts announced about the working calendar."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event


class CalendarYearEntered(Event, title="年度节假日安排已录入"):
    """The whole year anew: days in neither list follow the weekday.

    The calendar is the same everywhere; `area` is the widest that the deployment serves.
    """

    type: ClassVar[str] = "jiceng.membership.calendar-year.entered.v1"

    calendar_year_id: UUID = Field(title="年度日历编号")
    year: int = Field(title="年度")
    days_off: tuple[date, ...] = Field(title="放假日", description="Weekdays that are off.")
    days_worked: tuple[date, ...] = Field(
        title="调休上班日", description="Weekend days that are worked instead."
    )

    @property
    def key(self) -> UUID:
        return self.calendar_year_id


class CalendarYearChanged(Event, title="年度节假日安排已调整"):
    """One day of a year that was entered before."""

    type: ClassVar[str] = "jiceng.membership.calendar-year.changed.v1"

    calendar_year_id: UUID = Field(title="年度日历编号")
    year: int = Field(title="年度")
    day: date = Field(title="日期")
    works: bool = Field(title="是否上班")
    was_works: bool = Field(title="原是否上班")
    holiday_kind: str = Field(title="所属节假日", description="A code of the kinds of holidays.")

    @property
    def key(self) -> UUID:
        return self.calendar_year_id
