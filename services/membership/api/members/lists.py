"""Members as lists, files and counts."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.members import (
    Education,
    Health,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from services.chassis import personal, rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of, sealed, set_etag
from services.chassis.http import fields as text
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.scopes import areas_to_list
from services.chassis.periods import after_months, years_on
from services.membership.api.members.common import (
    IdentityNumber,
    MemberView,
    PersonName,
    Phone,
    queries,
    view,
)
from services.membership.api.members.personal import Purpose
from services.membership.domain.members.rules import OldAge, OldMember
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import HistoryRow, MemberRow, Sought

PART = 1000
LOOKED_AT = ("name", "phone", "identity_number")
BANDS = ((0, 35), (36, 45), (46, 55), (56, 60), (61, 70), (71, 80), (81, 200))
"""Ages (岁), both ends inclusive; the year of birth is all that is kept in the clear."""


class Asked(BaseModel):
    """Filters that the list, the file and the counts share."""

    within: AreaCode | None = Field(default=None, description="Only in this area.")
    organisation_id: UUID | None = Field(default=None, description="Only of this branch.")
    below: UUID | None = Field(default=None, description="Of this organisation and all below it.")
    group_id: UUID | None = None
    hosted_by: UUID | None = Field(default=None, description="Looked after by this branch.")
    code: text.Code | None = None
    state: list[MemberState] = Field(default=[], description="Any of these.")
    leaving: LeavingReason | None = None
    whereabouts: Whereabouts | None = None
    education: Education | None = None
    work_status: WorkStatus | None = None
    occupation: Occupation | None = None
    health: Health | None = Field(default=None, description="Needs `members.manage`.")
    hardship: bool | None = Field(default=None, description="Needs `members.manage`.")
    benefit: Literal["seniority", "age"] | None = Field(
        default=None,
        description="Full members for so many years (党龄), or who reach the age this year: rules"
        " `benefit.seniority` and `benefit.age`.",
    )


async def _sought(asked: Annotated[Asked, Query()], context: Context, caller: Caller) -> Sought:
    return await sought(asked, context, caller)


async def sought(asked: Asked, context: Context, caller: Caller) -> Sought:
    """The filters as the tables take them, cut to what the caller may see."""
    sensitive = asked.health is not None or asked.hardship is not None
    action = Action.MANAGE_MEMBERS if sensitive else Action.READ
    within = areas_to_list(caller, asked.within, action)
    today = business_date(context.clock())
    path, born_by, full_by = None, None, None
    async with context.database.sessions() as session:
        if asked.below is not None:
            path = (await organisations.organisation(session, asked.below)).path
        if asked.benefit is not None:
            book = await rulebook.at(session, today, OldMember, OldAge)
            if asked.benefit == "age":
                born_by = today.year - book[OldAge].least_years
            else:
                full_by = after_months(today, -12 * book[OldMember].least_years)
    states = [state.value for state in asked.state]
    if asked.benefit and not states:
        states = [MemberState.PROBATIONARY.value, MemberState.FULL.value]
    same = asked.model_dump(
        exclude={"within", "below", "state", "benefit"}, exclude_none=True, mode="python"
    )
    return Sought(
        within=within, below=path, states=states, born_by=born_by, full_by=full_by, **same
    )


AskedMembers = Annotated[Sought, Depends(_sought)]


class Count(BaseModel):
    values: dict[str, str | bool] = Field(title="分类")
    members: int = Field(title="人数")


class Structure(BaseModel):
    """Members by what they are. Without a filter on state: probationary and full members."""

    total: int = Field(title="合计")
    counts: list[Count] = Field(title="分布")


class Line(BaseModel):
    """What a member was from a day on."""

    effective_on: date = Field(title="日期")
    state: MemberState = Field(title="身份")
    leaving: LeavingReason | None = Field(title="离开原因")
    organisation_id: UUID = Field(title="党支部")
    group_id: UUID | None = Field(title="党小组")
    whereabouts: Whereabouts = Field(title="流动状态")
    reason: str = Field(title="事由")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")


class Lookup(BaseModel):
    """Exactly one of the three, wholly; spacing, width and case do not matter."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName | None = None
    phone: Phone | None = None
    identity_number: IdentityNumber | None = None


