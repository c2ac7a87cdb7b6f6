"""报到: working members register with a community, change, leave, come back."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col

from contracts.access import Action
from contracts.kinds.working import RegistrantState
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import BY_ROUTE, By, Filters, Paging, after_cursor
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id
from services.membership.api.working.common import (
    TAGS,
    Masked,
    Purpose,
    fresh_code,
    masked,
    with_area,
)
from services.membership.api.working.forms import (
    PERSON,
    PersonView,
    RegistrantChange,
    RegistrantRequest,
    RegistrantView,
    ReturnRequest,
)
from services.membership.domain.working import registrants as domain
from services.membership.domain.working.registrants import Registrant
from services.membership.handlers.working import registrants as handlers
from services.membership.tables.working.rows import RegistrantRow

commands, queries, files = (
    command_router(tags=TAGS),
    query_router(tags=TAGS),
    query_router(tags=TAGS),
)

Held = Annotated[RegistrantRow, held(RegistrantRow, "报到党员", Action.MANAGE_SERVICE)]
Edited = Annotated[RegistrantRow, held(RegistrantRow, "报到党员", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[RegistrantRow, seen(RegistrantRow, "报到党员")]
Personal = Annotated[RegistrantRow, seen(RegistrantRow, "报到党员", Action.READ_PERSONAL)]

HAS_SKILL = By(lambda columns, skill: columns["skills"].contains([skill]))


class RegistrantFilters(Filters):
    """A number is sought whole."""

    code: Sought | None = None
    employer_id: UUID | None = None
    occupation: Sought | None = None
    skill: Annotated[Sought | None, HAS_SKILL] = None
    state: RegistrantState | None = None
    phone: Annotated[Sought | None, BY_ROUTE] = Field(default=None, description="The whole number.")
    name: Annotated[Sought | None, BY_ROUTE] = Field(default=None, description="The whole name.")


@commands.post("/registrants", status_code=201, summary="在职党员报到")
async def register(
    request: RegistrantRequest, context: Context, caller: Caller, uow: Work
) -> RegistrantView:
    """Name and numbers are sealed. One person registers once in a community (409)."""
    caller.require(Action.MANAGE_SERVICE, request.community)
    at, registrant_id = request.at(uow), new_id()
    fields = with_area(request.fields("code", *PERSON), request.community)
    registrant = Registrant(
        registrant_id=registrant_id,
        code=request.code or fresh_code("BD", registrant_id),
        **fields,
        state=domain.REGISTER.to,
        registered_on=business_date(at),
        left_on=None,
        claims=0,
    )
    return _view(await handlers.register(registrant, _person(request), uow, context.vault, at))


@commands.patch("/registrants/{registrant_id}", summary="变更报到信息")
async def change(
    registrant: Edited, request: RegistrantChange, context: Context, uow: Work
) -> RegistrantView:
    changes, person, at = _changes(registrant, request), _person(request), request.at(uow)
    return _view(await handlers.change(registrant, changes, person, uow, context.vault, at))


@commands.post("/registrants/{registrant_id}/leave", summary="离开社区")
async def leave(registrant: Held, request: Timed, uow: Work) -> RegistrantView:
    """Ends all claims; the service done stays in the ledger."""
    return _view(await handlers.leave(registrant, uow, request.at(uow)))


@commands.post("/registrants/{registrant_id}/rejoin", summary="重新报到")
async def rejoin(registrant: Held, request: ReturnRequest, uow: Work) -> RegistrantView:
    changes = _changes(registrant, request)
    return _view(await handlers.come_back(registrant, changes, uow, request.at(uow)))


@commands.post("/registrants/{registrant_id}/erase", status_code=204, summary="删除个人信息")
async def erase(registrant: Held, request: Timed, caller: Caller, uow: Work) -> None:
    """Destroys name and numbers of one who left, for ever; counts stay."""
    caller.require(Action.READ_PERSONAL, registrant.area)
    request.at(uow)
    await handlers.erase(registrant, uow)


@as_file(
    queries,
    "在职党员报到台账",
    columns={
        "code": "报到编号",
        "person.name": "姓名",
        "person.phone": "电话",
        "community": "社区",
        "grid": "网格",
        "employer_id": "来源单位",
        "occupation": "职业",
        "skills": "专长",
        "state": "状态",
        "registered_on": "报到日期",
        "left_on": "离开日期",
        "claims": "认领岗位数",
    },
    form="xlsx",
    summary="导出报到台账",
    description="",
    on=files,
)
@queries.get("/registrants", summary="报到党员列表")
async def list_registrants(
    paging: Paging, filters: Annotated[RegistrantFilters, after_cursor(RegistrantFilters)]
) -> Page[RegistrantView]:
    """In order of code; names and numbers are masked."""
    ids = await sealed.known_as(paging.context, phone=filters.phone, name=filters.name)
    where = [] if ids is None else [col(RegistrantRow.registrant_id).in_(ids)]
    page = await paging.rows(RegistrantRow, filters, order="code", where=where)
    who = await masked(paging.context, [row.registrant_id for row in page.items])
    return page.of([_view(row, who.get(row.registrant_id)) for row in page.items])


@queries.get("/registrants/{registrant_id}", summary="单个报到党员")
async def get_registrant(registrant: Seen, context: Context) -> RegistrantView:
    who = await masked(context, [registrant.registrant_id])
    return _view(registrant, who.get(registrant.registrant_id))


@queries.get("/registrants/{registrant_id}/personal", summary="查看个人信息")
async def read_person(
    registrant: Personal, context: Context, caller: Caller, purpose: Purpose
) -> PersonView:
    """In full. That it was read, by whom and why, is recorded."""
    key = registrant.registrant_id
    read = await sealed.in_full(context, caller, key, registrant.area, purpose)
    return PersonView(registrant_id=key, **read)


def _person(request: Timed) -> dict[str, str]:
    """What a request says of name and numbers."""
    return request.model_dump(include={*PERSON}, exclude_none=True)


def _changes(registrant: RegistrantRow, request: Timed) -> dict[str, Any]:
    changes = {name: value for name, value in request.changes().items() if name not in PERSON}
    return with_area(changes, registrant.community)


def _view(row: RegistrantRow, who: Masked | None = None) -> RegistrantView:
    """Commands answer without the person, even masked: their answers are kept for repetition."""
    grid = domain.grid_of(row.area, row.community)
    return row.shown(RegistrantView, grid=grid, person=who or Masked())
