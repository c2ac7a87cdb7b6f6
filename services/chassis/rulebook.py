"""Versions of rules in the database. What has begun is never edited: the past keeps its rules."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, JsonValue, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.alerts import Severity
from contracts.standards import RuleIssued, rule_id
from services.chassis.clock import business_date
from services.chassis.database import driver
from services.chassis.errors import Conflict, Defect, Invalid, NotFound
from services.chassis.http.callers import Caller
from services.chassis.http.commands import Timed, Work, command_router
from services.chassis.http.context import Context
from services.chassis.http.fields import Code, Day, Name
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import over_all
from services.chassis.rules import Book, R, Rule, Stated, by_code
from services.chassis.unit_of_work import UnitOfWork

IN_FORCE = """
SELECT DISTINCT ON (code) code, version, effective_from, severity, source, parameters, recorded_at
  FROM rule
 WHERE code = ANY(:codes)
 ORDER BY code, effective_from <= :day DESC,
          CASE WHEN effective_from <= :day THEN effective_from END DESC, effective_from
"""
"""The newest that began by then; for days before the first version, that first one."""

DRIVEN = f"""
SELECT code, version, effective_from, severity, source, parameters::text AS parameters
  FROM ({IN_FORCE.replace(":codes", "$1").replace(":day", "$2::date")}) AS in_force
"""  # noqa: S608  our own constants
ALL = "SELECT * FROM rule WHERE code = ANY($1) ORDER BY code, effective_from"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 42))"
ANNOUNCED = "SELECT count(*) FROM event_log WHERE aggregate_id = $1"
"""One for each version that was issued, also for those superseded; what was seeded was not."""
NAMED = """
SELECT EXISTS (SELECT FROM rule WHERE code = $1 AND version = $2)
    OR EXISTS (SELECT FROM event_log
                WHERE aggregate_id = $3 AND body::jsonb -> 'data' ->> 'version_code' = $2)
