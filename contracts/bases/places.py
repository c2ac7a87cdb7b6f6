"""Facts about bases and their venues (基地与场馆)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds import Sharing


class BaseEvent(Event):
    """Facts about a base; `area` is where the base lies."""

    base_id: UUID = Field(title="基地编号")

    @property
    def key(self) -> UUID:
        return self.base_id


class BaseRegistered(BaseEvent, title="基地已登记"):
    type: ClassVar[str] = "jiceng.bases.base.registered.v1"

    code: str = Field(title="基地代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")


class BaseChanged(BaseEvent, title="基地已变更"):
    type: ClassVar[str] = "jiceng.bases.base.changed.v1"

    code: str = Field(title="基地代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    was_kind: str = Field(title="原类型")


class BaseRetired(BaseEvent, title="基地已停用"):
    """For good; its venues were retired before it, each by a fact of its own."""

    type: ClassVar[str] = "jiceng.bases.base.retired.v1"

    code: str = Field(title="基地代码")
    kind: str = Field(title="类型")


class BaseTermsStated(BaseEvent, title="基地预约条件已规定"):
    """What the base states of its own over the rule `booking.terms`; the rest follows that rule."""

    type: ClassVar[str] = "jiceng.bases.base.terms-stated.v1"

    own: dict[str, Any] = Field(title="本基地条件")


class VenueEvent(Event):
    """Facts about a venue; `area` is where its base lies."""

    venue_id: UUID = Field(title="场馆编号")
    base_id: UUID = Field(title="基地编号")

    @property
    def key(self) -> UUID:
        return self.venue_id


class VenueRegistered(VenueEvent, title="场馆已登记"):
    type: ClassVar[str] = "jiceng.bases.venue.registered.v1"

    code: str = Field(title="场馆代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    capacity: int = Field(title="容量", ge=1, description="Persons at one time.")
    sharing: Sharing = Field(title="使用方式")
    theme_count: int = Field(title="主题数", ge=0)


class VenueChanged(VenueEvent, title="场馆已变更"):
    type: ClassVar[str] = "jiceng.bases.venue.changed.v1"

    code: str = Field(title="场馆代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    capacity: int = Field(title="容量", ge=1)
    sharing: Sharing = Field(title="使用方式")
    theme_count: int = Field(title="主题数", ge=0)
    was_kind: str = Field(title="原类型")
    was_theme_count: int = Field(title="原主题数", ge=0)


class VenueRetired(VenueEvent, title="场馆已停用"):
    """For good: it says what it was, for whoever counts what there is."""

    type: ClassVar[str] = "jiceng.bases.venue.retired.v1"

    code: str = Field(title="场馆代码")
    kind: str = Field(title="类型")
    capacity: int = Field(title="容量", ge=1)
    sharing: Sharing = Field(title="使用方式")
    theme_count: int = Field(title="主题数", ge=0)


class EquipmentEvent(Event):
    """Facts about equipment of one sort (设备); `area` is where its base lies."""

    equipment_id: UUID = Field(title="设备编号")
    base_id: UUID = Field(title="基地编号")
    venue_id: UUID | None = Field(
        default=None, title="所在场馆", description="Where it is fixed; null where it can be moved."
    )
    code: str = Field(title="设备代码")
    kind: str = Field(title="设备类别")
    quantity: int = Field(title="数量", ge=1)

    @property
    def key(self) -> UUID:
        return self.equipment_id


class EquipmentRegistered(EquipmentEvent, title="设备已登记"):
    type: ClassVar[str] = "jiceng.bases.equipment.registered.v1"


class EquipmentChanged(EquipmentEvent, title="设备已变更"):
    type: ClassVar[str] = "jiceng.bases.equipment.changed.v1"

    was_kind: str = Field(title="原设备类别")
    was_quantity: int = Field(title="原数量", ge=1)


class EquipmentRetired(EquipmentEvent, title="设备已停用"):
    type: ClassVar[str] = "jiceng.bases.equipment.retired.v1"
