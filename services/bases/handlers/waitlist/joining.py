"""How somebody joins the waiting list: only for what cannot be booked now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.bases.domain import menu
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.ask import MINUTE
from services.bases.domain.waitlist import entries as domain
from services.bases.domain.waitlist.entries import Entry, Join, NothingSuits, WaitsAlready
from services.bases.handlers.bookings.asking import Permit, Wish, looked
from services.bases.handlers.places import check_in_use
from services.bases.tables import menu as menu_table
from services.bases.tables import places, slots
from services.bases.tables.occasions import Asked
from services.bases.tables.rows import BaseRow, VenueRow
from services.bases.tables.slots import By
from services.bases.tables.waitlist import entries, vacancies
from services.bases.tables.waitlist.rows import EntryRow
from services.chassis.errors import Refusal
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class _Wanted:
    """Where the wish could come true."""

    join: Join
    base: BaseRow
    venue_ids: Sequence[UUID]
    """In the order in which they are locked."""
    venue_kinds: Sequence[str]


async def join(command: Join, uow: UnitOfWork, at: datetime, *, permit: Permit, by: By) -> EntryRow:
    """Raises `StillFree`, `WaitsAlready`, `WindowWrong`, or what waiting would not cure."""
    domain.check_window(command)
    wanted = await _wanted(command, uow)
    await slots.lock_slots(uow, *wanted.venue_ids)
    refused: list[Refusal] = []
    for venue_id in wanted.venue_ids:
        asked = await looked(Wish(wanted.join.wish(venue_id), permit, by, at), uow)
        try:
            domain.check_waitable(wanted.join.wish(venue_id), asked.occasion, at=at)
        except Refusal as refusal:
            refused.append(refusal)
        else:
            await _check_taken(wanted.join, venue_id, asked, permit, by, uow, at)
    if len(refused) == len(wanted.venue_ids):
        raise refused[0]
    return await _joined(wanted, uow, at)


async def _check_taken(
    join: Join, venue_id: UUID, asked: Asked, permit: Permit, by: By, uow: UnitOfWork, at: datetime
) -> None:
    """Raises `StillFree` for what could be booked instead."""
    free = await vacancies.look(uow, venue_id, join.earliest_at, join.latest_at)
    found = free.fit(join, at + asked.occasion.terms.notice_minutes * MINUTE)
    if found is None:
        return
    command = join.wish(venue_id, found[0])
    there = await looked(Wish(command, permit, by, at), uow)
    try:
        ask.request(command, there.occasion, at=at)
    except Refusal:
        return
    raise domain.still_free(venue_id, found)


async def _joined(wanted: _Wanted, uow: UnitOfWork, at: datetime) -> EntryRow:
    base = wanted.base
    wish = dict(wanted.join) | {"base_id": base.base_id}
    entry = Entry(
        **wish, base_kind=base.kind, area=base.area, status=domain.JOIN.to, booking_id=None
    )
    kinds = list(wanted.venue_kinds)
    row = EntryRow.of(entry, venue_kinds=kinds, joined_at=at, recorded_at=uow.now)
    if await entries.waits(uow.session, row):
        raise WaitsAlready(
            "One entry a wish.", zh="同一时段每个组织只能候补一次。", field="organisation_id"
        )
    uow.begin(row, domain.join(entry), at)
    await uow.session.flush()
    return row


async def _wanted(command: Join, uow: UnitOfWork) -> _Wanted:
    """Raises `NotFound`, `Retired`, `NothingSuits`, or why the item cannot be had so."""
    if command.venue_id is not None:
        venue, base = await places.venue(uow.session, command.venue_id)
        check_in_use(venue)
        suiting = [venue]
    else:
        if command.base_id is None or command.menu_item_id is None:
            raise NothingSuits("Name a venue, or a base and an item of its menu.")
        base = await places.base(uow.session, command.base_id)
        check_in_use(base)
        suiting = [(await places.venue(uow.session, key))[0] for key in await places.venues_of(
            uow.session, base.base_id)]  # fmt: skip
    if command.menu_item_id is None:
        return _Wanted(command, base, [venue.venue_id for venue in suiting], ())
    item = (await menu_table.item_row(uow.session, command.menu_item_id)).state()
    suiting = _suiting(item, command, base, suiting)
    named = command.model_copy(update={"menu_item_kind": item.details.kind})
    return _Wanted(
        named, base, [venue.venue_id for venue in suiting], list(item.details.venue_kinds)
    )


@dataclass(frozen=True)
class _Place:
    """A venue as the menu looks at one."""

    base_id: UUID
    area: str
    kind: str


def _suiting(
    item: menu.Item, command: Join, base: BaseRow, venues: Sequence[VenueRow]
) -> list[VenueRow]:
    minutes = int((command.ends_at - command.starts_at) / MINUTE)
    found, refused = [], None
    for venue in venues:
        try:
            place = _Place(base.base_id, base.area, venue.kind)
            menu.suits(item, place, minutes, command.headcount)
        except Refusal as refusal:
            refused = refused or refusal
        else:
            found.append(venue)
    if not found:
        raise refused or NothingSuits("It has no venue.", zh="该基地没有可用的场馆。")
    return found
