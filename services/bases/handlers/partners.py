"""Commands on venues that partners offer, and what their offers and withdrawals lead to."""

from datetime import date, datetime
from uuid import UUID

from contracts.cobuilding.venues import VenueOffered, VenueWithdrawn
from contracts.kinds.partners import ProposalStatus, WithdrawnBy
from services.bases.domain import partners as domain
from services.bases.domain import places as place_domain
from services.bases.domain.partners import AcceptVenue, Proposal
from services.bases.domain.places import Base, Venue
from services.bases.handlers import places
from services.bases.tables import partners as tables
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.partners import PartnerVenueRow
from services.bases.tables.rows import BaseRow, VenueRow
from services.chassis import kinds
from services.chassis.clock import business_date, midnight
from services.chassis.errors import Defect
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import ONE_DAY


async def offered(event: VenueOffered, uow: UnitOfWork) -> None:
    """It waits to be accepted; said again, it says what it is now, and waits once more if it was
    declined or withdrawn. A venue that was accepted goes on, for the days that are offered now.
    """
    row = await _locked(event.offer_id, uow)
    if row is not None and row.status == ProposalStatus.ACCEPTED:
        await _offered_anew(row, event, uow)
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
    row = await _locked(event.offer_id, uow)
    if row is not None:
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


async def _locked(offer_id: UUID, uow: UnitOfWork) -> PartnerVenueRow | None:
    """After the slots of its venue, as by whoever retires one."""
    venue_id = await tables.venue_of_offer(uow.session, offer_id)
    if venue_id is not None:
        await slots.lock_slots(uow, venue_id)
    return await tables.of_offer(uow.session, offer_id)


async def _offered_anew(row: PartnerVenueRow, event: VenueOffered, uow: UnitOfWork) -> None:
    """The slots of its venue are ours. What the base calls it and books it for stays the base's,
    but for no more people than there is room for now.
    """
    if row.venue_id is None or row.base_id is None:
        raise Defect("a venue that was accepted has a base and an id")
    said = {"agreement_id", "name", "capacity", "available_from", "available_to"}
    was, changes = row.as_state(Proposal), event.model_dump(include=said)
    ahead, last = 0, event.available_to
    if last is not None:
        after = midnight(last + ONE_DAY)
        ahead = await place_table.bookings_ahead(await uow.driver(), row.venue_id, after)
    now = row.as_state(Proposal, **changes)
    told = domain.change(was, now, row.venue_id, row.base_id, ahead)
    if told is None:
        return
    uow.step(row, told, uow.now, **changes)
    venue, base = await place_table.venue(uow.session, row.venue_id, lock=True)
    venue.available_to = last
    await _make_room(uow, venue, base, event.capacity)


async def _make_room(uow: UnitOfWork, venue: VenueRow, base: BaseRow, offered: int) -> None:
    busiest = await slots.busiest(uow, venue.venue_id)
    capacity = domain.room(venue.capacity, offered, busiest)
    was, now = venue.as_state(Venue), venue.as_state(Venue, capacity=capacity)
    told = place_domain.change_venue(was, now, base.area, busiest)
    if told is not None:
        await slots.set_capacity(uow, venue.venue_id, capacity)
        uow.step(venue, told, uow.now, capacity=capacity)


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
