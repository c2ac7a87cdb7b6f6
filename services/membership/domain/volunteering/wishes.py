"""Micro-wishes (微心愿): collected from households in need, claimed by one, made true."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.volunteering import WishStatus
from contracts.membership.volunteering import (
    MicroWishClaimed,
    MicroWishCollected,
    MicroWishExpired,
    MicroWishFulfilled,
    MicroWishReleased,
    MicroWishRetracted,
)
from services.chassis.errors import Conflict, Defect
from services.membership.domain.volunteering.holders import Holder, check_order


@dataclass(frozen=True, kw_only=True)
class CollectWish:
    wish_kind: str
    difficulty: str
    organisation_id: UUID
    area: str | None


@dataclass(frozen=True, kw_only=True)
class Wish:
    wish_id: UUID
    wish_kind: str
    difficulty: str
    area: str
    status: WishStatus
    collected_at: datetime
    expires_on: date
    holder: Holder | None
    claimed_at: datetime | None


class WishTaken(Conflict):
    code = "wish-taken"
    title, title_zh = "Somebody else has claimed the wish", "该微心愿已被认领"


class WishClosed(Conflict):
    code = "wish-closed"
    title, title_zh = "The wish does not stand where this is possible", "微心愿当前状态不能如此办理"


def collect(command: CollectWish, wish_id: UUID, area: str, expires_on: date) -> MicroWishCollected:
    return MicroWishCollected(
        area=area,
        wish_id=wish_id,
        wish_kind=command.wish_kind,
        difficulty_kind=command.difficulty,
        organisation_id=command.organisation_id,
        expires_on=expires_on,
    )


def claim(wish: Wish, holder: Holder, at: datetime, on: date) -> MicroWishClaimed:
    """`on` is the business date of `at`; from `expires_on` on nobody claims it any more."""
    if wish.status is WishStatus.CLAIMED:
        raise WishTaken("The wish is claimed.", zh="该微心愿已被认领。")
    _check_status(wish, WishStatus.COLLECTED)
    if on >= wish.expires_on:
        raise WishClosed(
            f"The wish expired on {wish.expires_on}.", zh=f"该微心愿已于 {wish.expires_on} 到期。"
        )
    check_order(at, wish.collected_at)
    return MicroWishClaimed(**_of(wish), holder_id=holder.holder_id, holder_kind=holder.holder_kind)


def release(wish: Wish, at: datetime) -> MicroWishReleased:
    """Given back by the claimant: it waits for another."""
    holder, claimed_at = _claimed(wish, at)
    return MicroWishReleased(
        **_of(wish),
        holder_id=holder.holder_id,
        holder_kind=holder.holder_kind,
        claimed_at=claimed_at,
    )


def fulfil(wish: Wish, at: datetime) -> MicroWishFulfilled:
    holder, _ = _claimed(wish, at)
    return MicroWishFulfilled(
        **_of(wish), holder_id=holder.holder_id, holder_kind=holder.holder_kind
    )


def withdraw(wish: Wish, at: datetime) -> MicroWishRetracted:
    """By the household, claimed or not."""
    _check_status(wish, WishStatus.COLLECTED, WishStatus.CLAIMED)
    check_order(at, wish.claimed_at or wish.collected_at)
    return MicroWishRetracted(**_of(wish))


def expire(wish: Wish) -> MicroWishExpired:
    """Nobody claimed it in time."""
    _check_status(wish, WishStatus.COLLECTED)
    return MicroWishExpired(**_of(wish))


def _claimed(wish: Wish, at: datetime) -> tuple[Holder, datetime]:
    _check_status(wish, WishStatus.CLAIMED)
    if wish.holder is None or wish.claimed_at is None:
        raise Defect(f"wish {wish.wish_id} is claimed by nobody")
    check_order(at, wish.claimed_at)
    return wish.holder, wish.claimed_at


def _check_status(wish: Wish, *allowed: WishStatus) -> None:
    if wish.status not in allowed:
        raise WishClosed(
            f"The wish is {wish.status.value}.",
            zh=f"该微心愿{wish.status.label}，不能如此办理。",
            status=wish.status.value,
        )


def _of(wish: Wish) -> dict[str, Any]:
    return {
        "area": wish.area,
        "wish_id": wish.wish_id,
        "wish_kind": wish.wish_kind,
        "difficulty_kind": wish.difficulty,
    }
