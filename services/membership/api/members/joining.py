"""The way into the organisation: what was done, what may be done, what is due."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.members import JoiningStep, MemberState
from services.chassis.clock import business_date, occurred
from services.chassis.http import Caller, Context, Timed, Work
from services.chassis.http.fields import Code, Day
from services.membership.api.members.common import MemberView, answered, commands, queries
from services.membership.domain.members import joining as domain
from services.membership.domain.members.joining import Expected, TakeStep
from services.membership.domain.members.rules import JOINING
from services.membership.handlers import members as handlers
from services.membership.tables import members as tables
from services.membership.tables.calendar import working_calendar
from services.membership.tables.members import StepRow
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


class StepView(BaseModel):
    step: JoiningStep = Field(title="步骤")
    label: str = Field(title="名称")
    done_on: date | None = Field(title="完成日期")
    earliest: date | None = Field(title="最早日期")
    due: date | None = Field(title="期限")
    latest: date | None = Field(title="特殊情况最迟")
    overdue: bool = Field(title="逾期")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")
    source: str | None = Field(title="条款")


class RecordedView(BaseModel):
    step: JoiningStep = Field(title="步骤")
    held_on: date = Field(title="日期")
    organisation_id: UUID = Field(title="党支部")
    minutes: str | None = Field(title="会议记录编号")
    days: int | None = Field(title="培训天数")
    hours: int | None = Field(title="培训学时")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")


class JoiningView(BaseModel):
    member_id: UUID
    state: MemberState = Field(title="身份")
    probation_until: date | None = Field(title="预备期满日期")
    plan: list[StepView] = Field(title="步骤")
    recorded: list[RecordedView] = Field(title="已登记")


@commands.post("/members/{member_id}/steps", status_code=201, summary="登记发展党员步骤")
async def record_step(
    member_id: UUID, request: StepRequest, caller: Caller, uow: Work, response: Response
) -> MemberView:
    """Refused before its time, with the earliest date and the article. Late is never refused."""
    caller.require(Action.MANAGE_MEMBERS, (await tables.member(uow.session, member_id)).area)
    at = occurred(request.occurred_at, uow.now)
    command = TakeStep(step=request.step, days=request.days, hours=request.hours)
    row = await handlers.record_step(uow, member_id, command, at, minutes=request.minutes)
    return answered(row, caller, response)


@commands.post("/members/{member_id}/extend-probation", summary="延长预备期")
async def extend_probation(
    member_id: UUID, request: Extension, caller: Caller, uow: Work, response: Response
) -> MemberView:
    caller.require(Action.MANAGE_MEMBERS, (await tables.member(uow.session, member_id)).area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.extend_probation(uow, member_id, request.probation_until, at)
    return answered(row, caller, response)


@queries.get("/members/{member_id}/joining", summary="发展党员进度")
async def get_joining(member_id: UUID, context: Context, caller: Caller) -> JoiningView:
    """Every step: when it was taken, or from when on it may be and until when it should be."""
    today = business_date(context.clock())
    async with context.database.sessions() as session:
        row = await tables.member(session, member_id)
        caller.require(Action.READ, row.area)
        candidate = await handlers.candidate_of(session, row)
        recorded = await tables.steps(session, member_id, row.attempt)
        rules = await versions_of(session, *JOINING)
        calendar = await working_calendar(session)
    expected = domain.plan(candidate, today, rules, calendar)
    return JoiningView(
        member_id=member_id,
        state=MemberState(row.state),
        probation_until=row.probation_until,
        plan=[_expected(one, today) for one in expected],
        recorded=[_recorded(one) for one in recorded],
    )


def _expected(one: Expected, today: date) -> StepView:
    statement = one.statement
    return StepView(
        step=one.step,
        label=one.step.label,
        done_on=one.done_on,
        earliest=one.earliest,
        due=one.due,
        latest=one.latest,
        overdue=one.overdue(today),
        rule=statement.code if statement else None,
        rule_version=statement.version if statement else None,
        source=statement.source if statement else None,
    )


def _recorded(row: StepRow) -> RecordedView:
    return RecordedView.model_validate(row.model_dump())
