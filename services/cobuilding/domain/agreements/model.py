"""What an agreement is, and what an edition of its text says. Pure."""

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.kinds.agreements import AgreementStatus, Reckoning, Side
from contracts.kinds.cadence import Every
from services.cobuilding.domain.agreements.terms import Term


class Promise(BaseModel):
    """A line of what one side promised: by a day, once in every period, or by the last day."""

    model_config = ConfigDict(frozen=True)

    line: int = Field(title="序号", ge=1)
    side: Side = Field(title="承诺方")
    kind: str = Field(title="事项类别")
    text: str = Field(title="承诺内容")
    measure: str | None = Field(default=None, title="兑现标准")
    due_on: date | None = Field(default=None, title="应兑现日期")
    every: Every | None = Field(default=None, title="周期")


class Clause(BaseModel):
    model_config = ConfigDict(frozen=True)

    heading: str = Field(title="条款标题")
    text: str = Field(title="条款内容")


class PromisedVenue(BaseModel):
    """A venue that the unit offers to the bases while the agreement is in force."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(title="场馆名称")
    venue_kind: str = Field(title="场馆类型")
    capacity: int = Field(title="容量")
    area: str | None = Field(default=None, title="所在区划")


class Agreement(Term):
    agreement_id: UUID
    number: str = Field(title="协议编号")
    kind: str = Field(title="协议类别")
    title: str = Field(title="协议名称")
    area: str = Field(title="区划")
    organisation_id: UUID = Field(title="我方党组织")
    unit_id: UUID = Field(title="签约单位")
    unit_kind: str = Field(title="单位类别")
    status: AgreementStatus = Field(title="状态")
    edition: int = Field(default=0, title="文本版次")
    reckoning: Reckoning = Field(default=Reckoning.DATES, title="期限算法")
    answer_by: date | None = Field(default=None, title="答复期限")
    predecessor_id: UUID | None = Field(default=None, title="续签的原协议")
    offered_on: date | None = Field(default=None, title="发出日期")
    digest: str | None = Field(default=None, title="内容校验值")
    effective_from: date | None = Field(default=None, title="生效日")
    terminates_on: date | None = Field(default=None, title="约定终止日")
    ended_on: date | None = Field(default=None, title="结束日")
    end_reason: str | None = Field(default=None, title="结束原因")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(
            include={"area", "agreement_id", "organisation_id", "unit_id", "unit_kind", "edition"}
        ) | {"agreement_kind": self.kind}


class Party(BaseModel):
    """As printed: a unit that is renamed later keeps its name on paper."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str


class Content(BaseModel):
    """All that an edition says; its digest answers whether it is the same agreement."""

    model_config = ConfigDict(frozen=True)

    number: str
    title: str
    kind: str
    office: Party
    unit: Party
    first_day: date
    last_day: date
    renewal: str | None
    clauses: tuple[Clause, ...]
    promises: tuple[Promise, ...]
    venues: tuple[PromisedVenue, ...] = ()

    @property
    def digest(self) -> str:
        return digest(self.model_dump(mode="json"))


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of JSON with sorted keys in UTF-8, its texts as they were typed: normalising would
    make two names one.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Signature(BaseModel):
    """Of a side, for the edition that was current; `voided` ones stay in the history."""

    signature_id: UUID
    edition: int
    side: Side
    signed_on: date
    digest: str
    actor: str
