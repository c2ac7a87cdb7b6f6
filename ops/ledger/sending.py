"""Good rows to commands to outcomes: several at once, none before what it refers to."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any
from uuid import uuid4

import httpx
from tenacity import AsyncRetrying, retry_if_result, stop_after_delay, wait_exponential_jitter

from ops.ledger.model import Batch, Command, Outcome, Row, body_of, digest
from ops.ledger.services import (
    AT_ONCE,
    RequestRefusedError,
    ServiceAwayError,
    Services,
    problem_of,
)

HEARSAY_S = 20.0
"""How long a service may take to hear of an area or organisation that was just registered."""

Progress = Callable[[str, int, int], None]
"""Told the step, how many rows are done, and of how many."""

_OK = 200


def unheard(step: str, done: int, total: int) -> None:
    """The progress nobody wants to hear of."""


class StoppedError(Exception):
    """A row was refused, and not one more is to be sent."""


class Sending:
    """One import's commands: a wave at a time, several of its rows at once."""

    def __init__(
        self, services: Services, progress: Progress, *, stop_at_refusal: bool = False
    ) -> None:
        self._services = services
        self._progress = progress
        self._stop_at_refusal = stop_at_refusal
        self._done = 0
        self._total = 0

    async def send(self, waves: Sequence[Sequence[Row]]) -> None:
        """Raises `ServiceAwayError`; rows that were not sent then keep the outcome `UNSENT`."""
        self._total = sum(map(len, waves))
        for wave in waves:
            ended: list[BaseException] = []
            try:
                async with asyncio.TaskGroup() as group:
                    units = _units(wave)
                    for _ in range(min(AT_ONCE, len(wave))):
                        group.create_task(self._work(units))
            except* (ServiceAwayError, RequestRefusedError, StoppedError) as several:
                ended += _leaves(several)
            if ended:
                if isinstance(ended[0], StoppedError):
                    return
                raise ended[0]

    async def _work(self, units: Iterator[list[Row]]) -> None:
        for unit in units:
            rows = [r for r in unit if r.outcome is not Outcome.UNCHANGED and not _orphan(r)]
            if rows and (batch := _together(rows[0])):
                answer = await self._answer(rows[0], _command_of_many(rows, batch))
                _settle_many(rows, answer)
            elif rows:
                _settle(rows[0], await self._answer(rows[0], command_of(rows[0])))
            self._done += len(unit)
            self._progress(unit[0].ledger.sheet, self._done, self._total)
            if self._stop_at_refusal and not all(row.good for row in unit):
                raise StoppedError

    async def _answer(self, row: Row, command: Command) -> httpx.Response:
        def not_heard_yet(answer: httpx.Response) -> bool:
            hears = row.ledger.hears
            return answer.is_error and problem_of(answer).get("code") in hears

        patiently = AsyncRetrying(
            retry=retry_if_result(not_heard_yet),
            wait=wait_exponential_jitter(multiplier=0.1, max=2),
            stop=stop_after_delay(HEARSAY_S),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        answer: httpx.Response = await patiently(self._services.send, row.ledger.service, command)
        return answer


def _together(row: Row) -> Batch | None:
    """How rows like this one go together; none for what is registered already."""
    return None if row.existing else row.ledger.batch


def _units(wave: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows one by one, but for those that go together."""
    for batch, rows in groupby(wave, _together):
        size = batch.size if batch else 1
        while unit := list(islice(rows, size)):
            yield unit


def _command_of_many(rows: Sequence[Row], batch: Batch) -> Command:
    body = {"rows": [batch.row(row) for row in rows]}
    return Command("POST", batch.path, body, f"ledger-{rows[0].ledger.name}-{uuid4()}")


def _settle_many(rows: Sequence[Row], answer: httpx.Response) -> None:
    if answer.is_error:
        for row in rows:
            _refuse(row, problem_of(answer))
        return
    told = answer.json()
    for outcome, key in ((Outcome.CREATED, "registered"), (Outcome.UNCHANGED, "unchanged")):
        for item in told[key]:
            rows[item["row"]].existing, rows[item["row"]].outcome = item, outcome
    for item in told["refused"]:
        _refuse(rows[item["row"]], item)


def command_of(row: Row) -> Command:
    """The command that registers a row, or that changes what is registered under its code.

    The key follows from what the row says, so the same row gives the same key at any time. A row
    with a number of its own gives a key of that number alone: another content under a number that
    was used is refused by the service itself. Without one, rows that differ in personal columns
    alone are told apart by their order.
    """
    ledger, body = row.ledger, body_of(row)
    if row.existing:
        version = int(row.existing["version"])
        replaces = ledger.edit == ledger.path
        return Command(
            method=ledger.method if replaces else "PATCH",
            path=ledger.edit.format_map(row.existing),
            body={member: body[member] for member in row.differs},
            key=_key(row, "change", version, row.differs, row.said),
            version=None if replaces else version,
        )
    ids = {
        member: value
        for field in row.targets
        for member, value in (row.target(field) or {}).items()
        if member.endswith("_id")
    }
    if ledger.one or row.name is None or ledger.personal & {*ledger.named_by}:
        key = _key(row, row.said, row.occurrence)
    else:
        key = _key(row, row.name)
    return Command(ledger.method, ledger.path.format_map(ids | row.values), body, key)


def _key(row: Row, *parts: object) -> str:
    return f"ledger-{row.ledger.name}-{digest(row.ledger.name, *parts)}"


def _orphan(row: Row) -> bool:
    """Refuse a row whose reference leads to a row that the service has refused."""
    for field, target in row.targets.items():
        if isinstance(target, Row) and target.existing is None:
            where = f"“{target.sheet}”第 {target.number} 行"
            row.refuse(field, f"{row.values[field]} 所在的{where}未能导入", "先改正那一行")
    return not row.good


def _settle(row: Row, answer: httpx.Response) -> None:
    if answer.is_error:
        _refuse(row, problem_of(answer))
        return
    row.existing = answer.json()
    if row.differs:
        row.outcome = Outcome.CHANGED
    elif "Idempotent-Replayed" in answer.headers or answer.status_code == _OK:
        row.outcome = Outcome.UNCHANGED
    else:
        row.outcome = Outcome.CREATED


_ADVICE = {
    "forbidden": "换用有此权限的令牌（--token）",
    "area-out-of-scope": "换用授权包含该区划的令牌（--token）",
    "version-changed": "再次运行同一命令",
    "defect": "查看服务日志；可再次运行同一命令",
}


def _refuse(row: Row, problem: Mapping[str, Any]) -> None:
    code, detail = problem.get("code", ""), str(problem.get("detail") or problem.get("title"))
    if code == "idempotency-key-reused" and row.values.get("number"):
        right = "另一批次请用新编号；更正已登记的接待，请在系统中办理"
        row.refuse("number", "该编号已导入过，内容与本行不同", right)
        return
    if code == "idempotency-key-reused" and row.ledger.personal:
        numbered = row.ledger.column("number") is not None
        right = "填台账编号以示区别" if numbered else "另有其人的，请在系统中登记"
        row.refuse("number", "已导入过只有个人信息与本行不同的一行", right)
        return
    for error in problem.get("errors") or ():
        _refuse_member(row, str(error.get("field", "")), str(error.get("reason", detail)))
    if not problem.get("errors"):
        _refuse_member(row, str(problem.get("field", "")), detail, _ADVICE.get(code, ""))


def _refuse_member(row: Row, member: str, reason: str, advice: str = "") -> None:
    named = member.rsplit(".", 1)[-1]
    find = row.ledger.column_of_member
    column = find(named) or find(named.removesuffix("_code"))  # some refer to a thing by its code
    row.refuse(column.field if column else "", reason, advice or ("" if column else "核对本行"))


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        leaf
        for error in group.exceptions
        for leaf in (_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    ]
