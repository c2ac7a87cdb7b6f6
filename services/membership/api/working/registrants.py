"""报到: working members register with a community, change, leave, come back."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from contracts.access import Action
from contracts.kinds.working import RegistrantState
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    page_of,
    sealed,
    set_etag,
)
from services.chassis.http.fields import Sought
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.working.common import (
    Masked,
    Purpose,
    Within,
    commands_router,
    masked,
    queries_router,
)
from services.membership.api.working.forms import (
    PersonView,
    RegistrantChange,
    RegistrantRequest,
    RegistrantView,
    ReturnRequest,
)
from services.membership.domain.working.registrants import Place, Profile
from services.membership.handlers.working import registrants as handlers
from services.membership.handlers.working.checks import fresh_code
from services.membership.handlers.working.registrants import Registering
from services.membership.tables.working import registrants as tables
from services.membership.tables.working.rows import RegistrantRow

commands, queries = commands_router(), queries_router()


@dataclass
class Asked:
    """What a list of registrants, and its export, are searched by. A number is sought whole."""

    within: Within = None
    code: Sought | None = None
    employer_id: UUID | None = None
    occupation: Sought | None = None
    skill: Sought | None = None
    state: RegistrantState | None = None
    phone: Annotated[Sought | None, Query(description="The whole number.")] = None
    name: Annotated[Sought | None, Query(description="The whole name.")] = None


Searched = Annotated[Asked, Depends()]


@commands.post("/registrants", status_code=201, summary="在职党员报到")
async def register(
    request: RegistrantRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> RegistrantView:
    """Name and numbers are sealed. One person registers once in a community (409)."""
    caller.require(Action.MANAGE_SERVICE, request.community)
    registrant_id = new_id()
    command = Registering(
        registrant_id=registrant_id,
        code=request.code or fresh_code("BD", registrant_id),
        place=Place(community=request.community, grid=request.grid),
        profile=Profile(
            employer_id=request.employer_id,
            occupation=request.occupation,
            skills=tuple(request.skills),
        ),
        said=request.said(),
    )
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.register(command, uow, context.vault, at)
    return _answer(row, response)


@commands.patch("/registrants/{registrant_id}", summary="变更报到信息")
async def change(
    registrant_id: UUID,
    request: RegistrantChange,
    context: Context,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> RegistrantView:
    row = await _managed(registrant_id, caller, uow)
    place, profile = request.place(row.place), request.profile(row.profile)
    at = occurred(request.occurred_at, uow.now)
    await handlers.change(row, place, profile, request.said(), version, uow, context.vault, at)
    return _answer(row, response)


@commands.post("/registrants/{registrant_id}/leave", summary="离开社区")
async def leave(
    registrant_id: UUID,
    request: Timed,
    caller: Caller,
    uow: Work,
    response: Response,
) -> RegistrantView:
    """Ends all claims; the service done stays in the ledger."""
    row = await _managed(registrant_id, caller, uow)
    await handlers.leave(row, uow, occurred(request.occurred_at, uow.now))
    return _answer(row, response)


@commands.post("/registrants/{registrant_id}/rejoin", summary="重新报到")
async def rejoin(
    registrant_id: UUID,
    request: ReturnRequest,
    caller: Caller,
    uow: Work,
    response: Response,
) -> RegistrantView:
    row = await _managed(registrant_id, caller, uow)
    place, profile = request.place(row.place), request.profile(row.profile)
    at = occurred(request.occurred_at, uow.now)
    await handlers.come_back(row, place, profile, uow, at)
    return _answer(row, response)


@commands.post("/registrants/{registrant_id}/erase", status_code=204, summary="删除个人信息")
async def erase(registrant_id: UUID, request: Timed, caller: Caller, uow: Work) -> None:
    """Destroys name and numbers of one who left, for ever; counts stay."""
    row = await _managed(registrant_id, caller, uow)
    caller.require(Action.READ_PERSONAL, row.area)
    occurred(request.occurred_at, uow.now)
    await handlers.erase(row, uow)


@queries.get("/registrants", summary="报到党员列表")
async def list_registrants(
    context: Context, caller: Caller, cursor: Cursor, asked: Searched, limit: Limit = 50
) -> Page[RegistrantView]:
    """In order of code; names and numbers are masked."""
    rows = await found(context, caller, asked, cursor[0] if cursor else None, limit + 1)
    who = await masked(context, [row.registrant_id for row in rows])
    return page_of(
        rows, limit, lambda row: view(row, who.get(row.registrant_id)), lambda row: (row.code,)
    )


@queries.get("/registrants/{registrant_id}", summary="单个报到党员")
async def get_registrant(
    registrant_id: UUID, context: Context, caller: Caller, response: Response
) -> RegistrantView:
    async with context.database.sessions() as session:
        row = await tables.registrant(session, registrant_id)
    caller.require(Action.READ, row.area)
    who = await masked(context, [registrant_id])
    set_etag(response, row.version)
    return view(row, who.get(registrant_id))


@queries.get("/registrants/{registrant_id}/personal", summary="查看个人信息")
async def read_person(
    registrant_id: UUID, context: Context, caller: Caller, purpose: Annotated[Purpose, Query()]
) -> PersonView:
    """In full. That it was read, by whom and why, is recorded."""
    async with context.database.sessions() as session:
        row = await tables.registrant(session, registrant_id)
    caller.require(Action.READ_PERSONAL, row.area)
    read = await sealed.in_full(context, caller, registrant_id, row.area, purpose)
    return PersonView(registrant_id=registrant_id, **read)


async def found(
    context: Context, caller: Caller, asked: Asked, after: str | None, limit: int
) -> list[RegistrantRow]:
    """Registrants that the caller may list and asked for."""
    within = areas_to_list(caller, asked.within)
    ids = await sealed.known_as(context, phone=asked.phone, name=asked.name)
    async with context.database.sessions() as session:
        rows = await tables.registrants(
            session,
            within=within,
            code=asked.code,
            employer_id=asked.employer_id,
            occupation=asked.occupation,
            skill=asked.skill,
            state=asked.state,
            ids=ids,
            after=after,
            limit=limit,
        )
    return list(rows)


async def _managed(registrant_id: UUID, caller: Caller, uow: Work) -> RegistrantRow:
    """The locked row, after the caller's right was checked."""
    row = await tables.registrant(uow.session, registrant_id, lock=True)
    caller.require(Action.MANAGE_SERVICE, row.area)
    return row


def _answer(row: RegistrantRow, response: Response) -> RegistrantView:
    """Without the person, even masked: answers of commands are kept for repetition."""
    set_etag(response, row.version)
    return view(row, None)


def view(row: RegistrantRow, who: Masked | None) -> RegistrantView:
    return RegistrantView(
        **row.model_dump(exclude={"recorded_at"}), grid=row.place.grid, person=who or Masked()
    )
