"""Micro-wishes (微心愿): collected from households in need, claimed by one, made true."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.volunteering import WishStatus
from contracts.membership.volunteering.wishes import (
    MicroWishClaimed,
    MicroWishCollected,
    MicroWishExpired,
    MicroWishFulfilled,
    MicroWishReleased,
    MicroWishRetracted,
)
from services.chassis.clock import business_date
from services.chassis.errors import Conflict, Defect
from services.chassis.lifecycle import Lifecycle
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


LIFE = Lifecycle("wish", "微心愿", WishStatus, WishClosed, fact="status")
COLLECT = LIFE.begin("collect", "征集", WishStatus.COLLECTED)
CLAIM = LIFE.step("claim", "认领", {WishStatus.COLLECTED}, WishStatus.CLAIMED)
RELEASE = LIFE.step("release", "退回认领", {WishStatus.CLAIMED}, WishStatus.COLLECTED)
FULFIL = LIFE.step("fulfil", "实现", {WishStatus.CLAIMED}, WishStatus.DONE)
WITHDRAW = LIFE.step(
    "withdraw", "撤回", {WishStatus.COLLECTED, WishStatus.CLAIMED}, WishStatus.WITHDRAWN
)
EXPIRE = LIFE.step("expire", "到期", {WishStatus.COLLECTED}, WishStatus.EXPIRED, clock=True)


def collect(wish: Wish) -> MicroWishCollected:
    return MicroWishCollected(
        **wish.facts(), organisation_id=wish.organisation_id, expires_on=wish.expires_on
    )


def claim(wish: Wish, holder: Holder, at: datetime) -> MicroWishClaimed:
    """From `expires_on` on nobody claims it any more."""
    if wish.status is WishStatus.CLAIMED:
        raise WishTaken("The wish is claimed.", zh="该微心愿已被认领。")
    CLAIM(wish.status)
    if business_date(at) >= wish.expires_on:
        raise WishClosed(
            f"The wish expired on {wish.expires_on}.", zh=f"该微心愿已于 {wish.expires_on} 到期。"
        )
    check_order(at, wish.collected_at)
    return MicroWishClaimed(**wish.facts(), **vars(holder))


def release(wish: Wish, claim: Claim | None, at: datetime) -> MicroWishReleased:
    """Given back by the claimant: it waits for another."""
    RELEASE(wish.status)
    claim = _standing(claim, at)
    return MicroWishReleased(**wish.facts(), **vars(claim.holder), claimed_at=claim.at)


def fulfil(wish: Wish, claim: Claim | None, at: datetime) -> MicroWishFulfilled:
    FULFIL(wish.status)
    return MicroWishFulfilled(**wish.facts(), **vars(_standing(claim, at).holder))


def withdraw(wish: Wish, claim: Claim | None, at: datetime) -> MicroWishRetracted:
    """By the household, claimed or not."""
    WITHDRAW(wish.status)
    check_order(at, claim.at if claim else wish.collected_at)
    return MicroWishRetracted(**wish.facts())


def expire(wish: Wish) -> MicroWishExpired:
    """Nobody claimed it in time."""
    EXPIRE(wish.status)
    return MicroWishExpired(**wish.facts())


def _standing(claim: Claim | None, at: datetime) -> Claim:
    if claim is None:
        raise Defect("a wish is claimed by nobody")
    check_order(at, claim.at)
    return claim
