"""An agreement until both sides signed it: drafted, reviewed, offered, signed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.cobuilding.agreements import (
    AgreementChanged,
    AgreementClosed,
    AgreementConcluded,
    AgreementDrafted,
    AgreementOffered,
    AgreementReturned,
    AgreementRevised,
    AgreementSigned,
    AgreementSubmitted,
    SignatureVoided,
)
from contracts.kinds.agreements import (
    AgreementStatus,
    Side,
    SignatureVoidReason,
    SigningManner,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.periods import ONE_DAY
from services.cobuilding.domain.agreements import life, terms
from services.cobuilding.domain.agreements.model import (
    Agreement,
    Content,
    Promise,
    PromisedVenue,
    Signature,
)


@dataclass(frozen=True)
class Formality:
    """What a kind of agreement asks of its signing; traits of the kind."""

    manner: SigningManner = SigningManner.SEAL
    first: Side | None = None
    two_clerks: bool = False

    @classmethod
    def of(cls, traits: dict[str, Any]) -> "Formality":
        """What a district wrote there and is no manner asks for all of it, and no side for none."""
        manner, first = traits.get("signing", SigningManner.SEAL), traits.get("signs-first")
        return cls(
            SigningManner(manner) if manner in list(SigningManner) else SigningManner.BOTH,
            Side(first) if first in list(Side) else None,
            bool(traits.get("two-clerks")),
        )


class AlreadySigned(Conflict):
    code = "already-signed"
    title, title_zh = "This side has signed", "该方已签署"


class OtherText(Conflict):
    code = "other-text"
    title, title_zh = "What was signed is not the current text", "所签文本与当前版次不一致"


class NotItsTurn(Conflict):
    code = "not-its-turn"
    title, title_zh = "The other side signs first", "应由另一方先签"


class SecondClerk(Conflict):
    code = "second-clerk"
    title, title_zh = (
        "The other side's signing is entered by somebody else",
        "两方签署须由两人分别登记",
    )


class MannerShort(Invalid):
    code = "signing-manner"
    title, title_zh = "It is not signed as its kind demands", "签署方式不符合该类协议要求"


class SignedOutOfTime(Invalid):
    code = "signed-out-of-time"
    title, title_zh = "The day on the paper cannot be", "落款日期有误"


class NothingPromised(Conflict):
    code = "nothing-promised"
    title, title_zh = "An agreement without promises binds nobody", "协议没有承诺事项"


class PromiseOutOfTerm(Invalid):
    code = "promise-out-of-term"
    title, title_zh = "The promise is due outside the term", "承诺事项的期限不在协议期内"


class VenueTwice(Invalid):
    code = "venue-twice"
    title, title_zh = "The same venue is offered twice", "同一场馆重复填写"


class AnswerLate(Invalid):
    code = "answer-by"
    title, title_zh = "The day to answer by lies outside", "答复期限有误"


def draft(agreement: Agreement) -> AgreementDrafted:
    check(agreement)
    return AgreementDrafted(**agreement.facts(), predecessor_id=agreement.predecessor_id)


def change(was: Agreement, now: Agreement, *, text: bool) -> AgreementChanged | None:
    """`text` says that clauses or promises change. `None` when nothing does."""
    life.SUBMIT(was.status)
    check(now)
    if was == now and not text:
        return None
    return AgreementChanged(
        **now.facts(),
        was_area=was.area,
        was_agreement_kind=was.kind,
        was_unit_id=was.unit_id,
        was_unit_kind=was.unit_kind,
    )


def check(agreement: Agreement) -> None:
    """Raises `TermEndsEarly` or `AnswerLate`."""
    terms.check_order(agreement.first_day, agreement.last_day)
    if agreement.answer_by is not None and agreement.answer_by > agreement.last_day:
        raise AnswerLate(
            f"Answers come by the last day, {agreement.last_day}, at the latest.",
            zh=f"答复期限不得晚于截止日 {agreement.last_day}。",
            field="answer_by",
            latest=agreement.last_day.isoformat(),
        )


def check_promises(agreement: Agreement, promises: Sequence[Promise]) -> None:
    """Each is due within the term. Raises `PromiseOutOfTerm`."""
    for promise in promises:
        if promise.due_on is not None and not agreement.runs_on(promise.due_on):
            raise PromiseOutOfTerm(
                f"Promise {promise.line} is due on {promise.due_on};"
                f" the term is {agreement.first_day} to {agreement.last_day}.",
                zh=f"第 {promise.line} 项承诺应于 {promise.due_on} 兑现，"
                f"协议期为 {agreement.first_day} 至 {agreement.last_day}。",
                field="promises",
                line=promise.line,
            )


def check_venues(agreement: Agreement, venues: Sequence[PromisedVenue]) -> None:
    """Each is named once. Raises `VenueTwice`."""
    known: set[object] = set()
    for venue in venues:
        place = venue.name, venue.venue_kind, venue.area or agreement.area
        if place in known:
            raise VenueTwice(
                f"{venue.name} is named twice; say its whole capacity once.",
                zh=f"场馆“{venue.name}”重复，请合并为一项并填写总容量。",
                field="venues",
                value=venue.name,
            )
        known.add(place)


def submit(agreement: Agreement, promises: Sequence[Promise]) -> AgreementSubmitted:
    """Raises `NothingPromised`."""
    life.SUBMIT(agreement.status)
    if not promises:
        raise NothingPromised("Say what is promised.", zh="请先填写承诺事项。", field="promises")
    return AgreementSubmitted(**agreement.facts())


def send_back(agreement: Agreement) -> AgreementReturned:
    life.RETURN(agreement.status)
    return AgreementReturned(**agreement.facts())


def offer(agreement: Agreement, content: Content, today: date) -> AgreementOffered:
    """Its next edition goes out. Raises `AnswerLate` for a term or an answer that is over."""
    life.APPROVE(agreement.status)
    latest = min(filter(None, (agreement.answer_by, agreement.last_day)))
    if latest < today:
        raise AnswerLate(
            f"Nobody could sign it any more: {latest} has passed.",
            zh=f"{latest} 已过，对方已无法签署，请先修改期限。",
            field="answer_by" if agreement.answer_by == latest else "last_day",
        )
    facts = agreement.facts() | {"edition": agreement.edition + 1}
    return AgreementOffered(
        **facts,
        digest=content.digest,
        first_day=agreement.first_day,
        last_day=agreement.last_day,
        answer_by=agreement.answer_by,
    )


@dataclass(frozen=True, kw_only=True)
class Sign:
    side: Side
    manner: SigningManner
    signed_on: date
    digest: str
    actor: str


def sign(
    agreement: Agreement,
    command: Sign,
    standing: Sequence[Signature],
    asked: Formality,
    today: date,
) -> AgreementStatus:
    """Sides sign, not persons, each once. What follows: half signed, or concluded.

    Raises `AlreadySigned`, `OtherText`, `NotItsTurn`, `MannerShort`, `SecondClerk`,
    `SignedOutOfTime`.
    """
    to = life.SIGN(agreement.status)
    others = [each for each in standing if each.side is not command.side]
    if len(others) < len(standing):
        raise AlreadySigned(
            f"The {command.side} side has signed; what it signed can be withdrawn by cancelling.",
            zh=f"{command.side.label}已签署；如需撤回，请撤销协议并说明原因。",
            field="side",
        )
    if command.digest != agreement.digest:
        raise OtherText(
            f"The current text is edition {agreement.edition}, {agreement.digest}.",
            zh=f"当前为第 {agreement.edition} 版（校验值 {(agreement.digest or '')[:12]}），"
            "所签不是这一版。",
            field="digest",
            edition=agreement.edition,
            digest=agreement.digest,
        )
    _check_form(command, others, asked)
    check_signed_on(agreement, command.signed_on, today, lapses_on(agreement) - ONE_DAY)
    return to


def _check_form(command: Sign, others: Sequence[Signature], asked: Formality) -> None:
    """Raises `NotItsTurn`, `MannerShort` or `SecondClerk`."""
    if asked.first not in (None, command.side) and not others:
        raise NotItsTurn(
            f"This kind is signed by the {asked.first} first.",
            zh=f"该类协议应由{asked.first.label if asked.first else ''}先签。",
            field="side",
        )
    if asked.manner is not command.manner and command.manner is not SigningManner.BOTH:
        raise MannerShort(
            f"This kind asks for: {asked.manner}.",
            zh=f"该类协议要求{asked.manner.label}。",
            field="manner",
            asked=asked.manner,
        )
    if asked.two_clerks and any(each.actor == command.actor for each in others):
        raise SecondClerk("You entered the first.", zh="您已登记另一方的签署，请由他人登记这一方。")


def check_signed_on(agreement: Agreement, signed_on: date, today: date, until: date) -> None:
    """Not before it went out, not ahead, not after `until`. Raises `SignedOutOfTime`."""
    earliest, latest = agreement.offered_on or signed_on, min(today, until)
    if not earliest <= signed_on <= latest:
        raise SignedOutOfTime(
            f"Signed between {earliest}, when it went out, and {latest}.",
            zh=f"落款日期应在发出日 {earliest} 与 {latest} 之间。",
            field="signed_on",
            earliest=earliest.isoformat(),
            latest=latest.isoformat(),
        )


def signed(agreement: Agreement, signature: Signature, manner: SigningManner) -> AgreementSigned:
    return AgreementSigned(
        **agreement.facts(),
        signing_id=signature.signature_id,
        side=signature.side,
        manner=manner,
        signed_on=signature.signed_on,
        digest=signature.digest,
    )


def conclude(agreement: Agreement, signed_on: Sequence[date]) -> AgreementConcluded:
    """In force from the first day, or the later signing where that was after it."""
    offered = agreement.offered_on or min(signed_on)
    return AgreementConcluded(
        **agreement.facts(),
        first_day=agreement.first_day,
        last_day=agreement.last_day,
        effective_from=max(agreement.first_day, *signed_on),
        days_to_sign=(max(signed_on) - offered).days,
        predecessor_id=agreement.predecessor_id,
        is_renewal=agreement.predecessor_id is not None,
    )


def revise(agreement: Agreement, standing: int) -> AgreementRevised:
    """Back to a draft; the `standing` signatures become void."""
    life.REVISE(agreement.status)
    return AgreementRevised(**agreement.facts(), signings_voided=standing)


def void(
    agreement: Agreement, signature: Signature, reason: SignatureVoidReason
) -> SignatureVoided:
    return SignatureVoided(
        **agreement.facts(),
        signing_id=signature.signature_id,
        side=signature.side,
        reason_kind=reason,
    )


def reject(agreement: Agreement, side: Side, standing: Sequence[Signature]) -> AgreementClosed:
    """By a side that has not signed: one that has could only cancel. Raises `AlreadySigned`."""
    to = life.REJECT(agreement.status)
    if any(each.side is side for each in standing):
        raise AlreadySigned(
            f"The {side} side has signed and can only cancel.",
            zh=f"{side.label}已签署，不能再拒签；如需撤回，请撤销协议并说明原因。",
            field="side",
        )
    return AgreementClosed(**agreement.facts(), how=to, side=side)


def cancel(agreement: Agreement, reason_kind: str) -> AgreementClosed:
    to = life.CANCEL(agreement.status)
    return AgreementClosed(**agreement.facts(), how=to, reason_kind=reason_kind)


def lapse(agreement: Agreement) -> AgreementClosed:
    return AgreementClosed(**agreement.facts(), how=life.LAPSE(agreement.status))


def lapses_on(agreement: Agreement) -> date:
    """The first day on which nobody can sign it any more."""
    return min(filter(None, (agreement.answer_by, agreement.last_day))) + ONE_DAY
