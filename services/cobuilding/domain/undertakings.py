"""Undertakings: what was promised, by when, and what became of it. Pure.

Due is counted on the due day and never changes after it passed: what is assessed later is told for
that day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.cobuilding.undertakings import (
    UndertakingAssessed,
    UndertakingFellDue,
    UndertakingMade,
    UndertakingMoved,
    UndertakingVoided,
)
from contracts.kinds.agreements import Side
from contracts.kinds.cadence import Every
from contracts.kinds.undertakings import UndertakingStatus
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.periods import period_of, periods
from services.chassis.state import State
from services.cobuilding.domain.agreements.model import Promise

OPEN, MET, PARTLY = UndertakingStatus.OPEN, UndertakingStatus.MET, UndertakingStatus.PARTLY
NOT_MET, VOID = UndertakingStatus.NOT_MET, UndertakingStatus.VOID


class Undertaking(State):
    undertaking_id: UUID
    agreement_id: UUID
    unit_id: UUID
    unit_kind: str = Field(title="单位类别")
    area: str = Field(title="区划")
    line: int = Field(title="序号")
    side: Side = Field(title="承诺方")
    kind: str = Field(title="事项类别")
    text: str = Field(title="承诺内容")
    measure: str | None = Field(default=None, title="兑现标准")
    every: Every | None = Field(default=None, title="周期")
    first_day: date = Field(title="可兑现起始日")
    due_on: date = Field(title="应兑现日期")
    status: UndertakingStatus = Field(title="评定")
    fell_due: bool = Field(default=False, title="已到期")
    evidence: int = Field(default=0, title="佐证数")
    assessed_on: date | None = Field(default=None, title="评定日期")

    def facts(self) -> dict[str, Any]:
        kept = {"area", "undertaking_id", "agreement_id", "unit_id", "unit_kind", "side", "due_on"}
        return self.model_dump(include=kept) | {"undertaking_kind": self.kind}


class UndertakingNotOpen(Conflict):
    code = "undertaking-not-open"
    title, title_zh = (
        "The undertaking does not stand where this is possible",
        "该事项当前状态不能如此办理",
    )


class EvidenceMissing(Invalid):
    code = "evidence-missing"
    title, title_zh = "What was kept is shown by evidence", "评定为已兑现须有佐证"


class ProofOutOfTime(Invalid):
    code = "proof-out-of-time"
    title, title_zh = "The day it was done on cannot be", "完成日期有误"


class DueAlready(Conflict):
    code = "undertaking-due"
    title, title_zh = "Its due day has passed", "该事项已到期，不能再变更"


class NoOutcome(Invalid):
    code = "no-outcome"
    title, title_zh = "An outcome is met, partly met or not met", "评定应为已兑现、部分兑现或未兑现"


LIFE = Lifecycle("undertaking", "承诺事项", UndertakingStatus, UndertakingNotOpen, fact="status")
MAKE = LIFE.begin("make", "立项", OPEN)
MOVE = LIFE.step("move", "变更期限", {OPEN})
PROVE = LIFE.step("prove", "登记佐证", {OPEN, MET, PARTLY, NOT_MET})
MEET = LIFE.step("meet", "评定为已兑现", {OPEN, PARTLY, NOT_MET}, MET)
MEET_PARTLY = LIFE.step("meet-partly", "评定为部分兑现", {OPEN, MET, NOT_MET}, PARTLY)
MISS = LIFE.step("miss", "评定为未兑现", {OPEN, MET, PARTLY}, NOT_MET)
WITHDRAW = LIFE.step("void", "不再要求", {OPEN, MET, PARTLY, NOT_MET}, VOID)
ASSESSMENTS = {MET: MEET, PARTLY: MEET_PARTLY, NOT_MET: MISS}


def due_days(promise: Promise, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Of a promise in force from `first` to `last`: from when it can be kept, and when it is due.

    A periodic one is due once a period of the calendar, on its last day or the agreement's. What
    fell due before the agreement took effect was never due.
    """
    if promise.every is None:
        due = promise.due_on or last
        if first <= due <= last:
            yield first, due
        return
    for period in periods(promise.every, first, last):
        yield max(period.first, first), min(period.last, last)


Slot = tuple[int, date | None]
"""What is asked for once: a line of the agreement, and its period if it has any."""


def slot(undertaking: Undertaking) -> Slot:
    return undertaking.line, _period(undertaking.every, undertaking.due_on)


def slot_of(promise: Promise, due_on: date) -> Slot:
    return promise.line, _period(promise.every, due_on)


def _period(every: Every | None, due_on: date) -> date | None:
    return period_of(every, due_on).first if every else None


def make(undertaking: Undertaking) -> UndertakingMade:
    return UndertakingMade(**undertaking.facts())


def move(was: Undertaking, now: Undertaking, today: date) -> UndertakingMoved:
    """Raises `DueAlready` for one that is due, and for a day that has passed."""
    MOVE(was.status)
    check_ahead(was, today)
    if now.due_on < today:
        raise DueAlready(
            f"{now.due_on} has passed.", zh=f"{now.due_on} 已过，请填以后的日期。", field="due_on"
        )
    return UndertakingMoved(**now.facts(), was_due_on=was.due_on)


def fall_due(undertaking: Undertaking) -> UndertakingFellDue:
    """With the outcome so far, on its due day."""
    return UndertakingFellDue(**undertaking.facts(), outcome=undertaking.status)


def check_proof(undertaking: Undertaking, done_on: date, today: date) -> None:
    """Done within its time; nothing is proven ahead. Raises `ProofOutOfTime`."""
    PROVE(undertaking.status)
    if not undertaking.first_day <= done_on <= today:
        raise ProofOutOfTime(
            f"Done between {undertaking.first_day} and today.",
            zh=f"完成日期应在 {undertaking.first_day} 与今天之间。",
            field="done_on",
            earliest=undertaking.first_day.isoformat(),
            latest=today.isoformat(),
        )


def assess(undertaking: Undertaking, outcome: UndertakingStatus) -> UndertakingAssessed:
    """The first time, or otherwise than before. Raises `NoOutcome` or `EvidenceMissing`."""
    if outcome not in ASSESSMENTS:
        raise NoOutcome(
            "Say met, partly or not-met.", zh="请选已兑现、部分兑现或未兑现。", field="outcome"
        )
    ASSESSMENTS[outcome](undertaking.status)
    if outcome in (MET, PARTLY) and not undertaking.evidence:
        raise EvidenceMissing(
            "Add what shows that it was kept first.",
            zh="请先登记佐证（照片、签到、收据等），再评定为已兑现。",
            field="outcome",
        )
    return UndertakingAssessed(
        **undertaking.facts(),
        outcome=outcome,
        was_outcome=undertaking.status,
        after_due=undertaking.fell_due,
        evidence=undertaking.evidence,
    )


def void(undertaking: Undertaking, reason_kind: str, today: date) -> UndertakingVoided:
    """Before its due day only. Raises `DueAlready`."""
    WITHDRAW(undertaking.status)
    check_ahead(undertaking, today)
    return UndertakingVoided(
        **undertaking.facts(), was_outcome=undertaking.status, reason_kind=reason_kind
    )


def check_ahead(undertaking: Undertaking, today: date) -> None:
    """Its day is today or later: editing what was due would edit the rate. Raises `DueAlready`."""
    if undertaking.fell_due or undertaking.due_on < today:
        raise DueAlready(
            f"It was due on {undertaking.due_on}; assess it instead.",
            zh=f"该事项已于 {undertaking.due_on} 到期，只能评定。",
            due_on=undertaking.due_on.isoformat(),
        )
