"""Facts announced by the membership service (区划与党组织)."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.standards import KIND_CODE

Category = Annotated[str | None, Field(pattern=KIND_CODE)]
"""The kind of which all kinds above a kind are sorts: `branch` for a grid's branch.

Missing in events of older releases, whose kinds were of no other's sort.
"""


class AreaRegistered(Event, title="区划已登记"):
    """A division exists under this code and name; `area` is its own code."""

    type: ClassVar[str] = "jiceng.membership.area.registered.v1"

    area_id: UUID = Field(title="区划编号")
    name: str = Field(title="名称")

    @property
    def key(self) -> UUID:
        return self.area_id


class AreaRenamed(Event, title="区划已更名"):
    type: ClassVar[str] = "jiceng.membership.area.renamed.v1"

    area_id: UUID = Field(title="区划编号")
    name: str = Field(title="新名称")
    was_name: str = Field(title="原名称")

    @property
    def key(self) -> UUID:
        return self.area_id


class OrganisationRegistered(Event, title="党组织已登记"):
    """A node of the organisation tree exists. Names of organisations are no personal data."""

    type: ClassVar[str] = "jiceng.membership.organisation.registered.v1"

    organisation_id: UUID = Field(title="党组织编号")
    code: str = Field(title="组织代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别", description="A code of the table of organisation kinds.")
    parent_id: UUID | None = Field(default=None, title="上级党组织")
    category: Category = Field(default=None, title="类别大类")
    approved: bool = Field(default=False, title="人数例外已经批准")

    @property
    def key(self) -> UUID:
        return self.organisation_id


class OrganisationChanged(Event, title="党组织已变更"):
    """Says the new state whole and what the figures must take back."""

    type: ClassVar[str] = "jiceng.membership.organisation.changed.v1"

    organisation_id: UUID = Field(title="党组织编号")
    code: str = Field(title="组织代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别")
    parent_id: UUID | None = Field(default=None, title="上级党组织")
    was_kind: str = Field(title="原类别")
    was_area: AreaCode = Field(title="原区划")
    category: Category = Field(default=None, title="类别大类")
    was_category: Category = Field(default=None, title="原类别大类")
    approved: bool = Field(default=False, title="人数例外已经批准")

    @property
    def key(self) -> UUID:
        return self.organisation_id


class OrganisationDissolved(Event, title="党组织已撤销"):
    """It stands no more; its members and subordinates went elsewhere before.

    After a merger `merged_into_id` says where to.
    """

    type: ClassVar[str] = "jiceng.membership.organisation.dissolved.v1"

    organisation_id: UUID = Field(title="党组织编号")
    code: str = Field(title="组织代码")
    kind: str = Field(title="类别")
    category: Category = Field(default=None, title="类别大类")
    parent_id: UUID | None = Field(default=None, title="上级党组织")
    merged_into_id: UUID | None = Field(default=None, title="并入的党组织")
    dissolved_on: date = Field(title="撤销日期")

    @property
    def key(self) -> UUID:
        return self.organisation_id
