"""Facts about bodies (组织体) and the seats (席位) in them.

No fact names a body, since teams are called after their leaders, nor who sits in a seat.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.bodies import Direction, SeatEnd, SeatHolder

LayerCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$")]
Pattern = Annotated[str, Field(pattern=r"^(([1-9][0-9]{0,3}|N)(\+([1-9][0-9]{0,3}|N))*)?$")]


class BodyEvent(Event):
    """`area` is the one whose office keeps the body. Every fact says the body as it now is."""

    body_id: UUID = Field(title="组织体编号")
    code: str = Field(title="组织体代码")
    body_kind: str = Field(title="组织体类别", description="A code of the kinds of `body`.")
    organisation_id: UUID = Field(title="牵头党组织")
    pattern: Pattern = Field(
        title="层级模式",
        description="Seats of each layer, `1+8+N`; N has no fixed number. Empty without layers.",
    )

    @property
    def key(self) -> UUID:
        return self.body_id


class BodyFounded(BodyEvent, title="组织体已成立"):
    type: ClassVar[str] = "jiceng.cobuilding.body.founded.v1"

    founded_on: date = Field(title="成立日期")


class BodyChanged(BodyEvent, title="组织体已变更"):
    """Renamed, led by another organisation, of other layers; says the new state whole.

    Kind and area change only while no seat is held.
    """

    type: ClassVar[str] = "jiceng.cobuilding.body.changed.v1"

    was_area: AreaCode = Field(title="原区划")
    was_body_kind: str = Field(title="原组织体类别")
    was_organisation_id: UUID = Field(title="原牵头党组织")
    was_pattern: Pattern = Field(title="原层级模式")


class BodyDissolved(BodyEvent, title="组织体已撤销"):
    """Its seats ended with it, each with a fact of its own."""

    type: ClassVar[str] = "jiceng.cobuilding.body.dissolved.v1"

    dissolved_on: date = Field(title="撤销日期")


class SeatEvent(Event):
    """`area` is that of the body. Exactly one holder is said."""

    seat_id: UUID = Field(title="席位编号")
    body_id: UUID = Field(title="组织体编号")
    body_kind: str = Field(title="组织体类别")
    seat_kind: str = Field(title="席位类别", description="A code of the kinds of `seat`.")
    layer: LayerCode | None = Field(
        default=None,
        title="层级",
        description="A code among the layers of the body; null where it has none, and outward.",
    )
    crosses: bool = Field(title="是否交叉任职")
    direction: Direction = Field(title="任职方向")
    holder_kind: SeatHolder = Field(title="席位归属")
    unit_id: UUID | None = Field(default=None, title="归属单位")
    organisation_id: UUID | None = Field(default=None, title="归属党组织")
    holder_area: AreaCode | None = Field(default=None, title="归属区划")

    @property
    def key(self) -> UUID:
        return self.seat_id


class SeatTaken(SeatEvent, title="席位已登记"):
    type: ClassVar[str] = "jiceng.cobuilding.seat.taken.v1"

    taken_on: date = Field(title="任职日期")
    first_of_holder: bool = Field(
        title="是否为其首个席位",
        description="Whether the holder had no inward seat in the body: it counts as a member.",
    )


class SeatLeft(SeatEvent, title="席位已退出"):
    """What was known of who sat there is erased."""

    type: ClassVar[str] = "jiceng.cobuilding.seat.left.v1"

    left_on: date = Field(title="退出日期")
    how: SeatEnd = Field(title="退出原因")
    last_of_holder: bool = Field(
        title="是否为其最后席位",
        description="Whether the holder has no inward seat left in the body: no member any more.",
    )
