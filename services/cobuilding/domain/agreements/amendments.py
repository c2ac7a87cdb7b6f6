"""Amendments of what both sides signed: to its end, to days still ahead, to measures. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.cobuilding.agreements import (
    AgreementAmended,
    AmendmentAgreed,
    AmendmentClosed,
    AmendmentDrafted,
    AmendmentOffered,
    AmendmentSigned,
)
from contracts.kinds.agreements import AmendmentStatus, Side
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State
from services.cobuilding.domain.agreements import life, signing
from services.cobuilding.domain.agreements.model import Agreement, Content, Promise, digest
from services.cobuilding.domain.agreements.signing import AlreadySigned, OtherText


class LineChange(BaseModel):
    """What becomes of a promise; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int = Field(title="承诺序号", ge=1)
    due_on: date | None = Field(default=None, title="新的应兑现日期")
    measure: str | None = Field(default=None, title="新的兑现标准", max_length=2000)


class Change(BaseModel):
    """One field, as it was and as it shall be, for people to see what they sign."""

    model_config = ConfigDict(frozen=True)

    field: str
    line: int | None
    before: str | None
    after: str


class Amendment(State):
    amendment_id: UUID
    agreement_id: UUID
    area: str = Field(title="区划")
    of_edition: int = Field(title="所变更的版次")
    status: AmendmentStatus = Field(title="状态")
    reason: str = Field(title="变更原因")
    last_day: date | None = Field(default=None, title="新的截止日")
    digest: str | None = Field(default=None, title="内容校验值")
    office_signed_on: date | None = Field(default=None, title="我方落款日期")
    unit_signed_on: date | None = Field(default=None, title="单位方落款日期")

    def signed_on(self, side: Side) -> date | None:
        return self.office_signed_on if side is Side.OFFICE else self.unit_signed_on

    def facts(self, agreement: Agreement) -> dict[str, Any]:
        kept = self.model_dump(include={"amendment_id", "agreement_id", "area", "of_edition"})
        same = agreement.model_dump(include={"unit_id", "unit_kind"})
        return kept | same | {"agreement_kind": agreement.kind}


class AmendmentOpen(Conflict):
    code = "amendment-open"
    title, title_zh = "Another amendment is open", "该协议尚有未办结的变更"


class NothingAmended(Invalid):
    code = "nothing-amended"
    title, title_zh = "Nothing would change", "没有任何变更"


class DayPassed(Invalid):
    code = "day-passed"
    title, title_zh = "A day that has passed is not moved", "已过的日期不能变更"


class LineUnknown(Invalid):
    code = "line-unknown"
    title, title_zh = "There is no such promise", "没有该序号的承诺事项"


def amended(
    agreement: Agreement,
    promises: Sequence[Promise],
    last_day: date | None,
    lines: Sequence[LineChange],
    today: date,
) -> tuple[Agreement, list[Promise], list[Change]]:
    """The agreement and its promises as they would be, and what changes of them.

    Raises `DayPassed`, `LineUnknown`, `NothingAmended`, and what a term or a promise raises.
    """
    life.AMEND(agreement.status)
    now, changes = agreement, []
    if last_day is not None and last_day != agreement.last_day:
        _check_ahead(last_day, today, "last_day")
        now = agreement.restated(last_day)
        changes.append(_change("last_day", None, agreement.last_day, last_day))
    known = {promise.line: promise for promise in promises}
    for line in lines:
        known[line.line], of_line = _line(known, line, today)
        changes += of_line
    if not changes:
        raise NothingAmended("Say what shall change.", zh="请填写要变更的内容。")
    after = list(known.values())
    signing.check_promises(now, [each for each in after if each not in promises])
    return now, after, changes


