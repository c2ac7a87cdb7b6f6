"""Bringing rows in: check everything that can be checked, then send what is good, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ops.ledger import books
from ops.ledger.ledgers import LEDGERS, VOCABULARY
from ops.ledger.model import Fault, Ledger, Outcome, Row
from ops.ledger.references import Register, bind, compare
from ops.ledger.sending import Progress, Sending, unheard
from ops.ledger.services import ServiceAwayError, Services
from ops.ledger.sheets import Reading, read_sheets


@dataclass(frozen=True)
class Options:
    ledger: str | None = None
    dry_run: bool = False
    all_or_nothing: bool = False
    update: bool = False


@dataclass(frozen=True)
class Count:
    """What became of the rows of one ledger."""

    ledger: Ledger
    rows: int
    outcomes: dict[Outcome, int]


@dataclass
class Result:
    file: str
    options: Options
    counts: list[Count] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    interrupted: str | None = None
    """Why the import ended before its end; what had been sent is kept."""

    def total(self, outcome: Outcome) -> int:
        return sum(count.outcomes.get(outcome, 0) for count in self.counts)

    @property
    def refused(self) -> bool:
        return bool(self.faults)


async def import_file(
    path: Path,
    services: Services | None,
    options: Options,
    *,
    today: date,
    progress: Progress = unheard,
) -> Result:
    """Import a workbook or CSV. Safe to repeat: what is in already, changes nothing.

    Without services only a dry run is possible, of what the file alone can tell.
    Raises `books.UnreadableFileError` for a file that is none.
    """
    sheets = await asyncio.to_thread(books.read, path)
    result = Result(path.name, options)
    try:
        kinds = await services.kinds() if services else {}
    except ServiceAwayError as error:
        if not options.dry_run:
            result.interrupted = f"{error}。什么也没有导入；恢复后再次运行同一命令即可"
            return result
        services, kinds = None, {}
    vocabulary = {**VOCABULARY, **{f: {**VOCABULARY.get(f, {}), **k} for f, k in kinds.items()}}
    reading = read_sheets(sheets, vocabulary=vocabulary, today=today, only=options.ledger)
    result.notices = reading.notices
    if services is None:
        result.notices.append("服务没有应答：没有核对登记情况，只检查了文件本身")
    try:
        await _bring_in(reading, services, options, progress)
    except ServiceAwayError as error:
        result.interrupted = f"{error}。已导入的保留；恢复后再次运行同一命令即可，不会重复"
    result.faults = reading.faults + [fault for row in reading.rows for fault in row.faults]
    result.counts = [count for ledger in LEDGERS if (count := _count(ledger, reading.rows)).rows]
    return result


async def _bring_in(
    reading: Reading, services: Services | None, options: Options, progress: Progress
) -> None:
    waves = await _checked(reading, services, options, progress)
    faulty = reading.faults or any(not row.good for row in reading.rows)
    if services is None or options.dry_run or (options.all_or_nothing and faulty):
        return
    await Sending(services, progress, stop_at_refusal=options.all_or_nothing).send(waves)


async def _checked(
    reading: Reading, services: Services | None, options: Options, progress: Progress
) -> list[list[Row]]:
    """Refuse what can be refused without writing; the good rows in waves."""
    total = len(reading.rows)
    progress("核对", 0, total)
    register = Register(services)
    await register.look_up(reading.rows)
    waves = bind(reading.rows, register)
    good = [row for wave in waves for row in wave]
    compare(good, update=options.update)
    await register.settle_nameless(good)
    for row in good:
        if row.good and row.existing is not None and not row.differs:
            row.outcome = Outcome.UNCHANGED
    progress("核对", total, total)
    return [[row for row in wave if row.good] for wave in waves]


def _count(ledger: Ledger, rows: Sequence[Row]) -> Count:
    mine = [row.outcome for row in rows if row.ledger is ledger]
    return Count(ledger, len(mine), {o: mine.count(o) for o in Outcome if o in mine})
