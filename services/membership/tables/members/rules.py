"""Every version of some rules at once: a joining lasts years, and each step keeps its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import Severity
from services.chassis.database import execute
from services.chassis.rules import Book, Rule, Stated

EVERY = """
SELECT code, version, effective_from, severity, source, parameters FROM rule
 WHERE code = ANY(:codes) ORDER BY code, effective_from
"""


@dataclass(frozen=True)
class Versions:
    """`versions(day)` is the book of that day; before the first version, that first one."""

    stated: Mapping[str, Sequence[Stated]]

    def __call__(self, day: date) -> Book:
        return Book(
            next((v for v in reversed(versions) if v.effective_from <= day), versions[0])
            for versions in self.stated.values()
        )


async def versions_of(session: AsyncSession, *rules: type[Rule]) -> Versions:
    by_code = {rule.code: rule for rule in rules}
    stated: dict[str, list[Stated]] = {}
    for row in await execute(session, EVERY, {"codes": list(by_code)}):
        stated.setdefault(row.code, []).append(
            Stated(
                by_code[row.code].model_validate(row.parameters),
                row.version,
                row.effective_from,
                Severity(row.severity),
                row.source,
            )
        )
    return Versions(stated)
