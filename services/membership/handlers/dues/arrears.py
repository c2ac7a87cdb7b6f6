"""Who has not paid for months in a row: the alerts say so, and say so no more once paid."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.months import Owed, in_a_row
from services.membership.domain.dues.standing import ALERTS, alerts_at
from services.membership.domain.members.rules import SelfRemoval
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables import dues as tables
from services.membership.tables import members


async def check(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Raise and clear what the members' arrears ask for; their accounts are locked."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, SelfRemoval)
    found = await tables.balances(await uow.driver(), ids, today)
    kinds = [kind.value for kind in ALERTS]
    stand = await tables.standing_alerts(uow.session, kinds, ids)
    for member_id, rows in found.items():
        charged = [row for row in rows if row.charged is not None]
        run = in_a_row([Owed(row.month, row.open, row.due_on) for row in charged], today)
        wanted = alerts_at(run, book[SelfRemoval])
        differing = {
            (kind, key): stands
            for (kind, key), stands in wanted.items()
            if stands is not ((member_id, kind.value, key) in stand)
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
