"""Skills offered, and the roster of local talents."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from contracts.access import Action
from contracts.kinds.volunteering import SkillRegister, SkillStatus
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    sealed,
)
from services.chassis.http.export import Cell
from services.chassis.http.fields import Day, Kind, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.volunteering.common import (
    AsFile,
    Contact,
    Held,
    HolderShown,
    Purpose,
    Shown,
    Within,
    file_of,
    holder_shown,
    label,
    of_holder,
    page_rows,
)
from services.membership.domain.volunteering.teams import OfferSkill
from services.membership.handlers.volunteering import references
from services.membership.handlers.volunteering import teams as handlers
from services.membership.tables.volunteering.rows import (
    SkillRow,
    one,
)

commands = command_router(tags=["志愿服务"])
queries = APIRouter(prefix="/v1", tags=["志愿服务"], responses=dict(RESPONSES))


class SkillRequest(Held):
    """Of a member or a working member; a talent of neither register comes with contact data."""

    service_kind: Kind
    register_kind: SkillRegister = Field(default=SkillRegister.OFFER, title="名录")
    organisation_id: UUID = Field(title="收集党支部")
    contact: Contact = Field(default_factory=Contact, title="联系方式")
    consented_on: Day | None = Field(default=None, title="本人同意登记日期")


class SkillDecision(Timed):
    approved: bool = Field(title="是否存档")


class SkillView(HolderShown):
    skill_id: UUID
    service_kind: str = Field(title="服务类别")
    register_kind: SkillRegister = Field(title="名录")
    organisation_id: UUID = Field(title="收集党支部")
    area: str = Field(title="区划")
    status: SkillStatus = Field(title="状态")
    contact: Shown = Field(default_factory=Shown, title="联系方式（已脱敏）")
    offered_on: date = Field(title="填报日期")
    decided_on: date | None = Field(title="审核日期")
    version: int


@commands.post("/skills", status_code=201, summary="填报可提供服务项目或草根能人")
async def offer_skill(
    request: SkillRequest, context: Context, caller: Caller, uow: Work
) -> SkillView:
    organisation = await references.organisation(uow, request.organisation_id)
    caller.require(Action.MANAGE_SERVICE, organisation.area)
    contact = request.contact.fields()
    command = OfferSkill(
        service_kind=request.service_kind,
        skill_register=request.register_kind,
        holder=request.holder(),
        organisation_id=request.organisation_id,
        consented_on=request.consented_on,
        named=bool(contact.get("name")),
    )
    at = occurred(request.occurred_at, uow.now)
    return _skill(await handlers.offer_skill(command, contact, context.vault, uow, at), {})


@commands.post("/skills/{skill_id}/decision", summary="支部审核存档")
async def decide_skill(
    skill_id: UUID, request: SkillDecision, caller: Caller, uow: Work
) -> SkillView:
    await _require_skill(caller, uow, skill_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.decide_skill(skill_id, uow, at, approve=request.approved)
    return _skill(row, {})


@commands.post("/skills/{skill_id}/withdrawal", summary="撤回技能条目")
async def withdraw_skill(skill_id: UUID, request: Timed, caller: Caller, uow: Work) -> SkillView:
    await _require_skill(caller, uow, skill_id)
    at = occurred(request.occurred_at, uow.now)
    return _skill(await handlers.withdraw_skill(skill_id, uow, at), {})


async def _require_skill(caller: Caller, uow: Work, skill_id: UUID) -> None:
    row = await one(uow.session, SkillRow, skill_id, handlers.NO_SKILL)
    caller.require(Action.MANAGE_SERVICE, row.area)


@queries.get("/skills", summary="可提供服务项目与草根能人库")
async def list_skills(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    service_kind: Sought | None = None,
    register_kind: SkillRegister | None = None,
    status: SkillStatus | None = None,
    organisation_id: UUID | None = None,
    member_id: UUID | None = None,
    registrant_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[SkillView]:
    equal = {
        "service_kind": service_kind,
        "skill_register": register_kind,
        "status": status,
        "organisation_id": organisation_id,
        **of_holder(member_id, registrant_id),
    }
    rows = await page_rows(context, caller, SkillRow, "skill_id", within, equal, cursor, limit)
    known = await sealed.masked(context, [row.skill_id for row in rows])
    return page_of(
        rows, limit, lambda row: _skill(row, known.get(row.skill_id, {})), lambda r: (r.skill_id,)
    )


@queries.get("/skills/export", summary="导出服务项目与草根能人", response_class=Response)
async def export_skills(
    context: Context,
    caller: Caller,
    within: Within = None,
    register_kind: SkillRegister | None = None,
    status: SkillStatus | None = None,
    form: AsFile = "xlsx",
) -> Response:
    """Contact data masked."""

    async def lines(rows: Sequence[SkillRow]) -> list[Sequence[Cell]]:
        known = await sealed.masked(context, [row.skill_id for row in rows])
        return [
            (
                label(SkillRegister, r.skill_register),
                r.service_kind,
                r.area,
                label(SkillStatus, r.status),
                str(r.holder_id or ""),
                known.get(r.skill_id, {}).get("name", ""),
                known.get(r.skill_id, {}).get("phone", ""),
                r.offered_on,
            )
            for r in rows
        ]

    headings = (
        *("名录", "服务类别", "区划", "状态", "志愿者编号", "姓名（脱敏）", "电话（脱敏）"),
        "填报日期",
    )
    areas = areas_to_list(caller, within)
    equal = {"skill_register": register_kind, "status": status}
    return await file_of(
        context, "服务项目与草根能人", headings, form, SkillRow, "skill_id", areas, equal, lines
    )


@queries.get("/skills/{skill_id}/contact", summary="草根能人联系方式")
async def read_talent(skill_id: UUID, purpose: Purpose, context: Context, caller: Caller) -> Shown:
    async with context.database.sessions() as session:
        row = await one(session, SkillRow, skill_id, handlers.NO_SKILL)
    caller.require(Action.READ_PERSONAL, row.area)
    return Shown(**await sealed.contact_in_full(context, caller, skill_id, row.area, purpose))


def _skill(row: SkillRow, contact: dict[str, str]) -> SkillView:
    return SkillView(
        **row.model_dump(exclude={"skill_register", "status", "holder_id", "holder_kind",
                                  "consented_on", "recorded_at"}),
        register_kind=SkillRegister(row.skill_register),
        status=SkillStatus(row.status),
        contact=Shown(**contact),
        **holder_shown(row),
    )  # fmt: skip


routers = (commands, queries)
