"""Numbers of this room that a district may change."""

from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import EVER, Rule, Stated

_CUSTOM = "基地讲师管理办法（示范数值，由区县修订）"


class LecturerTravel(Rule):
    """Between two assignments at different places there is time to get from one to the other."""

    code: ClassVar[str] = "lecturer.travel"
    label: ClassVar[str] = "讲师往返两地的时间"

    minutes: int = Field(title="两地间隔分钟数", ge=0, le=480)

    @property
    def time(self) -> timedelta:
        return timedelta(minutes=self.minutes)


class LecturerRatingWindow(Rule):
    """A rating may be changed for so many days after the day on which it was given."""

    code: ClassVar[str] = "lecturer.rating"
    label: ClassVar[str] = "讲师评分可更改的期限"

    days: int = Field(title="可更改天数", ge=0, le=366)

    def last_day(self, rated_on: date) -> date:
        return rated_on + timedelta(days=self.days)


RULES: tuple[type[Rule], ...] = (LecturerTravel, LecturerRatingWindow)

FIRST = (
    Stated(LecturerTravel(minutes=30), "1", EVER, Severity.BLOCK, _CUSTOM),
    Stated(LecturerRatingWindow(days=7), "1", EVER, Severity.BLOCK, _CUSTOM),
)
"""As the project seeds them."""
