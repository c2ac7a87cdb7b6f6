"""Offers of partners, and what became of them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.partners import ProposalStatus
from services.bases.domain.partners import Proposal
from services.bases.tables.rows import Row
from services.chassis.rows import for_update, inside, one


class PartnerVenueRow(Row, table=True):
    __tablename__ = "partner_venue"

    proposal_id: UUID = Field(primary_key=True)
    offer_id: UUID = Field(unique=True)
    agreement_id: UUID
    unit_id: UUID
    area: str
    name: str
    venue_kind: str
    capacity: int
    available_from: date
    available_to: date | None = None
    status: str
    base_id: UUID | None = None
    venue_id: UUID | None = None
    own_base: bool | None = None
    reason_kind: str | None = None
    withdrawn_from: date | None = None
    decided_at: datetime | None = None
    version: int
    recorded_at: datetime

    def state(self) -> Proposal:
        fields = self.model_dump(include=set(Proposal.__dataclass_fields__))
        return Proposal(**fields | {"status": ProposalStatus(self.status)})


async def proposal(
    session: AsyncSession, proposal_id: UUID, *, lock: bool = False
) -> PartnerVenueRow:
    """Raises `NotFound`."""
    return await one(session, PartnerVenueRow, proposal_id, "proposal", "场馆纳入事项", lock=lock)


async def of_offer(
    session: AsyncSession, offer_id: UUID, *, lock: bool = False
) -> PartnerVenueRow | None:
    query = select(PartnerVenueRow).where(PartnerVenueRow.offer_id == offer_id)
    return (await session.exec(for_update(query) if lock else query)).first()


async def of_venue(session: AsyncSession, venue_id: UUID) -> PartnerVenueRow | None:
    """The offer by which a venue came in; locked."""
    query = select(PartnerVenueRow).where(PartnerVenueRow.venue_id == venue_id)
    return (await session.exec(for_update(query))).first()


async def proposals(
    session: AsyncSession,
    *,
    within: Sequence[str],
    status: str | None,
    base_id: UUID | None,
    agreement_id: UUID | None,
    unit_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[PartnerVenueRow]:
    """In the order in which they came."""
    query = select(PartnerVenueRow).where(inside(col(PartnerVenueRow.area), within))
    for column, value in (
        (PartnerVenueRow.status, status),
        (PartnerVenueRow.base_id, base_id),
        (PartnerVenueRow.agreement_id, agreement_id),
        (PartnerVenueRow.unit_id, unit_id),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if after:
        query = query.where(col(PartnerVenueRow.proposal_id) > after)
    query = query.order_by(col(PartnerVenueRow.proposal_id)).limit(limit)
    return (await session.exec(query)).all()
