"""The yearly letters to employers: one command for all of an area."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import AlertKind
from contracts.kinds.working import FeedbackReason
from contracts.membership.working import FeedbackIssued
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import by_key, check_area
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working import feedback as domain
from services.membership.domain.working.feedback import Account, Feedback
from services.membership.domain.working.standards import FeedbackYearly
from services.membership.handlers import alerts
from services.membership.tables.organisations import AreaRow
from services.membership.tables.points import balances
from services.membership.tables.working import records as tables
from services.membership.tables.working.rows import EmployerRow, FeedbackRow


@dataclass(frozen=True)
class Issued:
    letters: list[FeedbackRow]
    out_already: list[UUID]
    """Employers whose letters of the year were out, and were left alone."""


async def issue(
    area: str,
    year: int,
    employer_ids: Collection[UUID],
    reason: FeedbackReason | None,
    uow: UnitOfWork,
    at: datetime,
) -> Issued:
    """About all employers with working members in `area`, or only some of them.

    Raises `NobodyToReport`, and `FeedbackOut` when there is no letter left to write.
    """
    session, day = uow.session, business_date(at)
    await check_area(session, AreaRow, area)
    accounts = await tables.accounts(session, area, year)
    wanted = [each for each in accounts if not employer_ids or each in employer_ids]
    if not wanted:
        raise domain.nobody(area, year)
    await by_key(session, EmployerRow, wanted, lock=True)
    known = await tables.known_letters(session, wanted, area, year)
    rule = (await rulebook.at(session, day, FeedbackYearly))[FeedbackYearly]
    issued = Issued([], [])
    for employer_id in wanted:
        count, edition = known.get(employer_id, (0, 0))
        whole = await with_points(session, accounts[employer_id], year)
        feedback = domain.issue(
            *(new_id(), employer_id, area, year, whole, rule, reason, day),
            known=count,
            edition=edition + 1,
        )
        if feedback is None:
            issued.out_already.append(employer_id)
            continue
        issued.letters.append(_keep(feedback, whole, uow, at))
        if not domain.due(rule, count + 1):
            await alerts.clear(uow, AlertKind.FEEDBACK_DUE, employer_id, key=str(year), at=at)
    if not issued.letters:
        raise domain.all_out(year, rule.times)
    return issued


async def with_points(
    session: AsyncSession, accounts: Sequence[Account], year: int
) -> list[Account]:
    """With the balance of the points ledger at the end of the year."""
    whole = []
    for each in accounts:
        points = await balances.balance(session, each.registrant_id, date(year, 12, 31))
        whole.append(each.model_copy(update={"points": points}))
    return whole


def _keep(
    feedback: Feedback, accounts: Sequence[Account], uow: UnitOfWork, at: datetime
) -> FeedbackRow:
    row = FeedbackRow.of(feedback, content=accounts, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(FeedbackIssued(**feedback.facts()), version=1, occurred_at=at)
    return row
