"""Facts announced about help files and pairs. Of a household they say area, grade and kind of
difficulty, never who it is.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import HelpFileEnd, PairMode


class _HelpEvent(Event):
    file_id: UUID = Field(title="民情档案编号")
    grade_kind: str = Field(title="帮扶等级", description="A code of the kinds of help grades.")
    difficulty_kind: str = Field(title="困难分类", description="A code of the kinds of difficulty.")
    organisation_id: UUID = Field(title="帮扶党组织")

    @property
    def key(self) -> UUID:
        return self.file_id


class HelpFileOpened(_HelpEvent, title="民情档案已建立"):
    """The household agreed; the file ends by itself after `expires_on` unless renewed."""

    type: ClassVar[str] = "jiceng.membership.help-file.opened.v1"

    consented_on: date = Field(title="同意日期")
    expires_on: date = Field(title="到期日期", description="The first day it stands no more.")


class HelpFileRegraded(_HelpEvent, title="帮扶等级已调整"):
    type: ClassVar[str] = "jiceng.membership.help-file.regraded.v1"

    helper_count: int = Field(title="帮扶对子数", ge=0)
    was_grade_kind: str = Field(title="原帮扶等级")
    was_difficulty_kind: str = Field(title="原困难分类")


class HelpFileRenewed(_HelpEvent, title="民情档案已续期"):
    type: ClassVar[str] = "jiceng.membership.help-file.renewed.v1"

    consented_on: date = Field(title="同意日期")
    expires_on: date = Field(title="到期日期", description="The first day it stands no more.")


class HelpFileClosed(_HelpEvent, title="民情档案已销毁"):
    """Its key is destroyed and all its pairs end."""

    type: ClassVar[str] = "jiceng.membership.help-file.closed.v1"

    reason: HelpFileEnd = Field(title="销毁原因")
    helper_count: int = Field(title="结束的帮扶对子数", ge=0)


class HelperPaired(_HelpEvent, title="帮扶对子已结成"):
    type: ClassVar[str] = "jiceng.membership.help-file.paired.v1"

    holder_id: UUID = Field(title="帮扶党员编号")
    holder_kind: HolderKind = Field(title="帮扶党员身份")
    mode: PairMode = Field(title="结对方式")


class HelperUnpaired(_HelpEvent, title="帮扶对子已解除"):
    type: ClassVar[str] = "jiceng.membership.help-file.unpaired.v1"

    holder_id: UUID = Field(title="帮扶党员编号")
    holder_kind: HolderKind = Field(title="帮扶党员身份")
    mode: PairMode = Field(title="结对方式")


class HelpVisited(_HelpEvent, title="帮扶走访已记录"):
    type: ClassVar[str] = "jiceng.membership.help-file.visited.v1"

    visit_id: UUID = Field(title="走访编号")
    holder_id: UUID = Field(title="帮扶党员编号")
    holder_kind: HolderKind = Field(title="帮扶党员身份")
    measure_codes: tuple[str, ...] = Field(title="帮扶措施")
