"""Amendments: drafted, offered, signed by both, and then the agreement says something else.

The agreement is locked before its amendment, as by the clock that ends it.
"""

from datetime import date, datetime
from uuid import UUID

from contracts.kinds.agreements import AgreementStatus, AmendmentStatus, Side
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain.agreements import amendments as domain
from services.cobuilding.domain.agreements import life
from services.cobuilding.domain.agreements.amendments import Amendment, LineChange
from services.cobuilding.domain.agreements.model import Agreement, Promise
from services.cobuilding.domain.agreements.signing import check_signed_on
from services.cobuilding.domain.agreements.terms import Term
from services.cobuilding.handlers import undertakings, venues
from services.cobuilding.handlers.agreements import drafts, wakes
from services.cobuilding.tables import amendments as tables
from services.cobuilding.tables.agreements import AgreementRow, EditionRow
from services.cobuilding.tables.amendments import AmendmentRow


async def draft(
    agreement: AgreementRow,
    reason: str,
    last_day: date | None,
    lines: list[LineChange],
    uow: UnitOfWork,
    at: datetime,
) -> AmendmentRow:
    """Raises what `amended` raises, and `AmendmentOpen`."""
    known = agreement.as_state(Agreement)
    today = business_date(uow.now)
    _, _, changes = domain.amended(known, agreement.promised(), last_day, lines, today)
    amendment = Amendment(
        amendment_id=new_id(),
        agreement_id=agreement.agreement_id,
        area=agreement.area,
        of_edition=agreement.edition,
        status=life.PROPOSE.to,
        reason=reason,
        last_day=last_day,
    )
    another = await tables.open_of(uow.session, agreement.agreement_id)
    event = domain.draft(amendment, known, 0 if another is None else 1)
    row = AmendmentRow.of(
        amendment,
        lines=[line.model_dump(mode="json") for line in lines],
        changes=[change.model_dump(mode="json") for change in changes],
        recorded_at=uow.now,
    )
    return uow.begin(row, event, at)


async def offer(amendment_id: UUID, uow: UnitOfWork, at: datetime) -> AmendmentRow:
    """Its digest is of what the agreement will say."""
    row, agreement = await _held(amendment_id, uow)
    now, promises = _amended(row, agreement, uow)
    content = await drafts.content_of(now, promises, agreement, uow)
    digest = domain.digest_of(content, row.reason, row.listed())
    event = domain.offer(row, agreement, digest)
    return uow.step(row, event, at, status=life.OFFER.to, digest=digest)


async def sign(
    amendment_id: UUID, side: Side, signed_on: date, digest: str, uow: UnitOfWork, at: datetime
) -> AmendmentRow:
    """The second side's makes it so at once. Raises what `amendments.sign` raises."""
    row, agreement = await _held(amendment_id, uow)
    to, event = domain.sign(row, agreement, side, signed_on, digest)
    check_signed_on(agreement, signed_on, business_date(uow.now), agreement.last_day)
    uow.step(row, event, at, status=to, **{f"{side}_signed_on": signed_on})
    if to is AmendmentStatus.AGREED:
        await _take_effect(row, agreement, uow, at)
    return row


async def close(
    amendment_id: UUID, how: AmendmentStatus, uow: UnitOfWork, at: datetime
) -> AmendmentRow:
    row, agreement = await _held(amendment_id, uow)
    return uow.step(row, domain.close(row, agreement, how), at, status=how)


async def void_open(agreement: AgreementRow, uow: UnitOfWork, at: datetime) -> None:
    """The agreement ended first."""
    row = await tables.open_of(uow.session, agreement.agreement_id)
    if row is not None:
        event = domain.close(row, agreement, AmendmentStatus.VOID)
        uow.step(row, event, at, status=AmendmentStatus.VOID)


async def _held(amendment_id: UUID, uow: UnitOfWork) -> tuple[AmendmentRow, AgreementRow]:
    about = (AmendmentRow, amendment_id, "amendment", "协议变更")
    agreement_id = (await one(uow.session, *about)).agreement_id
    agreement = await one(uow.session, AgreementRow, agreement_id, "agreement", "协议", lock=True)
    row = await one(uow.session, *about, lock=True)
    return row, agreement


def _amended(
    row: AmendmentRow, agreement: AgreementRow, uow: UnitOfWork
) -> tuple[Agreement, list[Promise]]:
    now, promises, _ = domain.amended(
        agreement.as_state(Agreement),
        agreement.promised(),
        row.last_day,
        row.of_lines(),
        business_date(uow.now),
    )
    return now, promises


async def _take_effect(
    row: AmendmentRow, agreement: AgreementRow, uow: UnitOfWork, at: datetime
) -> None:
    """The agreement's next edition; undertakings that are still ahead follow it."""
    was = agreement.as_state(Agreement)
    now, promises = _amended(row, agreement, uow)
    content = await drafts.content_of(now, promises, agreement, uow)
    agreed = domain.agree(row, was)
    uow.step(row, agreed, at)
    uow.session.add(
        EditionRow(
            agreement_id=was.agreement_id, edition=agreed.edition, digest=content.digest,
            content=content.model_dump(mode="json"), made_at=uow.now, made_by=str(row.amendment_id),
        )
    )  # fmt: skip
    uow.step(
        agreement,
        domain.take_effect(was, now, row),
        at,
        **now.model_dump(include=set(Term.model_fields)),
        edition=agreed.edition,
        digest=content.digest,
        promises=[promise.model_dump(mode="json") for promise in promises],
    )
    await uow.session.flush()
    if agreement.effective_from is not None:
        since = max(agreement.effective_from, business_date(uow.now))
        await undertakings.follow(agreement, since, uow)
        if agreement.status is AgreementStatus.EFFECTIVE:
            await venues.follow(agreement, since, uow)
    await wakes.set_alarm(agreement, uow)
