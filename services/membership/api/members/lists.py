"""Members as lists, files and counts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, true
from sqlmodel import col

from contracts.access import Action
from contracts.kinds.members import (
    COUNTED,
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
from services.chassis.http import Caller, Context, Cursor, Limit, Page, sealed
from services.chassis.http import fields as text
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Cell
from services.chassis.http.listing import BY_ROUTE, By, Filters, after_cursor, conditions, listed
from services.chassis.http.lists import Written, as_file, titles
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import called
from services.chassis.periods import after_months, years_on
from services.membership.api.members.common import (
    IdentityNumber,
    MemberView,
    PersonName,
    Phone,
    Seen,
    queries,
    view,
)
from services.membership.api.members.personal import Purpose
from services.membership.api.written import OrganisationId
from services.membership.domain.members.rules import OldAge, OldMember
from services.membership.domain.members.states import Line, Member
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import MemberRow
from services.membership.tables.members import lists as counted
from services.membership.tables.organisations import OrganisationRow

LOOKED_AT = ("name", "phone", "identity_number")
BANDS = ((0, 35), (36, 45), (46, 55), (56, 60), (61, 70), (71, 80), (81, 200))
"""Ages (岁), both ends inclusive; the year of birth is all that is kept in the clear."""

ANY = By(lambda columns, states: columns["state"].in_(states) if states else true())
HOSTED = By(lambda columns, host: columns["member_id"].in_(counted.hosted_by(host)))
SENSITIVE = "Needs `members.manage`."


class MemberFilters(Filters):
    """What the list, the file and the counts share."""

    organisation_id: UUID | None = Field(default=None, description="Only of this branch.")
    below: Annotated[UUID | None, BY_ROUTE] = Field(
        default=None, description="Of this organisation and all below it."
    )
    group_id: UUID | None = None
    hosted_by: Annotated[UUID | None, HOSTED] = Field(
        default=None, description="Looked after by this branch."
    )
    code: text.Code | None = None
    state: Annotated[list[MemberState], ANY] = Field(default=[], description="Any of these.")
    leaving: LeavingReason | None = None
    whereabouts: Whereabouts | None = None
    education: Education | None = None
    work_status: WorkStatus | None = None
    occupation: Occupation | None = None
    health: Health | None = Field(default=None, description=SENSITIVE)
    hardship: bool | None = Field(default=None, description=SENSITIVE)
    benefit: Annotated[Literal["seniority", "age"] | None, BY_ROUTE] = Field(
        default=None,
        description="Full members for so many years (党龄), or who reach the age this year: rules"
        " `benefit.seniority` and `benefit.age`.",
    )

    @property
    def action(self) -> Action:
        """What is asked of the caller in every area."""
        sensitive = self.health is not None or self.hardship is not None
        return Action.MANAGE_MEMBERS if sensitive else Action.READ


Asked = Annotated[MemberFilters, after_cursor(MemberFilters)]


async def _scope(
    filters: MemberFilters, context: Context, caller: Caller
) -> tuple[tuple[str, ...], list[ColumnElement[bool]]]:
    """Where the caller may look, and what no column says: a subtree, a benefit of today."""
    areas = areas_to_list(caller, filters.within, filters.action)
    today, where = business_date(context.clock()), []
    async with context.database.sessions() as session:
        if filters.below is not None:
            path = (await organisations.organisation(session, filters.below)).path
            where.append(counted.below(path))
        if filters.benefit is not None:
            book = await rulebook.at(session, today, OldMember, OldAge)
            if filters.benefit == "age":
                where.append(col(MemberRow.birth_year) <= today.year - book[OldAge].least_years)
            else:
                since = after_months(today, -12 * book[OldMember].least_years)
                where.append(col(MemberRow.full_on) <= since)
            if not filters.state:
                where.append(col(MemberRow.state).in_(COUNTED))
    return areas, where


class Count(BaseModel):
    values: dict[str, str | bool] = Field(title="分类")
    members: int = Field(title="人数")


class Structure(BaseModel):
    """Members by what they are. Without a filter on state: probationary and full members."""

    total: int = Field(title="合计")
    counts: list[Count] = Field(title="分布")


class Lookup(BaseModel):
    """Exactly one of the three, wholly; spacing, width and case do not matter."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName | None = None
    phone: Phone | None = None
    identity_number: IdentityNumber | None = None


class LookupAmbiguous(Invalid):
    code = "lookup-needs-one"
    title, title_zh = "A lookup is by one field", "查找只能凭一项"


