"""Kinds are data: a code, its Chinese label, and the days it is in use. Districts add their own.

A kind may be a sort of another, and then has that one's traits but for those of its own. A code is
never renamed and never taken away: what was recorded under it goes on saying it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Self

import asyncpg
from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, Field, JsonValue
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.labelled import Labelled
from contracts.standards import KindCode, KindDefined, kind_id
from services.chassis.database import driver, execute
from services.chassis.errors import Conflict, Invalid, NotFound, PreconditionFailed
from services.chassis.http import versions
from services.chassis.http.callers import Caller
from services.chassis.http.commands import Timed, Work, command_router
from services.chassis.http.context import Context
from services.chassis.http.fields import Day, Name, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import over_all
from services.chassis.rules import EVER
from services.chassis.unit_of_work import UnitOfWork

KNOWN = """
SELECT code FROM kind
 WHERE family = :family AND effective_from <= :day AND (effective_to IS NULL OR effective_to > :day)
 ORDER BY position, code
"""
COLUMNS = (
    "family, code, label, effective_from, effective_to, parent, traits::text AS traits, version"
)
"""As text, because SQLAlchemy's connections would read JSON that the pool's leave alone."""
LINEAGE = f"""
WITH RECURSIVE up AS (
    SELECT k.*, 0 AS height FROM kind k WHERE family = $1 AND code = $2
    UNION ALL
    SELECT k.*, up.height + 1 FROM kind k JOIN up ON k.family = up.family AND k.code = up.parent
) CYCLE code SET looped USING walked
SELECT {COLUMNS} FROM up WHERE NOT looped ORDER BY height
"""  # noqa: S608  our own constants, as below
"""The kind itself, then the ones it is a sort of, the root last."""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 41))"
NEWLY = """
INSERT INTO kind (family, code, label, effective_from, effective_to, parent, traits, position,
                  version)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT max(position) + 1 FROM kind WHERE family = $1), 1)
"""
EDIT = """
UPDATE kind SET label = $3, effective_from = $4, effective_to = $5, parent = $6, traits = $7,
                version = version + 1
 WHERE family = $1 AND code = $2
"""
ONE = f"SELECT {COLUMNS} FROM kind WHERE family = $1 AND code = $2"  # noqa: S608
LISTED = f"""
SELECT {COLUMNS} FROM kind
 WHERE ($1::text IS NULL OR family = $1)
   AND ($2::date IS NULL
        OR effective_from <= $2 AND (effective_to IS NULL OR effective_to > $2))
 ORDER BY family, position, code
