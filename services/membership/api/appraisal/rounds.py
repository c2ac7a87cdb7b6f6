"""Rounds of the yearly appraisal: opened, filled, counted, closed.

Tallies are shown once the round is closed, or by the proposal after the count: whoever could read
them after each sheet would know what the sheet said.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.appraisal import AppraisalFeedback, AppraisalResult, AppraisalState
from services.chassis import rulebook
from services.chassis.clock import business_date, occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.points.entries import uuid_of
from services.membership.api.written import OrganisationId
from services.membership.domain.appraisal import RULES
from services.membership.domain.appraisal import rounds as domain
from services.membership.domain.appraisal.rounds import Participant, Tally
from services.membership.handlers import appraisal as handlers
from services.membership.handlers.appraisal import Place
from services.membership.tables import organisations
from services.membership.tables.appraisal import rounds as tables
from services.membership.tables.appraisal.rounds import Known

commands = command_router(tags=["民主评议"])
queries = APIRouter(prefix="/v1", tags=["民主评议"], responses=dict(RESPONSES))

MOST = 10_000
"""Beyond any branch."""

Votes = Annotated[int, Field(ge=0, le=MOST)]


class AppraisalRequest(Timed):
    organisation_id: UUID = Field(title="党组织")
    year: int = Field(title="年度", ge=FIRST_YEAR, le=LAST_YEAR)


class ParticipantRequest(Timed):
    """`mobile`: a member of another branch who lives here is appraised here (条例 art. 32)."""

    member_id: UUID = Field(title="党员编号")
    mobile: bool = Field(default=False, title="流动党员")


class ParticipantStatement(Timed):
    """What is left out stays as it was said."""

    self_rating: AppraisalResult | None = Field(default=None, title="自评等次")
    feedback: AppraisalFeedback | None = Field(default=None, title="单位或居住地反馈")

    @model_validator(mode="after")
    def _says_something(self) -> "ParticipantStatement":
        if self.self_rating is None and self.feedback is None:
            raise ValueError("须填写自评或反馈 (say a rating or feedback)")
        return self


class SheetRequest(Timed):
    """One rater's opinion of the others. `seal` is drawn at random by the client for each sheet.

    It is kept nowhere. Of every command a digest of its body is kept, to recognise repetitions;
    without something unknown in it, a short sheet could be found by trying all there are.
    """

    rater_id: UUID = Field(title="评议人")
    seal: UUID = Field(title="随机封签")
    ratings: dict[UUID, AppraisalResult] = Field(title="互评", min_length=1, max_length=MOST)


class TallyRequest(BaseModel):
    member_id: UUID = Field(title="党员编号")
    excellent: Votes = Field(default=0, title="优秀票")
    qualified: Votes = Field(default=0, title="合格票")
    basic: Votes = Field(default=0, title="基本合格票")
    unqualified: Votes = Field(default=0, title="不合格票")


class BallotRequest(Timed):
    """The whole count; counting again replaces it."""

    ballots: Votes = Field(title="收回票数")
    tallies: list[TallyRequest] = Field(title="得票", min_length=1, max_length=MOST)

    @model_validator(mode="after")
    def _once_each(self) -> "BallotRequest":
        if len({each.member_id for each in self.tallies}) != len(self.tallies):
            raise ValueError("同一党员出现两次 (a member is listed twice)")
        return self


class Decision(BaseModel):
    member_id: UUID = Field(title="党员编号")
    result: AppraisalResult = Field(title="评议等次")


class ClosingRequest(Timed):
    """Members without a decision get what the rules propose."""

    decisions: list[Decision] = Field(default=[], title="支部决定", max_length=MOST)


class AppraisalView(BaseModel):
    round_id: UUID
    organisation_id: OrganisationId = Field(title="党组织")
    area: str = Field(title="区划")
    year: int = Field(title="年度")
    state: AppraisalState = Field(title="状态")
    sheets: int = Field(title="已收互评表")
    ballots: int = Field(title="收回票数")
    opened_at: datetime = Field(title="启动时刻")
    closed_at: datetime | None = Field(title="完成时刻")


class TallyView(BaseModel):
    excellent: int = Field(title="优秀")
    qualified: int = Field(title="合格")
    basic: int = Field(title="基本合格")
    unqualified: int = Field(title="不合格")


class ParticipantView(BaseModel):
    member_id: UUID
    votes: bool = Field(title="有表决权")
    mobile: bool = Field(title="流动党员在居住地参评")
    self_rating: AppraisalResult | None = Field(title="自评等次")
    feedback: AppraisalFeedback | None = Field(title="单位或居住地反馈")
    peers: TallyView | None = Field(title="互评", description="Null while the round is open.")
    ballot: TallyView | None = Field(title="测评票", description="Null while the round is open.")


class AppraisalDetail(AppraisalView):
    participants: list[ParticipantView] = Field(title="参评党员")


class ProposedResult(BaseModel):
    member_id: UUID
    points: int = Field(title="本年积分")
    expected: int = Field(title="应到次数")
    attended: int = Field(title="实到次数")
    may_be_excellent: bool = Field(title="符合优秀条件")
    result: AppraisalResult = Field(title="建议等次")


class ProposalView(BaseModel):
    places: int = Field(title="优秀名额")
    results: list[ProposedResult] = Field(title="建议")


class SheetView(BaseModel):
    sheets: int = Field(title="已收互评表")


@commands.post("/appraisals", status_code=201, summary="启动年度民主评议")
async def open_appraisal(
    request: AppraisalRequest, caller: Caller, uow: Work, response: Response
) -> AppraisalView:
    place = await placed(request.organisation_id, caller, uow)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.open_round(place, request.year, uow, at), response)


@commands.post("/appraisals/{round_id}/participants", status_code=204, summary="增补参评党员")
async def add_participant(
    round_id: UUID, request: ParticipantRequest, caller: Caller, uow: Work
) -> None:
    round_ = await _held(round_id, caller, uow)
    await handlers.add_participant(round_, request.member_id, uow, mobile=request.mobile)


@commands.delete(
    "/appraisals/{round_id}/participants/{member_id}", status_code=204, summary="移出参评党员"
)
async def release_participant(round_id: UUID, member_id: UUID, caller: Caller, uow: Work) -> None:
    round_ = await _held(round_id, caller, uow)
    await handlers.release_participant(round_, member_id, uow)


@commands.post(
    "/appraisals/{round_id}/participants/{member_id}/statement",
    status_code=204,
    summary="登记自评与反馈",
)
async def say_of_participant(
    round_id: UUID, member_id: UUID, request: ParticipantStatement, caller: Caller, uow: Work
) -> None:
    round_ = await _held(round_id, caller, uow)
    await handlers.say(round_, member_id, request.self_rating, request.feedback, uow)


@commands.post("/appraisals/{round_id}/sheets", status_code=201, summary="交互评表")
async def hand_in_sheet(
    round_id: UUID, request: SheetRequest, caller: Caller, uow: Work
) -> SheetView:
    """Secret: tallies are kept, and that the rater handed in a sheet; never who said what."""
    round_ = await _held(round_id, caller, uow)
    sheets = await handlers.hand_in(round_, request.rater_id, request.ratings, uow)
    return SheetView(sheets=sheets)


@commands.put("/appraisals/{round_id}/ballot", status_code=204, summary="登记民主测评计票")
async def count_ballot(round_id: UUID, request: BallotRequest, caller: Caller, uow: Work) -> None:
    round_ = await _held(round_id, caller, uow)
    tallies = {
        each.member_id: Tally(**each.model_dump(exclude={"member_id"})) for each in request.tallies
    }
    await handlers.count_ballot(round_, request.ballots, tallies, uow)


@commands.post("/appraisals/{round_id}/close", summary="确定评议结果")
async def close_appraisal(
    round_id: UUID, request: ClosingRequest, caller: Caller, uow: Work, response: Response
) -> AppraisalView:
    """Results are final."""
    round_ = await _held(round_id, caller, uow)
    at = occurred(request.occurred_at, uow.now)
    decisions = {each.member_id: each.result for each in request.decisions}
    await handlers.close(round_, decisions, uow, at)
    return _shown(await tables.round_of(uow.session, round_id), response)


@as_file(queries, "民主评议")
@queries.get("/appraisals", summary="民主评议列表")
async def list_appraisals(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    organisation_id: UUID | None = None,
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
    state: AppraisalState | None = None,
    limit: Limit = 50,
) -> Page[AppraisalView]:
    async with context.database.sessions() as session:
        rows = await tables.rounds(
            session,
            within=areas_to_list(caller, within),
            organisation_id=organisation_id,
            year=year,
            state=state,
            after=uuid_of(cursor[0]) if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.round_id,))


@queries.get("/appraisals/{round_id}", summary="单个民主评议")
async def get_appraisal(
    round_id: UUID, context: Context, caller: Caller, response: Response
) -> AppraisalDetail:
    async with context.database.sessions() as session:
        round_ = await tables.round_of(session, round_id)
        caller.require(Action.MANAGE_MEMBERS, round_.area)
        there = await tables.participants(session, round_id)
    done = round_.state is AppraisalState.CLOSED
    set_etag(response, round_.version)
    return AppraisalDetail(
        **_view(round_).model_dump(), participants=[_participant(each, done) for each in there]
    )


@commands.post("/appraisals/{round_id}/proposal", summary="按规则试算评议等次")
async def propose_results(
    round_id: UUID, request: ClosingRequest, caller: Caller, uow: Work
) -> ProposalView:
    """What closing with these decisions would give. Needs the count; changes nothing.

    Raises what closing would raise.
    """
    round_ = await _held(round_id, caller, uow)
    day = business_date(occurred(request.occurred_at, uow.now))
    book = await rulebook.at(uow.session, day, *RULES)
    there = await handlers.weighed(uow, round_)
    domain.require_complete(round_, there, round_.sheets, book)
    decisions = {each.member_id: each.result for each in request.decisions}
    results = domain.decide(there, decisions, book)
    return ProposalView(
        places=domain.places(len(there), book),
        results=[
            ProposedResult(
                member_id=each.member_id,
                points=each.points,
                expected=each.expected,
                attended=each.attended,
                may_be_excellent=domain.may_be_excellent(each, book),
                result=results[each.member_id],
            )
            for each in there
        ],
    )


async def placed(organisation_id: UUID, caller: Caller, uow: Work) -> Place:
    """The organisation, in which the caller may manage members. Raises `NotFound`."""
    row = await organisations.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_MEMBERS, row.area)
    return Place(organisation_id=organisation_id, area=row.area)


async def _held(round_id: UUID, caller: Caller, uow: Work) -> Known:
    round_ = await handlers.open_to_change(uow, round_id)
    caller.require(Action.MANAGE_MEMBERS, round_.area)
    return round_


def _participant(each: Participant, done: bool) -> ParticipantView:  # noqa: FBT001  said at the only place
    return ParticipantView(
        member_id=each.member_id,
        votes=each.votes,
        mobile=each.mobile,
        self_rating=each.self_rating,
        feedback=each.feedback,
        peers=TallyView(**vars(each.peers)) if done else None,
        ballot=TallyView(**vars(each.ballot)) if done else None,
    )


def _view(round_: Known) -> AppraisalView:
    return AppraisalView.model_validate(vars(round_))


def _shown(round_: Known, response: Response) -> AppraisalView:
    set_etag(response, round_.version)
    return _view(round_)
