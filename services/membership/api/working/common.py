"""Fields and helpers that the routes of this room share."""

from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from services.chassis.http import sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Kind, Name
from services.chassis.http.words import called, of_family
from services.membership.domain.working.registrants import area_in
from services.membership.tables.working.rows import RegistrantRow

TAGS = ["在职党员进社区"]

Year = Annotated[int, Field(ge=1949, le=2199, title="年度")]
Skills = Annotated[list[Kind], Field(max_length=12, title="专长", description="Best first.")]
Purpose = Annotated[
    str,
    Query(
        min_length=2,
        max_length=120,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="Why personal data is read; recorded.",
    ),
]

PersonName = Annotated[Name, Field(max_length=60, title="姓名")]
Phone = Annotated[
    str, AfterValidator(str.strip), Field(pattern=r"^\+?[0-9][0-9 -]{5,18}[0-9]$", title="电话")
]
IdentityNumber = Annotated[str, Field(pattern=r"^[0-9]{17}[0-9Xx]$", title="公民身份号码")]

RegistrantId = Annotated[UUID, called(RegistrantRow.code)]
ServiceKind = Annotated[str, of_family("service_post")]
SkillKinds = Annotated[list[str], of_family("skill")]


class Masked(BaseModel):
    """Who it is, as far as everybody may see."""

    name: str | None = Field(default=None, title="姓名（脱敏）")
    phone: str | None = Field(default=None, title="电话（脱敏）")
    identity_number: str | None = Field(default=None, title="证件号（脱敏）")


async def masked(context: ServiceContext, ids: Collection[UUID]) -> dict[UUID, Masked]:
    shown = await sealed.masked(context, ids)
    return {person_id: Masked(**fields) for person_id, fields in shown.items()}


def with_area(fields: dict[str, Any], community: str) -> dict[str, Any]:
    """With the area that follows from the `grid`, where the fields say one."""
    if "grid" not in fields:
        return fields
    others = {name: value for name, value in fields.items() if name != "grid"}
    return others | {"area": area_in(community, fields["grid"])}


def fresh_code(prefix: str, of: UUID) -> str:
    """A code for what was entered without one: the random half of its id."""
    return f"{prefix}-{of.hex[-12:].upper()}"
