"""Facts about resident units (驻区单位) and their contact points.

Who to call stays in the service. A merchant's name does, too: many are called after a person.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event


class UnitEvent(Event):
    """`area` is the one whose office keeps the unit. Every fact says the unit as it now is."""

    unit_id: UUID = Field(title="单位编号")
    code: str = Field(title="单位代码")
    name: str | None = Field(
        default=None,
        title="单位名称",
        description="Null for kinds that are often named for a person.",
    )
    unit_kind: str = Field(title="单位类别", description="A code of the kinds of `unit`.")
    trait_kinds: tuple[str, ...] = Field(
        default=(), title="单位特征", description="Codes of the kinds of `unit-trait`."
    )
    employer_id: UUID | None = Field(
        default=None, title="来源单位", description="The same one as membership's employer."
    )

    @property
    def key(self) -> UUID:
        return self.unit_id


class UnitRegistered(UnitEvent, title="驻区单位已登记"):
    type: ClassVar[str] = "jiceng.cobuilding.unit.registered.v1"


class UnitChanged(UnitEvent, title="驻区单位已变更"):
    """Renamed, of another kind, elsewhere, linked to an employer: says the new state whole."""

    type: ClassVar[str] = "jiceng.cobuilding.unit.changed.v1"

    was_area: AreaCode = Field(title="原区划")
    was_unit_kind: str = Field(title="原单位类别")
    was_trait_kinds: tuple[str, ...] = Field(default=(), title="原单位特征")


class UnitLeft(UnitEvent, title="驻区单位已退出"):
    """No agreement with it was in force."""

    type: ClassVar[str] = "jiceng.cobuilding.unit.left.v1"

    left_on: date = Field(title="退出日期")


class UnitReturned(UnitEvent, title="驻区单位已恢复联系"):
    """It is back, or had been said to have left by mistake."""

    type: ClassVar[str] = "jiceng.cobuilding.unit.returned.v1"


class ContactPointEvent(Event):
    """`area` is that of the unit."""

    point_id: UUID = Field(title="联络点编号")
    unit_id: UUID = Field(title="单位编号")
    unit_kind: str = Field(title="单位类别")
    point_kind: str = Field(title="联络类别", description="A code of the kinds of `contact`.")

    @property
    def key(self) -> UUID:
        return self.point_id


class ContactPointOpened(ContactPointEvent, title="联络点已设立"):
    type: ClassVar[str] = "jiceng.cobuilding.contact-point.opened.v1"


class ContactPointMoved(ContactPointEvent, title="联络点已随单位变更"):
    """Its unit lies elsewhere now, or is of another kind."""

    type: ClassVar[str] = "jiceng.cobuilding.contact-point.moved.v1"

    was_area: AreaCode = Field(title="原区划")
    was_unit_kind: str = Field(title="原单位类别")


class ContactPointClosed(ContactPointEvent, title="联络点已撤销"):
    """What was known of whom to call is erased."""

    type: ClassVar[str] = "jiceng.cobuilding.contact-point.closed.v1"
