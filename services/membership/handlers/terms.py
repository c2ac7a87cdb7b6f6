"""Elections, seats, and the reminder of the next election."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import MemberState
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rules import Statement
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import sizes
from services.membership.domain import terms as domain
from services.membership.domain.organisations import check_standing
from services.membership.domain.sizes import Traits
from services.membership.domain.terms import NoMember, Seat, Term
from services.membership.handlers import alerts
from services.membership.handlers.sizes import resize
from services.membership.tables import members
from services.membership.tables import terms as tables
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.terms import SeatRow, TermRow

BATCH = 200
"""Terms that one unit of work reminds of."""


async def hold_election(
    organisation: OrganisationRow, fields: dict[str, Any], uow: UnitOfWork, occurred_at: datetime
) -> TermRow:
    """The new term; the one before it ends. Raises what `domain.hold_election` raises."""
    traits, held_on = await _traits(uow, organisation), fields["held_on"]
    book = await rulebook.at(uow.session, held_on, *domain.RULES)
    expires_on = fields["expires_on"] or domain.expiry(held_on, traits, book)
    term = Term(
        **fields | {"expires_on": expires_on},
        term_id=new_id(),
        organisation_id=organisation.organisation_id,
        area=organisation.area,
    )
    last = await tables.current(uow.session, term.organisation_id, term.body)
    last_held = last.held_on if last else None
    event = domain.hold_election(term, organisation.kind, traits, last_held)
    if last is not None:
        last.ended_on = held_on
        await uow.session.flush()
    row = uow.begin(TermRow.of(term, recorded_at=uow.now), event, occurred_at)
    await uow.session.flush()
    await alerts.clear(uow, AlertKind.ELECTION_DUE, term.organisation_id, at=occurred_at)
    return row


async def fill_seat(
    organisation: OrganisationRow, fields: dict[str, Any], uow: UnitOfWork, occurred_at: datetime
) -> SeatRow:
    """Raises what `domain.fill_seat` raises."""
    traits = await _traits(uow, organisation)
    seat = Seat(
        seat_id=new_id(),
        organisation_id=organisation.organisation_id,
        area=organisation.area,
        **fields,
    )
    await kinds.check(uow.session, "seat", seat.kind, seat.since, "kind")
    await _check_member(uow, seat.member_id)
    held = await tables.seats(uow.session, seat.organisation_id)
    book = await rulebook.at(uow.session, seat.since, sizes.BranchCommittee)
    event = domain.fill_seat(seat, traits, held, book)
    row = uow.begin(SeatRow.of(seat, recorded_at=uow.now), event, occurred_at)
    await uow.session.flush()
    await resize(uow, seat.organisation_id, at=occurred_at)
    return row


async def vacate_seat(
    seat: SeatRow, until: date, uow: UnitOfWork, occurred_at: datetime
) -> SeatRow:
    """Raises `SeatEndsBeforeStart`."""
    if seat.until is None:
        await _vacate(uow, seat, until, occurred_at)
        await resize(uow, seat.organisation_id, at=occurred_at)
    return seat


async def vacate_seats_of(
    uow: UnitOfWork, member_id: UUID, occurred_at: datetime, *, of: UUID | None = None
) -> None:
    """Whoever leaves the roll leaves every seat, whoever moves those of the branch left alone.

    Call `resize` for the branch afterwards.
    """
    for row in await tables.seats_of_member(uow.session, member_id):
        if of in {None, row.organisation_id}:
            await _vacate(uow, row, max(business_date(occurred_at), row.since), occurred_at)


async def end_all(uow: UnitOfWork, organisation_id: UUID, on: date, occurred_at: datetime) -> None:
    """Terms and seats of an organisation that is dissolved."""
    for row in await tables.seats(uow.session, organisation_id):
        await _vacate(uow, row, max(on, row.since), occurred_at)
    for term in await tables.running(uow.session, organisation_id):
        term.ended_on = on
    await alerts.clear(uow, AlertKind.ELECTION_DUE, organisation_id, at=occurred_at)


async def _vacate(uow: UnitOfWork, row: SeatRow, until: date, occurred_at: datetime) -> None:
    uow.step(row, domain.vacate_seat(row, until), occurred_at, until=until)
    await uow.session.flush()


async def _check_member(uow: UnitOfWork, member_id: UUID) -> None:
    """Kept as they are until the transaction ends. Raises `NotFound` or `NoMember`."""
    row = await members.member(uow.session, member_id, lock=True)
    if row.state not in {MemberState.FULL, MemberState.PROBATIONARY}:
        raise NoMember(
            "Only members sit in a committee.", zh="班子成员须是党员。", field="member_id"
        )


async def _traits(uow: UnitOfWork, organisation: OrganisationRow) -> Traits:
    """Of the locked row, which stands: elections and seats of one organisation take turns."""
    check_standing(organisation)
    return Traits.of((await kinds.of(uow.session, "organisation", organisation.kind)).traits)


# By the clock


async def remind(uow: UnitOfWork) -> int:
    """Alerts for terms that end within the days of the rule."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, domain.ElectionReminder)
    by = today + timedelta(days=book[domain.ElectionReminder].days)
    rows = await tables.due(await uow.driver(), by, AlertKind.ELECTION_DUE, BATCH)
    rule = book.statement(domain.ElectionReminder)
    return sum([await alerts.keep(uow, _due(row, rule, today)) for row in rows])


def _due(row: Any, rule: Statement, today: date) -> alerts.Wanted:
    expires_on = row["expires_on"]
    return alerts.Wanted(
        kind=AlertKind.ELECTION_DUE,
        subject_id=row["organisation_id"],
        area=row["area"],
        organisation_id=row["organisation_id"],
        rule=rule,
        due_on=expires_on,
        facts={"expires_on": expires_on.isoformat(), "overdue": expires_on < today},
    )


ELECTIONS = Sweep("elections due", remind, every=timedelta(hours=1))
