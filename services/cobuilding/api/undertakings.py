"""What was promised, when it is due, and what became of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.agreements import Side
from contracts.kinds.undertakings import UndertakingStatus
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day, Kind, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.words import called, of_family
from services.cobuilding.api.agreements.drafts import Text
from services.cobuilding.domain.undertakings import Undertaking
from services.cobuilding.handlers import undertakings as handlers
from services.cobuilding.tables import undertakings as tables
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.undertakings import UndertakingRow
from services.cobuilding.tables.units import UnitRow

TAGS = ["承诺事项"]
commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Held = Annotated[UndertakingRow, held(UndertakingRow, "承诺事项", Action.MANAGE_COBUILDING)]
Seen = Annotated[UndertakingRow, seen(UndertakingRow, "承诺事项")]


class Proof(Timed):
    """No names of persons in it."""

    done_on: Day = Field(title="完成日期")
    text: Text = Field(title="完成情况", description="What was done, and where the proof is.")


class Assessment(Timed):
    outcome: UndertakingStatus = Field(title="评定")


class Voiding(Timed):
    reason_kind: Kind = Field(title="原因")


class UndertakingView(Undertaking):
    agreement_id: Annotated[UUID, called(AgreementRow.number)] = Field(title="协议编号")
    unit_id: Annotated[UUID, called(UnitRow.name)] = Field(title="签约单位")
    unit_kind: Annotated[str, of_family("unit")] = Field(title="单位类别")
    kind: Annotated[str, of_family("undertaking")] = Field(title="事项类别")
    version: int


class EvidenceView(BaseModel):
    evidence_id: UUID
    done_on: Day = Field(title="完成日期")
    text: str = Field(title="完成情况")
    recorded_at: datetime = Field(title="登记时刻")


class UndertakingFilters(Filters):
    within: AreaCode | None = None
    agreement_id: UUID | None = None
    unit_id: UUID | None = None
    side: Side | None = None
    kind: Sought | None = None
    status: UndertakingStatus | None = None
    fell_due: bool | None = Field(default=None, description="Whose day has passed, or not.")
    due_since: Annotated[Day | None, since("due_on")] = None
    due_until: Annotated[Day | None, until("due_on")] = None


@commands.post("/undertakings/{undertaking_id}/evidence", summary="登记佐证")
async def prove(undertaking: Held, request: Proof, caller: Caller, uow: Work) -> UndertakingView:
    row = await handlers.prove(undertaking, request.done_on, request.text, caller.subject, uow)
    return row.shown(UndertakingView)


@commands.post("/undertakings/{undertaking_id}/assessment", summary="评定承诺事项")
async def assess(undertaking: Held, request: Assessment, uow: Work) -> UndertakingView:
    """Again, where the first was wrong: figures of its due day follow."""
    return (await handlers.assess(undertaking, request.outcome, uow, request.at(uow))).shown(
        UndertakingView
    )


@commands.post("/undertakings/{undertaking_id}/voiding", summary="不再要求")
async def void(undertaking: Held, request: Voiding, uow: Work) -> UndertakingView:
    """Before its day only."""
    return (await handlers.void(undertaking, request.reason_kind, uow, request.at(uow))).shown(
        UndertakingView
    )


@as_file(queries, "承诺事项")
@queries.get("/undertakings", summary="承诺事项列表")
async def list_undertakings(
    filters: Annotated[UndertakingFilters, Query()], paging: Paging
) -> Page[UndertakingView]:
    return await paging.shown(UndertakingRow, UndertakingView, filters)


@queries.get("/undertakings/{undertaking_id}", summary="单个承诺事项")
async def get_undertaking(undertaking: Seen) -> UndertakingView:
    return undertaking.shown(UndertakingView)


@queries.get("/undertakings/{undertaking_id}/evidence", summary="承诺事项佐证")
async def list_evidence(undertaking: Seen, context: Context) -> list[EvidenceView]:
    async with context.database.sessions() as session:
        rows = await tables.evidence_of(session, undertaking.undertaking_id)
    return [row.shown(EvidenceView) for row in rows]


routers = (commands, queries)
