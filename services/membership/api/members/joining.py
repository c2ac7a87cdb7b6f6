"""The way into the organisation: what was done, what may be done, what is due."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.kinds.members import JoiningStep, MemberState
from services.chassis.clock import business_date
from services.chassis.http import Caller, Context, Timed, Work
from services.chassis.http.fields import Code, Day
from services.chassis.http.views import before
from services.membership.api.members.common import Held, MemberView, Seen, commands, queries, view
from services.membership.domain.members import joining as domain
from services.membership.domain.members.joining import Expected, Recorded, TakeStep
from services.membership.domain.members.rules import JOINING
from services.membership.handlers.members import joining as handlers
from services.membership.tables import members as tables
from services.membership.tables.calendar import working_calendar
from services.membership.tables.members.rules import versions_of

Lasting = Annotated[int, Field(ge=0, le=1000)]


class StepRequest(Timed):
    """`occurred_at` is the day the step was taken."""

    step: JoiningStep = Field(title="步骤")
    minutes: Code | None = Field(default=None, title="会议记录编号")
    days: Lasting | None = Field(default=None, title="培训天数")
    hours: Lasting | None = Field(default=None, title="培训学时")


class Extension(Timed):
    probation_until: Day = Field(title="延长至")


@before(label="done_on", overdue="rule")
class StepView(Expected):
    label: str = Field(title="名称")
    overdue: bool = Field(title="逾期")


class RecordedView(Recorded):
    pass


class JoiningView(BaseModel):
    member_id: UUID
    state: MemberState = Field(title="身份")
    probation_until: date | None = Field(title="预备期满日期")
    plan: list[StepView] = Field(title="步骤")
    recorded: list[RecordedView] = Field(title="已登记")


@commands.post("/members/{member_id}/steps", status_code=201, summary="登记发展党员步骤")
async def record_step(member: Held, request: StepRequest, caller: Caller, uow: Work) -> MemberView:
    """Refused before its time, with the earliest date and the article. Late is never refused."""
    command = TakeStep(**request.fields())
    return view(await handlers.record_step(member, command, uow, request.at(uow)), caller)


@commands.post("/members/{member_id}/extend-probation", summary="延长预备期")
async def extend_probation(
    member: Held, request: Extension, caller: Caller, uow: Work
) -> MemberView:
    until, at = request.probation_until, request.at(uow)
    return view(await handlers.extend_probation(member, until, uow, at), caller)


@queries.get("/members/{member_id}/joining", summary="发展党员进度")
async def get_joining(member: Seen, context: Context) -> JoiningView:
    """Every step: when it was taken, or from when on it may be and until when it should be."""
    today = business_date(context.clock())
    async with context.database.sessions() as session:
        candidate = await handlers.candidate_of(session, member)
        recorded = await tables.steps(session, member.member_id, member.attempt)
        rules = await versions_of(session, *JOINING)
        calendar = await working_calendar(session)
    return JoiningView(
        **member.model_dump(include={"member_id", "state", "probation_until"}),
        plan=[
            StepView(**each.model_dump(), label=each.step.label, overdue=each.overdue_on(today))
            for each in domain.plan(candidate, today, rules, calendar)
        ],
        recorded=[row.as_state(RecordedView) for row in recorded],
    )
