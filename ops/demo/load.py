"""Loading the demo: a workbook through `import`, a few bookings, and a look at the figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tenacity import AsyncRetrying, retry_if_result, stop_after_delay, wait_fixed

from ops.demo import data, office
from ops.demo.bookings import place_bookings
from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.sending import Progress, unheard
from ops.ledger.services import ServiceAwayError, Services
from ops.ledger.template import write_template
from services.chassis.clock import business_date

WORKBOOK = "demo/涧西区2019年台账.xlsx"
"""Where the workbook is written in the data folder, for people to look at and to try."""

BATCHES, PERSONS = 29, 856
"""Visits of the demo year (批次, 人次), as the ledger adds up."""

EXPECTED = {
    "bases.visit_batches": BATCHES,
    "bases.visit_persons": PERSONS,
    "membership.members": office.MEMBERS,
    "membership.funds": office.FUNDS_WAN,
}
"""What the last line of each service's sheets leaves behind."""

PATIENCE_S = 60.0
MOST_TOLD = 5

Say = Callable[[str], None]


class DemoNotLoadedError(Exception):
    """The demo year is not in; the message says why."""


@dataclass(frozen=True)
class Demo:
    """What a visitor is shown: the year's numbers, and the sentence that states its visits."""

    workbook: Path
    batches: int
    persons: int
    members: int
    sentence: str
    placed: int


async def load_demo(
    services: Services, folder: Path, say: Say, *, now: datetime, progress: Progress = unheard
) -> Demo:
    """Bring the demo year in and wait until the figures show it. At a later start changes nothing.

    Raises `DemoNotLoadedError` when a service does not answer or the figures do not follow. What a
    user has changed since is left as it is, and said.
    """
    workbook = folder / WORKBOOK
    workbook.parent.mkdir(parents=True, exist_ok=True)
    write_template(workbook, data.lines())
    result = await import_file(
        workbook, services, Options(), today=business_date(now), progress=progress
    )
    _tell(result, say)
    placed = await place_bookings(services, now)
    seen = await _figures(services)
    return Demo(
        workbook=workbook,
        batches=seen["bases.visit_batches"],
        persons=seen["bases.visit_persons"],
        members=seen["membership.members"],
        sentence=await _sentence(services),
        placed=placed,
    )


def _tell(result: Result, say: Say) -> None:
    if result.interrupted:
        raise DemoNotLoadedError(result.interrupted)
    for fault in result.faults[:MOST_TOLD]:
        say(f"“{fault.sheet}”第 {fault.row} 行 {fault.column}：{fault.problem}；{fault.right}")
    created, same = result.total(Outcome.CREATED), result.total(Outcome.UNCHANGED)
    say(f"演示数据：新登记 {created} 行，已有 {same} 行，未导入 {len(result.faults)} 处")


async def _figures(services: Services) -> dict[str, int]:
    """By key, once the projector shows the whole year; a user may have added more."""

    async def look() -> dict[str, int]:
        return {key: await _figure(services, key) for key in EXPECTED}

    def behind(seen: dict[str, int]) -> bool:
        return any(seen[key] < least for key, least in EXPECTED.items())

    patiently = AsyncRetrying(
        retry=retry_if_result(behind),
        wait=wait_fixed(0.2),
        stop=stop_after_delay(PATIENCE_S),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else {},
    )
    seen: dict[str, int] = await patiently(look)
    if behind(seen):
        told = "、".join(f"{key} 为 {seen[key]}，应为 {EXPECTED[key]}" for key in EXPECTED)
        raise DemoNotLoadedError(f"{PATIENCE_S:g} 秒后指标 {told}：请看 projector 的日志")
    return seen


def _asked() -> dict[str, str]:
    return {
        "area": data.DISTRICT,
        "from": data.FIRST.isoformat(),
        "to": data.LAST.isoformat(),
    }


async def _figure(services: Services, key: str) -> int:
    figure = await _projector(services, f"/v1/figures/{key}")
    return int(figure["value"] or 0)


async def _sentence(services: Services) -> str:
    """The one that states the visits."""
    summary = await _projector(services, "/v1/summaries/work")
    for section in summary["sections"]:
        for sentence in section["sentences"]:
            if any(number["figure"] == "bases.visit_batches" for number in sentence["numbers"]):
                return str(sentence["text"])
    raise DemoNotLoadedError("工作总结里没有接待批次的句子")


async def _projector(services: Services, path: str) -> Any:
    document = await services.get("projector", path, **_asked())
    if document is None:
        raise ServiceAwayError(f"projector 没有 {path}")
    return document