"""  # noqa: S608


class UnknownKind(Invalid):
    code = "unknown-kind"
    title, title_zh = "There is no such kind", "没有这一类别"


class UnknownFamily(NotFound):
    code = "unknown-family"
    title, title_zh = "There is no such family of kinds", "没有这一类目"


class KindCycle(Conflict):
    code = "kind-cycle"
    title, title_zh = "A kind cannot be a sort of itself", "类别不能成为自身的下级"


class KindEndsBeforeStart(Invalid):
    code = "kind-ends-before-start"
    title, title_zh = "A kind ends after it began", "停用日期须晚于启用日期"


async def check(session: AsyncSession, family: str, code: str, day: date, field: str) -> None:
    """Raises `UnknownKind`, which lists the codes in use on `day`."""
    rows = await execute(session, KNOWN, {"family": family, "day": day})
    codes = list(rows.scalars())
    if code not in codes:
        raise _unknown(field, code, codes)


async def labels(session: AsyncSession, family: str) -> dict[str, str]:
    """By code, of all kinds of the family, in use or not."""
    known = "SELECT code, label FROM kind WHERE family = :family"
    rows = await execute(session, known, {"family": family})
    return {row.code: row.label for row in rows}


def _unknown(field: str, code: str, codes: Sequence[str]) -> UnknownKind:
    return UnknownKind(
        f"`{field}` is {code!r}; known: {', '.join(codes)}.",
        zh=f"“{field}”没有 {code} 这一类别，可用：{'、'.join(codes)}。",
        field=field,
        value=code,
        known=codes,
    )


@dataclass(frozen=True, kw_only=True)
class Sort:
    """A kind as rules see it: `traits` are its own and those of all that it is a sort of."""

    family: str
    code: str
    label: str
    parent: str | None
    root: str
    traits: Mapping[str, Any]
    version: int


async def of(session: AsyncSession, family: str, code: str) -> Sort:
    """The kind, in use or not. Raises `UnknownKind`."""
    return await sort_of(await driver(session), family, code)


async def sort_of(connection: asyncpg.Connection, family: str, code: str) -> Sort:
    """`of` for whoever has a connection of the driver and no session."""
    rows = await connection.fetch(LINEAGE, family, code)
    if not rows:
        raise _unknown("kind", code, ())
    traits: dict[str, Any] = {}
    for row in reversed(rows):
        traits |= json.loads(row["traits"])
    own = rows[0]
    return Sort(
        family=family,
        code=code,
        label=own["label"],
        parent=own["parent"],
        root=rows[-1]["code"],
        traits=traits,
        version=own["version"],
    )


# Editing


class Kind(BaseModel):
    family: str = Field(title="类目")
    code: str = Field(title="代码")
    label: str = Field(title="名称")
    effective_from: date
    effective_to: date | None = Field(description="First day it is no longer in use.")
    parent: str | None = Field(title="上级类别")
    traits: dict[str, Any] = Field(title="特性", description="Its own, not those of its parent.")
    version: int = Field(description="0 until a district edited what the project seeded.")

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        return cls.model_validate({**row, "traits": json.loads(row["traits"])})


class KindRequest(Timed):
    """What is left out stays as it is, or is empty for a new kind, in use since ever.

    `parent: null` makes a kind a sort of nothing, `effective_to: null` takes it into use again.
    """

    label: Name
    parent: KindCode | None = Field(default=None, title="上级类别")
    traits: dict[KindCode, JsonValue] | None = Field(default=None, title="特性", max_length=20)
    effective_from: Day | None = Field(default=None, title="启用日期")
    effective_to: Day | None = Field(default=None, title="停用日期")


def routers(service: str) -> tuple[APIRouter, APIRouter]:
    """Reading and editing the kinds of `service`, which has an event to tell of it."""
    (event,) = (each for each in KindDefined.__subclasses__() if each.names()[0] == service)
    return _commands(service, event), queries


queries = APIRouter(prefix="/v1", tags=["类别"], responses=dict(RESPONSES))
Family = Annotated[str, Path(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]


@queries.get("/kinds", summary="类别表")
async def list_kinds(
    context: Context,
    _: Caller,
    family: Sought | None = None,
    day: Annotated[Day | None, Query(description="Only kinds in use on this day.")] = None,
) -> list[Kind]:
    rows = await context.database.pool.fetch(LISTED, family, day)
    return [Kind.of_row(row) for row in rows]


@queries.get("/kinds/{family}/{code}", summary="单个类别")
async def get_kind(
    family: Family, code: Family, context: Context, _: Caller, response: Response
) -> Kind:
    rows = await context.database.pool.fetch(LINEAGE, family, code)
    if not rows:
        raise NotFound(f"No kind {family}/{code}.", zh=f"类目 {family} 没有 {code} 这一类别。")
    versions.set_etag(response, rows[0]["version"])
    return Kind.of_row(rows[0])


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the caller says it saw: a version, nothing (`If-None-Match: *`), or not a word."""

    version: int | None = None
    nothing: bool = False

    def check(self, current: int | None) -> None:
        """Creating needs no word; editing names the version. Raises what the header deserves."""
        if current is None and self.version is not None:
            raise PreconditionFailed(
                "There is no such kind yet.", zh="尚无这一类别。", current=None
            )
        if current is not None and self.nothing:
            raise PreconditionFailed(
                f"It is there, at version {current}.", zh="该类别已存在。", current=current
            )
        if current is not None and self.version is None:
            raise versions.needed()
        if current is not None and self.version is not None:
            versions.check(self.version, current)


