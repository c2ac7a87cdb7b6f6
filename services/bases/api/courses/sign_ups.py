"""Sign-ups: organisations with a headcount, or counts from outside. Never persons."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds import Channel
from contracts.kinds.courses import SignUpStatus
from services.bases.api import written
from services.bases.api.bookings.permits import acts_for_base, check_by_themselves
from services.bases.api.fields import Headcount
from services.bases.api.filters import Filters
from services.bases.domain.courses import life
from services.bases.domain.courses.model import SignUp
from services.bases.handlers.courses import sign_ups as handlers
from services.bases.tables import courses as tables
from services.bases.tables.courses import SessionRow, SignUpRow
from services.chassis.auth import Principal
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.held import held
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.ids import new_id
from services.chassis.rows import by_key
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["讲习报名"])
queries = query_router(tags=["讲习报名"])


async def _check_own(session: AsyncSession, row: SignUpRow, caller: Principal) -> None:
    of = await tables.one(session, SessionRow, row.session_id)
    await acts_for_base(caller, of.area, row.organisation_id, session)


OF_THEIRS = {"called": "sign-up", "first": tables.lock_session_of, "right": _check_own}
"""Staff of the base answer for anybody, an organisation's staff for their own."""
Own = Annotated[SignUpRow, held(SignUpRow, "报名", Action.HANDLE_BOOKINGS, **OF_THEIRS)]
Edited = Annotated[
    SignUpRow, held(SignUpRow, "报名", Action.HANDLE_BOOKINGS, edit=True, **OF_THEIRS)
]


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


@before(starts_at="organisation_id")
class SignUpView(SignUp):
    organisation_id: written.OrganisationId | None = Field(title="报名党组织")
    starts_at: datetime = Field(title="开始时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class SignUpFilters(Filters):
    session_id: UUID | None = None
    organisation_id: UUID | None = None
    status: SignUpStatus | None = None


@commands.post("/sessions/{session_id}/sign-ups", status_code=201, summary="报名讲习场次")
async def sign_up(
    session_id: UUID, request: SignUpRequest, caller: Caller, uow: Work
) -> SignUpView:
    """The seats are held from now on. A full session answers 409 with other sessions that take
    so many. By staff of the base for anybody, or by an organisation's own staff.
    """
    session = await tables.one(uow.session, SessionRow, session_id)
    if not await acts_for_base(caller, session.area, request.organisation_id, uow.session):
        check_by_themselves(request.channel)
    asked = SignUp(
        sign_up_id=new_id(),
        session_id=session_id,
        status=life.ENTER.to,
        attended=None,
        **request.fields(),
    )
    return _view(await handlers.sign_up(session, asked, uow, request.at(uow)), session)


@commands.patch("/sign-ups/{sign_up_id}", summary="变更报名人数")
async def change_sign_up(sign_up: Edited, request: SignUpChange, uow: Work) -> SignUpView:
    row = await handlers.resize(sign_up, request.headcount, uow, request.at(uow))
    return await _shown(uow, row)


@commands.post("/sign-ups/{sign_up_id}/withdraw", summary="退出报名")
async def withdraw_sign_up(sign_up: Own, request: Timed, uow: Work) -> SignUpView:
    return await _shown(uow, await handlers.withdraw(sign_up, uow, request.at(uow)))


@commands.post("/sign-ups/{sign_up_id}/attend", summary="登记到场人数")
async def attend_sign_up(
    sign_up: Own, request: AttendRequest, caller: Caller, uow: Work
) -> SignUpView:
    """Noted anew, it takes the place of what was noted, until the session is closed as held."""
    session = await tables.one(uow.session, SessionRow, sign_up.session_id)
    caller.require(Action.HANDLE_BOOKINGS, session.area)
    row = await handlers.attend(sign_up, request.headcount, uow, request.at(uow))
    return await _shown(uow, row)


@as_file(queries, "讲习报名")
@queries.get("/sign-ups", summary="讲习报名列表")
async def list_sign_ups(
    filters: Annotated[SignUpFilters, Query()], paging: Paging
) -> Page[SignUpView]:
    """In the order in which they were made."""
    of_session = col(SessionRow.session_id) == col(SignUpRow.session_id)
    page = await paging.rows(SignUpRow, filters, area=SessionRow.area, where=[of_session],
    )  # fmt: skip
    async with paging.context.database.sessions() as session:
        sessions = await by_key(session, SessionRow, [row.session_id for row in page.items])
    return page.of([_view(row, sessions[row.session_id]) for row in page.items])


def _view(row: SignUpRow, session: SessionRow) -> SignUpView:
    return row.shown(SignUpView, starts_at=session.starts_at)


async def _shown(uow: UnitOfWork, row: SignUpRow) -> SignUpView:
    return _view(row, await tables.one(uow.session, SessionRow, row.session_id))
