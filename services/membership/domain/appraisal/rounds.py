"""A round: who takes part, what they said, what is decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.appraisal import AppraisalFeedback, AppraisalResult, AppraisalState
from contracts.membership.appraisal import AppraisalClosed, AppraisalDecided, AppraisalRoundEvent
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.rules import Book
from services.chassis.state import State
from services.membership.domain.appraisal.standards import (
    AppraisalExcellentDemands,
    AppraisalExcellentShare,
    AppraisalTurnout,
    AppraisalVotes,
)

RESULT_NAMESPACE = UUID("6a6963e6-6170-5072-8000-616973616c00")

# State


class Tally(State):
    """How many chose each result. Who chose what is kept nowhere."""

    excellent: int = Field(default=0, title="优秀")
    qualified: int = Field(default=0, title="合格")
    basic: int = Field(default=0, title="基本合格")
    unqualified: int = Field(default=0, title="不合格")

    @property
    def total(self) -> int:
        return self.excellent + self.qualified + self.basic + self.unqualified

    def exceeds(self, votes: int, percent: int) -> bool:
        return votes * 100 > self.total * percent

    @property
    def praise(self) -> Fraction:
        """Share of "excellent"."""
        return Fraction(self.excellent, self.total) if self.total else Fraction()


class Participant(State):
    """A member in a round, with all that the decision draws on."""

    member_id: UUID
    votes: bool = True
    """Full members of the branch vote; probationary and mobile ones do not."""
    mobile: bool = False
    self_rating: AppraisalResult | None = None
    feedback: AppraisalFeedback | None = None
    peers: Tally = Tally()
    ballot: Tally = Tally()
    points: int = 0
    expected: int = 0
    """Organisation life at which attendance was demanded this year."""
    attended: int = 0


class Round(State):
    round_id: UUID
    organisation_id: UUID = Field(title="党组织")
    area: str = Field(title="区划")
    year: int = Field(title="年度")
    state: AppraisalState = Field(default=AppraisalState.OPEN, title="状态")
    sheets: int = Field(default=0, title="已收互评表")
    ballots: int = Field(default=0, title="收回票数")
    """Ballot papers collected at the meeting."""
    opened_at: datetime = Field(title="启动时刻")
    closed_at: datetime | None = Field(default=None, title="完成时刻")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*AppraisalRoundEvent.model_fields})


class Result(State):
    """One a member and year, and final."""

    result_id: UUID
    round_id: UUID | None = Field(
        default=None, title="评议", description="Null: out of the paper ledger."
    )
    organisation_id: UUID = Field(title="党组织")
    area: str = Field(title="区划")
    member_id: UUID = Field(title="党员编号")
    year: int = Field(title="年度")
    result: AppraisalResult = Field(title="评议等次")
    points: int = Field(title="本年积分")
    mobile: bool = Field(default=False, title="流动党员在居住地参评")
    evidence: str | None = Field(default=None, title="凭证编号")
    decided_at: datetime = Field(title="确定时刻")


# Refusals


class RoundExists(Conflict):
    code = "appraisal-round-exists"
    title, title_zh = "The organisation has a round of that year", "该党组织当年已启动民主评议"


class RoundClosed(Conflict):
    code = "appraisal-closed"
    title, title_zh = "The round is closed and its results are final", "评议已完成，结果不能更改"


class NobodyToAppraise(Conflict):
    code = "appraisal-nobody"
    title, title_zh = "There is nobody to appraise", "没有可参评的党员"


class AppraisedElsewhere(Conflict):
    code = "appraised-elsewhere"
    title, title_zh = "The member is appraised in another round", "该党员当年已在其他评议中参评"


class NotOfTheBranch(Invalid):
    code = "appraisal-not-of-the-branch"
    title, title_zh = "The member does not take part in this round", "该党员不在本次评议范围内"


class RatedAlready(Conflict):
    code = "appraisal-rated-already"
    title, title_zh = "The rater has handed in a sheet", "该党员已交互评表"


class RatesThemselves(Invalid):
    code = "appraisal-rates-themselves"
    title, title_zh = "Peers are others", "互评不含本人，本人请填自评"


class TooManyBallots(Invalid):
    code = "appraisal-too-many-ballots"
    title, title_zh = "More votes than ballots, or more ballots than voters", "票数不符"


class Incomplete(Conflict):
    code = "appraisal-incomplete"
    title, title_zh = "The round is not complete", "评议程序未完成"


class TurnoutTooLow(Conflict):
    code = "appraisal-turnout"
    title, title_zh = "Too few ballots", "到会人数不足，测评无效"


class TooManyExcellent(Conflict):
    code = "appraisal-too-many-excellent"
    title, title_zh = "Too many are excellent", "优秀等次超过比例上限"


class NotExcellent(Conflict):
    code = "appraisal-not-excellent"
    title, title_zh = "Votes, points or attendance do not make it excellent", "不符合优秀等次条件"


OPEN = {AppraisalState.OPEN}
LIFE = Lifecycle("round", "民主评议", AppraisalState, RoundClosed)
BEGIN = LIFE.begin("open", "开始", AppraisalState.OPEN)
CHANGE = LIFE.step("change", "更改", OPEN, None)
CLOSE = LIFE.step("close", "完成", OPEN, AppraisalState.CLOSED)

# Decisions


def check_sheet(
    rater_id: UUID, rated: Mapping[UUID, AppraisalResult], participants: frozenset[UUID]
) -> None:
    """Raises `NotOfTheBranch`, `RatesThemselves`."""
    for member_id in (rater_id, *rated):
        if member_id not in participants:
            raise NotOfTheBranch(
                f"{member_id} does not take part.",
                zh="互评表中有人不在本次评议范围内。",
                field="rater_id" if member_id == rater_id else "ratings",
            )
    if rater_id in rated:
        raise RatesThemselves("A rater rates others.", zh="互评表中含有本人。", field="ratings")


def check_ballot(
    ballots: int, tallies: Mapping[UUID, Tally], participants: Sequence[Participant]
) -> None:
    """Raises `NotOfTheBranch`, `TooManyBallots`. A voter may leave a line of the ballot blank."""
    known = {each.member_id for each in participants}
    if unknown := tallies.keys() - known:
        raise NotOfTheBranch(
            f"{len(unknown)} on the ballot do not take part.",
            zh=f"测评票中有 {len(unknown)} 人不在本次评议范围内。",
            field="tallies",
        )
    voters = sum(each.votes for each in participants)
    most = max((tally.total for tally in tallies.values()), default=0)
    if ballots > voters or most > ballots:
        raise TooManyBallots(
            f"{voters} may vote, {ballots} ballots came in, one member got {most} votes.",
            zh=f"有表决权 {voters} 人，收回 {ballots} 票，单人得票最多 {most} 票，数目不符。",
            field="ballots",
            voters=voters,
            ballots=ballots,
            most=most,
        )


def require_complete(
    round_: Round, participants: Sequence[Participant], sheets: int, book: Book
) -> None:
    """All three steps were taken: self, peers, ballot. Raises `Incomplete`, `TurnoutTooLow`."""
    silent = sum(each.self_rating is None for each in participants)
    unvoted = sum(each.ballot.total == 0 for each in participants)
    peerless = sheets == 0 and len(participants) > 1
    if silent or unvoted or peerless:
        raise Incomplete(
            f"{silent} without self rating, {unvoted} without votes, {sheets} sheets of peers.",
            zh=f"未自评 {silent} 人，无测评票 {unvoted} 人，已收互评表 {sheets} 份。",
            without_self_rating=silent,
            without_votes=unvoted,
            sheets=sheets,
        )
    voters = sum(each.votes for each in participants)
    least = book[AppraisalTurnout].least_percent
    if round_.ballots * 100 < voters * least:
        raise TurnoutTooLow(
            f"{round_.ballots} of {voters} voted; {least} % are needed.",
            zh=f"应到 {voters} 人，收回 {round_.ballots} 票，不足 {least}%。",
            rule=book.statement(AppraisalTurnout).code,
            ballots=round_.ballots,
            voters=voters,
        )


def by_votes(each: Participant, votes: AppraisalVotes) -> AppraisalResult:
    """What the ballot alone says, with "excellent" still counted as qualified."""
    ballot = each.ballot
    if ballot.exceeds(ballot.unqualified, votes.unqualified_over_percent):
        return AppraisalResult.UNQUALIFIED
    if ballot.exceeds(ballot.excellent + ballot.qualified, votes.qualified_over_percent):
        return AppraisalResult.QUALIFIED
    return AppraisalResult.BASIC


def may_be_excellent(each: Participant, book: Book) -> bool:
    votes, demands = book[AppraisalVotes], book[AppraisalExcellentDemands]
    return (
        by_votes(each, votes) is AppraisalResult.QUALIFIED
        and each.ballot.exceeds(each.ballot.excellent, votes.excellent_over_percent)
        and each.points >= demands.points_least
        and each.attended * 100 >= each.expected * demands.attendance_least_percent
    )


def places(participants: int, book: Book) -> int:
    """How many may be excellent."""
    return participants // book[AppraisalExcellentShare].one_in


def propose(participants: Sequence[Participant], book: Book) -> dict[UUID, AppraisalResult]:
    """What the rules give: the best of those who may be excellent, as far as there are places.

    Ballot, then peers, then points put them in order. Where equals would share the last place,
    none of them is proposed: that is for the branch to decide.
    """
    results = {each.member_id: by_votes(each, book[AppraisalVotes]) for each in participants}
    groups: dict[tuple[Fraction, Fraction, int], list[UUID]] = {}
    for each in participants:
        if may_be_excellent(each, book):
            merit = (each.ballot.praise, each.peers.praise, each.points)
            groups.setdefault(merit, []).append(each.member_id)
    left = places(len(participants), book)
    for _, equals in sorted(groups.items(), reverse=True):
        if len(equals) > left:
            break
        left -= len(equals)
        results |= dict.fromkeys(equals, AppraisalResult.EXCELLENT)
    return results


def decide(
    participants: Sequence[Participant],
    decisions: Mapping[UUID, AppraisalResult],
    book: Book,
) -> dict[UUID, AppraisalResult]:
    """The proposal, with what the branch decided otherwise.

    Raises `NotOfTheBranch`, `NotExcellent`, `TooManyExcellent`.
    """
    proposed = propose(participants, book)
    if decisions.keys() - proposed.keys():
        raise NotOfTheBranch(
            "A decision is about somebody else.",
            zh="决定中有人不在本次评议范围内。",
            field="decisions",
        )
    results = proposed | dict(decisions)
    excellent = [e for e in participants if results[e.member_id] is AppraisalResult.EXCELLENT]
    for each in excellent:
        if not may_be_excellent(each, book):
            raise NotExcellent(
                f"{each.member_id} does not meet the demands.",
                zh="有人不符合优秀等次的得票、积分或出勤条件。",
                member_id=str(each.member_id),
                rule=book.statement(AppraisalExcellentDemands).code,
            )
    most = places(len(participants), book)
    if len(excellent) > most:
        raise TooManyExcellent(
            f"{len(excellent)} of {len(participants)} are excellent; at most {most} may be.",
            zh=f"参评 {len(participants)} 人，优秀至多 {most} 人，现为 {len(excellent)} 人。",
            rule=book.statement(AppraisalExcellentShare).code,
            most=most,
            excellent=len(excellent),
        )
    return results


def closed(round_: Round, results: Mapping[UUID, AppraisalResult]) -> AppraisalClosed:
    counted: dict[str, Any] = {
        result.value: sum(each is result for each in results.values()) for result in AppraisalResult
    }
    return AppraisalClosed(
        **round_.facts(), headcount=len(results), ballots=round_.ballots, **counted
    )


def result_id(member_id: UUID, year: int) -> UUID:
    """One result a member and year, from paper or from a round."""
    return uuid5(RESULT_NAMESPACE, f"{member_id}:{year}")


def decided(result: Result) -> AppraisalDecided:
    return AppraisalDecided(
        **result.model_dump(include={*AppraisalDecided.model_fields}),
        subject_id=result.member_id,
        away=result.mobile,
    )