class LookupAmbiguous(Invalid):
    code = "lookup-needs-one"
    title, title_zh = "A lookup is by one field", "查找只能凭一项"


@queries.get("/members", summary="党员名册")
async def list_members(
    context: Context, caller: Caller, found: AskedMembers, cursor: Cursor, limit: Limit = 50
) -> Page[MemberView]:
    """In order of area, and within it of registration."""
    after = (cursor[0], UUID(cursor[1])) if cursor else None
    async with context.database.sessions() as session:
        rows = await tables.listed(session, found, after, limit + 1)
    shown = await sealed.masked(context, [row.member_id for row in rows[:limit]])
    return page_of(
        rows,
        limit,
        lambda row: view(row, caller, shown.get(row.member_id, {})),
        lambda row: (row.area, row.member_id),
    )


Dimension = Literal[
    "state",
    "education",
    "work_status",
    "occupation",
    "whereabouts",
    "health",
    "hardship",
    "age",
]


@queries.get("/members/structure", summary="党员结构")
async def structure(
    context: Context,
    caller: Caller,
    found: AskedMembers,
    by: Annotated[
        list[Dimension], Query(min_length=1, max_length=3, description="`age` stands alone.")
    ],
) -> Structure:
    """For education by groups (分类施教): how many there are of each kind."""
    if {"health", "hardship"} & set(by):
        for area in found.within:
            caller.require(Action.MANAGE_MEMBERS, area)
    async with context.database.sessions() as session:
        if "age" in by:
            year = business_date(context.clock()).year
            counts = _banded(await tables.birth_years(session, found), year)
        else:
            rows = await tables.structure(session, found, by)
            counts = [
                Count(values=dict(zip(by, values, strict=True)), members=n) for values, n in rows
            ]
    return Structure(total=sum(count.members for count in counts), counts=counts)


def _banded(rows: Sequence[tuple[int | None, int]], year: int) -> list[Count]:
    bands: dict[str, int] = {}
    for born, members in rows:
        age = None if born is None else max(year - born, 0)
        low, high = next(((a, b) for a, b in BANDS if age is not None and a <= age <= b), (0, 0))
        label = f"{low}-{high}" if age is not None else "unknown"
        bands[label] = bands.get(label, 0) + members
    return [Count(values={"age": label}, members=n) for label, n in bands.items()]


@queries.post("/members/lookup", summary="按姓名、电话或身份号码精确查找")
async def lookup(request: Lookup, context: Context, caller: Caller) -> list[MemberView]:
    """A body, not a query: addresses are logged on their way. What is found is noted as read."""
    field, said = _one_of(request)
    within = areas_to_list(caller, None, Action.MANAGE_MEMBERS)
    async with context.database.pool.acquire() as connection, connection.transaction():
        ids = {*await personal.find(connection, context.vault, field, said)}
        async with context.database.sessions() as session:
            rows = await tables.among(session, ids, within)
        found = [row.member_id for row in rows]
        shown = await personal.shown(connection, context.vault, found)
        for row in rows:
            await personal.record(
                connection,
                [row.member_id],
                actor=caller.subject,
                fields=[field],
                purpose="精确查找",
                at=context.clock(),
                area=row.area,
            )
    return [view(row, caller, shown.get(row.member_id, {})) for row in rows]


def _one_of(request: Lookup) -> tuple[str, str]:
    """Raises `LookupAmbiguous`: of several, nobody could say which of them found whom."""
    given = [(field, said) for field in LOOKED_AT if (said := getattr(request, field)) is not None]
    if len(given) != 1:
        blamed = [field for field, _ in given] or LOOKED_AT
        zh = "姓名、电话、公民身份号码三项中填且只填一项。"
        raise LookupAmbiguous(
            "Give exactly one of `name`, `phone` and `identity_number`.",
            zh=zh,
            field=blamed[0],
            errors=[{"field": field, "reason": zh} for field in blamed],
        )
    return given[0]


