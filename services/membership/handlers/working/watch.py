"""What the clock finds: registrants with too few posts, employers nobody wrote to."""

from datetime import timedelta

from contracts.kinds.alerts import AlertKind
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working.standards import ClaimBounds, FeedbackYearly
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables.working import records
from services.membership.tables.working import registrants as tables

BATCH = 200


async def short_of_claims(uow: UnitOfWork) -> int:
    """Raise an alert for everybody who claimed less than the minimum after the days of grace."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, ClaimBounds)
    rule = book[ClaimBounds]
    rows = await tables.short_of_claims(
        uow.session,
        kind=AlertKind.CLAIMS_SHORT,
        least=rule.least,
        by_area={area: bounds.least for area, bounds in rule.by_area.items()},
        before=today - timedelta(days=rule.grace_days),
        limit=BATCH,
    )
    for row in rows:
        await alerts.keep(
            uow,
            Wanted(
                kind=AlertKind.CLAIMS_SHORT,
                subject_id=row.registrant_id,
                area=row.area,
                rule=book.statement(ClaimBounds),
                due_on=row.registered_on + timedelta(days=rule.grace_days),
                facts={"claims": row.claims, "least": rule.of(row.area).least},
            ),
        )
    return len(rows)


async def feedback_due(uow: UnitOfWork) -> int:
    """Remind of the employers who were not written to about this year or the last."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, FeedbackYearly)
    rule = book[FeedbackYearly]
    done = 0
    for year in (today.year - 1, today.year):
        if today < rule.reminds_from(year):
            continue
        late = await records.without_feedback(
            uow.session, kind=AlertKind.FEEDBACK_DUE, year=year, times=rule.times, limit=BATCH
        )
        for employer_id, area in late:
            await alerts.keep(
                uow,
                Wanted(
                    kind=AlertKind.FEEDBACK_DUE,
                    subject_id=employer_id,
                    area=area,
                    key=str(year),
                    rule=book.statement(FeedbackYearly),
                    due_on=rule.due_on(year),
                    facts={"year": year, "times": rule.times},
                ),
            )
        done += len(late)
    return done


SWEEPS = (
    Sweep("working.claims", short_of_claims, every=timedelta(hours=1)),
    Sweep("working.feedback", feedback_due, every=timedelta(hours=6)),
)
