"""`parked`: what services could not handle, for an operator to decide."""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ops.cli.output import FAILED, OUTPUT, put_json, say
from ops.cli.reach import Data, settings_at
from ops.services import SERVICES

if TYPE_CHECKING:
    from ops.parked import Waiting

WITH_PARKING = tuple(entry.name for entry in SERVICES if entry.database)

app = typer.Typer(
    no_args_is_help=True,
)

Service = Annotated[str, typer.Argument(help=f"服务名。One of {', '.join(WITH_PARKING)}.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。JSON on stdout.")]


@app.command("list")
def listing(
    service: Annotated[str | None, typer.Argument(help="服务名。Only this service.")] = None,
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """列出搁置的事件及原因。Every parked event with its reason."""
    from ops import parked  # noqa: PLC0415  slow to import

    services = [_known(service)] if service else list(WITH_PARKING)
    found = asyncio.run(parked.listing(settings_at(data), services))
    if as_json:
        put_json([asdict(each) for each in found])
    elif found:
        OUTPUT.print(_table(found))
    else:
        OUTPUT.print("没有搁置的事件 · nothing is parked")


@app.command()
def retry(
    service: Service,
    keys: Annotated[list[str] | None, typer.Argument(help="搁置编号。Keys of the list.")] = None,
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """重试搁置的事件；未指明则全部重试。Handle events again: those named, or all."""
    owner = _known(service)
    from ops import parked  # noqa: PLC0415  slow to import

    outcome = asyncio.run(parked.retry(settings_at(data), owner, keys or []))
    if as_json:
        put_json(asdict(outcome))
    else:
        for each in outcome.left:
            say(f"{each.key} {each.event}: {each.reason}")
        say(f"{outcome.handled} handled, {len(outcome.left)} stay parked")
    if outcome.left:
        raise typer.Exit(FAILED)


@app.command()
def drop(
    service: Service,
    keys: Annotated[list[str], typer.Argument(help="搁置编号。Keys of the list.")],
    *,
    reason: Annotated[str, typer.Option(help="原因。Why; it is kept.")] = "dropped by an operator",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。Do not ask.")] = False,
    data: Data = None,
) -> None:
    """永久放弃搁置的事件。Give events up for good: their effect never happens here."""
    owner = _known(service)
    settings = settings_at(data)
    from ops import parked  # noqa: PLC0415  slow to import

    if not yes:
        typer.confirm(f"give up {len(keys)} events of {owner} for good?", abort=True)
    count = asyncio.run(parked.drop(settings, owner, keys, reason))
    say(f"{count} dropped")


def _known(service: str) -> str:
    if service not in WITH_PARKING:
        there_are = ", ".join(WITH_PARKING)
        raise typer.BadParameter(f"{service!r} parks nothing; there are {there_are}")
    return service


def _table(found: list["Waiting"]) -> Table:
    table = Table()
    for heading in ("service", "key", "event", "aggregate", "version", "reason"):
        table.add_column(heading, overflow="fold")
    for each in found:
        aggregate, version = str(each.aggregate_id or "—"), str(each.version or "—")
        table.add_row(each.service, each.key, each.event, aggregate, version, each.reason)
    return table
