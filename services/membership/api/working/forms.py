"""What is said of registrants over HTTP."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.areas import AreaCode
from contracts.kinds.working import RegistrantState
from services.chassis.http import Timed
from services.chassis.http.fields import Code, Kind
from services.membership.api.working.common import (
    IdentityNumber,
    Masked,
    PersonName,
    Phone,
    Skills,
)
from services.membership.domain.working.registrants import Place, Profile


class RegistrantRequest(Timed):
    """`occurred_at` is the day of the registration."""

    code: Code | None = Field(default=None, title="报到编号")
    community: AreaCode = Field(title="社区")
    grid: AreaCode | None = Field(default=None, title="网格")
    employer_id: UUID = Field(title="来源单位")
    occupation: Kind = Field(title="职业")
    skills: Skills = Field(default_factory=list)
    name: PersonName
    phone: Phone
    identity_number: IdentityNumber | None = None

    def said(self) -> dict[str, str]:
        return _said(self.name, self.phone, self.identity_number)


class ProfileChange(Timed):
    """Fields left out stay as they are; `grid: null` takes the grid away."""

    grid: AreaCode | None = Field(default=None, title="网格")
    employer_id: UUID | None = Field(default=None, title="来源单位")
    occupation: Kind | None = Field(default=None, title="职业")
    skills: Skills | None = None

    def place(self, was: Place) -> Place:
        grid = self.grid if "grid" in self.model_fields_set else was.grid
        return Place(community=was.community, grid=grid)

    def profile(self, was: Profile) -> Profile:
        return Profile(
            employer_id=self.employer_id or was.employer_id,
            occupation=self.occupation or was.occupation,
            skills=was.skills if self.skills is None else tuple(self.skills),
        )


class RegistrantChange(ProfileChange):
    name: PersonName | None = None
    phone: Phone | None = None
    identity_number: IdentityNumber | None = None

    def said(self) -> dict[str, str]:
        return _said(self.name, self.phone, self.identity_number)


class ReturnRequest(ProfileChange):
    """What has changed since; mostly nothing."""


class RegistrantView(BaseModel):
    registrant_id: UUID
    code: str = Field(title="报到编号")
    community: str = Field(title="社区")
    grid: str | None = Field(title="网格")
    area: str = Field(title="区划", description="The grid where known, else the community.")
    employer_id: UUID = Field(title="来源单位")
    occupation: str = Field(title="职业")
    skills: list[str] = Field(title="专长")
    state: RegistrantState = Field(title="状态")
    registered_on: date = Field(title="报到日期")
    left_on: date | None = Field(title="离开日期")
    claims: int = Field(title="认领岗位数")
    version: int
    person: Masked = Field(title="个人信息（脱敏）")


class PersonView(BaseModel):
    """In full; empty for one whose data was erased."""

    registrant_id: UUID
    name: str | None = Field(default=None, title="姓名")
    phone: str | None = Field(default=None, title="电话")
    identity_number: str | None = Field(default=None, title="公民身份号码")


def _said(name: str | None, phone: str | None, identity_number: str | None) -> dict[str, str]:
    given = {"name": name, "phone": phone, "identity_number": identity_number}
    return {field: text for field, text in given.items() if text is not None}
