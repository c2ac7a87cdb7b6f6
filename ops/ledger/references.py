"""What rows refer to and what is registered already, looked up before anything is written."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from contracts.areas import lineage
from ops.ledger.ledgers import BY_NAME, LEDGERS, VOCABULARY
from ops.ledger.model import Column, Item, Ledger, Outcome, Row, body_of
from ops.ledger.services import AT_ONCE, Services

ASK_SINGLY = 300
"""Up to so many codes are asked for one by one; more are cheaper to find in the whole list."""


Registered = dict[tuple[str, str], Item]
"""Ledger and code to what its service shows."""


class Register:
    """What is registered under the codes of a file. Without services, nothing is known."""

    def __init__(self, services: Services | None) -> None:
        self._services = services
        self.known: Registered = {}

    async def look_up(self, rows: Sequence[Row]) -> None:
        for ledger in LEDGERS:
            if self._services is not None and ledger.one and (codes := _codes(ledger, rows)):
                found = _singly if len(codes) <= ASK_SINGLY else _listed
                for code, item in await found(self._services, ledger, codes):
                    self.known[ledger.name, code] = item

    def get(self, ledger: str, code: object) -> Item | None:
        return self.known.get((ledger, str(code)))

    @property
    def complete(self) -> bool:
        """False when a missing thing may only be unknown to us."""
        return self._services is not None

    async def settle_nameless(self, rows: Sequence[Row]) -> None:
        """Find rows without a name among what is recorded, whoever recorded it.

        Each recorded thing answers for one row: of two equal rows and one record, one row is new.
        """
        for ledger in LEDGERS:
            mine = [row for row in rows if row.ledger is ledger and row.good and _bound(row)]
            if ledger.same is None or self._services is None or not mine:
                continue
            recorded: Counter[object] = Counter()
            for base, first, last in _spans(mine):
                async for item in self._services.pages(
                    ledger.service,
                    ledger.collection,
                    **{"base_id": base, "from": first.isoformat(), "to": last.isoformat()},
                ):
                    recorded[ledger.same(item)] += 1
            for row in mine:
                said = ledger.same(body_of(row))
                if recorded[said] > 0:
                    recorded[said] -= 1
                    row.outcome = Outcome.UNCHANGED


def _codes(ledger: Ledger, rows: Sequence[Row]) -> set[str]:
    own = {str(row.name[-1]) for row in rows if row.ledger is ledger and row.name}
    referred = {
        str(row.values[column.field])
        for row in rows
        for column in row.ledger.columns
        if column.refers == ledger.name and row.values.get(column.field) is not None
    }
    return own | referred


async def _singly(
    services: Services, ledger: Ledger, codes: Iterable[str]
) -> list[tuple[str, Item]]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(code: str) -> tuple[str, Item] | None:
        async with gate:
            shown = await services.get(ledger.service, ledger.one.format(code=code))
        if shown and "items" in shown:
            shown = next((item for item in shown["items"] if item["code"] == code), None)
        return (code, shown) if shown else None

    return [found for found in await asyncio.gather(*map(ask, codes)) if found]


async def _listed(services: Services, ledger: Ledger, codes: set[str]) -> list[tuple[str, Item]]:
    within = _common_area(codes) if ledger is BY_NAME["areas"] else None
    scope = {"within": within} if within else {}
    return [
        (item["code"], item)
        async for item in services.pages(ledger.service, ledger.collection, **scope)
        if item["code"] in codes
    ]


def _common_area(codes: set[str]) -> str | None:
    shared = set.intersection(*({*lineage(code)} for code in codes))
    return max(shared, key=len, default=None)


def _bound(row: Row) -> bool:
    """All its references lead to something registered, so that it may be recorded itself."""
    return all(row.target(field) is not None for field in row.targets)


def _spans(rows: Sequence[Row]) -> Iterator[tuple[str, date, date]]:
    """Base by base, the days the rows lie between."""
    days: dict[str, list[date]] = {}
    for row in rows:
        day, base = row.values["date"], row.target("base")
        if isinstance(day, date) and base is not None:
            days.setdefault(str(base["base_id"]), []).append(day)
    for base_id, found in days.items():
        yield base_id, min(found), max(found)


# Binding


def bind(rows: Sequence[Row], register: Register) -> list[list[Row]]:
    """Lead every reference to a row or a registered thing and refuse those that lead nowhere.

    Returns the good rows in waves: a row refers only to rows of earlier waves.
    """
    in_file = {(row.ledger.name, str(row.name[-1])): row for row in reversed(rows) if row.name}
    waves: list[list[Row]] = []
    for ledger in LEDGERS:
        waiting = [row for row in rows if row.ledger is ledger]
        while waiting:
            held = set(waiting)
            ready = [row for row in waiting if not _waits_for(row, held, in_file)]
            if not ready:
                for row in waiting:
                    row.refuse("parent", "上级关系成了循环", "逐级核对上级代码，去掉循环")
                break
            for row in ready:
                _bind(row, in_file, register)
            waves.append([row for row in ready if row.good])
            held -= set(ready)
            waiting = [row for row in waiting if row in held]
    return [wave for wave in waves if wave]


def _waits_for(row: Row, waiting: set[Row], in_file: Mapping[tuple[str, str], Row]) -> bool:
    targets = (
        in_file.get((row.ledger.name, str(row.values[column.field])))
        for column in row.ledger.columns
        if column.refers == row.ledger.name and row.values.get(column.field) is not None
    )
    return any(target is not row and target in waiting for target in targets)


def _bind(row: Row, in_file: Mapping[tuple[str, str], Row], register: Register) -> None:
    for column in row.ledger.columns:
        code = row.values.get(column.field)
        if column.refers is None or code is None:
            continue
        line = in_file.get((column.refers, str(code)))
        item = register.get(column.refers, code)
        sheet = BY_NAME[column.refers].sheet
        if line is row:
            continue
        if line is not None and (line.good or item is None):
            row.targets[column.field] = line
            if not line.good:
                where = f"“{line.sheet}”第 {line.number} 行"
                row.refuse(column.field, f"{code} 所在的{where}有误，未能导入", "先改正那一行")
        elif item is not None:
            row.targets[column.field] = item
        elif register.complete:
            row.refuse(
                column.field,
                f"{code} 没有登记，也不在本文件的“{sheet}”中",
                f"改正代码，或先在“{sheet}”中登记 {code}",
            )
    if row.ledger.one and row.name:
        row.existing = register.get(row.ledger.name, row.name[-1])
    if row.ledger.settle is not None:
        row.ledger.settle(row)


def compare(rows: Iterable[Row], *, update: bool) -> None:
    """Note what rows say otherwise than what is registered, and refuse it unless `update`."""
    for row in rows:
        if not row.existing:
            continue
        said, was = body_of(row), row.existing
        row.differs = tuple(m for m, value in said.items() if m in was and was[m] != value)
        for member in row.differs:
            column = row.ledger.column_of_member(member)
            if column is None:
                raise LookupError(f"{row.ledger.name} has no column for {member}")
            if column.fixed:
                right = f"改回 {_label(column, was[member])}；登记后不能变更"
                row.refuse(column.field, "与已登记的不同", right)
            elif not update:
                right = f"{_reads(column, was[member])}；确要变更请加 --update 再导入"
                row.refuse(column.field, "与已登记的不同", right)


def _reads(column: Column, value: object) -> str:
    return "如未变动请改回" if column.gives else f"已登记为“{_label(column, value)}”"


def _label(column: Column, value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return VOCABULARY.get(column.family or "", {}).get(str(value), str(value))
