"""Agreements until they go out: drafted, reviewed, offered; and taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.agreements import Side, SignatureVoidReason
from services.chassis import kinds
from services.chassis.clock import business_date, from_day
from services.chassis.known import organisation_unknown
from services.chassis.rows import check_area, check_code, one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import units
from services.cobuilding.domain.agreements import life, running, signing
from services.cobuilding.domain.agreements.model import (
    Agreement,
    Content,
    Party,
    Promise,
    PromisedVenue,
)
from services.cobuilding.handlers.agreements import wakes
from services.cobuilding.tables import agreements as tables
from services.cobuilding.tables.agreements import AgreementRow, EditionRow
from services.cobuilding.tables.rows import AreaRow, OrganisationRow
from services.cobuilding.tables.units import UnitRow

Text = dict[str, list[dict[str, Any]]]
"""`clauses`, `promises` and `venues` as rows keep them."""


async def draft(
    fields: dict[str, Any], text: Text, key: UUID, uow: UnitOfWork, at: datetime
) -> AgreementRow:
    """Raises what `signing.draft` raises, and refuses by field whatever it names and is not."""
    unit = await one(uow.session, UnitRow, fields["unit_id"], "unit", "单位")
    units.CHANGE(unit.status)
    agreement = Agreement(
        **fields,
        agreement_id=key,
        unit_kind=unit.kind,
        status=life.DRAFT.to,
        stated_last_day=fields["last_day"],
    )
    await check_code(uow.session, AgreementRow, agreement.number, "协议编号", field="number")
    event = signing.draft(agreement)
    row = AgreementRow.of(agreement, **text, recorded_at=uow.now)
    await _check(agreement, row, uow, at)
    return uow.begin(row, event, at)


async def change(
    row: AgreementRow, fields: dict[str, Any], text: Text, uow: UnitOfWork, at: datetime
) -> AgreementRow:
    """Only of a draft; what is left out stays."""
    was, changes = row.as_state(Agreement), dict(fields)
    if "unit_id" in fields:
        unit = await one(uow.session, UnitRow, fields["unit_id"], "unit", "单位")
        units.CHANGE(unit.status)
        changes["unit_kind"] = unit.kind
    if "last_day" in fields:
        changes["stated_last_day"] = fields["last_day"]
    now = row.as_state(Agreement, **changes)
    if now.number != was.number:
        await check_code(uow.session, AgreementRow, now.number, "协议编号", field="number")
    said = any(getattr(row, name) != told for name, told in text.items())
    event = signing.change(was, now, text=said)
    if event is None:
        return row
    uow.step(row, event, at, **changes, **text)
    await _check(now, row, uow, at)
    return row


async def submit(row: AgreementRow, uow: UnitOfWork, at: datetime) -> AgreementRow:
    event = signing.submit(row, row.promised())
    return uow.step(row, event, at, status=life.SUBMIT.to)


async def send_back(row: AgreementRow, uow: UnitOfWork, at: datetime) -> AgreementRow:
    return uow.step(row, signing.send_back(row), at, status=life.RETURN.to)


async def offer(row: AgreementRow, actor: str, uow: UnitOfWork, at: datetime) -> AgreementRow:
    """Approved: its text becomes an edition, which both sides sign or do not."""
    content = await content_of(row, row.promised(), row, uow)
    today = business_date(at)
    event = signing.offer(row, content, today)
    uow.session.add(
        EditionRow(
            agreement_id=row.agreement_id, edition=event.edition, digest=event.digest,
            content=content.model_dump(mode="json"), made_at=uow.now, made_by=actor,
        )
    )  # fmt: skip
    gone_out = {"edition": event.edition, "digest": event.digest, "offered_on": today}
    uow.step(row, event, at, status=life.APPROVE.to, **gone_out)
    return await wakes.set_alarm(row, uow)


async def revise(row: AgreementRow, uow: UnitOfWork, at: datetime) -> AgreementRow:
    """Back to a draft; what was signed of this edition is void."""
    void = await void_signatures(row, SignatureVoidReason.REVISED, uow, at)
    taken_back = {"digest": None, "offered_on": None}
    uow.step(row, signing.revise(row, void), at, status=life.REVISE.to, **taken_back)
    return await wakes.set_alarm(row, uow)


async def reject(row: AgreementRow, side: Side, uow: UnitOfWork, at: datetime) -> AgreementRow:
    signed = await tables.standing(uow.session, row.agreement_id)
    event = signing.reject(row, side, [tables.told(each) for each in signed])
    await void_signatures(row, SignatureVoidReason.REJECTED, uow, at)
    uow.step(row, event, at, status=life.REJECT.to, ended_on=business_date(at))
    return await wakes.set_alarm(row, uow)


async def cancel(
    row: AgreementRow, reason_kind: str, uow: UnitOfWork, at: datetime
) -> AgreementRow:
    """Also by a side that has signed: that is how it takes its signature back."""
    on = business_date(at)
    await kinds.check(uow.session, "agreement-end", reason_kind, on, "reason_kind")
    event = signing.cancel(row, reason_kind)
    await void_signatures(row, SignatureVoidReason.CANCELLED, uow, at)
    uow.step(row, event, at, status=life.CANCEL.to, ended_on=on, end_reason=reason_kind)
    return await wakes.set_alarm(row, uow)


async def lapse(row: AgreementRow, on: date, uow: UnitOfWork) -> None:
    """Not signed by both in time; `on` is the first day nobody could."""
    at = from_day(on, uow.now)
    event = signing.lapse(row)
    await void_signatures(row, SignatureVoidReason.LAPSED, uow, at)
    uow.step(row, event, at, status=life.LAPSE.to, ended_on=on)


async def void_signatures(
    row: AgreementRow, reason: SignatureVoidReason, uow: UnitOfWork, at: datetime
) -> int:
    """How many stood. They stay in the history, with the edition they were for."""
    signed = await tables.standing(uow.session, row.agreement_id)
    for each in signed:
        each.change(voided_at=at, void_reason=reason)
        uow.step(row, signing.void(row, tables.told(each), reason), at)
    return len(signed)


async def content_of(
    agreement: Agreement,
    promises: Sequence[Promise],
    paper: AgreementRow,
    uow: UnitOfWork,
) -> Content:
    """What an edition of it would say now, the parties called as they are called today; what is
    not amended is as on its `paper`.
    """
    office = await uow.session.get(OrganisationRow, agreement.organisation_id)
    unit = await uow.session.get(UnitRow, agreement.unit_id)
    said = {
        **agreement.model_dump(include=set(Content.model_fields)),
        "office": Party(id=agreement.organisation_id, name=office.name if office else ""),
        "unit": Party(id=agreement.unit_id, name=unit.name if unit else ""),
        "renewal": running.renewal_in_words(agreement),
        "clauses": paper.clauses,
        "promises": promises,
        "venues": paper.venues,
    }
    return Content.model_validate(said)


async def _check(agreement: Agreement, row: AgreementRow, uow: UnitOfWork, at: datetime) -> None:
    """That all it names is there; promises lie within its term."""
    on = business_date(at)
    await kinds.check(uow.session, "agreement", agreement.kind, on, "kind")
    await check_area(uow.session, AreaRow, agreement.area)
    organisation = await uow.session.get(OrganisationRow, agreement.organisation_id)
    if organisation is None or organisation.dissolved_on is not None:
        raise organisation_unknown(agreement.organisation_id)
    promises = row.promised()
    for promise in promises:
        await kinds.check(uow.session, "undertaking", promise.kind, on, "promises")
    signing.check_promises(agreement, promises)
    await _check_venues(agreement, row.offers(), uow, on)
    if agreement.predecessor_id is not None:
        await _check_predecessor(agreement, uow)


async def _check_venues(
    agreement: Agreement, venues: Sequence[PromisedVenue], uow: UnitOfWork, on: date
) -> None:
    for venue in venues:
        await kinds.check(uow.session, "venue", venue.venue_kind, on, "venues")
        if venue.area is not None:
            await check_area(uow.session, AreaRow, venue.area, "venues")
    signing.check_venues(agreement, venues)


async def _check_predecessor(agreement: Agreement, uow: UnitOfWork) -> None:
    before = await one(uow.session, AgreementRow, agreement.predecessor_id, "agreement", "协议")
    running.check_renews(agreement, before)
