"""Terms (期限): two dates, both included; the last one runs to 24:00 (民法典 203 II). Pure.

A last day that a paper prints is never moved off a holiday: the calendar of that year is not known
when it is signed, and 204 lets the parties agree so. What is to be *done* by a day is moved on.
"""

from datetime import date, timedelta
from typing import Self

from pydantic import Field

from contracts.kinds.agreements import Reckoning
from services.chassis.errors import Conflict, Defect, Invalid
from services.chassis.periods import ONE_DAY, after_months
from services.chassis.state import State
from services.chassis.working_days import WorkingCalendar


class TermEndsEarly(Invalid):
    code = "term-ends-before-it-begins"
    title, title_zh = "The last day lies before the first", "截止日早于起始日"


class NotRenewing(Conflict):
    code = "agreement-not-renewing"
    title, title_zh = "The agreement does not renew itself", "该协议不自动续期"


class ObjectionTooLate(Conflict):
    code = "objection-too-late"
    title, title_zh = "The day to object has passed", "已过不续期的通知期限"


class Term(State):
    first_day: date = Field(title="起始日")
    last_day: date = Field(title="截止日")
    stated_last_day: date = Field(title="约定截止日")
    """What the paper prints. Further terms are reckoned from it and not chained, or monthly ones
    would creep from the 31st to the 28th for ever."""
    renewal_months: int | None = Field(default=None, title="自动续期月数")
    renewal_most: int = Field(default=0, title="最多自动续期次数", description="0: without end.")
    notice_days: int = Field(default=0, title="不续期提前通知天数")
    extensions: int = Field(default=0, title="已自动续期次数")
    extended_since_stated: int = Field(default=0, title="自约定截止日起续期次数")
    objected_on: date | None = Field(default=None, title="不续期通知日")

    @property
    def renews(self) -> bool:
        """By itself, at its present end."""
        if self.renewal_months is None or self.objected_on is not None:
            return False
        return not self.renewal_most or self.extensions < self.renewal_most

    @property
    def act_by(self) -> date:
        """Until when something can be done about its end: object, where it renews itself."""
        return self.last_day - timedelta(days=self.notice_days if self.renews else 0)

    @property
    def over(self) -> date:
        """The first day on which it is over."""
        return self.last_day + ONE_DAY

    def runs_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def extended(self) -> Self:
        """By itself, once more."""
        if self.renewal_months is None:
            raise Defect("a term that does not renew itself was extended")
        times = self.extended_since_stated + 1
        changes = {
            "last_day": after_months(self.stated_last_day, times * self.renewal_months),
            "extensions": self.extensions + 1,
            "extended_since_stated": times,
        }
        return self.model_copy(update=changes)

    def restated(self, last_day: date) -> Self:
        """With an end by an amendment, which is reckoned from now. An objection was to the old one.

        Raises `TermEndsEarly`.
        """
        check_order(self.first_day, last_day)
        changes = {"last_day": last_day, "stated_last_day": last_day, "extended_since_stated": 0}
        return self.model_copy(update=changes | {"objected_on": None})

    def objected(self, on: date) -> Self:
        """Either side says that it shall not renew itself. Raises `NotRenewing`, and after act-by
        `ObjectionTooLate`, which says for which end the notice would work.
        """
        if not self.renews:
            raise NotRenewing(
                f"It ends on {self.last_day} by itself.",
                zh=f"协议将于 {self.last_day} 到期，不自动续期。",
            )
        if on > self.act_by:
            works_for = self.extended().last_day
            raise ObjectionTooLate(
                f"Notice had to be given by {self.act_by}; it works for the end on {works_for}.",
                zh=f"不续期通知应于 {self.act_by} 前提出；现在提出，{works_for} 届满时不再续期。",
                field="occurred_at",
                act_by=self.act_by.isoformat(),
                works_for=works_for.isoformat(),
            )
        return self.model_copy(update={"objected_on": on})


def stated(first_day: date, last_day: date) -> Term:
    """By the two dates that a paper prints. Raises `TermEndsEarly`."""
    check_order(first_day, last_day)
    return Term(first_day=first_day, last_day=last_day, stated_last_day=last_day)


def check_order(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise TermEndsEarly(
            f"The last day {last_day} lies before the first, {first_day}.",
            zh=f"截止日 {last_day} 早于起始日 {first_day}。",
            field="last_day",
            earliest=first_day.isoformat(),
        )


def last_day(first_day: date, months: int, reckoning: Reckoning) -> date:
    """Of a duration that begins on `first_day`.

    Statutory (民法典 201, 202): the first day is not counted, so it ends on the day of the same
    number, or the month's last day where there is none. Counted: the day before that; but where the
    month has no day of that number its last day is the end, as taking a day away would lose one.
    """
    same = after_months(first_day, months)
    if reckoning is Reckoning.STATUTORY or same.day < first_day.day:
        return same
    return same - ONE_DAY


def moved_on(day: date, calendar: WorkingCalendar) -> date:
    """By which something is to be done: a rest day becomes the first day worked after it (203).

    Raises `CalendarMissing`. Days counted backwards from an end are never moved: it would be late.
    """
    while not calendar.works(day):
        day += ONE_DAY
    return day
