"""Commands on venues that partners offer, and what their offers and withdrawals lead to."""

from datetime import date, datetime
from uuid import UUID

from contracts.cobuilding import VenueOffered, VenueWithdrawn
from contracts.kinds.partners import ProposalStatus, WithdrawnBy
from services.bases.domain import partners as domain
from services.bases.domain.partners import AcceptVenue, Proposal
from services.bases.domain.places import Base, Venue
from services.bases.handlers import places
from services.bases.tables import partners as tables
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.partners import PartnerVenueRow
from services.chassis import kinds
from services.chassis.clock import business_date, midnight
from services.chassis.ids import new_id
from services.chassis.rows import one
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import ONE_DAY


async def offered(event: VenueOffered, uow: UnitOfWork) -> None:
    """It waits to be accepted; said again, it says what it is now, and waits once more if it was
    declined or withdrawn. A venue that was accepted is the base's, and stays as it is.
    """
    row = await tables.of_offer(uow.session, event.offer_id, lock=True)
    if row is not None and row.status == ProposalStatus.ACCEPTED:
        return
    key = new_id() if row is None else row.proposal_id
    proposal = Proposal(
        **event.model_dump(),
        proposal_id=key,
        status=domain.PROPOSE.to,
        base_id=row.base_id if row else None,
        venue_id=row.venue_id if row else None,
    )
    proposed = domain.propose(proposal)
    if row is None:
        uow.begin(PartnerVenueRow.of(proposal, recorded_at=uow.now), proposed, uow.now)
    else:
        anew = {"reason_kind": None, "withdrawn_from": None, "decided_at": None}
        uow.step(row, proposed, uow.now, **dict(proposal) | anew)


async def withdrawn(event: VenueWithdrawn, uow: UnitOfWork) -> None:
    """What nobody accepted is gone. What was accepted can be booked up to the day before; bookings
    on that day or later stay, for the manager to settle with those who made them.
    """
    known = await tables.of_offer(uow.session, event.offer_id)
    if known is None:
        return
    if known.venue_id is not None:
        await slots.lock_slots(uow, known.venue_id)  # before the row, as whoever retires a venue
    row = await one(
        uow.session, PartnerVenueRow, known.proposal_id, "proposal", "场馆纳入事项", lock=True
    )
    await _withdraw(uow, row, WithdrawnBy.PARTNER, event.withdrawn_from, uow.now)


async def accept(
    row: PartnerVenueRow, command: AcceptVenue, uow: UnitOfWork, at: datetime
) -> PartnerVenueRow:
    """Registers the venue, and a base for it where none is named, in the proposal's area.

    Raises `ProposalSettled`, `OneBase`, `OverOffer`, and what registering raises.
    """
    domain.check_accept(command, row)
    own_base = command.base_code is not None
    base_id = await _base(command, row, uow, at)
    venue = Venue(
        venue_id=new_id(),
        base_id=base_id,
        code=command.code,
        name=command.name or row.name,
        kind=command.kind or row.venue_kind,
        capacity=command.capacity or row.capacity,
        sharing=command.sharing,
        buffer_minutes=command.buffer_minutes,
        floor=command.floor,
        themes=command.themes,
    )
    days = {"available_from": row.available_from, "available_to": row.available_to}
    made, _ = await places.register_venue(venue, uow, at, **days)
    await uow.session.flush()
    event = domain.accept(row, base_id, made.venue_id, own_base=own_base)
    placed = {"base_id": base_id, "venue_id": made.venue_id, "own_base": own_base}
    return uow.step(row, event, at, status=domain.ACCEPT.to, decided_at=at, **placed)


async def decline(
    row: PartnerVenueRow, reason_kind: str, uow: UnitOfWork, at: datetime
) -> PartnerVenueRow:
    family = "partner-decline-reason"
    await kinds.check(uow.session, family, reason_kind, business_date(at), "reason_kind")
    event = domain.decline(row, reason_kind)
    return uow.step(
        row, event, at, status=domain.DECLINE.to, decided_at=at, reason_kind=reason_kind
    )


async def given_back(uow: UnitOfWork, venue_id: UUID, at: datetime) -> None:
    """The base takes a venue out of use: if a partner gave it, it is that partner's again."""
    row = await tables.of_venue(uow.session, venue_id)
    if row is not None and row.status == ProposalStatus.ACCEPTED:
        await _withdraw(uow, row, WithdrawnBy.BASE, business_date(at), at)


async def _base(command: AcceptVenue, row: PartnerVenueRow, uow: UnitOfWork, at: datetime) -> UUID:
    if command.base_code is None:
        if command.base_id is None:
            raise TypeError("`check_accept` lets none of both through")
        return command.base_id
    made = Base(
        base_id=new_id(),
        code=command.base_code,
        name=command.base_name or row.name,
        kind=command.base_kind,
        area=row.area,
    )
    await places.register_base(made, uow, at)
    await uow.session.flush()
    return made.base_id


async def _withdraw(
    uow: UnitOfWork, row: PartnerVenueRow, by: WithdrawnBy, day: date, at: datetime
) -> None:
    """The slots of a venue that was accepted are ours."""
    ahead = 0
    if row.venue_id is not None and row.status == ProposalStatus.ACCEPTED:
        venue, _ = await place_table.venue(uow.session, row.venue_id, lock=True)
        ahead = await place_table.bookings_ahead(await uow.driver(), row.venue_id, midnight(day))
        last = day - ONE_DAY
        venue.available_to = min(venue.available_to or last, last)
    event = domain.withdraw(row, by, day, ahead)
    if event is not None:
        uow.step(row, event, at, status=domain.WITHDRAW.to, decided_at=at, withdrawn_from=day)
