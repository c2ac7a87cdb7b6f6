"""For every step of every lifecycle: the rule that takes it, out of a state."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from contracts.kinds import CancelReason
from contracts.kinds.activities import RetractReason
from contracts.kinds.agreements import AgreementStatus, AmendmentStatus, Side
from contracts.kinds.books import Bound
from contracts.kinds.lecturers import ShiftStatus
from contracts.kinds.members import ChangeReason, LeavingReason, MemberState
from contracts.kinds.partners import WithdrawnBy
from contracts.kinds.transfers import TransferState
from contracts.kinds.undertakings import UndertakingStatus
from contracts.kinds.volunteering import SkillStatus, StarTier
from contracts.kinds.working import ClaimEnd
from services.bases.domain import partners
from services.bases.domain.bookings import ask, steps
from services.bases.domain.bookings import life as bookings
from services.bases.domain.bookings.terms import BookingTerms
from services.bases.domain.courses import life as courses
from services.bases.domain.courses import sessions
from services.bases.domain.lecturers import shifts
from services.bases.domain.waitlist import entries
from services.chassis.lifecycle import Step
from services.cobuilding.domain import bodies, seats, undertakings, units
from services.cobuilding.domain.agreements import amendments, running, signing
from services.cobuilding.domain.agreements import life as agreements
from services.membership.domain import activities, books, transfers
from services.membership.domain.members import life as members
from services.membership.domain.members import states
from services.membership.domain.transfers import Transfer
from services.membership.domain.volunteering import menu, teams, wishes
from services.membership.domain.working import posts, registrants
from tests.unit.bases.build import HOUR, NINE, booking
from tests.unit.bases.test_courses import NINE as BEGINS
from tests.unit.bases.test_courses import NOW, session, sign_up
from tests.unit.bases.test_lecturers import SHIFT, standing
from tests.unit.bases.test_partners import PROPOSAL, accepting
from tests.unit.bases.test_waitlist import NIGHT, OFFER, an_entry
from tests.unit.cobuilding import build as co
from tests.unit.membership.test_activities import START, activity
from tests.unit.membership.test_books import TASK
from tests.unit.membership.test_members_joining import MEMBER
from tests.unit.membership.test_transfers import OPEN, RECEIVER, SENT_ON
from tests.unit.membership.test_volunteering import AT, QUARTER, TALENT, request
from tests.unit.membership.test_volunteering_help import CLAIM, WISH, helper
from tests.unit.membership.test_working import WHO, who

Rule = Callable[[Any], object]

TERMS = BookingTerms()
DAY = date(2026, 9, 1)
BRANCH = states.Branch(organisation_id=UUID(int=2), area="410305001001", takes_members=True)
OUTPUT = activities.Output(output_id=UUID(int=5), kind="essay", quantity=1, bound=Bound.EXACT)
CLAIMED = posts.Claim(
    claim_id=UUID(int=3),
    code="RL-1",
    post_id=UUID(int=2),
    registrant_id=UUID(int=1),
    employer_id=UUID(int=2),
    kind="patrol",
    area="410305001001",
    state=posts.CLAIM.to,
    how=None,
    claimed_on=DAY,
    ended_on=None,
)


def _skill(status: SkillStatus) -> teams.Skill:
    return TALENT.model_copy(update={"status": status})


def _member(state: MemberState) -> states.Member:
    left = LeavingReason.TRANSFERRED_OUT if state is MemberState.LEFT else None
    return MEMBER.model_copy(update={"state": state, "leaving": left})


def sent(state: TransferState) -> Transfer:
    return OPEN.model_copy(update={"state": state})


def _wish(state: Any) -> wishes.Wish:
    return WISH.model_copy(update={"status": state})


def _advance(to: MemberState) -> Rule:
    return lambda s: states.advance(_member(s), to, DAY, ChangeReason.CORRECTED)


def _leave(leaving: LeavingReason) -> Rule:
    return lambda s: states.leave(_member(s), leaving, DAY)


def _come_back(to: MemberState) -> Rule:
    return lambda s: states.come_back(_member(s), to, BRANCH, DAY, ChangeReason.CORRECTED)


def _move(to: Any) -> Rule:
    return lambda s: books.move(TASK.model_copy(update={"state": s}), to)


def _ended(step: Step[AgreementStatus], status: AgreementStatus) -> object:
    return running.end(co.agreement(status=status), step, co.LAST, 0)


def _closed(how: AmendmentStatus, status: AmendmentStatus) -> object:
    return amendments.close(co.amendment(status=status), co.AGREEMENT, how)


def _assessed(outcome: UndertakingStatus, status: UndertakingStatus) -> object:
    return undertakings.assess(co.undertaking(status=status), outcome)


RULES: dict[Step[Any], Rule] = {
    bookings.ENDORSE: lambda s: steps.approve(
        booking(status=s, steps=2), actor="one", endorsed_by="one"
    ),
    bookings.CONFIRM: lambda s: steps.approve(
        booking(status=s, steps=1), actor="two", endorsed_by="one"
    ),
    bookings.DECLINE: lambda s: steps.decline(booking(status=s), "other"),
    bookings.RESCHEDULE: lambda s: ask.wanted(booking(status=s), ask.Reschedule()),
    bookings.CANCEL: lambda s: steps.cancel(
        booking(status=s), CancelReason.WEATHER, TERMS, at=NINE
    ),
    bookings.CHECK_IN: lambda s: steps.check_in(booking(status=s), 18, 40, TERMS, at=NINE),
    bookings.COMPLETE: lambda s: steps.complete(booking(status=s), 18, UUID(int=9), at=NINE + HOUR),
    bookings.MISS: lambda s: steps.miss(booking(status=s), at=NINE + HOUR),
    bookings.RETRACT_MISS: lambda s: steps.retract_miss(booking(status=s)),
    bookings.LAPSE: lambda s: steps.lapse(booking(status=s)),
    courses.CHANGE: lambda s: sessions.change(session(status=s, seats=9), session(), at=NOW),
    courses.TAKE: lambda s: sessions.check_taking(session(status=s), NOW),
    courses.LET_GO: lambda s: sessions.withdraw(session(status=s), sign_up(), at=NOW),
    courses.NOTE: lambda s: sessions.attend(session(status=s), sign_up(), 1, at=BEGINS),
    courses.HOLD: lambda s: sessions.hold(session(status=s), [], {}, 0, None, at=BEGINS),
    courses.CANCEL: lambda s: sessions.cancel(session(status=s)),
    courses.RESIZE: lambda s: sessions.resize(session(), sign_up(status=s), 3, at=NOW),
    courses.ATTEND: lambda s: sessions.attend(session(), sign_up(status=s), 1, at=BEGINS),
    courses.WITHDRAW: lambda s: sessions.withdraw(session(), sign_up(status=s), at=NOW),
    shifts.HAND_OVER: lambda s: shifts.hand_over(standing(s), UUID(int=4), SHIFT.starts_at - HOUR),
    shifts.CANCEL: lambda s: shifts.cancel(standing(s), SHIFT.starts_at - HOUR),
    shifts.SERVE: lambda s: shifts.record(standing(s), ShiftStatus.SERVED, SHIFT.ends_at),
    shifts.MISS: lambda s: shifts.record(standing(s), ShiftStatus.MISSED, SHIFT.ends_at),
    partners.ACCEPT: lambda s: partners.check_accept(
        accepting(), PROPOSAL.model_copy(update={"status": s})
    ),
    partners.DECLINE: lambda s: partners.decline(
        PROPOSAL.model_copy(update={"status": s}), "content"
    ),
    partners.CHANGE: lambda s: partners.change(
        PROPOSAL.model_copy(update={"status": s}), PROPOSAL, UUID(int=1), UUID(int=2), 0
    ),
    partners.WITHDRAW: lambda s: partners.withdraw(
        PROPOSAL.model_copy(update={"status": s}), WithdrawnBy.PARTNER, DAY, 0
    ),
    entries.OFFER: lambda s: entries.offer(an_entry(status=s), OFFER),
    entries.ACCEPT: lambda s: entries.accept(an_entry(status=s), OFFER, at=NIGHT),
    entries.DECLINE: lambda s: entries.give_up(an_entry(status=s), OFFER, entries.DECLINE),
    entries.EXPIRE: lambda s: entries.give_up(an_entry(status=s), OFFER, entries.EXPIRE),
    entries.WITHDRAW: lambda s: entries.withdraw(an_entry(status=s), OFFER),
    entries.LEAVE: lambda s: entries.leave(an_entry(status=s)),
    entries.LAPSE: lambda s: entries.lapse(an_entry(status=s)),
    transfers.RECEIVE: lambda s: transfers.receive(sent(s), OPEN.area, SENT_ON),
    transfers.SEND_BACK: lambda s: transfers.send_back(sent(s), "other"),
    transfers.CANCEL: lambda s: transfers.cancel(sent(s)),
    transfers.EXPIRE: lambda s: transfers.expire(sent(s)),
    transfers.REMIND: lambda s: transfers.remind(sent(s)),
    transfers.REDIRECT: lambda s: transfers.redirect(sent(s), UUID(int=77), RECEIVER),
    activities.REPLAN: lambda s: activities.replan(activity(status=s), activity(sessions=2)),
    activities.COMPLETE: lambda s: activities.complete(activity(status=s), now=START),
    activities.CANCEL: lambda s: activities.cancel(activity(status=s)),
    activities.RETRACT: lambda s: activities.retract(activity(status=s), RetractReason.DUPLICATE),
    activities.RECORD_OUTPUT: lambda s: activities.record_output(OUTPUT, activity(status=s)),
    wishes.CLAIM: lambda s: wishes.claim(_wish(s), helper(1), AT),
    wishes.RELEASE: lambda s: wishes.release(_wish(s), CLAIM, AT),
    wishes.FULFIL: lambda s: wishes.fulfil(_wish(s), CLAIM, AT),
    wishes.WITHDRAW: lambda s: wishes.withdraw(_wish(s), CLAIM, AT),
    wishes.EXPIRE: lambda s: wishes.expire(_wish(s)),
    menu.ASSIGN: lambda s: menu.assign(
        request(status=s), UUID(int=2), None, StarTier.NONE, QUARTER, AT
    ),
    menu.RENDER: lambda s: menu.render(request(status=s), 60, AT),
    menu.DECLINE: lambda s: menu.decline(request(status=s), AT),
    menu.WITHDRAW: lambda s: menu.withdraw(request(status=s), AT),
    menu.RATE: lambda s: menu.rate(request(status=s), 5, AT),
    teams.APPROVE: lambda s: teams.decide_skill(_skill(s), approve=True),
    teams.REFUSE: lambda s: teams.decide_skill(_skill(s), approve=False),
    teams.WITHDRAW: lambda s: teams.withdraw_skill(_skill(s)),
    posts.END: lambda s: posts.end_claim(
        CLAIMED.model_copy(update={"state": s}), ClaimEnd.WITHDRAWN
    ),
    registrants.CHANGE: lambda s: registrants.change(who(state=s), WHO),
    registrants.LEAVE: lambda s: registrants.leave(who(state=s)),
    registrants.COME_BACK: lambda s: registrants.come_back(who(state=s), WHO),
    registrants.ERASE: lambda s: registrants.check_erasable(who(state=s)),
    members.EXTEND: lambda s: states.advance(
        _member(s), MemberState.PROBATIONARY, DAY, ChangeReason.EXTENDED
    ),
    members.STAY: lambda s: states.on_the_roll(_member(s)),
    **{step: _advance(to) for to, step in members.ADVANCE.items()},
    **{step: _leave(leaving) for leaving, step in members.LEAVE.items()},
    **{step: _come_back(to) for to, step in members.COME_BACK.items()},
    **{step: _move(to) for to, step in books.MOVES.items()},
    units.CHANGE: lambda s: units.change(co.unit(status=s), co.unit(name="新名"), named=True),
    units.SIT: lambda s: units.sit(co.unit(status=s)),
    units.LEAVE: lambda s: units.leave(co.unit(status=s), co.TODAY, named=True),
    units.RETURN: lambda s: units.come_back(co.unit(status=s), named=True),
    bodies.CHANGE: lambda s: bodies.change(co.body(status=s), co.body(name="新名"), {}, 0),
    bodies.SEAT: lambda s: seats.take(co.SEAT, co.body(status=s), []),
    bodies.DISSOLVE: lambda s: bodies.dissolve(co.body(status=s), co.TODAY),
    agreements.SUBMIT: lambda s: signing.submit(co.agreement(status=s), [co.PROMISE]),
    agreements.RETURN: lambda s: signing.send_back(co.agreement(status=s)),
    agreements.APPROVE: lambda s: signing.offer(co.agreement(status=s), co.CONTENT, co.TODAY),
    agreements.SIGN: lambda s: signing.sign(
        co.agreement(status=s), co.signs(), [], signing.Formality(), co.TODAY
    ),
    agreements.REJECT: lambda s: signing.reject(co.agreement(status=s), Side.UNIT, []),
    agreements.REVISE: lambda s: signing.revise(co.agreement(status=s), 0),
    agreements.CANCEL: lambda s: signing.cancel(co.agreement(status=s), "other"),
    agreements.LAPSE: lambda s: signing.lapse(co.agreement(status=s)),
    agreements.BEGIN: lambda s: running.begin(co.agreement(status=s), 0, None),
    agreements.AMEND: lambda s: amendments.amended(
        co.agreement(status=s), [co.PROMISE], date(2027, 6, 30), [], co.TODAY
    ),
    agreements.EXTEND: lambda s: running.extend(co.agreement(status=s), co.agreement(extensions=1)),
    **{
        step: partial(_ended, step)
        for step in (agreements.TERMINATE, agreements.RENEW, agreements.EXPIRE)
    },
    agreements.OFFER: lambda s: amendments.offer(co.amendment(status=s), co.AGREEMENT, co.DIGEST),
    agreements.SIGN_AMENDMENT: lambda s: amendments.sign(
        co.amendment(status=s),
        co.agreement(status=AgreementStatus.EFFECTIVE),
        Side.UNIT,
        co.TODAY,
        co.DIGEST,
    ),
    **{
        step: partial(_closed, how)
        for step, how in (
            (agreements.REJECT_AMENDMENT, AmendmentStatus.REJECTED),
            (agreements.CANCEL_AMENDMENT, AmendmentStatus.CANCELLED),
            (agreements.VOID_AMENDMENT, AmendmentStatus.VOID),
        )
    },
    undertakings.MOVE: lambda s: undertakings.move(
        co.undertaking(status=s), co.undertaking(due_on=co.LAST), co.TODAY
    ),
    undertakings.PROVE: lambda s: undertakings.check_proof(
        co.undertaking(status=s), co.TODAY, co.TODAY
    ),
    **{step: partial(_assessed, outcome) for outcome, step in undertakings.ASSESSMENTS.items()},
    undertakings.WITHDRAW: lambda s: undertakings.void(
        co.undertaking(status=s), "mistake", co.TODAY
    ),
}
