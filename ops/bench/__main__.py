"""`python -m ops.bench [booking|latency|relay|hearing|fold|rebuild|roster|...|all]`.

All of them: `make bench`.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console

from ops.bench.measure import Measured, document_of, table_of
from ops.bench.stage import Stage, staged
from services.chassis.telemetry import configure_logging


class Bench(StrEnum):
    BOOKING = "booking"
    LATENCY = "latency"
    RELAY = "relay"
    HEARING = "hearing"
    FOLD = "fold"
    REBUILD = "rebuild"
    ROSTER = "roster"
    PROVINCE = "province"
    AVAILABILITY = "availability"
    STARTUP = "startup"
    ALL = "all"


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def main(
    which: Annotated[Bench, typer.Argument(help="Which path to measure.")] = Bench.ALL,
    form: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
) -> None:
    """Measure the hot paths beside their bounds; aims are told, never asserted."""
    chosen = [b for b in Bench if b is not Bench.ALL] if which is Bench.ALL else [which]
    configure_logging("error", "console")
    measured = asyncio.run(_all(chosen))
    if form is Format.JSON:
        sys.stdout.write(json.dumps(document_of(measured), indent=2, ensure_ascii=False) + "\n")
    else:
        Console(width=110).print(table_of(measured))


async def _all(chosen: Sequence[Bench]) -> list[Measured]:
    console = Console(stderr=True)
    measured = []
    for bench in chosen:
        with console.status(f"measuring {bench} ..."):
            async with staged() as stage:
                run: Callable[[Stage], Awaitable[Measured | list[Measured]]] = import_module(
                    f"ops.bench.{bench}"
                ).measure
                found = await run(stage)
                measured += found if isinstance(found, list) else [found]
    return measured


if __name__ == "__main__":
    typer.run(main)
