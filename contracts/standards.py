"""Facts about standards that every service may keep: kinds, and versions of rules."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field

from contracts.event import Event
from contracts.kinds.alerts import Severity

NAMESPACE = UUID("6a6963e6-6b69-5e64-8000-000000000000")

KIND_CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$"
"""A family of kinds, and a kind in it."""

KindCode = Annotated[str, Field(pattern=KIND_CODE)]


def kind_id(service: str, family: str, code: str) -> UUID:
    """Kinds are named by family and code; their events need an id, always the same for a name."""
    return uuid5(NAMESPACE, f"{service}/kind/{family}/{code}")


def rule_id(service: str, code: str) -> UUID:
    return uuid5(NAMESPACE, f"{service}/rule/{code}")


class KindDefined(Event):
    """A district added a kind, or edited one: the whole of it as it now is.

    Each service announces its own. Names of kinds are no personal data. What the project seeded
    was never announced: its labels stand in the schemas.
    """

    kind_id: UUID = Field(title="类别编号")
    family_code: KindCode = Field(title="类目")
    code: KindCode = Field(title="代码")
    reference: str = Field(
        title="引用",
        description="`family/code`: what names it among all kinds.",
        pattern=r"^[0-9A-Za-z._-]{1,40}/[0-9A-Za-z._-]{1,40}$",
    )
    name: str = Field(title="名称")
    parent_code: KindCode | None = Field(default=None, title="上级类别")
    effective_from: date = Field(title="启用日期")
    effective_to: date | None = Field(
        default=None, title="停用日期", description="First day it is no longer in use."
    )

    @property
    def key(self) -> UUID:
        return self.kind_id


class RuleIssued(Event):
    """A rule has numbers of another version from a day on; days before keep what they had."""

    rule_id: UUID = Field(title="规则编号")
    rule_code: str = Field(title="规则")
    version_code: str = Field(title="版本")
    effective_from: date = Field(title="施行日期")
    severity: Severity = Field(title="程度")
    parameters: dict[str, Any] = Field(title="数值")

    @property
    def key(self) -> UUID:
        return self.rule_id
