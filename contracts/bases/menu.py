"""Facts about the activity menu (活动菜单)."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event


class MenuItemEvent(Event):
    """Facts about what can be done at a base; every fact repeats the item as it now is."""

    item_id: UUID = Field(title="菜单项目编号")
    base_id: UUID | None = Field(
        default=None, title="基地编号", description="Null: offered by every base of the area."
    )
    code: str = Field(title="项目代码")
    name: str = Field(title="名称")
    kind: str = Field(title="项目类别", description="A code of the kinds of `menu-item`.")
    duration_minutes: int = Field(title="时长（分钟）", ge=1)
    least_minutes: int = Field(title="最短时长（分钟）", ge=1)
    most_minutes: int = Field(title="最长时长（分钟）", ge=1)
    least_headcount: int = Field(title="最少人数", ge=1)
    most_headcount: int = Field(title="最多人数", ge=1)
    skill_code: str | None = Field(
        default=None,
        title="讲师专长",
        description="A code of the kinds of `lecturer-skill`; null when no lecturer is needed.",
    )
    lecturer_count: int = Field(title="所需讲师数", ge=0)
    step_count: int = Field(title="流程环节数", ge=0)

    @property
    def key(self) -> UUID:
        return self.item_id


class MenuItemPublished(MenuItemEvent, title="菜单项目已发布"):
    type: ClassVar[str] = "jiceng.bases.menu-item.published.v1"


class MenuItemChanged(MenuItemEvent, title="菜单项目已变更"):
    """Another edition. What was booked before keeps the edition it was booked as."""

    type: ClassVar[str] = "jiceng.bases.menu-item.changed.v1"

    was_kind: str = Field(title="原项目类别")


class MenuItemRetired(MenuItemEvent, title="菜单项目已下架"):
    type: ClassVar[str] = "jiceng.bases.menu-item.retired.v1"


class PackageEvent(Event):
    """Facts about items that are had one after another (红色套餐)."""

    package_id: UUID = Field(title="套餐编号")
    base_id: UUID | None = Field(
        default=None, title="基地编号", description="Null: offered by every base of the area."
    )
    code: str = Field(title="套餐代码")
    name: str = Field(title="名称")
    item_ids: list[UUID] = Field(title="菜单项目", description="In the order they are had.")
    pauses_minutes: list[int] = Field(
        title="间歇（分钟）", description="Before each item; of the first one zero."
    )

    @property
    def key(self) -> UUID:
        return self.package_id


class PackagePublished(PackageEvent, title="套餐已发布"):
    type: ClassVar[str] = "jiceng.bases.package.published.v1"


class PackageChanged(PackageEvent, title="套餐已变更"):
    type: ClassVar[str] = "jiceng.bases.package.changed.v1"


class PackageRetired(PackageEvent, title="套餐已下架"):
    type: ClassVar[str] = "jiceng.bases.package.retired.v1"
