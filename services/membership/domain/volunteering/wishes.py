"""Micro-wishes (微心愿): collected from households in need, claimed by one, made true."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.volunteering import WishStatus
from contracts.membership.volunteering import (
    MicroWishClaimed,
    MicroWishCollected,
    MicroWishExpired,
    MicroWishFulfilled,
    MicroWishReleased,
    MicroWishRetracted,
)
from services.chassis.clock import business_date
from services.chassis.errors import Conflict
from services.chassis.state import State
from services.membership.domain.volunteering.holders import Holder, check_order


class Wish(State):
    wish_id: UUID
    wish_kind: str = Field(title="微心愿类别")
    difficulty: str = Field(title="困难分类")
    organisation_id: UUID = Field(title="征集党组织")
    area: str = Field(title="区划")
    status: WishStatus = Field(title="状态")
    collected_at: datetime = Field(title="征集时刻")
    expires_on: date = Field(title="到期日期")

    def facts(self) -> dict[str, Any]:
        """What every event about the wish repeats."""
        kept = self.model_dump(include={"area", "wish_id", "wish_kind"})
        return kept | {"difficulty_kind": self.difficulty}


@dataclass(frozen=True)
class Claim:
    """Who took it on, and when."""

    holder: Holder
    at: datetime


class WishTaken(Conflict):
    code = "wish-taken"
    title, title_zh = "Somebody else has claimed the wish", "该微心愿已被认领"


class WishClosed(Conflict):
    code = "wish-closed"
    title, title_zh = "The wish does not stand where this is possible", "微心愿当前状态不能如此办理"


def collect(wish: Wish) -> MicroWishCollected:
    return MicroWishCollected(
        **wish.facts(), organisation_id=wish.organisation_id, expires_on=wish.expires_on
    )


def claim(wish: Wish, holder: Holder, at: datetime) -> MicroWishClaimed:
    """From `expires_on` on nobody claims it any more."""
    if wish.status is WishStatus.CLAIMED:
        raise WishTaken("The wish is claimed.", zh="该微心愿已被认领。")
    _check_status(wish, WishStatus.COLLECTED)
    if business_date(at) >= wish.expires_on:
        raise WishClosed(
            f"The wish expired on {wish.expires_on}.", zh=f"该微心愿已于 {wish.expires_on} 到期。"
        )
    check_order(at, wish.collected_at)
    return MicroWishClaimed(**wish.facts(), **vars(holder))


def release(wish: Wish, claim: Claim, at: datetime) -> MicroWishReleased:
    """Given back by the claimant: it waits for another."""
    return MicroWishReleased(**_claimed(wish, claim, at), claimed_at=claim.at)


def fulfil(wish: Wish, claim: Claim, at: datetime) -> MicroWishFulfilled:
    return MicroWishFulfilled(**_claimed(wish, claim, at))


def withdraw(wish: Wish, claim: Claim | None, at: datetime) -> MicroWishRetracted:
    """By the household, claimed or not."""
    _check_status(wish, WishStatus.COLLECTED, WishStatus.CLAIMED)
    check_order(at, claim.at if claim else wish.collected_at)
    return MicroWishRetracted(**wish.facts())


def expire(wish: Wish) -> MicroWishExpired:
    """Nobody claimed it in time."""
    _check_status(wish, WishStatus.COLLECTED)
    return MicroWishExpired(**wish.facts())


def check_claimed(wish: Wish) -> None:
    """Raises `WishClosed`."""
    _check_status(wish, WishStatus.CLAIMED)


def _claimed(wish: Wish, claim: Claim, at: datetime) -> dict[str, Any]:
    check_claimed(wish)
    check_order(at, claim.at)
    return wish.facts() | vars(claim.holder)


def _check_status(wish: Wish, *allowed: WishStatus) -> None:
    if wish.status not in allowed:
        raise WishClosed(
            f"The wish is {wish.status}.",
            zh=f"该微心愿{wish.status.label}，不能如此办理。",
            status=wish.status,
        )
