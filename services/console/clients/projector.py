"""What the pages ask of the projector: figures, the events behind them, the work summary."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from httpx import Response
from pydantic import BaseModel, TypeAdapter

from services.chassis.clock import business_date
from services.console.clients.upstream import Caller, Params, Upstream
from services.console.period import EARLIEST, Period

EVENTS_PER_PAGE = 50


class FigureKind(StrEnum):
    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    ABSENT = "absent"
    VARIETY = "variety"


class Dimension(BaseModel):
    key: str
    name: str


class Declared(BaseModel):
    """A figure of the catalogue."""

    key: str
    name: str
    unit: str
    kind: FigureKind
    dimensions: list[Dimension] = []
    describes: str = ""


class Catalogue(BaseModel):
    items: list[Declared]


class Group(BaseModel):
    key: str
    label: str
    value: float | None


class Figure(BaseModel):
    key: str
    name: str
    unit: str
    kind: FigureKind
    area: str
    area_name: str = ""
    as_of: datetime | None
    value: float | None
    groups: list[Group] | None = None


class Happened(BaseModel):
    """One event behind a number, and what it added."""

    event_id: UUID
    type: str
    type_name: str
    figure: str
    aggregate_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    area: str
    amount: float
    dimensions: dict[str, str] = {}


class Events(BaseModel):
    items: list[Happened]
    next: str | None = None


class SummaryNumber(BaseModel):
    figure: str
    name: str
    value: float | None
    unit: str


class Sentence(BaseModel):
    text: str
    numbers: list[SummaryNumber] = []


class SummarySection(BaseModel):
    title: str
    sentences: list[Sentence]


class Summary(BaseModel):
    """The work summary (工作总结), sentence by sentence with the numbers in each."""

    title: str
    area_name: str
    as_of: datetime | None
    basis: str
    sections: list[SummarySection]


_CATALOGUE = TypeAdapter(Catalogue)
_FIGURE = TypeAdapter(Figure)
_EVENTS = TypeAdapter(Events)
_SUMMARY = TypeAdapter(Summary)


class Projector:
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def catalogue(self, caller: Caller) -> list[Declared]:
        return (await self._upstream.ask(_CATALOGUE, "/v1/figures", caller, {})).items

    async def figure(
        self,
        caller: Caller,
        key: str,
        area: str,
        period: Period,
        *,
        by: str | None = None,
        as_of: str | None = None,
    ) -> Figure:
        params = {"area": area, **period.query, "by": by, "as_of": as_of}
        return await self._upstream.ask(_FIGURE, f"/v1/figures/{key}", caller, params)

    async def events(
        self,
        caller: Caller,
        key: str,
        area: str,
        period: Period,
        *,
        as_of: str | None = None,
        cursor: str | None = None,
        where: Mapping[str, str] | None = None,
        limit: int = EVENTS_PER_PAGE,
    ) -> Events:
        """A page of the events behind a figure; `where` narrows by dimension."""
        params: Params = {
            **(where or {}),
            "area": area,
            **period.query,
            "as_of": as_of,
            "cursor": cursor,
            "limit": limit,
        }
        return await self._upstream.ask(_EVENTS, f"/v1/figures/{key}/events", caller, params)

    async def first_day(self, caller: Caller, area: str, until: date) -> date | None:
        """Business day of the first base or visit of the area; none before there is any."""
        whole = Period(EARLIEST, until)
        firsts = await asyncio.gather(
            *(
                self.events(caller, key, area, whole, limit=1)
                for key in ("bases.bases", "bases.visit_batches")
            )
        )
        days = [business_date(page.items[0].occurred_at) for page in firsts if page.items]
        return min(days, default=None)

    async def summary(self, caller: Caller, area: str, period: Period) -> Summary:
        params = {"area": area, **period.query, "format": "json"}
        return await self._upstream.ask(_SUMMARY, "/v1/summaries/work", caller, params)

    async def summary_file(
        self, caller: Caller, area: str, period: Period, form: Literal["docx", "md"]
    ) -> Response:
        """The document as the projector wrote it, with its media type."""
        params = {"area": area, **period.query, "format": form}
        return await self._upstream.fetch("/v1/summaries/work", caller, params)
