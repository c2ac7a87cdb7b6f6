"""The yearly appraisal: open, say, rate, count, close; and who is late with it."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.appraisal import AppraisalFeedback, AppraisalResult
from contracts.kinds.members import COUNTED, MemberState
from contracts.membership.appraisal import AppraisalOpened
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.ids import new_id
from services.chassis.rows import insert_once
from services.chassis.rules import Book
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.appraisal import rounds as domain
from services.membership.domain.appraisal.rounds import Participant, Result, Round, Tally
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
from services.membership.tables.appraisal.results import ResultRow
from services.membership.tables.appraisal.rounds import RoundRow
from services.membership.tables.organisations import OrganisationRow

SECRET_BYTES = 32
BATCH = 200


# Commands


async def open_round(
    organisation: OrganisationRow, year: int, uow: UnitOfWork, at: datetime
) -> RoundRow:
    """All counted members of the branch take part, but for those appraised elsewhere.

    Raises `RoundExists`, `NobodyToAppraise`, `Invalid` for a year that has not begun.
    """
    if year > business_date(uow.now).year:
        raise Invalid(f"{year} has not begun.", zh=f"{year} 年尚未开始。", field="year", value=year)
    round_ = Round(
        round_id=new_id(),
        organisation_id=organisation.organisation_id,
        area=organisation.area,
        year=year,
        state=domain.BEGIN.to,
        opened_at=at,
    )
    row = RoundRow.of(round_, secret=secrets.token_bytes(SECRET_BYTES))
    if not await insert_once(uow.session, row):
        raise domain.RoundExists(
            f"A round of {year} was opened before.", zh=f"该党组织 {year} 年民主评议此前已启动。"
        )
    headcount = await tables.enrol(uow.session, round_)
    if headcount == 0:
        raise domain.NobodyToAppraise(
            f"Nobody of the branch is left to appraise for {year}.",
            zh="该党组织没有党员，或其党员均已在别处参评。",
        )
    event = AppraisalOpened(**round_.facts(), headcount=headcount)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


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
        result = Result(
            **round_.facts(),
            result_id=domain.result_id(each.member_id, round_.year),
            member_id=each.member_id,
            result=decided[each.member_id],
            points=each.points,
            mobile=each.mobile,
            decided_at=at,
        )
        await _keep(uow, result, at)
    await tables.forget(uow.session, round_.round_id)
    event = domain.closed(round_, decided)
    uow.step(round_, event, at, state=domain.CLOSE.to, secret=None, closed_at=at)
    await alerts.clear(
        uow, AlertKind.APPRAISAL_DUE, round_.organisation_id, key=str(round_.year), at=at
    )
    return round_


async def enter_result(
    organisation: OrganisationRow, fields: dict[str, Any], uow: UnitOfWork, at: datetime
) -> UUID:
    """A result out of the paper ledger. Raises `AppraisedElsewhere` where there is one already."""
    key, member_id, year = organisation.organisation_id, fields["member_id"], fields["year"]
    await results.lock_organisation(uow.session, key)
    await members.member(uow.session, member_id, lock=True)
    if await results.takes_part(uow.session, member_id, year):
        raise taken_already(year)
    points = await results.points_of(uow.session, [member_id], year)
    result = Result(
        **fields,
        result_id=domain.result_id(member_id, year),
        organisation_id=key,
        area=organisation.area,
        points=points.get(member_id, 0),
        decided_at=at,
    )
    await _keep(uow, result, at)
    if not await results.owes(uow.session, key, year):
        await alerts.clear(uow, AlertKind.APPRAISAL_DUE, key, key=str(year), at=at)
    return result.result_id


async def weighed(uow: UnitOfWork, round_: RoundRow) -> list[Participant]:
    """Those who take part, with their points and attendance of the year."""
    there = await tables.participants(uow.session, round_.round_id)
    points = await results.points_of(uow.session, [each.member_id for each in there], round_.year)
    found = []
    for each in there:
        year = await attendance_of(uow.session, each.member_id, round_.year)
        drawn_on = {
            "points": points.get(each.member_id, 0),
            "expected": year.expected,
            "attended": year.attended,
        }
        found.append(each.model_copy(update=drawn_on))
    return found


async def _keep(uow: UnitOfWork, result: Result, at: datetime) -> None:
    if not await insert_once(uow.session, ResultRow.of(result, recorded_at=uow.now)):
        raise taken_already(result.year)
    uow.announce(domain.decided(result), version=1, occurred_at=at)


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
