"""Venues that units offer by their agreements, as a desk looks for them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from services.chassis.http import Page, query_router
from services.chassis.http.fields import Day, Sought
from services.chassis.http.listing import Filters, Paging, part_of, unset, until
from services.chassis.http.lists import as_file
from services.chassis.http.words import called, of_family
from services.cobuilding.domain.venues import VenueOffer
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.units import UnitRow
from services.cobuilding.tables.venues import VenueOfferRow

queries = query_router(tags=["提供场馆"])


class VenueOfferView(VenueOffer):
    agreement_id: Annotated[UUID, called(AgreementRow.number)] = Field(title="协议编号")
    unit_id: Annotated[UUID, called(UnitRow.name)] = Field(title="提供单位")
    venue_kind: Annotated[str, of_family("venue")] = Field(title="场馆类型")
    version: int


class VenueOfferFilters(Filters):
    agreement_id: UUID | None = None
    unit_id: UUID | None = None
    venue_kind: Sought | None = None
    offered: Annotated[bool | None, unset("withdrawn_from")] = Field(
        default=None, description="False: only what was withdrawn."
    )
    ends_until: Annotated[Day | None, until("available_to")] = Field(
        default=None, description="To be had until this or an earlier day."
    )
    q: Annotated[Sought | None, part_of("name")] = Field(
        default=None, description="Part of the name."
    )


@as_file(queries, "单位提供场馆")
@queries.get("/venue-offers", summary="单位提供场馆列表")
async def list_venue_offers(
    filters: Annotated[VenueOfferFilters, Query()], paging: Paging
) -> Page[VenueOfferView]:
    """What agreements in force offer, and what was withdrawn when they ended."""
    return await paging.shown(VenueOfferRow, VenueOfferView, filters)


routers = (queries,)
