"""Who has not paid for months in a row: the alerts say so, and say so no more once paid."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.months import month_of
from services.membership.domain.dues.standing import alerts_at, in_a_row
from services.membership.domain.members.rules import SelfRemoval
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.handlers.dues.charging import BATCH
from services.membership.tables import members
from services.membership.tables.dues import ledger, store


async def check(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Raise and clear what the members' arrears ask for; their accounts are locked."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, SelfRemoval)
    found = await ledger.balances(await uow.driver(), ids, date.min, today)
    standing = await alerts.standing(uow, ids)
    for member_id, months in found.items():
        run = in_a_row(months, today)
        differing = {
            (kind, key): stands
            for (kind, key), stands in alerts_at(run, book[SelfRemoval]).items()
            if stands is not ((kind, member_id, key) in standing)
        }
        if not differing:
            continue
        member = await members.member(uow.session, member_id)
        for (kind, key), stands in differing.items():
            alert = Wanted(
                kind=kind,
                key=key,
                subject_id=member_id,
                area=member.area,
                organisation_id=member.organisation_id,
                rule=book.statement(SelfRemoval),
                due_on=today,
                facts={"months": run},
            )
            await alerts.settle(uow, alert, stands=stands and member.counted)


async def check_arrears(uow: UnitOfWork) -> int:
    """Once a month for each account; payments and reversals look at theirs at once."""
    month = month_of(business_date(uow.now))
    rows = await store.to_check(uow.session, month, BATCH)
    if rows:
        await check(uow, [row.member_id for row in rows])
    for row in rows:
        row.checked_through = month
    return len(rows)


ARREARS = Sweep("dues.arrears", check_arrears)