def _line(
    known: Mapping[int, Promise], change: LineChange, today: date
) -> tuple[Promise, list[Change]]:
    promise, changes = known.get(change.line), []
    if promise is None:
        raise LineUnknown(
            f"There is no promise {change.line}.",
            zh=f"没有第 {change.line} 项承诺。",
            field="lines",
            value=change.line,
        )
    fields: dict[str, Any] = {}
    if change.due_on is not None and change.due_on != promise.due_on:
        if promise.due_on is not None:
            _check_ahead(promise.due_on, today, "lines")
        _check_ahead(change.due_on, today, "lines")
        fields |= {"due_on": change.due_on, "every": None}
        before = promise.due_on or promise.every
        changes.append(_change("due_on", change.line, before, change.due_on))
    if change.measure is not None and change.measure != promise.measure:
        fields["measure"] = change.measure
        changes.append(_change("measure", change.line, promise.measure, change.measure))
    return promise.model_copy(update=fields), changes


def _check_ahead(day: date, today: date, field: str) -> None:
    if day < today:
        raise DayPassed(
            f"{day} has passed.",
            zh=f"{day} 已过，不能变更。",
            field=field,
            value=day.isoformat(),
            earliest=today.isoformat(),
        )


def _change(field: str, line: int | None, before: object, after: object) -> Change:
    return Change(field=field, line=line, before=str(before) if before else None, after=str(after))


def digest_of(content: Content, reason: str, changes: Sequence[Change]) -> str:
    """Of the text that both sign: what the agreement will say, what of it is new, and why."""
    listed = [change.model_dump(mode="json") for change in changes]
    said = {"content": content.model_dump(mode="json"), "reason": reason, "changes": listed}
    return digest(said)


def draft(amendment: Amendment, agreement: Agreement, others_open: int) -> AmendmentDrafted:
    """Raises `AmendmentOpen`."""
    if others_open:
        raise AmendmentOpen(
            "One at a time: settle the other first.", zh="一次只能办理一项变更，请先办结前一项。"
        )
    return AmendmentDrafted(**amendment.facts(agreement))


def offer(amendment: Amendment, agreement: Agreement, digest: str) -> AmendmentOffered:
    life.OFFER(amendment.status)
    return AmendmentOffered(**amendment.facts(agreement), digest=digest)


def sign(
    amendment: Amendment, agreement: Agreement, side: Side, signed_on: date, digest: str
) -> tuple[AmendmentStatus, AmendmentSigned]:
    """Each side once, while the agreement lives and has the edition it amends.

    Raises `AgreementNotOpen`, `AlreadySigned`, `OtherText`.
    """
    to = life.SIGN_AMENDMENT(amendment.status)
    life.AMEND(agreement.status)
    if amendment.signed_on(side) is not None:
        raise AlreadySigned(
            f"The {side} side has signed.", zh=f"{side.label}已签署。", field="side"
        )
    if digest != amendment.digest or amendment.of_edition != agreement.edition:
        raise OtherText(
            "This is not the text of the amendment that went out.",
            zh="所签不是已发出的这份变更。",
            field="digest",
            digest=amendment.digest,
        )
    return to, AmendmentSigned(**amendment.facts(agreement), side=side, signed_on=signed_on)


def agree(amendment: Amendment, agreement: Agreement) -> AmendmentAgreed:
    """Both signed: it makes the agreement's next edition."""
    return AmendmentAgreed(**amendment.facts(agreement), edition=agreement.edition + 1)


def take_effect(was: Agreement, now: Agreement, amendment: Amendment) -> AgreementAmended:
    facts = now.facts() | {"edition": was.edition + 1}
    return AgreementAmended(
        **facts,
        amendment_id=amendment.amendment_id,
        last_day=now.last_day,
        was_last_day=was.last_day,
    )


def close(amendment: Amendment, agreement: Agreement, how: AmendmentStatus) -> AmendmentClosed:
    """Rejected, cancelled, or void with the agreement that ended first."""
    steps = {
        AmendmentStatus.REJECTED: life.REJECT_AMENDMENT,
        AmendmentStatus.CANCELLED: life.CANCEL_AMENDMENT,
        AmendmentStatus.VOID: life.VOID_AMENDMENT,
    }
    return AmendmentClosed(**amendment.facts(agreement), how=steps[how](amendment.status))