HEADINGS = (
    *("党员代码", "姓名", "电话", "公民身份号码", "出生日期", "党支部代码", "党支部", "区划"),
    *("身份", "学历", "就业状况", "职业", "流动状态", "入党日期", "转正日期", "党龄（年）"),
)


@queries.get("/members/export", summary="导出党员名册", response_class=Response)
async def export(
    *,
    context: Context,
    caller: Caller,
    found: AskedMembers,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
    full: Annotated[bool, Query(description="Unmasked: needs `personal.read`.")] = False,
    purpose: Purpose | None = None,
) -> Response:
    """All rows of the list with the same filters. In full, every row is recorded as read."""
    if full:
        for area in found.within:
            caller.require(Action.READ_PERSONAL, area)
    told = (purpose or "导出名册") if full else None
    today = business_date(context.clock())

    async def lines() -> AsyncIterator[Sequence[Cell]]:
        after: tuple[str, UUID] | None = None
        async with context.database.sessions() as session:
            while part := await tables.listed(session, found, after, PART):
                names = await tables.branches(session, {row.organisation_id for row in part})
                opened = await _said(context, caller, part, told)
                for row in part:
                    yield _line(row, opened.get(row.member_id, {}), names, today)
                after = (part[-1].area, part[-1].member_id)
                session.expunge_all()

    return await exported("党员名册", HEADINGS, lines(), form)


Personal = dict[UUID, dict[str, str]]


async def _said(
    context: Context, caller: Caller, rows: Sequence[MemberRow], purpose: str | None
) -> Personal:
    """What is sealed of these members: masked, or in full for a purpose, and then recorded."""
    if purpose is None:
        return await sealed.masked(context, [row.member_id for row in rows])
    ids: dict[str, list[UUID]] = {}
    for row in rows:
        ids.setdefault(row.area, []).append(row.member_id)
    return await sealed.all_in_full(context, caller, ids, purpose)


def _line(
    row: MemberRow, said: dict[str, str], branches: dict[UUID, tuple[str, str]], today: date
) -> Sequence[Cell]:
    code, name = branches.get(row.organisation_id, ("", ""))
    return (
        row.code,
        *(said.get(field, "") for field in (*LOOKED_AT, "birth_date")),
        code,
        name,
        row.area,
        MemberState(row.state).label,
        Education(row.education).label,
        WorkStatus(row.work_status).label,
        Occupation(row.occupation).label,
        Whereabouts(row.whereabouts).label,
        row.joined_on,
        row.full_on,
        years_on(row.full_on, today) if row.full_on else None,
    )


@queries.get("/members/{member_id}", summary="单个党员")
async def get_member(
    member_id: UUID, context: Context, caller: Caller, response: Response
) -> MemberView:
    async with context.database.sessions() as session:
        row = await tables.member(session, member_id)
    caller.require(Action.READ, row.area)
    shown = await sealed.masked(context, [member_id])
    set_etag(response, row.version)
    return view(row, caller, shown.get(member_id, {}))


@queries.get("/members/{member_id}/history", summary="党员变更历史")
async def get_history(
    member_id: UUID,
    context: Context,
    caller: Caller,
    on: Annotated[text.Day | None, Query(description="Only what stood on this day.")] = None,
) -> list[Line]:
    """Oldest first."""
    async with context.database.sessions() as session:
        row = await tables.member(session, member_id)
        caller.require(Action.READ, row.area)
        if on is None:
            lines = await tables.history(session, member_id)
        else:
            stood = await tables.state_on(session, member_id, on)
            lines = [stood] if stood else []
    return [_past(line) for line in lines]


def _past(line: HistoryRow) -> Line:
    return Line.model_validate(line.model_dump())