def _commands(service: str, event: type[KindDefined]) -> APIRouter:
    commands = command_router(tags=["类别"])

    @commands.put(
        "/kinds/{family}/{code}", summary="新增或变更类别", responses={201: {"model": Kind}}
    )
    async def put_kind(
        *,
        family: KindCode,
        code: KindCode,
        request: KindRequest,
        caller: Caller,
        uow: Work,
        response: Response,
        if_match: Annotated[str | None, Header()] = None,
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Kind:
        """A new kind takes no header, or `If-None-Match: *`; an edit names the version it saw.

        A code is never renamed. 201 for a new kind, else 200; repeating it changes nothing.
        """
        area = await over_all(uow.session, caller, Action.MANAGE_STANDARDS)
        expected = Expected(
            version=None if if_match is None else versions.parsed(if_match),
            nothing=if_none_match is not None,
        )
        kind, new = await _define(uow, family, code, request, expected)
        if kind.version != expected.version:
            uow.announce(_defined(event, service, area, kind), version=kind.version)
        response.status_code = 201 if new else 200
        versions.set_etag(response, kind.version)
        return kind

    return commands


def _defined(event: type[KindDefined], service: str, area: str, kind: Kind) -> KindDefined:
    return event(
        area=area,
        kind_id=kind_id(service, kind.family, kind.code),
        family_code=kind.family,
        code=kind.code,
        reference=f"{kind.family}/{kind.code}",
        name=kind.label,
        parent_code=kind.parent,
        effective_from=kind.effective_from,
        effective_to=kind.effective_to,
    )


async def _define(
    uow: UnitOfWork, family: str, code: str, request: KindRequest, expected: Expected
) -> tuple[Kind, bool]:
    """The kind as it is now and whether it is new; its version says whether it changed."""
    connection = await uow.driver()
    await connection.execute(LOCK, family)
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM kind WHERE family = $1)", family
    ):
        raise UnknownFamily(f"No kinds of family {family}.", zh=f"没有类目 {family}。")
    row = await connection.fetchrow(ONE, family, code)
    was = Kind.of_row(row) if row else None
    expected.check(was.version if was else None)
    kind = _stated(request, was or _blank(family, code, request.label))
    await _check_place(connection, kind)
    if was is not None and kind == was:
        return was, False
    if kind.effective_to is not None and kind.effective_to <= kind.effective_from:
        raise KindEndsBeforeStart(
            f"It began on {kind.effective_from}.",
            zh=f"启用日期为 {kind.effective_from}。",
            field="effective_to",
        )
    given = (kind.label, kind.effective_from, kind.effective_to, kind.parent)
    await connection.execute(
        EDIT if was else NEWLY, family, code, *given, json.dumps(kind.traits, ensure_ascii=False)
    )
    return kind.model_copy(update={"version": kind.version + 1}), was is None


def _blank(family: str, code: str, label: str) -> Kind:
    return Kind(
        family=family,
        code=code,
        label=label,
        effective_from=EVER,
        effective_to=None,
        parent=None,
        traits={},
        version=0,
    )


def _stated(request: KindRequest, was: Kind) -> Kind:
    said = request.model_dump(include=request.model_fields_set - {"occurred_at"})
    for name in ("traits", "effective_from"):  # these cannot be empty
        if said.get(name) is None:
            said.pop(name, None)
    return was.model_copy(update=said)


async def _check_place(connection: asyncpg.Connection, kind: Kind) -> None:
    """Raises `UnknownKind` for a parent that is not there and `KindCycle` for a sort of itself."""
    if kind.parent is None:
        return
    above = [row["code"] for row in await connection.fetch(LINEAGE, kind.family, kind.parent)]
    if not above:
        known = await connection.fetch(
            "SELECT code FROM kind WHERE family = $1 ORDER BY position, code", kind.family
        )
        raise _unknown("parent", kind.parent, [row["code"] for row in known])
    if kind.code in above:
        raise KindCycle(
            f"{kind.parent} is a sort of {kind.code}, or the same.",
            zh=f"{kind.parent} 已是 {kind.code} 的下级。",
            field="parent",
        )


# Seeds


@dataclass(frozen=True)
class Seed:
    """A kind that the project knows: what it is a sort of, and what rules ask of it."""

    kind: Labelled
    parent: Labelled | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)


def seed_statement(family: str, labels: dict[str, str]) -> str:
    """SQL for a migration that puts a family's first kinds in place."""
    values = ", ".join(f"('{family}', '{code}', '{label}')" for code, label in labels.items())
    return f"INSERT INTO kind (family, code, label) VALUES {values}"  # noqa: S608  our own constants


def seeds_statement(family: str, seeds: Sequence[Seed]) -> str:
    """SQL for a migration that puts kinds with parents and traits in place, in this order.

    Those that are there already are completed, unless a district edited them.
    """
    values = ", ".join(
        f"('{family}', '{seed.kind.value}', '{seed.kind.label}',"
        f" nullif('{seed.parent.value if seed.parent else ''}', ''),"
        f" '{_json(seed.traits)}'::jsonb, {position})"
        for position, seed in enumerate(seeds, start=1)
    )
    return (
        f"INSERT INTO kind (family, code, label, parent, traits, position) VALUES {values}"  # noqa: S608
        " ON CONFLICT (family, code) DO UPDATE SET parent = excluded.parent,"
        " traits = excluded.traits, position = excluded.position WHERE kind.version = 0"
    )


def _json(traits: Mapping[str, Any]) -> str:
    # Alembic hands text to SQLAlchemy, which takes a colon before a letter for a parameter.
    return json.dumps(dict(traits), ensure_ascii=False, separators=(", ", " : ")).replace("'", "''")
