"""What an organisation owes in which period, and what it held of it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from contracts.areas import within
from contracts.kinds.cadence import Every
from contracts.membership.cadence import DutyAssessed, DutyEvent, DutyReassessed
from services.chassis.periods import ONE_DAY, Period, period_of, periods, share_of
from services.chassis.rules import Rule
from services.chassis.state import State
from services.membership.domain.cadence.demands import NAMESPACE, Cadence


class PartOfPeriod(Rule):
    """An organisation that exists for a part of a period owes that share of it.

    Shares are rounded: from `least_percent` of one session on, it is owed.
    """

    code: ClassVar[str] = "cadence.part-period"
    label: ClassVar[str] = "不足一个周期时的折算"

    least_percent: int = Field(title="折算满一次的最低百分比", ge=1, le=100)


class Owing(State):
    """An organisation, as far as it matters to what it owes. `category` is the topmost kind."""

    organisation_id: UUID
    kind: str
    category: str
    area: str
    founded_on: date
    dissolved_on: date | None = None


class Owed(State):
    """What one organisation owes in one period. Days are both included."""

    duty_id: UUID
    organisation_id: UUID
    organisation_kind: str
    cadence_id: UUID
    area: str = Field(title="区划")
    code: str = Field(title="频次要求代码")
    kind: str = Field(title="活动类别")
    every: Every = Field(title="周期")
    first_on: date = Field(title="周期首日")
    due_on: date = Field(title="期限")
    remind_on: date = Field(title="提醒日期")
    needed: int = Field(title="应开展次数")


class Duty(Owed):
    """An owed period with what was held in it."""

    held: int
    assessed: bool

    @property
    def met(self) -> int:
        return min(self.held, self.needed)

    @property
    def missing(self) -> int:
        return self.needed - self.met

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        kept = self.model_dump(include={*DutyEvent.model_fields})
        return kept | {"met": self.met, "missing": self.missing}


def owed_by(
    organisation: Owing,
    cadences: Iterable[Cadence],
    *,
    since: date,
    today: date,
    part: PartOfPeriod,
) -> list[Owed]:
    """All that the organisation owes in periods that begin from `since` on and up to `today`.

    A period belongs to the version in force on its first day. A part of a period, after the
    founding, before the dissolution, from the first version on, is owed by its share.
    """
    binding = [each for each in cadences if binds(each, organisation)]
    return [
        owed
        for cadence in binding
        for period in periods(cadence.every, max(since, _earliest(cadence)), today)
        if period.first >= since and not _yields(cadence, period, binding, organisation)
        if (owed := _owed(organisation, cadence, period, binding, part)) is not None
    ]


def binds(cadence: Cadence, organisation: Owing) -> bool:
    if cadence.organisation_id is not None:
        return cadence.organisation_id == organisation.organisation_id
    if cadence.area is not None and not within(organisation.area, cadence.area):
        return False
    return cadence.organisation_kind in {organisation.kind, organisation.category}


def opened_through(binding: Sequence[Cadence], today: date) -> date:
    """The last day before another period begins; far away for one that owes nothing."""
    starts = [each.effective_from - ONE_DAY for each in binding if each.effective_from > today]
    ends = [
        period_of(each.every, today).last
        for each in binding
        if each.effective_to is None or each.effective_to > today
    ]
    return min((*starts, *ends), default=date.max)


NUMBERS = ("needed", "held", "met", "missing")


def assess(duty: Duty) -> DutyAssessed:
    return DutyAssessed(**duty.facts())


def reassess(was: Duty, now: Duty) -> DutyReassessed | None:
    """`None` when it comes to the same."""
    before, after = was.facts(), now.facts()
    if all(before[name] == after[name] for name in NUMBERS):
        return None
    return DutyReassessed(**after, **{f"was_{name}": before[name] for name in NUMBERS})


def is_latest(owed: Owed, today: date) -> bool:
    """The period that runs today, or the last one before it: what alerts are about."""
    running = period_of(owed.every, today)
    return period_of(owed.every, running.first - ONE_DAY).first <= owed.due_on


def _earliest(cadence: Cadence) -> date:
    """The first day of the period in which it comes into force."""
    return period_of(cadence.every, cadence.effective_from).first


def _owed(
    organisation: Owing,
    cadence: Cadence,
    period: Period,
    binding: Sequence[Cadence],
    part: PartOfPeriod,
) -> Owed | None:
    predecessor = any(
        each.code == cadence.code and each.effective_to == cadence.effective_from
        for each in binding
    )
    if predecessor and period.first < cadence.effective_from:
        return None
    ended = (cadence.effective_to or date.max) - ONE_DAY
    first = max(period.first, cadence.effective_from, organisation.founded_on)
    last = min(period.last, ended, organisation.dissolved_on or date.max)
    days = (last - first).days + 1
    needed = share_of(cadence.times, days, period.days, part.least_percent)
    if days <= 0 or needed == 0:
        return None
    name = f"{organisation.organisation_id}/{cadence.code}/{period.first}"
    return Owed(
        duty_id=uuid5(NAMESPACE, name),
        organisation_id=organisation.organisation_id,
        cadence_id=cadence.cadence_id,
        code=cadence.code,
        organisation_kind=organisation.kind,
        area=organisation.area,
        kind=cadence.activity_kind,
        every=cadence.every,
        first_on=first,
        due_on=last,
        remind_on=max(first, last - timedelta(days=cadence.remind_days)),
        needed=needed,
    )


def _yields(
    cadence: Cadence, period: Period, binding: Sequence[Cadence], organisation: Owing
) -> bool:
    """Whether a demand for the same activity that is closer to the organisation is in force."""
    day = max(period.first, cadence.effective_from)
    return any(
        each.activity_kind == cadence.activity_kind
        and each.in_force(day)
        and _closeness(each, organisation) > _closeness(cadence, organisation)
        for each in binding
    )


def _closeness(cadence: Cadence, organisation: Owing) -> tuple[bool, int, bool]:
    return (
        cadence.organisation_id is not None,
        len(cadence.area or ""),
        cadence.organisation_kind == organisation.kind,
    )
