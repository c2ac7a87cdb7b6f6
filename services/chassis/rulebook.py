"""Versions of rules in the database. A version is added, never edited: the past keeps its rules."""

import json
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import Severity
from services.chassis.database import execute
from services.chassis.errors import Defect
from services.chassis.rules import Book, Rule, Stated

IN_FORCE = """
SELECT DISTINCT ON (code) code, version, effective_from, severity, source, parameters FROM rule
 WHERE code = ANY(:codes)
 ORDER BY code, effective_from <= :day DESC,
          CASE WHEN effective_from <= :day THEN effective_from END DESC, effective_from
"""
"""The newest that began by then; for days before the first version, that first one."""


async def at(session: AsyncSession, day: date, *rules: type[Rule]) -> Book:
    """The versions of `rules` in force on `day`."""
    by_code = {rule.code: rule for rule in rules}
    rows = await execute(session, IN_FORCE, {"codes": list(by_code), "day": day})
    book = [
        Stated(
            by_code[row.code].model_validate(row.parameters),
            row.version,
            row.effective_from,
            Severity(row.severity),
            row.source,
        )
        for row in rows
    ]
    if missing := by_code.keys() - {each.rule.code for each in book}:
        raise Defect(f"no version of {', '.join(sorted(missing))} is in the database")
    return Book(book)


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
