"""Venues that units offer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import for_update
from services.cobuilding.domain.venues import VenueOffer
from services.cobuilding.tables.rows import Row


class VenueOfferRow(VenueOffer, Row, table=True):
    __tablename__ = "venue_offer"

    offer_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


async def of_agreements(session: AsyncSession, *ids: UUID | None) -> Sequence[VenueOfferRow]:
    """Locked, after the agreements."""
    query = select(VenueOfferRow).where(col(VenueOfferRow.agreement_id).in_(ids))
    return (await session.exec(for_update(query.order_by(col(VenueOfferRow.offer_id))))).all()


async def standing(session: AsyncSession, agreement_id: UUID) -> Sequence[VenueOfferRow]:
    """Those of an agreement that are not withdrawn, locked after it."""
    query = select(VenueOfferRow).where(
        VenueOfferRow.agreement_id == agreement_id, col(VenueOfferRow.withdrawn_from).is_(None)
    )
    return (await session.exec(for_update(query.order_by(col(VenueOfferRow.offer_id))))).all()
