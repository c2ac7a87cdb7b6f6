"""Numbers of people stated without a list. What was stated is withdrawn, never edited."""

from dataclasses import dataclass
from uuid import UUID

from contracts.kinds.books import Bound
from contracts.kinds.members import YearsOf
from contracts.membership.members import HeadcountStated, HeadcountWithdrawn
from services.chassis.errors import Conflict, Invalid


@dataclass(frozen=True, kw_only=True)
class StateHeadcount:
    headcount_id: UUID
    organisation_id: UUID
    kind: str
    headcount: int
    bound: Bound = Bound.EXACT
    least_years: int | None = None
    years_of: YearsOf | None = None


class ThresholdIncomplete(Invalid):
    code = "threshold-incomplete"
    title, title_zh = "Years of what, and how many", "年限下限与年限所指应同时填写"


class Withdrawn(Conflict):
    code = "headcount-withdrawn"
    title, title_zh = "Withdrawn before", "该登记已撤销"


def state(command: StateHeadcount, area: str) -> HeadcountStated:
    """Raises `ThresholdIncomplete`."""
    if (command.least_years is None) != (command.years_of is None):
        raise ThresholdIncomplete(
            "`least_years` and `years_of` belong together.",
            zh="年限下限与年限所指应同时填写，或都不填。",
            field="years_of",
        )
    return HeadcountStated(area=area, **vars(command))


def withdraw(stated: StateHeadcount, area: str, *, withdrawn: bool) -> HeadcountWithdrawn:
    """Raises `Withdrawn`."""
    if withdrawn:
        raise Withdrawn("It was withdrawn before.", zh="该登记此前已撤销。")
    return HeadcountWithdrawn(
        area=area,
        headcount_id=stated.headcount_id,
        organisation_id=stated.organisation_id,
        kind=stated.kind,
        headcount=stated.headcount,
        bound=stated.bound,
    )
