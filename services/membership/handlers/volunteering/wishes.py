"""Commands on micro-wishes."""

from datetime import datetime, timedelta
from uuid import UUID

from contracts.kinds.members import HolderKind
from contracts.kinds.points import PointsRuleCode
from contracts.kinds.volunteering import ServiceSource, WishStatus
from contracts.membership.volunteering import (
    MicroWishExpired,
    MicroWishFulfilled,
    MicroWishRetracted,
)
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import wishes as domain
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import ContactRetention, WishTerm
from services.membership.domain.volunteering.wishes import CollectWish, Wish
from services.membership.handlers.volunteering import references, time
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import WishClaimRow, WishRow, locked

NO_WISH = "没有该编号的微心愿。"


async def collect(
    command: CollectWish, contact: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> WishRow:
    """The wish's own words and whose it is are sealed under a key of the wish's own."""
    on = business_date(at)
    await kinds.check(uow.session, "wish", command.wish_kind, on, "wish_kind")
    await kinds.check(uow.session, "difficulty", command.difficulty, on, "difficulty")
    organisation = await references.organisation(uow, command.organisation_id)
    area = await references.area(uow, command.area, organisation.area)
    term = (await rulebook.at(uow.session, on, WishTerm))[WishTerm]
    event = domain.collect(command, new_id(), area, on + timedelta(days=term.days))
    row = WishRow(
        wish_id=event.wish_id,
        wish_kind=command.wish_kind,
        difficulty=command.difficulty,
        organisation_id=command.organisation_id,
        area=area,
        status=WishStatus.COLLECTED.value,
        collected_at=at,
        expires_on=event.expires_on,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    await references.seal(uow, vault, row.wish_id, contact)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def claim(wish_id: UUID, holder: Holder, uow: UnitOfWork, at: datetime) -> WishRow:
    """By exactly one: the row is held, and the database takes one standing claim a wish.

    Raises `WishTaken` for everybody else.
    """
    row, state = await _held(wish_id, uow)
    await references.place_of(uow, holder)
    event = domain.claim(state, holder, at, business_date(at))
    uow.session.add(
        WishClaimRow(
            claim_id=new_id(),
            wish_id=wish_id,
            holder_id=holder.holder_id,
            holder_kind=holder.holder_kind.value,
            claimed_at=at,
        )
    )
    row.status, row.version = WishStatus.CLAIMED.value, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def release(wish_id: UUID, uow: UnitOfWork, at: datetime) -> WishRow:
    row, state = await _held(wish_id, uow)
    event = domain.release(state, at)
    await _end_claim(wish_id, uow, at)
    row.status, row.version = WishStatus.COLLECTED.value, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def fulfil(wish_id: UUID, minutes: int | None, uow: UnitOfWork, at: datetime) -> WishRow:
    """Made true by who claimed it: earns points, and time of service where it was told."""
    row, state = await _held(wish_id, uow)
    event = domain.fulfil(state, at)
    await _close(row, WishStatus.DONE, event, uow, at)
    if state.holder is not None:
        await time.earn(uow, state.holder, PointsRuleCode.WISH_FULFILLED, "wish", wish_id, at)
        if minutes is not None:
            source = ServiceSource.WISH
            await time.credit(uow, state.holder, source, wish_id, row.area, minutes, at)
    return row


async def withdraw(wish_id: UUID, uow: UnitOfWork, at: datetime) -> WishRow:
    row, state = await _held(wish_id, uow)
    event = domain.withdraw(state, at)
    await _end_claim(wish_id, uow, at)
    await _close(row, WishStatus.WITHDRAWN, event, uow, at)
    return row


async def expire(row: WishRow, uow: UnitOfWork) -> None:
    """Unclaimed beyond its last day; the row is held."""
    event = domain.expire(wish_of(row, None))
    await _close(row, WishStatus.EXPIRED, event, uow, uow.now)


async def _held(wish_id: UUID, uow: UnitOfWork) -> tuple[WishRow, Wish]:
    row = await locked(uow.session, WishRow, wish_id, NO_WISH)
    return row, wish_of(row, await cases.claim_of(uow.session, wish_id))


async def _end_claim(wish_id: UUID, uow: UnitOfWork, at: datetime) -> None:
    claim = await cases.claim_of(uow.session, wish_id)
    if claim is not None:
        claim.released_at = at


async def _close(
    row: WishRow,
    status: WishStatus,
    event: MicroWishFulfilled | MicroWishRetracted | MicroWishExpired,
    uow: UnitOfWork,
    at: datetime,
) -> None:
    """From now on what was sealed is kept only as long as the rule allows."""
    on = business_date(at)
    book = await rulebook.at(uow.session, on, ContactRetention)
    row.status, row.closed_at, row.version = status.value, at, row.version + 1
    row.erase_on = on + timedelta(days=book[ContactRetention].days)
    uow.announce(event, version=row.version, occurred_at=at)


def wish_of(row: WishRow, claim: WishClaimRow | None) -> Wish:
    return Wish(
        wish_id=row.wish_id,
        wish_kind=row.wish_kind,
        difficulty=row.difficulty,
        area=row.area,
        status=WishStatus(row.status),
        collected_at=row.collected_at,
        expires_on=row.expires_on,
        holder=Holder(claim.holder_id, HolderKind(claim.holder_kind)) if claim else None,
        claimed_at=claim.claimed_at if claim else None,
    )
