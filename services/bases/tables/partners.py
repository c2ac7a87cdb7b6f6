"""Offers of partners, and what became of them."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.partners import Proposal
from services.bases.tables.rows import Row
from services.chassis.rows import Versioned, for_update


class PartnerVenueRow(Proposal, Versioned, Row, table=True):
    __tablename__ = "partner_venue"

    proposal_id: UUID = Field(primary_key=True)
    offer_id: UUID = Field(unique=True)
    own_base: bool | None = None
    reason_kind: str | None = None
    withdrawn_from: date | None = None
    decided_at: datetime | None = None


async def of_offer(session: AsyncSession, offer_id: UUID) -> PartnerVenueRow | None:
    """Locked, after the slots of `venue_of_offer`."""
    query = select(PartnerVenueRow).where(PartnerVenueRow.offer_id == offer_id)
    return (await session.exec(for_update(query))).first()


async def venue_of_offer(session: AsyncSession, offer_id: UUID) -> UUID | None:
    """The venue that an offer became, if any."""
    query = select(PartnerVenueRow.venue_id).where(PartnerVenueRow.offer_id == offer_id)
    return (await session.exec(query)).first()


async def of_venue(session: AsyncSession, venue_id: UUID) -> PartnerVenueRow | None:
    """The offer by which a venue came in; locked."""
    query = select(PartnerVenueRow).where(PartnerVenueRow.venue_id == venue_id)
    return (await session.exec(for_update(query))).first()
