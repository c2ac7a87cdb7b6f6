"""Facts announced about new-economy and social organisations (两新) and their instructors."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.organisations import Coverage


class NewOrganisationEvent(Event):
    """Names of firms and social organisations are no personal data; whoever owns one is not said.

    Each fact says the whole state.
    """

    neworg_id: UUID = Field(title="两新组织编号")
    code: str = Field(title="代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别", description="A code of the kinds of new organisations.")
    coverage: Coverage = Field(title="党组织覆盖方式")
    organisation_id: UUID | None = Field(default=None, title="覆盖的党组织")
    employees: int = Field(title="从业人数", ge=0)
    headcount: int = Field(title="党员人数", ge=0)

    @property
    def key(self) -> UUID:
        return self.neworg_id


class NewOrganisationRegistered(NewOrganisationEvent, title="两新组织已登记"):
    type: ClassVar[str] = "jiceng.membership.neworg.registered.v1"


class NewOrganisationChanged(NewOrganisationEvent, title="两新组织已变更"):
    type: ClassVar[str] = "jiceng.membership.neworg.changed.v1"

    was_kind: str = Field(title="原类别")
    was_area: AreaCode = Field(title="原区划")
    was_coverage: Coverage = Field(title="原覆盖方式")
    was_employees: int = Field(title="原从业人数", ge=0)
    was_headcount: int = Field(title="原党员人数", ge=0)


class NewOrganisationClosed(NewOrganisationEvent, title="两新组织已注销"):
    type: ClassVar[str] = "jiceng.membership.neworg.closed.v1"


class InstructorEvent(Event):
    """Facts about an instructor (党建指导员), by number only."""

    instructor_id: UUID = Field(title="指导员编号")

    @property
    def key(self) -> UUID:
        return self.instructor_id


class InstructorAppointed(InstructorEvent, title="党建指导员已选派"):
    type: ClassVar[str] = "jiceng.membership.instructor.appointed.v1"

    since: date = Field(title="选派日期")


class InstructorReleased(InstructorEvent, title="党建指导员已卸任"):
    type: ClassVar[str] = "jiceng.membership.instructor.released.v1"

    until: date = Field(title="卸任日期")


class InstructionEvent(Event):
    """Facts about one instructor's charge of one organisation."""

    instruction_id: UUID = Field(title="联系编号")
    instructor_id: UUID = Field(title="指导员编号")
    neworg_id: UUID = Field(title="两新组织编号")
    kind: str = Field(title="两新组织类别")

    @property
    def key(self) -> UUID:
        return self.instruction_id


class InstructorAssigned(InstructionEvent, title="党建指导员已联系两新组织"):
    type: ClassVar[str] = "jiceng.membership.instruction.assigned.v1"

    since: date = Field(title="开始日期")


class InstructorVisited(InstructionEvent, title="党建指导员已走访"):
    type: ClassVar[str] = "jiceng.membership.instruction.visited.v1"

    visited_on: date = Field(title="走访日期")


class InstructionEnded(InstructionEvent, title="党建指导员联系已结束"):
    type: ClassVar[str] = "jiceng.membership.instruction.ended.v1"

    until: date = Field(title="结束日期")
