"""Commands on micro-wishes."""

from datetime import datetime, timedelta
from typing import Any

from contracts.event import Event
from contracts.kinds.points import PointsRuleCode
from contracts.kinds.volunteering import ServiceSource, WishStatus
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.lifecycle import Step
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import wishes as domain
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import WishTerm
from services.membership.domain.volunteering.wishes import Claim, Wish
from services.membership.handlers.volunteering import references, time
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import WishClaimRow, WishRow


async def collect(
    fields: dict[str, Any], contact: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> WishRow:
    """The wish's own words and whose it is are sealed under a key of the wish's own."""
    on = business_date(at)
    await kinds.check(uow.session, "wish", fields["wish_kind"], on, "wish_kind")
    await kinds.check(uow.session, "difficulty", fields["difficulty"], on, "difficulty")
    organisation = await references.organisation(uow, fields["organisation_id"])
    area = await references.area(uow, fields["area"], organisation.area)
    term = await rulebook.one(uow.session, on, WishTerm)
    wish = Wish(
        **fields | {"area": area},
        wish_id=new_id(),
        status=domain.COLLECT.to,
        collected_at=at,
        expires_on=on + timedelta(days=term.days),
    )
    row = WishRow.of(wish, recorded_at=uow.now)
    return await references.begin(row, domain.collect(wish), contact, vault, uow, at)


async def claim(wish: WishRow, holder: Holder, uow: UnitOfWork, at: datetime) -> WishRow:
    """By exactly one: the row is held, and the database takes one standing claim a wish.

    Raises `WishTaken` for everybody else.
    """
    await references.place_of(uow, holder)
    event = domain.claim(wish, holder, at)
    uow.session.add(
        WishClaimRow(claim_id=new_id(), wish_id=wish.wish_id, claimed_at=at, **vars(holder))
    )
    return uow.step(wish, event, at, status=domain.CLAIM.to)


async def release(wish: WishRow, uow: UnitOfWork, at: datetime) -> WishRow:
    event = domain.release(wish, await _claim(wish, uow), at)
    await _end_claim(wish, uow, at)
    return uow.step(wish, event, at, status=domain.RELEASE.to)


async def fulfil(wish: WishRow, minutes: int | None, uow: UnitOfWork, at: datetime) -> WishRow:
    """Made true by who claimed it: earns points, and time of service where it was told."""
    event = domain.fulfil(wish, await _claim(wish, uow), at)
    await _close(wish, domain.FULFIL, event, uow, at)
    holder, key = Holder(event.holder_id, event.holder_kind), wish.wish_id
    await time.earn(uow, holder, PointsRuleCode.WISH_FULFILLED, "wish", key, at)
    if minutes is not None:
        await time.credit(uow, holder, ServiceSource.WISH, key, wish.area, minutes, at)
    return wish


async def withdraw(wish: WishRow, uow: UnitOfWork, at: datetime) -> WishRow:
    event = domain.withdraw(wish, await _claim(wish, uow), at)
    await _end_claim(wish, uow, at)
    return await _close(wish, domain.WITHDRAW, event, uow, at)


async def expire(wish: WishRow, uow: UnitOfWork) -> None:
    """Unclaimed beyond its last day; the row is held."""
    await _close(wish, domain.EXPIRE, domain.expire(wish), uow, uow.now)


async def _claim(wish: WishRow, uow: UnitOfWork) -> Claim | None:
    row = await cases.claim_of(uow.session, wish.wish_id)
    return Claim(Holder(row.holder_id, row.holder_kind), row.claimed_at) if row else None


async def _end_claim(wish: WishRow, uow: UnitOfWork, at: datetime) -> None:
    claim = await cases.claim_of(uow.session, wish.wish_id)
    if claim is not None:
        claim.released_at = at


async def _close(
    wish: WishRow, how: Step[WishStatus], event: Event, uow: UnitOfWork, at: datetime
) -> WishRow:
    """From now on what was sealed is kept only as long as the rule allows."""
    until = await references.erased_on(uow, at)
    return uow.step(wish, event, at, status=how.to, closed_at=at, erase_on=until)
