"""Venues are offered, prolonged and withdrawn with the agreement that promises them."""

from datetime import date

from services.chassis.clock import from_day
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import venues as domain
from services.cobuilding.domain.venues import VenueOffer
from services.cobuilding.tables import venues as tables
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.venues import VenueOfferRow


async def follow(agreement: AgreementRow, since: date, uow: UnitOfWork) -> None:
    """From `since` on, what the agreement's paper says is offered until its end as it now is.

    An offer that it has, or that the agreement it renews has or had, goes on under its number.
    """
    at = from_day(since, uow.now)
    rows = await tables.of_agreements(uow.session, agreement.agreement_id, agreement.predecessor_id)
    own_last = sorted(rows, key=lambda row: row.agreement_id == agreement.agreement_id)
    known = {domain.place(row): row for row in own_last}
    for venue in agreement.offers():
        row = known.get(domain.place_of(venue, agreement))
        was = row.as_state(VenueOffer) if row else None
        now = domain.offered(venue, agreement, was, new_id(), since)
        event = domain.offer(was, now)
        if event is None:
            continue
        if row is None:
            uow.begin(VenueOfferRow.of(now, recorded_at=uow.now), event, at)
        else:
            uow.step(row, event, at, **dict(now))
    await uow.session.flush()


async def withdraw_from(agreement: AgreementRow, over: date, uow: UnitOfWork) -> None:
    """It ended: what no renewal took over is not to be had from `over` on."""
    at = from_day(over, uow.now)
    for row in await tables.standing(uow.session, agreement.agreement_id):
        uow.step(row, domain.withdraw(row, over), at, withdrawn_from=over)
