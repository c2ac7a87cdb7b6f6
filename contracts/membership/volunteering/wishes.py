"""Facts announced about micro-wishes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds.members import HolderKind


class _WishEvent(Event):
    wish_id: UUID = Field(title="微心愿编号")
    wish_kind: str = Field(title="微心愿类别", description="A code of the kinds of wishes.")
    difficulty_kind: str = Field(title="困难分类", description="A code of the kinds of difficulty.")

    @property
    def key(self) -> UUID:
        return self.wish_id


class MicroWishCollected(_WishEvent, title="微心愿已征集"):
    type: ClassVar[str] = "jiceng.membership.wish.collected.v1"

    organisation_id: UUID = Field(title="征集党组织")
    expires_on: date = Field(title="到期日期", description="The first day it stands no more.")


class MicroWishClaimed(_WishEvent, title="微心愿已认领"):
    type: ClassVar[str] = "jiceng.membership.wish.claimed.v1"

    holder_id: UUID = Field(title="认领党员编号")
    holder_kind: HolderKind = Field(title="认领党员身份")


class MicroWishReleased(_WishEvent, title="微心愿认领已退回"):
    """The claim was given back: the wish waits for another. Repeats when it had been claimed."""

    type: ClassVar[str] = "jiceng.membership.wish.released.v1"

    holder_id: UUID = Field(title="原认领党员编号")
    holder_kind: HolderKind = Field(title="原认领党员身份")
    claimed_at: AwareDatetime = Field(title="认领时刻")


class MicroWishFulfilled(_WishEvent, title="微心愿已实现"):
    type: ClassVar[str] = "jiceng.membership.wish.fulfilled.v1"

    holder_id: UUID = Field(title="认领党员编号")
    holder_kind: HolderKind = Field(title="认领党员身份")


class MicroWishExpired(_WishEvent, title="微心愿已过期"):
    type: ClassVar[str] = "jiceng.membership.wish.expired.v1"


class MicroWishRetracted(_WishEvent, title="微心愿已撤回"):
    type: ClassVar[str] = "jiceng.membership.wish.retracted.v1"