# What members can be counted by without opening anything sealed.
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
    filters: Asked,
    by: Annotated[
        list[Dimension], Query(min_length=1, max_length=3, description="`age` stands alone.")
    ],
) -> Structure:
    """For education by groups (分类施教): how many there are of each kind."""
    areas, more = await _scope(filters, context, caller)
    if {"health", "hardship"} & set(by):
        for area in areas:
            caller.require(Action.MANAGE_MEMBERS, area)
    where = [*conditions(MemberRow, filters, areas), *more]
    if not filters.state:
        where.append(col(MemberRow.state).in_(COUNTED))
    async with context.database.sessions() as session:
        if "age" in by:
            year = business_date(context.clock()).year
            counts = _banded(await counted.birth_years(session, where), year)
        else:
            rows = await counted.structure(session, where, by)
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


async def _years(context: ServiceContext, days: Collection[date]) -> Mapping[date, Cell]:
    today = business_date(context.clock())
    return {day: years_on(day, today) for day in days}


class Person(BaseModel):
    name: str | None = None
    phone: str | None = None
    identity_number: str | None = None
    birth_date: str | None = None


class MemberLine(Member):
    """A member as the file says them."""

    organisation_id: OrganisationId
    personal: Person

    @property
    def branch_code(self) -> Annotated[UUID, called(OrganisationRow.code)]:
        return self.organisation_id

    @property
    def years(self) -> Annotated[date, Written(_years)] | None:
        return self.full_on


async def _lines(
    context: Context,
    caller: Caller,
    filters: Asked,
    cursor: Cursor,
    limit: Limit = 50,
    *,
    full: Annotated[bool, Query(description="Unmasked: needs `personal.read`.")] = False,
    purpose: Purpose | None = None,
) -> Page[MemberLine]:
    """Those of the list. In full, every row is recorded as read before it is handed out."""
    page = await _members(context, caller, filters, cursor, limit)
    if full:
        for area in areas_to_list(caller, filters.within, filters.action):
            caller.require(Action.READ_PERSONAL, area)
        ids: dict[str, list[UUID]] = {}
        for row in page.items:
            ids.setdefault(row.area, []).append(row.member_id)
        persons = await sealed.all_in_full(context, caller, ids, purpose or "导出名册")
    else:
        persons = await sealed.masked(context, [row.member_id for row in page.items])
    return page.of(
        [
            MemberLine(**row.model_dump(), personal=Person(**persons.get(row.member_id, {})))
            for row in page.items
        ]
    )


@as_file(
    queries,
    "党员名册",
    columns={
        **titles(Member, "code"),
        "personal.name": "姓名",
        "personal.phone": "电话",
        "personal.identity_number": "公民身份号码",
        "personal.birth_date": "出生日期",
        "branch_code": "党支部代码",
        **titles(
            Member, "organisation_id", "area", "state", "education", "work_status", "occupation"
        ),
        **titles(Member, "whereabouts", "joined_on", "full_on"),
        "years": "党龄（年）",
    },
    form="xlsx",
    called="export",
    description="All rows of the list with the same filters."
    " In full, every row is recorded as read.",
    rows=_lines,
)
@queries.get("/members", summary="党员名册")
async def list_members(
    context: Context, caller: Caller, filters: Asked, cursor: Cursor, limit: Limit = 50
) -> Page[MemberView]:
    """In order of area, and within it of registration."""
    page = await _members(context, caller, filters, cursor, limit)
    shown = await sealed.masked(context, [row.member_id for row in page.items])
    return page.of([view(row, caller, shown.get(row.member_id, {})) for row in page.items])


async def _members(
    context: Context, caller: Caller, filters: MemberFilters, cursor: Cursor, limit: int
) -> Page[MemberRow]:
    _, where = await _scope(filters, context, caller)
    return await listed(
        context, caller, MemberRow, filters, cursor, limit,
        order=("area", "member_id"), action=filters.action, where=where,
    )  # fmt: skip


@queries.get("/members/{member_id}", summary="单个党员")
async def get_member(member: Seen, context: Context, caller: Caller) -> MemberView:
    shown = await sealed.masked(context, [member.member_id])
    return view(member, caller, shown.get(member.member_id, {}))


@queries.get("/members/{member_id}/history", summary="党员变更历史")
async def get_history(
    member: Seen,
    context: Context,
    on: Annotated[text.Day | None, Query(description="Only what stood on this day.")] = None,
) -> list[Line]:
    """Oldest first."""
    async with context.database.sessions() as session:
        lines = await tables.history(session, member.member_id, on)
    return [line.as_state(Line) for line in lines]
