"""岗位与认领: what a community offers, who fits, who takes it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.working import ClaimEnd, ClaimState
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import BY_ROUTE, Filters, Paging, with_past
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.http.words import called
from services.chassis.ids import new_id
from services.membership.api.working.common import (
    TAGS,
    Masked,
    RegistrantId,
    ServiceKind,
    SkillKinds,
    Skills,
    fresh_code,
    masked,
    with_area,
)
from services.membership.domain.working.posts import Claim, Post
from services.membership.domain.working.registrants import grid_of
from services.membership.domain.working.standards import ClaimBounds
from services.membership.handlers.working import posts as handlers
from services.membership.tables.working import posts as tables
from services.membership.tables.working.rows import ClaimRow, PostRow

commands, queries, files = (
    command_router(tags=TAGS),
    query_router(tags=TAGS),
    query_router(tags=TAGS),
)

ABOUT_POSTS = (PostRow, "服务岗位", Action.MANAGE_SERVICE)
Edited = Annotated[PostRow, held(*ABOUT_POSTS, edit=True, called="post")]
InTurn = Annotated[PostRow, held(*ABOUT_POSTS, lock=False, called="post")]
Seen = Annotated[PostRow, seen(PostRow, "服务岗位", called="post")]
Managed = Annotated[PostRow, seen(*ABOUT_POSTS, called="post")]
ClaimInTurn = Annotated[
    ClaimRow, held(ClaimRow, "岗位认领", Action.MANAGE_SERVICE, lock=False, called="claim")
]

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

    taken_away = ("grid", "ends_on")

    title: Name | None = None
    kind: Kind | None = None
    grid: AreaCode | None = None
    skills: Skills | None = None
    places: Places | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


@before(grid="area", free="starts_on")
class PostView(Post):
    kind: ServiceKind = Field(title="服务类别")
    skills: SkillKinds = Field(title="所需专长")
    grid: str | None = Field(title="网格")
    free: int = Field(title="余额")
    version: int


class PostFilters(Filters):
    kind: Sought | None = None
    code: Sought | None = None
    free: Annotated[bool, BY_ROUTE] = Field(
        default=False, description="Only those somebody could claim today."
    )
    closed: Annotated[bool, with_past("closed_on")] = Field(
        default=True, description="Show those that were closed, too."
    )


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


class ClaimView(Claim):
    post_id: Annotated[UUID, called(PostRow.code)] = Field(title="岗位")
    registrant_id: RegistrantId = Field(title="报到党员")
    kind: ServiceKind = Field(title="服务类别")
    version: int

    @property
    def post_title(self) -> Annotated[UUID, called(PostRow.title)]:
        return self.post_id


class ClaimFilters(Filters):
    post_id: UUID | None = None
    registrant_id: UUID | None = None
    code: Sought | None = None
    state: ClaimState | None = None


# Posts


@commands.post("/posts", status_code=201, summary="设立服务岗位")
async def open_post(request: PostRequest, caller: Caller, uow: Work) -> PostView:
    caller.require(Action.MANAGE_SERVICE, request.community)
    fields = with_area(request.fields(), request.community)
    post = Post(post_id=new_id(), **fields, taken=0, closed_on=None)
    return _view(await handlers.open_post(post, uow, request.at(uow)))


@commands.patch("/posts/{post_id}", summary="变更服务岗位")
async def change_post(post: Edited, request: PostChange, uow: Work) -> PostView:
    changes = with_area(request.changes(), post.community)
    return _view(await handlers.change_post(post, changes, uow, request.at(uow)))


@commands.post("/posts/{post_id}/close", summary="撤销服务岗位")
async def close_post(post: InTurn, request: Timed, uow: Work) -> PostView:
    """Whoever holds it is released."""
    return _view(await handlers.close_post(post, uow, request.at(uow)))


@as_file(
    queries,
    "服务岗位台账",
    columns={
        "code": "岗位编号",
        "title": "岗位名称",
        "kind": "服务类别",
        "area": "区划",
        "skills": "所需专长",
        "places": "名额",
        "taken": "已认领",
        "starts_on": "开始日期",
        "ends_on": "截止日期",
        "closed_on": "撤销日期",
    },
    form="xlsx",
    without=("code", "free", "closed"),
    summary="导出岗位台账",
    description="",
    on=files,
)
@queries.get("/posts", summary="服务岗位列表")
async def list_posts(filters: Annotated[PostFilters, Query()], paging: Paging) -> Page[PostView]:
    """In order of code."""
    where = tables.free_on(business_date(paging.context.clock())) if filters.free else ()
    page = await paging.rows(PostRow, filters, order="code", where=where)
    return page.of([_view(row) for row in page.items])


@queries.get("/posts/{post_id}", summary="单个服务岗位")
async def get_post(post: Seen) -> PostView:
    return _view(post)


@queries.get("/posts/{post_id}/candidates", summary="岗位匹配人选")
async def list_candidates(
    post: Managed, context: Context, limit: Limit = 20
) -> list[CandidateView]:
    """Registrants of the community who have a skill the post wants and may claim one more post.

    Those with most of its skills first; a post that wants none takes anybody.
    """
    async with context.database.sessions() as session:
        today = business_date(context.clock())
        rule = (await rulebook.at(session, today, ClaimBounds))[ClaimBounds]
        found = await tables.candidates(session, post, rule.of(post.area).most, limit)
    who = await masked(context, [each.registrant_id for each, _ in found])
    return [
        each.shown(CandidateView, fits=fits, person=who.get(each.registrant_id, Masked()))
        for each, fits in found
    ]


# Claims


@commands.post("/posts/{post_id}/claims", status_code=201, summary="认领服务岗位")
async def claim(post: InTurn, request: ClaimRequest, uow: Work) -> ClaimView:
    """Refused (409) when the post is full or the registrant holds enough; names free posts."""
    claim_id, at = new_id(), request.at(uow)
    code = request.code or fresh_code("RL", claim_id)
    row = await handlers.claim(post, request.registrant_id, claim_id, code, uow, at)
    return row.shown(ClaimView)


@commands.post("/claims/{claim_id}/release", summary="结束岗位认领")
async def release(claim: ClaimInTurn, request: ReleaseRequest, uow: Work) -> ClaimView:
    row = await handlers.end_claim(claim, request.how, uow, request.at(uow))
    return row.shown(ClaimView)


@as_file(
    queries,
    "岗位认领台账",
    columns={
        "code": "认领编号",
        "post_id": "岗位编号",
        "post_title": "岗位名称",
        "kind": "服务类别",
        "registrant_id": "报到编号",
        "area": "区划",
        "state": "状态",
        "how": "结束方式",
        "claimed_on": "认领日期",
        "ended_on": "结束日期",
    },
    form="xlsx",
    without=("post_id", "registrant_id", "code"),
    summary="导出认领台账",
    description="",
    on=files,
)
@queries.get("/claims", summary="岗位认领列表")
async def list_claims(filters: Annotated[ClaimFilters, Query()], paging: Paging) -> Page[ClaimView]:
    """In order of code."""
    page = await paging.rows(ClaimRow, filters, order="code")
    return page.shown(ClaimView)


def _view(row: PostRow) -> PostView:
    grid = grid_of(row.area, row.community)
    return row.shown(PostView, grid=grid, free=row.places - row.taken)
