"""Rounds of the yearly appraisal: opened, filled, counted, closed.

Tallies are shown once the round is closed, or by the proposal after the count: whoever could read
them after each sheet would know what the sheet said.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field, model_validator

from contracts.access import Action
from contracts.kinds.appraisal import AppraisalFeedback, AppraisalResult, AppraisalState
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    set_etag,
)
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.views import whole
from services.membership.api.written import OrganisationId
from services.membership.domain.appraisal import RULES
from services.membership.domain.appraisal import rounds as domain
from services.membership.domain.appraisal.rounds import Participant, Round, Tally
from services.membership.handlers import appraisal as handlers
from services.membership.tables import organisations
from services.membership.tables.appraisal import rounds as tables
from services.membership.tables.appraisal.rounds import RoundRow
from services.membership.tables.organisations import OrganisationRow

commands = command_router(tags=["民主评议"])
queries = query_router(tags=["民主评议"])

Held = Annotated[RoundRow, held(RoundRow, "民主评议", Action.MANAGE_MEMBERS)]
Seen = Annotated[RoundRow, seen(RoundRow, "民主评议", Action.MANAGE_MEMBERS)]


async def _open(round_: Held) -> RoundRow:
    domain.CHANGE(round_.state)
    return round_


async def _member(member_id: UUID) -> UUID:
    """After the round, as the address has it."""
    return member_id


Open = Annotated[RoundRow, Depends(_open)]
MemberId = Annotated[UUID, Depends(_member)]

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


@whole
class AppraisalView(Round):
    organisation_id: OrganisationId = Field(title="党组织")


@whole
class TallyView(Tally):
    pass


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


class AppraisalFilters(Filters):
    organisation_id: UUID | None = None
    year: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    state: AppraisalState | None = None


@commands.post("/appraisals", status_code=201, summary="启动年度民主评议")
async def open_appraisal(request: AppraisalRequest, caller: Caller, uow: Work) -> AppraisalView:
    organisation = await placed(request.organisation_id, caller, uow)
    round_ = await handlers.open_round(organisation, request.year, uow, request.at(uow))
    return round_.shown(AppraisalView)


@commands.post("/appraisals/{round_id}/participants", status_code=204, summary="增补参评党员")
async def add_participant(round_: Open, request: ParticipantRequest, uow: Work) -> None:
    await handlers.add_participant(round_, request.member_id, uow, mobile=request.mobile)


@commands.delete(
    "/appraisals/{round_id}/participants/{member_id}", status_code=204, summary="移出参评党员"
)
async def release_participant(round_: Open, member_id: MemberId, uow: Work) -> None:
    await handlers.release_participant(round_, member_id, uow)


@commands.post(
    "/appraisals/{round_id}/participants/{member_id}/statement",
    status_code=204,
    summary="登记自评与反馈",
)
async def say_of_participant(
    round_: Open, member_id: MemberId, request: ParticipantStatement, uow: Work
) -> None:
    await handlers.say(round_, member_id, request.self_rating, request.feedback, uow)


@commands.post("/appraisals/{round_id}/sheets", status_code=201, summary="交互评表")
async def hand_in_sheet(round_: Open, request: SheetRequest, uow: Work) -> SheetView:
    """Secret: tallies are kept, and that the rater handed in a sheet; never who said what."""
    sheets = await handlers.hand_in(round_, request.rater_id, request.ratings, uow)
    return SheetView(sheets=sheets)


@commands.put("/appraisals/{round_id}/ballot", status_code=204, summary="登记民主测评计票")
async def count_ballot(round_: Open, request: BallotRequest, uow: Work) -> None:
    tallies = {
        each.member_id: Tally(**each.model_dump(exclude={"member_id"})) for each in request.tallies
    }
    await handlers.count_ballot(round_, request.ballots, tallies, uow)


@commands.post("/appraisals/{round_id}/close", summary="确定评议结果")
async def close_appraisal(
    round_: Open, request: ClosingRequest, uow: Work, response: Response
) -> AppraisalView:
    """Results are final."""
    decisions = {each.member_id: each.result for each in request.decisions}
    await handlers.close(round_, decisions, uow, request.at(uow))
    set_etag(response, round_.version)
    return round_.shown(AppraisalView)


@as_file(queries, "民主评议")
@queries.get("/appraisals", summary="民主评议列表")
async def list_appraisals(
    filters: Annotated[AppraisalFilters, Query()], paging: Paging
) -> Page[AppraisalView]:
    page = await paging.rows(RoundRow, filters)
    return page.of([row.shown(AppraisalView) for row in page.items])


@queries.get("/appraisals/{round_id}", summary="单个民主评议")
async def get_appraisal(round_: Seen, context: Context, response: Response) -> AppraisalDetail:
    async with context.database.sessions() as session:
        there = await tables.participants(session, round_.round_id)
    done = round_.state is AppraisalState.CLOSED
    set_etag(response, round_.version)
    return round_.shown(AppraisalDetail, participants=[_participant(each, done) for each in there])


@commands.post("/appraisals/{round_id}/proposal", summary="按规则试算评议等次")
async def propose_results(round_: Open, request: ClosingRequest, uow: Work) -> ProposalView:
    """What closing with these decisions would give. Needs the count; changes nothing.

    Raises what closing would raise.
    """
    day = business_date(request.at(uow))
    book = await rulebook.at(uow.session, day, *RULES)
    there = await handlers.weighed(uow, round_)
    domain.require_complete(round_, there, round_.sheets, book)
    decisions = {each.member_id: each.result for each in request.decisions}
    results = domain.decide(there, decisions, book)
    return ProposalView(
        places=domain.places(len(there), book),
        results=[
            ProposedResult(
                **each.model_dump(),
                may_be_excellent=domain.may_be_excellent(each, book),
                result=results[each.member_id],
            )
            for each in there
        ],
    )


async def placed(organisation_id: UUID, caller: Caller, uow: Work) -> OrganisationRow:
    """The organisation, in which the caller may manage members. Raises `NotFound`."""
    row = await organisations.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_MEMBERS, row.area)
    return row


def _participant(each: Participant, done: bool) -> ParticipantView:  # noqa: FBT001  said at the only place
    secret: dict[str, Any] = {} if done else {"peers": None, "ballot": None}
    return ParticipantView(**each.model_dump() | secret)
