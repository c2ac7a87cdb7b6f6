"""The yearly appraisal: open, say, rate, count, close; and who is late with it."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.appraisal import AppraisalFeedback, AppraisalResult
from contracts.kinds.members import COUNTED, MemberState
from contracts.membership.appraisal import AppraisalDecided, AppraisalOpened
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.ids import new_id
from services.chassis.rows import one
from services.chassis.rules import Book
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.appraisal import rounds as domain
from services.membership.domain.appraisal.rounds import Participant, Round, Tally
from services.membership.domain.appraisal.standards import (
    RULES,
    AppraisalYearly,
    due_on,
    due_years,
)
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables import members
from services.membership.tables.activities import attendance_of
from services.membership.tables.appraisal import results
from services.membership.tables.appraisal import rounds as tables
from services.membership.tables.appraisal.rounds import RoundRow

SECRET_BYTES = 32
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Place:
    organisation_id: UUID
    area: str


# Commands


async def open_round(place: Place, year: int, uow: UnitOfWork, at: datetime) -> RoundRow:
    """All counted members of the branch take part, but for those appraised elsewhere.

    Raises `RoundExists`, `NobodyToAppraise`, `Invalid` for a year that has not begun.
    """
    if year > business_date(uow.now).year:
        raise Invalid(f"{year} has not begun.", zh=f"{year} 年尚未开始。", field="year", value=year)
    round_ = Round(
        round_id=new_id(), organisation_id=place.organisation_id, area=place.area, year=year
    )
    headcount = await tables.open_round(uow.session, round_, secrets.token_bytes(SECRET_BYTES), at)
    if headcount is None:
        raise domain.RoundExists(
            f"A round of {year} was opened before.", zh=f"该党组织 {year} 年民主评议此前已启动。"
        )
    if headcount == 0:
        raise domain.NobodyToAppraise(
            f"Nobody of the branch is left to appraise for {year}.",
            zh="该党组织没有党员，或其党员均已在别处参评。",
        )
    event = AppraisalOpened(
        area=place.area,
        round_id=round_.round_id,
        organisation_id=place.organisation_id,
        year=year,
        headcount=headcount,
    )
    uow.announce(event, version=1, occurred_at=at)
    return await one(uow.session, RoundRow, round_.round_id, "appraisal", "民主评议")


async def add_participant(
    round_: RoundRow, member_id: UUID, uow: UnitOfWork, *, mobile: bool
) -> None:
    """A member who joined the branch later, or a mobile one who lives there (`mobile`, art. 32).

    Raises `NotOfTheBranch`, `AppraisedElsewhere`.
    """
    member = await members.member(uow.session, member_id)
    home = member.organisation_id == round_.organisation_id
    if home == mobile or member.state not in COUNTED:
        raise domain.NotOfTheBranch(
            "Send `mobile` for a member of another branch, and only for one.",
            zh="非本支部党员须标明为流动党员；本支部党员则不必。",
            field="mobile",
        )
    votes = home and member.state == MemberState.FULL
    if not await tables.join(uow.session, round_, member_id, votes=votes, mobile=mobile):
        raise domain.AppraisedElsewhere(
            f"The member takes part in another round of {round_.year}.",
            zh=f"该党员 {round_.year} 年已在本次或其他评议中参评，请先在原评议中移出。",
            field="member_id",
        )


async def release_participant(round_: RoundRow, member_id: UUID, uow: UnitOfWork) -> None:
    """For one who left, or is appraised where they live. What was said of them goes too."""
    if not await tables.release(uow.session, round_.round_id, member_id):
        raise not_there(member_id)


async def say(
    round_: RoundRow,
    member_id: UUID,
    self_rating: AppraisalResult | None,
    feedback: AppraisalFeedback | None,
    uow: UnitOfWork,
) -> None:
    if not await tables.say(uow.session, round_.round_id, member_id, self_rating, feedback):
        raise not_there(member_id)


async def hand_in(
    round_: RoundRow, rater_id: UUID, rated: Mapping[UUID, AppraisalResult], uow: UnitOfWork
) -> int:
    """Count one rater's sheet; how many came in.

    Raises `RatedAlready`, and what `check_sheet` raises.
    """
    there = await tables.participants(uow.session, round_.round_id)
    domain.check_sheet(rater_id, rated, frozenset(each.member_id for each in there))
    digest = hmac.digest(round_.secret or b"", rater_id.bytes, "sha256")
    sheets = await tables.hand_in(uow.session, round_.round_id, digest, rated)
    if sheets is None:
        raise domain.RatedAlready("One sheet a rater.", zh="该党员已交互评表，每人只交一份。")
    return sheets


async def count_ballot(
    round_: RoundRow, ballots: int, tallies: Mapping[UUID, Tally], uow: UnitOfWork
) -> None:
    """Raises what `check_ballot` raises."""
    there = await tables.participants(uow.session, round_.round_id)
    domain.check_ballot(ballots, tallies, there)
    await tables.keep_ballot(uow.session, round_.round_id, ballots, tallies)


async def close(
    round_: RoundRow,
    decisions: Mapping[UUID, AppraisalResult],
    uow: UnitOfWork,
    at: datetime,
) -> RoundRow:
    """Decide, once and for good. Raises `Incomplete`, `TurnoutTooLow`, what `decide` raises."""
    await results.lock_organisation(uow.session, round_.organisation_id)
    book = await rulebook.at(uow.session, business_date(at), *RULES)
    there = await weighed(uow, round_)
    domain.require_complete(round_, there, round_.sheets, book)
    decided = domain.decide(there, decisions, book)
    for each in there:
        await _keep(uow, domain.decided(round_, each, decided[each.member_id]), None, at)
    await tables.forget(uow.session, round_.round_id)
    event = domain.closed(round_, decided)
    uow.step(round_, event, at, state=domain.CLOSE.to, secret=None, closed_at=at)
    await alerts.clear(
        uow, AlertKind.APPRAISAL_DUE, round_.organisation_id, key=str(round_.year), at=at
    )
    return round_


async def enter_result(
    place: Place,
    member_id: UUID,
    year: int,
    result: AppraisalResult,
    evidence: str,
    uow: UnitOfWork,
    at: datetime,
) -> UUID:
    """A result out of the paper ledger. Raises `AppraisedElsewhere` where there is one already."""
    await results.lock_organisation(uow.session, place.organisation_id)
    await members.member(uow.session, member_id, lock=True)
    taken = await results.takes_part(uow.session, member_id, year)
    points = await results.points_of(uow.session, [member_id], year)
    if taken:
        raise taken_already(year)
    each = Participant(member_id=member_id, points=points.get(member_id, 0))
    event = domain.on_paper(place.organisation_id, place.area, each, year, result)
    await _keep(uow, event, evidence, at)
    if not await results.owes(uow.session, place.organisation_id, year):
        await alerts.clear(
            uow, AlertKind.APPRAISAL_DUE, place.organisation_id, key=str(year), at=at
        )
    return event.result_id


async def weighed(uow: UnitOfWork, round_: RoundRow) -> list[Participant]:
    """Those who take part, with their points and attendance of the year."""
    there = await tables.participants(uow.session, round_.round_id)
    points = await results.points_of(uow.session, [each.member_id for each in there], round_.year)
    return [await _weighed(uow, each, points, round_.year) for each in there]


async def _weighed(
    uow: UnitOfWork, each: Participant, points: Mapping[UUID, int], year: int
) -> Participant:
    attended = await attendance_of(uow.session, each.member_id, year)
    return replace(
        each,
        points=points.get(each.member_id, 0),
        expected=attended.expected,
        attended=attended.attended,
    )


async def _keep(
    uow: UnitOfWork, event: AppraisalDecided, evidence: str | None, at: datetime
) -> None:
    kept = await results.keep(
        uow.session, event, evidence=evidence, decided_at=at, recorded_at=uow.now
    )
    if not kept:
        raise taken_already(event.year)
    uow.announce(event, version=1, occurred_at=at)


def not_there(member_id: UUID) -> domain.NotOfTheBranch:
    return domain.NotOfTheBranch(
        f"{member_id} does not take part.", zh="该党员不在本次评议范围内。", field="member_id"
    )


def taken_already(year: int) -> domain.AppraisedElsewhere:
    return domain.AppraisedElsewhere(
        f"The member has a result of {year}, or takes part in a round of it.",
        zh=f"该党员 {year} 年已有评议结果，或正在参评。",
        field="member_id",
    )


# The clock


async def remind(uow: UnitOfWork) -> int:
    """Raise an alert for each organisation that owes a round, clear those that owe it no more."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, AppraisalYearly)
    done = 0
    for year in due_years(today, book[AppraisalYearly]):
        late = await results.unwarned(uow.session, year, date(year + 1, 1, 1), BATCH)
        done += await _settle(uow, late, year, book, stands=True)
        settled = await results.settled(uow.session, year, BATCH)
        done += await _settle(uow, settled, year, book, stands=False)
    return done


async def _settle(
    uow: UnitOfWork,
    organisations: Sequence[tuple[UUID, str]],
    year: int,
    book: Book,
    *,
    stands: bool,
) -> int:
    done = 0
    for organisation_id, area in organisations:
        wanted = Wanted(
            kind=AlertKind.APPRAISAL_DUE,
            subject_id=organisation_id,
            area=area,
            organisation_id=organisation_id,
            key=str(year),
            rule=book.statement(AppraisalYearly),
            due_on=due_on(year, book[AppraisalYearly]),
            facts={"year": year},
        )
        done += await alerts.settle(uow, wanted, stands=stands)
    return done


APPRAISAL_SWEEP = Sweep("appraisal", remind, every=timedelta(hours=1))
