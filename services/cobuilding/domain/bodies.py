"""Bodies: what they consist of, who founds, changes and dissolves them. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.cobuilding.bodies import BodyChanged, BodyDissolved, BodyFounded
from contracts.kinds.bodies import BodyStatus
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State

LAYERS = "layers"
"""Trait of a kind: how many seats each layer of a new body has, as `["1", "8", "N"]`."""
FIXED = re.compile(r"[1-9][0-9]{0,3}")


class Layer(BaseModel):
    """A part of a body, 1 or 8 or N: a fixed number of seats, or however many are taken."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(title="层级代码")
    label: str = Field(title="层级名称")
    seats: int | None = Field(
        default=None,
        title="固定席位数",
        description="Null for N: those are counted, never typed.",
    )

    @classmethod
    def of_kind(cls, traits: Mapping[str, Any]) -> list[Self]:
        """As a kind says; whatever is no number is N, so that X+X+N is three of these."""
        stated = traits.get(LAYERS)
        numbers = [str(each) for each in stated] if isinstance(stated, list) else []
        return [
            cls(
                code=f"l{place}",
                label=f"第{place}层",
                seats=int(number) if FIXED.fullmatch(number) else None,
            )
            for place, number in enumerate(numbers, start=1)
        ]


Seated = Mapping[str | None, int]
"""How many seats are taken by the code of their layer; `None` for those in no layer."""


def pattern_of(layers: Sequence[Layer]) -> str:
    """`1+8+N`."""
    return "+".join(str(layer.seats or "N") for layer in layers)


class Body(State):
    """Whatever is called 组织体: a committee, a joint meeting, an association, a service circle."""

    body_id: UUID
    code: str = Field(title="组织体代码")
    name: str = Field(title="组织体名称")
    kind: str = Field(title="组织体类别")
    area: str = Field(title="区划")
    organisation_id: UUID = Field(title="牵头党组织")
    layers: list[Layer] = Field(title="层级")
    status: BodyStatus = Field(title="状态")
    founded_on: date = Field(title="成立日期")
    dissolved_on: date | None = Field(default=None, title="撤销日期")

    def facts(self) -> dict[str, Any]:
        kept = self.model_dump(include={"body_id", "code", "area", "organisation_id"})
        return kept | {"body_kind": self.kind, "pattern": pattern_of(self.layers)}


class BodyNotStanding(Conflict):
    code = "body-not-standing"
    title, title_zh = (
        "The body does not stand where this is possible",
        "该组织体当前状态不能如此办理",
    )


class LayerRepeated(Invalid):
    code = "layer-repeated"
    title, title_zh = "A layer is said once", "层级代码不应重复"


class LayerTaken(Conflict):
    code = "layer-taken"
    title, title_zh = "Seats are taken that would have no place", "已有席位，不能如此调整层级"


class BodySeated(Conflict):
    code = "body-seated"
    title, title_zh = "Seats of the body are held", "该组织体尚有席位"


class OrganisationGone(Conflict):
    code = "organisation-dissolved"
    title, title_zh = "The organisation was dissolved", "该党组织已撤销"


class DayOutOfOrder(Invalid):
    code = "day-out-of-order"
    title, title_zh = "It cannot be before what it follows", "日期先后有误"


LIFE = Lifecycle("body", "组织体", BodyStatus, BodyNotStanding, fact="status")
FOUND = LIFE.begin("found", "成立", BodyStatus.STANDING)
CHANGE = LIFE.step("change", "变更", {BodyStatus.STANDING})
SEAT = LIFE.step("seat", "登记席位", {BodyStatus.STANDING})
DISSOLVE = LIFE.step("dissolve", "撤销", {BodyStatus.STANDING}, BodyStatus.DISSOLVED)


def found(body: Body) -> BodyFounded:
    """Raises `LayerRepeated`."""
    check_layers(body.layers)
    return BodyFounded(**body.facts(), founded_on=body.founded_on)


def change(was: Body, now: Body, seated: Seated, held: int) -> BodyChanged | None:
    """`seated` are those within its layers, `held` all of its seats. `None` when nothing changes.

    Raises `LayerRepeated`, `LayerTaken` or `BodySeated`.
    """
    CHANGE(was.status)
    if was == now:
        return None
    check_layers(now.layers)
    check_room(now.layers, seated)
    if held and (was.kind, was.area) != (now.kind, now.area):
        raise BodySeated(
            f"{held} seats are held; kind and area stay as they are until they are left.",
            zh=f"尚有 {held} 个席位，先退出席位再变更类别或区划。",
            field="area" if was.area != now.area else "kind",
            held=held,
        )
    return BodyChanged(
        **now.facts(),
        was_area=was.area,
        was_body_kind=was.kind,
        was_organisation_id=was.organisation_id,
        was_pattern=pattern_of(was.layers),
    )


def dissolve(body: Body, on: date) -> BodyDissolved:
    """Raises `DayOutOfOrder`."""
    DISSOLVE(body.status)
    check_order(on, body.founded_on, "成立")
    return BodyDissolved(**body.facts(), dissolved_on=on)


def check_layers(layers: Sequence[Layer]) -> None:
    code, times = next(iter(Counter(layer.code for layer in layers).most_common(1)), ("", 0))
    if times > 1:
        raise LayerRepeated(
            f"Layer {code} is said {times} times.",
            zh=f"层级代码 {code} 重复，每个层级用各自的代码。",
            field="layers",
            value=code,
        )


def check_room(layers: Sequence[Layer], seated: Seated) -> None:
    """For whoever sits there already. Raises `LayerTaken`."""
    known = {layer.code: layer for layer in layers}
    for code, taken in seated.items():
        layer = known.get(code) if code else None
        fits = layer is not None if layers else code is None
        if fits and (layer is None or layer.seats is None or taken <= layer.seats):
            continue
        raise LayerTaken(
            f"{taken} seats are taken in {f'layer {code}' if code else 'no layer'}.",
            zh=f"{f'层级 {code}' if code else '未分层级'}已有 {taken} 个席位，先退出席位再调整。",
            field="layers",
            layer=code,
            taken=taken,
        )


def check_order(day: date, since: date, zh: str) -> None:
    """Raises `DayOutOfOrder` for a `day` before the one, called `zh`, that it follows."""
    if day < since:
        raise DayOutOfOrder(
            f"{day} is before {since}; say that day or a later one.",
            zh=f"{day} 早于{zh}日期 {since}，请填该日或以后的时间。",
            field="occurred_at",
            earliest=since.isoformat(),
        )
