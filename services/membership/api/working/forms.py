"""What is said of registrants over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.areas import AreaCode
from services.chassis.http import Timed
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Kind
from services.chassis.http.views import before
from services.chassis.http.words import of_family
from services.membership.api.working.common import (
    IdentityNumber,
    Masked,
    PersonName,
    Phone,
    SkillKinds,
    Skills,
)
from services.membership.api.written import EmployerId
from services.membership.domain.working.registrants import Registrant

PERSON = ("name", "phone", "identity_number")
"""Sealed, never announced."""


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


@edits(RegistrantRequest, "code", "community", null=["grid"])
class RegistrantChange(Timed):
    __doc__ = None


@edits(RegistrantRequest, "code", "community", *PERSON, null=["grid"])
class ReturnRequest(Timed):
    """What has changed since; mostly nothing."""


@before(grid="area")
class RegistrantView(Registrant):
    employer_id: EmployerId = Field(title="来源单位")
    occupation: Annotated[str, of_family("working_occupation")] = Field(title="职业")
    skills: SkillKinds = Field(title="专长")
    grid: str | None = Field(title="网格")
    version: int
    person: Masked = Field(title="个人信息（脱敏）")


class PersonView(BaseModel):
    """In full; empty for one whose data was erased."""

    registrant_id: UUID
    name: str | None = Field(default=None, title="姓名")
    phone: str | None = Field(default=None, title="电话")
    identity_number: str | None = Field(default=None, title="公民身份号码")
