"""Who serves: members of the branches here and working members registered here, by id alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contracts.kinds.members import HolderKind
from services.chassis.clock import SKEW
from services.chassis.errors import Invalid
from services.chassis.state import State

VOLUNTEERS = UUID("6a6963e6-766f-5c75-8000-000000000000")


@dataclass(frozen=True)
class Holder:
    holder_id: UUID
    holder_kind: HolderKind

    @property
    def volunteer_id(self) -> UUID:
        """Of the record of their service: always the same for a holder, and no member's own id."""
        return uuid5(VOLUNTEERS, str(self.holder_id))

    @property
    def field(self) -> str:
        return f"{self.holder_kind.value}_id"


class OfHolder(State):
    """Of one who serves, or of nobody. Views show them as member or as working member."""

    holder_id: UUID | None = None
    holder_kind: HolderKind | None = None

    @property
    def holder(self) -> Holder | None:
        return (
            Holder(self.holder_id, self.holder_kind)
            if self.holder_id and self.holder_kind
            else None
        )


def fields_of(holder: Holder | None) -> dict[str, Any]:
    """As `OfHolder` has them."""
    return vars(holder) if holder else {}


@dataclass(frozen=True)
class Place:
    """Where a holder belongs: a branch's area, or the grid or community they registered in."""

    area: str
    organisation_id: UUID | None


class HolderUnknown(Invalid):
    code = "holder-unknown"
    title, title_zh = "There is no such member or working member", "没有该党员或在职党员"


class OutOfOrder(Invalid):
    code = "out-of-order"
    title, title_zh = "It cannot have happened before what it follows", "时间早于其前一步骤"


def unknown(holder: Holder) -> HolderUnknown:
    return HolderUnknown(
        f"No {holder.holder_kind.value} {holder.holder_id} is on the rolls.",
        zh=f"没有该编号的在册{holder.holder_kind.label}。",
        field=holder.field,
        value=str(holder.holder_id),
    )


def check_order(at: datetime, after: datetime) -> None:
    """Raises `OutOfOrder`. Clocks of two clients may disagree by `SKEW`."""
    if at < after - SKEW:
        raise OutOfOrder(
            f"{at.isoformat()} is before {after.isoformat()}.",
            zh="该时间早于其前一步骤，请核对。",
            field="occurred_at",
            earliest=after.isoformat(),
        )
