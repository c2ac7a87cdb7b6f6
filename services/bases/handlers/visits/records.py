"""Visits begun, put right, taken back, with all that is told beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.bases.visits import VisitCompleted, VisitCorrected, VisitEvent
from contracts.kinds.books import WithdrawReason
from services.bases.domain.visits import records as domain
from services.bases.domain.visits.occasions import Said
from services.bases.domain.visits.records import Visit
from services.bases.handlers.organisations import check_known
from services.bases.handlers.places import check_in_use, venue_of
from services.bases.handlers.visits import occasions
from services.bases.tables import places
from services.bases.tables.rows import BaseRow, VisitRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.known import organisation_unknown
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Came:
    """What is said of a visit when it ends."""

    with_organisation_ids: tuple[UUID, ...] = ()
    said: Said = field(default_factory=Said)


ALONE = Came()


async def record_visit(visit: Visit, base: BaseRow, said: Said, uow: UnitOfWork) -> VisitRow:
    """A visit out of the paper ledger: its business time is when it began."""
    check_in_use(base, visit.started_at)
    await _check_venue(uow, visit.venue_id, base.base_id, visit.started_at)
    if visit.organisation_id is not None:
        await check_known(uow, visit.organisation_id)
    await _check_purpose(uow, visit.purpose_kind, visit.started_at)
    return await begin(uow, domain.record_visit(visit, base), said, visit.started_at)


async def begin(uow: UnitOfWork, visit: VisitCompleted, said: Said, at: datetime) -> VisitRow:
    """Write and tell of a visit, of who came along, and of what was held in it.

    A guest is none of the tree: the visit has no organisation then, its booking knows the guest.
    """
    await _check_companions(uow, visit.with_organisation_ids)
    if visit.organisation_id is not None:
        known = await places.organisation(uow.session, visit.organisation_id)
        visit = visit if known else visit.model_copy(update={"organisation_id": None})
    row = VisitRow(**visit.model_dump(exclude={"cross_unit"}), told_at=at, recorded_at=uow.now)
    uow.session.add(row)
    _tell(uow, row, None, visit)
    await uow.session.flush()
    await occasions.follow_visit(uow, row, said)
    return row


async def correct(
    row: VisitRow, changes: Mapping[str, Any], said: Said, uow: UnitOfWork
) -> VisitRow:
    """Fields of `Visit` anew. What was counted is put right in the period it was counted in.

    Raises what `domain.correct` raises.
    """
    base_kind = await _base_kind(uow, row)
    await _check_changes(uow, row, changes)
    was, now = row.as_state(Visit), row.as_state(Visit, **changes)
    event = domain.correct(was, now, base_kind, row.corrections + 1)
    if event is not None:
        row.change(**changes, base_kind=base_kind, corrections=event.correction)
        _tell(uow, row, _before(event), event)
    await occasions.follow_visit(uow, row, said)
    return row


async def withdraw(row: VisitRow, reason: WithdrawReason, uow: UnitOfWork) -> VisitRow:
    event = domain.withdraw(row, await _base_kind(uow, row), reason)
    row.change(withdrawn_at=uow.now)
    _tell(uow, row, event, None)
    await occasions.end_with_visit(uow, row)
    return row


async def _base_kind(uow: UnitOfWork, row: VisitRow) -> str:
    return row.base_kind or (await places.base(uow.session, row.base_id)).kind


def _tell(uow: UnitOfWork, row: VisitRow, was: VisitEvent | None, now: VisitEvent | None) -> None:
    """The visit's own event, then those of who came along: all for the time it was told for."""
    own = now or was
    beside = domain.companions(was, now)
    for event in (own, *beside):
        if event is not None:
            uow.step(row, event, row.told_for())


def _before(event: VisitCorrected) -> VisitEvent:
    """The visit as far as those who came along are concerned."""
    return event.model_copy(update={"with_organisation_ids": event.was_with_organisation_ids})


async def _check_changes(uow: UnitOfWork, row: VisitRow, changes: Mapping[str, Any]) -> None:
    if "venue_id" in changes:
        began = changes.get("started_at", row.started_at)
        await _check_venue(uow, changes["venue_id"], row.base_id, began)
    if changes.get("organisation_id") is not None:
        await check_known(uow, changes["organisation_id"])
    if "purpose_kind" in changes:
        await _check_purpose(uow, changes["purpose_kind"], row.started_at)
    await _check_companions(uow, changes.get("with_organisation_ids", ()))


async def _check_venue(uow: UnitOfWork, venue_id: UUID | None, base_id: UUID, at: datetime) -> None:
    if venue_id is not None:
        check_in_use(await venue_of(uow, base_id, venue_id), at)


async def _check_purpose(uow: UnitOfWork, purpose: str | None, at: datetime) -> None:
    if purpose is not None:
        day = business_date(at)
        await kinds.check(uow.session, "menu-item", purpose, day, "purpose_kind")


async def _check_companions(uow: UnitOfWork, along: Iterable[UUID]) -> None:
    wanted = list(along)
    known = await places.organisations(uow.session, wanted) if wanted else {}
    for organisation_id in wanted:
        if organisation_id not in known:
            refusal = organisation_unknown(organisation_id)
            refusal.facts["field"] = "with_organisation_ids"
            raise refusal
