"""Who has to wait because venues were kept for nobody, and how often one may come."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from contracts.kinds.bases import QuotaSpan
from contracts.kinds.cadence import Every
from services.bases.domain.bookings.refusals import OrganisationWaits
from services.bases.domain.bookings.terms import Breaches
from services.chassis.clock import LOCAL, business_date
from services.chassis.periods import period_of


def waits_until(breaches: Sequence[datetime], rule: Breaches) -> datetime | None:
    """The end of the latest waiting time that `breaches` led to, be it over or not.

    Waiting begins with the breach that fills the number within the days counted.
    """
    within = timedelta(days=rule.within_days)
    ordered = sorted(breaches)
    filled = [
        last
        for first, last in zip(ordered, ordered[rule.times - 1 :], strict=False)
        if last - first <= within
    ]
    return filled[-1] + timedelta(days=rule.waiting_days) if filled else None


def check_standing(breaches: Sequence[datetime], rule: Breaches, at: datetime) -> None:
    """Raises `OrganisationWaits`, which says until when."""
    until = waits_until([each for each in breaches if each <= at], rule)
    if until is None or until <= at:
        return
    raise OrganisationWaits(
        f"{rule.times} bookings were missed within {rule.within_days} days.",
        zh=f"{rule.within_days} 天内爽约达 {rule.times} 次，"
        f"{until.astimezone(LOCAL):%Y年%m月%d日 %H:%M} 起可再预约。",
        field="organisation_id",
        until=until.astimezone(LOCAL).isoformat(),
    )


def begins(span: QuotaSpan, instant: datetime) -> date:
    """The first day of the week (Monday), month or year that `instant` lies in."""
    return period_of(Every(span.value), business_date(instant)).first
