"""Points rules and their versions."""

from typing import Annotated, Self

from fastapi import Query
from pydantic import Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.points import PointsUnit, SubjectType
from services.chassis.http import Caller, Context, Timed, Work, command_router, query_router
from services.chassis.http.fields import Code, Day, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.views import whole
from services.membership.domain.points import PointsRule
from services.membership.handlers.points import officers
from services.membership.tables.points import rules as tables

commands = command_router(tags=["积分"])
queries = query_router(tags=["积分"])

MOST = 10_000
"""Beyond any rule of such offices; keeps sums far from the limits of integers."""

Cap = Annotated[int, Field(ge=1, le=MOST)]
Points = Annotated[int, Field(ge=-MOST, le=MOST)]


class PointsRuleRequest(Timed):
    """A version of a rule, for an area and all that lies in it. Either `amount`, or both limits.

    `amount` 0 without limits: the rule gives nothing there, though it does elsewhere.
    """

    code: Code
    area: AreaCode
    label: Name = Field(title="规则名称")
    subject_type: SubjectType | None = Field(default=None, title="适用对象")
    unit: PointsUnit = Field(default=PointsUnit.TIME, title="计分单位")
    amount: Points = Field(default=0, title="单位分值")
    least: Points | None = Field(default=None, title="人工记分下限")
    most: Points | None = Field(default=None, title="人工记分上限")
    daily_cap: Cap | None = Field(default=None, title="每日上限")
    yearly_cap: Cap | None = Field(default=None, title="每年上限")
    effective_from: Day = Field(title="施行日期")
    effective_to: Day | None = Field(default=None, title="失效日期")
    source: Name = Field(title="依据")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.least is None) != (self.most is None):
            raise ValueError("上下限须同时填写 (send both limits or none)")
        if self.least is not None and self.most is not None:
            if self.least > self.most:
                raise ValueError("下限不能大于上限 (least exceeds most)")
            if self.amount:
                raise ValueError("有上下限的规则不填分值 (a rule with limits has no amount)")
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise ValueError("失效日期须晚于施行日期 (effective_to must follow effective_from)")
        return self


@whole
class PointsRuleView(PointsRule):
    pass


@commands.post("/points/rules", status_code=201, summary="制定积分规则新版本")
async def state_points_rule(
    request: PointsRuleRequest, caller: Caller, uow: Work
) -> PointsRuleView:
    """Earlier versions and what was entered under them stay as they are."""
    caller.require(Action.MANAGE_POINTS, request.area)
    rule = PointsRule(**request.fields())
    row = await officers.state_rule(rule, uow, request.at(uow), caller.subject)
    return row.shown(PointsRuleView)


@as_file(queries, "积分规则")
@queries.get("/points/rules", summary="积分规则列表")
async def list_points_rules(
    context: Context,
    caller: Caller,
    code: Sought | None = None,
    area: Annotated[AreaCode | None, Query(description="Those that reach this area.")] = None,
    on: Annotated[Day | None, Query(description="Begun and not ended on this day.")] = None,
) -> list[PointsRuleView]:
    """All versions. Rules are public: any caller may read them all."""
    caller.areas(Action.READ)
    async with context.database.sessions() as session:
        rows = await tables.rules(session, code=code, area=area, day=on)
    return [row.shown(PointsRuleView) for row in rows]
