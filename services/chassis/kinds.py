"""Kinds are data: a code, its Chinese label, and the days it is in use. Districts add their own."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.chassis.errors import Invalid
from services.chassis.http.callers import Caller
from services.chassis.http.context import Context
from services.chassis.http.problems import RESPONSES

KNOWN = """
SELECT code FROM kind
 WHERE family = :family AND effective_from <= :day AND (effective_to IS NULL OR effective_to > :day)
 ORDER BY code
"""


class UnknownKind(Invalid):
    code = "unknown-kind"
    title, title_zh = "There is no such kind", "没有这一类别"


async def check(session: AsyncSession, family: str, code: str, day: date, field: str) -> None:
    """Raises `UnknownKind`, which lists the codes in use on `day`."""
    rows = await execute(session, KNOWN, {"family": family, "day": day})
    codes = list(rows.scalars())
    if code not in codes:
        raise UnknownKind(
            f"`{field}` is {code!r}; known: {', '.join(codes)}.",
            zh=f"“{field}”没有 {code} 这一类别，可用：{'、'.join(codes)}。",
            field=field,
            value=code,
            known=codes,
        )


class Kind(BaseModel):
    family: str = Field(title="类目")
    code: str = Field(title="代码")
    label: str = Field(title="名称")
    effective_from: date
    effective_to: date | None = Field(description="First day it is no longer in use.")


router = APIRouter(prefix="/v1", tags=["类别"], responses=dict(RESPONSES))


@router.get("/kinds", summary="类别表")
async def kinds(context: Context, _: Caller) -> list[Kind]:
    rows = await context.database.pool.fetch("SELECT * FROM kind ORDER BY family, code")
    return [Kind(**row) for row in rows]


def seed_statement(family: str, labels: dict[str, str]) -> str:
    """SQL for a migration that puts a family's first kinds in place."""
    values = ", ".join(f"('{family}', '{code}', '{label}')" for code, label in labels.items())
    return f"INSERT INTO kind (family, code, label) VALUES {values}"  # noqa: S608  our own constants
