"""Undertakings: made with their agreement, proven, assessed, due by the clock, void."""

from datetime import date, datetime

from contracts.kinds.alerts import CobuildingAlertKind, Severity
from contracts.kinds.undertakings import UndertakingStatus, VoidReason
from services.chassis import kinds
from services.chassis.alerts import Wanted
from services.chassis.clock import business_date, from_day
from services.chassis.ids import new_id
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import undertakings as domain
from services.cobuilding.domain.agreements.model import Promise
from services.cobuilding.domain.undertakings import Undertaking
from services.cobuilding.tables import undertakings as tables
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.rows import ALERTS
from services.cobuilding.tables.undertakings import EvidenceRow, UndertakingRow

BATCH = 200


async def follow(agreement: AgreementRow, since: date, uow: UnitOfWork) -> None:
    """Undertakings due on `since` or later become what the agreement now promises: what is new is
    made, what is due on another day moves, what is not promised any more is void.
    """
    at = from_day(since, uow.now)
    known = await tables.of_agreement(uow.session, agreement.agreement_id, lock=True)
    standing = {domain.slot(row): row for row in known if row.status is not domain.VOID}
    for promise in agreement.promised():
        for begins, due_on in domain.due_days(promise, since, agreement.last_day):
            slot = domain.slot_of(promise, due_on)
            row = standing.pop(slot, None)
            if row is None:
                _make(agreement, promise, begins, due_on, uow, at)
            elif row.due_on >= since:
                _move(row, promise, due_on, since, uow, at)
    for row in standing.values():
        if row.due_on >= since and not row.fell_due:
            await _void(row, VoidReason.AMENDED, since, uow, at)


def _make(
    agreement: AgreementRow,
    promise: Promise,
    first_day: date,
    due_on: date,
    uow: UnitOfWork,
    at: datetime,
) -> None:
    undertaking = Undertaking(
        undertaking_id=new_id(),
        **agreement.model_dump(include={"agreement_id", "unit_id", "unit_kind", "area"}),
        **promise.model_dump(include={"line", "side", "kind", "text", "measure", "every"}),
        first_day=first_day,
        due_on=due_on,
        status=domain.MAKE.to,
    )
    row = UndertakingRow.of(undertaking, recorded_at=uow.now)
    uow.begin(row, domain.make(undertaking), at)


def _move(
    row: UndertakingRow, promise: Promise, due_on: date, since: date, uow: UnitOfWork, at: datetime
) -> None:
    row.change(measure=promise.measure)
    if due_on != row.due_on:
        was, now = row.as_state(Undertaking), row.as_state(Undertaking, due_on=due_on)
        uow.step(row, domain.move(was, now, since), at, due_on=due_on)


async def prove(
    row: UndertakingRow, done_on: date, text: str, actor: str, uow: UnitOfWork
) -> UndertakingRow:
    """What was done, and where the proof is; no fact that others hear before it is assessed."""
    domain.check_proof(row, done_on, business_date(uow.now))
    uow.session.add(
        EvidenceRow(
            evidence_id=new_id(), undertaking_id=row.undertaking_id, done_on=done_on, text=text,
            actor=actor, recorded_at=uow.now,
        )
    )  # fmt: skip
    row.change(evidence=row.evidence + 1)
    return row


async def assess(
    row: UndertakingRow, outcome: UndertakingStatus, uow: UnitOfWork, at: datetime
) -> UndertakingRow:
    """Told for the due day where that has passed: a year's rate divides what fell due in it."""
    event = domain.assess(row, outcome)
    told = from_day(row.due_on, uow.now) if row.fell_due else at
    uow.step(row, event, told, status=outcome, assessed_on=business_date(at))
    return await _settle(row, uow)


async def void(
    row: UndertakingRow, reason_kind: str, uow: UnitOfWork, at: datetime
) -> UndertakingRow:
    on = business_date(at)
    await kinds.check(uow.session, "undertaking-void", reason_kind, on, "reason_kind")
    return await _void(row, reason_kind, on, uow, at)


async def void_from(
    agreement: AgreementRow, over: date, reason: VoidReason, uow: UnitOfWork
) -> None:
    """Those due on `over` or later: they are not missed, they are not asked for any more."""
    at = from_day(over, uow.now)
    for row in await tables.of_agreement(uow.session, agreement.agreement_id, lock=True):
        if row.due_on >= over and not row.fell_due and row.status is not domain.VOID:
            await _void(row, reason, over, uow, at)


async def fall_due(uow: UnitOfWork) -> Part:
    """At the end of its day each says how it stands."""
    today = business_date(uow.now)
    rows = await tables.falling_due(uow.session, today, BATCH)

    async def one(row: UndertakingRow) -> None:
        uow.step(row, domain.fall_due(row), from_day(row.due_on, uow.now), fell_due=True)
        await _settle(row, uow)

    return await one_by_one(uow, rows, one)


async def _void(
    row: UndertakingRow, reason_kind: str, today: date, uow: UnitOfWork, at: datetime
) -> UndertakingRow:
    uow.step(row, domain.void(row, reason_kind, today), at, status=domain.WITHDRAW.to)
    return await _settle(row, uow)


async def _settle(row: UndertakingRow, uow: UnitOfWork) -> UndertakingRow:
    """Overdue until it is assessed."""
    await uow.session.flush()
    wanted = Wanted(
        kind=CobuildingAlertKind.UNDERTAKING_OVERDUE,
        subject_id=row.undertaking_id,
        area=row.area,
        severity=Severity.WARN,
        due_on=row.due_on,
        facts={"agreement_id": str(row.agreement_id), "line": row.line, "side": row.side},
    )
    stands = row.fell_due and row.status is domain.OPEN
    await ALERTS.settle(uow, wanted, stands=stands)
    return row


SWEEPS = (Sweep("undertakings.fall-due", fall_due),)
