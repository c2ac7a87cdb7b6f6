"""Commands on those who came."""

from services.bases.domain import visits as domain
from services.bases.domain.places import VenueUnknown
from services.bases.domain.visits import RecordVisit
from services.bases.handlers.organisations import check_known
from services.bases.tables import places as place_table
from services.bases.tables.rows import VisitRow
from services.chassis.unit_of_work import UnitOfWork


async def record_visit(command: RecordVisit, uow: UnitOfWork) -> VisitRow:
    """A visit out of the paper ledger: its business time is when it began."""
    base = await place_table.base(uow.session, command.base_id)
    if command.venue_id is not None:
        _, of = await place_table.venue(uow.session, command.venue_id)
        if of.base_id != base.base_id:
            raise VenueUnknown(
                "The venue belongs to another base.", zh="该场馆不属于此基地。", field="venue_id"
            )
    if command.organisation_id is not None:
        await check_known(uow, command.organisation_id)
    event = domain.record_visit(command, base.state())
    row = VisitRow(**event.model_dump(exclude={"base_kind"}), recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=command.started_at)
    return row
