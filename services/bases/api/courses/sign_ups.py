"""Sign-ups: organisations with a headcount, or counts from outside. Never persons."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import Channel
from contracts.kinds.courses import SignUpStatus
from services.bases.api import written
from services.bases.api.bookings.permits import check_by_themselves, handles
from services.bases.api.fields import Headcount
from services.bases.handlers.courses import sign_ups as handlers
from services.bases.tables import courses as tables
from services.bases.tables.bookings import visitors_of
from services.bases.tables.courses import SessionRow, SignUpRow
from services.chassis.auth import Principal
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
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.lists import as_file
from services.chassis.http.pages import id_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["讲习报名"])
queries = APIRouter(prefix="/v1", tags=["讲习报名"], responses=dict(RESPONSES))


class SignUpRequest(Timed):
    organisation_id: UUID | None = Field(
        default=None, title="报名党组织", description="Null: a count from outside."
    )
    headcount: Headcount
    channel: Channel = Field(title="报名方式")


class SignUpChange(Timed):
    headcount: Headcount


class AttendRequest(Timed):
    headcount: Annotated[int, Field(strict=True, ge=0, le=100_000, title="到场人数")]


class SignUpView(BaseModel):
    sign_up_id: UUID
    session_id: UUID
    starts_at: datetime = Field(title="开始时刻")
    organisation_id: written.OrganisationId | None = Field(title="报名党组织")
    headcount: int = Field(title="报名人数")
    channel: Channel = Field(title="报名方式")
    status: SignUpStatus = Field(title="状态")
    attended: int | None = Field(title="到场人数")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/sessions/{session_id}/sign-ups", status_code=201, summary="报名讲习场次")
async def sign_up(
    session_id: UUID, request: SignUpRequest, caller: Caller, uow: Work, response: Response
) -> SignUpView:
    """The seats are held from now on. A full session answers 409 with other sessions that take
    so many. By staff of the base for anybody, or by an organisation's own staff.
    """
    session = await tables.one(uow.session, SessionRow, session_id)
    if not await _staff(caller, session, request.organisation_id, uow):
        check_by_themselves(request.channel)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.sign_up(
        session_id, request.organisation_id, request.headcount, request.channel, uow, at
    )
    return _shown(row, session, response)


@commands.patch("/sign-ups/{sign_up_id}", summary="变更报名人数")
async def change_sign_up(
    sign_up_id: UUID,
    request: SignUpChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> SignUpView:
    session, at = await _permitted(sign_up_id, request, caller, uow)
    row = await handlers.resize(sign_up_id, request.headcount, version, uow, at)
    return _shown(row, session, response)


@commands.post("/sign-ups/{sign_up_id}/withdraw", summary="退出报名")
async def withdraw_sign_up(
    sign_up_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> SignUpView:
    session, at = await _permitted(sign_up_id, request, caller, uow)
    return _shown(await handlers.withdraw(sign_up_id, uow, at), session, response)


@commands.post("/sign-ups/{sign_up_id}/attend", summary="登记到场人数")
async def attend_sign_up(
    sign_up_id: UUID, request: AttendRequest, caller: Caller, uow: Work, response: Response
) -> SignUpView:
    """Noted anew, it takes the place of what was noted, until the session is closed as held."""
    session, at = await _permitted(sign_up_id, request, caller, uow)
    caller.require(Action.HANDLE_BOOKINGS, session.area)
    row = await handlers.attend(sign_up_id, request.headcount, uow, at)
    return _shown(row, session, response)


@as_file(queries, "讲习报名")
@queries.get("/sign-ups", summary="讲习报名列表")
async def list_sign_ups(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    session_id: UUID | None = None,
    organisation_id: UUID | None = None,
    status: SignUpStatus | None = None,
    limit: Limit = 50,
) -> Page[SignUpView]:
    """In the order in which they were made."""
    async with context.database.sessions() as session:
        rows = await tables.sign_ups(
            session,
            areas_to_list(caller, within),
            session_id=session_id,
            organisation_id=organisation_id,
            status=status,
            after=id_of(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, lambda row: _view(*row), lambda row: (row[0].sign_up_id,))


async def _permitted(
    sign_up_id: UUID, request: Timed, caller: Principal, uow: UnitOfWork
) -> tuple[SessionRow, datetime]:
    """The session and the business time of a step that the caller may take."""
    row = await tables.one(uow.session, SignUpRow, sign_up_id)
    session = await tables.one(uow.session, SessionRow, row.session_id)
    await _staff(caller, session, row.organisation_id, uow)
    return session, occurred(request.occurred_at, uow.now)


async def _staff(
    caller: Principal, session: SessionRow, organisation_id: UUID | None, uow: UnitOfWork
) -> bool:
    """Whether `caller` acts as staff of the base; else they must be of the organisation."""
    visitors = None
    if organisation_id is not None and not handles(caller, session.area):
        visitors = await visitors_of(uow.session, organisation_id)
    if visitors is None or not caller.areas(Action.REQUEST_BOOKINGS):
        caller.require(Action.HANDLE_BOOKINGS, session.area)
        return True
    caller.require(Action.REQUEST_BOOKINGS, visitors.area)
    return False


def _view(row: SignUpRow, session: SessionRow) -> SignUpView:
    return SignUpView.model_validate(row.model_dump() | {"starts_at": session.starts_at})


def _shown(row: SignUpRow, session: SessionRow, response: Response) -> SignUpView:
    set_etag(response, row.version)
    return _view(row, session)
