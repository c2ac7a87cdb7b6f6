"""岗位与认领: what a community offers, who fits, who takes it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.working import ClaimEnd, ClaimState
from services.chassis import rulebook
from services.chassis.clock import business_date, occurred
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
    set_etag,
)
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.working.common import (
    Masked,
    Skills,
    Within,
    commands_router,
    masked,
    queries_router,
)
from services.membership.domain.working.posts import Post
from services.membership.domain.working.registrants import Place
from services.membership.domain.working.standards import ClaimBounds
from services.membership.handlers.working import posts as handlers
from services.membership.handlers.working.checks import fresh_code
from services.membership.tables.working import posts as tables
from services.membership.tables.working.rows import ClaimRow, PostRow

commands, queries = commands_router(), queries_router()

Places = Annotated[int, Field(ge=1, le=10_000, title="名额")]


class PostRequest(Timed):
    code: Code
    title: Name
    kind: Kind = Field(title="服务类别")
    community: AreaCode = Field(title="社区")
    grid: AreaCode | None = Field(default=None, title="网格")
    skills: Skills = Field(default_factory=list)
    places: Places
    starts_on: Day = Field(title="开始日期")
    ends_on: Day | None = Field(default=None, title="截止日期", description="Inclusive.")


class PostChange(Timed):
    """Fields left out stay as they are; `grid` and `ends_on` may be taken away by null."""

    title: Name | None = None
    kind: Kind | None = None
    grid: AreaCode | None = None
    skills: Skills | None = None
    places: Places | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


class PostView(BaseModel):
    post_id: UUID
    code: str = Field(title="岗位编号")
    title: str = Field(title="岗位名称")
    kind: str = Field(title="服务类别")
    community: str = Field(title="社区")
    grid: str | None = Field(title="网格")
    area: str = Field(title="区划")
    skills: list[str] = Field(title="所需专长")
    places: int = Field(title="名额")
    taken: int = Field(title="已认领")
    free: int = Field(title="余额")
    starts_on: date = Field(title="开始日期")
    ends_on: date | None = Field(title="截止日期")
    closed_on: date | None = Field(title="撤销日期")
    version: int


class CandidateView(BaseModel):
    registrant_id: UUID
    code: str = Field(title="报到编号")
    employer_id: UUID = Field(title="来源单位")
    occupation: str = Field(title="职业")
    skills: list[str] = Field(title="专长")
    fits: int = Field(title="符合的专长数")
    claims: int = Field(title="已认领岗位数")
    person: Masked = Field(title="个人信息（脱敏）")


class ClaimRequest(Timed):
    registrant_id: UUID = Field(title="报到党员")
    code: Code | None = Field(default=None, title="认领编号")


class ReleaseRequest(Timed):
    """`withdrawn` when the registrant steps back, `released` when the community decides."""

    how: Literal[ClaimEnd.WITHDRAWN, ClaimEnd.RELEASED] = Field(title="结束方式")


class ClaimView(BaseModel):
    claim_id: UUID
    code: str = Field(title="认领编号")
    post_id: UUID = Field(title="岗位")
    registrant_id: UUID = Field(title="报到党员")
    employer_id: UUID = Field(title="来源单位")
    kind: str = Field(title="服务类别")
    area: str = Field(title="区划")
    state: ClaimState = Field(title="状态")
    how: ClaimEnd | None = Field(title="结束方式")
    claimed_on: date = Field(title="认领日期")
    ended_on: date | None = Field(title="结束日期")
    version: int


# Posts


@commands.post("/posts", status_code=201, summary="设立服务岗位")
async def open_post(
    request: PostRequest, caller: Caller, uow: Work, response: Response
) -> PostView:
    caller.require(Action.MANAGE_SERVICE, request.community)
    said = request.model_dump(exclude={"occurred_at", "community", "grid", "skills"})
    post = Post(
        post_id=new_id(),
        place=Place(community=request.community, grid=request.grid),
        skills=tuple(request.skills),
        **said,
    )
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.open_post(post, uow, at), response)


@commands.patch("/posts/{post_id}", summary="变更服务岗位")
async def change_post(
    post_id: UUID,
    request: PostChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> PostView:
    row = await tables.post(uow.session, post_id, lock=True)
    caller.require(Action.MANAGE_SERVICE, row.area)
    said = request.model_dump(exclude={"occurred_at", "grid", "ends_on"}, exclude_none=True)
    if "skills" in said:
        said["skills"] = tuple(said["skills"])
    if "grid" in request.model_fields_set:
        said["place"] = Place(community=row.community, grid=request.grid)
    if "ends_on" in request.model_fields_set:
        said["ends_on"] = request.ends_on
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.change_post(row, said, version, uow, at), response)


@commands.post("/posts/{post_id}/close", summary="撤销服务岗位")
async def close_post(
    post_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> PostView:
    """Whoever holds it is released."""
    caller.require(Action.MANAGE_SERVICE, (await tables.post(uow.session, post_id)).area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.close_post(post_id, uow, at), response)


@queries.get("/posts", summary="服务岗位列表")
async def list_posts(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    free: Annotated[bool, Query(description="Only those somebody could claim today.")] = False,
    closed: Annotated[bool, Query(description="Show those that were closed, too.")] = True,
    limit: Limit = 50,
) -> Page[PostView]:
    """In order of code."""
    async with context.database.sessions() as session:
        rows = await tables.posts(
            session,
            within=areas_to_list(caller, within),
            kind=kind,
            code=code,
            free_on=business_date(context.clock()) if free else None,
            open_only=not closed,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, view_post, lambda row: (row.code,))


@queries.get("/posts/{post_id}", summary="单个服务岗位")
async def get_post(post_id: UUID, context: Context, caller: Caller, response: Response) -> PostView:
    async with context.database.sessions() as session:
        row = await tables.post(session, post_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@queries.get("/posts/{post_id}/candidates", summary="岗位匹配人选")
async def list_candidates(
    post_id: UUID, context: Context, caller: Caller, limit: Limit = 20
) -> list[CandidateView]:
    """Registrants of the community who have a skill the post wants and may claim one more post.

    Those with most of its skills first; a post that wants none takes anybody.
    """
    async with context.database.sessions() as session:
        row = await tables.post(session, post_id)
        caller.require(Action.MANAGE_SERVICE, row.area)
        today = business_date(context.clock())
        rule = (await rulebook.at(session, today, ClaimBounds))[ClaimBounds]
        most = rule.of(row.area).most
        found = await tables.candidates(session, row, most, limit)
    ids = [each.registrant_id for each, _ in found]
    who = await masked(context, ids)
    return [
        CandidateView(
            **each.model_dump(include=set(CandidateView.model_fields)),
            fits=fits,
            person=who.get(each.registrant_id, Masked()),
        )
        for each, fits in found
    ]


# Claims


@commands.post("/posts/{post_id}/claims", status_code=201, summary="认领服务岗位")
async def claim(
    post_id: UUID, request: ClaimRequest, caller: Caller, uow: Work, response: Response
) -> ClaimView:
    """Refused (409) when the post is full or the registrant holds enough; names free posts."""
    caller.require(Action.MANAGE_SERVICE, (await tables.post(uow.session, post_id)).area)
    claim_id = new_id()
    code = request.code or fresh_code("RL", claim_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.claim(claim_id, code, post_id, request.registrant_id, uow, at)
    set_etag(response, row.version)
    return view_claim(row)


@commands.post("/claims/{claim_id}/release", summary="结束岗位认领")
async def release(
    claim_id: UUID, request: ReleaseRequest, caller: Caller, uow: Work, response: Response
) -> ClaimView:
    caller.require(Action.MANAGE_SERVICE, (await tables.claim(uow.session, claim_id)).area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.end_claim(claim_id, request.how, uow, at)
    set_etag(response, row.version)
    return view_claim(row)


@queries.get("/claims", summary="岗位认领列表")
async def list_claims(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    post_id: UUID | None = None,
    registrant_id: UUID | None = None,
    code: Sought | None = None,
    state: ClaimState | None = None,
    limit: Limit = 50,
) -> Page[ClaimView]:
    """In order of code."""
    async with context.database.sessions() as session:
        rows = await tables.claims(
            session,
            within=areas_to_list(caller, within),
            post_id=post_id,
            registrant_id=registrant_id,
            code=code,
            state=state,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, lambda row: view_claim(row[0]), lambda row: (row[0].code,))


def view_post(row: PostRow) -> PostView:
    return PostView(
        **row.model_dump(exclude={"recorded_at"}),
        grid=row.post().place.grid,
        free=row.places - row.taken,
    )


def view_claim(row: ClaimRow) -> ClaimView:
    return ClaimView.model_validate(row.model_dump())


def _shown(row: PostRow, response: Response) -> PostView:
    set_etag(response, row.version)
    return view_post(row)
