"""Numbers of people stated without a list. What was stated is withdrawn, never edited."""

from datetime import date
from uuid import UUID

from pydantic import Field

from contracts.kinds.books import Bound
from contracts.kinds.members import YearsOf
from contracts.membership.members import HeadcountStated, HeadcountWithdrawn
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State


class Headcount(State):
    headcount_id: UUID
    organisation_id: UUID = Field(title="党组织")
    area: str = Field(title="区划")
    kind: str = Field(title="类别")
    headcount: int = Field(title="人数")
    bound: Bound = Field(title="数量性质")
    least_years: int | None = Field(title="年限下限")
    years_of: YearsOf | None = Field(title="年限所指")
    stated_on: date = Field(title="日期")


class ThresholdIncomplete(Invalid):
    code = "threshold-incomplete"
    title, title_zh = "Years of what, and how many", "年限下限与年限所指应同时填写"


class Withdrawn(Conflict):
    code = "headcount-withdrawn"
    title, title_zh = "Withdrawn before", "该登记已撤销"


def state(headcount: Headcount) -> HeadcountStated:
    """Raises `ThresholdIncomplete`."""
    if (headcount.least_years is None) != (headcount.years_of is None):
        raise ThresholdIncomplete(
            "`least_years` and `years_of` belong together.",
            zh="年限下限与年限所指应同时填写，或都不填。",
            field="years_of",
        )
    return HeadcountStated(**headcount.model_dump(include=set(HeadcountStated.model_fields)))


def withdraw(headcount: Headcount, *, withdrawn: bool) -> HeadcountWithdrawn:
    """Raises `Withdrawn`."""
    if withdrawn:
        raise Withdrawn("It was withdrawn before.", zh="该登记此前已撤销。")
    return HeadcountWithdrawn(**headcount.model_dump(include=set(HeadcountWithdrawn.model_fields)))
