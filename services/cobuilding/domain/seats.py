"""Seats in bodies: held by a unit, an organisation or an area, in a layer, in one direction. Pure.

A cross seat (交叉任职) goes in both: inward somebody of the holder sits in the body, outward
somebody of the body sits with the holder. Whoever sits elsewhere takes no place in a layer.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.cobuilding.bodies import SeatLeft, SeatTaken
from contracts.kinds.bodies import Direction, SeatEnd, SeatHolder
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State
from services.cobuilding.domain import bodies
from services.cobuilding.domain.bodies import Body, Layer, Seated

CROSSES = "crosses"
"""Trait of a kind of seats that may be held outward, too."""


class Seat(State):
    """Exactly one of the three holders is there; who sits there is sealed under its id."""

    seat_id: UUID
    body_id: UUID
    body_kind: str = Field(title="组织体类别")
    area: str = Field(title="区划")
    kind: str = Field(title="席位类别")
    crosses: bool = Field(title="交叉任职")
    direction: Direction = Field(title="任职方向")
    layer: str | None = Field(default=None, title="层级")
    holder_kind: SeatHolder = Field(title="席位归属")
    unit_id: UUID | None = Field(default=None, title="归属单位")
    organisation_id: UUID | None = Field(default=None, title="归属党组织")
    holder_area: str | None = Field(default=None, title="归属区划")
    taken_on: date = Field(title="任职日期")
    left_on: date | None = Field(default=None, title="退出日期")
    how: SeatEnd | None = Field(default=None, title="退出原因")

    @property
    def inward(self) -> bool:
        return self.direction is Direction.INWARD

    @property
    def holder(self) -> UUID | str | None:
        return self.unit_id or self.organisation_id or self.holder_area

    def facts(self) -> dict[str, Any]:
        kept = {"area", "seat_id", "body_id", "body_kind", "layer", "crosses", "direction"}
        holder = {"holder_kind", "unit_id", "organisation_id", "holder_area"}
        return self.model_dump(include=kept | holder) | {"seat_kind": self.kind}


class SeatHeld(Conflict):
    code = "seat-held"
    title, title_zh = "The holder has such a seat in the body", "该单位、组织或区划已有同类席位"


class SeatLeftAlready(Conflict):
    code = "seat-left"
    title, title_zh = "The seat was left", "该席位已退出"


class LayerUnknown(Invalid):
    code = "layer-unknown"
    title, title_zh = "The body has no such layer", "该组织体没有这一层级"


class LayerFull(Conflict):
    code = "layer-full"
    title, title_zh = "All seats of the layer are taken", "该层级席位已满"


class NotBothWays(Invalid):
    code = "not-both-ways"
    title, title_zh = "Only cross seats are held outward", "仅交叉任职可派往对方"


def seated(seats: Iterable[Seat]) -> Counter[str | None]:
    """How many of them each layer has."""
    return Counter(seat.layer for seat in seats if seat.inward)


def take(seat: Seat, body: Body, others: Sequence[Seat]) -> SeatTaken:
    """`others` are those that are held in the body.

    Raises `BodyNotStanding`, `DayOutOfOrder`, `NotBothWays`, `SeatHeld`, `LayerUnknown` or
    `LayerFull`.
    """
    bodies.SEAT(body.status)
    bodies.check_order(seat.taken_on, body.founded_on, "成立")
    if not seat.inward and not seat.crosses:
        raise NotBothWays(
            "A seat of this kind is held in the body: say `inward`.",
            zh="该类席位只能在本组织体任职；派往对方请选交叉任职类席位。",
            field="direction",
            value=seat.direction.value,
        )
    for other in others:
        _check_another(seat, other)
    _check_layer(seat, body.layers if seat.inward else [], seated(others))
    return SeatTaken(**seat.facts(), taken_on=seat.taken_on, first_of_holder=_alone(seat, others))


def leave(seat: Seat, on: date, how: SeatEnd, others: Sequence[Seat]) -> SeatLeft:
    """`others` are those that are still held in the body.

    Raises `SeatLeftAlready` or `DayOutOfOrder`.
    """
    check_held(seat)
    bodies.check_order(on, seat.taken_on, "席位任职")
    return SeatLeft(**seat.facts(), left_on=on, how=how, last_of_holder=_alone(seat, others))


def _alone(seat: Seat, others: Sequence[Seat]) -> bool:
    """Whether it is the only seat by which its holder is a member of the body."""
    return seat.inward and not any(other.inward and other.holder == seat.holder for other in others)


def check_held(seat: Seat) -> None:
    if seat.left_on is not None:
        raise SeatLeftAlready(
            f"It was left on {seat.left_on}.", zh=f"该席位已于 {seat.left_on} 退出。"
        )


def _check_another(seat: Seat, other: Seat) -> None:
    if (other.kind, other.direction, other.holder) == (seat.kind, seat.direction, seat.holder):
        raise SeatHeld(
            f"Since {other.taken_on}; one seat of a kind at a time.",
            zh=f"其自 {other.taken_on} 起已有该类席位，同类席位同时只能有一个。",
            field="kind",
            seat_id=str(other.seat_id),
        )


def _check_layer(seat: Seat, layers: list[Layer], seated: Seated) -> None:
    """A fixed layer never takes more than it has."""
    layer = next((each for each in layers if each.code == seat.layer), None)
    known = [each.code for each in layers]
    if layer is None and (layers or seat.layer is not None):
        raise LayerUnknown(
            f"Say one of: {', '.join(known)}." if known else "Such a seat has no layer.",
            zh=f"请选层级：{'、'.join(known)}。" if known else "该席位不分层级，请勿填写。",
            field="layer",
            value=seat.layer,
            known=known,
        )
    if layer is not None and layer.seats is not None and seated.get(layer.code, 0) >= layer.seats:
        raise LayerFull(
            f"Layer {layer.code} takes {layer.seats}, and {seated[layer.code]} are taken.",
            zh=f"{layer.label}固定 {layer.seats} 席，已满。",
            field="layer",
            seats=layer.seats,
            taken=seated[layer.code],
        )
