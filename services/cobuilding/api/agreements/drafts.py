"""Agreements are drafted, reviewed, offered; revised, rejected, cancelled."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.agreements import Reckoning, Side, SigningManner
from contracts.kinds.cadence import Every
from services.chassis.clock import midnight
from services.chassis.http import Caller, Context, Timed, Work, command_router
from services.chassis.http.edits import edits
from services.chassis.http.fields import Day, Kind, Name, PersonName
from services.chassis.http.held import held
from services.chassis.ids import new_id
from services.chassis.known import organisation_unknown
from services.cobuilding.api.agreements.views import AgreementView, view
from services.cobuilding.domain.agreements import terms
from services.cobuilding.domain.agreements.signing import Sign
from services.cobuilding.handlers.agreements import drafts as handlers
from services.cobuilding.handlers.agreements import signing
from services.cobuilding.handlers.agreements.signing import Signer
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.rows import OrganisationRow

TAGS = ["协议"]
commands = command_router(tags=TAGS)

Held = Annotated[AgreementRow, held(AgreementRow, "协议", Action.MANAGE_COBUILDING)]
Edited = Annotated[AgreementRow, held(AgreementRow, "协议", Action.MANAGE_COBUILDING, edit=True)]
Approved = Annotated[AgreementRow, held(AgreementRow, "协议", Action.APPROVE_AGREEMENTS, edit=True)]

Number = Annotated[
    str,
    AfterValidator(str.strip),
    Field(
        min_length=1,
        max_length=60,
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
        title="协议编号",
        description="The office's own, as it stands on the paper: 示例街共建〔2026〕3号.",
    ),
]
Text = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")
]
Months = Annotated[int, Field(ge=1, le=240)]
Json = dict[str, Any]
TEXT = {"clauses", "promises", "venues"}
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PromiseRequest(BaseModel):
    """By a day, once in every period, or, where neither is said, by the last day."""

    model_config = ConfigDict(extra="forbid")

    side: Side = Field(title="承诺方")
    kind: Kind = Field(title="事项类别")
    text: Text = Field(title="承诺内容")
    measure: Text | None = Field(default=None, title="兑现标准")
    due_on: Day | None = Field(default=None, title="应兑现日期")
    every: Every | None = Field(default=None, title="周期")

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.due_on is not None and self.every is not None:
            raise ValueError("应兑现日期与周期只填一项 (give a day or a period, not both)")
        return self


class ClauseRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    heading: Name = Field(title="条款标题")
    text: Text = Field(title="条款内容")


class VenueRequest(BaseModel):
    """What the unit offers to the bases while the agreement is in force."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(title="场馆名称")
    venue_kind: Kind = Field(title="场馆类型")
    capacity: int = Field(strict=True, ge=1, le=100_000, title="容量")
    area: AreaCode | None = Field(default=None, description="Else that of the agreement.")


class SignRequest(Timed):
    """A side of the current text, whose digest is told: another edition is never signed."""

    side: Side = Field(title="签署方")
    manner: SigningManner = Field(default=SigningManner.BOTH, title="签署方式")
    signed_on: Day = Field(title="落款日期", description="The day on the paper.")
    digest: Digest = Field(title="内容校验值", description="Of the text that was signed.")
    signer: PersonName | None = Field(default=None, title="签署人")
    position: PersonName | None = Field(default=None, title="签署人职务")
    scan_digest: Digest | None = Field(
        default=None, title="扫描件校验值", description="SHA-256 of the stamped copy."
    )


class SignedOnPaper(BaseModel):
    """For an agreement that both signed long ago (补录)."""

    model_config = ConfigDict(extra="forbid")

    offered_on: Day = Field(title="发出日期")
    office_signed_on: Day = Field(title="我方落款日期")
    unit_signed_on: Day = Field(title="单位方落款日期")
    manner: SigningManner = Field(default=SigningManner.BOTH, title="签署方式")


class Draft(Timed):
    number: Number
    kind: Kind = Field(title="协议类别")
    title: Name = Field(title="协议名称")
    organisation_id: UUID = Field(title="我方党组织")
    unit_id: UUID = Field(title="签约单位")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")
    first_day: Day = Field(title="起始日")
    last_day: Day | None = Field(default=None, title="截止日")
    months: Months | None = Field(
        default=None, title="期限（月）", description="Instead of the last day."
    )
    reckoning: Reckoning = Field(default=Reckoning.DATES, title="期限算法")
    renewal_months: Months | None = Field(default=None, title="自动续期月数")
    renewal_most: int = Field(default=0, ge=0, le=100, title="最多自动续期次数")
    notice_days: int = Field(default=30, ge=0, le=366, title="不续期提前通知天数")
    answer_by: Day | None = Field(default=None, title="答复期限")
    predecessor_id: UUID | None = Field(default=None, title="续签的原协议")
    clauses: list[ClauseRequest] = Field(default_factory=list, title="条款", max_length=60)
    promises: list[PromiseRequest] = Field(default_factory=list, title="承诺事项", max_length=60)
    venues: list[VenueRequest] = Field(default_factory=list, title="提供场馆", max_length=20)


class AgreementRequest(Draft):
    """The term by its last day, or by months, which `reckoning` makes a last day of."""

    signed: SignedOnPaper | None = Field(default=None, title="已签（补录）")

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.last_day is None) == (self.months is None):
            raise ValueError("截止日与期限（月）只填一项 (give the last day or the months)")
        return self


