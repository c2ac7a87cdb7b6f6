"""The yearly letters to employers: one command for all of an area."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import AlertKind
from contracts.kinds.working import FeedbackReason
from contracts.membership.working import FeedbackIssued
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working import feedback as domain
from services.membership.domain.working.feedback import Account
from services.membership.domain.working.standards import FeedbackYearly
from services.membership.handlers import alerts
from services.membership.handlers.working import checks
from services.membership.tables.points import balances
from services.membership.tables.working import records as tables
from services.membership.tables.working import registrants as registrant_tables
from services.membership.tables.working.rows import FeedbackRow


@dataclass(frozen=True, kw_only=True)
class IssueFeedback:
    """About all employers with working members in `area`, or only some of them."""

    area: str
    year: int
    reason: FeedbackReason | None
    employer_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Issued:
    letters: list[FeedbackRow]
    out_already: list[UUID]
    """Employers whose letters of the year were out, and were left alone."""


async def issue(command: IssueFeedback, uow: UnitOfWork, at: datetime) -> Issued:
    """Raises `NobodyToReport`, and `FeedbackOut` when there is no letter left to write."""
    await checks.area_known(uow.session, command.area, "area")
    session, area, year = uow.session, command.area, command.year
    accounts = await tables.accounts(session, area, year)
    wanted = [e for e in accounts if not command.employer_ids or e in command.employer_ids]
    if not wanted:
        raise domain.nobody(area, year)
    await registrant_tables.employers_by_id(session, wanted, lock=True)
    known = await tables.known_letters(session, wanted, area, year)
    book = await rulebook.at(session, business_date(at), FeedbackYearly)
    rule = book[FeedbackYearly]
    issued = Issued([], [])
    for employer_id in wanted:
        count, edition = known.get(employer_id, (0, 0))
        told = await with_points(uow.session, accounts[employer_id], year)
        event = domain.issue(
            new_id(),
            employer_id,
            area,
            year,
            told,
            rule,
            command.reason,
            known=count,
            edition=edition + 1,
        )
        if event is None:
            issued.out_already.append(employer_id)
            continue
        issued.letters.append(_kept(event, told, uow, at))
        if not domain.due(rule, count + 1):
            await alerts.clear(uow, AlertKind.FEEDBACK_DUE, employer_id, key=str(year), at=at)
    if not issued.letters:
        raise domain.all_out(year, rule.times)
    return issued


async def with_points(
    session: AsyncSession, accounts: Sequence[Account], year: int
) -> list[Account]:
    """With the balance of the points ledger at the end of the year."""
    last = date(year, 12, 31)
    return [
        replace(each, points=await balances.balance(session, each.registrant_id, last))
        for each in accounts
    ]


def _kept(
    event: FeedbackIssued, accounts: Sequence[Account], uow: UnitOfWork, at: datetime
) -> FeedbackRow:
    row = FeedbackRow(
        **event.model_dump(),
        content=[domain.kept(account) for account in accounts],
        issued_on=business_date(at),
        recorded_at=uow.now,
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row
