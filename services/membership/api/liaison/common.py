"""What the routes of this room share."""

from uuid import UUID

from pydantic import BaseModel, Field

from contracts.kinds.members import HolderKind
from services.membership.domain.volunteering.holders import Holder


class HolderRequest(BaseModel):
    model_config = {"extra": "forbid"}

    holder_id: UUID = Field(title="值勤人员编号")
    holder_kind: HolderKind = Field(default=HolderKind.MEMBER, title="值勤人员类别")

    def holder(self) -> Holder:
        return Holder(self.holder_id, self.holder_kind)