"""
"""The name is of a version, be it one that was superseded before it began."""
BEGINNING = "SELECT version FROM rule WHERE code = $1 AND effective_from = $2"
ADD = """
INSERT INTO rule (code, version, effective_from, severity, source, parameters, recorded_at,
                  recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (code, effective_from) DO UPDATE
   SET version = excluded.version, severity = excluded.severity, source = excluded.source,
       parameters = excluded.parameters, recorded_at = excluded.recorded_at,
       recorded_by = excluded.recorded_by
"""
"""Its log of events keeps what a version that never began had said."""


class RuleBackdated(Invalid):
    code = "rule-backdated"
    title, title_zh = "A rule never changes the past", "规则不得溯及既往"


class RuleVersionTaken(Conflict):
    code = "rule-version-taken"
    title, title_zh = "The rule has such a version already", "该规则已有此版本"


class RuleNumbersWrong(Invalid):
    code = "rule-parameters-wrong"
    title, title_zh = "These are not the numbers of the rule", "规则数值有误"


async def at(session: AsyncSession, day: date, *rules: type[Rule]) -> Book:
    """The versions of `rules` in force on `day`."""
    return await by_driver(await driver(session), day, *rules)


async def one(session: AsyncSession, day: date, rule: type[R]) -> R:
    """As `at`, where nothing is asked but the numbers of one."""
    return (await at(session, day, rule))[rule]


async def by_driver(connection: asyncpg.Connection, day: date, *rules: type[Rule]) -> Book:
    """As `at`, for whoever has a connection of the driver and no session."""
    wanted = by_code(rules)
    book = [
        Stated(
            wanted[row["code"]].model_validate_json(row["parameters"]),
            row["version"],
            row["effective_from"],
            Severity(row["severity"]),
            row["source"],
        )
        for row in await connection.fetch(DRIVEN, list(wanted), day)
    ]
    if missing := wanted.keys() - {each.rule.code for each in book}:
        raise Defect(f"no version of {', '.join(sorted(missing))} is in the database")
    return Book(book)


# Over HTTP


class RuleView(BaseModel):
    """One version of a rule: its numbers, and where they come from."""

    code: str = Field(title="规则")
    label: str = Field(title="名称")
    version: str = Field(title="版本")
    effective_from: date = Field(title="施行日期")
    severity: Severity = Field(title="程度")
    source: str = Field(title="依据")
    parameters: dict[str, Any] = Field(title="数值")
    labels: dict[str, str] = Field(title="数值名称", description="Chinese names of the parameters.")
    recorded_at: datetime = Field(title="登记时刻")


class RuleVersionRequest(Timed):
    version: Code
    effective_from: Day = Field(title="施行日期", description="Today, or a later day.")
    severity: Severity = Field(title="程度")
    source: Name = Field(title="依据", description="Regulation and article.")
    parameters: dict[str, JsonValue] = Field(title="数值", max_length=50)


RuleCode = Annotated[str, Path(max_length=80, pattern=r"^[0-9A-Za-z._-]+$")]


def routers(service: str, rules: Sequence[type[Rule]]) -> tuple[APIRouter, APIRouter]:
    """Reading and renewing the `rules` of `service`, which has an event to tell of it."""
    (event,) = (each for each in RuleIssued.__subclasses__() if each.names()[0] == service)
    known = by_code(rules)
    return _commands(service, event, known), _queries(known)


def _queries(known: Mapping[str, type[Rule]]) -> APIRouter:
    queries = APIRouter(prefix="/v1", tags=["规则"], responses=dict(RESPONSES))

    @queries.get("/rules", summary="施行中的规则")
    async def list_rules(
        context: Context,
        _: Caller,
        day: Annotated[Day | None, Query(description="In force on this day; else today.")] = None,
    ) -> list[RuleView]:
        on = day or business_date(context.clock())
        statement = IN_FORCE.replace(":codes", "$1").replace(":day", "$2")
        rows = await context.database.pool.fetch(statement, list(known), on)
        return [_view(row, known) for row in rows]

    @queries.get("/rules/{code}", summary="一条规则的各个版本")
    async def get_rule(code: RuleCode, context: Context, _: Caller) -> list[RuleView]:
        _check_known(code, known)
        rows = await context.database.pool.fetch(ALL, [code])
        return [_view(row, known) for row in rows]

    return queries


def _commands(service: str, event: type[RuleIssued], known: Mapping[str, type[Rule]]) -> APIRouter:
    commands = command_router(tags=["规则"])

    @commands.post("/rules/{code}/versions", status_code=201, summary="发布规则新版本")
    async def issue_rule(
        code: RuleCode, request: RuleVersionRequest, caller: Caller, uow: Work
    ) -> RuleView:
        """What was decided before `effective_from` stays decided as it was.

        A version that has not begun is superseded by another one issued for the same day.
        """
        area = await over_all(uow.session, caller, Action.MANAGE_STANDARDS)
        _check_known(code, known)
        _check_begin(request.effective_from, business_date(uow.now))
        numbers = _numbers(known[code], request.parameters)
        rule = rule_id(service, code)
        version = await _add(uow, rule, code, request, numbers, caller.subject)
        uow.announce(
            event(
                area=area,
                rule_id=rule,
                rule_code=code,
                version_code=request.version,
                effective_from=request.effective_from,
                severity=request.severity,
                parameters=numbers,
            ),
            version=version,
        )
        said = request.model_dump(exclude={"occurred_at", "parameters"})
        told = {**said, "code": code, "parameters": json.dumps(numbers), "recorded_at": uow.now}
        return _view(told, known)

    return commands


def _check_known(code: str, known: Mapping[str, type[Rule]]) -> None:
    if code not in known:
        raise NotFound(f"No rule {code}.", zh=f"没有规则 {code}。", known=sorted(known))


def _check_begin(effective_from: date, today: date) -> None:
    if effective_from < today:
        raise RuleBackdated(
            f"`effective_from` is before today, {today}.",
            zh=f"施行日期不能早于今天（{today}）。",
            field="effective_from",
            earliest=str(today),
        )


def _numbers(rule: type[Rule], parameters: Mapping[str, JsonValue]) -> dict[str, Any]:
    """As the rule's class reads them. Raises `RuleNumbersWrong`."""
    try:
        return rule.model_validate(parameters).model_dump(mode="json")
    except ValidationError as error:
        wrong = [
            {"field": ".".join(("parameters", *map(str, e["loc"]))), "reason": e["msg"]}
            for e in error.errors(include_url=False, include_context=False)
        ]
        said = "; ".join(f"{one['field']}: {one['reason']}" for one in wrong)
        raise RuleNumbersWrong(said, zh=said, field="parameters", errors=wrong) from error


async def _add(
    uow: UnitOfWork,
    rule: UUID,
    code: str,
    request: RuleVersionRequest,
    numbers: dict[str, Any],
    actor: str,
) -> int:
    """Which version of its event this is. Raises `RuleVersionTaken`."""
    connection = await uow.driver()
    await connection.execute(LOCK, code)
    if await connection.fetchval(NAMED, code, request.version, rule):
        raise RuleVersionTaken(
            f"A version is called {request.version} already.",
            zh=f"版本号 {request.version} 已用过，请换一个。",
            field="version",
        )
    begun = request.effective_from <= business_date(uow.now)
    if begun and (there := await connection.fetchval(BEGINNING, code, request.effective_from)):
        raise RuleVersionTaken(
            f"Version {there} began on this day; the next can begin tomorrow.",
            zh=f"第 {there} 版自当日起施行，不能替换；新版本最早自明日起施行。",
            field="effective_from",
        )
    given = (request.version, request.effective_from)
    stated = (request.severity.value, request.source, json.dumps(numbers, ensure_ascii=False))
    await connection.execute(ADD, code, *given, *stated, uow.now, actor)
    return 1 + int(await connection.fetchval(ANNOUNCED, rule))


def _view(row: Mapping[str, Any], known: Mapping[str, type[Rule]]) -> RuleView:
    rule = known[row["code"]]
    return RuleView(
        label=rule.label,
        labels={name: field.title or name for name, field in rule.model_fields.items()},
        parameters=json.loads(row["parameters"]),
        **{name: row[name] for name in ("code", "version", "effective_from", "severity", "source")},
        recorded_at=row["recorded_at"],
    )


# Seeds


def seed_statement(*versions: Stated) -> str:
    """SQL for a migration that puts the first versions of rules in place."""
    rows = ", ".join(
        "("
        + ", ".join(
            _literal(text)
            for text in (
                each.rule.code,
                each.version,
                each.effective_from.isoformat(),
                each.severity.value,
                each.source,
                json.dumps(each.rule.model_dump(mode="json"), ensure_ascii=False),
            )
        )
        + ")"
        for each in versions
    )
    columns = "code, version, effective_from, severity, source, parameters"
    return f"INSERT INTO rule ({columns}) VALUES {rows}"  # noqa: S608  our own constants


def _literal(text: str) -> str:
    # Alembic hands text to SQLAlchemy, which takes a colon before a letter for a parameter.
    return "'" + text.replace("'", "''").replace(":", "\\:") + "'"
