"""What is asked and answered about items and packages."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.areas import AreaCode
from services.bases.api import written
from services.bases.api.filters import Filters
from services.bases.domain.menu import Details, Offer
from services.bases.tables.menu import EditionRow, ItemRow, PackageRow, Parts
from services.chassis.http import Timed
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.listing import BY_ROUTE
from services.chassis.http.views import before
from services.chassis.http.words import of_family

A_DAY = 24 * 60

Minutes = Annotated[int, Field(strict=True, ge=1, le=A_DAY, title="分钟")]
People = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Lecturers = Annotated[int, Field(strict=True, ge=0, le=20, title="所需讲师数")]
Kinds = Annotated[list[Kind], Field(max_length=20)]
ItemKind = Annotated[str, of_family("menu-item")]
VenueKinds = Annotated[list[str], of_family("venue")]
EquipmentKinds = Annotated[list[str], of_family("equipment")]
Skill = Annotated[str, of_family("lecturer-skill")]


Retired = Annotated[bool, BY_ROUTE, Field(description="Those taken off the menu, too.")]


class StepBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Name = Field(title="环节")
    minutes: Minutes = Field(title="分钟")
    needs: Name | None = Field(default=None, title="所需物品")


Steps = Annotated[list[StepBody], Field(max_length=50, title="流程")]


class ItemRequest(Timed):
    """Offered by one base (`base_id`), or by every base of an area (`area`).

    Ranges that are left out are those of the duration: an item without `least_minutes` is not had
    in less time than `duration_minutes`.
    """

    code: Code
    base_id: UUID | None = Field(default=None, title="基地编号")
    area: AreaCode | None = Field(default=None, title="区划")
    name: Name
    kind: Kind
    duration_minutes: Minutes = Field(title="时长（分钟）")
    least_minutes: Minutes | None = Field(default=None, title="最短时长（分钟）")
    most_minutes: Minutes | None = Field(default=None, title="最长时长（分钟）")
    least_headcount: People = Field(default=1, title="最少人数")
    most_headcount: People = Field(title="最多人数")
    venue_kinds: Kinds = Field(default_factory=list, title="适用场馆类型")
    equipment_kinds: Kinds = Field(default_factory=list, title="希望配备的设备")
    skill_code: Kind | None = Field(default=None, title="讲师专长")
    lecturer_count: Lecturers = 0
    steps: Steps = Field(default_factory=list)

    def details(self) -> Details:
        range_ = {
            "least_minutes": self.least_minutes or self.duration_minutes,
            "most_minutes": self.most_minutes or self.duration_minutes,
        }
        return Details(**self.fields("code", "base_id", "area") | range_)


class ItemChange(Timed):
    """Fields left out stay as they are; `skill_code: null` says that no lecturer is needed."""

    name: Name | None = None
    kind: Kind | None = None
    duration_minutes: Minutes | None = None
    least_minutes: Minutes | None = None
    most_minutes: Minutes | None = None
    least_headcount: People | None = None
    most_headcount: People | None = None
    venue_kinds: Kinds | None = None
    equipment_kinds: Kinds | None = None
    skill_code: Kind | None = None
    lecturer_count: Lecturers | None = None
    steps: Steps | None = None

    taken_away = frozenset({"skill_code"})


@before(item_id="name", code="name", area="duration_minutes", base_id="duration_minutes")
class ItemView(Details):
    item_id: UUID
    code: str = Field(title="项目代码")
    kind: ItemKind = Field(title="项目类别")
    area: str = Field(title="区划")
    base_id: written.BaseId | None = Field(
        title="基地", description="Null: offered by every base of the area."
    )
    venue_kinds: VenueKinds = Field(title="适用场馆类型")
    equipment_kinds: EquipmentKinds = Field(title="希望配备的设备")
    skill_code: Skill | None = Field(title="讲师专长")
    steps: list[StepBody] = Field(title="流程")  # type: ignore[assignment]  # the same, published
    retired_on: date | None = Field(title="下架日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")

    @classmethod
    def of(cls, row: ItemRow, edition: EditionRow | None = None) -> Self:
        """As it is, or as it was in `edition`."""
        then = edition or row
        kept = {"version": then.version, "recorded_at": then.recorded_at}
        return cls(**row.model_dump() | then.said | kept)


class ItemFilters(Filters):
    base_id: UUID | None = None
    kind: Sought | None = None
    code: Sought | None = None
    retired: Retired = False


class PartBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    item_code: Code = Field(title="项目代码")
    pause_minutes: int = Field(
        default=0,
        strict=True,
        ge=0,
        le=480,
        title="间歇（分钟）",
        description="Between the end of the item before and this one's begin.",
    )


PartList = Annotated[list[PartBody], Field(min_length=1, max_length=20, title="项目")]


class PackageRequest(Timed):
    """Offered by one base (`base_id`), or by every base of an area (`area`)."""

    code: Code
    base_id: UUID | None = Field(default=None, title="基地编号")
    area: AreaCode | None = Field(default=None, title="区划")
    name: Name
    parts: PartList


class PackageChange(Timed):
    """Fields left out stay as they are; `parts` are replaced whole."""

    name: Name | None = None
    parts: PartList | None = None


class PartView(BaseModel):
    """`after_minutes` is from the begin of the package to that of the item."""

    item_id: UUID
    name: str = Field(title="项目")
    after_minutes: int = Field(title="起始（分钟）")
    duration_minutes: int = Field(title="时长（分钟）")


@before(parts="retired_on", schedule="retired_on", duration_minutes="retired_on")
class PackageView(Offer):
    base_id: written.BaseId | None = Field(title="基地")
    parts: list[PartBody] = Field(title="项目", description="As they were stated.")
    schedule: list[PartView] = Field(title="安排", description="As they follow one another.")
    duration_minutes: int = Field(title="总时长（分钟）")
    version: int
    recorded_at: datetime = Field(title="登记时刻")

    @classmethod
    def of(cls, row: PackageRow, parts: Parts) -> Self:
        schedule = []
        at = 0
        for part, item in parts:
            at += part.pause_minutes
            shown = {"after_minutes": at, "duration_minutes": item.details.duration_minutes}
            schedule.append(PartView(item_id=item.item_id, name=item.name, **shown))
            at += item.details.duration_minutes
        stated = [
            PartBody(item_code=item.code, pause_minutes=part.pause_minutes) for part, item in parts
        ]
        return cls(**row.model_dump(), parts=stated, schedule=schedule, duration_minutes=at)


class PackageFilters(Filters):
    base_id: UUID | None = None
    code: Sought | None = None
    retired: Retired = False


class MenuView(BaseModel):
    """All that may be had at one base, its area's included."""

    base_id: UUID
    name: str = Field(title="基地")
    items: list[ItemView]
    packages: list[PackageView]