@edits(
    Draft,
    *("organisation_id", "area", "months"),
    null=["renewal_months", "answer_by", "predecessor_id"],
)
class DraftChange(Timed):
    """Of a draft; fields left out stay as they are, clauses, promises and venues are said whole."""


class Rejection(Timed):
    side: Side = Field(title="拒签方")


class Cancellation(Timed):
    reason_kind: Kind = Field(title="原因")


@commands.post("/agreements", status_code=201, summary="起草协议")
async def draft(
    request: AgreementRequest, context: Context, caller: Caller, uow: Work
) -> AgreementView:
    organisation = await uow.session.get(OrganisationRow, request.organisation_id)
    if organisation is None:
        raise organisation_unknown(request.organisation_id)
    area = request.area or organisation.area
    for each in {organisation.area, area}:
        caller.require(Action.MANAGE_COBUILDING, each)
    fields = request.fields(*TEXT, "months", "signed")
    fields |= {"area": area, "last_day": _last_day(request)}
    said = request.model_dump(mode="json", include=TEXT)
    row = await handlers.draft(fields, _kept(**said), new_id(), uow, request.at(uow))
    if request.signed is not None:
        caller.require(Action.APPROVE_AGREEMENTS, area)
        await _sign_on_paper(row, request.signed, context, caller, uow)
    return view(row)


@commands.patch("/agreements/{agreement_id}", summary="变更协议草案")
async def change(agreement: Edited, request: DraftChange, uow: Work) -> AgreementView:
    fields = request.changes()
    said = request.model_dump(mode="json", include=TEXT)
    fields = {name: value for name, value in fields.items() if name not in said}
    return view(await handlers.change(agreement, fields, _kept(**said), uow, request.at(uow)))


@commands.post("/agreements/{agreement_id}/submission", summary="提交审核")
async def submit(agreement: Held, request: Timed, uow: Work) -> AgreementView:
    return view(await handlers.submit(agreement, uow, request.at(uow)))


@commands.post("/agreements/{agreement_id}/return", summary="退回修改")
async def send_back(agreement: Approved, request: Timed, uow: Work) -> AgreementView:
    return view(await handlers.send_back(agreement, uow, request.at(uow)))


@commands.post("/agreements/{agreement_id}/approval", summary="审核通过并发出")
async def offer(agreement: Approved, request: Timed, caller: Caller, uow: Work) -> AgreementView:
    """Its text as it stands becomes an edition; `If-Match` says that it is what was read."""
    return view(await handlers.offer(agreement, caller.subject, uow, request.at(uow)))


@commands.post("/agreements/{agreement_id}/revision", summary="收回修改文本")
async def revise(agreement: Held, request: Timed, uow: Work) -> AgreementView:
    """What was signed of this edition is void."""
    return view(await handlers.revise(agreement, uow, request.at(uow)))


@commands.post("/agreements/{agreement_id}/signatures", summary="登记签署")
async def sign(
    agreement: Held, request: SignRequest, context: Context, caller: Caller, uow: Work
) -> AgreementView:
    command = Sign(**request.fields("signer", "position", "scan_digest"), actor=caller.subject)
    signer = Signer(request.signer, request.position, request.scan_digest)
    at = request.at(uow)
    return view(await signing.sign(agreement, command, signer, context.vault, uow, at))


@commands.post("/agreements/{agreement_id}/rejection", summary="登记拒签")
async def reject(agreement: Held, request: Rejection, uow: Work) -> AgreementView:
    return view(await handlers.reject(agreement, request.side, uow, request.at(uow)))


@commands.post("/agreements/{agreement_id}/cancellation", summary="撤销未签成的协议")
async def cancel(agreement: Held, request: Cancellation, uow: Work) -> AgreementView:
    return view(await handlers.cancel(agreement, request.reason_kind, uow, request.at(uow)))


def _last_day(request: AgreementRequest) -> date:
    if request.last_day is not None:
        return request.last_day
    return terms.last_day(request.first_day, request.months or 0, request.reckoning)


def _kept(
    clauses: list[Json] | None, promises: list[Json] | None, venues: list[Json] | None
) -> handlers.Text:
    """Of the text, what is said; promises are numbered in their order."""
    text: handlers.Text = {}
    if clauses is not None:
        text["clauses"] = clauses
    if promises is not None:
        lines = enumerate(promises, start=1)
        text["promises"] = [{"line": line} | promise for line, promise in lines]
    if venues is not None:
        text["venues"] = venues
    return text


async def _sign_on_paper(
    row: AgreementRow, signed: SignedOnPaper, context: Context, caller: Caller, uow: Work
) -> None:
    """The steps it took, each at its day; the same refusals as when they are taken one by one."""
    offered = midnight(signed.offered_on)
    await uow.session.flush()
    await handlers.submit(row, uow, offered)
    await handlers.offer(row, caller.subject, uow, offered)
    days = {Side.OFFICE: signed.office_signed_on, Side.UNIT: signed.unit_signed_on}
    for side, on in sorted(days.items(), key=lambda each: each[1]):
        command = Sign(
            side=side,
            manner=signed.manner,
            signed_on=on,
            digest=row.digest or "",
            actor=caller.subject,
        )
        nobody = Signer(None, None, None)
        await uow.session.flush()
        await signing.sign(row, command, nobody, context.vault, uow, midnight(on))


routers = (commands,)
