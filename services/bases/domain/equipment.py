"""Equipment of a base (设备): how many there are, and how many a booking may still have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.places import EquipmentChanged, EquipmentRegistered, EquipmentRetired
from services.bases.domain.bookings.model import AHEAD, Booking
from services.bases.domain.places import Retired
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State


class Equipment(State):
    """`venue_id` is where it is fixed; without one it goes wherever in the base it is asked for."""

    equipment_id: UUID
    base_id: UUID = Field(title="基地")
    venue_id: UUID | None = Field(title="所在场馆")
    area: str = Field(title="区划")
    code: str = Field(title="设备代码")
    name: str = Field(title="名称")
    kind: str = Field(title="设备类别")
    quantity: int = Field(title="数量")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*Equipment.model_fields} - {"name"})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a booking asks for."""

    equipment_id: UUID
    quantity: int


# Refusals


class EquipmentUnknown(Invalid):
    code = "equipment-unknown"
    title, title_zh = "The venue has no such equipment", "该场馆没有此设备"


class EquipmentTwice(Invalid):
    code = "equipment-twice"
    title, title_zh = "The same equipment is asked for twice", "同一设备重复申请"


class EquipmentShort(Conflict):
    code = "equipment-short"
    title, title_zh = "Not enough of the equipment is free at that time", "该时段设备数量不足"


class QuantityBelowBookings(Conflict):
    code = "quantity-below-bookings"
    title, title_zh = "Bookings ahead need more than that", "已有预约使用的数量超过新的数量"


class EquipmentInUse(Conflict):
    code = "equipment-in-use"
    title, title_zh = "Bookings ahead rely on the equipment", "仍有未完成的预约使用该设备"


class NotEquipped(Conflict):
    code = "not-equipped"
    title, title_zh = "The booking takes no equipment any more", "该预约已不能配备设备"


# Decisions


def check_ahead(booking: Booking) -> None:
    """Raises `NotEquipped`."""
    if booking.status not in AHEAD:
        raise NotEquipped(
            f"It is {booking.status}.", zh=f"预约{booking.status.label}。", state=booking.status
        )


def check_each_once(wanted: Sequence[Wanted]) -> None:
    """Raises `EquipmentTwice`."""
    seen: set[UUID] = set()
    for place, each in enumerate(wanted):
        if each.equipment_id in seen:
            raise EquipmentTwice(
                f"Equipment {each.equipment_id} is asked for twice; add the numbers up.",
                zh="同一设备请只写一次，数量相加。",
                field=f"equipment.{place}.equipment_id",
            )
        seen.add(each.equipment_id)


def check_there(
    wanted: Sequence[Wanted],
    known: Mapping[UUID, Equipment],
    base_id: UUID,
    venue_id: UUID,
) -> None:
    """`known` are those in use. Raises `EquipmentUnknown` for what the venue cannot have."""
    for place, each in enumerate(wanted):
        found = known.get(each.equipment_id)
        there = found and found.base_id == base_id and found.venue_id in {None, venue_id}
        if not there:
            raise EquipmentUnknown(
                f"The venue cannot have equipment {each.equipment_id}.",
                zh="该设备不属于此基地、固定在另一场馆或已停用。",
                field=f"equipment.{place}.equipment_id",
                value=str(each.equipment_id),
            )


def short(
    equipment: Equipment,
    wanted: int,
    taken: Mapping[datetime, int],
    asked: Sequence[datetime],
    ahead: Sequence[datetime],
) -> EquipmentShort:
    """`taken` is by quarter of an hour; `asked` are those that are wanted, in order; `ahead` the
    quarters to look through for the next time that as many in a row are free.
    """
    free = equipment.quantity - max((taken.get(at, 0) for at in asked), default=0)
    following = next_free(equipment.quantity - wanted, taken, len(asked), ahead)
    free_at = following.astimezone(LOCAL) if following else None
    then = f"，{free_at:%m月%d日 %H:%M} 起有 {wanted} 件可用" if free_at else ""
    return EquipmentShort(
        f"{equipment.code}: {free} of {equipment.quantity} are free then, {wanted} are asked for.",
        zh=f"{equipment.name}该时段仅剩 {free} 件（共 {equipment.quantity} 件）{then}。",
        field="equipment",
        equipment_id=str(equipment.equipment_id),
        free=free,
        quantity=equipment.quantity,
        next_free=free_at.isoformat() if free_at else None,
    )


def next_free(
    most: int, taken: Mapping[datetime, int], length: int, ahead: Iterable[datetime]
) -> datetime | None:
    """The first of `length` quarters in a row in which at most `most` are taken."""
    run: list[datetime] = []
    for at in ahead:
        run = [*run, at] if taken.get(at, 0) <= most else []
        if len(run) == length:
            return run[0]
    return None


def register(equipment: Equipment) -> EquipmentRegistered:
    return EquipmentRegistered(**equipment.facts())


def change(was: Equipment, now: Equipment, busiest: int) -> EquipmentChanged | None:
    """`None` when nothing changes; `busiest` is the most that is taken at one time from now on.

    Raises `QuantityBelowBookings`.
    """
    if was == now:
        return None
    if now.quantity < busiest:
        raise QuantityBelowBookings(
            f"Bookings ahead use up to {busiest}.",
            zh=f"已有预约最多同时使用 {busiest} 件，数量不能低于此数。",
            field="quantity",
            least=busiest,
        )
    return EquipmentChanged(**now.facts(), was_kind=was.kind, was_quantity=was.quantity)


def check_may_move(bookings_ahead: int, field: str) -> None:
    """What is asked for may not be taken elsewhere or out of use. Raises `EquipmentInUse`."""
    if bookings_ahead:
        raise EquipmentInUse(
            f"{bookings_ahead} bookings ahead use it.",
            zh=f"仍有 {bookings_ahead} 个未完成的预约使用该设备。",
            field=field,
            count=bookings_ahead,
        )


def retired(equipment: Equipment) -> Retired:
    return Retired(
        f"{equipment.code} is out of use.",
        zh=f"{equipment.name}（{equipment.code}）已停用。",
        value=equipment.code,
    )


def retire(equipment: Equipment) -> EquipmentRetired:
    return EquipmentRetired(**equipment.facts())
