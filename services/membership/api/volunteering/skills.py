"""Skills offered, and the roster of local talents."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AliasChoices, Field

from contracts.access import Action
from contracts.kinds.volunteering import SkillRegister, SkillStatus
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Day, Kind, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, equals
from services.chassis.http.lists import as_file
from services.membership.api.volunteering.common import (
    Contact,
    HolderShown,
    MayHold,
    Purpose,
    Shown,
    contacts,
)
from services.membership.handlers.volunteering import references
from services.membership.handlers.volunteering import teams as handlers
from services.membership.tables.volunteering.rows import SkillRow

commands = command_router(tags=["志愿服务"])
queries = query_router(tags=["志愿服务"])

Held = Annotated[SkillRow, held(SkillRow, "技能条目", Action.MANAGE_SERVICE)]
Personal = Annotated[SkillRow, seen(SkillRow, "技能条目", Action.READ_PERSONAL)]


class SkillRequest(MayHold):
    """Of a member or a working member; a talent of neither register comes with contact data."""

    service_kind: Kind
    register_kind: SkillRegister = Field(default=SkillRegister.OFFER, title="名录")
    organisation_id: UUID = Field(title="收集党支部")
    contact: Contact = Field(default_factory=Contact, title="联系方式")
    consented_on: Day | None = Field(default=None, title="本人同意登记日期")


class SkillDecision(Timed):
    approved: bool = Field(title="是否存档")


AS_KEPT = AliasChoices("skill_register", "register_kind")


class SkillView(HolderShown):
    skill_id: UUID
    service_kind: str = Field(title="服务类别")
    register_kind: SkillRegister = Field(title="名录", validation_alias=AS_KEPT)
    organisation_id: UUID = Field(title="收集党支部")
    area: str = Field(title="区划")
    status: SkillStatus = Field(title="状态")
    contact: Shown = Field(default_factory=Shown, title="联系方式（已脱敏）")
    offered_on: date = Field(title="填报日期")
    decided_on: date | None = Field(title="审核日期")
    version: int


class SkillFilters(Filters):
    service_kind: Sought | None = None
    register_kind: Annotated[SkillRegister | None, equals("skill_register")] = None
    status: SkillStatus | None = None
    organisation_id: UUID | None = None
    member_id: Annotated[UUID | None, equals("holder_id")] = None
    registrant_id: Annotated[UUID | None, equals("holder_id")] = None


@commands.post("/skills", status_code=201, summary="填报可提供服务项目或草根能人")
async def offer_skill(
    request: SkillRequest, context: Context, caller: Caller, uow: Work
) -> SkillView:
    organisation = await references.organisation(uow, request.organisation_id)
    caller.require(Action.MANAGE_SERVICE, organisation.area)
    fields = request.fields("contact", "register_kind", "member_id", "registrant_id")
    fields |= {"skill_register": request.register_kind}
    holder, contact = request.holder(), request.contact.fields()
    at = request.at(uow)
    skill = await handlers.offer_skill(fields, holder, contact, context.vault, uow, at)
    return skill.shown(SkillView)


@commands.post("/skills/{skill_id}/decision", summary="支部审核存档")
async def decide_skill(skill: Held, request: SkillDecision, uow: Work) -> SkillView:
    at, approve = request.at(uow), request.approved
    return (await handlers.decide_skill(skill, uow, at, approve=approve)).shown(SkillView)


@commands.post("/skills/{skill_id}/withdrawal", summary="撤回技能条目")
async def withdraw_skill(skill: Held, request: Timed, uow: Work) -> SkillView:
    return (await handlers.withdraw_skill(skill, uow, request.at(uow))).shown(SkillView)


@as_file(
    queries,
    "服务项目与草根能人",
    columns={
        "register_kind": "名录",
        "service_kind": "服务类别",
        "area": "区划",
        "status": "状态",
        "holder_id": "志愿者编号",
        "contact.name": "姓名（脱敏）",
        "contact.phone": "电话（脱敏）",
        "offered_on": "填报日期",
    },
    form="xlsx",
    without=("service_kind", "organisation_id", "member_id", "registrant_id"),
    description="Contact data masked.",
)
@queries.get("/skills", summary="可提供服务项目与草根能人库")
async def list_skills(filters: Annotated[SkillFilters, Query()], paging: Paging) -> Page[SkillView]:
    page = await paging.rows(SkillRow, filters)
    known = await contacts(paging.context, [row.skill_id for row in page.items])
    return page.of([row.shown(SkillView, contact=known[row.skill_id]) for row in page.items])


@queries.get("/skills/{skill_id}/contact", summary="草根能人联系方式")
async def read_talent(skill: Personal, purpose: Purpose, context: Context, caller: Caller) -> Shown:
    found = await sealed.contact_in_full(context, caller, skill.skill_id, skill.area, purpose)
    return Shown(**found)


routers = (commands, queries)
